"""What happens to scores and reports: one function per event, atomic, with the person who does it."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from agenda.models import Doel, Schaalwaarde
from monitoring import steps
from monitoring.models import (
    Afdruk,
    Besluit,
    Meetmoment,
    Momentopname,
    Opmerking,
    Rapportage,
    Voortgangsscore,
    VoortgangsscoreQuerySet,
)
from monitoring.overview import Entry, load_entries, load_local_entries, load_report
from monitoring.snapshot import canonical, digest, freeze
from monitoring.steps import NotAllowedNow, Uitspraak
from regio.audit import sign
from regio.models import Gebruiker, Organisatie
from regio.permissions import Permission


class ScoreConflict(Exception):
    """Somebody saved this score after the version that this person started from (domein.md, rule 9)."""

    def __init__(self, current: Voortgangsscore) -> None:
        super().__init__("Iemand anders heeft deze score intussen bewaard.")
        self.current = current


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
            _require_open(steps.hold(meetmoment, by))
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
def submit_rapportage(*, meetmoment: Meetmoment, by: Gebruiker, op: datetime | None = None) -> Rapportage:
    """Lay the scores of `meetmoment` before the OOGO and close them for entry.

    Raises PermissionDenied for who may not, NotAllowedNow when it is not open, Incomplete when a regional score is
    missing, or the explanation that a score needs, also one of a gemeente: a gemeente may leave a doel unscored.
    `op`, here and below, dates what happened before it was entered.
    """
    steps.require(by, Permission.SCORES_VOORLEGGEN, meetmoment.agenda.regio_id)
    rapportage = steps.hold(meetmoment, by, op)
    steps.require_submittable(rapportage)
    entries = load_entries(meetmoment, None)
    incomplete = [entry for entry in entries if entry.ontbreekt]
    incomplete += [entry for _, entry in load_local_entries(meetmoment, entries) if entry.lacks_explanation]
    if incomplete:
        raise Incomplete(incomplete)
    steps.lay_before(rapportage, by=by, op=op)
    return rapportage


@transaction.atomic
def return_rapportage(
    *,
    meetmoment: Meetmoment,
    reden: str,
    by: Gebruiker,
    per_doel: Mapping[Doel, str] | None = None,
    op: datetime | None = None,
) -> Rapportage:
    """Give a submitted meetmoment back to the REA with the reason, and open it for entry again.

    `per_doel` holds the reasons that belong to one doel each. Raises PermissionDenied for who may not, NotAllowedNow
    when it is not before the OOGO. What is said stays for good.
    """
    steps.require(by, Permission.SCORES_TERUGGEVEN, meetmoment.agenda.regio_id)
    rapportage = steps.hold(meetmoment, by, op)
    remarks = [Opmerking(doel=doel, tekst=tekst) for doel, tekst in (per_doel or {}).items()]
    steps.give_back(rapportage, reden=reden, opmerkingen=remarks, by=by, op=op)
    return rapportage


@transaction.atomic
def adopt_rapportage(
    *,
    meetmoment: Meetmoment,
    uitspraak: Uitspraak,
    als_registratie: bool,
    by: Gebruiker,
    gezien: str | None = None,
    op: datetime | None = None,
) -> Momentopname:
    """Adopt what lies before the OOGO and freeze it: state, decision and snapshot, all or nothing.

    With `als_registratie` a secretaris records what the overleg decided; without it `by` adopts, and is then somebody
    else than who submitted. `gezien` is when the report that `by` read was submitted: what was submitted anew in
    between is not adopted unread. Raises PermissionDenied for who may not, NotAllowedNow when it cannot be now.
    """
    wanted = Permission.BESLUIT_REGISTREREN if als_registratie else Permission.RAPPORT_VASTSTELLEN
    steps.require(by, wanted, meetmoment.agenda.regio_id)
    rapportage = steps.hold(meetmoment, by, op)
    besluit = steps.adopt(rapportage, uitspraak=uitspraak, als_registratie=als_registratie, by=by, gezien=gezien, op=op)
    report = replace(
        load_report(meetmoment), rapportage=rapportage, vaststelling=steps.vaststelling_of(besluit, uitspraak)
    )
    return keep_snapshot(besluit, canonical(freeze(report)))


@transaction.atomic
def reopen_rapportage(*, meetmoment: Meetmoment, reden: str, by: Gebruiker, op: datetime | None = None) -> Rapportage:
    """Begin the next version of an adopted meetmoment; the adopted one stays what it is.

    Raises PermissionDenied for who may not, NotAllowedNow when it is not adopted.
    """
    steps.require(by, Permission.RAPPORT_HEROPENEN, meetmoment.agenda.regio_id)
    rapportage = steps.hold(meetmoment, by, op)
    steps.reopen(rapportage, reden=reden, by=by, op=op)
    return rapportage


def keep_snapshot(besluit: Besluit, inhoud: str) -> Momentopname:
    """Freeze what was adopted with `besluit`, in its canonical form."""
    return Momentopname.objects.create(
        rapportage=besluit.rapportage,
        versie=besluit.versie,
        inhoud=inhoud,
        sha256=digest(inhoud),
        gemaakt_op=besluit.op,
    )


def record_afdruk(*, momentopname: Momentopname, content: bytes, soort: str) -> None:
    """Keep the sha256 of a file that leaves the house, so that it can be recognised when it comes back."""
    sha256 = hashlib.sha256(content).hexdigest()
    Afdruk.objects.get_or_create(sha256=sha256, defaults={"momentopname": momentopname, "soort": soort})


def _require_open(rapportage: Rapportage) -> None:
    if rapportage.is_vastgesteld:
        raise NotAllowedNow(
            f"{rapportage.meetmoment} is vastgesteld. Scores wijzigen kan pas als het met een reden is heropend."
        )
    if not rapportage.is_open:
        raise NotAllowedNow(
            f"{rapportage.meetmoment} is voorgelegd aan het OOGO. Scores wijzigen kan pas als het is teruggegeven."
        )


def _score_of(doel: Doel, meetmoment: Meetmoment, organisatie: Organisatie | None) -> VoortgangsscoreQuerySet:
    return Voortgangsscore.objects.filter(doel=doel, meetmoment=meetmoment, organisatie=organisatie).order_by("pk")


def _lock_score(doel: Doel, meetmoment: Meetmoment, organisatie: Organisatie | None) -> Voortgangsscore | None:
    return _score_of(doel, meetmoment, organisatie).select_for_update(of=("self",)).with_words().first()


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
