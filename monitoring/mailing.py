"""Whom monitoring tells what: reminders of what is still to be entered, and what happened to reports and questions."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from monitoring.invoertaken import BeschrevenTaak, load_taken, page_of_scores
from monitoring.models import Besluit, Rapportage, Vraag
from monitoring.reminders import days_to_decide, reminders_on
from regio.audit import Event, record
from regio.berichten import Berichtsoort, Verzendronde
from regio.days import format_day
from regio.figures import without_figures
from regio.models import Gebruiker, Regio
from regio.outbox import Melding, queue, withdraw_news, withdraw_reminders
from regio.permissions import Permission
from regio.recipients import Aan, Kring, Trede, choose

# Further back nobody waits for a reminder any more: the next one comes by itself.
DAYS_TO_MAKE_UP = 31


# Reminders


@transaction.atomic
def gather_reminders() -> int:
    """Lay ready what the rule asks for today and on the days on which nothing ran, and return how many berichten.

    What is done meanwhile is withdrawn first. Doing this twice changes nothing.
    """
    today = timezone.localdate()
    taken = load_taken(today)
    withdraw_reminders(still_open={taak.betreft for taak in taken})
    last = Verzendronde.objects.order_by("-dag").values_list("dag", flat=True).first()
    by_key = {taak.betreft: taak for taak in taken}
    queued = 0
    for day in days_to_decide(last, today, at_most=DAYS_TO_MAKE_UP):
        for reminder in reminders_on(day, taken):
            taak = by_key[reminder.taak.betreft]
            melding = _ask(taak, Berichtsoort.HERINNERING, reminder.sleutel, today)
            queued += queue(melding, regio=taak.in_regio, aan=taak.aan, vanaf=day)
    Verzendronde.objects.get_or_create(dag=today)
    return queued


@dataclass
class Gevraagd:
    """What became of asking people by hand: for which things somebody gets mail, and for which not, with the reason."""

    gevraagd: list[str] = field(default_factory=list)
    vandaag_al: list[str] = field(default_factory=list)
    voor_niemand: list[str] = field(default_factory=list)
    niet_meer_nodig: list[str] = field(default_factory=list)


@transaction.atomic
def remind(*, regio: Regio, betreft: Collection[str], by: Gebruiker) -> Gevraagd:
    """Ask, by hand, for what is still to be entered: at most once a day for each person and thing.

    `betreft` names the things as key_of_scores and key_of_opgave do. Raises PermissionDenied for who may not. What is
    done already, or is no thing of this regio, is not asked for.
    """
    if not by.has_permission(Permission.HERINNEREN, regio.pk):
        raise PermissionDenied(Permission.HERINNEREN.label)
    today = timezone.localdate()
    still_open = {taak.betreft: taak for taak in load_taken(today, regio)}
    outcome = Gevraagd()
    for key in dict.fromkeys(betreft):
        taak = still_open.get(key)
        if taak is None:
            outcome.niet_meer_nodig.append(key)
            continue
        if not taak.aan.mensen:
            outcome.voor_niemand.append(key)
            continue
        asked = _ask(taak, Berichtsoort.VERZOEK, f"{key}:verzoek:{today}", today)
        melding = replace(asked, tekst=f"{asked.tekst} {by} vraagt u dit.")
        told = queue(melding, regio=regio, aan=taak.aan)
        (outcome.gevraagd if told else outcome.vandaag_al).append(key)
    for key in outcome.gevraagd:
        transaction.on_commit(lambda key=key: record(Event.MAIL, by=by, wat="verzoek", betreft=key))  # type: ignore[misc]
    return outcome


def _ask(taak: BeschrevenTaak, soort: Berichtsoort, sleutel: str, today: date) -> Melding:
    what = taak.wat[0].upper() + taak.wat[1:]
    if taak.deadline is None:
        when = f"zijn nog niet {taak.nog_niet}."
    elif today < taak.deadline:
        when = f"worden verwacht vóór {format_day(taak.deadline)}."
    else:
        when = f"werden verwacht vóór {format_day(taak.deadline)} en zijn nog niet {taak.nog_niet}."
    return Melding(
        soort=soort,
        betreft=taak.betreft,
        sleutel=sleutel,
        onderwerp=f"{taak.in_regio}: {taak.wat} invoeren",
        tekst=f"{what} {when}",
        knop=taak.knop,
        pad=taak.pad,
        wie=taak.wie,
        secretaris_kan=taak.secretaris_kan,
    )


# What happened to a report. `op` dates what happened before it was entered: nobody gets mail about that.


def tell_submitted(rapportage: Rapportage, *, by: Gebruiker, op: datetime | None) -> None:
    """Tell who must adopt it; where there is nobody, who can register what the overleg decides."""
    if op is not None:
        return
    regio = rapportage.regio
    withdraw_news(_about(rapportage), Berichtsoort.TERUGGEGEVEN)
    kring = Kring.load([regio.pk])
    # Who submitted cannot adopt.
    adopters = [pk for pk in kring.with_permission(regio.pk, _to_adopt(rapportage)) if pk != by.pk]
    melding = _news(
        rapportage,
        Berichtsoort.VOORGELEGD,
        sleutel=f"voorgelegd:{rapportage.voorgelegd_op:%Y%m%dT%H%M%S%f}",
        gebeurd=f"is voorgelegd aan {rapportage.gremium}. Stel het vast, of geef het terug met een reden.",
        wie="OOGO-lid" if rapportage.meetmoment else "coördinator",
    )
    queue(melding, regio=regio, aan=choose(adopters, kring.secretarissen(regio.pk), kring.beheerders).without(by))


def _to_adopt(rapportage: Rapportage) -> Permission:
    return Permission.RAPPORT_VASTSTELLEN if rapportage.meetmoment else Permission.KWARTAAL_VASTSTELLEN


def tell_returned(rapportage: Rapportage, *, reden: str, by: Gebruiker, op: datetime | None) -> None:
    """Tell who must mend it, with the reason."""
    if op is not None:
        return
    regio = rapportage.regio
    withdraw_news(_about(rapportage), Berichtsoort.VOORGELEGD)
    kring = Kring.load([regio.pk])
    melding = _news(
        rapportage,
        Berichtsoort.TERUGGEGEVEN,
        sleutel=f"teruggegeven:{rapportage.voorgelegd_op:%Y%m%dT%H%M%S%f}",
        gebeurd="is teruggegeven. Pas aan wat niet klopt en leg het opnieuw voor.",
        wie="secretaris",
        citaat=without_figures(reden),
    )
    queue(melding, regio=regio, aan=choose(kring.secretarissen(regio.pk), (), kring.beheerders).without(by))


def tell_adopted(rapportage: Rapportage, besluit: Besluit, *, by: Gebruiker, op: datetime | None) -> None:
    """Tell everybody in the regio, except who did it."""
    if op is not None:
        return
    regio = rapportage.regio
    withdraw_news(_about(rapportage), Berichtsoort.VOORGELEGD, Berichtsoort.VASTGESTELD)
    everybody = Aan(Kring.load([regio.pk]).everybody(regio.pk), Trede.EIGEN)
    vergadering = f"het {besluit.overleg} van {format_day(besluit.vergaderdatum)}"
    vastgesteld = (
        "vastgesteld" if besluit.versie == 1 else f"heropend en opnieuw vastgesteld, als versie {besluit.versie},"
    )
    melding = _news(
        rapportage,
        Berichtsoort.VASTGESTELD,
        sleutel=f"vastgesteld:{besluit.versie}",
        gebeurd=f"is {vastgesteld} door {vergadering}. Het verandert nu niet meer.",
        wie="OOGO-lid",
    )
    queue(melding, regio=regio, aan=everybody.without(by))


def take_back_adopted(rapportage: Rapportage) -> None:
    """Tell nobody any more that it is adopted and stays as it is: it was reopened."""
    withdraw_news(_about(rapportage), Berichtsoort.VASTGESTELD)


def tell_answered(vraag: Vraag, *, by: Gebruiker) -> None:
    """Tell who asked that there is an answer, or another one. What was asked and answered stays on its page."""
    about = f"vraag:{vraag.pk}"
    withdraw_news(about, Berichtsoort.BEANTWOORD)
    melding = Melding(
        soort=Berichtsoort.BEANTWOORD,
        betreft=about,
        sleutel=f"{about}:antwoord:{vraag.versie}",
        onderwerp=f"{vraag.regio}: uw vraag is beantwoord",
        tekst=f"{by} gaf antwoord op uw vraag over {vraag.waarover}.",
        knop="Antwoord lezen",
        pad=vraag.get_absolute_url(),
        wie="vragensteller",
    )
    queue(melding, regio=vraag.regio, aan=Aan((vraag.gesteld_door_id,), Trede.EIGEN))


def _about(rapportage: Rapportage) -> str:
    return f"rapportage:{rapportage.pk}"


def _news(
    rapportage: Rapportage, soort: Berichtsoort, *, sleutel: str, gebeurd: str, wie: str, citaat: str = ""
) -> Melding:
    moment = rapportage.meetmoment
    knop, pad = "Bekijken", rapportage.get_absolute_url()
    if moment and soort == Berichtsoort.TERUGGEGEVEN:
        knop, pad = "Scores aanpassen", page_of_scores(moment)
    what = f"{rapportage.naam} van {moment.agenda}" if moment else f"{rapportage.naam} van {rapportage.regio}"
    return Melding(
        soort=soort,
        betreft=_about(rapportage),
        sleutel=f"{_about(rapportage)}:{sleutel}",
        onderwerp=f"{rapportage.regio}: {rapportage.naam} is {soort.label}",
        tekst=f"{what} {gebeurd}",
        knop=knop,
        pad=pad,
        wie=wie,
        citaat=citaat,
    )
