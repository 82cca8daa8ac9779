"""Two people on one page of Beheer: the second to save sees both texts and chooses (domein.md, rule 9)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.test import Client

from agenda.models import Actie, Doel, Opbrengst, Schaal, Thema, Trekker
from regio.models import Gebruiker, Overleg, Regio
from tests.beheer import Wereld, make_wereld, sent_by
from tests.factories import make_beheerder, make_gemeente, make_regio
from tests.regio.test_admin import MODELS, one_of, page, sign_in
from tests.worlds import once

pytestmark = pytest.mark.django_db

PAGES: dict[Any, Any] = admin.site._registry
KEPT = [model for model in MODELS if hasattr(model, "history") and "change" in PAGES[model].beheerder_may]

built, people = once(lambda: (make_wereld("west", 1), make_beheerder()))


@pytest.fixture
def west(people) -> Wereld:
    return people[0]


@pytest.fixture
def secretaris(west) -> Client:
    return sign_in(west.secretaris)


@pytest.fixture
def beheerder(people) -> Client:
    return sign_in(people[1])


def refusals(response) -> str:
    assert response.status_code == 200
    return str(response.context["errors"])


def saves(client: Client, url: str, sent: dict[str, Any]) -> bool:
    response = client.post(url, sent)
    assert response.status_code in {200, 302}, response.status_code
    return response.status_code == 302


# One field


@pytest.mark.parametrize("turned", [False, True], ids=["secretaris first", "beheerder first"])
def test_the_second_to_save_a_doel_sees_both_texts_and_chooses(west, secretaris, beheerder, turned):
    url = page(Doel, "change", west.doel.pk)
    first, second = (beheerder, secretaris) if turned else (secretaris, beheerder)
    theirs, mine = sent_by(first.get(url)), sent_by(second.get(url))
    assert saves(first, url, theirs | {"controle": "Elk kwartaal nagaan"})

    refused = second.post(url, mine | {"controle": "Elk jaar nagaan"})
    said = refusals(refused)
    name = "Beheer" if turned else "Secretaris west"
    assert f"Dit is intussen gewijzigd door {name}, het laatst op" in said
    assert "Er staat nu: ‘Elk kwartaal nagaan’" in said
    assert "U vulde in: ‘Elk jaar nagaan’" in said
    west.doel.refresh_from_db()
    assert west.doel.controle == "Elk kwartaal nagaan"

    kept = sent_by(refused)
    assert kept["controle"] == "Elk jaar nagaan"
    assert saves(second, url, kept)
    west.doel.refresh_from_db()
    assert west.doel.controle == "Elk jaar nagaan"


@pytest.mark.parametrize("turned", [False, True], ids=["secretaris first", "beheerder first"])
def test_the_second_to_save_an_overleg_sees_what_the_first_chose(west, secretaris, beheerder, turned):
    overleg = Overleg.objects.get(regio=west.regio)
    url = page(Overleg, "change", overleg.pk)
    first, second = (beheerder, secretaris) if turned else (secretaris, beheerder)
    theirs, mine = sent_by(first.get(url)), sent_by(second.get(url))
    assert saves(first, url, theirs | {"niveau": "lokaal", "gemeente": west.gemeente.pk})

    refused = second.post(url, mine | {"niveau": "ambtelijk"})
    said = refusals(refused)
    assert "Er staat nu: ‘lokaal’\nU vulde in: ‘ambtelijk’" in said
    assert "Er staat nu: ‘Weststad’\nDat ziet u nu ook hier" in said
    overleg.refresh_from_db()
    assert overleg.niveau == "lokaal"
    assert saves(second, url, sent_by(refused) | {"gemeente": ""})
    overleg.refresh_from_db()
    assert (overleg.niveau, overleg.gemeente) == ("ambtelijk", None)


def test_what_somebody_did_not_touch_is_not_put_back(west, secretaris, beheerder):
    url = page(Doel, "change", west.doel.pk)
    theirs, mine = sent_by(beheerder.get(url)), sent_by(secretaris.get(url))
    assert saves(beheerder, url, theirs | {"controle": "Elk kwartaal nagaan", "lokaal": "", "volgorde": "7"})

    refused = secretaris.post(url, mine | {"plan": "Een ander plan"})
    said = refusals(refused)
    assert "Er staat nu: ‘Elk kwartaal nagaan’\nDat ziet u nu ook hier, want u had dit niet gewijzigd." in said
    assert saves(secretaris, url, sent_by(refused))
    west.doel.refresh_from_db()
    assert (west.doel.plan, west.doel.controle) == ("Een ander plan", "Elk kwartaal nagaan")
    assert (west.doel.lokaal, west.doel.volgorde) == (False, 7)


def test_of_three_people_the_last_reads_who_saved(west, secretaris, beheerder):
    url = page(Doel, "change", west.doel.pk)
    mine = sent_by(secretaris.get(url))
    for number, name in enumerate(("Anna", "Bram")):
        other = Gebruiker.objects.create_superuser(f"{name.lower()}@example.test", "x", naam=name)
        client = sign_in(other)
        assert saves(client, url, sent_by(client.get(url)) | {"plan": f"Plan {number}"})
    refused = secretaris.post(url, mine | {"plan": "Mijn plan"})
    assert "gewijzigd door Anna en Bram, het laatst op" in refusals(refused)
    # And once more when it moved on again.
    assert saves(beheerder, url, sent_by(beheerder.get(url)) | {"plan": "Weer een plan"})
    assert "Er staat nu: ‘Weer een plan’" in refusals(secretaris.post(url, sent_by(refused)))


def test_a_form_that_does_not_say_what_its_reader_saw_goes_over_nothing(west, secretaris):
    url = page(Doel, "change", west.doel.pk)
    for seen in ("", "0", "onzin", "-1", "9" * 30, "²"):
        sent = sent_by(secretaris.get(url)) | {"plan": "Blind", "gezien": seen}
        assert "Er staat nu: ‘Plan west’" in refusals(secretaris.post(url, sent)), seen
    del sent["gezien"]
    assert "Er staat nu: ‘Plan west’" in refusals(secretaris.post(url, sent))


# No conflict


def test_the_same_text_of_two_people_is_no_conflict(west, secretaris, beheerder):
    url = page(Doel, "change", west.doel.pk)
    theirs, mine = sent_by(beheerder.get(url)), sent_by(secretaris.get(url))
    assert saves(beheerder, url, theirs | {"plan": "Hetzelfde plan"})
    assert saves(secretaris, url, mine | {"plan": "Hetzelfde plan"})


def test_somebody_who_saved_without_a_change_is_in_nobodys_way(west, secretaris, beheerder):
    url = page(Doel, "change", west.doel.pk)
    theirs, mine = sent_by(beheerder.get(url)), sent_by(secretaris.get(url))
    assert saves(beheerder, url, theirs)
    assert saves(secretaris, url, mine | {"plan": "Een ander plan"})


def test_who_saves_twice_is_not_asked_about_the_own_text(west, secretaris):
    url = page(Doel, "change", west.doel.pk)
    once_opened = sent_by(secretaris.get(url))
    assert saves(secretaris, url, once_opened | {"plan": "Eerste"})
    assert saves(secretaris, url, once_opened | {"plan": "Eerste"})
    assert saves(secretaris, url, once_opened | {"plan": "Tweede"})
    assert saves(secretaris, url, sent_by(secretaris.get(url)) | {"plan": "Derde"})


def test_nor_does_a_second_tab_put_back_what_the_first_saved(west, secretaris):
    url = page(Doel, "change", west.doel.pk)
    tab, other_tab = sent_by(secretaris.get(url)), sent_by(secretaris.get(url))
    assert saves(secretaris, url, tab | {"controle": "Nieuwe check"})
    refused = secretaris.post(url, other_tab | {"plan": "Nieuw plan"})
    assert "Er staat nu: ‘Nieuwe check’" in refusals(refused)
    assert saves(secretaris, url, sent_by(refused))
    west.doel.refresh_from_db()
    assert (west.doel.plan, west.doel.controle) == ("Nieuw plan", "Nieuwe check")


def test_what_the_reader_may_not_change_is_no_conflict(west, secretaris, beheerder):
    url = page(Regio, "change", west.regio.pk)
    theirs, mine = sent_by(beheerder.get(url)), sent_by(secretaris.get(url))
    assert saves(beheerder, url, theirs | {"drempel": "6"})
    assert saves(secretaris, url, mine | {"accentkleur": "#7a1f5c"})
    west.regio.refresh_from_db()
    assert (west.regio.drempel, west.regio.accentkleur) == (6, "#7a1f5c")


# Rows, choices of several, and what is gone


def test_a_row_that_somebody_else_changed_is_not_put_back(west, secretaris, beheerder):
    trekker = west.doel.trekker_set.get()
    url, row = page(Doel, "change", west.doel.pk), page(Trekker, "change", trekker.pk)
    mine, theirs = sent_by(secretaris.get(url)), sent_by(beheerder.get(row))
    assert saves(beheerder, row, theirs | {"kant": "gemeente"})

    refused = secretaris.post(url, mine | {"plan": "Een ander plan"})
    assert "Er staat nu: ‘gemeente’" in refusals(refused)
    assert not Doel.objects.filter(plan="Een ander plan").exists()
    assert saves(secretaris, url, sent_by(refused))
    trekker.refresh_from_db()
    assert trekker.kant == "gemeente"


def test_a_page_does_not_put_back_what_its_row_got_on_the_page_above(west, secretaris, beheerder):
    url, row = page(Thema, "change", west.thema.pk), page(Doel, "change", west.doel.pk)
    mine, theirs = sent_by(secretaris.get(row)), sent_by(beheerder.get(url))
    assert saves(beheerder, url, theirs | {"doel_set-0-plan": "Plan van boven"})
    assert "Er staat nu: ‘Plan van boven’" in refusals(secretaris.post(row, mine | {"plan": "Plan van hier"}))


def test_rows_cost_no_query_each(west, secretaris, django_assert_max_num_queries):
    url = page(Doel, "change", west.doel.pk)
    for number in range(8):
        Actie.objects.create(doel=west.doel, omschrijving=f"Actie {number}")
    secretaris.get(url)
    with django_assert_max_num_queries(12):
        secretaris.get(url)


@pytest.mark.parametrize(("model", "field"), [(Opbrengst, "gemeenten"), (Actie, "partijen")])
def test_a_choice_of_several_is_a_field_like_any_other(west, secretaris, beheerder, model, field: str):
    thing = model.objects.get(doel=west.doel)
    here, there = (make_gemeente(west.regio, slug, code) for slug, code in (("hier", "GM0008"), ("daar", "GM0009")))
    url = page(model, "change", thing.pk)
    theirs, mine = sent_by(beheerder.get(url)), sent_by(secretaris.get(url))
    assert saves(beheerder, url, theirs | {field: [there.pk]})

    refused = secretaris.post(url, mine | {field: [here.pk]})
    assert f"Er staat nu: ‘{there}’\nU vulde in: ‘{here}’" in refusals(refused)
    assert list(getattr(thing, field).all()) == [there]
    assert saves(secretaris, url, sent_by(refused))
    assert list(getattr(thing, field).all()) == [here]


def test_what_was_removed_meanwhile_does_not_come_back_and_what_was_typed_can_be_copied(west, secretaris, beheerder):
    overleg = Overleg.objects.create(regio=west.regio, naam="Themagroep", niveau="uitvoerend")
    url = page(Overleg, "change", overleg.pk)
    mine = sent_by(secretaris.get(url))
    assert saves(beheerder, page(Overleg, "delete", overleg.pk), {"post": "yes"})

    response = secretaris.post(url, mine | {"naam": "Een <lange> naam"})
    assert response.status_code == 410
    body = response.content.decode()
    assert "Beheer verwijderde Themagroep op" in body
    assert "Een &lt;lange&gt; naam" in body
    assert not Overleg.objects.filter(niveau="uitvoerend").exists()
    assert secretaris.get(url).status_code == 404


def test_nobody_hears_what_was_removed_elsewhere(west, secretaris, beheerder):
    elders = Overleg.objects.create(regio=make_regio("elders"), naam="Geheim", niveau="uitvoerend")
    schaal = Schaal.objects.create(slug="weg", naam="Weg")
    urls = [page(type(thing), "change", thing.pk) for thing in (elders, schaal)]
    elders.delete()
    schaal.delete()
    for url in (*urls, *(page(Overleg, "change", nonsense) for nonsense in ("onzin", "0", str(2**70), "%00"))):
        assert secretaris.post(url, {"naam": "x"}).status_code in {403, 404}, url
        assert beheerder.post(url, {"naam": "x"}).status_code == (410 if url in urls else 404), url


def test_a_row_that_was_removed_meanwhile_does_not_come_back(west, secretaris, beheerder):
    west.doel.trekker_set.create(organisatie=west.gemeente, kant="gemeente")
    url = page(Doel, "change", west.doel.pk)
    mine = sent_by(secretaris.get(url))
    [gone] = [n for n in range(2) if mine[f"trekker_set-{n}-organisatie"] == str(west.gemeente.pk)]
    assert saves(beheerder, url, sent_by(beheerder.get(url)) | {f"trekker_set-{gone}-DELETE": "on"})

    added = {"actie_set-TOTAL_FORMS": "2", "actie_set-1-omschrijving": "Nog een actie", "actie_set-1-soort": "nieuw"}
    refused = secretaris.post(url, mine | added | {"plan": "Mijn plan"})
    assert "Iemand anders verwijderde hier intussen een rij." in refusals(refused)
    kept = sent_by(refused)
    assert (kept["plan"], kept["actie_set-1-omschrijving"]) == ("Mijn plan", "Nog een actie")
    assert kept["trekker_set-0-organisatie"] == str(west.swv.pk)
    assert saves(secretaris, url, kept)
    west.doel.refresh_from_db()
    assert west.doel.plan == "Mijn plan"
    assert [trekker.organisatie for trekker in west.doel.trekker_set.all()] == [west.swv]
    assert west.doel.actie_set.count() == 2


def test_a_row_that_came_meanwhile_stays_and_mixes_no_others(west, secretaris, beheerder):
    url = page(Doel, "change", west.doel.pk)
    mine = sent_by(secretaris.get(url))
    west.doel.actie_set.create(omschrijving="Eerder gereed", gereed_voor=date(2026, 1, 1))
    refused = secretaris.post(url, mine | {"plan": ""})
    [row] = refused.context["inline_admin_formsets"][1].formset.initial_forms
    [shown] = [r for r in refused.context["inline_admin_formsets"][1] if r.original]
    assert shown.original == row.instance == west.doel.actie_set.get(omschrijving="Actie west")
    assert saves(secretaris, url, sent_by(refused) | {"plan": "Plan"})
    assert west.doel.actie_set.count() == 2


def test_a_row_is_not_removed_over_what_somebody_else_wrote_in_it(west, secretaris, beheerder):
    trekker = west.doel.trekker_set.get()
    url, row = page(Doel, "change", west.doel.pk), page(Trekker, "change", trekker.pk)
    mine = sent_by(secretaris.get(url)) | {"trekker_set-0-DELETE": "on"}
    assert saves(beheerder, row, sent_by(beheerder.get(row)) | {"kant": "gemeente"})
    refused = secretaris.post(url, mine)
    assert "Een rij die u wilt verwijderen, is intussen gewijzigd." in refusals(refused)
    assert west.doel.trekker_set.exists()
    assert saves(secretaris, url, sent_by(refused))
    assert not west.doel.trekker_set.exists()


# Every page


def others(field: Any, stands: str) -> list[str]:
    """Values that a field might take in the place of what stands there."""
    if isinstance(field, forms.DateField) and stands:
        day, month, year = map(int, stands.split("-"))
        return [f"{date(year, month, day) + timedelta(days=1):%d-%m-%Y}"]
    if isinstance(field, forms.IntegerField) and stands:
        return [str(int(stands) + 1)]
    choices: Any = field.choices if type(field) is forms.TypedChoiceField else ()
    if choices:
        return [str(value) for value, _ in choices if str(value) != stands]
    return [f"{stands} en meer"] if isinstance(field, forms.CharField) else []


def save_something(client: Client, url: str) -> bool:
    """Change the first field of the page that takes another value."""
    response = client.get(url)
    sent = sent_by(response)
    fields = response.context["adminform"].form.fields
    values = [{name: value} for name, field in fields.items() for value in others(field, sent.get(name, ""))]
    return any(saves(client, url, sent | value) for value in values)


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model._meta.label)
def test_on_every_page_the_second_to_save_sees_what_the_first_did(west, model):
    url = page(model, "change", one_of(model, west).pk)
    anna, bram = (sign_in(Gebruiker.objects.create_superuser(f"{n}@x.test", "x", naam=n)) for n in ("Anna", "Bram"))
    opened = sent_by(bram.get(url))
    assert save_something(anna, url)
    stands = sent_by(anna.get(url))

    refused = bram.post(url, opened)
    assert "Dit is intussen gewijzigd door Anna" in refusals(refused)
    assert sent_by(anna.get(url)) == sent_by(refused) == stands
    assert saves(bram, url, sent_by(refused))
