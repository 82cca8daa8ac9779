"""What a visitor who is not signed in reads: public reports and their data, and what stood there before."""

import io
import json
from collections.abc import Iterator

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.http import http_date

from monitoring.open_data import SCORES
from monitoring.public_reports import load_public_regios
from monitoring.snapshot import Damaged
from regio import everybody
from regio.models import Gebruiker, Regio
from regio.pdf import PdfUnavailable
from regio.tables import read_table
from tests.beheer import make_public_wereld
from tests.monitoring.publicity import FILES, PUBLIC, REPORT, WHY, Openbaarheid
from tests.pdf_validation import find_faults, texts_of_pages
from tests.worlds import once

pytestmark = pytest.mark.django_db

PAGES = [PUBLIC, REPORT, REPORT + "versie-1/"]
EVERYTHING = [*PAGES, *(REPORT + name for name in FILES)]


def adopted() -> Openbaarheid:
    """A regio that publishes, with a version that may become public."""
    world = Openbaarheid()
    world.adopt_next()
    world.choose()
    return world


built, world = once(adopted)


@pytest.fixture
def public(world: Openbaarheid) -> Openbaarheid:
    world.publish()
    return world


# What is read


def test_the_start_page_leads_to_the_report(public, client):
    start = client.get("/").text
    assert f'href="{PUBLIC}"' in start
    assert "1 rapport, het laatste van augustus 2025" in start
    assert f'href="{REPORT}"' in client.get(PUBLIC).text
    page = client.get(REPORT).text
    for text in ("Beter bij A1", "In Stad stroef", "kenmerk OOGO 2025-3, punt 4", public.versies[0].sha256):
        assert text in page


def test_the_start_page_is_small_needs_no_script_and_sets_no_cookie(public, client):
    response = client.get("/")
    assert len(response.content) < 20_000
    assert "<script" not in response.text
    assert not response.cookies


def test_it_is_made_from_the_snapshot_alone(public, client):
    before = client.get(REPORT).text
    public.a1.plan = "Heel iets anders"
    public.a1.save()
    public.a1.voortgangsscore_set.update(toelichting="Achteraf anders")
    assert client.get(REPORT).text == before


def names_and_addresses() -> list[str]:
    return [word for account in Gebruiker.objects.all() for word in (account.naam, account.email)]


def texts_of(response) -> Iterator[bytes]:
    """Yield all that an answer holds; of a PDF its words, its metadata and the files within it."""
    yield response.content
    if response["Content-Type"] == "application/pdf":
        yield " ".join(texts_of_pages(response.content)).encode()
        with pikepdf.open(io.BytesIO(response.content)) as opened:
            yield from (attached.get_file().read_bytes() for attached in opened.attachments.values())
            yield from (stream.read_bytes() for stream in opened.objects if isinstance(stream, pikepdf.Stream))


@pytest.mark.parametrize("path", [path for path in EVERYTHING if not path.endswith(".pdf")])
def test_no_name_and_no_address_of_an_account_is_in_it(public, client, path):
    found = [word for text in texts_of(client.get(path)) for word in names_and_addresses() if word.encode() in text]
    assert found == []


def test_a_name_would_be_found(public, client):
    client.force_login(public.lid)
    page = client.get("/regio/west/agenda/2023-2027/aug-25/rapport/")
    assert public.lid.naam.encode() in next(texts_of(page))


def test_the_page_says_what_it_leaves_out_and_what_one_may_do_with_it(public, client):
    page = client.get(REPORT).text
    assert "Namen van personen zijn weggelaten" in page
    assert "creativecommons.org/publicdomain/zero/1.0" in page
    for naam in SCORES.namen:
        assert f"<code>{naam}</code>" in page


