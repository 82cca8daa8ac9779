"""What a count can be, and how counts are added: missing is not zero (domein.md, rule 1). Plain data, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The three states of a count. They differ on screen, in the report and in every file."""

    OPGEGEVEN = "opgegeven"
    ONBEKEND = "onbekend"
    GEEN_OPGAVE = "geen opgave"


@dataclass(frozen=True)
class Count:
    """One count as it was returned: a number, "onbekend", or nothing at all."""

    status: Status
    aantal: int | None = None

    def __post_init__(self) -> None:
        if (self.status == Status.OPGEGEVEN) != (self.aantal is not None):
            raise ValueError(f"{self.status} with {self.aantal}: a number belongs to {Status.OPGEGEVEN} and to nothing else")

    def __str__(self) -> str:
        return str(self.aantal) if self.aantal is not None else self.status


UNKNOWN = Count(Status.ONBEKEND)
MISSING = Count(Status.GEEN_OPGAVE)


def given(aantal: int) -> Count:
    return Count(Status.OPGEGEVEN, aantal)


@dataclass(frozen=True)
class Total:
    """A sum that says of how many counts it is the sum; without one number there is no sum, which is not zero."""

    aantal: int | None
    opgegeven: int
    van: int

    @property
    def is_complete(self) -> bool:
        return self.opgegeven == self.van

    @property
    def dekking(self) -> str:
        """How much of what was asked is in the sum."""
        return f"{self.opgegeven} van {self.van}"

    def __str__(self) -> str:
        words = "geen opgave" if self.aantal is None else str(self.aantal)
        return words if self.is_complete else f"{words} ({self.dekking})"


def total(counts: Iterable[Count]) -> Total:
    """Return the sum of the numbers among `counts`, and how many of them were numbers."""
    everything = list(counts)
    numbers = [count.aantal for count in everything if count.aantal is not None]
    return Total(sum(numbers) if numbers else None, len(numbers), len(everything))
