"""Every component of counts in every state, with invented content, for the gallery page. Nothing of it is stored."""

from datetime import date
from typing import Any

from regio.gallery import GEMEENTEN, LONG, MOMENT, OOGO_LID, REGIO, SECRETARIS
from regio.signals import SignalKind
from thuiszitters.categories import REDEN, VERZUIM, VRIJSTELLING, Category
from thuiszitters.counting import UNKNOWN, Count, Total, given
from thuiszitters.entry import Screen, open_screen
from thuiszitters.figures import absence_trend, long_trend, per_gemeente, reasons, tiles
from thuiszitters.models import Onderwijssector, Opgave, Telling, Telmoment
from thuiszitters.overview import Quarter, Return
from thuiszitters.publication import HIDDEN, NOT_ADOPTED, Shown, publish
from thuiszitters.sheet import SECTORS, Earlier, Sheet
from thuiszitters.signals import check_trend
from thuiszitters.tidy import Gemeente

PEILDATA = [date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]
ABSOLUUT, LANGDURIG, ZONDER_AANBOD, THUIS = "absoluut", "langdurig", "zonder", "thuiszitter"
AANBOD, VRIJ = "reden-aanbod", "vrij-a"


def _category(pk: int, code: str, groep: str, naam: str, **fields: Any) -> Category:
    return Category(pk, code, groep, naam, naam, f"Verzonnen definitie van {naam.lower()}.", **fields)


CATEGORIES = [
    _category(1, ABSOLUUT, VERZUIM, "Absoluut verzuim"),
    _category(2, THUIS, VERZUIM, "Thuiszitters"),
    _category(3, LANGDURIG, VERZUIM, "langer dan drie maanden", onderdeel_van=THUIS, diepte=1, kenmerk="langdurig"),
    _category(
        4, ZONDER_AANBOD, VERZUIM, "zonder passend aanbod", onderdeel_van=LANGDURIG, diepte=2, kenmerk="zonder-aanbod"
    ),
    _category(5, AANBOD, REDEN, "Gebrek aan passend aanbod", kenmerk="aanbodgebrek"),
    _category(6, "reden-lang", REDEN, LONG),
]
EXEMPTION = _category(7, VRIJ, VRIJSTELLING, "Vrijstelling op grond van artikel 5 onder a")


def gallery() -> dict[str, Any]:
    """Return the samples of counts, by the name under which the page asks for them."""
    seen, masked = publish(_quarters(), drempel=None), publish(_quarters(), drempel=REGIO.drempel)
    return {
        "getallen": [
            Shown("0", 0),
            Shown("12", 12),
            Shown("12", 12, "2 van 3 gemeenten"),
            Shown("onbekend"),
            Shown("geen opgave"),
            Shown("<5", is_masked=True),
            Shown(HIDDEN, is_masked=True),
            Shown(NOT_ADOPTED),
        ],
        "sommen": [Total(12, 4, 4), Total(12, 3, 4), Total(None, 0, 4)],
        "tegels": [*tiles(seen[-2], seen[-1])[:2], *tiles(masked[-2], masked[-1])[-2:]],
        "trend": absence_trend(seen),
        "langdurig": long_trend(seen),
        "redenen": reasons(seen[-2], seen[-1]),
        "check_trend": check_trend(SignalKind.AANBODGEBREK, seen),
        "zonder_aantallen": reasons(None, publish([_quarters()[-1].without_counts()], drempel=None)[-1]),
        "gemeenten": per_gemeente(seen),
        "sectoren": Onderwijssector,
        "telblad_open": open_sheet(),
        "telblad_dicht": closed_sheet(),
        "telmoment": Telmoment(regio=REGIO, peildatum=PEILDATA[-1]),
    }


def _quarters() -> list[Quarter]:
    """Four quarters of three gemeenten: small numbers, an unknown one, and one gemeente that returned nothing once."""
    gemeenten = [Gemeente(g.pk, "", g.label, g.slug) for g in GEMEENTEN]
    return [_quarter(place, peildatum, gemeenten) for place, peildatum in enumerate(PEILDATA)]


