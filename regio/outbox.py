"""From something to tell to a mail that is accepted: queued in the caller's transaction, sent later, a digest a day.

Nothing is lost: what the mail server does not take waits. Nothing is told twice: the database refuses a second bericht
with the same key. Between the server's yes and our own commit a crash can come; then the same mail goes once more, with
the same Message-ID, by which mail servers and programs know it for the same (docs/adr/0043).
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from regio.audit import Event, record
from regio.berichten import HERINNERINGEN, Bericht, BerichtQuerySet, Berichtsoort
from regio.digest import compose
from regio.models import Gebruiker, Regio
from regio.recipients import Aan, Trede
from regio.subscriptions import VRIJ, choices_of, refusers

logger = logging.getLogger("agendamonitor.mail")

# How long one mail may be under way before another sender may take it for abandoned; EMAIL_TIMEOUT is far below.
LEASE = timedelta(minutes=10)
# Longer than any reminder of one thing goes on being due, so that nothing is told anew for want of its bericht.
KEPT = timedelta(days=400)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=4)
# This mail was not accepted, and the connection can go on; ValueError is an address that no mail can bear.
REFUSED = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError, SMTPNotSupportedError, ValueError)


@dataclass(frozen=True)
class Melding:
    """What to tell: one sentence and what it is about, and the one page where the reader goes on.

    `wie` is who normally does it, for whoever stands in, and `secretaris_kan` whether a secretaris may do it for them;
    `citaat` is what somebody else wrote.
    """

    soort: Berichtsoort
    betreft: str
    sleutel: str
    onderwerp: str
    tekst: str
    knop: str
    pad: str
    wie: str
    citaat: str = ""
    secretaris_kan: bool = True


def queue(melding: Melding, *, regio: Regio, aan: Aan, vanaf: date | None = None) -> int:
    """Lay `melding` ready for `aan`, as part of the caller's transaction, and return for how many people.

    Who does not want this kind, or was told this already, is passed over.
    """
    melding = _for_stand_in(melding, regio, aan.trede)
    wanted = [pk for pk in aan.mensen if pk not in refusers(melding.soort, aan.mensen)]
    told = Bericht.objects.filter(sleutel=melding.sleutel, gebruiker__in=wanted).values_list("gebruiker", flat=True)
    made = [
        Bericht(
            regio=regio,
            gebruiker_id=pk,
            soort=melding.soort,
            betreft=melding.betreft,
            sleutel=melding.sleutel,
            onderwerp=melding.onderwerp[:200],
            tekst=melding.tekst,
            citaat=melding.citaat,
            knop=melding.knop,
            pad=melding.pad,
            vanaf=vanaf or timezone.localdate(),
        )
        for pk in sorted(set(wanted) - set(told))
    ]
    # Two at the same moment: the constraint lets one through, and the other's transaction goes on.
    Bericht.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _for_stand_in(melding: Melding, regio: Regio, trede: Trede) -> Melding:
    """Say why somebody gets what another should do; who may not do it for them appoints somebody."""
    if trede == Trede.SECRETARIS and melding.secretaris_kan:
        extra = f" U krijgt dit bericht omdat er geen actieve {melding.wie} is."
        return replace(melding, tekst=melding.tekst + extra)
    if trede != Trede.EIGEN:
        return replace(
            melding,
            onderwerp=f"{regio}: er is geen actieve {melding.wie}",
            tekst=f"{melding.tekst} Er is nu niemand die dit kan doen. Geef iemand een lidmaatschap met die rol.",
            knop="Naar de lidmaatschappen",
            pad=reverse("admin:regio_lidmaatschap_changelist"),
        )
    return melding


def withdraw_reminders(*, still_open: Collection[str]) -> int:
    """Take back every reminder that did not leave yet and whose thing is not in `still_open`: it is done."""
    waiting = Bericht.objects.undelivered().filter(soort__in=HERINNERINGEN)
    about = set(waiting.order_by().values_list("betreft", flat=True).distinct())
    return waiting.filter(betreft__in=about.difference(still_open)).update(status=Bericht.Status.INGETROKKEN)


def withdraw_news(betreft: str, *soorten: Berichtsoort) -> None:
    """Take back what was told of a thing and did not leave yet: something happened that makes it untrue."""
    Bericht.objects.undelivered().filter(betreft=betreft, soort__in=soorten).update(status=Bericht.Status.INGETROKKEN)


@dataclass
class Uitkomst:
    """What one round of sending came to: mails that left, what they told, and what went wrong by its name."""

    mails: int = 0
    berichten: int = 0
    fouten: list[str] = field(default_factory=list)

    def failed(self, error: Exception) -> None:
        # Not the error's text: it can hold an address.
        self.fouten.append(type(error).__name__)
        logger.warning("mail-waits %s", type(error).__name__)


def send_due() -> Uitkomst:
    """Send everybody the digest of what is due for them, one a person a day."""
    uitkomst = Uitkomst()
    people = _people_with_something_due()
    if not people:
        return uitkomst
    connection = get_connection(settings.MAIL_TRANSPORT)
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        uitkomst.failed(error)
        _wait_longer(Bericht.objects.due(timezone.now(), timezone.localdate()), error)
        return uitkomst
    try:
        for gebruiker_id in people:
            if not _send_to(gebruiker_id, connection, uitkomst):
                break
    finally:
        connection.close()
    return uitkomst


def stuck() -> BerichtQuerySet:
    """Return what failed at least once and still did not leave."""
    return Bericht.objects.undelivered().filter(pogingen__gt=0)


def forget_old() -> int:
    """Delete what left or was taken back more than a year ago, and return how many: a bericht tells what is past."""
    settled = Bericht.objects.filter(status__in=(Bericht.Status.VERZONDEN, Bericht.Status.INGETROKKEN))
    gone, _ = settled.filter(vanaf__lt=timezone.localdate() - KEPT).delete()
    return gone


def _people_with_something_due() -> list[int]:
    now, today = timezone.now(), timezone.localdate()
    due = Bericht.objects.due(now, today) | Bericht.objects.abandoned(now)
    had_one = Bericht.objects.filter(verzonden_op__gte=_begin_of(today)).values("gebruiker")
    people = due.exclude(gebruiker__in=had_one).order_by("gebruiker").values_list("gebruiker", flat=True)
    return list(people.distinct())


def _send_to(gebruiker_id: int, connection: Any, uitkomst: Uitkomst) -> bool:
    """Send one person their digest; return whether the mail server can be asked for the next."""
    claimed = _claim(gebruiker_id)
    if not claimed:
        return True
    bundel, berichten = claimed
    try:
        connection.send_messages([compose(berichten, bundel)])
    except REFUSED as error:
        uitkomst.failed(error)
        _release(bundel, error)
        return True
    except (OSError, SMTPException) as error:
        # The connection broke somewhere along the way: perhaps the server has it. It goes again as the same mail.
        uitkomst.failed(error)
        _leave_in_doubt(bundel, error)
        return False
    Bericht.objects.filter(pk__in=[bericht.pk for bericht in berichten]).update(
        status=Bericht.Status.VERZONDEN, verzonden_op=timezone.now(), bezig_tot=None
    )
    record(Event.MAIL, by=None, wat="verzonden", aan=gebruiker_id, mail=str(bundel))
    uitkomst.mails += 1
    uitkomst.berichten += len(berichten)
    return True


@transaction.atomic
def _claim(gebruiker_id: int) -> tuple[UUID, Sequence[Bericht]] | None:
    """Take what goes to this person now, so that nobody else sends it; None when there is nothing, or somebody is.

    What was left in doubt goes first, alone and under its own name: what came later must not be lost with it when the
    receiver recognises the first.
    """
    now, today = timezone.now(), timezone.localdate()
    # One at a time; SQLite has taken its lock already.
    gebruiker = Gebruiker.objects.select_for_update(no_key=True).get(pk=gebruiker_id)
    own = Bericht.objects.filter(gebruiker=gebruiker)
    if own.filter(verzonden_op__gte=_begin_of(today)).exists():
        return None
    _withdraw_unwanted(gebruiker, own.undelivered())
    if own.filter(status=Bericht.Status.ONDERWEG, bezig_tot__gt=now).exists():
        return None
    ready = own.select_related("gebruiker").order_by("vanaf", "pk")
    in_doubt = list(ready.abandoned(now))
    berichten = in_doubt or list(ready.due(now, today))
    if not berichten:
        return None
    bundel = in_doubt[0].bundel if in_doubt and in_doubt[0].bundel else uuid4()
    own.filter(pk__in=[bericht.pk for bericht in berichten]).update(
        status=Bericht.Status.ONDERWEG, bundel=bundel, bezig_tot=now + LEASE
    )
    return bundel, berichten


def _withdraw_unwanted(gebruiker: Gebruiker, waiting: BerichtQuerySet) -> None:
    """Take back what somebody may not see any more, or chose not to get since it was laid ready."""
    refused = [soort for soort, aan in choices_of(gebruiker).items() if soort in VRIJ and not aan]
    unwanted = Q(soort__in=refused)
    if not gebruiker.is_active:
        unwanted = Q()
    elif not gebruiker.is_superuser:
        unwanted |= ~Q(regio__in={lid.regio_id for lid in gebruiker.lidmaatschappen})
    waiting.filter(unwanted).update(status=Bericht.Status.INGETROKKEN)


def _release(bundel: UUID, error: Exception) -> None:
    """Let what was not accepted wait for a new digest."""
    refused = Bericht.objects.filter(bundel=bundel, status=Bericht.Status.ONDERWEG)
    pks = list(refused.values_list("pk", flat=True))
    refused.update(status=Bericht.Status.WACHT, bundel=None, bezig_tot=None)
    _wait_longer(Bericht.objects.filter(pk__in=pks), error)


def _leave_in_doubt(bundel: UUID, error: Exception) -> None:
    doubtful = Bericht.objects.filter(bundel=bundel, status=Bericht.Status.ONDERWEG)
    _wait_longer(doubtful, error)
    doubtful.update(bezig_tot=F("volgende_poging"))


def _wait_longer(waiting: BerichtQuerySet, error: Exception) -> None:
    """Try again later, each time after twice as long, and keep the name of what went wrong."""
    for pk, pogingen in list(waiting.values_list("pk", "pogingen")):
        wait = min(FIRST_WAIT * 2 ** min(pogingen, 10), LONGEST_WAIT)
        Bericht.objects.filter(pk=pk).update(
            pogingen=min(pogingen + 1, 30_000),
            laatste_fout=type(error).__name__[:80],
            volgende_poging=timezone.now() + wait,
        )


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
