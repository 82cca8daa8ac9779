"""The report as a reader meets it: the page, the PDF and the files with its data."""

import json
from datetime import date

import pytest

from agenda.models import Doel
from monitoring import publication
from monitoring.models import Rapportage
from monitoring.overview import load_report
from monitoring.publication import FORMATS
from regio.fonts import FAMILIES
from regio.pdf import PdfUnavailable
from regio.permissions import Rol
from regio.tables import read_table
from tests.factories import (
    make_agenda,
    make_doel,
    make_gebruiker,
    make_gemeente,
    make_meetmoment,
    make_regio,
    make_score,
    make_thema,
)
from tests.pdf_validation import Sheet, Word, find_faults, font_names, open_objects, read_sheets, texts_of_pages
from tests.worlds import once

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
MARK_SIZE = 60
BASE = "/regio/west/agenda/2023-2027/aug-25/rapport"
ODD_NAME = "Jansen & <b>Zn</b> “’s-Graveland” 🎉 漢字"


class World:
    """A regio with two gemeenten and an agenda of two thema's; aug-24 and aug-25 are scored, aug-26 is to come."""

    def __init__(self) -> None:
        self.regio = make_regio("west", voorbeelddata=True)
        self.agenda = make_agenda(self.regio, bron="De agenda zelf")
        self.themas = [make_thema(self.agenda, code, naam=f"Thema {code}", volgorde=n) for n, code in enumerate("ab")]
        self.momenten = [make_meetmoment(self.agenda, f"aug-{24 + n}", date(2024 + n, 8, 31)) for n in range(3)]
        self.stad = make_gemeente(self.regio, "stad", "GM0001", naam="Stad")
        self.dorp = make_gemeente(self.regio, "dorp", "GM0002", naam="Dorp")
        self.secretaris = make_gebruiker("sara@example.test", Rol.SECRETARIS, self.regio)
        self.lid = make_gebruiker("otto@example.test", Rol.OOGO_LID, self.regio)
        self.doelen: list[Doel] = []
        self.grow_to(4)
        make_score(
            self.doelen[0], self.momenten[1], 2, self.secretaris, "In Stad loopt het stroef.", organisatie=self.stad
        )
        make_score(self.doelen[0], self.momenten[2], 5, self.secretaris, "Pas volgend jaar te lezen.")

    def grow_to(self, doelen: int) -> None:
        for n in range(len(self.doelen), doelen):
            fields = {"plan": f"Doel nummer {n}", "volgorde": n, "lokaal": n == 0}
            doel = make_doel(self.agenda, f"{'AB'[n % 2]}{n}", self.themas[n % 2], **fields)
            make_score(doel, self.momenten[0], 3, self.secretaris, "Vorig jaar.")
            make_score(doel, self.momenten[1], 1 + doel.pk % 5, self.secretaris, "Het gaat goed.")
            self.doelen.append(doel)

    def pdf(self) -> bytes:
        return FORMATS["pdf"].write(load_report(self.momenten[1]))


built, world = once(World)


@pytest.fixture(scope="module")
def pdf(built: World, django_db_blocker) -> bytes:
    """The report as it is printed; printing takes long."""
    with django_db_blocker.unblock():
        return built.pdf()


@pytest.fixture
def reader(world, client):
    client.force_login(world.lid)
    return client


def test_the_page_says_what_asks_a_decision_what_changed_and_who_explained_it(world, reader):
    page = reader.get(f"{BASE}/").content.decode()
    for text in (
        "Wat vraagt een besluit?",
        "Wat veranderde sinds Aug 24?",
        "4 van de 4 doelen zijn gescoord",
        "Het gaat goed.",
    ):
        assert text.lower() in page.lower()
    assert "In Stad loopt het stroef." in page
    assert "Fictieve voorbeelddata" in page
    assert "Pas volgend jaar te lezen." not in page


def test_the_page_tells_two_bars_of_one_value_apart_and_a_single_one_from_nothing(reader):
    assert "Bovenste staaf: Aug 25, onderste: Aug 24. Een score gaat over" in reader.get(f"{BASE}/").content.decode()
    first = reader.get(f"{BASE.replace('aug-25', 'aug-24')}/").content.decode()
    assert "staaf" not in first
    assert "Een score gaat over één doel in één jaar" in first


def test_the_pdf_is_a_valid_document_with_its_own_name_and_comes_out_the_same(pdf, reader):
    response = reader.get(f"{BASE}.pdf")
    assert response.content == pdf
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="rapport-west-2023-2027-aug-25.pdf"'
    assert find_faults(response.content) == []
    assert {name.partition("-Bold")[0].replace("-", " ") for name in font_names(response.content)} <= set(
        FAMILIES.split(", ")
    )


