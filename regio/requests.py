"""What a view may count on behind LoginRequiredMiddleware and HtmxMiddleware."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from regio.models import Gebruiker


class SignedInRequest(HttpRequest):
    """A request of somebody who is signed in: every view but the marked public ones."""

    user: Gebruiker
    htmx: HtmxDetails
