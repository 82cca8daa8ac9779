"""What is still to be entered, and by whom: from the database to the plain data of the reminders, for all regio's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from agenda.models import Doel
from monitoring.models import Meetmoment, Rapportage, Voortgangsscore
from monitoring.overview import Entry, rapportage_of
from monitoring.reminders import Invoertaak
from regio.days import format_day
from regio.models import Deelname, Organisatie, Regio
from regio.permissions import Permission
from regio.recipients import Kring, choose
from thuiszitters.models import Opgave, Telmoment


@dataclass(frozen=True)
class BeschrevenTaak(Invoertaak):
    """A taak with what a mail says of it."""

    in_regio: Regio
    wat: str
    nog_niet: str
    wie: str
    knop: str
    pad: str
    secretaris_kan: bool


def key_of_scores(meetmoment_id: int, organisatie_id: int | None = None) -> str:
    """Return the name of the scores of a meetmoment: the regio's own, or those of one gemeente."""
    return f"scores:{meetmoment_id}:{organisatie_id or 'regio'}"


def key_of_opgave(telmoment_id: int, gemeente_id: int) -> str:
    return f"opgave:{telmoment_id}:{gemeente_id}"


def load_taken(today: date, regio: Regio | None = None) -> list[BeschrevenTaak]:
    """Return everything that can be entered and is not done, in nine queries however many there are."""
    kring = Kring.load(None if regio is None else [regio.pk])
    gemeenten = _Gemeenten(regio)
    return [*_score_taken(kring, gemeenten, today, regio), *_opgave_taken(kring, gemeenten, today, regio)]


class _Gemeenten:
    """Which gemeenten take part in which regio, and when."""

    def __init__(self, regio: Regio | None) -> None:
        found = Deelname.objects.filter(organisatie__soort=Organisatie.Soort.GEMEENTE)
        found = found.filter(regio=regio) if regio else found
        self.deelnames: dict[int, list[Deelname]] = {}
        for deelname in found.select_related("organisatie").order_by("organisatie__naam", "van"):
            self.deelnames.setdefault(deelname.regio_id, []).append(deelname)

    def on(self, day: date, regio_id: int) -> list[Organisatie]:
        taking_part = [
            deelname.organisatie
            for deelname in self.deelnames.get(regio_id, ())
            if deelname.van <= day and (deelname.tot is None or day < deelname.tot)
        ]
        return list(dict.fromkeys(taking_part))


def _score_taken(kring: Kring, gemeenten: _Gemeenten, today: date, regio: Regio | None) -> Iterator[BeschrevenTaak]:
    """Yield the regional scores until they are submitted, and those of a gemeente until they are complete.

    Without a scale nobody can give any.
    """
    where: dict[str, Any] = {"agenda__regio": regio} if regio else {}
    momenten = Meetmoment.objects.filter(agenda__schaal__isnull=False, **where)
    lines: dict[int, list[Meetmoment]] = {}
    for moment in momenten.select_related("agenda__regio", "rapportage").order_by("agenda", "peildatum"):
        lines.setdefault(moment.agenda_id, []).append(moment)
    open_momenten = [(line, n) for line in lines.values() for n, moment in enumerate(line) if _is_open(moment)]
    local = _LocalScores(open_momenten)
    for line, n in open_momenten:
        moment = line[n]
        yield _regional(moment, kring)
        for gemeente in gemeenten.on(today, moment.agenda.regio_id):
            if local.are_missing(moment, line[n - 1] if n else None, gemeente):
                yield _of_gemeente(moment, gemeente, kring)


def _is_open(moment: Meetmoment) -> bool:
    rapportage: Rapportage | None = getattr(moment, "rapportage", None)
    return rapportage is None or rapportage.is_open


