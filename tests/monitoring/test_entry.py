"""Entering scores in the browser's place: what is posted, what is stored, and what the page says back."""

from datetime import date

import pytest
import time_machine

from agenda.models import Agenda, Schaalwaarde
from monitoring.invoertaken import key_of_scores, load_taken
from monitoring.models import Rapportage, Voortgangsscore
from regio.permissions import Rol
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
from tests.worlds import once


class World:
    """One regio with doelen A1 (also per gemeente) and B1, two meetmomenten, a secretaris and two gemeenten."""

    def __init__(self):
        self.regio = make_regio("west")
        self.agenda = make_agenda(self.regio)
        self.a1 = make_doel(self.agenda, "A1", volgorde=1, lokaal=True)
        self.b1 = make_doel(self.agenda, "B1", volgorde=2)
        self.vorig = make_meetmoment(self.agenda, "aug-25", date(2025, 8, 31))
        self.nu = make_meetmoment(self.agenda, "aug-26", date(2026, 8, 31))
        self.stad = make_gemeente(self.regio, "stad", "GM0001")
        self.dorp = make_gemeente(self.regio, "dorp", "GM0002")
        self.secretaris = make_gebruiker("sara@example.test", Rol.SECRETARIS, self.regio)
        self.invoerder = make_gebruiker("iris@example.test", Rol.INVOERDER, self.regio, self.stad)
        self.url = "/regio/west/agenda/2023-2027/aug-26/invoer/"

    def pk(self, waarde):
        return Schaalwaarde.objects.get(schaal=self.agenda.schaal_id, waarde=waarde).pk

    def card(self, code, waarde, toelichting, versie=0, **more):
        """The fields of one card, as the browser sends them."""
        fields = {
            "doel": code,
            f"{code}-waarde": self.pk(waarde) if waarde else "",
            f"{code}-toelichting": toelichting,
            f"{code}-versie": versie,
        }
        return fields | {f"{code}-{name}": value for name, value in more.items()}

    def score(self, doel, organisatie=None):
        return Voortgangsscore.objects.get(doel=doel, meetmoment=self.nu, organisatie=organisatie)


built, world = once(World)


@pytest.fixture
def as_secretaris(client, world):
    client.force_login(world.secretaris)
    return client


@pytest.fixture
def as_invoerder(client, world):
    client.force_login(world.invoerder)
    return client


def save_one(client, world, *args, url=None, **kwargs):
    """Save one card as htmx does: it names the status line that it wants back."""
    headers = {"HX-Request": "true", "HX-Target": f"status-{args[0]}"}
    return client.post(url or world.url, world.card(*args, **kwargs), headers=headers)


def test_autosave_stores_the_score_and_says_so(as_secretaris, world):
    answer = save_one(as_secretaris, world, "b1", 4, "Er zijn <drie> arrangementen bij & dat helpt")

    stored = world.score(world.b1)
    assert (stored.waarde.waarde, stored.versie, stored.gewijzigd_door) == (4, 1, world.secretaris)
    assert stored.toelichting == "Er zijn <drie> arrangementen bij & dat helpt"
    assert "Opgeslagen" in answer.text
    assert 'name="b1-versie" value="1"' in answer.text
    assert "1 van 2 ingevuld" in answer.text


@pytest.mark.parametrize(("day", "comes"), [("2026-08-30", True), ("2026-08-31", False)])
def test_pages_say_that_the_peildatum_is_yet_to_come(client, world, day, comes):
    with time_machine.travel(f"{day}T12:00:00+02:00"):
        client.force_login(world.secretaris)
        pages = [client.get(world.url), client.get(world.url.replace("invoer", "voorleggen"))]
    assert ["De peildatum is 31 augustus 2026. Die dag komt nog" in page.text for page in pages] == [comes, comes]


def test_autosave_answers_with_a_fragment_and_the_page_with_a_page(as_secretaris, world):
    assert "<html" not in save_one(as_secretaris, world, "b1", 3, "").text
    assert "<html" in as_secretaris.get(world.url).text


