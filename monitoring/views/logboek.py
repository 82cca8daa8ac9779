"""Who changed what, when, what stood there and why: of a doel with its scores, of a report, and of a quarter."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agenda.models import Doel
from monitoring.models import Meetmoment
from monitoring.overview import rapportage_of
from monitoring.quarter import rapportage_of_telmoment
from monitoring.record import load_doel_changes, load_report_steps, load_score_changes
from monitoring.views.entry import fetch_meetmoment
from monitoring.views.kwartaal import fetch_telmoment
from regio.models import Organisatie
from regio.permissions import Permission
from regio.requests import SignedInRequest
from thuiszitters.access import sees_all


def fetch_doel(request: SignedInRequest, permission: Permission, slug: str, agenda: str, code: str) -> Doel:
    """Authorise and fetch: 404 outside the own regio and for a code that is not written as in addresses."""
    if code != code.lower():
        raise Http404
    return Doel.objects.select_related("thema__agenda__regio").fetch_for(
        request.user, permission, thema__agenda__regio__slug=slug, thema__agenda__slug=agenda, code=code.upper()
    )


@require_safe
def doel_logboek(request: SignedInRequest, slug: str, agenda: str, code: str) -> HttpResponse:
    """The log of a doel and all its scores, or with ?meetmoment= of its score of that moment alone."""
    doel = fetch_doel(request, Permission.REGIO_BEKIJKEN, slug, agenda, code)
    moment = fetch_asked_moment(request, doel)
    context = {
        "regio": doel.thema.agenda.regio,
        "agenda": doel.thema.agenda,
        "doel": doel,
        "meetmoment": moment,
        "scores": load_score_changes(doel=doel, **({"meetmoment": moment} if moment else {})),
        "wijzigingen": [] if moment else load_doel_changes(doel),
        "plek": "agenda",
    }
    return render(request, "monitoring/doel_logboek.html", context)


def fetch_asked_moment(request: SignedInRequest, doel: Doel) -> Meetmoment | None:
    """Return the meetmoment that ?meetmoment= names, None without it; 404 for one that the agenda does not have."""
    asked = request.GET.get("meetmoment")
    if asked is None:
        return None
    moment = Meetmoment.objects.visible_to(request.user).filter(agenda=doel.thema.agenda_id, slug=asked).first()
    if moment is None:
        raise Http404
    return moment


@require_safe
def rapportage_logboek(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """The steps of the report of a meetmoment, and every change of its scores."""
    moment = fetch_meetmoment(request, Permission.REGIO_BEKIJKEN, slug, agenda, meetmoment)
    context = {
        "regio": moment.agenda.regio,
        "agenda": moment.agenda,
        "meetmoment": moment,
        "stappen": load_report_steps(rapportage_of(moment)),
        "scores": load_score_changes(meetmoment=moment),
        "plek": "rapporten",
    }
    return render(request, "monitoring/rapportage_logboek.html", context)


@require_safe
def kwartaal_logboek(request: SignedInRequest, slug: str, peildatum: date) -> HttpResponse:
    """The steps of a quarter, and the way to the log of each gemeente's counts."""
    moment = fetch_telmoment(request, Permission.REGIO_BEKIJKEN, slug, peildatum)
    sees_raw = sees_all(request.user, moment.regio_id)
    context = {
        "regio": moment.regio,
        "telmoment": moment,
        "ziet_alles": sees_raw,
        "stappen": load_report_steps(rapportage_of_telmoment(moment), with_figures=sees_raw),
        "gemeenten": Organisatie.objects.gemeenten_on(moment.regio, moment.peildatum).order_by("naam"),
        "plek": "thuiszitters",
    }
    return render(request, "monitoring/kwartaal_logboek.html", context)
