"""Tables from and to files: what comes back is what went in, and no file brings the reader down."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odf import opendocument, table, text
from openpyxl import Workbook, load_workbook

from regio import tables
from regio.tables import TableError, clean_text, neutralise, read_table, restore, write_csv, write_ods, write_xlsx

WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "ods": write_ods}
COLUMNS = ["code", "tekst", "score"]
FORMULAS = ["=1+1", "+31", "-5%", "@SUM(A1)", "'=1", "''@x", "＝1", "\t=1", "=cmd|' /C calc'!A0"]

texts = st.text(max_size=40)
cells = st.one_of(texts, st.sampled_from(FORMULAS))


@pytest.mark.parametrize("kind", WRITERS)
def test_what_is_written_is_read_back(kind: str):
    rows: list[list[Any]] = [
        ["A1", "Twee alinea’s:\n- één\n- twee  spaties\tén een tab", 4],
        ["B2", 'Met "aanhalingstekens"; puntkomma, komma en ☕', None],
        ["", "=HYPERLINK(1)", 0],
        ["C", True, 2.5],
        [date(2026, 8, 31), datetime(2026, 8, 31), datetime(2026, 8, 31, 14, 2)],  # noqa: DTZ001 - as in a cell
    ]
    read = read_table(f"proef.{kind.upper()}", WRITERS[kind](COLUMNS, rows))

    assert read.columns == COLUMNS
    assert [row.number for row in read.rows] == [2, 3, 4, 5, 6]
    assert [list(row.cells.values()) for row in read.rows] == [
        ["A1", "Twee alinea’s:\n- één\n- twee  spaties\tén een tab", "4"],
        ["B2", 'Met "aanhalingstekens"; puntkomma, komma en ☕', ""],
        ["", "=HYPERLINK(1)", "0"],
        ["C", "ja", "2.5"],
        ["2026-08-31", "2026-08-31", "2026-08-31T14:02:00"],
    ]


@pytest.mark.parametrize("kind", WRITERS)
@given(rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=4))
def test_any_text_survives_the_way_out_and_back(kind: str, rows: list[tuple[str, str]]):
    expected = [clean for row in rows if any(clean := [clean_text(value) for value in row])]
    content = WRITERS[kind](["een", "twee"], rows)
    if not expected:
        with pytest.raises(TableError, match="geen rijen"):
            read_table(f"proef.{kind}", content)
    else:
        assert [list(row.cells.values()) for row in read_table(f"proef.{kind}", content).rows] == expected


@given(cells)
def test_a_neutralised_cell_is_no_formula_and_comes_back_unharmed(value: str):
    assert neutralise(value)[:1] not in {*"=+-@\t\r\n＝＋－＠"} or not neutralise(value)
    assert restore(neutralise(value)) == value


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_formula_goes_out(formula: str):
    (_, (cell,)) = load_workbook(io.BytesIO(write_xlsx(["a"], [[formula]]))).worksheets[0].iter_rows()
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    assert write_csv(["a"], [[formula]]).decode("utf-8-sig").splitlines()[1].startswith("'")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_csv_as_programs_write_it(encoding: str, delimiter: str, line_end: str):
    lines = ["Code ,Tekst", "A1,“één” – “twee”", "", '"B2","x ""y"""', "C"]
    content = line_end.join(lines).replace(",", delimiter).encode(encoding)
    read = read_table("proef.csv", content)
    assert read.columns == ["code", "tekst"]
    assert [(row.number, *row.cells.values()) for row in read.rows] == [
        (2, "A1", "“één” – “twee”"),
        (4, "B2", 'x "y"'),
        (5, "C", ""),
    ]


def xlsx(*rows: list) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return stream.getvalue()


def ods(xml_rows: str, head: str = "") -> bytes:
    """An ODS as LibreOffice writes it: repeated cells and rows, notes, spaces as elements."""
    namespaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    body = f"<office:body><office:spreadsheet><table:table>{xml_rows}</table:table></office:spreadsheet></office:body>"
    content = f'<?xml version="1.0"?>{head}<office:document-content {namespaces}>{body}</office:document-content>'
    return archive(**{"content.xml": content.encode()})


