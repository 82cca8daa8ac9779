"""Who did it: every change in the history names a person, and what matters for security leaves one line in the log."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone

from regio.models import Gebruiker

logger = logging.getLogger("agendamonitor.audit")


def sign(instance: Any, by: Gebruiker, *, reason: str | None = None, op: datetime | None = None) -> None:
    """Make `by` the author of the next change to `instance` in its history, and keep `reason` with it.

    `op` dates the change, for what happened before it was entered here; without it the change happens now.
    Raises TypeError for a visitor who is not signed in, so that no view can write in nobody's name.
    """
    if not isinstance(by, Gebruiker):
        raise TypeError(f"{by!r} cannot change {instance!r}: somebody must be signed in.")
    instance._history_user = by
    instance._change_reason = reason
    if op is not None:
        instance._history_date = op


class Event(StrEnum):
    """What leaves a line in the log (docs/adr/0015); the words are for whoever reads the log."""

    AANGEMELD = "aangemeld"
    AANMELDEN_MISLUKT = "aanmelden-mislukt"
    AFGEMELD = "afgemeld"
    BEVEILIGING = "beveiliging-gewijzigd"
    GEWEIGERD = "geweigerd"
    EXPORT = "export"
    IMPORT = "import"
    BESLUIT = "besluit"
    PUBLICATIE = "publicatie"
    MAIL = "mail"


# What can happen before anybody is known, and what nobody does by hand.
ANONYMOUS = {Event.AANMELDEN_MISLUKT, Event.GEWEIGERD, Event.MAIL}
# An id, a slug, a route or a file format: no spaces, no @, so no sentence and no address slips in.
CODE = re.compile(r"[\w.:/-]{0,100}", re.ASCII)


@contextmanager
def nothing_recorded() -> Iterator[None]:
    """Write no line meanwhile: a demo tells what people did, and nobody did it."""
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False


def record(event: Event, *, by: Any, **details: str | int | None) -> None:
    """Write one line of JSON: what happened, by whom (an id), and `details` in codes, never in sentences.

    Raises TypeError when nobody is signed in where somebody must be, ValueError for a detail that is no code: it could
    hold personal data.
    """
    person = by if isinstance(by, Gebruiker) else None
    if person is None and event not in ANONYMOUS:
        raise TypeError(f"{event}: somebody must be signed in, not {by!r}.")
    for name, value in details.items():
        if isinstance(value, str) and not CODE.fullmatch(value):
            raise ValueError(f"{event}: {name} holds more than a code; the log keeps no text that people wrote.")
    line = {"tijd": timezone.now().isoformat(timespec="seconds"), "gebeurtenis": event, "door": person and person.pk}
    logger.info(json.dumps(line | details))
