"""Verifying a file: what left the house unchanged is told from what did not."""

import io
import json
from collections.abc import Callable

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from monitoring.models import Afdruk
from monitoring.snapshot import canonical
from monitoring.verification import MAX_BYTES
from tests.monitoring.decisions import Besluitvorming
from tests.worlds import once

pytestmark = pytest.mark.django_db

NOW = "2025-10-01T12:00:00+02:00"
MOMENT = "/regio/west/agenda/2023-2027/aug-25/"
UNCHANGED = "Ongewijzigd vastgesteld op 11 september 2025 in OOGO"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


class Vastgesteld(Besluitvorming):
    """Its report is adopted, and left the house as a PDF."""

    def __init__(self) -> None:
        super().__init__()
        self.submit()
        self.momentopname = self.adopt()
        client = Client()
        client.force_login(self.people["coordinator"])
        self.pdf = client.get(f"{MOMENT}rapport.pdf").content


built, world = once(Vastgesteld, at=NOW)


@pytest.fixture
def sign_in(client: Client, world: Vastgesteld) -> Callable[[str], Client]:
    def sign_in(role: str) -> Client:
        client.force_login(world.people[role])
        return client

    return sign_in


def verify(client: Client, content: bytes, name: str = "rapport.pdf") -> str:
    return client.post("/controleren/", {"bestand": SimpleUploadedFile(name, content)}).text


def test_the_page_speaks_of_reports_and_of_quarters(sign_in):
    client = sign_in("coordinator")
    page = client.get("/controleren/").text
    for said in (
        "<h1>Een bestand controleren</h1>",
        "Is dit rapport of kwartaal nog zoals het is vastgesteld?",
        "het register van vastgestelde rapporten en kwartalen in uw regio’s",
        "Pdf of JSON van een rapport of kwartaal",
    ):
        assert said in page
    assert "Er is geen vastgesteld rapport of kwartaal dat bij dit bestand hoort" in verify(client, b"{}", "x.json")


def test_a_pdf_that_left_the_house_is_recognised(world, sign_in):
    assert UNCHANGED in verify(sign_in("coordinator"), world.pdf)


@pytest.mark.parametrize("page", ["rapport.json", "momentopname.json"])
def test_data_that_left_the_house_are_recognised(sign_in, page):
    client = sign_in("coordinator")
    assert UNCHANGED in verify(client, client.get(MOMENT + page).content, page)


def test_a_pdf_of_an_earlier_version_of_the_product_is_recognised(world, sign_in, monkeypatch):
    client = sign_in("coordinator")
    monkeypatch.setattr("monitoring.publication.read_stylesheet", lambda: "")
    assert client.get(f"{MOMENT}rapport.pdf").content != world.pdf
    assert UNCHANGED in verify(client, world.pdf)
    assert Afdruk.objects.count() == 2


def test_a_pdf_that_was_saved_anew_keeps_its_data_but_not_its_word(world, sign_in):
    again = io.BytesIO()
    with pikepdf.open(io.BytesIO(world.pdf)) as pdf:
        pdf.save(again)
    answer = verify(sign_in("coordinator"), again.getvalue())
    assert "De gegevens zijn ongewijzigd, het bestand niet" in answer
    assert UNCHANGED not in answer


def test_a_forged_snapshot_is_shown_for_what_differs(world, sign_in):
    content = json.loads(world.momentopname.inhoud)
    content["themas"][0]["doelen"][1]["scores"][1]["waarde"] = "w5"
    answer = verify(sign_in("coordinator"), canonical(content).encode(), "vervalst.json")
    assert "Dit is niet wat is vastgesteld" in answer
    assert "Thema één · B1 · Aug 25 · score" in answer
    assert "<ins>5 · vooruitgang en zijn we trots op!</ins>" in answer


def test_another_regio_learns_nothing(world, sign_in):
    answer = verify(sign_in("elders"), world.momentopname.inhoud.encode(), "rapport.json")
    assert "Dit bestand is onbekend" in answer
    assert "Beter bij B1" not in answer


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Dit bestand is leeg."),
        (b"PK\x03\x04", "Dit is geen pdf en geen JSON."),
        (b"%PDF-1.7 kapot", "beschadigd"),
        (b"%PDF-" + b"\x00" * 5000, "beschadigd"),
        (b'{"a": "\xff"}', "geen leesbare JSON"),
        (b"{", "Dit bestand is onbekend"),
        (b'{"schema": 1, "besluit": null}', "Dit bestand is onbekend"),
        (b'{"schema": 1, "regio": [], "agenda": {}, "meetmoment": 1, "besluit": 1}', "Dit bestand is onbekend"),
        (b'{"a":' * 50_000, "Dit bestand is onbekend"),
        (b"{" + b" " * MAX_BYTES, "groter dan 10 MB"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_such_file_is_refused_with_a_reason(sign_in, content, said):
    assert said in verify(sign_in("coordinator"), content)


SHAPES = [
    {"themas": None},
    {"themas": [1, "x", None, {"naam": [], "doelen": {"a": 1}}]},
    {"waarden": [{"sleutel": {}}, 3]},
    {"besluit": "wij"},
    {"meetmomenten": {"x": {}}},
    {"versie": 1, "nieuw": {"a": [[]]}},
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_snapshot_of_a_strange_shape_is_compared_all_the_same(world, sign_in, shape):
    forged = json.dumps(json.loads(world.momentopname.inhoud) | shape).encode()
    assert "Dit is niet wat is vastgesteld" in verify(sign_in("coordinator"), forged, "x.json")
