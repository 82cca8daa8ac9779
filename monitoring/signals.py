"""Signals beside the doel that answers them: PDCA closes when a check that fires shows the act (domein.md, rule 6).

Plain data in. Which kind of signal a doel answers is a field of that doel; that of an indicator names its own doel.
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
    asked = [Gevraagd(signal, doel) for doel in doelen for signal in signals if _answers(doel, signal)]
    heard = [gevraagd.signal for gevraagd in asked]
    return asked + [Gevraagd(signal, None) for signal in signals if signal not in heard]


def _answers(doel: Any, signal: Signal) -> bool:
    return doel.pk == signal.doel if signal.doel else doel.signaal == signal.kind
