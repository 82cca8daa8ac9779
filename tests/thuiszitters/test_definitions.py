"""A definition by which was counted stays what it was; another one begins on a day of its own (domein.md, rule 4)."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from regio.permissions import Rol
from tests.beheer import sent_by
from tests.factories import make_beheerder, make_gebruiker, make_regio
from tests.regio.test_admin import sign_in
from tests.thuiszitters.factories import fill, make_telmoment, make_world
from tests.worlds import once
from thuiszitters.models import Categorie, Telling

pytestmark = pytest.mark.django_db

ADD = reverse("admin:thuiszitters_categorie_add")
GETELD = "Met deze definitie is geteld."
FIELDS = ("groep", "code", "definitie", "onderdeel_van", "geldig_van")


def build() -> tuple[Any, Any]:
    """Counted on 1 July and 1 October 2026, by the general definitions."""
    regio, gemeente, invoerder, october = make_world()
    fill(make_telmoment(regio, date(2026, 7, 1)), gemeente, invoerder)
    fill(october, gemeente, invoerder)
    return make_beheerder(), make_gebruiker("secretaris@telregio.test", Rol.SECRETARIS, regio)


built, people = once(build)


@pytest.fixture
def beheer(people) -> Client:
    return sign_in(people[0])


@pytest.fixture
def counted(people) -> Categorie:
    return Categorie.objects.get(code="thuiszitters")


def page(categorie: Categorie) -> str:
    return reverse("admin:thuiszitters_categorie_change", args=[categorie.pk])


def save(client: Client, url: str, **values: str) -> Any:
    """Send the page at `url` with these values; return what is wrong, or nothing when it was saved."""
    response = client.post(url, sent_by(client.get(url)) | values)
    return str(response.context["errors"]) if response.status_code == 200 else ""


def test_a_definition_that_counts_use_is_not_rewritten(beheer, counted):
    before = Categorie.objects.filter(pk=counted.pk).values(*FIELDS).get()
    other = Categorie.objects.exclude(pk=counted.pk).first()
    assert GETELD in beheer.get(page(counted)).content.decode()
    wrong = {
        "groep": "reden",
        "code": "anders",
        "definitie": "Anders geteld",
        "onderdeel_van": str(other.pk if other else ""),
        "geldig_van": "01-01-2020",
    }
    assert save(beheer, page(counted), **wrong) == ""
    assert Categorie.objects.filter(pk=counted.pk).values(*FIELDS).get() == before


def test_a_typing_error_is_still_mended(beheer, counted):
    assert save(beheer, page(counted), naam="Thuiszitter", kort="Thuis", bron="Handreiking") == ""
    counted.refresh_from_db()
    assert (counted.naam, counted.kort, counted.bron) == ("Thuiszitter", "Thuis", "Handreiking")


def test_a_definition_that_nobody_counted_by_is_free(beheer):
    Telling.objects.all().delete()
    free = Categorie.objects.get(code="thuiszitters")
    assert GETELD not in beheer.get(page(free)).content.decode()
    assert save(beheer, page(free), definitie="Beter gezegd") == ""
    free.refresh_from_db()
    assert free.definitie == "Beter gezegd"


@pytest.mark.parametrize("day", ["01-07-2026", "30-09-2026", "01-10-2026"])
def test_it_does_not_end_before_it_was_last_counted_by(beheer, counted, day):
    said = save(beheer, page(counted), geldig_tot=day)
    assert "Op 1 oktober 2026 is nog met deze definitie geteld. Kies een latere dag." in said
    counted.refresh_from_db()
    assert counted.geldig_tot is None


def test_another_definition_begins_where_this_one_ends(beheer, counted):
    assert "Nieuwe definitie vanaf" not in beheer.get(page(counted)).content.decode()
    assert save(beheer, page(counted), geldig_tot="01-01-2027") == ""
    opened = beheer.get(page(counted))
    assert "Nieuwe definitie vanaf 1 januari 2027" in opened.content.decode()

    add = f"{ADD}?na={counted.pk}"
    assert f'href="{add}"' in opened.content.decode()
    offered = sent_by(beheer.get(add))
    assert (offered["geldig_van"], offered["geldig_tot"]) == ("01-01-2027", "")
    for name in ("groep", "code", "naam", "kort", "definitie", "volgorde"):
        assert offered[name] == str(getattr(counted, name)), name
    assert save(beheer, add, definitie="Anders geteld") == ""

    new = Categorie.objects.get(code="thuiszitters", geldig_van=date(2027, 1, 1))
    assert (new.definitie, new.regio) == ("Anders geteld", None)
    assert "Nieuwe definitie vanaf" not in beheer.get(page(counted)).content.decode()


def test_it_is_not_opened_again_over_the_next(beheer, counted):
    assert save(beheer, page(counted), geldig_tot="01-01-2027") == ""
    assert save(beheer, f"{ADD}?na={counted.pk}") == ""
    assert "geldt al een andere definitie" in save(beheer, page(counted), geldig_tot="")
    counted.refresh_from_db()
    assert counted.geldig_tot == date(2027, 1, 1)


def test_nonsense_after_what_is_an_empty_form(beheer, people):
    secretaris = Client()
    secretaris.force_login(people[1])
    elsewhere = Categorie.objects.create(
        regio=make_regio("elders"),
        groep="verzuim",
        code="geheim",
        naam="Geheim",
        kort="Geheim",
        definitie="Van elders",
        geldig_van=date(2026, 8, 1),
    )
    for client, after in ((beheer, "onzin"), (beheer, "9" * 30), (beheer, ""), (secretaris, str(elsewhere.pk))):
        assert sent_by(client.get(f"{ADD}?na={after}"))["code"] == ""


def test_a_secretaris_reads_a_general_definition_without_talk_of_changing_it(people, counted):
    client = Client()
    client.force_login(people[1])
    body = client.get(page(counted)).content.decode()
    assert GETELD not in body
    assert "Nieuwe definitie vanaf" not in body


def test_an_own_definition_does_not_go_over_what_was_counted_by_the_general_one(people, counted):
    own = Categorie(
        regio=people[1].regios[0],
        **{name: getattr(counted, name) for name in ("groep", "code", "naam", "kort", "volgorde")},
        definitie="Zoals wij het zien",
        geldig_van=date(2026, 10, 1),
    )
    with pytest.raises(ValidationError, match="Kies een latere dag") as refused:
        own.full_clean()
    assert list(refused.value.message_dict) == ["geldig_van"]
    own.geldig_van = date(2026, 10, 2)
    own.full_clean()
    own.geldig_van, own.geldig_tot = date(2026, 7, 1), date(2026, 8, 1)
    with pytest.raises(ValidationError, match="Op 1 juli 2026 is nog met de algemene definitie geteld"):
        own.full_clean()
    own.geldig_tot = None
    own.regio = make_regio("elders")
    own.geldig_van = date(2023, 8, 1)
    own.full_clean()
