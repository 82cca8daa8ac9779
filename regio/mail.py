"""Mail that waits for its server: nobody's page fails because the mail server is down."""

import fcntl
import json
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger("agendamonitor.mail")


class PatientBackend(BaseEmailBackend):
    """Send by MAIL_TRANSPORT; keep in MAIL_QUEUE what it does not take, and send that when it takes mail again."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = sum(_send_or_keep(message) for message in email_messages)
        if sent:
            send_waiting()
        return len(email_messages)


def send_waiting() -> int:
    """Send what waits, oldest first, and return how many went; stop as soon as the mail server does not answer."""
    sent = 0
    with _queue() as paths:
        for path in paths:
            if not _send(_read(path)):
                break
            path.unlink()
            sent += 1
    return sent


def _send_or_keep(message: EmailMessage) -> bool:
    if _send(message):
        return True
    _keep(message)
    return False


def _send(message: EmailMessage) -> bool:
    """Return whether the mail server is done with `message`."""
    try:
        get_connection(settings.MAIL_TRANSPORT).send_messages([message])
    except SMTPRecipientsRefused:
        # Trying again will not make the address exist.
        logger.warning("mail-refused")
    except (OSError, SMTPException) as error:
        # Not the error's text: it can hold an address.
        logger.warning("mail-waits %s", type(error).__name__)
        return False
    return True


def _keep(message: EmailMessage) -> None:
    settings.MAIL_QUEUE.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = settings.MAIL_QUEUE / f"{uuid4()}.half"
    half.touch(mode=0o600)
    half.write_text(json.dumps(_as_data(message)))
    half.rename(half.with_suffix(".json"))


def _as_data(message: EmailMessage) -> dict[str, Any]:
    if message.attachments:
        raise ValueError("Mail with an attachment cannot wait: link to the page instead.")
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": list(message.to),
        "alternatives": [[str(content), mimetype] for content, mimetype in alternatives],
    }


def _read(path: Path) -> EmailMultiAlternatives:
    data = json.loads(path.read_text())
    alternatives = data.pop("alternatives")
    message = EmailMultiAlternatives(**data)
    for content, mimetype in alternatives:
        message.attach_alternative(content, mimetype)
    return message


@contextmanager
def _queue() -> Iterator[list[Path]]:
    """Hold the queue, oldest first; it is empty for who comes while another holds it, so that nothing goes twice."""
    if not settings.MAIL_QUEUE.is_dir():
        yield []
        return
    lock = os.open(settings.MAIL_QUEUE, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield []
    else:
        yield sorted(settings.MAIL_QUEUE.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    finally:
        os.close(lock)