@pytest.mark.printed
def test_every_page_of_a_concept_says_so_and_is_numbered(pdf):
    sheets = read_sheets(pdf)
    for number, sheet in enumerate(sheets, start=1):
        assert "".join(word.text for word in sheet.words if word.size > MARK_SIZE) == "CONCEPT"
        assert f"pagina {number} van {len(sheets)}" in sheet.text
        assert "Fictieve voorbeelddata" in sheet.text
        assert "Concept, laatste score van" in sheet.text


@pytest.mark.printed
def test_its_bookmarks_lead_to_the_parts_and_the_doelen(pdf):
    with open_objects(pdf).open_outline() as outline:
        (report,) = outline.root
        parts = {item.title: item for item in report.children}
    assert list(parts) == [
        "Inhoud",
        "Samenvatting voor het OOGO",
        "De doelen en hun scores",
        "Bijlage: toelichting per doel",
        "Schaal, leeswijzer en bronnen",
        "Vaststelling",
    ]
    thema, _ = parts["Bijlage: toelichting per doel"].children
    assert [doel.title for doel in thema.children] == ["A0 Doel nummer 0", "A2 Doel nummer 2"]


def test_the_attachment_is_the_csv_of_the_site(pdf, reader):
    opened = open_objects(pdf)
    (attached,) = opened.Root.AF
    assert attached.EF.F.read_bytes() == reader.get(f"{BASE}.csv").content
    assert attached.UF == "rapport-west-2023-2027-aug-25.csv"


def with_long_rows(world: World, doelen: int) -> World:
    """Give the report so many doelen, each with a long row that begins and ends with a word that no line breaks."""
    world.grow_to(doelen)
    for doel in world.doelen:
        doel.uitvoering = f"Begin{doel.code}. {'Wij doen dit samen met de scholen. ' * 8}Einde{doel.code}."
    Doel.objects.bulk_update(world.doelen, ["uitvoering"])
    return world


def words_of_table(pdf: bytes) -> list[list[str]]:
    """Return the words of each page of the table, which lies on its side."""
    return [[word.text for word in words_of(sheet)] for sheet in read_sheets(pdf) if sheet.width > sheet.height]


def find_torn_rows(world: World, pages: list[list[str]]) -> list[str]:
    """Return the doelen whose row in the table begins on one page and ends on another."""
    begins = {doel.code: [f"Begin{doel.code}." in words for words in pages] for doel in world.doelen}
    ends = {doel.code: [f"Einde{doel.code}." in words for words in pages] for doel in world.doelen}
    assert all(places.count(True) == 1 for places in [*begins.values(), *ends.values()])
    return [code for code in begins if begins[code] != ends[code]]


@pytest.mark.printed
def test_forty_doelen_take_few_queries_repeat_the_head_and_tear_no_row(world, reader, django_assert_max_num_queries):
    with_long_rows(world, 40)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert reader.get(f"{BASE}/").status_code == 200
    with django_assert_max_num_queries(MOST_QUERIES):
        pdf = reader.get(f"{BASE}.pdf").content
    assert find_faults(pdf) == []
    pages = words_of_table(pdf)
    assert find_torn_rows(world, pages) == []
    assert len(pages) > 4
    assert all("Plan Do Check Act" in " ".join(words) for words in pages)


@pytest.mark.printed
def test_a_torn_row_would_be_seen(world, monkeypatch):
    with_long_rows(world, 10)
    untied = publication.read_stylesheet().replace("break-inside: avoid", "break-inside: auto")
    monkeypatch.setattr(publication, "read_stylesheet", lambda: untied)
    assert find_torn_rows(world, words_of_table(world.pdf())) != []


def words_of(sheet: Sheet) -> list[Word]:
    """Return the words of a page without the mark CONCEPT, which lies across them."""
    return [word for word in sheet.words if word.size < MARK_SIZE]


def find_overlaps(sheets: list[Sheet]) -> list[str]:
    """Return the words that stand on another word or off the page."""
    found = []
    for sheet in sheets:
        words = sorted(words_of(sheet), key=lambda word: word.top)
        found += [word.text for word in words if word.x1 > sheet.width or word.bottom > sheet.height]
        for number, word in enumerate(words):
            for other in words[number + 1 :]:
                if other.top >= word.bottom - 2:
                    break
                if other.x0 < word.x1 - 1 and word.x0 < other.x1 - 1:
                    found.append(f"{word.text} × {other.text}")
    return found


LONG = "Een heel lang verhaal. " * 870  # 20,000 characters


