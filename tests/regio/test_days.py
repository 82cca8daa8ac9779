"""A day in words (regio/days.py)."""

from datetime import UTC, date, datetime

from regio.days import format_day


def test_a_day_is_written_in_full() -> None:
    assert format_day(date(2026, 8, 1)) == "1 augustus 2026"


def test_an_instant_is_of_the_day_that_it_was_here() -> None:
    """Half past midnight in the Netherlands is still the day before in UTC, in which instants are kept."""
    assert format_day(datetime(2026, 11, 26, 23, 30, tzinfo=UTC)) == "27 november 2026"
    assert format_day(datetime(2026, 6, 30, 22, 15, tzinfo=UTC)) == "1 juli 2026"
