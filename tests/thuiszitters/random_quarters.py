"""Quarters as gemeenten might return them: small numbers, zeros, parts and wholes, and gaps. Seeded, plain data."""

import random
from datetime import UTC, date, datetime

from thuiszitters.categories import REDEN, VERZUIM, VRIJSTELLING, Category
from thuiszitters.counting import MISSING, UNKNOWN, Count, given
from thuiszitters.cube import Key
from thuiszitters.models import Telmoment
from thuiszitters.overview import Quarter, Return
from thuiszitters.tidy import Gemeente


def category(code: str, groep: str, whole: str | None = None, kenmerk: str = "") -> Category:
    return Category(
        pk=1, code=code, groep=groep, naam=code, kort=code, definitie=code, onderdeel_van=whole, kenmerk=kenmerk
    )


CATEGORIES = [
    category("een", VERZUIM),
    category("een-lang", VERZUIM, "een", "langdurig"),
    category("twee", VERZUIM),
    category("twee-lang", VERZUIM, "twee", "langdurig"),
    category("twee-lang-zonder", VERZUIM, "twee-lang", "zonder-aanbod"),
    category("aanbod", REDEN, kenmerk="aanbodgebrek"),
    category("ziek", REDEN),
    category("anders", REDEN),
    category("vrij", VRIJSTELLING),
    category("vrij-lang", VRIJSTELLING, "vrij"),
]
SMALLER = [c for c in CATEGORIES if c.groep != VRIJSTELLING]
SMALLEST = [c for c in CATEGORIES if c.code in {"een", "een-lang", "twee", "aanbod", "ziek"}]


def random_quarter(seed: int, *, gemeenten: int = 3) -> Quarter:
    """Return a closed quarter that was returned by up to so many gemeenten."""
    chance = random.Random(seed)
    pks = list(range(1, chance.choice([1, 2, 2, gemeenten]) + 1))
    categories = chance.choice([CATEGORIES, SMALLER, *4 * [SMALLEST]])
    most = chance.choice([2, 4, 8, 20])
    gaps = chance.choice([0, 0, 0, 0, 0, 0.03, 0.15])
    sectors = chance.choice([["PO"], ["PO"], ["PO", "VO"]])
    counts: dict[Key, Count] = {}
    for pk in pks:
        size = max(1, round(most * chance.choice([0.2, 0.5, 1])))
        for sector in sectors:
            counted = _place(chance, size)
            for c in categories:
                is_gap = chance.random() < gaps
                counts[pk, c.code, sector] = chance.choice([UNKNOWN, MISSING]) if is_gap else given(counted[c.code])
    moment = Telmoment(peildatum=date(2026, 7, 1), voorgelegd_op=datetime(2026, 8, 1, tzinfo=UTC))
    moment.afgesloten_op = moment.voorgelegd_op
    returned = Return("ingediend", moment.voorgelegd_op, "")
    names = [Gemeente(pk, f"GM{pk:04}", f"Gemeente {pk}", f"g{pk}") for pk in pks]
    return Quarter(moment, categories, names, dict.fromkeys(pks, returned), counts)


def _place(chance: random.Random, size: int) -> dict[str, int]:
    """Return the counts of one gemeente and sector; many are zero."""

    def upto(most: int) -> int:
        return 0 if chance.random() < 0.3 else chance.randint(0, most)

    found = {"een": upto(size), "twee": upto(size), "vrij": upto(size)}
    for part, whole in (
        ("een-lang", "een"),
        ("twee-lang", "twee"),
        ("twee-lang-zonder", "twee-lang"),
        ("vrij-lang", "vrij"),
    ):
        found[part] = upto(found[whole])
    left = found["een"] + found["twee"]
    for code in ("aanbod", "ziek", "anders"):
        found[code] = upto(left)
        left -= found[code]
    return found
