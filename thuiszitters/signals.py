"""When the counts ask for something: a lack of offer, and the ambition of zero (domein.md, rule 6). Plain data in.

What is said rests on what the reader is shown: a masked number is above zero, and that is all that is told of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from regio.days import format_day
from regio.signals import Signal, SignalKind
from thuiszitters.cube import ALL_GEMEENTEN, SAMEN, ZONDER_AANBOD
from thuiszitters.figures import Trend, comparison, norm_trend
from thuiszitters.publication import HIDDEN, Period, Shown

AANBODGEBREK = "aanbodgebrek"
NORM = 0


@dataclass(frozen=True)
class Told:
    """What is said of a number above its norm: a heading, a sentence for a list, and the finding of a chart."""

    label: str
    tekst: str
    finding: str


@dataclass(frozen=True)
class Check:
    """A number that a check hangs on: its code, and what is said when it fires and when it is at the norm."""

    code: Callable[[Sequence[Period]], str | None]
    fires: Callable[[Period | None, Period, str], Told]
    rests: str


def raised(periods: Sequence[Period], url: str) -> list[Signal]:
    """Return what the latest quarter asks for; `periods` as the reader may see them, the earliest first.

    A quarter without a number asks for nothing and says nothing: the one before it then speaks.
    """
    return [signal for kind in CHECKS if (signal := _signal(kind, periods, url))]


def check_trend(kind: SignalKind, periods: Sequence[Period]) -> Trend | None:
    """Return the numbers behind a check through the quarters, with the norm drawn in; None where nobody counts them."""
    check = CHECKS[kind]
    code = check.code(periods)
    if code is None:
        return None
    latest = _latest_with(periods, code)
    if latest is None:
        finding = "Er is nog geen aantal om na te gaan"
    elif _is_above_norm(latest[1].show(ALL_GEMEENTEN, code)):
        finding = check.fires(*latest, code).finding
    else:
        finding = f"{check.rests} ({_when(latest[1], latest[1].show(ALL_GEMEENTEN, code))})"
    return norm_trend(periods, code, NORM, finding)


def said_of(kind: SignalKind, periods: Sequence[Period]) -> tuple[bool, str]:
    """Tell whether a check fires, and what the numbers behind it are now, with their day."""
    if signal := _signal(kind, periods, url=""):
        return True, f"{signal.label}. {signal.tekst}"
    trend = check_trend(kind, periods) if periods else None
    return False, f"{trend.figuur.finding}." if trend else "De aantallen waar deze check naar kijkt, zijn er nog niet."


def _signal(kind: SignalKind, periods: Sequence[Period], url: str) -> Signal | None:
    check = CHECKS[kind]
    code = check.code(periods)
    latest = _latest_with(periods, code) if code else None
    if code is None or latest is None or not _is_above_norm(latest[1].show(ALL_GEMEENTEN, code)):
        return None
    told = check.fires(*latest, code)
    return Signal(kind, told.label, told.tekst, url)


def _is_above_norm(shown: Shown) -> bool:
    return shown.is_masked or (shown.aantal is not None and shown.aantal > NORM)


def _latest_with(periods: Sequence[Period], code: str) -> tuple[Period | None, Period] | None:
    for place in range(len(periods) - 1, -1, -1):
        shown = periods[place].show(ALL_GEMEENTEN, code)
        if shown.is_masked or shown.aantal is not None:
            return (periods[place - 1] if place else None), periods[place]
    return None


def _code_of_lack(periods: Sequence[Period]) -> str | None:
    """Return the code of the reason that F1 asks about, as the latest quarter that counts it has it."""
    counted = (c.code for period in reversed(periods) for c in period.quarter.categories if c.kenmerk == AANBODGEBREK)
    return next(counted, None)


def _say_lack(_before: Period | None, now: Period, code: str) -> Told:
    shown, of = now.show(ALL_GEMEENTEN, code), now.show(ALL_GEMEENTEN, SAMEN)
    is_share = not shown.is_masked and of.aantal is not None and now.counts_alike(code, SAMEN)
    said = f"{_leerlingen(shown, f' van {of.tekst}' if is_share else '')} thuis omdat passend aanbod ontbreekt"
    return Told("Gebrek aan passend aanbod", f"{said} ({_when(now, shown)}).{_why_masked(shown)}", said)


def _say_ambition(before: Period | None, now: Period, code: str) -> Told:
    shown, change = now.show(ALL_GEMEENTEN, code), comparison(before, now, code)
    tekst = f"De ambitie is 0 ({_when(now, shown)})."
    tekst += _why_masked(shown) or (f" {change.capitalize()}." if change else "")
    said = f"{_leerlingen(shown)} langer dan drie maanden thuis zonder passend aanbod; de ambitie is 0"
    return Told(f"Langer dan drie maanden thuis zonder aanbod: {shown.tekst}", tekst, said)


def _why_masked(shown: Shown) -> str:
    """Say why a number that may well be large is not there."""
    is_hidden = shown.is_masked and shown.tekst == HIDDEN
    return " Het aantal is afgeschermd, omdat anders een klein aantal te berekenen is." if is_hidden else ""


def _leerlingen(shown: Shown, share: str = "") -> str:
    """Say how many sit: "1 leerling zit", "3 van 8 leerlingen zitten"."""
    if shown.is_masked and not shown.tekst.startswith("<"):
        return "Een afgeschermd aantal leerlingen zit"
    if shown.tekst == "1":
        return f"1{share} leerlingen zit" if share else "1 leerling zit"
    return f"{shown.tekst}{share} leerlingen zitten"


def _when(period: Period, shown: Shown) -> str:
    return format_day(period.quarter.peildatum) + (f", {shown.dekking}" if shown.dekking else "")


CHECKS = {
    SignalKind.AANBODGEBREK: Check(_code_of_lack, _say_lack, "Geen leerling zit thuis door gebrek aan passend aanbod"),
    SignalKind.AMBITIE: Check(
        lambda _periods: ZONDER_AANBOD,
        _say_ambition,
        "Niemand zit langer dan drie maanden thuis zonder passend aanbod: de ambitie is gehaald",
    ),
}
