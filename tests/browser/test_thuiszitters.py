"""Entering a quarter as a gemeente does: by keyboard, by paste, on a bad line, with two people, without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import assert_accessible_in_every_look
from tests.pdf_validation import texts_of_pages

THUISZITTERS = "/regio/utrecht-west/thuiszitters/"
WOERDEN = THUISZITTERS + "2026-10-01/woerden/"
# Of the meetmoment that looks back on the school year of that quarter.
REPORT = "/regio/utrecht-west/agenda/2023-2027/aug-27/rapport"
MONTFOORT = THUISZITTERS + "2026-10-01/montfoort/"
SECRETARIS = "secretaris@utrecht-west.test"
# From top to bottom as on the sheet: absenteeism, reasons, exemptions.
COLUMNS = {
    "po": "2 0 0 5 1 0 3 2 1 1 0 0 0 0 9 3 1 0 0",
    "vo": "3 1 0 24 3 1 7 7 2 2 5 1 3 0 8 2 1 0 1",
    "vso": "0 0 0 2 0 0 1 1 0 0 0 0 0 0 4 0 0 0 0",
    "mbo": "3 1 0 1 0 0 0 1 0 0 1 0 2 0 0 0 0 0 0",
}


def line_of(gemeente: str, pdf: bytes) -> str:
    """Return what the table of the report says of `gemeente`, for the one quarter of this school year."""
    pages = texts_of_pages(pdf)
    told = re.search(rf"^{gemeente} (\d+)\b", "\n".join(pages), re.MULTILINE)
    assert told, pages
    return told[1]


def cell(page: Page, name: str) -> Locator:
    return page.locator(f"#id_{name}")


def status(page: Page) -> Locator:
    return page.locator("#stand [role=status]")


@pytest.fixture
def invoerder(sign_in: Callable[..., Page]) -> Callable[..., Page]:
    def invoerder(gemeente: str = "montfoort", **options: object) -> Page:
        page = sign_in(f"invoer-{gemeente}@utrecht-west.test", **options)
        page.goto(THUISZITTERS + f"2026-10-01/{gemeente}/")
        return page

    return invoerder


@pytest.fixture
def _given_back(sign_in: Callable[..., Page]) -> None:
    page = sign_in(SECRETARIS)
    page.goto(WOERDEN + "teruggeven/")
    page.get_by_label("Waarom geeft u deze opgave terug?").fill("Het voortgezet onderwijs is niet compleet.")
    page.get_by_role("button", name="Teruggeven aan de gemeente").click()
    expect(page.get_by_text("is teruggegeven")).to_be_visible()


@pytest.mark.usefixtures("_given_back")
def test_a_quarter_by_keyboard_alone_reaches_the_dashboard_and_the_files(invoerder, sign_in):
    page = invoerder("woerden")
    cell(page, "absoluut-verzuim-po").focus()
    for numbers in COLUMNS.values():
        for number in numbers.split():
            page.keyboard.type(number)
            page.keyboard.press("Enter")
        for _ in numbers.split()[1:]:
            page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-som='1']")).to_have_text("27")
    expect(page.locator("[data-alles]")).to_have_text("40")
    question = page.get_by_label("VO Dat zijn er")
    expect(question).to_be_visible()
    marked = page.locator(".vak-invoer.is-vraag")
    expect(marked).to_have_attribute("id", "id_thuiszitters-vo")
    cell(page, "thuiszitters-mbo").focus()
    page.keyboard.press("Tab")
    expect(question).to_be_focused()
    page.keyboard.type("Een school meldt sinds september ook geoorloofd verzuim.")
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Opgeslagen")
    expect(status(page)).not_to_contain_text("open")
    expect(marked).to_have_count(0)
    page.locator("#indienen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="Alle leerlingen die thuiszitten")).to_contain_text("40")
    assert_accessible_in_every_look(page)
    page.get_by_role("button", name="Indienen").press("Enter")
    expect(page.get_by_text("De opgave van Woerden is ingediend")).to_be_visible()

    reader = sign_in(SECRETARIS)
    reader.goto(THUISZITTERS)
    expect(reader.get_by_role("listitem").filter(has_text="Woerden").last).to_contain_text("40")
    exported = reader.request.get(THUISZITTERS + "tellingen.csv").text()
    assert ";GM0632;Woerden;VO;verzuim;thuiszitters;24;opgegeven" in exported.replace("\r", "")
    woerden = re.findall(r";2026-10-01;GM0632;Woerden;[^;]+;verzuim;(?:thuiszitters|absoluut-verzuim);(\d+);", exported)
    assert sum(map(int, woerden)) == 40
    assert line_of("Woerden", reader.request.get(REPORT + ".pdf?aantallen=alle").body()) == "40"


def test_a_block_from_excel_is_pasted_and_saved(invoerder):
    page = invoerder()
    cell(page, "absoluut-verzuim-vo").focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "1\\t2\\t3\\t4\\n0\\t1\\t2\\t9\\n");
            const options = { clipboardData: data, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )
    expect(page.locator("#plakmelding")).to_have_text("6 vakken geplakt. 2 pasten niet op dit blad.")
    expect(status(page)).to_contain_text("Opgeslagen")
    page.reload()
    expect(cell(page, "absoluut-verzuim-mbo")).to_have_value("3")
    expect(cell(page, "absoluut-verzuim-3-maanden-vso")).to_have_value("1")


def test_totals_add_up_while_typing_and_never_take_a_gap_for_zero(invoerder):
    page = invoerder()
    cell(page, "thuiszitters-po").fill("3")
    expect(page.locator("[data-samen='thuiszitters']")).to_have_text("3 1 van 4")
    cell(page, "thuiszitters-vo").fill("?")
    expect(page.locator("[data-samen='thuiszitters']")).to_have_text("3 1 van 4")
    cell(page, "thuiszitters-vo").fill("0")
    expect(page.locator("[data-samen='thuiszitters']")).to_have_text("3 2 van 4")
    expect(status(page)).to_contain_text("Opgeslagen")


def test_what_cannot_be_is_told_beside_its_row_and_stays_typed(invoerder):
    page = invoerder()
    cell(page, "thuiszitters-po").fill("2")
    cell(page, "thuiszitters-3-maanden-po").fill("3")
    cell(page, "thuiszitters-3-maanden-po").press("Enter")
    expect(page.locator("#vraag-thuiszitters-3-maanden")).to_contain_text("Een deel kan niet groter zijn")
    expect(status(page)).to_contain_text("nog niet bewaard")
    expect(cell(page, "thuiszitters-3-maanden-po")).to_have_attribute("aria-invalid", "true")
    cell(page, "thuiszitters-3-maanden-po").fill("1")
    cell(page, "thuiszitters-3-maanden-po").press("Enter")
    expect(status(page)).to_contain_text("Opgeslagen")
    expect(page.locator("#vraag-thuiszitters-3-maanden")).to_be_hidden()
    expect(page.locator("[aria-invalid]")).to_have_count(0)


def explanation(page: Page, name: str) -> Locator:
    return page.locator(f"#id_{name}-toelichting")


@pytest.fixture
def unknown_in_po_and_vo(invoerder) -> Page:
    """A sheet on which two numbers in one row are unknown; the reason of the second is stored."""
    page = invoerder()
    for sector in ("po", "vo"):
        cell(page, f"thuiszitters-{sector}").fill("?")
    cell(page, "thuiszitters-vso").focus()
    explanation(page, "thuiszitters-vo").fill("De school telt nog.")
    explanation(page, "thuiszitters-vo").press("Enter")
    expect(status(page)).to_contain_text("1 aantal is nog niet bewaard")
    return page


def test_a_refused_explanation_is_told_beneath_it_while_its_row_is_in_use(unknown_in_po_and_vo):
    page = unknown_in_po_and_vo
    refused = explanation(page, "thuiszitters-po")
    refused.fill("geboren 12-03-2012, 06 12345678")
    refused.press("Tab")
    expect(explanation(page, "thuiszitters-vo")).to_be_focused()
    expect(page.locator("#fout-thuiszitters-po")).to_contain_text("Dit lijkt een persoonsgegeven")
    expect(refused).to_have_attribute("aria-invalid", "true")
    expect(refused).to_have_accessible_description(re.compile("Niet bewaard. Dit lijkt een persoonsgegeven"))
    expect(status(page)).to_contain_text("1 toelichting zijn nog niet bewaard")
    expect(cell(page, "thuiszitters-po")).not_to_have_attribute("aria-invalid", "true")
    expect(cell(page, "thuiszitters-po")).to_contain_class("is-vraag")

    status(page).get_by_role("link", name="bekijk").click()
    expect(refused).to_be_focused()
    refused.fill("De school telt nog.")
    expect(status(page)).to_contain_text("Opgeslagen")
    expect(refused).to_be_focused()
    expect(page.locator("#fout-thuiszitters-po")).to_be_hidden()
    expect(refused).not_to_have_attribute("aria-invalid", "true")


def test_a_refused_explanation_is_told_while_somebody_is_still_in_it(unknown_in_po_and_vo):
    page = unknown_in_po_and_vo
    refused = explanation(page, "thuiszitters-po")
    refused.press_sequentially("mail jan@school.nl")
    expect(page.locator("#fout-thuiszitters-po")).to_contain_text("Dit lijkt een persoonsgegeven")
    expect(refused).to_be_focused()
    expect(refused).to_have_value("mail jan@school.nl")


def test_an_explanation_that_was_typed_on_is_not_taken_back_by_an_earlier_save(invoerder):
    page = invoerder()
    cell(page, "thuiszitters-po").fill("?")
    cell(page, "thuiszitters-vo").focus()
    reason = explanation(page, "thuiszitters-po")
    with page.expect_request(lambda request: request.method == "POST"):
        page.route("**/montfoort/", lambda route: (page.wait_for_timeout(600), route.continue_()))
        reason.fill("De school")
        reason.press("Tab")
    reason.press("End")
    reason.press_sequentially(" telt nog.")
    cell(page, "absoluut-verzuim-po").focus()
    expect(status(page)).to_contain_text("Opgeslagen")
    expect(reason).to_have_value("De school telt nog.")


# What stays in place while the page scrolls: the heads of the columns, and the bar at the foot.
COVERED = """() => {
    const focused = document.activeElement;
    const box = focused.getBoundingClientRect();
    if (!focused.closest(".telblad")) return "";
    const head = document.querySelector(".telblad thead");
    const sticks = getComputedStyle(head).display !== "none";
    const top = sticks ? head.querySelector("th").getBoundingClientRect().bottom : 0;
    const bottom = document.querySelector(".onderbalk").getBoundingClientRect().top;
    if (box.top >= top && box.bottom <= bottom) return "";
    return `${focused.id || focused.textContent}: ${box.top}-${box.bottom} is not within ${top}-${bottom}`;
}"""


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_that_has_the_focus_hides_beneath_what_stays_in_place(invoerder, width):
    page = invoerder()
    page.set_viewport_size({"width": width, "height": 740})
    cell(page, "thuiszitters-po").fill("?")
    cell(page, "thuiszitters-vo").fill("-1")
    cell(page, "thuiszitters-vo").press("Tab")
    expect(status(page)).to_contain_text("2 aantallen zijn nog niet bewaard")
    page.locator("#telblad").evaluate("form => form.querySelector('[name=nullen]').focus()")
    for key in ("Tab", "Shift+Tab"):
        hidden = []
        for _ in range(90):
            page.keyboard.press(key)
            hidden.append(page.evaluate(COVERED))
        assert [where for where in hidden if where] == [], key
    status(page).get_by_role("link", name="bekijk").click()
    assert page.evaluate(COVERED) == ""
    label = page.locator("label[for=id_thuiszitters-po-toelichting]")
    assert label.evaluate("label => label.getBoundingClientRect().top") >= 0


def test_a_lost_connection_loses_nothing(invoerder):
    page = invoerder()
    page.context.set_offline(True)
    cell(page, "thuiszitters-po").fill("2")
    cell(page, "thuiszitters-po").press("Tab")
    expect(status(page)).to_contain_text("Geen verbinding")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(status(page)).to_contain_text("Opgeslagen")


def test_what_was_typed_survives_a_reload_before_it_was_saved(invoerder):
    page = invoerder()
    page.context.set_offline(True)
    cell(page, "thuiszitters-po").fill("2")
    expect(status(page)).to_contain_text("Geen verbinding")
    page.context.set_offline(False)
    page.reload()
    expect(cell(page, "thuiszitters-po")).to_have_value("2")
    expect(status(page)).to_contain_text("Opgeslagen")


def test_two_people_in_one_field_the_second_chooses(invoerder, sign_in):
    page = invoerder()
    other = sign_in(SECRETARIS)
    other.goto(MONTFOORT)
    cell(page, "thuiszitters-po").fill("2")
    cell(page, "thuiszitters-po").press("Tab")
    expect(status(page)).to_contain_text("Opgeslagen")
    cell(other, "thuiszitters-po").fill("3")
    cell(other, "thuiszitters-po").press("Tab")
    expect(other.locator("#vraag-thuiszitters")).to_contain_text("Invoerder Montfoort bewaarde hier 2")
    other.get_by_role("button", name="2 van Invoerder Montfoort overnemen").click()
    expect(cell(other, "thuiszitters-po")).to_have_value("2")
    expect(status(other)).to_contain_text("Opgeslagen")


def test_no_thuiszitters_is_one_click(invoerder):
    page = invoerder()
    page.get_by_role("button", name="Geen thuiszitters dit kwartaal").click()
    expect(page.get_by_text("Bewaard: geen thuiszitters dit kwartaal.")).to_be_visible()
    expect(cell(page, "thuiszitters-mbo")).to_have_value("0")
    expect(cell(page, "gedrag-po")).to_have_value("0")
    expect(cell(page, "artikel-11-po")).to_have_value("")


def test_without_javascript_it_all_still_works(invoerder):
    page = invoerder(java_script_enabled=False)
    expect(page.get_by_text("Pijltjes en")).to_be_hidden()
    cell(page, "thuiszitters-po").fill("2")
    cell(page, "thuiszitters-vo").fill("-1")
    page.get_by_role("button", name="Alles bewaren").last.click()
    expect(page.get_by_role("alert")).to_contain_text("-1 is negatief.")
    expect(cell(page, "thuiszitters-po")).to_have_value("2")
    cell(page, "thuiszitters-vo").fill("?")
    page.get_by_role("button", name="Alles bewaren").last.click()
    page.get_by_label(re.compile("Waarom is dit aantal onbekend")).fill("De school is gesloten.")
    page.get_by_role("button", name="Alles bewaren").last.click()
    expect(page.get_by_text("Bewaard. 2 van 76 vakken zijn ingevuld.")).to_be_visible()


def assert_busy_while(page: Page, name: str) -> None:
    """See that the page says that it takes time once `name` is pressed, and call that off before the server hears."""
    busy = page.get_by_role("progressbar")
    expect(busy).to_have_count(0)
    page.route("**/inlezen/", lambda route: route.abort("aborted"))
    page.get_by_role("button", name=name).click(no_wait_after=True)
    expect(busy).to_be_visible()
    page.unroute("**/inlezen/")


def test_a_file_is_read_in_after_its_preview(sign_in):
    page = sign_in(SECRETARIS)
    page.goto(THUISZITTERS + "inlezen/")
    content = b"peildatum;gemeente;sector;categorie;aantal\n2026-10-01;Montfoort;PO;thuiszitters;4\n"
    page.get_by_label("Bestand met aantallen").set_input_files(
        {"name": "montfoort.csv", "mimeType": "text/csv", "buffer": content}
    )
    assert_busy_while(page, "Bekijken wat er verandert")
    page.get_by_role("button", name="Bekijken wat er verandert").click()
    expect(page.get_by_text("nieuw 1, gewijzigd 0, gelijk 0, fout 0")).to_be_visible()
    assert_busy_while(page, "Dit inlezen")
    page.get_by_role("button", name="Dit inlezen").click()
    expect(page.get_by_text("Ingelezen: nieuw 1")).to_be_visible()
    page.goto(MONTFOORT)
    expect(cell(page, "thuiszitters-po")).to_have_value("4")
