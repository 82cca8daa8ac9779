"""Who changed which score: what one person saves in one sitting is one change, and nothing that stood there is lost."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Thing

from hypothesis import given
from hypothesis import strategies as st

from monitoring.changelog import read_changes

NINE = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
SARA, IRIS = 1, 2


def record(minutes, waarde, text="", *, by=SARA, score=1, kind="~"):
    return Thing(
        id=score,
        history_date=NINE + timedelta(minutes=minutes),
        history_user_id=by,
        history_user=by,
        history_type=kind,
        doel="A1",
        meetmoment="Aug 26",
        organisatie=None,
        waarde=waarde,
        toelichting=text,
    )


def test_saving_while_typing_is_one_change():
    [change] = read_changes([record(0, 3, "Er", kind="+"), record(1, 3, "Er is"), record(2, 4, "Er is aanbod")])
    assert (change.van, change.naar) == (None, 4)
    assert (change.tekst_van, change.tekst_naar) == ("", "Er is aanbod")
    assert change.is_nieuw


def test_somebody_else_makes_another_change_with_what_stood_there_before():
    later, first = read_changes([record(0, 3, "Mijn tekst", kind="+"), record(1, 2, "Andere tekst", by=IRIS)])
    assert (first.wie, first.van, first.naar) == (SARA, None, 3)
    assert (later.wie, later.van, later.naar) == (IRIS, 3, 2)
    assert (later.tekst_van, later.tekst_naar) == ("Mijn tekst", "Andere tekst")


def test_coming_back_later_is_another_change():
    changes = read_changes([record(0, 3, kind="+"), record(45, 4)])
    assert [(change.van, change.naar) for change in changes] == [(3, 4), (None, 3)]


def test_a_change_of_text_alone_says_so():
    change, _ = read_changes([record(0, 3, "Oud", kind="+"), record(45, 3, "Nieuw")])
    assert change.tekst_gewijzigd
    assert not change.waarde_gewijzigd


def test_changing_back_within_a_sitting_is_no_change():
    assert len(read_changes([record(0, 3, kind="+"), record(45, 4), record(46, 3)])) == 1


def test_a_removed_score_is_told():
    removed, _ = read_changes([record(0, 3, "Weg", kind="+"), record(45, 3, "Weg", kind="-")])
    assert removed.is_verwijderd
    assert (removed.van, removed.naar, removed.tekst_van, removed.tekst_naar) == (3, None, "Weg", "")


def test_scores_do_not_mix_and_the_newest_stands_first():
    changes = read_changes([record(0, 3, kind="+"), record(1, 5, kind="+", score=2), record(45, 4)])
    assert [(change.van, change.naar) for change in changes] == [(3, 4), (None, 5), (None, 3)]


@given(
    st.lists(st.tuples(st.integers(1, 90), st.none() | st.integers(1, 5), st.sampled_from([SARA, IRIS])), min_size=1)
)
def test_changes_chain_from_nothing_to_what_stands_there(steps):
    minutes, records = 0, []
    for wait, waarde, by in steps:
        minutes += wait
        records.append(record(minutes, waarde, by=by))
    changes = read_changes(records)[::-1]
    assert [change.van for change in changes] == [None, *(change.naar for change in changes)][: len(changes)]
    assert (changes[-1].naar if changes else None) == records[-1].waarde
