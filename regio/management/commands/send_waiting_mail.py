"""Send the mail that waits for the mail server; run it every few minutes (docs/beheer.md)."""

from typing import Any

from django.core.management.base import BaseCommand

from regio.mail import send_waiting


class Command(BaseCommand):
    help = "Verstuurt de mail die op de mailserver wacht."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{send_waiting()} berichten verstuurd.")
