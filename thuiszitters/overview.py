"""What a regio counted, quarter by quarter: from the database to plain data, in a fixed number of queries."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import product
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, JSONArray, NullIf, RowNumber

from regio.aggregates import JSONList
from regio.models import Organisatie, Regio
from thuiszitters.categories import Category, categories_on
from thuiszitters.counting import MISSING, UNKNOWN, Count, Status
from thuiszitters.cube import Key, shared
from thuiszitters.models import Categorie, Opgave, Telmoment
from thuiszitters.schooljaar import bounds_of
from thuiszitters.sheet import SECTORS
from thuiszitters.tidy import Gemeente


@dataclass(frozen=True)
class Return:
    """Where the opgave of one gemeente stands."""

    status: str
    op: datetime | None
    door: str

    @property
    def is_ingediend(self) -> bool:
        return self.status == Opgave.Status.INGEDIEND


@dataclass
class Quarter:
    """One telmoment of a regio with everything that was returned for it."""

    telmoment: Telmoment
    categories: list[Category]
    gemeenten: list[Gemeente]
    opgaven: dict[int, Return]
    counts: dict[Key, Count]
    by_code: dict[str, Category] = field(init=False)

    def __post_init__(self) -> None:
        self.by_code = {category.code: category for category in self.categories}

    @property
    def peildatum(self) -> date:
        return self.telmoment.peildatum

    def count(self, gemeente: int, code: str, sector: str) -> Count:
        return self.counts.get((gemeente, code, sector), MISSING)

    @property
    def ingediend(self) -> list[Gemeente]:
        return [g for g in self.gemeenten if g.pk in self.opgaven and self.opgaven[g.pk].is_ingediend]

    def submitted_only(self) -> "Quarter":
        """Return this quarter as it counts for its regio: what a gemeente did not submit may still change."""
        done = {gemeente.pk for gemeente in self.ingediend}
        kept = {key: count for key, count in self.counts.items() if key[0] in done}
        return Quarter(self.telmoment, self.categories, self.gemeenten, self.opgaven, kept)

    @property
    def unknown(self) -> set[Key]:
        """The counts that are in no sum: unknown, or of a gemeente that did not submit."""
        submitted = self.submitted_only()
        cells = product((g.pk for g in self.gemeenten), (c.code for c in self.categories), SECTORS)
        return {cell for cell in cells if submitted.count(*cell).aantal is None}

    def without(self, cells: Collection[Key]) -> "Quarter":
        """Return this quarter with `cells` unknown."""
        counts = self.counts | dict.fromkeys(cells, UNKNOWN)
        return Quarter(self.telmoment, self.categories, self.gemeenten, self.opgaven, counts)

    def without_counts(self) -> "Quarter":
        """Return this quarter as it is to who sees its counts only once they are adopted."""
        return Quarter(self.telmoment, self.categories, self.gemeenten, self.opgaven, {})


def load_quarters(regio: Regio, today: date, latest: int | None = None, schooljaar: str | None = None) -> list[Quarter]:
    """Return the telmomenten of `regio` up to `today`, the earliest first; in two queries.

    With `latest` at most so many of them, with `schooljaar` those of that school year.
    """
    momenten = Telmoment.objects.filter(regio=regio, peildatum__lte=today)
    if schooljaar:
        momenten = momenten.filter(peildatum__range=bounds_of(schooljaar))
    return _load(momenten, [regio.pk], latest).get(regio.pk, [])


def each_quarter(regio: Regio, today: date) -> Iterator[Quarter]:
    """Yield the telmomenten of `regio` up to `today`, the earliest first, with no more than one in memory at a time."""
    momenten = Telmoment.objects.filter(regio=regio, peildatum__lte=today).order_by("peildatum")
    for pk in list(momenten.values_list("pk", flat=True)):
        yield from _load(Telmoment.objects.filter(pk=pk), [regio.pk], latest=None).get(regio.pk, [])


def load_quarters_per_regio(regios: Iterable[Regio], today: date, latest: int) -> dict[int, list[Quarter]]:
    """Return for each regio its `latest` telmomenten up to `today`, in two queries however many regio's there are."""
    pks = [regio.pk for regio in regios]
    return _load(Telmoment.objects.filter(regio__in=pks, peildatum__lte=today), pks, latest)


