"""Who did it: every change in the history names a person, and an anonymous one is an error."""

from typing import Any

from regio.models import Gebruiker


def sign(instance: Any, by: Gebruiker, *, reason: str | None = None) -> None:
    """Make `by` the author of the next change to `instance` in its history, and keep `reason` with it.

    Raises TypeError for a visitor who is not signed in, so that no view can write in nobody's name.
    """
    if not isinstance(by, Gebruiker):
        raise TypeError(f"{by!r} cannot change {instance!r}: somebody must be signed in.")
    instance._history_user = by
    instance._change_reason = reason