def test_saving_the_same_twice_writes_one_version(as_secretaris, world):
    save_one(as_secretaris, world, "b1", 3, "gelijk gebleven")
    save_one(as_secretaris, world, "b1", 3, "gelijk gebleven", versie=0)

    assert world.score(world.b1).versie == 1
    assert Voortgangsscore.history.count() == 1


def test_an_untouched_card_stores_nothing(as_secretaris, world):
    save_one(as_secretaris, world, "b1", None, "")

    assert not Voortgangsscore.objects.exists()


def test_history_names_who_changed_what(as_secretaris, world):
    save_one(as_secretaris, world, "b1", 3, "eerst")
    save_one(as_secretaris, world, "b1", 4, "toen", versie=1)

    changes = Voortgangsscore.history.order_by("history_date")
    assert [(h.waarde.waarde, h.toelichting, h.history_user) for h in changes] == [
        (3, "eerst", world.secretaris),
        (4, "toen", world.secretaris),
    ]


def test_a_score_that_needs_an_explanation_is_kept_as_a_draft(as_secretaris, world):
    answer = save_one(as_secretaris, world, "b1", 1, "")

    assert world.score(world.b1).waarde.waarde == 1
    assert "een score 1 vraagt een toelichting" in answer.text


def test_a_changed_score_asks_for_an_explanation(as_secretaris, world):
    make_score(world.b1, world.vorig, 3, world.secretaris)

    answer = save_one(as_secretaris, world, "b1", 4, "")

    assert "de score ging van 3 naar 4: dat vraagt een toelichting" in answer.text


def test_last_years_score_stands_beside_the_field(as_secretaris, world):
    make_score(world.b1, world.vorig, 2, world.secretaris, "Wachtlijst bij alle scholen")

    page = as_secretaris.get(world.url).text

    assert "Aug 25: 2 · vraagt aandacht." in page
    assert "Wachtlijst bij alle scholen" in page


def test_the_page_says_which_scores_of_its_scale_need_an_explanation(as_secretaris, world):
    assert (
        "Bij een score 1, 2 of 5, en bij elke score die anders is dan vorig jaar,"
        in as_secretaris.get(world.url).content.decode()
    )

    Schaalwaarde.objects.filter(schaal=world.agenda.schaal_id).update(toelichting_verplicht=False)
    assert "Bij elke score die anders is dan vorig jaar," in as_secretaris.get(world.url).content.decode()


def test_the_second_of_two_sees_both_texts(as_secretaris, world):
    make_score(world.b1, world.nu, 3, make_gebruiker("collega@example.test", naam="Collega"), "tekst van de eerste")
    answer = save_one(as_secretaris, world, "b1", 4, "tekst van de tweede", versie=0)

    assert world.score(world.b1).toelichting == "tekst van de eerste"
    assert "tekst van de eerste" in answer.text
    assert "Collega bewaarde hier iets anders" in answer.text
    assert "Die van Collega overnemen" in answer.text
    assert 'name="b1-gezien" value="1"' in answer.text


def test_who_is_in_two_windows_is_told_so_instead_of_the_own_name(as_secretaris, world):
    save_one(as_secretaris, world, "b1", 3, "tekst van de eerste")
    answer = save_one(as_secretaris, world, "b1", 4, "tekst van de tweede", versie=0).text

    assert "U bewaarde hier iets anders in een ander venster" in answer
    assert "Die uit het andere venster overnemen" in answer
    assert world.secretaris.naam not in answer
    page = as_secretaris.post(world.url, world.card("b1", 4, "tekst van de tweede", versie=0)).text
    assert "B1: u bewaarde intussen iets anders in een ander venster." in page


