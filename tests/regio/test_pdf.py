"""One PDF that is PDF/UA-1 and PDF/A-3a, whatever somebody typed into it."""

import io
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from html import escape

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regio import fonts
from regio.fonts import glyphs, legible
from regio.pdf import Attachment, PdfUnavailable, render_pdf
from tests.pdf_validation import find_faults, font_names, open_objects, texts_of_pages

CREATED = datetime(2025, 10, 1, 12, 30, tzinfo=UTC)
DATA = Attachment("scores.csv", b"\xef\xbb\xbfdoel;score\r\nA1;4\r\n", "De scores")
STYLESHEET = """
@page {
  size: A4;
  @top-left { content: "Voortgang " string(stempel) }
  @bottom-right { content: "pagina " counter(page) " van " counter(pages) }
}
@page liggend { size: A4 landscape }
body { string-set: stempel attr(data-stempel) }
.liggend { page: liggend }
table { border-collapse: collapse }
tr { break-inside: avoid }
"""
CHART = """<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40" viewBox="0 0 300 40" role="img">
<title>Meer vooruitgang: 4 → 7 van 13 doelen</title><rect width="40" height="20" fill="#0b5563"/>
<text x="50" y="15" font-family="Comic Sans MS">7 doelen ▲</text></svg>"""
ROWS = "".join(
    f'<tr><th scope="row">A{row}</th><td>Plan {row}</td><td>▼▼ 1 · prioriteit</td></tr>' for row in range(80)
)


def page_with(content: str) -> str:
    return (
        '<!doctype html><html lang="nl"><head><title>Voortgang 2025</title><meta name="author" content="REA"></head>'
        f'<body data-stempel="CONCEPT"><h1>Voortgang</h1>{content}</body></html>'
    )


def print_pdf(content: str) -> bytes:
    return render_pdf(page_with(content), stylesheet=STYLESHEET, created=CREATED, attachments=[DATA])


@pytest.fixture(scope="module")
def report() -> bytes:
    return print_pdf(
        f'<p>Lees <a href="#tabel">de tabel</a>: <b>vet</b>, <i>schuin</i>, ▼▼ ▼ = ▲ ★ € ≥ “é” 🎉.</p>{CHART}'
        '<div class="liggend"><h2 id="tabel">Tabel</h2><table><thead><tr><th scope="col">Doel</th>'
        f'<th scope="col">Plan</th><th scope="col">Aug 24</th></tr></thead><tbody>{ROWS}</tbody></table></div>'
        "<h2>Slot</h2><ul><li>een</li><li>twee</li></ul>"
    )


def test_it_is_pdf_ua_1_and_pdf_a_3a_at_once(report):
    assert find_faults(report) == []


def test_metadata_says_what_it_is_without_inflating(report):
    opened = open_objects(report)
    metadata = opened.Root.Metadata
    text = metadata.read_raw_bytes().decode()
    assert "/Filter" not in metadata
    for declared in (
        'pdfaid:part="3"',
        'pdfaid:conformance="A"',
        'pdfuaid:part="1"',
        "2025-10-01T12:30:00Z",
        "<rdf:li>nl</rdf:li>",
    ):
        assert declared in text
    assert "Voortgang 2025" in text
    assert "REA" in text


def test_language_title_and_bookmarks(report):
    opened = open_objects(report)
    assert opened.Root.Lang == "nl"
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    with opened.open_outline() as outline:
        assert [(item.title, [child.title for child in item.children]) for item in outline.root] == [
            ("Voortgang", ["Tabel", "Slot"])
        ]


def test_pages_are_numbered_and_turn_for_the_table(report):
    texts = texts_of_pages(report)
    assert [f"pagina {number} van {len(texts)}" in text for number, text in enumerate(texts, 1)] == [True] * len(texts)
    opened = open_objects(report)
    shapes = [page.MediaBox[2] > page.MediaBox[3] for page in opened.pages]
    assert shapes == [False, *[True] * (len(texts) - 2), False]
    assert all("Aug 24" in text for text in texts[1:-1])


