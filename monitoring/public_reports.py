"""What everybody may read, and what stood there before: from the database to plain data, in a few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Max

from monitoring.models import Meetmoment, Momentopname, Publicatie, PublicatieQuerySet
from monitoring.report import Report
from monitoring.snapshot import thaw, unharmed
from regio.models import Regio


@dataclass(frozen=True)
class OpenbareRegio:
    """A regio on the start page: how many reports everybody may read, and of when the latest is."""

    slug: str
    naam: str
    rapporten: int
    laatste: date


def load_public_regios() -> list[OpenbareRegio]:
    """Return every regio with a public report by name, in one query."""
    path = "momentopname__rapportage__meetmoment"
    found = Publicatie.objects.public().order_by().values(slug=F(f"{path}__agenda__regio__slug"))
    counted = found.annotate(
        naam=F(f"{path}__agenda__regio__naam"), rapporten=Count(path, distinct=True), laatste=Max(f"{path}__peildatum")
    )
    return [OpenbareRegio(**row) for row in counted.order_by("naam")]


@dataclass(frozen=True)
class OpenbaarRapport:
    """The report of one meetmoment as the public finds it: its versions that are public, and those that were."""

    meetmoment: Meetmoment
    publicaties: tuple[Publicatie, ...]

    @cached_property
    def openbaar(self) -> tuple[Publicatie, ...]:
        """What everybody may read now, the latest version first."""
        return tuple(p for p in self.publicaties if p.ingetrokken_op is None and self.regio.publiceert)

    @cached_property
    def ingetrokken(self) -> tuple[Publicatie, ...]:
        """What was withdrawn, the latest withdrawal first."""
        gone = [p for p in self.publicaties if p.ingetrokken_op is not None]
        return tuple(sorted(gone, key=lambda p: p.ingetrokken_op or p.gepubliceerd_op, reverse=True))

    @property
    def regio(self) -> Regio:
        return self.meetmoment.agenda.regio

    @property
    def laatste(self) -> Publicatie | None:
        return self.openbaar[0] if self.openbaar else None

    @property
    def titel(self) -> str:
        return f"Voortgangsrapportage {self.meetmoment.naam}"

    @property
    def gewijzigd(self) -> datetime:
        """When something last became public here, or was withdrawn."""
        return max(p.ingetrokken_op or p.gepubliceerd_op for p in self.publicaties)

    def at(self, versie: int | None) -> Publicatie | None:
        """Return what is public of `versie`, or of the latest; else what was withdrawn of it, or None."""
        wanted = (p for p in (*self.openbaar, *self.ingetrokken) if versie in {None, p.momentopname.versie})
        return next(wanted, None)

    def eerder(self, versie: int) -> tuple[Publicatie, ...]:
        """Return what was withdrawn of `versie`, the latest first: one may become public again."""
        return tuple(p for p in self.ingetrokken if p.momentopname.versie == versie)


def load_public_report(slug: str, agenda: str, meetmoment: str) -> OpenbaarRapport | None:
    """Return the report of one meetmoment, without what it says, in one query; None where nothing ever was public."""
    found = _of_regio(slug).filter(
        momentopname__rapportage__meetmoment__agenda__slug=agenda, momentopname__rapportage__meetmoment__slug=meetmoment
    )
    return next(iter(_by_meetmoment(found)), None)


def load_public_report_of(meetmoment: Meetmoment) -> OpenbaarRapport | None:
    """Return what is or was public of one meetmoment, in one query."""
    found = _with_names(Publicatie.objects.filter(momentopname__rapportage__meetmoment=meetmoment))
    return next(iter(_by_meetmoment(found)), None)


def load_latest_adopted(meetmoment: Meetmoment) -> Momentopname | None:
    """Return the last version that was adopted, in one query."""
    return Momentopname.objects.filter(rapportage__meetmoment=meetmoment).with_names().order_by("-versie").first()


def load_choices(regio: Regio) -> list[Any]:
    """Return who chose when whether the regio publishes, the latest first, in one query.

    In the order in which they were recorded: one may be dated before it was entered.
    """
    before = False
    choices: list[Any] = []
    for row in Regio.history.filter(id=regio.pk).select_related("history_user").order_by("history_id"):
        if row.publiceert != before:
            choices.insert(0, row)
            before = row.publiceert
    return choices


def load_public_reports(slug: str) -> list[OpenbaarRapport]:
    """Return every report of the regio that is public or was, the latest meetmoment first, in one query."""
    return list(_by_meetmoment(_of_regio(slug)))


def _of_regio(slug: str) -> Any:
    return _with_names(Publicatie.objects.filter(momentopname__rapportage__meetmoment__agenda__regio__slug=slug))


def _with_names(found: PublicatieQuerySet) -> Any:
    """Read along whose report it is, and leave its text where it is; the latest first."""
    return (
        found.select_related("momentopname__rapportage__meetmoment__agenda__regio")
        .defer("momentopname__inhoud")
        .order_by("-momentopname__rapportage__meetmoment__peildatum", "-momentopname__versie", "-gepubliceerd_op")
    )


def _by_meetmoment(found: Iterable[Publicatie]) -> Iterable[OpenbaarRapport]:
    for _, rows in groupby(found, key=lambda p: p.momentopname.rapportage_id):
        publicaties = tuple(rows)
        yield OpenbaarRapport(publicaties[0].momentopname.rapportage.of_meetmoment, publicaties)


def load_latest_public() -> list[OpenbaarRapport]:
    """Return the latest public report of each regio, by its name, in one query."""
    path = "momentopname__rapportage"
    by_day = _with_names(Publicatie.objects.public()).order_by(
        f"{path}__meetmoment__peildatum", path, "-momentopname__versie", "-gepubliceerd_op"
    )
    latest = {rapport.regio.pk: rapport for rapport in _by_meetmoment(by_day)}
    return sorted(latest.values(), key=lambda rapport: rapport.regio.naam)


def thaw_public(momentopname: Momentopname) -> Report:
    """Return what everybody may read of a snapshot. Raises Damaged."""
    return thaw(unharmed(momentopname), openbaar=True)


def thaw_latest(rapporten: Iterable[OpenbaarRapport]) -> dict[int, Report]:
    """Return by the id of its meetmoment what is now public, in one query."""
    latest = {r.laatste.momentopname_id: r.meetmoment.pk for r in rapporten if r.laatste}
    return {latest[m.pk]: thaw_public(m) for m in Momentopname.objects.filter(pk__in=latest)} if latest else {}
