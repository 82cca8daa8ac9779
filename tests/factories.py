"""Small worlds to test in: plain functions that make one valid object each."""

from datetime import date
from typing import Any

from agenda.models import Agenda, Doel, Schaal, Schaalwaarde, Thema
from monitoring.models import Meetmoment, Voortgangsscore
from regio.models import Deelname, Gebruiker, Lidmaatschap, Organisatie, Regio
from regio.permissions import Rol

PASSWORD = "een-lang-wachtwoord"


def make_regio(slug: str = "testregio", **fields: Any) -> Regio:
    return Regio.objects.create(slug=slug, **{"naam": slug.replace("-", " ").title(), **fields})


def make_gemeente(regio: Regio, slug: str = "teststad", code: str = "GM0001", **fields: Any) -> Organisatie:
    """A gemeente that takes part in `regio`."""
    gemeente = Organisatie.objects.create(
        soort=Organisatie.Soort.GEMEENTE, slug=slug, code=code, **{"naam": slug.replace("-", " ").title(), **fields}
    )
    Deelname.objects.create(regio=regio, organisatie=gemeente, van=date(2023, 8, 1))
    return gemeente


def make_gebruiker(
    email: str,
    rol: Rol | None = None,
    regio: Regio | None = None,
    organisatie: Organisatie | None = None,
    **fields: Any,
) -> Gebruiker:
    """A gebruiker, with one membership when `rol` and `regio` are given; a secretaris may open Beheer."""
    fields = {"naam": email.split("@", maxsplit=1)[0].title(), "is_staff": rol == Rol.SECRETARIS, **fields}
    gebruiker = Gebruiker.objects.create_user(email, PASSWORD, **fields)
    if rol and regio:
        Lidmaatschap.objects.create(gebruiker=gebruiker, regio=regio, rol=rol, organisatie=organisatie)
    return gebruiker


def make_beheerder(email: str = "beheer@example.test") -> Gebruiker:
    return Gebruiker.objects.create_superuser(email, PASSWORD, naam="Beheer")


def make_schaal(slug: str = "vijfpuntsschaal") -> Schaal:
    """The five points of Utrecht West."""
    schaal = Schaal.objects.create(slug=slug, naam="Vijfpuntsschaal")
    steps = [
        ("geen vooruitgang maar teruggang en verdient prioriteit", "verdient prioriteit", "prioriteit", True, True),
        ("geen vooruitgang en vraagt aandacht", "vraagt aandacht", "aandacht", True, True),
        ("neutraal, vraagt geen aandacht", "neutraal", "neutraal", False, False),
        ("vooruitgang, vraagt geen aandacht", "vooruitgang", "vooruitgang", False, False),
        ("vooruitgang en zijn we trots op!", "trots", "trots", True, False),
    ]
    for waarde, (omschrijving, kort, toon, verplicht, besluit) in enumerate(steps, start=1):
        Schaalwaarde.objects.create(
            schaal=schaal,
            waarde=waarde,
            omschrijving=omschrijving,
            kort=kort,
            toon=toon,
            toelichting_verplicht=verplicht,
            vraagt_besluit=besluit,
        )
    return schaal


def make_agenda(regio: Regio, slug: str = "2023-2027", schaal: Schaal | None = None, **fields: Any) -> Agenda:
    defaults = {"naam": f"Agenda {slug}", "startdatum": date(2023, 8, 1), "einddatum": date(2027, 7, 31)}
    return Agenda.objects.create(
        regio=regio, slug=slug, schaal=schaal or make_schaal(f"schaal-{regio.slug}-{slug}"), **defaults | fields
    )


def make_thema(agenda: Agenda, code: str = "a", **fields: Any) -> Thema:
    return Thema.objects.create(agenda=agenda, code=code, **{"naam": f"Thema {code}", **fields})


def make_doel(agenda: Agenda, code: str = "A1", thema: Thema | None = None, **fields: Any) -> Doel:
    thema = thema or Thema.objects.filter(agenda=agenda).first() or make_thema(agenda)
    defaults = {"plan": f"Plan {code}", "uitvoering": "Doen", "controle": "Nagaan", "bijsturing": "Bijstellen"}
    return Doel.objects.create(thema=thema, code=code, **defaults | fields)


def make_meetmoment(
    agenda: Agenda, slug: str = "aug-26", peildatum: date = date(2026, 8, 31), **fields: Any
) -> Meetmoment:
    return Meetmoment.objects.create(
        agenda=agenda, slug=slug, peildatum=peildatum, **{"naam": slug.replace("-", " ").capitalize(), **fields}
    )


def make_score(
    doel: Doel, meetmoment: Meetmoment, waarde: int | None, by: Gebruiker, toelichting: str = "", **fields: Any
) -> Voortgangsscore:
    """A stored score; `waarde` is the number on the agenda's scale, None for a draft without a value."""
    step = meetmoment.agenda.schaal.waarden.get(waarde=waarde) if waarde and meetmoment.agenda.schaal else None
    return Voortgangsscore.objects.create(
        doel=doel, meetmoment=meetmoment, waarde=step, toelichting=toelichting, gewijzigd_door=by, **fields
    )
