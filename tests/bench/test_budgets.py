"""What a line says of a budget: the reader of bin/bench acts on its last words, and a script on its exit code."""

import dataclasses
from typing import Any

import pytest

from bench import sections
from bench.budgets import Line, Verdict, is_broken
from bench.sections import Sets

SETS = Sets("SQLite", "", "", thorough=False)


@pytest.mark.parametrize(
    ("measured", "limit", "verdict"),
    [
        (24.9, 25, "holds"),
        (25, 25, "holds"),
        (25.1, 25, "does not hold"),
        (0, 0, "holds"),
        (None, 25, "not measured"),
        (25, None, ""),
    ],
)
def test_the_verdict_follows_from_the_measure_and_the_budget(measured, limit, verdict):
    line = Line("saving one score", measured, limit, "ms")
    assert line.verdict == verdict
    assert str(line).endswith(verdict)


def test_some_budgets_are_the_least_that_is_promised():
    assert Line("import", 10, 10, "×", is_least=True).verdict == Verdict.HOLDS
    assert Line("import", 9.9, 10, "×", is_least=True).verdict == Verdict.FAILS
    assert "≥ 10.0 ×" in str(Line("import", 12, 10, "×", is_least=True))


def test_what_does_not_exist_never_holds():
    line = Line("export", 0.1, 0.5, "s", is_built=False)
    assert line.verdict == Verdict.NOT_BUILT
    assert str(line).endswith("not built yet")


def test_a_line_says_what_was_measured_and_what_was_promised():
    assert str(Line("agenda", 1.5, 4, "×", "6.0 / 4.0 ms")).split() == [
        *("agenda", "1.50", "×", "≤", "4.00", "×", "holds", "(6.0", "/", "4.0", "ms)")
    ]


def test_a_run_is_broken_by_what_does_not_hold_and_by_what_nobody_measured():
    holds, told = Line("a", 1, 2, "s"), Line("b", 3, None, "s")
    absent = Line("c", None, 2, "s", is_built=False)
    assert not is_broken([holds, told, absent])
    assert is_broken([holds, Line("d", 3, 2, "s")])
    assert is_broken([holds, Line("e", None, 2, "s")])


def test_the_counts_are_held_to_their_budgets(monkeypatch: pytest.MonkeyPatch):
    answers: dict[str, Any] = {
        "import": {"rows": 36000, "ours": 10.0, "theirs": [0.9, 8.0]},
        "import-memory": 31.0,
        "export": {"rows": 1_021_440, "first": 0.7, "row": 0.9, "memory": 4.0},
    }
    monkeypatch.setattr(sections, "ask", lambda _url, what, *_arguments: answers[what])
    lines = list(sections.counts(SETS))
    assert [line.verdict for line in lines] == [Verdict.FAILS, Verdict.HOLDS, Verdict.FAILS, Verdict.HOLDS]
    assert lines[0].measured == 8.0
    assert "theirs 2.5 ms a row of 360, 2.2 ms a row of 3600" in lines[0].note


def test_a_thorough_run_lets_the_other_import_all_rows_too(monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[str, ...]] = []

    def ask(_url: str, what: str, *arguments: str) -> Any:
        asked.append(arguments)
        theirs = [float(rows) / 100 for rows in arguments[1:]]
        return {"import": {"rows": 36000, "ours": 10.0, "theirs": theirs}}[what]

    monkeypatch.setattr(sections, "ask", ask)
    line = next(sections.counts(dataclasses.replace(SETS, thorough=True)))
    assert asked == [("36000", "360", "3600", "36000")]
    assert line.measured == 36.0
