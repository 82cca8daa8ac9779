"""Every component in every state, with invented content, for the gallery page. Nothing of it is stored.

Samples are made of the classes that pages get from the database, so that a component which asks more of them fails here
too. Counts have their own samples (thuiszitters/gallery.py).
"""

from datetime import date, time
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import QueryDict

from agenda.models import Actie, Agenda, Doel, Schaalwaarde, Thema, Trekker
from monitoring.changelog import Change, Wijziging
from monitoring.differences import Verschil
from monitoring.entry import Card
from monitoring.figures import changes_finding, doel_figure, spread_figure
from monitoring.forms import TeruggaveForm, per_doel
from monitoring.grid import Grid, build_grid
from monitoring.indicators import Oordeel
from monitoring.kalender import Punt as Kalenderpunt
from monitoring.kalender import Soort as Kalendersoort
from monitoring.models import Meetmoment, Rapportage, Voortgangsscore, Vraag
from monitoring.overview import Entry, stages_of
from monitoring.signals import Gevraagd
from monitoring.taken.items import Knop, Punt, Soort, Taak, Voortgang
from monitoring.voortgang import Kolom, Matrix, Rij, Toestand, Vak
from regio.gallery import GEMEENTEN, LONG, MOMENT, OOGO_LID, REGIO, SECRETARIS
from regio.history import Difference
from regio.signals import Signal, SignalKind
from thuiszitters.gallery import gallery as counts

# The pages of the gallery, by their name in addresses.
DELEN = {
    "basis": "basis",
    "agenda": "agenda en dashboard",
    "scores": "scores invoeren",
    "aantallen": "aantallen",
    "werk": "werk en voortgang",
}
MELDINGEN = {
    constants.SUCCESS: "succes",
    constants.INFO: "informatie",
    constants.WARNING: "waarschuwing",
    constants.ERROR: "fout",
}
TODAY = date(2026, 9, 1)
URL = "#verzonnen"
PEILDATA = ("Aug 25", date(2025, 8, 31)), ("Aug 26", date(2026, 8, 31)), ("Aug 27", date(2027, 8, 31))
PLANNEN = "Lager", "Hoger", "Gelijk", "Voor het eerst", f"Zonder score, {LONG}", "Ook zonder score"
AGENDA = Agenda(pk=1, regio=REGIO, slug="agenda", naam="Agenda", startdatum=PEILDATA[0][1], einddatum=PEILDATA[-1][1])
THEMA = Thema(pk=1, agenda=AGENDA, code="1", naam="Een thema met verzonnen doelen")
DOELEN = [
    Doel(
        pk=place,
        thema=THEMA,
        code=f"Z{place}",
        plan=plan,
        uitvoering="Wat wij doen",
        controle="Hoe wij het nagaan",
        bijsturing="Wat wij afspreken als het niet lukt",
    )
    for place, plan in enumerate(PLANNEN, start=1)
]
MOMENTEN = [
    Meetmoment(pk=place, agenda=AGENDA, slug=naam.lower().replace(" ", "-"), naam=naam, peildatum=peildatum)
    for place, (naam, peildatum) in enumerate(PEILDATA, start=1)
]
# As overview.py reads them: each with where its report stands.
RAPPORTAGES = [
    Rapportage(meetmoment=moment, status=status, voorgelegd_op=MOMENT)
    for moment, status in zip(MOMENTEN, ["vastgesteld", "concept", "concept"], strict=True)
]
WAARDEN = [
    Schaalwaarde(pk=1, waarde=1, omschrijving="dit verdient prioriteit", kort="verdient prioriteit", toon="prioriteit"),
    Schaalwaarde(pk=2, waarde=2, omschrijving="dit vraagt aandacht", kort="vraagt aandacht", toon="aandacht"),
    Schaalwaarde(pk=3, waarde=3, omschrijving="neutraal", kort="neutraal", toon="neutraal"),
    Schaalwaarde(pk=4, waarde=4, omschrijving="vooruitgang", kort="vooruitgang", toon="vooruitgang"),
    Schaalwaarde(pk=5, waarde=5, omschrijving="hier zijn we trots op", kort="trots", toon="trots"),
]
for _waarde in WAARDEN[:2]:
    _waarde.toelichting_verplicht = _waarde.vraagt_besluit = True
