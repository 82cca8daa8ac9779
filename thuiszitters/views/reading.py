"""Pages that show counts: the dashboard of a regio."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from regio.models import Gebruiker, Regio
from regio.permissions import Permission
from regio.requests import SignedInRequest
from thuiszitters import figures
from thuiszitters.access import enters_all, sees_all
from thuiszitters.models import Leerlingaantal, Onderwijssector, Telmoment
from thuiszitters.overview import Return
from thuiszitters.publication import Period, periods_for, until_adopted
from thuiszitters.schooljaar import default_peildata, schooljaar_of
from thuiszitters.tidy import Gemeente

# Three years and the quarter they began with.
QUARTERS_SHOWN = 13
QUARTERS_OF_COMPLETENESS = 5


@require_safe
def dashboard(request: SignedInRequest, slug: str) -> HttpResponse:
    """How it goes with the thuiszitters: stand, trend, ambition, reasons, exemptions, gemeenten and completeness."""
    regio = Regio.objects.fetch_for(request.user, Permission.REGIO_BEKIJKEN, slug=slug)
    today = timezone.localdate()
    periods = periods_for(request.user, regio, today, latest=QUARTERS_SHOWN)
    context = {
        "regio": regio,
        "plek": "thuiszitters",
        "mag_inlezen": enters_all(request.user, regio.pk),
        "ziet_alles": sees_all(request.user, regio.pk),
        "mag_vragen": request.user.has_permission(Permission.VRAGEN_STELLEN, regio.pk),
    }
    context["te_openen"] = _to_open(request.user, regio, today)
    if not periods or not periods[-1].quarter.gemeenten:
        return render(request, "thuiszitters/dashboard_leeg.html", context)
    latest, seen = periods[-1], until_adopted(periods)
    now, before = seen[-1], seen[-2] if len(seen) > 1 else None
    context |= {
        "nu": now,
        "laatste": latest,
        "tegels": figures.tiles(before, now),
        "trend": figures.absence_trend(seen),
        "langdurig": figures.long_trend(seen),
        "redenen": figures.reasons(before, now),
        "vrijstellingen": figures.exemptions(before, now),
        "gemeenten": figures.per_gemeente(seen),
        "kwartalen": figures.gemeenten_table(seen),
        **_per_thousand(now),
        "volledigheid": _completeness(request.user, regio, periods[-QUARTERS_OF_COMPLETENESS:]),
        "in_te_voeren": _to_enter(request.user, regio, latest),
    }
    return render(request, "thuiszitters/dashboard.html", context)


def _to_open(gebruiker: Gebruiker, regio: Regio, today: date) -> str:
    """Return the school year of which this person can make the missing days of counting, "" when there is none."""
    schooljaar = schooljaar_of(today)
    wanted = default_peildata(schooljaar)
    if not gebruiker.has_permission(Permission.ALLE_AANTALLEN_INVOEREN, regio.pk):
        return ""
    return schooljaar if Telmoment.objects.filter(regio=regio, peildatum__in=wanted).count() < len(wanted) else ""


def _per_thousand(now: Period) -> dict[str, Any]:
    """Return the rate of each gemeente in the school year of `now`, and where its numbers of pupils come from.

    The pupils of a gemeente are not known unless those of every sector are.
    """
    found: dict[int, dict[str, int]] = {}
    sources: dict[str, None] = {}
    moment = now.quarter.telmoment
    rows = Leerlingaantal.objects.filter(regio=moment.regio_id, schooljaar=moment.schooljaar)
    for gemeente, sector, aantal, bron in rows.values_list("gemeente", "sector", "aantal", "bron"):
        found.setdefault(gemeente, {})[sector] = aantal
        sources |= {bron: None} if bron else {}
    pupils = {pk: sum(s.values()) if len(s) == len(Onderwijssector) else None for pk, s in found.items()}
    return {"per_duizend": figures.per_thousand(now, pupils), "bron_leerlingen": "; ".join(sources)}


def _completeness(gebruiker: Gebruiker, regio: Regio, periods: list[Period]) -> list[tuple]:
    """Return for each gemeente where its opgave of each quarter stands, the latest first."""
    rows = []
    for gemeente in periods[-1].quarter.gemeenten:
        returns = [
            (p.quarter.telmoment, p.quarter.opgaven.get(gemeente.pk, Return("", None, ""))) for p in periods[::-1]
        ]
        rows.append((gemeente, returns, _may_open(gebruiker, regio, gemeente)))
    return rows


def _may_open(gebruiker: Gebruiker, regio: Regio, gemeente: Gemeente) -> bool:
    return sees_all(gebruiker, regio.pk) or _enters(gebruiker, regio, gemeente)


def _enters(gebruiker: Gebruiker, regio: Regio, gemeente: Gemeente) -> bool:
    if enters_all(gebruiker, regio.pk):
        return True
    own = gebruiker.organisaties_for(Permission.AANTALLEN_INVOEREN, regio.pk)
    return any(organisatie.pk == gemeente.pk for organisatie in own)


def _to_enter(gebruiker: Gebruiker, regio: Regio, now: Period) -> list[Gemeente]:
    """Return whose opgave of the latest quarter this person can still enter."""
    done = {gemeente.pk for gemeente in now.quarter.ingediend}
    return [g for g in now.quarter.gemeenten if g.pk not in done and _enters(gebruiker, regio, g)]
