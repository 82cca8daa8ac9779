"""Signing in, out and back in: what a person does in the browser and gets in the mail."""

import re
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.sites.requests import RequestSite
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings

from regio.accounts import DEMO_PASSWORD
from regio.models import Gebruiker
from regio.permissions import Rol
from tests.factories import PASSWORD, make_beheerder, make_gebruiker, make_regio
from tests.promises import complaints, wrong_words
from tests.second_step import code_now

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
MAILS = sorted(
    path.relative_to(TEMPLATES).with_name(path.name.removesuffix("_subject.txt"))
    for path in TEMPLATES.glob("*/email/*_subject.txt")
)

EMAIL = "anja@gemeente.example"
NEW_PASSWORD = "paard-batterij-nietje-goed"
WRONG = "Dit e-mailadres en dit wachtwoord horen niet bij elkaar."


@pytest.fixture
def anja() -> Gebruiker:
    return make_gebruiker(EMAIL, Rol.OOGO_LID, make_regio())


def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD, next_page: str = ""):
    return client.post(f"/account/login/{next_page}", {"login": email, "password": password})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/2fa/").status_code == 200


def main_of(response) -> str:
    return unescape(response.content.decode().partition("<main")[2].partition("</main>")[0])


def confirm(client: Client, next_page: str, password: str = PASSWORD):
    """Show again who one is, as is asked before a change to the account."""
    return client.post(f"/account/reauthenticate/?next={next_page}", {"password": password})


# By e-mail and password


def test_right_password_leads_to_the_page_asked_for(client: Client, anja: Gebruiker):
    response = sign_in(client, next_page="?next=/regio/testregio/")
    assert response.status_code == 302
    assert response["Location"] == "/regio/testregio/"


def test_capitals_in_the_address_make_no_difference(client: Client, anja: Gebruiker):
    assert sign_in(client, "Anja@Gemeente.EXAMPLE").status_code == 302


def test_account_made_with_capitals_can_sign_in(client: Client):
    make_gebruiker("Bram@Gemeente.example")
    assert sign_in(client, "bram@gemeente.example").status_code == 302


def test_signing_in_starts_a_new_session(client: Client, anja: Gebruiker):
    client.get("/account/login/")
    client.session["spoor"] = "van voor het aanmelden"
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize("next_page", ["https://kwaad.example/", "//kwaad.example/", "javascript:alert(1)"])
def test_leads_nowhere_outside(client: Client, anja: Gebruiker, next_page: str):
    assert sign_in(client, next_page=f"?next={next_page}")["Location"] == "/"


def test_wrong_password_says_what_to_do_and_keeps_the_address(client: Client, anja: Gebruiker):
    response = sign_in(client, password="fout-wachtwoord")
    assert WRONG in main_of(response)
    assert f'value="{EMAIL}"' in main_of(response)
    assert "fout-wachtwoord" not in main_of(response)
    assert not is_signed_in(client)


def test_unknown_address_gets_the_same_answer_as_a_wrong_password(client: Client, anja: Gebruiker):
    known = main_of(sign_in(client, EMAIL, "fout-wachtwoord"))
    unknown = main_of(sign_in(client, "niemand@gemeente.example", "fout-wachtwoord"))
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub("", known.replace(EMAIL, "")) == token.sub("", unknown.replace("niemand@gemeente.example", ""))


def test_empty_form_names_each_field_and_leads_to_it(client: Client):
    page = main_of(sign_in(client, "", ""))
    assert '<a href="#id_login">E-mailadres: Vul uw e-mailadres in.</a>' in page
    assert '<a href="#id_password">Wachtwoord: Vul uw wachtwoord in.</a>' in page
    assert 'aria-describedby="id_password_error"' in page


def test_no_address_says_what_one_looks_like(client: Client):
    assert "Vul een e-mailadres in zoals naam@gemeente.nl." in main_of(sign_in(client, "anja"))


