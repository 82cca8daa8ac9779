"""What mail somebody wants: chosen on their own page, or switched off by the link in a mail."""

import re

import pytest
from django.test import Client

from regio.berichten import Bericht, Berichtsoort, Mailkeuze
from regio.models import Gebruiker
from regio.permissions import Rol
from regio.subscriptions import VERPLICHT, VRIJ, choices_of, refusers, unsubscribe_url
from tests.beheer import make_wereld
from tests.factories import make_beheerder, make_gebruiker, make_gemeente, make_regio

pytestmark = pytest.mark.django_db

PAGE = "/account/mail/"


@pytest.fixture
def anja() -> Gebruiker:
    return make_gebruiker("anja@west.example", Rol.SECRETARIS, make_regio("anders"))


@pytest.fixture
def client_of_anja(anja: Gebruiker) -> Client:
    client = Client()
    client.force_login(anja)
    return client


def link_of(gebruiker: Gebruiker) -> str:
    return "/account/" + unsubscribe_url(gebruiker).partition("/account/")[2]


def test_every_kind_is_either_chosen_or_explained():
    assert set(VRIJ) | set(VERPLICHT) == set(Berichtsoort)
    assert not set(VRIJ) & set(VERPLICHT)


def test_the_page_shows_what_can_be_chosen_and_what_cannot(client_of_anja: Client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        body = client_of_anja.get(PAGE).content.decode()
    assert len(re.findall(r'type="checkbox"[^>]*checked', body)) == len(VRIJ) - 1  # A secretaris asks nothing.
    for why in VERPLICHT.values():
        assert why in body
    assert "Mail die u krijgt" in client_of_anja.get("/").content.decode()


@pytest.mark.parametrize(
    ("rol", "kinds", "always"),
    [
        (Rol.INVOERDER, {"herinnering", "vastgesteld", "beantwoord"}, 2),
        (Rol.OOGO_LID, {"voorgelegd", "vastgesteld", "beantwoord"}, 0),
        (Rol.COORDINATOR, {"voorgelegd", "vastgesteld", "beantwoord"}, 0),
        (Rol.SECRETARIS, {"herinnering", "voorgelegd", "vastgesteld"}, 2),
        (None, {"herinnering", "voorgelegd", "vastgesteld", "beantwoord"}, 2),
    ],
)
def test_everybody_chooses_among_what_their_role_can_get(client: Client, rol: Rol | None, kinds: set, always: int):
    regio = make_regio("anders")
    stad = make_gemeente(regio) if rol == Rol.INVOERDER else None
    client.force_login(make_gebruiker("x@west.example", rol, regio, stad) if rol else make_beheerder())
    body = client.get(PAGE).content.decode()
    assert set(re.findall(r'type="checkbox" name="(\w+)"', body)) == kinds
    assert sum(why in body for why in VERPLICHT.values()) == always


def test_a_choice_is_kept_with_who_made_it_and_when(client_of_anja: Client, anja: Gebruiker):
    response = client_of_anja.post(PAGE, {"herinnering": "on"}, follow=True)
    assert "Uw keuze is opgeslagen." in response.content.decode()
    assert choices_of(anja) == {
        Berichtsoort.HERINNERING: True,
        Berichtsoort.VOORGELEGD: False,
        Berichtsoort.VASTGESTELD: False,
        # A secretaris asks nothing: this was not theirs to choose.
        Berichtsoort.BEANTWOORD: True,
    }
    client_of_anja.post(PAGE, {"herinnering": "on", "vastgesteld": "on"})
    first, second = Mailkeuze.history.filter(soort="vastgesteld").order_by("history_id")
    assert (first.aan, second.aan) == (False, True)
    assert first.history_user == second.history_user == anja
    # What did not change is not written again.
    assert Mailkeuze.history.filter(soort="voorgelegd").count() == 1


def test_what_is_obligatory_cannot_be_refused(client_of_anja: Client, anja: Gebruiker):
    client_of_anja.post(PAGE, {"teruggegeven": ""})
    assert refusers(Berichtsoort.TERUGGEGEVEN, [anja.pk]) == set()
    Mailkeuze.objects.create(gebruiker=anja, soort=Berichtsoort.TERUGGEGEVEN, aan=False)
    assert refusers(Berichtsoort.TERUGGEGEVEN, [anja.pk]) == set()


def test_the_link_in_a_mail_asks_first_and_needs_no_sign_in(anja: Gebruiker):
    visitor = Client(enforce_csrf_checks=True)
    link = link_of(anja)
    asked = visitor.get(link).text
    assert "Deze mail stoppen" in asked
    assert "a…@west.example" in asked
    assert anja.email not in asked
    assert all(choices_of(anja).values())
    # A mail program posts this by itself (RFC 8058), without a cookie.
    response = visitor.post(link, {"List-Unsubscribe": "One-Click"})
    assert "<h1>U krijgt deze mail niet meer</h1>" in response.text
    assert "a…@west.example" in response.text
    assert not any(choices_of(anja).values())
    assert {row.history_user for row in Mailkeuze.history.all()} == {anja}
    assert {row.history_change_reason for row in Mailkeuze.history.all()} == {"Afgemeld met de link in een mail"}
    assert visitor.post(link).status_code == 200
    assert "<h1>U krijgt deze mail niet meer</h1>" in visitor.get(link).text
    assert visitor.get("/account/mail/").status_code == 302


def test_a_link_that_nobody_signed_does_nothing(anja: Gebruiker):
    visitor, link = Client(), link_of(anja)
    for spoilt in (link.replace("afmelden/", "afmelden/9"), link[:-3] + "/"):
        assert visitor.get(spoilt).status_code == visitor.post(spoilt).status_code == 404
    assert all(choices_of(anja).values())


def test_the_link_of_who_is_gone_does_nothing(anja: Gebruiker):
    Gebruiker.objects.update(is_active=False)
    assert Client().post(link_of(anja)).status_code == 404


def test_what_waits_and_is_refused_is_withdrawn():
    wereld = make_wereld("west", 1)
    client = Client()
    client.force_login(wereld.secretaris)
    client.post(PAGE, {"voorgelegd": "on"})
    assert Bericht.objects.get().status == Bericht.Status.INGETROKKEN
