"""The report of a meetmoment: as a page, as a PDF, and its data as files."""

import logging

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from monitoring.models import Meetmoment
from monitoring.overview import load_report
from monitoring.publication import FORMATS
from regio.audit import Event, record
from regio.pdf import PdfUnavailable
from regio.permissions import Permission
from regio.requests import SignedInRequest
from regio.tables import TableError

logger = logging.getLogger("agendamonitor")


def fetch_meetmoment(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> Meetmoment:
    """Authorise and fetch: 404 outside the own regio's."""
    return Meetmoment.objects.select_related("agenda__regio", "agenda__schaal", "rapportage").fetch_for(
        request.user,
        Permission.REGIO_BEKIJKEN,
        agenda__regio__slug=slug,
        agenda__slug=agenda,
        slug=meetmoment,
    )


@require_safe
def rapport_detail(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """The report as a page, with where it stands on its way to the OOGO."""
    moment = fetch_meetmoment(request, slug, agenda, meetmoment)
    context = {
        "regio": moment.agenda.regio,
        "report": load_report(moment),
        "mag_teruggeven": request.user.has_permission(Permission.SCORES_TERUGGEVEN, moment.agenda.regio_id),
        "plek": "rapporten",
    }
    return render(request, "monitoring/rapport.html", context)


@require_safe
def rapport_file(request: SignedInRequest, slug: str, agenda: str, meetmoment: str, soort: str) -> HttpResponse:
    """The report as PDF, or its data as CSV, XLSX, ODS or JSON."""
    if soort not in FORMATS:
        raise Http404
    moment = fetch_meetmoment(request, slug, agenda, meetmoment)
    page = reverse("monitoring:rapport-detail", args=[slug, agenda, meetmoment])
    report = load_report(moment)
    try:
        content = FORMATS[soort].write(report)
    except PdfUnavailable:
        logger.exception("pdf-unavailable")
        return render(request, "pdf_ontbreekt.html", {"regio": moment.agenda.regio, "rapport": page}, status=503)
    except TableError as refusal:
        messages.error(request, str(refusal))
        return redirect(page)
    record(Event.EXPORT, by=request.user, rapport=report.bestandsnaam, soort=soort)
    name = content_disposition_header(as_attachment=soort != "pdf", filename=f"{report.bestandsnaam}.{soort}")
    return HttpResponse(content, content_type=FORMATS[soort].media_type, headers={"Content-Disposition": name})
