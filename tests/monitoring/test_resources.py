"""Scores from and to a file, through the pages of Beheer: the rules of the entry page hold, nothing goes unseen."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from monitoring.actions import save_score, submit_rapportage
from monitoring.models import Rapportage, Voortgangsscore
from regio.models import Lidmaatschap, Regio
from regio.permissions import Rol
from regio.tables import read_table, write_csv, write_ods, write_xlsx
from tests.beheer import Wereld, make_wereld
from tests.factories import make_beheerder, make_doel, make_gemeente, make_meetmoment, make_score
from tests.worlds import once

pytestmark = pytest.mark.django_db

LIST = "/beheer/monitoring/voortgangsscore/"
COLUMNS = ["regio", "agenda", "meetmoment", "doel", "gemeente", "score", "toelichting"]
WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "ods": write_ods}


built, west = once(lambda: make_wereld("west", 1))


@pytest.fixture
def client(west: Wereld):
    return signed_in(west.secretaris)


def signed_in(gebruiker) -> Client:
    client = Client()
    client.force_login(gebruiker)
    return client


def row(doel: str = "A1", score: Any = 4, toelichting: str = "", gemeente: str = "", **changes: str) -> list[Any]:
    keys = {"regio": "west", "agenda": "2023-2027", "meetmoment": "west-26"} | changes
    return [*keys.values(), doel, gemeente, score, toelichting]


def upload(client: Client, rows: list, kind: str = "csv"):
    file = SimpleUploadedFile(f"scores.{kind}", WRITERS[kind](COLUMNS, rows))
    return client.post(f"{LIST}import/", {"bestand": file})


def confirm(client: Client, preview):
    return client.post(f"{LIST}process_import/", {"gegevens": preview.context["gegevens"]}, follow=True)


def fouten(response) -> list[tuple]:
    return [(fout.rij, fout.kolom, fout.waarde) for fout in response.context["uitslag"].fouten]


def number_of(score: Voortgangsscore) -> int | None:
    return score.waarde.waarde if score.waarde else None


def telling(response) -> str:
    return response.context["uitslag"].telling


@pytest.mark.parametrize("kind", WRITERS)
def test_scores_are_shown_first_and_saved_as_the_entry_page_saves_them(west: Wereld, client: Client, kind: str):
    make_doel(west.agenda, "B1", west.thema)
    make_doel(west.agenda, "B2", west.thema)
    rows = [
        row("A1", 5, "Alle scholen doen mee.\nDaar zijn we trots op."),
        row("B1", 3),
        row("B2", "", "Nog in gesprek."),
    ]
    preview = upload(client, rows, kind)
    assert telling(preview) == "nieuw 2, gewijzigd 1, gelijk 0, fout 0"
    assert "<del>4</del> <ins>5</ins>" in preview.content.decode()
    assert Voortgangsscore.objects.count() == 1

    done = confirm(client, preview)
    assert "Het bestand is ingelezen: nieuw 2, gewijzigd 1" in done.content.decode()
    west.score.refresh_from_db()
    assert (number_of(west.score), west.score.versie) == (5, 2)
    assert west.score.toelichting == "Alle scholen doen mee.\nDaar zijn we trots op."
    scores = {score.doel.code: score for score in Voortgangsscore.objects.all()}
    assert (number_of(scores["B1"]), scores["B1"].versie) == (3, 1)
    assert (scores["B2"].waarde, scores["B2"].toelichting) == (None, "Nog in gesprek.")
    for score in scores.values():
        assert score.gewijzigd_door == west.secretaris
        assert score.history.latest().history_user == west.secretaris


@pytest.mark.parametrize("kind", WRITERS)
def test_what_goes_out_comes_in_as_gelijk_whatever_its_state(west: Wereld, client: Client, kind: str):
    make_wereld("oost", 2)
    vorig = make_meetmoment(west.agenda, "aug-25", date(2025, 8, 31))
    make_score(west.doel, vorig, 1, west.secretaris)  # a draft without the explanation it needs
    make_score(west.doel, vorig, None, west.secretaris, "=Nog\r\n- geen score", organisatie=west.gemeente)
    Rapportage.objects.filter(meetmoment=west.meetmoment).delete()
    submit_rapportage(meetmoment=west.meetmoment, by=west.secretaris)

    choice = {"csv": "1", "xlsx": "0", "ods": "2"}[kind]
    file = client.post(f"{LIST}export/", {"format": choice, "resource": "0"})
    table = read_table(f"x.{kind}", file.content)
    assert table.columns == COLUMNS
    assert sorted(tuple(found.cells.values())[2:] for found in table.rows) == [
        ("aug-25", "A1", "", "1", ""),
        ("aug-25", "A1", "Weststad", "", "=Nog\n- geen score"),
        ("west-26", "A1", "", "4", "Toelichting west"),
    ]
    again = client.post(f"{LIST}import/", {"bestand": SimpleUploadedFile(f"x.{kind}", file.content)})
    assert telling(again) == "nieuw 0, gewijzigd 0, gelijk 3, fout 0"
    assert "gegevens" not in again.context


def test_the_name_of_a_file_says_it_where_the_scores_are_made_up(west: Wereld, client: Client):
    oost = make_wereld("oost", 2)
    made_up = "-fictieve-voorbeelddata.csv"
    asked = {"format": "1", "resource": "0"}
    for regio, expected in ((oost.regio, False), (west.regio, True)):
        Regio.objects.filter(pk=regio.pk).update(voorbeelddata=True)
        file = client.post(f"{LIST}export/", asked)
        assert (made_up in file["Content-Disposition"]) is expected
    # What an agenda says is its own, with made-up scores too.
    assert made_up not in client.post("/beheer/agenda/doel/export/", asked)["Content-Disposition"]


def test_what_is_no_longer_scored_per_gemeente_comes_in_as_gelijk_and_does_not_change(west: Wereld, client: Client):
    make_score(west.doel, west.meetmoment, 3, west.secretaris, "Lokaal.", organisatie=west.gemeente)
    west.doel.lokaal = False
    west.doel.save()
    file = client.post(f"{LIST}export/", {"format": "1", "resource": "0"})
    again = client.post(f"{LIST}import/", {"bestand": SimpleUploadedFile("x.csv", file.content)})
    assert telling(again) == "nieuw 0, gewijzigd 0, gelijk 2, fout 0"
    assert fouten(upload(client, [row("A1", 4, "Anders.", gemeente="Weststad")])) == [(2, "gemeente", "Weststad")]


def test_a_score_other_than_the_year_before_asks_for_an_explanation(west: Wereld, client: Client):
    b1, b2 = make_doel(west.agenda, "B1", west.thema), make_doel(west.agenda, "B2", west.thema)
    before = make_meetmoment(west.agenda, "aug-25", date(2025, 8, 31))
    for doel in (b1, b2):
        make_score(doel, before, 4, west.secretaris)
    response = upload(client, [row("B1", 3), row("B2", 4)])
    assert fouten(response) == [(2, "toelichting", "")]
    assert "van 4 naar 3" in response.context["uitslag"].fouten[0].verwacht
    assert telling(upload(client, [row("B1", 3, "Het werd minder."), row("B2", 4)])).startswith("nieuw 2")


def test_the_rules_of_a_score_hold_and_nothing_is_saved(west: Wereld, client: Client):
    oost = make_wereld("oost", 2)
    make_doel(west.agenda, "B1", west.thema)
    make_doel(west.agenda, "B2", west.thema)
    make_gemeente(oost.regio, "verweg", "GM0077")
    rows = [
        row("B1", 3, "Dit klopt."),
        row("A1", 6),
        row("B2", 1),
        row("C9", 3),
        row("B2", 2, "Bel 06-12345678."),
        row("A1", 3, meetmoment="aug-99"),
        row("A1", 3, agenda="2030"),
        row("A1", 3, regio="oost"),
        row("B1", 3, gemeente="Weststad"),
        row("A1", 3, gemeente="Verweg"),
        row("A1", 3, gemeente="Weststad"),
        row("B1", 4),
    ]
    response = upload(client, rows)
    assert fouten(response) == [
        (3, "score", "6"),
        (4, "toelichting", ""),
        (5, "doel", "C9"),
        (6, "", ""),
        (7, "meetmoment", "aug-99"),
        (8, "agenda", "2030"),
        (9, "regio", "oost"),
        (10, "gemeente", "Weststad"),
        (11, "gemeente", "Verweg"),
        (12, "gemeente", "Weststad"),
        (13, "", ""),
    ]
    expected = [fout.verwacht for fout in response.context["uitslag"].fouten]
    assert expected[0] == "Kies uit: 1, 2, 3, 4, 5."
    assert expected[1] == "Een toelichting: een score 1 vraagt een toelichting."
    assert expected[2] == "Kies uit: A1, B1, B2."
    assert expected[4:7] == ["Kies uit: west-26.", "Kies uit: 2023-2027.", "Kies uit: west."]
    assert expected[7] == "Een lege cel: B1 wordt niet per gemeente gescoord."
    assert expected[8] == "Kies uit: Weststad."
    assert expected[9] == "Een lege cel: de score van Weststad voert die gemeente zelf in."
    assert Voortgangsscore.objects.filter(meetmoment=west.meetmoment).count() == 1
    assert "oost" not in " ".join(expected).lower()


def test_personal_data_is_refused(west: Wereld, client: Client):
    response = upload(client, [row(toelichting="Leerling 123456782 zit thuis.")])
    assert fouten(response) == [(2, "toelichting", "Leerling 123456782 zit thuis.")]
    assert "‘123456782’ (burgerservicenummer)" in response.content.decode()


def test_an_explanation_that_is_too_long_is_refused(west: Wereld, client: Client):
    assert fouten(upload(client, [row(toelichting="x" * 5001)])) == [(2, "toelichting", "x" * 5001)]


def test_a_meetmoment_before_the_oogo_is_closed(west: Wereld, client: Client):
    Rapportage.objects.filter(meetmoment=west.meetmoment).delete()
    submit_rapportage(meetmoment=west.meetmoment, by=west.secretaris)
    response = upload(client, [row("A1", 3)])
    assert fouten(response) == [(2, "meetmoment", "west-26")]
    assert "voorgelegd aan het OOGO" in response.content.decode()


def test_an_empty_row_makes_no_score_and_an_empty_cell_empties_none(west: Wereld, client: Client):
    make_doel(west.agenda, "B1", west.thema)
    response = upload(client, [row("B1", ""), row("A1", "", "Nieuwe toelichting")])
    assert telling(response) == "nieuw 0, gewijzigd 1, gelijk 1, fout 0"
    confirm(client, response)
    west.score.refresh_from_db()
    assert (number_of(west.score), west.score.toelichting) == (4, "Nieuwe toelichting")
    assert Voortgangsscore.objects.count() == 1


def test_a_score_saved_after_the_preview_is_not_overwritten_unseen(west: Wereld, client: Client):
    preview = upload(client, [row("A1", 3, "Uit het bestand")])
    west.score.toelichting, west.score.versie = "Intussen op de invoerpagina", 2
    west.score.save()
    again = confirm(client, preview)
    west.score.refresh_from_db()
    assert west.score.toelichting == "Intussen op de invoerpagina"
    assert "<del>Intussen op de invoerpagina</del> <ins>Uit het bestand</ins>" in again.content.decode()
    confirm(client, again)
    west.score.refresh_from_db()
    assert (west.score.toelichting, west.score.versie) == ("Uit het bestand", 3)


def test_a_score_saved_during_the_import_is_not_overwritten_unseen(
    west: Wereld, client: Client, monkeypatch: pytest.MonkeyPatch
):
    def save_after_somebody_else(**score: Any) -> Voortgangsscore | None:
        save_score(**score | {"toelichting": "Net iets eerder", "by": west.oogo_lid})
        return save_score(**score)

    monkeypatch.setattr("monitoring.resources.save_score", save_after_somebody_else)
    response = upload(client, [row("A1", 3, "Uit het bestand")])
    assert fouten(response) == [(2, "", "")]
    assert "Iemand anders heeft deze score intussen bewaard." in response.content.decode()


def test_a_new_score_made_after_the_preview_is_not_overwritten_unseen(west: Wereld, client: Client):
    doel = make_doel(west.agenda, "B1", west.thema)
    preview = upload(client, [row("B1", 3, "Uit het bestand")])
    made = make_score(doel, west.meetmoment, 4, west.secretaris, "Al gescoord")
    confirm(client, preview)
    made.refresh_from_db()
    assert made.toelichting == "Al gescoord"


def test_who_also_enters_for_a_gemeente_imports_its_scores(west: Wereld):
    Lidmaatschap.objects.create(
        gebruiker=west.secretaris, regio=west.regio, rol=Rol.INVOERDER, organisatie=west.gemeente
    )
    client = signed_in(west.secretaris)
    for name in ("Weststad", "GM0001"):
        preview = upload(client, [row("A1", 3, f"Lokaal {name}", gemeente=name)])
        confirm(client, preview)
    score = Voortgangsscore.objects.get(organisatie=west.gemeente)
    assert (score.toelichting, score.versie) == ("Lokaal GM0001", 2)


def test_scoring_from_a_file_is_the_regios_own(west: Wereld):
    beheerder = signed_in(make_beheerder())
    body = beheerder.get(LIST).content.decode()
    assert "Exporteren" in body
    assert "Importeren" not in body
    assert beheerder.get(f"{LIST}import/").status_code == 403
    assert beheerder.post(f"{LIST}process_import/", {}).status_code == 403
    assert "Importeren" in signed_in(west.secretaris).get(LIST).content.decode()


def test_scores_and_reports_are_to_be_read(west: Wereld, client: Client):
    for url in (LIST, "/beheer/monitoring/rapportage/"):
        for one in (client, signed_in(make_beheerder(f"{len(url)}@example.test"))):
            pk = west.score.pk if url == LIST else Rapportage.objects.get().pk
            assert one.post(f"{url}{pk}/change/", {"toelichting": "x", "status": "voorgelegd"}).status_code == 403
            assert one.get(f"{url}add/").status_code == 403
            assert one.post(f"{url}{pk}/delete/", {"post": "yes"}).status_code == 403
    west.score.refresh_from_db()
    assert west.score.toelichting == "Toelichting west"


def test_the_preview_of_two_hundred_scores_asks_little(west: Wereld, client: Client, django_assert_max_num_queries):
    momenten = [make_meetmoment(west.agenda, f"jaar-{n}", date(2000 + n, 8, 31)) for n in range(10)]
    doelen = [make_doel(west.agenda, f"B{n}", west.thema) for n in range(10)]
    rows = []
    for moment in momenten:
        for doel in doelen:
            make_score(doel, moment, 3, west.secretaris)
            rows.append(row(doel.code, 3, meetmoment=moment.slug))
    with django_assert_max_num_queries(400) as captured:
        assert telling(upload(client, rows)) == "nieuw 0, gewijzigd 0, gelijk 100, fout 0"
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 15
