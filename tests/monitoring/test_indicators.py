"""What a check says of an indicator: plain data in, a sentence and whether it fires out."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.indicators import Maat, Meting, Norm, judge, number, raised_by

numbers = st.decimals(min_value=0, max_value=9_999_999, places=2)


def maat(*values: tuple[str | None, str | None], norm: str = Norm.LANDELIJK, **fields: object) -> Maat:
    """An indicator measured each year on 1 October from 2023; of each year its own value and that of the country."""
    metingen = tuple(
        Meting(date(2023 + place, 10, 1), own and Decimal(own), country and Decimal(country))  # type: ignore[arg-type]
        for place, (own, country) in enumerate(values)
    )
    given = {"grens": None, "niet_sneller": False, "doel": 7, **fields}
    return Maat(naam="TLV’s", eenheid="per 1.000 leerlingen", norm=norm, metingen=metingen, **given)  # type: ignore[arg-type]


def said(one: Maat) -> tuple[bool, str]:
    return judge(one).vuurt, judge(one).tekst


@pytest.mark.parametrize(
    ("own", "country", "fires", "where"),
    [("24.5", "26", False, "onder"), ("26", "26", True, "gelijk aan"), ("26.01", "26", True, "boven")],
)
def test_only_less_is_under_the_average_of_the_country(own: str, country: str, *, fires: bool, where: str):
    decimals = len(own.partition(".")[2])
    other = f"26,{decimals * '0'}" if decimals else "26"
    tekst = (
        f"{own.replace('.', ',')} per 1.000 leerlingen op 1 oktober 2023, {where} het landelijk gemiddelde van {other}."
    )
    assert said(maat((own, country))) == (fires, tekst)


def test_a_rise_that_is_faster_than_that_of_the_country_fires_also_under_the_average():
    rising = maat(("20", "40"), ("22", "43"), niet_sneller=True)
    fires, tekst = said(rising)
    assert fires
    assert tekst == (
        "22 per 1.000 leerlingen op 1 oktober 2024, onder het landelijk gemiddelde van 43."
        " Het steeg sinds 1 oktober 2023 met 10%; landelijk was dat 7,5%."
    )
    assert not judge(maat(("20", "40"), ("22", "43"))).vuurt, "where nothing was agreed on the pace, it is not judged"


def test_a_rise_as_fast_as_that_of_the_country_does_not_fire():
    assert not judge(maat(("20", "40"), ("22", "44"), niet_sneller=True)).vuurt


def test_what_did_not_rise_is_never_too_fast():
    fires, tekst = said(maat(("22", "44"), ("22", "40"), niet_sneller=True))
    assert not fires
    assert tekst.endswith("Het steeg niet sinds 1 oktober 2023.")


def test_the_pace_is_compared_with_the_last_known_meting():
    fires, tekst = said(maat(("20", "40"), (None, "41"), ("21", "43"), niet_sneller=True))
    assert not fires
    assert "Het steeg sinds 1 oktober 2023 met 5%; landelijk was dat 7,5%." in tekst


@pytest.mark.parametrize("before", [("0", "40"), ("20", "0"), ("20", None), (None, None), (None, "40")])
def test_without_a_number_to_start_from_nothing_is_said_of_the_pace(before: tuple[str | None, str | None]):
    fires, tekst = said(maat(before, ("21", "43"), niet_sneller=True))
    assert not fires
    assert "steeg" not in tekst


@pytest.mark.parametrize(
    ("norm", "value", "fires", "tekst"),
    [
        (Norm.HOOGSTENS, "5", False, "De norm is gehaald: hoogstens 5."),
        (Norm.HOOGSTENS, "5.01", True, "De norm is hoogstens 5."),
        (Norm.MINSTENS, "5", False, "De norm is gehaald: minstens 5."),
        (Norm.MINSTENS, "4.99", True, "De norm is minstens 5."),
    ],
)
def test_a_grens_is_held_from_its_own_side(norm: str, value: str, *, fires: bool, tekst: str):
    found = said(maat((value, None), norm=norm, grens=Decimal(5)))
    assert found == (
        fires,
        f"{value.replace('.', ',')} per 1.000 leerlingen op 1 oktober 2023. {tekst}",
    )


def test_what_is_not_known_never_fires_and_says_so():
    assert said(maat()) == (False, "Er is nog niets gemeten.")
    assert said(maat((None, "26"))) == (False, "De meting van 1 oktober 2023 is onbekend.")
    assert said(maat(("24", None))) == (False, "Van 1 oktober 2023 is het landelijk gemiddelde niet bekend.")
    no_norm = "24 per 1.000 leerlingen op 1 oktober 2023. Er is geen norm afgesproken."
    assert said(maat(("24", None), norm=Norm.GEEN)) == (False, no_norm)


@pytest.mark.parametrize(
    ("later", "why"),
    [
        ((None, "26"), "De meting van 1 oktober 2024 is onbekend."),
        (("19", None), "Van 1 oktober 2024 is het landelijk gemiddelde niet bekend."),
    ],
)
def test_what_cannot_be_compared_leaves_the_last_that_could_to_speak_and_is_told(
    later: tuple[str | None, str | None], why: str
):
    fires, tekst = said(maat(("24", "22")))
    assert fires
    assert said(maat(("24", "22"), later)) == (True, f"{tekst} {why}")


def test_the_pace_is_that_since_the_last_meting_that_can_be_compared():
    known = said(maat(("9", "10"), ("9.5", "10.2"), niet_sneller=True))
    between = maat(("9", "10"), ("9.2", None), ("9.5", "10.2"), niet_sneller=True)
    assert said(between)[0] is known[0] is True
    assert "Het steeg sinds 1 oktober 2023 met 5,6%; landelijk was dat 2%." in said(between)[1]


def test_a_signal_names_its_own_doel():
    keeps, breaks = maat(("20", "26")), maat(("30", "26"))
    (signal,) = raised_by([keeps, breaks], "/doel/")
    assert (signal.label, signal.tekst, signal.url, signal.doel) == ("TLV’s", judge(breaks).tekst, "/doel/", 7)


@pytest.mark.parametrize(
    ("value", "text"), [("1204.50", "1.204,5"), ("100.00", "100"), ("0.00", "0"), ("0.05", "0,05"), ("10", "10")]
)
def test_a_number_is_written_as_the_dutch_do(value: str, text: str):
    assert number(Decimal(value)) == text


@given(own=numbers, country=numbers)
def test_the_check_fires_exactly_where_the_value_is_not_less(own: Decimal, country: Decimal):
    assert judge(maat((str(own), str(country)))).vuurt == (own >= country)


@given(grens=numbers, value=numbers)
def test_hoogstens_and_minstens_both_hold_only_at_the_grens(grens: Decimal, value: Decimal):
    fires = [judge(maat((str(value), None), norm=norm, grens=grens)).vuurt for norm in (Norm.HOOGSTENS, Norm.MINSTENS)]
    assert fires == [value > grens, value < grens]
