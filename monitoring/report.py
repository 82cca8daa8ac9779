"""What the report of one meetmoment says, as page, as PDF and as data. Plain data in, plain data out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from monitoring import indicators
from monitoring.figures import Figure, changes_finding, spread_figure
from monitoring.grid import Cell, Changes, Grid, Row, Spread
from monitoring.indicators import Maat
from regio.days import format_day
from thuiszitters import kwartalen
from thuiszitters.kwartalen import Kwartalen

COLUMNS = (
    "regio",
    "agenda",
    "meetmoment",
    "peildatum",
    "thema",
    "doel",
    "plan",
    "do",
    "check",
    "act",
    "organisatie",
    "status",
    "score",
    "omschrijving",
    "toelichting",
    "ingevoerd_door",
    "ingevoerd_op",
    "voorbeelddata",
)
# Says of each row what it is, where there is more than scores.
PART = "onderdeel"


@dataclass(frozen=True)
class Vaststelling:
    """By which overleg a report was adopted, and when: from then on it is no concept (domein.md, rule 7).

    Either `vastgesteld_door` names who adopted it here, or `geregistreerd_door` who registered that decision.
    `per_doel` pairs the code of a doel with what the overleg said of it. `sha256` is that of the snapshot.
    """

    overleg: str
    datum: date
    kenmerk: str
    versie: int
    opmerkingen: str = ""
    per_doel: tuple[tuple[str, str], ...] = ()
    vastgesteld_door: str = ""
    geregistreerd_door: str = ""
    op: datetime | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Entry:
    """One doel in the annex: the regio's own score, and beneath it each gemeente, also the ones that said nothing."""

    cell: Cell
    lokaal: tuple[tuple[Any, Any | None], ...]

    @property
    def doel(self) -> Any:
        return self.cell.doel


@dataclass(frozen=True)
class Vraagantwoord:
    """A question with its answer as the secretaris took them into the report, without the names of who wrote them."""

    over: str
    vraag: str
    gesteld_op: date
    antwoord: str
    beantwoord_op: date


@dataclass(frozen=True)
class Signaal:
    """A check that fires on the counts, with the code and the act of the doel that answers it; "" where none does."""

    doel: str
    label: str
    tekst: str
    act: str


