"""The secret address of one's own kalender: read and copied on a phone, with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible_in_every_look

KALENDER = "/regio/utrecht-west/kalender/"


@pytest.fixture
def page_with_address(sign_in: Callable[..., Page]) -> Callable[..., Page]:
    def page_with_address(**options: object) -> Page:
        page = sign_in("oogo@utrecht-west.test", **options)
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(KALENDER)
        page.get_by_role("button", name="Geheim adres maken").click()
        return page

    return page_with_address


def test_the_address_is_copied_and_the_page_says_so(page_with_address):
    page = page_with_address(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopieer").click()
    expect(page.locator("#eigen-agenda").get_by_role("status")).to_have_text("Gekopieerd.")
    assert_accessible_in_every_look(page)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(".ics")
    assert page.request.get(copied).status == 200
    expect(page.locator("#kalenderadres")).to_have_text(copied)


def test_what_cannot_be_copied_is_told(page_with_address):
    page = page_with_address()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    page.get_by_role("button", name="Kopieer").click()
    expect(page.locator("#eigen-agenda").get_by_role("status")).to_contain_text("Kopiëren lukte niet.")


def test_without_javascript_the_whole_address_is_read(page_with_address):
    page = page_with_address(java_script_enabled=False)
    expect(page.get_by_role("button", name="Kopieer")).to_be_hidden()
    address = page.locator("#kalenderadres")
    expect(address).to_be_visible()
    box = address.bounding_box()
    assert box
    assert box["x"] + box["width"] <= 360
    assert address.evaluate("element => element.scrollWidth <= element.clientWidth")
