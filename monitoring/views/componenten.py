"""The gallery of components, for developers."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.gallery import DELEN, gallery


@login_not_required
@require_safe
def component_gallery(request: HttpRequest, deel: str = "basis") -> HttpResponse:
    """Every component in every state; not on a production machine."""
    if deel not in DELEN or not (settings.DEBUG or settings.DEMO):
        raise Http404
    context = gallery() | {"delen": DELEN, "deel": deel, "naam": DELEN[deel]}
    return render(request, f"monitoring/componenten/{deel}.html", context)
