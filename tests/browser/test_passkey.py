"""Signing in with a passkey, in a browser that has one: the only part of signing in that needs a script."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import CDPSession, Page, StorageState, expect

from tests.browser.axe import assert_accessible_in_every_look
from tests.browser.conftest import PASSWORD
from tests.browser.server import Server
from tests.second_step import code_now

EMAIL = "coordinator@utrecht-west.test"


@dataclass
class Phone:
    """A phone that makes passkeys and lets its owner confirm them, or refuse."""

    session: CDPSession
    key: str

    def refuse(self) -> None:
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.key, "isUserVerified": False})


@pytest.fixture
def page(new_context: Callable, cookies_of: Callable[[str], StorageState]) -> Page:
    """Open a window of somebody who is signed in by password, at the address by name."""
    cookies = [{**cookie, "domain": "localhost"} for cookie in cookies_of(EMAIL)["cookies"]]
    return new_context(storage_state={"cookies": cookies, "origins": []}).new_page()


@pytest.fixture
def phone(page: Page) -> Iterator[Phone]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    yield Phone(session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"])
    session.detach()


@pytest.fixture
def address(server: Server) -> str:
    # A passkey belongs to a name, not to a number.
    return server.url.replace("127.0.0.1", "localhost")


def sign_in_by_password(page: Page, address: str) -> None:
    page.goto(f"{address}/account/login/")
    page.get_by_label("E-mailadres").fill(EMAIL)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()


def make_passkey(page: Page, address: str, name: str = "Telefoon") -> None:
    page.goto(f"{address}/account/2fa/")
    page.get_by_role("link", name="Toegangssleutel toevoegen").click()
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Bevestigen").click()
    page.get_by_label("Naam").fill(name)
    page.get_by_role("button", name="Toegangssleutel maken").click()


def sign_out(page: Page, address: str) -> None:
    page.goto(f"{address}/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Afmelden").click()


def test_passkey_is_made_and_signs_in_without_a_password(page: Page, phone: Phone, address: str):
    make_passkey(page, address)
    expect(page.get_by_role("heading", level=1, name="Herstelcodes")).to_be_visible()
    page.goto(f"{address}/account/2fa/")
    expect(page.get_by_role("link", name="Hernoemen van Telefoon")).to_be_visible()

    sign_out(page, address)
    page.goto(f"{address}/account/login/?next=/account/2fa/")
    page.get_by_role("button", name="Aanmelden met een toegangssleutel").click()
    expect(page).to_have_url(f"{address}/account/2fa/")
    expect(page.get_by_text("laatst gebruikt op")).to_be_visible()


def test_passkey_that_was_removed_is_refused_in_its_own_words(page: Page, phone: Phone, address: str):
    make_passkey(page, address)
    expect(page.get_by_role("heading", level=1, name="Herstelcodes")).to_be_visible()
    page.goto(f"{address}/account/2fa/")
    page.get_by_role("link", name="Verwijderen van Telefoon").click()
    page.get_by_role("button", name="Verwijderen").click()
    sign_out(page, address)
    page.goto(f"{address}/account/login/")
    page.get_by_role("button", name="Aanmelden met een toegangssleutel").click()
    expect(page.get_by_text("Deze toegangssleutel hoort niet (meer) bij dit account.")).to_be_visible()


def test_passkey_is_the_second_step_after_a_password(page: Page, phone: Phone, address: str):
    make_passkey(page, address)
    expect(page.get_by_role("heading", level=1, name="Herstelcodes")).to_be_visible()
    sign_out(page, address)
    sign_in_by_password(page, address)
    expect(page.get_by_role("heading", level=1, name="Tweede stap")).to_be_visible()
    page.get_by_role("button", name="Toegangssleutel gebruiken").click()
    expect(page).to_have_url(f"{address}/")
    # And before a change to the account.
    page.goto(f"{address}/account/2fa/recovery-codes/")
    page.get_by_role("link", name="Bevestig met een toegangssleutel").click()
    page.get_by_role("button", name="Bevestigen met een toegangssleutel").click()
    expect(page.get_by_role("heading", level=1, name="Herstelcodes")).to_be_visible()


def test_refusing_on_the_device_is_told_in_words(page: Page, phone: Phone, address: str):
    phone.refuse()
    make_passkey(page, address)
    expect(page.get_by_role("alert")).to_contain_text("Het lukte niet met de toegangssleutel.")
    expect(page.get_by_label("Naam")).to_have_value("Telefoon")


def test_address_of_numbers_says_what_to_open_instead(page: Page, server: Server):
    page.goto(f"{server.url}/account/login/")
    expect(page.get_by_text("Een toegangssleutel werkt niet op een adres van cijfers.")).to_be_visible()
    expect(page.get_by_role("button", name="Aanmelden met een toegangssleutel")).to_be_hidden()


def test_typed_password_can_be_looked_at(sign_in: Callable[..., Page]):
    page = sign_in(EMAIL)
    page.goto("/account/password/change/")
    field = page.get_by_label("Nieuw wachtwoord")
    field.fill("paard-batterij-nietje")
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Toon wachtwoord").last.click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Verberg wachtwoord").click()
    expect(field).to_have_attribute("type", "password")


def test_pages_of_the_second_step_are_accessible(page: Page, phone: Phone, address: str):
    make_passkey(page, address)
    expect(page.get_by_role("heading", level=1, name="Herstelcodes")).to_be_visible()
    for step in ("recovery-codes/", "recovery-codes/generate/", "webauthn/", "webauthn/add/", "totp/activate/"):
        page.goto(f"{address}/account/2fa/{step}")
        assert_accessible_in_every_look(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="App instellen").click()
    expect(page.locator(".foutenlijst")).to_be_focused()
    assert_accessible_in_every_look(page)
    page.get_by_label("Code").fill(code_now(page.locator("code.sleutel").inner_text()))
    page.get_by_role("button", name="App instellen").click()
    expect(page).to_have_url(f"{address}/account/2fa/")
    for step in ("", "totp/deactivate/", "reauthenticate/", "webauthn/reauthenticate/"):
        page.goto(f"{address}/account/2fa/{step}")
        assert_accessible_in_every_look(page)
    for link in ("Hernoemen van Telefoon", "Verwijderen van Telefoon"):
        page.goto(f"{address}/account/2fa/")
        page.get_by_role("link", name=link).click()
        assert_accessible_in_every_look(page)
    sign_out(page, address)
    sign_in_by_password(page, address)
    expect(page.get_by_role("heading", level=1, name="Tweede stap")).to_be_visible()
    assert_accessible_in_every_look(page)