def test_account_that_was_switched_off_cannot_sign_in(client: Client, anja: Gebruiker):
    anja.is_active = False
    anja.save()
    response = client.post("/account/login/", {"login": EMAIL, "password": PASSWORD}, follow=True)
    assert "Dit account is uitgezet" in main_of(response)
    assert not is_signed_in(client)


def test_switching_an_account_off_ends_its_session(client: Client, anja: Gebruiker):
    client.force_login(anja)
    anja.is_active = False
    anja.save()
    assert not is_signed_in(client)


def test_signing_out_asks_and_then_does(client: Client, anja: Gebruiker):
    client.force_login(anja)
    assert "Wilt u afmelden?" in main_of(client.get("/account/logout/"))
    assert is_signed_in(client)
    response = client.post("/account/logout/", follow=True)
    assert "U bent afgemeld." in response.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_makes_an_account_oneself(client: Client, method: str):
    data = {"email": "nieuw@gemeente.example", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = getattr(client, method)("/account/signup/", data)
    assert "Een account krijgt u van uw beheerder" in main_of(response)
    assert not Gebruiker.objects.exists()


def test_address_is_changed_by_the_beheerder(client: Client, anja: Gebruiker):
    client.force_login(anja)
    page = main_of(client.get("/account/email/"))
    assert EMAIL in page
    assert "uw beheerder" in page
    assert client.post("/account/email/", {"email": "anders@kwaad.example", "action_add": ""}).status_code == 405


# Too often


def test_five_wrong_passwords_close_an_account_for_five_minutes(client: Client, anja: Gebruiker):
    with time_machine.travel(datetime.now().astimezone(), tick=False) as clock:
        for _ in range(5):
            sign_in(client, password="fout-wachtwoord")
        assert "Wacht vijf minuten" in main_of(sign_in(client))
        clock.shift(timedelta(minutes=5, seconds=1))
        assert sign_in(client).status_code == 302


def test_an_unknown_address_closes_just_the_same(client: Client):
    for _ in range(5):
        sign_in(client, "niemand@gemeente.example")
    assert "Wacht vijf minuten" in main_of(sign_in(client, "niemand@gemeente.example"))


def test_many_requests_from_one_address_get_a_page_that_says_so(client: Client):
    with time_machine.travel(datetime.now().astimezone(), tick=False):
        answers = [client.post("/account/login/") for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    assert answers[30].status_code == 429
    assert answers[30]["Retry-After"] == "60"
    assert "U probeert het te vaak" in main_of(answers[30])


def test_address_behind_a_trusted_proxy_is_the_visitors_own(client: Client):
    with time_machine.travel(datetime.now().astimezone(), tick=False), override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1):
        for _ in range(31):
            client.post("/account/login/", headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.1"})
        assert client.post("/account/login/", headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 200
        # What the visitor claims himself makes no other visitor of him.
        assert client.post("/account/login/", headers={"X-Forwarded-For": "7.7.7.7, 192.0.2.1"}).status_code == 429


def test_address_that_a_visitor_claims_is_not_believed_without_a_proxy(client: Client):
    with time_machine.travel(datetime.now().astimezone(), tick=False):
        for number in range(30):
            client.post("/account/login/", headers={"X-Forwarded-For": f"192.0.2.{number}"})
        assert client.post("/account/login/", headers={"X-Forwarded-For": "192.0.2.99"}).status_code == 429


# A new password by mail


def link_in(message: EmailMessage) -> str:
    (link,) = set(re.findall(r"https://\S+/account/password/reset/key/\S+", str(message.body)))
    return link


def request_link(client: Client, email: str = EMAIL):
    return client.post("/account/password/reset/", {"email": email})


def choose_password(client: Client, link: str, password: str = NEW_PASSWORD):
    form = client.get(link, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password}, follow=True)


def test_mail_leads_to_a_new_password(client: Client, anja: Gebruiker):
    request_link(client)
    (message,) = mail.outbox
    assert message.to == [EMAIL]
    assert message.subject == "Kies een nieuw wachtwoord voor de Agendamonitor"
    response = choose_password(client, link_in(message))
    assert "Uw nieuwe wachtwoord is bewaard" in main_of(response)
    assert sign_in(client, password=NEW_PASSWORD).status_code == 302


def test_mail_to_who_never_had_a_password_speaks_of_the_account(client: Client, anja: Gebruiker):
    anja.set_unusable_password()
    anja.save()
    request_link(client)
    (message,) = mail.outbox
    assert message.subject == "Uw account bij de Agendamonitor"
    assert "nog zonder wachtwoord" in message.body
    assert "blijft zoals het was" not in message.body


def test_mail_has_one_action_in_plain_text_and_html(client: Client, anja: Gebruiker):
    request_link(client)
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    (html,) = [str(body) for body, kind in message.alternatives if kind == "text/html"]
    assert re.findall(r'href="([^"]+)"', html) == [link_in(message)]
    assert '<html lang="nl">' in html
    for body in (str(message.body), html):
        assert "Beste Anja" in body
        assert "24 uur" in body


def test_unknown_address_gets_the_same_answer_and_a_mail_too(client: Client, anja: Gebruiker):
    known, unknown = request_link(client), request_link(client, "niemand@gemeente.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [[EMAIL], ["niemand@gemeente.example"]]
    assert "geen account" in mail.outbox[1].body
    assert "http" not in mail.outbox[1].body


def test_link_works_once(client: Client, anja: Gebruiker):
    request_link(client)
    choose_password(client, link_in(mail.outbox[0]))
    page = main_of(Client().get(link_in(mail.outbox[0]), follow=True))
    assert "Deze link werkt niet meer" in page


def test_link_works_a_day(client: Client, anja: Gebruiker):
    request_link(client)
    with time_machine.travel(datetime.now().astimezone() + timedelta(hours=25)):
        assert "Deze link werkt niet meer" in main_of(client.get(link_in(mail.outbox[0]), follow=True))


def test_link_in_the_old_mailbox_dies_with_a_new_address(client: Client, anja: Gebruiker):
    request_link(client)
    anja.email = "anja@andere-gemeente.example"
    anja.save()
    assert "Deze link werkt niet meer" in main_of(client.get(link_in(mail.outbox[0]), follow=True))
    request_link(client)
    assert "geen account" in mail.outbox[-1].body
    assert sign_in(client).status_code == 200
    assert not EmailAddress.objects.exists()


def test_new_password_ends_the_sessions_of_who_had_the_old_one(client: Client, anja: Gebruiker):
    thief = Client()
    thief.force_login(anja)
    request_link(client)
    choose_password(client, link_in(mail.outbox[0]))
    assert not is_signed_in(thief)


def test_new_password_is_told_by_mail(client: Client, anja: Gebruiker):
    request_link(client)
    choose_password(client, link_in(mail.outbox[0]))
    assert mail.outbox[-1].to == [EMAIL]
    assert "is gewijzigd met een link uit een mail" in mail.outbox[-1].body


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("", "Vul een nieuw wachtwoord in."),
        ("kort", "Dit wachtwoord is te kort. Gebruik minstens 12 tekens."),
        ("anja@gemeente.example", "Dit wachtwoord lijkt te veel op: e-mailadres."),
        ("password1234", "Dit wachtwoord gebruiken veel mensen"),
        ("92736450182736", "Dit wachtwoord bestaat alleen uit cijfers, dus het is te raden. Gebruik ook woorden."),
        ("agendamonitor", "In dit wachtwoord staat de naam Agendamonitor, dus het is te raden. Kies een ander."),
        ("Onze AgendaMonitor 2026", "In dit wachtwoord staat de naam Agendamonitor"),
        ("de-agenda-monitor!", "In dit wachtwoord staat de naam Agendamonitor"),
        (DEMO_PASSWORD, "In dit wachtwoord staat de naam Agendamonitor"),
    ],
)
def test_weak_password_is_refused_with_the_reason(client: Client, anja: Gebruiker, password: str, complaint: str):
    request_link(client)
    assert complaint in main_of(choose_password(client, link_in(mail.outbox[0]), password))


def test_rules_for_a_password_are_told_in_dutch():
    rules = password_validators_help_texts()
    assert rules[1] == "Gebruik minstens 12 tekens, bijvoorbeeld vier woorden achter elkaar."
    assert wrong_words(" ".join(rules)) == []


def test_six_links_a_minute_are_too_many(client: Client, anja: Gebruiker):
    with time_machine.travel(datetime.now().astimezone(), tick=False):
        answers = [request_link(client).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


# Changing the password oneself


def test_password_is_changed_with_the_current_one(client: Client, anja: Gebruiker):
    client.force_login(anja)
    elsewhere = Client()
    elsewhere.force_login(anja)
    response = client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD}, follow=True
    )
    assert "Uw wachtwoord is gewijzigd." in response.content.decode()
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert mail.outbox[-1].subject == "Uw wachtwoord voor de Agendamonitor is gewijzigd"


