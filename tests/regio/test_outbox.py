"""The outbox: a digest a day, nothing lost, nothing twice, whatever happens to the mail server or to us."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from regio.berichten import Bericht, Berichtsoort
from regio.models import Gebruiker, Lidmaatschap, Regio
from regio.outbox import Melding, forget_old, queue, send_due, stuck, withdraw_reminders
from regio.permissions import Rol
from regio.recipients import Aan, Trede
from regio.subscriptions import choose_mail
from tests.factories import make_gebruiker, make_regio
from tests.mailserver import Post, Server
from tests.regio.conftest import Lines

MORNING = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


@pytest.fixture
def post(settings) -> Iterator[Post]:
    settings.MAIL_TRANSPORT = "tests.mailserver.Server"
    settings.SITE_URL = "https://agenda.example"
    Server.post = Post()
    yield Server.post
    Server.post = Post()


@pytest.fixture
def regio(db: None) -> Regio:
    return make_regio("west", naam="West")


@pytest.fixture
def anja(regio: Regio) -> Gebruiker:
    return make_gebruiker("anja@west.example", Rol.SECRETARIS, regio, naam="Anja")


def melding(name: str = "een", soort: Berichtsoort = Berichtsoort.HERINNERING, **fields: Any) -> Melding:
    defaults: dict[str, Any] = {
        "betreft": f"scores:{name}",
        "sleutel": f"sleutel:{name}",
        "onderwerp": f"West: scores {name} invoeren",
        "tekst": f"De scores {name} worden verwacht vóór 1 december 2026.",
        "knop": "Scores invoeren",
        "pad": f"/regio/west/{name}/",
        "wie": "secretaris",
    }
    return Melding(soort=soort, **{**defaults, **fields})


def lay_ready(regio: Regio, *people: Gebruiker, **options) -> int:
    return queue(melding(**options), regio=regio, aan=Aan(tuple(p.pk for p in people), Trede.EIGEN))


def send_at(moment: datetime):
    with time_machine.travel(moment, tick=False):
        return send_due()


# Queueing


def test_a_bericht_is_queued_in_the_transaction_of_its_cause(regio: Regio, anja: Gebruiker):
    with transaction.atomic():
        lay_ready(regio, anja)
        transaction.set_rollback(True)
    assert not Bericht.objects.exists()


def test_the_same_thing_is_never_told_twice(regio: Regio, anja: Gebruiker):
    assert [lay_ready(regio, anja), lay_ready(regio, anja), lay_ready(regio, anja, sleutel="nieuw")] == [1, 0, 1]
    bericht = Bericht.objects.earliest("pk")
    bericht.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        bericht.save()


def test_a_stand_in_hears_why_and_who_may_not_do_it_is_asked_to_appoint_somebody(regio: Regio, anja: Gebruiker):
    for trede, name in ((Trede.SECRETARIS, "een"), (Trede.BEHEERDER, "twee")):
        queue(melding(name, wie="invoerder voor Stad"), regio=regio, aan=Aan((anja.pk,), trede))
    stands_in, appoints = Bericht.objects.order_by("pk")
    assert stands_in.pad == "/regio/west/een/"
    assert stands_in.tekst.endswith("U krijgt dit bericht omdat er geen actieve invoerder voor Stad is.")
    assert appoints.pad == "/beheer/regio/lidmaatschap/"
    assert appoints.onderwerp == "West: er is geen actieve invoerder voor Stad"
    assert appoints.knop == "Naar de lidmaatschappen"


# Sending


def test_all_that_is_due_goes_in_one_mail_with_one_thing_to_do(regio: Regio, anja: Gebruiker, post: Post):
    lay_ready(regio, anja)
    queue(
        melding("drie", Berichtsoort.TERUGGEGEVEN, citaat="B3 mist <iets> & meer\nEcht (getal)."),
        regio=regio,
        aan=Aan((anja.pk,), Trede.EIGEN),
    )
    assert (send_due().mails, send_due().mails) == (1, 0)
    (mail,) = post.taken
    assert mail.subject == "Nieuws en taken in de Agendamonitor"
    assert mail.to == ["anja@west.example"]
    html, kind = mail.alternatives[0]
    assert kind == "text/html"
    for body in (mail.body, html):
        assert "West: scores een invoeren" in body
        assert "West: scores drie invoeren" in body
        assert "https://agenda.example/" in body
        assert "https://agenda.example/regio" not in body
        assert "Naar Mijn werk" in body
        assert "De getallen uit de reden staan alleen op de pagina." in body
    assert "> B3 mist <iets> & meer\n> Echt (getal).\n" in mail.body
    assert "B3 mist &lt;iets&gt; &amp; meer" in html
    assert html.count('class="knop"') == 1


def test_one_bericht_leads_to_its_own_page_in_two_forms_of_one_mail(regio: Regio, anja: Gebruiker, post: Post):
    lay_ready(regio, anja)
    send_due()
    (mail,) = post.taken
    assert mail.subject == "West: scores een invoeren"
    assert "Scores invoeren:\nhttps://agenda.example/regio/west/een/\n" in mail.body
    message = mail.message()
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.get_payload()] == ["text/plain", "text/html"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@agenda.example>")
    unsubscribe = message["List-Unsubscribe"].strip("<>")
    assert unsubscribe.startswith("https://agenda.example/account/mail/afmelden/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"Deze mail stoppen kan zonder u aan te melden:\n{unsubscribe}\n" in mail.body
    assert f'<a href="{unsubscribe}">Deze mail stoppen</a> kan zonder u aan te melden.' in mail.alternatives[0][0]


def test_what_is_obligatory_says_so_and_has_no_way_out(regio: Regio, anja: Gebruiker, post: Post):
    lay_ready(regio, anja, soort=Berichtsoort.TERUGGEGEVEN)
    send_due()
    (mail,) = post.taken
    assert "List-Unsubscribe" not in mail.extra_headers
    for body in (mail.body, mail.alternatives[0][0]):
        assert "Deze mail hoort bij uw rol. U kunt haar niet uitzetten." in body
        assert "afmelden" not in body


def test_a_person_gets_one_mail_a_day(regio: Regio, anja: Gebruiker, post: Post):
    other = make_gebruiker("bas@west.example", Rol.OOGO_LID, regio)
    with time_machine.travel(MORNING, tick=False):
        lay_ready(regio, anja)
        send_due()
        lay_ready(regio, anja, other, name="twee")
    send_at(MORNING + timedelta(hours=8))
    assert [mail.to[0] for mail in post.taken] == ["anja@west.example", "bas@west.example"]
    send_at(MORNING + timedelta(days=1))
    assert [mail.to[0] for mail in post.taken[2:]] == ["anja@west.example"]


def test_of_several_reminders_of_one_thing_the_latest_is_told(regio: Regio, anja: Gebruiker, post: Post):
    for name in ("een", "twee"):
        lay_ready(regio, anja, name=name, betreft="scores:1")
    send_due()
    assert post.taken[0].subject == "West: scores twee invoeren"
    assert set(Bericht.objects.values_list("status", flat=True)) == {"verzonden"}


def test_nothing_goes_before_its_day(regio: Regio, anja: Gebruiker, post: Post):
    tomorrow = (MORNING + timedelta(days=1)).date()
    queue(melding(), regio=regio, aan=Aan((anja.pk,), Trede.EIGEN), vanaf=tomorrow)
    assert send_at(MORNING).mails == 0
    assert send_at(MORNING + timedelta(days=1)).mails == 1


def test_a_reminder_of_what_is_done_stays_behind_and_nothing_else(regio: Regio, anja: Gebruiker, post: Post):
    for name in ("een", "twee"):
        lay_ready(regio, anja, name=name)
    lay_ready(regio, anja, name="drie", soort=Berichtsoort.VASTGESTELD)
    assert withdraw_reminders(still_open={"scores:een"}) == 1
    send_due()
    assert "scores een" in post.taken[0].body
    assert "scores drie" in post.taken[0].body
    assert "scores twee" not in post.taken[0].body


@pytest.mark.parametrize("change", ["inactive", "left", "refused"])
def test_who_may_or_will_not_have_it_any_more_gets_nothing(regio: Regio, anja: Gebruiker, post: Post, change: str):
    lay_ready(regio, anja, soort=Berichtsoort.VOORGELEGD)
    if change == "inactive":
        Gebruiker.objects.update(is_active=False)
    elif change == "left":
        Lidmaatschap.objects.all().delete()
    else:
        choose_mail(gebruiker=anja, keuzes={Berichtsoort.VOORGELEGD: False})
    assert send_due().mails == 0
    assert post.taken == []
    # The choice withdraws at once; the others are found when it is about to go.
    assert Bericht.objects.get().status == "ingetrokken"


# When it goes wrong


def test_a_server_that_is_down_costs_nothing_but_time(regio: Regio, anja: Gebruiker, post: Post, caplog):
    with time_machine.travel(MORNING, tick=False):
        lay_ready(regio, anja)
    post.is_down = True
    waits = []
    now = MORNING
    for _ in range(8):
        assert send_at(now).fouten == ["ConnectionRefusedError"]
        bericht = stuck().get()
        assert bericht.volgende_poging
        waits.append((bericht.volgende_poging - now) // timedelta(minutes=1))
        # Before its time it is not tried again.
        assert send_at(bericht.volgende_poging - timedelta(seconds=1)).fouten == []
        now = bericht.volgende_poging
    assert waits == [10, 20, 40, 80, 160, 240, 240, 240]
    assert bericht.laatste_fout == "ConnectionRefusedError"
    assert "anja" not in caplog.text
    post.is_down = False
    assert send_at(now).mails == 1
    assert not stuck().exists()


def test_an_address_that_is_refused_does_not_hold_up_the_rest(regio: Regio, anja: Gebruiker, post: Post):
    other = make_gebruiker("bas@west.example", Rol.OOGO_LID, regio)
    lay_ready(regio, anja, other)
    post.refuses = {"anja@west.example"}
    outcome = send_due()
    assert (outcome.mails, outcome.fouten) == (1, ["SMTPRecipientsRefused"])
    assert [mail.to for mail in post.taken] == [["bas@west.example"]]
    assert stuck().get().gebruiker == anja
    assert stuck().get().status == "wacht"


def test_an_address_that_no_mail_can_bear_does_not_hold_up_the_rest(regio: Regio, anja: Gebruiker, settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    lay_ready(regio, anja, make_gebruiker("bas@west.example", Rol.OOGO_LID, regio))
    Bericht.objects.filter(gebruiker=anja).update(onderwerp="Twee\nregels", citaat="x")
    Gebruiker.objects.filter(pk=anja.pk).update(email="anja\n@west.example")
    outcome = send_due()
    assert (outcome.mails, outcome.fouten) == (1, ["BadHeaderError"])


def test_a_connection_that_breaks_off_sends_the_same_mail_again_and_what_came_later_after_it(
    regio: Regio, anja: Gebruiker, post: Post
):
    with time_machine.travel(MORNING, tick=False):
        lay_ready(regio, anja)
        post.breaks_off = True
        assert send_due().fouten == ["SMTPServerDisconnected"]
        lay_ready(regio, anja, name="twee")
        assert stuck().get().status == "onderweg"
    post.breaks_off = False
    assert send_at(MORNING + timedelta(minutes=5)).mails == 0
    assert send_at(MORNING + timedelta(hours=1)).mails == 1
    first, again = post.taken
    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]
    assert first.body == again.body
    assert send_at(MORNING + timedelta(days=1)).mails == 1
    assert post.taken[2].subject == "West: scores twee invoeren"
    assert post.taken[2].extra_headers["Message-ID"] != first.extra_headers["Message-ID"]


def test_every_mail_leaves_a_line_in_the_log_without_a_name(
    regio: Regio, anja: Gebruiker, post: Post, audit_lines: Lines
):
    lay_ready(regio, anja)
    send_due()
    line = audit_lines[0]
    assert (line["gebeurtenis"], line["wat"], line["aan"], line["door"]) == ("mail", "verzonden", anja.pk, None)
    assert post.taken[0].extra_headers["Message-ID"] == f"<{line['mail']}@agenda.example>"


def test_while_a_mail_is_under_way_nobody_else_sends_to_that_person(regio: Regio, anja: Gebruiker, post: Post):
    other = make_gebruiker("bas@west.example", Rol.OOGO_LID, regio)
    lay_ready(regio, anja)
    others: list[int] = []

    def another_sender_comes_by() -> None:
        post.meanwhile = int
        lay_ready(regio, anja, other, name="twee")
        others.append(send_due().mails)

    post.meanwhile = another_sender_comes_by
    assert send_due().mails == 1
    # The other found something for Anja too, and for Bas; it sent to Bas alone.
    assert others == [1]
    assert [mail.to[0] for mail in post.taken] == ["anja@west.example", "bas@west.example"]


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_everybody_one_mail(post: Post):
    regio = make_regio("west")
    people = [make_gebruiker(f"p{n}@west.example", Rol.OOGO_LID, regio) for n in range(6)]

    def send(start: Barrier) -> int:
        try:
            start.wait()
            return send_due().mails
        finally:
            connection.close()

    for day in range(10):
        with time_machine.travel(MORNING + timedelta(days=day), tick=True):
            lay_ready(regio, *people, name=f"dag-{day}")
            start = Barrier(2)
            with ThreadPoolExecutor(2) as both:
                sent = list(both.map(send, [start, start]))
        assert sum(sent) == len(people)
        assert sorted(mail.to[0] for mail in post.taken) == sorted(p.email for p in people)
        post.taken.clear()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("moment", "accepted"), [("before", 0), ("after", 1)])
def test_killed_around_the_moment_of_sending_loses_nothing_and_keeps_the_name(
    post: Post, tmp_path: Path, moment: str, accepted: int
):
    regio = make_regio("west")
    with time_machine.travel(MORNING, tick=False):
        lay_ready(regio, make_gebruiker("anja@west.example", Rol.SECRETARIS, regio))
    post.folder, post.kills = tmp_path, moment
    connection.close()
    child = os.fork()
    if child == 0:
        send_at(MORNING)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    post.kills = ""
    # Somebody else may still be sending it, until the lease is over.
    assert send_at(MORNING + timedelta(minutes=9)).mails == 0
    assert send_at(MORNING + timedelta(minutes=11)).mails == 1
    assert send_at(MORNING + timedelta(minutes=30)).mails == 0
    lines = (tmp_path / "accepted").read_text().splitlines()
    assert len(lines) == accepted + 1
    assert len(set(lines)) == 1
    assert Bericht.objects.get().status == "verzonden"


def test_what_is_long_past_is_forgotten_and_what_waits_never(regio: Regio):
    anja = make_gebruiker("anja@west.example", Rol.SECRETARIS, regio)
    with time_machine.travel(MORNING, tick=False):
        for number, status in enumerate(("verzonden", "ingetrokken", "wacht")):
            for age in (399, 401):
                day = MORNING - timedelta(days=age)
                Bericht.objects.create(
                    regio=regio,
                    gebruiker=anja,
                    soort="herinnering",
                    betreft="x",
                    tekst="Iets.",
                    sleutel=f"{number}-{age}",
                    vanaf=day.date(),
                    status=status,
                    verzonden_op=day if status == "verzonden" else None,
                    bundel=uuid4() if status == "verzonden" else None,
                )
        assert forget_old() == 2
        assert forget_old() == 0
    assert sorted(Bericht.objects.values_list("sleutel", flat=True)) == ["0-399", "1-399", "2-399", "2-401"]
