"""Beheer from the outside: who enters, what they meet there, and in which words."""

import re
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agenda.models import Doel, Schaal
from regio.beheer import BeheerSite, ScopedAdmin
from regio.models import Gebruiker, Lidmaatschap, Organisatie, Overleg, Regio
from regio.permissions import Rol
from tests.beheer import Wereld, make_public_wereld, make_wereld, seen
from tests.factories import (
    make_beheerder,
    make_doel,
    make_gebruiker,
    make_gemeente,
    make_meetmoment,
    make_regio,
    make_score,
    make_thema,
)
from tests.worlds import once

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# What a secretaris may do beside looking; see the admin classes for why.
DEEDS = {
    "agenda.Schaal": set(),
    "agenda.Schaalwaarde": set(),
    "monitoring.Indicatorwaarde": {"delete"},
    "monitoring.Publicatie": set(),
    "monitoring.Rapportage": set(),
    "monitoring.Voortgangsscore": set(),
    "monitoring.Vraag": set(),
    "regio.Bericht": set(),
    "regio.Gebruiker": set(),
    "regio.Kalenderadres": {"delete"},
    "regio.Mailkeuze": set(),
    "regio.Organisatie": set(),
    "regio.Regio": {"change"},
}
# What the OOGO decided: nobody keeps it, the database refuses to change it, and it is read under its report.
NEVER_CHANGED = {"Afdruk", "Besluit", "Momentopname", "Opmerking", "OntbrekendeOpgave", "Teruggave"}
# A log by itself: no person changes it.
NO_HISTORY = {"regio.Bericht"}
GENERAL = {"agenda.Schaal", "agenda.Schaalwaarde"}


built, worlds = once(lambda: (make_public_wereld("west", 1), make_public_wereld("oost", 2), make_beheerder()))


@pytest.fixture
def west(worlds):
    return worlds[0]


@pytest.fixture
def oost(worlds):
    return worlds[1]


@pytest.fixture
def beheerder(worlds):
    return worlds[2]


@pytest.fixture
def undecided(worlds):
    """A regio in which nothing was adopted."""
    return make_wereld("nieuw", 3)


def sign_in(gebruiker: Gebruiker) -> Client:
    client = Client()
    client.force_login(gebruiker)
    return client


