"""Questions: to read, to ask at a doel or a number, to answer, to withdraw, and to take into a report."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from monitoring.actions import NotAllowedNow
from monitoring.asking import AnswerConflict, Plek, answer, ask, choose_report, may_answer, require_answer, withdraw
from monitoring.forms import AntwoordForm, InRapportForm, VraagForm
from monitoring.models import Vraag
from monitoring.questions import load_history, load_vragen, open_reports
from monitoring.views.logboek import fetch_asked_moment, fetch_doel
from regio.models import Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest
from thuiszitters.categories import categories_on
from thuiszitters.models import Categorie, Telmoment


def fetch_vraag(request: SignedInRequest, slug: str, nummer: int) -> Vraag:
    """Authorise and fetch: 404 outside the own regio, and for what was withdrawn."""
    return (
        Vraag.objects.asked()
        .with_place()
        .fetch_for(request.user, Permission.REGIO_BEKIJKEN, regio__slug=slug, pk=nummer)
    )


@require_safe
def vraag_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """All questions of the regio, the open ones first."""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    return render(request, "monitoring/vragen.html", {"regio": regio, "vragen": load_vragen(regio), "plek": "vragen"})


@require_http_methods(["GET", "HEAD", "POST"])
def vraag_bij_doel(request: SignedInRequest, slug: str, agenda: str, code: str) -> HttpResponse:
    """Ask at a doel, or with ?meetmoment= at its score of that moment."""
    doel = fetch_doel(request, Permission.VRAGEN_STELLEN, slug, agenda, code)
    moment = fetch_asked_moment(request, doel)
    return _ask(request, Plek(doel.thema.agenda.regio, doel=doel, meetmoment=moment))


@require_http_methods(["GET", "HEAD", "POST"])
def vraag_bij_aantal(request: SignedInRequest, slug: str, peildatum: date, categorie: str) -> HttpResponse:
    """Ask at a number: a categorie as it is counted on that day."""
    moment = Telmoment.objects.select_related("regio").fetch_for(
        request.user, Permission.VRAGEN_STELLEN, regio__slug=slug, peildatum=peildatum
    )
    in_force = categories_on(Categorie.objects.known_in(moment.regio), moment.peildatum)
    counted = next((category for category in in_force if category.code == categorie), None)
    if counted is None:
        raise Http404
    version = Categorie.objects.get(pk=counted.pk)
    return _ask(request, Plek(moment.regio, telmoment=moment, categorie=version))


def _ask(request: SignedInRequest, plek: Plek) -> HttpResponse:
    form = VraagForm(request.POST or None, drempel=plek.regio.drempel)
    if request.method == "POST" and form.is_valid():
        vraag = ask(plek=plek, tekst=form.cleaned_data["tekst"], by=request.user)
        messages.success(request, "Uw vraag staat bij wie haar kan beantwoorden in Mijn werk.")
        return redirect(vraag)
    waarover = Vraag(doel=plek.doel, meetmoment=plek.meetmoment, telmoment=plek.telmoment, categorie=plek.categorie)
    context = {"regio": plek.regio, "vraag": waarover, "form": form, "plek": "vragen"}
    return render(request, "monitoring/vraag_stellen.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def vraag_detail(request: SignedInRequest, slug: str, nummer: int) -> HttpResponse:
    """One question with its answer and its history; a form for who may answer."""
    if gone := _withdrawn_meanwhile(request, slug, nummer):
        form = AntwoordForm(request.POST or None, drempel=gone.regio.drempel)
        eigen = gone.gesteld_door_id == request.user.pk
        context = {"regio": gone.regio, "form": form, "eigen": eigen, "plek": "vragen"}
        return render(request, "monitoring/vraag_ingetrokken.html", context, status=HTTPStatus.NOT_FOUND)
    vraag = fetch_vraag(request, slug, nummer)
    drempel, conflict = vraag.regio.drempel, None
    form = AntwoordForm(drempel=drempel, initial={"antwoord": vraag.antwoord, "versie": vraag.versie})
    if request.method == "POST":
        require_answer(request.user, vraag)
        form = AntwoordForm(request.POST, drempel=drempel)
        if form.is_valid():
            given = form.cleaned_data
            try:
                answer(vraag=vraag, tekst=given["antwoord"], versie=given["versie"], by=request.user)
            except NotAllowedNow as refusal:
                form.add_error(None, str(refusal))
            except AnswerConflict as found:
                conflict = found.current
                form = AntwoordForm(drempel=drempel, initial=given | {"versie": conflict.versie})
            else:
                messages.success(request, "Het antwoord is bewaard.")
                return redirect(vraag)
    return render(request, "monitoring/vraag.html", _detail(request, vraag, form) | {"conflict": conflict})


def _withdrawn_meanwhile(request: SignedInRequest, slug: str, nummer: int) -> Vraag | None:
    """Return the question that this person asked or might have answered, had it not been withdrawn."""
    readable = Vraag.objects.visible_to(request.user).with_place()
    found = readable.filter(ingetrokken_op__isnull=False, regio__slug=slug, pk=nummer).first()
    is_theirs = found and (found.gesteld_door_id == request.user.pk or may_answer(request.user, found))
    return found if is_theirs else None


def _detail(request: SignedInRequest, vraag: Vraag, form: AntwoordForm) -> dict[str, Any]:
    gekozen = vraag.in_rapport_van_id
    keeps_report = vraag.is_beantwoord and request.user.has_permission(Permission.VRAGEN_BEANTWOORDEN, vraag.regio_id)
    return {
        "regio": vraag.regio,
        "vraag": vraag,
        "form": form,
        "mag_beantwoorden": may_answer(request.user, vraag),
        "mag_intrekken": vraag.gesteld_door_id == request.user.pk and not vraag.is_beantwoord,
        "rapport_form": (
            InRapportForm(momenten=open_reports(vraag.regio, gekozen), gekozen=gekozen) if keeps_report else None
        ),
        "gebeurtenissen": load_history(vraag),
        "plek": "vragen",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def vraag_intrekken(request: SignedInRequest, slug: str, nummer: int) -> HttpResponse:
    """Ask once whether to withdraw an own question, and do it."""
    vraag = fetch_vraag(request, slug, nummer)
    if vraag.gesteld_door_id != request.user.pk:
        raise PermissionDenied
    if request.method == "POST":
        try:
            withdraw(vraag=vraag, by=request.user)
        except NotAllowedNow as refusal:
            messages.error(request, str(refusal))
            return redirect(vraag)
        messages.success(request, "Uw vraag is ingetrokken. Niemand in de regio ziet haar nog.")
        return redirect("monitoring:vraag-list", slug)
    context = {"regio": vraag.regio, "vraag": vraag, "plek": "vragen"}
    return render(request, "monitoring/vraag_intrekken.html", context)


@require_POST
def vraag_in_rapport(request: SignedInRequest, slug: str, nummer: int) -> HttpResponse:
    """Take the question with its answer into the chosen report, or out of it."""
    vraag = fetch_vraag(request, slug, nummer)
    momenten = open_reports(vraag.regio, vraag.in_rapport_van_id)
    form = InRapportForm(request.POST, momenten=momenten, gekozen=vraag.in_rapport_van_id)
    if not form.is_valid():
        messages.error(request, "Kies een rapport uit de lijst.")
        return redirect(vraag)
    try:
        chosen = choose_report(vraag=vraag, meetmoment=form.cleaned_data["meetmoment"], by=request.user)
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal))
    else:
        where = f"staat nu in het rapport {chosen.in_rapport_van}" if chosen.in_rapport_van else "staat in geen rapport"
        messages.success(request, f"Deze vraag {where}.")
    return redirect(vraag)
