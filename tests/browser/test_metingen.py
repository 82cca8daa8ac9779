"""A meting by keyboard: entered at its doel, and what it asks read by who decides."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

DOEL = "/regio/utrecht-west/agenda/2023-2027/doel/b1/"


def test_a_meting_typed_by_the_secretaris_asks_the_oogo_for_the_act(sign_in: Callable[..., Page]):
    page = sign_in("secretaris@utrecht-west.test")
    page.goto(DOEL)
    page.get_by_role("link", name="Meting toevoegen bij Afgegeven TLV’s, primair onderwijs").press("Enter")
    page.get_by_label("Peildatum").fill("2026-10-01")
    page.get_by_label("Waarde (per 1.000 leerlingen)").press_sequentially("veel")
    page.keyboard.press("Tab")
    page.keyboard.type("10,4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Schrijf een getal als 24,5 of 1.234,5")
    page.get_by_label("Waarde (per 1.000 leerlingen)").fill("10,6")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bewaard: Afgegeven TLV’s, primair onderwijs, 1 oktober 2026.")).to_be_visible()

    said = "10,60 per 1.000 leerlingen op 1 oktober 2026, boven het landelijk gemiddelde van 10,40."
    oogo = sign_in("oogo@utrecht-west.test")
    oogo.goto("/regio/utrecht-west/")
    asked = oogo.get_by_role("region", name="Wat vraagt een besluit?")
    expect(asked).to_contain_text(said)
    expect(asked).to_contain_text("Bijstelling indien TLV’s harder stijgt dan landelijk gemiddelde")