def page(model, name: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def one_of(model, wereld: Wereld):
    """An object of `model` in this world; each is found by how Beheer itself scopes it."""
    model_admin: Any = admin.site.get_model_admin(model)
    own = model_admin.own(model._default_manager.all(), wereld.secretaris)
    found = own.exclude(pk=wereld.secretaris.pk) if model is Gebruiker else own
    return found.order_by("-pk").first()


# Who enters


def test_who_is_signed_out_is_asked_to_sign_in_on_the_ordinary_page():
    for url in ("/beheer/", "/beheer/agenda/doel/", "/beheer/login/"):
        response = Client().get(url)
        assert response.status_code == 302
        assert response["Location"].startswith(f"{reverse('account_login')}?next=")
    assert Client().get("/beheer/login/?next=/beheer/agenda/")["Location"].endswith(quote("/beheer/agenda/"))


@pytest.mark.parametrize("rol", ["oogo_lid", "coordinator", "invoerder"])
@pytest.mark.parametrize("rights", [{"is_staff": False}, {"is_staff": True}], ids=str)
def test_other_roles_get_403_everywhere(west: Wereld, rol: str, rights: dict):
    gebruiker = getattr(west, rol)
    Gebruiker.objects.filter(pk=gebruiker.pk).update(**rights)
    client = sign_in(gebruiker)
    for url in ("/beheer/", "/beheer/agenda/", page(Regio, "changelist"), page(Regio, "change", west.regio.pk)):
        assert client.get(url).status_code == 403, url


def test_a_secretaris_whom_the_beheerder_did_not_let_in_gets_403(west: Wereld):
    Gebruiker.objects.filter(pk=west.secretaris.pk).update(is_staff=False)
    assert sign_in(west.secretaris).get("/beheer/").status_code == 403


def test_beheer_has_no_sign_in_and_passwords_of_its_own(beheerder: Gebruiker):
    client = sign_in(beheerder)
    assert client.get("/beheer/login/")["Location"] == "/beheer/"
    assert client.get("/beheer/logout/")["Location"] == reverse("account_logout")
    assert client.get("/beheer/password_change/")["Location"] == reverse("account_change_password")


def test_pages_of_libraries_are_not_taken_in():
    class Unscoped(admin.ModelAdmin):
        pass

    site = BeheerSite(name="proef")
    site.register(Group, Unscoped)
    site.register(Group)
    assert not site.is_registered(Group)
    site.register(Regio, ScopedAdmin)
    assert site.is_registered(Regio)
    assert {model._meta.app_label for model in MODELS} == {"agenda", "monitoring", "regio", "thuiszitters"}


def test_every_model_of_ours_has_its_page():
    from django.apps import apps

    ours = {model for app in ("agenda", "monitoring", "regio") for model in apps.get_app_config(app).get_models()}
    historical = {model for model in ours if model.__name__.startswith("Historical")}
    assert {model.__name__ for model in ours - historical - set(MODELS)} <= {
        "CacheTable",
        "Verzendronde",
        *NEVER_CHANGED,
    }


# What they meet there


def test_a_secretaris_meets_the_own_regio_only(west: Wereld, oost: Wereld):
    client = sign_in(west.secretaris)
    for model in MODELS:
        own = one_of(model, west)
        deeds = DEEDS.get(model._meta.label, {"add", "change", "delete"})
        for name, args, allowed in (
            ("changelist", (), True),
            ("change", (own.pk,), True),
            ("add", (), "add" in deeds),
            ("delete", (own.pk,), "delete" in deeds),
        ):
            url = page(model, name, *args)
            response = client.get(url)
            assert response.status_code == (200 if allowed else 403), url
            # Without the token of the forms, whose letters are chance: once in a while they spell it.
            assert "oost" not in re.sub(r"\w{64}", "", response.content.decode()).lower(), url
        response = client.get(page(model, "history", own.pk))
        assert response.status_code == (404 if model._meta.label in NO_HISTORY else 200), model
        assert "oost" not in re.sub(r"\w{64}", "", response.content.decode()).lower(), model


def test_what_lies_in_another_regio_is_not_there(west: Wereld, oost: Wereld):
    client = sign_in(west.secretaris)
    for model in MODELS:
        if model._meta.label in GENERAL:
            continue
        other, own = one_of(model, oost), one_of(model, west)
        version = 1 if model._meta.label in NO_HISTORY else other.history.earliest().pk
        for url in (
            page(model, "change", other.pk),
            page(model, "delete", other.pk),
            page(model, "history", other.pk),
            page(model, "simple_history", other.pk, version),
        ):
            assert client.get(url).status_code == 404, url
            assert client.post(url, {"post": "yes"}).status_code in {404, 405}, url
        assert client.get(page(model, "simple_history", own.pk, version)).status_code == 404
        assert model._default_manager.filter(pk=other.pk).exists()


def test_nonsense_for_a_number_is_not_there(west: Wereld):
    client = sign_in(west.secretaris)
    for nonsense in ("onzin", "0", "-1", str(2**70), "1_2F2", "%00", "é"):
        for name in ("change", "delete", "history"):
            assert client.get(page(Overleg, name, nonsense)).status_code == 404, (name, nonsense)
        own = Overleg.objects.get(regio=west.regio)
        assert client.get(page(Overleg, "simple_history", own.pk, nonsense)).status_code == 404, nonsense


def test_a_beheerder_meets_everything(west: Wereld, oost: Wereld, beheerder: Gebruiker):
    client = sign_in(beheerder)
    for model in MODELS:
        body = client.get(page(model, "changelist")).content.decode().lower()
        for wereld in (west, oost):
            thing = one_of(model, wereld)
            assert client.get(page(model, "change", thing.pk)).status_code == 200
            history = client.get(page(model, "history", thing.pk))
            assert history.status_code == (404 if model._meta.label in NO_HISTORY else 200)
            assert model._meta.label in GENERAL or wereld.regio.slug in body


def test_search_finds_and_finds_within_the_own_regio(west: Wereld, oost: Wereld):
    client = sign_in(west.secretaris)
    for model in MODELS:
        assert client.get(page(model, "changelist"), {"q": "oost"}).context["cl"].result_count == 0
    assert client.get(page(Overleg, "changelist"), {"q": "WEST"}).context["cl"].result_count == 1


def test_every_list_is_searched_and_filtered_and_every_page_has_its_history(beheerder: Gebruiker):
    client = sign_in(beheerder)
    lacking: list[tuple[str, str]] = []
    for model in MODELS:
        shown = client.get(page(model, "changelist")).context["cl"]
        promised = {
            "search": shown.search_fields,
            "filter": shown.list_filter,
            "history": model._meta.label in NO_HISTORY or hasattr(model, "history"),
        }
        lacking += [(model._meta.label, what) for what, is_there in promised.items() if not is_there]
    assert lacking == []


def test_scales_are_filtered_by_what_their_values_say(beheerder: Gebruiker, west: Wereld):
    Schaal.objects.create(slug="leeg", naam="Zonder waarden")
    client = sign_in(beheerder)
    found = client.get(page(Schaal, "changelist"), {"waarden__toon__exact": "trots"}).context["cl"].result_list
    assert west.agenda.schaal in found
    # Each once, however many of its values match, and with all its values counted.
    assert [schaal.stappen for schaal in found] == [schaal.waarden.count() for schaal in found]
    assert len({schaal.pk for schaal in found}) == len(found) == Schaal.objects.count() - 1


def test_choices_hold_the_own_regio_only(west: Wereld, oost: Wereld):
    client = sign_in(west.secretaris)
    for app, model, field in (
        ("agenda", "trekker", "organisatie"),
        ("agenda", "trekker", "doel"),
        ("agenda", "opbrengst", "gemeenten"),
        ("regio", "lidmaatschap", "gebruiker"),
        ("regio", "deelname", "organisatie"),
    ):
        query = {"app_label": app, "model_name": model, "field_name": field, "term": ""}
        names = [row["text"] for row in client.get("/beheer/autocomplete/", query).json()["results"]]
        assert names, field
        assert not [name for name in names if "oost" in name.lower()], field


def test_a_choice_says_where_it_lies(west: Wereld, oost: Wereld, beheerder: Gebruiker):
    """Two regio's each have an OOGO, and two agenda's a thema of one name."""

    def offered(gebruiker: Gebruiker, model: str, field: str) -> set[str]:
        client = Client()
        client.force_login(gebruiker)
        page = client.get(reverse(f"admin:{model}_add")).text
        select = re.search(rf'<select name="{field}".*?</select>', page, re.DOTALL)
        assert select
        return set(re.findall(r'<option value="\d+">([^<]*)<', select[0]))

    themas = {f"{doel.thema} ({doel.thema.agenda}, {doel.thema.agenda.regio})" for doel in Doel.objects.all()}
    assert offered(beheerder, "agenda_doel", "thema") == themas
    assert {f"{o} ({o.regio})" for o in Overleg.objects.all()} <= offered(beheerder, "agenda_agenda", "vastgesteld_in")
    own = {f"{doel.thema} ({doel.thema.agenda})" for doel in Doel.objects.filter(thema__agenda__regio=west.regio)}
    assert offered(west.secretaris, "agenda_doel", "thema") == own


def test_a_choice_from_another_regio_is_refused(west: Wereld, oost: Wereld):
    client = sign_in(west.secretaris)
    url = "/beheer/agenda/trekker/add/"
    for field, value in (("organisatie", oost.swv.pk), ("doel", oost.doel.pk)):
        posted = {"doel": west.doel.pk, "organisatie": west.gemeente.pk, "kant": "gemeente", field: value}
        response = client.post(url, posted)
        assert response.status_code == 200
        assert "geldige keuze" in str(response.context["errors"]), field
    assert not west.doel.trekker_set.filter(kant="gemeente").exists()


def test_even_a_beheerder_does_not_mix_regios(west: Wereld, oost: Wereld, beheerder: Gebruiker):
    client = sign_in(beheerder)
    response = client.post(
        "/beheer/agenda/trekker/add/", {"doel": west.doel.pk, "organisatie": oost.swv.pk, "kant": "onderwijs"}
    )
    assert "hoort niet bij deze regio" in str(response.context["errors"])
    trekker = west.doel.trekker_set.get()
    response = client.post(
        page(type(trekker), "change", trekker.pk),
        {"doel": oost.doel.pk, "organisatie": oost.swv.pk, "kant": "onderwijs"} | seen(trekker),
    )
    assert "kan niet worden verplaatst" in str(response.context["errors"])
    assert west.doel.trekker_set.get().organisatie == west.swv


def test_saving_what_nobody_changed_leaves_nothing_in_the_history(west: Wereld):
    client, trekker = sign_in(west.secretaris), west.doel.trekker_set.get()
    posted = {"doel": west.doel.pk, "organisatie": west.swv.pk, "kant": "onderwijs"}
    for changes, lines in (({}, 0), ({"organisatie": west.gemeente.pk, "kant": "gemeente"}, 1)):
        sent = posted | changes | seen(trekker)
        assert client.post(page(type(trekker), "change", trekker.pk), sent).status_code == 302
        assert trekker.history.filter(history_type="~").count() == lines


def test_an_overleg_prepares_for_one_of_its_own_regio(west: Wereld, oost: Wereld, beheerder: Gebruiker):
    posted = {"regio": west.regio.pk, "naam": "REA", "niveau": "ambtelijk"}
    other, own = (Overleg.objects.get(regio=wereld.regio).pk for wereld in (oost, west))
    client = sign_in(beheerder)
    response = client.post("/beheer/regio/overleg/add/", posted | {"bereidt_voor": other})
    assert "hoort niet bij deze regio" in str(response.context["errors"])
    assert client.post("/beheer/regio/overleg/add/", posted | {"bereidt_voor": own}).status_code == 302
    assert Overleg.objects.get(naam="REA").bereidt_voor_id == own


def test_a_filter_that_the_sidebar_does_not_offer_is_not_there(undecided: Wereld):
    client = sign_in(undecided.secretaris)
    for query in (
        {"gewijzigd_door__password__startswith": "p"},
        {"doel__thema__agenda__regio__naam__startswith": "W"},
        {"onzin": "1"},
    ):
        assert client.get("/beheer/monitoring/voortgangsscore/", query).status_code == 404, query
    for query in ({"meetmoment__id__exact": str(undecided.meetmoment.pk)}, {"organisatie__isnull": "True"}):
        assert client.get("/beheer/monitoring/voortgangsscore/", query).context["cl"].result_count == 1, query
    make_score(undecided.doel, make_meetmoment(undecided.agenda, "aug-25", date(2025, 8, 31)), 3, undecided.secretaris)
    nonsense = client.get("/beheer/monitoring/voortgangsscore/", {"meetmoment__id__exact": "onzin"})
    assert nonsense.status_code == 302


def test_nonsense_in_an_address_is_no_error(west: Wereld):
    make_doel(west.agenda, "B1", make_thema(west.agenda, "ander"))
    client = sign_in(west.secretaris)
    meetmomenten, doelen = "/beheer/monitoring/meetmoment/", "/beheer/agenda/doel/"
    for url, query in (
        (meetmomenten, "p=abc"),
        (meetmomenten, "o=zzz"),
        (meetmomenten, "peildatum__year=abc"),
        (meetmomenten, "peildatum__year=99999999999"),
        (meetmomenten, "peildatum__year=2026&peildatum__month=13"),
        (meetmomenten, "agenda__id__exact=" + "9" * 30),
        (meetmomenten, "q=" + "x" * 5000),
        (doelen, "thema__id__exact=onzin"),
        (doelen + "export/", "thema__id__exact=onzin"),
        (doelen + "export/", "onzin=1"),
        ("/beheer/autocomplete/", "app_label=agenda&model_name=trekker&field_name=doel&page=abc&term="),
        ("/beheer/autocomplete/", "app_label=auth&model_name=user&field_name=groups&term="),
    ):
        assert client.get(f"{url}?{query}").status_code in {200, 302, 403, 404}, (url, query)
    for chosen in ("abc", "9" * 30, "-1"):
        posted = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
        assert client.post(meetmomenten, posted).status_code in {200, 302, 404}, chosen
    assert west.agenda.meetmoment_set.exists()


@pytest.mark.parametrize("chosen", ["onzin", "\x00", "9" * 30])
def test_a_choice_that_is_no_key_is_refused_in_words(west: Wereld, chosen: str):
    client = sign_in(west.secretaris)
    inline = {"trekker_set-TOTAL_FORMS": "1", "trekker_set-INITIAL_FORMS": "0", "trekker_set-0-organisatie": chosen}
    for url, posted in (
        ("/beheer/agenda/trekker/add/", {"doel": chosen, "organisatie": chosen}),
        ("/beheer/agenda/opbrengst/add/", {"doel": str(west.doel.pk), "gemeenten": [chosen, str(west.gemeente.pk)]}),
        ("/beheer/agenda/doel/add/", inline),
    ):
        answer = client.post(url, posted)
        assert answer.status_code == 200, url
        assert "errornote" in answer.text, url


def test_there_is_no_way_from_a_number_to_a_page(west: Wereld):
    assert sign_in(west.secretaris).get("/beheer/r/1/1/").status_code == 404


def test_a_secretaris_of_two_regios_keeps_both(west: Wereld, oost: Wereld):
    Lidmaatschap.objects.create(gebruiker=west.secretaris, regio=oost.regio, rol=Rol.SECRETARIS)
    client = sign_in(west.secretaris)
    assert client.get(page(Regio, "changelist")).context["cl"].result_count == 2
    body = client.get("/beheer/").content.decode()
    assert "U beheert: Oost, West." in body


# What a secretaris may not


def test_a_secretaris_changes_the_colour_of_the_regio_but_not_its_name(west: Wereld):
    client = sign_in(west.secretaris)
    inlines = {
        f"{prefix}-{name}_FORMS": "0"
        for prefix in ("deelname_set", "werkgebied_set", "overleg_set")
        for name in ("TOTAL", "INITIAL")
    }
    posted = {"naam": "Gekaapt", "slug": "gekaapt", "drempel": "1", "voorbeelddata": "on", "accentkleur": "#7a1f5c"}
    posted = posted | inlines | seen(west.regio)
    assert client.post(page(Regio, "change", west.regio.pk), posted).status_code == 302
    west.regio.refresh_from_db()
    assert (west.regio.accentkleur, west.regio.naam, west.regio.slug) == ("#7a1f5c", "West", "west")
    assert (west.regio.drempel, west.regio.voorbeelddata) == (5, False)


@pytest.mark.parametrize(("drempel", "why"), [("2", "kan ‘&lt;2’ alleen 1 betekenen"), ("26", "Kies 25 of lager")])
def test_a_threshold_that_protects_nothing_is_refused_with_the_reason(beheerder: Gebruiker, west: Wereld, drempel, why):
    inlines = {
        f"{prefix}-{name}_FORMS": "0"
        for prefix in ("deelname_set", "werkgebied_set", "overleg_set")
        for name in ("TOTAL", "INITIAL")
    }
    posted = {"naam": "West", "slug": "west", "drempel": drempel, "accentkleur": "#0b5563"} | inlines
    posted = posted | seen(west.regio)
    body = sign_in(beheerder).post(page(Regio, "change", west.regio.pk), posted).content.decode()
    assert why in body
    west.regio.refresh_from_db()
    assert west.regio.drempel == 5
    west.regio.drempel = int(drempel)
    with pytest.raises(IntegrityError), transaction.atomic():
        west.regio.save()


def test_whether_the_oogo_sees_small_numbers_is_the_beheerders_to_set(west: Wereld):
    body = sign_in(west.secretaris).get(page(Regio, "change", west.regio.pk)).content.decode()
    assert "OOGO-leden zien kleine aantallen" in body
    assert 'name="oogo_ziet_kleine_aantallen"' not in body


def test_a_secretaris_reads_people_and_changes_none(west: Wereld):
    client = sign_in(west.secretaris)
    url = page(Gebruiker, "change", west.oogo_lid.pk)
    body = client.get(url).content.decode()
    assert west.oogo_lid.email in body
    assert "is_superuser" not in body
    assert client.post(url, {"is_superuser": "on", "naam": "x", "email": "x@x.test"}).status_code == 403
    assert client.post(page(Gebruiker, "add"), {"naam": "x", "email": "x@x.test"}).status_code == 403
    assert not Gebruiker.objects.filter(naam="x").exists()


def test_a_person_of_two_regios_shows_each_secretaris_the_own_membership(west: Wereld, oost: Wereld):
    Lidmaatschap.objects.create(gebruiker=oost.oogo_lid, regio=west.regio, rol=Rol.COORDINATOR)
    Gebruiker.objects.filter(pk=oost.oogo_lid.pk).update(naam="Beiden", email="beiden@example.test")
    body = sign_in(west.secretaris).get(page(Gebruiker, "change", oost.oogo_lid.pk)).content.decode()
    assert "Beiden" in body
    assert "oost" not in body.lower()


def test_a_secretaris_gives_a_role_but_not_to_themselves(west: Wereld):
    client = sign_in(west.secretaris)
    posted = {"gebruiker": west.oogo_lid.pk, "regio": west.regio.pk, "rol": "coordinator"}
    assert client.post(page(Lidmaatschap, "add"), posted).status_code == 302
    west.oogo_lid.refresh_from_db()
    assert not west.oogo_lid.is_staff
    own = Lidmaatschap.objects.get(gebruiker=west.secretaris)
    assert client.post(page(Lidmaatschap, "change", own.pk), posted).status_code == 403
    assert client.post(page(Lidmaatschap, "delete", own.pk), {"post": "yes"}).status_code == 403
    posted = {"action": "delete_selected", "_selected_action": own.pk, "post": "yes"}
    client.post(page(Lidmaatschap, "changelist"), posted)
    assert Lidmaatschap.objects.filter(pk=own.pk).exists()


# What a beheerder may


def test_a_beheerder_makes_an_account_whose_owner_chooses_the_password(
    beheerder: Gebruiker, mailoutbox, django_capture_on_commit_callbacks
):
    inlines = {f"{p}-{n}_FORMS": "0" for p in ("lidmaatschap_set", "authenticator_set") for n in ("TOTAL", "INITIAL")}
    posted = {"naam": "Nieuw", "email": "nieuw@example.test", "is_active": "on"} | inlines
    with django_capture_on_commit_callbacks(execute=True):
        response = sign_in(beheerder).post(page(Gebruiker, "add"), posted, follow=True)
    assert "Een link om een wachtwoord te kiezen gaat naar nieuw@example.test." in response.text
    nieuw = Gebruiker.objects.get(email="nieuw@example.test")
    assert not nieuw.has_usable_password()
    assert [mail.to for mail in mailoutbox] == [["nieuw@example.test"]]
    (link,) = re.findall(r"https?://\S+", mailoutbox[0].body)[:1]
    assert "/account/password/reset/key/" in link


def test_a_beheerder_sends_the_link_again(beheerder: Gebruiker, mailoutbox, django_capture_on_commit_callbacks):
    actief, uit = make_gebruiker("a@example.test"), make_gebruiker("b@example.test", is_active=False)
    posted = {"action": "send_password_link", "_selected_action": [actief.pk, uit.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        response = sign_in(beheerder).post(page(Gebruiker, "changelist"), posted, follow=True)
    assert "Verstuurd aan 1 van 2 gebruikers" in response.content.decode()
    assert [mail.to for mail in mailoutbox] == [["a@example.test"]]


def test_a_changed_address_is_the_only_one_that_signs_in(beheerder: Gebruiker):
    from allauth.account.models import EmailAddress

    gebruiker = make_gebruiker("oud@example.test")
    EmailAddress.objects.create(user=gebruiker, email="oud@example.test", primary=True, verified=True)
    inlines = {f"{p}-{n}_FORMS": "0" for p in ("lidmaatschap_set", "authenticator_set") for n in ("TOTAL", "INITIAL")}
    posted = {"naam": "Nieuw", "email": "nieuw@example.test", "is_active": "on"} | inlines | seen(gebruiker)
    assert sign_in(beheerder).post(page(Gebruiker, "change", gebruiker.pk), posted).status_code == 302
    assert not EmailAddress.objects.filter(email="oud@example.test").exists()


def test_a_beheerder_does_not_shut_themselves_out(beheerder: Gebruiker):
    client = sign_in(beheerder)
    inlines = {f"{p}-{n}_FORMS": "0" for p in ("lidmaatschap_set", "authenticator_set") for n in ("TOTAL", "INITIAL")}
    posted = {"naam": "Ik", "email": beheerder.email} | inlines | seen(beheerder)
    client.post(page(Gebruiker, "change", beheerder.pk), posted)
    beheerder.refresh_from_db()
    assert beheerder.naam == "Ik"
    assert beheerder.is_active
    assert beheerder.is_superuser
    assert client.get(page(Gebruiker, "delete", beheerder.pk)).status_code == 403


def test_a_new_regio_is_ready_from_one_form(beheerder: Gebruiker):
    gemeente = make_gemeente(make_regio("elders"), "nieuwstad", "GM0009")
    posted = {
        "naam": "Nieuwe regio",
        "slug": "nieuwe-regio",
        "accentkleur": "#0b5563",
        "drempel": "5",
        "deelname_set-TOTAL_FORMS": "1",
        "deelname_set-INITIAL_FORMS": "0",
        "deelname_set-0-organisatie": gemeente.pk,
        "deelname_set-0-van": "01-08-2026",
        "werkgebied_set-TOTAL_FORMS": "0",
        "werkgebied_set-INITIAL_FORMS": "0",
        "overleg_set-TOTAL_FORMS": "1",
        "overleg_set-INITIAL_FORMS": "0",
        "overleg_set-0-naam": "OOGO",
        "overleg_set-0-niveau": "bestuurlijk",
    }
    assert sign_in(beheerder).post(page(Regio, "add"), posted).status_code == 302
    regio = Regio.objects.get(slug="nieuwe-regio")
    assert list(regio.organisaties.all()) == [gemeente]
    assert regio.overleg_set.get().naam == "OOGO"
    assert regio.overleg_set.get().history.get().history_user == beheerder


# Bad input


def test_a_form_with_errors_keeps_what_was_typed(west: Wereld):
    posted = {"regio": west.regio.pk, "naam": "Een overleg met een lange naam", "niveau": "lokaal"}
    body = sign_in(west.secretaris).post(page(Overleg, "add"), posted).content.decode()
    assert 'value="Een overleg met een lange naam"' in body
    assert "Een lokaal overleg hoort bij een gemeente" in body


def test_personal_data_is_refused_in_what_is_typed_but_not_in_what_stood_there(west: Wereld, beheerder: Gebruiker):
    client = sign_in(beheerder)
    overleg = Overleg.objects.get(regio=west.regio)
    Overleg.objects.filter(pk=overleg.pk).update(naam="Bel 06-12345678")
    posted = {"naam": "Bel 06-12345678", "niveau": "bestuurlijk", "afkorting": "BO"} | seen(overleg)
    assert client.post(page(Overleg, "change", overleg.pk), posted).status_code == 302
    response = client.post(page(Overleg, "change", overleg.pk), posted | {"naam": "Mail jan@example.nl"})
    assert "‘jan@example.nl’ (e-mailadres)" in response.content.decode()
    overleg.refresh_from_db()
    assert (overleg.naam, overleg.afkorting) == ("Bel 06-12345678", "BO")


def test_a_double_is_told_in_a_sentence(west: Wereld, beheerder: Gebruiker):
    client = sign_in(beheerder)
    posted = {"gebruiker": west.oogo_lid.pk, "regio": west.regio.pk, "rol": "oogo-lid"}
    assert "al deze rol" in client.post(page(Lidmaatschap, "add"), posted).content.decode()
    inlines = {f"{p}-{n}_FORMS": "0" for p in ("lidmaatschap_set", "authenticator_set") for n in ("TOTAL", "INITIAL")}
    double = {"naam": "Dubbel", "email": west.oogo_lid.email.upper()} | inlines
    assert "al een gebruiker met dit e-mailadres" in client.post(page(Gebruiker, "add"), double).content.decode()


# History


def test_the_history_shows_who_changed_what_and_what_stood_there(west: Wereld):
    client = sign_in(west.secretaris)
    overleg = Overleg.objects.get(regio=west.regio)
    posted = {"naam": "Bestuurlijk <overleg>", "niveau": "lokaal", "gemeente": west.gemeente.pk} | seen(overleg)
    assert client.post(page(Overleg, "change", overleg.pk), posted).status_code == 302
    history = page(Overleg, "history", overleg.pk)
    assert f'href="{history}' in client.get(page(Overleg, "change", overleg.pk)).content.decode()

    body = client.get(history).content.decode()
    assert "Secretaris west" in body
    assert "2 wijzigingen" in body
    assert "<del>Overleg west</del> <ins>Bestuurlijk &lt;overleg&gt;</ins>" in body
    assert "<del>bestuurlijk</del> <ins>lokaal</ins>" in body
    assert "<del>(leeg)</del> <ins>Weststad</ins>" in body

    first = overleg.history.earliest()
    body = client.get(page(Overleg, "simple_history", overleg.pk, first.pk)).content.decode()
    assert "Overleg west" in body
    assert "Bestuurlijk &lt;overleg&gt; zoals het was" in body
    assert client.post(page(Overleg, "simple_history", overleg.pk, first.pk), {"naam": "x"}).status_code == 405


def test_other_line_ends_are_no_change(west: Wereld):
    doel = west.doel
    doel.toelichting = "Eerste alinea, bel 06-12345678.\n\nTweede alinea."
    for record in (type(doel).objects, doel.history):
        record.update(toelichting=doel.toelichting)
    fields = {name: getattr(doel, name) for name in ("code", "plan", "uitvoering", "controle", "bijsturing")}
    posted = fields | {"thema": doel.thema_id, "volgorde": "3", "toelichting": doel.toelichting.replace("\n", "\r\n")}
    posted |= {f"{p}_set-{n}_FORMS": "0" for p in ("trekker", "actie") for n in ("TOTAL", "INITIAL")} | seen(doel)
    client = sign_in(west.secretaris)
    assert client.post(page(type(doel), "change", doel.pk), posted).status_code == 302
    assert "Toelichting" not in client.get(page(type(doel), "history", doel.pk)).content.decode()
    doel.refresh_from_db()
    assert (doel.volgorde, doel.toelichting.count("\r")) == (3, 0)


def test_what_is_protected_is_told(west: Wereld):
    body = sign_in(west.secretaris).get(page(type(west.doel), "delete", west.doel.pk)).content.decode()
    assert "vereist het verwijderen van de volgende gerelateerde objecten" in body
    assert "A1 Aug 26 west" in body


def test_an_earlier_version_says_what_is_gone_by_now(west: Wereld):
    overleg = Overleg.objects.get(regio=west.regio)
    gone = Organisatie.objects.create(soort="gemeente", naam="Opgeheven", slug="opgeheven", code="GM0099")
    Overleg.objects.filter(pk=overleg.pk).update(niveau="lokaal", gemeente=west.gemeente)
    record = overleg.history.get()
    record.gemeente = gone
    record.save()
    gone.delete()
    body = sign_in(west.secretaris).get(page(Overleg, "simple_history", overleg.pk, record.pk)).content.decode()
    assert "(verwijderd)" in body


def test_a_deletion_is_signed_too(undecided: Wereld):
    overleg = Overleg.objects.get(regio=undecided.regio)
    client = sign_in(undecided.secretaris)
    assert client.post(page(Overleg, "delete", overleg.pk), {"post": "yes"}).status_code == 302
    assert Overleg.history.filter(id=overleg.pk).latest().history_user == undecided.secretaris


def fields_of(html: str) -> dict[str, str]:
    """What a browser sends back of a page that nobody touched, as far as it stands in hidden and text fields."""
    inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input [^>]*>", html)]
    return {i["name"]: i.get("value", "") for i in inputs if "name" in i and i.get("type") in {"hidden", "text"}}


def test_a_row_within_a_page_can_be_removed(west: Wereld):
    client = sign_in(west.secretaris)
    url = page(Doel, "change", west.doel.pk)
    texts = {"plan": west.doel.plan, "uitvoering": "Do", "controle": "Check", "bijsturing": "Act"}
    typed = fields_of(client.get(url).content.decode()) | texts | {"thema": west.thema.pk, "volgorde": 0}
    trekker = west.doel.trekker_set.get()
    typed |= {"trekker_set-0-organisatie": west.swv.pk, "trekker_set-0-kant": "onderwijs", "actie_set-TOTAL_FORMS": "0"}

    assert client.post(url, typed | {"actie_set-INITIAL_FORMS": "0", "trekker_set-0-DELETE": "on"}).status_code == 302
    assert not west.doel.trekker_set.exists()
    assert trekker.history.first().history_user == west.secretaris


def test_a_deelname_is_removed_on_the_page_of_its_regio(west: Wereld):
    client = sign_in(west.secretaris)
    url = page(Regio, "change", west.regio.pk)
    werkgebied = west.regio.werkgebied_set.get()
    typed = fields_of(client.get(url).content.decode())
    assert client.post(url, typed | {"werkgebied_set-0-DELETE": "on"}).status_code == 302
    assert not west.regio.werkgebied_set.exists()
    assert type(werkgebied).history.latest().history_user == west.secretaris
    assert west.regio.deelname_set.count() == 2


def test_the_page_of_a_regio_takes_as_many_queries_for_two_organisations_as_for_twelve(west: Wereld):
    client = sign_in(west.secretaris)
    url = page(Regio, "change", west.regio.pk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    queries()
    before = queries()
    for number in range(10):
        gemeente = make_gemeente(west.regio, f"dorp{number}", f"GM01{number:02}")
        west.regio.werkgebied_set.create(swv=west.swv, gemeente=gemeente, sector="PO")
        west.regio.overleg_set.create(naam=f"LEA {number}", niveau="lokaal", gemeente=gemeente)
    assert queries() == before <= 12


def test_a_beheerder_removes_the_second_step_of_who_lost_a_telephone(west: Wereld, beheerder: Gebruiker):
    Authenticator.objects.create(user=west.oogo_lid, type=Authenticator.Type.TOTP, data={"secret": "geheim"})
    client = sign_in(beheerder)
    url = page(Gebruiker, "change", west.oogo_lid.pk)
    typed = fields_of(client.get(url).content.decode()) | {"naam": west.oogo_lid.naam, "email": west.oogo_lid.email}
    lid = {"lidmaatschap_set-0-regio": west.regio.pk, "lidmaatschap_set-0-rol": "oogo-lid"}

    assert client.post(url, typed | lid | {"is_active": "on", "authenticator_set-0-DELETE": "on"}).status_code == 302
    assert not Authenticator.objects.exists()


def test_a_long_history_comes_in_pages_and_every_step_tells_its_change(west: Wereld):
    for number in range(60):
        west.gemeente.korte_naam = f"Naam {number}"
        west.gemeente.save()
    client = sign_in(west.secretaris)
    url = page(Organisatie, "history", west.gemeente.pk)
    first, second = (client.get(url, {"p": number}).content.decode() for number in (1, 2))
    assert "Pagina 1 van 2" in first
    assert "<del>Naam 9</del> <ins>Naam 10</ins>" in first
    assert "<del>(leeg)</del> <ins>Naam 0</ins>" in second
    assert client.get(url, {"p": "onzin"}).status_code == 200


# Words, style and speed

ENGLISH = re.compile(
    r"\b(the|and|or|your|you|please|select|selected|search|history|delete|save|submit|view|home|log ?out|welcome|"
    r"change|changes|changed|none|yes|no|true|false|entries|entry|user|users|created|updated|skipped|authenticator|"
    r"row|rows|errors?|preview|confirm|required|field|this|has|been|not|show|all|by|from|date|time|now|today)\b",
    re.IGNORECASE,
)


def words_of(body: str) -> str:
    """What a person reads: text, and the attributes that are shown or spoken."""
    shown = re.findall(r'(?:title|aria-label|placeholder|alt)="([^"]*)"', body)
    shown += re.findall(r'<input type="(?:submit|button)"[^>]*value="([^"]*)"', body)
    body = re.sub(r"(?s)<(script|style|svg|code|textarea)\b.*?</\1>|<!--.*?-->", " ", body)
    return " | ".join([re.sub(r"(?s)<[^>]*>", " | ", body), *shown])


def english_in(body: str) -> list[str]:
    return [match[0] for match in ENGLISH.finditer(words_of(body))]


def test_the_search_for_english_finds_it():
    assert english_in('<p>Geschiedenis</p><a title="Change history">x</a><input type="submit" value="Save">')
    assert not english_in("<p>Geschiedenis van het overleg</p><code>from</code><script>all</script>")


def bodies_of(model, thing, client: Client) -> dict[str, str]:
    """The pages of `model` that may be opened, by their address."""
    urls = [page(model, "changelist"), page(model, "changelist") + "?q=onvindbaar", page(model, "add")]
    urls += [page(model, name, thing.pk) for name in ("change", "delete", "history")]
    if model._meta.label not in NO_HISTORY:
        urls += [page(model, "simple_history", thing.pk, version.pk) for version in thing.history.all()[:1]]
    responses = {url: client.get(url) for url in urls}
    return {url: response.content.decode() for url, response in responses.items() if response.status_code == 200}


def test_every_page_is_dutch_and_without_inline_style_or_script(west: Wereld, beheerder: Gebruiker):
    client = sign_in(beheerder)
    for model in MODELS:
        bodies = bodies_of(model, one_of(model, west), client)
        assert len(bodies) >= (3 if model._meta.label in NO_HISTORY else 4)
        for url, body in bodies.items():
            assert english_in(body) == [], url
            assert_nothing_inline(body, url)
        assert english_in(client.post(page(model, "add"), {}).content.decode()) == [], model


def assert_nothing_inline(body: str, url: str) -> None:
    assert not re.search(r"\sstyle=", body), url
    assert "<style" not in body, url
    assert not re.search(r"\son[a-z]+=", body), url
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", body), url


def test_the_other_pages_are_dutch_too(west: Wereld, beheerder: Gebruiker):
    client = sign_in(beheerder)
    Overleg.objects.create(regio=west.regio, naam="Nog een", niveau="ambtelijk")
    chosen = {"action": "delete_selected", "_selected_action": [o.pk for o in Overleg.objects.all()]}
    bodies = [
        client.get("/beheer/").content.decode(),
        client.get("/beheer/agenda/").content.decode(),
        client.post(page(Overleg, "changelist"), chosen).content.decode(),
        client.post(page(Overleg, "changelist"), chosen | {"post": "yes"}, follow=True).content.decode(),
        client.get(page(type(west.doel), "delete", west.doel.pk)).content.decode(),
        client.get(page(Overleg, "add") + "?_popup=1").content.decode(),
    ]
    for body in bodies:
        assert english_in(body) == []
        assert_nothing_inline(body, "")


def test_what_was_done_is_told_without_an_article_that_may_be_wrong(west: Wereld):
    """Django's Dutch calls everything de, a meetmoment and an overleg too."""
    client = sign_in(west.secretaris)
    posted = {"regio": west.regio.pk, "naam": "Themagroep", "niveau": "uitvoerend"}

    def told(url: str, **more: str) -> list[str]:
        response = client.post(url, posted | more, follow=True)
        return [re.sub(r"<[^>]+>", "", str(message)) for message in response.context["messages"]]

    assert told(page(Overleg, "add"), _continue="1") == [
        "Overleg ‘Themagroep’ is met succes toegevoegd. U kunt hieronder verder."
    ]
    overleg = Overleg.objects.get(naam="Themagroep")
    change = page(Overleg, "change", overleg.pk)
    assert told(change) == ["Overleg ‘Themagroep’ is met succes gewijzigd."]
    assert told(change, _continue="1") == ["Overleg ‘Themagroep’ is met succes gewijzigd. U kunt hieronder verder."]
    assert told(page(Overleg, "delete", overleg.pk), post="yes") == ["Overleg ‘Themagroep’ is met succes verwijderd."]


def test_a_list_takes_as_many_queries_for_two_regios_as_for_four(west: Wereld, oost: Wereld, beheerder: Gebruiker):
    # Two to begin with: a filter appears, and asks, when there is something to choose.
    client = sign_in(beheerder)

    def queries() -> dict[str, int]:
        counted = {}
        for model in MODELS:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page(model, "changelist")).status_code == 200
            counted[model._meta.label] = len(captured)
        return counted

    queries()
    before = queries()
    make_public_wereld("noord", 3)
    make_public_wereld("zuid", 4)
    assert queries() == before
    assert max(before.values()) <= 12