LONGEST = Schaalwaarde(pk=6, waarde=2, kort="gaat langzamer dan gehoopt maar", toon="aandacht")


class Formulier(forms.Form):
    """One field of each kind."""

    tekst = forms.CharField(label="Tekst", help_text="Hulp bij het veld.", required=False)
    datum = forms.DateField(
        label="Veld met een fout",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Vul een datum in, bijvoorbeeld 31 augustus 2026."},
    )
    keuze = forms.ChoiceField(label="Keuze", choices=[(1, "Eerste"), (2, LONG)])
    vink = forms.BooleanField(label="Vinkje", required=False)
    bestand = forms.FileField(label="Bestand", required=False)
    lang = forms.CharField(label="Lange tekst", required=False, widget=forms.Textarea(attrs={"rows": 2}))


def gallery() -> dict[str, Any]:
    """Return all samples, by the name under which the page asks for them."""
    return {
        # Not "regio": the head of the page would lead somebody who is signed in to pages that are not there.
        "test_regio": REGIO,
        "voorbeelddata": True,
        "vandaag": TODAY,
        "lang_woord": LONG,
        "meldingen": [Message(level, f"Een melding van de soort {soort}.") for level, soort in MELDINGEN.items()],
        "knoppen": ["primary", "outline-primary", "danger", "link"],
        **_scores(),
        **_forms(),
        **_work(),
        **counts(),
    }


def _score(doel: Doel, moment: Meetmoment, waarde: Schaalwaarde | None, toelichting: str = "") -> Voortgangsscore:
    return Voortgangsscore(
        doel=doel,
        meetmoment=moment,
        waarde=waarde,
        toelichting=toelichting,
        versie=2,
        gewijzigd_door=SECRETARIS,
        gewijzigd_op=MOMENT,
    )


def _grid() -> Grid:
    """Doelen that went down, up and nowhere, one that is new, and one that nobody scored."""
    given = [(4, 2), (2, 5), (3, 3), (None, 1)]
    scores = [
        _score(doel, moment, WAARDEN[waarde - 1], "Verzonnen toelichting")
        for doel, line in zip(DOELEN, given, strict=False)
        for moment, waarde in zip(MOMENTEN, line, strict=False)
        if waarde
    ]
    return build_grid(doelen=DOELEN, meetmomenten=MOMENTEN, scores=scores, schaalwaarden=WAARDEN)


def _scores() -> dict[str, Any]:
    grid, now = _grid(), MOMENTEN[1]
    changes = grid.changes(now)
    statussen = Rapportage.Status.values
    return {
        "agenda": AGENDA,
        "meetmoment": now,
        "vorig": MOMENTEN[0],
        "grid": grid,
        "getoond": grid,
        "waarden": WAARDEN,
        "lang": LONGEST,
        "stappen": list(zip([None, *WAARDEN], [*WAARDEN, None], strict=True)),
        "rapportages": [Rapportage(status=status, voorgelegd_op=MOMENT) for status in statussen],
        "rapportage": RAPPORTAGES[1],
        "score": grid.rows[0].at(now).score,
        "toelichtingen": [
            _score(DOELEN[0], now, WAARDEN[0], "Verzonnen toelichting"),
            _score(DOELEN[0], now, WAARDEN[3]),
        ],
        "spreiding": grid.spread(now),
        "verdeling": spread_figure(grid, now, MOMENTEN[0]),
        "verdeeld": grid.spread_table(grid.until(now)),
        "momenten": stages_of(grid),
        "figuur": doel_figure(grid.rows[0], top=len(WAARDEN), today=TODAY),
        "row": grid.rows[0],
        "doel": DOELEN[0],
        "trekkers": [Trekker(doel=DOELEN[0], organisatie=gemeente, kant="gemeente") for gemeente in GEMEENTEN],
        "veranderd": changes,
        "verandering": changes_finding(changes, MOMENTEN[0]),
        "gevraagd": grid.asking_decision(now),
        "signalen": _signals(),
        "te_laat": [Actie(doel=DOELEN[1], omschrijving="Verzonnen actie", gereed_voor=date(2026, 6, 1))],
        "cards": _cards(),
        "dichte_kaart": Card(Entry(DOELEN[5], _score(DOELEN[5], now, WAARDEN[2]), None), WAARDEN),
        "dicht": RAPPORTAGES[0],
    }


