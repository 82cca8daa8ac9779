"""Entering one gemeente's quarter, through the page."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from regio.permissions import Rol
from tests.factories import make_beheerder, make_gebruiker, make_gemeente, make_regio
from tests.page import Page, text
from tests.thuiszitters.factories import fill, make_telmoment, make_world, submit
from tests.worlds import once
from thuiszitters.counting import UNKNOWN
from thuiszitters.models import Opgave, Telling

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def autumn():
    with time_machine.travel(TODAY, tick=False):
        yield


built, world = once(make_world, at=TODAY)


@pytest.fixture
def url(world):
    return "/regio/telregio/thuiszitters/2026-10-01/woerden/"


@pytest.fixture
def client(world):
    signed_in = Client()
    signed_in.force_login(world[2])
    return signed_in


def stored():
    return {
        f"{t.categorie.code}-{t.sector.lower()}": str(t.count)
        for t in Telling.objects.select_related("categorie").all()
    }


def value_in(page, slug):
    (found,) = re.findall(rf'name="{slug}"\s+value="([^"]*)"', page)
    return found


def save(client, url, **fields):
    named = {name.replace("__", "#").replace("_", "-").replace("#", "--"): value for name, value in fields.items()}
    return client.post(url, named, **HTMX)


def test_the_three_states_are_stored_apart(client, url):
    client.post(
        url,
        {
            "thuiszitters-po": "0",
            "thuiszitters-po-versie": "0",
            "thuiszitters-vo": "?",
            "thuiszitters-vo-toelichting": "School gesloten",
            "thuiszitters-vo-versie": "0",
            "thuiszitters-mbo": "",
            "thuiszitters-mbo-versie": "0",
        },
    )
    assert stored() == {"thuiszitters-po": "0", "thuiszitters-vo": "onbekend"}
    save(client, url, thuiszitters_po="", thuiszitters_po_versie="1")
    assert stored()["thuiszitters-po"] == "geen opgave"


def test_the_page_shows_the_three_states_apart(client, url, world):
    _regio, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=0, thuiszitters_vo=UNKNOWN)
    page = client.get(url).content.decode()
    assert value_in(page, "thuiszitters-po") == "0"
    assert value_in(page, "thuiszitters-vo") == "?"
    assert value_in(page, "thuiszitters-mbo") == ""


def test_the_page_says_before_which_day_and_when_that_has_come(client, url, world):
    moment = world[3]
    moment.deadline = date(2026, 11, 21)
    moment.save()
    assert "Invoeren vóór 21 november 2026." in client.get(url).text
    moment.deadline = date(2026, 11, 20)
    moment.save()
    assert "Te laat: invoeren vóór 20 november 2026." in client.get(url).text
    # What came back was in before: the day is told, and nobody is called late with it.
    Opgave.objects.create(telmoment=moment, gemeente=world[1], status="teruggegeven", reden_teruggave="Kijk na.")
    page = client.get(url).text
    assert "Dit was gevraagd vóór 20 november 2026." in page
    assert "Te laat" not in page


def test_unknown_without_a_reason_asks_for_one_and_keeps_what_was_typed(client, url):
    answer = save(client, url, thuiszitters_po="?", thuiszitters_po_versie="0").content.decode()
    assert "Waarom is dit aantal onbekend?" in answer
    assert "data-bewaard" not in answer
    assert stored() == {}


def test_why_a_number_was_unknown_goes_when_it_is_known(client, url):
    """The reason stays in the history; what is adopted with the number would make no sense of it."""
    gesloten = "School gesloten"
    unknown = {"thuiszitters_po": "?", "thuiszitters_po_toelichting": gesloten}
    save(client, url, **unknown, thuiszitters_po_versie="0")
    known = {"thuiszitters_po": "3", "thuiszitters_po_toelichting": gesloten, "thuiszitters_po_versie": "1"}
    answer = save(client, url, **known).text
    assert gesloten not in answer
    assert Telling.objects.get().toelichting == ""
    assert [row.toelichting for row in Telling.history.order_by("versie")] == [gesloten, ""]

    save(client, url, thuiszitters_po="4", thuiszitters_po_toelichting="Nageteld.", thuiszitters_po_versie="2")
    assert Telling.objects.get().toelichting == "Nageteld."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-1", "-1 is negatief. Vul 0 of een hoger aantal in."),
        ("2,5", "2,5 is geen heel getal."),
        ("vijf", "‘vijf’ is geen aantal."),
        ("100000", "100000 is te groot."),
        ("9" * 400, "is te groot"),
        ("²", "‘²’ is geen aantal."),
    ],
)
def test_what_is_no_count_is_refused_in_words_and_stays_typed(client, url, typed, words):
    page = client.post(
        url,
        {
            "thuiszitters-po": typed,
            "thuiszitters-po-versie": "0",
            "thuiszitters-vo": "3",
            "thuiszitters-vo-versie": "0",
        },
    ).content.decode()
    assert words in page
    assert f'value="{typed}"' in page
    assert stored() == {"thuiszitters-vo": "3"}


def test_handing_in_is_not_offered_while_a_number_on_the_page_is_not_saved(client, url):
    """Who would hand in then hands in the number that stood there before."""
    offered = f'href="{url}indienen/"'
    assert offered in client.get(url).text
    refused = save(client, url, thuiszitters_po="veel", thuiszitters_po_versie="0").text
    assert offered not in refused
    assert re.search(r'id="indienen"\s+href="#id_thuiszitters-po">Eerst nakijken</a>', refused)
    assert offered in save(client, url, thuiszitters_po="2", thuiszitters_po_versie="0").text


def test_a_part_above_its_whole_saves_neither_and_says_what_to_mend(client, url):
    answer = save(
        client,
        url,
        thuiszitters_po="2",
        thuiszitters_po_versie="0",
        thuiszitters_3_maanden_po="3",
        thuiszitters_3_maanden_po_versie="0",
        thuiszitters_vo="1",
        thuiszitters_vo_versie="0",
    ).content.decode()
    assert "Een deel kan niet groter zijn dan het geheel" in answer
    assert stored() == {"thuiszitters-vo": "1"}


def test_lowering_a_whole_below_its_part_is_refused(client, url, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=5, thuiszitters_3_maanden_po=3)
    save(client, url, thuiszitters_po="2", thuiszitters_po_versie="1")
    assert stored()["thuiszitters-po"] == "5"
    # Both in one go can be kept.
    save(
        client,
        url,
        thuiszitters_po="2",
        thuiszitters_po_versie="1",
        thuiszitters_3_maanden_po="1",
        thuiszitters_3_maanden_po_versie="1",
    )
    assert stored() == {"thuiszitters-po": "2", "thuiszitters-3-maanden-po": "1"}


def test_a_jump_is_kept_asks_why_and_cannot_be_submitted_unexplained(client, url, world):
    regio, gemeente, invoerder, moment = world
    summer = make_telmoment(regio, date(2026, 7, 1))
    fill(summer, gemeente, invoerder, thuiszitters_po=4)
    fill(moment, gemeente, invoerder, thuiszitters_po=4)
    answer = save(client, url, thuiszitters_po="12", thuiszitters_po_versie="1").content.decode()
    assert "8 meer dan vorig kwartaal (4 → 12)" in answer
    assert Telling.objects.get(opgave__telmoment=moment, sector="PO", categorie__code="thuiszitters").aantal == 12
    assert "nog een toelichting nodig" in client.get(url + "indienen/").content.decode()
    client.post(url + "indienen/")
    assert not Opgave.objects.filter(status="ingediend").exists()
    save(client, url, thuiszitters_po="12", thuiszitters_po_versie="2", thuiszitters_po_toelichting="Nieuwe school")
    client.post(url + "indienen/")
    assert Opgave.objects.get(status="ingediend").telmoment == moment
    assert "Nieuwe school" in client.get(url).content.decode()


def test_no_jump_across_a_change_of_definition(client, url, world):
    from thuiszitters.models import Categorie

    regio, gemeente, invoerder, _moment = world
    summer = make_telmoment(regio, date(2026, 7, 1))
    fill(summer, gemeente, invoerder, thuiszitters_po=4)
    old = Categorie.objects.get(code="thuiszitters")
    old.geldig_tot = date(2026, 8, 1)
    old.save()
    Categorie.objects.create(
        code="thuiszitters",
        groep="verzuim",
        naam="Thuiszitters",
        kort="Thuiszitters",
        definitie="Anders geteld",
        geldig_van=date(2026, 8, 1),
        volgorde=old.volgorde,
    )
    answer = save(client, url, thuiszitters_po="12", thuiszitters_po_versie="0").content.decode()
    assert "vorig kwartaal" not in answer
    page = client.get(url).content.decode()
    assert "Schuingedrukte aantallen zijn geteld met een andere definitie" in page


def test_two_people_one_count_the_second_sees_both_and_chooses(client, url, world):
    regio, gemeente, invoerder, moment = world
    other = make_gebruiker("collega@telregio.test", Rol.INVOERDER, regio, gemeente, naam="Collega")
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=3)
    theirs = Client()
    theirs.force_login(other)
    save(theirs, url, thuiszitters_po="5", thuiszitters_po_versie="1")
    answer = save(client, url, thuiszitters_po="4", thuiszitters_po_versie="1").content.decode()
    assert "Collega bewaarde hier 5" in answer
    assert "U typte 4" in answer
    assert stored()["thuiszitters-po"] == "5"
    save(
        client,
        url,
        thuiszitters_po="4",
        thuiszitters_po_versie="1",
        thuiszitters_po_gezien="2",
        thuiszitters_po_keuze="mijn",
    )
    assert stored()["thuiszitters-po"] == "4"


def test_who_is_in_two_windows_is_told_so_instead_of_the_own_name(client, url, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=5)
    answer = save(client, url, thuiszitters_po="4", thuiszitters_po_versie="0").content.decode()
    assert "U bewaarde hier in een ander venster 5" in answer
    assert "5 uit het andere venster overnemen" in answer
    page = client.post(url, {"thuiszitters-po": "4", "thuiszitters-po-versie": "0"}).content.decode()
    assert "u bewaarde intussen 5 in een ander venster." in page


def test_taking_over_the_other_count_replaces_the_field(client, url, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=5)
    answer = client.post(
        url,
        {
            "thuiszitters-po": "4",
            "thuiszitters-po-versie": "0",
            "thuiszitters-po-gezien": "1",
            "thuiszitters-po-keuze": "hun",
        },
        **HTMX,
    ).content.decode()
    assert stored()["thuiszitters-po"] == "5"
    assert "data-bewaard" in answer
    assert value_in(answer, "thuiszitters-po") == "5"


def test_a_field_that_nobody_touched_never_overwrites_somebody_elses(client, url, world):
    save(client, url, thuiszitters_po="3", thuiszitters_po_versie="0")
    save(client, url, thuiszitters_po="5", thuiszitters_po_versie="1")
    # An older page, on which 3 stands, saves another field and posts the whole sheet.
    answer = save(
        client, url, thuiszitters_po="3", thuiszitters_po_versie="1", thuiszitters_vo="1", thuiszitters_vo_versie="0"
    ).content.decode()
    assert stored() == {"thuiszitters-po": "5", "thuiszitters-vo": "1"}
    assert value_in(answer, "thuiszitters-po") == "5"


def test_geen_thuiszitters_is_one_click_and_stores_zeros(client, url):
    page = client.get(url).content.decode()
    assert "Geen thuiszitters dit kwartaal" in page
    client.post(url, {"nullen": "geen"})
    counts = stored()
    assert set(counts.values()) == {"0"}
    assert counts["thuiszitters-po"] == counts["gebrek-aan-passend-aanbod-mbo"] == "0"
    assert "artikel-5-onder-a-po" not in counts


def test_geen_thuiszitters_never_destroys_a_number(client, url, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=3)
    page = client.post(url, {"nullen": "geen"}, follow=True).content.decode()
    assert "Er staan al aantallen boven 0" in page
    assert stored() == {"thuiszitters-po": "3"}


def test_empty_fields_of_a_group_become_zero_on_request(client, url):
    client.post(url, {"thuiszitters-po": "3", "thuiszitters-po-versie": "0", "nullen": "vrijstelling"})
    counts = stored()
    assert counts.pop("thuiszitters-po") == "3"
    assert len(counts) == 20
    assert set(counts.values()) == {"0"}


@pytest.mark.parametrize(
    ("knop", "naam"), [("vrijstelling", "Lege vakken op 0"), ("geen", "Geen thuiszitters dit kwartaal")]
)
@pytest.mark.parametrize("typed", ["-1", "4"], ids=["refused", "conflict"])
def test_no_field_becomes_zero_while_one_is_not_saved_and_the_page_says_so(client, url, world, knop, naam, typed):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=0)
    page = client.post(url, {"thuiszitters-po": typed, "thuiszitters-po-versie": "0", "gedrag-po": "0", "nullen": knop})
    said = text(next(node for node in Page(page).all("div", role="alert")))
    assert "Er is niets op 0 gezet." in said
    assert f"druk dan opnieuw op ‘{naam}’" in said
    assert stored() == {"thuiszitters-po": "0", "gedrag-po": "0"}


def test_submitting_says_what_is_missing_then_closes_the_opgave(client, url, world):
    _, gemeente, invoerder, moment = world
    page = client.get(url + "indienen/").content.decode()
    assert "Dat kan nog niet." in page
    assert "PO, VO, (V)SO, MBO: nog niet ingevuld." in page
    fill(moment, gemeente, invoerder, thuiszitters_po=2, gebrek_aan_passend_aanbod_po=1)
    client.post(url + "indienen/")
    opgave = Opgave.objects.get()
    assert opgave.status == "ingediend"
    assert opgave.ingediend_door == invoerder
    answer = client.post(url, {"thuiszitters-po": "9", "thuiszitters-po-versie": "1"}).content.decode()
    assert "Deze opgave is ingediend." in answer
    assert 'value="9"' in answer
    assert stored()["thuiszitters-po"] == "2"


def test_before_submitting_stands_what_is_handed_in(client, url, world):
    _, gemeente, invoerder, moment = world
    counts: dict[str, Any] = {f"thuiszitters_3_maanden_{sector}": UNKNOWN for sector in ("po", "vo", "vso", "mbo")}
    counts |= {"thuiszitters_po": 2, "thuiszitters_vo": 3, "thuiszitters_mbo": UNKNOWN, "absoluut_verzuim_po": 1}
    fill(moment, gemeente, invoerder, **counts)
    page = Page(client.get(url + "indienen/"))
    assert page.rows("Leerlingen op 1 oktober 2026, alle sectoren samen") == [
        ["Absoluut verzuim", "1"],
        ["waarvan langer dan drie maanden", "0"],
        ["waarvan zonder passend aanbod", "0"],
        ["Thuiszitters", "5 3 van 4 sectoren"],
        ["waarvan langer dan drie maanden", "onbekend"],
        ["waarvan zonder passend aanbod", "0"],
        ["Alle leerlingen die thuiszitten", "6 3 van 4 sectoren en een deel"],
    ]


def test_reasons_may_be_left_out_and_become_geen_opgave(client, url, world):
    _, _gemeente, _invoerder, _moment = world
    client.post(url, {"nullen": "verzuim"})
    client.post(url, {"nullen": "vrijstelling"})
    client.post(url + "indienen/")
    assert Opgave.objects.get().status == "ingediend"
    assert stored()["gedrag-po"] == "geen opgave"


def test_the_secretaris_gives_an_opgave_back_with_a_reason(client, url, world):
    regio, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder)
    submit(moment, gemeente, invoerder)
    secretaris = Client()
    secretaris.force_login(make_gebruiker("secretaris@telregio.test", Rol.SECRETARIS, regio))
    assert (
        "Schrijf wat de gemeente moet nakijken." in secretaris.post(url + "teruggeven/", {"reden": ""}).content.decode()
    )
    secretaris.post(url + "teruggeven/", {"reden": "Kijk het mbo nog eens na."})
    assert Opgave.objects.get().status == "teruggegeven"
    assert "Teruggegeven op 20 november 2026 door Secretaris. Kijk het mbo nog eens na." in text(
        next(node for node in Page(client.get(url)).all("div", **{"class": "melding melding-warning"}))
    )
    # Kept for good, also after submitting again.
    submit(moment, gemeente, invoerder)
    assert "Kijk het mbo nog eens na." in Opgave.history.values_list("reden_teruggave", flat=True)


def test_a_quarter_in_the_future_cannot_be_entered(client, world):
    make_telmoment(world[0], date(2027, 1, 1))
    page = client.post(
        "/regio/telregio/thuiszitters/2027-01-01/woerden/", {"thuiszitters-po": "1", "thuiszitters-po-versie": "0"}
    ).content.decode()
    assert "Deze peildatum ligt in de toekomst." in page
    assert stored() == {}


def test_personal_data_in_an_explanation_is_refused(client, url):
    answer = save(
        client, url, thuiszitters_po="?", thuiszitters_po_versie="0", thuiszitters_po_toelichting="mail jan@school.nl"
    ).content.decode()
    assert "Dit lijkt een persoonsgegeven" in answer
    assert stored() == {}


def test_what_is_not_saved_is_counted_by_where_to_mend_it(client, url, world):
    """A number that waits for its explanation is not saved either, and nothing else is said to be."""
    regio, gemeente, invoerder, moment = world
    fill(make_telmoment(regio, date(2026, 7, 1)), gemeente, invoerder, thuiszitters_po=4)
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=12)
    refused = {"thuiszitters-po-toelichting": "geboren 12-03-2012", "thuiszitters-po-versie": "1"}
    page = client.post(url, {"thuiszitters-po": "12", **refused}, **HTMX).text
    assert "1 toelichting is nog niet bewaard" in page
    assert page.count('href="#id_thuiszitters-po-toelichting"') == 2
    assert "8 meer dan vorig kwartaal (4 → 12)" in page
    page = client.post(url, {"thuiszitters-po": "13", **refused, "gedrag-po": "-1"}, **HTMX).text
    assert "2 aantallen en 1 toelichting zijn nog niet bewaard" in page
    assert "Dit aantal wordt bewaard zodra de toelichting klopt." in page
    page = client.post(url, {"thuiszitters-po": "?", **refused}, **HTMX).text
    assert "1 aantal en 1 toelichting zijn nog niet bewaard" in page
    page = client.post(url, {"thuiszitters-po": "?", "thuiszitters-po-versie": "1"}, **HTMX).text
    assert "1 aantal is nog niet bewaard" in page
    assert 'href="#id_thuiszitters-po-toelichting"' in page
    assert set(Telling.objects.filter(opgave__telmoment=moment).values_list("aantal", flat=True)) == {12}


def test_an_explanation_and_its_box_are_tied_to_what_is_wrong_with_it(client, url):
    answer = client.post(url, {"thuiszitters-po": "?", "thuiszitters-po-toelichting": "mail jan@school.nl"})
    page = Page(answer)
    [number] = page.all("input", id="id_thuiszitters-po")
    [box] = page.all("input", id="id_thuiszitters-po-toelichting")
    [said] = page.all("div", id=box.get("aria-describedby"))
    assert (number.get("aria-invalid"), box.get("aria-invalid")) == (None, "true")
    assert "Dit lijkt een persoonsgegeven" in text(said)


def test_saving_what_stands_there_writes_no_history(client, url):
    for _ in range(2):
        save(client, url, thuiszitters_po="3", thuiszitters_po_versie="1" if Telling.objects.exists() else "0")
    assert Telling.history.count() == 1


@pytest.mark.parametrize(
    ("who", "see", "enter", "give_back"),
    [
        ("own", 200, 200, 403),
        ("other", 403, 403, 403),
        ("rbl", 200, 200, 403),
        ("secretaris", 200, 200, 200),
        ("coordinator", 200, 403, 403),
        ("oogo", 403, 403, 403),
        ("beheer", 403, 403, 403),
        ("elsewhere", 404, 404, 404),
    ],
)
def test_whose_counts_they_are(who, see, enter, give_back, url, world):
    regio, _gemeente, invoerder, _ = world
    people = {
        "own": lambda: invoerder,
        "other": lambda: make_gebruiker("o@t.test", Rol.INVOERDER, regio, make_gemeente(regio, "elders", "GM0002")),
        "rbl": lambda: make_gebruiker("r@t.test", Rol.INVOERDER, regio, make_rbl(regio)),
        "secretaris": lambda: make_gebruiker("s@t.test", Rol.SECRETARIS, regio),
        "coordinator": lambda: make_gebruiker("c@t.test", Rol.COORDINATOR, regio),
        "oogo": lambda: make_gebruiker("l@t.test", Rol.OOGO_LID, regio),
        "beheer": lambda: make_beheerder("b@t.test"),
        "elsewhere": lambda: make_gebruiker("e@t.test", Rol.SECRETARIS, make_regio("elders")),
    }
    client = Client()
    client.force_login(people[who]())
    assert client.get(url).status_code == see
    assert client.post(url, {}, **HTMX).status_code == enter
    assert client.get(url + "indienen/").status_code == enter
    assert client.get(url + "teruggeven/").status_code == give_back


def test_only_who_gives_counts_back_is_offered_to(url, world):
    regio, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder)
    submit(moment, gemeente, invoerder)
    offered = {}
    for rol in (Rol.SECRETARIS, Rol.COORDINATOR, Rol.INVOERDER):
        client = Client()
        reader = make_gebruiker(f"{rol}@t.test", rol, regio, gemeente if rol == Rol.INVOERDER else None)
        client.force_login(reader)
        offered[rol] = "Teruggeven met een reden" in client.get(url).text
    assert offered == {Rol.SECRETARIS: True, Rol.COORDINATOR: False, Rol.INVOERDER: False}


def make_rbl(regio):
    from regio.models import Deelname, Organisatie

    rbl = Organisatie.objects.create(soort="rbl", naam="RBL", slug="rbl")
    Deelname.objects.create(regio=regio, organisatie=rbl, van=date(2023, 8, 1))
    return rbl


def test_a_gemeente_of_another_regio_is_not_found(client, world):
    make_gemeente(make_regio("elders"), "zeist", "GM0355")
    assert client.get("/regio/telregio/thuiszitters/2026-10-01/zeist/").status_code == 404
    assert client.get("/regio/telregio/thuiszitters/2026-10-02/woerden/").status_code == 404
    assert client.get("/regio/telregio/thuiszitters/2026-13-45/woerden/").status_code == 404


def test_the_page_asks_the_database_at_most_twelve_times(client, url, world, django_assert_max_num_queries):
    regio, gemeente, invoerder, moment = world
    fill(make_telmoment(regio, date(2026, 7, 1)), gemeente, invoerder)
    fill(moment, gemeente, invoerder)
    with django_assert_max_num_queries(12):
        client.get(url)
