"""Pages that show counts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regio.models import Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest


@require_safe
def dashboard(request: SignedInRequest, slug: str) -> HttpResponse:
    """How it goes with the thuiszitters of the regio."""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    return render(request, "thuiszitters/dashboard.html", {"regio": regio, "plek": "thuiszitters"})
