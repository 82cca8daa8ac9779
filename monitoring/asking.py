"""What happens to questions: asked, withdrawn, answered, and taken into a report; each by somebody, all or nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agenda.models import Doel, Trekker
from monitoring.actions import NotAllowedNow
from monitoring.mailing import tell_answered
from monitoring.models import Meetmoment, Rapportage, Vraag
from regio.audit import sign
from regio.models import Gebruiker, Regio
from regio.permissions import Permission
from thuiszitters.models import Categorie, Telmoment


class AnswerConflict(Exception):
    """Somebody changed this question after the version that this person started from (domein.md, rule 9)."""

    def __init__(self, current: Vraag) -> None:
        super().__init__("Iemand anders heeft deze vraag intussen beantwoord of gewijzigd.")
        self.current = current


@dataclass(frozen=True)
class Plek:
    """What a question is about: a doel, its score at one meetmoment, or a categorie at a telmoment."""

    regio: Regio
    doel: Doel | None = None
    meetmoment: Meetmoment | None = None
    telmoment: Telmoment | None = None
    categorie: Categorie | None = None


@transaction.atomic
def ask(*, plek: Plek, tekst: str, by: Gebruiker, op: datetime | None = None) -> Vraag:
    """Ask a question. `op` dates what was asked before it was entered here. Raises PermissionDenied for who may not."""
    if not by.has_permission(Permission.VRAGEN_STELLEN, plek.regio.pk):
        raise PermissionDenied(Permission.VRAGEN_STELLEN.label)
    vraag = Vraag(
        regio=plek.regio,
        doel=plek.doel,
        meetmoment=plek.meetmoment,
        telmoment=plek.telmoment,
        categorie=plek.categorie,
        tekst=tekst,
        gesteld_door=by,
        gesteld_op=op or timezone.now(),
    )
    sign(vraag, by, op=op)
    vraag.save()
    return vraag


@transaction.atomic
def withdraw(*, vraag: Vraag, by: Gebruiker) -> None:
    """Take an own question back. Raises PermissionDenied for somebody else's, NotAllowedNow once it was answered."""
    held = _lock(vraag)
    if held.gesteld_door_id != by.pk:
        raise PermissionDenied(Permission.VRAGEN_STELLEN.label)
    if held.is_beantwoord:
        raise NotAllowedNow("Deze vraag is al beantwoord en blijft daarom staan.")
    held.ingetrokken_op = timezone.now()
    _save(held, by)


@transaction.atomic
def answer(*, vraag: Vraag, tekst: str, versie: int, by: Gebruiker, op: datetime | None = None) -> Vraag:
    """Answer a question, or change its answer, as the successor of `versie`.

    What stands there already changes nothing. Raises PermissionDenied for who may not, AnswerConflict when somebody was
    there in between, NotAllowedNow when it was withdrawn or when the OOGO has the answer before it.
    """
    held = _lock(vraag)
    require_answer(by, held)
    if held.ingetrokken_op:
        raise NotAllowedNow("Deze vraag is intussen ingetrokken.")
    if held.antwoord == tekst:
        return held
    if held.versie != versie:
        raise AnswerConflict(held)
    _require_report_open(held.in_rapport_van)
    held.antwoord, held.beantwoord_door, held.beantwoord_op = tekst, by, op or timezone.now()
    _save(held, by, op)
    if op is None:
        tell_answered(held, by=by)
    return held


@transaction.atomic
def choose_report(*, vraag: Vraag, meetmoment: Meetmoment | None, by: Gebruiker) -> Vraag:
    """Take an answered question into the report of `meetmoment`, or with None out of the report that it is in.

    Raises PermissionDenied for who may not, NotAllowedNow when it is unanswered or when the report is no longer open.
    """
    held = _lock(vraag)
    if not by.has_permission(Permission.VRAGEN_BEANTWOORDEN, held.regio_id):
        raise PermissionDenied(Permission.VRAGEN_BEANTWOORDEN.label)
    if held.in_rapport_van == meetmoment:
        return held
    if not held.is_beantwoord:
        raise NotAllowedNow("Deze vraag is nog niet beantwoord en kan dus niet in het rapport.")
    if meetmoment and meetmoment.agenda.regio_id != held.regio_id:
        raise NotAllowedNow(f"{meetmoment} is van een andere regio.")
    for moment in (held.in_rapport_van, meetmoment):
        _require_report_open(moment)
    held.in_rapport_van = meetmoment
    return _save(held, by)


def may_answer(gebruiker: Gebruiker, vraag: Vraag) -> bool:
    """Whether this person answers: a secretaris, or somebody of an organisatie that pulls the doel; not who asked."""
    if vraag.gesteld_door_id == gebruiker.pk:
        return False
    if gebruiker.has_permission(Permission.VRAGEN_BEANTWOORDEN, vraag.regio_id):
        return True
    pulling = gebruiker.organisaties_for(Permission.VRAGEN_ALS_TREKKER_BEANTWOORDEN, vraag.regio_id)
    return bool(pulling) and Trekker.objects.filter(doel=vraag.doel_id, organisatie__in=pulling).exists()


def require_answer(by: Gebruiker, vraag: Vraag) -> None:
    if not may_answer(by, vraag):
        raise PermissionDenied(Permission.VRAGEN_BEANTWOORDEN.label)


def _lock(vraag: Vraag) -> Vraag:
    """Hold the question for this transaction, so that nobody withdraws what somebody else answers."""
    return Vraag.objects.select_for_update(of=("self",)).with_place().get(pk=vraag.pk)


def _require_report_open(moment: Meetmoment | None) -> None:
    """Nothing changes in a report under the eyes of an OOGO, nor after it has adopted."""
    held = Rapportage.objects.select_for_update(of=("self",)).filter(meetmoment=moment).first() if moment else None
    if held and not held.is_open:
        raise NotAllowedNow(f"Het rapport {moment} is {held.get_status_display()}. Wat erin staat verandert nu niet.")


def _save(vraag: Vraag, by: Gebruiker, op: datetime | None = None) -> Vraag:
    vraag.versie += 1
    sign(vraag, by, op=op)
    vraag.save()
    return vraag
