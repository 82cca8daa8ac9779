"""Questions at a doel, a score and a number: asked, answered, withdrawn, taken into a report."""

import json
from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agenda.models import Trekker
from monitoring.actions import NotAllowedNow
from monitoring.asking import AnswerConflict, Plek, answer, ask, choose_report, withdraw
from monitoring.models import Vraag
from regio.permissions import Rol
from tests.factories import make_agenda, make_gebruiker, make_gemeente, make_meetmoment, make_regio
from tests.monitoring.decisions import Besluitvorming
from tests.monitoring.test_reading import Page, text
from tests.thuiszitters.factories import fill, make_categorieen, make_telmoment
from tests.worlds import once

AGENDA = "/regio/west/agenda/2023-2027/"
VRAGEN = "/regio/west/vragen/"
NOW = "2026-11-21T12:00:00+01:00"
NUMBER = VRAGEN + "aantal/2026-10-01/thuiszitters/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


built, world = once(Besluitvorming, at=NOW)


@pytest.fixture
def vraag(world) -> Vraag:
    return ask(plek=Plek(world.regio, doel=world.b1), tekst="Wie doet dit?", by=world.lid)


@pytest.fixture
def sign_in(world) -> Callable[[str], Client]:
    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(world.people[name])
        return client

    return sign_in


def send(client: Client, address: str, data: dict[str, Any]) -> Page:
    """Send a form and read the page that comes of it."""
    return Page(client.post(address, data, follow=True))


def main(page: Page) -> str:
    return text(page.all("main")[0])


# Asking


def test_a_regio_where_nobody_asked_says_so_and_counts_nothing(world, sign_in):
    page = main(Page(sign_in("oogo-lid").get(VRAGEN)))
    assert page.startswith("Vragen en antwoorden Nog geen vragen")


ASKED = {
    AGENDA + "doel/b1/vraag/": "B1 Plan B1",
    AGENDA + "doel/b1/vraag/?meetmoment=aug-25": "B1 Plan B1, score van Aug 25",
    NUMBER: "Thuiszitters op 1 oktober 2026",
}


def test_a_reader_asks_and_everybody_in_the_regio_reads_it(world, sign_in):
    make_categorieen()
    make_telmoment(world.regio)
    shown = []
    for name, (address, about) in product(("oogo-lid", "coordinator", "invoerder"), ASKED.items()):
        page = send(sign_in(name), address, {"tekst": "Hoe komt dat?"})
        assert f"Over {about}, gesteld op 21 november 2026" in main(page)
        shown.append(f"{about} Hoe komt dat? {name.title()}, 21 november 2026")
    for reader in ("oogo-lid", "coordinator", "invoerder", "secretaris", "beheerder"):
        listed = text(Page(sign_in(reader).get(VRAGEN)).card("Wacht op antwoord"))
        assert listed == " ".join(["Wacht op antwoord", *shown])
        opened = text(Page(sign_in(reader).get("/regio/west/")).card("Welke vragen staan open?"))
        assert "9 vragen wachten op antwoord." in opened
        assert "Hoe komt dat?" in opened


def test_question_at_a_score_stands_with_its_doel(world, sign_in):
    send(sign_in("oogo-lid"), AGENDA + "doel/b1/vraag/?meetmoment=aug-25", {"tekst": "Hoe komt dat?"})
    card = text(Page(sign_in("coordinator").get(AGENDA + "doel/b1/")).card("Vragen en antwoorden"))
    assert "Over de score van Aug 25 Hoe komt dat? Oogo-Lid, 21 november 2026 · wacht op antwoord" in card
    other = Page(sign_in("coordinator").get(AGENDA + "doel/a1/")).card("Vragen en antwoorden")
    assert "Nog niemand vroeg iets over dit doel." in text(other)


