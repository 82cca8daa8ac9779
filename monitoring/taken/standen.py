"""How the agenda of each regio stands, and what comes next and when: what Mijn werk says to who has nothing to do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Min, Q

from agenda.models import Agenda
from monitoring.models import Meetmoment, Rapportage, Voortgangsscore
from monitoring.overview import rapportage_of
from monitoring.taken.basis import Basis
from regio.models import Regio
from thuiszitters.models import Telmoment
from thuiszitters.schooljaar import bounds_of, schooljaar_of


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
    # Whether this school year has anything to enter; read together with the telmoment.
    wordt_ingevoerd: bool = False


def load_standen(basis: Basis, *, with_telmoment: bool) -> list[Stand]:
    """Return a stand for each regio of `basis`, in one query; in two `with_telmoment`, what comes and when."""
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
    standen = (_stand(basis, regio, scored) for regio in basis.regios)
    return list(_with_telmomenten(basis, standen) if with_telmoment else standen)


def _with_telmomenten(basis: Basis, standen: Iterable[Stand]) -> Iterator[Stand]:
    """Add to each stand the next day of counting, and whether anything is entered in this school year."""
    begin, end = bounds_of(schooljaar_of(basis.today))
    found = Telmoment.objects.filter(regio__in=basis.regios, peildatum__gte=begin).order_by().values_list("regio")
    telmomenten = found.annotate(
        volgende=Min("peildatum", filter=Q(peildatum__gt=basis.today)),
        dit_jaar=Count("pk", filter=Q(peildatum__lte=end)),
    )
    days = {regio: (day, number) for regio, day, number in telmomenten}
    moments = (moment for line in basis.momenten.values() for moment in line)
    scoring = {moment.agenda.regio_id for moment in moments if begin <= moment.peildatum <= end}
    for stand in standen:
        day, number = days.get(stand.regio.pk, (None, 0))
        yield replace(stand, telmoment=day, wordt_ingevoerd=bool(number) or stand.regio.pk in scoring)


def _stand(basis: Basis, regio: Regio, scored: dict[int, int]) -> Stand:
    agenda = basis.agenda_per_regio.get(regio.pk)
    if agenda is None:
        return Stand(regio)
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
    )
