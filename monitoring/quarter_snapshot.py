"""An adopted quarter of counts: to plain data, and to the part of it that everybody may have. No database, no request.

docs/momentopname.md tells what the JSON holds, docs/kwartaal.schema.json in a form that machines check. The canonical
form and the sha256 are those of snapshot.py.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from monitoring.differences import number_in_words
from monitoring.report import Vaststelling
from monitoring.snapshot import NotASnapshot, freeze_besluit, freeze_moment
from regio.figures import without_figures
from thuiszitters.categories import VERZUIM
from thuiszitters.cube import ALL_GEMEENTEN, LANGDURIG, SAMEN, ZONDER_AANBOD
from thuiszitters.figures import names_of
from thuiszitters.models import Onderwijssector
from thuiszitters.publication import Period

SOORT, SOORT_GEMASKEERD, SCHEMA = "kwartaal", "kwartaal-gemaskeerd", 1
# Without these a small number could be told: the counts, their sums, and what makes the sha256 impossible to guess.
RAW = ("sommen", "zout")
RAW_OF_OPGAVE = "aantallen"


def freeze_kwartaal(
    *,
    rapportage: Any,
    raw: Period,
    masked: Period,
    standen: Sequence[Any],
    tellingen: Mapping[int, Iterable[dict[str, Any]]],
    vaststelling: Vaststelling,
    zout: str,
) -> dict[str, Any]:
    """Return all that was adopted as plain data; `tellingen` are by gemeente, `standen` as monitoring/quarter.py."""
    telmoment = rapportage.telmoment
    regio = telmoment.regio
    return {
        "soort": SOORT,
        "schema": SCHEMA,
        "versie": vaststelling.versie,
        "reden_heropening": rapportage.reden_heropening,
        "zout": zout,
        "regio": {"slug": regio.slug, "naam": regio.naam, "voorbeelddata": regio.voorbeelddata},
        "peildatum": telmoment.peildatum.isoformat(),
        "schooljaar": telmoment.schooljaar,
        "drempel": masked.drempel,
        "sectoren": [{"code": code, "naam": naam} for code, naam in Onderwijssector.choices],
        "definities": [_freeze_category(category) for category in raw.quarter.categories],
        "opgaven": [_freeze_opgave(stand, tellingen.get(stand.gemeente.pk, ())) for stand in standen],
        "sommen": table_of(raw),
        "gemaskeerd": table_of(masked),
        "voorgelegd": {"door": str(rapportage.voorgelegd_door), "op": freeze_moment(rapportage.voorgelegd_op)},
        "besluit": freeze_besluit(vaststelling),
    }


def _freeze_category(category: Any) -> dict[str, Any]:
    fields = ("groep", "code", "naam", "kort", "definitie", "bron", "onderdeel_van")
    return {name: getattr(category, name) for name in fields}


def _freeze_opgave(stand: Any, tellingen: Iterable[dict[str, Any]]) -> dict[str, Any]:
    given = stand.opgave if stand.is_ingediend else None
    return {
        "slug": stand.gemeente.slug,
        "naam": stand.gemeente.naam,
        "code": stand.gemeente.code or "",
        "status": "ingediend" if given else "geen opgave",
        "ingediend_door": str(given.ingediend_door) if given else None,
        "ingediend_op": freeze_moment(given.ingediend_op) if given else None,
        "reden": stand.zonder,
        RAW_OF_OPGAVE: list(tellingen),
    }


def table_of(period: Period) -> dict[str, Any]:
    """Return the sums of a quarter as its reader may see them: of the regio by categorie, and of each gemeente."""
    names = names_of(period)
    lines = [(VERZUIM, SAMEN, 0), (VERZUIM, LANGDURIG, 1), (VERZUIM, ZONDER_AANBOD, 2)]
    lines += [(category.groep, category.code, category.diepte) for category in period.quarter.categories]
    return {
        "uitleg": period.uitleg,
        "regels": [
            {"groep": groep, "code": code, "naam": names[code], "diepte": diepte}
            | _shown(period.show(ALL_GEMEENTEN, code))
            for groep, code, diepte in lines
        ],
        "gemeenten": [
            {"slug": gemeente.slug, "naam": gemeente.naam} | _shown(period.show(gemeente.pk, SAMEN))
            for gemeente in period.quarter.gemeenten
        ],
    }


def _shown(shown: Any) -> dict[str, Any]:
    return {"tekst": shown.tekst, "aantal": shown.aantal, "dekking": shown.dekking}


def masked_variant(content: Mapping[str, Any], sha256: str) -> dict[str, Any]:
    """Return what of a snapshot everybody in the regio may have; `sha256` is that of the whole.

    What people wrote is in it without its numbers: a reason may name a count.
    Whatever `content` holds, of a stranger's file too, nothing is raised and no count is let through.
    """
    kept = _without_figures({key: value for key, value in content.items() if key not in RAW}, "reden_heropening")
    opgaven, besluit = kept.get("opgaven"), kept.get("besluit")
    if isinstance(opgaven, list):
        kept["opgaven"] = [_without_counts(opgave) for opgave in opgaven if isinstance(opgave, dict)]
    if isinstance(besluit, dict):
        kept["besluit"] = _without_figures(besluit, "opmerkingen")
    return {**kept, "soort": SOORT_GEMASKEERD, "sha256_momentopname": sha256}


def _without_counts(opgave: Mapping[str, Any]) -> dict[str, Any]:
    return _without_figures({key: value for key, value in opgave.items() if key != RAW_OF_OPGAVE}, "reden")


def _without_figures(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    text = content.get(key)
    return {**content, key: without_figures(text)} if isinstance(text, str) else dict(content)


def to_compare(content: Mapping[str, Any], *, with_counts: bool = True) -> dict[str, Any]:
    """Return of two versions what a reader wants compared: the counts that they see, not the sums of those counts."""
    left_out = {"zout", "soort", "sha256_momentopname", "sommen", "gemaskeerd"}
    kept = {key: value for key, value in content.items() if key not in left_out}
    if with_counts and content.get("soort") == SOORT_GEMASKEERD:
        kept["aantallen"] = dict(_sums_in_words(content["gemaskeerd"]))
    return kept


def _sums_in_words(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each sum under the name that tells it apart: a "waarvan" is called the same under each whole."""
    whole = ""
    for cel in table["regels"]:
        whole = whole if cel["diepte"] else cel["naam"]
        yield cel["naam"] if cel["naam"] == whole else f"{whole}: {cel['naam']}", number_in_words(cel)
    for cel in table["gemeenten"]:
        yield f"{cel['naam']}, thuiszitters samen", number_in_words(cel)


def read_kwartaal(text: str) -> dict[str, Any]:
    """Return the content of the snapshot of a quarter, whole or masked. Raises NotASnapshot for what is none."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotASnapshot("no JSON") from error
    if not isinstance(content, dict) or content.get("soort") not in {SOORT, SOORT_GEMASKEERD}:
        raise NotASnapshot("no snapshot of a quarter")
    if content.get("schema") != SCHEMA or "besluit" not in content:
        raise NotASnapshot("no snapshot of a known schema")
    return content
