"""The steps of a report on its way to who adopts it, the same for scores and for counts. Each works on a held report.

The actions call these: they know what has to be complete, who may, and what opens or closes with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from agenda.models import Doel
from monitoring.mailing import take_back_adopted, tell_adopted, tell_returned, tell_submitted
from monitoring.models import Besluit, Meetmoment, Opmerking, Rapportage, Teruggave
from monitoring.report import Vaststelling
from regio.audit import Event, record, sign
from regio.models import Gebruiker, Overleg
from regio.permissions import Permission
from thuiszitters.models import Telmoment


class NotAllowedNow(Exception):
    """The report is in a state in which this cannot happen; the message says so to the user."""


@dataclass(frozen=True)
class Uitspraak:
    """What an overleg decided when it adopted a report: where, when, under which reference, and what it remarked."""

    overleg: Overleg
    vergaderdatum: date
    kenmerk: str
    opmerkingen: str = ""
    per_doel: Mapping[Doel, str] = field(default_factory=dict)


def require(by: Gebruiker, permission: Permission, regio_id: int) -> None:
    if not by.has_permission(permission, regio_id):
        raise PermissionDenied(permission.label)


def registers(gebruiker: Gebruiker, rapportage: Rapportage, adopting: Permission) -> bool:
    """Tell whether this person registers what the overleg decided, rather than adopts.

    Raises PermissionDenied for who may do neither.
    """
    regio_id = rapportage.regio.pk
    may_register = gebruiker.has_permission(Permission.BESLUIT_REGISTREREN, regio_id)
    if gebruiker.has_permission(adopting, regio_id):
        return may_register and rapportage.voorgelegd_door_id == gebruiker.pk
    if not may_register:
        raise PermissionDenied(adopting.label)
    return True


def hold(moment: Meetmoment | Telmoment, by: Gebruiker, op: datetime | None = None) -> Rapportage:
    """Hold the report of `moment` for this transaction, so that nobody enters while somebody submits or adopts."""
    of = {"meetmoment" if isinstance(moment, Meetmoment) else "telmoment": moment}
    # The one row is not sorted: the names of regio and agenda, by which reports are, would take five joins.
    wanted = Rapportage.objects.select_for_update(of=("self",)).filter(**of).order_by("pk")
    held = wanted.first()
    if held is None:
        try:
            with transaction.atomic():
                held = Rapportage(**of)
                sign(held, by, op=op)
                held.save()
        except IntegrityError:
            # Somebody else made it at the same moment: wait for what they do with it.
            held = wanted.first()
            if held is None:
                raise
    # Their names are at hand: nobody need ask for them again.
    for name, thing in of.items():
        setattr(held, name, thing)
    return held


def require_submittable(rapportage: Rapportage) -> None:
    if rapportage.is_vastgesteld:
        raise NotAllowedNow(f"{rapportage.naam} is vastgesteld. Heropen het eerst, met een reden.")
    if not rapportage.is_open:
        raise NotAllowedNow(f"{rapportage.naam} is al voorgelegd aan {rapportage.gremium}.")


def lay_before(rapportage: Rapportage, *, by: Gebruiker, op: datetime | None) -> None:
    rapportage.status = Rapportage.Status.VOORGELEGD
    rapportage.voorgelegd_door = by
    rapportage.voorgelegd_op = op or timezone.now()
    rapportage.reden_teruggave = ""
    _write(rapportage, "voorgelegd", by, op)
    tell_submitted(rapportage, by=by, op=op)


def give_back(
    rapportage: Rapportage, *, reden: str, opmerkingen: Iterable[Opmerking], by: Gebruiker, op: datetime | None
) -> Teruggave:
    """Give a submitted report back with the reason; `opmerkingen` say it of single parts. What is said stays."""
    if not rapportage.is_voorgelegd:
        raise NotAllowedNow(
            f"{rapportage.naam} ligt niet voor aan {rapportage.gremium} en kan dus niet worden teruggegeven."
        )
    rapportage.status = Rapportage.Status.TERUGGEGEVEN
    rapportage.reden_teruggave = reden
    _write(rapportage, "teruggegeven", by, op, reason=reden)
    given = Teruggave.objects.create(
        rapportage=rapportage, versie=rapportage.versie, reden=reden, door=by, op=op or timezone.now()
    )
    remarks = list(opmerkingen)
    for remark in remarks:
        remark.teruggave = given
    Opmerking.objects.bulk_create(remarks)
    tell_returned(rapportage, reden=reden, by=by, op=op)
    return given


def adopt(
    rapportage: Rapportage,
    *,
    uitspraak: Uitspraak,
    als_registratie: bool,
    by: Gebruiker,
    gezien: str | None,
    op: datetime | None,
) -> Besluit:
    """Record that a submitted report was adopted; what `gezien` and `als_registratie` mean stands at the actions."""
    _require_adoptable(rapportage, uitspraak.overleg, by, als_registratie=als_registratie, gezien=gezien)
    rapportage.status = Rapportage.Status.VASTGESTELD
    said = "geregistreerd" if als_registratie else "vastgesteld"
    _write(rapportage, said, by, op, reason=f"{uitspraak.overleg}, {uitspraak.kenmerk}")
    besluit = Besluit.objects.create(
        rapportage=rapportage,
        versie=rapportage.versie,
        overleg=uitspraak.overleg,
        vergaderdatum=uitspraak.vergaderdatum,
        kenmerk=uitspraak.kenmerk,
        opmerkingen=uitspraak.opmerkingen,
        vastgesteld_door=None if als_registratie else by,
        geregistreerd_door=by if als_registratie else None,
        op=op or timezone.now(),
    )
    per_doel = uitspraak.per_doel.items()
    Opmerking.objects.bulk_create([Opmerking(doel=doel, besluit=besluit, tekst=tekst) for doel, tekst in per_doel])
    tell_adopted(rapportage, besluit, by=by, op=op)
    return besluit


def reopen(rapportage: Rapportage, *, reden: str, by: Gebruiker, op: datetime | None) -> None:
    if not rapportage.is_vastgesteld:
        raise NotAllowedNow(f"{rapportage.naam} is niet vastgesteld. Er valt dus niets te heropenen.")
    rapportage.status = Rapportage.Status.CONCEPT
    rapportage.versie += 1
    rapportage.reden_heropening = reden
    rapportage.voorgelegd_door = rapportage.voorgelegd_op = None
    _write(rapportage, "heropend", by, op, reason=reden)
    take_back_adopted(rapportage)


def vaststelling_of(besluit: Besluit, uitspraak: Uitspraak) -> Vaststelling:
    """Return the decision in the words that a report and its snapshot keep."""
    return Vaststelling(
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


def _write(rapportage: Rapportage, wat: str, by: Gebruiker, op: datetime | None, *, reason: str | None = None) -> None:
    """Save what happened with its author, and leave a line in the log once it stands."""
    sign(rapportage, by, reason=reason, op=op)
    rapportage.save()
    about = {"meetmoment": rapportage.meetmoment_id, "telmoment": rapportage.telmoment_id}
    known = {name: pk for name, pk in about.items() if pk is not None}
    transaction.on_commit(partial(record, Event.BESLUIT, by=by, wat=wat, **known))


def _require_adoptable(
    rapportage: Rapportage, overleg: Overleg, by: Gebruiker, *, als_registratie: bool, gezien: str | None
) -> None:
    naam = rapportage.naam
    if not rapportage.is_voorgelegd or rapportage.voorgelegd_op is None:
        raise NotAllowedNow(f"{naam} ligt niet voor aan {rapportage.gremium} en kan dus niet worden vastgesteld.")
    if gezien is not None and gezien != rapportage.voorgelegd_op.isoformat():
        raise NotAllowedNow(
            f"{naam} is intussen gewijzigd en opnieuw voorgelegd. Lees eerst wat er nu voorligt; er is nog niets"
            " vastgesteld."
        )
    if not als_registratie and rapportage.voorgelegd_door_id == by.pk:
        raise NotAllowedNow(f"U hebt {naam} zelf voorgelegd. Iemand anders stelt het vast.")
    if overleg.regio_id != rapportage.regio.pk or overleg.niveau != rapportage.niveau:
        raise NotAllowedNow(
            f"{overleg} is geen {rapportage.niveau} overleg van deze regio en kan dit niet vaststellen."
        )
