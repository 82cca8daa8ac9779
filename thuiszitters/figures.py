"""What counts say at a glance: charts with the sentence that says their finding, and their tables. Plain data in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.safestring import SafeString

from regio.charts import Bar, bar_chart
from regio.days import format_day
from regio.trends import Column, small_line, trend_chart
from thuiszitters.categories import REDEN, VERZUIM, VRIJSTELLING, Category, same_definition
from thuiszitters.cube import ALL_GEMEENTEN, LANGDURIG, SAMEN, ZONDER_AANBOD, ZONDER_REDEN
from thuiszitters.publication import Period, Shown

BREAK = "andere definitie"


@dataclass(frozen=True)
class Figure:
    """A chart and what it shows, in one sentence that stands above it and is its accessible name."""

    finding: str
    svg: SafeString | None


@dataclass(frozen=True)
class TableRow:
    naam: str
    cellen: list[Shown]
    url: str = ""
    is_break: bool = False


@dataclass(frozen=True)
class Tile:
    """One number on top of the page: what it counts, and how it stood the quarter before.

    `verschil` is None where nothing can be compared; `vergelijking` then says why.
    """

    naam: str
    stand: Shown
    vergelijking: str
    verschil: int | None = None


@dataclass(frozen=True)
class Multiple:
    """One gemeente through the quarters, on the scale of all."""

    naam: str
    svg: SafeString
    stand: Shown


@dataclass(frozen=True)
class Trend:
    """One number through the quarters, with the table of the chart."""

    figuur: Figure
    koppen: list[str]
    rijen: list[TableRow] = field(default_factory=list)
    noot: str = ""


def short_day(peildatum: date) -> str:
    return date_format(peildatum, "M y").lower()


def names_of(period: Period) -> dict[str, str]:
    """Return what each code is called in a quarter, the sums included."""
    names = {category.code: category.naam for category in period.quarter.categories}
    return names | {
        SAMEN: "Thuiszitters samen",
        LANGDURIG: "Langer dan drie maanden",
        ZONDER_AANBOD: "Langer dan drie maanden zonder passend aanbod",
        ZONDER_REDEN: "Reden niet opgegeven",
    }


def has_break(before: Period, after: Period, code: str) -> bool:
    """Return whether anything that `code` counts is defined otherwise in `after` than in `before`."""
    parts = {*_counted_for(before, code), *_counted_for(after, code)}
    return not all(same_definition(before.quarter.by_code.get(p), after.quarter.by_code.get(p)) for p in parts)


def _counted_for(period: Period, code: str) -> list[str]:
    if code == ZONDER_REDEN:
        # What is left of the children when the reasons are taken off.
        reasons = [category.code for category in period.quarter.categories if category.groep == REDEN]
        return [*period.cube.parts_of(SAMEN), *reasons]
    return period.cube.parts_of(code)


def difference(before: Period | None, now: Period, code: str) -> int | None:
    """Return how much `code` rose in the regio, None where that cannot be said.

    Not across a change of definition, not between different gemeenten, and never from a number that is masked.
    """
    if before is None:
        return None
    one, other = before.show(ALL_GEMEENTEN, code).aantal, now.show(ALL_GEMEENTEN, code).aantal
    if (
        one is None
        or other is None
        or has_break(before, now, code)
        or before.gemeenten_in(code) != now.gemeenten_in(code)
    ):
        return None
    return other - one


def comparison(before: Period | None, now: Period, code: str) -> str:
    """Say how `code` stands against the quarter before, or why that cannot be said."""
    if before is None:
        return ""
    change = difference(before, now, code)
    since = date_format(before.quarter.peildatum, "j F")
    if change is None:
        return f"niet te vergelijken met {since}{_why_not(before, now, code)}"
    if change == 0:
        return f"gelijk aan {since}"
    return f"{abs(change)} {'meer' if change > 0 else 'minder'} dan {since}"


def _why_not(before: Period, now: Period, code: str) -> str:
    if not before.is_open_to_reader:
        return ": dat kwartaal is nog niet vastgesteld"
    if has_break(before, now, code):
        return ": de definitie is veranderd"
    if before.gemeenten_in(code) != now.gemeenten_in(code):
        return ": niet dezelfde gemeenten"
    if before.show(ALL_GEMEENTEN, code).is_masked or now.show(ALL_GEMEENTEN, code).is_masked:
        return ": een aantal is afgeschermd"
    return ""


def tiles(before: Period | None, now: Period) -> list[Tile]:
    codes = [c.code for c in now.quarter.categories if c.groep == VERZUIM and c.is_whole]
    names = names_of(now)
    return [
        Tile(names[code], now.show(ALL_GEMEENTEN, code), comparison(before, now, code), difference(before, now, code))
        for code in (SAMEN, *codes, LANGDURIG, ZONDER_AANBOD)
    ]


def headline(before: Period | None, now: Period) -> str:
    """Say what changed, in one sentence."""
    stand = now.show(ALL_GEMEENTEN, SAMEN)
    if stand.is_masked:
        return f"Thuiszitters op {format_day(now.quarter.peildatum)}: {stand.tekst}"
    if not now.is_open_to_reader:
        return f"Het kwartaal van {format_day(now.quarter.peildatum)} is nog niet vastgesteld"
    if stand.aantal is None:
        return f"Nog geen aantallen voor {format_day(now.quarter.peildatum)}"
    change = difference(before, now, SAMEN)
    if change is None or before is None:
        part = f", van {stand.dekking}" if stand.dekking else ""
        return f"{stand.aantal} thuiszitters op {format_day(now.quarter.peildatum)}{part}"
    words = "Evenveel thuiszitters als" if change == 0 else f"{'Meer' if change > 0 else 'Minder'} thuiszitters dan"
    was = before.show(ALL_GEMEENTEN, SAMEN).aantal
    return f"{words} vorig kwartaal: {was} → {stand.aantal}"


def stacked_trend(periods: Sequence[Period], codes: Sequence[str], whole: str, finding: str) -> Trend:
    """Draw `codes` on top of each other for each quarter; `whole` is their sum and the text above them."""
    columns = []
    rows = []
    for place, period in enumerate(periods):
        is_break = place > 0 and has_break(periods[place - 1], period, whole)
        cells = [period.show(ALL_GEMEENTEN, code) for code in codes]
        total = period.show(ALL_GEMEENTEN, whole)
        values = tuple(cell.aantal or 0 for cell in cells)
        known = all(cell.aantal is not None for cell in cells)
        label, parts = short_day(period.quarter.peildatum), values if known else None
        columns.append(Column.of(label, parts, total.aantal, _mark(total), is_break=is_break))
        rows.append(TableRow(format_day(period.quarter.peildatum), [*cells, total], is_break=is_break))
    description = "; ".join(f"{row.naam}: {row.cellen[-1]}" for row in rows) + "."
    svg = trend_chart(finding=finding, description=description, columns=tuple(columns), break_text=BREAK)
    names = names_of(periods[-1])
    return Trend(Figure(finding, svg), [*(names.get(code, code) for code in codes), names.get(whole, whole)], rows)


def norm_trend(periods: Sequence[Period], code: str, norm: int, finding: str) -> Trend:
    """Draw one number of the regio through the quarters, with the `norm` that a check holds it against."""
    columns, rows = [], []
    for place, period in enumerate(periods):
        is_break = place > 0 and has_break(periods[place - 1], period, code)
        shown = period.show(ALL_GEMEENTEN, code)
        parts = None if shown.aantal is None else (shown.aantal,)
        columns.append(Column(short_day(period.quarter.peildatum), parts, _mark(shown), is_break=is_break))
        rows.append(TableRow(format_day(period.quarter.peildatum), [shown, Shown(str(norm), norm)], is_break=is_break))
    description = f"Norm: {norm}. " + "; ".join(f"{row.naam}: {row.cellen[0]}" for row in rows) + "."
    svg = trend_chart(finding=finding, description=description, columns=tuple(columns), break_text=BREAK, norm=norm)
    return Trend(Figure(finding, svg), [names_of(periods[-1]).get(code, code), "Norm"], rows)


def _mark(shown: Shown) -> str:
    """The few signs that fit above a column."""
    if shown.aantal is not None:
        return f"{shown.aantal}*" if shown.dekking else str(shown.aantal)
    return "–" if not shown.is_masked else "×"


def absence_trend(periods: Sequence[Period]) -> Trend:
    codes = [c.code for c in periods[-1].quarter.categories if c.groep == VERZUIM and c.is_whole]
    return stacked_trend(periods, codes[::-1], SAMEN, headline(periods[-2] if len(periods) > 1 else None, periods[-1]))


def long_trend(periods: Sequence[Period]) -> Trend:
    """Longer than three months against the ambition of zero without an offer."""
    now = periods[-1]
    without = now.show(ALL_GEMEENTEN, ZONDER_AANBOD)
    if without.aantal is None:
        finding = f"Langer dan drie maanden zonder passend aanbod: {without.tekst}. De ambitie is 0"
    elif without.aantal == 0:
        finding = "Niemand zit langer dan drie maanden thuis zonder passend aanbod: de ambitie is gehaald"
    else:
        verb = "zit" if without.aantal == 1 else "zitten"
        who = "leerling" if without.aantal == 1 else "leerlingen"
        finding = f"{without.aantal} {who} {verb} langer dan drie maanden thuis zonder passend aanbod; de ambitie is 0"
    return _long_columns(periods, finding)


def _long_columns(periods: Sequence[Period], finding: str) -> Trend:
    columns, rows = [], []
    for place, period in enumerate(periods):
        is_break = place > 0 and has_break(periods[place - 1], period, LANGDURIG)
        long, without = period.show(ALL_GEMEENTEN, LANGDURIG), period.show(ALL_GEMEENTEN, ZONDER_AANBOD)
        parts = None
        if long.aantal is not None and without.aantal is not None:
            parts = (without.aantal, long.aantal - without.aantal)
        label = short_day(period.quarter.peildatum)
        columns.append(Column.of(label, parts, long.aantal, _mark(long), is_break=is_break))
        rows.append(TableRow(format_day(period.quarter.peildatum), [long, without], is_break=is_break))
    description = "; ".join(f"{r.naam}: {r.cellen[0]}, waarvan zonder aanbod {r.cellen[1]}" for r in rows) + "."
    svg = trend_chart(finding=finding, description=description, columns=tuple(columns), break_text=BREAK)
    return Trend(Figure(finding, svg), ["Langer dan drie maanden", "waarvan zonder passend aanbod"], rows)


def group_bars(before: Period | None, now: Period, groep: str, finding: str) -> Trend:
    """Draw every whole of a group at the latest quarter, with the quarter before as an outline."""
    codes = [c.code for c in now.quarter.categories if c.groep == groep and c.is_whole]
    if groep == REDEN:
        codes.append(ZONDER_REDEN)
    # Beside a bar only what comes before the dash fits; the definitions say the rest.
    short = {c.code: c.kort.split(" – ")[0] for c in now.quarter.categories} | {ZONDER_REDEN: "Reden niet opgegeven"}
    bars, rows = [], []
    for code in codes:
        shown = now.show(ALL_GEMEENTEN, code)
        was = before.show(ALL_GEMEENTEN, code) if before else None
        rows.append(TableRow(short[code], [shown, *([was] if was else [])]))
        if shown.aantal is not None:
            bars.append(Bar(short[code], shown.aantal, "neutraal", str(shown.aantal)))
    heads = [format_day(now.quarter.peildatum), *([format_day(before.quarter.peildatum)] if before else [])]
    description = "; ".join(f"{row.naam}: {row.cellen[0]}" for row in rows) + "."
    svg = bar_chart(finding=finding, description=description, bars=tuple(bars)) if bars else None
    left_out = ", ".join(f"{row.naam} ({row.cellen[0]})" for row in rows if row.cellen[0].aantal is None)
    return Trend(Figure(finding, svg), heads, rows, f"Niet getekend: {left_out}." if left_out and svg else "")


def reasons(before: Period | None, now: Period) -> Trend:
    code = next((c.code for c in now.quarter.categories if c.kenmerk == "aanbodgebrek"), None)
    shown = now.show(ALL_GEMEENTEN, code) if code else None
    of = now.show(ALL_GEMEENTEN, SAMEN)
    if shown is None or shown.aantal is None or of.aantal is None:
        finding = "Waarom leerlingen thuiszitten"
    else:
        finding = f"Bij {shown.aantal} van de {of.aantal} leerlingen is gebrek aan passend aanbod de reden"
    return group_bars(before, now, REDEN, finding)


def exemptions(before: Period | None, now: Period) -> Trend:
    codes = [c for c in now.quarter.categories if c.groep == VRIJSTELLING and c.is_whole]
    shown = {c: now.show(ALL_GEMEENTEN, c.code) for c in codes}
    biggest = max(codes, key=lambda c: shown[c].aantal or 0, default=None)
    # Which ground is the largest would tell something of those that are masked.
    if biggest is None or shown[biggest].aantal is None or any(number.is_masked for number in shown.values()):
        return group_bars(before, now, VRIJSTELLING, "Vrijstellingen per grond")
    return group_bars(before, now, VRIJSTELLING, f"De meeste vrijstellingen: {biggest.kort} ({shown[biggest].aantal})")


def per_gemeente(periods: Sequence[Period]) -> list[Multiple]:
    """Draw each gemeente small, all on one scale."""
    now = periods[-1]
    values = {g.pk: tuple(p.show(g.pk, SAMEN).aantal for p in periods) for g in now.quarter.gemeenten}
    top = max((value for line in values.values() for value in line if value is not None), default=1)
    multiples = []
    for gemeente in now.quarter.gemeenten:
        shown = now.show(gemeente.pk, SAMEN)
        told = (f"{format_day(p.quarter.peildatum)}: {p.show(gemeente.pk, SAMEN)}" for p in periods)
        description = "; ".join(told) + "."
        finding = f"{gemeente.naam}: {shown} thuiszitters op {format_day(now.quarter.peildatum)}"
        svg = small_line(finding=finding, description=description, values=values[gemeente.pk], top=top)
        multiples.append(Multiple(gemeente.naam, svg, shown))
    return multiples


def gemeenten_table(periods: Sequence[Period]) -> Trend:
    """Return the table of the small lines: a row a quarter, a column a gemeente."""
    gemeenten = periods[-1].quarter.gemeenten
    rows = [TableRow(format_day(p.quarter.peildatum), [p.show(g.pk, SAMEN) for g in gemeenten]) for p in periods]
    return Trend(Figure("Thuiszitters per gemeente", None), [gemeente.naam for gemeente in gemeenten], rows)


def per_thousand(now: Period, leerlingen: dict[int, int | None]) -> list[tuple[str, Shown, int | None, str]]:
    """Return each gemeente with its number, its pupils and its rate per 1.000 of those.

    The rate is "niet bekend" where there is none.
    """
    rows = []
    for gemeente in now.quarter.gemeenten:
        shown, pupils = now.show(gemeente.pk, SAMEN), leerlingen.get(gemeente.pk)
        if shown.is_masked:
            rate = "afgeschermd"
        elif shown.aantal is None or shown.dekking or not pupils:
            rate = "niet bekend"
        else:
            rate = f"{1000 * shown.aantal / pupils:.1f}".replace(".", ",")
        rows.append((gemeente.naam, shown, pupils, rate))
    return rows


def definitions(now: Period) -> list[Category]:
    return now.quarter.categories
