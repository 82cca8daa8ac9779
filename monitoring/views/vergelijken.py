"""Regio's side by side, for everybody: what each made public last."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.comparing import load_sides


@login_not_required
@require_safe
def vergelijken(request: HttpRequest) -> HttpResponse:
    return render(request, "monitoring/vergelijken.html", {"kanten": load_sides()})