def _signals() -> list[Gevraagd]:
    signal = Signal(SignalKind.AANBODGEBREK, "Verzonnen signaal", "3 van 8 leerlingen zitten thuis (1 juli 2026).", URL)
    return [Gevraagd(signal, DOELEN[0]), Gevraagd(signal, None)]


def _cards() -> list[Card]:
    """Cards to enter a score: empty, saved, an explanation missing, refused, given back, and of two people at once."""
    now = MOMENTEN[1]
    before = _score(DOELEN[1], MOMENTEN[0], WAARDEN[3], "Verzonnen toelichting van een jaar eerder")
    typed = QueryDict(mutable=True)
    typed.update({f"{DOELEN[3].slug}-toelichting": f"{LONG} " * 95, f"{DOELEN[3].slug}-versie": "1"})
    theirs = _score(DOELEN[4], now, WAARDEN[0], "Verzonnen tekst van een ander")
    theirs.gewijzigd_door = OOGO_LID
    return [
        Card(Entry(DOELEN[0], None, None), WAARDEN),
        Card(Entry(DOELEN[1], _score(DOELEN[1], now, WAARDEN[3], "Verzonnen toelichting"), before), WAARDEN),
        Card(
            Entry(DOELEN[2], _score(DOELEN[2], now, WAARDEN[0]), before),
            WAARDEN,
            teruggave="Verzonnen reden van het OOGO",
            cijfers=[
                Oordeel(vuurt=True, tekst="3 van 8 leerlingen zitten thuis (1 juli 2026)."),
                Oordeel(vuurt=False, tekst="Er is nog niets gemeten."),
            ],
        ),
        Card(Entry(DOELEN[3], None, None), WAARDEN, data=typed),
        Card(Entry(DOELEN[4], theirs, None), WAARDEN, conflict=theirs),
    ]


def _forms() -> dict[str, Any]:
    typed = QueryDict("getypt-tekst=Verzonnen tekst&getypt-lang=Nog een verzonnen tekst")
    return {
        "formulier": Formulier(prefix="leeg"),
        "formulier_met_fout": Formulier(QueryDict(), prefix="fout"),
        "getypt_formulier": Formulier(typed, prefix="getypt"),
        "teruggave": TeruggaveForm(QueryDict(), delen=per_doel(DOELEN[:2])),
    }


def _work() -> dict[str, Any]:
    return {
        "taken": _taken(),
        "vragen": _vragen(),
        "open_vragen": {
            "vragen_open": 3,
            "oudste_vraag": 1,
            "oudste_vraag_op": MOMENT,
            "oudste_vraag_tekst": "Een verzonnen vraag?",
        },
        "matrix": _matrix(),
        "schooljaar": "2026-2027",
        "vorig_schooljaar": "2025-2026",
        "volgend_schooljaar": "2027-2028",
        "eerstvolgend": [
            Kalenderpunt("sleutel", Kalendersoort.METEN, date(2026, 10, 1), REGIO, "Verzonnen punt", URL),
            Kalenderpunt(
                "tweede", Kalendersoort.VERGADERING, date(2026, 11, 5), REGIO, "OOGO", URL, time(14), onderwerp=LONG
            ),
        ],
        "wijzigingen": _wijzigingen(),
        "gewijzigde_scores": _changes(),
        "verschillen": [Verschil("doelen · Z1 · score", Difference("4", "2"))],
    }


