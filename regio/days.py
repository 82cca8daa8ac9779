"""How a day is written in full, on pages, in mail and in Beheer."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format


def format_day(when: date) -> str:
    """Return a day as people write it, "26 november 2026"; of an instant, the day that it was in the Netherlands."""
    return _format(timezone.localtime(when).date() if isinstance(when, datetime) else when)


# A page about every regio names the same few days over and over.
@lru_cache(maxsize=1024)
def _format(day: date) -> str:
    return date_format(day, "j F Y")
