"""The counts as a file for who may not see them all: what the dashboard shows, and nothing finer."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from regio.permissions import Rol
from tests.factories import make_gebruiker, make_gemeente
from tests.thuiszitters.factories import close, fill, make_world, submit
from thuiszitters.models import Telling
from thuiszitters.resources import UPLOAD, plan_import

pytestmark = pytest.mark.django_db
URL = "/regio/telregio/thuiszitters/tellingen"


@pytest.fixture
def world():
    regio, gemeente, by, moment = make_world()
    small = make_gemeente(regio, "klein", "GM0007")
    fill(moment, gemeente, by, thuiszitters_po=20, artikel_11_vo=8)
    fill(moment, small, by, thuiszitters_po=3)
    for place in (gemeente, small):
        submit(moment, place, by)
    close(moment)
    return regio, gemeente, by


def rows_of(gebruiker):
    client = Client()
    client.force_login(gebruiker)
    response: Any = client.get(f"{URL}.csv")
    assert "afgeschermd" in response["Content-Disposition"]
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return text, list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_an_oogo_lid_gets_what_the_dashboard_shows(world):
    regio, *_ = world
    _, rows = rows_of(make_gebruiker("lid@telregio.test", Rol.OOGO_LID, regio))
    assert {row["sector"] for row in rows} == {"alle sectoren"}
    samen = {row["gemeente"]: (row["aantal"], row["status"]) for row in rows if row["categorie"] == "samen"}
    assert samen == {
        "alle gemeenten": ("", "afgeschermd"),
        "Klein": ("", "afgeschermd"),
        "Woerden": ("20", "opgegeven"),
    }
    assert {row["categorie"] for row in rows if row["gemeente"] != "alle gemeenten"} == {"samen"}
    assert ("8", "opgegeven") in {(r["aantal"], r["status"]) for r in rows if r["categorie"] == "artikel-11"}


def test_an_invoerder_gets_the_own_counts_as_they_were_entered(world):
    _, rows = rows_of(world[2])
    raw = [row for row in rows if row["sector"] != "alle sectoren"]
    assert {row["gemeente"] for row in raw} == {"Woerden"}
    assert ("thuiszitters", "PO", "20") in {(row["categorie"], row["sector"], row["aantal"]) for row in raw}


@pytest.mark.parametrize("soort", ["xlsx", "ods", "json"])
def test_the_other_formats_are_there_as_well(world, soort):
    client = Client()
    client.force_login(make_gebruiker("lid@telregio.test", Rol.OOGO_LID, world[0]))
    response: Any = client.get(f"{URL}.{soort}")
    content = b"".join(response.streaming_content)
    if soort == "json":
        assert {"afgeschermd", "opgegeven"} == {row["status"] for row in json.loads(content)}
    assert len(content) > 500


def test_a_masked_file_is_refused_with_the_reason_and_changes_nothing(world):
    regio, *_ = world
    text, _ = rows_of(make_gebruiker("lid@telregio.test", Rol.OOGO_LID, regio))
    before = list(Telling.objects.values_list("pk", "aantal", "versie"))
    plan = plan_import(regio=regio, name="t.csv", file=io.BytesIO(text.encode()), limits=UPLOAD)
    assert plan.nieuw == plan.gewijzigd == 0
    assert any("afgeschermde aantallen en kan niet worden ingelezen" in fout.tekst for fout in plan.fouten)
    assert list(Telling.objects.values_list("pk", "aantal", "versie")) == before