class _LocalScores:
    """The local scores of the open meetmomenten and of those before them."""

    def __init__(self, open_momenten: list[tuple[list[Meetmoment], int]]) -> None:
        agendas = {line[n].agenda_id for line, n in open_momenten}
        asked = {line[k].pk for line, n in open_momenten for k in (n, n - 1) if k >= 0}
        self.doelen: dict[int, list[Doel]] = {}
        for doel in Doel.objects.for_agendas(agendas).scored_locally():
            self.doelen.setdefault(doel.thema.agenda_id, []).append(doel)
        scores = Voortgangsscore.objects.filter(meetmoment__in=asked, organisatie__isnull=False)
        self.scores = {
            (score.doel_id, score.meetmoment_id, score.organisatie_id): score
            for score in scores.select_related("waarde").order_by()
        }

    def are_missing(self, moment: Meetmoment, vorig: Meetmoment | None, gemeente: Organisatie) -> bool:
        return any(
            Entry(
                doel,
                self.scores.get((doel.pk, moment.pk, gemeente.pk)),
                self.scores.get((doel.pk, vorig.pk, gemeente.pk)) if vorig else None,
            ).ontbreekt
            for doel in self.doelen.get(moment.agenda_id, ())
        )


def _regional(moment: Meetmoment, kring: Kring) -> BeschrevenTaak:
    regio = moment.agenda.regio
    is_terug = rapportage_of(moment).is_teruggegeven
    own = kring.with_permission(regio.pk, Permission.SCORES_VOORLEGGEN)
    return BeschrevenTaak(
        betreft=key_of_scores(moment.pk),
        regio=regio.pk,
        deadline=moment.deadline,
        aan=choose(own, (), kring.beheerders),
        in_regio=regio,
        wat=f"de scores van {moment}",
        nog_niet="opnieuw voorgelegd" if is_terug else "voorgelegd",
        wie="secretaris",
        knop="Scores invoeren",
        pad=page_of_scores(moment),
        secretaris_kan=True,
    )


def _of_gemeente(moment: Meetmoment, gemeente: Organisatie, kring: Kring) -> BeschrevenTaak:
    regio = moment.agenda.regio
    return BeschrevenTaak(
        betreft=key_of_scores(moment.pk, gemeente.pk),
        regio=regio.pk,
        deadline=moment.deadline,
        aan=kring.invoerders_of_scores(regio.pk, gemeente.pk),
        in_regio=regio,
        wat=f"de scores van {moment} voor {gemeente}",
        nog_niet="compleet",
        wie=f"invoerder voor {gemeente}",
        knop="Scores invoeren",
        pad=f"{page_of_scores(moment)}?namens={gemeente.slug}",
        # A gemeente scores itself: nobody does it for them.
        secretaris_kan=False,
    )


def page_of_scores(moment: Meetmoment) -> str:
    return reverse("monitoring:score-invoer", args=[moment.agenda.regio.slug, moment.agenda.slug, moment.slug])


def _opgave_taken(kring: Kring, gemeenten: _Gemeenten, today: date, regio: Regio | None) -> Iterator[BeschrevenTaak]:
    """Yield the counts of each gemeente until they are submitted; before the peildatum nobody can enter any."""
    where: dict[str, Any] = {"regio": regio} if regio else {}
    momenten = list(Telmoment.objects.filter(peildatum__lte=today, voorgelegd_op=None, **where).select_related("regio"))
    rows = Opgave.objects.filter(telmoment__in=momenten).values_list("telmoment", "gemeente", "status")
    status_of = {(telmoment, gemeente): status for telmoment, gemeente, status in rows}
    for moment in momenten:
        for gemeente in gemeenten.on(moment.peildatum, moment.regio_id):
            status = status_of.get((moment.pk, gemeente.pk))
            if status != Opgave.Status.INGEDIEND:
                yield _opgave(moment, gemeente, kring, is_terug=status == Opgave.Status.TERUGGEGEVEN)


def _opgave(moment: Telmoment, gemeente: Organisatie, kring: Kring, *, is_terug: bool) -> BeschrevenTaak:
    return BeschrevenTaak(
        betreft=key_of_opgave(moment.pk, gemeente.pk),
        regio=moment.regio_id,
        deadline=moment.deadline,
        aan=kring.invoerders_of_aantallen(moment.regio_id, gemeente.pk),
        in_regio=moment.regio,
        wat=f"de aantallen van {gemeente} op {format_day(moment.peildatum)}",
        nog_niet="opnieuw ingediend" if is_terug else "ingediend",
        wie=f"invoerder voor {gemeente}",
        knop="Aantallen invoeren",
        pad=reverse("thuiszitters:opgave-invoer", args=[moment.regio.slug, moment.peildatum, gemeente.slug]),
        secretaris_kan=True,
    )
