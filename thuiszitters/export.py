"""Counts out to a file: the tidy rows of quarters, and the template to fill in."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from thuiszitters.categories import VERZUIM
from thuiszitters.counting import Status
from thuiszitters.cube import ALL_GEMEENTEN, SAMEN, codes_of
from thuiszitters.models import Onderwijssector
from thuiszitters.overview import Quarter
from thuiszitters.publication import Period, Shown
from thuiszitters.tidy import COLUMNS, MASKED, Gemeente, write_row

ALL_PLACES, ALL_PLACES_SECTORS = "alle gemeenten", "alle sectoren"


def tidy_rows(
    regio: str, quarters: Iterable[Quarter], only: Collection[int] | None = None
) -> Iterator[tuple[str | int, ...]]:
    """Yield one row for every count that was asked, also where nobody returned one; `only` of these gemeenten."""
    for quarter in quarters:
        for gemeente in quarter.gemeenten:
            if only is not None and gemeente.pk not in only:
                continue
            for category in quarter.categories:
                for sector in Onderwijssector:
                    count = quarter.count(gemeente.pk, category.code, sector)
                    yield write_row(
                        regio=regio,
                        peildatum=quarter.peildatum,
                        gemeente=gemeente,
                        sector=sector.label,
                        category=category,
                        aantal=count.aantal,
                        status=count.status,
                    )


def masked_rows(regio: str, periods: Iterable[Period]) -> Iterator[tuple[str | int, ...]]:
    """Yield what the dashboard shows with small numbers masked, in the same columns, and nothing finer than that."""
    for period in periods:
        known = {category.code: category for category in period.quarter.categories}
        verzuim = [category for category in known.values() if category.groep == VERZUIM][:1]
        whole = Gemeente(ALL_GEMEENTEN, "", ALL_PLACES)
        cells = [(whole, known[code], code) for code in known]
        cells += [
            (whole, verzuim[0], code) for code in codes_of(period.quarter.categories) if verzuim and code not in known
        ]
        cells += [(gemeente, verzuim[0], SAMEN) for gemeente in period.quarter.gemeenten if verzuim]
        for gemeente, category, code in cells:
            shown = period.show(gemeente.pk, code)
            yield write_row(
                regio=regio,
                peildatum=period.quarter.peildatum,
                gemeente=gemeente,
                sector=ALL_PLACES_SECTORS,
                category=replace(category, code=code),
                aantal=shown.aantal,
                status=_status(shown),
            )


def _status(shown: Shown) -> str:
    if shown.is_masked:
        return MASKED
    return Status.OPGEGEVEN if shown.aantal is not None else shown.tekst


def template_rows(regio: str, quarter: Quarter) -> Iterator[tuple[str | int, ...]]:
    """Yield the same rows without a count and a status, for somebody to fill in."""
    for row in tidy_rows(regio, [quarter]):
        yield (*row[:-2], "", "")


def stream_json(rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    """Yield a list of objects with the columns of the tidy file."""
    yield b"["
    for number, row in enumerate(rows):
        named = dict(zip(COLUMNS, row, strict=True))
        named["aantal"] = None if named["aantal"] == "" else named["aantal"]
        yield (",\n" if number else "\n").encode() + json.dumps(named, ensure_ascii=False).encode()
    yield b"\n]\n"
