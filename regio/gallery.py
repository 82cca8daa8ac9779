"""Every component in every state, with invented content: what the gallery page for developers shows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from regio.charts import Bar, bar_chart, column_chart

LONG = "Meervoudigepersoonlijkheidsstoornissenbehandelcentrum"


@dataclass(frozen=True)
class Waarde:
    waarde: int
    kort: str
    toon: str
    teken: str


@dataclass(frozen=True)
class Score:
    gewijzigd_door: str
    gewijzigd_op: datetime


@dataclass(frozen=True)
class Rapportage:
    status: str
    voorgelegd_op: datetime


@dataclass(frozen=True)
class Figuur:
    finding: str
    svg: str


WAARDEN = [
    Waarde(1, "verdient prioriteit", "prioriteit", "▼▼"),
    Waarde(2, "vraagt aandacht", "aandacht", "▼"),
    Waarde(3, "neutraal", "neutraal", "="),
    Waarde(4, "vooruitgang", "vooruitgang", "▲"),
    Waarde(5, "trots", "trots", "★"),
]


def gallery() -> dict[str, Any]:
    """Return the samples, by the name under which the page asks for them."""
    moment = datetime(2026, 8, 31, 14, 2, tzinfo=UTC)
    return {
        "waarden": WAARDEN,
        "lang": Waarde(2, "gaat langzamer dan gehoopt maar", "aandacht", "▼"),
        "lang_woord": LONG,
        "stappen": list(zip([None, *WAARDEN], [*WAARDEN, None], strict=True)),
        "score": Score("Secretaris Testregio", moment),
        "rapportages": [
            Rapportage(status, moment) for status in ("concept", "voorgelegd", "teruggegeven", "vastgesteld")
        ],
        "meldingen": ["success", "info", "warning", "error"],
        "liggend": _lying("3 van 7 gescoorde doelen vragen een besluit", before=None),
        "vergeleken": _lying("3 van 7 gescoorde doelen vragen een besluit, vorig jaar 4 van 10", before=2),
        "staand": _upright("A1 ging van 4 naar 5: trots (Aug 25)"),
    }


def _lying(finding: str, before: int | None) -> Figuur:
    bars = tuple(Bar(f"{w.waarde} · {w.kort}", w.waarde % 4, w.toon, str(w.waarde % 4), before) for w in WAARDEN)
    rest = Bar("nog niet gescoord", 2, "leeg", "2", before)
    return Figuur(finding, bar_chart(finding=finding, description="Verzonnen.", bars=(*bars, rest)))


def _upright(finding: str) -> Figuur:
    bars = tuple(Bar(f"Aug {20 + w.waarde}", w.waarde, w.toon, f"{w.waarde} {w.teken}") for w in WAARDEN)
    unscored = Bar("Aug 26", None, "leeg", "–")
    return Figuur(finding, column_chart(finding=finding, description="Verzonnen.", bars=(*bars, unscored), top=5))