def test_data_is_an_associated_file(report):
    opened = open_objects(report)
    (attached,) = opened.Root.AF
    assert attached.AFRelationship == "/Data"
    assert attached.EF.F.read_bytes() == DATA.content
    assert attached.EF.F.Subtype == "/text/csv"
    assert attached.UF == "scores.csv"


def test_margins_are_artifacts_and_stay_out_of_the_structure(report):
    opened = open_objects(report)
    for page in opened.pages:
        marks = [item.operands for item in pikepdf.parse_content_stream(page) if str(item.operator) == "BDC"]
        artifacts = [str(operands) for operands in marks if operands[0] == "/Artifact"]
        assert len(artifacts) == 2
        assert all("/Pagination" in artifact for artifact in artifacts)


def elements_of(opened: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    return [o for o in opened.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == kind]


def test_links_charts_and_headers_are_described(report):
    opened = open_objects(report)
    assert [annotation.Contents for page in opened.pages for annotation in page.get("/Annots", [])] == ["de tabel"]
    (figure,) = elements_of(opened, "/Figure")
    assert figure.Alt == "Meer vooruitgang: 4 → 7 van 13 doelen"
    left, bottom, right, top = figure.A.BBox
    assert (right - left, top - bottom) == (225, 30)
    assert 595 > left > 0
    assert 842 > bottom > 600
    scopes = [str(header.A.Scope) for header in elements_of(opened, "/TH")]
    assert scopes.count("/Row") == 80
    assert scopes.count("/Column") == 3 * (len(opened.pages) - 2)


def test_only_our_fonts_are_in_it(report):
    assert {name.partition("-Bold")[0].removesuffix("-Italic") for name in font_names(report)} == {
        "Agendamonitor-Inter",
        "Agendamonitor-Noto-Emoji",
    }


RENDER_IN_ANOTHER_PROCESS = textwrap.dedent("""
    import sys
    from datetime import datetime
    from tests.regio.test_pdf import print_pdf
    sys.stdout.buffer.write(print_pdf("<p>Eén <b>tekst</b> 🎉</p>"))
""")


def test_same_input_gives_the_same_bytes_in_any_process():
    command = [sys.executable, "-c", RENDER_IN_ANOTHER_PROCESS]
    elsewhere = subprocess.run(command, capture_output=True, check=True, env={"PYTHONHASHSEED": "1"}).stdout
    assert elsewhere == print_pdf("<p>Eén <b>tekst</b> 🎉</p>")


# A validator that cannot fail proves nothing: each of these breaks one promise and must be seen.


def broken(pdf: bytes, *, by) -> list[str]:
    opened, out = open_objects(pdf), io.BytesIO()
    by(opened)
    opened.save(out, static_id=True)
    return find_faults(out.getvalue())


def drop_alternative_text(opened):
    del elements_of(opened, "/Figure")[0].Alt


def drop_language(opened):
    del opened.Root.Lang


def drop_tags(opened):
    del opened.Root.StructTreeRoot


def drop_output_intent(opened):
    del opened.Root.OutputIntents


def drop_font_files(opened):
    for item in opened.objects:
        if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item:
            del item.FontFile2


def drop_relationship(opened):
    del opened.Root.Names.EmbeddedFiles.Names[1].AFRelationship


def leave_text_untagged(opened):
    page = opened.pages[0]
    page.contents_add(opened.make_stream(b"0 0 m 10 10 l S"))


def forget_pdf_ua(opened):
    metadata = opened.Root.Metadata
    metadata.write(metadata.read_bytes().replace(b'pdfuaid:part="1"', b""))


@pytest.mark.parametrize(
    ("by", "rule"),
    [
        (drop_alternative_text, "PDFUA1-FIGURE-ALTERNATIVE-TEXT"),
        (drop_language, "PDFUA1-TEXT-LANGUAGE"),
        (drop_tags, "PDFUA1-STRUCT-TREE-ROOT"),
        (drop_output_intent, "PDFA3A-DEVICE-RGB"),
        (drop_font_files, "PDFA3A-FONT-EMBEDDING"),
        (drop_relationship, "PDFA3A-FILE-SPEC-AF-RELATIONSHIP"),
        (leave_text_untagged, "PDFUA1-CONTENT-TAGGING"),
        (forget_pdf_ua, "PDFUA1-ID-PART"),
    ],
)
def test_the_validator_sees_a_broken_file(report, by, rule):
    assert any(rule in fault for fault in broken(report, by=by))


def test_the_validator_sees_a_glyph_that_is_not_there(monkeypatch):
    monkeypatch.setattr("regio.pdf.legible", str)
    assert any("NOTDEF-GLYPH" in fault for fault in find_faults(print_pdf("<p>漢字</p>")))


# Whatever somebody types


def words(pdf: bytes) -> str:
    return " ".join(" ".join(texts_of_pages(pdf)).split())


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("crème brûlée – “één” ‘zó’… ½ ≥ € ▲▼★", "crème brûlée – “één” ‘zó’… ½ ≥ € ▲▼★"),
        ("e\u0301e\u0301n", "één"),
        ("漢字", "□□"),
        ("\ue000\U000f0000", "□□"),
        ("a\x00b\x07c\u2028d\x85e", "a b c d e"),
        ("a\u200bb\ufeffc\u202ed", "abcd"),
        ("q\u0323\u0301", "q"),
        ("👩🏽\u200d🏫 ❤️", "👩🏫 ❤"),
        ("🇳🇱 1️⃣", "NL 1"),
    ],
)
def test_text_is_shown_or_visibly_replaced(typed, shown):
    assert legible(typed).replace("\ufe0e", "") == shown


