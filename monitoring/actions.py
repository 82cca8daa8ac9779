"""What happens to scores and reports: one function per event, atomic, with the person who does it."""

from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from agenda.models import Doel, Schaalwaarde
from monitoring.models import Meetmoment, Rapportage, Voortgangsscore, VoortgangsscoreQuerySet
from monitoring.overview import Entry, load_entries
from regio.audit import Event, record, sign
from regio.models import Gebruiker, Organisatie


class ScoreConflict(Exception):
    """Somebody saved this score after the version that this person started from (domein.md, rule 9)."""

    def __init__(self, current: Voortgangsscore) -> None:
        super().__init__("Iemand anders heeft deze score intussen bewaard.")
        self.current = current


class NotAllowedNow(Exception):
    """The meetmoment is in a state in which this cannot happen; the message says so to the user."""


class Incomplete(Exception):
    """Something is missing before the meetmoment can be submitted; `entries` names the doelen."""

    def __init__(self, entries: list[Entry]) -> None:
        super().__init__("Nog niet alle scores zijn compleet.")
        self.entries = entries


def save_score(
    *,
    doel: Doel,
    meetmoment: Meetmoment,
    organisatie: Organisatie | None,
    waarde: Schaalwaarde | None,
    toelichting: str,
    versie: int,
    by: Gebruiker,
) -> Voortgangsscore | None:
    """Save one score as the successor of `versie` (0: there was none) and return it.

    Saving what stands there already changes nothing and writes no history; nothing where nothing stood returns None.
    Raises ScoreConflict when the stored score is not the `versie` that `by` started from and says something else, and
    NotAllowedNow when the OOGO has the meetmoment before it.
    """
    try:
        with transaction.atomic():
            _require_open(_lock_rapportage(meetmoment, by))
            stored = _lock_score(doel, meetmoment, organisatie)
            if stored is None:
                return _create_score(doel, meetmoment, organisatie, waarde, toelichting, by)
            if (stored.waarde, stored.toelichting) == (waarde, toelichting):
                return stored
            if stored.versie != versie:
                raise ScoreConflict(stored)
            return _write_score(stored, waarde, toelichting, by)
    except IntegrityError:
        # Two people made the first version at the same moment; the unique constraint let one through.
        current = _score_of(doel, meetmoment, organisatie).with_words().get()
        raise ScoreConflict(current) from None


@transaction.atomic
def submit_rapportage(*, meetmoment: Meetmoment, by: Gebruiker) -> Rapportage:
    """Lay the scores of `meetmoment` before the OOGO and close them for entry.

    Raises Incomplete when a regional score or its explanation is missing, NotAllowedNow when it was submitted already.
    """
    rapportage = _lock_rapportage(meetmoment, by)
    if not rapportage.is_open:
        raise NotAllowedNow(f"{meetmoment} is al voorgelegd aan het OOGO.")
    incomplete = [entry for entry in load_entries(meetmoment, None) if entry.ontbreekt]
    if incomplete:
        raise Incomplete(incomplete)
    rapportage.status = Rapportage.Status.VOORGELEGD
    rapportage.voorgelegd_door = by
    rapportage.voorgelegd_op = timezone.now()
    rapportage.reden_teruggave = ""
    sign(rapportage, by)
    rapportage.save()
    _record_decision("voorgelegd", rapportage, by)
    return rapportage


@transaction.atomic
def return_rapportage(*, meetmoment: Meetmoment, reden: str, by: Gebruiker) -> Rapportage:
    """Give a submitted meetmoment back to the REA with the reason, and open it for entry again.

    Raises NotAllowedNow when it is not before the OOGO. The reason stays in the history for good.
    """
    rapportage = _lock_rapportage(meetmoment, by)
    if rapportage.status != Rapportage.Status.VOORGELEGD:
        raise NotAllowedNow(f"{meetmoment} ligt niet voor aan het OOGO en kan dus niet worden teruggegeven.")
    rapportage.status = Rapportage.Status.TERUGGEGEVEN
    rapportage.reden_teruggave = reden
    sign(rapportage, by, reason=reden)
    rapportage.save()
    _record_decision("teruggegeven", rapportage, by)
    return rapportage


def _record_decision(wat: str, rapportage: Rapportage, by: Gebruiker) -> None:
    """Leave a line in the log once the decision stands."""
    record_it = partial(record, Event.BESLUIT, by=by, wat=wat, meetmoment=rapportage.meetmoment_id)
    transaction.on_commit(record_it)


def _require_open(rapportage: Rapportage) -> None:
    if not rapportage.is_open:
        raise NotAllowedNow(
            f"{rapportage.meetmoment} is voorgelegd aan het OOGO. Scores wijzigen kan pas als het is teruggegeven."
        )


def _score_of(doel: Doel, meetmoment: Meetmoment, organisatie: Organisatie | None) -> VoortgangsscoreQuerySet:
    return Voortgangsscore.objects.filter(doel=doel, meetmoment=meetmoment, organisatie=organisatie)


def _lock_score(doel: Doel, meetmoment: Meetmoment, organisatie: Organisatie | None) -> Voortgangsscore | None:
    return _score_of(doel, meetmoment, organisatie).select_for_update(of=("self",)).with_words().first()


def _lock_rapportage(meetmoment: Meetmoment, by: Gebruiker) -> Rapportage:
    """Hold the rapportage for this transaction, so that nobody saves a score while somebody submits."""
    held = Rapportage.objects.select_for_update().filter(meetmoment=meetmoment).first()
    if held is None:
        held = Rapportage(meetmoment=meetmoment)
        sign(held, by)
        held.save()
    return held


def _create_score(
    doel: Doel,
    meetmoment: Meetmoment,
    organisatie: Organisatie | None,
    waarde: Schaalwaarde | None,
    toelichting: str,
    by: Gebruiker,
) -> Voortgangsscore | None:
    if waarde is None and not toelichting:
        return None
    score = Voortgangsscore(doel=doel, meetmoment=meetmoment, organisatie=organisatie, versie=0)
    return _write_score(score, waarde, toelichting, by)


def _write_score(
    score: Voortgangsscore, waarde: Schaalwaarde | None, toelichting: str, by: Gebruiker
) -> Voortgangsscore:
    score.waarde = waarde
    score.toelichting = toelichting
    score.versie += 1
    score.gewijzigd_door = by
    sign(score, by)
    score.save()
    return score
