"""The product's addresses, with pages that go wrong."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from regio import urls
from regio.urls import handler400, handler403, handler404, handler429, handler500

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]


def refused_by_a_library(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Unable to determine client IP address")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret of the house")


urlpatterns = [path("proef/geweigerd", refused_by_a_library), path("proef/kapot", broken), *urls.urlpatterns]
