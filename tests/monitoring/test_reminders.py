"""The rule of whom to remind and when, on plain data."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.reminders import Invoertaak, days_to_decide, reminders_on, step_on
from regio.figures import without_figures
from regio.permissions import Rol
from regio.recipients import Aan, Kring, Lid, Trede, choose

DEADLINE = date(2026, 11, 1)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
REGIO, WOERDEN, MONTFOORT, RBL = 1, 10, 11, 12


@pytest.mark.parametrize(
    ("day", "stap"),
    [
        (date(2026, 10, 2), "30 voor"),
        (date(2026, 10, 3), None),
        (date(2026, 10, 25), "7 voor"),
        (date(2026, 10, 31), "1 voor"),
        (date(2026, 11, 1), None),
        (date(2026, 11, 2), "1 na"),
        (date(2026, 11, 3), None),
        (date(2026, 11, 8), "7 na"),
        (date(2026, 12, 1), "30 na"),
        (date(2026, 12, 31), "60 na"),
        (date(2027, 11, 1), None),
        (date(2027, 10, 27), "360 na"),
        (date(2026, 9, 2), None),
    ],
)
def test_steps_fall_30_7_and_1_before_and_1_7_and_every_30_after(day: date, stap: str | None):
    assert step_on(day, DEADLINE) == stap


def taak(aan: Aan, deadline: date | None = DEADLINE) -> Invoertaak:
    return Invoertaak("opgave:1:1", REGIO, deadline, aan)


def test_a_year_of_days_asks_for_these_and_no_others():
    wanted = taak(Aan((1,), Trede.EIGEN))
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(500)]
    asked = [(day, r.stap) for day in year for r in reminders_on(day, [wanted])]
    assert asked == [
        (date(2026, 10, 2), "30 voor"),
        (date(2026, 10, 25), "7 voor"),
        (date(2026, 10, 31), "1 voor"),
        (date(2026, 11, 2), "1 na"),
        (date(2026, 11, 8), "7 na"),
        (date(2026, 12, 1), "30 na"),
        (date(2026, 12, 31), "60 na"),
        (date(2027, 1, 30), "90 na"),
        (date(2027, 3, 1), "120 na"),
        (date(2027, 3, 31), "150 na"),
        (date(2027, 4, 30), "180 na"),
    ]


def test_nobody_is_reminded_of_what_has_no_deadline_or_of_what_nobody_does():
    day = date(2026, 10, 31)
    assert list(reminders_on(day, [taak(Aan((1,), Trede.EIGEN), None), taak(Aan((), Trede.BEHEERDER))])) == []


@given(DAYS, DAYS)
def test_a_reminder_has_the_same_name_however_often_it_is_decided(day: date, deadline: date):
    wanted = taak(Aan((1,), Trede.EIGEN), deadline)
    assert [r.sleutel for r in reminders_on(day, [wanted])] == [r.sleutel for r in reminders_on(day, [wanted])]


@given(DAYS, DAYS)
def test_each_step_of_a_deadline_falls_on_one_day(day: date, deadline: date):
    stap = step_on(day, deadline)
    others = [day + timedelta(days=n) for n in range(-65, 66) if n]
    assert stap is None or stap not in [step_on(other, deadline) for other in others]


@given(st.lists(DAYS, min_size=1, max_size=20))
def test_whenever_it_runs_each_day_is_decided_once_and_in_order(runs: list[date]):
    decided: list[date] = []
    last = None
    for today in sorted(set(runs)):
        decided += days_to_decide(last, today, at_most=31)
        last = today
    assert decided == sorted(set(decided))
    assert set(runs) <= set(decided)


def test_days_on_which_nothing_ran_are_made_up_for_up_to_a_month():
    today = date(2026, 11, 25)
    assert days_to_decide(None, today, 31) == [today]
    assert days_to_decide(today, today, 31) == [today]
    assert days_to_decide(date(2026, 11, 22), today, 31) == [date(2026, 11, 23), date(2026, 11, 24), today]
    assert days_to_decide(date(2025, 1, 1), today, 31)[0] == date(2026, 10, 25)


# Who


def lid(who: int, rol: Rol, organisatie: int | None = None, *, is_rbl: bool = False, regio: int = REGIO) -> Lid:
    return Lid(who, regio, rol, organisatie, is_rbl)


EVERYBODY = [
    lid(1, Rol.INVOERDER, WOERDEN),
    lid(2, Rol.INVOERDER, WOERDEN),
    lid(3, Rol.SECRETARIS),
    lid(4, Rol.OOGO_LID),
    lid(5, Rol.INVOERDER, WOERDEN, regio=2),
]


@pytest.mark.parametrize(
    ("leden", "scores", "aantallen"),
    [
        (EVERYBODY, Aan((1, 2), Trede.EIGEN), Aan((1, 2), Trede.EIGEN)),
        (EVERYBODY[2:], Aan((3,), Trede.SECRETARIS), Aan((3,), Trede.SECRETARIS)),
        (EVERYBODY[3:], Aan((9,), Trede.BEHEERDER), Aan((9,), Trede.BEHEERDER)),
        (
            [lid(3, Rol.SECRETARIS), lid(6, Rol.INVOERDER, RBL, is_rbl=True)],
            Aan((3,), Trede.SECRETARIS),
            Aan((6,), Trede.EIGEN),
        ),
        (
            [lid(3, Rol.SECRETARIS), lid(7, Rol.INVOERDER, MONTFOORT)],
            Aan((3,), Trede.SECRETARIS),
            Aan((3,), Trede.SECRETARIS),
        ),
        ([lid(8, Rol.SECRETARIS), lid(8, Rol.INVOERDER, WOERDEN)], Aan((8,), Trede.EIGEN), Aan((8,), Trede.EIGEN)),
    ],
    ids=["own", "secretaris", "beheerder", "rbl", "another gemeente", "both"],
)
def test_the_invoerder_else_the_secretaris_else_the_beheerder(leden: list[Lid], scores: Aan, aantallen: Aan):
    kring = Kring(leden, beheerders=(9,))
    assert kring.invoerders_of_scores(REGIO, WOERDEN) == scores
    assert kring.invoerders_of_aantallen(REGIO, WOERDEN) == aantallen


def test_where_there_is_nobody_at_all_nobody_is_told():
    assert choose((), (), ()) == Aan((), Trede.BEHEERDER)


# No figures


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Er staan 12 thuiszitters.", "Er staan (getal) thuiszitters."),
        ("12 is te veel", "(getal) is te veel"),
        ("Dat is 3,5% en 1.250 in totaal", "Dat is (getal) en (getal) in totaal"),
        ("Eerst 4 %, nu 5!", "Eerst (getal), nu (getal)!"),
        ("Het waren er één of TWEE, geen twintig.", "Het waren er (getal) of (getal), geen (getal)."),
    ],
)
def test_a_number_in_a_reason_stays_on_the_page(text: str, without: str):
    assert without_figures(text) == without


@pytest.mark.parametrize(
    "text",
    ["B3 mist een onderbouwing in 2026.", "5a en A1: zie 2025-2026.", "Een opgave is tweemaal gekomen.", "Waarom?"],
)
def test_a_name_and_a_year_are_no_figures(text: str):
    assert without_figures(text) == text


@given(st.integers(0, 999))
def test_no_count_gets_through(number: int):
    assert str(number) not in without_figures(f"Het zijn er {number}, zegt men; ({number}) of <{number}>.")
