"""Questions that wait for an answer of this person."""

from collections.abc import Iterator
from itertools import groupby

from monitoring.models import Vraag
from monitoring.taken.basis import Basis
from monitoring.taken.items import Punt, Soort, Taak
from regio.days import format_day


def vragen_to_answer(basis: Basis) -> Iterator[Taak]:
    """Yield a taak for each regio with questions that this person answers, the oldest question first."""
    if not basis.gebruiker.lidmaatschappen:
        return
    waiting = Vraag.objects.unanswered().answerable_by(basis.gebruiker).with_place()
    for regio, vragen in groupby(waiting.order_by("regio__naam", "gesteld_op", "pk"), key=lambda vraag: vraag.regio):
        yield Taak(
            soort=Soort.VRAGEN,
            kop=f"Vragen om te beantwoorden – {regio}",
            punten=tuple(Punt(vraag.tekst, f"{vraag.get_absolute_url()}#antwoord", _about(vraag)) for vraag in vragen),
        )


def _about(vraag: Vraag) -> str:
    day = format_day(vraag.gesteld_op)
    return f"{vraag.gesteld_door}, {day}, over {vraag.waarover}"
