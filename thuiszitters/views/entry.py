"""The page on which one gemeente enters one quarter, and the steps that close and reopen it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from regio.forms import refusals_in
from regio.models import Organisatie, Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest
from thuiszitters.access import may_enter, require_enter, require_see
from thuiszitters.actions import (
    Incomplete,
    NotAllowedNow,
    enter_zeros,
    open_schooljaar,
    report_none,
    return_opgave,
    submit_opgave,
)
from thuiszitters.categories import REDEN, VERZUIM, VRIJSTELLING
from thuiszitters.changelog import Stap, read_steps
from thuiszitters.entry import Screen, open_screen, save_screen
from thuiszitters.forms import TeruggaveForm
from thuiszitters.models import Onderwijssector, Opgave, Telling, Telmoment
from thuiszitters.schooljaar import schooljaar_of
from thuiszitters.sheet import load_sheet

GEEN_THUISZITTERS = "geen"
# What the buttons are called that fill what is empty.
NULLEN = {GEEN_THUISZITTERS: "Geen thuiszitters dit kwartaal"} | dict.fromkeys(
    (VERZUIM, REDEN, VRIJSTELLING), "Lege vakken op 0"
)


def fetch_telmoment(
    request: SignedInRequest, permission: Permission, slug: str, peildatum: date, gemeente: str
) -> tuple[Telmoment, Organisatie]:
    """Authorise and fetch: 404 outside the own regio, 403 without `permission`."""
    moment = Telmoment.objects.select_related("regio").fetch_for(
        request.user, permission, regio__slug=slug, peildatum=peildatum
    )
    found = Organisatie.objects.gemeenten_in(moment.regio).filter(slug=gemeente).first()
    if found is None:
        raise Http404
    return moment, found


@require_POST
def schooljaar_openen(request: SignedInRequest, slug: str) -> HttpResponse:
    """Make the days of counting of this school year that the regio has not made yet."""
    regio = Regio.objects.fetch_for(request.user, Permission.ALLE_AANTALLEN_INVOEREN, slug=slug)
    schooljaar = schooljaar_of(timezone.localdate())
    made = open_schooljaar(regio=regio, schooljaar=schooljaar, by=request.user)
    made_now = "1 telmoment" if made == 1 else f"{made} telmomenten"
    messages.success(request, f"{made_now} van schooljaar {schooljaar} aangemaakt.")
    return redirect("thuiszitters:dashboard", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def opgave_invoer(request: SignedInRequest, slug: str, peildatum: date, gemeente: str) -> HttpResponse:
    """One field a count. An htmx POST saves and answers with what changed, any other POST leads back to the page."""
    moment, organisatie = fetch_telmoment(request, Permission.REGIO_BEKIJKEN, slug, peildatum, gemeente)
    require_see(request.user, moment.regio_id, organisatie)
    sheet = load_sheet(moment, organisatie)
    if request.method == "POST":
        require_enter(request.user, moment.regio_id, organisatie)
        screen = save_screen(sheet, request.POST, request.user)
        if not request.htmx and not screen.problemen and not screen.weigering:
            return _after_saving(request, screen)
    else:
        screen = open_screen(sheet)
    context = {
        "regio": moment.regio,
        "telmoment": moment,
        "gemeente": organisatie,
        "screen": screen,
        "opgave": screen.sheet.opgave,
        "sectoren": Onderwijssector,
        "mag_invoeren": may_enter(request.user, moment.regio_id, organisatie),
        "mag_teruggeven": request.user.has_permission(Permission.AANTALLEN_TERUGGEVEN, moment.regio_id),
        "nullen": NULLEN.get(request.POST.get("nullen", "")),
        "plek": "thuiszitters",
    }
    if request.htmx:
        return render(request, "thuiszitters/_opgave_bewaard.html", context)
    return render(request, "thuiszitters/opgave_invoer.html", context | _history(screen))


def _after_saving(request: SignedInRequest, screen: Screen) -> HttpResponse:
    """Fill what the pressed button asks to fill, and go back to the page.

    Not before all that was typed is saved: a 0 would be stored in the field of a number that still waits.
    """
    sheet, wanted = screen.sheet, request.POST.get("nullen")
    try:
        if wanted == GEEN_THUISZITTERS:
            report_none(telmoment=sheet.telmoment, gemeente=sheet.gemeente, by=request.user)
            messages.success(request, "Bewaard: geen thuiszitters dit kwartaal. Elk aantal is nu 0, ook de redenen.")
        elif wanted in {VERZUIM, REDEN, VRIJSTELLING}:
            filled = enter_zeros(telmoment=sheet.telmoment, gemeente=sheet.gemeente, groepen={wanted}, by=request.user)
            messages.success(request, f"Bewaard: {filled} lege vakken staan nu op 0.")
        else:
            messages.success(request, f"Bewaard. {sheet.filled} van {sheet.size} vakken zijn ingevuld.")
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal))
    return redirect(request.get_full_path())


def _history(screen: Screen) -> dict[str, Any]:
    """Who changed what lately, and who gave the opgave back where it was."""
    opgave = screen.sheet.opgave
    if not opgave.pk:
        return {}
    changes = Telling.history.filter(opgave=opgave.pk).select_related("history_user", "categorie")
    return {
        "wijzigingen": list(changes.order_by("-history_date", "-history_id")[:30]),
        "teruggave": _last_step(opgave) if opgave.status == Opgave.Status.TERUGGEGEVEN else None,
    }


def _last_step(opgave: Opgave) -> Stap | None:
    steps = Opgave.history.filter(id=opgave.pk).select_related("history_user")
    return next(iter(read_steps(steps.order_by("history_date", "history_id"), with_reasons=True)), None)


@require_http_methods(["GET", "HEAD", "POST"])
def opgave_indienen(request: SignedInRequest, slug: str, peildatum: date, gemeente: str) -> HttpResponse:
    """Show what is still missing, or submit the counts."""
    moment, organisatie = fetch_telmoment(request, Permission.REGIO_BEKIJKEN, slug, peildatum, gemeente)
    require_enter(request.user, moment.regio_id, organisatie)
    if request.method == "POST":
        try:
            submit_opgave(telmoment=moment, gemeente=organisatie, by=request.user)
        except (Incomplete, NotAllowedNow) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"De opgave van {organisatie} is ingediend. Wijzigen kan pas weer na teruggave.")
            return redirect("thuiszitters:opgave-invoer", slug, peildatum, gemeente)
    screen = open_screen(load_sheet(moment, organisatie))
    context = {
        "regio": moment.regio,
        "telmoment": moment,
        "gemeente": organisatie,
        "opgave": screen.sheet.opgave,
        "screen": screen,
        "ontbrekend": screen.ontbrekend,
        "plek": "thuiszitters",
    }
    return render(request, "thuiszitters/opgave_indienen.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def opgave_teruggeven(request: SignedInRequest, slug: str, peildatum: date, gemeente: str) -> HttpResponse:
    """Give submitted counts back to the gemeente, with the reason."""
    moment, organisatie = fetch_telmoment(request, Permission.AANTALLEN_TERUGGEVEN, slug, peildatum, gemeente)
    form = TeruggaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, NotAllowedNow):
            return_opgave(telmoment=moment, gemeente=organisatie, reden=form.cleaned_data["reden"], by=request.user)
            messages.success(request, f"De opgave van {organisatie} is teruggegeven. De invoerder ziet uw reden.")
            return redirect("thuiszitters:opgave-invoer", slug, peildatum, gemeente)
    context = {
        "regio": moment.regio,
        "telmoment": moment,
        "gemeente": organisatie,
        "opgave": load_sheet(moment, organisatie, beside=0).opgave,
        "form": form,
        "plek": "thuiszitters",
    }
    return render(request, "thuiszitters/opgave_teruggeven.html", context)
