"""Counts in from a file and out to one, with the product's own code, for the section counts of bench/sections.py."""

import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.test import Client

from bench.quarters import FIRST_YEAR, cells_on, fill_quarter, quarters_of_all_years
from regio.models import Deelname, Gebruiker, Lidmaatschap, Organisatie, Regio
from regio.permissions import Rol
from regio.streams import stream_csv
from thuiszitters.categories import categories_on
from thuiszitters.models import Categorie, Telling, Telmoment
from thuiszitters.resources import COMMAND, carry_out_import, plan_import
from thuiszitters.sheet import SECTORS
from thuiszitters.tidy import COLUMNS, Gemeente, write_row


def make_regio(gemeenten: int) -> tuple[Regio, list[Gemeente], Gebruiker]:
    regio = Regio.objects.create(slug="telbank", naam="Telbank")
    made = []
    for number in range(gemeenten):
        organisatie = Organisatie.objects.create(
            soort=Organisatie.Soort.GEMEENTE, slug=f"tel-{number}", naam=f"Tel {number}", code=f"GM9{number:03}"
        )
        Deelname.objects.create(regio=regio, organisatie=organisatie, van=date(FIRST_YEAR, 8, 1))
        made.append(Gemeente(organisatie.pk, organisatie.code or "", organisatie.naam, organisatie.slug))
    by = Gebruiker.objects.create_user("telbank@land.test", "een-lang-wachtwoord", naam="Telbank")
    Lidmaatschap.objects.create(gebruiker=by, regio=regio, rol=Rol.SECRETARIS)
    return regio, made, by


def write_file(regio: Regio, gemeenten: list[Gemeente], rows: int) -> BinaryIO:
    """Return a tidy file of `rows` rows on disk, as an upload is: every cell of as many opgaven as that takes."""
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 — gone with the process
    for chunk in stream_csv(COLUMNS, islice(_rows(regio, gemeenten), rows)):
        file.write(chunk)
    file.seek(0)
    return file


def _rows(regio: Regio, gemeenten: list[Gemeente]) -> Iterator[Any]:
    known = list(Categorie.objects.known_in(regio))
    for peildatum in quarters_of_all_years():
        for gemeente in gemeenten:
            for category in categories_on(known, peildatum):
                for sector in SECTORS:
                    yield write_row(
                        regio=regio.slug,
                        peildatum=peildatum,
                        gemeente=gemeente,
                        sector=sector,
                        category=category,
                        aantal=0,
                        status="opgegeven",
                    )


def time_import(rows: str, *theirs: str) -> dict[str, Any]:
    """Return the seconds of preview and import here, and of django-import-export with its defaults.

    The latter for each number of rows in `theirs`, spread over the same rows; ours before and after, so that whatever
    else the machine does hits both.
    """
    with transaction.atomic():
        regio, gemeenten, by = make_regio(40)
        file = write_file(regio, gemeenten, int(rows))
        ours = [_time_ours(regio, file, by)]
        stored = Telling.objects.filter(opgave__telmoment__regio=regio).order_by("pk")
        values = list(stored.values_list(*FIELDS))
        taken = []
        for number in map(int, theirs):
            stored.delete()
            taken.append(_time_defaults(values[:: len(values) // number][:number]))
        stored.delete()
        ours.append(_time_ours(regio, file, by))
        imported = stored.count()
        transaction.set_rollback(True)
    return {"rows": imported, "ours": statistics.mean(ours), "theirs": taken}


def _time_ours(regio: Regio, file: BinaryIO, by: Gebruiker) -> float:
    started = time.perf_counter()
    for step in (plan_import, partial(carry_out_import, by=by)):
        file.seek(0)
        step(regio=regio, name="t.csv", file=file, limits=COMMAND)
    return time.perf_counter() - started


FIELDS = ("opgave", "categorie", "sector", "status", "aantal", "toelichting", "gewijzigd_door")


def _time_defaults(values: list[Any]) -> float:
    import tablib
    from import_export.resources import modelresource_factory

    dataset = tablib.Dataset(*values, headers=FIELDS)
    theirs = modelresource_factory(Telling)()
    started = time.perf_counter()
    theirs.import_data(dataset, dry_run=True)
    result = theirs.import_data(dataset, dry_run=False)
    taken = time.perf_counter() - started
    if result.has_errors() or result.has_validation_errors() or result.totals["new"] != len(values):
        raise RuntimeError("django-import-export refuses the rows")
    return taken


def weigh_import(rows: str) -> float:
    """Return the MB that this process took at most to read in a file of `rows` with a full preview."""
    with transaction.atomic():
        regio, gemeenten, _ = make_regio(150)
        file = write_file(regio, gemeenten, int(rows))
        before = held()
        plan_import(regio=regio, name="t.csv", file=file, limits=COMMAND)
        transaction.set_rollback(True)
    return peak() - before


def time_export(counts: str) -> dict[str, float]:
    """Return the rows of an export of at least so many counts, the seconds to its first byte and row, and the MB.

    It is the page that is asked, for who may see all counts; the MB are those that come after the first row.
    """
    with transaction.atomic():
        by = _store(int(counts))
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(by)
        file = "/regio/telbank/thuiszitters/tellingen.csv"
        # A worker that just started reads the product's own code first.
        client.head(file)
        started = time.perf_counter()
        chunks: Any = iter(client.get(file))
        next(chunks)
        first = time.perf_counter() - started
        next(chunks)
        row, before = time.perf_counter() - started, held()
        rows = sum(chunk.count(b"\n") for chunk in chunks)
        transaction.set_rollback(True)
    return {"rows": rows, "first": first, "row": row, "memory": peak() - before}


def _store(counts: int) -> Gebruiker:
    """Store at least so many counts: every cell of as many gemeenten as that takes, each quarter of all the years."""
    known = list(Categorie.objects.filter(regio=None))
    cells = {day: cells_on(known, day) for day in quarters_of_all_years()}
    regio, gemeenten, by = make_regio(-(-counts // sum(map(len, cells.values()))))
    for day, mine in cells.items():
        fill_quarter(Telmoment.objects.create(regio=regio, peildatum=day), [g.pk for g in gemeenten], mine, by)
    return by


def held() -> float:
    """Forget the most that was held so far, and return the MB that are held now."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> float:
    """Return the most MB that this process held since it was last asked to forget it."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1]) / 1024
