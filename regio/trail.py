"""The audit for a beheerder: who changed what and when, over everything that keeps a history, row by row.

A row names the person who did it and nobody else: what changed is named by the kind and the number that it has in
Beheer and by its fields, never by what stands in them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.db.models import F, QuerySet, Value
from django.utils import timezone

from regio.models import Regio
from regio.scope import RegioQuerySet

COLUMNS = ("tijd", "regio", "soort", "nummer", "handeling", "velden", "reden", "door", "e-mailadres")
DEEDS = {"+": "toegevoegd", "~": "gewijzigd", "-": "verwijderd"}
# What changes along with every save, and says nothing of its own.
ALONG = {"versie", "gewijzigd_op", "gewijzigd_door"}
ROWS_AT_ONCE = 2000
MOST_ROWS_OF_XLSX = 1_048_575


@dataclass(frozen=True)
class Period:
    """From the first day up to and including the last; None is open."""

    van: date | None = None
    tot: date | None = None

    def holds(self, moment: datetime) -> bool:
        day = timezone.localdate(moment)
        return (self.van is None or self.van <= day) and (self.tot is None or day <= self.tot)


def kept_models() -> list[Any]:
    """Return the models that keep a history, by the name that people give them."""
    found = [model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute")]
    return sorted(found, key=lambda model: str(model._meta.verbose_name))


def path_of(model: Any) -> str | None:
    """Return how a record of `model` leads to its regio: a lookup path, "" for the regio itself, None for no regio."""
    scope = model._default_manager.all()
    if not isinstance(scope, RegioQuerySet):
        return None
    first = scope.regio_path.split("__")[0]
    # An organisatie takes part in several regio's, so that its history is of none.
    return scope.regio_path if not first or first in {field.name for field in model._meta.fields} else None


def audit_rows(regio: Regio | None, period: Period) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each change, kind by kind and thing by thing; with `regio` only what lies in it."""
    for model in kept_models():
        path = path_of(model)
        if regio is None or path is not None:
            yield from _rows_of(model, path, regio, period)


def _rows_of(model: Any, path: str | None, regio: Regio | None, period: Period) -> Iterator[tuple[Any, ...]]:
    fields = [f.attname for f in model.history.model.tracked_fields if f.name not in ALONG]
    names = {f.attname: str(f.verbose_name) for f in model.history.model.tracked_fields}
    before: dict[str, Any] | None = None
    for record in _records(model, path, regio, period, fields).iterator(chunk_size=ROWS_AT_ONCE):
        same = before is not None and before["id"] == record["id"]
        if period.holds(record["history_date"]):
            changed = [names[f] for f in fields if same and before and before[f] != record[f]]
            yield (
                timezone.localtime(record["history_date"]).isoformat(timespec="seconds"),
                record["van_regio"] or "",
                str(model._meta.verbose_name),
                record["id"],
                DEEDS[record["history_type"]],
                ", ".join(changed) if record["history_type"] == "~" else "",
                record["history_change_reason"] or "",
                record["door_naam"] or "onbekend",
                record["door_email"] or "",
            )
        before = record


def audit_size(regio: Regio | None, period: Period) -> int:
    """Return how many rows audit_rows yields, without making them."""
    begin = timezone.make_aware(datetime.combine(period.van, time.min)) if period.van else None
    kept = [(model, path_of(model)) for model in kept_models()]
    records = [_until(model, path, regio, period) for model, path in kept if regio is None or path is not None]
    return sum(found.filter(history_date__gte=begin).count() if begin else found.count() for found in records)


def _until(model: Any, path: str | None, regio: Regio | None, period: Period) -> QuerySet:
    records = model.history.all()
    if regio is not None:
        records = records.filter(**{path or "id": regio.pk})
    if period.tot:
        records = records.filter(history_date__lte=timezone.make_aware(datetime.combine(period.tot, time.max)))
    return records


def _records(model: Any, path: str | None, regio: Regio | None, period: Period, fields: list[str]) -> QuerySet:
    """Return the records up to the end of `period`: what stood before its beginning tells what its first changed."""
    records = _until(model, path, regio, period)
    slug = Value("") if path is None else F(f"{path}__slug" if path else "slug")
    # Not called regio, naam and email: some of the models have fields of those names.
    rows = records.order_by("id", "history_date", "history_id").annotate(
        van_regio=slug, door_naam=F("history_user__naam"), door_email=F("history_user__email")
    )
    own = {*fields, "id", "history_date", "history_type", "history_change_reason"}
    return rows.values(*own, "van_regio", "door_naam", "door_email")


def stream_json(rows: Iterator[tuple[Any, ...]]) -> Iterator[bytes]:
    yield b"["
    for number, row in enumerate(rows):
        text = json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False)
        yield f"{',' if number else ''}\n{text}".encode()
    yield b"\n]\n"