def test_the_pdf_is_a_valid_document_without_names_that_holds_the_open_data(public, client, monkeypatch):
    pdf = client.get(REPORT + "rapport.pdf")
    assert find_faults(pdf.content) == []
    assert [word for text in texts_of(pdf) for word in names_and_addresses() if word.encode() in text] == []
    with pikepdf.open(io.BytesIO(pdf.content)) as opened:
        attached = {name: found.get_file().read_bytes() for name, found in opened.attachments.items()}
    name = "openbaar-rapport-west-2023-2027-aug-25-versie-1"
    assert attached == {
        f"{name}-rapport.csv": client.get(f"{REPORT}rapport.csv").content,
        f"{name}.json": client.get(f"{REPORT}rapport.json").content,
    }
    text = " ".join(texts_of_pages(pdf.content))
    assert "Openbare versie, zonder namen van personen" in text
    assert "Handtekening" not in text
    # Who is of the regio can verify it.
    uploaded = SimpleUploadedFile("rapport.pdf", pdf.content)
    member = Client()
    member.force_login(public.lid)
    assert "Ongewijzigd" in member.post("/controleren/", {"bestand": uploaded}).text
    # It is made once, whoever asks for it next.
    monkeypatch.setattr("monitoring.publication.render_pdf", None)
    assert client.get(REPORT + "versie-1/rapport.pdf").content == pdf.content


