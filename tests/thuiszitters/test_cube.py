"""Sums over sectors, gemeenten and categories: what is missing is never counted as zero."""

from hypothesis import given as forall
from hypothesis import strategies as st

from tests.thuiszitters.test_plausibility import CATEGORIES
from thuiszitters.counting import MISSING, UNKNOWN, given
from thuiszitters.cube import ALL_GEMEENTEN, ALL_SECTORS, SAMEN, ZONDER_REDEN, build_cube

COUNT = st.one_of(st.just(MISSING), st.just(UNKNOWN), st.integers(0, 9).map(given))
KEYS = [(g, c.code, s) for g in (1, 2) for c in CATEGORIES for s in ("PO", "VO")]


def cube_of(counts):
    return build_cube(categories=CATEGORIES, gemeenten=[1, 2], sectors=["PO", "VO"], counts=counts)


def test_a_sum_knows_of_how_many_counts_it_is():
    cube = cube_of({(1, "een", "PO"): given(3), (1, "twee", "PO"): given(2), (2, "een", "PO"): UNKNOWN})
    assert cube.get(1, SAMEN, "PO").aantal == 5
    assert cube.get(1, SAMEN, "PO").is_complete
    whole = cube.get(ALL_GEMEENTEN, SAMEN)
    assert (whole.aantal, whole.opgegeven, whole.van) == (5, 2, 8)
    assert cube.get(2, "een").aantal is None


def test_children_without_a_reason_are_what_is_left():
    cube = cube_of(
        {
            (1, "een", "PO"): given(3),
            (1, "twee", "PO"): given(2),
            (1, "aanbod", "PO"): given(1),
            (1, "anders", "PO"): given(1),
        }
    )
    assert cube.get(1, ZONDER_REDEN, "PO").aantal == 3


@forall(st.fixed_dictionaries(dict.fromkeys(KEYS, COUNT)))
def test_every_relation_that_a_reader_could_reckon_with_holds(counts):
    cube = cube_of(counts)
    values = cube.values
    for relation in cube.relations:
        assert values[relation.whole] == sum(values[part] for part in relation.parts)


@forall(st.fixed_dictionaries({key: st.integers(0, 9).map(given) for key in KEYS}))
def test_without_gaps_every_sum_has_a_relation(counts):
    cube = cube_of(counts)
    wholes = {relation.whole for relation in cube.relations}
    for sector in ("PO", "VO", ALL_SECTORS):
        assert (ALL_GEMEENTEN, SAMEN, sector) in wholes
        assert (ALL_GEMEENTEN, "lang", sector) in wholes
    assert cube.get(ALL_GEMEENTEN, "een").aantal == sum(c.aantal for (g, code, s), c in counts.items() if code == "een")
