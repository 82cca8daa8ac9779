"""The page on which scores are entered."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from agenda.models import Schaalwaarde
from monitoring.entry import (
    THEIRS,
    Card,
    choose_namens,
    open_cards,
    organisaties_to_score_for,
    save_cards,
    show_checks,
    show_reasons,
)
from monitoring.models import Meetmoment
from monitoring.overview import load_entries, rapportage_of, reasons_of_return
from regio.permissions import Permission
from regio.requests import SignedInRequest


def fetch_meetmoment(
    request: SignedInRequest, permission: Permission, slug: str, agenda: str, meetmoment: str
) -> Meetmoment:
    """Authorise and fetch: 404 outside the own regio, 403 without `permission`."""
    return Meetmoment.objects.select_related("agenda__regio", "agenda__schaal").fetch_for(
        request.user, permission, agenda__regio__slug=slug, agenda__slug=agenda, slug=meetmoment
    )


@require_http_methods(["GET", "HEAD", "POST"])
def score_invoer(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """One card a doel. An htmx POST saves one card and answers with its status, any other POST saves them all."""
    moment = fetch_meetmoment(request, Permission.REGIO_BEKIJKEN, slug, agenda, meetmoment)
    regio = moment.agenda.regio
    organisatie = choose_namens(request.user, regio.pk, request.GET.get("namens"))
    waarden = list(Schaalwaarde.objects.filter(schaal=moment.agenda.schaal_id).order_by("waarde"))
    if request.method == "POST":
        codes = [_posted_card(request)] if request.htmx else request.POST.getlist("doel")
        cards = save_cards(
            codes, meetmoment=moment, organisatie=organisatie, waarden=waarden, data=request.POST, by=request.user
        )
    else:
        cards = open_cards(load_entries(moment, organisatie), waarden)
    rapportage = rapportage_of(moment)
    show_reasons(cards, reasons_of_return(rapportage) if organisatie is None else {})
    context = {
        "regio": regio,
        "meetmoment": moment,
        "organisatie": organisatie,
        "namens_keuze": organisaties_to_score_for(request.user, regio.pk),
        "rapportage": rapportage,
        "waarden": waarden,
        "toelichting_bij": [waarde.waarde for waarde in waarden if waarde.toelichting_verplicht],
        "cards": cards,
        "problemen": [card for card in cards if card.has_problem],
        "open_kaarten": [card for card in cards if card.entry.ontbreekt or card.has_problem],
        "ingevuld": sum(1 for card in cards if card.entry.waarde),
        "plek": "agenda",
    }
    if request.htmx:
        return _answer_card(request, context)
    if request.method == "POST" and not context["problemen"]:
        messages.success(request, _saved_message(context))
        return redirect(request.get_full_path())
    show_checks(cards, request.user, moment)
    return render(request, "monitoring/score_invoer.html", context)


def _posted_card(request: SignedInRequest) -> str:
    """Return the code of the one card that htmx saves, named by the status line that it updates."""
    return (request.htmx.target or "").removeprefix("status-")


def _answer_card(request: SignedInRequest, context: dict) -> HttpResponse:
    """Answer the status of the one card that was posted; the whole card when its author took over the other text."""
    posted = _posted_card(request)
    card: Card | None = next((card for card in context["cards"] if card.entry.doel.slug == posted), None)
    if card is None:
        return HttpResponse(status=400)
    took_theirs = request.POST.get(f"{posted}-keuze") == THEIRS
    if took_theirs:
        show_checks([card], request.user, context["meetmoment"])
    fragment = "monitoring/_score_kaart_vervangen.html" if took_theirs else "monitoring/_score_bewaard.html"
    response = render(request, fragment, context | {"card": card})
    return retarget(reswap(response, "outerHTML"), f"#doel-{posted}") if took_theirs else response


def _saved_message(context: dict) -> str:
    filled = context["ingevuld"]
    return f"Bewaard. {filled} van {len(context['cards'])} doelen {'heeft' if filled == 1 else 'hebben'} een score."
