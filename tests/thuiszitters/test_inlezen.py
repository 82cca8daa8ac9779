"""Counts in from a file and out to one, through the page and the command."""

import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.datastructures import MultiValueDict
from django.utils.html import escape

from regio.permissions import Rol
from regio.streams import long_ods, long_xlsx, stream_csv
from regio.tables import read_table, write_ods
from tests.factories import make_gebruiker, make_gemeente, make_regio
from tests.thuiszitters.factories import close, fill, make_telmoment, make_world, submit
from tests.worlds import once
from thuiszitters.counting import UNKNOWN
from thuiszitters.forms import BestandForm
from thuiszitters.models import Kolomkoppeling, Opgave, Telling, Telmoment
from thuiszitters.tidy import COLUMNS

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
URL = "/regio/telregio/thuiszitters/"
HEAD = "peildatum;gemeente;sector;categorie;aantal"


@pytest.fixture(autouse=True)
def autumn():
    with time_machine.travel(TODAY, tick=False):
        yield


built, world = once(make_world, at=TODAY)


@pytest.fixture
def client(world):
    signed_in = Client()
    signed_in.force_login(make_gebruiker("secretaris@telregio.test", Rol.SECRETARIS, world[0]))
    return signed_in


WOERDEN_PO = ["2026-10-01", "Woerden", "PO", "thuiszitters"]


def workbook(*rows, merge="", formula=None):
    """An .xlsx: `merge` joins cells, `formula` stands last in the last row, with the value that Excel kept of it."""
    book = openpyxl.Workbook()
    lines = [list(line) for line in rows] or ([["a", "b"], [1, 2], [3, 4]] if merge else [])
    if formula:
        lines[-1].append(formula[0])
    for line in lines:
        book.active.append(line)
    if merge:
        book.active.merge_cells(merge)
    stream = io.BytesIO()
    book.save(stream)
    return _with_kept_value(stream.getvalue(), formula) if formula else stream.getvalue()


