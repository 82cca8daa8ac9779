"""What of an adopted report everybody may read: all of it but the persons. No database, no request.

In a snapshot a key that holds a person's name is `door` or ends in `_door` (docs/momentopname.md), whatever part of the
report it stands in. A text can hold a name too; then the report is not made public before it was written anew.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from regio.privacy import find_personal_data
from thuiszitters.counting import Status
from thuiszitters.report import MASKED

# What holds a day or a moment in a snapshot; after three years regio/privacy.py would take it for a birthday.
MOMENTS = {"beantwoord_op", "gereed_voor", "gesteld_op", "ingevoerd_op", "op", "peildatum", "vanaf", "vergaderdatum"}

WITHOUT_COUNT = {Status.ONBEKEND, Status.GEEN_OPGAVE}


@dataclass(frozen=True)
class Vondst:
    """Something in a text of the report that tells of a person: of which doel (or empty), and what it says."""

    doel: str
    tekst: str

    def __str__(self) -> str:
        return f"‘{self.tekst}’ bij doel {self.doel}" if self.doel else f"‘{self.tekst}’"


def without_persons(content: Any) -> Any:
    """Return `content`, that of a snapshot, with every person's name made empty."""
    if isinstance(content, dict):
        return {key: _kept(key, value) for key, value in content.items()}
    if isinstance(content, list):
        return [without_persons(value) for value in content]
    return content


def _kept(key: str, value: Any) -> Any:
    if _is_person(key):
        return "" if isinstance(value, str) else None
    return without_persons(value)


def _is_person(key: str) -> bool:
    return key == "door" or key.endswith("_door")


def find_persons(content: dict[str, Any], names: Iterable[str]) -> list[Vondst]:
    """Return where the texts of a snapshot still tell of a person: a full name out of `names`, or an e-mail address.

    So does what else regio/privacy.py knows. A name of one word is not looked for: half of them are ordinary words.
    """
    full_names = [re.escape(name) for name in names if len(name.split()) > 1]
    anybody = re.compile(rf"(?<!\w)(?:{'|'.join(full_names)})(?!\w)", re.IGNORECASE) if full_names else None
    found: dict[Vondst, None] = {}
    for doel, text in _texts(without_persons(content)):
        named = [match[0] for match in anybody.finditer(text)] if anybody else []
        for said in (*named, *(finding.tekst for finding in find_personal_data(text))):
            found[Vondst(doel, said)] = None
    return list(found)


def find_small_counts(content: dict[str, Any]) -> list[str]:
    """Return the quarters in which a count below the threshold stands unmasked: such a report is for few eyes."""
    drempel = (content.get("tellingen") or {}).get("drempel", 0)
    small = {quarter for (quarter, _), cel in _counts(content).items() if 0 < (cel["aantal"] or 0) < drempel}
    return sorted(small)


def find_other_masks(content: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the quarters in which one of two versions tells a count that the other masks.

    Whoever lays them side by side could work out a masked count from what the other tells.
    """
    mine, theirs = _counts(content), _counts(other)
    shared = mine.keys() & theirs.keys()
    return sorted({place[0] for place in shared if _is_masked(mine[place]) != _is_masked(theirs[place])})


def tell_different_counts(table: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether of two masked tables of one quarter (quarter_snapshot.py) one tells a count that the other masks."""
    mine, theirs = _masks_of(table), _masks_of(other)
    return any(mine[place] != theirs[place] for place in mine.keys() & theirs.keys())


def _masks_of(table: Mapping[str, Any]) -> dict[tuple[str, str], bool]:
    """Return whether each count is masked; what nobody knew is neither masked nor told."""
    cells = [(("regio", cel["code"]), cel) for cel in table["regels"]]
    cells += [(("gemeente", cel["slug"]), cel) for cel in table["gemeenten"]]
    return {place: cel["aantal"] is None for place, cel in cells if cel["tekst"] not in WITHOUT_COUNT}


def _is_masked(cel: dict[str, Any]) -> bool:
    return cel["status"] == MASKED


def _counts(content: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return each count of a snapshot by its quarter and whose it is."""
    tellingen = content.get("tellingen")
    if not tellingen:
        return {}
    quarters = [row["peildatum"] for row in tellingen["kwartalen"]]
    lines = [(f"{row['groep']} {row['code']}", row["cellen"]) for row in tellingen["regels"]]
    lines += [(row["naam"], row["cellen"]) for row in tellingen["per_gemeente"]]
    return {(quarter, name): cel for name, cellen in lines for quarter, cel in zip(quarters, cellen, strict=True)}


def _texts(content: Any, doel: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text, a day or a moment left out, with the code of the doel that it stands at."""
    if isinstance(content, str):
        yield doel, content
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value, doel)
    elif isinstance(content, dict):
        named = content.get("code") or content.get("doel")
        for key, value in content.items():
            if key not in MOMENTS:
                yield from _texts(value, named if isinstance(named, str) else doel)
