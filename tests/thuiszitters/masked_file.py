"""A file of counts taken apart: its cells, and everything else that somebody could find in it."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET  # our own files, in a test

Rows = list[list[str]]

PARTS = {"xlsx": "xl/worksheets/sheet1.xml", "ods": "content.xml"}
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
# How each kind writes a row and a cell, besides the text in it.
ROW = {"xlsx": f"{SPREADSHEET}row", "ods": f"{TABLE}table-row"}
TYPES = {"inlineStr", "n", "string", "float"}


def cells_of(kind: str, content: bytes) -> Rows:
    """Return every cell of a file as text, row by row, the names of the columns first."""
    return READERS[kind](content)


def _csv(content: bytes) -> Rows:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def _json(content: bytes) -> Rows:
    objects = json.loads(content)
    rows = [["" if value is None else str(value) for value in one.values()] for one in objects]
    (columns,) = {tuple(one) for one in objects}
    return [list(columns), *rows]


def _xlsx(content: bytes) -> Rows:
    return [["".join(cell.itertext()) for cell in row] for row in _rows("xlsx", content)]


def _ods(content: bytes) -> Rows:
    rows = [["\n".join("".join(p.itertext()) for p in cell) for cell in row] for row in _rows("ods", content)]
    for row, texts in zip(_rows("ods", content), rows, strict=True):
        typed = [cell.get(f"{OFFICE}value") for cell in row]
        assert all(value in {None, text} for value, text in zip(typed, texts, strict=True)), texts
    return rows


READERS: dict[str, Callable[[bytes], Rows]] = {"csv": _csv, "json": _json, "xlsx": _xlsx, "ods": _ods}


def _rows(kind: str, content: bytes) -> list[ET.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return list(ET.fromstring(archive.read(PARTS[kind])).iter(ROW[kind]))


def strange_words(kind: str, content: bytes) -> set[str]:
    """Return every text and attribute within the rows of a workbook that is no cell, place of a cell or type."""
    told = {text for row in cells_of(kind, content) for text in row}
    return {word for word in _words(kind, content) if word not in told | TYPES and not re.fullmatch(r"[A-Z]?\d+", word)}


def _words(kind: str, content: bytes) -> Iterator[str]:
    for row in _rows(kind, content):
        for element in row.iter():
            place = "r" if element.tag in {ROW["xlsx"], f"{SPREADSHEET}c"} else None
            yield from (value for name, value in element.attrib.items() if name != place)
            yield from filter(None, (element.text, element.tail))


def parts_of(content: bytes) -> dict[str, bytes]:
    """Return all that a workbook is made of, but for when it was packed; another file is one part."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {"": content}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        parts = {entry.filename: archive.read(entry) for entry in entries}
        assert len(parts) == len(entries)
        assert not any([archive.comment, *(entry.comment or entry.extra for entry in entries)])
    return parts


def beside_the_rows(kind: str, content: bytes) -> dict[str, bytes]:
    """Return all that a workbook is made of, its rows taken out."""
    between = re.compile(rb"<sheetData>.*</sheetData>|<table:table-row.*</table:table-row>", re.DOTALL)
    parts = parts_of(content)
    return parts | {PARTS[kind]: between.sub(b"", parts[PARTS[kind]])}


def words_of(content: bytes) -> dict[str, list[bytes]]:
    """Return all that a file says, each word as often as it is there: odfpy puts attributes in any order.

    It also declares all names that this process ever used, of which only those in use say something.
    """
    word = re.compile(rb"(?<![^<>\s])(?!xmlns:)[^<>\s]+")
    return {name: sorted(word.findall(part)) for name, part in parts_of(content).items()}