@pytest.mark.printed
def test_long_texts_and_odd_names_print_without_overlap_or_loss(world):
    first, second, *_ = world.doelen
    first.voortgangsscore_set.filter(meetmoment=world.momenten[1], organisatie=None).update(toelichting=LONG)
    second.plan, second.uitvoering = ODD_NAME, "Wereldrecordhottentottententententoonstelling" * 12
    second.save()
    pdf = world.pdf()
    assert find_faults(pdf) == []
    sheets = read_sheets(pdf)
    assert find_overlaps(sheets) == []
    words = [word.text for sheet in sheets for word in words_of(sheet)]
    assert words.count("verhaal.") >= 870
    assert "Jansen & <b>Zn</b> “’s-Graveland” 🎉 □□" in " ".join(words)


def test_a_report_without_a_single_score_says_so(client):
    regio = make_regio("leeg")
    agenda = make_agenda(regio)
    make_doel(agenda, "A1")
    moment = make_meetmoment(agenda, "aug-25", date(2025, 8, 31))
    pdf = FORMATS["pdf"].write(load_report(moment))
    assert find_faults(pdf) == []
    text = " ".join(texts_of_pages(pdf))
    assert "Het doel is nog niet gescoord. " in text
    assert "0 van 1 doel\n" in text
    assert "1 doelen" not in text
    assert "nog niet gescoord" in text
    assert "Fictieve voorbeelddata" not in text


def test_a_score_that_was_emptied_is_nobodys(client):
    regio = make_regio("leeg")
    agenda = make_agenda(regio)
    moment = make_meetmoment(agenda, "aug-25", date(2025, 8, 31))
    sara = make_gebruiker("sara@leeg.test", Rol.SECRETARIS, regio)
    make_score(make_doel(agenda, "A1"), moment, None, sara)
    client.force_login(make_gebruiker("lid@leeg.test", Rol.OOGO_LID, regio))
    page = client.get("/regio/leeg/agenda/2023-2027/aug-25/rapport/").text
    assert "nog niet gescoord" in page
    assert "Geen toelichting" not in page
    assert sara.naam not in page


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_the_data_of_the_report_as_a_table(reader, kind):
    response = reader.get(f"{BASE}.{kind}")
    assert response["Content-Disposition"] == f'attachment; filename="rapport-west-2023-2027-aug-25.{kind}"'
    rows = [row.cells for row in read_table(f"rapport.{kind}", response.content).rows]
    assert len(rows) == 2 * (4 + 2)
    assert {"Aug 24", "Aug 25"} == {row["meetmoment"] for row in rows}


def test_the_data_of_the_report_as_json(reader):
    content = json.loads(reader.get(f"{BASE}.json").content)
    assert len(content["scores"]) == 12
    assert "thuiszitters" not in content


def test_without_quarters_there_is_no_section(world):
    report = load_report(world.momenten[1])
    assert (report.tellingen, report.columns) == (None, load_report(world.momenten[0]).columns)


def test_a_text_too_long_for_excel_is_explained(world, reader):
    world.doelen[0].voortgangsscore_set.update(toelichting="x" * 33_000)
    page = reader.get(f"{BASE}.xlsx", follow=True)
    assert "te lang voor Excel" in page.content.decode()


def test_an_unknown_kind_of_file_is_not_found(reader):
    assert reader.get(f"{BASE}.docx").status_code == 404


@pytest.mark.parametrize("suffix", ["/", ".pdf", ".csv", ".json"])
def test_who_is_of_another_regio_finds_nothing(world, client, suffix):
    client.force_login(make_gebruiker("eva@example.test", Rol.SECRETARIS, make_regio("oost")))
    assert client.get(BASE + suffix).status_code == 404


def test_without_pango_the_page_says_what_to_install(reader, monkeypatch):
    def fail(*args, **options):
        raise PdfUnavailable("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("monitoring.publication.render_pdf", fail)
    response = reader.get(f"{BASE}.pdf")
    assert response.status_code == 503
    assert "apt-get install libpango-1.0-0" in response.content.decode()
    assert f'href="{BASE}/"' in response.content.decode()


@pytest.mark.parametrize(
    ("status", "more", "said"),
    [
        ("voorgelegd", {}, "ligt sinds"),
        ("teruggegeven", {"reden_teruggave": "B1 mist een norm"}, "B1 mist een norm"),
    ],
)
def test_the_page_says_where_the_report_stands(world, reader, status, more, said):
    moment = world.momenten[1]
    op = "2025-09-03T10:00:00+02:00"
    Rapportage.objects.create(
        meetmoment=moment, status=status, voorgelegd_door=world.secretaris, voorgelegd_op=op, **more
    )
    assert said in reader.get(f"{BASE}/").content.decode()
