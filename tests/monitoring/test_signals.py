"""A check that fires shows the act of its doel: on the regio's page, on the doel's and in Mijn werk (rule 6)."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from agenda.models import Trekker
from monitoring.signals import answered
from regio.models import Gebruiker
from regio.permissions import Rol
from regio.signals import Signal, SignalKind
from tests.factories import make_agenda, make_beheerder, make_doel, make_gebruiker, make_gemeente, make_meetmoment
from tests.thuiszitters.factories import close, fill, make_telmoment, make_world, submit
from tests.worlds import once
from thuiszitters.counting import UNKNOWN
from thuiszitters.signals import said_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
REGIO = "/regio/telregio/"
DOEL = REGIO + "agenda/2023-2027/doel/"
INVOER = REGIO + "agenda/2023-2027/aug-26/invoer/"
LACK = "3 van 8 leerlingen zitten thuis omdat passend aanbod ontbreekt"
ACT_LACK, ACT_AMBITION = "Kernpartneroverleg houden", "Bijstellen na evaluatie"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY, tick=False):
        yield


class Tellend:
    """A regio that counts, with F1 and F4 whose checks hang on its counts, and one person in each role."""

    def __init__(self) -> None:
        self.regio, self.gemeente, self.invoerder, self.nu = make_world()
        self.eerder = make_telmoment(self.regio, date(2026, 7, 1))
        self.agenda = make_agenda(self.regio)
        make_meetmoment(self.agenda)
        self.f1 = make_doel(self.agenda, "F1", volgorde=1, signaal="aanbodgebrek", bijsturing=ACT_LACK)
        self.f2 = make_doel(self.agenda, "F2", volgorde=2)
        self.f4 = make_doel(self.agenda, "F4", volgorde=4, signaal="ambitie", bijsturing=ACT_AMBITION)
        self.people = {
            rol: make_gebruiker(f"{rol}@telregio.test", rol, self.regio)
            for rol in (Rol.SECRETARIS, Rol.OOGO_LID, Rol.COORDINATOR)
        }

    def enter(self, moment: Any, **counts: Any) -> None:
        fill(moment, self.gemeente, self.invoerder, **counts)
        submit(moment, self.gemeente, self.invoerder)
        close(moment)

    def fire_both(self) -> None:
        self.enter(self.eerder, thuiszitters_po=9)
        self.fire_at(self.nu)

    def fire_at(self, moment: Any) -> None:
        self.enter(
            moment,
            thuiszitters_po=8,
            thuiszitters_3_maanden_po=4,
            thuiszitters_3_maanden_zonder_aanbod_po=2,
            gebrek_aan_passend_aanbod_po=3,
        )

    def read(self, who: Rol | Gebruiker, path: str) -> str:
        client = Client()
        client.force_login(who if isinstance(who, Gebruiker) else self.people[who])
        page = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", client.get(path).content.decode(), flags=re.DOTALL)
        return " ".join(unescape(page).split())


built, world = once(Tellend, at=TODAY)


def numbers_beside_scores(world) -> list[tuple[str, str]]:
    """What the page of entering scores says beside each doel whose check hangs on counts."""
    page = world.read(Rol.SECRETARIS, INVOER)
    return re.findall(r"De cijfers bij de check: (.*?) Bekijk ze bij (\w+)", page)


def test_who_scores_has_the_numbers_of_the_check_beside_the_score(world, django_assert_max_num_queries):
    missing = "Er is nog geen aantal om na te gaan."
    assert numbers_beside_scores(world) == [(missing, "F1"), (missing, "F4")]

    world.fire_at(world.eerder)
    client = Client()
    client.force_login(world.people[Rol.SECRETARIS])
    with django_assert_max_num_queries(12):
        client.get(INVOER)
    said = lack, ambition = numbers_beside_scores(world)
    assert lack == (f"Signaal ! Gebrek aan passend aanbod. {LACK} (1 juli 2026).", "F1")
    assert ambition[0].startswith(
        "Signaal ! Langer dan drie maanden thuis zonder aanbod: 2. De ambitie is 0 (1 juli 2026)."
    )

    # What was counted after the peildatum is for the report of the year after.
    world.enter(world.nu, thuiszitters_po=77, gebrek_aan_passend_aanbod_po=40)
    assert numbers_beside_scores(world) == said


@pytest.mark.parametrize("kind", SignalKind)
def test_numbers_of_a_check_are_said_to_be_missing_where_nobody_counts(kind):
    fires, said = said_of(kind, [])
    assert not fires
    assert said == "De aantallen waar deze check naar kijkt, zijn er nog niet."


def test_who_scores_reads_also_that_a_check_is_at_its_norm(world):
    world.enter(world.eerder, thuiszitters_po=8, gebrek_aan_passend_aanbod_po=0)
    said = "Geen leerling zit thuis door gebrek aan passend aanbod (1 juli 2026)."
    assert (said, "F1") in numbers_beside_scores(world)


def test_the_regio_says_what_the_counts_ask_for_and_which_act_was_agreed(world):
    world.fire_both()
    page = world.read(Rol.SECRETARIS, REGIO)
    asked = page[page.index("Wat vraagt een besluit?") : page.index("Wat veranderde")]
    assert f"F1 Gebrek aan passend aanbod {LACK} (1 oktober 2026). Te doen: {ACT_LACK}" in asked
    assert "F4 Langer dan drie maanden thuis zonder aanbod: 2 De ambitie is 0 (1 oktober 2026)." in asked
    assert f"2 meer dan 1 juli. Te doen: {ACT_AMBITION}" in asked


def test_the_regio_says_how_it_goes_with_the_thuiszitters_and_what_changed(world):
    world.fire_both()
    page = world.read(Rol.SECRETARIS, REGIO)
    changed = page[page.index("Thuiszitters sinds 1 juli 2026") : page.index("Hoe staat de agenda ervoor?")]
    assert "Minder thuiszitters dan vorig kwartaal: 9 → 8" in changed
    assert "Thuiszitters samen: 8 · 1 minder dan 1 juli" in changed
    fourth = page[page.index("Hoe gaat het met de thuiszitters?") :]
    assert "1 van 1 gemeenten heeft een opgave ingediend" in fourth
    assert "2 leerlingen zitten langer dan drie maanden thuis zonder passend aanbod; de ambitie is 0" in fourth


def test_a_regio_that_does_not_count_says_so(world):
    world.nu.delete()
    world.eerder.delete()
    assert "Deze regio heeft nog geen aantallen." in world.read(Rol.OOGO_LID, REGIO)
    assert "Die zijn er nog niet." in world.read(Rol.OOGO_LID, DOEL + "f1/")


def test_the_doel_shows_the_numbers_behind_its_check_with_the_norm_and_its_act(world):
    world.fire_both()
    client = Client()
    client.force_login(world.people[Rol.SECRETARIS])
    html = client.get(DOEL + "f1/").content.decode()
    assert html.count('class="normlijn"') == 1
    page = world.read(Rol.SECRETARIS, DOEL + "f1/")
    assert f"{LACK} (1 oktober 2026). Te doen: {ACT_LACK}" in page
    assert "Peildatum Gebrek aan passend aanbod Norm 1 juli 2026 0 0 1 oktober 2026 3 0" in page
    other = world.read(Rol.SECRETARIS, DOEL + "f4/")
    assert f"Te doen: {ACT_AMBITION}" in other
    assert "1 juli 2026 0 0 1 oktober 2026 2 0" in other
    assert "Wat zegt de check?" not in world.read(Rol.SECRETARIS, DOEL + "f2/")


def test_at_the_norm_nothing_is_asked_and_the_doel_says_that(world):
    world.enter(world.nu, thuiszitters_po=8)
    assert "Signaal uit de cijfers" not in world.read(Rol.SECRETARIS, REGIO)
    page = world.read(Rol.SECRETARIS, DOEL + "f1/")
    assert "Geen leerling zit thuis door gebrek aan passend aanbod (1 oktober 2026)" in page
    assert "Te doen" not in page
    assert "de ambitie is gehaald" in world.read(Rol.SECRETARIS, DOEL + "f4/")
    assert "De cijfers vragen actie" not in world.read(Rol.SECRETARIS, "/")


def test_the_pages_tell_zero_unknown_and_missing_apart(world):
    lente = make_telmoment(world.regio, date(2026, 4, 1))
    world.enter(lente, thuiszitters_po=0)
    unknown: Any = {f"gebrek_aan_passend_aanbod_{sector}": UNKNOWN for sector in ("po", "vo", "vso", "mbo")}
    world.enter(world.eerder, thuiszitters_po=4, **unknown)
    page = world.read(Rol.SECRETARIS, DOEL + "f1/")
    assert "1 april 2026 0 0 1 juli 2026 onbekend 0 1 oktober 2026 geen opgave 0" in page
    assert "Geen leerling zit thuis door gebrek aan passend aanbod (1 april 2026)" in page
    fourth = world.read(Rol.SECRETARIS, REGIO)
    assert "Thuiszitters samen geen opgave" in fourth
    assert "1 april 2026 0 0 0 1 juli 2026 4 0 4 1 oktober 2026 geen opgave" in fourth


@pytest.mark.parametrize("path", [REGIO, DOEL + "f1/", DOEL + "f4/"])
def test_who_sees_masked_numbers_sees_a_signal_without_its_number(world, path):
    world.fire_both()
    page = world.read(Rol.OOGO_LID, path)
    assert "<5" in page
    assert not re.search(r"\b[1-4] (van 8 )?leerling", page)
    assert "zonder aanbod: 2" not in page
    assert ("<5 leerlingen zitten thuis" in page) == (path != DOEL + "f4/")


def test_mijn_werk_holds_the_act_for_the_secretaris_and_for_who_pulls_the_doel(world):
    world.fire_both()
    Trekker.objects.create(doel=world.f1, organisatie=world.gemeente, kant="gemeente")
    work = world.read(Rol.SECRETARIS, "/")
    assert "De cijfers vragen actie – Telregio" in work
    assert f"F1 {ACT_LACK}" in work
    assert f"F4 {ACT_AMBITION}" in work
    pulling = world.read(world.invoerder, "/")
    assert f"F1 {ACT_LACK}" in pulling
    assert ACT_AMBITION not in pulling
    for who in (Rol.OOGO_LID, Rol.COORDINATOR):
        assert ACT_LACK not in world.read(who, "/")
    other = make_gemeente(world.regio, "elders", "GM0009")
    assert ACT_LACK not in world.read(make_gebruiker("ander@telregio.test", Rol.INVOERDER, world.regio, other), "/")


def test_which_doel_answers_is_a_matter_of_beheer(world):
    world.fire_both()
    client = Client()
    client.force_login(make_beheerder())
    address = f"/beheer/agenda/doel/{world.f2.pk}/change/"
    assert 'name="signaal"' in client.get(address).content.decode()
    type(world.f1).objects.filter(pk=world.f1.pk).update(signaal="")
    type(world.f2).objects.filter(pk=world.f2.pk).update(signaal="aanbodgebrek", bijsturing="Iets anders doen")
    page = world.read(Rol.SECRETARIS, REGIO)
    assert "F2 Gebrek aan passend aanbod" in page
    assert "Te doen: Iets anders doen" in page
    type(world.f2).objects.update(signaal="")
    assert "Geen doel in de agenda heeft dit als check." in world.read(Rol.SECRETARIS, REGIO)


@pytest.mark.parametrize("rol", [Rol.SECRETARIS, Rol.OOGO_LID])
def test_twelve_queries_are_enough(world, rol, django_assert_max_num_queries):
    world.fire_both()
    client = Client()
    client.force_login(world.people[rol])
    for path in ("/", REGIO, DOEL + "f1/"):
        with django_assert_max_num_queries(12, info=path):
            assert client.get(path).status_code == 200


def test_every_signal_is_answered_once_by_each_doel_that_hangs_on_it():
    signal = Signal(SignalKind.AMBITIE, "Label", "Tekst.", "/x/")

    class Doel:
        def __init__(self, signaal: str, bijsturing: str) -> None:
            self.signaal, self.bijsturing = signaal, bijsturing

    first, second, other = Doel("ambitie", "Een"), Doel("ambitie", "Twee"), Doel("aanbodgebrek", "Drie")
    assert [g.act for g in answered([signal], [first, other, second])] == ["Een", "Twee"]
    assert [(g.act, g.doel) for g in answered([signal], [other])] == [("", None)]
    assert answered([], [first]) == []
