"""What the matrix of monitoring/voortgang.py is made of: seven queries, however many regio's, and one for the years."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, Subquery

from agenda.models import Doel, DoelQuerySet
from monitoring.models import Meetmoment, Rapportage, Voortgangsscore
from monitoring.voortgang import Doelental, Gegevens, Ingeleverd, Ingevuld
from regio.models import Deelname, Organisatie, Regio
from thuiszitters.models import Opgave, Telmoment
from thuiszitters.schooljaar import FIRST_MONTH


def load_gegevens(regios: Sequence[Regio], schooljaar: str, today: date) -> Gegevens:
    begin = date(int(schooljaar[:4]), FIRST_MONTH, 1)
    within = {"peildatum__gte": begin, "peildatum__lt": begin.replace(year=begin.year + 1)}
    own = {regio.pk: regio for regio in regios}
    telmomenten = list(
        Telmoment.objects.filter(regio__in=own, **within).select_related("rapportage").order_by("peildatum")
    )
    doelen = _count_doelen(own)
    # What comes back and is mended later is not late for that.
    submitted = Rapportage.history.filter(meetmoment=OuterRef("pk"), voorgelegd_op__isnull=False)
    first = submitted.order_by("voorgelegd_op")
    meetmomenten = list(
        Meetmoment.objects.filter(agenda__in=doelen, **within)
        .annotate(eerst_op=Subquery(first.values("voorgelegd_op")[:1]))
        .select_related("rapportage", "agenda")
        .only("slug", "naam", "peildatum", "deadline", "rapportage", "agenda__slug", "agenda__regio")
        .order_by("peildatum")
    )
    for moment in meetmomenten:
        moment.agenda.regio = own[moment.agenda.regio_id]
    return Gegevens(
        regios=regios,
        telmomenten=_by_regio((moment.regio_id, moment) for moment in telmomenten),
        meetmomenten=_by_regio((moment.agenda.regio_id, moment) for moment in meetmomenten),
        gemeenten=_gemeenten(own),
        opgaven=_opgaven(telmomenten),
        scores=_scores(meetmomenten),
        doelen=doelen,
        today=today,
    )


def load_peildata(regios: Sequence[Regio]) -> list[date]:
    """Return each day on which one of these regio's scores or counts, in one query."""
    scored = Meetmoment.objects.filter(agenda__in=_scored_doelen(regios).values("thema__agenda"))
    counted = Telmoment.objects.filter(regio__in=regios)
    first, second = (rows.order_by().values_list("peildatum", flat=True) for rows in (scored, counted))
    return list(first.union(second))


def _by_regio(pairs: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for regio_id, thing in pairs:
        found.setdefault(regio_id, []).append(thing)
    return found


def _count_doelen(own: dict[int, Regio]) -> dict[int, Doelental]:
    """Return how many doelen each agenda has; one without, or without a scale, is not scored."""
    rows = _scored_doelen(own).values("thema__agenda")
    counted = rows.annotate(alle=Count("pk"), aantal_lokaal=Count("pk", filter=Q(lokaal=True)))
    return {row["thema__agenda"]: Doelental(row["alle"], row["aantal_lokaal"]) for row in counted}


def _scored_doelen(regios: Iterable[Any]) -> DoelQuerySet:
    return Doel.objects.filter(thema__agenda__regio__in=regios, thema__agenda__schaal__isnull=False).order_by()


def _gemeenten(own: dict[int, Regio]) -> dict[int, list[tuple[Organisatie, date, date | None]]]:
    deelnames = Deelname.objects.filter(regio__in=own, organisatie__soort=Organisatie.Soort.GEMEENTE)
    rows = deelnames.select_related("organisatie").order_by("organisatie__naam", "van")
    return _by_regio((row.regio_id, (row.organisatie, row.van, row.tot)) for row in rows)


def _opgaven(telmomenten: Sequence[Telmoment]) -> dict[tuple[int, int], Ingeleverd]:
    rows = Opgave.objects.filter(telmoment__in=[moment.pk for moment in telmomenten]).order_by()
    fields = ("telmoment", "gemeente", "status", "ingediend_op", "eerst_op")
    found = rows.with_eerst_op().values_list(*fields).annotate(laatst=Max("telling__gewijzigd_op"))
    return {(moment, gemeente): Ingeleverd(*rest) for moment, gemeente, *rest in found}


def _scores(meetmomenten: Sequence[Meetmoment]) -> dict[tuple[int, int | None], Ingevuld]:
    """Return per meetmoment and whose scores: None are the regio's own."""
    rows = Voortgangsscore.objects.filter(meetmoment__in=[moment.pk for moment in meetmomenten])
    rows = rows.filter(Q(organisatie=None) | Q(doel__lokaal=True)).order_by()
    found = rows.values_list("meetmoment", "organisatie").annotate(Count("waarde"), Max("gewijzigd_op"))
    return {(moment, whose): Ingevuld(*rest) for moment, whose, *rest in found}
