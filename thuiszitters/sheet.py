"""What one gemeente returns for one telmoment, with the quarters before it: from the database to plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from regio.models import Organisatie
from thuiszitters.categories import REDEN, Category, categories_on, same_definition
from thuiszitters.counting import MISSING, Count, Status
from thuiszitters.models import Categorie, Onderwijssector, Opgave, Telling, Telmoment
from thuiszitters.plausibility import Cell, question

SECTORS: list[str] = list(Onderwijssector.values)
QUARTERS_BESIDE = 4
WHY_UNKNOWN = "Waarom is dit aantal onbekend?"


@dataclass(frozen=True)
class Earlier:
    """What the same gemeente returned at a telmoment before, and by which definitions."""

    telmoment: Telmoment
    by_code: Mapping[str, Category]
    counts: Mapping[Cell, Count]

    def compares_with(self, category: Category) -> bool:
        return same_definition(self.by_code.get(category.code), category)


@dataclass(frozen=True)
class Lack:
    """One count that is not ready to be submitted, and why."""

    category: Category
    sector: str
    tekst: str


@dataclass
class Sheet:
    telmoment: Telmoment
    gemeente: Organisatie
    opgave: Opgave
    categories: list[Category]
    tellingen: dict[Cell, Telling] = field(default_factory=dict)
    earlier: list[Earlier] = field(default_factory=list)

    @property
    def counts(self) -> dict[Cell, Count]:
        return {cell: telling.count for cell, telling in self.tellingen.items()}

    def question_for(self, category: Category, sector: str, count: Count) -> str | None:
        """Return what to ask about `count` in the light of the quarter before, under the same definition."""
        previous = next(iter(self.earlier), None)
        if previous is None or not previous.compares_with(category):
            return None
        return question(previous.counts.get((category.code, sector), MISSING), count)

    def lacks(self) -> list[Lack]:
        """Return what is still needed before this can be submitted; a reason may be left out (domein.md, rule 2)."""
        return [
            Lack(category, sector, tekst)
            for category in self.categories
            for sector in SECTORS
            if (tekst := self._lack(category, sector))
        ]

    def _lack(self, category: Category, sector: str) -> str | None:
        telling = self.tellingen.get((category.code, sector))
        count = telling.count if telling else MISSING
        if count == MISSING:
            return None if category.groep == REDEN else "nog niet ingevuld"
        if telling and telling.uitleg:
            return None
        if count.status == Status.ONBEKEND:
            return f"nog een reden nodig. {WHY_UNKNOWN}"
        asked = self.question_for(category, sector, count)
        return f"nog een toelichting nodig. {asked}" if asked else None

    @property
    def laatste(self) -> Telling | None:
        """The count that was saved last."""
        return max(self.tellingen.values(), key=lambda telling: telling.gewijzigd_op, default=None)

    @property
    def filled(self) -> int:
        return sum(1 for count in self.counts.values() if count.status != Status.GEEN_OPGAVE)

    @property
    def size(self) -> int:
        return len(self.categories) * len(SECTORS)


def load_sheet(telmoment: Telmoment, gemeente: Organisatie, *, beside: int = QUARTERS_BESIDE) -> Sheet:
    """Return the sheet of `gemeente` at `telmoment`, with up to `beside` telmomenten before it, in five queries."""
    momenten = Telmoment.objects.until(telmoment, beside)
    known = list(Categorie.objects.known_in(telmoment.regio))
    opgaven = {o.telmoment_id: o for o in Opgave.objects.filter(telmoment__in=momenten, gemeente=gemeente)}
    opgave = opgaven.pop(telmoment.pk, None) or Opgave(telmoment=telmoment, gemeente=gemeente)
    opgave.telmoment, opgave.gemeente = telmoment, gemeente
    counts = _counts_of(opgaven)
    return Sheet(
        telmoment=telmoment,
        gemeente=gemeente,
        opgave=opgave,
        categories=categories_on(known, telmoment.peildatum),
        tellingen=_tellingen_of(opgave),
        earlier=[
            Earlier(moment, {c.code: c for c in categories_on(known, moment.peildatum)}, counts.get(moment.pk, {}))
            for moment in momenten[1:]
        ],
    )


def _tellingen_of(opgave: Opgave) -> dict[Cell, Telling]:
    """Return the tellingen of an opgave by cell; one under an older version of a definition keeps its code."""
    if not opgave.pk:
        return {}
    tellingen = Telling.objects.filter(opgave=opgave).select_related("categorie", "gewijzigd_door")
    return {(telling.categorie.code, telling.sector): telling for telling in tellingen}


def _counts_of(opgaven: Mapping[int, Opgave]) -> dict[int, dict[Cell, Count]]:
    """Return the counts of each opgave by cell, under the key of its telmoment."""
    moment_of = {opgave.pk: moment for moment, opgave in opgaven.items()}
    found: dict[int, dict[Cell, Count]] = {moment: {} for moment in opgaven}
    rows = Telling.objects.filter(opgave__in=moment_of) if moment_of else Telling.objects.none()
    for opgave, code, sector, status, aantal in rows.values_list(
        "opgave", "categorie__code", "sector", "status", "aantal"
    ):
        found[moment_of[opgave]][code, sector] = Count(Status(status), aantal)
    return found
