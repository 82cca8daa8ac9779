"""The hard edges of every request: what is refused at the door, when a session ends, what the browser is told."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from regio.everybody import ADDRESSES

GetResponse = Callable[[HttpRequest], HttpResponse]

NUL = "\x00"
METHODS = ("GET", "HEAD", "POST")
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# When the session began and when it was last used, in seconds since 1970.
BEGAN, USED = "sessie_begonnen", "sessie_gebruikt"
# Noting it at every request would cost a write for every page that is read.
NOTE_USE_AFTER_SECONDS = 60

# Where a second step is set up, beside the rest of the own account.
OWN_ACCOUNT = "/account/"
# Where somebody was going who had to set it up first.
GO_ON = "verder_naar"


class AnswerMiddleware:
    """Tell the browser what no page of ours needs, and leave nobody with an empty page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = render_to_string("405.html")
            response["Content-Type"] = "text/html; charset=utf-8"
            response["Content-Length"] = str(len(response.content))
        if request.method == "HEAD" and not response.streaming:
            # The server would drop it, with a warning for each.
            response.content = b""
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class RefuseMethodMiddleware:
    """Refuse what no page or form of ours does; most pages would answer it as if it were a GET."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)


class RefuseNulMiddleware:
    """Refuse a NUL character in an address or a cookie: PostgreSQL cannot search for it. A form refuses it itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info:
            raise Http404
        values = [*request.COOKIES.values(), *(value for _, values in request.GET.lists() for value in values)]
        if any(NUL in value for value in values):
            raise BadRequest("NUL character")
        return self.get_response(request)


class EverybodyMiddleware:
    """Let nobody be signed in where everybody gets the same: no cookie comes in, none goes out, none matters."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ADDRESSES):
            return self.get_response(request)
        request.COOKIES = {}
        response = self.get_response(request)
        response.cookies.clear()
        del response["Vary"]
        return response


class SessionEndMiddleware:
    """End a session that lies unused or that lasts too long, however much it is used."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            end_or_note_use(request)
        was_signed_in = SESSION_KEY in request.session
        response = self.get_response(request)
        if was_signed_in:
            # Not no-store: whoever goes back to a half-filled form finds what they typed (docs/adr/0012).
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if was_signed_in and SESSION_KEY not in request.session:
            # Signed out: whoever sits down next goes back to nothing.
            response["Clear-Site-Data"] = '"cache"'
        return response


def note_begin(request: HttpRequest, **_: Any) -> None:
    """Start the clock of a session; hears Django's user_logged_in."""
    request.session[BEGAN] = request.session[USED] = timezone.now().timestamp()


def end_or_note_use(request: HttpRequest) -> None:
    now = timezone.now().timestamp()
    began, used = request.session.get(BEGAN, 0), request.session.get(USED, 0)
    if now - used > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
        logout(request)
        messages.info(request, "Uw sessie is verlopen. Meld u opnieuw aan; u komt terug waar u was.")
    elif now - used > NOTE_USE_AFTER_SECONDS:
        request.session[USED] = now


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Ask who is there, on every page but the marked public ones, without losing what somebody was typing."""

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        sign_in = super().process_view(request, *view)
        if sign_in and request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
            # The sign-in page would end up in the middle of a page: let its script say what happened.
            return HttpResponse(status=401)
        if sign_in and request.method == "POST":
            context = {"teksten": typed_texts(request), "terug": request.get_full_path()}
            return render(request, "afgemeld.html", context, status=401)
        return sign_in


class SecondStepMiddleware:
    """Lead who may write to setting up a second step, and nowhere else until it is there (ASVS 2.2.4, ADR 13)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *args: Any) -> HttpResponseBase | None:
        is_public = not getattr(view, "login_required", True) and request.path_info != "/"
        if is_public or request.path_info.startswith(OWN_ACCOUNT) or not lacks_second_step(request):
            return None
        if request.method == "POST":
            return render(request, "tweede_stap_nodig.html", {"teksten": typed_texts(request)}, status=403)
        request.session[GO_ON] = request.get_full_path()
        return redirect("mfa_index")


def lacks_second_step(request: HttpRequest) -> bool:
    """Tell whether the person of this request may write and has no second step; as read along with them."""
    gebruiker: Any = request.user
    return (
        settings.SECOND_STEP
        and gebruiker.is_authenticated
        and gebruiker.may_write
        and not getattr(gebruiker, "has_second_step", True)
    )


def typed_texts(request: HttpRequest) -> list[str]:
    """Return what was typed in sentences, to give back to who typed it."""
    return [text for _, texts in request.POST.lists() for text in texts if " " in text.strip()]
