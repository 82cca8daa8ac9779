"""The job the product exists for, by hand: sign in, score a doel, see it on the dashboard, read it in the PDF."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.pdf_validation import texts_of_pages

AGENDA = "/regio/utrecht-west/agenda/2023-2027/"


def test_a_secretaris_scores_a_doel_and_reads_it_on_the_dashboard_and_in_the_pdf(page: Page, base_url: str):
    # given a secretaris who signs in
    page.goto("/")
    page.get_by_role("link", name="Aanmelden").first.click()
    page.get_by_label("E-mailadres").fill("secretaris@utrecht-west.test")
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mijn werk")

    # when she goes from her open work to doel B4 and scores it
    page.get_by_role("link", name="B4").first.click()
    card = page.locator("#doel-b4")
    card.locator("[data-toets='2']").check(force=True)
    card.get_by_label("Toelichting").fill("De afspraak over expertise loopt in juli af.")
    expect(page.locator("#status-b4")).to_contain_text("Opgeslagen")

    # then the dashboard names it among what asks for a decision
    page.get_by_role("link", name="Overzicht").click()
    asked = page.locator("section, div").filter(has=page.get_by_role("heading", name="Wat vraagt een besluit?")).last
    expect(asked).to_contain_text("B4 Specifieke expertise")
    expect(asked).to_contain_text("De afspraak over expertise loopt in juli af.")

    # and the PDF of the report tells the same
    answer = page.request.get(f"{base_url}{AGENDA}aug-26/rapport.pdf", timeout=60_000)
    assert answer.headers["content-type"] == "application/pdf"
    text = " ".join(" ".join(texts_of_pages(answer.body())).split())
    assert "10 van de 13 doelen zijn gescoord" in text
    assert "De afspraak over expertise loopt in juli af." in text
    assert "Fictieve voorbeelddata" in text
