"""The demo: the regions' own agendas, fictitious scores marked as such, and accounts with a known password."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agenda.loading import load_agenda, load_schalen
from agenda.models import Agenda, Doel
from monitoring.loading import (
    load_indicatoren,
    load_meetmomenten,
    load_metingen,
    load_scores,
    load_voorbeeldscores,
    load_voorbeeldvragen,
)
from monitoring.models import Voortgangsscore
from monitoring.quarter_loading import load_voorbeeldkwartalen
from regio.accounts import DEMO_DOMAIN, DEMO_PASSWORD, accounts_with_demo_password
from regio.audit import nothing_recorded, sign
from regio.loading import FIXTURES, add_missing, load_regio, load_vergaderingen, read_data
from regio.models import Gebruiker, Lidmaatschap, Organisatie, Regio
from regio.permissions import ROLES, Permission, Rol
from thuiszitters.loading import load_categorieen, load_voorbeeldtellingen
from thuiszitters.models import Telling

BEHEER = "beheer@agendamonitor.test"
ACCOUNTS = (
    ("secretaris", "Secretaris", Rol.SECRETARIS),
    ("oogo", "OOGO-lid", Rol.OOGO_LID),
    ("coordinator", "Coördinator", Rol.COORDINATOR),
)


class Command(BaseCommand):
    help = "Laadt de demo: regio's met hun eigen agenda, fictieve scores en accounts met een bekend wachtwoord."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="Doe dit alleen op een proefmachine (DEMO=true) en met een lege database.",
        )

    def handle(self, *args: Any, if_empty: bool, **options: Any) -> None:
        if not if_empty or (settings.DEMO and not Gebruiker.objects.exists() and not Regio.objects.exists()):
            with nothing_recorded():
                load_demo()
            self._say_what_stands_there()
        if not if_empty or settings.DEMO:
            self._say_accounts()

    def _say_what_stands_there(self) -> None:
        made_up = Voortgangsscore.objects.filter(meetmoment__agenda__regio__voorbeelddata=True).count()
        self.stdout.write(
            f"Demo geladen: {Regio.objects.count()} regio's, {Agenda.objects.count()} agenda's,"
            f" {Doel.objects.count()} doelen, {made_up} fictieve scores en {Telling.objects.count()} fictieve"
            f" tellingen. Verder {Voortgangsscore.objects.count() - made_up} scores die een document zelf afdrukt."
        )

    def _say_accounts(self) -> None:
        accounts = accounts_with_demo_password().order_by("pk")
        if accounts:
            self.stdout.write(f"Demo-accounts, met wachtwoord {DEMO_PASSWORD}:")
            for account in accounts:
                self.stdout.write(f"  {account.email}")


@transaction.atomic
def load_demo() -> None:
    """Add what is missing of the demo; raise CommandError where that would mix it with real data."""
    folders = sorted(path.parent for path in FIXTURES.glob("*/regio.yaml"))
    _refuse_real_data({folder.name for folder in folders})
    # One hash for all: they share the password anyway, and each hash is slow on purpose.
    password = make_password(DEMO_PASSWORD)
    beheer = _add_beheer(password)
    load_schalen(data=read_data(FIXTURES / "schalen.yaml"), by=beheer)
    load_categorieen(data=read_data(FIXTURES / "categorieen.yaml"), regio=None, by=beheer)
    for folder in folders:
        _load_folder(folder, password, beheer)


def _refuse_real_data(slugs: set[str]) -> None:
    real = [
        *Gebruiker.objects.exclude(email__endswith=DEMO_DOMAIN).values_list("email", flat=True)[:3],
        *Regio.objects.exclude(slug__in=slugs).values_list("naam", flat=True)[:3],
    ]
    if not Gebruiker.objects.filter(email=BEHEER, is_active=True).exists():
        # A regio that the demo did not make, although it has the name of one of the demo's.
        real += Regio.objects.filter(slug__in=slugs).values_list("naam", flat=True)[:3]
    if real:
        raise CommandError(
            f"Deze database is niet leeg en niet van de demo: {', '.join(real)}. Er is niets veranderd. De demo maakt"
            " accounts met een bekend wachtwoord en laadt fictieve scores; dat hoort niet bij echte gegevens. Kies met"
            " DATABASE_URL een lege database."
        )


def _add_beheer(password: str) -> Gebruiker:
    beheer = Gebruiker.objects.filter(email=BEHEER).first()
    if beheer is None:
        beheer = Gebruiker(email=BEHEER, naam="Beheerder", password=password, is_staff=True, is_superuser=True)
        # The first account has nobody before it to be made by.
        sign(beheer, beheer)
        beheer.save()
    return beheer


def _load_folder(folder: Path, password: str, beheer: Gebruiker) -> None:
    regio = load_regio(data=read_data(folder / "regio.yaml"), by=beheer)
    _add_accounts(regio, password, beheer)
    for path in sorted(folder.glob("agenda-*.yaml")):
        data = read_data(path)
        agenda = load_agenda(regio=regio, data=data, by=beheer)
        load_meetmomenten(agenda=agenda, data=data.get("meetmomenten", []), by=beheer)
        load_scores(agenda=agenda, data=data.get("scores", []))
    for name, load in OF_A_REGIO.items():
        path = folder / name
        if path.exists():
            load(regio, path, beheer)


def _load_counts(regio: Regio, counts: Path, beheer: Gebruiker) -> None:
    data = read_data(counts.with_suffix(".yaml"))
    load_voorbeeldtellingen(regio=regio, data=data, counts=counts, by=beheer)


# What a regio may have beside its agenda's, in the order in which it is loaded: what is adopted keeps the quarters of
# its school year and what was measured until then.
OF_A_REGIO: dict[str, Callable[[Regio, Path, Gebruiker], None]] = {
    "categorieen.yaml": lambda regio, path, by: load_categorieen(data=read_data(path), regio=regio, by=by),
    "voorbeeldtellingen.csv": _load_counts,
    "voorbeeldkwartalen.yaml": lambda regio, path, by: load_voorbeeldkwartalen(regio=regio, data=read_data(path)),
    "indicatoren.yaml": lambda regio, path, by: load_indicatoren(regio=regio, data=read_data(path), by=by),
    "voorbeeldmetingen.yaml": lambda regio, path, by: load_metingen(regio=regio, data=read_data(path)),
    "voorbeeldscores.yaml": lambda regio, path, by: load_voorbeeldscores(regio=regio, data=read_data(path), by=by),
    "voorbeeldvragen.yaml": lambda regio, path, by: load_voorbeeldvragen(regio=regio, data=read_data(path)),
    "vergaderingen.yaml": lambda regio, path, by: load_vergaderingen(regio=regio, data=read_data(path), by=by),
}


def _add_accounts(regio: Regio, password: str, beheer: Gebruiker) -> None:
    for local_part, title, rol in ACCOUNTS:
        _add_account(regio, local_part, f"{title} {regio.naam}", rol, None, password, beheer)
    for gemeente in Organisatie.objects.gemeenten_in(regio).order_by("slug"):
        _add_account(
            regio, f"invoer-{gemeente.slug}", f"Invoerder {gemeente.naam}", Rol.INVOERDER, gemeente, password, beheer
        )


def _add_account(
    regio: Regio,
    local_part: str,
    naam: str,
    rol: Rol,
    organisatie: Organisatie | None,
    password: str,
    beheer: Gebruiker,
) -> None:
    gebruiker = add_missing(
        Gebruiker,
        by=beheer,
        lookup={"email": f"{local_part}@{regio.slug}{DEMO_DOMAIN}"},
        naam=naam,
        password=password,
        is_staff=Permission.BEHEREN in ROLES[rol],
    )
    lookup = {"gebruiker": gebruiker, "regio": regio, "rol": rol, "organisatie": organisatie}
    add_missing(Lidmaatschap, by=beheer, lookup=lookup)
