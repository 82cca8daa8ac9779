"""Whether counts can be true: parts and wholes, reasons, and jumps (domein.md, rules 2 to 4). Plain data, Dutch out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from thuiszitters.categories import REDEN, VERZUIM, Category
from thuiszitters.counting import MISSING, Count, Status, Total, total

# A cell is the code of a categorie and a sector.
Cell = tuple[str, str]
Counts = Mapping[Cell, Count]

JUMP_CHILDREN = 5


@dataclass(frozen=True)
class Refusal:
    """Counts that contradict each other; `cells` are those that must change before any of them can be kept."""

    cells: frozenset[Cell]
    tekst: str


def refusals(categories: Sequence[Category], sectors: Iterable[str], counts: Counts) -> list[Refusal]:
    """Return every contradiction within the counts of one gemeente on one peildatum."""
    by_code = {category.code: category for category in categories}
    found: list[Refusal] = []
    for sector in sectors:
        found += _parts_above_wholes(by_code, sector, counts)
        found += _reasons_above_children(categories, sector, counts)
    return found


def _parts_above_wholes(by_code: Mapping[str, Category], sector: str, counts: Counts) -> Iterator[Refusal]:
    for category in by_code.values():
        if category.onderdeel_van is None:
            continue
        whole = by_code[category.onderdeel_van]
        part_count, whole_count = (
            counts.get((category.code, sector), MISSING),
            counts.get((whole.code, sector), MISSING),
        )
        if part_count.aantal is not None and whole_count.aantal is not None and part_count.aantal > whole_count.aantal:
            yield Refusal(
                frozenset({(category.code, sector), (whole.code, sector)}),
                f"‘{category.kort}’ is {part_count.aantal}, maar ‘{whole.kort}’ is {whole_count.aantal}. Een deel kan"
                f" niet groter zijn dan het geheel: verlaag {part_count.aantal} of verhoog {whole_count.aantal}.",
            )


def _reasons_above_children(categories: Sequence[Category], sector: str, counts: Counts) -> Iterator[Refusal]:
    children, reasons = children_of(categories, sector, counts), reasons_of(categories, sector, counts)
    if (
        children.is_complete
        and children.aantal is not None
        and reasons.aantal is not None
        and reasons.aantal > children.aantal
    ):
        involved = [c for c in categories if c.is_whole and c.groep in {VERZUIM, REDEN}]
        yield Refusal(
            frozenset((category.code, sector) for category in involved),
            f"De redenen tellen op tot {reasons.aantal}, maar er zijn {children.aantal} leerlingen. Elke leerling heeft"
            " één hoofdreden: verlaag een van de redenen of verhoog het aantal leerlingen.",
        )


def children_of(categories: Iterable[Category], sector: str, counts: Counts) -> Total:
    """Return the children who sit at home in a sector: the wholes of the group verzuim (categorie 1 and 2) together."""
    return _sum_of(categories, VERZUIM, sector, counts)


def reasons_of(categories: Iterable[Category], sector: str, counts: Counts) -> Total:
    return _sum_of(categories, REDEN, sector, counts)


def _sum_of(categories: Iterable[Category], groep: str, sector: str, counts: Counts) -> Total:
    return total(counts.get((c.code, sector), MISSING) for c in categories if c.groep == groep and c.is_whole)


def unexplained(categories: Sequence[Category], sector: str, counts: Counts) -> int | None:
    """Return of how many children the reason was not given, None when that cannot be known.

    A reason that nobody entered is not zero, but its children are among those without a reason; an unknown one hides
    how many there are.
    """
    children = children_of(categories, sector, counts)
    if not children.is_complete or children.aantal is None:
        return None
    if any(counts.get((c.code, sector), MISSING).status == Status.ONBEKEND for c in categories if c.groep == REDEN):
        return None
    return children.aantal - (reasons_of(categories, sector, counts).aantal or 0)


def is_jump(before: Count, now: Count) -> bool:
    """Return whether the difference is more than half of what was there, and at least five children."""
    if before.aantal is None or now.aantal is None:
        return False
    difference = abs(now.aantal - before.aantal)
    return difference >= JUMP_CHILDREN and 2 * difference > before.aantal


def question(before: Count, now: Count) -> str | None:
    """Return what to ask who entered `now` after `before`, None when nothing stands out.

    The two must have the same definition: across a change of definition no difference is computed.
    """
    if not is_jump(before, now) or before.aantal is None or now.aantal is None:
        return None
    if now.aantal == 0:
        return f"Vorig kwartaal waren het er {before.aantal}, nu 0. Klopt dat? Schrijf in één zin wat er is gebeurd."
    direction = "meer" if now.aantal > before.aantal else "minder"
    difference = abs(now.aantal - before.aantal)
    return (
        f"Dat zijn er {difference} {direction} dan vorig kwartaal ({before.aantal} → {now.aantal}). Klopt dat?"
        " Schrijf in één zin wat er is gebeurd."
    )
