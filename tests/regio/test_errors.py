"""What cannot be answered is explained: never a stack trace, an empty page, or a 500 for what somebody typed."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from fido2 import cbor
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from regio.models import Gebruiker
from regio.permissions import Rol
from tests.factories import PASSWORD, make_agenda, make_gebruiker, make_meetmoment, make_regio
from tests.promises import complaints

GONE = "De gegevens zijn even niet bereikbaar"


@pytest.fixture
def anja(db) -> Gebruiker:
    return make_gebruiker("anja@gemeente.example", Rol.SECRETARIS, make_regio())


@pytest.fixture
def client() -> Client:
    """Answer as a server does: an exception becomes a page."""
    return Client(raise_request_exception=False)


def assert_page(response: Any, status: int, heading: str) -> str:
    """Check that this is a whole page of ours that says what to do, and return its text."""
    html = unescape(response.content.decode())
    assert response.status_code == status
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert complaints(response) == []
    assert re.findall(r"<h1>(.*?)</h1>", html) == [heading]
    assert f"<title>{heading} · Agendamonitor</title>" in html
    return html


# Each kind of refusal


@pytest.mark.django_db
def test_unknown_address(client: Client):
    assert_page(client.get("/bestaat-niet"), 404, "Deze pagina bestaat niet")


def test_unknown_address_when_signed_in(client: Client, anja: Gebruiker):
    client.force_login(anja)
    assert "Afmelden" in assert_page(client.get("/bestaat-niet"), 404, "Deze pagina bestaat niet")


def test_missing_right_names_the_right(client: Client, db):
    make_meetmoment(make_agenda(regio := make_regio()))
    client.force_login(make_gebruiker("lid@gemeente.example", Rol.COORDINATOR, regio))
    html = assert_page(client.get("/regio/testregio/agenda/2023-2027/aug-26/voorleggen/"), 403, "Hier mag u niet bij")
    assert "Het gaat om dit recht: een meetmoment voorleggen aan het OOGO." in html


def test_words_of_a_library_are_not_shown(client: Client, anja: Gebruiker, settings):
    settings.ROOT_URLCONF = "tests.regio.broken_urls"
    client.force_login(anja)
    assert "Unable" not in assert_page(client.get("/proef/geweigerd"), 403, "Hier mag u niet bij")


def test_our_own_mistake(client: Client, anja: Gebruiker, settings):
    settings.ROOT_URLCONF = "tests.regio.broken_urls"
    client.force_login(anja)
    html = assert_page(client.get("/proef/kapot"), 500, "Deze pagina kon niet worden gemaakt")
    assert "De fout zit in de Agendamonitor, niet bij u." in html
    assert "secret of the house" not in html


def test_form_without_its_token(anja: Gebruiker):
    client = Client(enforce_csrf_checks=True)
    client.force_login(anja)
    html = assert_page(client.post("/account/logout/"), 403, "Dit formulier is verlopen")
    assert "kopieer wat u schreef" in html


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["kwaad.example", "a b", "-", "testserver:abc", "é.example", "[::1", "x" * 300])
def test_other_host(client: Client, host: str):
    response = client.get("/account/login/", headers={"Host": host})
    html = assert_page(response, 400, "Dit verzoek kunnen we niet lezen")
    assert "hoort niet bij deze Agendamonitor" in html


@pytest.mark.django_db
def test_method_that_a_page_does_not_know(client: Client, anja: Gebruiker):
    client.force_login(anja)
    response = client.post("/account/email/")
    assert_page(response, 405, "Zo werkt deze pagina niet")
    # Of what is longer than it says, a browser shows nothing.
    assert response["Content-Length"] == str(len(response.content))
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "OPTIONS", "BREW"])
def test_method_that_no_page_knows(client: Client, anja: Gebruiker, method: str):
    client.force_login(anja)
    for path in ("/", "/regio/testregio/", "/beheer/", "/account/login/"):
        response = client.generic(method, path)
        assert_page(response, 405, "Zo werkt deze pagina niet")
        assert response["Allow"] == "GET, HEAD, POST"


@pytest.mark.django_db
def test_more_than_can_be_taken(client: Client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = client.post("/account/login/", "login=" + "x" * 2000, content_type="application/x-www-form-urlencoded")
    assert_page(response, 413, "Dit is te groot")


@pytest.mark.django_db
def test_more_fields_than_can_be_taken(client: Client):
    assert_page(client.get("/account/login/?" + "a=1&" * 1001), 400, "Dit verzoek kunnen we niet lezen")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("niets", "multipart/form-data"),
        ("niets", "multipart/form-data; boundary=é"),
        ("login=x", "application/x-www-form-urlencoded; charset=latin-1"),
    ],
)
def test_body_that_cannot_be_read(client: Client, body: str, content_type: str):
    response = client.generic("POST", "/account/login/", body, content_type)
    assert response.status_code == 400


# The database gone, at whatever moment


@contextmanager
def database_gone(after: int = 0, error: type[Exception] = OperationalError) -> Iterator[None]:
    """Let the database answer `after` times and then no more."""
    answered = 0

    def answer(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:  # noqa: FBT001
        nonlocal answered
        answered += 1
        if answered > after:
            raise error("server closed the connection unexpectedly at 10.0.0.1")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(answer):
        yield


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("page", ["/", "/regio/testregio/", "/account/2fa/", "/bestaat-niet", "/regio/andere/"])
def test_database_that_goes_at_any_moment_is_told(client: Client, anja: Gebruiker, page: str, error: type[Exception]):
    make_meetmoment(make_agenda(anja.lidmaatschappen[0].regio))
    client.force_login(anja)
    client.get(page)
    for answered in range(13):
        with database_gone(answered, error):
            response = client.get(page)
        if response.status_code != 503:
            break
        html = assert_page(response, 503, GONE)
        assert response["Retry-After"] == "10"
        assert "10.0.0.1" not in html
        assert "js/opnieuw.js" in html
    assert answered > 1
    assert response.status_code == client.get(page).status_code


def test_database_gone_while_something_is_sent_tells_where_the_text_is(client: Client, anja: Gebruiker):
    client.force_login(anja)
    with database_gone():
        html = assert_page(client.post("/account/password/change/", {"oldpassword": PASSWORD}), 503, GONE)
    assert "daar staat uw tekst nog" in html
    # Coming back by itself would come back without it.
    assert "opnieuw.js" not in html


@pytest.mark.django_db
def test_health_says_that_the_database_is_gone(client: Client):
    assert client.get("/healthz").content == b"in orde\n"
    with database_gone():
        response = client.get("/healthz")
    assert (response.status_code, response.content.decode()) == (503, "database onbereikbaar\n")


@pytest.mark.django_db
def test_health_says_that_a_migration_is_missing(client: Client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'agenda'")
    response = client.get("/healthz")
    assert (response.status_code, response.content.decode()) == (
        503,
        "migraties ontbreken: voer manage.py migrate uit\n",
    )


@pytest.mark.django_db
def test_health_is_cheap(client: Client, django_assert_max_num_queries):
    client.get("/healthz")
    with django_assert_max_num_queries(2):
        client.get("/healthz")


# Nonsense


NONSENSE = (
    "/%00",
    "/regio/%00/",
    "/regio/utrecht-west%00/agenda/",
    "/regio/testregio/agenda/2023-2027/doel/a%001/",
    "/beheer/regio/regio/%00/change/",
    "/beheer/regio/regio/1%00/change/",
    "/%0a%0dSet-Cookie:x=1",
    "/%ff%fe",
    "/%ed%a0%80",
    "/%e2%80%ae/",
    "//",
    "//kwaad.example/",
    "///regio//testregio",
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static/../regio/settings.py",
    "/regio/" + "a" * 5000 + "/",
    "/" + "a/" * 2000,
    "/regio/Ünïcödé/",
    "/regio/<script>/",
    "/account/password/reset/key/1-%00/",
    "/account/2fa/webauthn/keys/-1/edit/",
)
QUERIES = (
    "?next=%00",
    "?q=%00",
    "?%00=1",
    "?namens=%00",
    "?" + "a" * 5000,
    "?next=//%0a",
    "?a[]=1&a[]=2",
    "?;&=&&",
    "?%",
)
ADDRESSES = (
    "/",
    "/account/login/",
    "/account/password/reset/",
    "/regio/testregio/",
    "/beheer/",
    "/beheer/regio/regio/",
)


def get_raw(client: Client, address: str) -> Any:
    """Ask for an address as a server passes it on; the test client would tidy it up."""
    return client.get("/", PATH_INFO=unquote_to_bytes(address).decode("latin-1"))


@pytest.mark.parametrize("address", NONSENSE)
def test_nonsense_address_does_not_exist(client: Client, anja: Gebruiker, address: str):
    client.force_login(anja)
    assert_page(get_raw(client, address), 404, "Deze pagina bestaat niet")


@pytest.mark.django_db
@pytest.mark.parametrize("address", NONSENSE)
def test_nonsense_address_tells_a_visitor_no_more(client: Client, address: str):
    response = get_raw(client, address)
    # What could be an address of a regio is not told apart from one that is.
    assert response.status_code == 404 or response["Location"].startswith("/account/login/?next=/regio/aaa")


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["zzzzzzzzzzzzzz-x", "1-x", "0-set-password", "1-%ff", "1y2p0ij32e8e7-x"])
def test_nonsense_link_to_a_new_password(client: Client, key: str):
    assert_page(get_raw(client, f"/account/password/reset/key/{key}/"), 200, "Deze link werkt niet meer")


def test_passkey_beyond_all_numbers(client: Client, anja: Gebruiker):
    client.force_login(anja)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    response = client.get(f"/account/2fa/webauthn/keys/{'9' * 26}/edit/")
    assert_page(response, 404, "Deze pagina bestaat niet")


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_nonsense_query_breaks_nothing(client: Client, anja: Gebruiker, address: str, query: str):
    client.force_login(anja)
    assert client.get(address + query).status_code < 500


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", ['"\\000aaaaaaaaaa"', "x" * 5000, "'; DROP TABLE gebruiker; --", "é", ""])
def test_nonsense_cookie_breaks_nothing(client: Client, cookie: str):
    for name in ("__Host-sessionid", "__Host-csrftoken", "messages"):
        response = client.get("/account/login/", headers={"Cookie": f"{name}={cookie}"})
        assert response.status_code in (200, 400)


TEXT = st.text(max_size=40) | st.sampled_from(
    ["\x00", "\ud800", "a\x00b", "'", "<b>", "\u202e", "💥", "%00", "-1", "9" * 40]
)
HTMX = ["HX-Current-URL", "HX-Request", "HX-Trigger", "X-CSRFToken"]
HEADERS = st.sampled_from(["Accept", "Content-Type", "If-Modified-Since", "Origin", "Range", "Referer", *HTMX])
# Each is a request: too slow to look for the smallest that fails.
FEW = settings(max_examples=40, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(
    segments=st.lists(TEXT, max_size=5),
    query=st.dictionaries(TEXT, TEXT, max_size=3),
    headers=st.dictionaries(HEADERS, TEXT),
)
def test_generated_requests_break_nothing(client: Client, anja: Gebruiker, segments: list, query: dict, headers: dict):
    client.force_login(anja)
    path = "/" + "/".join(segments)
    sent_headers = {name: as_sent(value) for name, value in headers.items()}
    sent_query = {as_sent(name): as_sent(value) for name, value in query.items()}
    for address in (path, "/regio/testregio" + path, "/account" + path, "/beheer" + path):
        response = client.get("/", sent_query, headers=sent_headers, PATH_INFO=as_sent(address))
        assert response.status_code < 500, (address, query, headers)


def as_sent(text: str) -> str:
    """Return text as a server passes the bytes of it on (PEP 3333)."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


