"""Mail waits for its server: nobody's page fails, nothing is lost, nothing goes twice."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends import locmem
from django.core.management import call_command
from django.test import Client

from regio.mail import send_waiting
from tests.factories import make_gebruiker


class Server(locmem.EmailBackend):
    """A mail server that takes mail, or raises `refusal`."""

    refusal: Exception | None = None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if Server.refusal:
            raise Server.refusal
        return super().send_messages(email_messages)


@pytest.fixture
def queue(settings, tmp_path: Path) -> Iterator[Path]:
    settings.EMAIL_BACKEND = "regio.mail.PatientBackend"
    settings.MAIL_TRANSPORT = "tests.regio.test_mail.Server"
    settings.MAIL_QUEUE = tmp_path / "queue"
    yield settings.MAIL_QUEUE
    Server.refusal = None


def send(subject: str) -> None:
    message = EmailMultiAlternatives(subject, "Beste Anja", "van@gemeente.example", ["anja@gemeente.example"])
    message.attach_alternative("<p>Beste Anja</p>", "text/html")
    message.send()


def sent() -> list[str]:
    return [str(message.subject) for message in mail.outbox]


def test_mail_goes_at_once(queue: Path):
    send("een")
    assert sent() == ["een"]
    assert not queue.exists()


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), TimeoutError(), SMTPServerDisconnected("bye"), OSError(101, "unreachable")]
)
def test_mail_waits_while_the_server_is_down_and_goes_in_order(queue: Path, error: Exception):
    Server.refusal = error
    send("een")
    send("twee")
    assert sent() == []
    Server.refusal = None
    send("drie")
    assert sent() == ["drie", "een", "twee"]
    assert list(queue.iterdir()) == []


def test_mail_that_waited_is_the_same_mail(queue: Path):
    Server.refusal = ConnectionRefusedError()
    send("Wijziging op 31 augustus – €")
    Server.refusal = None
    call_command("send_waiting_mail")
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    assert (message.subject, message.body) == ("Wijziging op 31 augustus – €", "Beste Anja")
    assert (message.from_email, message.to) == ("van@gemeente.example", ["anja@gemeente.example"])
    assert [tuple(part) for part in message.alternatives] == [("<p>Beste Anja</p>", "text/html")]


def test_waiting_mail_is_for_nobody_else_to_read(queue: Path):
    Server.refusal = ConnectionRefusedError()
    send("een")
    (waiting,) = queue.iterdir()
    assert oct(queue.stat().st_mode)[-3:] == "700"
    assert oct(waiting.stat().st_mode)[-3:] == "600"


def test_server_that_is_still_down_loses_nothing(queue: Path):
    Server.refusal = ConnectionRefusedError()
    send("een")
    assert send_waiting() == 0
    assert len(list(queue.iterdir())) == 1


def test_address_that_is_refused_does_not_hold_up_the_rest(queue: Path):
    Server.refusal = ConnectionRefusedError()
    send("een")
    Server.refusal = SMTPRecipientsRefused({"anja@gemeente.example": (550, b"no such user")})
    send_waiting()
    Server.refusal = None
    send("twee")
    assert sent() == ["twee"]
    assert list(queue.iterdir()) == []


def test_two_at_once_send_nothing_twice(queue: Path):
    Server.refusal = ConnectionRefusedError()
    send("een")
    Server.refusal = None
    other = os.open(queue, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    assert send_waiting() == 0
    os.close(other)
    assert send_waiting() == 1


def test_attachment_cannot_wait(queue: Path):
    Server.refusal = ConnectionRefusedError()
    message = EmailMessage("een", "tekst", "van@gemeente.example", ["anja@gemeente.example"])
    message.attach("rapport.pdf", b"%PDF", "application/pdf")
    with pytest.raises(ValueError, match="link to the page instead"):
        message.send()


def test_log_names_no_address(queue: Path, caplog: pytest.LogCaptureFixture):
    Server.refusal = SMTPServerDisconnected("anja@gemeente.example")
    send("een")
    assert "mail-waits SMTPServerDisconnected" in caplog.text
    assert "anja" not in caplog.text


@pytest.mark.django_db
def test_page_answers_the_same_while_the_mail_server_is_down(queue: Path, client: Client):
    make_gebruiker("anja@gemeente.example")
    Server.refusal = ConnectionRefusedError()
    for email in ("anja@gemeente.example", "niemand@gemeente.example"):
        response = client.post("/account/password/reset/", {"email": email}, follow=True)
        assert "Kijk in uw mail" in response.content.decode()
    Server.refusal = None
    assert send_waiting() == 2
