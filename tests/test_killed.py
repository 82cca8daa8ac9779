"""kill -9 at any moment of what saves or imports: all of it is there afterwards, or nothing, and it can be done again.

That of an adoption stands with the other steps, in tests/monitoring/test_transitions.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agenda.models import Doel
from monitoring.actions import save_score
from monitoring.models import Voortgangsscore
from regio.models import Gebruiker
from regio.permissions import Rol
from tests.beheer import make_wereld
from tests.factories import make_doel, make_gebruiker
from tests.killing import everything, outlives
from tests.thuiszitters.factories import make_world
from thuiszitters.actions import Entry, save_tellingen
from thuiszitters.counting import given
from thuiszitters.models import Kolomkoppeling, Opgave, Telling
from thuiszitters.resources import remember_columns


@dataclass(frozen=True)
class Deed:
    """What is done, of which models it makes rows, and how many more of them there are then, history included."""

    act: Callable[[], Any]
    models: tuple[Any, ...]
    more: list[int]

    def sizes(self) -> list[int]:
        return [count for model in self.models for count in (model.objects.count(), model.history.count())]


def saving_a_score() -> Deed:
    west = make_wereld("west", 1)
    fields: dict[str, Any] = {"doel": west.doel, "meetmoment": west.meetmoment, "organisatie": None}
    fields["waarde"] = west.score.waarde

    def save() -> None:
        assert save_score(**fields, toelichting="Anders", versie=west.score.versie, by=west.secretaris)

    return Deed(save, (Voortgangsscore,), [0, 1])


def saving_counts() -> Deed:
    _, gemeente, invoerder, telmoment = make_world()
    entries = [Entry(("thuiszitters", sector), given(3), "Nagekeken.", 0) for sector in ("PO", "VO")]

    def save() -> None:
        assert save_tellingen(telmoment=telmoment, gemeente=gemeente, entries=entries, by=invoerder).saved

    return Deed(save, (Opgave, Telling), [1, 1, 2, 2])


def importing_counts() -> Deed:
    regio, *_ = make_world()
    client = client_of(make_gebruiker("secretaris@tel.test", Rol.SECRETARIS, regio))
    page = "/regio/telregio/thuiszitters/inlezen/"
    file = "peildatum;gemeente;sector;categorie;aantal\n" + "".join(
        f"2026-10-01;Woerden;{sector};thuiszitters;3\n" for sector in ("PO", "VO")
    )
    shown = client.post(page, {"bestand": SimpleUploadedFile("t.csv", file.encode())}).context
    fields = {"verzegeld": shown["verzegeld"], "vingerafdruk": shown["plan"].vingerafdruk}

    def confirm() -> None:
        assert client.post(page, fields).status_code == 302

    return Deed(confirm, (Opgave, Telling), [1, 1, 2, 2])


def remembering_columns() -> Deed:
    regio, _, invoerder, _ = make_world()
    names = {"aantal": "hoeveel", "sector": "soort"}
    return Deed(lambda: remember_columns(regio=regio, koppeling=names, by=invoerder), (Kolomkoppeling,), [2, 2])


def importing_scores() -> Deed:
    west = make_wereld("west", 1)
    for code in ("B1", "B2"):
        make_doel(west.agenda, code, west.thema)
    rows = "".join(f"west;2023-2027;west-26;{code};;3;Ingelezen\n" for code in ("A1", "B1", "B2"))
    head = "regio;agenda;meetmoment;doel;gemeente;score;toelichting\n"
    return Deed(in_beheer(west.secretaris, "monitoring/voortgangsscore", head + rows), (Voortgangsscore,), [2, 3])


def importing_doelen() -> Deed:
    west = make_wereld("west", 1)
    rows = "".join(f"west;2023-2027;west;{code};Plan;Doen;Nagaan;Bijstellen\n" for code in ("C1", "C2"))
    head = "regio;agenda;thema;code;plan;do;check;act\n"
    return Deed(in_beheer(west.secretaris, "agenda/doel", head + rows), (Doel,), [2, 2])


def client_of(gebruiker: Gebruiker) -> Client:
    client = Client()
    client.force_login(gebruiker)
    return client


def in_beheer(by: Gebruiker, of: str, file: str) -> Callable[[], None]:
    """Show a file in Beheer, and return what confirms it."""
    client = client_of(by)
    shown = client.post(f"/beheer/{of}/import/", {"bestand": SimpleUploadedFile("t.csv", file.encode())}).context
    fields = {"gegevens": shown["gegevens"]}

    def confirm() -> None:
        assert client.post(f"/beheer/{of}/process_import/", fields).status_code == 302

    return confirm


@pytest.mark.parametrize(
    "make",
    [saving_a_score, saving_counts, importing_counts, remembering_columns, importing_scores, importing_doelen],
)
def test_killed_at_any_moment_leaves_all_or_nothing(transactional_db: None, make: Callable[[], Deed]):
    deed = make()
    before, sizes = everything(), deed.sizes()
    deaths = 0
    while not outlives(deed.act, deaths) and everything() == before:
        deaths += 1
    assert [now - then for now, then in zip(deed.sizes(), sizes, strict=True)] == deed.more
    assert deaths >= 3
