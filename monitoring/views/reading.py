"""Pages that show scores: the regio's overview, its agenda, one doel, and the list of reports."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agenda.models import Agenda, Doel, Ontwikkeling, Opbrengst
from monitoring.models import Meetmoment, Voortgangsscore
from monitoring.overview import load_grid, meetmoment_in_entry, rapportage_of
from regio.models import Regio
from regio.permissions import Permission


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, for everybody; for who is signed in, their own regio's."""
    if not request.user.is_authenticated:
        return render(request, "monitoring/start.html")
    return render(request, "monitoring/mijn_werk.html", {"plek": "mijn-werk"})


@require_safe
def regio_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer: what asks for a decision, what changed, how does the agenda stand?"""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    today = timezone.localdate()
    agenda = Agenda.objects.current_of(regio, today)
    if agenda is None:
        return render(request, "monitoring/regio_zonder_agenda.html", {"regio": regio, "plek": "overzicht"})
    grid = load_grid(agenda)
    moment = meetmoment_in_entry(grid, today)
    context = {
        "regio": regio,
        "agenda": agenda,
        "grid": grid,
        "meetmoment": moment,
        "vorig": grid.previous(moment) if moment else None,
        "gevraagd": grid.asking_decision(moment) if moment else [],
        "veranderd": grid.changes(moment) if moment else None,
        "spreiding": grid.spread(moment) if moment else None,
        "rapportage": rapportage_of(moment) if moment else None,
        "plek": "overzicht",
    }
    return render(request, "monitoring/regio_detail.html", context)


@require_safe
def agenda_current(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the agenda that runs now."""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    agenda = Agenda.objects.current_of(regio, timezone.localdate())
    if agenda is None:
        return render(request, "monitoring/regio_zonder_agenda.html", {"regio": regio, "plek": "agenda"})
    return redirect("monitoring:agenda-detail", slug, agenda.slug)


@require_safe
def agenda_detail(request: HttpRequest, slug: str, agenda: str) -> HttpResponse:
    """The agenda: vision, the PDCA table with its scores, developments, and the line of predecessors."""
    found = Agenda.objects.select_related("regio", "schaal", "voorganger").fetch_for(
        request.user, Permission.REGIO_BEKIJKEN, regio__slug=slug, slug=agenda
    )
    context = {
        "regio": found.regio,
        "agenda": found,
        "grid": load_grid(found),
        "ontwikkelingen": Ontwikkeling.objects.filter(agenda=found),
        "plek": "agenda",
    }
    return render(request, "monitoring/agenda_detail.html", context)


@require_safe
def doel_detail(request: HttpRequest, slug: str, agenda: str, code: str) -> HttpResponse:
    """One doel: its PDCA, its scores through the years, the gemeenten beneath, and who changed what."""
    doel = Doel.objects.select_related("thema__agenda__regio").fetch_for(
        request.user,
        Permission.REGIO_BEKIJKEN,
        thema__agenda__regio__slug=slug,
        thema__agenda__slug=agenda,
        code=code.upper(),
    )
    if code != doel.slug:
        raise Http404
    grid = load_grid(doel.thema.agenda)
    context = {
        "regio": doel.thema.agenda.regio,
        "agenda": doel.thema.agenda,
        "doel": doel,
        "row": next(row for row in grid.rows if row.doel.pk == doel.pk),
        "opbrengsten": Opbrengst.objects.filter(doel=doel),
        "wijzigingen": Voortgangsscore.history.filter(doel=doel)
        .select_related("history_user", "waarde", "meetmoment", "organisatie")
        .order_by("-history_date")[:50],
        "plek": "agenda",
    }
    return render(request, "monitoring/doel_detail.html", context)


@require_safe
def rapport_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every meetmoment of the regio with its report."""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    momenten = Meetmoment.objects.filter(agenda__regio=regio).select_related("agenda", "rapportage").order_by("-peildatum")
    return render(request, "monitoring/rapport_list.html", {"regio": regio, "momenten": momenten, "plek": "rapporten"})
