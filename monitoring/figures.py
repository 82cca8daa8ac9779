"""What scores and metingen say at a glance: a chart with the sentence that says its finding. Plain data in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from monitoring.grid import Cell, Changes, Grid, Row
from monitoring.indicators import Maat, Meting
from regio.charts import Bar, bar_chart, column_chart
from regio.days import format_day
from regio.trends import Column, trend_chart
from thuiszitters.figures import short_day

UNSCORED = "nog niet gescoord"
NAMES_THAT_FIT = 36  # letters, side by side under a chart


@dataclass(frozen=True)
class Figure:
    """A chart and what it shows, in one sentence that stands above it and is its accessible name."""

    finding: str
    svg: SafeString


def spread_figure(grid: Grid, meetmoment: Any, vorig: Any | None) -> Figure:
    """Show how often each value was given at `meetmoment`, and beneath it at `vorig`; never an average (rule 5)."""
    moments = [meetmoment, vorig] if vorig else [meetmoment]
    bars = tuple(_spread_bar(waarde, counts) for waarde, counts in grid.spread_table(moments))
    spread = grid.spread(meetmoment)
    finding = spread_finding(grid, meetmoment)
    description = f"{spread.scored} van {spread.total} doelen gescoord op {meetmoment}. "
    description += "; ".join(f"{bar.label}: {_doelen(bar.value or 0)}" for bar in bars) + "."
    return Figure(finding, bar_chart(finding=finding, description=description, bars=bars))


def spread_finding(grid: Grid, meetmoment: Any) -> str:
    spread = grid.spread(meetmoment)
    if not spread.scored:
        return f"Nog geen doel gescoord voor {meetmoment}"
    if spread.scored == 1:
        return f"Het ene gescoorde doel vraagt {'een' if spread.asking else 'geen'} besluit"
    if not spread.asking:
        return f"Geen van de {spread.scored} gescoorde doelen vraagt een besluit"
    asks = "vraagt" if spread.asking == 1 else "vragen"
    return f"{spread.asking} van {spread.scored} gescoorde doelen {asks} een besluit"


def changes_finding(changes: Changes, vorig: Any) -> str:
    """Say how many doelen are lower and higher than at `vorig`; a missing score is neither (rule 1)."""
    if not (changes.lower or changes.higher or changes.same):
        return f"Nog geen doel te vergelijken met {vorig}"
    if not (changes.lower or changes.higher):
        return f"Geen doel lager of hoger dan {vorig}"
    parts = []
    if changes.lower:
        parts.append(f"{_doelen(len(changes.lower))} lager")
    if changes.higher:
        parts.append(f"{len(changes.higher) if parts else _doelen(len(changes.higher))} hoger")
    return f"{' en '.join(parts)} dan {vorig}"


def doel_figure(row: Row, *, top: int, today: date) -> Figure | None:
    """Show the scores of one doel through the years, from 0 to the `top` of the scale; None where nobody scored it."""
    if not any(cell.waarde for cell in row.cells):
        return None
    # The names of many meetmomenten do not fit side by side; the description says them in full.
    are_short = sum(len(str(cell.meetmoment)) for cell in row.cells) <= NAMES_THAT_FIT
    labels = [str(cell.meetmoment) if are_short else f"{cell.meetmoment.peildatum:%Y}" for cell in row.cells]
    bars = tuple(_column(cell, label, today) for cell, label in zip(row.cells, labels, strict=True))
    finding = doel_finding(row)
    description = "; ".join(f"{cell.meetmoment}: {cell.waarde or _why_none(cell, today)}" for cell in row.cells) + "."
    return Figure(finding, column_chart(finding=finding, description=description, bars=bars, top=top))


def doel_finding(row: Row) -> str:
    """Say how the last score of a doel that has one compares with the one before."""
    last: Any = [cell for cell in row.cells if cell.waarde][-1]
    now = f"{last.waarde.waarde}: {last.waarde.kort} ({last.meetmoment})"
    if last.verschil is None:
        return f"{row.doel.code} kreeg een {now}"
    if last.verschil == 0:
        return f"{row.doel.code} bleef op {now}"
    return f"{row.doel.code} ging van {last.vorige_waarde.waarde} naar {now}"


def _spread_bar(waarde: Any | None, counts: list[int]) -> Bar:
    label = f"{waarde.waarde} · {waarde.kort}" if waarde else UNSCORED
    before = counts[1] if len(counts) > 1 else None
    return Bar(label, counts[0], waarde.toon if waarde else "leeg", str(counts[0]), before)


def _column(cell: Cell, label: str, today: date) -> Bar:
    if cell.waarde is None:
        return Bar(label, None, "leeg", "" if cell.meetmoment.peildatum > today else "–")
    return Bar(label, cell.waarde.waarde, cell.waarde.toon, f"{cell.waarde.waarde} {cell.waarde.teken}")


def _why_none(cell: Cell, today: date) -> str:
    return "nog niet aan de beurt" if cell.meetmoment.peildatum > today else UNSCORED


def _doelen(count: int) -> str:
    return f"{count} {'doel' if count == 1 else 'doelen'}"


def maat_figure(maat: Maat) -> Figure | None:
    """Show what was measured through the years, each year beside what it is held against; None without a number."""
    if not maat.bekend:
        return None
    columns = tuple(_measured(maat, meting) for meting in maat.metingen)
    finding = f"{maat.naam}: {maat.oordeel.tekst.rstrip('.')}"
    said = (f"{format_day(meting.peildatum)}: {_told_with(maat, meting)}" for meting in maat.metingen)
    return Figure(finding, trend_chart(finding=finding, description="; ".join(said) + ".", columns=columns))


def _measured(maat: Maat, meting: Meting) -> Column:
    beside = maat.beside(meting)
    mark = None if beside is None else float(beside)
    if meting.waarde is None:
        return Column(short_day(meting.peildatum), None, "–", norm=mark)
    return Column(short_day(meting.peildatum), (float(meting.waarde),), maat.getal(meting.waarde), norm=mark)


def _told_with(maat: Maat, meting: Meting) -> str:
    beside = maat.beside(meting)
    value = "onbekend" if meting.waarde is None else maat.getal(meting.waarde)
    return (
        value
        if beside is None
        else f"{value} ({'norm' if maat.grens is not None else 'landelijk'}: {maat.getal(beside)})"
    )
