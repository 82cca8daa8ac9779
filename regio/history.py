"""What changed, in words for people: the difference between two texts, and the values of a field in its history."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from diff_match_patch import diff_match_patch
from django.db.models import Field, ManyToManyField, Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from simple_history.manager import HistoryManager
from simple_history.models import DeletedObject, ModelChange
from simple_history.models import HistoricalRecords as BaseHistoricalRecords
from simple_history.utils import get_m2m_reverse_field_name

from regio.days import format_day

EMPTY = "(leeg)"
GONE = "(verwijderd)"
# Up to this length old and new stand whole beside each other; longer texts show what changed within them.
SHORT = 60
# Of so many letters in a row that each word of a text gets its own: none of them is white space or the end of a line.
FIRST_LETTER = 0x20000


class KeptHistoryManager(HistoryManager):
    """A manager of history whose class is made once; django-simple-history makes it anew at each look at `history`."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[QuerySet], class_name: str | None = None) -> type[HistoryManager]:
        return super().from_queryset(queryset_class, class_name)


class HistoricalRecords(BaseHistoricalRecords):
    """The history of a model: who changed what, when, and what stood there before."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"history_manager": KeptHistoryManager, **options})


@dataclass(frozen=True)
class Difference:
    """An old and a new text. In a template it is the new text with what went (del) and what came (ins) marked."""

    old: str
    new: str

    def __str__(self) -> SafeString:
        if self.old == self.new:
            return format_html("{}", self.new)
        if max(len(self.old), len(self.new)) <= SHORT or not (self.old and self.new):
            parts = [(-1, self.old), (1, self.new)]
        else:
            parts = _by_word(self.old, self.new)
        return format_html_join("", "{}", ((_marked(operation, text),) for operation, text in parts if text))


def _by_word(old: str, new: str) -> list[tuple[int, str]]:
    """Compare whole words: half a word that went beside half a word that came cannot be read.

    For diff-match-patch each different word is one letter.
    """
    known: dict[str, str] = {}
    sides = [
        [known.setdefault(word, chr(FIRST_LETTER + len(known))) for word in re.split(r"(\W)", text)]
        for text in (old, new)
    ]
    engine = diff_match_patch()
    parts = engine.diff_main(*map("".join, sides), False)  # noqa: FBT003 - not by line
    engine.diff_cleanupSemantic(parts)
    words = list(known)
    return [(operation, "".join(words[ord(sign) - FIRST_LETTER] for sign in signs)) for operation, signs in parts]


def _marked(operation: int, text: str) -> SafeString:
    """One stretch of a difference, as diff-match-patch tells it: −1 went, 1 came, 0 stayed."""
    return format_html({-1: "<del>{}</del> ", 0: "{}", 1: "<ins>{}</ins>"}[operation], text)


def field_change(model: type[Model], change: ModelChange) -> tuple[str, Difference]:
    """Return the name of the changed field and what stood and stands there."""
    field: Any = model._meta.get_field(change.field)
    return str(field.verbose_name), Difference(readable(field, change.old), readable(field, change.new))


def readable(field: Field, value: Any) -> str:
    """Return a stored `value` of `field` as the pages say it."""
    if isinstance(field, ManyToManyField):
        name = get_m2m_reverse_field_name(field)
        value = ", ".join(sorted(str(row[name]) for row in value))
    if isinstance(value, DeletedObject):
        # What the history calls deleted may never have been there.
        return GONE if value.pk else EMPTY
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return _as_people_write(dict(field.flatchoices).get(value, value))


def _as_people_write(value: Any) -> str:
    if isinstance(value, Decimal):
        return number_format(value, use_l10n=True, force_grouping=True)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y H:i")
    return format_day(value) if isinstance(value, date) else str(value)
