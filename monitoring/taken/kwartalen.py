"""Quarters of counts that are complete and wait to be laid before the REA, or lie before it to be adopted."""

from collections.abc import Iterator

from django.urls import reverse

from monitoring.quarter import rapportage_of_telmoment
from monitoring.taken.basis import Basis
from monitoring.taken.items import Knop, Punt, Soort, Taak
from monitoring.taken.unsettled import Kwartaal
from regio.days import format_day
from regio.permissions import Permission
from thuiszitters.models import Telmoment


def kwartalen_to_decide(basis: Basis) -> Iterator[Taak]:
    """Yield a taak for each quarter that this person can submit now, or has to judge."""
    for kwartaal in basis.unsettled:
        moment, may = kwartaal.telmoment, basis.gebruiker.permissions_in(kwartaal.telmoment.regio_id)
        if moment.voorgelegd_op:
            is_own = rapportage_of_telmoment(moment).voorgelegd_door_id == basis.gebruiker.pk
            if Permission.KWARTAAL_VASTSTELLEN in may and not is_own:
                yield _to_adopt(moment)
        elif kwartaal.is_compleet and Permission.KWARTAAL_VOORLEGGEN in may:
            yield _to_submit(kwartaal)


def _page(moment: Telmoment, name: str) -> str:
    return reverse(f"monitoring:kwartaal-{name}", args=[moment.regio.slug, moment.peildatum])


def _to_submit(kwartaal: Kwartaal) -> Taak:
    moment, (happened, why) = kwartaal.telmoment, kwartaal.weer_open
    day = format_day(moment.peildatum)
    first = "Alle gemeenten hebben hun opgave ingediend. Kijk de aantallen na en leg het kwartaal voor."
    again = "Moet een gemeente nog iets verbeteren? Geef eerst haar opgave terug. Leg anders het kwartaal opnieuw voor."
    return Taak(
        soort=Soort.VOORLEGGEN,
        kop=f"Kwartaal {day} is {happened.lower() or 'compleet'} – {moment.regio}",
        punten=(
            Punt(f"{'Opnieuw voorleggen' if happened else 'Voorleggen'} aan het REA", _page(moment, "voorleggen")),
        ),
        knoppen=(Knop("Aantallen bekijken", _page(moment, "detail"), f"van {day}"),),
        uitleg=again if happened else first,
        teruggegeven=happened,
        reden=why,
    )


def _to_adopt(moment: Telmoment) -> Taak:
    day, since = format_day(moment.peildatum), moment.voorgelegd_op
    return Taak(
        soort=Soort.VASTSTELLEN,
        kop=f"Kwartaal {day} ligt voor – {moment.regio}",
        punten=(Punt(f"Aantallen van {day} lezen", _page(moment, "detail")),),
        knoppen=(
            Knop("Vaststellen", _page(moment, "vaststellen"), f"van kwartaal {day}"),
            Knop("Teruggeven", _page(moment, "teruggeven"), f"van kwartaal {day}"),
        ),
        sinds=f"Voorgelegd op {format_day(since)}" if since else "",
        uitleg=(
            "Bespreek de aantallen in het REA. Stel het kwartaal daarna vast. Klopt er iets niet, geef het dan terug"
            " met een reden."
        ),
    )
