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
        ("In Oudewater zijn het er maar 2, klopt dat?", "er maar 2"),
        ("Ik telde er nog drie.", "er nog drie"),
        ("Zijn er 3 bij gekomen?", "er 3"),
        ("Waarom is 3 van Oudewater zo?", "3 van"),
        ("Klopt 2 in Woerden?", "2 in"),
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
        "Waarom ging het van 4 in Aug 25 naar 3 in Augustus 2026?",
        "Waarom kreeg A1 score 3 in Woerden?",
        "Waarom staat A1 op 1 in Woerden, en ging B1 naar 2 in Montfoort?",
        "Zijn er 2 scholen die meedoen?",
        "Er 3.000 uitgeven, kan dat?",
        "Waarom staat er 2026?",
        "Wat doen 3 van de vijf gemeenten?",
        "Dat zijn er 12, en 20 van Woerden.",
    ],
)
def test_other_numbers_are_not(text):
    assert find_small_count(text, drempel=5) is None


def test_threshold_of_the_regio_decides():
    assert find_small_count("7 kinderen", drempel=10) == "7 kinderen"
    assert find_small_count("Tien kinderen", drempel=10) is None
    assert find_small_count("1 kind", drempel=1) is None
