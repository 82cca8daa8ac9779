"""The fonts of the PDF: Inter, and Noto Emoji for what Inter has not, both from installed packages.

Each face is cut from its variable font by HarfBuzz, once a process and in milliseconds; WeasyPrint would do so for
every PDF, and for every size of text.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import fontpkg_inter
import manimgx_fonts
import uharfbuzz as hb

UPRIGHT = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"
ITALIC = fontpkg_inter.ROOT / "files" / "Inter-Italic[opsz,wght].ttf"
EMOJI = Path(manimgx_fonts.__file__).parent / "NotoEmoji[wght].ttf"

# Names that no font of a machine has, so that another version of the same font never takes the place of ours.
TEXT_FAMILY, EMOJI_FAMILY = "Agendamonitor Inter", "Agendamonitor Noto Emoji"
FAMILIES = f"{TEXT_FAMILY}, {EMOJI_FAMILY}"

SUBSTITUTE = "□"
SOFT_HYPHEN = "\N{SOFT HYPHEN}"
AS_TEXT = "\N{VARIATION SELECTOR-15}"
SKIN_TONES = "🏻🏼🏽🏾🏿"
FLAG_LETTERS = "🇦🇧🇨🇩🇪🇫🇬🇭🇮🇯🇰🇱🇲🇳🇴🇵🇶🇷🇸🇹🇺🇻🇼🇽🇾🇿"


@dataclass(frozen=True)
class Face:
    """One weight and slant. `url` is only a name: the bytes never leave memory."""

    family: str
    source: Path
    weight: int
    style: str = "normal"

    @property
    def url(self) -> str:
        return f"font:{self.source.stem.partition('[')[0]}-{self.weight}"

    @property
    def rule(self) -> str:
        """The @font-face rule that makes this face known to a stylesheet."""
        return (
            f'@font-face {{ font-family: {self.family}; src: url("{self.url}");'
            f" font-weight: {self.weight}; font-style: {self.style} }}\n"
        )


FACES = (
    Face(TEXT_FAMILY, UPRIGHT, 400),
    Face(TEXT_FAMILY, UPRIGHT, 700),
    Face(TEXT_FAMILY, ITALIC, 400, "italic"),
    Face(TEXT_FAMILY, ITALIC, 700, "italic"),
    Face(EMOJI_FAMILY, EMOJI, 400),
)


@cache
def font_file(face: Face) -> bytes:
    """Return `face` as a TrueType font without axes. Raises OSError when its package's file cannot be read."""
    variable = _open(face.source)
    pinned = {"wght": face.weight, "opsz": 14}
    cut = hb.SubsetInput()
    cut.keep_everything()
    for axis in variable.axis_infos:
        cut.pin_axis_location(variable, axis.tag, pinned[axis.tag])
    return bytes(hb.subset(variable, cut).blob.data)


def legible(text: str) -> str:
    """Return `text` with nothing in it that these fonts cannot show.

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
    if character in FLAG_LETTERS:
        return chr(ord("A") + FLAG_LETTERS.index(character))
    if category[0] == "C" or ord(character) not in glyphs():
        return SUBSTITUTE
    is_emoji = ord(character) in _code_points(EMOJI) and not character.isascii()
    return character + AS_TEXT if is_emoji else character


@cache
def glyphs() -> frozenset[int]:
    """Return the code points that can be shown, upright and italic."""
    return (_code_points(UPRIGHT) & _code_points(ITALIC)) | _code_points(EMOJI)


@cache
def _code_points(source: Path) -> frozenset[int]:
    return frozenset(_open(source).unicodes)


def _open(source: Path) -> hb.Face:
    return hb.Face(hb.Blob(source.read_bytes()))