def _with_kept_value(content, formula):
    """openpyxl writes a formula without its value, which Excel keeps beside it."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            kept = f"<f>{formula[0][1:]}</f><v>{formula[1]}</v>".encode()
            part = re.sub(rb"<f>[^<]*</f><v\s*/>|<f>[^<]*</f><v></v>", kept, old.read(name))
            new.writestr(name, part)
    return changed.getvalue()


def upload(client, content, name="tellingen.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(URL + "inlezen/", {"bestand": SimpleUploadedFile(name, content)})


def confirm(client, answer):
    fields = {name: answer.context[name] for name in ("verzegeld",)}
    return client.post(URL + "inlezen/", fields | {"vingerafdruk": answer.context["plan"].vingerafdruk}, follow=True)


def stored():
    return {
        (t.opgave.gemeente.slug, str(t.opgave.telmoment.peildatum), t.categorie.code, t.sector): str(t.count)
        for t in Telling.objects.select_related("opgave__gemeente", "opgave__telmoment", "categorie")
    }


def body(response):
    return b"".join(response.streaming_content)  # read to its end, a file is closed


def status_of(client, path):
    response = client.get(path)
    if response.streaming:
        body(response)
    return response.status_code


def test_a_file_is_previewed_and_then_written(client):
    answer = upload(client, f"{HEAD}\n2026-10-01;Woerden;PO;thuiszitters;3\n2026-10-01;woerden;VO;Thuiszitters;?\n")
    assert "nieuw 2, gewijzigd 0, gelijk 0, fout 0" in answer.content.decode()
    assert stored() == {}
    page = confirm(client, answer).content.decode()
    assert "Ingelezen: nieuw 2" in page
    assert stored() == {
        ("woerden", "2026-10-01", "thuiszitters", "PO"): "3",
        ("woerden", "2026-10-01", "thuiszitters", "VO"): "onbekend",
    }
    assert (
        "Alles in dit bestand staat al zo"
        in upload(client, f"{HEAD}\n2026-10-01;Woerden;PO;thuiszitters;3\n").content.decode()
    )


def test_the_preview_tells_new_changed_the_same_and_wrong(client, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=3, thuiszitters_vo=4)
    answer = upload(
        client,
        f"{HEAD}\n2026-10-01;Woerden;PO;thuiszitters;3\n2026-10-01;Woerden;VO;thuiszitters;5\n"
        "2026-10-01;Woerden;MBO;thuiszitters;1\n2026-10-01;Woerden;VSO;thuiszitters;-1\n",
    )
    page = answer.content.decode()
    assert "nieuw 1, gewijzigd 1, gelijk 1, fout 1" in page
    assert "-1 is negatief." in page
    assert answer.context["verzegeld"] == ""


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_what_is_exported_changes_nothing_when_read_in(client, world, kind):
    regio, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=0, thuiszitters_vo=UNKNOWN, thuiszitters_mbo=7)
    fill(make_telmoment(regio, date(2026, 7, 1)), gemeente, invoerder)
    make_gemeente(regio, "leeg", "GM0003")
    exported = body(client.get(f"{URL}tellingen.{kind}"))
    page = upload(client, exported, f"tellingen.{kind}").content.decode()
    assert "nieuw 0, gewijzigd 0, gelijk 304, fout 0" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_the_three_states_differ_in_every_file(client, world, kind):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=0, thuiszitters_vo=UNKNOWN)
    table = read_table(f"t.{kind}", body(client.get(f"{URL}tellingen.{kind}")))
    assert tuple(table.columns) == COLUMNS
    states = {
        r.cells["sector"]: (r.cells["aantal"], r.cells["status"])
        for r in table.rows
        if r.cells["categorie"] == "thuiszitters"
    }
    assert states == {
        "PO": ("0", "opgegeven"),
        "VO": ("", "onbekend"),
        "(V)SO": ("", "geen opgave"),
        "MBO": ("", "geen opgave"),
    }


def test_the_three_states_differ_in_json(client, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=0, thuiszitters_vo=UNKNOWN)
    import json

    rows = json.loads(body(client.get(URL + "tellingen.json")))
    states = {r["sector"]: (r["aantal"], r["status"]) for r in rows if r["categorie"] == "thuiszitters"}
    assert states["PO"] == (0, "opgegeven")
    assert states["VO"] == (None, "onbekend")
    assert states["MBO"] == (None, "geen opgave")


def row(**cells):
    full = {
        "regio": "telregio",
        "schooljaar": "2026-2027",
        "peildatum": "2026-10-01",
        "gemeentecode": "GM0632",
        "gemeente": "Woerden",
        "sector": "PO",
        "groep": "verzuim",
        "categorie": "thuiszitters",
        "aantal": "3",
        "status": "opgegeven",
    }
    return ";".join((full | cells)[name] for name in COLUMNS)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"aantal": "=1+2"}, "‘=1+2’ is geen aantal."),
        ({"aantal": "-1"}, "-1 is negatief."),
        ({"aantal": "2,5"}, "2,5 is geen heel getal."),
        ({"aantal": "vijf"}, "‘vijf’ is geen aantal."),
        ({"aantal": ""}, "vul het aantal in."),
        ({"aantal": "3", "status": "onbekend"}, "Er staat een aantal (3)"),
        ({"status": "misschien"}, "Kies uit: opgegeven, onbekend of geen opgave."),
        ({"peildatum": "2027-01-01", "schooljaar": ""}, "Deze dag ligt in de toekomst."),
        ({"peildatum": "2026-10-02"}, "Op deze dag telt de regio niet."),
        ({"peildatum": "gisteren"}, "Schrijf de peildatum als 2026-10-01."),
        ({"schooljaar": "2025-2026"}, "valt in schooljaar 2026-2027."),
        ({"gemeentecode": "GM0355", "gemeente": ""}, "Deze gemeente hoort niet bij Telregio."),
        ({"gemeente": "Zeist"}, "Deze gemeente hoort niet bij Telregio."),
        ({"gemeente": "", "gemeentecode": ""}, "Vul de gemeente in"),
        ({"sector": "HBO"}, "Kies uit: PO, VO, (V)SO, MBO."),
        ({"categorie": "spijbelen"}, "wordt op 2026-10-01 niet geteld."),
        ({"groep": "reden"}, "hoort in de groep verzuim."),
        ({"regio": "elders"}, "Dit bestand wordt ingelezen voor Telregio."),
    ],
)
def test_a_wrong_cell_is_named_with_its_reason_and_nothing_is_written(client, cells, sentence):
    make_gemeente(make_regio("elders"), "zeist", "GM0355")
    answer = upload(client, "\n".join([";".join(COLUMNS), row(sector="VO"), row(**cells)]))
    page = answer.content.decode()
    assert sentence in page
    fout = answer.context["plan"].fouten[0]
    assert (fout.rij, fout.kolom in COLUMNS) == (3, True)
    cell = f'<th scope="row" class="tellen">3</th><td>{fout.kolom}</td><td>{escape(fout.waarde) or "–"}</td>'
    assert cell in page
    assert answer.context["verzegeld"] == ""
    assert stored() == {}


def test_a_row_that_comes_twice_is_refused_with_the_number_of_the_first(client):
    page = upload(client, "\n".join([";".join(COLUMNS), row(), row(aantal="4")])).content.decode()
    assert "Rij 2 gaat over hetzelfde aantal." in page
    assert stored() == {}


def test_a_part_above_its_whole_is_refused(client):
    page = upload(
        client, "\n".join([";".join(COLUMNS), row(aantal="2"), row(categorie="thuiszitters-3-maanden", aantal="3")])
    ).content.decode()
    assert "Een deel kan niet groter zijn dan het geheel" in page
    assert "fout 2" in page
    assert stored() == {}


def test_wrong_rows_are_listed_in_the_order_of_the_file(client):
    part = row(categorie="thuiszitters-3-maanden", aantal="3")
    page = upload(client, "\n".join([";".join(COLUMNS), row(aantal="2"), part, row(sector="VO", aantal="veel")])).text
    assert re.findall(r'<th scope="row" class="tellen">(\d+)</th>', page) == ["2", "3", "4"]


def test_a_part_above_a_stored_whole_is_refused(client, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=2)
    page = upload(
        client, "\n".join([";".join(COLUMNS), row(categorie="thuiszitters-3-maanden", aantal="3")])
    ).content.decode()
    assert "Een deel kan niet groter zijn dan het geheel" in page


def test_a_submitted_opgave_is_not_changed_by_a_file(client, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder)
    submit(moment, gemeente, invoerder)
    page = upload(client, "\n".join([";".join(COLUMNS), row(aantal="4")])).content.decode()
    assert "Deze opgave is ingediend." in page


@pytest.mark.parametrize(
    "content",
    [
        "\n".join([",".join(COLUMNS), row().replace(";", ",")]).encode(),
        "\n".join([";".join(COLUMNS), row()]).encode("utf-8-sig"),
        "\n".join([";".join(COLUMNS), row(gemeente="Súdwest", gemeentecode="")]).encode("cp1252"),
        "\n".join([";".join(COLUMNS), row(peildatum="1-10-2026", schooljaar="2026/2027")]).encode(),
    ],
)
def test_files_as_people_have_them_are_read(client, world, content):
    make_gemeente(world[0], "sudwest", "GM1900", naam="Súdwest")
    assert "nieuw 1, gewijzigd 0, gelijk 0, fout 0" in upload(client, content).content.decode()


@pytest.mark.parametrize("kop", ["BSN", "geboortedatum", "Naam leerling", "leerlingnummer"])
def test_a_column_of_pupils_refuses_the_whole_file(client, kop):
    page = upload(client, f"{HEAD};{kop}\n2026-10-01;Woerden;PO;thuiszitters;3;x\n").content.decode()
    assert "lijkt gegevens van leerlingen te bevatten" in page
    assert "fout 0" not in page


@pytest.mark.parametrize("cell", ["123456782", "geboren 3 maart 2015", "2015-03-12", "jan@school.nl", "0612345678"])
def test_a_person_in_a_column_that_is_not_read_refuses_the_whole_file(client, cell):
    page = upload(client, f"{HEAD};opmerking\n2026-10-01;Woerden;PO;thuiszitters;3;{cell}\n").content.decode()
    assert "lijkt een persoonsgegeven te bevatten" in page


def test_the_names_of_columns_are_asked_once_and_remembered(client, world):
    regio = world[0]
    content = "datum;plaats;schoolsoort;soort;aantal\n2026-10-01;Woerden;PO;thuiszitters;3\n"
    answer = upload(client, content)
    assert "Welke kolom is ‘peildatum’?" in answer.content.decode()
    assert "Kies bij elke vraag de kolom van uw bestand. De Agendamonitor onthoudt dat voor Telregio." in answer.text
    names = {"peildatum": "datum", "gemeente": "plaats", "sector": "schoolsoort", "categorie": "soort"}
    twice = client.post(URL + "inlezen/", {"verzegeld": answer.context["verzegeld"]} | names | {"sector": "datum"})
    assert "Kies elke kolom van het bestand hoogstens één keer." in twice.content.decode()
    answer = client.post(URL + "inlezen/", {"verzegeld": answer.context["verzegeld"]} | names)
    assert "nieuw 1, gewijzigd 0" in answer.content.decode()
    assert dict(Kolomkoppeling.objects.filter(regio=regio).values_list("kop", "kolom")) == {
        v: k for k, v in names.items()
    }
    assert "nieuw 1, gewijzigd 0" in upload(client, content).content.decode()


def test_the_preview_says_what_changes_in_the_words_of_the_form(client):
    page = upload(client, "\n".join([";".join(COLUMNS), row(sector="VSO", aantal="5")])).content.decode()
    assert "<td>Thuiszitters</td><td>(V)SO</td>" in page


def test_a_preview_that_no_longer_holds_is_shown_anew(client, world):
    _, gemeente, invoerder, moment = world
    answer = upload(client, "\n".join([";".join(COLUMNS), row(aantal="5")]))
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=4)
    page = confirm(client, answer).content.decode()
    assert "intussen is er iets gewijzigd" in page
    assert "nieuw 0, gewijzigd 1" in page
    assert set(stored().values()) == {"4"}


@pytest.mark.parametrize("verzegeld", ["", "x", "a.b:c", "YQ.YQ:1:2"])
def test_a_seal_that_is_not_ours_is_refused(client, verzegeld):
    page = client.post(URL + "inlezen/", {"verzegeld": verzegeld, "vingerafdruk": "x"}, follow=True).content.decode()
    assert "Dit voorbeeld is verlopen." in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("leeg.csv", b"", "Dit bestand is leeg."),
        ("wit.csv", b"  \n ", "Dit bestand is leeg."),
        ("kop.csv", HEAD.encode(), "geen rijen onder de kolomnamen"),
        ("nep.xlsx", b"peildatum;aantal\n", "heet .xlsx, maar is het niet"),
        ("leeg.xlsx", workbook(), "Het eerste blad van dit bestand is leeg."),
        ("leeg.ods", write_ods([], []), "Het eerste blad van dit bestand is leeg."),
        ("samengevoegd.xlsx", workbook(merge="B2:B3"), "De cellen B2:B3 zijn samengevoegd."),
        ("foto.png", b"x", "kan niet worden gelezen"),
        ("utf16.csv", HEAD.encode("utf-16"), "is geen tekst"),
        ("groot.csv", b"x" * (6 * 1024 * 1024 + 1), "groter dan 6 MB"),
    ],
)
def test_what_is_no_table_gets_a_sentence(client, name, content, sentence):
    assert sentence in upload(client, content, name).content.decode()
    assert stored() == {}
    assert client.post(URL + "inlezen/", {}).status_code == 200


class Endless(io.BytesIO):
    """A file of 100 MB that takes no memory to make: it says its size and is refused before it is read."""

    def read(self, *_args):
        raise AssertionError("a file that is too large is not read")


def test_a_file_of_a_hundred_megabytes_is_refused_before_it_is_read():
    file = SimpleUploadedFile("groot.csv", b"")
    file.file, file.size = Endless(), 100 * 1024 * 1024
    form = BestandForm({}, MultiValueDict({"bestand": [file]}))
    assert not form.is_valid()
    assert "groter dan 6 MB" in form.errors["bestand"][0]


def test_a_formula_counts_as_the_value_that_its_sheet_last_showed(client):
    content = workbook(HEAD.split(";"), WOERDEN_PO, formula=("=1+2", "3"))
    answer = upload(client, content, "t.xlsx")
    assert "nieuw 1, gewijzigd 0, gelijk 0, fout 0" in answer.content.decode()
    confirm(client, answer)
    assert set(stored().values()) == {"3"}


def test_the_template_tells_the_three_states_apart(client, world):
    lines = body(client.get(URL + "sjabloon.csv")).decode("utf-8-sig").splitlines()
    of_absence = [n for n, line in enumerate(lines) if ";verzuim;thuiszitters;;" in line]
    lines[of_absence[0]] = lines[of_absence[0]].replace(";thuiszitters;;", ";thuiszitters;0;opgegeven")
    lines[of_absence[1]] = lines[of_absence[1]].replace(";thuiszitters;;", ";thuiszitters;;onbekend")
    answer = upload(client, "\n".join(lines))
    assert "nieuw 2, gewijzigd 0" in answer.content.decode()
    confirm(client, answer)
    states = {r.cells["sector"]: (r.cells["aantal"], r.cells["status"]) for r in exported_rows(client)}
    assert states == {
        "PO": ("0", "opgegeven"),
        "VO": ("", "onbekend"),
        "(V)SO": ("", "geen opgave"),
        "MBO": ("", "geen opgave"),
    }


def exported_rows(client):
    table = read_table("t.csv", body(client.get(URL + "tellingen.csv")))
    return [r for r in table.rows if r.cells["categorie"] == "thuiszitters"]


def test_a_file_without_one_count_says_so(client, world, tmp_path, capsys):
    content = body(client.get(URL + "sjabloon.csv")).decode()
    page = upload(client, content).text
    assert "nieuw 0, gewijzigd 0, gelijk 76, fout 0" in page
    said = "In dit bestand staat geen enkel aantal. Vul de kolom ‘aantal’ in: een getal, of ? als het onbekend is."
    assert said in page
    assert "staat al zo" not in page
    path = tmp_path / "tellingen.csv"
    path.write_text(content, encoding="utf-8")
    call_command("import_tellingen", path, "--regio", "telregio")
    assert capsys.readouterr().out == f"nieuw 0, gewijzigd 0, gelijk 76, fout 0\n{said}\n"


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (
            "peildatum;gemeente;sector;categorie",
            "De kolom ‘aantal’ ontbreekt. Nodig zijn: peildatum, gemeente, sector, categorie, aantal.",
        ),
        ("gemeente;sector;aantal", "Deze kolommen ontbreken: ‘peildatum’, ‘categorie’. Nodig zijn: "),
        # One column that is left cannot stand for two.
        ("gemeente;categorie;aantal;plaats", "Deze kolommen ontbreken: ‘peildatum’, ‘sector’. Nodig zijn: "),
        ("gemeente;aantal", "Deze kolommen ontbreken: ‘peildatum’, ‘sector’, ‘categorie’. Nodig zijn: "),
    ],
)
def test_a_column_that_misses_is_named(client, world, tmp_path, head, sentence):
    content = f"{head}\n{';'.join('x' for _ in head.split(';'))}\n"
    assert sentence in upload(client, content).text
    path = tmp_path / "tellingen.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("import_tellingen", path, "--regio", "telregio")


def lines_of(days):
    return [row(sector=sector, peildatum=day, schooljaar="") for day in days for sector in ("PO", "VO", "MBO")]


def refused(answer):
    """What stands in the table of errors, row by row."""
    found = re.findall(r'<th scope="row" class="tellen">(.*?)</th>(.*?)</tr>', answer.text)
    return [(rij, *re.findall("<td>(.*?)</td>", rest)) for rij, rest in found]


def test_a_wrong_school_year_is_said_once(client, world):
    content = "\n".join([";".join(COLUMNS), *(row(schooljaar="2025-2026", sector=sector) for sector in ("PO", "VO"))])
    sentence = "2026-10-01 valt in schooljaar 2026-2027."
    assert refused(upload(client, content)) == [("2 en 1 andere", "schooljaar", "2025-2026", sentence)]


def test_a_day_that_is_no_telmoment_is_said_once_with_what_to_do(client, world, tmp_path, capsys):
    content = "\n".join([";".join(COLUMNS), *lines_of(["2026-10-02", "2027-01-01"]), row(aantal="veel")])
    answer = upload(client, content)
    assert "7 rijen zijn fout. Er is niets ingelezen." in answer.text
    sentence = (
        "Op deze dag telt de regio niet. Verbeter de peildatum, of voeg in Beheer eerst een telmoment toe;"
        " de secretaris mag dat."
    )
    assert refused(answer) == [
        ("2 en 2 andere", "peildatum", "2026-10-02", sentence),
        ("5 en 2 andere", "peildatum", "2027-01-01", "Deze dag ligt in de toekomst. Tellen kan pas op de dag zelf."),
        ("8", "aantal", "veel", "‘veel’ is geen aantal. Vul een heel getal in, of ? als het aantal onbekend is."),
    ]
    path = tmp_path / "tellingen.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match="niets ingelezen"):
        call_command("import_tellingen", path, "--regio", "telregio")
    assert f"rij 2 en 2 andere, kolom peildatum: 2026-10-02: {sentence}\n" in capsys.readouterr().err
    assert stored() == {}


def test_an_opgave_that_is_closed_is_said_once(client, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder)
    submit(moment, gemeente, invoerder)
    content = "\n".join([";".join(COLUMNS), *lines_of(["2026-10-01"])])
    why = "Deze opgave is ingediend. Wijzigen kan pas als de secretaris haar teruggeeft."
    assert refused(upload(client, content)) == [("2 en 2 andere", "gemeente", "Woerden, 2026-10-01", why)]
    close(moment)
    why = "Dit kwartaal is vastgesteld. Wijzigen kan pas als het met een reden is heropend."
    assert refused(upload(client, content)) == [("2 en 2 andere", "peildatum", "2026-10-01", why)]


def test_of_many_errors_the_first_are_shown_however_often_each_occurs(client):
    wrong = [row(aantal=f"fout{n}") for n in range(205)]
    page = upload(client, "\n".join([";".join(COLUMNS), *lines_of(["2026-10-02"]), *wrong])).text
    assert "208 rijen zijn fout." in page
    assert "Dit zijn de eerste 202." in page


def test_what_was_read_in_is_one_click_away(client, world):
    regio = world[0]
    make_gemeente(regio, "leeg", "GM0003")
    make_gemeente(regio, "montfoort", "GM0335", naam="Montf<o>rt")
    rows = [row(), row(gemeente="Montf<o>rt", gemeentecode=""), row(peildatum="2026-07-01", schooljaar="")]
    page = confirm(client, upload(client, "\n".join([";".join(COLUMNS), *rows]))).text
    [said] = re.findall(r'<p class="melding melding-success">(.*?)</p>', page)
    places = [("2026-07-01/woerden", "Woerden op 1 juli 2026"), ("2026-10-01/woerden", "Woerden op 1 oktober 2026")]
    places.append(("2026-10-01/montfoort", "Montf&lt;o&gt;rt op 1 oktober 2026"))
    links = [f'<a href="{URL}{path}/">{name}</a>' for path, name in places]
    assert said == (
        "Ingelezen: nieuw 3, gewijzigd 0, gelijk 0, fout 0. Kijk het na in de opgave van "
        f"{', '.join(links)}. Daarna moet elke opgave nog worden ingediend."
    )
    days = [f"{year}-{day}" for year in (2024, 2025) for day in ("04-01", "10-01", "07-01")]
    rows = [row(peildatum=day, schooljaar="") for day in days]
    page = confirm(client, upload(client, "\n".join([";".join(COLUMNS), *rows]))).text
    [said] = re.findall(r'<p class="melding melding-success">(.*?)</p>', page)
    assert said.count("<a ") == 5
    assert "</a> en nog 1. Daarna" in said


def test_an_unknown_count_from_a_file_gets_its_reason_before_it_is_submitted(client, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, thuiszitters_po=3)
    confirm(client, upload(client, "\n".join([";".join(COLUMNS), row(sector="VO", aantal="?", status="")])))
    sheet = f"{URL}2026-10-01/woerden/"
    assert "thuiszitters-vo-toelichting" in client.get(sheet).text
    asked = "VO: nog een reden nodig. Waarom is dit aantal onbekend?"
    assert asked in client.get(f"{sheet}indienen/").text
    assert "De opgave is nog niet compleet." in client.post(f"{sheet}indienen/").text

    # What nobody touched is no mistake, and no reason either.
    untouched = {"thuiszitters-vo": "?", "thuiszitters-vo-toelichting": "", "thuiszitters-vo-versie": "2"}
    beside = {"thuiszitters-mbo": "2", "thuiszitters-mbo-versie": "1"}
    assert "Niet bewaard" not in client.post(sheet, untouched | beside, follow=True).text
    assert Telling.objects.get(sector="MBO", categorie__code="thuiszitters").aantal == 2
    assert asked in client.get(f"{sheet}indienen/").text

    client.post(sheet, untouched | {"thuiszitters-vo-toelichting": "De school telde niet."})
    exported = body(client.get(f"{URL}tellingen.csv"))
    assert "nieuw 0, gewijzigd 0, gelijk 76, fout 0" in upload(client, exported).text
    assert Telling.objects.get(sector="VO", categorie__code="thuiszitters").toelichting == "De school telde niet."
    client.post(f"{sheet}indienen/")
    assert Opgave.objects.get(gemeente=gemeente).status == "ingediend"


def test_while_a_file_is_read_the_page_says_so(client):
    page = client.get(URL + "inlezen/").content.decode()
    assert re.search(r"data-inlezen.*data-bezig[^>]*hidden.*<progress", page, re.DOTALL)


def test_the_template_names_every_count_and_an_empty_cell_leaves_what_stands(client, world):
    _, gemeente, invoerder, moment = world
    fill(moment, gemeente, invoerder, rest=None, thuiszitters_po=4)
    content = body(client.get(URL + "sjabloon.csv")).decode()
    assert len(content.splitlines()) == 1 + 19 * 4
    assert "nieuw 0, gewijzigd 0, gelijk 76, fout 0" in upload(client, content).content.decode()
    filled = content.replace("verzuim;thuiszitters;;", "verzuim;thuiszitters;6;", 1)
    assert "nieuw 0, gewijzigd 1, gelijk 75, fout 0" in upload(client, filled).content.decode()


def test_a_formula_goes_out_as_text():
    content = b"".join(stream_csv(["a"], [["=1+1"]])).decode()
    assert "'=1+1" in content
    for write, name in ((long_xlsx, "t.xlsx"), (long_ods, "t.ods")):
        with write(["a"], [["=1+1"], ["<&>"]]) as file:
            table = read_table(name, file.read())
        assert [r.cells["a"] for r in table.rows] == ["=1+1", "<&>"]


def test_the_command_counts_writes_and_is_repeatable(world, client, tmp_path, capsys):
    path = tmp_path / "tellingen.csv"
    path.write_text("\n".join([";".join(COLUMNS), row(), row(sector="VO", aantal="", status="onbekend")]))
    call_command("import_tellingen", path, "--regio", "telregio", "--dry-run")
    assert capsys.readouterr().out == "nieuw 2, gewijzigd 0, gelijk 0, fout 0\n"
    assert stored() == {}
    call_command("import_tellingen", path, "--regio", "telregio")
    call_command("import_tellingen", path, "--regio", "telregio")
    assert capsys.readouterr().out == "nieuw 2, gewijzigd 0, gelijk 0, fout 0\nnieuw 0, gewijzigd 0, gelijk 2, fout 0\n"
    assert Telling.history.count() == 2
    assert Telling.objects.all()[0].gewijzigd_door.email == "secretaris@telregio.test"


def test_the_command_writes_nothing_when_one_row_is_wrong(world, client, tmp_path, capsys):
    path = tmp_path / "tellingen.csv"
    path.write_text("\n".join([";".join(COLUMNS), row(), row(sector="VO", aantal="-2")]))
    with pytest.raises(CommandError, match="Er is niets ingelezen"):
        call_command("import_tellingen", path, "--regio", "telregio")
    said = capsys.readouterr()
    assert said.out == "nieuw 1, gewijzigd 0, gelijk 0, fout 1\n"
    assert "rij 3, kolom aantal" in said.err
    assert stored() == {}
    assert not Opgave.objects.exists()


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["nergens.csv", "--regio", "telregio"], "kan niet worden geopend"),
        (["nergens.csv", "--regio", "x"], "Er is geen regio ‘x’"),
        (["nergens.csv", "--regio", "telregio", "--by", "niemand@x.test"], "niemand@x.test mag alle aantallen"),
    ],
)
def test_the_command_says_what_it_misses(world, client, args, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("import_tellingen", *args)


def test_a_default_day_of_counting_is_opened_by_its_first_file(client, world):
    answer = upload(client, "\n".join([";".join(COLUMNS), row(peildatum="2025-04-01", schooljaar="2024-2025")]))
    confirm(client, answer)
    assert Telmoment.objects.filter(regio=world[0], peildatum=date(2025, 4, 1)).exists()


@pytest.mark.parametrize(
    ("rol", "read_in", "out"),
    [(Rol.SECRETARIS, 200, 200), (Rol.COORDINATOR, 403, 200), (Rol.INVOERDER, 403, 200), (Rol.OOGO_LID, 403, 200)],
)
def test_who_may_read_files_in_and_out(world, rol, read_in, out):
    regio, gemeente, *_ = world
    client = Client()
    client.force_login(make_gebruiker("iemand@telregio.test", rol, regio, gemeente if rol == Rol.INVOERDER else None))
    assert status_of(client, URL + "inlezen/") == read_in
    assert status_of(client, URL + "sjabloon.xlsx") == read_in
    assert status_of(client, URL + "tellingen.csv") == out
    stranger = Client()
    stranger.force_login(make_gebruiker("vreemd@elders.test", Rol.SECRETARIS, make_regio("elders")))
    for path in ("inlezen/", "sjabloon.xlsx", "tellingen.csv"):
        assert status_of(stranger, URL + path) == 404


def test_a_hundred_thousand_columns_or_a_bomb_do_not_bring_it_down(client):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"")
        archive.writestr("x", b"0" * 100_000_000)
    assert "uitgepakt te groot" in upload(client, stream.getvalue(), "bom.xlsx").content.decode()
    wide = ";".join(f"k{n}" for n in range(100_000))
    assert "meer dan 50 kolommen" in upload(client, f"{wide}\n1\n").content.decode()


def test_a_regio_that_has_not_counted_yet_is_offered_no_sjabloon(client, world):
    page = client.get(f"{URL}inlezen/").text
    assert "sjabloon.csv" in page
    regio = make_regio("nieuw")
    make_telmoment(regio, date(2027, 1, 1))
    client.force_login(make_gebruiker("secretaris@nieuw.test", Rol.SECRETARIS, regio))
    page = client.get("/regio/nieuw/thuiszitters/inlezen/").text
    assert "sjabloon.csv" not in page
    assert "Er is nog geen peildatum om aantallen voor in te lezen." in page
