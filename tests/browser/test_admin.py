"""Beheer in a browser: nothing is blocked by the policy, everything has a name, and a file makes its round."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, expect

from regio.tables import read_table, write_csv
from tests.browser.axe import assert_accessible

SECRETARIS = "secretaris@utrecht-west.test"
DOELEN = "/beheer/agenda/doel/"
SCREENS: list[tuple[int, Literal["light", "dark"]]] = [(1440, "light"), (360, "dark")]


def test_the_pages_of_beheer_are_accessible_and_nothing_in_them_is_blocked(sign_in: Callable[..., Page]):
    page = sign_in(SECRETARIS)
    urls = addresses(page)
    for url in urls:
        page.goto(url)
    # axe copies the style sheets that Django's import into the page, which the policy rightly blocks.
    page = sign_in(SECRETARIS, bypass_csp=True)
    for url in urls:
        page.goto(url)
        for width, scheme in SCREENS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (url, width)


def addresses(page: Page) -> list[str]:
    """One page of every kind."""
    page.goto(DOELEN)
    page.get_by_role("link", name="A1", exact=True).click()
    doel = page.url.removesuffix("change/")
    page.goto("/beheer/regio/regio/")
    page.get_by_role("link", name="Utrecht West").last.click()
    return [
        page.url,
        "/beheer/",
        DOELEN,
        "/beheer/regio/lidmaatschap/add/",
        f"{DOELEN}import/",
        f"{DOELEN}export/",
        f"{doel}change/",
        f"{doel}history/",
        f"{doel}delete/",
    ]


def test_a_form_that_was_refused_is_accessible_and_its_summary_leads_to_each_field(sign_in: Callable[..., Page]):
    page = sign_in(SECRETARIS, bypass_csp=True)
    page.goto(f"{DOELEN}add/")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    above = page.get_by_role("alert")
    expect(above).to_be_focused()
    expect(above).to_contain_text("Plan: Vul dit in.")
    for width, scheme in SCREENS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    above.get_by_role("link", name="Plan", exact=True).click()
    expect(page.get_by_role("textbox", name="Plan")).to_be_focused()


def test_what_scripts_add_to_a_form_works_under_the_policy(sign_in: Callable[..., Page]):
    page = sign_in(SECRETARIS)
    page.goto(DOELEN)
    page.get_by_role("link", name="A1", exact=True).click()
    page.get_by_role("button", name="Nog een Trekker toevoegen").click()
    page.locator("#trekker_set-0").get_by_role("combobox", name="Organisatie").click()
    page.get_by_role("searchbox", name="Organisatie").fill("Woer")
    page.get_by_role("option", name="Woerden").click()
    page.locator("#trekker_set-0").get_by_label("Kant").select_option("gemeente")
    page.get_by_role("button", name="Nog een Actie toevoegen").click()
    page.locator("#actie_set-0").get_by_label("Omschrijving").fill("Conferentie voorbereiden")
    page.locator("#actie_set-0 .field-gereed_voor").get_by_role("link", name="Kies een datum").click()
    page.locator(".calendarbox:visible").get_by_role("link", name="15", exact=True).click()
    page.get_by_role("button", name="Opslaan en opnieuw bewerken").click()

    expect(page.locator(".messagelist")).to_contain_text("A1 Conferentie")
    expect(page.locator("#trekker_set-0")).to_contain_text("Woerden")
    expect(page.locator("#actie_set-0").get_by_label("Gereed vóór")).to_have_value(re.compile(r"^15-\d\d-\d{4}$"))


def test_a_file_goes_out_comes_back_changed_and_is_stored_after_a_look(sign_in: Callable[..., Page], tmp_path: Path):
    page = sign_in(SECRETARIS)
    page.goto(DOELEN)
    page.get_by_role("link", name="Exporteren").click()
    page.get_by_label("Soort bestand").select_option(label="CSV (.csv)")
    with page.expect_download() as download:
        page.get_by_role("button", name="Bestand ophalen").click()
    table = read_table("doelen.csv", download.value.path().read_bytes())
    assert len(table.rows) == 13

    changed = tmp_path / "doelen.csv"
    rows = [row.cells | {"plan": row.cells["plan"].replace("Monitoring", "Monitoren")} for row in table.rows]
    changed.write_bytes(write_csv(table.columns, [list(row.values()) for row in rows]))
    page.goto(f"{DOELEN}import/")
    page.get_by_label("Bestand").set_input_files(changed)
    page.get_by_role("button", name="Bestand nakijken").click()
    expect(page.get_by_text("Nieuw 0, gewijzigd 1, gelijk 12, fout 0.")).to_be_visible()
    expect(page.locator("del", has_text="Monitoring")).to_be_visible()
    expect(page.locator("ins", has_text="Monitoren")).to_be_visible()

    page.get_by_role("button", name="Alles opslaan").click()
    expect(page.locator(".messagelist")).to_contain_text("Het bestand is ingelezen")
    expect(page.get_by_role("link", name="Monitoren")).to_be_visible()
