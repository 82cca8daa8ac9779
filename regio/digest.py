"""The mail itself: what is told to one person on one day, as plain text and as HTML, with one thing to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from regio.berichten import HERINNERINGEN, Bericht
from regio.figures import LEFT_OUT
from regio.subscriptions import VRIJ, unsubscribe_url

SEVERAL = "Nieuws en taken in de Agendamonitor"


@dataclass(frozen=True)
class Stap:
    """The one thing to do: a button and where it leads."""

    knop: str
    url: str


def compose(berichten: Sequence[Bericht], bundel: UUID) -> EmailMultiAlternatives:
    """Return the mail that tells `berichten` to the one person they are for; the same each time for the same bundel."""
    gebruiker = berichten[0].gebruiker
    told = latest_of_each(berichten)
    can_be_refused = any(bericht.soort in VRIJ for bericht in told)
    afmelden = unsubscribe_url(gebruiker) if can_be_refused else ""
    context = {
        "gebruiker": gebruiker,
        "berichten": told,
        "stap": next_step(told),
        "onderwerp": subject_of(told),
        "site": urlsplit(settings.SITE_URL).netloc,
        "kiezen_url": settings.SITE_URL + reverse("account-mail"),
        "afmelden_url": afmelden,
        "alles_verplicht": not can_be_refused,
        "weggelaten": LEFT_OUT,
    }
    message = EmailMultiAlternatives(
        subject=context["onderwerp"],
        body=render_to_string("mail/bundel.txt", context),
        to=[gebruiker.email],
        headers=_headers(bundel, afmelden),
    )
    message.attach_alternative(render_to_string("mail/bundel.html", context), "text/html")
    return message


def latest_of_each(berichten: Sequence[Bericht]) -> list[Bericht]:
    """Return what there is to say: of several reminders of one thing the latest alone, everything else once."""
    latest = {b.betreft: b.pk for b in berichten if b.soort in HERINNERINGEN}
    return [b for b in berichten if b.soort not in HERINNERINGEN or latest[b.betreft] == b.pk]


def next_step(berichten: Sequence[Bericht]) -> Stap:
    """Return the page where it all can be done: that of the only thing, or else Mijn werk."""
    if len({bericht.pad for bericht in berichten}) == 1:
        return Stap(berichten[0].knop, settings.SITE_URL + berichten[0].pad)
    return Stap("Naar Mijn werk", settings.SITE_URL + "/")


def subject_of(berichten: Sequence[Bericht]) -> str:
    return " ".join(berichten[0].onderwerp.split()) if len(berichten) == 1 else SEVERAL


def _headers(bundel: UUID, afmelden: str) -> dict[str, str]:
    headers = {
        "Message-ID": f"<{bundel}@{urlsplit(settings.SITE_URL).hostname}>",
        # No out-of-office answers, please (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    if afmelden:
        # One click in the mail program (RFC 8058).
        headers |= {"List-Unsubscribe": f"<{afmelden}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers
