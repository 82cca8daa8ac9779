"""Worlds whose report can be brought to every state on its way to who adopts it, for the tests of those steps.

One of scores, for the OOGO; one of counts, for the REA. Both are taken through the same steps by the same names.
"""

from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

from django.db import connection

from agenda.models import Doel
from monitoring.actions import Uitspraak, adopt_rapportage, reopen_rapportage, return_rapportage, submit_rapportage
from monitoring.models import (
    Afdruk,
    Besluit,
    Momentopname,
    OntbrekendeOpgave,
    Opmerking,
    Rapportage,
    RapportageQuerySet,
    Teruggave,
)
from monitoring.quarter_actions import adopt_kwartaal, reopen_kwartaal, return_kwartaal, submit_kwartaal
from regio.models import Gebruiker, Organisatie, Overleg
from regio.permissions import Rol
from tests.factories import (
    make_agenda,
    make_beheerder,
    make_doel,
    make_gebruiker,
    make_gemeente,
    make_meetmoment,
    make_regio,
    make_score,
    make_thema,
)
from tests.thuiszitters.factories import fill
from thuiszitters.actions import Entry, return_opgave, save_tellingen, submit_opgave
from thuiszitters.counting import Count, given
from thuiszitters.models import Categorie, Telling, Telmoment

STATES = ("niets", "concept", "voorgelegd", "teruggegeven", "vastgesteld", "heropend")
REASON = "B1 mist een onderbouwing, en ook verder is er veel te zeggen over de manier waarop dit tot stand kwam." * 2
SUBMITTED = datetime(2025, 9, 2, 12, 0, tzinfo=UTC)


class Besluitvorming:
    """Doelen A1 (also per gemeente) and B1, scored at aug-24 and aug-25; people in each role, some in two."""

    # Who judges what this world submits, by the name of their role.
    judge, judging = "oogo-lid", Rol.OOGO_LID

    def __init__(self) -> None:
        self.regio = make_regio("west", naam="West")
        self.oogo = Overleg.objects.create(regio=self.regio, naam="Overleg", afkorting="OOGO", niveau="bestuurlijk")
        self.rea = Overleg.objects.create(regio=self.regio, naam="Voorbereiding", afkorting="REA", niveau="ambtelijk")
        self.stad = make_gemeente(self.regio, "stad", "GM0001", naam="Stad")
        self.people = self._people()
        self._fill()

    def _fill(self) -> None:
        self.agenda = make_agenda(self.regio, bron="De agenda zelf")
        thema = make_thema(self.agenda, "een", naam="Thema één")
        self.a1 = make_doel(self.agenda, "A1", thema, volgorde=1, lokaal=True)
        self.b1 = make_doel(self.agenda, "B1", thema, volgorde=2)
        self.vorig = make_meetmoment(self.agenda, "aug-24", date(2024, 8, 31))
        self.moment = make_meetmoment(self.agenda, "aug-25", date(2025, 8, 31))
        for doel in (self.a1, self.b1):
            make_score(doel, self.vorig, 3, self.indiener, "Vorig jaar")
            make_score(doel, self.moment, 4, self.indiener, f"Beter bij {doel.code}")
        make_score(self.a1, self.moment, 2, self.people["invoerder"], "In Stad stroef", organisatie=self.stad)

    def _people(self) -> dict[str, Gebruiker]:
        roles = {
            "indiener": Rol.SECRETARIS,
            "secretaris": Rol.SECRETARIS,
            "oogo-lid": Rol.OOGO_LID,
            "coordinator": Rol.COORDINATOR,
        }
        people = {name: make_gebruiker(f"{name}@west.example", rol, self.regio) for name, rol in roles.items()}
        people["invoerder"] = make_gebruiker("invoerder@west.example", Rol.INVOERDER, self.regio, self.stad)
        people["beheerder"] = make_beheerder("beheerder@west.example")
        people["elders"] = make_gebruiker("elders@oost.example", self.judging, make_regio("oost"))
        return people

    @property
    def indiener(self) -> Gebruiker:
        return self.people["indiener"]

    @property
    def lid(self) -> Gebruiker:
        """Who judges."""
        return self.people[self.judge]

    @property
    def overleg(self) -> Overleg:
        """Which overleg adopts."""
        return self.oogo

    @property
    def rapportages(self) -> RapportageQuerySet:
        """The one report of this world, once it is there."""
        return Rapportage.objects.filter(meetmoment=self.moment)

    def uitspraak(self, **fields: Any) -> Uitspraak:
        defaults = {"overleg": self.overleg, "vergaderdatum": date(2025, 9, 11), "kenmerk": "OOGO 2025-3, punt 4"}
        return Uitspraak(**{**defaults, **fields})

    def submit(self, **options: Any) -> None:
        submit_rapportage(**{"meetmoment": self.moment, "by": self.indiener, "op": SUBMITTED, **options})

    def give_back(self, **options: Any) -> None:
        return_rapportage(**{"meetmoment": self.moment, "reden": REASON, "by": self.lid, **options})

    def adopt(self, **options: Any) -> Momentopname:
        fields = {"meetmoment": self.moment, "uitspraak": self.uitspraak(), "als_registratie": False, "by": self.lid}
        return adopt_rapportage(**{**fields, **options})

    def reopen(self, **options: Any) -> None:
        reopen_rapportage(**{"meetmoment": self.moment, "reden": "Een cijfer klopte niet.", "by": self.lid, **options})

    def remarks(self) -> dict[str, Any]:
        """What to say of one part when this world is given back."""
        return {"per_doel": {self.b1: "Onderbouw dit."}}

    def begin(self) -> None:
        Rapportage.objects.create(meetmoment=self.moment)

    def bring_to(self, state: str) -> None:
        """Take the steps from nothing to `state`."""
        if state == "concept":
            self.begin()
        if state not in {"niets", "concept"}:
            self.submit()
        if state == "teruggegeven":
            self.give_back(**self.remarks())
        if state in {"vastgesteld", "heropend"}:
            self.adopt()
        if state == "heropend":
            self.reopen()

    def text_of(self, doel: Doel) -> str:
        return doel.voortgangsscore_set.get(meetmoment=self.moment, organisatie=None).toelichting


