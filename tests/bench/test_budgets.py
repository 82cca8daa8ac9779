"""What a line says of a budget: the reader of bin/bench acts on its last words, and a script on its exit code."""

from pathlib import Path

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


def test_the_counts_ask_to_be_measured_as_soon_as_they_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "thuiszitters").mkdir()
    (tmp_path / "thuiszitters" / "urls.py").write_text("urlpatterns = []\n")
    monkeypatch.setattr(sections, "ROOT", tmp_path)
    assert {line.verdict for line in sections.counts(SETS)} == {Verdict.NOT_BUILT}

    (tmp_path / "thuiszitters" / "urls.py").write_text('urlpatterns = [path("tellingen.csv", tellingen)]\n')
    commands = tmp_path / "thuiszitters" / "management" / "commands"
    commands.mkdir(parents=True)
    (commands / "import_tellingen.py").touch()
    assert {line.verdict for line in sections.counts(SETS)} == {Verdict.NOT_MEASURED}
