"""Metingen of an indicator: to add and to change."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from monitoring.forms import MetingForm
from monitoring.measuring import MeetConflict, may_measure, save_meting
from monitoring.models import Indicator, Indicatorwaarde
from monitoring.steps import NotAllowedNow
from regio.forms import refusals_in
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
    if meting is None and request.method != "POST":
        raise Http404
    if meting is None:
        form = MetingForm(request.POST, instance=Indicatorwaarde(indicator=indicator))
        form.show_what_stands_there(None)
        return _show(request, indicator, form)
    meting.indicator = indicator
    return _edit(request, meting)


def _edit(request: SignedInRequest, meting: Indicatorwaarde) -> HttpResponse:
    form = MetingForm(request.POST or None, instance=meting)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, NotAllowedNow):
            try:
                save_meting(meting=form.instance, versie=form.cleaned_data["versie"], by=request.user)
            except MeetConflict as conflict:
                form.show_what_stands_there(conflict.current)
            else:
                messages.success(request, f"Bewaard: {form.instance}.")
                return redirect(form.instance.indicator.doel_url)
    return _show(request, meting.indicator, form)


def _show(request: SignedInRequest, indicator: Indicator, form: MetingForm) -> HttpResponse:
    agenda = indicator.doel.thema.agenda
    is_new = form.instance.pk is None
    place = [agenda.regio.slug, agenda.slug, indicator.doel.slug, indicator.pk]
    context = {
        "regio": agenda.regio,
        "agenda": agenda,
        "indicator": indicator,
        "form": form,
        "is_nieuw": is_new,
        # What stands nowhere any more is made anew, whatever address it was sent to.
        "adres": reverse("monitoring:meting-nieuw", args=place) if is_new else "",
        "plek": "agenda",
    }
    return render(request, "monitoring/meting.html", context)
