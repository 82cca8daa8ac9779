"""Quarters of which a gemeente did not return its counts yet, or got them back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.formats import date_format

from monitoring.taken.basis import Basis
from monitoring.taken.items import Knop, Punt, Soort, Taak, Voortgang
from regio.models import Gebruiker, Organisatie
from regio.permissions import Permission
from thuiszitters.access import enters_all
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
    def url(self) -> str:
        regio = self.telmoment.regio
        return reverse("thuiszitters:opgave-invoer", args=[regio.slug, self.telmoment.peildatum, self.slug])

    @property
    def punt(self) -> Punt:
        said = {Opgave.Status.CONCEPT.value: "begonnen, nog niet ingediend"}.get(self.status, "nog niet begonnen")
        if self.status == Opgave.Status.TERUGGEGEVEN:
            said = f"teruggegeven: {self.reden}"
        return Punt(self.naam, self.url, said)


def opgaven_to_return(basis: Basis) -> Iterator[Taak]:
    """Yield a taak for each quarter that misses an opgave which this person enters, or has to ask for."""
    gebruiker = basis.gebruiker
    mine = {regio.pk: own_gemeenten(gebruiker, regio.pk) for regio in basis.regios}
    counting = [regio_id for regio_id, gemeenten in mine.items() if gemeenten is None or gemeenten]
    if not counting:
        return
    for telmoment, expected in groupby(_load_expected(counting, basis.today), key=lambda e: e.telmoment):
        gemeenten = mine[telmoment.regio_id]
        of_mine = [e for e in expected if gemeenten is None or e.gemeente in gemeenten]
        missing = tuple(e.punt for e in of_mine if not e.is_ingediend)
        if missing:
            yield _to_return(telmoment, of_mine, missing)


def own_gemeenten(gebruiker: Gebruiker, regio_id: int) -> set[int] | None:
    """Return the gemeenten of whose opgave this person sees to it that it comes in; None stands for all."""
    if enters_all(gebruiker, regio_id):
        return None
    own = gebruiker.organisaties_for(Permission.AANTALLEN_INVOEREN, regio_id)
    return {organisatie.pk for organisatie in own if organisatie.soort == Organisatie.Soort.GEMEENTE}


def _to_return(telmoment: Telmoment, expected: list[Verwacht], missing: tuple[Punt, ...]) -> Taak:
    whose = expected[0].naam if len(expected) == 1 else telmoment.regio
    done = len(expected) - len(missing)
    return Taak(
        soort=Soort.OPGAVEN,
        kop=f"Thuiszitters op {date_format(telmoment.peildatum, 'j F Y')} – {whose}",
        punten=missing,
        knoppen=(Knop("Verder met invoeren", missing[0].url),) if len(expected) == 1 else (),
        deadline=telmoment.deadline,
        voortgang=(
            Voortgang(done, len(expected), f"{done} van {len(expected)} gemeenten hebben ingediend")
            if len(expected) > 1
            else None
        ),
    )


def _load_expected(regio_ids: list[int], today: date) -> Iterator[Verwacht]:
    """Yield the opgave of each gemeente that takes part on the day of each open quarter, in one query."""
    stored = Opgave.objects.filter(telmoment=OuterRef("pk"), gemeente=OuterRef("gemeente"))
    takes_part = Q(regio__deelname__van__lte=F("peildatum")) & (
        Q(regio__deelname__tot=None) | Q(regio__deelname__tot__gt=F("peildatum"))
    )
    rows: Any = Telmoment.objects.filter(
        takes_part,
        regio__in=regio_ids,
        peildatum__lte=today,
        voorgelegd_op=None,
        regio__deelname__organisatie__soort=Organisatie.Soort.GEMEENTE,
    ).select_related("regio")
    rows = rows.annotate(
        gemeente=F("regio__deelname__organisatie"),
        korte_naam=F("regio__deelname__organisatie__korte_naam"),
        naam=F("regio__deelname__organisatie__naam"),
        slug=F("regio__deelname__organisatie__slug"),
        status=Subquery(stored.values("status")),
        reden=Subquery(stored.values("reden_teruggave")),
    )
    for row in rows.order_by("peildatum", "pk", "naam"):
        name = row.korte_naam or row.naam
        yield Verwacht(row, row.gemeente, name, row.slug, row.status or "", row.reden or "")
