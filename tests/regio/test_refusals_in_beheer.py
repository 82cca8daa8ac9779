"""What was refused in Beheer stands above the form, in words that say what to do, and leads to its field."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from agenda.models import Agenda, Doel, Schaal
from monitoring.models import Meetmoment
from regio.models import Gebruiker, Organisatie, Overleg
from tests.beheer import Wereld, make_wereld, sent_by
from tests.factories import make_agenda, make_beheerder
from tests.page import Page, text
from tests.regio.test_admin import MODELS, page, sign_in
from tests.worlds import once
from thuiszitters.models import Categorie

pytestmark = pytest.mark.django_db

PAGES: dict[Any, Any] = admin.site._registry
ADDED = [model for model in MODELS if "add" in PAGES[model].beheerder_may]

built, people = once(lambda: (make_wereld("west", 1), make_beheerder()))


@pytest.fixture
def west(people) -> Wereld:
    return people[0]


@pytest.fixture
def beheer(people) -> Client:
    return sign_in(people[1])


def summary(response) -> tuple[Page, Any]:
    shown = Page(response)
    [above] = shown.all("div", role="alert")
    assert above.get("tabindex") == "-1"
    assert "autofocus" in above.attrib
    return shown, above


@pytest.mark.parametrize("model", ADDED, ids=lambda model: model._meta.label)
def test_every_page_lists_what_is_wrong_and_leads_to_it(beheer, model):
    empty = {n: v if "_FORMS" in n else "" for n, v in sent_by(beheer.get(page(model, "add"))).items()}
    response = beheer.post(page(model, "add"), empty)
    shown, above = summary(response)
    ids = {node.get("id") for node in shown.root.iter() if node.get("id")}
    form = response.context["adminform"].form
    wrong = {field.id_for_label for field in form if field.errors}
    assert wrong
    targets = {href.removeprefix("#") for href in shown.links(above).values()}
    assert wrong <= targets <= ids
    assert "verplicht" not in text(above)
    assert "Corrigeer" not in shown.html


def test_a_beheerder_can_open_beheer(beheer: Client, west: Wereld):
    url = page(Gebruiker, "change", west.coordinator.pk)
    sent = sent_by(beheer.get(url)) | {"is_superuser": "on"}
    _, above = summary(beheer.post(url, sent))
    assert "Een beheerder werkt in Beheer. Vink dit ook aan." in text(above)
    assert beheer.post(url, sent | {"is_staff": "on"}).status_code == 302


@pytest.mark.parametrize("geldig_van", ["", "gisteren"])
def test_a_definition_without_its_first_day_is_asked_for_it(west: Wereld, geldig_van: str):
    secretaris = sign_in(west.secretaris)
    sent = sent_by(secretaris.get(page(Categorie, "add"))) | {"code": "nieuw", "geldig_van": geldig_van}
    response = secretaris.post(page(Categorie, "add"), sent)
    assert response.status_code == 200
    assert response.context["adminform"].form["geldig_van"].errors


def test_a_scale_has_values(beheer):
    typed = sent_by(beheer.get(page(Schaal, "add"))) | {"naam": "Leeg", "slug": "leeg"}
    _, above = summary(beheer.post(page(Schaal, "add"), typed))
    assert "Een schaal heeft minstens twee waarden. Vul voor elke waarde een regel in." in text(above)
    assert not Schaal.objects.filter(slug="leeg").exists()


def test_an_agenda_without_a_scale_gets_no_meetmoment(west, beheer):
    evaluated = make_agenda(west.regio, "2018-2022", naam="Voorganger")
    Agenda.objects.filter(pk=evaluated.pk).update(schaal=None)
    typed = {"agenda": evaluated.pk, "naam": "Aug 26", "slug": "aug-26", "peildatum": "31-08-2026"}
    _, above = summary(beheer.post(page(Meetmoment, "add"), typed | {"soort": "voortgang"}))
    said = "Agenda: Kies eerst een schaal bij deze agenda. Zonder schaal valt er niets te scoren."
    assert [text(item) for item in above.iter("li")] == [said]
    assert not Meetmoment.objects.filter(agenda=evaluated).exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"soort": "swv"}, "Sector: Kies bij een samenwerkingsverband een sector: PO of VO."),
        (
            {"soort": "rbl", "sector": "PO"},
            "Sector: Alleen een samenwerkingsverband heeft een sector. Maak dit veld leeg.",
        ),
        (
            {"soort": "gemeente"},
            "Code: Een gemeente heeft een code van het CBS nodig, bijvoorbeeld GM0632.",
        ),
        (
            {"soort": "gemeente", "code": "0632"},
            "Code: Een gemeente heeft een code van het CBS nodig, bijvoorbeeld GM0632.",
        ),
    ],
)
def test_what_an_organisatie_needs_depends_on_its_soort(beheer, typed, said):
    _, above = summary(beheer.post(page(Organisatie, "add"), {"naam": "Nieuw", "slug": "nieuw"} | typed))
    assert [text(item) for item in above.iter("li")] == [said]
    assert not Organisatie.objects.filter(slug="nieuw").exists()


@pytest.mark.parametrize("typed", [{"soort": "swv", "sector": "VO"}, {"soort": "gemeente", "code": "GM0632"}])
def test_an_organisatie_with_what_it_needs_is_added(beheer, typed):
    beheer.post(page(Organisatie, "add"), {"naam": "Nieuw", "slug": "nieuw"} | typed)
    assert Organisatie.objects.filter(slug="nieuw", **typed).exists()


def test_the_summary_says_what_to_do(west, beheer):
    _, above = summary(beheer.post(page(Overleg, "add"), {"niveau": ""}))
    assert [text(item) for item in above.iter("li")] == [
        "Regio: Kies iets uit de lijst.",
        "Naam: Vul dit in.",
        "Niveau: Kies iets uit de lijst.",
    ]
    url = page(Doel, "change", west.doel.pk)
    wrong = {"volgorde": "veel", "actie_set-0-omschrijving": "", "actie_set-0-gereed_voor": "morgen"}
    _, above = summary(beheer.post(url, sent_by(beheer.get(url)) | wrong))
    assert [text(item) for item in above.iter("li")] == [
        "Volgorde: Voer een geheel getal in.",
        "Actie 1, omschrijving: Vul dit in.",
        "Actie 1, gereed vóór: Schrijf de datum als 11-09-2025.",
    ]
    assert [a.get("href") for a in above.iter("a")][1:] == [
        "#id_actie_set-0-omschrijving",
        "#id_actie_set-0-gereed_voor",
    ]


def test_what_is_wrong_with_the_whole_stands_there_once(west, beheer):
    posted = {"regio": west.regio.pk, "naam": "LEA", "niveau": "lokaal"}
    response = beheer.post(page(Overleg, "add"), posted)
    _, above = summary(response)
    said = "Een lokaal overleg hoort bij een gemeente, een ander overleg niet."
    assert text(above).count(said) == response.content.decode().count(said) == 1


def test_a_page_that_was_not_refused_has_no_summary(west, beheer):
    assert not Page(beheer.get(page(Doel, "change", west.doel.pk))).all("div", role="alert")


def test_what_need_not_be_filled_in_says_so(west, beheer):
    shown = Page(beheer.get(page(Doel, "change", west.doel.pk)))
    labels = {text(label).rstrip(":") for label in shown.all("label")}
    assert {"Plan", "Toelichting (niet verplicht)", "Check op cijfers (niet verplicht)", "Ook per gemeente"} <= labels
    heads = {text(head) for head in shown.all("th")}
    assert {"Omschrijving", "Gereed vóór (niet verplicht)"} <= heads
    assert shown.all("input", id="id_actie_set-0-gereed_voor")[0].get("aria-label") == "Gereed vóór (niet verplicht)"

    clients = sign_in(west.secretaris), beheer
    added = [Page(client.get(page(Categorie, "add"))).all("label", for_="id_regio") for client in clients]
    assert [text(label) for [label] in added] == ["Regio:", "Regio (niet verplicht):"]
