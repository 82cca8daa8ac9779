"""Doelen from and to a file, through the pages of Beheer: what is shown first, what is refused, what is stored."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from agenda.models import Doel
from regio.tables import read_table, write_csv, write_ods, write_xlsx
from tests.beheer import Wereld, make_wereld
from tests.factories import make_agenda, make_beheerder, make_doel, make_thema

pytestmark = pytest.mark.django_db

LIST = "/beheer/agenda/doel/"
COLUMNS = [
    *("regio", "agenda", "thema", "code", "plan", "do", "check", "act"),
    *("lokaal", "toelichting", "volgorde", "signaal"),
]
WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "ods": write_ods}
NEW = [
    *("west", "2023-2027", "west", "B1", "Minder TLV’s", "Arrangeren", "Onder landelijk", "Bijsturen"),
    *("nee", "", "", ""),
]


@pytest.fixture
def west():
    return make_wereld("west", 1)


@pytest.fixture
def client(west: Wereld):
    client = Client()
    client.force_login(west.secretaris)
    return client


def stored(doel: Doel, **changes: Any) -> list[Any]:
    """The row of `doel` in a file, with changes by column."""
    row = dict(
        zip(
            COLUMNS,
            [
                *(doel.thema.agenda.regio.slug, doel.thema.agenda.slug, doel.thema.code, doel.code),
                *(doel.plan, doel.uitvoering, doel.controle, doel.bijsturing),
                *("ja" if doel.lokaal else "nee", doel.toelichting, doel.volgorde, doel.signaal or "geen"),
            ],
            strict=True,
        )
    )
    return list((row | changes).values())


def upload(client: Client, rows: list, columns: list[str] | None = None, kind: str = "csv", name: str = "doelen"):
    content = WRITERS[kind](columns or COLUMNS, rows)
    return upload_file(client, f"{name}.{kind}", content)


def upload_file(client: Client, name: str, content: bytes):
    return client.post(f"{LIST}import/", {"bestand": SimpleUploadedFile(name, content)})


def confirm(client: Client, preview):
    return client.post(f"{LIST}process_import/", {"gegevens": preview.context["gegevens"]}, follow=True)


def fouten(response) -> list[tuple]:
    return [(fout.rij, fout.kolom, fout.waarde, fout.verwacht) for fout in response.context["uitslag"].fouten]


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


@pytest.mark.parametrize("kind", WRITERS)
def test_a_file_is_shown_first_and_stored_after_confirming(west: Wereld, client: Client, kind: str):
    rows = [stored(west.doel, plan="Een conferentie,\nelk jaar", lokaal="nee"), NEW]
    preview = upload(client, rows, kind=kind)

    assert preview.context["uitslag"].telling == "nieuw 1, gewijzigd 1, gelijk 0, fout 0"
    body = preview.content.decode()
    assert "<del>Plan west</del> <ins>Een conferentie,\nelk jaar</ins>" in body
    assert "<del>ja</del> <ins>nee</ins>" in body
    assert "<ins>Minder TLV’s</ins>" in body
    assert Doel.objects.get().plan == "Plan west"

    done = confirm(client, preview)
    assert "Het bestand is ingelezen: nieuw 1, gewijzigd 1, gelijk 0, fout 0." in text_of(done)
    west.doel.refresh_from_db()
    assert (west.doel.plan, west.doel.lokaal, west.doel.bijsturing) == (
        "Een conferentie,\nelk jaar",
        False,
        "Bijstellen",
    )
    nieuw = Doel.objects.get(code="B1")
    assert (nieuw.thema, nieuw.plan, nieuw.volgorde) == (west.thema, "Minder TLV’s", 1)
    for doel in (west.doel, nieuw):
        assert doel.history.latest().history_user == west.secretaris


@pytest.mark.parametrize("kind", WRITERS)
def test_what_goes_out_comes_in_as_gelijk(west: Wereld, client: Client, kind: str):
    texts = ["=HYPERLINK(1)", "- een\r\n- twee\r\n", "'=x", "+31", "Regel\x0btwee", 'a;b,"c" ☕ <b>']
    for number, text in enumerate(texts):
        make_doel(west.agenda, f"B{number}", west.thema, plan=text, toelichting=text, volgorde=number)
    make_wereld("oost", 2)
    choice = {"csv": "1", "xlsx": "0", "ods": "2"}[kind]
    file = client.post(f"{LIST}export/", {"format": choice, "resource": "0"})

    assert re.fullmatch(rf'attachment; filename="doelen-\d{{4}}-\d\d-\d\d\.{kind}"', file["Content-Disposition"])
    table = read_table(f"doelen.{kind}", file.content)
    assert table.columns == COLUMNS
    assert {row.cells["regio"] for row in table.rows} == {"west"}
    assert [row.cells["plan"] for row in table.rows][:2] == ["Plan west", "=HYPERLINK(1)"]

    again = upload_file(client, f"doelen.{kind}", file.content)
    assert again.context["uitslag"].telling == "nieuw 0, gewijzigd 0, gelijk 7, fout 0"
    assert "Dit bestand verandert niets" in text_of(again)
    assert "gegevens" not in again.context
    assert Doel.history.filter(history_type="~").count() == 0


def test_the_export_follows_the_filter_of_the_list(west: Wereld, client: Client):
    make_doel(west.agenda, "B1", west.thema, plan="Iets anders")
    link = re.search(r'href="([^"]*export/[^"]*)"', client.get(f"{LIST}?q=anders").content.decode())
    assert link
    file = client.post(link[1], {"format": "1", "resource": "0"})
    assert [row.cells["code"] for row in read_table("x.csv", file.content).rows] == ["B1"]
    assert file.content.startswith(b"\xef\xbb\xbfregio;agenda;")


def test_an_export_of_chosen_numbers_gives_nobody_elses(west: Wereld, client: Client):
    oost = make_wereld("oost", 2)
    posted = {"format": "1", "resource": "0", "export_items": [oost.doel.pk, west.doel.pk]}
    response = client.post(f"{LIST}export/", posted)
    assert "oost" not in response.content.decode().lower()


def test_an_import_and_an_export_leave_a_line_in_the_log(
    west: Wereld, client: Client, caplog: pytest.LogCaptureFixture
):
    confirm(client, upload(client, [NEW]))
    client.post(f"{LIST}export/", {"format": "1", "resource": "0"})
    lines = [json.loads(record.message) for record in caplog.records if record.name == "agendamonitor.audit"]
    assert [(line["gebeurtenis"], line["door"]) for line in lines[-2:]] == [
        ("import", west.secretaris.pk),
        ("export", west.secretaris.pk),
    ]
    assert lines[-2]["rijen"] == 1
    assert lines[-1]["soort"] == "csv"


def test_a_text_too_long_for_excel_is_told_and_other_kinds_work(west: Wereld, client: Client):
    Doel.objects.update(toelichting="x" * 40_000)
    response = client.post(f"{LIST}export/", {"format": "0", "resource": "0"})
    assert "te lang voor Excel" in text_of(response)
    assert client.post(f"{LIST}export/", {"format": "1", "resource": "0"})["Content-Type"].startswith("text/csv")
    assert client.post(f"{LIST}export/", {"format": "onzin"}).status_code == 200


def test_a_file_by_hand_may_use_names_capitals_and_fewer_columns(west: Wereld, client: Client):
    rows = [["West", "agenda WEST", "thema west", "a1", "Ander plan"]]
    preview = upload(client, rows, ["Regio", "AGENDA", "Thema", "Code", "Plan"])
    assert preview.context["uitslag"].telling == "nieuw 0, gewijzigd 1, gelijk 0, fout 0"
    confirm(client, preview)
    west.doel.refresh_from_db()
    assert (west.doel.plan, west.doel.uitvoering) == ("Ander plan", "Doen")


def test_an_empty_cell_leaves_what_stood_there(west: Wereld, client: Client):
    preview = upload(client, [["west", "2023-2027", "", "A1", "", "", "Nieuw", "", "", "", "3", ""]])
    confirm(client, preview)
    west.doel.refresh_from_db()
    assert (west.doel.plan, west.doel.controle, west.doel.lokaal) == ("Plan west", "Nieuw", True)
    assert west.doel.volgorde == 3


def test_a_doel_can_move_to_another_thema(west: Wereld, client: Client):
    ander = make_thema(west.agenda, "ander")
    preview = upload(client, [stored(west.doel, thema="ander")])
    assert "<del>west</del> <ins>ander</ins>" in preview.content.decode()
    confirm(client, preview)
    west.doel.refresh_from_db()
    assert west.doel.thema == ander


def test_which_number_a_doel_answers_travels_with_it(west: Wereld, client: Client):
    preview = upload(client, [stored(west.doel, signaal="Ambitie"), [*NEW[:-1], "aanbodgebrek"]])
    assert "<del>geen</del> <ins>ambitie</ins>" in preview.content.decode()
    confirm(client, preview)
    assert dict(Doel.objects.values_list("code", "signaal")) == {"A1": "ambitie", "B1": "aanbodgebrek"}

    file = client.post(f"{LIST}export/", {"format": "1", "resource": "0"})
    assert [row.cells["signaal"] for row in read_table("x.csv", file.content).rows] == ["ambitie", "aanbodgebrek"]
    again = upload_file(client, "doelen.csv", file.content)
    assert again.context["uitslag"].telling == "nieuw 0, gewijzigd 0, gelijk 2, fout 0"

    # A file from before this column, and an empty cell, leave it alone; only a word takes it away.
    west.doel.refresh_from_db()
    confirm(client, upload(client, [stored(west.doel, plan="Ander plan")[:-1]], COLUMNS[:-1]))
    confirm(client, upload(client, [stored(west.doel, plan="Nog een plan", signaal="")]))
    west.doel.refresh_from_db()
    assert (west.doel.plan, west.doel.signaal) == ("Nog een plan", "ambitie")
    confirm(client, upload(client, [stored(west.doel, signaal="geen")]))
    west.doel.refresh_from_db()
    assert west.doel.signaal == ""


def test_every_wrong_cell_is_told_and_nothing_is_stored(west: Wereld, client: Client):
    oost = make_wereld("oost", 2)
    rows = [
        NEW,
        stored(oost.doel, plan="Gekaapt"),
        stored(west.doel, agenda="2030-2034"),
        stored(west.doel, code="a-1"),
        stored(west.doel, thema="weg", code="C1"),
        stored(west.doel, lokaal="misschien", volgorde="-1", signaal="soms", plan="Bel 06-12345678"),
        stored(west.doel, plan="Dubbel"),
        [*NEW[:3], "D1", "", "Doen", "Nagaan", "Bijstellen", "", "", "", ""],
        [*NEW[:2], "", "E1", "Plan", "Doen", "Nagaan", "Bijstellen", "", "", "", ""],
        ["", "", "", "", "Plan", "", "", "", "", "", "", ""],
    ]
    response = upload(client, rows)

    assert fouten(response) == [
        (3, "regio", "oost", "Kies uit: west."),
        (4, "agenda", "2030-2034", "Kies uit: 2023-2027."),
        (5, "code", "a-1", "Schrijf de code als A1: een tot drie hoofdletters en dan een nummer."),
        (6, "thema", "weg", "Kies uit: west."),
        (7, "plan", "Bel 06-12345678", fouten(response)[4][3]),
        (7, "lokaal", "misschien", "ja of nee."),
        (7, "volgorde", "-1", "Een heel getal vanaf 0."),
        (7, "signaal", "soms", "Kies uit: geen, aanbodgebrek, ambitie."),
        (8, "", "", "Een rij voor elk: rij 7 gaat over hetzelfde."),
        (9, "plan", "", "Vul deze cel in."),
        (10, "thema", "", "Kies uit: west."),
        (11, "regio", "", "Kies uit: west."),
    ]
    assert "‘06-12345678’ (telefoonnummer)" in fouten(response)[4][3]
    body = text_of(response)
    assert "Er is niets opgeslagen: 12 cellen kloppen niet (nieuw 1, gewijzigd 0, gelijk 0, fout 9)." in body
    assert "Rij Kolom Waarde in het bestand Wat hier wordt verwacht" in body
    assert "hele rij" in body
    assert "gegevens" not in response.context
    assert Doel.objects.count() == 2
    oost.doel.refresh_from_db()
    assert oost.doel.plan == "Plan oost"


def test_an_agenda_without_a_thema_says_where_to_make_one(west: Wereld, client: Client):
    make_agenda(west.regio, "2027-2031")
    row = ["west", "2027-2031", "west", "B1", "Plan"]
    response = upload(client, [row], ["regio", "agenda", "thema", "code", "plan"])
    assert fouten(response) == [(2, "thema", "west", "Er is hier nog geen thema. Voeg die eerst toe in Beheer.")]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (["regio", "agenda", "code", "geboortedatum"], "De kolom ‘geboortedatum’ hoort niet in dit bestand."),
        (["regio", "agenda", "code", "bsn", "plan"], "De kolom ‘bsn’ hoort niet in dit bestand."),
        (["regio", "agenda", "plan"], "De kolom ‘code’ ontbreekt. Nodig zijn: regio, agenda, code."),
        (["#", "regio", "agenda", "code"], "De kolom ‘#’ hoort niet in dit bestand."),
    ],
)
def test_a_file_with_other_columns_is_refused_whole(west: Wereld, client: Client, columns: list, sentence: str):
    response = upload(client, [["x"] * len(columns)], columns)
    assert sentence in text_of(response)
    assert response.context["uitslag"] is None


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("doelen.csv", b"", "Dit bestand is leeg."),
        ("foto.png", b"\x89PNG", "eindigt op .csv, .xlsx of .ods"),
        ("doelen.csv", b"\x89PNG\r\n\x1a\n\0\0", "heet .csv, maar is geen tekst"),
        ("doelen.xlsx", b"PK\x03\x04 kapot", "heet .xlsx, maar is het niet"),
        ("doelen.csv", b"regio;agenda;code\n" + b"x" * 2 * 1024 * 1024, "groter dan 2 MB"),
    ],
)
def test_a_wrong_file_gets_a_sentence(west: Wereld, client: Client, name: str, content: bytes, sentence: str):
    response = upload_file(client, name, content)
    assert sentence in text_of(response)


def test_no_file_at_all_gets_a_sentence(west: Wereld, client: Client):
    assert "Kies eerst een bestand." in text_of(client.post(f"{LIST}import/", {}))
    assert "Kies eerst een bestand." not in text_of(client.get(f"{LIST}import/"))


def test_what_changed_since_the_preview_is_shown_again_and_not_overwritten(west: Wereld, client: Client):
    preview = upload(client, [stored(west.doel, plan="Uit het bestand")])
    Doel.objects.update(plan="Intussen door een ander")

    again = confirm(client, preview)
    west.doel.refresh_from_db()
    assert west.doel.plan == "Intussen door een ander"
    assert "Er is niets opgeslagen: intussen is er iets gewijzigd." in text_of(again)
    assert "<del>Intussen door een ander</del> <ins>Uit het bestand</ins>" in again.content.decode()

    confirm(client, again)
    west.doel.refresh_from_db()
    assert west.doel.plan == "Uit het bestand"


def test_what_became_impossible_since_the_preview_is_told(west: Wereld, client: Client):
    preview = upload(client, [NEW, stored(west.doel, plan="Anders")])
    west.agenda.slug, west.agenda.naam = "anders", "Anders"
    west.agenda.save()
    again = confirm(client, preview)
    assert {fout[1] for fout in fouten(again)} == {"agenda"}
    assert Doel.objects.count() == 1


def test_confirming_twice_changes_nothing_more(west: Wereld, client: Client):
    preview = upload(client, [NEW])
    confirm(client, preview)
    again = confirm(client, preview)
    assert "intussen is er iets gewijzigd" in text_of(again)
    assert Doel.objects.count() == 2
    assert Doel.objects.get(code="B1").history.count() == 1


def test_a_preview_is_of_one_person_and_of_now(west: Wereld, client: Client, time_machine):
    preview = upload(client, [NEW])
    other = Client()
    other.force_login(make_beheerder())
    assert "verlopen" in text_of(confirm(other, preview))
    assert "verlopen" in text_of(client.post(f"{LIST}process_import/", {"gegevens": "onzin"}, follow=True))
    assert "verlopen" in text_of(client.post(f"{LIST}process_import/", {}, follow=True))
    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    assert "verlopen" in text_of(confirm(client, preview))
    assert Doel.objects.count() == 1


def test_who_may_not_import_gets_403_and_a_link_is_no_action(west: Wereld, client: Client):
    assert client.get(f"{LIST}process_import/").status_code == 405
    assert client.put(f"{LIST}import/").status_code == 405
    for gebruiker in (west.oogo_lid, west.coordinator, west.invoerder):
        other = Client()
        other.force_login(gebruiker)
        for url in (f"{LIST}import/", f"{LIST}export/"):
            assert other.get(url).status_code == 403
        assert other.post(f"{LIST}process_import/", {}).status_code == 403


def test_a_beheerder_imports_for_every_regio_and_mixes_none(west: Wereld):
    oost = make_wereld("oost", 2)
    make_doel(oost.agenda, "B1", oost.thema)
    beheerder = Client()
    beheerder.force_login(make_beheerder())
    rows = [stored(west.doel, plan="Nieuw west"), stored(oost.doel, plan="Nieuw oost"), stored(west.doel, thema="oost")]
    response = upload(beheerder, rows)
    assert [fout[:3] for fout in fouten(response)] == [(4, "", "")]
    confirm(beheerder, upload(beheerder, rows[:2]))
    assert sorted(doel.plan for doel in Doel.objects.filter(code="A1")) == ["Nieuw oost", "Nieuw west"]


def test_queries_grow_with_the_changes_only(west: Wereld, client: Client, django_assert_max_num_queries):
    for number in range(40):
        make_doel(west.agenda, f"B{number}", west.thema, volgorde=number)
    rows = [stored(doel) for doel in Doel.objects.select_related("thema__agenda__regio")]
    with django_assert_max_num_queries(100) as captured:
        assert upload(client, rows).context["uitslag"].telling.startswith("nieuw 0, gewijzigd 0, gelijk 41")
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 12


def test_an_error_of_our_own_is_told_and_logged_and_nothing_is_stored(
    west: Wereld, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(self: Doel, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(Doel, "save", fail)
    response = upload(client, [NEW])
    assert fouten(response) == [(2, "", "", "Deze rij kan niet worden verwerkt. Vraag de beheerder om hulp.")]
    assert "import-row-failed row=2" in caplog.text
    assert "disk full" not in response.content.decode()


def test_the_page_tells_what_a_new_doel_needs_and_a_file_without_it_is_refused(client, west):
    page = client.get(f"{LIST}import/").text
    assert "Altijd nodig: <code>regio</code>, <code>agenda</code>, <code>code</code>." in page
    needed = ["thema", "plan"]
    assert f"Bij een nieuw doel ook: <code>{'</code>, <code>'.join(needed)}</code>." in page
    for name in needed:
        columns = [column for column in ("regio", "agenda", "code", *needed) if column != name]
        row = [dict(zip(COLUMNS, NEW, strict=True))[column] for column in columns]
        assert f"<td>{name}</td>" in upload(client, [row], columns).text
    assert not Doel.objects.filter(code="B1").exists()


def test_a_doel_of_an_agenda_without_do_check_and_act_goes_in_by_file_and_in_beheer(client, west):
    confirm(client, upload(client, [NEW[:5]], COLUMNS[:5]))
    doel = Doel.objects.get(code="B1")
    assert (doel.plan, doel.uitvoering, doel.controle, doel.bijsturing) == ("Minder TLV’s", "", "", "")
    page = client.get(f"{LIST}{doel.pk}/change/").text
    required = [re.findall(rf'<textarea[^>]*name="{name}"[^>]*>', page)[0] for name in ("plan", "controle")]
    assert [" required" in field or 'aria-required="true"' in field for field in required] == [True, False]


def test_the_page_of_scores_asks_nothing_more_of_a_new_row(client, west):
    assert "Bij een nieuw" not in client.get("/beheer/monitoring/voortgangsscore/import/").text
