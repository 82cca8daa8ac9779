"""A regio that makes its reports public, for the tests of who reads what."""

from datetime import UTC, datetime
from typing import Any

from monitoring.models import Momentopname, Publicatie
from monitoring.publishing import choose_publishing, publish_version, withdraw_version
from regio.models import Gebruiker
from tests.monitoring.decisions import Besluitvorming

PUBLIC = "/openbaar/west/"
REPORT = PUBLIC + "2023-2027/aug-25/"
FILES = ("rapport.pdf", "rapport.csv", "rapport.csv-metadata.json", "rapport.json")
WHY = "In een toelichting stond een cijfer van een andere regio."
SINCE, UNTIL = datetime(2025, 9, 18, 12, tzinfo=UTC), datetime(2025, 9, 25, 12, tzinfo=UTC)


class Openbaarheid(Besluitvorming):
    """The same regio; each account has a name that no other text holds. `versies` are those that were adopted."""

    def __init__(self) -> None:
        super().__init__()
        for person in Gebruiker.objects.all():
            person.naam = f"Voornaam{person.pk} Achternaam{person.pk}"
            person.save()
        for name, person in self.people.items():
            self.people[name] = Gebruiker.objects.get(pk=person.pk)
        self.versies: list[Momentopname] = []

    def adopt_next(self, **options: Any) -> Momentopname:
        if self.versies:
            self.reopen()
        self.submit(op=None)
        self.versies.append(self.adopt(**options))
        return self.versies[-1]

    def choose(self, *, publiceert: bool = True, **options: Any) -> list[Publicatie]:
        self.regio.refresh_from_db()
        return choose_publishing(**{"regio": self.regio, "publiceert": publiceert, "by": self.indiener, **options})

    def publish(self, **options: Any) -> Publicatie:
        return publish_version(**{"momentopname": self.versies[-1], "by": self.indiener, "op": SINCE, **options})

    def withdraw(self, publicatie: Publicatie, **options: Any) -> list[Publicatie]:
        given = {"publicatie": publicatie, "reden": WHY, "by": self.indiener, "op": UNTIL}
        return withdraw_version(**{**given, **options})

    def make_public(self) -> Publicatie:
        """Adopt a version and make it public."""
        self.adopt_next()
        self.choose()
        return self.publish()
