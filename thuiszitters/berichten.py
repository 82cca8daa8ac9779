"""Whom thuiszitters tells what: that counts came back, with the reason."""

from regio.berichten import Berichtsoort
from regio.days import format_day
from regio.figures import without_figures
from regio.models import Gebruiker
from regio.outbox import Melding, queue, withdraw_news
from regio.recipients import Kring
from thuiszitters.access import may_enter
from thuiszitters.models import Opgave


def tell_returned(opgave: Opgave, *, reden: str, by: Gebruiker) -> None:
    """Tell who must mend the counts of a gemeente, and who submitted them, why they came back.

    Not who gave them back: they know.
    """
    regio, gemeente = opgave.telmoment.regio, opgave.gemeente
    dag = format_day(opgave.telmoment.peildatum)
    melding = Melding(
        soort=Berichtsoort.TERUGGEGEVEN,
        betreft=_about(opgave),
        sleutel=f"opgave:{opgave.pk}:teruggegeven:{opgave.ingediend_op:%Y%m%dT%H%M%S%f}",
        onderwerp=f"{regio}: aantallen van {gemeente} op {dag} teruggegeven",
        tekst=f"De aantallen van {gemeente} op {dag} zijn teruggegeven. Pas ze aan en dien ze opnieuw in.",
        knop="Aantallen aanpassen",
        pad=opgave.get_absolute_url(),
        wie=f"invoerder voor {gemeente}",
        citaat=without_figures(reden),
    )
    aan, submitter = Kring.load([regio.pk]).invoerders_of_aantallen(regio.pk, gemeente.pk), opgave.ingediend_door
    if submitter and may_enter(submitter, regio.pk, gemeente):
        aan = aan.and_also([submitter.pk])
    queue(melding, regio=regio, aan=aan.without(by))


def take_back_returned(opgave: Opgave) -> None:
    """Tell nobody any more that the counts came back: they are handed in again."""
    withdraw_news(_about(opgave), Berichtsoort.TERUGGEGEVEN)


def _about(opgave: Opgave) -> str:
    return f"opgave:{opgave.telmoment_id}:{opgave.gemeente_id}"
