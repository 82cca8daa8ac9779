"""Who may write signs in by two steps: without them every page leads to where they are set up."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regio.permissions import Rol
from tests.factories import make_gebruiker, make_gemeente, make_regio
from tests.promises import complaints
from tests.regio.test_signin import main_of, set_up_app, sign_in
from tests.second_step import code_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked_for(settings: Any) -> None:
    settings.SECOND_STEP = True


def test_who_may_write_is_led_to_a_second_step_and_nowhere_else(client: Client, asked_for: None):
    regio = make_regio("west")
    stad = make_gemeente(regio)
    for rol in Rol:
        client.force_login(make_gebruiker(f"{rol}@west.example", rol, regio, stad if rol == Rol.INVOERDER else None))
        for page in ("/", "/regio/west/", "/beheer/", "/regio/oost/", "/controleren/"):
            answer = client.get(page)
            assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/"), (rol, page)
        refused = client.post("/regio/west/vragen/1/", {"antwoord": "Dit typte ik al."})
        assert refused.status_code == 403
        assert complaints(refused) == []
        assert all(said in refused.text for said in ("Stel eerst een tweede stap in", "Dit typte ik al."))
        told = main_of(client.get("/account/2fa/"))
        assert "Stel eerst een tweede stap in." in told
        assert client.get("/account/mail/").status_code == 200


def test_who_set_it_up_goes_on_and_is_asked_for_it_next_time(client: Client, asked_for: None):
    secretaris = make_gebruiker("anja@west.example", Rol.SECRETARIS, make_regio("west"))
    client.force_login(secretaris)
    client.get("/regio/west/rapporten/?x=1")
    assert "Verder naar waar u was" not in main_of(client.get("/account/2fa/"))
    secret = set_up_app(client, secretaris)
    assert client.get("/regio/west/").status_code == 200
    assert "Stel eerst een tweede stap in." not in main_of(client.get("/account/2fa/"))
    again = Client()
    assert sign_in(again, "anja@west.example")["Location"] == "/account/2fa/authenticate/"
    assert again.get("/regio/west/")["Location"].startswith("/account/login/")
    with time_machine.travel(datetime.now().astimezone() + timedelta(minutes=2)):
        again.post("/account/2fa/authenticate/", {"code": code_now(secret)})
    assert again.get("/regio/west/").status_code == 200


def test_who_set_it_up_is_shown_the_way_on(client: Client, asked_for: None):
    secretaris = make_gebruiker("anja@west.example", Rol.SECRETARIS, make_regio("west"))
    client.force_login(secretaris)
    client.get("/regio/west/rapporten/?x=1")
    set_up_app(Client(), secretaris)
    assert 'href="/regio/west/rapporten/?x=1">Verder naar waar u was' in main_of(client.get("/account/2fa/"))


def test_who_takes_it_away_is_asked_for_it_at_once(client: Client, asked_for: None):
    secretaris = make_gebruiker("anja@west.example", Rol.SECRETARIS, make_regio("west"))
    set_up_app(client, secretaris)
    assert client.get("/regio/west/").status_code == 200
    Authenticator.objects.filter(user=secretaris, type="totp").delete()
    assert client.get("/regio/west/")["Location"] == "/account/2fa/", "also when a beheerder took it away"


def test_a_second_step_costs_who_has_it_no_query(
    client: Client, asked_for: None, settings: Any, django_assert_num_queries: Any
):
    secretaris = make_gebruiker("anja@west.example", Rol.SECRETARIS, make_regio("west"))
    set_up_app(client, secretaris)
    client.get("/regio/west/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/regio/west/")
    settings.SECOND_STEP = False
    with django_assert_num_queries(len(asked)):
        client.get("/regio/west/")


def test_who_only_reads_what_is_public_or_works_nowhere_is_not_asked(client: Client, asked_for: None):
    assert client.get("/openbaar/west/").status_code == 404
    assert client.get("/").status_code == 200
    client.force_login(make_gebruiker("niemand@west.example"))
    assert client.get("/").status_code == 200


def test_a_machine_that_does_not_ask_for_it_is_warned(settings: Any):
    found = {message.id for message in run_checks(include_deployment_checks=True)}
    settings.SECOND_STEP = True
    asked = {message.id for message in run_checks(include_deployment_checks=True)}
    assert found - asked == {"agendamonitor.W001"}
