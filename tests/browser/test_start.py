"""What bin/start promises: an empty checkout becomes a served site with the demo, and a second start keeps the data."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.server import Server


def test_first_start_loads_the_demo_and_prints_accounts_and_address(first_start: Server):
    assert "Demo geladen" in first_start.said
    assert "secretaris@utrecht-west.test" in first_start.said
    assert "http://127.0.0.1:" in first_start.said


def test_second_start_keeps_the_data(server: Server):
    assert "Demo geladen" not in server.said
    assert "secretaris@utrecht-west.test" in server.said


def test_files_are_hashed_and_compressed(page: Page, server: Server):
    stylesheets = []
    page.on("response", lambda response: stylesheets.append(response) if response.url.endswith(".css") else None)
    page.goto("/")
    assert stylesheets
    for stylesheet in stylesheets:
        assert stylesheet.header_value("content-encoding") in ("br", "gzip", "zstd")
        assert "immutable" in (stylesheet.header_value("cache-control") or "")


def test_demo_account_signs_in(sign_in: Callable[..., Page]):
    page = sign_in("secretaris@utrecht-west.test")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
