"""The backup and the restore of docs/beheer.md, command by command, on the database that these tests run on."""

import getpass
import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from monitoring.models import Momentopname
from regio.models import Regio
from tests.monitoring.decisions import Besluitvorming, sweep_frozen_rows

ROOT = Path(__file__).resolve().parent.parent
BEHEER = (ROOT / "docs" / "beheer.md").read_text()


def commands(section: str) -> list[str]:
    """Return the blocks of commands in a section of docs/beheer.md."""
    text = BEHEER.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```bash\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


class Machine:
    """Where the commands run: with folders and a database of its own, and without services to stop or start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = {"SECRET_KEY": "only-for-tests-" + "x" * 50, "VAR_DIR": str(folder / "var"), "DEMO": "false"}
        self.names = {
            "/var/lib/agendamonitor": self.settings["VAR_DIR"],
            "/etc/agendamonitor": str(folder / "settings"),
            "/pad/naar": str(folder),
            "--owner=agendamonitor --group=agendamonitor": f"--owner={getpass.getuser()}",
        }
        self.environment = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder)}
        self.restored = {"NAME": str(folder / "var" / "agendamonitor.sqlite3")}
        (folder / "var").mkdir()
        self.program("systemctl", "exit 0")
        self.program("sudo", 'shift 2; exec "$@"')

    def program(self, name: str, line: str) -> None:
        program = self.folder / name
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)

    def run(self, block: str, **names: str) -> str:
        for documented, own in (self.names | names).items():
            block = block.replace(documented, own)
        lines = [f"{name}='{value}'\n" for name, value in self.settings.items()]
        (self.folder / "settings").write_text("".join(lines))
        done = subprocess.run(
            ["bash", "-euc", block], cwd=ROOT, env=self.environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout

    def read(self, sql: str) -> list[Any]:
        """Ask the restored database."""
        restored = connection.copy()
        restored.settings_dict |= self.restored
        with closing(restored), restored.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()


class SqliteMachine(Machine):
    def back_up(self) -> None:
        self.run(commands("Back-up en herstel")[0], **{self.restored["NAME"]: str(connection.settings_dict["NAME"])})

    def restore(self) -> None:
        self.run(commands("Back-up en herstel")[1])

    def leave(self) -> None:
        """Leave nothing: what was restored lies in the folder."""


class PostgresqlMachine(Machine):
    """Another database, of another role, in the server of the tests."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.source, server = connection.settings_dict["NAME"], connection.settings_dict["HOST"]
        self.name = f"{self.source}_restored"
        self.restored = {"NAME": self.name, "USER": self.name}
        # Who runs a command is who PostgreSQL takes him for.
        self.program("sudo", 'export PGUSER="$2"; shift 2; exec "$@"')
        (programs,) = self.superuser("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        self.environment |= {"PATH": f"{folder}:{programs}:{os.environ['PATH']}", "PGHOST": server}
        self.settings["DATABASE_URL"] = f"postgres://{self.name}@{quote(server, safe='')}/{self.name}"
        # The tests may run in a server that holds a real agendamonitor.
        self.names |= {"agendamonitor": self.name, "--pwprompt": ""}
        make_role, _ = commands("PostgreSQL")[0].splitlines()
        self.run(make_role)
        # The tables of the tests are not of this role.
        self.superuser(f"GRANT pg_read_all_data TO {self.name}")

    def superuser(self, sql: str) -> tuple[Any, ...]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else ()

    def back_up(self) -> None:
        self.run(commands("Back-up en herstel")[2], **{f"backup.dump {self.name}": f"backup.dump {self.source}"})

    def restore(self) -> None:
        self.superuser(f"REVOKE pg_read_all_data FROM {self.name}")
        self.run(commands("Back-up en herstel")[3])

    def leave(self) -> None:
        self.superuser(f"DROP DATABASE IF EXISTS {self.name}")
        self.superuser(f"DROP OWNED BY {self.name}")
        self.superuser(f"DROP ROLE {self.name}")


@pytest.fixture
def machine(transactional_db: None, tmp_path: Path) -> Iterator[SqliteMachine | PostgresqlMachine]:
    made = (SqliteMachine if connection.vendor == "sqlite" else PostgresqlMachine)(tmp_path)
    yield made
    made.leave()
    sweep_frozen_rows()


def test_what_was_adopted_is_the_same_after_backup_and_restore_on_an_empty_machine(machine):
    world = Besluitvorming()
    world.bring_to("heropend")
    world.submit()
    world.adopt()
    adopted = list(Momentopname.objects.order_by("pk").values_list("sha256", "inhoud"))
    assert len(adopted) == 2

    with transaction.atomic():
        # At any moment: somebody is in the midst of a change.
        Regio.objects.filter(slug="west").update(naam="Half opgeslagen")
        machine.back_up()
        transaction.set_rollback(True)
    machine.restore()

    restored = machine.read("SELECT sha256, inhoud FROM monitoring_momentopname ORDER BY id")
    assert restored == adopted
    assert [hashlib.sha256(inhoud.encode()).hexdigest() for _, inhoud in restored] == [sha256 for sha256, _ in adopted]
    assert machine.read("SELECT count(*) FROM regio_regio WHERE naam = 'Half opgeslagen'") == [(0,)]
    assert machine.run(commands("Back-up en herstel")[-1]) == "momentopnamen 2, beschadigd 0\n"


@pytest.mark.django_db
def test_a_damaged_snapshot_is_named():
    world = Besluitvorming()
    world.bring_to("vastgesteld")
    sound = Momentopname.objects.get()
    damaged = Momentopname.objects.create(
        rapportage=sound.rapportage, versie=2, inhoud=sound.inhoud, sha256="0" * 64, gemaakt_op=timezone.now()
    )
    said = StringIO()
    with pytest.raises(CommandError, match=rf"klopt niet van momentopname {damaged.pk}\.$"):
        call_command("verify_momentopnamen", stdout=said)
    assert said.getvalue() == "momentopnamen 2, beschadigd 1\n"
