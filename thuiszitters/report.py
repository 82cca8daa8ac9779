"""The quarters of one school year as a report prints and keeps them: plain data that can be stored and read back."""

from collections.abc import Sequence
from typing import Any

from thuiszitters.categories import REDEN, VERZUIM, Category, same_definition
from thuiszitters.counting import Status
from thuiszitters.cube import ALL_GEMEENTEN, LANGDURIG, SAMEN, ZONDER_AANBOD, ZONDER_REDEN
from thuiszitters.figures import has_break, names_of
from thuiszitters.publication import Period, Shown

MASKED, NOT_COUNTED = "afgeschermd", "niet geteld"
# The sums that stand above the categories of absence, each part of the one before it.
SUMS = ((SAMEN, 0), (LANGDURIG, 1), (ZONDER_AANBOD, 2))


def report_data(periods: Sequence[Period], schooljaar: str) -> dict[str, Any] | None:
    """Return what the report says of `schooljaar`, masked as `periods` are: counts, definitions of then, completeness.

    Everything in it is text, number, boolean, list or dict, so that a Momentopname can hold it. None when the regio did
    not count in that school year.
    """
    chosen = [period for period in periods if period.quarter.telmoment.schooljaar == schooljaar]
    if not chosen:
        return None
    return {
        "schooljaar": schooljaar,
        "drempel": chosen[-1].drempel,
        # What the labels of masked numbers mean; empty when nothing is masked.
        "uitleg": chosen[-1].uitleg,
        "kwartalen": [_quarter(period) for period in chosen],
        "regels": _lines(chosen),
        "per_gemeente": _per_gemeente(chosen),
        "definities": _definitions(chosen),
    }


def _quarter(period: Period) -> dict[str, Any]:
    quarter = period.quarter
    done = {gemeente.pk for gemeente in quarter.ingediend}
    return {
        "peildatum": quarter.peildatum.isoformat(),
        "vastgesteld": quarter.telmoment.is_afgesloten,
        "gemeenten": len(quarter.gemeenten),
        "ingediend": len(done),
        "ontbreekt": [gemeente.naam for gemeente in quarter.gemeenten if gemeente.pk not in done],
    }


def _lines(periods: Sequence[Period]) -> list[dict[str, Any]]:
    """Return one line for the sums and one for every categorie that was counted in any of the quarters."""
    counted: dict[str, Category] = {}
    names: dict[str, str] = {}
    for period in periods:
        counted |= {c.code: c for c in period.quarter.categories}
        names |= names_of(period)
    lines = [(VERZUIM, code, depth, names[code]) for code, depth in SUMS]
    lines += [(c.groep, c.code, c.diepte, c.naam) for c in counted.values()]
    if any(groep == REDEN for groep, *_ in lines):
        lines.append((REDEN, ZONDER_REDEN, 0, names[ZONDER_REDEN]))
    return [
        {
            "groep": groep,
            "code": code,
            "naam": naam,
            "diepte": depth,
            "cellen": [_cell(period, ALL_GEMEENTEN, code) for period in periods],
            # Where a definition changed against the quarter before: nothing is compared across it (rule 4).
            "breuken": [
                place > 0 and has_break(periods[place - 1], period, code) for place, period in enumerate(periods)
            ],
        }
        for groep, code, depth, naam in lines
    ]


def _per_gemeente(periods: Sequence[Period]) -> list[dict[str, Any]]:
    names = {g.pk: g.naam for period in periods for g in period.quarter.gemeenten}
    ordered = sorted(names.items(), key=lambda item: item[1])
    return [{"naam": naam, "cellen": [_cell(period, pk, SAMEN) for period in periods]} for pk, naam in ordered]


def _definitions(periods: Sequence[Period]) -> list[dict[str, Any]]:
    """Return every definition that held on one of the peildata, with the first of those days."""
    found: list[dict[str, Any]] = []
    last: dict[str, Category] = {}
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
    return sorted(found, key=lambda definition: list(last).index(definition["code"]))


def _cell(period: Period, gemeente: int, code: str) -> dict[str, Any]:
    """Return one number as the reader sees it; `status` tells the three states of a count and two more apart."""
    is_counted = period.cube.parts_of(code) != [code] or code in period.quarter.by_code or code == ZONDER_REDEN
    takes_part = gemeente == ALL_GEMEENTEN or any(g.pk == gemeente for g in period.quarter.gemeenten)
    if not (is_counted and takes_part):
        return {"status": NOT_COUNTED, "tekst": NOT_COUNTED, "aantal": None, "dekking": ""}
    shown = period.show(gemeente, code)
    return {"status": _status(shown), "tekst": shown.tekst, "aantal": shown.aantal, "dekking": shown.dekking}


def _status(shown: Shown) -> str:
    if shown.is_masked:
        return MASKED
    return shown.tekst if shown.aantal is None else str(Status.OPGEGEVEN)
