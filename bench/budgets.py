"""What was promised beside what was measured: one line for each."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    HOLDS = "holds"
    FAILS = "does not hold"
    NOT_BUILT = "not built yet"
    NOT_MEASURED = "not measured"
    NO_BUDGET = ""


@dataclass(frozen=True)
class Line:
    """One budget (ADR 0030). `measured` is None where there is nothing to measure; without a `limit` it is only told.

    The limit is the most that is allowed, or with `is_least` the least. `note` says under what circumstances, or why
    nothing was measured.
    """

    name: str
    measured: float | None
    limit: float | None
    unit: str
    note: str = ""
    is_built: bool = True
    is_least: bool = False

    @property
    def verdict(self) -> Verdict:
        if not self.is_built:
            return Verdict.NOT_BUILT
        if self.measured is None:
            return Verdict.NOT_MEASURED
        if self.limit is None:
            return Verdict.NO_BUDGET
        holds = self.measured >= self.limit if self.is_least else self.measured <= self.limit
        return Verdict.HOLDS if holds else Verdict.FAILS

    def __str__(self) -> str:
        sign = "≥" if self.is_least else "≤"
        limit = f"{sign} {amount(self.limit, self.unit)}" if self.limit is not None else ""
        note = f" ({self.note})" if self.note else ""
        return f"{self.name:<66} {amount(self.measured, self.unit):>10} {limit:>12}  {self.verdict}{note}".rstrip()


def amount(value: float | None, unit: str) -> str:
    """Return `value` in as many digits as say something."""
    if value is None:
        return "–"
    digits = 0 if not unit or value >= 100 else 1 if value >= 10 or unit == "kB" else 2
    return f"{value:.{digits}f} {unit}".rstrip()


def is_broken(lines: list[Line]) -> bool:
    """Whether some budget of what is built does not hold, or is not even measured."""
    return any(line.verdict in (Verdict.FAILS, Verdict.NOT_MEASURED) for line in lines)