@pytest.mark.parametrize(
    ("tekst", "said"),
    [
        ("", "Schrijf wat u wilt weten."),
        ("Bel mij op 06-12345678", "Dit lijkt een persoonsgegeven"),
        ("Zijn dit dezelfde 3 leerlingen?", "‘3 leerlingen’ noemt een klein aantal"),
        ("x" * 2001, "Deze tekst is 2001 tekens lang. Kort hem in tot 2000 tekens."),
    ],
)
def test_what_does_not_belong_in_a_question_is_refused_and_kept(sign_in, tekst, said):
    page = send(sign_in("oogo-lid"), AGENDA + "doel/b1/vraag/", {"tekst": tekst})
    assert said in main(page)
    assert tekst in (page.all("textarea")[0].text or "")
    assert page.all("textarea")[0].get("maxlength") is None  # a browser would cut what is pasted without a word
    assert not Vraag.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        AGENDA + "doel/B1/vraag/",
        AGENDA + "doel/z9/vraag/",
        AGENDA + "doel/b1/vraag/?meetmoment=aug-99",
        AGENDA + "doel/b1/vraag/?meetmoment=",
        VRAGEN + "aantal/2026-10-01/bestaat-niet/",
        VRAGEN + "aantal/2026-10-02/thuiszitters/",
        VRAGEN + "99/",
        VRAGEN + "9999999999999999999999/",
        "/regio/oost/vragen/",
    ],
)
def test_what_does_not_exist_is_not_found(world, sign_in, vraag, address):
    make_categorieen()
    make_telmoment(world.regio)
    assert sign_in("oogo-lid").get(address).status_code == 404


def test_pages_of_a_question_at_a_number_do_not_tell_the_number(world, sign_in):
    make_categorieen()
    moment = make_telmoment(world.regio, date(2026, 1, 1))
    fill(moment, world.stad, world.people["invoerder"], thuiszitters_vo=3, andere_reden_vo=3)
    client = sign_in("oogo-lid")
    address = VRAGEN + "aantal/2026-01-01/thuiszitters/"
    pages = [Page(client.get(address)), send(client, address, {"tekst": "Waarom?"}), Page(client.get(VRAGEN))]
    assert ["3" in main(page) for page in pages] == [False, False, False]


# Answering


def test_the_secretaris_is_asked_in_mijn_werk_and_answers(world, sign_in, vraag):
    client = sign_in("secretaris")
    card = Page(client.get("/")).card("Vragen om te beantwoorden – West")
    assert Page(client.get("/")).links(card) == {"Wie doet dit?": f"{VRAGEN}{vraag.pk}/#antwoord"}
    assert "Oogo-Lid, 21 november 2026, over B1 Plan B1" in text(card)
    page = send(client, vraag.get_absolute_url(), {"antwoord": "De gemeente Stad.", "versie": 1})
    assert "De gemeente Stad. Secretaris, 21 november 2026" in text(page.card("Antwoord"))
    assert "Vragen om te beantwoorden" not in client.get("/").text
    asker = Page(sign_in("oogo-lid").get(AGENDA + "doel/b1/")).card("Vragen en antwoorden")
    assert "De gemeente Stad." in text(asker)
    said = [text(item) for item in page.card("Wat er gebeurde").iter("li")]
    assert said == [
        "Secretaris gaf antwoord 21 november 2026, 12:00",
        "Oogo-Lid stelde de vraag 21 november 2026, 12:00",
    ]


def test_people_of_the_trekker_answer_for_their_doel_only(world, sign_in, vraag):
    assert "Vragen om te beantwoorden" not in sign_in("invoerder").get("/").text
    assert sign_in("invoerder").post(vraag.get_absolute_url(), {"antwoord": "Ja", "versie": 1}).status_code == 403
    Trekker.objects.create(doel=world.b1, organisatie=world.stad, kant="gemeente")
    assert "Wie doet dit?" in text(Page(sign_in("invoerder").get("/")).card("Vragen om te beantwoorden – West"))
    page = send(sign_in("invoerder"), vraag.get_absolute_url(), {"antwoord": "Wij.", "versie": 1})
    assert "Wij. Invoerder" in text(page.card("Antwoord"))
    buur = make_gebruiker("buur@west.example", Rol.INVOERDER, world.regio, make_gemeente(world.regio, "buur", "GM0002"))
    with pytest.raises(PermissionDenied):
        answer(vraag=vraag, tekst="Nee", versie=2, by=buur)


