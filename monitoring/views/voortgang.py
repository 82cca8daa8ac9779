"""Voortgang van de invoer: who returned what, of one regio or of all that somebody watches over, and a reminder."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from monitoring.views.kalender import chosen_schooljaar
from monitoring.voortgang import matrix_of_regio, matrix_of_regios
from monitoring.voortgang_data import load_gegevens
from regio.models import Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest
from thuiszitters.access import sees_all
from thuiszitters.schooljaar import schooljaar_of

# Before this there was no passend onderwijs.
FIRST_YEAR = 2014


@require_safe
def voortgang(request: SignedInRequest, slug: str) -> HttpResponse:
    """One regio: its own scores and its gemeenten, by period."""
    regio = Regio.objects.fetch_for(request.user, Permission.VOORTGANG_BEKIJKEN, slug=slug)
    today = timezone.localdate()
    schooljaar = chosen_schooljaar(request, schooljaar_of(today))
    data = load_gegevens([regio], schooljaar, today)
    context = {
        "regio": regio,
        "matrix": matrix_of_regio(data, regio, with_links=sees_all(request.user, regio.pk)),
        "plek": "voortgang",
    }
    return render(request, "monitoring/voortgang.html", context | _years(schooljaar, today))


@require_safe
def voortgang_regios(request: SignedInRequest) -> HttpResponse:
    """Every regio that somebody watches over, a row each."""
    regios = _watched_regios(request)
    today = timezone.localdate()
    schooljaar = chosen_schooljaar(request, schooljaar_of(today))
    context = {"matrix": matrix_of_regios(load_gegevens(regios, schooljaar, today), schooljaar)}
    return render(request, "monitoring/voortgang.html", context | _years(schooljaar, today))


def _watched_regios(request: SignedInRequest) -> list[Regio]:
    """Return the regio's that this person watches over; 403 for who watches over none."""
    watched = request.user.regio_ids_with(Permission.VOORTGANG_BEKIJKEN)
    if watched is not None and not watched:
        raise PermissionDenied(Permission.VOORTGANG_BEKIJKEN.label)
    visible = Regio.objects.visible_to(request.user)
    return list(visible if watched is None else visible.filter(pk__in=watched))


def _years(schooljaar: str, today: date) -> dict[str, str]:
    begin, now = int(schooljaar[:4]), int(schooljaar_of(today)[:4])
    return {
        "schooljaar": schooljaar,
        "vorig": f"{begin - 1}-{begin}" if begin > FIRST_YEAR else "",
        "volgend": f"{begin + 1}-{begin + 2}" if begin <= now else "",
    }
