"""No pupil in the system: finds what reads like personal data in free text (domein.md, rule 10).

A miss costs a child's privacy, a false alarm costs a secretaris the trust in every other message; so each kind asks for
more than digits alone:

- burgerservicenummer: nine digits that pass the elfproef, in one piece or grouped as people group them. An amount of
  money is none.
- geboortedatum: any full date beside a word of birth ("geboren 3 maart 2015"), but not a cohort ("geboren na 1 oktober
  2020"). Without such a word only a date in figures that lies 3 to 25 years back, the age of who goes to school, and
  neither is the first of a month (peildatum, start of a schooljaar) nor follows a word that dates an event ("besloten
  op 12-06-2018"). A date with the month in words is how regio's write their meetings, and passes.
- e-mailadres: any.
- telefoonnummer: a Dutch number with its ten digits, national or with +31; not 0800 and 0900, which belong to nobody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils import timezone


class Soort(StrEnum):
    BSN = "burgerservicenummer"
    GEBOORTEDATUM = "geboortedatum"
    EMAIL = "e-mailadres"
    TELEFOON = "telefoonnummer"


@dataclass(frozen=True, order=True)
class Finding:
    """Something at text[begin:einde] that reads like personal data."""

    begin: int
    einde: int
    soort: Soort
    tekst: str


# Where a finding begins and ends in the text without invisible characters, and what it is.
Span = tuple[int, int, Soort]

YOUNGEST, OLDEST = 3, 25
LIFETIME = 120

# What a word processor puts between digits, brought back to what a keyboard has; one character for one.
PLAIN = str.maketrans("\u00a0\u2007\u2008\u2009\u200a\u202f\t\u2010\u2011\u2012\u2013\u2212", " " * 7 + "-" * 5)
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")

EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
NINE_DIGITS = re.compile(
    r"(?<!\d)(?<!\d[,.])"
    r"(?:\d{9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}([ .-])\d{2}\2\d{3}|\d{2}([ .-])\d{2}\3\d{2}\3\d{3})"
    r"(?!\d|[.,]\d)"
)
MONEY_BEFORE = re.compile(r"(?:€|\beuro|\bEUR)\s*$", re.IGNORECASE)
MONEY_AFTER = re.compile(r"\s*(?:€|euro\b|EUR\b)|,-", re.IGNORECASE)

DATE_IN_FIGURES = r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d"
TELEPHONE = re.compile(
    rf"(?<!\d)(?<![A-Z]{{4}})(?!{DATE_IN_FIGURES})"
    r"(?:"
    r"(?:\+|\b00)31[ .-]{0,2}(?:\(0\)[ .-]{0,2})?[1-9](?:[ .-]{0,3}\d){8}"  # +31 6 12345678, 0031 (0)30 1234567
    r"|0[1-9]\d{8}"  # 0612345678
    r"|06[ ./-]{1,3}\d(?:[ .-]?\d){7}"  # 06-12345678, 06 12 34 56 78
    r"|\(?0[1-9]\d\)?[ ./-]{1,3}"  # 030-1234567
    r"(?:\d{7}|\d{3}[ .-]\d{4}|\d{3}[ .-]\d{2}[ .-]\d{2}|\d{2}[ .-]\d{2}[ .-]\d{3}|\d{4}[ .-]\d{3})"
    r"|\(?0[1-9]\d\d\)?[ ./-]{1,3}(?:\d{6}|\d{3}[ .-]\d{3}|\d{2}[ .-]\d{2}[ .-]\d{2})"
    r")(?!\d)"
)
NOBODYS_NUMBER = re.compile(r"0[89]00")

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari feb",
            "maart mrt",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "augustus aug",
            "september sept sep",
            "oktober okt",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
FULL_DATE = re.compile(
    r"(?<![\d])(?:"
    r"(?P<d>\d{1,2})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})"
    r"|(?P<iy>\d{4})(?P<is>-)(?P<im>\d{1,2})-(?P<id>\d{1,2})"
    rf"|(?P<wd>\d{{1,2}})[ .-]{{1,2}}(?P<wm>{'|'.join(MONTHS)})\b\.?[ -]{{1,2}}(?P<wy>\d{{4}}|'?\d{{2}})"
    r"|(?P<bd>\d{2})(?P<bs> ?)(?P<bm>\d{2})(?P=bs)(?P<by>\d{4})"
    r")(?![\d]|[-/]\d)",
    re.IGNORECASE,
)
BIRTH = r"\bgeboren\b|\bgeboortedat\w*|\bgeboortedag\b|\bgeb\b\.?|\bgeb\.?dat\w*|\bjarig\b|\bverjaardag\b"
BIRTH_BEFORE = re.compile(rf"(?:{BIRTH})(?P<between>[^\d!?\n]{{0,30}})$", re.IGNORECASE)
BIRTH_AFTER = re.compile(rf"^[ ,(:-]{{0,3}}(?:{BIRTH})", re.IGNORECASE)
COHORT_OR_NEXT_SENTENCE = re.compile(r"\b(?:voor|vóór|na|vanaf|tot|sinds|tussen)\b|^\.\s|\w{4,}\.\s", re.IGNORECASE)
EVENT = re.compile(
    r"(?:\b(?:op|per|tot|en|t/m|vanaf|sinds|uiterlijk|voor|vóór|na|van|dd|datum|peildatum|peildata|teldatum|versie|besluit"
    r"|verslag|brief|kamerbrief|vergadering|overleg|oogo|rea|lea|vastgesteld|bijeenkomst|conferentie)|\bd\.\s?d\.|\bdd\.)"
    r"[ :]{0,2}$",
    re.IGNORECASE,
)


def passes_elfproef(digits: str) -> bool:
    """Return whether nine `digits` satisfy the check of a burgerservicenummer: 9a+8b+…+2h−i divides by 11."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total % 11 == 0 and any(digit != "0" for digit in digits)


