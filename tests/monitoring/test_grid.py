"""The doelen × meetmomenten grid, on plain data."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace as Thing

from hypothesis import given
from hypothesis import strategies as st

from monitoring.grid import Grid, build_grid

SCALE = tuple(Thing(pk=10 + n, waarde=n, vraagt_besluit=n < 3) for n in range(1, 6))
MOMENTS = tuple(Thing(pk=n, peildatum=date(2024 + n, 8, 31)) for n in range(3))
THEMAS = (Thing(pk=1, naam="Eerste"), Thing(pk=2, naam="Tweede"))


@dataclass
class Score:
    doel_id: int
    meetmoment_id: int
    waarde: object | None
    organisatie_id: int | None = None


def doel(pk: int) -> Thing:
    thema = THEMAS[pk % 2]
    return Thing(pk=pk, thema=thema, thema_id=thema.pk)


def grid_of(values: dict[tuple[int, int], int | None], *, doelen: int = 2, local: list[Score] | None = None) -> Grid:
    """Build a grid from {(doel, moment): value}; None is a draft without a value, a missing key is no score at all."""
    scores = [Score(d, m, SCALE[value - 1] if value else None) for (d, m), value in values.items()]
    return build_grid(
        doelen=[doel(pk) for pk in range(doelen)],
        meetmomenten=MOMENTS,
        scores=[*scores, *(local or [])],
        schaalwaarden=SCALE,
    )


grids = st.integers(1, 8).flatmap(
    lambda doelen: st.dictionaries(
        st.tuples(st.integers(0, doelen - 1), st.integers(0, 2)), st.none() | st.integers(1, 5)
    ).map(lambda values: (grid_of(values, doelen=doelen), values))
)


def test_difference_is_against_the_moment_before():
    row = grid_of({(0, 0): 2, (0, 1): 4, (0, 2): 3}).rows[0]
    assert [cell.verschil for cell in row.cells] == [None, 2, -1]


def test_a_gap_is_not_bridged_and_not_zero():
    row = grid_of({(0, 0): 2, (0, 2): 3}).rows[0]
    assert [cell.verschil for cell in row.cells] == [None, None, None]


def test_a_draft_counts_as_not_scored():
    grid = grid_of({(0, 0): None, (1, 0): 5})
    assert grid.spread(MOMENTS[0]).scored == 1
    assert [cell.doel.pk for cell in grid.changes(MOMENTS[0]).unscored] == [0]


def test_local_scores_stand_beneath_the_regional_one_and_are_not_counted():
    local = [Score(0, 1, SCALE[0], organisatie_id=7)]
    grid = grid_of({(0, 1): 4}, local=local)
    row = grid.rows[0]
    assert row.at(MOMENTS[1]).lokaal == tuple(local)
    assert grid.spread(MOMENTS[1]).asking == 0


def test_local_table_names_every_gemeente_also_one_that_gave_nothing():
    local = [Score(0, 1, SCALE[0], organisatie_id=7)]
    row = grid_of({}, local=local).rows[0]
    stad, dorp = Thing(pk=7), Thing(pk=8)
    table = row.local_table([stad, dorp])
    assert table == [
        (stad, [(MOMENTS[0], None), (MOMENTS[1], local[0]), (MOMENTS[2], None)]),
        (dorp, [(moment, None) for moment in MOMENTS]),
    ]


def test_what_asks_for_a_decision_comes_most_urgent_first():
    grid = grid_of({(0, 0): 2, (1, 0): 1, (2, 0): 3}, doelen=3)
    assert [cell.doel.pk for cell in grid.asking_decision(MOMENTS[0])] == [1, 0]


def test_changes_name_each_direction():
    grid = grid_of({(0, 0): 3, (0, 1): 4, (1, 0): 3, (1, 1): 2, (2, 0): 3, (2, 1): 3, (3, 1): 5}, doelen=5)
    changes = grid.changes(MOMENTS[1])
    lists = (changes.higher, changes.lower, changes.same, changes.first, changes.unscored)
    assert [[cell.doel.pk for cell in cells] for cells in lists] == [[0], [1], [2], [3], [4]]


def test_spread_table_has_a_row_per_value_and_one_for_what_is_not_scored():
    table = grid_of({(0, 0): 2, (1, 0): 2, (1, 1): 5}).spread_table(MOMENTS[:2])
    assert table == [
        (SCALE[0], [0, 0]),
        (SCALE[1], [2, 0]),
        (SCALE[2], [0, 0]),
        (SCALE[3], [0, 0]),
        (SCALE[4], [0, 1]),
        (None, [0, 1]),
    ]


def test_a_value_of_another_scale_is_counted_too():
    strange = Thing(pk=99, waarde=2, vraagt_besluit=True)
    grid = build_grid(doelen=[doel(0)], meetmomenten=MOMENTS, scores=[Score(0, 0, strange)], schaalwaarden=SCALE[2:])
    assert (strange, 1) in grid.spread(MOMENTS[0]).counts


def test_narrowing_drops_thema_s_without_doelen():
    grid = grid_of({}, doelen=4).only(lambda row: row.doel.pk % 2 == 0)
    assert [section.thema for section in grid.sections] == [THEMAS[0]]
    assert [row.doel.pk for row in grid.rows] == [0, 2]


def test_moments_before_and_until():
    grid = grid_of({})
    assert grid.previous(MOMENTS[0]) is None
    assert grid.previous(MOMENTS[2]) == MOMENTS[1]
    assert grid.until(MOMENTS[1]) == list(MOMENTS[:2])


@given(grids)
def test_every_doel_is_in_exactly_one_list_of_changes(built):
    grid, _ = built
    for moment in MOMENTS:
        changes = grid.changes(moment)
        listed = [*changes.higher, *changes.lower, *changes.same, *changes.first, *changes.unscored]
        assert sorted(cell.doel.pk for cell in listed) == sorted(row.doel.pk for row in grid.rows)


@given(grids)
def test_spread_sums_to_what_is_scored_and_missing_is_never_a_value(built):
    grid, values = built
    for number, moment in enumerate(MOMENTS):
        spread = grid.spread(moment)
        given_here = [value for (_, m), value in values.items() if m == number and value]
        assert sum(count for _, count in spread.counts) == spread.scored == len(given_here)
        assert spread.scored + spread.unscored == spread.total == len(grid.rows)
        assert {waarde.waarde: count for waarde, count in spread.counts if count} == {
            value: given_here.count(value) for value in set(given_here)
        }


@given(grids)
def test_no_difference_without_both_values(built):
    grid, values = built
    for row in grid.rows:
        for number, cell in enumerate(row.cells):
            before, now = values.get((row.doel.pk, number - 1)), values.get((row.doel.pk, number))
            assert cell.verschil == (now - before if now and before else None)
