"""Voortgang van de invoer: who returned what, of one regio or of all that somebody watches over, and a reminder."""

from collections.abc import Sized

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from monitoring.herinneren import load_verzoeken, remind_all
from monitoring.mailing import Gevraagd
from monitoring.views.kalender import chosen_schooljaar, years_around
from monitoring.voortgang import matrix_of_regio, matrix_of_regios
from monitoring.voortgang_data import load_gegevens, load_peildata
from regio.models import Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest
from thuiszitters.access import sees_all


@require_safe
def voortgang(request: SignedInRequest, slug: str) -> HttpResponse:
    """One regio: its own scores and its gemeenten, by period."""
    regio = Regio.objects.fetch_for(request.user, Permission.VOORTGANG_BEKIJKEN, slug=slug)
    today = timezone.localdate()
    schooljaar = chosen_schooljaar(request.GET, today)
    data = load_gegevens([regio], schooljaar, today)
    context = {
        "regio": regio,
        "mag_herinneren": request.user.has_permission(Permission.HERINNEREN, regio.pk),
        "matrix": matrix_of_regio(
            data,
            regio,
            with_links=sees_all(request.user, regio.pk),
            enters_scores=request.user.has_permission(Permission.SCORES_INVOEREN, regio.pk),
        ),
        "plek": "voortgang",
    }
    years = years_around(schooljaar, load_peildata([regio]), today)
    return render(request, "monitoring/voortgang.html", context | years)


@require_safe
def voortgang_regios(request: SignedInRequest) -> HttpResponse:
    """Every regio that somebody watches over, a row each."""
    regios = _regios_with(request, Permission.VOORTGANG_BEKIJKEN)
    today = timezone.localdate()
    schooljaar = chosen_schooljaar(request.GET, today)
    matrix = matrix_of_regios(load_gegevens(regios, schooljaar, today), schooljaar)
    context = {
        "matrix": matrix,
        "mag_herinneren": True,
        "voorbeelddata": any(regio.voorbeelddata for regio in regios),
    }
    years = years_around(schooljaar, load_peildata(regios), today)
    return render(request, "monitoring/voortgang.html", context | years)


@require_POST
def voortgang_herinneren(request: SignedInRequest) -> HttpResponse:
    """Show whom a reminder of what was chosen goes to, and send it once that is confirmed."""
    regios = _regios_with(request, Permission.HERINNEREN)
    slug, schooljaar = request.POST.get("regio", ""), chosen_schooljaar(request.POST, timezone.localdate())
    regio = next((own for own in regios if own.slug == slug), None)
    if slug and regio is None:
        raise Http404
    keys = " ".join(request.POST.getlist("wat")).split()
    verzoeken = load_verzoeken(keys, [regio] if regio else regios)
    page = reverse("monitoring:voortgang", args=[slug]) if regio else reverse("monitoring:voortgang-regios")
    back = f"{page}?schooljaar={schooljaar}"
    if verzoeken and "bevestigd" in request.POST:
        _say(request, remind_all(verzoeken, by=request.user))
        return redirect(back)
    context = {
        "regio": regio,
        "verzoeken": verzoeken,
        "kan_sturen": any(verzoek.te_sturen for verzoek in verzoeken),
        "schooljaar": schooljaar,
        "terug": back,
        "plek": "voortgang",
    }
    return render(request, "monitoring/voortgang_herinneren.html", context)


def _say(request: SignedInRequest, outcome: Gevraagd) -> None:
    if outcome.gevraagd:
        messages.success(request, f"Er gaat een herinnering uit over {_parts(outcome.gevraagd)}.")
    if outcome.vandaag_al:
        why = "er is er vandaag al een. Morgen kan het weer"
        messages.info(request, f"Over {_parts(outcome.vandaag_al)} gaat nu geen herinnering uit: {why}.")
    if outcome.voor_niemand:
        why = "niemand kan die krijgen. Geef eerst iemand een lidmaatschap als invoerder"
        messages.warning(request, f"Over {_parts(outcome.voor_niemand)} gaat geen herinnering uit: {why}.")
    if outcome.niet_meer_nodig:
        messages.info(request, f"Over {_parts(outcome.niet_meer_nodig)} was een herinnering niet meer nodig.")


def _parts(keys: Sized) -> str:
    return "1 onderdeel" if len(keys) == 1 else f"{len(keys)} onderdelen"


def _regios_with(request: SignedInRequest, permission: Permission) -> list[Regio]:
    """Return the regio's in which this person has `permission`; 403 for who has it in none."""
    ids = request.user.regio_ids_with(permission)
    if ids is not None and not ids:
        raise PermissionDenied(permission.label)
    visible = Regio.objects.visible_to(request.user)
    return list(visible if ids is None else visible.filter(pk__in=ids))
