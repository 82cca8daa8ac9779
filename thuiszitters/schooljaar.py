"""The school year, 1 August – 31 July, written 2024-2025, and the days on which is counted (domein.md, Words)."""

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