def test_the_second_may_keep_their_own_text(as_secretaris, world):
    save_one(as_secretaris, world, "b1", 3, "tekst van de eerste")
    save_one(as_secretaris, world, "b1", 4, "tekst van de tweede", versie=0, keuze="mijn", gezien=1)

    assert world.score(world.b1).toelichting == "tekst van de tweede"
    assert Voortgangsscore.history.filter(toelichting="tekst van de eerste").exists()


def test_keeping_ones_own_text_is_asked_again_when_a_third_saved(as_secretaris, world):
    save_one(as_secretaris, world, "b1", 3, "een")
    save_one(as_secretaris, world, "b1", 3, "twee", versie=1)
    answer = save_one(as_secretaris, world, "b1", 4, "drie", versie=0, keuze="mijn", gezien=1)

    assert world.score(world.b1).toelichting == "twee"
    assert "bewaarde hier iets anders" in answer.text


def test_the_second_may_take_the_other_text(as_secretaris, world):
    save_one(as_secretaris, world, "b1", 3, "tekst van de eerste")
    answer = save_one(as_secretaris, world, "b1", 4, "tekst van de tweede", versie=0, keuze="hun", gezien=1)

    assert world.score(world.b1).toelichting == "tekst van de eerste"
    assert "tekst van de tweede" not in answer.text
    assert answer.headers["HX-Retarget"] == "#doel-b1"


def test_without_javascript_all_cards_are_saved_at_once(as_secretaris, world):
    data = world.card("a1", 3, "") | world.card("b1", 5, "Trots op de overdracht")
    answer = as_secretaris.post(world.url, data | {"doel": ["a1", "b1"]}, follow=True)

    assert answer.redirect_chain == [(world.url, 302)]
    assert "Bewaard. 2 van 2 doelen hebben een score." in answer.text
    assert world.score(world.a1).waarde.waarde == 3
    assert world.score(world.b1).waarde.waarde == 5


def test_without_javascript_a_refused_card_keeps_its_text_and_the_others_are_saved(as_secretaris, world):
    text = "Bel moeder op 06-12345678 over het plan"
    data = world.card("a1", 3, "") | world.card("b1", 4, text)
    answer = as_secretaris.post(world.url, data | {"doel": ["a1", "b1"]})

    assert world.score(world.a1).waarde.waarde == 3
    assert not Voortgangsscore.objects.filter(doel=world.b1).exists()
    assert "1 doel is niet bewaard" in answer.text
    assert 'href="#id_b1-toelichting"' in answer.text
    assert "autofocus" in answer.text
    assert text in answer.text


def test_without_javascript_a_conflict_shows_both_texts(as_secretaris, world):
    make_score(world.b1, world.nu, 2, make_gebruiker("collega@example.test"), "al bewaard", versie=3)
    answer = as_secretaris.post(world.url, world.card("b1", 4, "mijn nieuwe tekst", versie=2))

    assert "al bewaard" in answer.text
    assert "mijn nieuwe tekst" in answer.text
    assert "iemand anders bewaarde intussen iets anders" in answer.text


@pytest.mark.parametrize("waarde", ["999999", "abc", "1; drop table", "\x00"])
def test_a_value_outside_the_scale_is_refused(as_secretaris, world, waarde):
    data = {"doel": "b1", "b1-waarde": waarde, "b1-toelichting": "tekst die blijft", "b1-versie": "0"}
    answer = as_secretaris.post(world.url, data)

    assert answer.status_code == 200
    assert "tekst die blijft" in answer.text
    assert not Voortgangsscore.objects.exists()


def test_a_value_of_another_scale_is_refused(as_secretaris, world):
    other = Schaalwaarde.objects.get(schaal=make_agenda(make_regio("oost")).schaal_id, waarde=4)
    as_secretaris.post(world.url, {"doel": "b1", "b1-waarde": other.pk, "b1-toelichting": "", "b1-versie": 0})

    assert not Voortgangsscore.objects.exists()


