"""How the tests judge a PDF: page-validation holds to veraPDF's rules, pikepdf opens its objects, PDFium reads it."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

import page
import pikepdf
import pypdfium2
from pypdfium2 import raw

STANDARDS = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


def find_faults(pdf: bytes) -> list[str]:
    """Return every rule of PDF/UA-1 and PDF/A-3a that `pdf` breaks."""
    return [
        f"{failure.rule_id}: {failure.message}"
        for standard in STANDARDS
        for failure in page.validate_pdf_bytes(pdf, profile=standard).failures
    ]


def open_objects(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


@dataclass
class Word:
    """Where a word stands on its sheet, in points from the upper left corner."""

    text: str
    x0: float
    x1: float
    bottom: float
    size: float

    @property
    def top(self) -> float:
        return self.bottom - self.size


@dataclass(frozen=True)
class Sheet:
    width: float
    height: float
    text: str
    words: list[Word]


def read_sheets(pdf: bytes) -> list[Sheet]:
    with pypdfium2.PdfDocument(pdf) as opened:
        return [_read_sheet(opened_page) for opened_page in opened]


def _read_sheet(opened_page: pypdfium2.PdfPage) -> Sheet:
    width, height = opened_page.get_size()
    textpage = opened_page.get_textpage()
    words: list[Word] = []
    for letter in _letters(textpage, height):
        last = words[-1] if words else None
        if not letter.text.isspace() and last and _continues(last, letter):
            last.text += letter.text
            last.x1 = letter.x1
        else:
            words.append(letter)
    for word in words:
        word.text = word.text.encode("utf-16", "surrogatepass").decode("utf-16")
    found = [word for word in words if word.text.strip()]
    return Sheet(width, height, _text_of(textpage), found)


def _letters(textpage: pypdfium2.PdfTextPage, height: float) -> Iterator[Word]:
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    for index in range(textpage.count_chars()):
        raw.FPDFText_GetLooseCharBox(textpage, index, box)
        raw.FPDFText_GetMatrix(textpage, index, matrix)
        size = raw.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
        yield Word(chr(raw.FPDFText_GetUnicode(textpage, index)), box.left, box.right, height - box.bottom, size)


def _continues(word: Word, letter: Word) -> bool:
    """Tell whether `letter` stands right after `word`; two letters may be set a little into each other."""
    if "\ud800" <= word.text[-1] <= "\udbff":
        # PDFium tells a sign beyond the first 65,536 in two halves.
        return True
    near = abs(letter.x0 - word.x1) < max(1, 0.25 * word.size)
    return near and abs(letter.bottom - word.bottom) < 1 and not word.text.isspace()


def texts_of_pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as opened:
        return [_text_of(opened_page.get_textpage()) for opened_page in opened]


def _text_of(textpage: pypdfium2.PdfTextPage) -> str:
    return textpage.get_text_range().replace("\r\n", "\n")


def font_names(pdf: bytes) -> set[str]:
    """Return the fonts used, each without the tag of its subset and with its weight."""
    opened = open_objects(pdf)
    return {
        str(item.BaseFont).partition("+")[2]
        for item in opened.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
    }