@FEW
@given(values=st.lists(TEXT, min_size=4, max_size=4))
@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/account/login/", ("login", "password", "next", "remember")),
        ("/account/password/reset/", ("email", "next", "a", "b")),
        ("/account/password/change/", ("oldpassword", "password1", "password2", "next")),
        ("/account/reauthenticate/", ("password", "next", "a", "b")),
        ("/account/2fa/authenticate/", ("code", "credential", "next", "a")),
        ("/account/2fa/webauthn/login/", ("credential", "next", "a", "b")),
    ],
)
def test_generated_forms_break_nothing(client: Client, anja: Gebruiker, address: str, names: tuple, values: list):
    if "change" in address or "reauth" in address:
        client.force_login(anja)
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in zip(names, values, strict=True)}
    assert client.post(address, sent).status_code < 500


def as_text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


CLIENT_DATA = st.sampled_from(
    [b"{}", b"[]", b"1", b'{"type": "webauthn.get", "challenge": "abc", "origin": "http://x"}']
)
CBOR = st.recursive(
    st.integers(0, 99) | st.binary(max_size=200) | st.text(max_size=9) | st.booleans(),
    lambda inner: st.dictionaries(st.sampled_from(["fmt", "attStmt", "authData"]), inner) | st.lists(inner, max_size=3),
).map(cbor.encode)
# A length that promises more than there is, a depth without end, and anything.
BYTES = CBOR | CLIENT_DATA | st.binary(max_size=60) | st.sampled_from([b"\x5b\x00", b"\x9a\xff", b"\x81" * 5000])
ANSWER = st.builds(
    lambda key, parts: {"id": key, "rawId": key, "type": "public-key", "response": parts},
    BYTES.map(as_text),
    st.fixed_dictionaries(
        {
            "clientDataJSON": CLIENT_DATA.map(as_text),
            **dict.fromkeys(("attestationObject", "authenticatorData", "signature", "userHandle"), BYTES.map(as_text)),
        }
    ),
)


@FEW
@given(answer=ANSWER | st.recursive(TEXT | st.none(), lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)))
@pytest.mark.parametrize("step", ["login/", "add/", "reauthenticate/"])
def test_generated_passkeys_break_nothing(client: Client, anja: Gebruiker, step: str, answer: Any):
    if step != "login/":
        client.force_login(anja)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.get(f"/account/2fa/webauthn/{step}", headers={"Accept": "application/json"})
    response = client.post(f"/account/2fa/webauthn/{step}", {"credential": json.dumps(answer)})
    assert response.status_code < 500, answer


@pytest.mark.parametrize("name", ["login", "password"])
@pytest.mark.django_db
def test_nul_in_a_form_is_said_at_its_field(client: Client, name: str):
    response = client.post("/account/login/", {"login": "a@b.example", "password": "x", name: "a@b.example\x00"})
    html = unescape(response.content.decode())
    assert response.status_code == 200
    assert f'<a href="#id_{name}">' in html
    assert "Null-tekens zijn niet toegestaan." in html