def _taken() -> list[Taak]:
    punten = (
        Punt("Lager", URL, "nog niet gescoord", "Z1"),
        Punt(LONG, URL, "een score van 1 vraagt een toelichting waarin staat wat er nodig is", "Z2"),
    )
    knoppen = (Knop("Eerste knop", URL, "van deze taak"), Knop("Tweede knop", URL))
    return [
        Taak(Soort.SCORES, "Te laat", punten, knoppen, TODAY, voortgang=Voortgang(3, 5, "3 van 5 ingevuld")),
        Taak(Soort.VOORLEGGEN, "Op tijd", punten[:1], deadline=MOMENTEN[2].peildatum, uitleg="Verzonnen uitleg."),
        Taak(
            Soort.OPGAVEN,
            "Teruggegeven",
            punten[:1],
            sinds="Sinds 31 augustus 2026",
            teruggegeven="Teruggegeven door de secretaris",
            reden="Verzonnen reden",
        ),
    ]


def _vragen() -> list[Vraag]:
    asked: dict[str, Any] = {
        "regio": REGIO,
        "doel": DOELEN[0],
        "tekst": "Een verzonnen vraag?",
        "gesteld_door": OOGO_LID,
        "gesteld_op": MOMENT,
    }
    answer = {"antwoord": "Een verzonnen antwoord.", "beantwoord_door": SECRETARIS, "beantwoord_op": MOMENT}
    return [
        Vraag(pk=1, **asked),
        Vraag(pk=2, meetmoment=MOMENTEN[1], **asked),
        Vraag(pk=3, in_rapport_van=MOMENTEN[1], **asked, **answer),
    ]


def _matrix() -> Matrix:
    """Every state of a cell, one that asks nothing, and a row that cannot be judged yet."""
    vakken: list[Vak | None] = [
        Vak(toestand, "onder" if toestand is Toestand.TE_LAAT else "", URL, op_tijd=toestand is Toestand.BINNEN)
        for toestand in Toestand
    ]
    kolommen = [Kolom(f"{day} okt", "aantallen", None if day > 1 else TODAY) for day in range(1, len(vakken) + 2)]
    return Matrix(
        kolommen,
        [
            Rij(GEMEENTEN[0].label, "een", [*vakken, None], laatst=MOMENT),
            Rij(GEMEENTEN[2].label, "twee", [Vak(Toestand.LATER)] * len(kolommen), URL),
        ],
    )


def _wijzigingen() -> list[Wijziging]:
    texts = (("plan", Difference("Wat er stond", "Wat er nu staat")),)
    return [
        Wijziging(MOMENT, SECRETARIS, "doel gewijzigd", velden=texts),
        Wijziging(MOMENT, None, "teruggegeven", waarom="Verzonnen reden"),
    ]


def _changes() -> list[Change]:
    def change(**fields: Any) -> Change:
        given = {"organisatie": None, "van": None, "naar": WAARDEN[3], "tekst_van": "", "tekst_naar": "", **fields}
        return Change(MOMENT, SECRETARIS, DOELEN[0], MOMENTEN[1], is_nieuw=False, **given)

    return [
        change(tekst_naar="Verzonnen toelichting"),
        change(van=WAARDEN[1], organisatie=GEMEENTEN[0], tekst_van="Wat er stond", tekst_naar="Wat er nu staat"),
        change(van=WAARDEN[3], tekst_van="Wat er stond"),
        change(van=WAARDEN[3], naar=None, is_verwijderd=True),
    ]