def test_without_pango_the_page_leads_to_the_report_and_is_not_kept(public, client, monkeypatch):
    def fail(*args, **options):
        raise PdfUnavailable("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr("monitoring.publication.render_pdf", fail)
    response = client.get(REPORT + "rapport.pdf")
    assert response.status_code == 503
    assert "apt-get" not in response.text
    assert "ETag" not in response
    assert "Cache-Control" not in response


def test_the_data_say_whose_they_are_and_what_each_column_means(public, client):
    response = client.get(REPORT + "rapport.csv")
    rows = [row.cells for row in read_table("rapport.csv", response.content).rows]
    assert tuple(rows[0]) == SCORES.namen
    assert len(rows) == 2 * (2 + 1)
    assert {row["toelichting"] for row in rows} >= {"Beter bij A1", "In Stad stroef"}
    assert response["Link"] == '<rapport.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    said = json.loads(client.get(REPORT + "rapport.csv-metadata.json").content)
    assert [column["name"] for column in said["tableSchema"]["columns"]] == list(SCORES.namen)
    assert said["dc:identifier"] == f"sha256:{public.versies[0].sha256}"
    data = json.loads(client.get(REPORT + "rapport.json").content)
    assert (data["versie"], data["sha256"], data["licentie_url"]) == (
        1,
        public.versies[0].sha256,
        "https://creativecommons.org/publicdomain/zero/1.0/deed.nl",
    )
    assert [{key: str(value or "") for key, value in row.items()} for row in data["rapport"]] == rows


# Versions and tombstones


def test_the_old_address_leads_to_the_later_version_and_the_old_one_stays(public, client):
    first = client.get(REPORT).text
    public.adopt_next()
    assert client.get(REPORT).text == first
    public.publish()
    latest, earlier = client.get(REPORT).text, client.get(REPORT + "versie-1/").text
    assert "versie 2" in latest
    assert "U leest een eerdere versie" not in latest
    assert "U leest een eerdere versie" in earlier
    assert f'href="{REPORT}"' in earlier
    assert public.versies[0].sha256 in earlier


@pytest.mark.parametrize("path", EVERYTHING)
def test_what_was_withdrawn_says_what_stood_there_and_why(public, client, path):
    public.withdraw(public.versies[0].publicaties.get())
    response = client.get(path)
    assert response.status_code == 410
    assert "18 september 2025" in response.text
    assert "25 september 2025" in response.text
    assert (WHY in response.text) == (path != PUBLIC)
    assert "Beter bij A1" not in response.text
    assert f'href="{PUBLIC}"' not in client.get("/").text


def test_the_tombstone_of_one_version_leads_to_the_other(public, client):
    first = public.versies[0].publicaties.get()
    public.adopt_next()
    public.publish()
    public.withdraw(first)
    gone = client.get(REPORT + "versie-1/")
    assert gone.status_code == 410
    assert f'href="{REPORT}"' in gone.text
    assert client.get(REPORT).status_code == 200


def test_a_regio_that_stops_leaves_tombstones(public, client):
    public.choose(publiceert=False, reden=WHY)
    assert client.get(PUBLIC).status_code == 410
    assert WHY in client.get(REPORT).text


# What is not there


def same_for_everyone(response) -> tuple:
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return response.status_code, headers, response.content


@pytest.mark.parametrize(
    "rest", ["", "2023-2027/aug-25/", "2023-2027/aug-25/rapport.csv", "2023-2027/aug-25/versie-1/"]
)
def test_a_regio_that_does_not_publish_is_like_one_that_does_not_exist(world, client, rest):
    unknown = same_for_everyone(client.get("/openbaar/nergens/" + rest))
    assert unknown[0] == 404
    assert same_for_everyone(client.get(PUBLIC + rest)) == unknown


def test_what_a_regio_did_not_choose_is_not_there_either(public, client):
    public.adopt_next()
    for path in ("2023-2027/aug-24/", "2023-2027/aug-25/versie-2/", "2023-2027/aug-25/versie-99999999999999999999/"):
        assert client.get(PUBLIC + path).status_code == 404
    assert client.get(REPORT + "rapport.xlsx").status_code == 404


def test_turning_the_choice_off_behind_its_back_hides_everything_at_once(public, client):
    Regio.objects.update(publiceert=False)
    assert {client.get(path).status_code for path in EVERYTHING} == {404}


def test_a_damaged_snapshot_is_not_shown(public, client, monkeypatch):
    monkeypatch.setattr("monitoring.snapshot.digest", lambda text: "f" * 64)
    with pytest.raises(Damaged):
        client.get(REPORT)


# The same for everybody, so that caches may keep it


@pytest.mark.usefixtures("plain_pdf")
@pytest.mark.parametrize("path", EVERYTHING)
def test_everybody_gets_the_same_and_may_keep_it(public, client, path):
    anonymous = client.get(path)
    member = Client()
    member.force_login(public.people["secretaris"])
    signed_in = member.get(path)
    assert same_for_everyone(signed_in) == same_for_everyone(anonymous)
    assert not signed_in.cookies
    assert anonymous["Cache-Control"] == "public, max-age=300"
    assert anonymous.get("Vary", "") in {"", "Accept-Encoding"}


@pytest.mark.usefixtures("plain_pdf")
@pytest.mark.parametrize("path", EVERYTHING)
def test_who_has_it_already_gets_304_in_one_query(public, client, path, django_assert_num_queries):
    had = client.get(path)
    with django_assert_num_queries(1):
        again = client.get(path, headers={"If-None-Match": had["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == had["ETag"]
    assert client.get(path, headers={"If-Modified-Since": had["Last-Modified"]}).status_code == 304
    assert client.get(path, headers={"If-Modified-Since": http_date(0)}).status_code == 200


def test_what_changes_gets_another_name(public, client):
    names = [client.get(REPORT)["ETag"]]
    public.adopt_next()
    assert client.get(REPORT)["ETag"] == names[0]
    public.publish()
    names.append(client.get(REPORT)["ETag"])
    Regio.objects.update(accentkleur="#0b5564")
    names.append(client.get(REPORT)["ETag"])
    public.withdraw(public.versies[1].publicaties.get())
    names.append(client.get(REPORT)["ETag"])
    assert len(set(names)) == len(names)


def test_another_release_gets_another_name(public, client, monkeypatch):
    before = client.get(REPORT)["ETag"]
    newer = ("another", everybody._release()[1])
    monkeypatch.setattr(everybody, "_release", lambda: newer)
    assert client.get(REPORT)["ETag"] != before


def test_pages_take_as_many_queries_for_one_report_as_for_many(public, client, django_assert_num_queries):
    for _ in range(2):
        public.adopt_next()
        public.publish()
    for path, queries in ((PUBLIC, 2), (REPORT, 2), (REPORT + "versie-1/", 2), (REPORT + "rapport.csv", 2)):
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


def test_the_start_page_takes_one_query_for_many_regios(public, client, django_assert_num_queries):
    (published,) = load_public_regios()
    assert (published.naam, published.rapporten) == ("West", 1)
    with django_assert_num_queries(1):
        client.get("/")
    other = make_public_wereld("noord", 2)
    with django_assert_num_queries(1):
        start = client.get("/").text
    assert [regio in start for regio in (PUBLIC, f"/openbaar/{other.regio.slug}/", "/openbaar/oost/")] == [
        True,
        True,
        False,
    ]
