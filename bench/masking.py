"""How long it takes to mask the quarters of the demo that nobody asked for yet, and what is lost."""

import time
from typing import Any

from django.utils import timezone

from regio.models import Regio
from thuiszitters.overview import load_quarters
from thuiszitters.publication import HIDDEN, Period, publish


def time_masking(slug: str) -> dict[str, Any]:
    """Return the processor seconds of each adopted quarter and how many numbers beyond the small ones are hidden."""
    regio = Regio.objects.get(slug=slug)
    quarters = [q for q in load_quarters(regio, timezone.localdate()) if q.telmoment.is_afgesloten]
    seconds, lost = [], []
    for quarter in quarters:
        started = time.process_time()
        (period,) = publish([quarter], drempel=regio.drempel)
        seconds.append(time.process_time() - started)
        lost.append(_lost(period, regio.drempel))
    return {"seconds": seconds, "lost": lost}


def _lost(period: Period, drempel: int) -> int:
    hidden = [key for key, label in (period.labels or {}).items() if label == HIDDEN]
    return sum((period.cube.totals[key].aantal or 0) >= drempel for key in hidden)