@dataclass(frozen=True)
class Report:
    """The report of `meetmoment`: of that moment and before, never of what was scored later.

    `gemeenten` are those of the regio: each of them answers for a doel that is scored locally. `te_laat` are the acties
    that were overdue on its peildatum, `maten` the indicators of its doelen with what was measured until then, and
    `signalen` what those and the counts that it holds ask for. `inhoud` is the snapshot that an adopted report was made
    from. An `openbaar` report is for everybody: it names no person.
    """

    regio: Any
    agenda: Any
    meetmoment: Any
    rapportage: Any
    grid: Grid
    gemeenten: tuple[Any, ...]
    te_laat: tuple[Any, ...] = ()
    signalen: tuple[Signaal, ...] = ()
    maten: tuple[Maat, ...] = ()
    tellingen: dict[str, Any] | None = None
    vragen: tuple[Vraagantwoord, ...] = ()
    vaststelling: Vaststelling | None = None
    inhoud: str = ""
    openbaar: bool = False

    @property
    def titel(self) -> str:
        return f"Voortgangsrapportage {self.meetmoment.naam}"

    @property
    def bestandsnaam(self) -> str:
        name = f"rapport-{self.regio.slug}-{self.agenda.slug}-{self.meetmoment.slug}"
        name = f"openbaar-{name}" if self.openbaar else name
        if self.vaststelling:
            return f"{name}-versie-{self.vaststelling.versie}"
        return f"{name}-niet-verspreiden" if self.is_voor_weinigen else name

    @property
    def let_op(self) -> str:
        """What stands on every page of the PDF."""
        warnings = [
            "Fictieve voorbeelddata" if self.regio.voorbeelddata else "",
            "Bevat kleine aantallen – niet verspreiden" if self.is_voor_weinigen else "",
        ]
        return " · ".join(filter(None, warnings))

    @property
    def heeft_normen(self) -> bool:
        """Whether any of its indicators is held against a norm."""
        return any(maat.norm_tekst for maat in self.maten)

    @property
    def vorig(self) -> Any | None:
        return self.grid.previous(self.meetmoment)

    @cached_property
    def gevraagd(self) -> list[Cell]:
        return self.grid.asking_decision(self.meetmoment)

    @cached_property
    def beslispunten(self) -> list[tuple[Cell, list[Signaal]]]:
        """What the scores ask a decision of, each with the signals that its own doel answers."""
        return [(cell, [s for s in self.signalen if s.doel == cell.doel.code]) for cell in self.gevraagd]

    @cached_property
    def andere_signalen(self) -> list[Signaal]:
        """The signals of doelen whose score asks for nothing, and of no doel."""
        asked = {cell.doel.code for cell in self.gevraagd}
        return [signaal for signaal in self.signalen if signaal.doel not in asked]

    @cached_property
    def veranderd(self) -> Changes:
        return self.grid.changes(self.meetmoment)

    @cached_property
    def spreiding(self) -> Spread:
        return self.grid.spread(self.meetmoment)

    @cached_property
    def momenten(self) -> tuple[Any, ...]:
        """The meetmomenten that this report covers, the oldest first."""
        return tuple(moment for moment in self.grid.meetmomenten if moment.peildatum <= self.meetmoment.peildatum)

    @cached_property
    def verloop(self) -> list[tuple[Any | None, list[int]]]:
        """For each value of the scale, and for none, how many doelen had it at each of `momenten`."""
        return self.grid.spread_table(self.momenten)

    @property
    def kolommen(self) -> int:
        """How many columns the table has: the plan, what the agenda names of do, check and act, the meetmomenten."""
        return 1 + len(self.grid.pdca) + len(self.grid.meetmomenten)

    @cached_property
    def figuur(self) -> Figure:
        """How the scores are spread, as a chart with its finding; the same as on the regio's own page."""
        return spread_figure(self.grid, self.meetmoment, self.vorig)

    @property
    def verandering(self) -> str:
        return changes_finding(self.veranderd, self.vorig)

    @property
    def status(self) -> str:
        """Where this report stands, as its footer says it."""
        if self.vaststelling:
            given = self.vaststelling
            datum = format_day(given.datum)
            return f"Vastgesteld in {given.overleg} op {datum}, kenmerk {given.kenmerk}, versie {given.versie}"
        if self.rapportage.status == "voorgelegd":
            return f"Concept, voorgelegd op {format_day(self.rapportage.voorgelegd_op)}"
        concept = "Concept na teruggave" if self.rapportage.status == "teruggegeven" else "Concept"
        return (
            f"{concept}, laatste score van {format_day(self.stand)}" if self.stand else f"{concept}, nog zonder scores"
        )

    @cached_property
    def bijlage(self) -> list[tuple[Any, list[Entry]]]:
        """The explanations of this meetmoment, thema by thema."""
        return [(section.thema, [self._entry(row) for row in section.rows]) for section in self.grid.sections]

    @property
    def stand(self) -> datetime | None:
        """When the youngest score in this report was saved; None when nobody scored yet."""
        return max((score.gewijzigd_op for score in self._scores()), default=None)

    @cached_property
    def kwartalen(self) -> Kwartalen | None:
        return Kwartalen(self.tellingen) if self.tellingen else None

    @property
    def is_voor_weinigen(self) -> bool:
        """Whether it shows small numbers, so that it is not for everybody in the regio."""
        return self.kwartalen is not None and not self.kwartalen.is_afgeschermd

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of table_rows(); what there is only scores of has those of the scores alone."""
        counts = kwartalen.COLUMNS if self.kwartalen else (PART,) if self.maten else ()
        return (*COLUMNS, *counts, *(indicators.COLUMNS if self.maten else ()))

    def table_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the scores, then the numbers of every quarter and what was measured, in one table of `columns`."""
        columns = self.columns
        for row in self._parts():
            yield tuple(row.get(column) for column in columns)

    def _parts(self) -> Iterator[dict[str, Any]]:
        for row in self.data_rows():
            yield {PART: "scores", **dict(zip(COLUMNS, row, strict=True))}
        for peildatum, organisatie, status, count in (
            self.kwartalen.data_rows(self.regio.naam) if self.kwartalen else ()
        ):
            given = dict(zip(kwartalen.COLUMNS, count, strict=True))
            yield {"peildatum": peildatum, "organisatie": organisatie, "status": status, **given} | self._of_every_row
        for measured in indicators.data_rows(self.maten):
            yield {PART: "indicatoren", "organisatie": self.regio.naam, **measured} | self._of_every_row

    @property
    def _of_every_row(self) -> dict[str, str]:
        return {
            "regio": self.regio.naam,
            "agenda": self.agenda.naam,
            "meetmoment": self.meetmoment.naam,
            "voorbeelddata": "ja" if self.regio.voorbeelddata else "nee",
        }

    def data_rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield one row for each doel, meetmoment and organisation that scores it, in the order of COLUMNS."""
        for row in self.grid.rows:
            for moment in self.momenten:
                cell = row.at(moment)
                yield self._data_row(cell, self.regio.naam, cell.score)
                for gemeente, score in self._local(cell):
                    yield self._data_row(cell, gemeente.naam, score)

    def _data_row(self, cell: Cell, organisatie: str, score: Any | None) -> tuple[Any, ...]:
        waarde = score.waarde if score else None
        return (
            self.regio.naam,
            self.agenda.naam,
            cell.meetmoment.naam,
            cell.meetmoment.peildatum.isoformat(),
            cell.doel.thema.naam,
            cell.doel.code,
            cell.doel.plan,
            cell.doel.uitvoering,
            cell.doel.controle,
            cell.doel.bijsturing,
            organisatie,
            "gescoord" if waarde else "nog niet gescoord",
            waarde.waarde if waarde else None,
            waarde.omschrijving if waarde else "",
            score.toelichting if score else "",
            str(score.gewijzigd_door) if score else "",
            score.gewijzigd_op.isoformat(timespec="minutes") if score else "",
            "ja" if self.regio.voorbeelddata else "nee",
        )

    def _entry(self, row: Row) -> Entry:
        cell = row.at(self.meetmoment)
        return Entry(cell, self._local(cell))

    def _local(self, cell: Cell) -> tuple[tuple[Any, Any | None], ...]:
        if not cell.doel.lokaal:
            return ()
        given = {score.organisatie_id: score for score in cell.lokaal}
        return tuple((gemeente, given.get(gemeente.pk)) for gemeente in self.gemeenten)

    def _scores(self) -> Iterator[Any]:
        for row in self.grid.rows:
            for moment in self.momenten:
                cell = row.at(moment)
                yield from (score for score in (cell.score, *cell.lokaal) if score)
