"""What happens to scores and reports: one function per event, atomic, with the person who does it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from agenda.models import Doel, Schaalwaarde
from monitoring.models import (
    Afdruk,
    Besluit,
    Meetmoment,
    Momentopname,
    Opmerking,
    Rapportage,
    Teruggave,
    Voortgangsscore,
    VoortgangsscoreQuerySet,
)
from monitoring.overview import Entry, load_entries, load_report
from monitoring.report import Vaststelling
from monitoring.snapshot import canonical, digest, freeze
from regio.audit import Event, record, sign
from regio.models import Gebruiker, Organisatie, Overleg
from regio.permissions import Permission


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


@dataclass(frozen=True)
class Uitspraak:
    """What an overleg decided when it adopted a report: where, when, under which reference, and what it remarked."""

    overleg: Overleg
    vergaderdatum: date
    kenmerk: str
    opmerkingen: str = ""
    per_doel: Mapping[Doel, str] = field(default_factory=dict)


@transaction.atomic
def submit_rapportage(*, meetmoment: Meetmoment, by: Gebruiker, op: datetime | None = None) -> Rapportage:
    """Lay the scores of `meetmoment` before the OOGO and close them for entry.

    Raises PermissionDenied for who may not, NotAllowedNow when it is not open, Incomplete when a regional score or its
    explanation is missing. `op`, here and below, dates what happened before it was entered.
    """
    _require(by, Permission.SCORES_VOORLEGGEN, meetmoment)
    rapportage = _lock_rapportage(meetmoment, by, op)
    if rapportage.is_vastgesteld:
        raise NotAllowedNow(f"{meetmoment} is vastgesteld. Heropen het eerst, met een reden.")
    if not rapportage.is_open:
        raise NotAllowedNow(f"{meetmoment} is al voorgelegd aan het OOGO.")
    incomplete = [entry for entry in load_entries(meetmoment, None) if entry.ontbreekt]
    if incomplete:
        raise Incomplete(incomplete)
    rapportage.status = Rapportage.Status.VOORGELEGD
    rapportage.voorgelegd_door = by
    rapportage.voorgelegd_op = op or timezone.now()
    rapportage.reden_teruggave = ""
    sign(rapportage, by, op=op)
    rapportage.save()
    _record_decision("voorgelegd", rapportage, by)
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
    _require(by, Permission.SCORES_TERUGGEVEN, meetmoment)
    rapportage = _lock_rapportage(meetmoment, by, op)
    if not rapportage.is_voorgelegd:
        raise NotAllowedNow(f"{meetmoment} ligt niet voor aan het OOGO en kan dus niet worden teruggegeven.")
    rapportage.status = Rapportage.Status.TERUGGEGEVEN
    rapportage.reden_teruggave = reden
    sign(rapportage, by, reason=reden, op=op)
    rapportage.save()
    given = Teruggave.objects.create(
        rapportage=rapportage, versie=rapportage.versie, reden=reden, door=by, op=op or timezone.now()
    )
    Opmerking.objects.bulk_create(_opmerkingen(per_doel or {}, teruggave=given))
    _record_decision("teruggegeven", rapportage, by)
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
    _require(by, wanted, meetmoment)
    rapportage = _lock_rapportage(meetmoment, by, op)
    _require_adoptable(rapportage, uitspraak.overleg, by, als_registratie=als_registratie, gezien=gezien)
    moment = op or timezone.now()
    rapportage.status = Rapportage.Status.VASTGESTELD
    sign(rapportage, by, reason=f"{uitspraak.overleg}, {uitspraak.kenmerk}", op=op)
    rapportage.save()
    besluit = Besluit.objects.create(
        rapportage=rapportage,
        versie=rapportage.versie,
        overleg=uitspraak.overleg,
        vergaderdatum=uitspraak.vergaderdatum,
        kenmerk=uitspraak.kenmerk,
        opmerkingen=uitspraak.opmerkingen,
        vastgesteld_door=None if als_registratie else by,
        geregistreerd_door=by if als_registratie else None,
        op=moment,
    )
    Opmerking.objects.bulk_create(_opmerkingen(uitspraak.per_doel, besluit=besluit))
    _record_decision("geregistreerd" if als_registratie else "vastgesteld", rapportage, by)
    return _take_snapshot(rapportage, besluit, uitspraak)


@transaction.atomic
def reopen_rapportage(*, meetmoment: Meetmoment, reden: str, by: Gebruiker, op: datetime | None = None) -> Rapportage:
    """Begin the next version of an adopted meetmoment; the adopted one stays what it is.

    Raises PermissionDenied for who may not, NotAllowedNow when it is not adopted.
    """
    _require(by, Permission.RAPPORT_HEROPENEN, meetmoment)
    rapportage = _lock_rapportage(meetmoment, by, op)
    if not rapportage.is_vastgesteld:
        raise NotAllowedNow(f"{meetmoment} is niet vastgesteld. Er valt dus niets te heropenen.")
    rapportage.status = Rapportage.Status.CONCEPT
    rapportage.versie += 1
    rapportage.reden_heropening = reden
    rapportage.voorgelegd_door = rapportage.voorgelegd_op = None
    sign(rapportage, by, reason=reden, op=op)
    rapportage.save()
    _record_decision("heropend", rapportage, by)
    return rapportage


def record_afdruk(*, momentopname: Momentopname, content: bytes, soort: str) -> None:
    """Keep the sha256 of a file that leaves the house, so that it can be recognised when it comes back."""
    sha256 = hashlib.sha256(content).hexdigest()
    Afdruk.objects.get_or_create(sha256=sha256, defaults={"momentopname": momentopname, "soort": soort})


def _record_decision(wat: str, rapportage: Rapportage, by: Gebruiker) -> None:
    """Leave a line in the log once the decision stands."""
    record_it = partial(record, Event.BESLUIT, by=by, wat=wat, meetmoment=rapportage.meetmoment_id)
    transaction.on_commit(record_it)


def _require(by: Gebruiker, permission: Permission, meetmoment: Meetmoment) -> None:
    if not by.has_permission(permission, meetmoment.agenda.regio_id):
        raise PermissionDenied(permission.label)


def _require_adoptable(
    rapportage: Rapportage, overleg: Overleg, by: Gebruiker, *, als_registratie: bool, gezien: str | None
) -> None:
    meetmoment = rapportage.meetmoment
    if not rapportage.is_voorgelegd or rapportage.voorgelegd_op is None:
        raise NotAllowedNow(f"{meetmoment} ligt niet voor aan het OOGO en kan dus niet worden vastgesteld.")
    if gezien is not None and gezien != rapportage.voorgelegd_op.isoformat():
        raise NotAllowedNow(
            f"{meetmoment} is intussen gewijzigd en opnieuw voorgelegd. Lees eerst het nieuwe rapport; er is nog niets"
            " vastgesteld."
        )
    if not als_registratie and rapportage.voorgelegd_door_id == by.pk:
        raise NotAllowedNow(f"U heeft {meetmoment} zelf voorgelegd. Iemand anders stelt het vast.")
    if overleg.regio_id != meetmoment.agenda.regio_id or overleg.niveau != Overleg.Niveau.BESTUURLIJK:
        raise NotAllowedNow(f"{overleg} is geen bestuurlijk overleg van deze regio en kan niets vaststellen.")


def _opmerkingen(
    per_doel: Mapping[Doel, str], *, teruggave: Teruggave | None = None, besluit: Besluit | None = None
) -> list[Opmerking]:
    return [Opmerking(doel=doel, teruggave=teruggave, besluit=besluit, tekst=tekst) for doel, tekst in per_doel.items()]


def _take_snapshot(rapportage: Rapportage, besluit: Besluit, uitspraak: Uitspraak) -> Momentopname:
    vaststelling = Vaststelling(
        overleg=str(besluit.overleg),
        datum=besluit.vergaderdatum,
        kenmerk=besluit.kenmerk,
        versie=besluit.versie,
        opmerkingen=besluit.opmerkingen,
        per_doel=tuple((doel.code, tekst) for doel, tekst in uitspraak.per_doel.items()),
        vastgesteld_door=str(besluit.vastgesteld_door or ""),
        geregistreerd_door=str(besluit.geregistreerd_door or ""),
        op=besluit.op,
    )
    report = load_report(rapportage.meetmoment)
    inhoud = canonical(freeze(replace(report, rapportage=rapportage, vaststelling=vaststelling)))
    return Momentopname.objects.create(
        rapportage=rapportage,
        versie=besluit.versie,
        inhoud=inhoud,
        sha256=digest(inhoud),
        gemaakt_op=besluit.op,
    )


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
    return Voortgangsscore.objects.filter(doel=doel, meetmoment=meetmoment, organisatie=organisatie)


def _lock_score(doel: Doel, meetmoment: Meetmoment, organisatie: Organisatie | None) -> Voortgangsscore | None:
    return _score_of(doel, meetmoment, organisatie).select_for_update(of=("self",)).with_words().first()


def _lock_rapportage(meetmoment: Meetmoment, by: Gebruiker, op: datetime | None = None) -> Rapportage:
    """Hold the rapportage for this transaction, so that nobody saves a score while somebody submits or adopts."""
    held = _held(meetmoment)
    if held is None:
        try:
            with transaction.atomic():
                held = Rapportage(meetmoment=meetmoment)
                sign(held, by, op=op)
                held.save()
        except IntegrityError:
            # Somebody else made it at the same moment: wait for what they do with it.
            held = _held(meetmoment)
            if held is None:
                raise
    held.meetmoment = meetmoment
    return held


def _held(meetmoment: Meetmoment) -> Rapportage | None:
    return Rapportage.objects.select_for_update().filter(meetmoment=meetmoment).first()


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
