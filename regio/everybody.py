"""Answers that are the same for everybody, so that every cache on the way may keep them (docs/adr/0042).

What lies below ADDRESSES is asked without cookies (regio/middleware.py); a view there answers by `answer_everybody`.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag

from regio.environment import BASE_DIR

ADDRESSES = "/openbaar/"
# How long a cache need not ask again: long enough for a crowd, short enough for who withdraws a report.
FRESH_SECONDS = 300
# What stays so until something changes: there, unchanged, gone.
STEADY = {200, 304, 410}
MADE_BY = ("regio", "agenda", "thuiszitters", "monitoring", "templates", "static")
KINDS = {".py", ".html", ".css", ".svg"}


def answer_everybody(
    request: HttpRequest, *, of: tuple[str, ...], changed: datetime, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer with what `make` makes, or with 304 to who has that already.

    `of` names all that the answer is made of, `changed` is when that last changed; the release counts by itself.
    """
    etag, last_modified = name_of(*of), int(max(changed, _release()[1]).timestamp())
    response = get_conditional_response(request, etag=quote_etag(etag), last_modified=last_modified) or make()
    if response.status_code not in STEADY:
        return response
    response.headers.setdefault("ETag", quote_etag(etag))
    response.headers.setdefault("Last-Modified", http_date(last_modified))
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def name_of(*parts: str) -> str:
    """Return one name for what this release makes of `parts`."""
    return hashlib.sha256("\n".join((_release()[0], *parts)).encode()).hexdigest()[:32]


@cache
def _release() -> tuple[str, datetime]:
    """Return a name for the code, templates and styles that run here, and when the last of them changed."""
    files = [path for folder in MADE_BY for path in (BASE_DIR / folder).rglob("*") if path.suffix in KINDS]
    content = hashlib.sha256()
    for path in sorted(files):
        content.update(path.read_bytes())
    newest = max(path.stat().st_mtime for path in files)
    return content.hexdigest(), datetime.fromtimestamp(newest, UTC)
