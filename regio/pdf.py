"""Files out: HTML in, one PDF out that people can hear (PDF/UA-1) and archives can keep (PDF/A-3a).

Sources: ISO 14289-1:2014 (PDF/UA-1), ISO 19005-3:2012 (PDF/A-3). The same HTML, stylesheet, date and attachments give
the same bytes, on every machine: only fonts from installed packages are used and nothing is fetched.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from regio.fonts import legible


class PdfUnavailable(Exception):
    """The machine misses a library or a font that the PDF needs; the text names it, for the log."""


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF: the data behind the document (ISO 19005-3, 6.8). Its name tells its type."""

    name: str
    content: bytes
    description: str


def render_pdf(html: str, *, stylesheet: str, created: datetime, attachments: Iterable[Attachment] = ()) -> bytes:
    """Return `html` as a PDF that is PDF/UA-1 and PDF/A-3a at once.

    `html` is a whole page with `lang`, a title and one h1; `created` is when its content was settled, not when it is
    printed. A link holds text and no other element. Raises PdfUnavailable when Pango, one of its companions or a font
    is not on this machine.
    """
    try:
        # Pango is loaded here and not before: a machine without it serves everything but the PDF.
        from regio import archival

        fonts = archival.load_fonts()
        text = legible(html)
    except OSError as error:
        raise PdfUnavailable(str(error)) from error
    return archival.render(text, stylesheet=stylesheet, created=created, attachments=attachments, fonts=fonts)
