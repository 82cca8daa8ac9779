"""What becomes public: the regio's choice, an adopted version for everybody to read, and its withdrawal.

One function per event, atomic, with the person who does it; see docs/adr/0042.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from monitoring.disclosure import Vondst, find_other_masks, find_persons, find_small_counts
from monitoring.models import Momentopname, Publicatie
from monitoring.snapshot import read
from regio.audit import Event, record, sign
from regio.days import format_day
from regio.models import Gebruiker, Regio
from regio.permissions import Permission


class NotPublishable(Exception):
    """This cannot be made public or withdrawn now; the message says so to the user."""


@transaction.atomic
def choose_publishing(
    *, regio: Regio, publiceert: bool, by: Gebruiker, reden: str = "", op: datetime | None = None
) -> list[Publicatie]:
    """Choose whether `regio` makes adopted reports public at all, and return what was withdrawn by choosing not to.

    Choosing to makes nothing public yet. Choosing not to needs a `reden` for what is withdrawn, which the tombstones
    show. Raises PermissionDenied for who may not, NotPublishable without that reason. `op`, here and below, dates what
    happened before it was entered.
    """
    held = _hold(regio, by)
    withdrawn: list[Publicatie] = []
    if not publiceert:
        public = Publicatie.objects.of_regio(held).filter(ingetrokken_op=None).select_related("momentopname")
        if public and not reden:
            raise NotPublishable("Er is intussen een rapport openbaar. Schrijf waarom u het intrekt.")
        withdrawn = _withdraw(public, reden, by, op)
    if held.publiceert != publiceert:
        held.publiceert = publiceert
        sign(held, by, op=op)
        held.save()
        _record("gekozen" if publiceert else "gestopt", by, regio=held.pk)
    return withdrawn


@transaction.atomic
def publish_version(*, momentopname: Momentopname, by: Gebruiker, op: datetime | None = None) -> Publicatie:
    """Make an adopted version public: the latest one only, so that nobody takes an old one for what holds now.

    Raises PermissionDenied for who may not, NotPublishable when the regio does not publish, when it is public already,
    or when a text in it names a person.
    """
    regio = _hold(momentopname.rapportage.of_meetmoment.agenda.regio, by)
    refusal = why_not_public(momentopname, regio)
    if refusal:
        raise NotPublishable(refusal)
    made = Publicatie(momentopname=momentopname, gepubliceerd_door=by, gepubliceerd_op=op or timezone.now())
    sign(made, by, op=op)
    made.save()
    _record("openbaar", by, momentopname=momentopname.pk)
    return made


@transaction.atomic
def withdraw_version(
    *, publicatie: Publicatie, reden: str, by: Gebruiker, op: datetime | None = None
) -> list[Publicatie]:
    """Withdraw a public version, and the earlier ones of the same report: an old one must not take its place.

    Raises PermissionDenied for who may not, NotPublishable when it is withdrawn already. Its address keeps telling what
    stood there, with `reden`.
    """
    momentopname = publicatie.momentopname
    _hold(momentopname.rapportage.of_meetmoment.agenda.regio, by)
    withdrawn = _withdraw(public_until(momentopname), reden, by, op)
    if not withdrawn:
        raise NotPublishable(f"{momentopname} is al ingetrokken.")
    return withdrawn


def why_not_public(momentopname: Momentopname, regio: Regio) -> str:
    """Return why this version cannot be made public now, in words for the user; empty when it can."""
    if not regio.publiceert:
        return "Uw regio maakt geen rapporten openbaar. Kies eerst dat zij dat doet."
    if Momentopname.objects.filter(rapportage=momentopname.rapportage, versie__gt=momentopname.versie).exists():
        return f"{momentopname} is niet de laatst vastgestelde versie. Alleen die kan openbaar worden."
    if Publicatie.objects.public().filter(momentopname=momentopname).exists():
        return f"{momentopname} is al openbaar."
    content = read(momentopname.inhoud)
    return _say_persons(persons_in(content, regio)) or _say_counts(content, momentopname)


def persons_in(content: dict[str, Any], regio: Regio) -> list[Vondst]:
    """Return where the texts of a version name somebody of the regio, or hold an e-mail address and the like."""
    members = Gebruiker.objects.filter(lidmaatschap__regio=regio).values_list("naam", flat=True)
    return find_persons(content, members.distinct())


def _say_persons(found: list[Vondst]) -> str:
    if not found:
        return ""
    said = ", ".join(map(str, found))
    return (
        f"In dit rapport staan gegevens van personen: {said}. Die horen niet op een openbare pagina. Heropen het"
        " rapport, haal ze weg en laat het opnieuw vaststellen."
    )


def _say_counts(content: dict[str, Any], momentopname: Momentopname) -> str:
    """Say that counts would become public that the OOGO does not see, by themselves or beside an earlier version."""
    if find_small_counts(content):
        return "In dit rapport staan kleine aantallen die niet zijn afgeschermd. Het kan niet openbaar worden."
    for publicatie in public_until(momentopname):
        quarters = find_other_masks(content, read(publicatie.momentopname.inhoud))
        if quarters:
            days = ", ".join(format_day(date.fromisoformat(quarter)) for quarter in quarters)
            return (
                f"Van {days} schermt deze versie andere aantallen af dan {publicatie.momentopname}, die openbaar is."
                " Wie de twee naast elkaar legt, kan een klein aantal uitrekenen. Trek de eerdere versie eerst in."
            )
    return ""


def public_until(momentopname: Momentopname) -> Iterable[Publicatie]:
    """Return what is public of the same report, up to this version."""
    of_report = Publicatie.objects.filter(momentopname__rapportage=momentopname.rapportage_id, ingetrokken_op=None)
    return of_report.filter(momentopname__versie__lte=momentopname.versie).select_related("momentopname")


def _hold(regio: Regio, by: Gebruiker) -> Regio:
    """Hold the regio for this transaction, so that nothing becomes public while somebody chooses against it."""
    if not by.has_permission(Permission.RAPPORT_PUBLICEREN, regio.pk):
        raise PermissionDenied(Permission.RAPPORT_PUBLICEREN.label)
    return Regio.objects.select_for_update().get(pk=regio.pk)


def _withdraw(publicaties: Iterable[Publicatie], reden: str, by: Gebruiker, op: datetime | None) -> list[Publicatie]:
    withdrawn = list(publicaties)
    for publicatie in withdrawn:
        publicatie.ingetrokken_door = by
        publicatie.ingetrokken_op = op or timezone.now()
        publicatie.reden_intrekking = reden
        sign(publicatie, by, reason=reden, op=op)
        publicatie.save()
        _record("ingetrokken", by, momentopname=publicatie.momentopname_id)
    return withdrawn


def _record(wat: str, by: Gebruiker, **details: int) -> None:
    """Leave a line in the log once it stands."""
    transaction.on_commit(partial(record, Event.PUBLICATIE, by=by, wat=wat, **details))
