"""A quarter that was submitted or adopted: no way to change a count of it, and each says why."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from regio.models import Organisatie
from regio.permissions import Rol
from tests.factories import make_gebruiker, make_gemeente
from tests.thuiszitters.factories import fill, make_world, submit
from tests.worlds import once
from thuiszitters.actions import (
    NotAllowedNow,
    enter_zeros,
    mark_telmoment,
    report_none,
    return_opgave,
    submit_opgave,
)
from thuiszitters.models import Opgave, Telling, Telmoment

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
FILE = "peildatum;gemeente;sector;categorie;aantal\n2026-10-01;{};PO;thuiszitters;3\n"
SAID = {"voorgelegd": "ter vaststelling voorgelegd", "vastgesteld": "Dit kwartaal is vastgesteld."}


@pytest.fixture(autouse=True)
def _autumn():
    with time_machine.travel(TODAY, tick=False):
        yield


class Closed:
    """A telmoment of which Woerden submitted its opgave, Montfoort began and Oudewater did nothing; then it closed."""

    def __init__(self, stand: str) -> None:
        self.regio, self.woerden, self.invoerder, self.moment = make_world()
        self.montfoort = make_gemeente(self.regio, "montfoort", "GM0335")
        self.oudewater = make_gemeente(self.regio, "oudewater", "GM0589")
        self.secretaris = make_gebruiker("secretaris@telregio.test", Rol.SECRETARIS, self.regio)
        fill(self.moment, self.woerden, self.invoerder)
        submit(self.moment, self.woerden, self.invoerder)
        fill(self.moment, self.montfoort, self.secretaris)
        now = timezone.now()
        closed = now if stand == "vastgesteld" else None
        mark_telmoment(self.moment, voorgelegd_op=now, afgesloten_op=closed, reden="", by=self.secretaris)
        self.said = SAID[stand]

    def stored(self) -> Any:
        tellingen = Telling.objects.values_list("pk", "status", "aantal", "toelichting", "versie").order_by("pk")
        return list(tellingen), list(Opgave.objects.values_list("gemeente", "status").order_by("pk"))

    def page(self, gemeente: Organisatie) -> str:
        return f"/regio/telregio/thuiszitters/2026-10-01/{gemeente.slug}/"


built, closed = once(Closed, at=TODAY, states=list(SAID))


@pytest.fixture
def client(closed: Closed) -> Client:
    signed_in = Client()
    signed_in.force_login(closed.secretaris)
    return signed_in


def test_the_page_takes_no_count_and_says_why(closed: Closed, client: Client):
    before = closed.stored()
    for gemeente in (closed.woerden, closed.montfoort):
        url = closed.page(gemeente)
        page = client.get(url).text
        assert closed.said in page
        assert 'id="telblad"' not in page
        assert "teruggeven/" not in page
        typed = {"thuiszitters-po": "7", "thuiszitters-po-versie": "1"}
        answer = client.post(url, typed)
        assert closed.said in answer.text
        assert 'value="7"' in answer.text
        # By htmx what was typed stays in its field, and the reason comes beside it.
        assert closed.said in client.post(url, typed, headers={"HX-Request": "true"}).text
        for nullen in ("geen", "vrijstelling"):
            client.post(url, {"nullen": nullen})
    assert closed.stored() == before


def test_submitting_and_giving_back_say_why_not(closed: Closed, client: Client):
    before = closed.stored()
    for gemeente, step, data in (
        (closed.montfoort, "indienen/", {}),
        (closed.woerden, "teruggeven/", {"reden": "Kijk dit nog eens na."}),
    ):
        assert closed.said in client.get(closed.page(gemeente) + step).text
        page = client.post(closed.page(gemeente) + step, data).text
        assert closed.said in page
        assert data.get("reden", "") in page
    assert closed.stored() == before


Deed = Callable[..., Any]


@pytest.mark.parametrize(
    ("deed", "more"),
    [
        (enter_zeros, {"groepen": {"verzuim"}}),
        (report_none, {}),
        (submit_opgave, {}),
        (return_opgave, {"reden": "Kijk dit na."}),
    ],
)
def test_every_action_is_refused(closed: Closed, deed: Deed, more: dict[str, Any]):
    before = closed.stored()
    for gemeente in (closed.woerden, closed.montfoort, closed.oudewater):
        with pytest.raises(NotAllowedNow, match=closed.said):
            deed(telmoment=closed.moment, gemeente=gemeente, by=closed.secretaris, **more)
    assert closed.stored() == before


@pytest.mark.parametrize("gemeente", ["Montfoort", "Oudewater", "Woerden"])
def test_a_file_is_refused_in_the_browser_and_by_the_command(
    closed: Closed, client: Client, gemeente: str, tmp_path: Any, capsys: pytest.CaptureFixture[str]
):
    before = closed.stored()
    file = tmp_path / "tellingen.csv"
    file.write_text(FILE.format(gemeente), encoding="utf-8")

    answer = client.post(
        "/regio/telregio/thuiszitters/inlezen/", {"bestand": SimpleUploadedFile(file.name, file.read_bytes())}
    )
    assert closed.said in answer.text
    assert answer.context["plan"].fout == 1
    with pytest.raises(CommandError, match="niets ingelezen"):
        call_command("import_tellingen", file, regio="telregio")

    assert closed.said in capsys.readouterr().err
    assert closed.stored() == before


def test_beheer_neither_moves_nor_removes_the_day(closed: Closed, client: Client):
    page = reverse("admin:thuiszitters_telmoment_change", args=[closed.moment.pk])
    moved = {"regio": closed.regio.pk, "peildatum": "2026-09-01", "deadline": "2026-10-31"}
    assert client.post(page, moved).status_code == 403
    delete = reverse("admin:thuiszitters_telmoment_delete", args=[closed.moment.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Telmoment.objects.get().peildatum == date(2026, 10, 1)


def test_what_is_opened_again_can_be_entered_again(closed: Closed, client: Client):
    mark_telmoment(closed.moment, voorgelegd_op=None, afgesloten_op=None, reden="Toch niet.", by=closed.secretaris)
    url = closed.page(closed.montfoort)
    assert closed.said not in client.get(url).text
    client.post(url, {"thuiszitters-po": "7", "thuiszitters-po-versie": "1"})
    changed = Telling.objects.get(opgave__gemeente=closed.montfoort, categorie__code="thuiszitters", sector="PO")
    assert changed.aantal == 7


def test_the_database_knows_no_adopted_quarter_that_was_never_submitted(closed: Closed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Telmoment.objects.update(voorgelegd_op=None, afgesloten_op=timezone.now())


def test_the_whole_reason_of_a_return_stays_in_the_history(closed: Closed):
    mark_telmoment(closed.moment, voorgelegd_op=None, afgesloten_op=None, reden="Toch niet.", by=closed.secretaris)
    reden = "De aantallen van het vo kloppen niet met die van de leerplichtambtenaar. " * 3
    return_opgave(telmoment=closed.moment, gemeente=closed.woerden, reden=reden, by=closed.secretaris)
    assert reden in Opgave.history.values_list("history_change_reason", flat=True)
