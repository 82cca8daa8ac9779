"""The report as a file: the PDF with its data inside, and that data as a table or as JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone

from monitoring.indicators import freeze_maat
from monitoring.open_data import (
    TABELLEN,
    tables_of,
    write_csv_description,
    write_public_csv,
    write_public_json,
)
from monitoring.report import COLUMNS, Report
from regio.colour import LINE, MUTED, SERIES, TEXT, TONES, accent_stylesheet
from regio.pdf import Attachment, render_pdf
from regio.tables import write_csv, write_ods, write_xlsx

STYLESHEET = "css/rapport.css"


@dataclass(frozen=True)
class Format:
    media_type: str
    write: Callable[[Report], bytes]


def write_pdf(report: Report) -> bytes:
    """Return the report as PDF/UA-1 and PDF/A-3a, with its data attached. Raises regio.pdf.PdfUnavailable."""
    return render_pdf(
        render_to_string("monitoring/rapport_pdf.html", {"report": report}),
        stylesheet="\n".join([_tokens(report.regio.accentkleur), read_stylesheet()]),
        created=_settled(report),
        attachments=_attachments(report),
    )


def _attachments(report: Report) -> list[Attachment]:
    if report.openbaar:
        return _public_attachments(report)
    data = Attachment(f"{report.bestandsnaam}.csv", _write_csv(report), f"De gegevens van {report.titel}")
    if not report.vaststelling:
        return [data]
    snapshot = f"De momentopname bij de vaststelling, sha256 {report.vaststelling.sha256}"
    return [data, Attachment(f"{report.bestandsnaam}.json", report.inhoud.encode(), snapshot)]


def _public_attachments(report: Report) -> list[Attachment]:
    name, of = report.bestandsnaam, f"van {report.titel}"
    tables = [
        Attachment(f"{name}-{tabel.bestand}.csv", write_public_csv(report, tabel), f"{tabel.titel} {of}")
        for tabel in tables_of(report)
    ]
    return [*tables, Attachment(f"{name}.json", write_public_json(report), f"De openbare gegevens {of}")]


def _settled(report: Report) -> datetime:
    """Return when the content of the report was settled: by the decision, else by the last score."""
    decided = report.vaststelling.op if report.vaststelling else None
    return decided or report.stand or _start_of(report.meetmoment.peildatum)


def _tokens(accent: str) -> str:
    """Return the colours that the report prints in: those of the page in light, whatever the reader's screen is."""
    tones = "".join(f"--{tone}:{ink};--{tone}-vlak:{ground};" for tone, (ink, ground) in TONES.items())
    series = "".join(f"--{name}:{fill};" for name, fill in SERIES.items())
    return f":root{{--tekst:{TEXT};--zacht:{MUTED};--lijn:{LINE};{tones}{series}}}\n{accent_stylesheet(accent)}"


@cache
def read_stylesheet() -> str:
    return Path(str(finders.find(STYLESHEET))).read_text(encoding="utf-8")


def _start_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _write_csv(report: Report) -> bytes:
    return write_csv(report.columns, report.table_rows())


def _write_xlsx(report: Report) -> bytes:
    return write_xlsx(report.columns, report.table_rows())


def _write_ods(report: Report) -> bytes:
    return write_ods(report.columns, report.table_rows())


def _write_json(report: Report) -> bytes:
    content: dict[str, Any] = {
        "rapport": report.titel,
        "status": report.status,
        "sha256": report.vaststelling.sha256 if report.vaststelling else None,
        "schaal": [{"waarde": w.waarde, "omschrijving": w.omschrijving} for w in report.grid.schaalwaarden],
        "scores": [dict(zip(COLUMNS, row, strict=True)) for row in report.data_rows()],
    }
    if report.tellingen:
        content["thuiszitters"] = report.tellingen
    if report.maten:
        content["indicatoren"] = [freeze_maat(maat) for maat in report.maten]
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _write_snapshot(report: Report) -> bytes:
    return report.inhoud.encode()


# Only of a report that was adopted.
SNAPSHOT = Format("application/json", _write_snapshot)

FORMATS = {
    "csv": Format("text/csv; charset=utf-8", _write_csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _write_xlsx),
    "ods": Format("application/vnd.oasis.opendocument.spreadsheet", _write_ods),
    "json": Format("application/json", _write_json),
    "pdf": Format("application/pdf", write_pdf),
}

CSV, CSVW = "text/csv; charset=utf-8; header=present", "application/csvm+json"
# Of a report that everybody may read, by the name of the file: it names no person.
PUBLIC_FORMATS = {
    "rapport.pdf": FORMATS["pdf"],
    "rapport.json": Format("application/json", write_public_json),
}
for _tabel in TABELLEN:
    PUBLIC_FORMATS[f"{_tabel.bestand}.csv"] = Format(CSV, partial(write_public_csv, tabel=_tabel))
    PUBLIC_FORMATS[f"{_tabel.bestand}.csv-metadata.json"] = Format(CSVW, partial(write_csv_description, tabel=_tabel))
