"""Files out: HTML in, one PDF out that people can hear (PDF/UA-1) and archives can keep (PDF/A-3a).

Sources: ISO 14289-1:2014 (PDF/UA-1), ISO 19005-3:2012 (PDF/A-3). The same HTML, stylesheet, date and attachments give
the same bytes, on every machine: only fonts from installed packages are used and nothing is fetched.
"""

import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import fontpkg_inter
import manimgx_fonts
from fontTools.ttLib import TTFont

# fontTools writes the moment of subsetting into each font; this is the agreed way to keep a build reproducible.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")

TEXT_FONT = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"
ITALIC_FONT = fontpkg_inter.ROOT / "files" / "Inter-Italic[opsz,wght].ttf"
EMOJI_FONT = Path(manimgx_fonts.__file__).parent / "NotoEmoji[wght].ttf"
FONT_URLS = frozenset(font.as_uri() for font in (TEXT_FONT, ITALIC_FONT, EMOJI_FONT))

# Pango asks for the family "emoji" by itself wherever text holds an emoji; under any other name a colour font of the
# machine would win, and bitmaps in a font are what PDF/A forbids.
FONT_STYLESHEET = f"""
@font-face {{ font-family: Inter; src: url("{TEXT_FONT.as_uri()}"); font-style: normal }}
@font-face {{ font-family: Inter; src: url("{ITALIC_FONT.as_uri()}"); font-style: italic }}
@font-face {{ font-family: emoji; src: url("{EMOJI_FONT.as_uri()}") }}
@font-face {{ font-family: sans-serif; src: url("{TEXT_FONT.as_uri()}") }}
@page {{ font-family: Inter, emoji }}
html {{ font-family: Inter, emoji; font-variant-ligatures: none }}
"""

SUBSTITUTE = "□"
SOFT_HYPHEN, ZERO_WIDTH_JOINER = "\N{SOFT HYPHEN}", "\N{ZERO WIDTH JOINER}"


class PdfUnavailable(Exception):
    """The machine misses a library that the PDF needs; the text names it, for the log."""


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF: the data behind the document (ISO 19005-3, 6.8)."""

    name: str
    content: bytes
    media_type: str
    description: str


def render_pdf(html: str, *, stylesheet: str, created: datetime, attachments: Iterable[Attachment] = ()) -> bytes:
    """Return `html` as a PDF that is PDF/UA-1 and PDF/A-3a at once.

    `html` is a whole page with `lang`, a title and one h1; `created` is when its content was settled, not when it is
    printed. Raises PdfUnavailable when Pango or one of its companions is not on this machine.
    """
    try:
        from regio import archival
    except OSError as error:
        raise PdfUnavailable(str(error)) from error
    return archival.render(
        legible(html),
        stylesheet=FONT_STYLESHEET + stylesheet,
        created=created,
        attachments=attachments,
        readable_urls=FONT_URLS,
    )


def legible(text: str) -> str:
    """Return `text` with nothing in it that the embedded fonts cannot show.

    A character without a glyph prints as .notdef, which ISO 14289-1, 7.21.8 and ISO 19005-3, 6.2.11.8 forbid: it becomes
    a visible box. Control and format characters, which show nothing, go; the soft hyphen and the joiner inside an emoji stay.
    """
    return text.translate({ord(character): _shown_as(character) for character in set(text) if not _is_shown(character)})


def _is_shown(character: str) -> bool:
    if character in "\n\t" or character in (SOFT_HYPHEN, ZERO_WIDTH_JOINER):
        return True
    return unicodedata.category(character)[0] not in "CZ" and ord(character) in _glyphs() or character in " \N{NO-BREAK SPACE}"


def _shown_as(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "Z" or category == "Cc":
        return " "
    is_invisible = category == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, "")
    return "" if is_invisible else SUBSTITUTE


@cache
def _glyphs() -> frozenset[int]:
    """Return the code points that one of the embedded fonts has, upright and italic alike."""
    text, italic, emoji = (TTFont(font, lazy=True).getBestCmap() for font in (TEXT_FONT, ITALIC_FONT, EMOJI_FONT))
    return frozenset((text.keys() & italic.keys()) | emoji.keys())
