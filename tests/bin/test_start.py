import socket
from pathlib import Path

from tests.bin.conftest import KEY, Run
from tests.browser.server import free_port


def test_busy_port_is_named(run: Run, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        port = str(occupant.getsockname()[1])
        result = run("bin/start", PORT=port, VAR_DIR=str(tmp_path / "var"), SECRET_KEY=KEY)
    assert result.returncode == 1
    assert f"port {port} is in use" in result.stdout
    assert not list((tmp_path / "var").iterdir())


def test_port_of_the_file_beside_the_program_is_used(run: Run, checkout: Path, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        port = str(occupant.getsockname()[1])
        (checkout / ".env").write_text(f"DEMO=true\nSECRET_KEY={KEY}\nPORT={port}\n")
        result = run("bin/start", VAR_DIR=str(tmp_path / "var"))
    assert f"port {port} is in use" in result.stdout


def test_nonsense_for_a_port_is_named(run: Run, tmp_path: Path):
    result = run("bin/start", PORT="http", VAR_DIR=str(tmp_path / "var"), SECRET_KEY=KEY)
    assert result.returncode == 1
    assert "de omgevingsvariabele PORT klopt niet (er staat: 'http')" in result.stdout
    assert "Traceback" not in result.stdout


def test_nonsense_for_the_number_of_processes_ends_in_one_sentence(run: Run, tmp_path: Path):
    places = {"PORT": str(free_port()), "VAR_DIR": str(tmp_path / "var")}
    result = run("bin/start", WEB_CONCURRENCY="veel", SECRET_KEY=KEY, **places)
    assert result.returncode == 1
    said = "start niet: de omgevingsvariabele WEB_CONCURRENCY klopt niet (er staat: 'veel')."
    assert result.stdout.count(said) == 1
    assert "Traceback" not in result.stdout