@settings(max_examples=15)
@given(st.text(min_size=1, max_size=300))
@example("<script>alert('x')</script> & \" ' &amp; {{ x }}")
@example("Wereldrecordhottentottententententoonstelling" * 300)
@example("👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇳🇱1️⃣👍🏽 ☺️ \ufe0f \u20e3")
def test_any_text_gives_a_valid_pdf(text):
    pdf = print_pdf(f"<h2>{escape(text)}</h2><p><b>{escape(text)}</b> <i>{escape(text)}</i></p>")
    assert find_faults(pdf) == []


def test_every_glyph_of_our_fonts_is_valid_beside_every_other():
    assert find_faults(print_pdf(f"<p>{escape(''.join(map(chr, sorted(glyphs()))))}</p>")) == []


def test_a_text_with_markup_is_printed_literally():
    typed = """<b>&amp;</b> "q" 'a' {{ x }}"""
    assert typed in words(print_pdf(f"<p>{escape(typed)}</p>"))


def test_nothing_is_fetched_or_read_from_the_server(caplog):
    pdf = print_pdf('<p><img src="file:///etc/hostname" alt="x"><img src="http://127.0.0.1:9/x.png" alt="y"></p>')
    assert "not a font of the PDF" in caplog.text
    opened = open_objects(pdf)
    assert not [
        item for item in opened.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
    ]


# A machine without Pango

SITE_WITHOUT_PANGO = textwrap.dedent("""
    import cffi
    def dlopen(self, name, flags=0):
        raise OSError(f"cannot load library {name!r}")
    cffi.FFI.dlopen = dlopen
    from datetime import UTC, datetime
    from regio.pdf import PdfUnavailable, render_pdf
    try:
        render_pdf("<h1>x</h1>", stylesheet="", created=datetime(2025, 1, 1, tzinfo=UTC))
    except PdfUnavailable as missing:
        print(missing)
""")


def test_without_pango_the_reason_is_named():
    done = subprocess.run([sys.executable, "-c", SITE_WITHOUT_PANGO], capture_output=True, check=True, text=True)
    assert "cannot load library" in done.stdout


def test_without_its_fonts_the_reason_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("regio.archival.FACES", [fonts.Face("Weg", tmp_path / "weg.ttf", 400)])
    with pytest.raises(PdfUnavailable, match=r"weg\.ttf"):
        print_pdf("<p>é</p>")