def test_who_asked_does_not_answer_although_the_own_organisatie_pulls(world, sign_in):
    Trekker.objects.create(doel=world.b1, organisatie=world.stad, kant="gemeente")
    mine = ask(plek=Plek(world.regio, doel=world.b1), tekst="En wij?", by=world.people["invoerder"])
    assert "Vragen om te beantwoorden" not in sign_in("invoerder").get("/").text
    assert sign_in("invoerder").post(mine.get_absolute_url(), {"antwoord": "Ja", "versie": 1}).status_code == 403


def test_the_second_to_answer_sees_both_texts_and_chooses(world, sign_in, vraag):
    send(sign_in("secretaris"), vraag.get_absolute_url(), {"antwoord": "Eerste tekst", "versie": 1})
    page = send(sign_in("indiener"), vraag.get_absolute_url(), {"antwoord": "Tweede tekst", "versie": 1})
    card = text(page.card("Antwoord"))
    assert "Secretaris gaf intussen ook antwoord. Er is niets overschreven." in card
    assert "Eerste tekst" in card
    assert "Tweede tekst" in (page.all("textarea")[0].text or "")
    vraag.refresh_from_db()
    assert vraag.antwoord == "Eerste tekst"
    [seen] = page.all("input", name="versie")
    page = send(
        sign_in("indiener"), vraag.get_absolute_url(), {"antwoord": "Tweede tekst", "versie": seen.get("value")}
    )
    assert "Was Eerste tekst Werd Tweede tekst" in text(page.card("Wat er gebeurde"))
    vraag.refresh_from_db()
    assert vraag.antwoord == "Tweede tekst"


def test_the_same_answer_again_changes_nothing_and_an_old_version_conflicts(world, vraag):
    by = world.people["secretaris"]
    answer(vraag=vraag, tekst="Zo", versie=1, by=by)
    assert answer(vraag=vraag, tekst="Zo", versie=1, by=world.indiener).beantwoord_door == by
    with pytest.raises(AnswerConflict):
        answer(vraag=vraag, tekst="Anders", versie=1, by=world.indiener)
    assert Vraag.history.filter(id=vraag.pk).count() == 2


@pytest.mark.parametrize(
    ("antwoord", "said"),
    [("", "Schrijf het antwoord."), ("jan@school.nl", "persoonsgegeven"), ("Om 2 kinderen.", "klein aantal")],
)
def test_what_does_not_belong_in_an_answer_is_refused_and_kept(sign_in, vraag, antwoord, said):
    page = send(sign_in("secretaris"), vraag.get_absolute_url(), {"antwoord": antwoord, "versie": 1})
    assert said in main(page)
    assert antwoord in (page.all("textarea")[0].text or "")
    vraag.refresh_from_db()
    assert not vraag.antwoord


# Withdrawing


def test_an_own_question_is_withdrawn_after_asking_once_and_is_gone_for_all(sign_in, vraag):
    client = sign_in("oogo-lid")
    address = vraag.get_absolute_url()
    assert Page(client.get(address)).links()["Vraag intrekken"] == address + "intrekken/"
    assert "Wie doet dit?" in main(Page(client.get(address + "intrekken/")))
    assert "ingetrokken" in send(client, address + "intrekken/", {}).html
    for page in (address, address + "intrekken/"):
        assert client.get(page).status_code == 404
    assert "Wie doet dit?" not in client.get(VRAGEN).text + client.get(AGENDA + "doel/b1/").text
    assert "Vragen om te beantwoorden" not in sign_in("secretaris").get("/").text
    assert Vraag.history.filter(id=vraag.pk, ingetrokken_op__isnull=False).exists()


