"""Who gets what at which address: every address of the product × every role, in the own regio and in another's.

Whatever page they get keeps what tests/promises.py says that it owes its reader.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from regio.models import Gebruiker
from tests.addresses import ADOPTED, AGENDA, KALENDER, KWARTAAL, METING, MOMENT, ROLES, ROWS, WEST, Row
from tests.beheer import VERGADERING, Wereld, make_public_wereld, make_wereld
from tests.factories import make_beheerder
from tests.promises import complaints

pytestmark = pytest.mark.django_db

REFUSED = {"403", "404"}
# An admin page of a model, by the end of its name: held model by model in tests/regio/test_admin.py.
LISTS = ("_changelist", "_export", "_import", "_process_import")
OBJECTS = ("_add", "_change", "_delete", "_history", "_simple_history")


@pytest.fixture
def people() -> dict[str, list[Gebruiker | None]]:
    """Everybody, by their role; "elders" are those of another regio, in whatever role."""
    west, oost = make_public_wereld("west", 1), make_wereld("oost", 2)
    return {
        "bezoeker": [None],
        "oogo-lid": [west.oogo_lid],
        "coordinator": [west.coordinator],
        "invoerder": [west.invoerder],
        "secretaris": [west.secretaris],
        "beheerder": [make_beheerder()],
        "elders": members(oost),
    }


def members(wereld: Wereld) -> list[Gebruiker | None]:
    return [wereld.oogo_lid, wereld.coordinator, wereld.invoerder, wereld.secretaris]


@contextmanager
def undone() -> Iterator[None]:
    """Leave the database as it was before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def client_of(gebruiker: Gebruiker | None) -> Client:
    client = Client()
    if gebruiker:
        client.force_login(gebruiker)
    return client


def test_every_role_gets_its_answer_and_every_page_keeps_its_promises(people: dict[str, list[Gebruiker | None]]):
    answers: set[tuple[str, str, int]] = set()
    broken: dict[tuple[str, str], list[str]] = {}
    for role in ROLES:
        for client in map(client_of, people[role]):
            for row in (row for row in ROWS if row.answer(role) != "-"):
                response = client.get(row.path)
                answers.add((row.name, role, response.status_code))
                found = complaints(response) + dead_ends(response, role)
                broken |= {(row.name, role): found} if found else {}
    expected = {(row.name, role, int(row.answer(role))) for row in ROWS for role in ROLES if row.answer(role) != "-"}
    assert answers == expected
    assert broken == {}


def dead_ends(response: Any, role: str) -> list[str]:
    """Return the links of a page that lead its reader to a refusal."""
    if not response["Content-Type"].startswith("text/html"):
        return []
    linked = set(re.findall(r'href="(/[^"?#]*)', response.text))
    refused = [row for row in ROWS if row.path in linked and row.answer(role) in REFUSED]
    return [f"leads to {row.answer(role)}: {row.path}" for row in refused]


def test_a_link_to_a_refusal_is_seen():
    link = HttpResponse(f'<a href="{MOMENT}invoer/#doel-a1">Invoeren</a>')
    assert dead_ends(link, "oogo-lid") == [f"leads to 403: {MOMENT}invoer/"]
    assert dead_ends(link, "secretaris") == []


# The same in writing: nobody gets further by sending than by looking. A visitor gets back what was typed (401).
SENDING = [
    ("invoer/", "401 403 403 302 302 403 404", {}),
    ("voorleggen/", "401 403 403 403 302 403 404", {}),
    ("teruggeven/", "401 200 403 403 200 403 404", {"reden": ""}),
    ("vaststellen/", "401 200 403 403 200 403 404", {"kenmerk": ""}),
    ("heropenen/", "401 200 403 403 200 403 404", {"reden": ""}),
    ("/voortgang/herinneren/", "401 403 200 403 200 200 -", {"regio": "west", "wat": "niets"}),
    (WEST + "openbaarheid/", "401 403 403 403 200 403 404", {"reden": ""}),
    (ADOPTED + "openbaar-maken/", "401 403 403 403 200 403 404", {"versie": "1"}),
    (ADOPTED + "intrekken/1/", "401 403 403 403 200 403 404", {"reden": ""}),
    (KWARTAAL + "voorleggen/", "401 403 403 403 200 403 404", {}),
    (KWARTAAL + "teruggeven/", "401 403 200 403 200 403 404", {"reden": ""}),
    (KWARTAAL + "vaststellen/", "401 403 200 403 200 403 404", {"kenmerk": ""}),
    (KWARTAAL + "heropenen/", "401 403 200 403 200 403 404", {"reden": ""}),
    (METING, "401 403 403 403 200 403 404", {"peildatum": ""}),
    (METING + "2025-10-01/", "401 403 403 403 200 403 404", {"peildatum": ""}),
    (AGENDA + "doel/a1/vraag/", "401 200 200 200 403 403 404", {"tekst": ""}),
    (WEST + "vragen/aantal/2026-10-01/verzuim-west/", "401 200 200 200 403 403 404", {"tekst": ""}),
    (WEST + "vragen/1/", "401 403 403 403 200 403 404", {"antwoord": ""}),
    (WEST + "vragen/1/rapport/", "401 403 403 403 302 403 404", {"meetmoment": ""}),
    # The OOGO-lid's own: once withdrawn it is there for nobody
    (WEST + "vragen/1/intrekken/", "401 302 404 404 404 404 404", {}),
    (KALENDER + "adres/", "401 302 302 302 302 302 404", {}),
    (KALENDER + "adres/intrekken/", "401 302 302 302 302 302 404", {}),
    (KALENDER + "vergadering/", "401 403 403 403 200 200 404", {"datum": ""}),
    (f"{KALENDER}vergadering/{VERGADERING + 1}/", "401 403 403 403 200 200 404", {"datum": ""}),
]


def test_every_role_gets_its_answer_to_what_it_sends(people: dict[str, list[Gebruiker | None]]):
    clients = {role: [client_of(gebruiker) for gebruiker in people[role]] for role in ROLES}
    for step, expected, data in SENDING:
        row = Row(step, urljoin(MOMENT, step), expected)
        with undone():
            answers = {
                (role, client.post(row.path, data).status_code)
                for role in ROLES
                if row.answer(role) != "-"
                for client in clients[role]
            }
        assert answers == {(role, int(row.answer(role))) for role in ROLES if row.answer(role) != "-"}, step


def test_lists_of_beheer_are_for_who_keeps_them(people: dict[str, list[Gebruiker | None]]):
    clients = {role: client_of(people[role][0]) for role in ROLES[:-1]}
    for model in admin.site._registry:
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        answers = {role: client.get(path).status_code for role, client in clients.items()}
        assert answers == dict(zip(ROLES, (302, 403, 403, 403, 200, 200), strict=False)), path


# Nobody is forgotten


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> set[str]:
    found = set()
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            found.add(f"{prefix}{pattern.name}")
        else:
            found |= names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
    return found


def missing_rows(known: set[str]) -> set[str]:
    admins = {name for name in known if name.startswith("admin:") and name.endswith(LISTS + OBJECTS)}
    return known - admins - {row.name for row in ROWS} - {"admin:None"}


def test_every_address_has_its_row():
    assert missing_rows(names(get_resolver().url_patterns)) == set()


def test_address_without_a_row_is_found():
    assert missing_rows({"monitoring:start", "monitoring:geheim"}) == {"monitoring:geheim"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row_leads_to_the_address_that_it_names(row: Row):
    assert get_resolver().resolve(row.path).view_name == row.name
