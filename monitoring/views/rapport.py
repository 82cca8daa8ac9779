"""The report of a meetmoment: as a page, as a PDF, its data as files, and whether a file is what was adopted."""

import logging
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from monitoring.actions import record_afdruk
from monitoring.forms import ControleForm
from monitoring.models import Meetmoment, Momentopname
from monitoring.overview import Versie, load_report, load_teruggaven, load_versies, rapportage_of
from monitoring.publication import FORMATS, SNAPSHOT
from monitoring.report import Report
from monitoring.verification import Unreadable, verify
from regio.audit import Event, record
from regio.pdf import PdfUnavailable
from regio.permissions import Permission
from regio.requests import SignedInRequest
from regio.tables import TableError
from thuiszitters.access import sees_all

logger = logging.getLogger("agendamonitor")

RECORDED = {"pdf", "json"}
# Behind an address: the concept with the small numbers in it.
ALLE_AANTALLEN = "?aantallen=alle"


def fetch_meetmoment(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> Meetmoment:
    """Authorise and fetch: 404 outside the own regio's."""
    return Meetmoment.objects.visible_to(request.user).with_others_of_agenda(regio=slug, agenda=agenda, slug=meetmoment)


@dataclass(frozen=True)
class Getoond:
    """The report that was asked for: an adopted version, which is made from its snapshot alone, or the concept."""

    report: Report
    versies: list[Versie]
    versie: Versie | None

    @property
    def vraag(self) -> str:
        """What an address needs behind it to show this version and no other."""
        if self.versie:
            return f"?versie={self.versie.momentopname.versie}"
        return ALLE_AANTALLEN if self.report.is_voor_weinigen else ""


def choose_report(request: SignedInRequest, moment: Meetmoment) -> Getoond:
    """Return the version of the report that is asked for, else the adopted one or the concept; 404 for no such version.

    What was adopted holds masked counts only. A concept holds small numbers for who asks for them and may see them.
    """
    asked, regio_id = request.GET.get("versie"), moment.agenda.regio_id
    with_all = request.GET.get("aantallen") == "alle"
    if with_all and not request.user.has_permission(Permission.ALLE_AANTALLEN_BEKIJKEN, regio_id):
        raise PermissionDenied(Permission.ALLE_AANTALLEN_BEKIJKEN.label)
    rapportage = rapportage_of(moment)
    # Before the first adoption there is no version to ask for.
    versies = load_versies(moment) if rapportage.is_vastgesteld or rapportage.versie > 1 else []
    if asked is not None:
        versie = next((v for v in versies if str(v.momentopname.versie) == asked), None)
        if versie is None:
            raise Http404
    else:
        versie = versies[0] if versies and rapportage.is_vastgesteld else None
    return Getoond(versie.report if versie else load_report(moment, afgeschermd=not with_all), versies, versie)


@require_safe
def rapport_detail(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """The report as a page, with where it stands on its way to the OOGO and the versions that were adopted."""
    moment = fetch_meetmoment(request, slug, agenda, meetmoment)
    getoond, rapportage, regio = choose_report(request, moment), rapportage_of(moment), moment.agenda
    may = request.user.permissions_in(regio.regio_id)
    context = {
        "regio": moment.agenda.regio,
        "meetmoment": moment,
        "rapportage": rapportage,
        "report": getoond.report,
        "getoond": getoond,
        "teruggaven": load_teruggaven(moment) if rapportage.pk else [],
        "mag_teruggeven": Permission.SCORES_TERUGGEVEN in may,
        "mag_vaststellen": bool(may & {Permission.RAPPORT_VASTSTELLEN, Permission.BESLUIT_REGISTREREN}),
        "mag_heropenen": Permission.RAPPORT_HEROPENEN in may,
        "ziet_alle_aantallen": Permission.ALLE_AANTALLEN_BEKIJKEN in may,
        "mag_publiceren": Permission.RAPPORT_PUBLICEREN in may,
        "plek": "rapporten",
    }
    return render(request, "monitoring/rapport.html", context)


@require_safe
def rapport_file(request: SignedInRequest, slug: str, agenda: str, meetmoment: str, soort: str) -> HttpResponse:
    """The report as PDF, or its data as CSV, XLSX, ODS or JSON; what leaves of an adopted one can be verified."""
    if soort not in FORMATS:
        raise Http404
    moment = fetch_meetmoment(request, slug, agenda, meetmoment)
    page = reverse("monitoring:rapport-detail", args=[slug, agenda, meetmoment])
    getoond = choose_report(request, moment)
    try:
        content = FORMATS[soort].write(getoond.report)
    except PdfUnavailable:
        logger.exception("pdf-unavailable")
        return render(request, "pdf_ontbreekt.html", {"regio": moment.agenda.regio, "rapport": page}, status=503)
    except TableError as refusal:
        messages.error(request, str(refusal))
        return redirect(page)
    if getoond.versie and soort in RECORDED:
        record_afdruk(momentopname=getoond.versie.momentopname, content=content, soort=soort)
    name = f"{getoond.report.bestandsnaam}.{soort}"
    record(Event.EXPORT, by=request.user, rapport=getoond.report.bestandsnaam, soort=soort)
    return _file(content, name, FORMATS[soort].media_type, as_attachment=soort != "pdf")


@require_safe
def momentopname_file(request: SignedInRequest, slug: str, agenda: str, meetmoment: str) -> HttpResponse:
    """The snapshot of an adopted report, byte for byte as its sha256 was taken."""
    moment = fetch_meetmoment(request, slug, agenda, meetmoment)
    getoond = choose_report(request, moment)
    if getoond.versie is None:
        raise Http404
    record(Event.EXPORT, by=request.user, rapport=getoond.report.bestandsnaam, soort="momentopname")
    name = f"momentopname-{getoond.report.bestandsnaam}.json"
    return _file(SNAPSHOT.write(getoond.report), name, SNAPSHOT.media_type, as_attachment=True)


def _file(content: bytes, name: str, media_type: str, *, as_attachment: bool) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=as_attachment, filename=name)
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})


@require_http_methods(["GET", "HEAD", "POST"])
def rapport_controleren(request: SignedInRequest) -> HttpResponse:
    """Tell whether an uploaded PDF or JSON is what was adopted, among the regio's that this person may read."""
    form = ControleForm(request.POST or None, request.FILES or None)
    uitkomst = None
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["bestand"].read()
            register = Momentopname.objects.visible_to(request.user)
            uitkomst = verify(content, register, lambda regio: sees_all(request.user, regio.pk))
        except Unreadable as refusal:
            form.add_error("bestand", str(refusal))
    return render(request, "monitoring/rapport_controleren.html", {"form": form, "uitkomst": uitkomst})
