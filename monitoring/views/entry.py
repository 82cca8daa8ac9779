"""The page on which scores are entered, and the steps that carry them to the OOGO and back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from agenda.models import Schaalwaarde
from monitoring.actions import Incomplete, NotAllowedNow, return_rapportage, submit_rapportage
from monitoring.entry import THEIRS, Card, choose_namens, open_cards, organisaties_to_score_for, save_cards
from monitoring.forms import TeruggaveForm
from monitoring.models import Meetmoment
from monitoring.overview import load_entries, local_scores_missing, rapportage_of
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
    context = {
        "regio": regio,
        "meetmoment": moment,
        "organisatie": organisatie,
        "namens_keuze": organisaties_to_score_for(request.user, regio.pk),
        "rapportage": rapportage_of(moment),
        "waarden": waarden,
        "toelichting_bij": [waarde.waarde for waarde in waarden if waarde.toelichting_verplicht],
        "cards": cards,
        "problemen": [card for card in cards if card.has_problem],
        "open_kaarten": [card for card in cards if card.entry.ontbreekt],
        "ingevuld": sum(1 for card in cards if card.entry.waarde),
        "plek": "agenda",
    }
    if request.htmx:
        return _answer_card(request, context)
    if request.method == "POST" and not context["problemen"]:
        messages.success(request, _saved_message(context))
        return redirect(request.get_full_path())
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
    fragment = "monitoring/_score_kaart_vervangen.html" if took_theirs else "monitoring/_score_bewaard.html"
    response = render(request, fragment, context | {"card": card})
    return retarget(reswap(response, "outerHTML"), f"#doel-{posted}") if took_theirs else response


def _saved_message(context: dict) -> str:
    return f"Bewaard. {context['ingevuld']} van {len(context['cards'])} doelen hebben een score."


@require_http_methods(["GET", "HEAD", "POST"])
def rapportage_voorleggen(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """Show what is still missing, or lay the meetmoment before the OOGO."""
    moment = fetch_meetmoment(request, Permission.SCORES_VOORLEGGEN, slug, agenda, meetmoment)
    entries = load_entries(moment, None)
    if request.method == "POST":
        try:
            submit_rapportage(meetmoment=moment, by=request.user)
        except (Incomplete, NotAllowedNow) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{moment} ligt nu voor aan het OOGO. Scores wijzigen kan pas weer na teruggave.")
            return redirect("monitoring:rapport-detail", slug, agenda, meetmoment)
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
    """Give a submitted meetmoment back to the REA, with the reason."""
    moment = fetch_meetmoment(request, Permission.SCORES_TERUGGEVEN, slug, agenda, meetmoment)
    form = TeruggaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return_rapportage(meetmoment=moment, reden=form.cleaned_data["reden"], by=request.user)
        except NotAllowedNow as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{moment} is teruggegeven. De secretaris ziet uw reden bij het invoeren.")
            return redirect(reverse("monitoring:rapport-detail", args=[slug, agenda, meetmoment]))
    context = {
        "regio": moment.agenda.regio,
        "meetmoment": moment,
        "rapportage": rapportage_of(moment),
        "form": form,
        "plek": "rapporten",
    }
    return render(request, "monitoring/rapportage_teruggeven.html", context)
