"""Signals beside the doel that answers them: PDCA closes when a check that fires shows the act (domein.md, rule 6).

Plain data in. Which kind of signal a doel answers is a field of that doel: an indicator's check is one more kind.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from regio.signals import Signal


@dataclass(frozen=True)
class Gevraagd:
    """A signal and the doel whose act is now to be done; without a doel nobody agreed what to do about it."""

    signal: Signal
    doel: Any | None

    @property
    def act(self) -> str:
        return self.doel.bijsturing if self.doel else ""


def answered(signals: Sequence[Signal], doelen: Iterable[Any]) -> list[Gevraagd]:
    """Return each signal with every doel that answers it, in the order of the doelen; last those that none answers."""
    asked = [Gevraagd(signal, doel) for doel in doelen for signal in signals if doel.signaal == signal.kind]
    heard = {gevraagd.signal.kind for gevraagd in asked}
    return asked + [Gevraagd(signal, None) for signal in signals if signal.kind not in heard]
