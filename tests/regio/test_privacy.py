"""Personal data in free text: what is found, and above all what is not (domein.md, rule 10)."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from regio.privacy import Soort, find_personal_data, passes_elfproef, validate_free_text

TODAY = date(2026, 11, 21)
SENTENCES = ("Het REA kwam zes keer bijeen. {} Dat is besproken.", "{}", "Zie ({}).", "Leerling:{}, VO", "a\n{}\nb")


def found(text: str) -> list[tuple[Soort, str]]:
    return [(finding.soort, finding.tekst) for finding in find_personal_data(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "soort"),
    [
        ("123456782", Soort.BSN),
        ("123 456 782", Soort.BSN),
        ("123.456.782", Soort.BSN),
        ("123-456-782", Soort.BSN),
        ("1234.56.782", Soort.BSN),
        ("12 34 56 782", Soort.BSN),
        ("123\u00a0456\u2009782".replace("\u2009", "\u00a0"), Soort.BSN),
        ("1234\u200b56782", Soort.BSN),
        ("111222333", Soort.BSN),
        ("geboren 3 maart 2015", Soort.GEBOORTEDATUM),
        ("geboren op 03-03-2015", Soort.GEBOORTEDATUM),
        ("geboren te Wijk bij Duurstede op 1 oktober 2015", Soort.GEBOORTEDATUM),
        ("geboortedatum: 1-10-2018", Soort.GEBOORTEDATUM),
        ("geb. 3 mrt. 2015", Soort.GEBOORTEDATUM),
        ("geb 3/3/15", Soort.GEBOORTEDATUM),
        ("geb.dat. 03032015", Soort.GEBOORTEDATUM),
        ("Jarig op 12 mei '14", Soort.GEBOORTEDATUM),
        ("geboren 12 mei 1971", Soort.GEBOORTEDATUM),
        ("3 maart 2015 geboren", Soort.GEBOORTEDATUM),
        ("12-06-2018", Soort.GEBOORTEDATUM),
        ("12/6/18", Soort.GEBOORTEDATUM),
        ("12.06.2018", Soort.GEBOORTEDATUM),
        ("2018-06-12", Soort.GEBOORTEDATUM),
        ("12\u201106\u20112018", Soort.GEBOORTEDATUM),
        ("j.jansen@passenderwijs.nl", Soort.EMAIL),
        ("Info+rea@school.utrecht.nl", Soort.EMAIL),
        ("0612345678", Soort.TELEFOON),
        ("06-12345678", Soort.TELEFOON),
        ("06 12 34 56 78", Soort.TELEFOON),
        ("06 - 1234 5678", Soort.TELEFOON),
        ("+31 6 12345678", Soort.TELEFOON),
        ("+31(0)6-12345678", Soort.TELEFOON),
        ("0031 30 123 45 67", Soort.TELEFOON),
        ("030-1234567", Soort.TELEFOON),
        ("(030) 123 45 67", Soort.TELEFOON),
        ("0348 123456", Soort.TELEFOON),
        ("0348-12 34 56", Soort.TELEFOON),
        ("088/123 45 67", Soort.TELEFOON),
    ],
)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_personal_data_is_found_wherever_it_stands(sentence: str, text: str, soort: Soort):
    findings = find_personal_data(sentence.format(text), TODAY)
    assert [finding.soort for finding in findings] == [soort]
    assert findings[0].tekst in text or text in findings[0].tekst


@pytest.mark.parametrize(
    "text",
    [
        "Het aantal groeide van 31 naar 44 leerlingen in schooljaar 2024-2025.",
        "Vergaderd op 11 september 2025; volgende keer 1 oktober 2026.",
        "Op 18 april 2019 wordt de samenwerkingsagenda 2019-2022 in het OOGO vastgesteld.",
        "De wet gaat in op 25 mei 2018, het plan loopt af per 1 augustus 2018.",
        "Leerlingen op 1-10-2014: 732 213 12942, op 1-10-2015: 729 215 13343",
        "Peildatum 1-10-14 5,66% 10,61% 1,65%",
        "Vastgesteld op 12-06-2018, verslag d.d. 20-4-18, besluit van 13-2-2018.",
        "OOGO 12-06-2018: akkoord.",
        "Het overleg van 24-09-2026 gaat door, net als dat van 24-09-2025.",
        "Kinderen geboren na 12 oktober 2020 gaan vanaf 2024 naar school.",
        "Leerlingen geboren tussen 1-10-2014 en 1-10-2015.",
        "Er werden 40 kinderen geboren. Op 12 maart 2020 sloten de scholen.",
        "Kosten € 123.456.782 per jaar, of 123456782 euro.",
        "Het budget is EUR 123456782 en 1.234.567.890,50.",
        "Postcode 3441 AB, GM0632, BRIN 02AB, artikel 5 onder a, paragraaf 3.1.12 en 2.4.15.",
        "Kijk in paragraaf 12.10.2 en op bladzijde 100-200.",
        "De scores 3 3 4 2 5 3 4 3 3 en de jaren 2022 2023 2024.",
        "Bel Veilig Thuis: 0800-2000, of 0900 1234567.",
        "01-10-2026 11 leerlingen, 06-10-2026 15 leerlingen, 06 10 2024 15 leerlingen",
        "Zaaknummer 123456789, dossier 20241234567 en 0,123456782.",
        "De TLV’s per 1.000 leerlingen: 28,4 → 27,9 (n = 12 van 13).",
        "Zie rijksoverheid.nl/documenten/kamerstukken/2018/02/05/kamerbrief.",
        "Op 31-02-2018 en 99-99-2015 gebeurde niets.",
        "Jan@ en @school en 3 x 2 = 6 @ 8",
        "",
    ],
)
def test_ordinary_text_passes(text: str):
    assert found(text) == []


def test_the_first_of_a_month_and_a_word_of_event_do_not_excuse_a_birth():
    assert found("geboren op 1-10-2018") == [(Soort.GEBOORTEDATUM, "1-10-2018")]
    assert found("Woont nu elders, geb. op 12-06-1990") == [(Soort.GEBOORTEDATUM, "12-06-1990")]


def test_a_date_in_figures_is_a_birth_date_only_at_the_age_of_a_pupil():
    for years, expected in ((2, 0), (4, 1), (24, 1), (26, 0)):
        day = TODAY.replace(year=TODAY.year - years)
        assert len(found(f"Leerling, {day:%d-%m-%Y}")) == expected, years


def test_everything_in_one_text_is_told_in_its_order():
    text = "Bel 06-12345678 of mail jan@example.nl over 123456782, geboren 3 maart 2015."
    assert [soort for soort, _ in found(text)] == [Soort.TELEFOON, Soort.EMAIL, Soort.BSN, Soort.GEBOORTEDATUM]


def test_the_refusal_quotes_what_it_found_and_says_what_to_do():
    with pytest.raises(ValidationError) as refused:
        validate_free_text("Bel 06-12345678 over het kind van 2015, geboren 3 maart 2015.")
    (message,) = refused.value.messages
    assert "‘06-12345678’ (telefoonnummer)" in message
    assert "‘3 maart 2015’ (geboortedatum)" in message
    assert "Haal het weg" in message
    assert "Schrijf de maand dan voluit" in message


def test_a_refusal_without_a_date_does_not_speak_of_dates():
    with pytest.raises(ValidationError) as refused:
        validate_free_text("jan@example.nl")
    assert "maand" not in refused.value.messages[0]
    validate_free_text("Niets aan de hand.")


def bsn_from(number: int) -> str | None:
    """Return nine digits that begin with `number` and pass the elfproef, None when no last digit does."""
    first = f"{number:08}"
    return next((first + last for last in "0123456789" if passes_elfproef(first + last)), None)


valid_bsn = st.integers(1, 99_999_999).map(bsn_from).filter(bool)
# No digits, no @ and no sign of money: nothing that could be part of, or excuse, what is put in the middle.
surroundings = st.text(
    st.characters(exclude_categories=["N", "Cs", "Cf", "Cc"], exclude_characters="@€+-.,"), max_size=30
).filter(lambda text: not re.search("euro?", text, re.IGNORECASE))


@given(
    valid_bsn, st.sampled_from(["{0}{1}{2}", "{0} {1} {2}", "{0}.{1}.{2}", "{0}-{1}-{2}"]), surroundings, surroundings
)
def test_every_bsn_is_found_in_any_text(bsn: str, form: str, before: str, after: str):
    written = form.format(bsn[:3], bsn[3:6], bsn[6:])
    text = before + written + after
    assert (Soort.BSN, written) in found(text)


@given(st.integers(0, 999_999_999).map("{:09}".format).filter(lambda digits: not passes_elfproef(digits)))
def test_nine_digits_that_fail_the_elfproef_are_no_bsn(digits: str):
    assert not any(soort == Soort.BSN for soort, _ in found(f"nummer {digits}"))


@given(valid_bsn, st.integers(0, 8), st.integers(1, 9))
def test_one_changed_digit_always_fails_the_elfproef(bsn: str, place: int, shift: int):
    changed = bsn[:place] + str((int(bsn[place]) + shift) % 10) + bsn[place + 1 :]
    assert not passes_elfproef(changed)


@given(st.text(max_size=200))
def test_a_finding_is_a_piece_of_the_text_and_none_overlaps_the_next(text: str):
    end = 0
    for finding in find_personal_data(text, TODAY):
        assert text[finding.begin : finding.einde] == finding.tekst
        assert finding.begin >= end
        end = finding.einde


@given(st.text("0123456789 -./@()+€geboren", max_size=120))
def test_any_mix_of_digits_and_signs_is_read_without_an_error(text: str):
    for finding in find_personal_data(text, TODAY):
        assert finding.tekst.strip()


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(0, 60), st.integers(0, 900))
def test_meeting_dates_in_words_and_counts_pass(day: date, one: int, other: int):
    months = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ]
    written = f"{day.day} {months[day.month - 1]} {day.year}"
    assert found(f"Besproken in het OOGO van {written}: van {one} naar {other} leerlingen.") == []


@given(st.dates(TODAY - timedelta(days=24 * 365), TODAY - timedelta(days=4 * 365)).filter(lambda day: day.day != 1))
def test_a_pupils_birth_date_in_figures_is_found(day: date):
    for written in (f"{day:%d-%m-%Y}", f"{day.day}/{day.month}/{day:%y}", day.isoformat()):
        assert found(f"Sam ({written}) zit thuis.") == [(Soort.GEBOORTEDATUM, written)]
