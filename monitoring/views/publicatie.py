"""Where a secretaris decides what everybody may read: the regio's choice, and each adopted report by itself."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from monitoring.forms import IntrekkingForm
from monitoring.models import Meetmoment
from monitoring.public_reports import (
    OpenbaarRapport,
    load_choices,
    load_latest_adopted,
    load_public_report_of,
    load_public_reports,
)
from monitoring.publishing import NotPublishable, choose_publishing, publish_version, why_not_public, withdraw_version
from monitoring.views.entry import fetch_meetmoment
from regio.forms import refusals_in
from regio.models import Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def regio_openbaarheid(request: SignedInRequest, slug: str) -> HttpResponse:
    """Choose whether the regio makes adopted reports public, with what is public now and who chose when."""
    regio = Regio.objects.fetch_for(request.user, Permission.RAPPORT_PUBLICEREN, slug=slug)
    rapporten = load_public_reports(slug)
    openbaar = [rapport for rapport in rapporten if rapport.laatste]
    form = IntrekkingForm(request.POST or None, regio=regio) if regio.publiceert and openbaar else None
    publiceert = request.POST.get("publiceert") == "ja"
    if request.method == "POST" and (publiceert or form is None or form.is_valid()):
        reden = form.cleaned_data["reden"] if form and not publiceert else ""
        try:
            withdrawn = choose_publishing(regio=regio, publiceert=publiceert, reden=reden, by=request.user)
        except NotPublishable as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _said(publiceert=publiceert, withdrawn=len(withdrawn)))
        return redirect("monitoring:regio-openbaarheid", slug)
    context = {
        "regio": regio,
        "openbaar": openbaar,
        "ingetrokken": [rapport for rapport in rapporten if not rapport.laatste],
        "keuzes": load_choices(regio),
        "form": form,
        "plek": "rapporten",
    }
    return render(request, "monitoring/regio_openbaarheid.html", context)


def _said(*, publiceert: bool, withdrawn: int) -> str:
    if publiceert:
        return "Uw regio maakt rapporten openbaar. Kies nu per rapport of iedereen het mag lezen."
    if withdrawn:
        return "Uw regio maakt geen rapporten meer openbaar. Wat openbaar was, is ingetrokken."
    return "Uw regio maakt geen rapporten openbaar."


@require_http_methods(["GET", "HEAD", "POST"])
def rapport_publiceren(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """Say what becomes public, and make the last adopted version public."""
    moment = fetch_meetmoment(request, Permission.RAPPORT_PUBLICEREN, slug, agenda, meetmoment)
    regio, momentopname = moment.agenda.regio, load_latest_adopted(moment)
    if momentopname is None:
        raise Http404
    belet = why_not_public(momentopname, regio)
    if request.method == "POST" and request.POST.get("versie") != str(momentopname.versie):
        belet = f"Intussen is {momentopname} vastgesteld. Lees die eerst; er is nog niets openbaar gemaakt."
    elif request.method == "POST":
        try:
            publish_version(momentopname=momentopname, by=request.user)
        except NotPublishable as refusal:
            belet = str(refusal)
        else:
            messages.success(request, f"{momentopname} is nu openbaar. Iedereen kan het rapport lezen.")
            return redirect("monitoring:rapport-detail", slug, agenda, meetmoment)
    rapport = load_public_report_of(moment)
    context = {
        "regio": regio,
        "meetmoment": moment,
        "momentopname": momentopname,
        "belet": belet,
        "rapport": rapport,
        "eerder": rapport.eerder(momentopname.versie) if rapport else (),
        "plek": "rapporten",
    }
    return render(request, "monitoring/rapport_publiceren.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rapport_intrekken(request: SignedInRequest, slug: str, agenda: str, meetmoment: str, versie: int) -> HttpResponse:
    """Withdraw a public version and the earlier ones, with the reason that its tombstone tells."""
    moment = fetch_meetmoment(request, Permission.RAPPORT_PUBLICEREN, slug, agenda, meetmoment)
    rapport = _public(moment)
    gekozen = rapport.at(versie)
    if gekozen is None:
        raise Http404
    form = IntrekkingForm(request.POST or None, regio=moment.agenda.regio)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, NotPublishable):
            withdraw_version(publicatie=gekozen, reden=form.cleaned_data["reden"], by=request.user)
            messages.success(request, f"{gekozen.momentopname} is ingetrokken. Op het adres staat nu waarom.")
            return redirect("monitoring:rapport-detail", slug, agenda, meetmoment)
    context = {
        "regio": moment.agenda.regio,
        "meetmoment": moment,
        "gekozen": gekozen,
        "mee": [p for p in rapport.openbaar if p.momentopname.versie < versie],
        "blijft": [p for p in rapport.openbaar if p.momentopname.versie > versie],
        "form": form,
        "plek": "rapporten",
    }
    return render(request, "monitoring/rapport_intrekken.html", context)


def _public(moment: Meetmoment) -> OpenbaarRapport:
    rapport = load_public_report_of(moment)
    if rapport is None:
        raise Http404
    return rapport
