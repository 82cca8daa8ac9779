"""What somebody else saved while a form of Beheer stood open: its reader sees both and chooses (domein.md, rule 9)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field, Manager, Model, OuterRef, QuerySet, Subquery
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.utils import get_m2m_reverse_field_name

from regio.history import readable
from regio.keys import is_key

SEEN = "gezien"
NEWEST = "nieuwste_versie"


class SeenField(forms.Field):
    """The number of the newest version that the reader of a form saw; never a change by itself."""

    widget = forms.HiddenInput

    def __init__(self, newest: int | None) -> None:
        super().__init__(required=False, initial=newest)

    def to_python(self, value: Any) -> int | None:
        return int(value) if value and is_key(value) else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def with_newest(things: QuerySet) -> QuerySet:
    """Read along the number of the newest version of each, so that a form for each asks nothing."""
    model: Any = things.model
    if not hasattr(model, "history"):
        return things
    return things.annotate(**{NEWEST: Subquery(_versions(model, OuterRef("pk")).values("pk")[:1])})


def _versions(model: Any, pk: Any) -> QuerySet:
    return model.history.filter(**{model._meta.pk.attname: pk})


def last_if_removed(model: Any, pk: Any) -> Any:
    """Return the last version of what was removed, None for what never was there or still is."""
    last = _versions(model, pk).select_related("history_user").first() if hasattr(model, "history") else None
    return last if last and last.history_type == "-" else None


class SeenForm(forms.ModelForm):
    """A form that puts nothing over what somebody else saved after its reader opened it.

    What the reader did not touch comes from the other; of what both changed both are shown, and the next save counts.
    """

    reader: Any = None
    moved_on = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        thing: Any = self.instance
        if thing.pk and hasattr(type(thing), "history"):
            known = hasattr(thing, NEWEST)
            self.fields[SEEN] = SeenField(getattr(thing, NEWEST) if known else self._first_id(self._versions()))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if SEEN in self.fields and self.fields[SEEN].initial != self.cleaned_data.get(SEEN):
            self._compare(self._versions().filter(pk=self.cleaned_data.get(SEEN)).first())
        return cleaned

    def _versions(self) -> QuerySet:
        return _versions(type(self.instance), self.instance.pk)

    def _first_id(self, versions: QuerySet) -> int | None:
        return versions.values_list("pk", flat=True).first()

    def _compare(self, seen: Any) -> None:
        """Refuse what would go over another's save, or put back without a word what the reader saved elsewhere."""
        others = self._saved_by_others(seen)
        moved = [name for name in self.changed_data if name in self._moved_since(seen)]
        untouched = [name for name in moved if seen and self._is_as_seen(name, seen)]
        refused = moved if others else untouched
        if not refused:
            return
        self.moved_on = True
        self.add_error(None, _summary(others or [self._versions().first()]))
        texts = {name: self._both_texts(name, untouched=name in untouched) for name in refused}
        for name, text in texts.items():
            self.add_error(name, text)
        self._take_over(untouched)

    def _saved_by_others(self, seen: Any) -> list[Any]:
        since = self._versions().filter(pk__gt=seen.pk) if seen else self._versions()
        return list(since.exclude(history_user=self.reader).select_related("history_user"))

    def _moved_since(self, seen: Any) -> set[str]:
        if seen is None:
            return set(self.fields)
        return set(self._versions()[0].diff_against(seen).changed_fields)

    def _is_as_seen(self, name: str, seen: Any) -> bool:
        return not self.fields[name].has_changed(_stored(seen, self._field(name)), self[name].data)

    def _field(self, name: str) -> Any:
        return self.instance._meta.get_field(name)

    def _both_texts(self, name: str, *, untouched: bool) -> str:
        field = self._field(name)
        there = f"Er staat nu: ‘{_in_words(field, getattr(self.instance, name))}’"
        if untouched:
            return f"{there}\nDat ziet u nu ook hier, want u had dit niet gewijzigd."
        return f"{there}\nU vulde in: ‘{_in_words(field, self.cleaned_data.get(name, self[name].data))}’"

    def _take_over(self, names: Iterable[str]) -> None:
        """Show in the form what stands there now of `names`, and that its reader saw all of it."""
        data: Any = self.data
        data = self.data = data.copy()
        for name in (*names, SEEN):
            value = self.fields[name].prepare_value(self.get_initial_for_field(self.fields[name], name))
            put = data.setlist if isinstance(value, list) else data.__setitem__
            put(self.add_prefix(name), value)


