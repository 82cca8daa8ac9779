"""Counts in from a file and out to one, with the product's own code, for the section counts of bench/sections.py."""

import io
import resource
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction

from regio.models import Deelname, Gebruiker, Lidmaatschap, Organisatie, Regio
from regio.permissions import Rol
from regio.streams import stream_csv
from thuiszitters.categories import categories_on
from thuiszitters.export import tidy_rows
from thuiszitters.models import Categorie, Telling
from thuiszitters.overview import each_quarter
from thuiszitters.resources import COMMAND, carry_out_import, plan_import
from thuiszitters.schooljaar import default_peildata
from thuiszitters.sheet import SECTORS
from thuiszitters.tidy import COLUMNS, Gemeente, write_row

FIRST_YEAR, YEARS = 2018, 8
# The default of django-import-export is slow and its time a row the same: a tenth is measured, and told.
SHARE = 10


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


def write_file(regio: Regio, gemeenten: list[Gemeente], rows: int) -> io.BytesIO:
    """Return a tidy file of `rows` rows: every cell of as many opgaven as that takes."""
    file = io.BytesIO()
    for chunk in stream_csv(COLUMNS, islice(_rows(regio, gemeenten), rows)):
        file.write(chunk)
    file.seek(0)
    return file


def _rows(regio: Regio, gemeenten: list[Gemeente]) -> Iterator[Any]:
    known = list(Categorie.objects.known_in(regio))
    for year in range(FIRST_YEAR, FIRST_YEAR + YEARS):
        for peildatum in default_peildata(f"{year}-{year + 1}"):
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


def time_import(rows: str) -> dict[str, float]:
    """Return the seconds of preview and import here, and of django-import-export with its defaults on the same rows."""
    with transaction.atomic():
        regio, gemeenten, by = make_regio(40)
        file = write_file(regio, gemeenten, int(rows))
        started = time.perf_counter()
        plan_import(regio=regio, name="t.csv", file=file, limits=COMMAND)
        file.seek(0)
        plan = carry_out_import(regio=regio, name="t.csv", file=file, limits=COMMAND, by=by)
        ours = time.perf_counter() - started
        theirs = SHARE * _time_defaults(regio, by)
        transaction.set_rollback(True)
    return {"rows": plan.nieuw, "ours": ours, "theirs": theirs}


def _time_defaults(regio: Regio, by: Gebruiker) -> float:
    import tablib
    from import_export.resources import modelresource_factory

    stored = Telling.objects.filter(opgave__telmoment__regio=regio).order_by("pk")
    fields = ("opgave", "categorie", "sector", "status", "aantal", "toelichting", "gewijzigd_door")
    values = list(stored.values_list(*fields))[::SHARE]
    stored.delete()
    dataset = tablib.Dataset(*values, headers=fields)
    theirs = modelresource_factory(Telling)()
    started = time.perf_counter()
    theirs.import_data(dataset, dry_run=True)
    result = theirs.import_data(dataset, dry_run=False)
    if result.has_errors() or result.has_validation_errors():
        raise RuntimeError("django-import-export refuses the rows")
    return time.perf_counter() - started


def weigh_import(rows: str) -> float:
    """Return the MB that this process took at most to read in a file of `rows` with a full preview."""
    with transaction.atomic():
        regio, gemeenten, _ = make_regio(150)
        file = write_file(regio, gemeenten, int(rows))
        before = peak()
        plan_import(regio=regio, name="t.csv", file=file, limits=COMMAND)
        transaction.set_rollback(True)
    return peak() - before


def time_export(gemeenten: str) -> dict[str, float]:
    """Return the rows of an export, the seconds to its first byte, and the MB that the rest took."""
    with transaction.atomic():
        regio, made, by = make_regio(int(gemeenten))
        file = write_file(regio, made[:1], 10_000)
        carry_out_import(regio=regio, name="t.csv", file=file, limits=COMMAND, by=by)
        started = time.perf_counter()
        lines = stream_csv(COLUMNS, tidy_rows(regio.slug, each_quarter(regio, date(FIRST_YEAR + YEARS, 7, 31))))
        next(lines)
        next(lines)
        first, before = time.perf_counter() - started, peak()
        rows = sum(chunk.count(b"\n") for chunk in lines)
        transaction.set_rollback(True)
    return {"rows": rows, "first": first, "memory": peak() - before}


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
