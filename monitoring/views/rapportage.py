"""The steps that carry a meetmoment to the OOGO and back: submit, return, adopt, reopen."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agenda.models import Doel
from monitoring.actions import (
    Incomplete,
    NotAllowedNow,
    Uitspraak,
    adopt_rapportage,
    reopen_rapportage,
    return_rapportage,
    submit_rapportage,
)
from monitoring.forms import HeropeningForm, TeruggaveForm, VaststellingForm
from monitoring.models import Meetmoment, Rapportage
from monitoring.overview import load_entries, local_scores_missing, rapportage_of
from monitoring.views.entry import fetch_meetmoment
from regio.models import Gebruiker, Overleg
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
    entries = load_entries(moment, None)
    context = {
        "regio": moment.agenda.regio,
        "meetmoment": moment,
        "rapportage": rapportage_of(moment),
        "aantal": len(entries),
        "ontbrekend": [entry for entry in entries if entry.ontbreekt],
        "lokaal_ontbrekend": local_scores_missing(moment),
        "plek": "agenda",
    }
    return render(request, "monitoring/rapportage_voorleggen.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rapportage_teruggeven(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """Give a submitted meetmoment back to the REA, with the reason, and with a reason of its own for single doelen."""
    moment = fetch_meetmoment(request, Permission.SCORES_TERUGGEVEN, slug, agenda, meetmoment)
    form = TeruggaveForm(request.POST or None, doelen=Doel.objects.for_agenda(moment.agenda))
    if request.method == "POST" and form.is_valid():
        try:
            return_rapportage(
                meetmoment=moment, reden=form.cleaned_data["reden"], per_doel=form.per_doel, by=request.user
            )
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            said = f"{moment} is teruggegeven. De secretaris ziet uw reden bij het invoeren."
            return _done(request, moment, said)
    context = {
        "regio": moment.agenda.regio,
        "meetmoment": moment,
        "rapportage": rapportage_of(moment),
        "form": form,
        "plek": "rapporten",
    }
    return render(request, "monitoring/rapportage_teruggeven.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rapportage_vaststellen(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """Adopt a submitted meetmoment, or register that the OOGO adopted it."""
    moment = fetch_meetmoment(request, Permission.REGIO_BEKIJKEN, slug, agenda, meetmoment)
    rapportage = rapportage_of(moment)
    als_registratie = _registers(request.user, rapportage)
    form = VaststellingForm(
        request.POST or None,
        doelen=Doel.objects.for_agenda(moment.agenda),
        overleggen=Overleg.objects.filter(regio=moment.agenda.regio, niveau=Overleg.Niveau.BESTUURLIJK),
        gezien=rapportage.voorgelegd_op.isoformat() if rapportage.voorgelegd_op else "",
    )
    if request.method == "POST" and form.is_valid():
        try:
            _adopt(form, moment, als_registratie=als_registratie, by=request.user)
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, moment, f"{moment} is vastgesteld. Dit rapport verandert niet meer.")
    context = {
        "regio": moment.agenda.regio,
        "meetmoment": moment,
        "rapportage": rapportage,
        "als_registratie": als_registratie,
        "zelf_voorgelegd": rapportage.voorgelegd_door_id == request.user.pk,
        "form": form,
        "plek": "rapporten",
    }
    return render(request, "monitoring/rapportage_vaststellen.html", context)


def _registers(gebruiker: Gebruiker, rapportage: Rapportage) -> bool:
    """Tell whether this person registers what the OOGO decided, rather than adopts; 403 for who may do neither."""
    regio_id = rapportage.regio.pk
    may_register = gebruiker.has_permission(Permission.BESLUIT_REGISTREREN, regio_id)
    if gebruiker.has_permission(Permission.RAPPORT_VASTSTELLEN, regio_id):
        return may_register and rapportage.voorgelegd_door_id == gebruiker.pk
    if not may_register:
        raise PermissionDenied(Permission.RAPPORT_VASTSTELLEN.label)
    return True


def _adopt(form: VaststellingForm, moment: Meetmoment, *, als_registratie: bool, by: Gebruiker) -> None:
    given = form.cleaned_data
    adopt_rapportage(
        meetmoment=moment,
        uitspraak=Uitspraak(
            overleg=given["overleg"],
            vergaderdatum=given["vergaderdatum"],
            kenmerk=given["kenmerk"],
            opmerkingen=given["opmerkingen"],
            per_doel=form.per_doel,
        ),
        als_registratie=als_registratie,
        gezien=given["gezien"],
        by=by,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rapportage_heropenen(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """Begin the next version of an adopted meetmoment, with the reason."""
    moment = fetch_meetmoment(request, Permission.RAPPORT_HEROPENEN, slug, agenda, meetmoment)
    form = HeropeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = reopen_rapportage(meetmoment=moment, reden=form.cleaned_data["reden"], by=request.user)
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            said = f"Versie {opened.versie} van {moment} is begonnen. De vastgestelde versie blijft te lezen."
            return _done(request, moment, said)
    context = {
        "regio": moment.agenda.regio,
        "meetmoment": moment,
        "rapportage": rapportage_of(moment),
        "form": form,
        "plek": "rapporten",
    }
    return render(request, "monitoring/rapportage_heropenen.html", context)


def _done(request: SignedInRequest, moment: Meetmoment, said: str) -> HttpResponse:
    agenda = moment.agenda
    messages.success(request, said)
    return redirect("monitoring:rapport-detail", agenda.regio.slug, agenda.slug, moment.slug)
