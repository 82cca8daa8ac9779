"""Tables from and to files: CSV, XLSX and ODS in, the same out. No database, no request.

What comes in is somebody else's: its size is bounded before it is unpacked, its kind is checked against its name, and
whatever goes wrong is one TableError with a sentence that says what to do. What goes out runs no formula.
"""

import codecs
import contextlib
import csv
import io
import itertools
import logging
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO

from defusedxml.ElementTree import iterparse
from odf import opendocument, style, table, teletype, text
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

logger = logging.getLogger("agendamonitor")

MAX_BYTES = 2 * 1024 * 1024
MAX_COLUMNS = 50
MAX_CELL = 20_000
# What Excel keeps of one cell; it would cut the rest off without a word.
MAX_XLSX_CELL = 32_767

EXPECTED = "Kies een bestand dat eindigt op .csv, .xlsx of .ods."

# A cell that starts like this is a formula to a spreadsheet (OWASP, CSV injection), the fullwidth forms to some.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
NEUTRALISED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Limits:
    """How large a file may be: as it comes, unpacked, and in rows."""

    size: int
    unpacked: int
    rows: int


SMALL = Limits(size=MAX_BYTES, unpacked=20 * 1024 * 1024, rows=5_000)


def file_name(name: str, kind: str, *, made_up: bool) -> str:
    """Name a file whose columns cannot say that what is in it is made up."""
    return f"{name}{'-fictieve-voorbeelddata' if made_up else ''}.{kind}"


class TableError(Exception):
    """This file is no table that can be read; the message says in Dutch what is wrong and what to do."""


