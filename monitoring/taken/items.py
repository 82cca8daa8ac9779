"""The one shape of everything that can stand in Mijn werk."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Soort(StrEnum):
    """What kind of thing somebody is asked to do."""

    SCORES = "scores"
    VOORLEGGEN = "voorleggen"
    VASTSTELLEN = "vaststellen"
    OPGAVEN = "opgaven"
    SIGNAAL = "signaal"
    VRAGEN = "vragen"


@dataclass(frozen=True)
class Punt:
    """One thing to do. `url` leads straight to its field, `uitleg` says what it lacks or why it came back."""

    tekst: str
    url: str
    uitleg: str = ""
    code: str = ""


@dataclass(frozen=True)
class Knop:
    """Where a button leads; `van` tells a screen reader what it is about."""

    tekst: str
    url: str
    van: str = ""


@dataclass(frozen=True)
class Voortgang:
    """How much of a taak is done, in words and as a bar."""

    gedaan: int
    totaal: int
    tekst: str


@dataclass(frozen=True)
class Taak:
    """What belongs together and has one deadline: at least one punt, under one heading.

    `uitleg` is what to do; `teruggegeven` says that it came back or was reopened, and `reden` why. `sinds` is when it
    came, where it has no deadline.
    """

    soort: Soort
    kop: str
    punten: tuple[Punt, ...]
    knoppen: tuple[Knop, ...] = ()
    deadline: date | None = None
    sinds: str = ""
    uitleg: str = ""
    teruggegeven: str = ""
    reden: str = ""
    voortgang: Voortgang | None = None
    # It was handed in before and came back: the day before which it was asked first makes nobody late again.
    is_terug: bool = False

    def __post_init__(self) -> None:
        if not self.punten:
            raise ValueError(f"{self.kop}: nothing to do is no taak.")

    @property
    def aantal(self) -> int:
        return len(self.punten)
