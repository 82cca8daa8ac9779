"""The quarters of one school year as a report prints and keeps them: plain data that can be stored and read back."""

from collections.abc import Sequence
from typing import Any

from thuiszitters.categories import VERZUIM, same_definition
from thuiszitters.cube import ALL_GEMEENTEN, LANGDURIG, SAMEN, ZONDER_AANBOD
from thuiszitters.figures import has_break, names_of
from thuiszitters.publication import Period, Shown


def report_data(periods: Sequence[Period], schooljaar: str) -> dict[str, Any]:
    """Return what the report says of `schooljaar`, masked as `periods` are: counts, definitions of then, completeness.

    Everything in it is text, number, boolean, list or dict, so that a Momentopname can hold it.
    """
    chosen = [period for period in periods if period.quarter.telmoment.schooljaar == schooljaar]
    return {
        "schooljaar": schooljaar,
        "drempel": chosen[-1].drempel if chosen else 0,
        "kwartalen": [_quarter(period) for period in chosen],
        "regels": _lines(chosen),
        "gemeenten": _gemeenten(chosen),
        "definities": _definitions(chosen),
    }


def _quarter(period: Period) -> dict[str, Any]:
    quarter = period.quarter
    done = {gemeente.pk for gemeente in quarter.ingediend}
    return {
        "peildatum": quarter.peildatum.isoformat(),
        "gemeenten": len(quarter.gemeenten),
        "ingediend": len(done),
        "ontbreekt": [gemeente.naam for gemeente in quarter.gemeenten if gemeente.pk not in done],
    }


def _lines(periods: Sequence[Period]) -> list[dict[str, Any]]:
    """Return one line for the sums and one for every categorie that was counted in any of the quarters."""
    lines = [("", SAMEN, 0), ("", LANGDURIG, 1), ("", ZONDER_AANBOD, 2)]
    for period in periods:
        known = {code for _, code, _ in lines}
        lines += [(c.groep, c.code, c.diepte) for c in period.quarter.categories if c.code not in known]
    names: dict[str, str] = {}
    for period in periods:
        names |= names_of(period)
    return [
        {
            "groep": groep or VERZUIM,
            "code": code,
            "naam": names[code],
            "diepte": diepte,
            "cellen": [_cell(period.show(ALL_GEMEENTEN, code)) for period in periods],
            "breuken": [
                place > 0 and has_break(periods[place - 1], period, code) for place, period in enumerate(periods)
            ],
        }
        for groep, code, diepte in (lines if periods else [])
    ]


def _gemeenten(periods: Sequence[Period]) -> list[dict[str, Any]]:
    names = {g.pk: g.naam for period in periods for g in period.quarter.gemeenten}
    ordered = sorted(names.items(), key=lambda item: item[1])
    return [{"naam": naam, "cellen": [_cell(period.show(pk, SAMEN)) for period in periods]} for pk, naam in ordered]


def _definitions(periods: Sequence[Period]) -> list[dict[str, Any]]:
    """Return every definition that held on one of the peildata, with the first of those days."""
    found: list[dict[str, Any]] = []
    last: dict[str, Any] = {}
    for period in periods:
        for category in period.quarter.categories:
            if not same_definition(last.get(category.code), category):
                last[category.code] = category
                found.append(
                    {
                        "code": category.code,
                        "naam": category.naam,
                        "definitie": category.definitie,
                        "bron": category.bron,
                        "vanaf": period.quarter.peildatum.isoformat(),
                    }
                )
    return found


def _cell(shown: Shown) -> dict[str, Any]:
    return {"tekst": shown.tekst, "aantal": shown.aantal, "dekking": shown.dekking}
