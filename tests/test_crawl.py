"""Every page keeps what tests/promises.py says that it owes its reader, whoever looks at it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from regio.models import Gebruiker
from tests.addresses import ROWS
from tests.beheer import make_public_wereld
from tests.factories import make_beheerder
from tests.promises import complaints


@pytest.fixture
def readers(db: None) -> list[Gebruiker | None]:
    """Whoever between them sees every page."""
    west = make_public_wereld("west", 1)
    return [None, west.secretaris, west.oogo_lid, west.invoerder, make_beheerder()]


def pages(readers: list[Gebruiker | None]) -> Iterator[tuple[str, Any]]:
    for reader in readers:
        client = Client()
        if reader:
            client.force_login(reader)
        for row in ROWS:
            yield f"{reader} {row.path}", client.get(row.path, follow=True)


def test_every_page_keeps_its_promises(readers: list[Gebruiker | None]):
    found = {where: complaints(response) for where, response in pages(readers)}
    assert {where: what for where, what in found.items() if what} == {}
    assert len(found) == len(readers) * len(ROWS)


GOOD = '<!doctype html><html lang="nl"><title>Doelen · Agendamonitor</title><h1>Doelen</h1><p>U ziet drie doelen.</p>'


@pytest.mark.parametrize(
    ("of_page", "becomes", "complaint"),
    [
        ("drie doelen", "the goals", "English: the"),
        ("drie doelen", '<img alt="Please wait">', "English: Please"),
        ("U ziet", "Je ziet", "informal: Je"),
        ("<p>", '<p style="color: red">', "inline: p style"),
        ("<p>", '<p onclick="alert(1)">', "inline: p onclick"),
        ("<p>", "<script>alert(1)</script><p>", "inline: script"),
        ("<h1>Doelen</h1>", "", "0 headings of the first level"),
        ("<p>", "<h1>Nog een</h1><p>", "2 headings of the first level"),
        ('lang="nl"', 'lang="en"', "language 'en'"),
        ("Doelen · Agendamonitor", "", "title ''"),
    ],
)
def test_page_that_breaks_a_promise_is_found(of_page: str, becomes: str, complaint: str):
    assert complaints(answer(GOOD)) == []
    assert complaints(answer(GOOD.replace(of_page, becomes, 1))) == [complaint]


def test_policy_that_allows_too_much_is_found():
    response = answer(GOOD)
    response["Content-Security-Policy"] = "script-src 'unsafe-inline'"
    assert complaints(response) == ["policy"]


def answer(html: str) -> Any:
    return HttpResponse(html, headers={"Content-Security-Policy": "default-src 'none'"})