@pytest.mark.parametrize("versie", ["", "-1", "abc", "99999999999999999999"])
def test_a_nonsense_version_never_overwrites(as_secretaris, world, versie):
    make_score(world.b1, world.nu, 2, world.secretaris, "al bewaard")
    data = {"doel": "b1", "b1-waarde": world.pk(4), "b1-toelichting": "nieuw", "b1-versie": versie}
    answer = as_secretaris.post(world.url, data)

    assert answer.status_code == 200
    assert world.score(world.b1).toelichting == "al bewaard"


def test_an_explanation_that_is_too_long_is_refused_and_kept(as_secretaris, world):
    answer = save_one(as_secretaris, world, "b1", 3, "x" * 5001)

    assert "Kort haar in tot 5000 tekens" in answer.text
    assert not Voortgangsscore.objects.exists()


def test_a_doel_whose_new_text_is_refused_is_not_called_complete(as_secretaris, world):
    save_one(as_secretaris, world, "a1", 3, "gelijk gebleven")
    assert "Alle 2 doelen zijn compleet." in save_one(as_secretaris, world, "b1", 3, "gelijk gebleven").text
    refused = save_one(as_secretaris, world, "b1", 3, "Bel moeder op 06-12345678", versie=1).text
    assert "Nog 1 doel niet compleet:" in refused
    assert '<a href="#doel-b1">B1</a>' in refused


def test_autosave_leaves_the_other_cards_alone_even_when_they_are_posted_too(as_secretaris, world):
    data = world.card("a1", 3, "nog bezig") | world.card("b1", 4, "klaar")
    headers = {"HX-Request": "true", "HX-Target": "status-b1"}
    as_secretaris.post(world.url, data | {"doel": ["a1", "b1"]}, headers=headers)

    assert [score.doel for score in Voortgangsscore.objects.all()] == [world.b1]


def test_a_doel_that_is_not_on_the_page_is_a_bad_request(as_secretaris, world):
    assert save_one(as_secretaris, world, "z9", 3, "").status_code == 400


def test_an_invoerder_scores_the_own_gemeente_and_only_local_doelen(as_invoerder, world):
    page = as_invoerder.get(world.url).text
    assert "Scores voor Aug 26 – Stad" in page
    assert "doel-a1" in page
    assert "doel-b1" not in page

    save_one(as_invoerder, world, "a1", 4, "Het LEA heeft het besproken")
    save_one(as_invoerder, world, "b1", 4, "niet van ons")

    assert world.score(world.a1, world.stad).waarde.waarde == 4
    assert not Voortgangsscore.objects.filter(organisatie=None).exists()


def test_an_invoerder_cannot_enter_for_another_gemeente_or_the_regio(as_invoerder, world):
    assert as_invoerder.get(world.url + "?namens=dorp").status_code == 404
    assert save_one(as_invoerder, world, "a1", 4, "x", url=world.url + "?namens=dorp").status_code == 404
    assert not Voortgangsscore.objects.exists()


def test_who_enters_for_two_chooses(client, world):
    both = make_gebruiker("bo@example.test", Rol.INVOERDER, world.regio, world.stad)
    both.lidmaatschap_set.create(regio=world.regio, rol=Rol.INVOERDER, organisatie=world.dorp)
    client.force_login(both)

    page = client.get(world.url + "?namens=dorp")

    assert "Scores voor Aug 26 – Dorp" in page.text
    assert 'href="?namens=stad"' in page.text


@pytest.mark.parametrize("rol", [Rol.OOGO_LID, Rol.COORDINATOR])
def test_who_only_reads_may_not_enter(client, world, rol):
    client.force_login(make_gebruiker("lezer@example.test", rol, world.regio))

    assert client.get(world.url).status_code == 403
    assert save_one(client, world, "b1", 3, "").status_code == 403


def test_another_regio_does_not_exist_for_this_secretaris(client, world):
    client.force_login(make_gebruiker("ver@example.test", Rol.SECRETARIS, make_regio("oost")))

    assert client.get(world.url).status_code == 404
    assert save_one(client, world, "b1", 3, "").status_code == 404


