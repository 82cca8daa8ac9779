"""What was adopted, and where the public reads it, does not change in Beheer (domein.md, rule 7)."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agenda.models import Agenda
from monitoring.actions import reopen_rapportage, return_rapportage, submit_rapportage
from monitoring.models import Meetmoment, Publicatie
from monitoring.models.indicator import BEFORE_OOGO
from monitoring.publishing import withdraw_version
from regio.models import Regio
from tests.beheer import Wereld, make_public_wereld, sent_by
from tests.factories import make_agenda, make_beheerder, make_meetmoment, make_regio, make_schaal
from tests.regio.test_admin import sign_in
from tests.worlds import once

pytestmark = pytest.mark.django_db

VAST = "Dit meetmoment is voorgelegd of vastgesteld."
OPENBAAR = "Hun adres verandert niet meer"

built, people = once(lambda: (make_public_wereld("west", 1), make_beheerder()))


@pytest.fixture
def west(people) -> Wereld:
    return people[0]


@pytest.fixture
def beheer(people) -> Client:
    return sign_in(people[1])


@pytest.fixture
def adopted(west) -> Meetmoment:
    return Meetmoment.objects.get(slug="west-25")


def page(thing: Any, name: str = "change") -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{name}", args=[thing.pk])


def change(client: Client, thing: Any, **values: Any) -> str:
    """Save other values on the page of `thing`, and return the page as it was opened."""
    opened = client.get(page(thing))
    response = client.post(page(thing), sent_by(opened) | values)
    assert response.status_code == 302, response.context["errors"]
    thing.refresh_from_db()
    return opened.content.decode()


MOVED = {"slug": "anders", "naam": "Anders", "peildatum": "01-01-2024", "soort": "evaluatie"}


def test_of_an_adopted_meetmoment_only_the_last_day_of_entry_changes(west, beheer, adopted):
    before = Meetmoment.objects.filter(pk=adopted.pk).values(*MOVED, "agenda").get()
    other = make_agenda(west.regio, slug="andere-agenda")
    body = change(beheer, adopted, **MOVED, agenda=other.pk, deadline="01-10-2025")
    assert VAST in body
    assert Meetmoment.objects.filter(pk=adopted.pk).values(*MOVED, "agenda").get() == before
    assert adopted.deadline == date(2025, 10, 1)
    assert Client().get(f"/openbaar/west/{west.agenda.slug}/west-25/").status_code == 200


def test_nor_does_it_disappear(west, beheer, adopted):
    for thing in (adopted, west.agenda, west.regio):
        assert beheer.post(page(thing, "delete"), {"post": "yes"}).status_code == 200
        thing.refresh_from_db()


def test_the_scale_of_scores_stays_theirs(west, beheer):
    """Scores of another scale than their agenda's would have no words."""
    schaal, other = west.agenda.schaal, make_schaal("andere")
    body = change(beheer, west.agenda, schaal="")
    assert "Er staan scores van deze schaal in de agenda." in body
    change(beheer, west.agenda, schaal=other.pk)
    assert west.agenda.schaal == schaal

    unscored = make_agenda(west.regio, slug="zonder-scores")
    assert "Er staan scores" not in change(beheer, unscored, schaal=other.pk)
    assert unscored.schaal == other


def test_what_lies_before_the_oogo_is_locked_until_it_is_given_back(west, beheer):
    moment = west.meetmoment
    submit_rapportage(meetmoment=moment, by=west.secretaris)
    assert VAST in change(beheer, moment, **MOVED)
    assert moment.slug == "west-26"
    assert beheer.post(page(moment, "delete"), {"post": "yes"}).status_code == 200
    return_rapportage(meetmoment=moment, reden="Nog niet af.", by=west.oogo_lid)
    assert VAST not in change(beheer, moment, **MOVED | {"peildatum": "01-09-2026"})
    assert moment.slug == "anders"


def test_a_meetmoment_that_was_reopened_stays_what_was_adopted(west, beheer, adopted):
    reopen_rapportage(meetmoment=adopted, reden="Een fout.", by=west.secretaris)
    assert VAST in change(beheer, adopted, **MOVED)
    assert adopted.slug == "west-25"


def test_a_meetmoment_that_nobody_laid_before_the_oogo_is_free(west, beheer):
    moment = make_meetmoment(west.agenda, "west-27", date(2027, 8, 31))
    assert VAST not in change(beheer, moment, slug="aug-27")
    assert moment.slug == "aug-27"


@pytest.mark.parametrize("withdrawn", [False, True])
def test_the_address_of_a_public_report_stays(west, beheer, adopted, withdrawn):
    if withdrawn:
        withdraw_version(publicatie=Publicatie.objects.get(), reden="Een fout.", by=west.secretaris)
    for thing in (west.agenda, west.regio):
        slug = thing.slug
        assert OPENBAAR in change(beheer, thing, slug="anders", naam=f"Andere naam van {slug}")
        assert (thing.slug, thing.naam) == (slug, f"Andere naam van {slug}")
    assert Client().get(f"/openbaar/west/{west.agenda.slug}/west-25/").status_code == (410 if withdrawn else 200)


def test_where_nothing_was_public_the_address_may_change(beheer):
    regio = make_regio("elders")
    agenda = make_agenda(regio)
    for thing in (agenda, regio):
        assert OPENBAAR not in change(beheer, thing, slug="anders")
    assert Agenda.objects.get(pk=agenda.pk).slug == Regio.objects.get(pk=regio.pk).slug == "anders"


def test_a_doel_stays_while_its_report_lies_before_the_oogo(west, beheer, adopted):
    reopen_rapportage(meetmoment=adopted, reden="Nog eens.", by=west.oogo_lid)
    submit_rapportage(meetmoment=adopted, by=west.secretaris)
    opened = change(beheer, west.doel, plan="Iets anders", controle="Anders nagaan")
    assert BEFORE_OOGO in opened
    assert (west.doel.plan, west.doel.controle) == ("Plan west", "Nagaan")

    row = "regio;agenda;code;plan\nwest;2023-2027;A1;Iets anders\n"
    upload = {"bestand": SimpleUploadedFile("doelen.csv", row.encode()), "resource": ""}
    refused = beheer.post(reverse("admin:agenda_doel_import"), upload)
    assert BEFORE_OOGO in refused.content.decode()

    return_rapportage(meetmoment=adopted, reden="Pas aan.", per_doel={}, by=west.oogo_lid)
    assert BEFORE_OOGO not in change(beheer, west.doel, plan="Iets anders")
    assert west.doel.plan == "Iets anders"
