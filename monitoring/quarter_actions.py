"""What happens to a quarter of counts: the steps to the REA and back. Those of scores are in actions.py."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from monitoring import steps
from monitoring.actions import keep_snapshot
from monitoring.models import Besluit, Momentopname, OntbrekendeOpgave, Opmerking, Rapportage
from monitoring.quarter import Stand, load_standen, missing
from monitoring.quarter_snapshot import freeze_kwartaal
from monitoring.snapshot import canonical
from monitoring.steps import NotAllowedNow, Uitspraak
from regio.models import Gebruiker, Organisatie
from regio.permissions import Permission
from thuiszitters.actions import lock_telmoment, mark_telmoment, return_opgave
from thuiszitters.models import Opgave, Telling, Telmoment
from thuiszitters.overview import load_quarters
from thuiszitters.publication import publish


class OpgavenMissing(Exception):
    """These gemeenten submitted nothing, and nobody wrote why the quarter goes to the REA without them."""

    def __init__(self, standen: list[Stand]) -> None:
        names = ", ".join(stand.gemeente.label for stand in standen)
        super().__init__(f"Nog geen opgave van {names}. Wacht daarop, of schrijf waarom het zonder kan.")
        self.standen = standen


@transaction.atomic
def submit_kwartaal(
    *, telmoment: Telmoment, by: Gebruiker, zonder: Mapping[Organisatie, str] | None = None, op: datetime | None = None
) -> Rapportage:
    """Lay the counts of `telmoment` before the REA and close them for entry.

    `zonder` says of a gemeente that submitted nothing why the quarter goes without it. Raises PermissionDenied for who
    may not, NotAllowedNow when it is not open, OpgavenMissing. `op`, here and below, dates what happened before it was
    entered.
    """
    steps.require(by, Permission.KWARTAAL_VOORLEGGEN, telmoment.regio_id)
    telmoment = lock_telmoment(telmoment)
    rapportage = steps.hold(telmoment, by, op)
    steps.require_submittable(rapportage)
    _require_countable(telmoment)
    standen = load_standen(telmoment, rapportage, timezone.localdate())
    if not standen:
        raise NotAllowedNow("Op deze peildatum deden er geen gemeenten mee. Er valt dus niets voor te leggen.")
    reasons = {gemeente.pk: reden for gemeente, reden in (zonder or {}).items() if reden}
    absent = missing(standen)
    unexplained = [stand for stand in absent if stand.gemeente.pk not in reasons]
    if unexplained:
        raise OpgavenMissing(unexplained)
    steps.lay_before(rapportage, by=by, op=op)
    voorgelegd_op = rapportage.voorgelegd_op or timezone.now()
    OntbrekendeOpgave.objects.bulk_create(
        OntbrekendeOpgave(
            rapportage=rapportage,
            gemeente=stand.gemeente,
            reden=reasons[stand.gemeente.pk],
            door=by,
            voorgelegd_op=voorgelegd_op,
        )
        for stand in absent
    )
    mark_telmoment(telmoment, voorgelegd_op=voorgelegd_op, afgesloten_op=None, reden="Voorgelegd", by=by)
    return rapportage


@transaction.atomic
def return_kwartaal(
    *,
    telmoment: Telmoment,
    reden: str,
    by: Gebruiker,
    per_gemeente: Mapping[Organisatie, str] | None = None,
    op: datetime | None = None,
) -> Rapportage:
    """Give a submitted quarter back to the secretaris with the reason, and open it for entry again.

    `per_gemeente` names whose opgave has to be mended, with the reason that its invoerder reads: that one is given back
    too. Raises PermissionDenied for who may not, NotAllowedNow when it is not before the REA.
    """
    steps.require(by, Permission.KWARTAAL_TERUGGEVEN, telmoment.regio_id)
    telmoment = lock_telmoment(telmoment)
    rapportage = steps.hold(telmoment, by, op)
    remarks = [Opmerking(gemeente=gemeente, tekst=tekst) for gemeente, tekst in (per_gemeente or {}).items()]
    steps.give_back(rapportage, reden=reden, opmerkingen=remarks, by=by, op=op)
    mark_telmoment(telmoment, voorgelegd_op=None, afgesloten_op=None, reden=reden, by=by)
    submitted = {s.gemeente.pk for s in load_standen(telmoment, rapportage, timezone.localdate()) if s.is_ingediend}
    for gemeente, tekst in (per_gemeente or {}).items():
        if gemeente.pk in submitted:
            return_opgave(telmoment=telmoment, gemeente=gemeente, reden=tekst, by=by, op=op)
    return rapportage


@transaction.atomic
def adopt_kwartaal(
    *,
    telmoment: Telmoment,
    uitspraak: Uitspraak,
    als_registratie: bool,
    by: Gebruiker,
    gezien: str | None = None,
    op: datetime | None = None,
) -> Momentopname:
    """Adopt what lies before the REA and freeze it: state, decision, snapshot and counts, all or nothing.

    `als_registratie` and `gezien` are those of `adopt_rapportage`, and so is what is raised.
    """
    wanted = Permission.BESLUIT_REGISTREREN if als_registratie else Permission.KWARTAAL_VASTSTELLEN
    steps.require(by, wanted, telmoment.regio_id)
    telmoment = lock_telmoment(telmoment)
    rapportage = steps.hold(telmoment, by, op)
    besluit = steps.adopt(rapportage, uitspraak=uitspraak, als_registratie=als_registratie, by=by, gezien=gezien, op=op)
    mark_telmoment(
        telmoment, voorgelegd_op=telmoment.voorgelegd_op, afgesloten_op=besluit.op, reden=uitspraak.kenmerk, by=by
    )
    return keep_snapshot(besluit, _freeze(rapportage, besluit, uitspraak))


@transaction.atomic
def reopen_kwartaal(*, telmoment: Telmoment, reden: str, by: Gebruiker, op: datetime | None = None) -> Rapportage:
    """Begin the next version of an adopted quarter; the adopted one stays what it is.

    Raises PermissionDenied for who may not, NotAllowedNow when it is not adopted. Each opgave stays submitted until it
    is given back.
    """
    steps.require(by, Permission.KWARTAAL_HEROPENEN, telmoment.regio_id)
    telmoment = lock_telmoment(telmoment)
    rapportage = steps.hold(telmoment, by, op)
    steps.reopen(rapportage, reden=reden, by=by, op=op)
    mark_telmoment(telmoment, voorgelegd_op=None, afgesloten_op=None, reden=reden, by=by)
    return rapportage


def _require_countable(telmoment: Telmoment) -> None:
    if telmoment.peildatum > timezone.localdate():
        raise NotAllowedNow("Deze peildatum ligt in de toekomst. Voorleggen kan pas na die dag.")


def _freeze(rapportage: Rapportage, besluit: Besluit, uitspraak: Uitspraak) -> str:
    telmoment = rapportage.of_telmoment
    quarters = load_quarters(telmoment.regio, telmoment.peildatum, latest=1)
    (raw,), (masked,) = publish(quarters, drempel=None), publish(quarters, drempel=telmoment.regio.drempel)
    content = freeze_kwartaal(
        rapportage=rapportage,
        raw=raw,
        masked=masked,
        standen=load_standen(telmoment, rapportage, telmoment.peildatum),
        tellingen=_load_tellingen(telmoment),
        vaststelling=steps.vaststelling_of(besluit, uitspraak),
        # A hash of few small numbers can be guessed by trying; with this in it nobody can.
        zout=secrets.token_hex(16),
    )
    return canonical(content)


def _load_tellingen(telmoment: Telmoment) -> dict[int, list[dict[str, Any]]]:
    """Return by gemeente each count that was submitted, in the order of the sheet."""
    found: dict[int, list[dict[str, Any]]] = {}
    rows = Telling.objects.filter(opgave__telmoment=telmoment, opgave__status=Opgave.Status.INGEDIEND)
    fields = ("opgave__gemeente", "categorie__code", "sector", "status", "aantal", "toelichting")
    for gemeente, code, *rest in rows.order_by("categorie__volgorde", "pk").values_list(*fields):
        telling = dict(zip(("sector", "status", "aantal", "toelichting"), rest, strict=True))
        found.setdefault(gemeente, []).append({"categorie": code, **telling})
    return found
