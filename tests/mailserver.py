"""A mail server to test against: it takes mail, is down, refuses somebody, breaks off, or dies with its sender."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


@dataclass
class Post:
    """How the server stands now, and what it took."""

    is_down: bool = False
    refuses: set[str] = field(default_factory=set)
    breaks_off: bool = False
    kills: str = ""
    meanwhile: Callable[[], object] = int
    folder: Path | None = None
    taken: list[Any] = field(default_factory=list)


class Server(BaseEmailBackend):
    post = Post()

    def open(self) -> bool:
        if self.post.is_down:
            raise ConnectionRefusedError("anja@gemeente.example")
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if self.post.kills == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.post.refuses.intersection(message.to):
                raise SMTPRecipientsRefused({message.to[0]: (550, b"no such user")})
            self._take(message)
            self.post.meanwhile()
            if self.post.kills == "after":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.post.breaks_off:
                raise SMTPServerDisconnected("Connection unexpectedly closed")
        return len(email_messages)

    def _take(self, message: EmailMessage) -> None:
        self.post.taken.append(message)
        if self.post.folder:
            with (self.post.folder / "accepted").open("a") as accepted:
                accepted.write(f"{message.to[0]} {message.extra_headers['Message-ID']}\n")
