"""Who and where the invented content of the gallery page is about. Nothing of it is stored."""

from datetime import UTC, datetime

from regio.models import Gebruiker, Organisatie, Regio

LONG = "Meervoudigepersoonlijkheidsstoornissenbehandelcentrum"
MOMENT = datetime(2026, 8, 31, 14, 2, tzinfo=UTC)
REGIO = Regio(pk=1, naam="Testregio", slug="testregio", drempel=5)
SECRETARIS = Gebruiker(pk=1, naam="Secretaris Testregio")
OOGO_LID = Gebruiker(pk=2, naam="OOGO-lid Testregio")
GEMEENTEN = [
    Organisatie(pk=place, soort=Organisatie.Soort.GEMEENTE, naam=f"Gemeente {naam}", korte_naam=naam, slug=naam.lower())
    for place, naam in enumerate(["Testdam", "Voorbeeldrecht", "Verzonnenburgh-Noorderkwartier"], start=1)
]
