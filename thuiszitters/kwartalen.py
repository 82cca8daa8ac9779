"""What report_data() holds, as a reader meets it: findings, charts and tables. Plain data in, of now or stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from regio.days import format_day
from regio.trends import Column, trend_chart
from thuiszitters.categories import REDEN, VERZUIM, VRIJSTELLING
from thuiszitters.cube import LANGDURIG, SAMEN, ZONDER_AANBOD
from thuiszitters.figures import BREAK, short_day
from thuiszitters.report import MASKED, NOT_COUNTED

GROUPS = {VERZUIM: "Verzuim", REDEN: "Redenen", VRIJSTELLING: "Vrijstellingen"}
COLUMNS = ("onderdeel", "groep", "categorie", "aantal", "getoond", "dekking")


@dataclass(frozen=True)
class Cel:
    """One number of one quarter. `is_breuk`: it is defined otherwise than the one before it."""

    status: str
    tekst: str
    aantal: int | None
    dekking: str
    is_breuk: bool = False

    def __str__(self) -> str:
        return f"{self.tekst} ({self.dekking})" if self.dekking else self.tekst


@dataclass(frozen=True)
class Regel:
    groep: str
    code: str
    naam: str
    diepte: int
    cellen: tuple[Cel, ...]


@dataclass(frozen=True)
class Kwartaal:
    """One day of counting: whose opgave is in, and whether the quarter was adopted when this was written down."""

    peildatum: date
    vastgesteld: bool
    gemeenten: int
    ingediend: int
    ontbreekt: tuple[str, ...]


@dataclass(frozen=True)
class Definitie:
    naam: str
    definitie: str
    bron: str
    vanaf: date
    is_gewijzigd: bool


@dataclass(frozen=True)
class Grafiek:
    """A chart, the sentence that says its finding, and what its parts are, from the ground up."""

    finding: str
    svg: SafeString
    legenda: list[str]


class Kwartalen:
    """The quarters of one school year; `data` as report_data() made it, today or when a report was adopted."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.schooljaar: str = data["schooljaar"]
        self.uitleg: str = data["uitleg"]
        self.kwartalen = [_read_kwartaal(row) for row in data["kwartalen"]]
        self.regels = [_read_regel(row) for row in data["regels"]]
        self.per_gemeente = [(row["naam"], [Cel(**cell) for cell in row["cellen"]]) for row in data["per_gemeente"]]
        self.definities = _read_definities(data["definities"])

    @property
    def is_afgeschermd(self) -> bool:
        """Whether small numbers are masked: if not, this is for a few eyes only."""
        return bool(self.uitleg)

    @cached_property
    def groepen(self) -> list[tuple[str, list[Regel]]]:
        """The lines of the table, group by group."""
        found = [(name, [r for r in self.regels if r.groep == groep]) for groep, name in GROUPS.items()]
        return [(name, regels) for name, regels in found if regels]

    @cached_property
    def has_breuk(self) -> bool:
        return any(cel.is_breuk for regel in self.regels for cel in regel.cellen)

    @cached_property
    def has_gat(self) -> bool:
        """Whether a number is not of all gemeenten."""
        return any(cel.dekking for regel in self.regels for cel in regel.cellen)

    @property
    def kernzin(self) -> str:
        """How many sat at home, from the first to the last quarter, in one sentence."""
        first, last = self._regel(SAMEN).cellen[0], self._regel(SAMEN).cellen[-1]
        since, now = (format_day(self.kwartalen[at].peildatum) for at in (0, -1))
        if last.aantal is None or last.dekking:
            return f"Thuiszitters op {now}: {last}"
        if len(self.kwartalen) == 1 or not self._comparable:
            return f"{last.aantal} thuiszitters op {now}"
        change = last.aantal - (first.aantal or 0)
        words, than = ("Evenveel", "als") if change == 0 else ("Meer" if change > 0 else "Minder", "dan")
        return f"{words} thuiszitters op {now} {than} op {since}: {first.aantal} → {last.aantal}"

    @property
    def _comparable(self) -> bool:
        """Whether the first and the last quarter count the same, of the same gemeenten."""
        cells = self._regel(SAMEN).cellen
        same_gemeenten = all(cel.status != NOT_COUNTED for _, cellen in self.per_gemeente for cel in cellen)
        first = cells[0]
        return (
            first.aantal is not None and not first.dekking and same_gemeenten and not any(c.is_breuk for c in cells[1:])
        )

    @property
    def ambitie(self) -> str:
        """How the last quarter stands against the ambition that nobody is longer than three months without an offer."""
        last, now = self._regel(ZONDER_AANBOD).cellen[-1], format_day(self.kwartalen[-1].peildatum)
        if last.aantal == 0 and not last.dekking:
            return f"Niemand zat op {now} langer dan drie maanden thuis zonder passend aanbod: de ambitie is gehaald"
        return f"Langer dan drie maanden thuis zonder passend aanbod op {now}: {last}. De ambitie is 0"

    @cached_property
    def figuren(self) -> list[Grafiek]:
        """The charts: who sits at home, and who does so longer than three months. The same on page and in PDF."""
        whole = [r.code for r in self.regels if r.groep == VERZUIM and r.diepte == 0 and r.code != SAMEN]
        return [
            self._grafiek(self.kernzin, whole[::-1], SAMEN),
            self._grafiek(self.ambitie, [ZONDER_AANBOD], LANGDURIG, rest="Met aanbod"),
        ]

    def _grafiek(self, finding: str, parts: list[str], whole: str, rest: str = "") -> Grafiek:
        """Draw `parts` of `whole` on top of each other, with what is left above them if that has a name.

        Where a part is masked or missing the whole is drawn as an outline; without a whole nothing is.
        """
        cells = list(zip(*(self._regel(code).cellen for code in (*parts, whole)), strict=True))
        columns = tuple(
            Column.of(
                short_day(kwartaal.peildatum),
                _heights(row, rest),
                row[-1].aantal,
                _mark(row[-1]),
                is_break=row[-1].is_breuk,
            )
            for kwartaal, row in zip(self.kwartalen, cells, strict=True)
        )
        told = (f"{format_day(k.peildatum)}: {row[-1]}" for k, row in zip(self.kwartalen, cells, strict=True))
        description = f"{self._regel(whole).naam}. {'; '.join(told)}."
        svg = trend_chart(finding=finding, description=description, columns=columns, break_text=BREAK)
        return Grafiek(finding, svg, [*(self._regel(code).naam for code in parts), *([rest] if rest else [])])

    def laatste(self, code: str) -> Cel:
        """Return the number of the regio in the last quarter."""
        return self._regel(code).cellen[-1]

    def _regel(self, code: str) -> Regel:
        return next(regel for regel in self.regels if regel.code == code)

    def data_rows(self, regio: str) -> Iterator[tuple[str, str, str, tuple[Any, ...]]]:
        """Yield peildatum, whose number it is, its status, and what stands in COLUMNS."""
        for place, kwartaal in enumerate(self.kwartalen):
            peildatum = kwartaal.peildatum.isoformat()
            for regel in self.regels:
                cel = regel.cellen[place]
                yield peildatum, regio, cel.status, self._row(regel.groep, regel.naam, cel)
            for naam, cellen in self.per_gemeente:
                yield peildatum, naam, cellen[place].status, self._row(VERZUIM, self._regel(SAMEN).naam, cellen[place])

    @staticmethod
    def _row(groep: str, naam: str, cel: Cel) -> tuple[Any, ...]:
        return ("thuiszitters", groep, naam, cel.aantal, cel.tekst, cel.dekking)


