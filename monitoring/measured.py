"""What pages and the report read of indicators and their metingen: with the doelen, in their query."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import OuterRef
from django.utils import timezone

from agenda.models import Doel
from monitoring.indicators import Maat, Meting
from monitoring.models import Indicator
from regio.aggregates import json_rows

# What a check is judged by, and what a page that tells all of it shows besides.
OF_INDICATOR = ("volgorde", "pk", "naam", "eenheid", "norm", "niet_sneller", "grens")
OF_METING = ("peildatum", "waarde", "landelijk")
BESIDES = (
    "definitie",
    "bron",
    *(f"metingen__{name}" for name in ("bron", "toelichting", "gewijzigd_door__naam", "gewijzigd_op")),
)
CENTS = Decimal("0.01")


def with_indicatoren(doelen: Any, *, whole: bool = False) -> Any:
    """Add to each doel what maten_of() makes its indicators of, in the query of the doelen.

    With `whole` also what nobody is judged by, which takes as long again: definitions, sources, who measured and why.
    """
    rows = Indicator.objects.filter(doel=OuterRef("pk"))
    fields = [*OF_INDICATOR, *(f"metingen__{name}" for name in OF_METING), *(BESIDES if whole else ())]
    return doelen.annotate(rijen_indicatoren=json_rows(rows, "doel", fields))


def maten_of(doel: Any, until: date | None = None) -> list[Maat]:
    """Return the indicators of a doel of with_indicatoren(), with their metingen up to `until`, without a query."""
    of_one = groupby(sorted(doel.rijen_indicatoren, key=itemgetter(0, 1)), key=itemgetter(slice(len(OF_INDICATOR))))
    return [_maat(doel, indicator, list(rows), until) for indicator, rows in of_one]


def load_maten(doelen: Iterable[Doel], until: date) -> dict[int, list[Maat]]:
    """Return by the id of its doel what maten_of() does, in one query."""
    found = with_indicatoren(Doel.objects.filter(pk__in=[doel.pk for doel in doelen])).order_by()
    return {doel.pk: maten_of(doel, until) for doel in found}


def maten_of_all(doelen: Iterable[Any], until: date | None = None) -> list[Maat]:
    return [maat for doel in doelen for maat in maten_of(doel, until)]


def _maat(doel: Any, indicator: list[Any], rows: list[list[Any]], until: date | None) -> Maat:
    _, pk, naam, eenheid, norm, niet_sneller, grens = indicator
    definitie, bron = (rows[0][len(OF_INDICATOR) + len(OF_METING) :] or ("", ""))[:2]
    metingen = sorted(_metingen(rows), key=attrgetter("peildatum"))
    return Maat(
        naam=naam,
        eenheid=eenheid,
        norm=norm,
        grens=_decimal(grens),
        niet_sneller=bool(niet_sneller),
        metingen=tuple(meting for meting in metingen if until is None or meting.peildatum <= until),
        definitie=definitie,
        bron=bron,
        code=doel.code,
        pk=pk,
        doel=doel.pk,
    )


def _metingen(rows: Iterable[list[Any]]) -> Iterator[Meting]:
    for row in rows:
        peildatum, waarde, landelijk, *besides = row[len(OF_INDICATOR) :]
        if peildatum:
            numbers = date.fromisoformat(peildatum), _decimal(waarde), _decimal(landelijk)
            bron, toelichting, door, op = besides[2:] or ("", "", "", None)
            yield Meting(*numbers, bron, toelichting, door, _day_of(op) if op else None)


def _day_of(text: str) -> date:
    """Return the day in the Netherlands of a moment as a database writes it, in UTC."""
    return timezone.localdate(datetime.fromisoformat(text).replace(tzinfo=UTC))


def _decimal(value: float | None) -> Decimal | None:
    """Return a number as it was stored: in JSON it is a float, of which seven digits and two decimals are exact."""
    return None if value is None else Decimal(str(value)).quantize(CENTS)
