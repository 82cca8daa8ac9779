"""What a reader may see of the counts: everything, or with small numbers masked (domein.md, rule 10; ADR 0020).

Who may not see raw counts sees, of each quarter, the regio's total of every categorie and how many sit at home in each
gemeente, and nothing else: what is nowhere shown needs no masking and gives nothing away. All of them see the same
masked numbers, on every page and in every file, so that nobody has two versions to compare. That table keeps its
secrets too from who knows the numbers of one gemeente and takes those off: its own invoerder, its wethouder. And they
see only quarters that were adopted: who could watch one grow would learn each number from the change in the total.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import cast

from regio.models import Gebruiker, Regio
from regio.permissions import Permission
from thuiszitters.access import sees_all
from thuiszitters.categories import Category
from thuiszitters.counting import MISSING, Count, Status, coverage
from thuiszitters.cube import ALL_GEMEENTEN, ALL_SECTORS, SAMEN, Cube, Key, build_cube
from thuiszitters.linked import linked_table
from thuiszitters.masking import Hidden, Published, Small, legend, mask
from thuiszitters.masking import Shown as Label
from thuiszitters.overview import Quarter, load_quarters
from thuiszitters.sheet import SECTORS

HIDDEN = str(Hidden())
LATECOMERS = " Een klein aantal dat pas na een eerdere versie bekend werd, telt nergens mee."
NOT_ADOPTED = "nog niet vastgesteld"
Counts = frozenset[tuple[Key, Count]]


@dataclass(frozen=True)
class Shown:
    """One number as a reader sees it: the number, "onbekend", "geen opgave", or that it is masked."""

    tekst: str
    aantal: int | None = None
    dekking: str = ""
    is_masked: bool = False

    def __str__(self) -> str:
        return f"{self.tekst} ({self.dekking})" if self.dekking else self.tekst


@dataclass
class Period:
    """One quarter for one reader. With a `drempel`, what `labels` does not name is not shown to them as a number."""

    quarter: Quarter
    cube: Cube
    drempel: int = 0
    # What stands instead of each number that may be shown; None for a number that stands as it is.
    labels: Mapping[Key, str | None] | None = None
    # Whether this reader sees its counts at all; who sees small numbers masked does so once they are adopted.
    is_open_to_reader: bool = True
    # Small counts that became known after a version without them was adopted: in no sum that this reader sees.
    nagekomen: frozenset[Key] = frozenset()

    @property
    def uitleg(self) -> str:
        """What the labels of masked numbers mean; nothing to who sees all."""
        if self.labels is None:
            return ""
        return legend(self.drempel) + (LATECOMERS if self.nagekomen else "")

    def show(self, gemeente: int, code: str, sector: str = ALL_SECTORS) -> Shown:
        if not self.is_open_to_reader:
            return Shown(NOT_ADOPTED)
        cell = self.cube.get(gemeente, code, sector)
        if cell.aantal is None:
            if self.nagekomen.intersection(self._counts_in(gemeente, code, sector)):
                return Shown(HIDDEN, is_masked=True)
            return Shown(self._why_none(gemeente, code, sector))
        dekking = "" if cell.is_complete else self.dekking(gemeente, code, sector)
        label = None if self.labels is None else self.labels.get((gemeente, code, sector), HIDDEN)
        if label is not None:
            return Shown(label, None, dekking, is_masked=True)
        return Shown(str(cell.aantal), cell.aantal, dekking)

    def dekking(self, gemeente: int, code: str, sector: str = ALL_SECTORS) -> str:
        """How much of what was asked is in a sum: of the gemeenten for the regio, of the sectors for a gemeente."""
        places = [(gemeente, s) for s in SECTORS] if gemeente else [(pk, sector) for pk in self.cube.gemeenten]
        cells = [self.cube.get(pk, code, s) for pk, s in places]
        return coverage(cells, "sectoren" if gemeente else "gemeenten")

    def gemeenten_in(self, code: str) -> set[int]:
        """Return which gemeenten a sum over the regio holds in full."""
        return {pk for pk in self.cube.gemeenten if self.cube.get(pk, code).is_complete}

    def counts_alike(self, code: str, other: str) -> bool:
        """Return whether two sums over the regio are of the same gemeenten and sectors, so that one is a share."""
        pairs = [
            (self.cube.get(gemeente, code, sector), self.cube.get(gemeente, other, sector))
            for gemeente in self.cube.gemeenten
            for sector in SECTORS
        ]
        return all((one.is_complete and two.is_complete) or (one.opgegeven == two.opgegeven == 0) for one, two in pairs)

    def _why_none(self, gemeente: int, code: str, sector: str) -> str:
        """An unknown count among what would be added makes the sum unknown; without one nobody returned anything."""
        counts = (self.quarter.counts.get(key, MISSING) for key in self._counts_in(gemeente, code, sector))
        return Status.ONBEKEND if any(count.status == Status.ONBEKEND for count in counts) else Status.GEEN_OPGAVE

    def _counts_in(self, gemeente: int, code: str, sector: str) -> Iterable[Key]:
        """Return the counts that one number adds up."""
        gemeenten = self.cube.gemeenten if gemeente == ALL_GEMEENTEN else [gemeente]
        return product(gemeenten, self.cube.parts_of(code), SECTORS if sector == ALL_SECTORS else [sector])


def periods_for(gebruiker: Gebruiker, regio: Regio, today: date, latest: int | None = None) -> list[Period]:
    """Return the quarters of `regio` as `gebruiker` may see them, the earliest first, at most `latest` of them."""
    return shown_to(gebruiker, regio, load_quarters(regio, today, latest))


def shown_to(gebruiker: Gebruiker, regio: Regio, quarters: list[Quarter]) -> list[Period]:
    """Return `quarters` of `regio` as `gebruiker` may see them."""
    if sees_all(gebruiker, regio.pk):
        return publish(quarters, drempel=None)
    own = {organisatie.pk for organisatie in gebruiker.organisaties_for(Permission.AANTALLEN_INVOEREN, regio.pk)}
    return publish(quarters, drempel=regio.drempel, own=own)


def publish(quarters: Iterable[Quarter], *, drempel: int | None, own: Collection[int] = ()) -> list[Period]:
    """Return `quarters` with their sums; with a `drempel` small numbers, and what gives them away, are masked.

    What a gemeente has not submitted counts for nobody: it may still change. `own` are gemeenten whose counts the
    reader knows anyway, and sees. Masked, only what was adopted has numbers.
    """
    quarters = [quarter.submitted_only() for quarter in quarters]
    if drempel is None:
        return [Period(quarter, _cube_of(quarter)) for quarter in quarters]
    return [
        _masked(quarter, drempel, own) if quarter.telmoment.is_afgesloten else _withheld(quarter, drempel)
        for quarter in quarters
    ]


def until_adopted(periods: Sequence[Period]) -> list[Period]:
    """Leave out the quarters at the end that their reader does not see yet, unless that would leave nothing."""
    last = max((place for place, period in enumerate(periods) if period.is_open_to_reader), default=len(periods) - 1)
    return list(periods[: last + 1])


def _withheld(quarter: Quarter, drempel: int) -> Period:
    empty = quarter.without_counts()
    return Period(empty, _cube_of(empty), drempel, {}, is_open_to_reader=False)


def _masked(quarter: Quarter, drempel: int, own: Collection[int]) -> Period:
    nagekomen = _became_known(quarter, drempel)
    told = quarter.without(nagekomen)
    cube = _cube_of(told)
    labels = dict(_labels(tuple(told.categories), tuple(cube.gemeenten), frozenset(told.counts.items()), drempel))
    labels |= {(pk, SAMEN, ALL_SECTORS): None for pk in own}
    return Period(told, cube, drempel, labels, nagekomen=nagekomen)


def _became_known(quarter: Quarter, drempel: int) -> frozenset[Key]:
    """Return the small counts that an earlier version was adopted without.

    A sum without such a count, in a report, on paper or remembered, and the sum with it would tell it.
    """
    before = quarter.telmoment.gaten_van_eerder
    return frozenset(key for key in before if 0 < (quarter.count(*key).aantal or 0) < drempel)


@lru_cache(maxsize=1024)
def _labels(
    categories: tuple[Category, ...], gemeenten: tuple[int, ...], counts: Counts, drempel: int
) -> Mapping[Key, str | None]:
    """Return what stands instead of each number that is shown, None where the number itself stands.

    The table is masked for who knows the counts of a gemeente, as what is left without those, and for who knows none.
    To hide more is always safe, so that what is hidden from one of them is hidden from all, and costs the next nothing.
    """
    cube = _built(categories, gemeenten, counts)
    widened: set[Hashable] = set()
    rests: set[Hashable] = set()
    for known in gemeenten:
        others = [gemeente for gemeente in gemeenten if gemeente != known]
        shown = mask(linked_table(cube, others), drempel, hidden=widened | rests).shown
        widened |= {key for key, label in shown.items() if isinstance(label, Hidden)}
        rests |= {key for key, label in shown.items() if isinstance(label, Small)}
    shown = mask(linked_table(cube, gemeenten), drempel, hidden=widened | rests).shown
    return {cast(Key, key): _text(label, is_widened=key in widened) for key, label in shown.items()}


def _text(label: Label, *, is_widened: bool) -> str | None:
    if isinstance(label, Published):
        return None
    return HIDDEN if is_widened and isinstance(label, Small) else str(label)


def _cube_of(quarter: Quarter) -> Cube:
    gemeenten = tuple(gemeente.pk for gemeente in quarter.gemeenten)
    return _built(tuple(quarter.categories), gemeenten, frozenset(quarter.counts.items()))


@lru_cache(maxsize=64)
def _built(categories: tuple[Category, ...], gemeenten: tuple[int, ...], counts: Counts) -> Cube:
    """Return the cube of counts that were seen before without adding them up again; nobody changes a cube."""
    return build_cube(categories=categories, gemeenten=gemeenten, sectors=SECTORS, counts=dict(counts))
