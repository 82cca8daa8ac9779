"""Counts in from a file, with a preview, and out to one."""

from itertools import chain
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from regio.audit import Event, record
from regio.days import format_day
from regio.models import Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest
from regio.streams import CSV_KIND, JSON_KIND, ODS_KIND, XLSX_KIND, long_ods, long_xlsx, stream_csv
from regio.tables import TableError, file_name
from thuiszitters.access import enters_all, sees_all
from thuiszitters.export import masked_rows, stream_json, template_rows, tidy_rows
from thuiszitters.forms import BestandForm, KoppelingForm
from thuiszitters.models import Telmoment
from thuiszitters.overview import each_quarter, load_quarters
from thuiszitters.publication import publish
from thuiszitters.resources import (
    UPLOAD,
    Outdated,
    Plan,
    Refused,
    UnknownColumns,
    carry_out_import,
    plan_import,
    remember_columns,
)
from thuiszitters.tidy import COLUMNS
from thuiszitters.upload import Upload, seal, unseal

# A success message stays one to read, also of a file about a whole year.
LINKED = 5


def fetch_regio_to_fill(request: SignedInRequest, slug: str) -> Regio:
    """Authorise and fetch: 404 outside the own regio, 403 for who enters one gemeente or none."""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    if not enters_all(request.user, regio.pk):
        raise PermissionDenied(Permission.ALLE_AANTALLEN_INVOEREN.label)
    return regio


