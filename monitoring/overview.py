"""What pages and the report read: from the database to plain data, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from agenda.models import Agenda, Doel, Schaalwaarde
from monitoring.completeness import missing_in_score
from monitoring.grid import Grid, build_grid
from monitoring.models import Meetmoment, Rapportage, Voortgangsscore
from regio.models import Organisatie


def load_grid(agenda: Agenda) -> Grid:
    """Return the doelen × meetmomenten grid of `agenda`, local scores included, in four queries."""
    return build_grid(
        doelen=Doel.objects.for_agenda(agenda),
        meetmomenten=Meetmoment.objects.filter(agenda=agenda).order_by("peildatum"),
        scores=Voortgangsscore.objects.filter(meetmoment__agenda=agenda).with_words().order_by("organisatie__naam"),
        schaalwaarden=Schaalwaarde.objects.filter(schaal=agenda.schaal_id).order_by("waarde"),
    )


def rapportage_of(meetmoment: Meetmoment) -> Rapportage:
    """Return where the report of `meetmoment` stands; an unsaved concept when nobody submitted it yet."""
    return Rapportage.objects.filter(meetmoment=meetmoment).first() or Rapportage(meetmoment=meetmoment)


def meetmoment_in_entry(grid: Grid, today: date) -> Meetmoment | None:
    """Return the meetmoment people are working on: the latest whose peildatum has passed, else the first to come."""
    past = [m for m in grid.meetmomenten if m.peildatum <= today]
    return past[-1] if past else next(iter(grid.meetmomenten), None)


@dataclass(frozen=True)
class Entry:
    """One score to enter: a doel at a meetmoment, for the regio or for one gemeente, with the year before beside it."""

    doel: Doel
    score: Voortgangsscore | None
    vorige: Voortgangsscore | None

    @property
    def waarde(self) -> Schaalwaarde | None:
        return self.score.waarde if self.score else None

    @property
    def ontbreekt(self) -> str | None:
        """What this score still lacks before it can be submitted."""
        return missing_in_score(
            waarde=self.waarde.waarde if self.waarde else None,
            vorige=self.vorige.waarde.waarde if self.vorige and self.vorige.waarde else None,
            toelichting=self.score.toelichting if self.score else "",
            toelichting_verplicht=bool(self.waarde and self.waarde.toelichting_verplicht),
        )


def load_entries(meetmoment: Meetmoment, organisatie: Organisatie | None) -> list[Entry]:
    """Return what is to be scored at `meetmoment`: all doelen for the regio (None), the local ones for a gemeente."""
    doelen = Doel.objects.for_agenda(meetmoment.agenda)
    if organisatie is not None:
        doelen = doelen.scored_locally()
    vorig = Meetmoment.objects.before(meetmoment).first()
    scores = Voortgangsscore.objects.filter(
        meetmoment__in=[m for m in (meetmoment, vorig) if m], organisatie=organisatie
    )
    found: dict[tuple[Any, Any], Voortgangsscore] = {(s.doel_id, s.meetmoment_id): s for s in scores.with_words()}
    return [
        Entry(doel, found.get((doel.pk, meetmoment.pk)), found.get((doel.pk, vorig.pk)) if vorig else None)
        for doel in doelen
    ]
