"""The same import as in the browser, for a server: all or nothing, and repeatable."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regio.models import Gebruiker, Regio
from regio.permissions import Permission
from regio.tables import TableError
from thuiszitters.resources import COMMAND, Outdated, Plan, Refused, UnknownColumns, carry_out_import, plan_import

SHOWN_ERRORS = 20


class Command(BaseCommand):
    help = "Leest aantallen thuiszitters uit een bestand (.csv, .xlsx, .ods). Eén foute rij: er wordt niets ingelezen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="Het bestand met één aantal per rij.")
        parser.add_argument(
            "--regio", required=True, help="De naam in adressen van de regio, bijvoorbeeld utrecht-west."
        )
        parser.add_argument("--dry-run", action="store_true", help="Alleen zeggen wat er zou veranderen.")
        parser.add_argument("--by", help="E-mailadres van wie inleest. Zonder: een secretaris van de regio.")

    def handle(self, *args: Any, file: Path, regio: str, dry_run: bool, by: str | None, **options: Any) -> None:
        found = Regio.objects.filter(slug=regio).first()
        if found is None:
            raise CommandError(
                f"Er is geen regio ‘{regio}’. Kies uit: {', '.join(Regio.objects.values_list('slug', flat=True))}."
            )
        person = find_person(found, by)
        try:
            with file.open("rb") as opened:
                source: dict[str, Any] = {"regio": found, "name": file.name, "file": opened, "limits": COMMAND}
                plan = plan_import(**source) if dry_run else carry_out_import(**source, by=person)
        except OSError as error:
            raise CommandError(f"{file} kan niet worden geopend: {error.strerror}.") from error
        except (TableError, UnknownColumns, Outdated) as error:
            raise CommandError(str(error)) from error
        except Refused as error:
            plan = error.plan
        self.report(plan)

    def report(self, plan: Plan) -> None:
        self.stdout.write(plan.telling)
        if plan.zonder_aantal:
            self.stdout.write(plan.zonder_aantal)
        for fout in plan.fouten[:SHOWN_ERRORS]:
            where = f", kolom {fout.kolom}" if fout.kolom else ""
            self.stderr.write(
                f"rij {fout.waar}{where}: {fout.waarde}: {fout.tekst}"
                if fout.waarde
                else f"rij {fout.waar}{where}: {fout.tekst}"
            )
        if plan.fout:
            raise CommandError("Er is niets ingelezen: het bestand bevat fouten.")


def find_person(regio: Regio, email: str | None) -> Gebruiker:
    """Return in whose name to write: the one named, else the first who may enter all counts of the regio."""
    people = Gebruiker.objects.filter(is_active=True, lidmaatschap__regio=regio).distinct().order_by("pk")
    for person in people.filter(email__iexact=email) if email else people:
        if person.has_permission(Permission.ALLE_AANTALLEN_INVOEREN, regio.pk):
            return person
    who = f"{email} mag" if email else "Niemand mag"
    raise CommandError(
        f"{who} alle aantallen van {regio} inlezen. Geef iemand de rol REA-secretaris, of noem die met --by."
    )
