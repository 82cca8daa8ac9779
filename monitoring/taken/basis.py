"""What all kinds of taken start from: whose work it is, on which day, and which agenda's ask something of people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef

from agenda.models import Agenda, Doel, Trekker, choose_current
from monitoring.measured import with_indicatoren
from monitoring.models import Meetmoment, Rapportage
from monitoring.taken.unsettled import Kwartaal, load_unsettled
from regio.models import Gebruiker, Regio
from regio.permissions import Permission

COUNTING = {
    Permission.AANTALLEN_INVOEREN,
    Permission.ALLE_AANTALLEN_INVOEREN,
    Permission.KWARTAAL_VOORLEGGEN,
    Permission.KWARTAAL_VASTSTELLEN,
}


@dataclass(frozen=True)
class Basis:
    """Whose work it is, in which regio's, today, with the agenda's that count and their meetmomenten by agenda.

    An agenda counts that is the current one of its regio, `agenda_per_regio`, and any other as far as a meetmoment of
    it is still open: of such a one nothing else is asked.
    """

    gebruiker: Gebruiker
    regios: Sequence[Regio]
    today: date
    agenda_per_regio: dict[int, Agenda]
    momenten: dict[int, list[Meetmoment]]
    asking: list[Meetmoment]
    # How many doelen are scored by meetmoment, as far as somebody already read their scores.
    gescoord: dict[int, int] = field(default_factory=dict)

    @cached_property
    def doelen(self) -> dict[int, list[Any]]:
        """The doelen of each agenda in table order, with `trekt`: whether an organisation of this person pulls it.

        They bring along their indicators for maten_of(). Read once, by the first kind of taken that asks.
        """
        own = [lid.organisatie_id for lid in self.gebruiker.lidmaatschappen if lid.organisatie_id]
        pulled = Trekker.objects.filter(doel=OuterRef("pk"), organisatie__in=own)
        doelen: dict[int, list[Any]] = {pk: [] for pk in self.momenten}
        for doel in with_indicatoren(Doel.objects.for_agendas(self.momenten)).annotate(trekt=Exists(pulled)):
            doelen[doel.thema.agenda_id].append(doel)
        return doelen

    @cached_property
    def unsettled(self) -> list[Kwartaal]:
        """The quarters that have come and are not adopted, of the regio's where this person has to do with counts."""
        wanted = [regio for regio in self.regios if self.gebruiker.permissions_in(regio.pk) & COUNTING]
        return load_unsettled(wanted, self.today) if wanted else []

    def before(self, moment: Meetmoment) -> Meetmoment | None:
        earlier = [m for m in self.momenten[moment.agenda_id] if m.peildatum < moment.peildatum]
        return earlier[-1] if earlier else None

    def current_moment(self, agenda: Agenda) -> Meetmoment | None:
        """Return the latest meetmoment whose peildatum has passed, else the first to come, else None."""
        line = self.momenten[agenda.pk]
        past = [m for m in line if m.peildatum <= self.today]
        return past[-1] if past else next(iter(line), None)


def load_basis(gebruiker: Gebruiker, regios: Sequence[Regio], today: date) -> Basis:
    """Read what all kinds of taken need, in two queries however many regio's there are."""
    per_regio = _load_agendas(regios)
    current = {regio: agenda for regio, line in per_regio.items() if (agenda := choose_current(line, today))}
    momenten = _load_momenten(agenda for line in per_regio.values() for agenda in line)
    counting = {agenda.pk for agenda in current.values()}
    asking = [m for pk, line in momenten.items() for m in line if _asks(m, today, is_current=pk in counting)]
    counting |= {moment.agenda_id for moment in asking}
    return Basis(gebruiker, regios, today, current, {pk: momenten[pk] for pk in momenten if pk in counting}, asking)


def _asks(moment: Meetmoment, today: date, *, is_current: bool) -> bool:
    """Tell whether `moment` is still open for somebody.

    Nobody scores an agenda any more that is not the current one, unless a deadline was agreed: what the documents tell
    of years before has none.
    """
    rapportage: Rapportage | None = getattr(moment, "rapportage", None)
    if rapportage and (rapportage.is_onderweg or rapportage.is_vastgesteld):
        return rapportage.is_onderweg
    return moment.peildatum <= today and (is_current or moment.deadline is not None)


def _load_agendas(regios: Sequence[Regio]) -> dict[int, list[Agenda]]:
    """Return the agenda's of each of `regios` that have doelen, the latest first, each with their number."""
    own = {regio.pk: regio for regio in regios}
    per_regio: dict[int, list[Agenda]] = {}
    agendas = Agenda.objects.filter(regio__in=own).with_doelen()
    fields = ("regio", "slug", "naam", "startdatum", "einddatum", "schaal")
    for agenda in agendas.only(*fields).annotate(aantal_doelen=Count("thema__doel")):
        agenda.regio = own[agenda.regio_id]
        per_regio.setdefault(agenda.regio_id, []).append(agenda)
    return per_regio


def _load_momenten(agendas: Iterable[Agenda]) -> dict[int, list[Meetmoment]]:
    """Return the meetmomenten of each of `agendas`, the earliest first."""
    by_pk = {agenda.pk: agenda for agenda in agendas}
    momenten: dict[int, list[Meetmoment]] = {pk: [] for pk in by_pk}
    for moment in Meetmoment.objects.filter(agenda__in=by_pk).select_related("rapportage").order_by("peildatum"):
        moment.agenda = by_pk[moment.agenda_id]
        momenten[moment.agenda_id].append(moment)
    return momenten