def test_password_is_not_changed_without_the_current_one(client: Client, anja: Gebruiker):
    client.force_login(anja)
    response = client.post("/account/password/change/", {"oldpassword": "fout", "password1": NEW_PASSWORD})
    assert "Dit is niet uw huidige wachtwoord." in main_of(response)


def test_who_has_no_password_yet_chooses_one(client: Client, anja: Gebruiker):
    anja.set_unusable_password()
    anja.save()
    client.force_login(anja)
    page = client.get("/account/password/change/", follow=True)
    assert "U hebt nog geen wachtwoord." in main_of(page)
    client.post("/account/password/set/", {"password1": NEW_PASSWORD})
    assert sign_in(Client(), password=NEW_PASSWORD).status_code == 302


# The second step


def set_up_app(client: Client, gebruiker: Gebruiker) -> str:
    """Set up an app as a person does, and return its secret."""
    client.force_login(gebruiker)
    client.get("/account/2fa/totp/activate/")
    page = main_of(confirm(client, "/account/2fa/totp/activate/") and client.get("/account/2fa/totp/activate/"))
    (secret,) = re.findall(r'class="sleutel">(\w+)<', page)
    response = client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    assert response["Location"] == "/account/2fa/recovery-codes/"
    return secret


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", main_of(client.get("/account/2fa/recovery-codes/")))


