"""The quarters that are not adopted yet, with the opgave of each gemeente: read once for all kinds of taken."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from monitoring.quarter import rapportage_of_telmoment
from regio.models import Organisatie, Regio
from thuiszitters.models import Opgave, Telmoment


@dataclass(frozen=True)
class Verwacht:
    """The opgave of one gemeente for one quarter that has come: what is stored of it, "" where nothing is."""

    telmoment: Telmoment
    gemeente: int
    naam: str
    slug: str
    status: str
    reden: str

    @property
    def is_ingediend(self) -> bool:
        return self.status == Opgave.Status.INGEDIEND

    @property
    def is_terug(self) -> bool:
        return self.status == Opgave.Status.TERUGGEGEVEN

    @property
    def url(self) -> str:
        regio = self.telmoment.regio
        return reverse("thuiszitters:opgave-invoer", args=[regio.slug, self.telmoment.peildatum, self.slug])

    @property
    def stand(self) -> str:
        """How far it is, while it is not submitted."""
        if self.is_terug:
            return f"teruggegeven: {self.reden}"
        return "begonnen, nog niet ingediend" if self.status else "nog niet begonnen"


@dataclass(frozen=True)
class Kwartaal:
    """One quarter that has come and is not adopted, with what each gemeente that takes part on its day returns."""

    telmoment: Telmoment
    verwacht: list[Verwacht]

    @property
    def is_compleet(self) -> bool:
        return all(expected.is_ingediend for expected in self.verwacht)

    @property
    def weer_open(self) -> tuple[str, str]:
        """What happened to it and why, where it was given back or reopened; else two empty texts."""
        rapportage = rapportage_of_telmoment(self.telmoment)
        if rapportage.is_teruggegeven:
            return "Teruggegeven", rapportage.reden_teruggave
        return ("Heropend", rapportage.reden_heropening) if rapportage.versie > 1 else ("", "")


def load_unsettled(regios: Iterable[Regio], today: date) -> list[Kwartaal]:
    """Return those of these regio's, the earliest first, in one query; none in which no gemeente takes part."""
    expected = groupby(_load_expected({regio.pk: regio for regio in regios}, today), key=lambda e: e.telmoment)
    return [Kwartaal(telmoment, list(of_telmoment)) for telmoment, of_telmoment in expected]


def _load_expected(regios: Mapping[int, Regio], today: date) -> Iterator[Verwacht]:
    stored = Opgave.objects.filter(telmoment=OuterRef("pk"), gemeente=OuterRef("gemeente")).order_by()
    takes_part = Q(regio__deelname__van__lte=F("peildatum")) & (
        Q(regio__deelname__tot=None) | Q(regio__deelname__tot__gt=F("peildatum"))
    )
    rows: Any = Telmoment.objects.filter(
        takes_part,
        regio__in=regios,
        peildatum__lte=today,
        afgesloten_op=None,
        regio__deelname__organisatie__soort=Organisatie.Soort.GEMEENTE,
    ).select_related("rapportage")
    rows = rows.annotate(
        gemeente=F("regio__deelname__organisatie"),
        korte_naam=F("regio__deelname__organisatie__korte_naam"),
        naam=F("regio__deelname__organisatie__naam"),
        slug=F("regio__deelname__organisatie__slug"),
        status=Subquery(stored.values("status")),
        reden=Subquery(stored.values("reden_teruggave")),
    )
    for row in rows.order_by("peildatum", "pk", "naam"):
        row.regio = regios[row.regio_id]
        name = row.korte_naam or row.naam
        yield Verwacht(row, row.gemeente, name, row.slug, row.status or "", row.reden or "")
