"""A year of the monitor by hand: enter, submit, give back, mend, adopt, download; and then a text changes."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.pdf_validation import texts_of_pages

AGENDA = "/regio/utrecht-west/agenda/2023-2027/"
AUG_26 = AGENDA + "aug-26/"
EMPTY = ("b4", "d", "e", "f3")


def score(page: Page, code: str, number: int, text: str) -> None:
    card = page.locator(f"#doel-{code}")
    card.locator(f"[data-toets='{number}']").check(force=True)
    card.get_by_label("Toelichting").fill(text)
    expect(page.locator(f"#status-{code}")).to_contain_text("Opgeslagen")


def test_the_year_from_entry_to_an_adopted_pdf_that_stays(sign_in: Callable[..., Page], base_url: str):
    # given an invoerder and a secretaris who enter what is missing, and submit
    invoerder = sign_in("invoer-oudewater@utrecht-west.test")
    invoerder.goto(AUG_26 + "invoer/")
    score(invoerder, "a2", 4, "Het overleg is nu ook op de kleinste school begonnen.")
    secretaris = sign_in("secretaris@utrecht-west.test")
    secretaris.goto(AUG_26 + "invoer/")
    expect(secretaris.locator("#doel-b3")).to_contain_text("Teruggegeven.")
    for code in EMPTY:
        score(secretaris, code, 3, f"Opnieuw gescoord: {code}.")
    submit(secretaris)

    # when an OOGO-lid gives B3 back with a reason
    lid = sign_in("oogo@utrecht-west.test")
    lid.goto("/")
    lid.get_by_role("link", name="Teruggeven").click()
    lid.get_by_label("Waarom geeft u dit meetmoment terug?").fill("Bijna goed.")
    lid.get_by_text("Een eigen reden bij een of meer doelen").click()
    assert_accessible(lid)
    lid.get_by_label(re.compile("^B3 ")).fill("Noem een datum.")
    lid.get_by_role("button", name="Teruggeven aan het REA").click()
    expect(lid.get_by_text("Aug 26 is teruggegeven.")).to_be_visible()

    # and the secretaris reads it on the card, mends it and submits again
    secretaris.goto(AUG_26 + "invoer/")
    expect(secretaris.locator("#doel-b3")).to_contain_text("Noem een datum.")
    score(secretaris, "b3", 1, "Sterk VO regelt de vervanging, vóór 1 december.")
    submit(secretaris)

    # and the OOGO-lid adopts
    lid.goto("/")
    lid.get_by_role("link", name="Vaststellen").click()
    lid.get_by_label("Datum van de vergadering").fill("2026-09-24")
    lid.get_by_label("Kenmerk").fill("OOGO 2026-03, agendapunt 4")
    assert_accessible(lid)
    lid.get_by_role("button", name="Vaststellen", exact=True).click()
    # who is asked once whether a meeting before the submission is no slip
    earlier = lid.get_by_label("De vergadering was vóór het voorleggen")
    expect(earlier).to_be_visible()
    assert_accessible(lid)
    earlier.check()
    lid.get_by_role("button", name="Vaststellen", exact=True).click()
    expect(lid.get_by_text("Aug 26 is vastgesteld.")).to_be_visible()

    # then the coördinator downloads the PDF
    coordinator = sign_in("coordinator@utrecht-west.test")
    coordinator.goto(AUG_26 + "rapport/")
    expect(coordinator.get_by_role("heading", name="Versies en besluiten")).to_be_visible()
    assert_accessible(coordinator)
    address = f"{base_url}{AUG_26}rapport.pdf"
    pdf = coordinator.request.get(address, timeout=60_000).body()
    text = " ".join(" ".join(texts_of_pages(pdf)).split())
    assert "Vastgesteld in OOGO op 24 september 2026, kenmerk OOGO 2026-03, agendapunt 4, versie 1" in text
    assert "Sterk VO regelt de vervanging, vóór 1 december." in text
    assert "CONCEPT" not in text

    stays_the_same(secretaris, coordinator, pdf, address)
    is_verified(coordinator, pdf)


def stays_the_same(secretaris: Page, coordinator: Page, pdf: bytes, address: str) -> None:
    """A later change of a doel's text changes neither page nor PDF."""
    secretaris.goto("/beheer/agenda/doel/?q=B3")
    secretaris.locator("#result_list").get_by_role("link", name="B3", exact=True).click()
    secretaris.locator("[name=plan]").fill("Extra ondersteuning, anders verwoord")
    secretaris.locator("[name=_save]").first.click()
    coordinator.goto(AGENDA + "doel/b3/")
    expect(coordinator.get_by_role("heading", level=1)).to_contain_text("anders verwoord")
    coordinator.goto(AUG_26 + "rapport/")
    expect(coordinator.locator("article")).not_to_contain_text("anders verwoord")
    assert coordinator.request.get(address, timeout=60_000).body() == pdf


def is_verified(coordinator: Page, pdf: bytes) -> None:
    """Whoever doubts the PDF has it verified."""
    coordinator.goto("/controleren/")
    coordinator.get_by_label("Pdf of JSON van een rapport").set_input_files(
        {"name": "rapport.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )
    coordinator.get_by_role("button", name="Controleren").click()
    outcome = coordinator.get_by_role("heading", name="Ongewijzigd vastgesteld op 24 september 2026 in OOGO")
    expect(outcome).to_be_visible()
    assert_accessible(coordinator)


def submit(secretaris: Page) -> None:
    secretaris.goto(AUG_26 + "voorleggen/")
    secretaris.get_by_role("button", name="Voorleggen aan OOGO").click()
    expect(secretaris.get_by_text("Aug 26 ligt nu voor aan het OOGO.")).to_be_visible()
