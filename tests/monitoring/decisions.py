"""A regio whose meetmoment can be brought to every state on its way to the OOGO, for the tests of those steps."""

from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

from django.db import connection

from agenda.models import Doel
from monitoring.actions import Uitspraak, adopt_rapportage, reopen_rapportage, return_rapportage, submit_rapportage
from monitoring.models import Afdruk, Besluit, Momentopname, OntbrekendeOpgave, Opmerking, Rapportage, Teruggave
from regio.models import Gebruiker, Overleg
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

STATES = ("niets", "concept", "voorgelegd", "teruggegeven", "vastgesteld", "heropend")
REASON = "B1 mist een onderbouwing, en ook verder is er veel te zeggen over de manier waarop dit tot stand kwam." * 2
SUBMITTED = datetime(2025, 9, 2, 12, 0, tzinfo=UTC)


class Besluitvorming:
    """Doelen A1 (also per gemeente) and B1, scored at aug-24 and aug-25; people in each role, some in two."""

    def __init__(self) -> None:
        self.regio = make_regio("west", naam="West")
        self.oogo = Overleg.objects.create(regio=self.regio, naam="Overleg", afkorting="OOGO", niveau="bestuurlijk")
        self.rea = Overleg.objects.create(regio=self.regio, naam="Voorbereiding", afkorting="REA", niveau="ambtelijk")
        self.agenda = make_agenda(self.regio, bron="De agenda zelf")
        thema = make_thema(self.agenda, "een", naam="Thema één")
        self.a1 = make_doel(self.agenda, "A1", thema, volgorde=1, lokaal=True)
        self.b1 = make_doel(self.agenda, "B1", thema, volgorde=2)
        self.vorig = make_meetmoment(self.agenda, "aug-24", date(2024, 8, 31))
        self.moment = make_meetmoment(self.agenda, "aug-25", date(2025, 8, 31))
        self.stad = make_gemeente(self.regio, "stad", "GM0001", naam="Stad")
        self.people = self._people()
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
        people["elders"] = make_gebruiker("elders@oost.example", Rol.OOGO_LID, make_regio("oost"))
        return people

    @property
    def indiener(self) -> Gebruiker:
        return self.people["indiener"]

    @property
    def lid(self) -> Gebruiker:
        return self.people["oogo-lid"]

    def uitspraak(self, **fields: Any) -> Uitspraak:
        defaults = {"overleg": self.oogo, "vergaderdatum": date(2025, 9, 11), "kenmerk": "OOGO 2025-3, punt 4"}
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

    def bring_to(self, state: str) -> None:
        """Take the steps from nothing to `state`."""
        if state == "concept":
            Rapportage.objects.create(meetmoment=self.moment)
        if state not in {"niets", "concept"}:
            self.submit()
        if state == "teruggegeven":
            self.give_back(per_doel={self.b1: "Onderbouw dit."})
        if state in {"vastgesteld", "heropend"}:
            self.adopt()
        if state == "heropend":
            self.reopen()

    def text_of(self, doel: Doel) -> str:
        return doel.voortgangsscore_set.get(meetmoment=self.moment, organisatie=None).toelichting


def sweep_frozen_rows() -> None:
    """Delete what the database refuses to delete, so that Django can empty it after a test with real transactions."""
    freeze: Any = import_module("monitoring.migrations.0004_freeze_what_was_decided")
    later: Any = import_module("monitoring.migrations.0006_report_on_a_quarter")
    vendor, tables = connection.vendor, {**freeze.TABLES, **later.TABLES}
    with connection.cursor() as cursor:
        for sql in freeze.undo_triggers(vendor, tables):
            cursor.execute(sql)
        for model in (Opmerking, OntbrekendeOpgave, Afdruk, Momentopname, Besluit, Teruggave):
            model.objects.all().delete()
        for sql in later.make_triggers(vendor, tables):
            cursor.execute(sql)
