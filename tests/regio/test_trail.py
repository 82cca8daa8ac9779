"""The audit that a beheerder takes out: every change, who did it and when, and nothing that stood there."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from regio.audit import sign
from regio.models import Regio
from regio.trail import COLUMNS, Period, audit_rows, kept_models, path_of
from tests.beheer import Wereld, make_wereld
from tests.factories import make_beheerder

pytestmark = pytest.mark.django_db

SECRET = "Dit stond er eerst"


@pytest.fixture
def west() -> Wereld:
    with time_machine.travel("2026-10-01T12:00:00+02:00", tick=False):
        west, _ = make_wereld("west", 1), make_wereld("oost", 2)
    for day, naam, reason in ((10, SECRET, "Zo heet zij"), (20, "=1+1", "=HYPERLINK(1)")):
        with time_machine.travel(f"2026-10-{day}T12:00:00+02:00", tick=False):
            west.regio.naam = naam
            sign(west.regio, west.secretaris, reason=reason)
            west.regio.save()
    return west


@pytest.fixture
def take(west) -> Callable[..., Any]:
    client = Client()
    client.force_login(make_beheerder())
    return lambda **asked: client.get("/beheer/audit/", asked)


def rows(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def of_regio(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in found if row["soort"] == "regio" and row["regio"] == "west"]


def test_every_change_has_its_row_with_who_when_and_which_fields(take, west):
    made, first, second = of_regio(rows(take(soort="csv")))
    assert (made["handeling"], made["velden"]) == ("toegevoegd", "")
    assert first == {
        "tijd": "2026-10-10T12:00:00+02:00",
        "regio": "west",
        "soort": "regio",
        "nummer": str(west.regio.pk),
        "handeling": "gewijzigd",
        "velden": "naam",
        "reden": "Zo heet zij",
        "door": "Secretaris west",
        "e-mailadres": "secretaris@west.test",
    }
    assert second["velden"] == "naam"


def test_no_formula_leaves_and_nothing_that_stood_there(take):
    response = take(soort="csv")
    found = rows(response)
    assert of_regio(found)[-1]["reden"] == "'=HYPERLINK(1)"
    said = json.dumps(found)
    assert SECRET not in said
    assert "Toelichting west" not in said
    assert {row["e-mailadres"] for row in found} <= {"", "secretaris@west.test", "secretaris@oost.test"}


def test_period_keeps_its_days_and_still_knows_what_stood_before(take):
    [only] = of_regio(rows(take(soort="csv", van="2026-10-11", tot="2026-10-20")))
    assert (only["tijd"][:10], only["velden"]) == ("2026-10-20", "naam")
    assert of_regio(rows(take(soort="csv", van="2026-10-21"))) == []
    assert len(of_regio(rows(take(soort="csv", tot="2026-10-10")))) == 2


def test_one_regio_has_its_own_changes_and_those_of_no_other(take):
    found = rows(take(soort="csv", regio="west"))
    assert {row["regio"] for row in found} == {"west"}
    kinds = {row["soort"] for row in found}
    assert {"regio", "lidmaatschap", "voortgangsscore", "doel", "rapportage", "telmoment"} <= kinds
    assert "gebruiker" not in kinds
    assert "gebruiker" in {row["soort"] for row in rows(take(soort="csv"))}


def test_all_formats_say_the_same(take):
    as_csv = rows(take(soort="csv", regio="west"))
    as_json = json.loads(b"".join(take(soort="json", regio="west").streaming_content))
    sheet = load_workbook(io.BytesIO(b"".join(take(soort="xlsx", regio="west").streaming_content))).active
    lines = [["" if value is None else str(value) for value in line] for line in sheet.iter_rows(values_only=True)]
    assert lines[0] == list(COLUMNS)
    assert [dict(zip(COLUMNS, line, strict=True)) for line in lines[1:]] == as_csv
    assert len(as_json) == len(as_csv)
    assert as_json[0].keys() == as_csv[0].keys()


def test_taking_it_out_leaves_a_line(take, caplog):
    response = take(soort="json", regio="west", van="2026-10-11")
    assert response["Content-Disposition"] == 'attachment; filename="audit-west-2026-10-11.json"'
    line = json.loads(caplog.messages[-1])
    assert (line["gebeurtenis"], line["wat"], line["regio"], line["van"]) == (
        "export",
        "audit.json",
        "west",
        "2026-10-11",
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"soort": "pdf"}, "Kies een soort bestand uit de lijst."),
        ({"soort": "csv", "regio": "nergens"}, "Kies een regio uit de lijst."),
        ({"soort": "csv", "van": "gisteren"}, "Schrijf de datum als 11-09-2025."),
        ({"soort": "csv", "van": "2026-02-01", "tot": "2026-01-01"}, "De laatste dag ligt vóór de eerste."),
    ],
)
def test_what_cannot_be_asked_is_said(take, asked, said):
    response = take(**asked)
    assert said in response.text


def test_more_than_a_sheet_holds_is_said_before_anything_leaves(take, monkeypatch):
    asked = {"regio": "west", "van": "2026-10-10", "tot": "2026-10-20"}
    monkeypatch.setattr("regio.trail.MOST_ROWS_OF_XLSX", len(rows(take(soort="csv", **asked))))
    fits = take(soort="xlsx", **asked)
    assert fits["Content-Type"].startswith("application/vnd")
    assert b"".join(fits.streaming_content)
    assert "Dit zijn meer regels dan in Excel passen." in take(soort="xlsx").text


def test_everything_that_keeps_a_history_is_in_it(west):
    kinds = {row[2] for row in audit_rows(None, Period())}
    kept = {str(model._meta.verbose_name) for model in kept_models() if model.history.exists()}
    assert kinds == kept
    assert len(kept) > 15
    without = {model.__name__ for model in kept_models() if path_of(model) is None}
    assert without == {"Gebruiker", "Mailkeuze", "Organisatie", "Schaal", "Schaalwaarde"}


def test_rows_of_a_kind_are_one_query(west, django_assert_num_queries):
    regio = Regio.objects.get(slug="west")
    kinds = [model for model in kept_models() if path_of(model) is not None]
    with django_assert_num_queries(len(kinds)):
        list(audit_rows(regio, Period()))
