"""Counts out to a file: the tidy rows of quarters, and the template to fill in."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from thuiszitters.models import Onderwijssector
from thuiszitters.overview import Quarter
from thuiszitters.tidy import COLUMNS, write_row


def tidy_rows(regio: str, quarters: Iterable[Quarter]) -> Iterator[tuple[str | int, ...]]:
    """Yield one row for every count that was asked, also where nobody returned one."""
    for quarter in quarters:
        for gemeente in quarter.gemeenten:
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
