"""A quarter of counts on its way to the REA: its pages, its snapshot, and what who may not see small numbers learns."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from jsonschema import Draft202012Validator

from monitoring.models import Besluit, Momentopname, OntbrekendeOpgave, Opmerking, Rapportage, Teruggave
from monitoring.quarter import load_kwartaalversies
from monitoring.quarter_actions import OpgavenMissing
from monitoring.snapshot import Damaged, canonical
from monitoring.steps import NotAllowedNow
from regio.models import Organisatie, Overleg
from regio.permissions import Rol
from tests.factories import make_gebruiker
from tests.monitoring.decisions import REASON, STATES, Kwartaalbesluitvorming
from tests.worlds import once
from thuiszitters.actions import return_opgave
from thuiszitters.counting import UNKNOWN, given
from thuiszitters.models import Categorie, Opgave, Telling, Telmoment

pytestmark = pytest.mark.django_db

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "kwartaal.schema.json").read_text())
NOW = "2025-10-01T12:00:00+02:00"
PAGE = "/regio/west/thuiszitters/2025-07-01/"
GIVEN = {"vergaderdatum": "2025-09-11", "kenmerk": "REA 2025-3, punt 4", "opmerkingen": ""}
STEPS = ("", "voorleggen/", "teruggeven/", "vaststellen/", "heropenen/")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


built, world = once(Kwartaalbesluitvorming, at=NOW)


@pytest.fixture
def sign_in(client: Client, world: Kwartaalbesluitvorming) -> Callable[[str], Client]:
    def sign_in(role: str) -> Client:
        client.force_login(world.people[role])
        return client

    return sign_in


def adopt_by_hand(client: Client, world: Kwartaalbesluitvorming, **fields: Any) -> Any:
    read = Rapportage.objects.get().voorgelegd_op
    data = {**GIVEN, "gezien": read.isoformat() if read else "", "overleg": world.rea.pk, **fields}
    return client.post(f"{PAGE}vaststellen/", data, follow=True)


def verify(client: Client, content: str) -> str:
    return client.post("/controleren/", {"bestand": SimpleUploadedFile("kwartaal.json", content.encode())}).text


# Every page in every state


@pytest.mark.parametrize("state", STATES)
def test_every_page_of_a_quarter_explains_itself_in_every_state(world, sign_in, state, django_assert_max_num_queries):
    world.bring_to(state)
    for role, steps in (("secretaris", STEPS), ("coordinator", ("", *STEPS[2:])), ("oogo-lid", ("",))):
        client = sign_in(role)
        for step in steps:
            with django_assert_max_num_queries(12):
                page = client.get(PAGE + step)
            assert (page.status_code, page.text.count("<h1>")) == (200, 1), (role, step)


def test_who_sees_all_counts_reads_what_was_explained_and_everybody_who_submitted(world, sign_in):
    world.bring_to("vastgesteld")
    told = {role: sign_in(role).get(PAGE).text for role in ("secretaris", "coordinator", "oogo-lid")}
    assert [role for role, page in told.items() if "Dit is een reden." in page] == ["secretaris", "coordinator"]
    assert "Thuiszitters, PO: 31." in told["secretaris"]
    assert all(f"door {world.people['invoerder']}" in page for page in told.values())


@pytest.mark.parametrize(
    ("step", "state", "said"),
    [
        ("vaststellen/", "concept", "ligt niet voor aan het REA"),
        ("vaststellen/", "vastgesteld", "is al vastgesteld"),
        ("heropenen/", "voorgelegd", "is niet vastgesteld"),
        ("voorleggen/", "vastgesteld", "Heropen het dan eerst"),
        ("voorleggen/", "voorgelegd", "Geef het dan eerst terug"),
        ("teruggeven/", "concept", "ligt niet voor aan het REA"),
    ],
)
def test_a_step_that_cannot_be_taken_says_why(world, sign_in, step, state, said):
    world.bring_to(state)
    assert said in sign_in("secretaris").get(PAGE + step).text


@pytest.mark.parametrize(
    ("step", "state", "data", "said"),
    [
        ("voorleggen/", "voorgelegd", {}, "ligt sinds 2 september 2025 voor aan het REA"),
        ("teruggeven/", "vastgesteld", {"reden": "Nog niet af.", "gemeente-dorp": "Zie PO."}, "ligt niet voor"),
        ("vaststellen/", "vastgesteld", {"kenmerk": "REA 2025-3", "opmerkingen": "Mooi."}, "is al vastgesteld"),
        ("heropenen/", "voorgelegd", {"reden": "Nog niet af."}, "is niet vastgesteld"),
    ],
)
def test_a_step_from_a_tab_that_is_behind_changes_nothing_and_gives_back_what_was_typed(
    world, sign_in, step, state, data, said
):
    world.bring_to(state)
    before = Rapportage.objects.values().get()
    page = sign_in("secretaris").post(PAGE + step, data, follow=True).text
    assert said in page
    assert [text for text in data.values() if text not in page] == []
    assert Rapportage.objects.values().get() == before


def test_the_page_offers_each_reader_the_steps_that_are_theirs(world, sign_in):
    def offered(role: str) -> set[str]:
        page = sign_in(role).get(PAGE).text
        return {step for step in STEPS[1:] if f'href="{PAGE}{step}"' in page}

    assert (offered("secretaris"), offered("coordinator"), offered("oogo-lid")) == ({"voorleggen/"}, set(), set())
    world.submit()
    assert offered("secretaris") == offered("coordinator") == {"teruggeven/", "vaststellen/"}
    world.adopt()
    assert offered("coordinator") == {"heropenen/"}
    assert offered("oogo-lid") == offered("invoerder") == set()


@pytest.mark.parametrize(("today", "late"), [("2025-07-30", False), ("2025-07-31", True)])
def test_what_is_asked_before_a_day_is_late_on_that_day(world, sign_in, today, late):
    open_again = {"status": Opgave.Status.CONCEPT, "ingediend_op": None, "ingediend_door": None}
    Opgave.objects.filter(gemeente=world.dorp).update(**open_again)
    Opgave.history.filter(gemeente=world.dorp).delete()
    with time_machine.travel(f"{today}T12:00:00+02:00", tick=False):
        page = sign_in("secretaris").get(PAGE).text
    assert "invoeren vóór 31 juli 2025" in page
    assert (">te laat<" in page) == late


def test_a_quarter_is_reached_from_the_dashboard_of_counts(world, sign_in):
    assert f'href="{PAGE}"' in sign_in("oogo-lid").get("/regio/west/thuiszitters/").text


# Mijn werk


def test_mijn_werk_names_a_quarter_to_who_must_act_on_it_and_to_nobody_else(world, sign_in):
    def named() -> dict[str, str]:
        pages = {role: sign_in(role).get("/").text for role in ("indiener", "secretaris", "coordinator", "oogo-lid")}
        steps = {"voorleggen": f'href="{PAGE}voorleggen/"', "vaststellen": f'href="{PAGE}vaststellen/"'}
        return {role: step for role, page in pages.items() for step, link in steps.items() if link in page}

    assert named() == {"indiener": "voorleggen", "secretaris": "voorleggen"}
    world.submit()
    assert named() == {"secretaris": "vaststellen", "coordinator": "vaststellen"}
    world.adopt()
    assert named() == {}
    world.reopen()
    return_opgave(telmoment=world.telmoment, gemeente=world.dorp, reden="Nog eens.", by=world.indiener)
    assert named() == {}


def test_who_lays_a_quarter_before_the_rea_again_reads_why_it_is_open(world, sign_in):
    world.bring_to("heropend")
    client = sign_in("secretaris")
    work, page = client.get("/").text, client.get(f"{PAGE}voorleggen/").text
    assert "is compleet" not in work
    assert "<strong>Heropend.</strong> Een aantal klopte niet." in work
    assert "Versie 2 is in de maak, omdat: Een aantal klopte niet." in page
    assert "Sinds de vorige versie heeft geen gemeente opnieuw ingediend" in page

    with time_machine.travel("2025-10-02T12:00:00+02:00", tick=False):
        return_opgave(telmoment=world.telmoment, gemeente=world.dorp, reden="Kijk dit na.", by=world.indiener)
        work = sign_in("secretaris").get("/").text
        assert "<strong>Heropend.</strong> Een aantal klopte niet." in work
        assert "teruggegeven: Kijk dit na." in work
        assert "<strong>Heropend.</strong>" not in sign_in("invoerder").get("/").text
        client = sign_in("secretaris")
        world.recount_after_return(world.dorp, 9)
    assert "heeft geen gemeente opnieuw ingediend" not in client.get(f"{PAGE}voorleggen/").text
    world.submit(op=None)
    world.give_back()
    assert f"<strong>Teruggegeven.</strong> {REASON}" in client.get("/").text


# Submitting


def test_a_missing_opgave_is_listed_with_its_link_and_asks_why(world, sign_in):
    return_opgave(telmoment=world.telmoment, gemeente=world.dorp, reden="Kijk het PO na.", by=world.indiener)
    client = sign_in("secretaris")
    page = client.get(f"{PAGE}voorleggen/").text
    assert f'href="{PAGE}dorp/"' in page
    assert "Teruggegeven: Kijk het PO na." in page
    assert f'href="{PAGE}stad/"' not in page

    refused = client.post(f"{PAGE}voorleggen/", {"gemeente-dorp": ""}).text
    assert "Schrijf waarom Dorp ontbreekt, of wacht tot die opgave er is." in refused
    assert not Rapportage.objects.filter(status="voorgelegd").exists()
    with pytest.raises(OpgavenMissing, match="Dorp"):
        world.submit()

    said = client.post(f"{PAGE}voorleggen/", {"gemeente-dorp": "Dorp is zonder ambtenaar."}, follow=True).text
    assert "Dit kwartaal ligt nu voor aan het REA." in said
    # Who was a moment later gets back what they wrote.
    assert "Anders dus." in client.post(f"{PAGE}voorleggen/", {"gemeente-dorp": "Anders dus."}).text
    assert "Dorp is zonder ambtenaar." in said
    # Once, not in every row
    assert said.count("1 van 2 gemeenten</small>") == len(re.findall('class="tabel aantallen aantallen-', said)) > 1
    kept = OntbrekendeOpgave.objects.get()
    assert (kept.gemeente, kept.door) == (world.dorp, world.people["secretaris"])

    content = json.loads(world.adopt().inhoud)
    assert [(o["naam"], o["status"], o["reden"]) for o in content["opgaven"]] == [
        ("Dorp", "geen opgave", "Dorp is zonder ambtenaar."),
        ("Stad", "ingediend", ""),
    ]
    # Missing is not zero: what Dorp had typed is in no sum, and the sum says so.
    (samen,) = (regel for regel in content["sommen"]["regels"] if regel["code"] == "samen")
    assert (samen["aantal"], samen["dekking"]) == (31, "1 van 2 gemeenten")


def test_a_quarter_in_the_future_or_without_gemeenten_is_not_submitted(world):
    with time_machine.travel("2025-06-30T12:00:00+02:00", tick=False), pytest.raises(NotAllowedNow, match="toekomst"):
        world.submit()
    for deelname in world.regio.deelname_set.all():
        deelname.tot = world.peildatum
        deelname.save()
    with pytest.raises(NotAllowedNow, match="geen gemeenten"):
        world.submit()


# Returning


def test_returning_names_gemeenten_whose_opgave_goes_back_with_its_own_reason(world, sign_in):
    world.submit()
    data = {"reden": REASON, "gemeente-dorp": "Tel het vo mee.", "gemeente-stad": ""}
    page = sign_in("coordinator").post(f"{PAGE}teruggeven/", data, follow=True).text
    assert "Dit kwartaal is teruggegeven." in page
    assert REASON in page

    dorp, stad = (Opgave.objects.get(gemeente=g) for g in (world.dorp, world.stad))
    assert (dorp.status, dorp.reden_teruggave, stad.status) == ("teruggegeven", "Tel het vo mee.", "ingediend")
    given, remark = Teruggave.objects.get(), Opmerking.objects.get()
    assert (given.reden, remark.gemeente, remark.tekst) == (REASON, world.dorp, "Tel het vo mee.")
    assert Telmoment.objects.get().is_open
    page = sign_in("secretaris").get(f"{PAGE}dorp/").text
    assert "<strong>Teruggegeven op 1 oktober 2025 door Coordinator.</strong> Tel het vo mee." in page

    world.recount_after_return(world.dorp, 4)
    world.submit(op=None)
    world.adopt()
    page = sign_in("oogo-lid").get(PAGE).text
    assert "Versie 1 teruggegeven" in page
    assert "Tel het vo mee." in page


def test_returning_without_a_reason_is_refused_and_loses_nothing(world, sign_in):
    world.submit()
    data = {"reden": "", "gemeente-dorp": "Deze tekst blijft staan."}
    page = sign_in("coordinator").post(f"{PAGE}teruggeven/", data).text
    assert "Schrijf wat er moet gebeuren voordat dit kwartaal opnieuw kan worden voorgelegd." in page
    assert "Deze tekst blijft staan." in page
    assert not Teruggave.objects.exists()


# Adopting


def test_the_coordinator_adopts_with_body_date_reference_and_remarks(world, sign_in):
    world.submit()
    answer = adopt_by_hand(sign_in("coordinator"), world, opmerkingen="Met dank aan Dorp.")

    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Vastgesteld in REA op 11 september 2025, kenmerk REA 2025-3, punt 4." in answer.text
    assert "Met dank aan Dorp." in answer.text
    besluit = Besluit.objects.get()
    assert (besluit.vastgesteld_door, besluit.geregistreerd_door) == (world.people["coordinator"], None)
    assert Telmoment.objects.get().is_afgesloten


def test_who_submitted_registers_what_the_rea_decided(world, sign_in):
    world.submit()
    client = sign_in("indiener")
    assert "U legt vast wat het REA heeft besloten." in client.get(f"{PAGE}vaststellen/").text
    answer = adopt_by_hand(client, world)
    assert f"dit besluit van het overleg is vastgelegd door {world.indiener}" in answer.text
    assert Besluit.objects.get().geregistreerd_door == world.indiener


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kenmerk": ""}, "Vul het agendapunt of het besluitnummer in"),
        ({"vergaderdatum": "2025-10-02"}, "Deze vergadering is nog niet geweest."),
        ({"opmerkingen": "Bel 06-12345678"}, "telefoonnummer"),
        ({"gezien": "2025-01-01T00:00:00+00:00"}, "opnieuw voorgelegd"),
    ],
)
def test_what_is_not_right_is_told_and_nothing_is_adopted(world, sign_in, fields, said):
    world.submit()
    assert said in adopt_by_hand(sign_in("coordinator"), world, **fields).text
    assert not Besluit.objects.exists()


def test_the_oogo_adopts_no_quarter_and_a_regio_without_ambtelijk_overleg_is_told_so(world, sign_in):
    world.submit()
    with pytest.raises(NotAllowedNow, match="geen ambtelijk overleg"):
        world.adopt(uitspraak=world.uitspraak(overleg=world.oogo))
    Overleg.objects.filter(niveau="ambtelijk").delete()
    assert "Deze regio heeft nog geen ambtelijk overleg." in sign_in("coordinator").get(f"{PAGE}vaststellen/").text


# Frozen


def test_every_snapshot_of_a_quarter_keeps_to_the_published_schema(world, sign_in):
    world.submit()
    whole = world.adopt()
    world.reopen()
    return_opgave(telmoment=world.telmoment, gemeente=world.dorp, reden="Nog eens.", by=world.indiener)
    world.submit(zonder={world.dorp: "Dorp kan niet."}, op=None)
    registered = world.adopt(by=world.indiener, als_registratie=True)
    masked = sign_in("oogo-lid").get(f"{PAGE}gemaskeerd.json").text
    validator = Draft202012Validator(SCHEMA)
    for text in (whole.inhoud, registered.inhoud, masked):
        validator.validate(json.loads(text))
        assert canonical(json.loads(text)) == text
    broken = json.loads(masked) | {"sommen": json.loads(whole.inhoud)["sommen"]}
    assert list(validator.iter_errors(broken))


def test_the_same_counts_never_have_the_same_sha256(world):
    """Of few small numbers all that are possible could be tried: what nobody knows is in it too (docs/adr/0040)."""
    world.submit()
    first = world.adopt()
    world.reopen()
    world.submit()
    second = world.adopt()
    salts = [json.loads(momentopname.inhoud)["zout"] for momentopname in (first, second)]
    assert salts[0] != salts[1]


def test_an_adopted_quarter_stays_as_it_is_whatever_changes_afterwards(world, sign_in):
    world.submit()
    world.adopt()
    pages = {role: sign_in(role).get(PAGE).text for role in ("secretaris", "oogo-lid")}
    files = {kind: sign_in("secretaris").get(PAGE + kind).content for kind in ("momentopname.json", "gemaskeerd.json")}

    Categorie.objects.update(naam="Anders", definitie="Anders geteld")
    Telling.objects.filter(aantal__gt=0).update(aantal=7)
    world.stad.naam = world.stad.korte_naam = "Gefuseerd"
    world.stad.save()

    def counts(page: str) -> str:
        return page[page.index('id="kop-aantallen"') : page.index("</section>", page.index('id="kop-aantallen"'))]

    for role, page in pages.items():
        assert counts(sign_in(role).get(PAGE).text) == counts(page)
    for kind, content in files.items():
        assert sign_in("secretaris").get(PAGE + kind).content == content
    assert hashlib.sha256(files["momentopname.json"]).hexdigest() == Momentopname.objects.get().sha256


def test_a_snapshot_that_was_tampered_with_is_not_shown(world):
    world.submit()
    kept = world.adopt()
    fields = {"rapportage": kept.rapportage, "versie": 2, "gemaakt_op": kept.gemaakt_op, "sha256": "0" * 64}
    Momentopname.objects.create(inhoud=kept.inhoud, **fields)
    with pytest.raises(Damaged):
        load_kwartaalversies(world.telmoment, sees_all=True)


# Reopening


def test_reopening_begins_the_next_version_with_its_reason(world, sign_in):
    world.bring_to("vastgesteld")
    client = sign_in("coordinator")
    refused = client.post(f"{PAGE}heropenen/", {"reden": ""}).text
    assert "Versie 1 is vastgesteld" in refused

    page = client.post(f"{PAGE}heropenen/", {"reden": "Een aantal klopte niet."}, follow=True).text

    assert "Versie 2 is begonnen. De secretaris geeft nu de opgave terug van wie iets moet verbeteren" in page
    assert "Een aantal klopte niet." in page


@pytest.mark.parametrize(("role", "who"), [("secretaris", "u kunt"), ("coordinator", "de secretaris kan")])
def test_reopening_names_who_can_give_an_opgave_back(world, sign_in, role, who):
    world.bring_to("vastgesteld")
    client = sign_in(role)
    assert f"{who} de opgave teruggeven" in client.get(f"{PAGE}heropenen/").text
    client.post(f"{PAGE}heropenen/", {"reden": "Een aantal klopte niet."})
    assert client.get(f"{PAGE}dorp/teruggeven/").status_code == (200 if role == "secretaris" else 403)


def test_each_version_stays_readable_and_shows_what_it_changed(world, sign_in):
    world.bring_to("heropend")
    world.recount(world.dorp, 9)
    world.submit(op=None)
    world.adopt(uitspraak=world.uitspraak(kenmerk="REA 2025-9"))

    client = sign_in("coordinator")
    latest, first = client.get(PAGE).text, client.get(f"{PAGE}?versie=1").text
    assert "Heropend omdat:</span> Een aantal klopte niet." in latest
    assert "Opgave · Dorp · Thuiszitters PO · aantal" in latest
    assert "<ins>9</ins>" in latest
    assert "Er is een latere versie vastgesteld" in first
    assert "kenmerk OOGO 2025-3, punt 4. Deze aantallen veranderen niet meer." in first
    assert "kenmerk REA 2025-9. Deze aantallen veranderen niet meer." in latest
    old, new = (json.loads(client.get(f"{PAGE}momentopname.json?versie={n}").content) for n in (1, 2))
    assert [sum(t["aantal"] or 0 for t in c["opgaven"][0]["aantallen"]) for c in (old, new)] == [6, 18]


def test_while_the_next_version_is_made_masked_readers_see_the_adopted_one_only(world, sign_in):
    world.bring_to("heropend")
    page = sign_in("oogo-lid").get(PAGE).text
    assert "Nog niet vastgesteld." in page
    assert "Versie 2 is in de maak, omdat: Een aantal klopte niet." in page
    assert "31" not in page[page.index('id="kop-aantallen"') :]
    assert "De aantallen van versie 1" in sign_in("oogo-lid").get(f"{PAGE}?versie=1").text


@pytest.mark.parametrize("versie", ["0", "2", "x", "-1", ""])
def test_a_version_that_does_not_exist_is_not_found(world, sign_in, versie):
    world.bring_to("vastgesteld")
    for page in ("", "momentopname.json", "gemaskeerd.json"):
        assert sign_in("coordinator").get(f"{PAGE}{page}?versie={versie}").status_code == 404


# Small numbers


def test_who_may_not_see_small_numbers_gets_none_from_page_file_or_difference(world, sign_in):
    world.submit()
    world.adopt()
    world.reopen()
    world.recount(world.dorp, 4)
    world.submit(op=None)
    world.adopt()
    client = sign_in("oogo-lid")

    assert client.get(f"{PAGE}momentopname.json").status_code == 403
    for versie in (1, 2):
        masked = client.get(f"{PAGE}gemaskeerd.json?versie={versie}").content.decode()
        content = json.loads(masked)
        assert {"sommen", "zout"} & content.keys() == set()
        assert not [opgave for opgave in content["opgaven"] if "aantallen" in opgave]
        dorp = content["gemaskeerd"]["gemeenten"][0]
        assert (dorp["naam"], dorp["aantal"]) == ("Dorp", None)
        assert dorp["tekst"] not in {"3", "4"}
    page = client.get(PAGE).text
    assert "Opgave · Dorp · Thuiszitters" not in page
    assert "<ins>4</ins>" not in page
    assert "momentopname.json" not in page
    assert "<ins>4</ins>" in sign_in("coordinator").get(PAGE).text


def test_what_became_known_is_not_the_difference_between_two_versions(world, sign_in):
    """A sum without a count that was unknown, and the sum with it, tell that count to who ever read both."""
    world.recount_as(world.stad, UNKNOWN, "VO", "De school gaf niets door.")
    world.submit()
    world.adopt()
    client = sign_in("oogo-lid")
    first = numbers_on(client.get(PAGE))
    assert "31 3 van 4 sectoren" in first
    world.reopen()
    world.recount_as(world.stad, given(3), "VO", "Nu bekend.")
    world.submit(op=None)
    world.adopt()

    assert numbers_on(client.get(PAGE)) == numbers_on(client.get(f"{PAGE}?versie=1")) == first
    assert "telt nergens mee" in client.get(PAGE).text
    dashboard = client.get("/regio/west/thuiszitters/").text
    assert "3 van 4 sectoren" in dashboard
    assert not re.search(r"\b34\b", re.sub("<[^>]*>", " ", dashboard))
    for versie in (1, 2):
        masked = client.get(f"{PAGE}gemaskeerd.json?versie={versie}").json()
        stad = masked["gemaskeerd"]["gemeenten"][1]
        assert (stad["naam"], stad["aantal"], stad["dekking"]) == ("Stad", 31, "3 van 4 sectoren")

    told = sign_in("coordinator").get(PAGE).text
    assert ">34<" in told
    assert "Opgave · Stad · Thuiszitters VO · aantal" in told


def test_a_larger_count_that_became_known_is_told(world, sign_in):
    world.recount_as(world.stad, UNKNOWN, "VO", "De school gaf niets door.")
    world.submit()
    world.adopt()
    world.reopen()
    world.recount_as(world.stad, given(9), "VO", "Nu bekend.")
    world.submit(op=None)
    world.adopt()
    page = sign_in("oogo-lid").get(PAGE).text
    assert "40" in numbers_on(sign_in("oogo-lid").get(PAGE))
    assert "telt nergens mee" not in page


def test_a_version_that_masks_what_another_tells_is_read_by_who_sees_all(world, sign_in):
    """Side by side the two would give a masked count back: 31 is told in the first, and hidden in the second."""
    world.submit()
    world.adopt()
    world.reopen()
    world.recount(world.dorp, 0)
    world.recount(world.stad, 4)
    world.submit(op=None)
    world.adopt()

    client = sign_in("oogo-lid")
    latest, first = client.get(PAGE).text, client.get(f"{PAGE}?versie=1").text
    for page in (latest, first):
        assert "Stad, thuiszitters samen" not in page
        assert f"{PAGE}gemaskeerd.json?versie=1" not in page
    assert "De aantallen van deze versie ziet u niet meer" in first
    assert f'href="{PAGE}?versie=1"' not in latest
    refused = client.get(f"{PAGE}gemaskeerd.json?versie=1", follow=True)
    assert refused.redirect_chain == [(PAGE, 302)]
    assert "een klein aantal uit te rekenen" in refused.text
    assert client.get(f"{PAGE}gemaskeerd.json?versie=2").json()["versie"] == 2

    told = sign_in("coordinator")
    assert "31" in numbers_on(told.get(f"{PAGE}?versie=1"))
    assert told.get(f"{PAGE}momentopname.json?versie=1").json()["versie"] == 1
    assert told.get(f"{PAGE}gemaskeerd.json?versie=1").status_code == 302


def numbers_on(response: Any) -> list[str]:
    """Return what stands in the cells of the counts of a quarter."""
    counts = response.text[response.text.index('id="kop-aantallen"') :]
    return [" ".join(re.sub("<[^>]*>", "", cell).split()) for cell in re.findall("<td>(.*?)</td>", counts, re.DOTALL)]


def test_a_correction_that_gives_nothing_back_is_shown_to_everybody(world, sign_in):
    world.bring_to("heropend")
    world.recount(world.stad, 33)
    world.submit(op=None)
    world.adopt()
    page = sign_in("oogo-lid").get(PAGE).text
    assert "Stad, thuiszitters samen" in page
    assert "<del>31</del> <ins>33</ins>" in page
    assert f"{PAGE}gemaskeerd.json?versie=1" in page


def test_a_count_in_a_reason_stays_with_who_may_see_small_numbers(world, sign_in):
    dorp = world.dorp
    return_opgave(telmoment=world.telmoment, gemeente=dorp, reden="Kijk dit na.", by=world.indiener)
    world.submit(zonder={dorp: "Dorp is bezig, het zijn er 3 of vier."})
    world.adopt(uitspraak=world.uitspraak(opmerkingen="In Dorp zijn het er 3."))
    world.reopen(reden="Stad had geen 31 maar zevenentwintig leerlingen, drie waren verhuisd.")
    world.submit(op=None, zonder={dorp: "Dorp is bezig, het zijn er 3 of vier."})
    concept = sign_in("oogo-lid").get(PAGE).text
    world.adopt()
    said = ("er 3 of vier", "het er 3.", "geen 31 maar", "drie waren")
    for page in (concept, sign_in("oogo-lid").get(PAGE).text):
        assert not [words for words in said if words in page]
        assert "Dorp is bezig, het zijn er (getal) of (getal)." in page
        assert "Stad had geen (getal) maar" in page
    assert "In Dorp zijn het er (getal)." in page
    for versie in (1, 2):
        file = sign_in("oogo-lid").get(f"{PAGE}gemaskeerd.json?versie={versie}").text
        assert "het zijn er (getal) of (getal)." in file
        assert not [words for words in said if words in file]
    page = sign_in("coordinator").get(PAGE).text
    assert all(words in page for words in said)


def test_the_rbl_sees_every_count_but_is_offered_no_file_that_it_may_not_have(world, client):
    rbl = Organisatie.objects.create(soort="rbl", slug="rbl", naam="RBL")
    client.force_login(make_gebruiker("rbl@west.example", Rol.INVOERDER, world.regio, rbl))
    world.bring_to("vastgesteld")
    page = client.get(PAGE).text
    assert "Met kleine aantallen" in page
    assert "momentopname.json" not in page
    assert client.get(f"{PAGE}momentopname.json").status_code == 403
    assert client.get(f"{PAGE}gemaskeerd.json").status_code == 200


@pytest.mark.parametrize("role", ["oogo-lid", "coordinator"])
def test_both_files_of_a_quarter_are_recognised(world, sign_in, role):
    world.submit()
    whole = world.adopt()
    client = sign_in(role)
    masked = client.get(f"{PAGE}gemaskeerd.json").content.decode()
    for text in (whole.inhoud, masked):
        answer = verify(client, text)
        assert "Ongewijzigd vastgesteld op 11 september 2025 in REA" in answer
        assert f'href="{PAGE}?versie=1"' in answer
    assert "Dit bestand is onbekend" in verify(sign_in("elders"), masked)


def test_a_forged_file_tells_what_differs_but_no_small_number_to_who_may_not_see_it(world, sign_in):
    world.submit()
    content = json.loads(world.adopt().inhoud)
    content["opgaven"][0]["aantallen"] = [t | {"aantal": 88} for t in content["opgaven"][0]["aantallen"]]
    content["opgaven"][0]["naam"] = "Dorp aan Zee"
    forged = canonical(content)

    raw, told = verify(sign_in("coordinator"), forged), verify(sign_in("oogo-lid"), forged)

    assert "Dit is niet wat is vastgesteld" in raw
    assert re.search(r"\b88\b", raw)
    assert "Dit is niet wat is vastgesteld" in told
    assert "Dorp aan Zee" in told
    assert not re.search(r"\b88\b", told)
    assert "aantal: 3" in raw
    assert "aantal: 3" not in told


SHAPES = [
    {"opgaven": None},
    {"opgaven": [1, "x", None, {"naam": [], "aantallen": 3}]},
    {"gemaskeerd": "wij"},
    {"definities": [{"code": {}}, 3]},
    {"versie": 1, "besluit": []},
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_snapshot_of_a_strange_shape_is_compared_all_the_same(world, sign_in, shape):
    world.submit()
    forged = json.dumps(json.loads(world.adopt().inhoud) | shape)
    for role in ("oogo-lid", "coordinator"):
        assert "Dit is niet wat is vastgesteld" in verify(sign_in(role), forged), role


@pytest.mark.parametrize(
    "text",
    [
        '{"soort": "kwartaal", "schema": 1, "besluit": null}',
        '{"soort": "kwartaal", "schema": 2, "besluit": {}}',
        '{"soort": "kwartaal", "schema": 1, "besluit": {}, "regio": {"slug": "west"}, "peildatum": "gisteren"}',
        '{"soort": "kwartaal", "schema": 1, "besluit": {}, "regio": [], "peildatum": 3, "versie": "x"}',
    ],
)
def test_what_is_no_snapshot_of_a_quarter_is_unknown(world, sign_in, text):
    world.bring_to("vastgesteld")
    assert "Dit bestand is onbekend" in verify(sign_in("coordinator"), text)
