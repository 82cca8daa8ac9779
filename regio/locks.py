"""What Beheer and an import change no more of a thing, and why.

A room above says so of what it holds on to in a room below.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model


@dataclass(frozen=True)
class Lock:
    """These `fields` of a thing stay as they are while `holds` says so of it; `why` tells that to who opens it."""

    fields: tuple[str, ...]
    why: str
    holds: Callable[[Any], bool]


_locks: defaultdict[type[Model], list[Lock]] = defaultdict(list)


def lock(model: type[Model], *fields: str, why: str, when: Callable[[Any], bool]) -> None:
    _locks[model].append(Lock(fields, why, when))


def require_unlocked(thing: Model, field: str) -> None:
    """Raise ValidationError with the reason when `field` of a thing that is there already stays as it is."""
    for held in locks_on(thing) if thing.pk else ():
        if field in held.fields:
            raise ValidationError(held.why)


def locks_on(thing: Model) -> list[Lock]:
    """Return the locks that hold, asked once for each time that `thing` is read."""
    known = thing.__dict__
    if "_locks" not in known:
        known["_locks"] = [one for one in _locks[type(thing)] if one.holds(thing)]
    return known["_locks"]
