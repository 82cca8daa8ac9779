"""The steps that carry a meetmoment to the OOGO and back: submit, return, adopt, reopen."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agenda.models import Doel
from monitoring.actions import (
    Incomplete,
    NotAllowedNow,
    adopt_rapportage,
    reopen_rapportage,
    return_rapportage,
    submit_rapportage,
)
from monitoring.forms import HeropeningForm, TeruggaveForm, VaststellingForm, per_doel
from monitoring.models import Meetmoment, Rapportage
from monitoring.overview import Entry, load_entries, load_local_entries, load_reasons_of_return, rapportage_of
from monitoring.steps import registers
from monitoring.views.entry import fetch_meetmoment
from regio.forms import refusals_in
from regio.models import Organisatie
from regio.permissions import Permission
from regio.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def rapportage_voorleggen(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """Show what is still missing, or lay the meetmoment before the OOGO."""
    moment = fetch_meetmoment(request, Permission.SCORES_VOORLEGGEN, slug, agenda, meetmoment)
    if request.method == "POST":
        try:
            submit_rapportage(meetmoment=moment, by=request.user)
        except (Incomplete, NotAllowedNow) as refusal:
            messages.error(request, str(refusal))
        else:
            said = f"{moment} ligt nu voor aan het OOGO. Scores wijzigen kan pas weer na teruggave."
            return _done(request, moment, said)
    rapportage = rapportage_of(moment)
    entries = load_entries(moment, None) if rapportage.is_open else []
    lokaal = load_local_entries(moment, entries)
    gevraagd = load_reasons_of_return([rapportage]).get(rapportage.pk, {})
    context = {
        **_about(moment, rapportage),
        "aantal": len(entries),
        "ongewijzigd": [
            (entry.doel, gevraagd[entry.doel.pk].tekst)
            for entry in entries
            if entry.doel.pk in gevraagd and not entry.was_saved_after(gevraagd[entry.doel.pk])
        ],
        "ontbrekend": [entry for entry in entries if entry.ontbreekt],
        "lokaal_onaf": [(gemeente, entry) for gemeente, entry in lokaal if entry.lacks_explanation],
        "lokaal_ontbrekend": _silent(lokaal),
        "plek": "agenda",
    }
    return render(request, "monitoring/rapportage_voorleggen.html", context)


def _silent(lokaal: Iterable[tuple[Organisatie, Entry]]) -> dict[Doel, list[Organisatie]]:
    """Return by doel the gemeenten that gave it no score."""
    found: dict[Doel, list[Organisatie]] = {}
    for gemeente, entry in lokaal:
        if not entry.waarde:
            found.setdefault(entry.doel, []).append(gemeente)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def rapportage_teruggeven(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """Give a submitted meetmoment back to the REA, with the reason, and with a reason of its own for single doelen."""
    moment = fetch_meetmoment(request, Permission.SCORES_TERUGGEVEN, slug, agenda, meetmoment)
    form = TeruggaveForm(request.POST or None, delen=per_doel(Doel.objects.for_agenda(moment.agenda)))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, NotAllowedNow):
            return_rapportage(
                meetmoment=moment, reden=form.cleaned_data["reden"], per_doel=form.per_deel, by=request.user
            )
            return _done(request, moment, f"{moment} is teruggegeven. Uw reden staat boven de scores.")
    context = {**_about(moment, rapportage_of(moment)), "form": form}
    return render(request, "monitoring/rapportage_teruggeven.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rapportage_vaststellen(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """Adopt a submitted meetmoment, or register that the OOGO adopted it."""
    moment = fetch_meetmoment(request, Permission.REGIO_BEKIJKEN, slug, agenda, meetmoment)
    rapportage = rapportage_of(moment)
    als_registratie = registers(request.user, rapportage, Permission.RAPPORT_VASTSTELLEN)
    delen = per_doel(Doel.objects.for_agenda(moment.agenda))
    form = VaststellingForm(request.POST or None, rapportage=rapportage, delen=delen)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, NotAllowedNow):
            adopt_rapportage(
                meetmoment=moment,
                uitspraak=form.uitspraak,
                als_registratie=als_registratie,
                gezien=form.cleaned_data["gezien"],
                by=request.user,
            )
            return _done(request, moment, f"{moment} is vastgesteld. Dit rapport verandert niet meer.")
    context = {
        **_about(moment, rapportage),
        "als_registratie": als_registratie,
        "zelf_voorgelegd": rapportage.voorgelegd_door_id == request.user.pk,
        "form": form,
    }
    return render(request, "monitoring/rapportage_vaststellen.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rapportage_heropenen(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """Begin the next version of an adopted meetmoment, with the reason."""
    moment = fetch_meetmoment(request, Permission.RAPPORT_HEROPENEN, slug, agenda, meetmoment)
    form = HeropeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, NotAllowedNow):
            opened = reopen_rapportage(meetmoment=moment, reden=form.cleaned_data["reden"], by=request.user)
            said = f"Versie {opened.versie} van {moment} is begonnen. De vastgestelde versie blijft te lezen."
            return _done(request, moment, said)
    context = {**_about(moment, rapportage_of(moment)), "form": form}
    return render(request, "monitoring/rapportage_heropenen.html", context)


def _about(moment: Meetmoment, rapportage: Rapportage) -> dict[str, Any]:
    return {"regio": moment.agenda.regio, "meetmoment": moment, "rapportage": rapportage, "plek": "rapporten"}


def _done(request: SignedInRequest, moment: Meetmoment, said: str) -> HttpResponse:
    agenda = moment.agenda
    messages.success(request, said)
    return redirect("monitoring:rapport-detail", agenda.regio.slug, agenda.slug, moment.slug)
