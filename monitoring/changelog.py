"""Who changed what, when, what stood there before and why (domein.md, rule 8), from the records of the history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from regio.figures import without_figures
from regio.history import EMPTY, Difference, readable

# The entry page saves while somebody types: what one person saves within this time is one change to a reader.
ONE_SITTING = timedelta(minutes=30)


@dataclass(frozen=True)
class Change:
    """What one person changed in one sitting. `van` and `naar` are Schaalwaarden, None where there was no score."""

    wanneer: datetime
    wie: Any
    doel: Any
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
        doel=record.doel,
        meetmoment=record.meetmoment,
        organisatie=record.organisatie,
        van=before.waarde if before else None,
        naar=None if is_verwijderd else record.waarde,
        tekst_van=before.toelichting if before else "",
        tekst_naar="" if is_verwijderd else record.toelichting,
        is_nieuw=before is None,
        is_verwijderd=is_verwijderd,
    )


@dataclass(frozen=True)
class Wijziging:
    """One change of something that is no score: what happened, why where somebody said so, and its texts."""

    wanneer: datetime
    wie: Any
    wat: str
    waarom: str = ""
    velden: tuple[tuple[str, Difference], ...] = ()


def read_history(records: Iterable[Any], noun: str, fields: Sequence[str], *, whole: bool = False) -> list[Wijziging]:
    """Return what `records` (of the history of one model, the oldest first) tell of `fields`, the newest first.

    `noun` is what a reader calls such a thing. A save that changed none of `fields` is no change to a reader. Told
    `whole` are also the fields of what was added and of what was removed.
    """
    before: dict[int, Any] = {}
    changes: list[Wijziging] = []
    for record in records:
        changes += _wijziging(before.get(record.id), record, noun, fields, whole=whole)
        before[record.id] = record
    return changes[::-1]


def _wijziging(
    before: Any | None, record: Any, noun: str, fields: Sequence[str], *, whole: bool
) -> Iterator[Wijziging]:
    done = {"+": "toegevoegd", "-": "verwijderd"}.get(record.history_type, "gewijzigd")
    if record.history_type == "~" and before is not None:
        differences = tuple(_differences(before, record, fields))
    else:
        differences = tuple(_filled(record, fields)) if whole else ()
    if record.history_type != "~" or before is None or differences:
        reason = record.history_change_reason or ""
        yield Wijziging(record.history_date, record.history_user, f"{noun} {done}", reason, differences)


def _differences(before: Any, record: Any, fields: Sequence[str]) -> Iterator[tuple[str, Difference]]:
    for name in fields:
        old, new = getattr(before, name), getattr(record, name)
        if old != new:
            field = record._meta.get_field(name)
            yield str(field.verbose_name), Difference(readable(field, old), readable(field, new))


def _filled(record: Any, fields: Sequence[str]) -> Iterator[tuple[str, Difference]]:
    """Yield what stands in each of `fields` that something stands in: what came, or what went."""
    for name in fields:
        value, field = getattr(record, name), record._meta.get_field(name)
        if value not in {None, ""}:
            said = readable(field, value)
            gone = record.history_type == "-"
            yield str(field.verbose_name), Difference(said if gone else EMPTY, EMPTY if gone else said)


# What became of a report when it reached a state.
STEPS = {
    "voorgelegd": "voorgelegd aan {gremium}",
    "teruggegeven": "teruggegeven",
    "vastgesteld": "vastgesteld",
    "concept": "heropend",
}


def read_steps(records: Iterable[Any], *, gremium: str, with_figures: bool = True) -> list[Wijziging]:
    """Return the steps of one report that `records` (of its history, the oldest first) tell, the newest first.

    `gremium` is who judges it. Without figures no number that stands in a reason is told: it may count few children.
    """
    steps, before = [], None
    for record in records:
        if before is None and record.status == "concept":
            steps.append(Wijziging(record.history_date, record.history_user, "begonnen"))
        elif before is None or record.status != before.status:
            steps.append(_step(record, gremium, with_figures=with_figures))
        before = record
    return steps[::-1]


def _step(record: Any, gremium: str, *, with_figures: bool) -> Wijziging:
    wat = f"versie {record.versie} {STEPS[record.status].format(gremium=gremium)}"
    said = record.history_change_reason or ""
    # Of an adoption it is overleg and reference: no child is counted there.
    if not with_figures and record.status != "vastgesteld":
        said = without_figures(said)
    return Wijziging(record.history_date, record.history_user, wat, said)