def test_the_entry_page_asks_as_much_of_the_database_for_40_doelen_as_for_2(
    as_secretaris, world, django_assert_max_num_queries
):
    for number in range(38):
        make_doel(world.agenda, f"C{number}", volgorde=10 + number)
    with django_assert_max_num_queries(12):
        page = as_secretaris.get(world.url)
    assert "0 van 40 ingevuld" in page.text


def test_a_report_mark_up_to_ten_can_be_a_scale(as_secretaris, world):
    for waarde in range(6, 11):
        step = Schaalwaarde(
            schaal=world.agenda.schaal,
            waarde=waarde,
            omschrijving=f"een {waarde}",
            kort=f"een {waarde}",
            toon="neutraal",
        )
        step.full_clean()
        step.save()
    save_one(as_secretaris, world, "b1", 10, "")
    page = as_secretaris.get(world.url).text
    assert world.score(world.b1).waarde.waarde == 10
    assert 'id="id_b1-waarde-10"' in page
    assert "<kbd>1</kbd> tot <kbd>9</kbd> kiest" in page


def submit(client):
    return client.post("/regio/west/agenda/2023-2027/aug-26/voorleggen/", follow=True)


def give_back(client, reden):
    return client.post("/regio/west/agenda/2023-2027/aug-26/teruggeven/", {"reden": reden}, follow=True)


def test_submitting_tells_what_is_missing_and_where(as_secretaris, world):
    save_one(as_secretaris, world, "a1", 3, "")
    save_one(as_secretaris, world, "b1", 2, "")

    answer = submit(as_secretaris)

    assert "1 van de 2 doelen is niet compleet" in answer.text
    assert f'href="{world.url}#doel-b1"' in answer.text
    assert "Een score 2 vraagt een toelichting." in answer.text
    assert not Rapportage.objects.filter(status="voorgelegd").exists()


def test_submitting_warns_that_gemeenten_did_not_score_yet(as_secretaris, world):
    make_score(world.a1, world.nu, 3, world.secretaris, organisatie=world.stad)
    save_one(as_secretaris, world, "a1", 3, "")
    save_one(as_secretaris, world, "b1", 3, "")

    page = as_secretaris.get("/regio/west/agenda/2023-2027/aug-26/voorleggen/").text

    assert "A1 Plan A1: Dorp" in page
    assert "Stad" not in page.split("A1 Plan A1: Dorp")[1].split("</ul>")[0]


def test_a_score_of_a_gemeente_without_its_explanation_keeps_the_meetmoment_open(as_secretaris, world):
    save_one(as_secretaris, world, "a1", 3, "")
    save_one(as_secretaris, world, "b1", 3, "")
    local = make_score(world.a1, world.nu, 1, world.secretaris, organisatie=world.stad)

    submit = "/regio/west/agenda/2023-2027/aug-26/voorleggen/"
    page = as_secretaris.get(submit).text
    assert "Dat kan nog niet: een score van een gemeente is niet compleet." in page
    assert "Stad: A1 Plan A1" in page
    assert "Een score 1 vraagt een toelichting." in page
    assert "Nog niet alle scores zijn compleet." in as_secretaris.post(submit).text
    assert not Rapportage.objects.filter(status="voorgelegd").exists()

    Voortgangsscore.objects.filter(pk=local.pk).update(toelichting="Er was geen aanbod.")
    assert "Dorp" in as_secretaris.get(submit).text
    as_secretaris.post(submit)
    assert Rapportage.objects.get(meetmoment=world.nu).status == "voorgelegd"


def test_doelen_of_two_themas_without_an_order_do_not_mix(as_secretaris, world):
    other = make_thema(world.agenda, "b")
    make_doel(world.agenda, "Z1", other, volgorde=1)

    page = as_secretaris.get(world.url).text

    assert page.index('id="doel-a1"') < page.index('id="doel-b1"') < page.index('id="doel-z1"')


