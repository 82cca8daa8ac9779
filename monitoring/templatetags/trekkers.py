"""Who pulls a doel, and which side of a duo is still missing."""

from collections.abc import Iterable

from django import template

from agenda.models import Trekker, missing_sides
from monitoring.grid import Grid

register = template.Library()


@register.filter
def wie_ontbreekt(trekkers: Iterable[Trekker]) -> str:
    """Return in words which side of the duo nobody is on; nothing when both sides pull."""
    sides = [kant.label for kant in missing_sides(trekkers)]
    if len(sides) == 1:
        return f"Trekker van {sides[0]} ontbreekt"
    return f"Trekkers van {' en '.join(sides)} ontbreken" if sides else ""


@register.filter
def zonder_duo(grid: Grid) -> int:
    """Return of how many doelen of `grid`, each with its list `trekkers`, a side of the duo is missing."""
    return sum(bool(missing_sides(row.doel.trekkers)) for row in grid.rows)
