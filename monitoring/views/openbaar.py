"""What everybody may read, signed in or not: the reports that a regio made public, and their data."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from monitoring.actions import record_afdruk
from monitoring.models import Publicatie
from monitoring.open_data import LICENTIE, LICENTIE_URL, TABELLEN, tables_of
from monitoring.public_reports import (
    OpenbaarRapport,
    load_public_report,
    load_public_reports,
    thaw_latest,
    thaw_public,
)
from monitoring.publication import PUBLIC_FORMATS, write_pdf
from monitoring.report import Report
from regio.everybody import answer_everybody, name_of
from regio.pdf import PdfUnavailable

logger = logging.getLogger("agendamonitor")

GONE = 410
KEEP_PDF_SECONDS = 30 * 24 * 60 * 60


@login_not_required
@require_safe
def openbaar_index(request: HttpRequest) -> HttpResponse:
    """The regio's with a public report stand on the start page."""
    return redirect(reverse("monitoring:start") + "#openbaar")


@login_not_required
@require_safe
def openbaar_regio(request: HttpRequest, slug: str) -> HttpResponse:
    """The reports that a regio made public; 404 for one that never did, as for one that does not exist."""
    rapporten = load_public_reports(slug)
    shown = [rapport for rapport in rapporten if rapport.at(None)]
    if not shown:
        raise Http404

    def make() -> HttpResponse:
        reports = thaw_latest(shown)
        context = {
            "regio": shown[0].regio,
            "openbaar": [(rapport, reports[rapport.meetmoment.pk]) for rapport in shown if rapport.laatste],
            "ingetrokken": [(rapport, rapport.ingetrokken[0]) for rapport in shown if not rapport.laatste],
        }
        return render(request, "monitoring/openbaar_regio.html", context, status=200 if context["openbaar"] else GONE)

    of = (request.path, *(part for rapport in shown for part in _made_of(rapport)))
    return answer_everybody(request, of=of, changed=max(rapport.gewijzigd for rapport in shown), make=make)


@login_not_required
@require_safe
def openbaar_rapport(
    request: HttpRequest, slug: str, agenda: str, meetmoment: str, versie: int | None = None
) -> HttpResponse:
    """A public report: its latest public version, or the version that the address names; a tombstone where it was."""
    rapport, gekozen = _find(slug, agenda, meetmoment, versie)

    def make() -> HttpResponse:
        if gekozen not in rapport.openbaar:
            return _tombstone(request, rapport, gekozen)
        report = thaw_public(gekozen.momentopname)
        context = {
            "regio": rapport.regio,
            "rapport": rapport,
            "gekozen": gekozen,
            "report": report,
            "tabellen": tables_of(report),
            "licentie": LICENTIE,
            "licentie_url": LICENTIE_URL,
        }
        return render(request, "monitoring/openbaar_rapport.html", context)

    return answer_everybody(request, of=(request.path, *_made_of(rapport)), changed=rapport.gewijzigd, make=make)


@login_not_required
@require_safe
def openbaar_bestand(
    request: HttpRequest, slug: str, agenda: str, meetmoment: str, bestand: str, versie: int | None = None
) -> HttpResponse:
    """A public report as PDF, or its data as CSV (with its description) or JSON."""
    if bestand not in PUBLIC_FORMATS:
        raise Http404
    rapport, gekozen = _find(slug, agenda, meetmoment, versie)

    def make() -> HttpResponse:
        if gekozen not in rapport.openbaar:
            return _tombstone(request, rapport, gekozen)
        return _file(request, gekozen, bestand)

    response = answer_everybody(request, of=(request.path, *_made_of(rapport)), changed=rapport.gewijzigd, make=make)
    if bestand.endswith(".csv"):
        response["Link"] = f'<{bestand}-metadata.json>; rel="describedby"; type="application/csvm+json"'
    return response


def _find(slug: str, agenda: str, meetmoment: str, versie: int | None) -> tuple[OpenbaarRapport, Publicatie]:
    """Return the report and what is or was public of it; 404 for what never was, whatever else there is of it."""
    rapport = load_public_report(slug, agenda, meetmoment)
    gekozen = rapport.at(versie) if rapport else None
    if rapport is None or gekozen is None:
        raise Http404
    return rapport, gekozen


def _made_of(rapport: OpenbaarRapport) -> list[str]:
    """Return what an answer about this report depends on."""
    regio = rapport.regio
    frame = [regio.naam, regio.accentkleur, str(regio.voorbeelddata), rapport.meetmoment.agenda.naam]
    events = [f"{p.pk} {p.momentopname.sha256} {p.gepubliceerd_op} {p.ingetrokken_op}" for p in rapport.publicaties]
    return [*frame, rapport.titel, str(regio.publiceert), *events]


def _tombstone(request: HttpRequest, rapport: OpenbaarRapport, gekozen: Publicatie) -> HttpResponse:
    eerder = [p for p in rapport.eerder(gekozen.momentopname.versie) if p != gekozen]
    context = {"regio": rapport.regio, "rapport": rapport, "gekozen": gekozen, "eerder": eerder}
    return render(request, "monitoring/openbaar_ingetrokken.html", context, status=GONE)


def _file(request: HttpRequest, gekozen: Publicatie, bestand: str) -> HttpResponse:
    report = thaw_public(gekozen.momentopname)
    absent = set(TABELLEN).difference(tables_of(report))
    if any(bestand.startswith(tabel.bestand) for tabel in absent):
        raise Http404
    try:
        content = _kept_pdf(gekozen, report) if bestand.endswith(".pdf") else PUBLIC_FORMATS[bestand].write(report)
    except PdfUnavailable:
        logger.exception("pdf-unavailable")
        meetmoment = gekozen.momentopname.rapportage.of_meetmoment
        context = {"regio": meetmoment.agenda.regio, "meetmoment": meetmoment}
        return render(request, "monitoring/openbaar_zonder_pdf.html", context, status=503)
    name = f"{report.bestandsnaam}-{bestand}".replace("-rapport.", ".")
    disposition = content_disposition_header(as_attachment=not bestand.endswith(".pdf"), filename=name)
    headers = {"Content-Disposition": disposition or ""}
    return HttpResponse(content, content_type=PUBLIC_FORMATS[bestand].media_type, headers=headers)


def _kept_pdf(gekozen: Publicatie, report: Report) -> bytes:
    """Make each PDF once: it takes a second of a processor, and anybody may ask for it."""
    key = f"openbaar-pdf-{name_of(gekozen.momentopname.sha256)}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = write_pdf(report)
        record_afdruk(momentopname=gekozen.momentopname, content=kept, soort="pdf")
        cache.set(key, kept, KEEP_PDF_SECONDS)
    return kept