def p(value: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def test_an_ods_as_libreoffice_writes_it():
    rows = (
        f"<table:table-row>{p('a')}{p('b')}{p('c')}{p('d')}{p('e')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="5"/>'
        "</table:table-row>"
        "<table:table-row>"
        '<table:table-cell office:value-type="float" office:value="4" table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="date" office:date-value="2026-08-31T00:00:00"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="false"/>'
        "<table:table-cell><office:annotation><text:p>noot</text:p></office:annotation>"
        '<text:p>een<text:s text:c="2"/>twee<text:tab/>drie<text:line-break/>vier<office:annotation>noot'
        "</office:annotation><text:span>vijf</text:span></text:p><text:p>zes</text:p></table:table-cell>"
        "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    )
    (row,) = read_table("proef.ods", ods(rows)).rows
    assert row.number == 4
    assert list(row.cells.values()) == ["4", "4", "2026-08-31", "nee", "een  twee\tdrie\nviervijf\nzes"]


def test_a_repeated_row_counts_each_time():
    rows = (
        f"<table:table-row>{p('a')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="3">{p("x")}</table:table-row>'
    )
    assert [row.number for row in read_table("proef.ods", ods(rows)).rows] == [2, 3, 4]


def test_only_the_first_sheet_is_read():
    document = opendocument.OpenDocumentSpreadsheet()
    for name in ("een", "twee"):
        sheet = table.Table(name=name)
        for value in ("kop", name):
            line, cell = table.TableRow(), table.TableCell(valuetype="string")
            cell.addElement(text.P(text=value))
            line.addElement(cell)
            sheet.addElement(line)
        document.spreadsheet.addElement(sheet)
    stream = io.BytesIO()
    document.save(stream)
    assert [row.cells for row in read_table("proef.ods", stream.getvalue()).rows] == [{"kop": "een"}]


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
BAD_FILES = {
    "foto.png": (b"\x89PNG\r\n\x1a\n", "eindigt op .csv, .xlsx of .ods"),
    "zonder": (b"a;b", "eindigt op .csv, .xlsx of .ods"),
    "leeg.csv": (b"", "leeg"),
    "leeg.xlsx": (b"  \n", "leeg"),
    "alleen-kop.csv": (b"code;tekst\n;\n", "geen rijen"),
    "alleen-kop.xlsx": (xlsx(["code"]), "geen rijen"),
    "niets.xlsx": (xlsx(), "eerste blad van dit bestand is leeg"),
    "niets.ods": (ods(""), "eerste blad van dit bestand is leeg"),
    "plaatje.csv": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is geen tekst"),
    "excel.csv": (xlsx(["code"], ["A1"]), "is geen tekst"),
    "utf16.csv": ("code;tekst\nA1;x".encode("utf-16"), "is geen tekst"),
    "tekst.xlsx": (b"code;tekst\nA1;x", "heet .xlsx, maar is het niet"),
    "word.xlsx": (archive(**{"word/document.xml": b"<x/>"}), "heet .xlsx, maar is het niet"),
    "calc.xlsx": (ods(""), "heet .xlsx, maar is het niet"),
    "excel.ods": (xlsx(["code"], ["A1"]), "heet .ods, maar is het niet"),
    "stuk.xlsx": (archive(**{"xl/workbook.xml": b"<workbook"}), "beschadigd"),
    "stuk.ods": (archive(**{"content.xml": b"<office"}), "beschadigd"),
    "half.xlsx": (xlsx(["code"], ["A1"])[:-30], "heet .xlsx, maar is het niet"),
    "bom.xlsx": (archive(**{"xl/workbook.xml": b"", "x": b"0" * 30_000_000}), "uitgepakt te groot"),
    "bom.ods": (archive(**{"content.xml": b" " * 30_000_000}), "uitgepakt te groot"),
    "entiteiten.ods": (ods(f"<table:table-row>{p('&b;')}</table:table-row>", BOMB), "beschadigd"),
    "groot.csv": (b"code\n" + b"x" * tables.MAX_BYTES, "groter dan 2 MB"),
    "rijen.csv": (b"code\n" + b"x\n" * 5001, "meer dan 5000 rijen"),
    "rijen.xlsx": (xlsx(["code"], *(["x"] for _ in range(5001))), "meer dan 5000 rijen"),
    "rijen.ods": (
        ods(
            f"<table:table-row>{p('a')}</table:table-row>"
            f'<table:table-row table:number-rows-repeated="99999999">{p("x")}</table:table-row>'
        ),
        "meer dan 5000 rijen",
    ),
    "eindeloos.ods": (ods("<table:table-row/>" * 20_002), "te veel lege rijen"),
    "breed.csv": (b";".join(b"k%d" % n for n in range(51)) + b"\n1", "meer dan 50 kolommen"),
    "breed.ods": (
        ods(
            '<table:table-row><table:table-cell table:number-columns-repeated="99999999" office:value-type="string">'
            "<text:p>x</text:p></table:table-cell></table:table-row>"
        ),
        "meer dan 50 kolommen",
    ),
    "cel.csv": (b"code;tekst\nA1;" + b"x" * 20_001, "Rij 2, kolom ‘tekst’: de tekst is langer"),
    "naamloos.csv": (b"code;;tekst\nA1;b;c", "Kolom 2 heeft geen naam"),
    "dubbel.csv": (b"Code;CODE\nA1;b", "‘code’ staat er twee keer in"),
    "scheef.csv": (b"code;tekst\nA1;b\nA2;b;c", "Rij 3 heeft 3 cellen, maar er zijn 2 kolomnamen"),
    "aanhaling.csv": (b'code;tekst\nA1;b\nA2;"open', "Rij 3 kan niet worden gelezen"),
    "aanhaling2.csv": (b'"co"de;tekst\nA1;b', "Rij 1 kan niet worden gelezen"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_a_sentence(name: str):
    content, sentence = BAD_FILES[name]
    with pytest.raises(TableError, match=sentence):
        read_table(name, content)


def test_a_text_that_excel_would_cut_off_is_not_written():
    with pytest.raises(TableError, match="te lang voor Excel"):
        write_xlsx(["a"], [["x" * 32_768]])
    assert write_csv(["a"], [["x" * 32_768]])


GOOD = {kind: write(COLUMNS, [["A1", "tekst", 4], ["B1", "=x", 5]]) for kind, write in WRITERS.items()}


def sentence_about(name: str, content: bytes) -> str | None:
    """What the reader refuses the file with, None when it reads it."""
    try:
        read_table(name, content)
    except TableError as error:
        return str(error)
    return None


@pytest.mark.parametrize("kind", WRITERS)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(kind: str, data: st.DataObject):
    content = bytearray(GOOD[kind])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    sentence = sentence_about(f"stuk.{kind}", bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert sentence is None or sentence.endswith(".")


@given(st.sampled_from(["csv", "xlsx", "ods"]), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_nothing_else(kind: str, content: bytes):
    sentence = sentence_about(f"willekeurig.{kind}", content)
    assert sentence is None or sentence.endswith(".")


def test_merged_cells_are_refused_because_nobody_can_tell_what_they_hold():
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["code", "tekst"], ["A1", "x"], ["A2", None]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(TableError, match="De cellen B2:B3 zijn samengevoegd"):
        read_table("samen.xlsx", stream.getvalue())
    spanned = p("x").replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"', 1)
    with pytest.raises(TableError, match="De cellen op rij 2 zijn samengevoegd"):
        read_table(
            "samen.ods",
            ods(f"<table:table-row>{p('code')}</table:table-row><table:table-row>{spanned}</table:table-row>"),
        )
