"""The counts as a file for who may not see them all: what the dashboard shows, and nothing finer."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from regio.models import Regio
from regio.permissions import Rol
from regio.streams import long_ods, long_xlsx
from regio.tables import TableError
from tests.factories import make_gebruiker, make_gemeente
from tests.thuiszitters.factories import close, fill, make_world, submit
from tests.thuiszitters.masked_file import beside_the_rows, cells_of, strange_words
from tests.worlds import once
from thuiszitters.models import Telling
from thuiszitters.resources import UPLOAD, plan_import

pytestmark = pytest.mark.django_db
URL = "/regio/telregio/thuiszitters/tellingen"


def counted():
    regio, gemeente, by, moment = make_world()
    small = make_gemeente(regio, "klein", "GM0007")
    fill(moment, gemeente, by, thuiszitters_po=20, artikel_11_vo=8)
    fill(moment, small, by, thuiszitters_po=3)
    for place in (gemeente, small):
        submit(moment, place, by)
    close(moment)
    return regio, gemeente, by


built, world = once(counted)


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


@pytest.mark.parametrize("soort", ["csv", "xlsx", "ods", "json"])
@pytest.mark.parametrize(
    ("rol", "name"), [(Rol.OOGO_LID, "tellingen-telregio-afgeschermd"), (Rol.SECRETARIS, "tellingen-telregio")]
)
def test_the_name_says_it_where_the_counts_are_made_up(world, rol, name, soort):
    regio, *_ = world
    client = Client()
    client.force_login(make_gebruiker("lezer@telregio.test", rol, regio))
    for made_up, expected in ((False, f"{name}.{soort}"), (True, f"{name}-fictieve-voorbeelddata.{soort}")):
        Regio.objects.filter(pk=regio.pk).update(voorbeelddata=made_up)
        response: Any = client.get(f"{URL}.{soort}")
        assert response["Content-Disposition"] == f'attachment; filename="{expected}"'
        assert b"".join(response.streaming_content)


def test_a_masked_file_is_refused_whole_with_the_reason_and_changes_nothing(world):
    regio, *_ = world
    text, _ = rows_of(make_gebruiker("lid@telregio.test", Rol.OOGO_LID, regio))
    before = list(Telling.objects.values_list("pk", "aantal", "versie"))
    with pytest.raises(TableError, match="afgeschermde aantallen en kan niet worden ingelezen"):
        plan_import(regio=regio, name="t.csv", file=io.BytesIO(text.encode()), limits=UPLOAD)
    assert list(Telling.objects.values_list("pk", "aantal", "versie")) == before


HEAD = ["gemeente", "aantal"]
ROWS: list[list[Any]] = [["Klein", ""], ["Woerden", 20]]


def hide_a_sheet(book: Workbook) -> None:
    book.create_sheet("geheim").sheet_state = "hidden"


def comment(book: Workbook) -> None:
    book.worksheets[0]["B2"].comment = Comment("3", "iemand")


def format_a_number(book: Workbook) -> None:
    book.worksheets[0]["B3"].number_format = '0"3"'


@pytest.mark.parametrize("leak", [None, hide_a_sheet, comment, format_a_number])
def test_what_is_hidden_in_an_xlsx_is_found(leak: Callable[[Workbook], None] | None):
    def saved(rows: list[list[Any]], change: Callable[[Workbook], None] | None) -> bytes:
        with long_xlsx(HEAD, rows) as file:
            book = load_workbook(file)
        if change:
            change(book)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    parts, bare = beside_the_rows("xlsx", saved(ROWS, leak)), beside_the_rows("xlsx", saved([], None))
    # Saved anew, texts stand in a table of their own, and the time in the properties.
    differs = {name for name in {*parts, *bare} if parts.get(name) != bare.get(name)}
    assert bool(differs - {"xl/sharedStrings.xml", "docProps/core.xml", "xl/worksheets/sheet1.xml"}) == bool(leak)


def test_what_is_hidden_in_an_ods_is_found(monkeypatch):
    with long_ods(HEAD, ROWS) as file, long_ods(HEAD, []) as empty:
        content = file.read()
        assert beside_the_rows("ods", content) == beside_the_rows("ods", empty.read())
    assert cells_of("ods", content) == [HEAD, *[[str(value) for value in row] for row in ROWS]]
    assert strange_words("ods", content) == set()
    plain = "regio.streams._ods_cell"
    typed = '<table:table-cell office:value-type="string"%s><text:p>Woerden</text:p></table:table-cell>'
    monkeypatch.setattr(plain, lambda _: typed % ' table:formula="of:=drie"')
    with long_ods(HEAD, ROWS) as file:
        assert strange_words("ods", file.read()) == {"of:=drie"}
    monkeypatch.setattr(plain, lambda _: typed % ' office:value="3"')
    with long_ods(HEAD, ROWS) as file, pytest.raises(AssertionError):
        cells_of("ods", file.read())
