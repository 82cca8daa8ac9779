"""Pages that show scores: the regio's overview, its agenda, one doel, and the list of reports."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agenda.models import Agenda, Doel, Ontwikkeling, choose_current
from monitoring.besides import besides, themas_told_in, way_to_a_decision
from monitoring.entry import organisaties_to_score_for
from monitoring.figures import changes_finding, doel_figure, maat_figure, spread_figure
from monitoring.filters import DoelFilter
from monitoring.grid import Grid
from monitoring.indicators import raised_by
from monitoring.kalender import load_next
from monitoring.measured import maten_of
from monitoring.measuring import may_measure
from monitoring.models import Meetmoment
from monitoring.overview import (
    count_acties,
    doelen_of_then,
    load_acties,
    load_authors,
    load_doelen,
    load_grid,
    load_line,
    load_opmerkingen,
    load_row,
    load_stages,
    load_trekkers,
    meetmoment_in_entry,
    opbrengsten_of,
    rapportage_of,
    stages_of,
    trekkers_of,
    with_what_it_has,
)
from monitoring.public_reports import load_public_regios, load_public_reports
from monitoring.quarter import load_adopted_quarters
from monitoring.questions import Vragen, load_vragen_of_doel, open_vragen
from monitoring.signals import answered
from monitoring.worklist import load_worklist
from regio.accounts import DEMO_PASSWORD, demo_memberships
from regio.models import Organisatie, Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest
from regio.signals import Signal, SignalKind
from thuiszitters import figures
from thuiszitters.publication import Period, periods_for, until_adopted
from thuiszitters.signals import check_trend, raised

# Two years and the quarter they began with; beside a check, three.
QUARTERS_SHOWN = 9
QUARTERS_OF_CHECK = 13


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, for everybody; Mijn werk for who is signed in."""
    if request.user.is_authenticated:
        today = timezone.localdate()
        werk = load_worklist(request.user, request.user.regios, today)
        # Who has nothing to do reads what comes next and when.
        coming = [] if werk.taken else load_next([stand.regio for stand in werk.standen], today)
        working = {"werk": werk, "vandaag": today, "eerstvolgend": coming, "plek": "mijn-werk"}
        working["voorbeelddata"] = any(stand.regio.voorbeelddata for stand in werk.standen)
        return render(request, "monitoring/mijn_werk.html", working)
    context = {
        "openbare_regios": load_public_regios(),
        "proeflidmaatschappen": demo_memberships(),
        "wachtwoord": DEMO_PASSWORD,
    }
    return render(request, "monitoring/start.html", context)


@require_safe
def regio_detail(request: SignedInRequest, slug: str) -> HttpResponse:
    """Answer what asks for a decision, what changed and how the agenda stands."""
    today = timezone.localdate()
    # Of one regio, with the regio itself: one query instead of two.
    of_regio = Agenda.objects.visible_to(request.user).filter(regio__slug=slug).select_related("regio")
    agenda = choose_current(of_regio.with_doelen().annotate(**open_vragen("regio")), today)
    if agenda is None:
        regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
        return render(request, "monitoring/regio_zonder_agenda.html", {"regio": regio, "plek": "overzicht"})
    regio = agenda.regio
    doelen, te_laat = load_doelen(agenda, today)
    grid = load_grid(agenda, doelen)
    context = {
        "regio": regio,
        "agenda": agenda,
        "grid": grid,
        "vandaag": today,
        "te_laat": [] if agenda.is_afgelopen else te_laat,
        "mag_invoeren": organisaties_to_score_for(request.user, regio.pk),
        "eerstvolgend": load_next([regio], today),
        "plek": "overzicht",
    }
    periods = periods_for(request.user, regio, today, latest=QUARTERS_SHOWN)
    context |= _counted(periods, regio)
    context["signalen"] = answered(_raised(periods, agenda, doelen, today), doelen)
    moment = meetmoment_in_entry(grid, today)
    if moment:
        context |= _at_moment(grid, moment)
    return render(request, "monitoring/regio_detail.html", context)


def _raised(periods: list[Period], agenda: Agenda, doelen: list[Doel], today: date) -> list[Signal]:
    """Return what the counts and the indicators ask for."""
    counts = (
        raised(until_adopted(periods), reverse("thuiszitters:dashboard", args=[agenda.regio.slug])) if periods else []
    )
    return counts + [signal for doel in doelen for signal in raised_by(maten_of(doel, today), _check_of(agenda, doel))]


def _check_of(agenda: Agenda, doel: Doel) -> str:
    return reverse("monitoring:doel-detail", args=[agenda.regio.slug, agenda.slug, doel.slug]) + "#check"


def _counted(periods: list[Period], regio: Regio) -> dict[str, Any]:
    """Return how it goes with the thuiszitters; nothing where nobody counted."""
    if not periods:
        return {}
    periods = until_adopted(periods)
    now, before = periods[-1], periods[-2] if len(periods) > 1 else None
    return {
        "nu": now,
        "eerder": before,
        "kwartaal": figures.headline(before, now),
        "tegels": figures.tiles(before, now),
        "trend": figures.absence_trend(periods),
        "langdurig": figures.long_trend(periods),
    }


def _at_moment(whole: Grid, moment: Meetmoment) -> dict[str, Any]:
    grid = doelen_of_then(whole, moment)
    vorig, veranderd, gevraagd = grid.previous(moment), grid.changes(moment), grid.asking_decision(moment)
    load_authors(gevraagd)
    return {
        "meetmoment": moment,
        "vorig": vorig,
        "gevraagd": gevraagd,
        "veranderd": veranderd,
        "verandering": changes_finding(veranderd, vorig) if vorig else None,
        "spreiding": grid.spread(moment),
        "verdeling": spread_figure(grid, moment, vorig),
        "verdeeld": grid.spread_table(grid.until(moment)),
        "momenten": stages_of(whole),
        "rapportage": rapportage_of(moment),
    }


