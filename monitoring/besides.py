"""What the page of an agenda shows beside its doelen and comes along in its query: thema's, and who decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef

from agenda.models import Thema
from regio.aggregates import json_rows
from regio.models import Overleg

# From who works out to who decides.
STEPS = ("lokaal", "uitvoerend", "ambtelijk", "bestuurlijk")


def besides() -> dict[str, Any]:
    """Return what to annotate an agenda with for themas_told_in() and way_to_a_decision()."""
    themas = Thema.objects.filter(agenda=OuterRef("pk")).exclude(omschrijving="")
    overleggen = Overleg.objects.filter(regio=OuterRef("regio"))
    prepares_for = ("bereidt_voor__naam", "bereidt_voor__afkorting")
    return {
        "rijen_themas": json_rows(themas, "agenda", ("volgorde", "code", "naam", "omschrijving")),
        "rijen_overleggen": json_rows(overleggen, "regio", ("niveau", "naam", "afkorting", *prepares_for)),
    }


@dataclass(frozen=True)
class Thematekst:
    """What an agenda tells of a thema, and whether it groups doelen: a focus of Amersfoort groups none."""

    naam: str
    omschrijving: str
    has_doelen: bool


def themas_told_in(agenda: Any, grouping: Iterable[Thema]) -> list[Thematekst]:
    """Return the thema's that an agenda with besides() tells of; those of `grouping` have doelen."""
    codes = {thema.code for thema in grouping}
    return [
        Thematekst(naam, omschrijving, code in codes) for _, code, naam, omschrijving in sorted(agenda.rijen_themas)
    ]


def way_to_a_decision(agenda: Any) -> list[Overleg]:
    """Return who works out, prepares and decides in the regio of an agenda with besides(), in that order.

    Nothing where nobody prepares for another. A local body is left out, unless it prepares.
    """
    found = [
        Overleg(niveau=niveau, naam=naam, afkorting=afkorting, bereidt_voor=_body(voor_naam, voor_afkorting))
        for niveau, naam, afkorting, voor_naam, voor_afkorting in agenda.rijen_overleggen
    ]
    if not any(overleg.bereidt_voor for overleg in found):
        return []
    on_the_way = [overleg for overleg in found if overleg.bereidt_voor or overleg.niveau != Overleg.Niveau.LOKAAL]
    return sorted(on_the_way, key=lambda overleg: (STEPS.index(overleg.niveau), overleg.naam))


def _body(naam: str | None, afkorting: str | None) -> Overleg | None:
    return Overleg(naam=naam, afkorting=afkorting or "") if naam else None