def test_after_submitting_nothing_changes_until_it_is_given_back(client, world):
    client.force_login(world.secretaris)
    save_one(client, world, "a1", 3, "")
    save_one(client, world, "b1", 4, "beter")
    submit(client)

    answer = save_one(client, world, "b1", 1, "stiekem toch anders", versie=1)
    assert "Scores wijzigen kan pas als het is teruggegeven" in answer.text
    assert world.score(world.b1).waarde.waarde == 4

    client.force_login(make_gebruiker("otto@example.test", Rol.OOGO_LID, world.regio))
    give_back(client, "Graag een betere onderbouwing bij B1")

    client.force_login(world.secretaris)
    assert "Graag een betere onderbouwing bij B1" in client.get(world.url).text
    save_one(client, world, "b1", 3, "beter onderbouwd", versie=1)
    assert world.score(world.b1).waarde.waarde == 3


def test_submitting_twice_says_so(as_secretaris, world):
    save_one(as_secretaris, world, "a1", 3, "")
    save_one(as_secretaris, world, "b1", 3, "")
    submit(as_secretaris)

    assert "Aug 26 is al voorgelegd aan het OOGO." in submit(as_secretaris).text


def test_giving_back_needs_a_reason_and_a_submitted_meetmoment(client, world):
    client.force_login(make_gebruiker("otto@example.test", Rol.OOGO_LID, world.regio))
    assert "ligt niet voor aan het OOGO" in give_back(client, "te vroeg").text

    client.force_login(world.secretaris)
    save_one(client, world, "a1", 3, "")
    save_one(client, world, "b1", 3, "")
    submit(client)
    assert "Schrijf wat er moet gebeuren" in give_back(client, "  ").text
    assert Rapportage.objects.get().status == "voorgelegd"


def test_one_doel_of_several_is_spoken_of_as_one(as_secretaris, world):
    answer = as_secretaris.post(world.url, world.card("b1", 4, "Goed op weg"), follow=True)
    assert "Bewaard. 1 van 2 doelen heeft een score." in answer.text
    report = as_secretaris.get(world.url.replace("invoer", "rapport")).text
    assert "1 van de 2 doelen is gescoord" in report
    assert "1 van de 2 doelen heeft een score." in report


def test_an_agenda_without_a_scale_asks_nobody_for_scores(client, world):
    def asking():
        return {taak.betreft for taak in load_taken(date(2026, 11, 1), world.regio)}

    assert asking() == {key_of_scores(world.vorig.pk), key_of_scores(world.nu.pk)} | {
        key_of_scores(moment.pk, gemeente.pk)
        for moment in (world.vorig, world.nu)
        for gemeente in (world.stad, world.dorp)
    }
    Agenda.objects.update(schaal=None)
    assert asking() == set()
    for gebruiker, url in ((world.secretaris, world.url), (world.invoerder, f"{world.url}?namens=stad")):
        client.force_login(gebruiker)
        page = client.get(url).text
        assert "Deze agenda heeft nog geen schaal. Vraag de beheerder om er een te kiezen." in page
        assert "Toetsen in een score" not in page
        assert "Nog geen score" not in page
        with time_machine.travel("2026-11-01T12:00:00+01:00"):
            assert "/invoer/" not in client.get("/").text
    client.force_login(world.secretaris)
    assert 'name="wat"' not in client.get("/regio/west/voortgang/?schooljaar=2026-2027").text


def test_a_card_that_was_emptied_does_not_say_that_a_score_is_stored(as_secretaris, world):
    as_secretaris.post(world.url, world.card("b1", 4, "Goed op weg"))
    assert "Opgeslagen op" in as_secretaris.get(world.url).text
    as_secretaris.post(world.url, world.card("b1", None, "", versie=1))
    page = as_secretaris.get(world.url).text
    assert "Leeggemaakt op" in page
    assert "Opgeslagen op" not in page
