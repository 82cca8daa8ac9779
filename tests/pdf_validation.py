"""How the tests judge a PDF: page-validation, which holds to veraPDF's rules, and pikepdf, which opens its objects."""

import io

import page
import pdfplumber
import pikepdf

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


def texts_of_pages(pdf: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return [opened_page.extract_text() for opened_page in opened.pages]


def font_names(pdf: bytes) -> set[str]:
    """Return the fonts used, each without the tag of its subset and with its weight."""
    opened = open_objects(pdf)
    return {
        str(item.BaseFont).partition("+")[2]
        for item in opened.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
    }
