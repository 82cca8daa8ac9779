"""The school year, 1 August – 31 July, written 2024-2025, and the days on which is counted (README.md, Glossary)."""

from datetime import date

PEILDAGEN = ((10, 1), (1, 1), (4, 1), (7, 1))
FIRST_MONTH = 8


def schooljaar_of(day: date) -> str:
    """Return the school year in which `day` lies."""
    begin = day.year if day.month >= FIRST_MONTH else day.year - 1
    return f"{begin}-{begin + 1}"


def default_peildata(schooljaar: str) -> list[date]:
    """Return the four days on which a regio counts unless it sets others."""
    begin = int(schooljaar[:4])
    return [date(begin if month >= FIRST_MONTH else begin + 1, month, day) for month, day in PEILDAGEN]


def bounds_of(schooljaar: str) -> tuple[date, date]:
    """Return the first and the last day of a school year."""
    begin = int(schooljaar[:4])
    return date(begin, FIRST_MONTH, 1), date(begin + 1, FIRST_MONTH - 1, 31)


def schooljaar_looked_back_on(day: date) -> str:
    """Return the school year of which a report of `day` tells: that of the last usual day of counting before it.

    A meetmoment at the end of August looks back on the year that has just ended, whose last count was on 1 July.
    """
    days = [date(day.year - back, month, first) for back in (0, 1) for month, first in PEILDAGEN]
    return schooljaar_of(max(counted for counted in days if counted <= day))
