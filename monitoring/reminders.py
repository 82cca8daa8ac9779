"""Whom to remind of what, and when (issue: Mail). Plain data in, reminders out; no database, no clock.

A deadline is the day before which something is to be entered. Reminders come 30, 7 and 1 day before it; 1, 7, and then
every 30 days after it (30, 60, 90 …), for as long as the thing is not done.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from regio.recipients import Aan

DAYS_BEFORE = (30, 7, 1)
DAYS_AFTER = (1, 7)
EVERY_DAYS_AFTER = 30


@dataclass(frozen=True)
class Invoertaak:
    """One thing that is still to be entered, and who is told of it; without a deadline nobody is reminded by itself."""

    betreft: str
    regio: int
    deadline: date | None
    aan: Aan


@dataclass(frozen=True)
class Herinnering:
    """That the people of a taak are reminded, by the step of the rule that asks for it."""

    taak: Invoertaak
    stap: str

    @property
    def sleutel(self) -> str:
        """The name of this reminder: a deadline that moves begins anew, a day that is decided twice does not."""
        return f"{self.taak.betreft}:{self.taak.deadline}:{self.stap}"


def step_on(day: date, deadline: date) -> str | None:
    """Return which step of the rule falls on `day`; None on every other day, the deadline itself too."""
    days = (day - deadline).days
    if -days in DAYS_BEFORE:
        return f"{-days} voor"
    if days in DAYS_AFTER or (days > 0 and days % EVERY_DAYS_AFTER == 0):
        return f"{days} na"
    return None


def reminders_on(day: date, taken: Iterable[Invoertaak]) -> Iterator[Herinnering]:
    """Yield what the rule asks for on `day` of what is still to be done."""
    for taak in taken:
        stap = step_on(day, taak.deadline) if taak.deadline else None
        if stap and taak.aan.mensen:
            yield Herinnering(taak, stap)


def days_to_decide(last: date | None, today: date, at_most: int) -> list[date]:
    """Return the days whose reminders are to be decided: today, and those since `last` on which nothing ran."""
    first = max(last + timedelta(days=1), today - timedelta(days=at_most)) if last else today
    return [first + timedelta(days=n) for n in range((today - first).days)] + [today]