class SeenFormSet(BaseInlineFormSet):
    """Rows of a form that somebody else may have removed or changed since its reader opened it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.gone = self._leave_out_what_is_gone() if self.is_bound else False

    def get_queryset(self) -> Any:
        """Return what was sent in the order in which it was sent: another row may have come between."""
        rows = super().get_queryset()
        if not self.is_bound:
            return rows
        by_pk = {str(row.pk): row for row in rows}
        return [by_pk[pk] for pk in self._sent() if pk in by_pk]

    def clean(self) -> None:
        super().clean()
        if self.gone:
            raise ValidationError(
                "Iemand anders verwijderde hier intussen een rij. Er is nog niets opgeslagen. Sla nog eens op als de"
                " rijen hieronder zo goed zijn."
            )
        if any(getattr(form, "moved_on", False) for form in self.deleted_forms):
            raise ValidationError(
                "Een rij die u wilt verwijderen, is intussen gewijzigd. Kijk of ze nog weg kan, en sla nog eens op."
            )

    def _sent(self) -> list[str]:
        model: Any = self.model
        name = model._meta.pk.name
        return [self.data.get(f"{self.prefix}-{i}-{name}", "") for i in range(self.initial_form_count())]

    def _leave_out_what_is_gone(self) -> bool:
        """Number what was sent anew without the rows that exist no more, and return whether there were any."""
        there = {str(row.pk) for row in super().get_queryset()}
        gone = [i for i, pk in enumerate(self._sent()) if pk not in there]
        if gone:
            self._keep([i for i in range(self.total_form_count()) if i not in gone], len(gone))
        return bool(gone)

    def _keep(self, kept: list[int], gone: int) -> None:
        sent: Any = self.data
        data = sent.copy()
        rows = [name for name in data if name.startswith(f"{self.prefix}-")]
        values = {name: data.pop(name) for name in rows}
        for new, old in enumerate(kept):
            old_row, new_row = f"{self.prefix}-{old}-", f"{self.prefix}-{new}-"
            for name in rows:
                if name.startswith(old_row):
                    data.setlist(name.replace(old_row, new_row, 1), values[name])
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(kept))
        data[f"{self.prefix}-INITIAL_FORMS"] = str(self.initial_form_count() - gone)
        self.data = data
        del self.management_form


def _stored(version: Any, field: Any) -> Any:
    """Return what `version` holds of `field`, as a form takes it for what stood there."""
    if field.many_to_many:
        reverse = f"{get_m2m_reverse_field_name(field)}_id"
        return [getattr(row, reverse) for row in getattr(version, field.name).all()]
    return getattr(version, field.attname)


def _in_words(field: Field, value: Any) -> str:
    if isinstance(value, Manager | QuerySet):
        return ", ".join(sorted(map(str, value.all()))) or readable(field, "")
    return readable(field, value) if not isinstance(value, Model) else str(value)


def _summary(versions: list[Any]) -> str:
    """Say who saved `versions`, the newest first, and what to do now."""
    names = list(dict.fromkeys(str(version.history_user or "een onbekende") for version in versions))
    who = f"{', '.join(names[1:])} en {names[0]}" if names[1:] else names[0]
    when = date_format(timezone.localtime(versions[0].history_date), "j F Y H:i")
    return (
        f"Dit is intussen gewijzigd door {who}, het laatst op {when}. Wat u invulde staat er nog, maar is niet"
        " opgeslagen. Kijk bij elk veld hieronder wat er nu staat, en kies. Sla daarna nog eens op: dan geldt wat u"
        " hier ziet."
    )
