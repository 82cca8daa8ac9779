"""A copy of the checkout for what the scripts do to it; its packages are those of this one."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
KEY = "only-for-tests-" + "x" * 50
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of what git would clone, with this checkout's .venv."""
    names = subprocess.check_output(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, text=True
    )
    copy = tmp_path / "checkout"
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy


@pytest.fixture
def run(checkout: Path) -> Run:
    """Return a function that runs a script of the copy, with a bare environment and what it is given."""

    def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        bare = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
        return subprocess.run(
            command,
            cwd=checkout,
            env=bare | environment,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    return run
