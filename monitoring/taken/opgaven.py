"""Quarters of which a gemeente did not return its counts yet, or got them back."""

from collections.abc import Iterator
from dataclasses import replace

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
        missing = [e for e in of_mine if not e.is_ingediend]
        if len(of_mine) == len(missing) == 1:
            yield _to_enter(missing[0])
        elif missing:
            # A reason may name small numbers, that who enters for one gemeente or two does not see.
            happened, why = kwartaal.weer_open if gemeenten is None else ("", "")
            yield replace(_to_collect(kwartaal.telmoment, missing, len(of_mine)), teruggegeven=happened, reden=why)


def own_gemeenten(gebruiker: Gebruiker, regio_id: int) -> set[int] | None:
    """Return the gemeenten of whose opgave this person sees to it that it comes in; None stands for all."""
    if enters_all(gebruiker, regio_id):
        return None
    own = gebruiker.organisaties_for(Permission.AANTALLEN_INVOEREN, regio_id)
    return {organisatie.pk for organisatie in own if organisatie.soort == Organisatie.Soort.GEMEENTE}


def _to_enter(opgave: Verwacht) -> Taak:
    """The only opgave that is asked of this person: the heading names the gemeente."""
    return Taak(
        soort=Soort.OPGAVEN,
        kop=_kop(opgave.telmoment, opgave.naam),
        punten=(Punt("Opgave invoeren", opgave.url, opgave.stand),),
        knoppen=(Knop("Verder met invoeren" if opgave.status else "Beginnen met invoeren", opgave.url),),
        deadline=opgave.telmoment.deadline,
        is_terug=opgave.is_terug,
    )


def _to_collect(telmoment: Telmoment, missing: list[Verwacht], expected: int) -> Taak:
    done = expected - len(missing)
    return Taak(
        soort=Soort.OPGAVEN,
        kop=_kop(telmoment, telmoment.regio.naam),
        punten=tuple(Punt(opgave.naam, opgave.url, opgave.stand) for opgave in missing),
        deadline=telmoment.deadline,
        is_terug=all(opgave.is_terug for opgave in missing),
        voortgang=Voortgang(done, expected, f"{done} van {expected} gemeenten hebben ingediend"),
    )


def _kop(telmoment: Telmoment, whose: str) -> str:
    return f"Thuiszitters op {format_day(telmoment.peildatum)} – {whose}"
