"""Tables that are too long to hold: written row by row, as CSV, XLSX and ODS. No formula goes out (see tables.py)."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

from regio.tables import safe

ROWS_AT_ONCE = 500
XLSX_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_KIND, JSON_KIND = "text/csv; charset=utf-8", "application/json"

Rows = Iterable[Sequence[Any]]


def stream_csv(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """Yield a CSV as a Dutch Excel opens it: semicolons, and UTF-8 that says so."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    yield "\ufeff".encode()
    writer.writerow(columns)
    for number, row in enumerate(rows):
        writer.writerow([safe(value) for value in row])
        if number % ROWS_AT_ONCE == 0:
            yield _take(stream)
    yield _take(stream)


def _take(stream: io.StringIO) -> bytes:
    taken = stream.getvalue().encode()
    stream.seek(0)
    stream.truncate()
    return taken


def long_xlsx(columns: Sequence[str], rows: Rows, sheet: str = "tellingen") -> IO[bytes]:
    """Return an XLSX with its first row in sight, as a file at its beginning."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.freeze_panes = "A2"
    page.append(list(columns))
    for row in rows:
        page.append([safe(value) for value in row])
    file = tempfile.SpooledTemporaryFile(max_size=5 * 1024 * 1024)  # noqa: SIM115 — the response closes it
    book.save(file)
    file.seek(0)
    return file


MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"
ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.3"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="tellingen">'
)
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def long_ods(columns: Sequence[str], rows: Rows) -> IO[bytes]:
    """Return an ODS, as a file at its beginning; odfpy would hold all of it as objects."""
    file = tempfile.SpooledTemporaryFile(max_size=5 * 1024 * 1024)  # noqa: SIM115 — the response closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_KIND, compress_type=zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST.format(kind=ODS_KIND))
        with archive.open("content.xml", "w") as content:
            content.write(ODS_HEAD.encode())
            content.write(_ods_row(columns))
            for row in rows:
                content.write(_ods_row(row))
            content.write(ODS_TAIL.encode())
    file.seek(0)
    return file


def _ods_row(row: Sequence[Any]) -> bytes:
    cells = "".join(_ods_cell(safe(value)) for value in row)
    return f"<table:table-row>{cells}</table:table-row>".encode()


def _ods_cell(value: Any) -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    typed = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {typed}><text:p>{value}</text:p></table:table-cell>"