def test_an_answer_to_what_was_withdrawn_meanwhile_is_given_back(sign_in, vraag):
    address = vraag.get_absolute_url()
    answering = sign_in("secretaris")
    shown = {"antwoord": "Dit schreef <ik> & dit blijft.", "versie": vraag.versie}
    send(sign_in("oogo-lid"), address + "intrekken/", {})
    answer = answering.post(address, shown)
    assert answer.status_code == 404
    assert "Deze vraag is ingetrokken" in answer.text
    assert "Dit schreef &lt;ik&gt; &amp; dit blijft." in answer.text
    assert vraag.tekst not in answer.text
    assert "Dit schreef" not in sign_in("coordinator").post(address, shown).text
    assert answering.get(address).status_code == 404


def test_who_might_have_answered_reads_at_an_old_link_that_it_was_withdrawn(sign_in, vraag):
    address = vraag.get_absolute_url()
    send(sign_in("oogo-lid"), address + "intrekken/", {})
    page = sign_in("secretaris").get(address)
    assert page.status_code == 404
    assert "<h1>Deze vraag is ingetrokken</h1>" in page.text
    assert vraag.tekst not in page.text
    assert "Dit kon intussen niet meer" not in page.text
    assert "U hebt deze vraag ingetrokken." in sign_in("oogo-lid").get(address).text
    for stranger in ("coordinator", "elders"):
        assert "ingetrokken" not in sign_in(stranger).get(address).text


def test_what_was_answered_is_not_withdrawn_nor_the_other_way_round(world, sign_in, vraag):
    by = world.people["secretaris"]
    with pytest.raises(PermissionDenied):
        withdraw(vraag=vraag, by=by)
    answered = ask(plek=Plek(world.regio, doel=world.b1), tekst="En nu?", by=world.lid)
    answer(vraag=answered, tekst="Zo", versie=1, by=by)
    page = send(sign_in("oogo-lid"), answered.get_absolute_url() + "intrekken/", {})
    assert "Deze vraag is al beantwoord en blijft daarom staan." in main(page) or "al beantwoord" in page.html
    assert "Vraag intrekken" not in page.links()
    withdraw(vraag=vraag, by=world.lid)
    with pytest.raises(NotAllowedNow):
        answer(vraag=vraag, tekst="Te laat", versie=2, by=by)


# In the report


def test_the_secretaris_takes_an_answer_into_a_report_and_out_of_it(world, sign_in, vraag):
    answer(vraag=vraag, tekst="Zo", versie=1, by=world.indiener)
    address = vraag.get_absolute_url()
    assert "In het rapport" not in [text(h) for h in Page(sign_in("oogo-lid").get(address)).all("h2")]
    client = sign_in("secretaris")
    page = send(client, address + "rapport/", {"meetmoment": world.moment.pk})
    assert "staat in het rapport Aug 25" in text(page.card("Antwoord"))
    assert "nam het op in het rapport Aug 25" in text(page.card("Wat er gebeurde"))
    assert "Over B1 Plan B1 Wie doet dit?" in main(Page(client.get(AGENDA + "aug-25/rapport/")))
    assert client.get(AGENDA + "aug-25/rapport.pdf").content.startswith(b"%PDF")
    page = send(client, address + "rapport/", {"meetmoment": ""})
    assert "haalde het uit het rapport" in text(page.card("Wat er gebeurde"))
    vraag.refresh_from_db()
    assert vraag.in_rapport_van is None


def test_the_report_that_is_being_made_is_offered_before_the_later_ones(world, sign_in, vraag):
    make_meetmoment(world.agenda, "aug-27", date(2027, 8, 31))
    answer(vraag=vraag, tekst="Zo", versie=1, by=world.indiener)
    card = Page(sign_in("secretaris").get(vraag.get_absolute_url())).card("In het rapport")
    offered = [text(option) for option in card.iter("option")]
    assert offered == ["niet in een rapport", "Rapport Aug 24", "Rapport Aug 25", "Rapport Aug 27"]


