"""From a data file in fixtures/ to what the REA decided on the quarters of the demo, through the real actions."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from monitoring.models import Rapportage
from monitoring.quarter_actions import adopt_kwartaal, reopen_kwartaal, return_kwartaal, submit_kwartaal
from monitoring.steps import Uitspraak
from regio.models import Gebruiker, Lidmaatschap, Organisatie, Overleg, Regio
from regio.permissions import Rol
from thuiszitters.actions import Entry, return_opgave, save_tellingen, submit_opgave
from thuiszitters.counting import given
from thuiszitters.models import Telling, Telmoment

OFFICE_HOUR = time(14, 30)


@transaction.atomic
def load_voorbeeldkwartalen(*, regio: Regio, data: dict[str, Any]) -> None:
    """Take the steps of each quarter on the day of each. A quarter that somebody laid before the REA stays as it is."""
    people = {rol: _first(regio, rol) for rol in (Rol.SECRETARIS, Rol.COORDINATOR)}
    overleg = Overleg.objects.get(regio=regio, afkorting=data["overleg"])
    begun = set(Rapportage.objects.filter(telmoment__regio=regio).values_list("telmoment__peildatum", flat=True))
    momenten = {moment.peildatum: moment for moment in Telmoment.objects.filter(regio=regio).select_related("regio")}
    for row in data["kwartalen"]:
        if row["peildatum"] not in begun:
            for stap in row["stappen"]:
                _take(momenten[row["peildatum"]], stap, overleg, people)


def _first(regio: Regio, rol: Rol) -> Gebruiker:
    return Lidmaatschap.objects.filter(regio=regio, rol=rol).select_related("gebruiker").order_by("pk")[0].gebruiker


def _take(telmoment: Telmoment, stap: dict[str, Any], overleg: Overleg, people: dict[Rol, Gebruiker]) -> None:
    secretaris, coordinator = people[Rol.SECRETARIS], people[Rol.COORDINATOR]
    op = _moment(stap["op"])
    match stap["stap"]:
        case "voorleggen":
            submit_kwartaal(telmoment=telmoment, by=secretaris, op=op)
        case "teruggeven":
            return_kwartaal(telmoment=telmoment, reden=stap["reden"], by=coordinator, op=op)
        case "vaststellen" | "registreren" as said:
            als_registratie = said == "registreren"
            adopt_kwartaal(
                telmoment=telmoment,
                uitspraak=Uitspraak(overleg, stap["op"], stap["kenmerk"], stap.get("opmerkingen", "")),
                als_registratie=als_registratie,
                by=secretaris if als_registratie else coordinator,
                op=op,
            )
        case "heropenen":
            reopen_kwartaal(telmoment=telmoment, reden=stap["reden"], by=coordinator, op=op)
        case "verbeteren":
            _mend(telmoment, stap, secretaris, op)
        case unknown:
            raise ValueError(f"no step of a quarter is called {unknown}")


def _mend(telmoment: Telmoment, stap: dict[str, Any], by: Gebruiker, op: datetime) -> None:
    """Give one opgave back, change one count of it and submit it again, all on the day on which that is said to be."""
    gemeente = Organisatie.objects.get(slug=stap["gemeente"])
    return_opgave(telmoment=telmoment, gemeente=gemeente, reden=stap["toelichting"], by=by, op=op)
    telling = Telling.objects.get(
        opgave__telmoment=telmoment,
        opgave__gemeente=gemeente,
        categorie__code=stap["categorie"],
        sector=stap["sector"],
    )
    entry = Entry((stap["categorie"], stap["sector"]), given(stap["aantal"]), stap["toelichting"], telling.versie)
    save_tellingen(telmoment=telmoment, gemeente=gemeente, entries=[entry], by=by)
    submit_opgave(telmoment=telmoment, gemeente=gemeente, by=by, op=op)
    Telling.objects.filter(pk=telling.pk).update(gewijzigd_op=op)
    record = Telling.history.filter(id=telling.pk).order_by("-history_id").first()
    Telling.history.filter(pk=record.pk).update(history_date=op, gewijzigd_op=op)


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, OFFICE_HOUR))
