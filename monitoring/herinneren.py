"""Asking people by hand for what is still to be entered: what was chosen, and to whom it goes, before it is sent."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from monitoring.invoertaken import key_of_opgave, key_of_scores
from monitoring.mailing import Gevraagd, remind
from monitoring.models import Meetmoment
from regio.berichten import Bericht, Berichtsoort
from regio.days import format_day
from regio.models import Gebruiker, Organisatie, Regio
from regio.permissions import Permission
from regio.recipients import Aan, Kring, Trede, choose
from thuiszitters.models import Telmoment

KEY = re.compile(r"(?P<soort>opgave|scores):(?P<moment>\d{1,18}):(?P<wie>regio|\d{1,18})", re.ASCII)
STANDS_IN = {
    Trede.EIGEN: "",
    Trede.SECRETARIS: "de secretaris, want er is geen actieve invoerder",
    Trede.BEHEERDER: "de beheerder, want er is niemand anders",
}


@dataclass(frozen=True)
class Verzoek:
    """One thing to ask for: its name in monitoring/invoertaken.py, what it is, and the names of who gets it.

    `vandaag_al` tells that somebody was reminded of it today, and so gets nothing now; `te_sturen` that somebody does.
    """

    betreft: str
    regio: Regio
    wat: str
    namen: tuple[str, ...]
    vervangt: str
    vandaag_al: bool
    te_sturen: bool


def load_verzoeken(keys: Iterable[str], regios: Sequence[Regio]) -> list[Verzoek]:
    """Return what `keys` name in `regios`, in seven queries; a key that names nothing there is passed over."""
    asked = [match for key in dict.fromkeys(keys) if (match := KEY.fullmatch(key))]
    own = {regio.pk: regio for regio in regios}
    telmomenten = Telmoment.objects.filter(regio__in=own).in_bulk(_numbers(asked, "opgave"))
    meetmomenten = Meetmoment.objects.filter(agenda__regio__in=own).select_related("agenda")
    meetmomenten_by_pk = meetmomenten.in_bulk(_numbers(asked, "scores"))
    gemeenten = Organisatie.objects.filter(deelname__regio__in=own, soort=Organisatie.Soort.GEMEENTE)
    by_pk = gemeenten.distinct().in_bulk({int(match["wie"]) for match in asked if match["wie"] != "regio"})
    kring = Kring.load(list(own))
    found: list[tuple[str, Regio, str, Aan]] = []
    for match in asked:
        gemeente = None if match["wie"] == "regio" else by_pk.get(int(match["wie"]))
        if match["soort"] == "opgave":
            telmoment = telmomenten.get(int(match["moment"]))
            if telmoment and gemeente:
                found.append(_counts(telmoment, gemeente, own[telmoment.regio_id], kring))
        else:
            moment = meetmomenten_by_pk.get(int(match["moment"]))
            if moment and (gemeente or match["wie"] == "regio"):
                found.append(_scores(moment, gemeente, own[moment.agenda.regio_id], kring))
    return _with_names(found)


def _numbers(asked: Iterable[re.Match[str]], soort: str) -> set[int]:
    return {int(match["moment"]) for match in asked if match["soort"] == soort}


def _counts(moment: Telmoment, gemeente: Organisatie, regio: Regio, kring: Kring) -> tuple[str, Regio, str, Aan]:
    what = f"aantallen van {gemeente.label} op {format_day(moment.peildatum)}"
    aan = kring.invoerders_of_aantallen(regio.pk, gemeente.pk)
    return key_of_opgave(moment.pk, gemeente.pk), regio, what, aan


def _scores(
    moment: Meetmoment, gemeente: Organisatie | None, regio: Regio, kring: Kring
) -> tuple[str, Regio, str, Aan]:
    if gemeente is None:
        aan = choose(kring.with_permission(regio.pk, Permission.SCORES_VOORLEGGEN), (), kring.beheerders)
        return key_of_scores(moment.pk), regio, f"scores van {moment}", aan
    aan = kring.invoerders_of_scores(regio.pk, gemeente.pk)
    return key_of_scores(moment.pk, gemeente.pk), regio, f"scores van {moment} voor {gemeente.label}", aan


def _with_names(found: list[tuple[str, Regio, str, Aan]]) -> list[Verzoek]:
    people = Gebruiker.objects.in_bulk({pk for *_, aan in found for pk in aan.mensen})
    of_today = Bericht.objects.filter(soort=Berichtsoort.VERZOEK, vanaf=timezone.localdate())
    told: dict[str, set[int]] = {key: set() for key, *_ in found}
    for key, pk in of_today.filter(betreft__in=told).values_list("betreft", "gebruiker"):
        told[key].add(pk)
    return [
        Verzoek(
            betreft=key,
            regio=regio,
            wat=what,
            namen=tuple(str(people[pk]) for pk in aan.mensen),
            vervangt=STANDS_IN[aan.trede],
            vandaag_al=bool(told[key]),
            te_sturen=not told[key].issuperset(aan.mensen),
        )
        for key, regio, what, aan in found
    ]


@transaction.atomic
def remind_all(verzoeken: Iterable[Verzoek], *, by: Gebruiker) -> Gevraagd:
    """Ask for all of them, regio by regio, and return what became of it."""
    per_regio: dict[int, tuple[Regio, list[str]]] = {}
    for verzoek in verzoeken:
        per_regio.setdefault(verzoek.regio.pk, (verzoek.regio, []))[1].append(verzoek.betreft)
    total = Gevraagd()
    for regio, keys in per_regio.values():
        outcome = remind(regio=regio, betreft=keys, by=by)
        total.gevraagd += outcome.gevraagd
        total.vandaag_al += outcome.vandaag_al
        total.voor_niemand += outcome.voor_niemand
        total.niet_meer_nodig += outcome.niet_meer_nodig
    return total
