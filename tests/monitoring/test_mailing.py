"""Who hears of what: steps of a report, counts that come back, reminders by hand, and a year of days."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from monitoring.asking import Plek, answer, ask
from monitoring.invoertaken import key_of_opgave, key_of_scores, load_taken
from monitoring.mailing import remind
from monitoring.quarter_actions import adopt_kwartaal, return_kwartaal, submit_kwartaal
from regio.berichten import Bericht, Berichtsoort
from regio.models import Gebruiker, Lidmaatschap, Organisatie
from regio.permissions import Rol
from regio.subscriptions import choose_mail
from tests.factories import make_gebruiker, make_gemeente, make_score
from tests.mailserver import Post, Server
from tests.monitoring.decisions import Besluitvorming
from tests.thuiszitters.factories import fill, make_categorieen, make_telmoment, submit
from thuiszitters.actions import return_opgave, submit_opgave

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 9, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def post(settings) -> Iterator[Post]:
    settings.MAIL_TRANSPORT = "tests.mailserver.Server"
    settings.SITE_URL = "https://agenda.example"
    Server.post = Post()
    yield Server.post
    Server.post = Post()


@pytest.fixture
def world() -> Besluitvorming:
    return Besluitvorming()


def told(soort: Berichtsoort) -> set[str]:
    """Return to whom something of this kind was told, by the first part of their address."""
    emails = Bericht.objects.filter(soort=soort).values_list("gebruiker__email", flat=True)
    return {email.split("@")[0] for email in emails}


# What happens to a report


def test_who_must_adopt_hears_that_it_was_submitted(world: Besluitvorming):
    world.submit(op=None)
    assert told(Berichtsoort.VOORGELEGD) == {"oogo-lid"}
    bericht = Bericht.objects.get()
    assert bericht.pad == "/regio/west/agenda/2023-2027/aug-25/rapport/"
    assert bericht.onderwerp == "West: Aug 25 is voorgelegd"


def test_where_nobody_can_adopt_the_other_secretaris_hears_it_else_the_beheerder(world: Besluitvorming):
    Lidmaatschap.objects.filter(rol=Rol.OOGO_LID, regio=world.regio).delete()
    world.submit(op=None)
    assert told(Berichtsoort.VOORGELEGD) == {"secretaris"}
    assert "geen actieve OOGO-lid" in Bericht.objects.get().tekst


def test_who_must_mend_hears_the_reason_without_its_figures(world: Besluitvorming):
    world.submit(op=None)
    world.give_back(reden="B1 mist een onderbouwing: 12 scholen, en 40% deed niets.")
    assert told(Berichtsoort.TERUGGEGEVEN) == {"indiener", "secretaris"}
    bericht = Bericht.objects.filter(soort=Berichtsoort.TERUGGEGEVEN).first()
    assert bericht is not None
    assert bericht.citaat.startswith("B1 mist een onderbouwing: (getal) scholen, en (getal) deed niets.")
    assert bericht.pad == "/regio/west/agenda/2023-2027/aug-25/invoer/"
    world.submit(op=None)
    world.give_back(reden="Nog een keer.")
    assert Bericht.objects.filter(soort=Berichtsoort.TERUGGEGEVEN).count() == 4


def test_everybody_hears_that_it_was_adopted_except_who_did_it_or_wants_not_to(world: Besluitvorming):
    choose_mail(gebruiker=world.people["invoerder"], keuzes={Berichtsoort.VASTGESTELD: False})
    world.submit(op=None)
    world.adopt()
    assert told(Berichtsoort.VASTGESTELD) == {"indiener", "secretaris", "coordinator"}
    assert "vastgesteld door het OOGO van 11 september 2025" in Bericht.objects.latest("pk").tekst


def test_what_happened_before_it_was_entered_is_told_to_nobody(world: Besluitvorming):
    past = datetime(2025, 9, 12, tzinfo=UTC)
    world.submit(op=past)
    world.give_back(op=past)
    world.submit(op=past)
    world.adopt(op=past)
    assert not Bericht.objects.exists()


def test_who_must_mend_the_counts_hears_why_they_came_back(world: Besluitvorming):
    make_categorieen()
    telmoment = make_telmoment(world.regio, date(2025, 4, 1))
    invoerder = world.people["invoerder"]
    fill(telmoment, world.stad, invoerder, thuiszitters_po=3)
    submit(telmoment, world.stad, invoerder)
    return_opgave(telmoment=telmoment, gemeente=world.stad, reden="Geen 3 maar 4?", by=world.people["secretaris"])
    bericht = Bericht.objects.get()
    assert bericht.gebruiker == invoerder
    assert bericht.citaat.startswith("Geen (getal) maar (getal)?")
    assert bericht.pad == "/regio/west/thuiszitters/2025-04-01/stad/"


def test_who_submitted_for_a_gemeente_hears_it_too_as_long_as_they_enter_for_it(world: Besluitvorming):
    make_categorieen()
    telmoment = make_telmoment(world.regio, date(2025, 4, 1))
    rbl = Organisatie.objects.create(soort="rbl", naam="RBL", slug="rbl")
    rita = make_gebruiker("rita@west.example", Rol.INVOERDER, world.regio, rbl)
    fill(telmoment, world.stad, rita)

    def send_back(reden: str) -> set[str]:
        return_opgave(telmoment=telmoment, gemeente=world.stad, reden=reden, by=world.people["secretaris"])
        emails = Bericht.objects.filter(citaat=reden).values_list("gebruiker__email", flat=True)
        return {email.split("@")[0] for email in emails}

    submit(telmoment, world.stad, rita)
    assert send_back("Kijk dit na.") == {"rita", "invoerder"}
    submit(telmoment, world.stad, rita)
    Lidmaatschap.objects.filter(gebruiker=rita).update(rol=Rol.OOGO_LID, organisatie=None)
    assert send_back("Nog eens.") == {"invoerder"}


# What happens to a quarter


def test_a_quarter_is_told_to_who_adopts_mends_and_reads_it(world: Besluitvorming):
    make_categorieen()
    telmoment = make_telmoment(world.regio, date(2025, 4, 1))
    indiener, invoerder, coordinator = (world.people[n] for n in ("indiener", "invoerder", "coordinator"))
    fill(telmoment, world.stad, invoerder)
    submit(telmoment, world.stad, invoerder)
    submit_kwartaal(telmoment=telmoment, by=indiener)
    # Who submitted does not adopt; the other secretaris and the coördinator may.
    assert told(Berichtsoort.VOORGELEGD) == {"secretaris", "coordinator"}
    bericht = Bericht.objects.latest("pk")
    assert bericht.pad == "/regio/west/thuiszitters/2025-04-01/"
    assert bericht.tekst.startswith("Kwartaal 1 april 2025 van West is voorgelegd aan het REA.")

    per_gemeente = {world.stad: "Reken de 3 na."}
    return_kwartaal(telmoment=telmoment, reden="Een opgave klopt niet.", by=coordinator, per_gemeente=per_gemeente)
    reasons = dict(Bericht.objects.filter(soort="teruggegeven").values_list("gebruiker__email", "citaat"))
    assert reasons == {
        "indiener@west.example": "Een opgave klopt niet.",
        "secretaris@west.example": "Een opgave klopt niet.",
        "invoerder@west.example": "Reken de (getal) na.",
    }

    submit(telmoment, world.stad, invoerder)
    submit_kwartaal(telmoment=telmoment, by=indiener)
    adopt_kwartaal(
        telmoment=telmoment, uitspraak=world.uitspraak(overleg=world.rea), als_registratie=False, by=coordinator
    )
    assert told(Berichtsoort.VASTGESTELD) == {"indiener", "secretaris", "invoerder", "oogo-lid"}


def test_what_is_no_longer_so_is_told_to_nobody(world: Besluitvorming):
    """The mail of a day goes out once: of all that happened to a report, it tells what still holds."""

    def waiting(name: str) -> list[str]:
        return list(Bericht.objects.undelivered().filter(gebruiker=world.people[name]).values_list("soort", flat=True))

    world.submit(op=None)
    assert waiting("oogo-lid") == ["voorgelegd"]
    world.give_back()
    assert (waiting("oogo-lid"), waiting("secretaris")) == ([], ["teruggegeven"])
    world.submit(op=None)
    assert (waiting("oogo-lid"), waiting("secretaris")) == (["voorgelegd"], [])
    world.adopt()
    assert (waiting("oogo-lid"), waiting("secretaris")) == ([], ["vastgesteld"])
    world.reopen()
    assert waiting("secretaris") == []
    world.submit(op=None)
    world.adopt()
    assert waiting("secretaris") == ["vastgesteld"]
    said = Bericht.objects.undelivered().get(gebruiker=world.people["secretaris"]).tekst
    assert "is heropend en opnieuw vastgesteld, als versie 2, door het OOGO van 11 september 2025." in said


def test_counts_that_were_handed_in_again_did_not_come_back(world: Besluitvorming):
    make_categorieen()
    telmoment = make_telmoment(world.regio, date(2025, 4, 1))
    invoerder = world.people["invoerder"]
    fill(telmoment, world.stad, invoerder, thuiszitters_po=3)
    submit(telmoment, world.stad, invoerder)
    return_opgave(telmoment=telmoment, gemeente=world.stad, reden="Kijk dit na.", by=world.people["secretaris"])
    assert Bericht.objects.undelivered().exists()
    submit_opgave(telmoment=telmoment, gemeente=world.stad, by=invoerder)
    assert not Bericht.objects.undelivered().exists()


def test_who_asked_hears_that_there_is_an_answer_unless_they_want_not_to(world: Besluitvorming):
    lid, by = world.lid, world.people["secretaris"]
    vraag = ask(plek=Plek(world.regio, doel=world.b1), tekst="Wie doet dit?", by=lid)
    answer(vraag=vraag, tekst="Wij.", versie=vraag.versie, by=by)
    first = Bericht.objects.get()
    assert (first.gebruiker, first.tekst) == (lid, "Secretaris gaf antwoord op uw vraag over B1 Plan B1.")
    assert first.pad == vraag.get_absolute_url()

    answer(vraag=vraag, tekst="Wij, en de buren.", versie=vraag.versie + 1, by=by)
    assert Bericht.objects.undelivered().exclude(pk=first.pk).get().gebruiker == lid
    assert not Bericht.objects.undelivered().filter(pk=first.pk)

    choose_mail(gebruiker=lid, keuzes={Berichtsoort.BEANTWOORD: False})
    again = ask(plek=Plek(world.regio, doel=world.b1), tekst="En wanneer?", by=lid)
    answer(vraag=again, tekst="Nu.", versie=again.versie, by=by)
    assert not Bericht.objects.filter(betreft=f"vraag:{again.pk}")


# What is still to be entered


def keys(today: date) -> dict[str, tuple[str, set[str]]]:
    names = {g.pk: g.email.split("@")[0] for g in Gebruiker.objects.all()}
    return {t.betreft: (t.aan.trede, {names[pk] for pk in t.aan.mensen}) for t in load_taken(today)}


def test_what_is_open_is_known_with_who_enters_it(world: Besluitvorming):
    make_categorieen()
    dorp = make_gemeente(world.regio, "dorp", "GM0002")
    telmoment = make_telmoment(world.regio, date(2025, 7, 1))
    make_telmoment(world.regio, date(2026, 1, 1))
    fill(telmoment, world.stad, world.people["invoerder"])
    submit(telmoment, world.stad, world.people["invoerder"])
    found = keys(date(2025, 9, 3))
    secretarissen = {"indiener", "secretaris"}
    assert found == {
        key_of_scores(world.vorig.pk): ("eigen", secretarissen),
        key_of_scores(world.vorig.pk, world.stad.pk): ("eigen", {"invoerder"}),
        key_of_scores(world.vorig.pk, dorp.pk): ("secretaris", secretarissen),
        key_of_scores(world.moment.pk): ("eigen", secretarissen),
        key_of_scores(world.moment.pk, dorp.pk): ("secretaris", secretarissen),
        key_of_opgave(telmoment.pk, dorp.pk): ("secretaris", secretarissen),
    }
    world.submit()
    Gebruiker.objects.filter(email__startswith="invoerder").update(is_active=False)
    telmoment.voorgelegd_op = NOW
    telmoment.save()
    assert keys(date(2025, 9, 3)) == {
        key_of_scores(world.vorig.pk): ("eigen", secretarissen),
        key_of_scores(world.vorig.pk, world.stad.pk): ("secretaris", secretarissen),
        key_of_scores(world.vorig.pk, dorp.pk): ("secretaris", secretarissen),
    }
    Lidmaatschap.objects.filter(rol=Rol.SECRETARIS).delete()
    assert set(dict(keys(date(2025, 9, 3)).values())) == {"beheerder"}


def test_the_questions_to_the_database_do_not_grow_with_the_regios(
    world: Besluitvorming, django_assert_max_num_queries
):
    make_telmoment(world.regio, date(2025, 7, 1))
    with django_assert_max_num_queries(9):
        load_taken(date(2025, 9, 3))


# By hand


def test_a_secretaris_asks_once_a_day_and_only_for_what_is_open(world: Besluitvorming, post: Post):
    secretaris = world.people["secretaris"]
    asked = {"local": key_of_scores(world.vorig.pk, world.stad.pk), "nonsense": key_of_scores(0)}
    with time_machine.travel(NOW, tick=False):
        first = remind(regio=world.regio, betreft=asked.values(), by=secretaris)
        again = remind(regio=world.regio, betreft=[asked["local"]], by=world.people["coordinator"])
        call_command("send_mail_queue", stdout=StringIO())
    assert (first.gevraagd, first.niet_meer_nodig) == ([asked["local"]], [asked["nonsense"]])
    assert (again.gevraagd, again.vandaag_al) == ([], [asked["local"]])
    assert [mail.to for mail in post.taken] == [["invoerder@west.example"]]
    assert "?namens=stad" in post.taken[0].body
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert remind(regio=world.regio, betreft=[asked["local"]], by=secretaris).gevraagd == [asked["local"]]


@pytest.mark.parametrize("name", ["oogo-lid", "invoerder", "elders"])
def test_nobody_else_asks(world: Besluitvorming, name: str):
    with pytest.raises(PermissionDenied):
        remind(regio=world.regio, betreft=[], by=world.people[name])


def test_things_of_another_regio_are_no_things(world: Besluitvorming):
    elders = make_gebruiker("secretaris@oost.example", Rol.SECRETARIS, world.people["elders"].lidmaatschappen[0].regio)
    oost = elders.lidmaatschappen[0].regio
    outcome = remind(regio=oost, betreft=[key_of_scores(world.moment.pk)], by=elders)
    assert outcome.gevraagd == []
    assert not Bericht.objects.exists()


# The command


def test_the_command_says_what_it_did_and_fails_while_something_waits(world: Besluitvorming, post: Post):
    world.moment.deadline = date(2025, 9, 10)
    world.moment.save()
    with time_machine.travel(NOW, tick=False) as travel:
        post.is_down = True
        said = StringIO()
        with pytest.raises(CommandError, match=r"^Nog niet weg: 2 \(ConnectionRefusedError\)"):
            call_command("send_mail_queue", stdout=said)
        assert said.getvalue() == ("klaargezet 2, berichten 0, mails 0, accountmail 0, mislukt 1, opgeruimd 0\n")
        post.is_down = False
        travel.shift(timedelta(minutes=10))
        said = StringIO()
        call_command("send_mail_queue", stdout=said)
        assert said.getvalue() == ("klaargezet 0, berichten 2, mails 2, accountmail 0, mislukt 0, opgeruimd 0\n")
    assert {mail.body.splitlines()[2] for mail in post.taken} == {
        "De scores van Aug 25 worden verwacht vóór 10 september 2025."
    }


@pytest.mark.parametrize(
    ("deadline", "sentence"),
    [
        (None, "De scores van Aug 25 zijn nog niet voorgelegd."),
        (date(2025, 9, 4), "De scores van Aug 25 worden verwacht vóór 4 september 2025."),
        (date(2025, 9, 3), "De scores van Aug 25 werden verwacht vóór 3 september 2025 en zijn nog niet voorgelegd."),
    ],
)
def test_a_mail_says_what_is_expected_and_when(world: Besluitvorming, deadline: date | None, sentence: str):
    world.moment.deadline = deadline
    world.moment.save()
    with time_machine.travel(NOW, tick=False):
        remind(regio=world.regio, betreft=[key_of_scores(world.moment.pk)], by=world.people["secretaris"])
    assert set(Bericht.objects.values_list("tekst", flat=True)) == {f"{sentence} Secretaris vraagt u dit."}


def test_a_mail_knows_what_came_back(world: Besluitvorming):
    """Who handed in before is not told that they did not."""
    make_categorieen()
    telmoment = make_telmoment(world.regio, date(2025, 7, 1))
    fill(telmoment, world.stad, world.people["invoerder"])
    submit(telmoment, world.stad, world.people["invoerder"])
    world.submit()
    with time_machine.travel(NOW, tick=False):
        return_opgave(telmoment=telmoment, gemeente=world.stad, reden="Kijk na.", by=world.people["secretaris"])
        world.give_back()
        keys = [key_of_opgave(telmoment.pk, world.stad.pk), key_of_scores(world.moment.pk)]
        remind(regio=world.regio, betreft=keys, by=world.people["coordinator"])
    said = " ".join(Bericht.objects.filter(soort=Berichtsoort.VERZOEK).values_list("tekst", flat=True))
    assert "werden verwacht vóór 31 juli 2025 en zijn nog niet opnieuw ingediend." in said
    assert "zijn nog niet opnieuw voorgelegd." in said


# A year of days

JAAR = datetime(2025, 7, 1, 8, 0, tzinfo=UTC)
UIT = (date(2025, 12, 29), date(2026, 1, 4))  # The mail server is down for this week.
STIL = (date(2026, 1, 23), date(2026, 1, 25))  # Our own machine is off for these days.


class Year:
    """One year, a round of send_mail_queue each morning; afterwards what arrived, by day, person and what was told."""

    def __init__(self, world: Besluitvorming, post: Post) -> None:
        self.world, self.post = world, post
        self.arrived: list[tuple[date, str, str]] = []
        self.failed: list[date] = []

    def morning(self, day: date) -> None:
        self.post.is_down = UIT[0] <= day <= UIT[1]
        try:
            call_command("send_mail_queue", stdout=StringIO())
        except CommandError:
            self.failed.append(day)
        for mail in self.post.taken:
            self.arrived.append((day, mail.to[0].split("@")[0], mail.subject.removeprefix("West: ")))
        self.post.taken.clear()


def test_a_year_of_days_brings_exactly_the_mails_of_the_rule(world: Besluitvorming, post: Post):
    """The meetmoment is due on 1 December, the counts of 1 October on 31 October and those of 1 January on 31 January.

    On 10 December the secretaris submits, on 5 January the OOGO gives back, on 8 January it is submitted again and on
    20 January adopted. The invoerder submits the counts of October on 9 November and never those of January. That of
    another gemeente, Dorp, submits in time: those of January while the mail server is down.
    """
    make_categorieen()
    dorp = make_gemeente(world.regio, "dorp", "GM0002")
    dorpeling = make_gebruiker("dorpeling@west.example", Rol.INVOERDER, world.regio, dorp)
    world.moment.deadline = date(2025, 12, 1)
    world.moment.save()
    secretaris, invoerder = world.people["secretaris"], world.people["invoerder"]
    make_score(world.a1, world.vorig, 3, invoerder, "In Stad vorig jaar", organisatie=world.stad)
    make_score(world.a1, world.vorig, 3, dorpeling, organisatie=dorp)
    make_score(world.a1, world.moment, 3, dorpeling, organisatie=dorp)
    oktober = make_telmoment(world.regio, date(2025, 10, 1))
    januari = make_telmoment(world.regio, date(2026, 1, 1))
    fill(oktober, world.stad, invoerder)
    fill(oktober, dorp, dorpeling)
    fill(januari, dorp, dorpeling)
    year = Year(world, post)
    happens: dict[date, Callable[[], object]] = {
        date(2025, 10, 1): lambda: submit(oktober, dorp, dorpeling),
        date(2026, 1, 3): lambda: submit(januari, dorp, dorpeling),
        date(2025, 11, 9): lambda: submit(oktober, world.stad, invoerder),
        date(2025, 12, 10): lambda: world.submit(op=None),
        date(2026, 1, 5): lambda: world.give_back(reden="B1 mist een onderbouwing."),
        date(2026, 1, 8): lambda: world.submit(op=None, by=secretaris),
        date(2026, 1, 20): world.adopt,
    }
    for n in range(366):
        with time_machine.travel(JAAR + timedelta(days=n), tick=False):
            day = date(2025, 7, 1) + timedelta(days=n)
            if not STIL[0] <= day <= STIL[1]:
                year.morning(day)
            happens.get(day, lambda: None)()

    scores = "de scores van Aug 25 invoeren"
    okt, jan = (f"de aantallen van Stad op {dag} invoeren" for dag in ("1 oktober 2025", "1 januari 2026"))
    expected = {
        # The counts of October, until they are submitted on 9 November.
        (date(2025, 10, 1), "invoerder", okt),
        (date(2025, 10, 1), "dorpeling", "de aantallen van Dorp op 1 oktober 2025 invoeren"),
        (date(2025, 10, 24), "invoerder", okt),
        (date(2025, 10, 30), "invoerder", okt),
        (date(2025, 11, 1), "invoerder", okt),
        (date(2025, 11, 7), "invoerder", okt),
        # The scores of the regio, until they are submitted on 10 December: both secretarissen.
        *((day, who, scores) for who in ("indiener", "secretaris") for day in SCORE_DAYS),
        # Submitted: who must adopt hears it the next morning.
        (date(2025, 12, 11), "oogo-lid", "Aug 25 is voorgelegd"),
        # Thirty days before 31 January is 1 January: the server is down, so it comes when it is up again; Dorp has
        # submitted by then and gets none.
        (date(2026, 1, 5), "invoerder", jan),
        # Seven days before it our machine is off, so that it comes when it is on again.
        (date(2026, 1, 26), "invoerder", jan),
        (date(2026, 1, 30), "invoerder", jan),
        (date(2026, 2, 1), "invoerder", jan),
        (date(2026, 2, 7), "invoerder", jan),
        (date(2026, 3, 2), "invoerder", jan),
        (date(2026, 4, 1), "invoerder", jan),
        (date(2026, 5, 1), "invoerder", jan),
        (date(2026, 5, 31), "invoerder", jan),
        (date(2026, 6, 30), "invoerder", jan),
        # Given back on 5 January, submitted again on 8 January, adopted on 20 January.
        *((date(2026, 1, 6), who, "Aug 25 is teruggegeven") for who in ("indiener", "secretaris")),
        (date(2026, 1, 9), "oogo-lid", "Aug 25 is voorgelegd"),
        *(
            (date(2026, 1, 21), who, "Aug 25 is vastgesteld")
            for who in ("indiener", "secretaris", "coordinator", "invoerder", "dorpeling")
        ),
    }
    assert sorted(year.arrived) == sorted(expected)
    assert len(year.arrived) == len(set(year.arrived))
    # Nothing was waiting before New Year's day, so only then somebody noticed.
    assert year.failed == [date(2026, 1, n) for n in (1, 2, 3, 4)]
    assert not Bericht.objects.undelivered().exists()


SCORE_DAYS = [date(2025, 11, 1), date(2025, 11, 24), date(2025, 11, 30), date(2025, 12, 2), date(2025, 12, 8)]
