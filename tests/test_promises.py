"""A page that breaks what tests/promises.py says that it owes its reader is found."""

from typing import Any

import pytest
from django.http import HttpResponse

from tests.promises import complaints

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
