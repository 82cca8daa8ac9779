"""Mijn werk: exactly the open items of one person, each one click from its field, in a fixed number of queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.urls import reverse

from agenda.models import Agenda, Doel, choose_current
from monitoring.entry import organisaties_to_score_for
from monitoring.models import Meetmoment, Rapportage, Voortgangsscore
from monitoring.overview import Entry, rapportage_of
from regio.models import Gebruiker, Organisatie, Regio
from regio.permissions import Permission, Rol


@dataclass(frozen=True)
class Invoer:
    """The scores that one person is to enter at one meetmoment, for the regio or for one gemeente."""

    meetmoment: Meetmoment
    organisatie: Organisatie | None
    rapportage: Rapportage
    entries: tuple[Entry, ...]
    mag_voorleggen: bool

    @property
    def ontbrekend(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.ontbreekt]

    @property
    def gescoord(self) -> int:
        return sum(1 for entry in self.entries if entry.waarde)

    @property
    def is_teruggegeven(self) -> bool:
        return self.rapportage.status == Rapportage.Status.TERUGGEGEVEN

    @property
    def is_open(self) -> bool:
        """Whether this person has something to do here: what is complete still waits to be submitted by who may."""
        return bool(self.entries) and (bool(self.ontbrekend) or self.mag_voorleggen)

    @property
    def url(self) -> str:
        agenda = self.meetmoment.agenda
        page = reverse("monitoring:score-invoer", args=[agenda.regio.slug, agenda.slug, self.meetmoment.slug])
        return f"{page}?namens={self.organisatie.slug}" if self.organisatie else page


@dataclass(frozen=True)
class Stand:
    """How the agenda of one regio stands: the meetmoment people work on, and the next one."""

    regio: Regio
    agenda: Agenda | None = None
    meetmoment: Meetmoment | None = None
    rapportage: Rapportage | None = None
    gescoord: int = 0
    doelen: int = 0
    volgende: Meetmoment | None = None


@dataclass(frozen=True)
class Worklist:
    """What is open for one person, by deadline, and how their regio's stand."""

    invoer: list[Invoer]
    voorgelegd: list[Rapportage]
    standen: list[Stand]

    @property
    def aantal(self) -> int:
        """How many things there are to do: each missing score, meetmoment to submit and meetmoment to judge is one."""
        return sum(len(invoer.ontbrekend) or 1 for invoer in self.invoer) + len(self.voorgelegd)


def load_worklist(gebruiker: Gebruiker, regios: Iterable[Regio], today: date) -> Worklist:
    """Return what `gebruiker` has to do in `regios`, in five queries however many there are."""
    agendas = _current_agendas(gebruiker, today)
    momenten: dict[int, list[Meetmoment]] = {pk: [] for pk in agendas}
    for moment in Meetmoment.objects.filter(agenda__in=agendas).select_related("rapportage").order_by("peildatum"):
        moment.agenda = agendas[moment.agenda_id]
        momenten[moment.agenda_id].append(moment)
    past = [m for line in momenten.values() for m in line if m.peildatum <= today]
    return Worklist(
        invoer=sorted(_open_invoer(gebruiker, past), key=lambda invoer: invoer.meetmoment.deadline or date.max),
        voorgelegd=_submitted_to(gebruiker, past),
        standen=_standen(regios, agendas, momenten, today),
    )


def _current_agendas(gebruiker: Gebruiker, today: date) -> dict[int, Agenda]:
    """Return by its id the agenda that now counts in each regio, with its number of doelen."""
    per_regio: dict[int, list[Agenda]] = {}
    agendas = Agenda.objects.visible_to(gebruiker).with_doelen().select_related("regio")
    fields = ("regio", "slug", "naam", "startdatum", "einddatum")
    for agenda in agendas.only(*fields).annotate(aantal_doelen=Count("thema__doel")):
        per_regio.setdefault(agenda.regio_id, []).append(agenda)
    current = (choose_current(of_regio, today) for of_regio in per_regio.values())
    return {agenda.pk: agenda for agenda in current if agenda}


