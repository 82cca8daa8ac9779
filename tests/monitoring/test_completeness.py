"""Domein.md, rule 5: scores 1, 2 and 5 need an explanation, and so does every changed score."""

import pytest

from monitoring.completeness import missing_in_score


@pytest.mark.parametrize(
    ("waarde", "vorige", "toelichting", "verplicht", "missing"),
    [
        (None, None, "", False, "nog geen score"),
        (None, 3, "wel al een tekst", False, "nog geen score"),
        (1, 1, "", True, "een score 1 vraagt een toelichting"),
        (2, 2, "   \n", True, "een score 2 vraagt een toelichting"),
        (5, None, "", True, "een score 5 vraagt een toelichting"),
        (5, 5, "omdat het goed gaat", True, None),
        (3, 3, "", False, None),
        (3, None, "", False, None),
        (4, 3, "", False, "de score ging van 3 naar 4: dat vraagt een toelichting"),
        (3, 4, "het stokt", False, None),
    ],
)
def test_what_a_score_still_lacks(waarde, vorige, toelichting, verplicht, missing):
    said = missing_in_score(waarde=waarde, vorige=vorige, toelichting=toelichting, toelichting_verplicht=verplicht)
    assert said == missing
