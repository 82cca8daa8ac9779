"""Lay ready today's reminders and send what is due; run it every quarter of an hour in the daytime (docs/beheer.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.mailing import gather_reminders
from regio.mail import send_waiting
from regio.outbox import forget_old, send_due, stuck


class Command(BaseCommand):
    help = "Zet de herinneringen van vandaag klaar en verstuurt alle mail die aan de beurt is."

    def handle(self, *args: Any, **options: Any) -> None:
        queued = gather_reminders()
        # Mail about accounts has a queue of its own (regio/mail.py); one timer serves both.
        accounts = send_waiting()
        sent = send_due()
        forgotten = forget_old()
        self.stdout.write(
            f"klaargezet {queued}, berichten {sent.berichten}, mails {sent.mails}, accountmail {accounts},"
            f" mislukt {len(sent.fouten)}, opgeruimd {forgotten}"
        )
        waiting = stuck()
        if sent.fouten or waiting.exists():
            faults = sorted(set(waiting.values_list("laatste_fout", flat=True)) | set(sent.fouten))
            raise CommandError(
                f"Nog niet weg: {waiting.count()} ({', '.join(faults)}). Dat gaat later vanzelf; zie Berichten"
                " in Beheer."
            )
