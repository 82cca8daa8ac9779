"""Quarters full of made-up counts, in bulk and without history: for the land to measure in and for the export."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product
from typing import Any

from regio.models import Gebruiker
from thuiszitters.categories import categories_on
from thuiszitters.models import Categorie, Opgave, Telling, Telmoment
from thuiszitters.schooljaar import default_peildata
from thuiszitters.sheet import SECTORS

FIRST_YEAR, YEARS = 2018, 8
BATCH = 2_000

# The key of a categorie, and a sector.
Cell = tuple[int, str]


def quarters_of_all_years() -> list[date]:
    """Return the days of counting in the school years that begin in `FIRST_YEAR` and the seven after it."""
    years = range(FIRST_YEAR, FIRST_YEAR + YEARS)
    return [day for year in years for day in default_peildata(f"{year}-{year + 1}")]


def cells_on(known: Iterable[Categorie], day: date) -> list[Cell]:
    return [(category.pk, sector) for category, sector in product(categories_on(known, day), SECTORS)]


def fill_quarter(
    moment: Telmoment, gemeenten: Sequence[int], cells: Sequence[Cell], by: Gebruiker, **opgave: Any
) -> None:
    """Store a count in every cell for each of `gemeenten`; `opgave` holds the other fields of what they return."""
    opgaven = Opgave.objects.bulk_create(Opgave(telmoment=moment, gemeente_id=pk, **opgave) for pk in gemeenten)
    shift = moment.peildatum.toordinal()
    counts = (
        Telling(
            opgave=opgave,
            categorie_id=categorie,
            sector=sector,
            status="opgegeven",
            aantal=(7 * place + shift) % 30,
            gewijzigd_door=by,
        )
        for place, (opgave, (categorie, sector)) in enumerate(product(opgaven, cells))
    )
    Telling.objects.bulk_create(counts, batch_size=BATCH)
