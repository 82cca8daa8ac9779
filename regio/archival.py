"""What WeasyPrint leaves undone for a file that is PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3) at once.

WeasyPrint can write either; its finisher lets us mend the objects before they are written. Importing this module
raises OSError when Pango is missing: import regio.pdf instead.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pydyf
from weasyprint import CSS, HTML, Document
from weasyprint import Attachment as EmbeddedFile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from regio.fonts import FACES, FAMILIES, font_file

VARIANT = "pdf/a-3a"

# Ligatures would hide letters from whoever searches the text; `!important` because a page may name its own fonts.
FONT_STYLESHEET = f"""{"".join(face.rule for face in FACES)}
@page {{ font-family: {FAMILIES} }}
html, body {{ font-family: {FAMILIES} !important; font-variant-ligatures: none !important }}
"""

# PDF/UA's own property in the metadata of a PDF/A must be described there (ISO 19005-3, 6.6.2.3.3).
PDFUA_METADATA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:language><rdf:Bag><rdf:li>%(language)s</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


class FontsOnly(URLFetcher):
    """Hands out the fonts and nothing else: no text that someone typed makes the server fetch or disclose a file."""

    def __init__(self, fonts: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self.fonts = fonts

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url not in self.fonts:
            raise ValueError(f"not a font of the PDF: {url}")
        return URLFetcherResponse(url, self.fonts[url])


def load_fonts() -> dict[str, bytes]:
    """Return the file of each face by its URL. Raises OSError when one cannot be read."""
    return {face.url: font_file(face) for face in FACES}


def render(
    html: str, *, stylesheet: str, created: datetime, attachments: Iterable[Any], fonts: Mapping[str, bytes]
) -> bytes:
    """Return `html` as bytes of a PDF; see regio.pdf.render_pdf."""
    fetcher, configuration = FontsOnly(fonts), FontConfiguration()
    css = CSS(string=FONT_STYLESHEET + stylesheet, font_config=configuration, url_fetcher=fetcher)
    page = HTML(string=html, url_fetcher=fetcher)
    _set_charts_in_our_fonts(page)
    document = page.render(stylesheets=[css], font_config=configuration, pdf_variant=VARIANT)
    moment = created.astimezone(UTC)
    document.metadata.created = document.metadata.modified = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    files = [
        EmbeddedFile(
            string=attachment.content,
            name=attachment.name,
            description=attachment.description,
            created=moment,
            modified=moment,
            relationship="Data",
        )
        for attachment in attachments
    ]
    pdf: bytes = document.write_pdf(pdf_variant=VARIANT, attachments=files, finisher=finish)
    # Where compressed data ends with a CR, it and the LF that pydyf adds read as one line end, and the data as a byte
    # shorter than its Length says (ISO 19005-3, 6.1.7.1). A CR as line end leaves no doubt, and moves nothing.
    return pdf.replace(b"\r\nendstream", b"\r\rendstream")


def _set_charts_in_our_fonts(page: HTML) -> None:
    """WeasyPrint applies no stylesheet of the page to an SVG: without this its text takes a font of the machine."""
    for chart in page.etree_element.iter("{http://www.w3.org/2000/svg}svg"):
        for part in chart.iter():
            part.attrib.pop("font-family", None)
        chart.set("font-family", FAMILIES)


def finish(document: Document, pdf: pydyf.PDF) -> None:
    """Mend what WeasyPrint wrote; called by it right before the objects become bytes."""
    _declare_both_standards(document, pdf)
    _name_attachments_once(pdf)
    _name_links_by_their_text(document)
    elements = list(_structure(pdf, pdf.catalog["StructTreeRoot"]))
    _give_headers_a_scope(pdf, elements)
    _measure_figures_in_points(pdf, elements)
    _make_margins_artifacts(pdf, elements)


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _declare_both_standards(document: Document, pdf: pydyf.PDF) -> None:
    """Declare PDF/UA-1 beside PDF/A-3a, in metadata that can be read without inflating (ISO 19005-3, 6.6.2.1)."""
    metadata = _object(pdf, pdf.catalog["Metadata"])
    both = PDFUA_METADATA % {b"language": document.metadata.lang.encode()}
    metadata.stream = [metadata.stream[0].replace(b"</rdf:RDF>", both)]
    metadata.compress = False


def _name_attachments_once(pdf: pydyf.PDF) -> None:
    """WeasyPrint lists each associated file twice."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _name_links_by_their_text(document: Document) -> None:
    """A link is announced by what it says, not by the anchor it jumps to (ISO 14289-1, 7.18.5)."""
    for page in document.pages:
        for _, _, _, box in page.links:
            if box.link_annotation:
                box.link_annotation["Contents"] = pydyf.String(" ".join("".join(box.element.itertext()).split()))


def _structure(pdf: pydyf.PDF, reference: bytes) -> Iterator[tuple[Any, Any]]:
    """Yield each structure element below `reference` with its parent, in reading order."""
    parent = _object(pdf, reference)
    for kid in parent["K"]:
        if isinstance(kid, bytes) and "S" in (element := _object(pdf, kid)):
            yield element, parent
            yield from _structure(pdf, kid)


def _give_headers_a_scope(pdf: pydyf.PDF, elements: list[tuple[Any, Any]]) -> None:
    """Say which way each header cell looks (ISO 14289-1, 7.5): down below THead, else along its row."""
    for element, parent in elements:
        if element["S"] == "/TH":
            section = _object(pdf, parent["P"])
            element["A"]["Scope"] = "/Column" if section["S"] == "/THead" else "/Row"


def _measure_figures_in_points(pdf: pydyf.PDF, elements: list[tuple[Any, Any]]) -> None:
    """Say where a figure stands in points from the bottom, not in CSS pixels from the top (ISO 32000-1, 14.8.5.4.3)."""
    for element, _ in elements:
        if element["S"] == "/Figure":
            height = _object(pdf, element["Pg"])["MediaBox"][3]
            left, top, right, bottom = (0.75 * pixels for pixels in element["A"]["BBox"])
            element["A"]["BBox"] = pydyf.Array((left, height - bottom, right, height - top))


def _make_margins_artifacts(pdf: pydyf.PDF, elements: list[tuple[Any, Any]]) -> None:
    """Running heads, page numbers and the mark CONCEPT are not content: never read out (ISO 14289-1, 7.8)."""
    told = {element.number for element, _ in elements}
    parent_tree = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    owners_by_page = dict(zip(parent_tree[::2], parent_tree[1::2], strict=True))
    for page_reference in pdf.page_references:
        page = _object(pdf, page_reference)
        owners = owners_by_page[page["StructParents"]]
        content = _object(pdf, page["Contents"]).stream
        for position, operator in enumerate(content):
            if operator == b"BDC" and int(owners[content[position - 1]["MCID"]].split()[0]) not in told:
                owners[content[position - 1]["MCID"]] = "null"
                content[position - 2 : position] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
