"""Sums over sectors, gemeenten and categories: what is missing is never counted as zero."""

from hypothesis import given as forall
from hypothesis import strategies as st

from tests.thuiszitters.test_plausibility import CATEGORIES
from thuiszitters.counting import MISSING, UNKNOWN, given
from thuiszitters.cube import ALL_GEMEENTEN, ALL_SECTORS, SAMEN, ZONDER_REDEN, build_cube
from thuiszitters.linked import linked_table

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
def test_what_is_masked_are_the_sums_that_are_shown(counts):
    cube = cube_of(counts)
    table = linked_table(cube, [1, 2])  # refuses a sum that does not hold
    shown = {cell.key: cell.count.aantal for cell in table.cells if cell.is_shown}
    assert shown == {key: cube.totals[key].aantal for key in shown}
    assert {
        (ALL_GEMEENTEN, SAMEN, ALL_SECTORS),
        (ALL_GEMEENTEN, ZONDER_REDEN, ALL_SECTORS),
        (1, SAMEN, ALL_SECTORS),
    } <= set(shown)


@forall(st.fixed_dictionaries({key: st.integers(0, 9).map(given) for key in KEYS}))
def test_without_gaps_every_total_is_the_sum_of_what_it_is_made_of(counts):
    cube = cube_of(counts)
    assert cube.get(ALL_GEMEENTEN, "een").aantal == sum(c.aantal for (g, code, s), c in counts.items() if code == "een")
    assert cube.get(ALL_GEMEENTEN, SAMEN).aantal == sum(
        cube.get(g, SAMEN, s).aantal for g in (1, 2) for s in ("PO", "VO")
    )
