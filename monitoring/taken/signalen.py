"""Checks that fired: the act of their doel is to be done, by the secretaris and by who pulls the doel."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from agenda.models import Agenda
from monitoring.indicators import raised_by
from monitoring.measured import maten_of_all
from monitoring.signals import Gevraagd, answered
from monitoring.taken.basis import Basis
from monitoring.taken.items import Punt, Soort, Taak
from regio.permissions import Permission
from thuiszitters.overview import load_quarters_per_regio
from thuiszitters.publication import shown_to
from thuiszitters.signals import raised

# The latest quarter, and those before it in case that has no number yet.
QUARTERS_LOOKED_AT = 3


def checks_that_fired(basis: Basis) -> Iterator[Taak]:
    """Yield a taak for each regio where a check fired whose act is for this person."""
    doelen = {agenda.regio_id: list(_to_act_on(basis, agenda)) for agenda in _possible(basis)}
    counting = [regio for regio in basis.regios if any(doel.signaal for doel in doelen.get(regio.pk, ()))]
    quarters = load_quarters_per_regio(counting, basis.today, QUARTERS_LOOKED_AT) if counting else {}
    for regio in (regio for regio in basis.regios if doelen.get(regio.pk)):
        periods = shown_to(basis.gebruiker, regio, quarters.get(regio.pk, []))
        signals = raised(periods, reverse("thuiszitters:dashboard", args=[regio.slug]))
        signals += raised_by(maten_of_all(doelen[regio.pk], basis.today), url="")
        fired = [gevraagd for gevraagd in answered(signals, doelen[regio.pk]) if gevraagd.doel]
        if fired:
            yield _to_answer(basis.agenda_per_regio[regio.pk], fired)


def _possible(basis: Basis) -> list[Agenda]:
    """Return the agenda's of which something can be this person's to act on, so that the others ask no query."""
    gebruiker = basis.gebruiker
    in_the_name_of = {lid.regio_id for lid in gebruiker.lidmaatschappen if lid.organisatie_id}
    return [a for a in basis.agenda_per_regio.values() if _leads(basis, a) or a.regio_id in in_the_name_of]


def _leads(basis: Basis, agenda: Agenda) -> bool:
    return basis.gebruiker.has_permission(Permission.SCORES_VOORLEGGEN, agenda.regio_id)


def _to_act_on(basis: Basis, agenda: Agenda) -> Iterator[Any]:
    """Yield the doelen that hang on a number: all for who leads the agenda, else those that the own side pulls."""
    leads = _leads(basis, agenda)
    hanging = (doel for doel in basis.doelen[agenda.pk] if doel.signaal or doel.rijen_indicatoren)
    return (doel for doel in hanging if leads or doel.trekt)


def _to_answer(agenda: Agenda, fired: list[Gevraagd]) -> Taak:
    return Taak(
        soort=Soort.SIGNAAL,
        kop=f"De cijfers vragen actie – {agenda.regio}",
        punten=tuple(_punt(agenda, gevraagd) for gevraagd in fired),
        uitleg="De check van deze doelen geeft een signaal. Hieronder staat wat de agenda dan afspreekt.",
    )


def _punt(agenda: Agenda, gevraagd: Gevraagd) -> Punt:
    doel: Any = gevraagd.doel
    page = reverse("monitoring:doel-detail", args=[agenda.regio.slug, agenda.slug, doel.slug])
    act = gevraagd.act or "De agenda noemt bij dit doel geen act."
    return Punt(act, f"{page}#check", f"{gevraagd.signal.label}. {gevraagd.signal.tekst}", doel.code)