@require_http_methods(["GET", "HEAD", "POST"])
def tellingen_inlezen(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask for a file, show what it would change, and change it once that is confirmed."""
    regio = fetch_regio_to_fill(request, slug)
    if request.method != "POST":
        return _show(request, regio, form=BestandForm())
    if "bestand" in request.FILES or "verzegeld" not in request.POST:
        form = BestandForm(request.POST, request.FILES)
        if not form.is_valid():
            return _show(request, regio, form=form)
        file = form.cleaned_data["bestand"]
        return _preview(request, regio, Upload(file.name, file.read()))
    try:
        upload = unseal(request.POST["verzegeld"], _salt(request, regio))
    except signing.BadSignature:
        messages.error(request, "Dit voorbeeld is verlopen. Kies het bestand opnieuw.")
        return redirect("thuiszitters:tellingen-inlezen", slug)
    if "vingerafdruk" in request.POST:
        return _carry_out(request, regio, upload)
    return _preview(request, regio, upload)


def _preview(request: SignedInRequest, regio: Regio, upload: Upload) -> HttpResponse:
    """Show what the file would change; ask for the names of its columns when those are not known."""
    try:
        plan = plan_import(regio=regio, name=upload.name, file=upload.file, limits=UPLOAD)
    except TableError as error:
        return _refuse(request, regio, str(error))
    except UnknownColumns as unknown:
        return _ask_columns(request, regio, upload, unknown)
    return _show(request, regio, plan=plan, upload=upload)


def _ask_columns(request: SignedInRequest, regio: Regio, upload: Upload, unknown: UnknownColumns) -> HttpResponse:
    if len(unknown.offered) < len(unknown.missing):
        return _refuse(request, regio, str(unknown))
    is_answer = "verzegeld" in request.POST
    form = KoppelingForm(request.POST if is_answer else None, missing=unknown.missing, offered=unknown.offered)
    if is_answer and form.is_valid():
        remember_columns(regio=regio, koppeling=form.koppeling, by=request.user)
        return _preview(request, regio, upload)
    return _show(request, regio, koppeling=form, upload=upload)


def _carry_out(request: SignedInRequest, regio: Regio, upload: Upload) -> HttpResponse:
    seen = request.POST["vingerafdruk"]
    source: dict[str, Any] = {"regio": regio, "name": upload.name, "file": upload.file, "limits": UPLOAD}
    try:
        plan = carry_out_import(**source, by=request.user, vingerafdruk=seen)
    except (Refused, Outdated) as refusal:
        messages.error(request, str(refusal))
        return _preview(request, regio, upload)
    messages.success(request, _done(regio, plan))
    return redirect("thuiszitters:dashboard", regio.slug)


def _done(regio: Regio, plan: Plan) -> SafeString:
    """Say what was read in, with a link to each opgave in which something was written, or to the first."""
    links = [
        format_html(
            '<a href="{}">{} op {}</a>',
            reverse("thuiszitters:opgave-invoer", args=[regio.slug, peildatum, gemeente.slug]),
            gemeente.label,
            format_day(peildatum),
        )
        for peildatum, gemeente in plan.opgaven[:LINKED]
    ]
    more = f" en nog {len(plan.opgaven) - len(links)}" if len(plan.opgaven) > len(links) else ""
    return format_html(
        "Ingelezen: {}. Kijk het na in de opgave van {}{}. Daarna moet elke opgave nog worden ingediend.",
        plan.telling,
        format_html_join(", ", "{}", ((link,) for link in links)),
        more,
    )


def _refuse(request: SignedInRequest, regio: Regio, sentence: str) -> HttpResponse:
    form = BestandForm({})
    form.errors["bestand"] = form.error_class([sentence])
    return _show(request, regio, form=form)


def _show(
    request: SignedInRequest,
    regio: Regio,
    *,
    form: BestandForm | None = None,
    plan: Plan | None = None,
    koppeling: KoppelingForm | None = None,
    upload: Upload | None = None,
) -> HttpResponse:
    context = {
        "regio": regio,
        "form": form or BestandForm(),
        "plan": plan,
        "koppeling": koppeling,
        "naam": upload.name if upload else "",
        "heeft_sjabloon": Telmoment.objects.filter(regio=regio, peildatum__lte=timezone.localdate()).exists(),
        "verzegeld": seal(upload, _salt(request, regio)) if upload and (koppeling or (plan and not plan.fout)) else "",
        "plek": "thuiszitters",
    }
    return render(request, "thuiszitters/tellingen_inlezen.html", context)


def _salt(request: SignedInRequest, regio: Regio) -> str:
    """A preview is of one person and one regio."""
    return f"tellingen {regio.pk} {request.user.pk}"


@require_safe
def tellingen(request: SignedInRequest, slug: str, soort: str) -> HttpResponseBase:
    """Every count of the regio, one row each; for who may not see those, what the dashboard shows them.

    An invoerder has the own counts beside it, as they were entered (domein.md, rule 10).
    """
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    record(Event.EXPORT, by=request.user, wat=f"tellingen.{soort}", regio=regio.slug)
    today = timezone.localdate()
    if sees_all(request.user, regio.pk):
        rows = tidy_rows(regio.slug, each_quarter(regio, today))
        return _as_file(rows, f"tellingen-{regio.slug}", soort, made_up=regio.voorbeelddata)
    quarters = load_quarters(regio, today)
    own = {gemeente.pk for gemeente in request.user.organisaties_for(Permission.AANTALLEN_INVOEREN, regio.pk)}
    masked = masked_rows(regio.slug, publish(quarters, drempel=regio.drempel))
    rows = chain(masked, tidy_rows(regio.slug, quarters, only=own))
    return _as_file(rows, f"tellingen-{regio.slug}-afgeschermd", soort, made_up=regio.voorbeelddata)


@require_safe
def sjabloon(request: SignedInRequest, slug: str, soort: str) -> HttpResponseBase:
    """The rows of the latest telmoment without their counts."""
    regio = fetch_regio_to_fill(request, slug)
    quarters = load_quarters(regio, timezone.localdate(), latest=1)
    if not quarters:
        raise Http404
    return _as_file(template_rows(regio.slug, quarters[-1]), f"sjabloon-{regio.slug}-{quarters[-1].peildatum}", soort)


def _as_file(rows: Any, name: str, soort: str, *, made_up: bool = False) -> HttpResponseBase:
    if soort == "csv":
        response: HttpResponseBase = StreamingHttpResponse(stream_csv(COLUMNS, rows), content_type=CSV_KIND)
    elif soort == "json":
        response = StreamingHttpResponse(stream_json(rows), content_type=JSON_KIND)
    elif soort == "xlsx":
        response = FileResponse(long_xlsx(COLUMNS, rows), content_type=XLSX_KIND)
    else:
        response = FileResponse(long_ods(COLUMNS, rows), content_type=ODS_KIND)
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, soort, made_up=made_up)}"'
    return response
