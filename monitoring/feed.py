"""The kalender of a regio as iCalendar (RFC 5545), for people's own calendar programs. No figures stand in it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from icalendar import Calendar, Event
from icalendar.enums import TRANSP

from monitoring.kalender import Punt, Soort
from regio.models import Regio

PRODID = "-//Agendamonitor//Kalender//NL"
ASK_AGAIN = timedelta(hours=12)
FICTITIOUS = "Fictieve voorbeelddata."


def make_feed(regio: Regio, punten: Iterable[Punt], *, base: str, now: datetime) -> bytes:
    """Return the calendar file of `punten`. `base` is where the product is served, without a slash at its end."""
    calendar = Calendar.new(
        uid=f"{regio.slug}@{base.partition('://')[2]}",
        prodid=PRODID,
        name=f"{regio} · Agendamonitor",
        description=FICTITIOUS if regio.voorbeelddata else None,
        language="nl",
    )
    # The second is what older programs read; RFC 7986 asks for the parameter.
    for name in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        calendar.add(name, ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for punt in punten:
        calendar.add_component(_event(punt, base, now))
    return calendar.to_ical()


def _event(punt: Punt, base: str, now: datetime) -> Event:
    begin, end = _when(punt)
    return Event.new(
        uid=f"{punt.sleutel}.{punt.regio.slug}@{base.partition('://')[2]}",
        stamp=now,
        start=begin,
        end=end,
        summary=_summary(punt),
        description="\n".join(_lines(punt, base)),
        location=punt.plaats or None,
        url=base + punt.url,
        categories=[punt.soort.value],
        # A day by which something must be in takes nobody's time.
        transparency=TRANSP.OPAQUE if punt.begintijd else TRANSP.TRANSPARENT,
    )


def _when(punt: Punt) -> tuple[date, date | None]:
    """Return begin and end: days, the end not included, or moments in UTC, which needs no table of time zones."""
    if punt.begintijd is None:
        return punt.datum, punt.datum + timedelta(days=1)
    begin, end = (
        timezone.make_aware(datetime.combine(punt.datum, time)).astimezone(UTC) if time else None
        for time in (punt.begintijd, punt.eindtijd)
    )
    return begin or punt.datum, end


def _summary(punt: Punt) -> str:
    match punt.soort:
        case Soort.VERGADERING:
            text = f"{punt.titel} {punt.regio}" + (f": {punt.onderwerp}" if punt.onderwerp else "")
        case Soort.METEN:
            text = f"Peildatum: {punt.titel[0].lower()}{punt.titel[1:]}, {punt.regio}"
        case Soort.DEADLINE:
            text = f"Invoeren vóór deze dag: {punt.titel[0].lower()}{punt.titel[1:]}, {punt.regio}"
    return f"{text} (fictief)" if punt.regio.voorbeelddata else text


def _lines(punt: Punt, base: str) -> Iterable[str]:
    if punt.soort == Soort.DEADLINE:
        yield "Vóór deze dag moet het zijn ingevoerd."
    if punt.soort == Soort.METEN:
        yield "Invoeren kan vanaf deze dag."
    if punt.regio.voorbeelddata:
        yield FICTITIOUS
    yield base + punt.url