def _heights(row: tuple[Cel, ...], rest: str) -> tuple[int, ...] | None:
    *parts, whole = (cel.aantal for cel in row)
    if whole is None or None in parts:
        return None
    heights = [part or 0 for part in parts]
    return (*heights, whole - sum(heights)) if rest else tuple(heights)


def _mark(cel: Cel) -> str:
    """The few signs that fit above a column."""
    if cel.aantal is not None:
        return f"{cel.aantal}*" if cel.dekking else str(cel.aantal)
    return "×" if cel.status == MASKED else "–"


def _read_kwartaal(row: dict[str, Any]) -> Kwartaal:
    return Kwartaal(
        peildatum=date.fromisoformat(row["peildatum"]),
        vastgesteld=row["vastgesteld"],
        gemeenten=row["gemeenten"],
        ingediend=row["ingediend"],
        ontbreekt=tuple(row["ontbreekt"]),
    )


def _read_regel(row: dict[str, Any]) -> Regel:
    cells = zip(row["cellen"], row["breuken"], strict=True)
    return Regel(
        groep=row["groep"],
        code=row["code"],
        naam=row["naam"],
        diepte=row["diepte"],
        cellen=tuple(Cel(**cell, is_breuk=is_break) for cell, is_break in cells),
    )


def _read_definities(rows: list[dict[str, Any]]) -> list[Definitie]:
    """Return the definitions, and which of them replaced another within the school year."""
    seen: set[str] = set()
    found = []
    for row in rows:
        texts = {name: row[name] for name in ("naam", "definitie", "bron")}
        found.append(Definitie(**texts, vanaf=date.fromisoformat(row["vanaf"]), is_gewijzigd=row["code"] in seen))
        seen.add(row["code"])
    return found
