"""The database gone and back: the page says so, and returns by itself."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from playwright.sync_api import Page, expect

from tests.browser.server import DATABASE, Server

GONE = "De gegevens zijn even niet bereikbaar"


@contextmanager
def database_gone(server: Server) -> Iterator[None]:
    """Put the database aside; what the server finds in its place holds no table."""
    database = server.folder / DATABASE
    with closing(sqlite3.connect(database, timeout=20)) as last:
        last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = database.rename(database.with_suffix(".aside"))
    try:
        yield
    finally:
        aside.replace(database)
        for left in ("-wal", "-shm"):
            database.with_name(DATABASE + left).unlink(missing_ok=True)


def let_it_look(page: Page) -> None:
    """Let the page wait until it looks again, and see the answer."""
    with page.expect_response("**/healthz"):
        page.clock.run_for(11_000)


def test_page_returns_by_itself(sign_in: Callable[..., Page], server: Server):
    page = sign_in("coordinator@utrecht-west.test")
    page.clock.install()
    with database_gone(server):
        page.goto("/regio/utrecht-west/rapporten/")
        expect(page.get_by_role("heading", level=1, name=GONE)).to_be_visible()
        expect(page.get_by_role("status")).to_contain_text("komt dan vanzelf terug")
        let_it_look(page)
        expect(page.get_by_role("heading", level=1, name=GONE)).to_be_visible()
    let_it_look(page)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(GONE)
    assert page.url.endswith("/regio/utrecht-west/rapporten/")
