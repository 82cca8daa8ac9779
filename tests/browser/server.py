"""The product as a visitor meets it: bin/start with the production server, hashed files and the demo."""

import os
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DATABASE = "agendamonitor.sqlite3"
KEPT = "kept.sqlite3"


@dataclass(frozen=True)
class Server:
    """A running bin/start: where it listens, where it keeps its files, and what it said until it listened."""

    url: str
    folder: Path
    said: str

    def keep(self) -> None:
        """Make the database as it is now the one that `reset` returns to."""
        copy(self.folder / DATABASE, self.folder / KEPT)

    def keep_session(self, key: str) -> None:
        """Let the session of this key survive `reset`."""
        with closing(sqlite3.connect(self.folder / KEPT, isolation_level=None)) as kept:
            kept.execute("ATTACH ? AS live", [str(self.folder / DATABASE)])
            kept.execute("INSERT INTO django_session SELECT * FROM live.django_session WHERE session_key = ?", [key])

    def reset(self) -> None:
        """Return to the kept database; the server keeps running, since the copy is one transaction to it."""
        copy(self.folder / KEPT, self.folder / DATABASE)


def copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, timeout=20)) as write:
        read.backup(write)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder: Path, port: int) -> dict[str, str]:
    """Return what bin/start needs to run as on a trial machine, whatever the tests themselves run with."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    return kept | {
        "DEMO": "true",
        "PORT": str(port),
        "SECRET_KEY": "only-for-tests-" + "x" * 50,
        "VAR_DIR": str(folder),
        "WEB_CONCURRENCY": "1",
    }


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Run bin/start in `folder` until the caller is done; fail with what it said when it stops before it listens."""
    port = free_port()
    log = folder / "server.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            ["bin/start"], cwd=ROOT, env=environment(folder, port), stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Agendamonitor is ready"):
                break
        else:
            raise RuntimeError(f"bin/start stopped:\n{''.join(said)}{log.read_text()}")
        try:
            yield Server(url=f"http://127.0.0.1:{port}", folder=folder, said="".join(said))
        finally:
            process.terminate()