def _quarter(place: int, peildatum: date, gemeenten: list[Gemeente]) -> Quarter:
    moment = Telmoment(pk=place + 1, regio=REGIO, peildatum=peildatum, afgesloten_op=MOMENT)
    silent = gemeenten[-1].pk if place == 1 else None
    counts = {
        (gemeente.pk, category.code, sector): _count(category, gemeente.pk, place, at)
        for gemeente in gemeenten
        if gemeente.pk != silent
        for category in [*CATEGORIES, EXEMPTION]
        for at, sector in enumerate(SECTORS)
    }
    opgaven = {g.pk: Return(Opgave.Status.INGEDIEND, MOMENT, str(SECRETARIS)) for g in gemeenten if g.pk != silent}
    return Quarter(moment, [*CATEGORIES, EXEMPTION], gemeenten, opgaven, counts)


def _count(category: Category, gemeente: int, place: int, at: int) -> Count:
    if category.pk == EXEMPTION.pk and at == 3:
        return UNKNOWN
    return given(max((6 + gemeente - place - category.pk - at) // (category.diepte + 1), 0))


def open_sheet() -> Screen:
    """A sheet that is being filled in: a question, a number and a reason that were not saved, and one of another."""
    moment = Telmoment(pk=4, regio=REGIO, peildatum=PEILDATA[-1])
    opgave = Opgave(telmoment=moment, gemeente=GEMEENTEN[0])
    counts = {(ABSOLUUT, "PO"): given(0), (ABSOLUUT, "VO"): UNKNOWN, (THUIS, "PO"): given(30), (THUIS, "VO"): given(7)}
    screen = open_screen(_sheet(opgave, CATEGORIES, counts))
    by_slug = {field.slug: field for field in screen.fields}
    by_slug[f"{ABSOLUUT}-vso"].invoer = "3,5"
    by_slug[f"{ABSOLUUT}-vso"].fouten = ["3,5 is geen heel getal. Vul een aantal leerlingen in, zonder punt of komma."]
    by_slug[f"{ABSOLUUT}-vo"].toelichting = "Verzonnen reden: bel 06 00000000"
    by_slug[f"{ABSOLUUT}-vo"].fouten_toelichting = ["Dit lijkt een persoonsgegeven: een telefoonnummer."]
    by_slug[f"{THUIS}-vo"].invoer = "8"
    by_slug[f"{THUIS}-vo"].conflict = _telling(opgave, given(7), OOGO_LID, "Verzonnen toelichting")
    return screen


def closed_sheet() -> Screen:
    """A sheet that was submitted: a number, an unknown one with its reason, and what was left out."""
    moment = Telmoment(pk=4, regio=REGIO, peildatum=PEILDATA[-1])
    opgave = Opgave(telmoment=moment, gemeente=GEMEENTEN[0], status=Opgave.Status.INGEDIEND)
    return open_screen(_sheet(opgave, [EXEMPTION], {(VRIJ, "PO"): given(2), (VRIJ, "VO"): UNKNOWN}))


def _sheet(opgave: Opgave, categories: list[Category], counts: dict[tuple[str, str], Count]) -> Sheet:
    by_code = {category.code: category for category in categories}
    before = Telmoment(pk=3, regio=REGIO, peildatum=PEILDATA[-2])
    earlier = Earlier(before, by_code, {(code, sector): given(3) for code in by_code for sector in SECTORS[:3]})
    longer_ago = Earlier(Telmoment(pk=2, regio=REGIO, peildatum=PEILDATA[-3]), {}, {})
    reason = "Verzonnen reden: de cijfers volgen nog"
    tellingen = {
        cell: _telling(opgave, count, SECRETARIS, reason if count == UNKNOWN else "") for cell, count in counts.items()
    }
    return Sheet(opgave.telmoment, opgave.gemeente, opgave, categories, tellingen, [earlier, longer_ago])


def _telling(opgave: Opgave, count: Count, by: Any, toelichting: str) -> Telling:
    return Telling(
        opgave=opgave,
        status=count.status,
        aantal=count.aantal,
        toelichting=toelichting,
        versie=2,
        gewijzigd_door=by,
        gewijzigd_op=MOMENT,
    )
