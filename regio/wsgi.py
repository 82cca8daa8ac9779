"""WSGI entry point, served by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regio.settings")
application = get_wsgi_application()

# Django reads the addresses, and with them every page's code, at the first request: each worker by itself.
get_resolver().url_patterns  # noqa: B018
