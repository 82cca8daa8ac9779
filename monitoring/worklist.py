"""Mijn werk: exactly the open items of one person, each one click from its field, in a fixed number of queries."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from monitoring.taken.basis import Basis, load_basis
from monitoring.taken.items import Taak
from monitoring.taken.kwartalen import kwartalen_to_decide
from monitoring.taken.opgaven import opgaven_to_return
from monitoring.taken.rapportages import rapportages_to_adopt
from monitoring.taken.scores import scores_to_enter
from monitoring.taken.signalen import checks_that_fired
from monitoring.taken.standen import Stand, load_standen
from monitoring.taken.vragen import vragen_to_answer
from regio.models import Gebruiker, Regio

# Who gives taken, each in a fixed number of queries for one regio and for all; a new kind is one more of these.
PROVIDERS: tuple[Callable[[Basis], Iterator[Taak]], ...] = (
    scores_to_enter,
    rapportages_to_adopt,
    opgaven_to_return,
    kwartalen_to_decide,
    checks_that_fired,
    vragen_to_answer,
)


@dataclass(frozen=True)
class Worklist:
    """What is open for one person, by deadline, and how their regio's stand."""

    taken: list[Taak]
    standen: list[Stand]

    @property
    def aantal(self) -> int:
        return sum(taak.aantal for taak in self.taken)


def load_worklist(gebruiker: Gebruiker, regios: Iterable[Regio], today: date) -> Worklist:
    """Return what `gebruiker` has to do in `regios`, in as many queries for one regio as for all."""
    basis = load_basis(gebruiker, list(regios), today)
    taken = [taak for provider in PROVIDERS for taak in provider(basis)]
    taken.sort(key=lambda taak: (taak.deadline or date.max, taak.kop))
    return Worklist(taken, load_standen(basis, with_telmoment=not taken))
