"""Quarters of which a gemeente did not return its counts yet, or got them back."""

from collections.abc import Iterator

from monitoring.taken.basis import Basis
from monitoring.taken.items import Knop, Punt, Soort, Taak, Voortgang
from monitoring.taken.unsettled import Verwacht
from regio.days import format_day
from regio.models import Gebruiker, Organisatie
from regio.permissions import Permission
from thuiszitters.access import enters_all
from thuiszitters.models import Telmoment


def opgaven_to_return(basis: Basis) -> Iterator[Taak]:
    """Yield a taak for each quarter that misses an opgave which this person enters, or has to ask for."""
    for kwartaal in basis.unsettled:
        if kwartaal.telmoment.voorgelegd_op:
            continue
        gemeenten = own_gemeenten(basis.gebruiker, kwartaal.telmoment.regio_id)
        of_mine = [e for e in kwartaal.verwacht if gemeenten is None or e.gemeente in gemeenten]
        missing = tuple(e.punt for e in of_mine if not e.is_ingediend)
        if missing:
            yield _to_return(kwartaal.telmoment, of_mine, missing)


def own_gemeenten(gebruiker: Gebruiker, regio_id: int) -> set[int] | None:
    """Return the gemeenten of whose opgave this person sees to it that it comes in; None stands for all."""
    if enters_all(gebruiker, regio_id):
        return None
    own = gebruiker.organisaties_for(Permission.AANTALLEN_INVOEREN, regio_id)
    return {organisatie.pk for organisatie in own if organisatie.soort == Organisatie.Soort.GEMEENTE}


def _to_return(telmoment: Telmoment, expected: list[Verwacht], missing: tuple[Punt, ...]) -> Taak:
    whose = expected[0].naam if len(expected) == 1 else telmoment.regio
    done = len(expected) - len(missing)
    return Taak(
        soort=Soort.OPGAVEN,
        kop=f"Thuiszitters op {format_day(telmoment.peildatum)} – {whose}",
        punten=missing,
        knoppen=(Knop("Verder met invoeren", missing[0].url),) if len(expected) == 1 else (),
        deadline=telmoment.deadline,
        voortgang=(
            Voortgang(done, len(expected), f"{done} van {len(expected)} gemeenten hebben ingediend")
            if len(expected) > 1
            else None
        ),
    )
