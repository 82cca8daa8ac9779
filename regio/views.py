"""Pages of the ground floor: is it alive, whom to tell of a leak, and what to say of what is refused or broken."""

import sys
from datetime import timedelta
from functools import cache
from typing import Any

from allauth.mfa.recovery_codes.views import download_recovery_codes
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost, PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from regio import trail
from regio.account_forms import MailForm, always
from regio.audit import Event, record
from regio.colour import accent_stylesheet, is_legible
from regio.forms import AuditForm
from regio.models import Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest
from regio.streams import CSV_KIND, JSON_KIND, XLSX_KIND, long_xlsx, stream_csv
from regio.subscriptions import (
    choices_of,
    choose_mail,
    fetch_by_token,
    kinds_for,
    masked_address,
    unsubscribe_everything,
)
from regio.trail import Period, audit_rows, audit_size, stream_json

PLAIN = "text/plain; charset=utf-8"
RETRY_AFTER_SECONDS = 10
RATE_LIMIT_SECONDS = 60


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and no migration is missing, else 503 with the reason."""
    try:
        missing = migrations_in_code() - set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return HttpResponse("database onbereikbaar\n", content_type=PLAIN, status=503)
    if missing:
        return HttpResponse("migraties ontbreken: voer manage.py migrate uit\n", content_type=PLAIN, status=503)
    return HttpResponse("in orde\n", content_type=PLAIN)


@cache
def migrations_in_code() -> frozenset[tuple[str, str]]:
    """Return what must have been applied; it changes only with a new start."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a leak (RFC 9116)."""
    expires = (timezone.now() + timedelta(days=180)).replace(microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {request.build_absolute_uri()}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@login_not_required
@require_safe
def accent_stylesheet_file(request: HttpRequest, kleur: str) -> HttpResponse:
    """Make `kleur` the accent of the page that links to this. Nothing else is in it, so anybody may keep it."""
    if not is_legible(f"#{kleur}"):
        raise Http404
    response = HttpResponse(accent_stylesheet(f"#{kleur}"), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@login_not_required
@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    closed = ("account", "beheer", "kalender", "regio")
    lines = ["User-agent: *", *(f"Disallow: /{name}/" for name in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return redirect("mfa_index")


@require_safe
def account_email(request: HttpRequest) -> HttpResponse:
    """The address is what a beheerder gave a role to, so a beheerder changes it (docs/adr/0011)."""
    return render(request, "account/email.html")


@require_safe
def herstelcodes(request: HttpRequest) -> HttpResponse:
    """The recovery codes as allauth writes them, in a file with a Dutch name."""
    response = download_recovery_codes(request)
    response["Content-Disposition"] = 'attachment; filename="herstelcodes.txt"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def account_mail(request: SignedInRequest) -> HttpResponse:
    """Let somebody choose which mail they get, and tell which mail they always get."""
    kinds = kinds_for(request.user)
    keuzes = {soort: aan for soort, aan in choices_of(request.user).items() if soort in kinds}
    form = MailForm(request.POST if request.method == "POST" else None, keuzes=keuzes)
    if request.method == "POST" and form.is_valid():
        choose_mail(gebruiker=request.user, keuzes=form.keuzes())
        messages.success(request, "Uw keuze is opgeslagen.")
        return redirect("account-mail")
    return render(request, "account/mail.html", {"form": form, "verplicht": always(kinds)})


@csrf_exempt  # The signed address is what counts: a mail program that posts it has no cookie (RFC 8058).
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_afmelden(request: HttpRequest, token: str) -> HttpResponse:
    """Switch off what can be switched off, for whoever holds the link out of a mail; looking changes nothing."""
    gebruiker = fetch_by_token(token)
    if gebruiker is None:
        raise Http404
    if request.method == "POST":
        unsubscribe_everything(gebruiker)
    context = {"klaar": not any(choices_of(gebruiker).values()), "adres": masked_address(gebruiker)}
    return render(request, "account/mail_afmelden.html", context)


@require_safe
def audit(request: SignedInRequest) -> HttpResponseBase:
    """Who changed what, as a file, for a beheerder; taking it out leaves a line itself."""
    if not request.user.is_superuser:
        raise PermissionDenied
    asked = "soort" in request.GET
    form = AuditForm(request.GET if asked else None, regios=Regio.objects.visible_to(request.user))
    if asked and form.is_valid():
        given = form.cleaned_data
        regio, period = given["regio"], Period(given["van"], given["tot"])
        if given["soort"] != "xlsx" or audit_size(regio, period) <= trail.MOST_ROWS_OF_XLSX:
            return _audit_file(request, regio, period, given["soort"])
        form.add_error("soort", "Dit zijn meer regels dan in Excel passen. Kies een kortere periode of CSV.")
    return render(request, "regio/audit.html", {"form": form})


def _audit_file(request: SignedInRequest, regio: Regio | None, period: Period, soort: str) -> HttpResponseBase:
    days = {name: str(day) for name, day in (("van", period.van), ("tot", period.tot)) if day}
    rows = audit_rows(regio, period)
    if soort == "xlsx":
        content: Any = FileResponse(long_xlsx(trail.COLUMNS, rows, sheet="audit"), content_type=XLSX_KIND)
    else:
        stream, kind = (stream_csv(trail.COLUMNS, rows), CSV_KIND) if soort == "csv" else (stream_json(rows), JSON_KIND)
        content = StreamingHttpResponse(stream, content_type=kind)
    record(Event.EXPORT, by=request.user, wat=f"audit.{soort}", regio=regio.slug if regio else None, **days)
    name = "-".join(["audit", *([regio.slug] if regio else []), *days.values()])
    content["Content-Disposition"] = f'attachment; filename="{name}.{soort}"'
    return content


# What is refused or broken. Without the request there is no frame, so no question to a database that may be broken.


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(None, "413.html", status=413)
    return render(None, "400.html", {"ander_adres": isinstance(exception, DisallowedHost)}, status=400)


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    record_refusal(request, 403)
    # What a library says is English; what our own permissions say is what the reader wanted to do.
    recht = str(exception) if str(exception) in Permission.labels else ""
    return render(request, "403.html", {"recht": recht}, status=403)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    record_refusal(request, 403, wat="formulier")
    return render(request, "403_csrf.html", status=403)


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    # An address that exists, for somebody who may not know what lies there; other addresses are only mistyped.
    if request.resolver_match:
        record_refusal(request, 404)
    return render(request, "404.html", status=404)


@login_not_required
def too_many_requests(request: HttpRequest, exception: Any = None) -> HttpResponse:
    record_refusal(request, 429)
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(RATE_LIMIT_SECONDS)
    return response


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the database is gone, wherever in the house that was noticed, or that we made a mistake."""
    if not is_database_gone(sys.exc_info()[1]):
        return render(None, "500.html", status=500)
    response = render(None, "503.html", {"opnieuw": request.method in ("GET", "HEAD")}, status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def is_database_gone(error: BaseException | None) -> bool:
    """Look through what was raised while handling what."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


def record_refusal(request: HttpRequest, status: int, **details: str) -> None:
    """Leave a line in the log: who was refused what; the regio, but nothing that somebody typed in the address."""
    match = request.resolver_match
    record(
        Event.GEWEIGERD,
        by=getattr(request, "user", None),
        status=status,
        pagina=match.view_name if match else None,
        regio=match.kwargs.get("slug", "")[:100] if match else None,
        **details,
    )
