"""Regio's side by side: what each made public last, and nothing that somebody could take for a ranking."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring import comparing
from monitoring.comparing import Kant, Telling, load_sides
from monitoring.models import Publicatie
from monitoring.publishing import withdraw_version
from regio.models import Regio
from tests.beheer import make_public_wereld, make_wereld
from tests.promises import complaints
from thuiszitters.kwartalen import Cel
from thuiszitters.models import Leerlingaantal, Onderwijssector

pytestmark = pytest.mark.django_db
PAGE = "/vergelijken/"


@pytest.fixture(autouse=True)
def _nothing_read_before():
    comparing._read.clear()


def text_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def test_each_regio_stands_there_with_its_last_public_report_by_name():
    west, oost = make_public_wereld("west", 1), make_public_wereld("oost", 2)
    make_wereld("nergens", 3)
    page = Client().get(PAGE)
    assert complaints(page) == []
    told = text_of(page)
    assert told.index("Oost Aug 25 oost, Agenda oost") < told.index("West Aug 25 west, Agenda west")
    assert "Nergens" not in told
    assert "1 van 1 doel 1 × 4 · vooruitgang ▲ niet nagegaan niet in dit rapport niet bekend" in told
    assert f"/openbaar/oost/2023-2027/{oost.regio.slug}-25/" in page.text
    assert not any(name in told for name in (west.secretaris.naam, oost.secretaris.naam))


def test_what_is_withdrawn_or_no_longer_published_is_not_there():
    west = make_public_wereld("west", 1)
    make_public_wereld("oost", 2)
    (publicatie,) = Publicatie.objects.of_regio(west.regio)
    withdraw_version(publicatie=publicatie, reden="Er stond een fout in.", by=west.secretaris)
    assert [side.slug for side in load_sides()] == ["oost"]
    Regio.objects.filter(slug="oost").update(publiceert=False)
    assert load_sides() == []
    assert "Nog geen regio heeft een rapport openbaar gemaakt." in text_of(Client().get(PAGE))


def test_queries_are_as_many_for_one_regio_as_for_six_and_fewer_once_read():
    make_public_wereld("west", 1)
    first, again = queries(), queries()
    for number in range(2, 7):
        make_public_wereld(f"regio{number}", number)
    assert (queries(), queries()) == (first, again)
    assert again < first <= 12


def test_what_was_read_is_forgotten_when_it_is_much_and_read_again(monkeypatch: pytest.MonkeyPatch):
    make_public_wereld("west", 1)
    monkeypatch.setattr(comparing, "MOST_KEPT", 0)
    assert load_sides() == load_sides() == load_sides()


def queries() -> int:
    with CaptureQueriesContext(connection) as asked:
        Client().get(PAGE)
    return len(asked)


@pytest.mark.parametrize(
    ("cel", "rate"),
    [
        (Cel("opgegeven", "112", 112, ""), "3,5"),
        (Cel("opgegeven", "112", 112, "4 van 5 gemeenten"), "niet bekend"),
        (Cel("afgeschermd", "<5", None, ""), "afgeschermd"),
        (Cel("onbekend", "onbekend", None, ""), "niet bekend"),
    ],
)
def test_children_are_compared_by_pupils_and_only_where_all_are_known(
    monkeypatch: pytest.MonkeyPatch, cel: Cel, rate: str
):
    west = make_public_wereld("west", 1)
    counted = Telling(date(2025, 7, 1), 1, cel, cel)
    given = comparing.side_of
    monkeypatch.setattr(comparing, "side_of", lambda report: with_count(given(report), counted))
    for sector in Onderwijssector:
        assert rate_now() == ("afgeschermd" if rate == "afgeschermd" else "niet bekend"), "before all are known"
        Leerlingaantal.objects.create(
            regio=west.regio, gemeente=west.gemeente, sector=sector, schooljaar="2024-2025", aantal=8000
        )
    assert rate_now() == rate


def with_count(side: Kant, counted: Telling) -> Kant:
    return Kant(**{**vars(side), "telling": counted})


def rate_now() -> str:
    (side,) = load_sides()
    assert side.telling
    return side.telling.per_duizend