def test_setting_up_asks_for_the_password_first(client: Client, anja: Gebruiker):
    client.force_login(anja)
    response = client.get("/account/2fa/totp/activate/")
    assert response["Location"] == "/account/reauthenticate/?next=%2Faccount%2F2fa%2Ftotp%2Factivate%2F"
    assert "Laat daarom nog een keer zien dat u het bent" in main_of(client.get(response["Location"]))
    assert "Dit wachtwoord klopt niet." in main_of(confirm(client, "/account/2fa/totp/activate/", "fout"))


def test_wrong_code_sets_nothing_up(client: Client, anja: Gebruiker):
    client.force_login(anja)
    confirm(client, "/account/2fa/totp/activate/")
    client.get("/account/2fa/totp/activate/")
    response = client.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert "Deze code klopt niet." in main_of(response)
    assert not Authenticator.objects.exists()


def test_app_asks_its_code_at_signing_in(client: Client, anja: Gebruiker):
    secret = set_up_app(Client(), anja)
    response = sign_in(client)
    assert response["Location"] == "/account/2fa/authenticate/"
    assert not is_signed_in(client)
    page = main_of(client.post("/account/2fa/authenticate/", {"code": "000000"}))
    assert "Deze code klopt niet." in page
    # Only who has a passkey is asked for one.
    assert "Met een toegangssleutel" not in page
    with time_machine.travel(datetime.now().astimezone() + timedelta(minutes=2)):
        client.post("/account/2fa/authenticate/", {"code": code_now(secret)})
    assert is_signed_in(client)


