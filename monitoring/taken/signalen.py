"""Checks that fired: the act of their doel is to be done, by the secretaris and by who pulls the doel."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from agenda.models import Agenda, Doel
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
    """Yield a taak for each regio where a check fired whose act is for this person, in three queries."""
    doelen = _doelen_of(basis)
    if not doelen:
        return
    counting = [regio for regio in basis.regios if regio.pk in doelen]
    quarters = load_quarters_per_regio(counting, basis.today, QUARTERS_LOOKED_AT)
    for regio in counting:
        periods = shown_to(basis.gebruiker, regio, quarters.get(regio.pk, []))
        signals = raised(periods, reverse("thuiszitters:dashboard", args=[regio.slug]))
        fired = [gevraagd for gevraagd in answered(signals, doelen[regio.pk]) if gevraagd.doel]
        if fired:
            yield _to_answer(basis.agenda_per_regio[regio.pk], fired)


def _doelen_of(basis: Basis) -> dict[int, list[Any]]:
    """Return by regio the doelen that hang on a number and are this person's to act on, in one query."""
    agendas = basis.agendas.values()
    leading = {a.pk for a in agendas if basis.gebruiker.has_permission(Permission.SCORES_VOORLEGGEN, a.regio_id)}
    own = {lid.organisatie_id for lid in basis.gebruiker.lidmaatschappen if lid.organisatie_id}
    if not (leading or own):
        return {}
    mine = Q(thema__agenda__in=leading) | Q(trekker__organisatie__in=own)
    found: dict[int, list[Any]] = {}
    for doel in Doel.objects.for_agendas(basis.agendas).exclude(signaal="").filter(mine).distinct():
        found.setdefault(basis.agendas[doel.thema.agenda_id].regio_id, []).append(doel)
    return found


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
    return Punt(gevraagd.act, f"{page}#check", f"{gevraagd.signal.label}. {gevraagd.signal.tekst}", doel.code)