class Kwartaalbesluitvorming(Besluitvorming):
    """Stad and Dorp submitted their counts of 1 July 2025, with small numbers; the same people, judged by the REA."""

    judge, judging = "coordinator", Rol.COORDINATOR
    peildatum = date(2025, 7, 1)

    def _fill(self) -> None:
        self.dorp = make_gemeente(self.regio, "dorp", "GM0002", naam="Dorp")
        self.categorie = self._categorie("thuiszitters", "verzuim")
        self.reden = self._categorie("aanbod", "reden", kenmerk="aanbodgebrek")
        self.telmoment = Telmoment.objects.create(
            regio=self.regio, peildatum=self.peildatum, deadline=date(2025, 7, 31)
        )
        for gemeente, aantal in ((self.stad, 31), (self.dorp, 3)):
            self.count(gemeente, aantal)

    def _categorie(self, code: str, groep: str, **fields: Any) -> Categorie:
        named = {"naam": code.title(), "kort": code, "definitie": f"Wat {code} is.", "geldig_van": date(2023, 8, 1)}
        return Categorie.objects.create(code=code, groep=groep, **named, **fields)

    def count(self, gemeente: Organisatie, aantal: int) -> None:
        """Enter `aantal` children at home in PO, all for want of an offer, and submit the opgave."""
        fill(self.telmoment, gemeente, self.indiener, thuiszitters_po=aantal, aanbod_po=aantal)
        submit_opgave(telmoment=self.telmoment, gemeente=gemeente, by=self.people["invoerder"])

    def recount(self, gemeente: Organisatie, aantal: int) -> None:
        """Give an opgave back and submit it again with another number."""
        self.recount_as(gemeente, given(aantal))

    def recount_as(
        self, gemeente: Organisatie, count: Count, sector: str = "PO", toelichting: str = "Nagekeken."
    ) -> None:
        return_opgave(telmoment=self.telmoment, gemeente=gemeente, reden="Kijk dit na.", by=self.indiener)
        self._recount(gemeente, count, sector, toelichting)

    def recount_after_return(self, gemeente: Organisatie, aantal: int) -> None:
        self._recount(gemeente, given(aantal), "PO", "Nagekeken.")

    def _recount(self, gemeente: Organisatie, count: Count, sector: str, toelichting: str) -> None:
        found = Telling.objects.filter(opgave__gemeente=gemeente, sector=sector).select_related("categorie")
        entries = [Entry((t.categorie.code, sector), count, toelichting, t.versie) for t in found]
        save_tellingen(telmoment=self.telmoment, gemeente=gemeente, entries=entries, by=self.indiener)
        submit_opgave(telmoment=self.telmoment, gemeente=gemeente, by=self.people["invoerder"])

    @property
    def overleg(self) -> Overleg:
        return self.rea

    @property
    def rapportages(self) -> RapportageQuerySet:
        return Rapportage.objects.filter(telmoment=self.telmoment)

    def submit(self, **options: Any) -> None:
        submit_kwartaal(**{"telmoment": self.telmoment, "by": self.indiener, "op": SUBMITTED, **options})

    def give_back(self, **options: Any) -> None:
        return_kwartaal(**{"telmoment": self.telmoment, "reden": REASON, "by": self.lid, **options})

    def adopt(self, **options: Any) -> Momentopname:
        fields = {"telmoment": self.telmoment, "uitspraak": self.uitspraak(), "als_registratie": False, "by": self.lid}
        return adopt_kwartaal(**{**fields, **options})

    def reopen(self, **options: Any) -> None:
        reopen_kwartaal(**{"telmoment": self.telmoment, "reden": "Een aantal klopte niet.", "by": self.lid, **options})

    def remarks(self) -> dict[str, Any]:
        return {"per_gemeente": {self.dorp: "Kijk het PO na."}}

    def begin(self) -> None:
        Rapportage.objects.create(telmoment=self.telmoment)

    def bring_to(self, state: str) -> None:
        super().bring_to(state)
        if state == "teruggegeven":
            # Its opgave came back too, and has been mended.
            submit_opgave(telmoment=self.telmoment, gemeente=self.dorp, by=self.people["invoerder"])


def sweep_frozen_rows() -> None:
    """Delete what the database refuses to delete, so that Django can empty it after a test with real transactions."""
    freeze: Any = import_module("monitoring.migrations.0002_freeze_what_was_decided")
    with connection.cursor() as cursor:
        for sql in freeze.undo_triggers(connection.vendor):
            cursor.execute(sql)
        for model in (Opmerking, OntbrekendeOpgave, Afdruk, Momentopname, Besluit, Teruggave):
            model.objects.all().delete()
        for sql in freeze.make_triggers(connection.vendor):
            cursor.execute(sql)
