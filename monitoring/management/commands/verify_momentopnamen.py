"""Compare what was adopted with its sha256, for whoever put a backup back (docs/beheer.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.models import Momentopname
from monitoring.snapshot import Damaged, unharmed


class Command(BaseCommand):
    help = "Rekent van elke momentopname de sha256 na. Eindigt met code 1 als er een niet klopt."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, damaged = 0, []
        for momentopname in Momentopname.objects.order_by("pk").iterator(chunk_size=10):
            checked += 1
            try:
                unharmed(momentopname)
            except Damaged:
                damaged.append(str(momentopname.pk))
        self.stdout.write(f"momentopnamen {checked}, beschadigd {len(damaged)}")
        if damaged:
            raise CommandError(f"De sha256 klopt niet van momentopname {', '.join(damaged)}.")
