"""Indicators: what was measured of a doel, held against its norm (domein.md, rule 6). Plain data in, plain data out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import number_format

from regio.days import format_day
from regio.signals import Signal


class Norm(TextChoices):
    """What an indicator should be; the words stand on pages and in the report."""

    GEEN = "geen", "geen norm"
    LANDELIJK = "landelijk", "blijft onder het landelijk gemiddelde"
    HOOGSTENS = "hoogstens", "is hoogstens de grens"
    MINSTENS = "minstens", "is minstens de grens"


@dataclass(frozen=True)
class Meting:
    """What was measured on one day; `waarde` is None where it is unknown, `landelijk` where nobody published it."""

    peildatum: date
    waarde: Decimal | None
    landelijk: Decimal | None = None
    bron: str = ""
    toelichting: str = ""
    door: str = ""
    op: date | None = None


@dataclass(frozen=True)
class Oordeel:
    """What the check says: whether it fires, and in a sentence of what number and which day that is."""

    vuurt: bool
    tekst: str


@dataclass(frozen=True)
class Maat:
    """One indicator with its metingen, the oldest first; `code` is that of its doel.

    Of a frozen one `pk` and `doel`, the ids, are None, and `gegeven` is what the check said when it was frozen.
    """

    naam: str
    eenheid: str
    norm: str
    grens: Decimal | None
    niet_sneller: bool
    metingen: tuple[Meting, ...]
    definitie: str = ""
    bron: str = ""
    code: str = ""
    pk: int | None = None
    doel: int | None = None
    gegeven: Oordeel | None = None

    @property
    def norm_tekst(self) -> str:
        """The norm in words, "hoogstens 5" or "onder het landelijk gemiddelde"; "" without one."""
        if self.norm == Norm.LANDELIJK:
            faster = ", en stijgt niet sneller" if self.niet_sneller else ""
            return f"blijft onder het landelijk gemiddelde{faster}"
        return f"{self.norm} {number(self.grens)}" if self.grens is not None else ""

    @property
    def vergelijkt(self) -> bool:
        """Whether a national average stands beside any of it."""
        return self.norm == Norm.LANDELIJK or any(meting.landelijk is not None for meting in self.metingen)

    @cached_property
    def decimalen(self) -> int:
        """How many decimals what was measured is written with: as many as the finest of it has."""
        given = [value for meting in self.metingen for value in (meting.waarde, meting.landelijk)]
        return max((_decimals_of(value) for value in given if value is not None), default=0)

    def getal(self, value: Decimal) -> str:
        return number(value, self.decimalen)

    @property
    def rijen(self) -> list[tuple[Meting, str, str]]:
        """Each meting with its value and that of the country as they are written."""
        return [
            (
                meting,
                "onbekend" if meting.waarde is None else self.getal(meting.waarde),
                "niet bekend" if meting.landelijk is None else self.getal(meting.landelijk),
            )
            for meting in self.metingen
        ]

    @cached_property
    def bekend(self) -> tuple[Meting, ...]:
        return tuple(meting for meting in self.metingen if meting.waarde is not None)

    @cached_property
    def oordeel(self) -> Oordeel:
        return self.gegeven or judge(self)

    @property
    def lijn(self) -> str:
        """What is drawn beside each meting, in words; "" where nothing is."""
        if self.grens is not None:
            return f"Norm: {self.norm_tekst}"
        return "Landelijk gemiddelde" if self.vergelijkt else ""

    def beside(self, meting: Meting) -> Decimal | None:
        """Return what stands beside a meting: the grens, or else the average of the country on that day."""
        return meting.landelijk if self.grens is None else self.grens


def number(value: Decimal, decimals: int | None = None) -> str:
    """Return a number as the Dutch write it, "1.204,5"; without `decimals` with no zero that says nothing."""
    wanted = _decimals_of(value) if decimals is None else decimals
    return number_format(value, wanted, use_l10n=True, force_grouping=True)


def _decimals_of(value: Decimal) -> int:
    """Return how many of its decimals, at most two, say something."""
    return len(f"{value:.2f}".rstrip("0").partition(".")[2])


def judge(maat: Maat) -> Oordeel:
    """Hold the latest meting that can be compared against the norm, and say which later one could not.

    So a signal stays until a meting keeps the norm: what is unknown answers nothing (domein.md, rule 1).
    """
    if not maat.metingen:
        return Oordeel(vuurt=False, tekst="Er is nog niets gemeten.")
    compared = [m for m in maat.bekend if maat.norm != Norm.LANDELIJK or m.landelijk is not None]
    if not compared:
        return Oordeel(vuurt=False, tekst=_why_not_compared(maat.metingen[-1]))
    now, before = compared[-1], compared[-2] if len(compared) > 1 else None
    found = _beside_country(maat, before, now) if maat.norm == Norm.LANDELIJK else _beside_grens(maat, now)
    later = maat.metingen[-1]
    return found if later is now else Oordeel(found.vuurt, f"{found.tekst} {_why_not_compared(later)}")


def _why_not_compared(meting: Meting) -> str:
    day = format_day(meting.peildatum)
    if meting.waarde is None:
        return f"De meting van {day} is onbekend."
    return f"Van {day} is het landelijk gemiddelde niet bekend."


def _stand(maat: Maat, now: Meting) -> str:
    return f"{maat.getal(now.waarde or Decimal())} {maat.eenheid} op {format_day(now.peildatum)}"


def _beside_grens(maat: Maat, now: Meting) -> Oordeel:
    stand = _stand(maat, now)
    if maat.grens is None or now.waarde is None:
        return Oordeel(vuurt=False, tekst=f"{stand}. Er is geen norm afgesproken.")
    fires = now.waarde > maat.grens if maat.norm == Norm.HOOGSTENS else now.waarde < maat.grens
    held = "De norm is" if fires else "De norm is gehaald:"
    return Oordeel(fires, f"{stand}. {held} {maat.norm_tekst}.")


def _beside_country(maat: Maat, before: Meting | None, now: Meting) -> Oordeel:
    """Staying under the average means less than it: as much as the average is not under it."""
    own, country = now.waarde or Decimal(), now.landelijk or Decimal()
    where = {-1: "onder", 0: "gelijk aan", 1: "boven"}[(own > country) - (own < country)]
    told = f"{_stand(maat, now)}, {where} het landelijk gemiddelde van {maat.getal(country)}."
    pace = _pace(before, now) if maat.niet_sneller else None
    if pace is None:
        return Oordeel(own >= country, told)
    return Oordeel(own >= country or pace.vuurt, f"{told} {pace.tekst}")


def _pace(before: Meting | None, now: Meting) -> Oordeel | None:
    """Compare how fast both rose since the meting before, each in percent of itself; None where there is no such."""
    if before is None or not before.waarde or not before.landelijk or now.landelijk is None or now.waarde is None:
        return None
    own, country = _growth(before.waarde, now.waarde), _growth(before.landelijk, now.landelijk)
    since = f"sinds {format_day(before.peildatum)}"
    if own <= 0:
        return Oordeel(vuurt=False, tekst=f"Het steeg niet {since}.")
    paced = f"Het steeg {since} met {number(own)}%; landelijk was dat {number(country)}%."
    return Oordeel(own > country, paced)


def _growth(before: Decimal, now: Decimal) -> Decimal:
    return ((now - before) / before * 100).quantize(Decimal("0.1"))


# Beside the kinds that a doel chooses as its check (SignalKind): what hangs on an indicator belongs to its doel.
KIND = "indicator"


def raised_by(maten: Iterable[Maat], url: str) -> list[Signal]:
    """Return a signal for each indicator that does not keep its norm; `url` is where its numbers are."""
    fired = ((maat, maat.oordeel) for maat in maten)
    return [Signal(KIND, maat.naam, oordeel.tekst, url, maat.doel) for maat, oordeel in fired if oordeel.vuurt]


# What a row of data says of a meting, beside what it has in common with a score.
COLUMNS = ("indicator", "definitie", "norm", "eenheid", "waarde", "landelijk", "bron")


def data_rows(maten: Iterable[Maat]) -> Iterator[dict[str, Any]]:
    """Yield for each meting what stands in its columns, those of COLUMNS and those that a score has too."""
    for maat in maten:
        for meting in maat.metingen:
            yield {
                "peildatum": meting.peildatum.isoformat(),
                "doel": maat.code,
                "status": "onbekend" if meting.waarde is None else "gemeten",
                "toelichting": meting.toelichting,
                "ingevoerd_door": meting.door,
                "ingevoerd_op": meting.op.isoformat() if meting.op else "",
                "indicator": maat.naam,
                "definitie": maat.definitie,
                "norm": maat.norm_tekst or "geen",
                "eenheid": maat.eenheid,
                "waarde": _as_number(meting.waarde),
                "landelijk": _as_number(meting.landelijk),
                "bron": meting.bron or maat.bron,
            }


def _as_number(value: Decimal | None) -> float | None:
    """Return a whole number as one: every kind of file writes that the same way."""
    return None if value is None else int(value) if value == int(value) else float(value)


def freeze_maat(maat: Maat) -> dict[str, Any]:
    """Return an indicator as plain data for a snapshot: numbers as text, because no figure in it is a fraction."""
    return {
        "doel": maat.code,
        "naam": maat.naam,
        "eenheid": maat.eenheid,
        "definitie": maat.definitie,
        "bron": maat.bron,
        "norm": maat.norm,
        "grens": _as_text(maat.grens),
        "niet_sneller": maat.niet_sneller,
        "signaal": maat.oordeel.vuurt,
        "oordeel": maat.oordeel.tekst,
        "metingen": [
            {
                "peildatum": meting.peildatum.isoformat(),
                "gemeten": _as_text(meting.waarde),
                "landelijk": _as_text(meting.landelijk),
                "bron": meting.bron,
                "toelichting": meting.toelichting,
                "ingevoerd_door": meting.door,
                "ingevoerd_op": meting.op.isoformat() if meting.op else None,
            }
            for meting in maat.metingen
        ],
    }


def thaw_maat(row: dict[str, Any]) -> Maat:
    return Maat(
        naam=row["naam"],
        eenheid=row["eenheid"],
        norm=row["norm"],
        grens=_as_decimal(row["grens"]),
        niet_sneller=row["niet_sneller"],
        metingen=tuple(_thaw_meting(meting) for meting in row["metingen"]),
        definitie=row["definitie"],
        bron=row["bron"],
        code=row["doel"],
        gegeven=Oordeel(row["signaal"], row["oordeel"]),
    )


def _thaw_meting(row: dict[str, Any]) -> Meting:
    return Meting(
        peildatum=date.fromisoformat(row["peildatum"]),
        waarde=_as_decimal(row["gemeten"]),
        landelijk=_as_decimal(row["landelijk"]),
        bron=row["bron"],
        toelichting=row["toelichting"],
        door=row["ingevoerd_door"],
        op=date.fromisoformat(row["ingevoerd_op"]) if row["ingevoerd_op"] else None,
    )


def _as_text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _as_decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
