"""What differs between two snapshots of a report, for people to read. Plain data in; see monitoring/snapshot.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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
    "per_doel": ("doel",),
}
NAMES = {
    "agenda": "Agenda",
    "bestuurlijk": "bestuurlijk",
    "besluit": "Besluit",
    "gemeenten": "Gemeente",
    "meetmomenten": "Meetmoment",
    "per_doel": "opmerking bij",
    "reden_heropening": "Reden van heropening",
    "regio": "Regio",
    "schaal": "Schaal",
    "te_laat": "Actie te laat",
    "themas": "Thema",
    "voorgelegd": "Voorgelegd",
    "waarde": "score",
    "ingevoerd_door": "ingevoerd door",
    "ingevoerd_op": "ingevoerd op",
    "vastgesteld_door": "vastgesteld door",
    "geregistreerd_door": "geregistreerd door",
    "op": "vastgelegd op",
    "soort_naam": "soort",
    "accentkleur": "kleur",
}
# Where the name of the list says nothing beside the name of its part.
SILENT = {"doelen", "scores", "themas", "meetmomenten"}


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


def _with_words(content: dict[str, Any]) -> dict[str, Any]:
    """Return `content` with the words of each value where a score names its key."""
    waarden = content.get("waarden")
    words = {}
    for row in waarden if isinstance(waarden, list) else []:
        if isinstance(row, dict) and isinstance(row.get("sleutel"), str):
            words[row["sleutel"]] = f"{row.get('waarde')} · {row.get('omschrijving')}"
    return {key: _say(value, words) for key, value in content.items() if key not in {"schema", "waarden"}}


def _say(part: Any, words: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {
            key: words.get(value, value) if key == "waarde" and isinstance(value, str) else _say(value, words)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [words.get(value, value) if isinstance(value, str) else _say(value, words) for value in part]
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
            key = " ".join(str(part[field]) for field in IDENTITY[name] if part.get(field))
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
    return str(value)[:LONGEST]
