"""A promise of reliability or security holds when all its tests pass, and no test that it names is missing."""

from pathlib import Path

import pytest

from bench import proofs
from bench.proofs import RELIABILITY, SAFETY, Proof, prove

ROOT = Path(__file__).parents[2]
REPORT = """<testsuites><testsuite>
<testcase classname="tests.test_a" name="test_one[x]" />
<testcase classname="tests.test_a" name="test_one[y]"><failure /></testcase>
<testcase classname="tests.test_a" name="test_one_more" />
<testcase classname="tests.test_b.OfClass" name="test_two" />
<testcase classname="tests.test_b" name="test_left_out"><skipped /></testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("tests", "verdict"),
    [
        (("tests/test_a.py::test_one",), "does not hold (of 2 tests)"),
        (("tests/test_a.py::test_one_more", "tests/test_b.py::OfClass"), "holds (of 2 tests)"),
        (("tests/test_b.py",), "does not hold (of 2 tests)"),
        (("tests/test_a.py::test_renamed",), "not measured (of 0 tests)"),
        ((), "not measured (of 0 tests)"),
    ],
)
def test_a_promise_holds_when_all_its_tests_pass(monkeypatch: pytest.MonkeyPatch, tests: tuple[str, ...], verdict: str):
    monkeypatch.setattr(proofs, "run", lambda _tests: REPORT)
    (line,) = prove((Proof("a promise", tests),))
    assert str(line).endswith(verdict)


def test_every_test_that_proves_something_is_there():
    named = [test for proof in (*RELIABILITY, *SAFETY) for test in proof.tests]
    assert len(named) > 30
    for test in named:
        file, _, name = test.partition("::")
        assert (ROOT / file).is_file(), test
        assert not name or f"def {name}(" in (ROOT / file).read_text(), test