def test_recovery_code_works_once(client: Client, anja: Gebruiker):
    setting_up = Client()
    set_up_app(setting_up, anja)
    codes = recovery_codes(setting_up)
    assert len(codes) == 10
    for expected in (True, False):
        visitor = Client()
        sign_in(visitor)
        visitor.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert is_signed_in(visitor) is expected
    assert "U hebt nog 9 van de 10 herstelcodes." in main_of(setting_up.get("/account/2fa/"))


@pytest.mark.django_db(transaction=True)
def test_new_recovery_codes_replace_the_old(client: Client, anja: Gebruiker):
    set_up_app(client, anja)
    old = recovery_codes(client)
    client.post("/account/2fa/recovery-codes/generate/")
    assert not set(old) & set(recovery_codes(client))
    assert mail.outbox[-1].subject == "Nieuwe herstelcodes voor de Agendamonitor"
    download = client.get("/account/2fa/recovery-codes/download/")
    assert download["Content-Disposition"] == 'attachment; filename="herstelcodes.txt"'
    said, codes = download.content.decode().rsplit("\n\n", 1)
    assert said.startswith("Herstelcodes voor de Agendamonitor")
    assert codes.split() == recovery_codes(client)


def test_removing_the_app_says_what_it_destroys_and_does_it(client: Client, anja: Gebruiker):
    set_up_app(client, anja)
    assert "dan vervallen ook uw herstelcodes" in main_of(client.get("/account/2fa/totp/deactivate/"))
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject == "Verificatie-app verwijderd voor de Agendamonitor"


def test_secrets_are_not_readable_in_the_database(client: Client, anja: Gebruiker):
    secret = set_up_app(client, anja)
    codes = recovery_codes(client)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_secrets_survive_a_new_key(client: Client, anja: Gebruiker, settings):
    codes_before = (set_up_app(client, anja), recovery_codes(client))[1]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-new-key-" + "y" * 50
    client.force_login(anja)
    confirm(client, "/account/2fa/recovery-codes/")
    assert recovery_codes(client) == codes_before


def test_too_many_wrong_codes_close_the_second_step(client: Client, anja: Gebruiker):
    set_up_app(Client(), anja)
    sign_in(client)
    for _ in range(5):
        client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "Wacht vijf minuten" in main_of(client.post("/account/2fa/authenticate/", {"code": "000000"}))


def test_second_step_can_be_left_for_another_account(client: Client, anja: Gebruiker):
    set_up_app(Client(), anja)
    sign_in(client)
    assert "Met een ander account aanmelden" in main_of(client.get("/account/2fa/authenticate/"))
    client.post("/account/logout/", {"next": "/account/login/"})
    assert client.get("/account/2fa/authenticate/")["Location"] == "/account/login/"


def test_overview_shows_what_is_set_up(client: Client, anja: Gebruiker):
    client.force_login(anja)
    before = main_of(client.get("/account/2fa/"))
    assert "Stel een tweede stap in" in before
    assert "Herstelcodes" not in before
    set_up_app(client, anja)
    after = main_of(client.get("/account/2fa/"))
    assert "U hebt nog 10 van de 10 herstelcodes." in after
    assert "App verwijderen" in after


def test_pages_of_the_second_step_keep_their_promises(client: Client, anja: Gebruiker):
    set_up_app(client, anja)
    # As in a database that knows a passkey; making one takes a browser (tests/browser/test_passkey.py).
    passkey = Authenticator.objects.create(user=anja, type="webauthn", data={"name": "Telefoon", "credential": {}})
    pages = [
        *("", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "reauthenticate/", "webauthn/"),
        *(f"webauthn/keys/{passkey.pk}/edit/", f"webauthn/keys/{passkey.pk}/remove/"),
    ]
    for page in pages:
        response = client.get(f"/account/2fa/{page}")
        assert response.status_code == 200, page
        assert complaints(response) == [], page


