"""Regio's side by side, for everybody: what each made public last."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agenda.models import Schaalwaarde
from monitoring.comparing import load_sides


@login_not_required
@require_safe
def vergelijken(request: HttpRequest) -> HttpResponse:
    kanten = load_sides()
    context = {
        "kanten": kanten,
        "tonen": list(Schaalwaarde.Toon),
        "voorbeelddata": any(kant.voorbeelddata for kant in kanten),
    }
    return render(request, "monitoring/vergelijken.html", context)
