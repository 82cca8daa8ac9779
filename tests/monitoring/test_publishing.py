"""Who decides what everybody may read, and what becomes of it: the regio's choice, making public and withdrawing."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from monitoring.disclosure import MOMENTS, find_persons, without_persons
from monitoring.models import Publicatie
from monitoring.publishing import NotPublishable
from regio.models import Regio
from tests.monitoring.publicity import REPORT, WHY, Openbaarheid
from tests.monitoring.test_snapshot import SCHEMA
from tests.worlds import once

pytestmark = pytest.mark.django_db

MOMENT = "/regio/west/agenda/2023-2027/aug-25/"
CHOICE = "/regio/west/openbaarheid/"
MOST_QUERIES = 12


built, world = once(Openbaarheid)


@pytest.fixture
def secretaris(world, client):
    client.force_login(world.people["secretaris"])
    return client


# The rules


def test_nothing_is_public_before_the_regio_chooses_to_publish(world):
    world.adopt_next()
    with pytest.raises(NotPublishable, match="maakt geen rapporten openbaar"):
        world.publish()
    world.choose()
    assert not Publicatie.objects.exists()
    assert world.publish().gepubliceerd_door == world.indiener


@pytest.mark.parametrize("role", ["oogo-lid", "coordinator", "invoerder", "beheerder", "elders"])
def test_only_a_secretaris_decides(world, role):
    by = world.people[role]
    public = world.make_public()
    for attempt in (
        lambda: world.withdraw(public, by=by),
        lambda: world.publish(by=by),
        lambda: world.choose(publiceert=False, reden=WHY, by=by),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert Publicatie.objects.public().count() == 1


def test_only_the_latest_adopted_version_becomes_public_and_only_once(world):
    first = world.adopt_next()
    world.choose()
    world.publish()
    with pytest.raises(NotPublishable, match="al openbaar"):
        world.publish()
    world.adopt_next()
    with pytest.raises(NotPublishable, match="niet de laatst vastgestelde"):
        world.publish(momentopname=first)


def test_withdrawing_takes_the_earlier_versions_along_and_leaves_the_later(world):
    first = world.make_public()
    world.adopt_next()
    second = world.publish()
    world.adopt_next()
    third = world.publish()
    assert {p.pk for p in world.withdraw(second)} == {first.pk, second.pk}
    assert list(Publicatie.objects.public()) == [third]
    with pytest.raises(NotPublishable, match="al ingetrokken"):
        world.withdraw(second)


def test_choosing_not_to_publish_withdraws_everything_with_its_reason(world):
    public = world.make_public()
    with pytest.raises(NotPublishable, match="Schrijf waarom"):
        world.choose(publiceert=False)
    assert [p.pk for p in world.choose(publiceert=False, reden=WHY)] == [public.pk]
    public.refresh_from_db()
    assert (public.reden_intrekking, public.ingetrokken_door) == (WHY, world.indiener)
    assert not Publicatie.objects.public().exists()


def test_what_was_withdrawn_can_become_public_again(world):
    world.withdraw(world.make_public())
    world.publish(op=None)
    assert Publicatie.objects.count() == 2
    assert Publicatie.objects.public().count() == 1


def test_a_text_that_names_somebody_keeps_the_report_from_everybody(world):
    name = world.people["coordinator"].naam
    world.a1.voortgangsscore_set.filter(meetmoment=world.moment).update(toelichting=f"Vraag het {name.upper()}.")
    world.adopt_next()
    world.choose()
    with pytest.raises(NotPublishable, match=f"‘{name.upper()}’ bij doel A1"):
        world.publish()


def test_the_days_of_a_report_are_nobodys_birthday_when_they_are_years_ago(world):
    with time_machine.travel("2031-03-15T12:00:00+01:00", tick=False):
        world.choose()
        world.adopt_next()
        assert world.publish().gepubliceerd_door == world.indiener
        assert find_persons({"toelichting": "2019-03-07"}, []) != []


def test_every_day_and_moment_of_a_snapshot_is_known_by_its_key():
    def keys_of(node):
        if isinstance(node, dict):
            for key, value in node.get("properties", {}).items():
                refs = {value.get("$ref"), *(one.get("$ref") for one in value.get("anyOf", ()))}
                yield from [key] if refs & {"#/$defs/dag", "#/$defs/moment"} else []
            node = list(node.values())
        for part in node if isinstance(node, list) else ():
            yield from keys_of(part)

    assert set(keys_of(SCHEMA)) == MOMENTS


def test_every_step_is_in_the_history_and_in_the_log(world, caplog, django_capture_on_commit_callbacks):
    with caplog.at_level("INFO", "agendamonitor.audit"), django_capture_on_commit_callbacks(execute=True):
        world.withdraw(world.make_public())
    for said in ('"wat": "gekozen"', '"wat": "openbaar"', '"wat": "ingetrokken"'):
        assert said in caplog.text
    kept = Publicatie.history.order_by("history_id")
    assert [row.history_user for row in kept] == [world.indiener] * 2
    assert kept.last().history_change_reason == WHY
    assert Regio.history.filter(id=world.regio.pk).latest().history_user == world.indiener


@pytest.mark.parametrize(
    "wrong",
    [
        {"ingetrokken_op": timezone.now()},
        {"reden_intrekking": "Zomaar"},
        {"gepubliceerd_op": timezone.now() + timedelta(days=1), "ingetrokken_op": timezone.now()},
    ],
    ids=["no reason", "no date", "before it was public"],
)
def test_the_database_refuses_half_a_withdrawal(world, wrong):
    public = world.make_public()
    with pytest.raises(IntegrityError), transaction.atomic():
        Publicatie.objects.filter(pk=public.pk).update(**wrong)


def test_the_database_refuses_the_same_version_public_twice(world):
    public = world.make_public()
    public.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        Publicatie.objects.bulk_create([public])


def test_a_person_goes_out_of_every_part_of_a_snapshot():
    content = {"door": "Jan", "deel": [{"ingevoerd_door": "Jan", "tekst": "Door de bocht"}], "vastgesteld_door": None}
    assert without_persons(content) == {
        "door": "",
        "deel": [{"ingevoerd_door": "", "tekst": "Door de bocht"}],
        "vastgesteld_door": None,
    }


def test_persons_are_found_in_texts_whole_and_in_any_case():
    content = {"doelen": [{"code": "A1", "tekst": "Bel Anna de Vries of a@b.nl"}, {"code": "B", "tekst": "Annabel"}]}
    assert [str(found) for found in find_persons(content, ["anna de vries", "Bel", "anna de vri"])] == [
        "‘Anna de Vries’ bij doel A1",
        "‘a@b.nl’ bij doel A1",
    ]


# The secretaris's pages


def test_the_secretaris_chooses_publishes_and_withdraws_by_hand(world, secretaris, client):
    world.adopt_next()
    assert "maakt geen rapporten openbaar" in secretaris.get(MOMENT + "openbaar-maken/").text
    page = secretaris.post(CHOICE, {"publiceert": "ja"}, follow=True).text
    assert "Kies nu per rapport" in page
    asked = secretaris.get(MOMENT + "openbaar-maken/").text
    assert "namen van personen" in asked
    assert "CC0 1.0" in asked
    page = secretaris.post(MOMENT + "openbaar-maken/", {"versie": "1"}, follow=True).text
    assert "Iedereen kan het rapport lezen" in page
    assert f'href="{REPORT}versie-1/"' in page
    assert f'href="{REPORT}"' in secretaris.get("/regio/west/rapporten/").text
    page = secretaris.post(MOMENT + "intrekken/1/", {"reden": ""}).text
    assert "vindt anders een lege plek" in page
    page = secretaris.post(MOMENT + "intrekken/1/", {"reden": WHY}, follow=True).text
    assert WHY in page
    assert client.get(REPORT).status_code == 410
    again = secretaris.post(MOMENT + "intrekken/1/", {"reden": "Ook ik schreef een reden."}).text
    assert "is al ingetrokken" in again
    assert "Ook ik schreef een reden." in again
    # On one day there is nothing between "van" and "tot".
    (publicatie,) = Publicatie.objects.all()
    for page in (client.get(REPORT).text, client.get("/openbaar/west/").text, secretaris.get(CHOICE).text):
        assert publicatie.periode in page.replace("Op ", "op ")
    assert publicatie.periode == f"op {date_format(timezone.localtime(publicatie.ingetrokken_op))}"
    publicatie.gepubliceerd_op -= timedelta(days=1)
    assert publicatie.periode.startswith("van ")


def test_the_reason_of_a_tombstone_counts_no_few_children(world, secretaris):
    world.make_public()
    reden = "Klacht over Oudewater: het gaat om 3 leerlingen."
    page = secretaris.post(MOMENT + "intrekken/1/", {"reden": reden}).text
    assert "‘3 leerlingen’ noemt een klein aantal. Iedereen leest dit, en aantallen onder 5" in page
    assert reden in page
    assert not Publicatie.objects.exclude(ingetrokken_op=None).exists()


def test_the_reason_of_a_tombstone_names_nobody(world, secretaris):
    world.make_public()
    reden = f"{world.people['oogo-lid'].naam} wilde dit."
    for page in (MOMENT + "intrekken/1/", CHOICE):
        answer = secretaris.post(page, {"reden": reden, "publiceert": "nee"}).text
        assert "hoort niet op een openbare pagina. Schrijf het zonder naam." in answer
        assert reden in answer
    assert not Publicatie.objects.exclude(ingetrokken_op=None).exists()


def test_what_was_public_twice_tells_of_both_times(world, secretaris, client):
    world.adopt_next()
    world.choose()
    for reden in ("Een alinea was niet af.", "De tabel klopte niet."):
        asked = secretaris.get(MOMENT + "openbaar-maken/").text
        world.publish()
        secretaris.post(MOMENT + "intrekken/1/", {"reden": reden})
    assert "ingetrokken omdat: Een alinea was niet af." in asked
    for page in (client.get(REPORT).text, secretaris.get(CHOICE).text):
        assert "Een alinea was niet af." in page
        assert "De tabel klopte niet." in page


def test_a_version_that_was_adopted_meanwhile_is_not_made_public_unread(world, secretaris):
    world.adopt_next()
    world.choose()
    world.adopt_next()
    page = secretaris.post(MOMENT + "openbaar-maken/", {"versie": "1"}).text
    assert "Lees die eerst" in page
    assert not Publicatie.objects.exists()


def test_stopping_asks_why_and_keeps_what_was_typed(world, secretaris):
    world.make_public()
    typed = "Bel 06-12345678 voor de reden"
    page = secretaris.post(CHOICE, {"reden": typed}).text
    assert "Dit lijkt een persoonsgegeven" in page
    assert typed in page
    page = secretaris.post(CHOICE, {"reden": WHY}, follow=True).text
    assert "maakt geen rapporten meer openbaar" in page
    assert "Geen rapporten openbaar maken" in page


def test_a_report_that_was_not_adopted_cannot_be_made_public(world, secretaris):
    assert secretaris.get(MOMENT + "openbaar-maken/").status_code == 404
    assert secretaris.get(MOMENT + "intrekken/1/").status_code == 404


def test_who_reads_only_sees_that_it_is_public_and_no_button(world, client):
    world.make_public()
    client.force_login(world.lid)
    page = client.get(MOMENT + "rapport/").text
    assert f'href="{REPORT}versie-1/"' in page
    assert "intrekken/1/" not in page
    assert CHOICE not in client.get("/regio/west/rapporten/").text


def test_pages_take_few_queries(world, secretaris, django_assert_max_num_queries):
    world.make_public()
    world.adopt_next()
    world.publish()
    for path in (CHOICE, MOMENT + "openbaar-maken/", MOMENT + "intrekken/2/", MOMENT + "rapport/"):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert secretaris.get(path).status_code == 200


def test_beheer_shows_the_choice_and_changes_nothing(world, client):
    world.choose()
    client.force_login(world.people["beheerder"])
    page = client.get(f"/beheer/regio/regio/{world.regio.pk}/change/").text
    assert "maakt vastgestelde rapporten openbaar" in page.lower()
    assert 'name="publiceert"' not in page
    assert "penbaar" in client.get(f"/beheer/regio/regio/{world.regio.pk}/history/").text
