"""What the test runner refuses everywhere: warnings, other machines, markers nobody knows, uncovered code."""

import re
from pathlib import Path

import pytest

from tests.bin.conftest import KEY, Run

REFUSED = """
import socket
import warnings

def test_warns():
    warnings.warn("an old habit", stacklevel=1)

def test_leaves_the_machine():
    socket.create_connection(("192.0.2.1", 443))

def test_stays_on_the_machine():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
"""


def test_refuses_warnings_and_other_machines(run: Run, checkout: Path):
    (checkout / "tests/test_sample.py").write_text(REFUSED)
    result = run("bin/test", "tests/test_sample.py", "-p", "no:randomly", SECRET_KEY=KEY)
    assert result.returncode == 1
    assert "2 failed, 1 passed" in result.stdout
    assert "UserWarning: an old habit" in result.stdout
    assert "SocketConnectBlockedError" in result.stdout


SIGN = """
def sign(number):
    text = "+"
    if number < 0:
        text = "-"
    return text
"""


@pytest.mark.parametrize(("numbers", "status"), [([-1], 1), ([-1, 1], 0)], ids=["one branch", "both branches"])
def test_refuses_code_with_a_branch_that_no_test_takes(run: Run, checkout: Path, numbers, status):
    settings = checkout / "pyproject.toml"
    settings.write_text(re.sub(r"(?m)^source = .*", 'source = ["sample"]', settings.read_text()))
    (checkout / "sample").mkdir()
    (checkout / "sample/__init__.py").write_text(SIGN)
    (checkout / "tests/test_sample.py").write_text(
        f"from sample import sign\n\ndef test_sign():\n    assert [sign(number) for number in {numbers}]\n"
    )
    result = run("bin/cover", "tests/test_sample.py", "-n", "1", SECRET_KEY=KEY)
    assert "1 passed" in result.stdout
    assert result.returncode == status
    assert ("less than 95 %" in result.stdout) == bool(status)
