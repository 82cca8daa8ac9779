"""Who changed the counts of one gemeente in one quarter: for everybody in the regio, without numbers where masked."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regio.permissions import Permission
from regio.requests import SignedInRequest
from thuiszitters.access import may_see
from thuiszitters.changelog import read_sittings, read_steps
from thuiszitters.models import Opgave, Telling
from thuiszitters.views.entry import fetch_telmoment


@require_safe
def opgave_logboek(request: SignedInRequest, slug: str, peildatum: date, gemeente: str) -> HttpResponse:
    """Who did what, when and why; what stood there only to who may see the numbers of this gemeente."""
    moment, organisatie = fetch_telmoment(request, Permission.REGIO_BEKIJKEN, slug, peildatum, gemeente)
    sees = may_see(request.user, moment.regio_id, organisatie)
    tellingen = Telling.history.filter(opgave__telmoment=moment, opgave__gemeente=organisatie)
    steps = Opgave.history.filter(telmoment=moment, gemeente=organisatie).select_related("history_user")
    context = {
        "regio": moment.regio,
        "telmoment": moment,
        "gemeente": organisatie,
        "ziet_aantallen": sees,
        "stappen": read_steps(steps.order_by("history_date", "history_id"), with_reasons=sees),
        "zittingen": read_sittings(
            tellingen.select_related("history_user", "categorie").order_by("history_date", "history_id"),
            with_numbers=sees,
        ),
        "plek": "thuiszitters",
    }
    return render(request, "thuiszitters/opgave_logboek.html", context)
