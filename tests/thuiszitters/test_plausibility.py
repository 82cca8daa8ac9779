"""Parts and wholes, reasons, jumps, and the three states of a count."""

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from thuiszitters.categories import REDEN, VERZUIM, Category
from thuiszitters.counting import MISSING, UNKNOWN, Count, Status, given, total
from thuiszitters.plausibility import is_jump, question, refusals, unexplained

COUNT = st.one_of(st.just(MISSING), st.just(UNKNOWN), st.integers(0, 50).map(given))


def category(code: str, groep: str = VERZUIM, whole: str | None = None) -> Category:
    return Category(pk=1, code=code, groep=groep, naam=code, kort=code, definitie=code, onderdeel_van=whole)


CATEGORIES = [
    category("een"),
    category("twee"),
    category("lang", whole="twee"),
    category("zonder", whole="lang"),
    category("aanbod", REDEN),
    category("anders", REDEN),
]


def counts(**values: Count | int) -> dict[tuple[str, str], Count]:
    return {(code, "PO"): given(value) if isinstance(value, int) else value for code, value in values.items()}


def test_a_number_belongs_to_opgegeven_and_to_nothing_else():
    with pytest.raises(ValueError, match="onbekend with 3"):
        Count(Status.ONBEKEND, 3)
    with pytest.raises(ValueError, match="opgegeven with None"):
        Count(Status.OPGEGEVEN)


def test_the_three_states_read_differently():
    assert [str(state) for state in (given(0), UNKNOWN, MISSING)] == ["0", "onbekend", "geen opgave"]


@pytest.mark.parametrize(
    ("added", "words"),
    [
        ([given(3), given(0)], "3"),
        ([given(3), MISSING], "3 (1 van 2)"),
        ([given(0), UNKNOWN, MISSING], "0 (1 van 3)"),
        ([MISSING, UNKNOWN], "geen opgave (0 van 2)"),
    ],
)
def test_a_total_says_of_how_many_it_is(added, words):
    assert str(total(added)) == words


@forall(st.lists(COUNT))
def test_a_missing_count_never_counts_as_zero(added):
    summed = total(added)
    numbers = [count for count in added if count.status == Status.OPGEGEVEN]
    assert (summed.aantal is None) == (not numbers)
    assert (summed.opgegeven, summed.van) == (len(numbers), len(added))
    assert total([*added, MISSING]) != summed
    assert total([*added, given(0)]) != total([*added, MISSING])


def test_a_part_above_its_whole_is_refused_with_both_cells_and_what_to_mend():
    (refusal,) = refusals(CATEGORIES, ["PO"], counts(twee=3, lang=4))
    assert refusal.cells == {("twee", "PO"), ("lang", "PO")}
    assert refusal.tekst == (
        "‘lang’ is 4, maar ‘twee’ is 3. Een deel kan niet groter zijn dan het geheel: verlaag 4 of verhoog 3."
    )


@pytest.mark.parametrize("whole", [MISSING, UNKNOWN])
def test_a_part_of_an_unknown_whole_is_not_judged(whole):
    assert refusals(CATEGORIES, ["PO"], counts(twee=whole, lang=4)) == []


def test_reasons_above_the_children_are_refused():
    (refusal,) = refusals(CATEGORIES, ["PO"], counts(een=1, twee=2, aanbod=3, anders=1))
    assert refusal.cells == {(code, "PO") for code in ("een", "twee", "aanbod", "anders")}
    assert "De redenen tellen op tot 4, maar er zijn 3 leerlingen." in refusal.tekst


def test_reasons_are_not_judged_while_a_categorie_is_missing():
    assert refusals(CATEGORIES, ["PO"], counts(een=1, aanbod=3)) == []


@pytest.mark.parametrize(
    ("entered", "left"),
    [
        (counts(een=1, twee=4, aanbod=2, anders=1), 2),
        (counts(een=1, twee=4, aanbod=2), 3),
        (counts(een=1, twee=4), 5),
        (counts(een=0, twee=0), 0),
        (counts(een=1, aanbod=1), None),
        (counts(een=1, twee=4, aanbod=UNKNOWN), None),
    ],
)
def test_children_without_a_reason_are_shown_not_hidden(entered, left):
    assert unexplained(CATEGORIES, "PO", entered) == left


@forall(st.fixed_dictionaries({c.code: COUNT for c in CATEGORIES}))
def test_what_is_not_refused_holds_together(entered):
    cells = counts(**entered)
    if not refusals(CATEGORIES, ["PO"], cells):
        for part, whole in (("lang", "twee"), ("zonder", "lang")):
            if entered[part].aantal is not None and entered[whole].aantal is not None:
                assert entered[part].aantal <= entered[whole].aantal
        left = unexplained(CATEGORIES, "PO", cells)
        assert left is None or left >= 0


@pytest.mark.parametrize(
    ("before", "now", "jump"),
    [
        (given(10), given(15), False),  # exactly half
        (given(10), given(16), True),
        (given(9), given(14), True),
        (given(4), given(8), False),  # double, but four children
        (given(0), given(5), True),
        (given(0), given(4), False),
        (given(5), given(0), True),
        (given(4), given(0), False),
        (given(12), given(6), False),
        (given(12), given(5), True),
        (UNKNOWN, given(50), False),
        (MISSING, given(50), False),
        (given(50), UNKNOWN, False),
        (given(50), MISSING, False),
    ],
)
def test_a_jump_is_more_than_half_and_at_least_five(before, now, jump):
    assert is_jump(before, now) is jump
    assert (question(before, now) is not None) is jump


def test_the_question_names_both_numbers():
    assert question(given(12), given(21)) == (
        "Dat zijn er 9 meer dan vorig kwartaal (12 → 21). Klopt dat? Schrijf in één zin wat er is gebeurd."
    )
    assert question(given(12), given(3)) is not None
    assert "9 minder dan vorig kwartaal (12 → 3)" in str(question(given(12), given(3)))
    assert question(given(6), given(0)) == (
        "Vorig kwartaal waren het er 6, nu 0. Klopt dat? Schrijf in één zin wat er is gebeurd."
    )


@forall(COUNT, COUNT)
def test_the_same_count_is_never_asked_about(before, now):
    assert not is_jump(before, before)
    if is_jump(before, now):
        assert abs(now.aantal - before.aantal) >= 5
