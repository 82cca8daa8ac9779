"""Who changed which score, when, and what stood there before (domein.md, rule 8), from the records of the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

# The entry page saves while somebody types: what one person saves within this time is one change to a reader.
ONE_SITTING = timedelta(minutes=30)


@dataclass(frozen=True)
class Change:
    """What one person changed in one sitting. `van` and `naar` are Schaalwaarden, None where there was no score."""

    wanneer: datetime
    wie: Any
    meetmoment: Any
    organisatie: Any | None
    van: Any | None
    naar: Any | None
    tekst_van: str
    tekst_naar: str
    is_nieuw: bool
    is_verwijderd: bool = False

    @property
    def waarde_gewijzigd(self) -> bool:
        return self.van != self.naar

    @property
    def tekst_gewijzigd(self) -> bool:
        return self.tekst_van != self.tekst_naar


def read_changes(records: Iterable[Any]) -> list[Change]:
    """Return the changes that `records` (of the history of scores, the oldest first) tell, the newest first."""
    versions: dict[int, list[Any]] = {}
    for record in records:
        versions.setdefault(record.id, []).append(record)
    changes = [change for history in versions.values() for change in _changes_of(history)]
    return sorted(changes, key=lambda change: change.wanneer, reverse=True)


def _changes_of(history: list[Any]) -> Iterable[Change]:
    before = None
    for record, following in zip(history, [*history[1:], None], strict=True):
        if following is not None and _same_sitting(record, following):
            continue
        change = _change(before, record)
        if change.is_verwijderd or change.waarde_gewijzigd or change.tekst_gewijzigd:
            yield change
        before = record


def _same_sitting(record: Any, following: Any) -> bool:
    same_person = record.history_user_id == following.history_user_id
    return same_person and following.history_date - record.history_date <= ONE_SITTING


def _change(before: Any | None, record: Any) -> Change:
    is_verwijderd = record.history_type == "-"
    return Change(
        wanneer=record.history_date,
        wie=record.history_user,
        meetmoment=record.meetmoment,
        organisatie=record.organisatie,
        van=before.waarde if before else None,
        naar=None if is_verwijderd else record.waarde,
        tekst_van=before.toelichting if before else "",
        tekst_naar="" if is_verwijderd else record.toelichting,
        is_nieuw=before is None,
        is_verwijderd=is_verwijderd,
    )
