"""Which categories are counted on a day in a regio, and where a definition changes (domein.md, rule 4). Plain data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

VERZUIM, REDEN, VRIJSTELLING = "verzuim", "reden", "vrijstelling"


@dataclass(frozen=True)
class Category:
    """One categorie as it is in force on a day; `onderdeel_van` is the code of its whole."""

    pk: int
    code: str
    groep: str
    naam: str
    kort: str
    definitie: str
    bron: str = ""
    kenmerk: str = ""
    onderdeel_van: str | None = None
    diepte: int = 0

    @property
    def is_whole(self) -> bool:
        return self.onderdeel_van is None


def categories_on(known: Iterable[Any], day: date) -> list[Category]:
    """Return what is counted on `day`, in order; `known` holds every version (Categorie.objects.known_in).

    A regio's own definition stands before the general one of the same code. A part whose whole is not counted that day
    is a whole itself.
    """
    chosen: dict[str, Any] = {}
    for version in known:
        if version.holds_on(day) and (version.code not in chosen or version.regio_id is not None):
            chosen[version.code] = version
    wholes = {code: version.onderdeel_van.code if version.onderdeel_van else None for code, version in chosen.items()}
    wholes = {code: whole if whole in chosen else None for code, whole in wholes.items()}
    ordered = sorted(chosen.values(), key=lambda version: (version.volgorde, version.code))
    return [_as_category(version, wholes) for version in ordered]


def _as_category(version: Any, wholes: dict[str, str | None]) -> Category:
    depth, whole = 0, wholes[version.code]
    while whole is not None:
        depth, whole = depth + 1, wholes[whole]
    return Category(
        pk=version.pk,
        code=version.code,
        groep=version.groep,
        naam=version.naam,
        kort=version.kort,
        definitie=version.definitie,
        bron=version.bron,
        kenmerk=version.kenmerk,
        onderdeel_van=wholes[version.code],
        diepte=depth,
    )


def same_definition(one: Category | None, other: Category | None) -> bool:
    """Return whether counts of the two may be compared; without a definition on one side they may not."""
    return one is not None and other is not None and one.definitie == other.definitie
