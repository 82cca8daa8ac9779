"""The production server, as bin/start runs it, and the bare one beside it; both on this machine only."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.databases import FOLDER, PYTHON, ROOT, environment, manage

PRODUCT, BARE = "regio.settings", "bench.bare_settings"


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def memory(self) -> float:
        """Return what the largest worker holds, in MB, what it shares with the other included."""
        return max(_resident(pid) for pid in self.workers())

    def processor_seconds(self) -> float:
        """Return what the workers have used so far; unlike the clock, it hardly knows what else the machine does."""
        return sum(_used(pid) for pid in self.workers())


def _used(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS:"))


def collect_static() -> None:
    manage("sqlite:///never-used.sqlite3", "collectstatic", "--no-input", "--clear", "--verbosity=0")


@contextmanager
def serving(url: str, settings: str = PRODUCT) -> Iterator[Server]:
    """Serve the database until the caller is done."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    FOLDER.mkdir(parents=True, exist_ok=True)
    log = FOLDER / f"server-{port}.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [PYTHON.with_name("gunicorn"), "regio.wsgi"],
            cwd=ROOT,
            env=environment(url) | {"PORT": str(port), "DJANGO_SETTINGS_MODULE": settings},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout
        try:
            # One line, when it listens; none when it cannot start.
            if not process.stdout.readline():
                raise RuntimeError(f"the server does not start: {log.read_text()}")
            yield Server(port, process.pid)
        finally:
            process.terminate()
    log.unlink()