def _load(momenten: QuerySet[Telmoment], regio_ids: list[int], latest: int | None) -> dict[int, list[Quarter]]:
    rows = list(_with_gemeenten(momenten, latest))
    known = list(Categorie.objects.known_in_any(regio_ids)) if rows else []
    code_of = {version.pk: version.code for version in known}
    quarters: dict[int, Quarter] = {}
    per_regio: dict[int, list[Quarter]] = {}
    for row in rows:
        if row.pk not in quarters:
            of_regio = [version for version in known if version.regio_id in {None, row.regio_id}]
            quarters[row.pk] = Quarter(row, categories_on(of_regio, row.peildatum), [], {}, {})
            per_regio.setdefault(row.regio_id, []).append(quarters[row.pk])
        _add_gemeente(quarters[row.pk], row, code_of)
    return per_regio


def _with_gemeenten(momenten: QuerySet[Telmoment], latest: int | None) -> Any:
    """Return each moment once for every gemeente that ever took part in the regio, with the opgave of that gemeente.

    One query instead of four, because pages that show more than counts have few to spend; and the counts of an opgave
    as one JSON list are read faster than as so many rows.
    """
    wanted = momenten
    if latest:
        newest_first = Window(RowNumber(), partition_by="regio", order_by="-peildatum")
        wanted = Telmoment.objects.filter(
            pk__in=momenten.order_by().annotate(plaats=newest_first).filter(plaats__lte=latest).values("pk")
        )
    # There is one at most: to sort it would take two joins in each of what is asked of it.
    opgave = Opgave.objects.filter(telmoment=OuterRef("pk"), gemeente=OuterRef("gemeente_pk")).order_by()
    telling = JSONArray("telling__categorie", "telling__sector", "telling__status", "telling__aantal")
    rows = wanted.filter(regio__deelname__organisatie__soort=Organisatie.Soort.GEMEENTE).annotate(
        gemeente_pk=F("regio__deelname__organisatie"),
        gemeente_code=F("regio__deelname__organisatie__code"),
        gemeente_label=Coalesce(
            NullIf("regio__deelname__organisatie__korte_naam", Value("")), "regio__deelname__organisatie__naam"
        ),
        gemeente_slug=F("regio__deelname__organisatie__slug"),
        deelname_van=F("regio__deelname__van"),
        deelname_tot=F("regio__deelname__tot"),
        opgave_pk=Subquery(opgave.values("pk")[:1]),
        opgave_status=Subquery(opgave.values("status")[:1]),
        opgave_op=Subquery(opgave.values("ingediend_op")[:1]),
        opgave_door=Subquery(opgave.values("ingediend_door__naam")[:1]),
        opgave_tellingen=Subquery(opgave.values("pk").annotate(alle=JSONList(telling)).values("alle")[:1]),
    )
    return rows.order_by("peildatum", "regio__deelname__organisatie__naam")


def _add_gemeente(quarter: Quarter, row: Any, code_of: Mapping[int, str]) -> None:
    """Add the gemeente of `row` to its quarter: its opgave always, itself only when it took part on that day."""
    if row.opgave_pk:
        quarter.opgaven[row.gemeente_pk] = Return(row.opgave_status, row.opgave_op, row.opgave_door or "")
        for categorie, sector, status, aantal in row.opgave_tellingen:
            # An opgave without a count comes with one row of nothing.
            if categorie:
                quarter.counts[shared((row.gemeente_pk, code_of[categorie], sector))] = count_of(status, aantal)
    if row.deelname_van <= row.peildatum and (row.deelname_tot is None or row.peildatum < row.deelname_tot):
        gemeente = Gemeente(row.gemeente_pk, row.gemeente_code or "", row.gemeente_label, row.gemeente_slug)
        if gemeente not in quarter.gemeenten:
            quarter.gemeenten.append(gemeente)


@cache
def count_of(status: str, aantal: int | None) -> Count:
    """Return the count of a stored status and number; the same few come again and again."""
    return Count(Status(status), aantal)