@dataclass(frozen=True)
class Row:
    """One line of a table: its number as a spreadsheet shows it, and a text for each column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    columns: list[str]
    rows: list[Row]


def clean_text(value: str) -> str:
    """Return `value` as it is compared and stored: one kind of line end, nothing invisible, no space around it."""
    if value.isascii() and value.isprintable():
        return value.strip()
    return CONTROL.sub("", LINE_END.sub("\n", value)).strip()


def neutralise(value: str) -> str:
    """Return `value` so that no spreadsheet takes it for a formula; `restore` gives it back."""
    return f"'{value}" if FORMULA.match(value) else value


def restore(value: str) -> str:
    """Return what was given to `neutralise`."""
    return value[1:] if NEUTRALISED.match(value) else value


def read_table(name: str, content: bytes, limits: Limits = SMALL) -> Table:
    """Return the first sheet of the file `name`: a row of column names, then the rows that are not empty.

    Column names come back in lower case. Raises TableError for what is no such file or breaks a limit.
    """
    columns, rows = stream_table(name, io.BytesIO(content), limits)
    return Table(columns, list(rows))


def stream_table(name: str, file: BinaryIO, limits: Limits = SMALL) -> tuple[list[str], Iterator[Row]]:
    """Return what `read_table` returns, its rows one by one: TableError may come while they are read."""
    extension = name.lower().rpartition(".")[2]
    reader = READERS.get(extension)
    if reader is None:
        raise TableError(f"‘{name}’ kan niet worden gelezen. {EXPECTED}")
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > limits.size:
        raise TableError(f"Dit bestand is groter dan {limits.size // 1024**2} MB. Splits het in kleinere bestanden.")
    if not any(chunk.strip() for chunk in _chunks(file)):
        raise TableError("Dit bestand is leeg.")
    lines = _cleaned(_readable(reader(file, limits), extension))
    header = next(lines, None)
    rows = _rows(_column_names(header[1]) if header else [], lines, limits)
    first = next(rows, None)
    if header is None:
        raise TableError("Het eerste blad van dit bestand is leeg. Zet de kolomnamen en de rijen op het eerste blad.")
    if first is None:
        raise TableError("Dit bestand heeft geen rijen onder de kolomnamen.")
    return _column_names(header[1]), itertools.chain([first], rows)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """Read `file` from its beginning, and leave it there."""
    file.seek(0)
    while chunk := file.read(64 * 1024):
        yield chunk
    file.seek(0)


def _readable(lines: Iterator["Cells"], extension: str) -> Iterator["Cells"]:
    """Pass on `lines`; whatever a library makes of a damaged file is one TableError."""
    try:
        yield from lines
    except TableError:
        raise
    except Exception as error:
        logger.info("table-unreadable kind=%s error=%s", extension, type(error).__name__)
        raise TableError(f"Dit bestand is beschadigd of is geen .{extension}. {EXPECTED}") from error


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a CSV as a Dutch Excel opens it: semicolons, and UTF-8 that says so."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows([columns, *(map(safe, row) for row in rows)])
    return stream.getvalue().encode("utf-8-sig")


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return an XLSX with its first row bold and in sight.

    Raises TableError for a text that Excel would cut off.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(columns))
    for row in rows:
        cells = [safe(value) for value in row]
        if any(isinstance(cell, str) and len(cell) > MAX_XLSX_CELL for cell in cells):
            raise TableError("Een van de teksten is te lang voor Excel. Kies CSV of OpenDocument.")
        sheet.append(cells)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for number, values in enumerate(sheet.iter_cols(values_only=True), start=1):
        widest = max(len(str(value or "")) for value in values)
        sheet.column_dimensions[get_column_letter(number)].width = min(widest, 60) + 2
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write_ods(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return an ODS in which each line of a text is a paragraph, as LibreOffice keeps them."""
    document = opendocument.OpenDocumentSpreadsheet()
    bold = style.Style(name="kop", family="table-cell")
    bold.addElement(style.TextProperties(fontweight="bold"))
    document.automaticstyles.addElement(bold)
    sheet = table.Table(name="Blad1")
    for number, row in enumerate([columns, *rows]):
        line = table.TableRow()
        for value in row:
            line.addElement(_ods_cell(safe(value), {} if number else {"stylename": bold}))
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def safe(value: Any) -> Any:
    """Return a cell that runs nothing: numbers as they are, all else as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return neutralise(clean_text(_as_text(value)))


def _ods_cell(value: Any, look: dict[str, Any]) -> table.TableCell:
    if not isinstance(value, str):
        cell = table.TableCell(valuetype="float", value=value, **look)
        cell.addElement(text.P(text=str(value)))
        return cell
    cell = table.TableCell(valuetype="string", **look)
    for line in value.split("\n"):
        paragraph = text.P()
        teletype.addTextToElement(paragraph, line)
        cell.addElement(paragraph)
    return cell


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


Cells = tuple[int, Sequence[Any]]


def _cleaned(lines: Iterator[Cells]) -> Iterator[tuple[int, list[str]]]:
    """Turn every cell into a text as it is stored, and leave out the empty lines."""
    for number, values in lines:
        texts = [restore(clean_text(_as_text(value))) for value in values]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield number, texts


def _rows(columns: list[str], lines: Iterator[tuple[int, list[str]]], limits: Limits) -> Iterator[Row]:
    for count, (number, texts) in enumerate(lines, start=1):
        if count > limits.rows:
            raise TableError(f"Dit bestand heeft meer dan {limits.rows} rijen. Splits het in kleinere bestanden.")
        yield Row(number, _by_column(columns, texts, number))


def _column_names(texts: list[str]) -> list[str]:
    names = [name.lower() for name in texts]
    if len(names) > MAX_COLUMNS:
        raise TableError(f"Dit bestand heeft meer dan {MAX_COLUMNS} kolommen.")
    if "" in names:
        raise TableError(
            f"Kolom {names.index('') + 1} heeft geen naam. Zet op de eerste rij boven elke kolom een naam."
        )
    double = next((name for name in names if names.count(name) > 1), None)
    if double:
        raise TableError(f"De kolom ‘{double}’ staat er twee keer in.")
    return names


def _by_column(columns: list[str], texts: list[str], number: int) -> dict[str, str]:
    if len(texts) > len(columns):
        raise TableError(f"Rij {number} heeft {len(texts)} cellen, maar er zijn {len(columns)} kolomnamen.")
    too_long = next((name for name, value in zip(columns, texts, strict=False) if len(value) > MAX_CELL), None)
    if too_long:
        raise TableError(f"Rij {number}, kolom ‘{too_long}’: de tekst is langer dan {MAX_CELL} tekens.")
    return dict.fromkeys(columns, "") | dict(zip(columns, texts, strict=False))


def _read_csv(file: BinaryIO, limits: Limits) -> Iterator[Cells]:
    encoding = next((name for name in ("utf-8-sig", "cp1252") if _is_text(file, name)), None)
    if encoding is None:
        raise TableError(f"Dit bestand heet .csv, maar is geen tekst. {EXPECTED}")
    decoded = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        first_line = next((line for line in decoded if line.strip()), "")
        delimiter = max(";,\t", key=first_line.count)
        decoded.seek(0)
        yield from _csv_lines(csv.reader(decoded, delimiter=delimiter, strict=True))
    finally:
        with contextlib.suppress(ValueError):  # its owner closed it before reading to the end
            decoded.detach()  # the file is not ours to close


def _csv_lines(reader: Any) -> Iterator[Cells]:
    number = 0
    try:
        for number, values in enumerate(reader, start=1):
            yield number, values
    except csv.Error:
        raise TableError(
            f"Rij {number + 1} kan niet worden gelezen: een aanhalingsteken staat verkeerd of wordt niet gesloten."
        ) from None


def _is_text(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        if any(CONTROL.search(decoder.decode(chunk)) for chunk in _chunks(file)):
            return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _open_archive(file: BinaryIO, member: str, extension: str, limits: Limits) -> zipfile.ZipFile:
    """Open a zipped document after weighing what it says it unpacks to; zipfile reads no byte more than that."""
    if not zipfile.is_zipfile(file):
        raise TableError(f"Dit bestand heet .{extension}, maar is het niet. Bewaar het opnieuw als .{extension}.")
    file.seek(0)
    archive = zipfile.ZipFile(file)
    if sum(part.file_size for part in archive.infolist()) > limits.unpacked:
        raise TableError("Dit bestand is uitgepakt te groot. Bewaar alleen de tabel in een nieuw bestand.")
    if member not in archive.namelist():
        raise TableError(f"Dit bestand heet .{extension}, maar is het niet. Bewaar het opnieuw als .{extension}.")
    return archive


MERGED = (
    "De cellen {} zijn samengevoegd. Hef dat op en vul elke cel: anders is niet te zien voor welke rijen zij gelden."
)


def _read_xlsx(file: BinaryIO, limits: Limits) -> Iterator[Cells]:
    archive = _open_archive(file, "xl/workbook.xml", "xlsx", limits)
    with archive, warnings.catch_warnings():
        # openpyxl warns about every feature of Excel that it skips; a table has none of them.
        warnings.simplefilter("ignore")
        book = load_workbook(file, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            _refuse_merged(archive, sheet._worksheet_path)  # noqa: SLF001 — nothing public tells it while reading
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
            yield from _not_endless(enumerate(rows, start=1), limits)
        finally:
            book.close()


def _refuse_merged(archive: zipfile.ZipFile, path: str) -> None:
    """Merged cells stand after the data of a sheet, so they are looked for before it is read."""
    before = b""
    with archive.open(path) as sheet:
        while chunk := sheet.read(64 * 1024):
            merged = re.search(rb"<(?:\w+:)?mergeCell\s[^>]*ref=\"([A-Z0-9:]+)\"", before + chunk)
            if merged:
                raise TableError(MERGED.format(merged[1].decode()))
            before = chunk[-100:]


OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _read_ods(file: BinaryIO, limits: Limits) -> Iterator[Cells]:
    archive = _open_archive(file, "content.xml", "ods", limits)
    with archive, archive.open("content.xml") as document:
        yield from _not_endless(_ods_rows(document, limits), limits)


def _ods_rows(document: Any, limits: Limits) -> Iterator[Cells]:
    number = 0
    for _, element in iterparse(document, forbid_dtd=True):
        if element.tag == f"{TABLE}table-row":
            values = list(_ods_values(element, number + 1))
            times = int(element.get(f"{TABLE}number-rows-repeated", "1"))
            # Empty rows are repeated up to the end of the sheet; a repeated row with content is one of a few.
            for extra in range(min(times, limits.rows + 2) if any(values) else 1):
                yield number + extra + 1, values
            number += times
            element.clear()
        elif element.tag == f"{TABLE}table":
            return


def _ods_values(row: Any, number: int) -> Iterator[Any]:
    left = MAX_COLUMNS + 1
    for cell in row:
        if any(cell.get(f"{TABLE}number-{way}-spanned", "1") != "1" for way in ("rows", "columns")):
            raise TableError(MERGED.format(f"op rij {number}"))
        if cell.tag in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"} and left > 0:
            value = _ods_value(cell)
            times = min(int(cell.get(f"{TABLE}number-columns-repeated", "1")), left)
            left -= times
            yield from [value] * times


def _ods_value(cell: Any) -> Any:
    kind = cell.get(f"{OFFICE}value-type")
    if kind in {"float", "percentage", "currency"}:
        return float(cell.get(f"{OFFICE}value"))
    if kind == "date":
        return cell.get(f"{OFFICE}date-value", "").removesuffix("T00:00:00")
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value") == "true"
    return "\n".join(_ods_text(paragraph) for paragraph in cell.findall(f"{TEXT}p"))


def _ods_text(element: Any) -> str:
    """Return the text of a paragraph with its spaces, tabs and line breaks, without what is noted in its margin."""
    if element.tag == f"{TEXT}s":
        return " " * min(int(element.get(f"{TEXT}c", "1")), MAX_CELL)
    if element.tag == f"{TEXT}tab":
        return "\t"
    if element.tag == f"{TEXT}line-break":
        return "\n"
    if element.tag == f"{OFFICE}annotation":
        return ""
    return (element.text or "") + "".join(_ods_text(child) + (child.tail or "") for child in element)


def _not_endless(lines: Iterator[Cells], limits: Limits) -> Iterator[Cells]:
    """Pass on `lines`, and stop a file that goes on for ever without saying anything."""
    for place, line in enumerate(lines):
        if place > 4 * limits.rows:
            raise TableError("Dit bestand heeft te veel lege rijen. Bewaar alleen de tabel in een nieuw bestand.")
        yield line


READERS = {"csv": _read_csv, "xlsx": _read_xlsx, "ods": _read_ods}