def _open_invoer(gebruiker: Gebruiker, past: list[Meetmoment]) -> Iterator[Invoer]:
    wanted = [
        (moment, organisatie)
        for moment in past
        if rapportage_of(moment).is_open
        for organisatie in organisaties_to_score_for(gebruiker, moment.agenda.regio_id)
    ]
    if not wanted:
        return
    doelen: dict[int, list[Doel]] = {}
    for doel in Doel.objects.for_agendas({moment.agenda_id for moment, _ in wanted}):
        doelen.setdefault(doel.thema.agenda_id, []).append(doel)
    asked = {
        moment for wanted_moment, _ in wanted for moment in (wanted_moment, _before(wanted_moment, past)) if moment
    }
    scores = {
        (score.doel_id, score.meetmoment_id, score.organisatie_id): score
        for score in Voortgangsscore.objects.filter(meetmoment__in=asked).select_related("waarde").order_by()
    }
    for moment, organisatie in wanted:
        entries = _entries(moment, organisatie, doelen[moment.agenda_id], scores, _before(moment, past))
        may_submit = organisatie is None and gebruiker.has_permission(
            Permission.SCORES_VOORLEGGEN, moment.agenda.regio_id
        )
        invoer = Invoer(moment, organisatie, rapportage_of(moment), tuple(entries), may_submit)
        if invoer.is_open:
            yield invoer


def _entries(
    moment: Meetmoment,
    organisatie: Organisatie | None,
    doelen: list[Doel],
    scores: dict[tuple[int, int, int | None], Voortgangsscore],
    vorig: Meetmoment | None,
) -> Iterator[Entry]:
    whose = organisatie.pk if organisatie else None
    for doel in doelen:
        if organisatie is None or doel.lokaal:
            vorige = scores.get((doel.pk, vorig.pk, whose)) if vorig else None
            yield Entry(doel, scores.get((doel.pk, moment.pk, whose)), vorige)


def _before(moment: Meetmoment, past: list[Meetmoment]) -> Meetmoment | None:
    earlier = [m for m in past if m.agenda_id == moment.agenda_id and m.peildatum < moment.peildatum]
    return earlier[-1] if earlier else None


def _submitted_to(gebruiker: Gebruiker, past: list[Meetmoment]) -> list[Rapportage]:
    """Return what lies before the OOGO's that `gebruiker` sits in, the oldest first."""
    sits_in = {lid.regio_id for lid in gebruiker.lidmaatschappen if lid.rol == Rol.OOGO_LID}
    return [rapportage_of(m) for m in past if m.agenda.regio_id in sits_in and rapportage_of(m).is_voorgelegd]


def _standen(
    regios: Iterable[Regio], agendas: dict[int, Agenda], momenten: dict[int, list[Meetmoment]], today: date
) -> list[Stand]:
    current = [moment for line in momenten.values() if (moment := _current_moment(line, today))]
    scored = dict(
        Voortgangsscore.objects.regional()
        .filter(meetmoment__in=current, waarde__isnull=False)
        .values_list("meetmoment")
        .annotate(Count("pk"))
        .order_by()
    )
    by_regio = {agenda.regio_id: agenda for agenda in agendas.values()}
    return [_stand(regio, by_regio.get(regio.pk), momenten, scored, today) for regio in regios]


def _current_moment(line: list[Meetmoment], today: date) -> Meetmoment | None:
    """Return the latest meetmoment whose peildatum has passed, else the first to come, else None."""
    past = [m for m in line if m.peildatum <= today]
    return past[-1] if past else next(iter(line), None)


def _stand(
    regio: Regio, agenda: Agenda | None, momenten: dict[int, list[Meetmoment]], scored: dict[int, int], today: date
) -> Stand:
    if agenda is None:
        return Stand(regio)
    line = momenten[agenda.pk]
    moment = _current_moment(line, today)
    return Stand(
        regio,
        agenda,
        moment,
        rapportage_of(moment) if moment else None,
        scored.get(moment.pk, 0) if moment else 0,
        getattr(agenda, "aantal_doelen", 0),
        next((m for m in line if m.peildatum > today and m != moment), None),
    )