@pytest.mark.parametrize("mail_name", MAILS, ids=lambda path: path.name)
def test_mail_speaks_dutch_in_plain_text_and_html(mail_name: Path, anja: Gebruiker):
    context = {
        "user": anja,
        "current_site": RequestSite(RequestFactory().get("/")),
        "herstel_url": "https://testserver/account/password/reset/",
        "ip": "192.0.2.1",
        "password_reset_url": "https://testserver/account/password/reset/key/1-x/",
        "timestamp": datetime.fromisoformat("2026-08-31T14:02:00+02:00"),
    }
    subject, text, html = (
        render_to_string(f"{mail_name}_{part}", context) for part in ("subject.txt", "message.txt", "message.html")
    )
    assert len(subject.strip().splitlines()) == 1
    words = re.sub(r"(?s)<style.*?</style>|<[^>]+>|https://\S+", "", f"{subject} {text} {html}")
    assert wrong_words(words) == []
    assert re.findall(r"https://\S+", text) == re.findall('href="(.+?)"', html)
    assert not re.search(r"&\w+;", text)


@pytest.mark.parametrize("credential", ["", "geen json", "{}", '{"id": "\\u0000"}', "[1, 2]", "null"])
def test_passkey_that_makes_no_sense_is_refused_in_words(client: Client, anja: Gebruiker, credential: str):
    response = client.post("/account/2fa/webauthn/login/", {"credential": credential}, follow=True)
    assert response.status_code == 200
    assert not is_signed_in(client)
    client.force_login(anja)
    confirm(client, "/account/2fa/webauthn/add/")
    client.get("/account/2fa/webauthn/add/")
    response = client.post("/account/2fa/webauthn/add/", {"name": "Telefoon", "credential": credential})
    assert response.status_code == 200
    assert "foutenlijst" in main_of(response)
    assert 'value="Telefoon"' in main_of(response)


# The demo's accounts


def test_trial_machine_lists_the_demo_accounts(client: Client, settings):
    settings.DEMO = True
    for email in ("secretaris@utrecht-west.test", "oogo@utrecht-west.test", "anja@gemeente.example"):
        make_gebruiker(email)
    Gebruiker.objects.update(password=make_password("agendamonitor-demo"))
    # An address like the demo's, and the password of one of its accounts changed.
    make_gebruiker("rita@utrecht-west.test")
    changed = make_gebruiker("coordinator@utrecht-west.test")
    changed.set_password("een heel ander wachtwoord")
    changed.save()
    page = main_of(client.get("/account/login/"))
    assert set(re.findall(r"[\w-]+@[\w.-]+", page)) == {"secretaris@utrecht-west.test", "oogo@utrecht-west.test"}
    assert "agendamonitor-demo" in page


def test_real_machine_lists_none(client: Client):
    make_gebruiker("secretaris@utrecht-west.test")
    page = main_of(client.get("/account/login/"))
    assert "utrecht-west.test" not in page
    assert "agendamonitor-demo" not in page


@pytest.mark.parametrize(("demo", "warned"), [(True, False), (False, True)])
def test_beheerder_is_warned_of_demo_accounts_on_a_real_machine(client: Client, settings, *, demo, warned):
    settings.DEMO = demo
    beheerder = make_beheerder("beheer@gemeente.example")
    client.force_login(beheerder)
    assert "nog demo-accounts" not in client.get("/account/2fa/").content.decode()
    account = make_gebruiker("secretaris@utrecht-west.test")
    assert ("nog demo-accounts" in client.get("/account/2fa/").content.decode()) is warned
    account.is_active = False
    account.save()
    assert "nog demo-accounts" not in client.get("/account/2fa/").content.decode()


def test_others_are_not_warned_of_what_they_cannot_mend(client: Client, anja: Gebruiker):
    make_gebruiker("secretaris@utrecht-west.test")
    client.force_login(anja)
    assert "nog demo-accounts" not in client.get("/account/2fa/").content.decode()
