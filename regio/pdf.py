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

# Names that no font of a machine has, so that another version of the same font never takes the place of ours.
FAMILIES = "Agendamonitor Inter, Agendamonitor Noto Emoji"
FONT_STYLESHEET = f"""
@font-face {{ font-family: Agendamonitor Inter; src: url("{TEXT_FONT.as_uri()}"); font-style: normal }}
@font-face {{ font-family: Agendamonitor Inter; src: url("{ITALIC_FONT.as_uri()}"); font-style: italic }}
@font-face {{ font-family: Agendamonitor Noto Emoji; src: url("{EMOJI_FONT.as_uri()}") }}
@page {{ font-family: {FAMILIES} }}
html {{ font-family: {FAMILIES}; font-variant-ligatures: none }}
"""

SUBSTITUTE = "□"
SOFT_HYPHEN = "\N{SOFT HYPHEN}"
SKIN_TONES = "🏻🏼🏽🏾🏿"
FLAG_LETTERS = "🇦🇧🇨🇩🇪🇫🇬🇭🇮🇯🇰🇱🇲🇳🇴🇵🇶🇷🇸🇹🇺🇻🇼🇽🇾🇿"
AS_TEXT = "\N{VARIATION SELECTOR-15}"


class PdfUnavailable(Exception):
    """The machine misses a library that the PDF needs; the text names it, for the log."""


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

        text = legible(html)
    except OSError as error:
        raise PdfUnavailable(str(error)) from error
    return archival.render(
        text,
        stylesheet=FONT_STYLESHEET + stylesheet,
        created=created,
        attachments=attachments,
        families=FAMILIES,
        readable_urls=FONT_URLS,
    )


def legible(text: str) -> str:
    """Return `text` with nothing in it that the embedded fonts cannot show.

    A character without a glyph prints as .notdef, which ISO 14289-1, 7.21.8 and ISO 19005-3, 6.2.11.8 forbid: it
    becomes a visible box. What shows nothing by itself goes: control and format characters, skin tones, and accents
    that form no character with their letter (two glyphs for one character have no place in the PDF's map back to
    text). A flag becomes its two letters. An emoji is marked as text: else Pango takes the machine's colour font for
    it, and that one's bitmaps PDF/A forbids.
    """
    composed = unicodedata.normalize("NFC", text)
    return composed.translate({ord(character): _shown_as(character) for character in set(composed)})


def _shown_as(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\n\t" or character == SOFT_HYPHEN:
        return character
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cf" or category[0] == "M" or character in SKIN_TONES:
        return ""
    if category[0] == "C" or ord(character) not in _glyphs(TEXT_FONT, ITALIC_FONT) | _glyphs(EMOJI_FONT):
        return SUBSTITUTE
    if character in FLAG_LETTERS:
        return chr(ord("A") + FLAG_LETTERS.index(character))
    is_emoji = ord(character) in _glyphs(EMOJI_FONT) and not character.isascii()
    return character + AS_TEXT if is_emoji else character


@cache
def _glyphs(*fonts: Path) -> frozenset[int]:
    """Return the code points for which each of `fonts` has a glyph."""
    return frozenset.intersection(*map(_code_points, fonts))


def _code_points(font: Path) -> frozenset[int]:
    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())
