"""A small number of children in a text that all read is found; other numbers are not."""

import pytest

from monitoring.small_numbers import find_small_count


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Er zitten 3 leerlingen thuis.", "3 leerlingen"),
        ("In Stad zijn dat 2 oudere kinderen.", "2 oudere kinderen"),
        ("Klopt het dat 4 van de 40 thuiszitters terug zijn?", "4 van de 40 thuiszitters"),
        ("Het gaat om één leerling.", "één leerling"),
        ("Drie jongeren wachten.", "Drie jongeren"),
        ("(1 kind)", "1 kind"),
    ],
)
def test_small_count_is_found(text, found):
    assert find_small_count(text, drempel=5) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Een leerling die thuiszit, telt die mee?",
        "Er zijn 0 leerlingen zonder aanbod.",
        "Dat zijn 5 leerlingen.",
        "Dat zijn 44 leerlingen, 4 meer dan vorig jaar.",
        "De score ging van 4 naar 1 en dat vraagt aandacht.",
        "Per 1.000 leerlingen zijn het er meer, op 1 oktober 2026.",
        "Langer dan 3 maanden thuis; artikel 5 onder a.",
        "13,3 leerlingen per klas",
    ],
)
def test_other_numbers_are_not(text):
    assert find_small_count(text, drempel=5) is None


def test_threshold_of_the_regio_decides():
    assert find_small_count("7 kinderen", drempel=10) == "7 kinderen"
    assert find_small_count("Tien kinderen", drempel=10) is None
    assert find_small_count("1 kind", drempel=1) is None