@require_safe
def agenda_current(request: SignedInRequest, slug: str) -> HttpResponse:
    """Lead to the agenda that runs now."""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    agenda = Agenda.objects.current_of(regio, timezone.localdate())
    if agenda is None:
        return render(request, "monitoring/regio_zonder_agenda.html", {"regio": regio, "plek": "agenda"})
    return redirect("monitoring:agenda-detail", slug, agenda.slug)


@require_safe
def agenda_detail(request: SignedInRequest, slug: str, agenda: str) -> HttpResponse:
    """The agenda: vision, the PDCA table with its scores, developments, and the line of predecessors."""
    found = (
        Agenda.objects.select_related("regio", "vastgesteld_in")
        .annotate(**besides())
        .fetch_for(request.user, Permission.REGIO_BEKIJKEN, regio__slug=slug, slug=agenda)
    )
    grid, today = load_grid(found, count_acties(found)), timezone.localdate()
    trekkers, moment = load_trekkers(grid), meetmoment_in_entry(grid, today)
    wanted, (line, beside) = DoelFilter.from_query(request.GET), load_line(found)
    context = {
        "regio": found.regio,
        "agenda": found,
        "grid": grid,
        "getoond": grid.only(lambda row: wanted.keeps(row, moment)),
        "filter": wanted,
        "meetmoment": moment,
        "trekkers": trekkers,
        "vandaag": today,
        "ontwikkelingen": Ontwikkeling.objects.filter(agenda=found),
        "themas": themas_told_in(found, (section.thema for section in grid.sections)),
        "overleggen": way_to_a_decision(found),
        "lijn": line,
        "ernaast": beside,
        "plek": "agenda",
    }
    return render(request, "monitoring/agenda_detail.html", context)


@require_safe
def doel_detail(request: SignedInRequest, slug: str, agenda: str, code: str) -> HttpResponse:
    """One doel: its PDCA, its scores through the years, the gemeenten beneath, questions and answers."""
    doelen = Doel.objects.visible_to(request.user).filter(thema__agenda__regio__slug=slug, thema__agenda__slug=agenda)
    line: list[Any] = list(with_what_it_has(doelen.with_scale()).in_table_order())
    doel = next((doel for doel in line if doel.slug == code), None)
    if doel is None:
        raise Http404
    agenda_van, row, today = doel.thema.agenda, load_row(doel), timezone.localdate()
    has_local = doel.lokaal or any(cell.lokaal for cell in row.cells)
    context = {
        "regio": agenda_van.regio,
        "agenda": agenda_van,
        "doel": doel,
        "row": row,
        "figuur": doel_figure(row, top=doel.hoogste_waarde or 1, today=today),
        "lokaal": row.local_table(Organisatie.objects.gemeenten_in(agenda_van.regio)) if has_local else [],
        "acties": load_acties(doel),
        "trekkers": trekkers_of(doel),
        "opbrengsten": opbrengsten_of(doel),
        "vragen": load_vragen_of_doel(doel) if doel.heeft_vragen else Vragen(),
        "mag_vragen": request.user.has_permission(Permission.VRAGEN_STELLEN, agenda_van.regio_id),
        "opmerkingen": load_opmerkingen(doel) if doel.heeft_opmerkingen else [],
        "mag_invoeren": None in organisaties_to_score_for(request.user, agenda_van.regio_id),
        "vandaag": today,
        "plek": "agenda",
    }
    context["maten"] = [(maat, maat_figure(maat)) for maat in maten_of(doel)]
    context["mag_meten"] = bool(context["maten"]) and may_measure(request.user, doel)
    if doel.signaal:
        periods = periods_for(request.user, agenda_van.regio, today, latest=QUARTERS_OF_CHECK)
        context |= _checked(periods, agenda_van.regio, doel)
    return render(request, "monitoring/doel_detail.html", context | _neighbours(line, doel))


def _checked(periods: list[Period], regio: Regio, doel: Doel) -> dict[str, Any]:
    """Return the numbers that the check of `doel` hangs on, and the signal when it fires."""
    url = reverse("thuiszitters:dashboard", args=[regio.slug])
    fired = [gevraagd for gevraagd in answered(raised(periods, url), [doel]) if gevraagd.doel]
    trend = check_trend(SignalKind(doel.signaal), periods) if periods else None
    return {"check_trend": trend, "signaal": fired[0].signal if fired else None, "nu": periods[-1] if periods else None}


def _neighbours(line: list[Doel], doel: Doel) -> dict[str, Doel | None]:
    padded = [None, *line, None]
    return {"vorig_doel": padded[line.index(doel)], "volgend_doel": padded[line.index(doel) + 2]}


@require_safe
def rapport_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every meetmoment of the regio with its report, and the quarters that were adopted."""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    public = ((rapport.meetmoment.pk, rapport.laatste) for rapport in load_public_reports(slug))
    context = {
        "regio": regio,
        "standen": load_stages(regio),
        "kwartalen": load_adopted_quarters(regio),
        "openbaar": dict(public),
        "mag_publiceren": request.user.has_permission(Permission.RAPPORT_PUBLICEREN, regio.pk),
        "vandaag": timezone.localdate(),
        "plek": "rapporten",
    }
    return render(request, "monitoring/rapport_list.html", context)
