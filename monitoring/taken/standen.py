"""How the agenda of each regio stands, and what comes next and when: what Mijn werk says to who has nothing to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min

from agenda.models import Agenda
from monitoring.models import Meetmoment, Rapportage, Voortgangsscore
from monitoring.overview import rapportage_of
from monitoring.taken.basis import Basis
from regio.models import Regio
from thuiszitters.models import Telmoment


@dataclass(frozen=True)
class Stand:
    """How the agenda of one regio stands: the meetmoment people work on, and what comes after it."""

    regio: Regio
    agenda: Agenda | None = None
    meetmoment: Meetmoment | None = None
    rapportage: Rapportage | None = None
    gescoord: int = 0
    doelen: int = 0
    volgende: Meetmoment | None = None
    telmoment: date | None = None


def load_standen(basis: Basis, *, with_telmoment: bool) -> list[Stand]:
    """Return a stand for each regio of `basis`, in one query; in two `with_telmoment`, the next day of counting."""
    momenten = [basis.current_moment(agenda) for agenda in basis.agenda_per_regio.values()]
    unread = [moment for moment in momenten if moment and moment.pk not in basis.gescoord]
    # Of no moment at all Django asks nothing.
    scored = basis.gescoord | dict(
        Voortgangsscore.objects.regional()
        .filter(meetmoment__in=unread, waarde__isnull=False)
        .values_list("meetmoment")
        .annotate(Count("pk"))
        .order_by()
    )
    days = dict(_next_telmomenten(basis)) if with_telmoment else {}
    return [_stand(basis, regio, scored, days.get(regio.pk)) for regio in basis.regios]


def _next_telmomenten(basis: Basis) -> Iterator[tuple[int, date]]:
    coming = Telmoment.objects.filter(regio__in=basis.regios, peildatum__gt=basis.today)
    yield from coming.order_by().values_list("regio").annotate(Min("peildatum"))


def _stand(basis: Basis, regio: Regio, scored: dict[int, int], telmoment: date | None) -> Stand:
    agenda = basis.agenda_per_regio.get(regio.pk)
    if agenda is None:
        return Stand(regio, telmoment=telmoment)
    moment = basis.current_moment(agenda)
    coming = (m for m in basis.momenten[agenda.pk] if m.peildatum > basis.today and m != moment)
    return Stand(
        regio=regio,
        agenda=agenda,
        meetmoment=moment,
        rapportage=rapportage_of(moment) if moment else None,
        gescoord=scored.get(moment.pk, 0) if moment else 0,
        doelen=getattr(agenda, "aantal_doelen", 0),
        volgende=next(coming, None),
        telmoment=telmoment,
    )
