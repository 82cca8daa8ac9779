import shutil
import stat
from pathlib import Path

import pytest

from tests.bin.conftest import Run

# What bin/setup calls, without anything that installs packages or is a browser.
TOOLS = ("bash", "cat", "dirname", "env", "grep", "id", "rm", "sha256sum", "sort", "tail")
BROWSER = "chromium-headless-shell fonts-roboto-unhinted libatomic1"


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a folder for PATH with few tools: no Chromium, no apt-get."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def fake(folder: Path, name: str, script: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_makes_a_trial_machine_once(run: Run, checkout: Path):
    first = run("bin/setup")
    assert first.returncode == 0
    assert "Wrote .env" in first.stdout
    written = (checkout / ".env").read_text()
    assert "\nDEMO=true\n" in written
    assert len(written.partition("SECRET_KEY=")[2].split()[0]) > 60
    assert stat.S_IMODE((checkout / ".env").stat().st_mode) == 0o600

    second = run("bin/setup")
    assert second.returncode == 0
    assert second.stdout == "Setup is up to date.\n"
    assert (checkout / ".env").read_text() == written


def test_leaves_a_production_machine_without_demo(run: Run, checkout: Path):
    assert run("bin/setup", SECRET_KEY="from the environment").returncode == 0
    assert not (checkout / ".env").exists()


def test_refuses_an_unknown_argument(run: Run):
    result = run("bin/setup", "--unknown")
    assert result.returncode == 2
    assert "Usage: bin/setup" in result.stdout


def test_names_the_packages_where_it_cannot_install_them(run: Run, tools: Path):
    result = run("bin/setup", "--test", PATH=str(tools))
    assert result.returncode == 1
    assert "Chromium, for the browser tests, is missing" in result.stdout
    assert BROWSER in result.stdout


def test_prints_the_one_line_for_somebody_else(run: Run, tools: Path):
    fake(tools, "apt-get", "exit 1")
    fake(tools, "id", "echo 1000")
    result = run("bin/setup", "--test", PATH=str(tools))
    assert result.returncode == 1
    assert f"sudo apt-get install --yes --no-install-recommends {BROWSER}\n" in result.stdout


def test_installs_as_root(run: Run, tools: Path, checkout: Path):
    fake(tools, "apt-get", 'echo "$@" >> apt-get.log')
    fake(tools, "id", "echo 0")
    result = run("bin/setup", "--test", PATH=str(tools))
    assert result.returncode == 0
    assert (checkout / "apt-get.log").read_text() == (f"install --yes --no-install-recommends {BROWSER}\n")


def test_says_what_apt_said_when_it_fails(run: Run, tools: Path):
    fake(tools, "apt-get", "echo no space left on device; exit 100")
    fake(tools, "id", "echo 0")
    result = run("bin/setup", "--test", PATH=str(tools))
    assert result.returncode == 1
    assert "no space left on device" in result.stdout


def test_goes_on_without_the_libraries_of_the_pdf(run: Run, tools: Path, checkout: Path):
    packages = (checkout / ".venv").resolve()
    (checkout / ".venv").unlink()
    (checkout / ".venv/bin").mkdir(parents=True)
    shutil.copy(packages / "installed", checkout / ".venv/installed")
    # Reading a program from standard input is how bin/setup looks for the libraries.
    fake(
        checkout / ".venv/bin",
        "python",
        f'[ "$1" = - ] && exit 1; exec {packages}/bin/python "$@"',
    )
    fake(tools, "apt-get", "exit 1")
    fake(tools, "id", "echo 1000")
    result = run("bin/setup", PATH=str(tools))
    assert result.returncode == 0
    assert "The libraries for the PDF are missing" in result.stdout
    assert "sudo apt-get install --yes --no-install-recommends libpango-1.0-0" in result.stdout
