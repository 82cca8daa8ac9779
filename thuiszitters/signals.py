"""When the counts ask for something: a lack of offer, and the ambition of zero (domein.md, rule 6). Plain data in."""

from collections.abc import Sequence

from regio.signals import Signal, SignalKind
from thuiszitters.cube import ALL_GEMEENTEN, SAMEN, ZONDER_AANBOD
from thuiszitters.figures import comparison, day
from thuiszitters.publication import Period, Shown

AANBODGEBREK = "aanbodgebrek"


def raised(periods: Sequence[Period], url: str) -> list[Signal]:
    """Return what the latest quarter asks for; `periods` as the reader may see them, the earliest first.

    A quarter without a number asks for nothing and says nothing: the one before it then speaks.
    """
    return [signal for signal in (_lack_of_offer(periods, url), _ambition(periods, url)) if signal]


def _latest_with(periods: Sequence[Period], code: str) -> tuple[Period | None, Period] | None:
    for place in range(len(periods) - 1, -1, -1):
        if periods[place].cube.get(ALL_GEMEENTEN, code).aantal is not None:
            return (periods[place - 1] if place else None), periods[place]
    return None


def _lack_of_offer(periods: Sequence[Period], url: str) -> Signal | None:
    codes = {c.code for period in periods for c in period.quarter.categories if c.kenmerk == AANBODGEBREK}
    for code in sorted(codes):
        latest = _latest_with(periods, code)
        if latest and latest[1].cube.get(ALL_GEMEENTEN, code).aantal:
            now = latest[1]
            shown, of = now.show(ALL_GEMEENTEN, code), now.show(ALL_GEMEENTEN, SAMEN)
            verb = "zit" if shown.tekst == "1" else "zitten"
            is_masked = shown.is_masked or of.is_masked
            who = f"{shown.tekst} leerlingen" if is_masked else f"{shown.tekst} van {of.tekst} leerlingen"
            tekst = f"{who} {verb} thuis omdat passend aanbod ontbreekt ({_when(now, shown)})."
            return Signal(SignalKind.AANBODGEBREK, "Gebrek aan passend aanbod", tekst, url)
    return None


def _ambition(periods: Sequence[Period], url: str) -> Signal | None:
    latest = _latest_with(periods, ZONDER_AANBOD)
    if latest is None or not latest[1].cube.get(ALL_GEMEENTEN, ZONDER_AANBOD).aantal:
        return None
    before, now = latest
    shown = now.show(ALL_GEMEENTEN, ZONDER_AANBOD)
    change = comparison(before, now, ZONDER_AANBOD)
    tekst = f"De ambitie is 0 ({_when(now, shown)})." + (f" {change.capitalize()}." if change else "")
    return Signal(SignalKind.AMBITIE, f"Langer dan drie maanden thuis zonder aanbod: {shown.tekst}", tekst, url)


def _when(period: Period, shown: Shown) -> str:
    return day(period.quarter.peildatum) + (f", {shown.dekking}" if shown.dekking else "")
