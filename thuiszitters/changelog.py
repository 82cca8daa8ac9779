"""Who changed which count, when, and what stood there before (domein.md, rule 8), from the records of the history."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from thuiszitters.counting import MISSING, Count, Status

# The entry page saves while somebody types: what one person saves within this time is one change to a reader.
ONE_SITTING = timedelta(minutes=30)
# The name of a categorie, and a sector.
Cell = tuple[str, str]


@dataclass(frozen=True)
class Verandering:
    """One count before and after, with the explanation that its author gave."""

    categorie: str
    sector: str
    van: Count
    naar: Count
    toelichting: str


@dataclass
class Zitting:
    """What one person did to the counts of an opgave in one sitting; without `cellen` to who may not see numbers."""

    wie: Any
    begin: datetime
    einde: datetime
    cellen: list[Verandering] = field(default_factory=list)


@dataclass(frozen=True)
class Stap:
    """What happened to the opgave itself: submitted or given back, with the reason to who may see numbers."""

    wie: Any
    wanneer: datetime
    wat: str
    waarom: str = ""


def read_sittings(records: Iterable[Any], *, with_numbers: bool) -> list[Zitting]:
    """Return the sittings that `records` (of the history of tellingen, the oldest first) tell, the newest first.

    Without numbers nothing is told of which counts changed or how many: that too could give a small one away.
    """
    last: dict[Cell, Any] = {}
    sittings: list[Zitting] = []
    started: dict[Cell, Any] = {}
    for record in records:
        if not sittings or not _goes_on(sittings[-1], record):
            _close(sittings, started, last, with_numbers=with_numbers)
            sittings.append(Zitting(record.history_user, record.history_date, record.history_date))
            started = {}
        cell = record.categorie.naam, record.sector
        started.setdefault(cell, last.get(cell))
        last[cell] = record
        sittings[-1].einde = record.history_date
    _close(sittings, started, last, with_numbers=with_numbers)
    return [sitting for sitting in sittings if sitting.cellen or not with_numbers][::-1]


def _goes_on(sitting: Zitting, record: Any) -> bool:
    return sitting.wie == record.history_user and record.history_date - sitting.einde <= ONE_SITTING


def _close(sittings: list[Zitting], started: dict[Cell, Any], last: dict[Cell, Any], *, with_numbers: bool) -> None:
    if sittings and with_numbers:
        found = (_verandering(cell, before, last[cell]) for cell, before in started.items())
        sittings[-1].cellen = [change for change in found if change]


def _verandering(cell: Cell, before: Any | None, after: Any) -> Verandering | None:
    van, naar = _count(before), _count(after)
    said = "" if before is None else before.toelichting
    if van == naar and said == after.toelichting:
        return None
    return Verandering(*cell, van, naar, after.toelichting)


def _count(record: Any | None) -> Count:
    if record is None or record.history_type == "-":
        return MISSING
    return Count(Status(record.status), record.aantal)


def read_steps(records: Iterable[Any], *, with_reasons: bool) -> list[Stap]:
    """Return what happened to an opgave, the newest first, from its history, the oldest first."""
    said = {"concept": "begon aan de opgave", "ingediend": "diende de opgave in", "teruggegeven": "gaf de opgave terug"}
    steps, before = [], None
    for record in records:
        if record.status != before:
            reason = record.reden_teruggave if with_reasons and record.status == "teruggegeven" else ""
            steps.append(Stap(record.history_user, record.history_date, said[record.status], reason))
        before = record.status
    return steps[::-1]
