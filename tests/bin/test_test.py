"""What the test runner refuses everywhere: warnings, other machines, markers nobody knows, uncovered code."""

from pathlib import Path

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


def test_refuses_uncovered_code(run: Run, checkout: Path):
    (checkout / "thuiszitters/sample.py").write_text("def never():\n" + "    print()\n" * 5000)
    (checkout / "tests/test_sample.py").write_text("def test_nothing_of_it():\n    assert True\n")
    result = run("bin/test", "tests/test_sample.py", "--cov=thuiszitters", SECRET_KEY=KEY)
    assert result.returncode == 1
    assert "not reached. Total coverage" in result.stdout
