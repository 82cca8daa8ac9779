"""A signal: what is counted or measured asks for something. Apps raise them; monitoring gathers and shows them."""

from dataclasses import dataclass

from django.db.models import TextChoices


class SignalKind(TextChoices):
    """Which agreement a signal is about; a doel whose check hangs on it answers with its own act."""

    AANBODGEBREK = "aanbodgebrek", "leerlingen zitten thuis door gebrek aan passend aanbod (norm: 0)"
    AMBITIE = "ambitie", "leerlingen zitten langer dan drie maanden thuis zonder aanbod (norm: 0)"


@dataclass(frozen=True)
class Signal:
    """Something that asks for action: what it is, one sentence with the number and the day, and where its source is.

    `doel` is the id of the one doel that it is about; None where every doel with this `kind` as its check answers it.
    """

    kind: str
    label: str
    tekst: str
    url: str
    doel: int | None = None
