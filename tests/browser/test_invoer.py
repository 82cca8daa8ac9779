"""Entering scores as a secretaris does: by mouse, by keyboard, without JavaScript, on a bad line, with two people."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import fill_in_sign_in

AUG_26 = "/regio/utrecht-west/agenda/2023-2027/aug-26/"
SECRETARIS = "secretaris@utrecht-west.test"
WOERDEN = "invoer-woerden@utrecht-west.test"


def card(page: Page, code: str) -> Locator:
    return page.locator(f"#doel-{code}")


def status(page: Page, code: str) -> Locator:
    return page.locator(f"#status-{code}")


def text(page: Page, code: str) -> Locator:
    return card(page, code).get_by_label("Toelichting")


def choose(page: Page, code: str, number: int) -> None:
    card(page, code).locator(f"[data-toets='{number}']").check(force=True)


@pytest.fixture
def page_of(sign_in: Callable[..., Page]) -> Callable[..., Page]:
    def page_of(email: str = SECRETARIS, **options: object) -> Page:
        page = sign_in(email, **options)
        page.goto(AUG_26 + "invoer/")
        return page

    return page_of


def test_a_score_saves_itself_and_survives_a_reload(page_of):
    page = page_of()
    expect(page.get_by_text("9 van 13 ingevuld")).to_be_visible()

    choose(page, "b4", 2)
    text(page, "b4").fill("Cluster 3 heeft een wachtlijst; de afspraak loopt in juli af.")

    expect(status(page, "b4")).to_contain_text("Opgeslagen")
    expect(page.get_by_text("10 van 13 ingevuld")).to_be_visible()
    expect(page.locator("#onderbalk")).not_to_contain_text("B4")
    page.reload()
    expect(text(page, "b4")).to_have_value("Cluster 3 heeft een wachtlijst; de afspraak loopt in juli af.")
    expect(card(page, "b4").locator("[data-toets='2']")).to_be_checked()


def test_the_keyboard_alone_scores_a_doel(page_of):
    page = page_of()
    text(page, "b3").focus()
    expect(page.get_by_text("Toetsen in een score")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("n")
    expect(card(page, "b4").locator("[data-toets='0']")).to_be_focused()

    page.keyboard.press("4")
    expect(card(page, "b4").locator("[data-toets='4']")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Twee scholen kregen 3 dagen expertise.")

    expect(text(page, "b4")).to_have_value("Twee scholen kregen 3 dagen expertise.")
    expect(status(page, "b4")).to_contain_text("Opgeslagen")


def test_what_is_missing_is_told_at_the_field_and_below(page_of):
    page = page_of()
    choose(page, "d", 1)

    expect(status(page, "d")).to_contain_text("een score 1 vraagt een toelichting")
    expect(page.locator("#onderbalk").get_by_role("link", name="D", exact=True)).to_be_visible()


def test_a_lost_connection_loses_nothing(page_of):
    page = page_of()
    page.route("**/invoer/", lambda route: route.abort("internetdisconnected"))
    text(page, "b4").fill("Getypt in de trein.")
    expect(status(page, "b4")).to_contain_text("Geen verbinding")

    page.unroute("**/invoer/")
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(status(page, "b4")).to_contain_text("Opgeslagen")
    expect(status(page, "b4")).not_to_contain_text("Geen verbinding")


def test_text_that_never_reached_the_server_is_there_after_a_reload(page_of):
    page = page_of()

    def refuse_saving(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/invoer/", refuse_saving)
    text(page, "b4").fill("Nog niet bewaard.")
    expect(status(page, "b4")).to_contain_text("Geen verbinding")
    page.unroute("**/invoer/")
    page.reload()

    expect(text(page, "b4")).to_have_value("Nog niet bewaard.")
    expect(status(page, "b4")).to_contain_text("Opgeslagen")


def test_who_leaves_while_typing_loses_nothing(page_of):
    page = page_of()
    text(page, "b4").fill("Getypt en meteen weggeklikt.")
    page.get_by_role("link", name="Overzicht").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Utrecht West")

    page.goto(AUG_26 + "rapport/")
    expect(page.get_by_text("Getypt en meteen weggeklikt.").first).to_be_visible()


def test_who_was_signed_out_keeps_the_text(page_of):
    page = page_of()
    page.context.clear_cookies(name="sessionid")
    text(page, "b4").fill("Na de pauze getypt.")
    expect(status(page, "b4")).to_contain_text("u bent afgemeld")
    expect(text(page, "b4")).to_have_value("Na de pauze getypt.")

    fill_in_sign_in(page.context.new_page(), SECRETARIS)
    text(page, "b4").press_sequentially(" En daarna.")
    page.reload()
    expect(text(page, "b4")).to_have_value("Na de pauze getypt. En daarna.")
    expect(status(page, "b4")).to_contain_text("Opgeslagen")


def test_personal_data_is_refused_with_a_reason_and_stays_in_the_field(page_of):
    page = page_of()
    text(page, "b4").fill("Vraag na bij ouder@example.nl")

    expect(status(page, "b4")).to_contain_text("Niet bewaard.")
    expect(text(page, "b4")).to_have_value("Vraag na bij ouder@example.nl")


def test_two_people_in_one_field_both_see_both_texts(page_of):
    first, second = page_of(), page_of()
    text(first, "b4").fill("Tekst van de eerste.")
    expect(status(first, "b4")).to_contain_text("Opgeslagen")

    text(second, "b4").fill("Tekst van de tweede.")
    expect(status(second, "b4")).to_contain_text("bewaarde hier iets anders")
    expect(status(second, "b4")).to_contain_text("Tekst van de eerste.")
    expect(text(second, "b4")).to_have_value("Tekst van de tweede.")

    second.get_by_role("button", name="Mijn tekst bewaren").click()
    expect(status(second, "b4")).to_contain_text("Opgeslagen")
    second.reload()
    expect(text(second, "b4")).to_have_value("Tekst van de tweede.")


def test_the_second_may_take_the_text_of_the_first(page_of):
    first, second = page_of(), page_of()
    text(first, "b4").fill("Tekst van de eerste.")
    expect(status(first, "b4")).to_contain_text("Opgeslagen")
    text(second, "b4").fill("Tekst van de tweede.")

    second.get_by_role("button", name="overnemen").click()

    expect(text(second, "b4")).to_have_value("Tekst van de eerste.")
    second.reload()
    expect(text(second, "b4")).to_have_value("Tekst van de eerste.")


def test_without_javascript_the_same_page_saves(page_of):
    page = page_of(java_script_enabled=False)
    expect(page.get_by_text("Toetsen in een score")).to_be_hidden()
    page.locator("#doel-b4 [data-toets='3']").check(force=True)
    text(page, "b4").fill("Zonder script.")
    page.get_by_role("button", name="Alles bewaren").click()

    expect(page.get_by_text("Bewaard. 10 van 13 doelen hebben een score.")).to_be_visible()
    expect(text(page, "b4")).to_have_value("Zonder script.")


def test_a_gemeente_scores_only_what_is_local(page_of):
    page = page_of(WOERDEN)

    expect(page.get_by_role("heading", level=1)).to_have_text("Scores voor Aug 26 – Woerden")
    expect(page.locator("[data-kaart]")).to_have_count(3)
