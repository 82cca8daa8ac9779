"""What happens to metingen, each by somebody, all or nothing."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agenda.models import Doel, Trekker
from monitoring.models import Indicator, Indicatorwaarde, Rapportage
from monitoring.steps import NotAllowedNow
from regio.audit import sign
from regio.days import format_day
from regio.models import Gebruiker
from regio.permissions import Permission


class MeetConflict(Exception):
    """Somebody changed or removed this meting after the version that this person started from (domein.md, rule 9)."""

    def __init__(self, current: Indicatorwaarde | None) -> None:
        super().__init__("Iemand anders heeft deze meting intussen gewijzigd.")
        self.current = current


@transaction.atomic
def save_meting(*, meting: Indicatorwaarde, versie: int, by: Gebruiker, op: datetime | None = None) -> None:
    """Save a new meting, or the change of one whose author started from `versie`.

    `op` dates what was measured before it was entered here. Raises PermissionDenied for who may not, MeetConflict, and
    NotAllowedNow for what a report tells that lies before the OOGO.
    """
    if not may_measure(by, meting.indicator.doel):
        raise PermissionDenied(Permission.METINGEN_INVOEREN.label)
    # Held, so that of two who begin with the same day the second sees what the first saved.
    Indicator.objects.select_for_update().get(pk=meting.indicator_id)
    there = Indicatorwaarde.objects.with_place().filter(indicator=meting.indicator_id)
    if taken := there.filter(peildatum=meting.peildatum).exclude(pk=meting.pk).first():
        raise MeetConflict(taken)
    current = there.filter(pk=meting.pk).first() if meting.pk else None
    if meting.pk:
        if current is None or current.versie != versie:
            raise MeetConflict(current)
        meting.versie = versie + 1
    require_not_before_oogo(meting.indicator.doel, *(m.peildatum for m in (meting, current) if m))
    meting.gewijzigd_door, meting.gewijzigd_op = by, op or timezone.now()
    sign(meting, by, op=op)
    meting.save()


def require_not_before_oogo(doel: Doel, *days: date) -> None:
    """Nothing changes in a report under the eyes of an OOGO. Raises NotAllowedNow for a meting of one of `days`."""
    telling = Rapportage.objects.filter(meetmoment__agenda=doel.thema.agenda_id, meetmoment__peildatum__gte=min(days))
    # All are held, so that nobody submits one while a meting in it is saved.
    held = telling.select_for_update(of=("self",)).select_related("meetmoment").order_by("pk")
    before = [rapportage for rapportage in held if rapportage.status == Rapportage.Status.VOORGELEGD]
    if before:
        moment = before[0].of_meetmoment
        raise NotAllowedNow(
            f"Het rapport {moment} ligt voor aan het OOGO. Metingen tot en met {format_day(moment.peildatum)}"
            " veranderen nu niet. Wacht tot het is vastgesteld of teruggegeven."
        )


def may_measure(gebruiker: Gebruiker, doel: Doel) -> bool:
    """Whether this person enters metingen of `doel`: a secretaris, or somebody of an organisatie that pulls it."""
    regio_id = doel.thema.agenda.regio_id
    if gebruiker.has_permission(Permission.METINGEN_INVOEREN, regio_id):
        return True
    pulling = gebruiker.organisaties_for(Permission.METINGEN_ALS_TREKKER_INVOEREN, regio_id)
    return bool(pulling) and Trekker.objects.filter(doel=doel.pk, organisatie__in=pulling).exists()
