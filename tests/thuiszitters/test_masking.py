"""Nobody works out a small number, whatever they know and however they reckon (domein.md, rule 10; ADR 0020)."""

import random
from collections.abc import Iterable
from itertools import product

import pytest

from tests.thuiszitters.attack import Loss, Reader, Sight, World
from tests.thuiszitters.random_quarters import random_quarter
from thuiszitters.counting import given
from thuiszitters.cube import ALL_GEMEENTEN, SAMEN, Key, codes_of
from thuiszitters.masking import Cell, Masked, Sum, Table, mask
from thuiszitters.overview import Quarter
from thuiszitters.publication import Period, publish
from thuiszitters.sheet import SECTORS
from thuiszitters.suppression import Effort

THRESHOLD = 5


def world_of(quarter: Quarter) -> World:
    return World(quarter.categories, [g.pk for g in quarter.gemeenten], SECTORS, quarter.counts)


def seen(period: Period) -> list[Sight]:
    """Read the page: the regio's total of everything that is counted, and how many sit at home in each gemeente."""
    places = [(ALL_GEMEENTEN, code) for code in codes_of(period.quarter.categories)]
    places += [(g.pk, SAMEN) for g in period.quarter.gemeenten]
    return [Sight(pk, code, period.show(pk, code).tekst) for pk, code in places]


def attack(quarter: Quarter, sights: list[Sight], threshold: int = THRESHOLD) -> dict[int, list[Loss]]:
    """Let an outsider (0) and somebody of each gemeente try; return who found what."""
    world = world_of(quarter)
    reader = Reader(world, sights, threshold)
    found = {who: reader.losses(who) for who in (0, *world.gemeenten)}
    return {who: lost for who, lost in found.items() if lost}


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_no_reader_narrows_a_small_number_of_a_thousand_quarters(start):
    for seed in range(start, start + 100):
        quarter = random_quarter(seed)
        (period,) = publish([quarter], drempel=THRESHOLD)
        assert attack(quarter, seen(period)) == {}, f"seed {seed}"


def test_two_versions_differ_by_no_small_number_that_became_known():
    """Whoever read a version without a count learns nothing of it from the next, as long as it is small."""
    grown = 0
    for seed in range(100):
        quarter, dice = random_quarter(seed), random.Random(seed)
        cells = sorted(quarter.counts)
        before = set(dice.sample(cells, k=1 + len(cells) // 10))
        (first,) = publish([quarter.without(before)], drempel=THRESHOLD)
        quarter.telmoment.eerder_onbekend = sorted(before)
        (second,) = publish([quarter], drempel=THRESHOLD)
        assert attack(second.quarter, seen(second)) == {}, f"seed {seed}"
        for place in [(ALL_GEMEENTEN, c.code) for c in quarter.categories] + [(g.pk, SAMEN) for g in quarter.gemeenten]:
            one, two = first.show(*place).aantal, second.show(*place).aantal
            if one is None or two is None:
                continue
            known = (quarter.count(*key).aantal or 0 for key in _added_up(second, *place) if key in before)
            assert two - one == sum(aantal for aantal in known if aantal >= THRESHOLD), f"seed {seed}, {place}"
            grown += two > one
    assert grown


def _added_up(period: Period, gemeente: int, code: str) -> Iterable[Key]:
    gemeenten = [gemeente] if gemeente else period.cube.gemeenten
    return product(gemeenten, period.cube.parts_of(code), SECTORS)


def weakened(quarter: Quarter, threshold: int = THRESHOLD) -> list[Sight]:
    """Read a page on which only the small numbers themselves are hidden."""
    (raw,) = publish([quarter], drempel=None)
    sights = seen(raw)
    return [
        Sight(s.gemeente, s.code, f"<{threshold}") if s.text.isdecimal() and 0 < int(s.text) < threshold else s
        for s in sights
    ]


def test_the_attack_succeeds_where_only_the_small_numbers_are_hidden():
    broken = sum(bool(attack(quarter, weakened(quarter))) for quarter in map(random_quarter, range(100)))
    assert broken > 50


def test_the_attack_succeeds_where_nobody_thought_of_who_knows_one_gemeente(monkeypatch):
    def for_outsiders_only(table, threshold, hidden=frozenset()):
        everybody = len({cell.key for cell in table.cells if cell.is_shown and cell.key[0]})
        return mask(table, threshold) if everybody == 3 else Masked({}, 0, 0, is_minimal=True)

    monkeypatch.setattr("thuiszitters.publication.mask", for_outsiders_only)
    quarters = [quarter for quarter in map(random_quarter, range(1000, 1100)) if len(quarter.gemeenten) == 3]
    found = [attack(quarter, seen(publish([quarter], drempel=THRESHOLD)[0])) for quarter in quarters]
    assert not any(0 in who for who in found)
    assert sum(bool(who) for who in found) > len(quarters) / 3


@pytest.mark.parametrize("threshold", [3, 10])
def test_another_threshold_is_kept_as_well(threshold):
    for seed in range(2000, 2020):
        quarter = random_quarter(seed)
        (period,) = publish([quarter], drempel=threshold)
        assert attack(quarter, seen(period), threshold) == {}, f"seed {seed}"


def test_a_zero_and_a_gap_show_as_they_are():
    for quarter in map(random_quarter, range(3000, 3040)):
        (raw,), (period,) = publish([quarter], drempel=None), publish([quarter], drempel=THRESHOLD)
        for before, after in zip(seen(raw), seen(period), strict=True):
            assert after.text == before.text if before.text in {"0", "onbekend", "geen opgave"} else after.text != "0"


def test_a_threshold_that_protects_nothing_is_refused():
    with pytest.raises(ValueError, match="protects nothing"):
        mask(Table((), ()), 2)


def test_without_time_to_search_everything_above_zero_is_hidden():
    cells = (Cell("a", given(2)), Cell("b", given(9)), Cell("c", given(0)), Cell("som", given(11)))
    shown = mask(Table(cells, (Sum(("som",), ("a", "b", "c")),)), THRESHOLD, Effort(search=0)).shown
    assert [str(shown[key]) for key in "abc"] == ["<5", "afgeschermd", "0"] or str(shown["a"]) == "afgeschermd"
    assert str(shown["c"]) == "0"
    assert not str(shown["som"]).isdecimal()
