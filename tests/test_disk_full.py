"""A disk that is full: whoever saves or imports hears it, nothing is half stored, and later it can be done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from regio.permissions import Rol
from tests.beheer import make_wereld
from tests.factories import make_gebruiker
from tests.killing import WRITING, everything
from tests.thuiszitters.factories import make_world, read_definitions
from thuiszitters.sheet import SECTORS


@contextmanager
def disk_full() -> Iterator[None]:
    """Let SQLite grow no further; PostgreSQL has no such setting, and is made to say what it would say."""
    if connection.vendor != "sqlite":
        with connection.execute_wrapper(refuse_to_write):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        (most,) = cursor.execute("PRAGMA max_page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA max_page_count = {most}")


def refuse_to_write(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    if sql.startswith(WRITING):
        raise OperationalError("could not extend file: No space left on device")
    return execute(sql, *rest)


def saving_a_score() -> Callable[[], Any]:
    west = make_wereld("west", 1)
    client = signed_in(west.secretaris)
    card = {"waarde": west.score.waarde_id, "toelichting": "Lang. " * 700, "versie": west.score.versie}
    fields = {"doel": "a1"} | {f"a1-{name}": value for name, value in card.items()}
    return lambda: client.post("/regio/west/agenda/2023-2027/west-26/invoer/", fields)


def importing_counts() -> Callable[[], Any]:
    regio, *_ = make_world()
    client, page = (
        signed_in(make_gebruiker("s@tel.test", Rol.SECRETARIS, regio)),
        "/regio/telregio/thuiszitters/inlezen/",
    )
    codes = [row["code"] for row in read_definitions() if row.get("groep") == "verzuim"]
    days = ("2026-10-01", "2026-07-01", "2026-04-01", "2026-01-01")
    lines = [f"{day};Woerden;{sector};{code};0" for day in days for sector in SECTORS for code in codes]
    file = "\n".join(["peildatum;gemeente;sector;categorie;aantal", *lines]).encode()
    shown = client.post(page, {"bestand": SimpleUploadedFile("t.csv", file)}).context
    fields = {"verzegeld": shown["verzegeld"], "vingerafdruk": shown["plan"].vingerafdruk}
    return lambda: client.post(page, fields)


def signed_in(gebruiker: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(gebruiker)
    return client


@pytest.mark.parametrize("make", [saving_a_score, importing_counts])
def test_a_full_disk_is_told_and_nothing_is_half_stored(transactional_db: None, make: Callable[[], Callable[[], Any]]):
    send = make()
    before = everything()
    with disk_full():
        answer = send()
    assert answer.status_code == 503
    assert "De gegevens zijn even niet bereikbaar" in answer.text
    assert everything() == before
    assert send().status_code == 302
    assert everything() != before
