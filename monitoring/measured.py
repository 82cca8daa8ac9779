"""What pages and the report read of indicators and their metingen: with the doelen, in their query."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import CharField, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone

from agenda.models import Doel
from monitoring.indicators import Maat, Meting
from monitoring.models import Indicator
from regio.aggregates import json_rows

OF_INDICATOR = ("volgorde", "pk", "naam", "eenheid", "norm", "niet_sneller", "definitie", "bron")
OF_METING = ("bron", "toelichting", "gewijzigd_door__naam")
CENTS = Decimal("0.01")
AS_TEXT = ("grens", "metingen__gewijzigd_op", "metingen__peildatum", "metingen__waarde", "metingen__landelijk")


def with_indicatoren(doelen: Any) -> Any:
    """Add to each doel what maten_of() makes its indicators of, in the query of the doelen."""
    rows = Indicator.objects.filter(doel=OuterRef("pk"))
    # As text: a number in JSON comes back as a float.
    as_text = [Cast(name, CharField()) for name in AS_TEXT]
    fields: list[str | Cast] = [*OF_INDICATOR, *(f"metingen__{name}" for name in OF_METING), *as_text]
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
    _, pk, naam, eenheid, norm, niet_sneller, definitie, bron = indicator
    metingen = sorted(_metingen(rows), key=attrgetter("peildatum"))
    return Maat(
        naam=naam,
        eenheid=eenheid,
        norm=norm,
        grens=_decimal(rows[0][-len(AS_TEXT)]),
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
        bron, toelichting, door, _, op, peildatum, waarde, landelijk = row[len(OF_INDICATOR) :]
        if peildatum:
            yield Meting(
                peildatum=date.fromisoformat(peildatum),
                waarde=_decimal(waarde),
                landelijk=_decimal(landelijk),
                bron=bron,
                toelichting=toelichting,
                door=door,
                op=_day_of(op),
            )


def _day_of(text: str) -> date:
    """Return the day in the Netherlands of a moment as a database writes it, in UTC."""
    return timezone.localdate(datetime.fromisoformat(text).replace(tzinfo=UTC))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text).quantize(CENTS)
