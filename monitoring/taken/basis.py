"""What all kinds of taken start from: whose work it is, on which day, and the agenda that now counts in each regio."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef

from agenda.models import Agenda, Doel, Trekker, choose_current
from monitoring.measured import with_indicatoren
from monitoring.models import Meetmoment
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
    """Whose work it is, in which regio's, today, with the current agenda's and their meetmomenten by agenda."""

    gebruiker: Gebruiker
    regios: Sequence[Regio]
    today: date
    agendas: dict[int, Agenda]
    momenten: dict[int, list[Meetmoment]]
    # How many doelen are scored by meetmoment, as far as somebody already read their scores.
    gescoord: dict[int, int] = field(default_factory=dict)

    @cached_property
    def past(self) -> list[Meetmoment]:
        """The meetmomenten whose peildatum has come, by agenda, the earliest first."""
        return [m for line in self.momenten.values() for m in line if m.peildatum <= self.today]

    @cached_property
    def doelen(self) -> dict[int, list[Any]]:
        """The doelen of each agenda in table order, with `trekt`: whether an organisation of this person pulls it.

        They bring along their indicators for maten_of(). Read once, by the first kind of taken that asks.
        """
        own = [lid.organisatie_id for lid in self.gebruiker.lidmaatschappen if lid.organisatie_id]
        pulled = Trekker.objects.filter(doel=OuterRef("pk"), organisatie__in=own)
        doelen: dict[int, list[Any]] = {pk: [] for pk in self.agendas}
        for doel in with_indicatoren(Doel.objects.for_agendas(self.agendas)).annotate(trekt=Exists(pulled)):
            doelen[doel.thema.agenda_id].append(doel)
        return doelen

    @cached_property
    def unsettled(self) -> list[Kwartaal]:
        """The quarters that have come and are not adopted, of the regio's where this person has to do with counts."""
        wanted = [regio for regio in self.regios if self.gebruiker.permissions_in(regio.pk) & COUNTING]
        return load_unsettled(wanted, self.today) if wanted else []

    @cached_property
    def agenda_per_regio(self) -> dict[int, Agenda]:
        return {agenda.regio_id: agenda for agenda in self.agendas.values()}

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
    agendas = _current_agendas(gebruiker, today)
    momenten: dict[int, list[Meetmoment]] = {pk: [] for pk in agendas}
    for moment in Meetmoment.objects.filter(agenda__in=agendas).select_related("rapportage").order_by("peildatum"):
        moment.agenda = agendas[moment.agenda_id]
        momenten[moment.agenda_id].append(moment)
    return Basis(gebruiker, regios, today, agendas, momenten)


def _current_agendas(gebruiker: Gebruiker, today: date) -> dict[int, Agenda]:
    """Return by its id the agenda that now counts in each regio, with its number of doelen."""
    per_regio: dict[int, list[Agenda]] = {}
    agendas = Agenda.objects.visible_to(gebruiker).with_doelen().select_related("regio")
    fields = ("regio", "slug", "naam", "startdatum", "einddatum", "schaal")
    for agenda in agendas.only(*fields).annotate(aantal_doelen=Count("thema__doel")):
        per_regio.setdefault(agenda.regio_id, []).append(agenda)
    current = (choose_current(of_regio, today) for of_regio in per_regio.values())
    return {agenda.pk: agenda for agenda in current if agenda}
