"""What a count can be, and how counts are added: missing is not zero (domein.md, rule 1). Plain data, no database."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

UNKNOWN_WORDS = frozenset({"?", "onbekend"})
AANTAL_MAX = 99_999


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
            raise ValueError(
                f"{self.status} with {self.aantal}: a number belongs to {Status.OPGEGEVEN} and to nothing else"
            )

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


@lru_cache(maxsize=4096)
def total_of(aantal: int | None, opgegeven: int, van: int) -> Total:
    """Return the Total of these numbers; the same few come again and again."""
    return Total(aantal, opgegeven, van)


def total(counts: Iterable[Count]) -> Total:
    """Return the sum of the numbers among `counts`, and how many of them were numbers."""
    everything = list(counts)
    numbers = [count.aantal for count in everything if count.aantal is not None]
    return total_of(sum(numbers) if numbers else None, len(numbers), len(everything))


def coverage(cells: Sequence[Total], what: str) -> str:
    """Return how many of the places of `cells` are in their sum, "4 van 5 gemeenten".

    "4 van 5 gemeenten en een deel" holds what is known of a fifth that does not know everything.
    """
    said = f"{sum(cell.is_complete for cell in cells)} van {len(cells)} {what}"
    return f"{said} en een deel" if any(0 < cell.opgegeven < cell.van for cell in cells) else said


def read_count(text: str) -> Count:
    """Return the count that somebody typed: a whole number, "?" for unknown, nothing for nothing.

    Raises ValueError with a sentence that says what to mend.
    """
    plain = text.strip().lower()
    if not plain:
        return MISSING
    if plain in UNKNOWN_WORDS:
        return UNKNOWN
    if plain.isascii() and plain.isdecimal():
        # A long row of digits is refused before it is a number.
        if len(plain.lstrip("0")) > len(str(AANTAL_MAX)) or int(plain) > AANTAL_MAX:
            raise ValueError(f"{text.strip()[:20]} is te groot. Het hoogste aantal is {AANTAL_MAX}.")
        return given(int(plain))
    if re.fullmatch(r"[-−–]\s*\d+([.,]\d+)?", plain):
        raise ValueError(f"{text.strip()} is negatief. Vul 0 of een hoger aantal in.")
    if re.fullmatch(r"\d+[.,]\d+", plain):
        raise ValueError(f"{text.strip()} is geen heel getal. Vul een aantal leerlingen in, zonder punt of komma.")
    raise ValueError(f"‘{text.strip()[:40]}’ is geen aantal. Vul een heel getal in, of ? als het aantal onbekend is.")