def test_nothing_enters_or_leaves_a_report_that_the_oogo_has_before_it(world, sign_in, vraag):
    by = world.people["secretaris"]
    with pytest.raises(NotAllowedNow):
        choose_report(vraag=vraag, meetmoment=world.moment, by=by)
    answer(vraag=vraag, tekst="Zo", versie=1, by=by)
    choose_report(vraag=vraag, meetmoment=world.moment, by=by)
    world.submit()
    with pytest.raises(NotAllowedNow):
        choose_report(vraag=vraag, meetmoment=None, by=by)
    page = send(sign_in("secretaris"), vraag.get_absolute_url(), {"antwoord": "Anders", "versie": 3})
    assert "Het rapport Aug 25 is voorgelegd. Wat erin staat verandert nu niet." in main(page)
    with pytest.raises(PermissionDenied):
        choose_report(vraag=vraag, meetmoment=None, by=world.lid)


def test_adoption_keeps_question_and_answer_as_they_were_and_no_name_of_who_wrote_them(world, sign_in, vraag):
    by = world.people["secretaris"]
    answer(vraag=vraag, tekst="De gemeente Stad.", versie=1, by=by)
    choose_report(vraag=vraag, meetmoment=world.moment, by=by)
    world.submit()
    content = json.loads(world.adopt().inhoud)
    assert content["vragen"] == [
        {
            "over": "B1 Plan B1",
            "vraag": "Wie doet dit?",
            "gesteld_op": "2026-11-21",
            "antwoord": "De gemeente Stad.",
            "beantwoord_op": "2026-11-21",
        }
    ]
    Vraag.objects.filter(pk=vraag.pk).update(antwoord="Iets anders")
    page = main(Page(sign_in("coordinator").get(AGENDA + "aug-25/rapport/")))
    assert "De gemeente Stad. Beantwoord op 21 november 2026" in page
    assert "Iets anders" not in page


def test_no_report_of_another_regio_is_offered_or_taken(world, sign_in, vraag):
    answer(vraag=vraag, tekst="Zo", versie=1, by=world.indiener)
    elsewhere = make_meetmoment(make_agenda(make_regio("ver")), "aug-25", date(2025, 8, 31))
    page = send(sign_in("secretaris"), vraag.get_absolute_url() + "rapport/", {"meetmoment": elsewhere.pk})
    assert "Kies een rapport uit de lijst." in page.html
    with pytest.raises(NotAllowedNow):
        choose_report(vraag=vraag, meetmoment=elsewhere, by=world.people["secretaris"])


# What can never be


def test_the_database_refuses_what_can_never_be(world, vraag):
    moment, now = make_telmoment(world.regio), timezone.now()
    wrong: list[dict[str, Any]] = [
        {"doel": None},
        {"telmoment": moment},
        {"tekst": ""},
        {"antwoord": "Zo"},
        {"antwoord": "", "beantwoord_door": world.lid, "beantwoord_op": now},
        {"antwoord": "Zo", "beantwoord_door": world.lid, "beantwoord_op": now, "ingetrokken_op": now},
        {"in_rapport_van": world.moment},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Vraag.objects.filter(pk=vraag.pk).update(**fields)


# Queries


def test_queries_are_few_and_as_many_for_one_question_as_for_many(world, sign_in, vraag):
    client = sign_in("secretaris")
    addresses = [VRAGEN, "/", "/regio/west/", AGENDA + "doel/b1/", vraag.get_absolute_url()]
    for address in addresses:
        client.get(address)
    few = [queries_of(client, address) for address in addresses]
    for number in range(12):
        asked = ask(plek=Plek(world.regio, doel=world.b1), tekst=f"Vraag {number}?", by=world.lid)
        if number % 2:
            answer(vraag=asked, tekst="Zo", versie=1, by=world.indiener)
    answer(vraag=vraag, tekst="Zo", versie=1, by=world.indiener)
    many = [queries_of(client, address) for address in addresses]
    assert max(many) <= 12
    more = [queries - before for queries, before in zip(many, few, strict=True)]
    assert all(grown <= ("vragen/" in address) for grown, address in zip(more, addresses, strict=True)), more


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)
