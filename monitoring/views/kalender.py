"""The year of a regio as a page and as a feed, the meetings that the secretaris keeps, and the secret address."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from monitoring.feed import make_feed
from monitoring.kalender import by_month, load_kalender
from regio.actions import (
    Overtaken,
    make_kalenderadres,
    remove_vergadering,
    save_vergadering,
    withdraw_kalenderadres,
)
from regio.forms import VergaderingForm
from regio.kalender import Kalenderadres, Vergadering
from regio.models import Overleg, Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest
from thuiszitters.schooljaar import schooljaar_of

# What lies further back has gone from the feed; the page keeps it.
FEED_GOES_BACK = timedelta(days=366)


@require_safe
def kalender(request: SignedInRequest, slug: str) -> HttpResponse:
    """One school year of the regio, month by month."""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    today = timezone.localdate()
    schooljaar = chosen_schooljaar(request.GET, today)
    punten = load_kalender(regio)
    days = [punt.datum for punt in punten]
    getoond = [punt for punt in punten if schooljaar_of(punt.datum) == schooljaar]
    adres = Kalenderadres.objects.filter(regio=regio, gebruiker=request.user).first()
    context = {
        "regio": regio,
        "maanden": by_month(getoond),
        "eerstvolgend": next((punt for punt in punten if punt.datum >= today), None),
        "vandaag": today,
        "adres": request.build_absolute_uri(reverse("monitoring:kalender-feed", args=[adres.sleutel])) if adres else "",
        "mag_bijhouden": request.user.has_permission(Permission.BEHEREN, regio.pk),
        "plek": "kalender",
    }
    return render(request, "monitoring/kalender.html", context | years_around(schooljaar, days, today))


def chosen_schooljaar(typed: QueryDict, today: date) -> str:
    """Return the school year that was asked for, else that of today; 404 for what is none."""
    wanted = typed.get("schooljaar", schooljaar_of(today))
    found = re.fullmatch(r"(20\d\d)-(20\d\d)", wanted, re.ASCII)
    if not found or int(found[2]) != int(found[1]) + 1:
        raise Http404
    return wanted


def years_around(schooljaar: str, days: Iterable[date], today: date) -> dict[str, str]:
    """Return the chosen school year and those before and after it that hold one of `days`, or today."""
    known = {schooljaar_of(day) for day in (*days, today)}
    return {
        "schooljaar": schooljaar,
        "vorig": max((year for year in known if year < schooljaar), default=""),
        "volgend": min((year for year in known if year > schooljaar), default=""),
    }


@login_not_required
@require_safe
def kalender_feed(request: HttpRequest, sleutel: str) -> HttpResponse:
    """The kalender for who holds the secret address; 404 once it was withdrawn or its owner may no longer read."""
    adres = Kalenderadres.opened_by(sleutel)
    if adres is None:
        raise Http404
    since = timezone.localdate() - FEED_GOES_BACK
    punten = [punt for punt in load_kalender(adres.regio) if punt.datum >= since]
    base = request.build_absolute_uri("/").rstrip("/")
    response = HttpResponse(
        make_feed(adres.regio, punten, base=base, now=timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'inline; filename="{adres.regio.slug}.ics"'
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def kalenderadres_maken(request: SignedInRequest, slug: str) -> HttpResponse:
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    make_kalenderadres(regio=regio, by=request.user)
    messages.success(request, "Uw geheime adres staat klaar onder ‘In uw eigen agenda’.")
    return redirect("monitoring:kalender", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def kalenderadres_intrekken(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask once, then withdraw the secret address, and make a new one for who wants that."""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    if request.method != "POST":
        has_one = Kalenderadres.objects.filter(regio=regio, gebruiker=request.user).exists()
        context = {"regio": regio, "heeft_adres": has_one, "plek": "kalender"}
        return render(request, "monitoring/kalenderadres_intrekken.html", context)
    withdraw_kalenderadres(regio=regio, by=request.user)
    if "nieuw" in request.POST:
        make_kalenderadres(regio=regio, by=request.user)
        messages.success(request, "Het oude adres werkt niet meer. Zet het nieuwe adres in uw agendaprogramma.")
    else:
        messages.success(request, "Het geheime adres is ingetrokken en werkt niet meer.")
    return redirect("monitoring:kalender", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def vergadering_nieuw(request: SignedInRequest, slug: str) -> HttpResponse:
    regio = Regio.objects.fetch_for(request.user, Permission.BEHEREN, slug=slug)
    return _edit(request, regio, Vergadering())


@require_http_methods(["GET", "HEAD", "POST"])
def vergadering_wijzigen(request: SignedInRequest, slug: str, nummer: int) -> HttpResponse:
    vergadering = _fetch_vergadering(request, slug, nummer)
    return _edit(request, vergadering.overleg.regio, vergadering)


def _fetch_vergadering(request: SignedInRequest, slug: str, nummer: int) -> Vergadering:
    return Vergadering.objects.select_related("overleg__regio").fetch_for(
        request.user, Permission.BEHEREN, overleg__regio__slug=slug, pk=nummer
    )


def _edit(request: SignedInRequest, regio: Regio, vergadering: Vergadering) -> HttpResponse:
    overleggen = Overleg.objects.filter(regio=regio).order_by("naam")
    form = VergaderingForm(request.POST or None, instance=vergadering, overleggen=overleggen)
    if request.method == "POST" and form.is_valid():
        try:
            save_vergadering(vergadering=form.instance, versie=form.cleaned_data["versie"], by=request.user)
        except Overtaken as overtaken:
            form.show_what_stands_there(overtaken.current)
        else:
            messages.success(request, f"Bewaard: {form.instance}.")
            return _back_to(regio, form.instance)
    context = {"regio": regio, "vergadering": vergadering, "form": form, "plek": "kalender"}
    return render(request, "monitoring/vergadering.html", context)


def _back_to(regio: Regio, vergadering: Vergadering) -> HttpResponse:
    """Lead to the school year in which the meeting lies."""
    page = redirect("monitoring:kalender", regio.slug)
    page["Location"] += f"?schooljaar={schooljaar_of(vergadering.datum)}#vergadering-{vergadering.pk}"
    return page


@require_http_methods(["GET", "HEAD", "POST"])
def vergadering_verwijderen(request: SignedInRequest, slug: str, nummer: int) -> HttpResponse:
    """Ask once, then remove the meeting."""
    vergadering = _fetch_vergadering(request, slug, nummer)
    if request.method == "POST":
        said = str(vergadering)
        remove_vergadering(vergadering=vergadering, by=request.user)
        messages.success(request, f"Verwijderd: {said}.")
        return redirect("monitoring:kalender", slug)
    context = {"regio": vergadering.overleg.regio, "vergadering": vergadering, "plek": "kalender"}
    return render(request, "monitoring/vergadering_verwijderen.html", context)