def find_personal_data(text: str, today: date | None = None) -> list[Finding]:
    """Return what in `text` reads like personal data, in the order of the text, without overlap.

    `today` decides which dates may be those of a pupil; it defaults to the current date.
    """
    kept = [place for place, character in enumerate(text) if character not in INVISIBLE]
    plain = "".join(text[place] for place in kept).translate(PLAIN)
    today = today or timezone.localdate()
    found = sorted((*_emails(plain), *_numbers(plain), *_telephones(plain), *_birth_dates(plain, today)))
    findings: list[Finding] = []
    for begin, end, soort in found:
        where = slice(kept[begin], kept[end - 1] + 1)
        if not findings or where.start >= findings[-1].einde:
            findings.append(Finding(where.start, where.stop, soort, text[where]))
    return findings


def validate_free_text(text: str) -> None:
    """Refuse `text` with personal data in it; the message quotes what was found and says what to do."""
    found = find_personal_data(text)
    if found:
        *others, last = dict.fromkeys(f"‘{finding.tekst}’ ({finding.soort})" for finding in found)
        quoted = f"{', '.join(others)} en {last}" if others else last
        advice = (
            " Is het geen geboortedatum? Schrijf de maand dan voluit, bijvoorbeeld 12 juni 2018."
            if any(finding.soort == Soort.GEBOORTEDATUM for finding in found)
            else ""
        )
        raise ValidationError(
            f"Dit lijkt een persoonsgegeven: {quoted}. Haal het weg: hier horen geen gegevens van personen.{advice}",
            code="persoonsgegevens",
        )


def _emails(text: str) -> Iterator[Span]:
    for match in EMAIL.finditer(text):
        yield match.start(), match.end(), Soort.EMAIL


def _numbers(text: str) -> Iterator[Span]:
    for match in NINE_DIGITS.finditer(text):
        is_money = MONEY_BEFORE.search(text[: match.start()][-10:]) or MONEY_AFTER.match(text, match.end())
        if not is_money and passes_elfproef(re.sub(r"\D", "", match[0])):
            yield match.start(), match.end(), Soort.BSN


def _telephones(text: str) -> Iterator[Span]:
    for match in TELEPHONE.finditer(text):
        if not NOBODYS_NUMBER.match(match[0].lstrip("(")):
            yield match.start(), match.end(), Soort.TELEFOON


def _birth_dates(text: str, today: date) -> Iterator[Span]:
    for match in FULL_DATE.finditer(text):
        day = _as_date(match, today)
        if day is None:
            continue
        before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 20]
        age = (today - day).days / 365.25
        is_birth = 0 <= age <= LIFETIME and _says_birth(before, after)
        if is_birth or (YOUNGEST <= age <= OLDEST and _could_be_birth(match, day) and not EVENT.search(before)):
            yield match.start(), match.end(), Soort.GEBOORTEDATUM


def _says_birth(before: str, after: str) -> bool:
    birth = BIRTH_BEFORE.search(before)
    if birth:
        return not COHORT_OR_NEXT_SENTENCE.search(birth["between"])
    return bool(BIRTH_AFTER.match(after))


def _could_be_birth(match: re.Match[str], day: date) -> bool:
    """Whether the date is written in figures with separators, and is no section number and no first of a month."""
    if day.day == 1 or not (match["s"] or match["is"]):
        return False
    return not (match["s"] == "." and len(match["y"]) == 2)


def _as_date(match: re.Match[str], today: date) -> date | None:
    day, month, year = next(
        (match[d], match[m], match[y].lstrip("'"))
        for d, m, y in (("d", "m", "y"), ("id", "im", "iy"), ("wd", "wm", "wy"), ("bd", "bm", "by"))
        if match[d]
    )
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= today.year % 100 else 1900
    try:
        return date(number, MONTHS.get(month.lower()) or int(month), int(day))
    except ValueError:
        return None
