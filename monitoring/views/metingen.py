"""Metingen of an indicator: to add and to change."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from monitoring.forms import MetingForm
from monitoring.measuring import MeetConflict, may_measure, save_meting
from monitoring.models import Indicator, Indicatorwaarde
from regio.permissions import Permission
from regio.requests import SignedInRequest


def fetch_indicator(request: SignedInRequest, slug: str, agenda: str, code: str, nummer: int) -> Indicator:
    """Authorise and fetch: 404 outside the own regio, 403 for who may read but not measure."""
    if code != code.lower():
        raise Http404
    of_doel = {
        "doel__thema__agenda__regio__slug": slug,
        "doel__thema__agenda__slug": agenda,
        "doel__code": code.upper(),
    }
    found = Indicator.objects.with_place().fetch_for(request.user, Permission.REGIO_BEKIJKEN, pk=nummer, **of_doel)
    if not may_measure(request.user, found.doel):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def meting_nieuw(request: SignedInRequest, slug: str, agenda: str, code: str, nummer: int) -> HttpResponse:
    return _edit(request, Indicatorwaarde(indicator=fetch_indicator(request, slug, agenda, code, nummer)))


@require_http_methods(["GET", "HEAD", "POST"])
def meting_wijzigen(
    request: SignedInRequest, slug: str, agenda: str, code: str, nummer: int, peildatum: date
) -> HttpResponse:
    indicator = fetch_indicator(request, slug, agenda, code, nummer)
    meting = Indicatorwaarde.objects.visible_to(request.user).filter(indicator=indicator, peildatum=peildatum).first()
    if meting is None:
        raise Http404
    meting.indicator = indicator
    return _edit(request, meting)


def _edit(request: SignedInRequest, meting: Indicatorwaarde) -> HttpResponse:
    form = MetingForm(request.POST or None, instance=meting)
    if request.method == "POST" and form.is_valid():
        try:
            save_meting(meting=form.instance, versie=form.cleaned_data["versie"], by=request.user)
        except MeetConflict as conflict:
            form.show_what_stands_there(conflict.current)
        else:
            messages.success(request, f"Bewaard: {form.instance}.")
            return redirect(form.instance)
    agenda = meting.indicator.doel.thema.agenda
    context = {"regio": agenda.regio, "agenda": agenda, "indicator": meting.indicator, "form": form, "plek": "agenda"}
    return render(request, "monitoring/meting.html", context | {"is_nieuw": meting.pk is None})
