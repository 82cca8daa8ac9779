"""What differs between two snapshots of a report, for people to read. Plain data in; see monitoring/snapshot.py."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from regio.days import format_day
from regio.history import Difference

MOST = 200
# Longer texts are compared up to here: a file of somebody else's must not keep the server busy.
LONGEST = 20_000

# By what the parts of a list are told apart, whatever their order.
IDENTITY = {
    "meetmomenten": ("slug",),
    "gemeenten": ("slug",),
    "themas": ("naam",),
    "doelen": ("code",),
    "scores": ("meetmoment", "gemeente"),
    "te_laat": ("doel", "omschrijving"),
    "signalen": ("doel", "label"),
    "vragen": ("over", "vraag"),
    "indicatoren": ("doel", "naam"),
    "metingen": ("peildatum",),
    "per_doel": ("doel",),
    "kwartalen": ("peildatum",),
    "regels": ("naam",),
    "per_gemeente": ("naam",),
    "definities": ("naam", "vanaf"),
    "opgaven": ("naam",),
    "sectoren": ("code",),
    "aantallen": ("categorie", "sector"),
}
NAMES = {
    "agenda": "Agenda",
    "definities": "Definitie",
    "opgaven": "Opgave",
    "sectoren": "Sector",
    "drempel": "Drempel",
    "besluit": "Besluit",
    "gemeenten": "Gemeente",
    "indicatoren": "Indicator",
    "niet_sneller": "niet sneller stijgen",
    "meetmomenten": "Meetmoment",
    "per_doel": "opmerking bij",
    "reden_heropening": "Reden van heropening",
    "regio": "Regio",
    "schaal": "Schaal",
    "te_laat": "Actie te laat",
    "tellingen": "Thuiszitters",
    "per_gemeente": "per gemeente",
    "signalen": "Signaal uit de cijfers",
    "themas": "Thema",
    "versie": "Versie",
    "voorgelegd": "Voorgelegd",
    "vragen": "Vraag",
    "waarde": "score",
    "ingevoerd_door": "ingevoerd door",
    "ingevoerd_op": "ingevoerd op",
    "ingediend_door": "ingediend door",
    "ingediend_op": "ingediend op",
    "vastgesteld_door": "vastgesteld door",
    "geregistreerd_door": "geregistreerd door",
    "op": "vastgelegd op",
    "soort_naam": "soort",
    "accentkleur": "kleur",
}
# What differs between any two versions, and stands above their differences anyway.
OF_EACH_VERSION = {"besluit", "reden_heropening", "versie", "voorgelegd"}
# Where the name of the list says nothing beside the name of its part.
SILENT = {
    "doelen",
    "scores",
    "themas",
    "meetmomenten",
    "kwartalen",
    "metingen",
    "regels",
    "aantallen",
    "sommen",
    "gemaskeerd",
}


@dataclass(frozen=True)
class Verschil:
    """One place in which two snapshots differ: where, as people say it, and from what to what."""

    plek: str
    tekst: Difference


def find_differences(old: dict[str, Any], new: dict[str, Any]) -> list[Verschil]:
    """Return where `new` differs from `old`, at most MOST places. Whatever `new` holds, nothing is raised."""
    found = []
    for path, before, after in _compare((), _with_words(old), _with_words(new)):
        found.append(Verschil(" · ".join(path), Difference(_as_text(before), _as_text(after))))
        if len(found) == MOST:
            break
    return found


def find_changes(old: dict[str, Any], new: dict[str, Any]) -> list[Verschil]:
    """Return what the next version changed in the report itself, without what every version has of its own."""
    return find_differences(_report_of(old), _report_of(new))


def _report_of(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in OF_EACH_VERSION}


def _with_words(content: dict[str, Any]) -> dict[str, Any]:
    """Return `content` with words where a score names its value, its meetmoment and its gemeente by a key."""
    words = {
        "waarde": _words(content.get("waarden"), "sleutel", "waarde", "omschrijving"),
        "meetmoment": _words(content.get("meetmomenten"), "slug", "naam"),
        "gemeente": _words(content.get("gemeenten"), "slug", "naam"),
        "categorie": _words(content.get("definities"), "code", "naam"),
        "sector": _words(content.get("sectoren"), "code", "naam"),
    }
    said = {key: _say(value, words) for key, value in content.items() if key not in {"schema", "waarden"}}
    return said | {"tellingen": _by_day(said["tellingen"])} if "tellingen" in said else said


def _by_day(tellingen: Any) -> Any:
    """Return the quarters with each number under its day, as a reader sees it; what is no such thing as it is."""
    try:
        days = [_as_day(row["peildatum"]) for row in tellingen["kwartalen"]]
        return tellingen | {
            part: [_numbers_on(days, row) for row in tellingen[part]] for part in ("regels", "per_gemeente")
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        return tellingen


def _numbers_on(days: list[str], row: dict[str, Any]) -> dict[str, Any]:
    return {"naam": row["naam"], **dict(zip(days, map(number_in_words, row["cellen"]), strict=True))}


def number_in_words(cel: Mapping[str, Any]) -> str:
    """Return a count of a snapshot as a reader sees it, with how much of what was asked is in it."""
    return f"{cel['tekst']} ({cel['dekking']})" if cel["dekking"] else str(cel["tekst"])


def _words(rows: Any, key: str, *fields: str) -> dict[str, str]:
    named = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {
        row[key]: " · ".join(str(row.get(name)) for name in fields) for row in named if isinstance(row.get(key), str)
    }


def _say(part: Any, words: dict[str, dict[str, str]]) -> Any:
    if isinstance(part, dict):
        return {
            key: words[key].get(value, value) if key in words and isinstance(value, str) else _say(value, words)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [words["waarde"].get(value, value) if isinstance(value, str) else _say(value, words) for value in part]
    return part


def _compare(path: tuple[str, ...], old: Any, new: Any, name: str = "") -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if isinstance(old, list) and isinstance(new, list) and name in IDENTITY:
        yield from _compare(path, _by_identity(name, old), _by_identity(name, new))
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            label = () if key in SILENT else (NAMES.get(key, key),)
            yield from _compare((*path, *label), old.get(key), new.get(key), key)
    elif old != new:
        yield path, old, new


def _by_identity(name: str, parts: list[Any]) -> dict[str, Any]:
    named = {}
    for part in parts:
        if isinstance(part, dict):
            key = " ".join(_as_day(str(part[field])) for field in IDENTITY[name] if part.get(field))
            named[key] = {field: value for field, value in part.items() if field not in IDENTITY[name]}
        else:
            named[str(part)] = part
    return named


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, dict):
        return "; ".join(f"{NAMES.get(key, key)}: {_as_text(part)}" for key, part in value.items() if part)[:LONGEST]
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))[:LONGEST]
    return _as_day(str(value)[:LONGEST])


def _as_day(text: str) -> str:
    """Return a date or moment as people write it, and any other text as it is."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        with contextlib.suppress(ValueError):
            return format_day(date.fromisoformat(text))
    if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d", text):
        with contextlib.suppress(ValueError, OverflowError):
            return date_format(localtime(datetime.fromisoformat(text)), "j F Y, H:i")
    return text
