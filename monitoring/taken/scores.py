"""Scores that miss, or that the OOGO gave back; and, once all are in, to lay them before the OOGO."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from agenda.models import Doel
from monitoring.entry import organisaties_to_score_for
from monitoring.models import Meetmoment, Opmerking, Rapportage, Voortgangsscore
from monitoring.overview import Entry, load_reasons_of_return, rapportage_of
from monitoring.taken.basis import Basis
from monitoring.taken.items import Knop, Punt, Soort, Taak, Voortgang
from regio.models import Organisatie
from regio.permissions import Permission

# A score by the ids of its doel, its meetmoment and its gemeente.
Scores = Mapping[tuple[int, int, int | None], Voortgangsscore]


@dataclass(frozen=True)
class Invoer:
    """The scores that one person is to enter at one meetmoment, for the regio or for one gemeente."""

    meetmoment: Meetmoment
    organisatie: Organisatie | None
    entries: tuple[Entry, ...]
    redenen: Mapping[int, Opmerking]
    mag_voorleggen: bool

    @property
    def rapportage(self) -> Rapportage:
        return rapportage_of(self.meetmoment)

    @property
    def kop(self) -> str:
        whose = self.organisatie.label if self.organisatie else self.meetmoment.agenda.regio
        return f"Scores voor {self.meetmoment} – {whose}"

    @property
    def url(self) -> str:
        page = self._page("score-invoer")
        return f"{page}?namens={self.organisatie.slug}" if self.organisatie else page

    @property
    def url_voorleggen(self) -> str:
        return self._page("rapportage-voorleggen")

    @property
    def weer_open(self) -> tuple[str, str]:
        """What happened to it and why, where it was given back or reopened; else two empty texts.

        Only the scores of the regio are laid before the OOGO, so only they come back.
        """
        if self.organisatie is None and self.rapportage.is_teruggegeven:
            return "Teruggegeven", self.rapportage.reden_teruggave
        if self.organisatie is None and self.rapportage.versie > 1:
            return "Heropend", self.rapportage.reden_heropening
        return "", ""

    @property
    def voortgang(self) -> Voortgang:
        done, total = sum(1 for entry in self.entries if entry.waarde), len(self.entries)
        return Voortgang(done, total, f"{done} van {total} doelen gescoord")

    def punten(self) -> Iterator[Punt]:
        """Yield what is to be done per doel: what misses, and what came back and was not changed since."""
        for entry in self.entries:
            opmerking = self.redenen.get(entry.doel.pk)
            asked = f"Bij teruggave gevraagd: {opmerking.tekst}" if opmerking else ""
            if entry.ontbreekt or (opmerking and not entry.was_saved_after(opmerking)):
                why = " · ".join(filter(None, (entry.ontbreekt, asked)))
                yield Punt(entry.doel.plan, f"{self.url}#doel-{entry.doel.slug}", why, entry.doel.code)

    def _page(self, name: str) -> str:
        agenda = self.meetmoment.agenda
        return reverse(f"monitoring:{name}", args=[agenda.regio.slug, agenda.slug, self.meetmoment.slug])


def scores_to_enter(basis: Basis) -> Iterator[Taak]:
    """Yield a taak for each open meetmoment that misses a score of this person, or that they are to submit."""
    for invoer in _load_invoer(basis):
        punten = tuple(invoer.punten())
        if punten:
            yield _to_enter(invoer, punten)
        elif invoer.mag_voorleggen and invoer.entries:
            yield _to_submit(invoer)


def _to_enter(invoer: Invoer, punten: tuple[Punt, ...]) -> Taak:
    return Taak(
        soort=Soort.SCORES,
        kop=invoer.kop,
        punten=punten,
        knoppen=(Knop("Verder met invoeren", punten[0].url),),
        deadline=invoer.meetmoment.deadline,
        voortgang=invoer.voortgang,
        **_return_of(invoer),
    )


def _to_submit(invoer: Invoer) -> Taak:
    happened, _ = invoer.weer_open
    again = "opnieuw " if happened else ""
    return Taak(
        soort=Soort.VOORLEGGEN,
        kop=invoer.kop,
        punten=(Punt(f"{invoer.meetmoment} {again}voorleggen aan het OOGO", invoer.url_voorleggen),),
        knoppen=(
            Knop("Naar voorleggen", invoer.url_voorleggen),
            *([Knop("Scores aanpassen", invoer.url)] if happened else []),
        ),
        deadline=invoer.meetmoment.deadline,
        uitleg=(
            f"Pas aan wat nodig is en leg {invoer.meetmoment} daarna opnieuw voor."
            if happened
            else "Alles is ingevuld."
        ),
        voortgang=invoer.voortgang,
        **_return_of(invoer),
    )


def _return_of(invoer: Invoer) -> dict[str, Any]:
    happened, why = invoer.weer_open
    return {"teruggegeven": happened, "reden": why, "is_terug": bool(happened)}


def _load_invoer(basis: Basis) -> Iterator[Invoer]:
    wanted = [
        (moment, organisatie)
        for moment in basis.asking
        if moment.agenda.schaal_id and rapportage_of(moment).is_open
        for organisatie in organisaties_to_score_for(basis.gebruiker, moment.agenda.regio_id)
    ]
    if not wanted:
        return
    scores = _scores_at(basis, {moment for moment, _ in wanted})
    redenen = load_reasons_of_return(rapportage_of(moment) for moment, namens in wanted if namens is None)
    for moment, organisatie in wanted:
        regional = organisatie is None
        if regional:
            here = (score for score in scores.values() if score.meetmoment_id == moment.pk)
            basis.gescoord[moment.pk] = sum(score.organisatie_id is None and score.waarde is not None for score in here)
        yield Invoer(
            meetmoment=moment,
            organisatie=organisatie,
            entries=tuple(_entries(moment, organisatie, basis.doelen[moment.agenda_id], scores, basis.before(moment))),
            redenen=redenen.get(rapportage_of(moment).pk, {}) if regional else {},
            mag_voorleggen=regional
            and basis.gebruiker.has_permission(Permission.SCORES_VOORLEGGEN, moment.agenda.regio_id),
        )


def _scores_at(basis: Basis, momenten: set[Meetmoment]) -> Scores:
    """Return the scores at `momenten` and at those before them."""
    asked = momenten | {before for moment in momenten if (before := basis.before(moment))}
    stored = Voortgangsscore.objects.filter(meetmoment__in=asked).select_related("waarde").order_by()
    return {(score.doel_id, score.meetmoment_id, score.organisatie_id): score for score in stored}


def _entries(
    moment: Meetmoment, organisatie: Organisatie | None, doelen: list[Doel], scores: Scores, vorig: Meetmoment | None
) -> Iterator[Entry]:
    whose = organisatie.pk if organisatie else None
    for doel in doelen:
        if organisatie is None or doel.lokaal:
            vorige = scores.get((doel.pk, vorig.pk, whose)) if vorig else None
            yield Entry(doel, scores.get((doel.pk, moment.pk, whose)), vorige)
