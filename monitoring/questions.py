"""What pages read of questions: those of a regio, of a doel, and what happened to one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from agenda.models import Doel
from monitoring.models import Meetmoment, Rapportage, Vraag
from regio.models import Regio


@dataclass(frozen=True)
class Vragen:
    """Questions, the ones that wait first."""

    open: list[Vraag] = field(default_factory=list)
    beantwoord: list[Vraag] = field(default_factory=list)

    @property
    def aantal(self) -> int:
        return len(self.open) + len(self.beantwoord)


@dataclass(frozen=True)
class Gebeurtenis:
    """One thing that happened to a question: what, by whom, when; and the texts where an answer was changed."""

    wat: str
    wie: Any
    wanneer: datetime
    was: str = ""
    werd: str = ""


def vragen_of(found: Iterable[Vraag]) -> Vragen:
    """Sort questions into those that wait, the oldest first, and those answered, the latest first."""
    by_age = sorted(found, key=lambda vraag: (vraag.gesteld_op, vraag.pk))
    answered = sorted(
        (vraag for vraag in by_age if vraag.beantwoord_op), key=lambda v: (v.beantwoord_op, v.pk), reverse=True
    )
    return Vragen([vraag for vraag in by_age if not vraag.is_beantwoord], answered)


def load_vragen(regio: Regio) -> Vragen:
    """Return the questions of `regio`, in one query."""
    return vragen_of(Vraag.objects.asked().filter(regio=regio).with_place())


def open_vragen(regio: str) -> dict[str, Any]:
    """What to annotate with to know how many questions wait and which waits longest, without a query more.

    `regio` is the field that names the regio: "pk" of a regio, "regio" of an agenda.
    """
    waiting = Vraag.objects.unanswered().filter(regio=OuterRef(regio))
    oldest = waiting.order_by("gesteld_op", "pk")
    number = waiting.order_by().values("regio").annotate(number=Count("pk")).values("number")
    return {
        "vragen_open": Coalesce(Subquery(number), 0),
        "oudste_vraag": Subquery(oldest.values("pk")[:1]),
        "oudste_vraag_tekst": Subquery(oldest.values("tekst")[:1]),
        "oudste_vraag_op": Subquery(oldest.values("gesteld_op")[:1]),
    }


def load_vragen_of_doel(doel: Doel) -> Vragen:
    return vragen_of(Vraag.objects.asked().filter(doel=doel).with_place())


def open_reports(regio: Regio, gekozen: int | None) -> Any:
    """Return the meetmomenten of `regio` whose report still changes and the one chosen, the earliest first."""
    is_open = Q(rapportage=None) | Q(rapportage__status__in=[Rapportage.Status.CONCEPT, Rapportage.Status.TERUGGEGEVEN])
    return Meetmoment.objects.filter(is_open | Q(pk=gekozen), agenda__regio=regio).order_by("peildatum")


def load_history(vraag: Vraag) -> list[Gebeurtenis]:
    """Return what happened to `vraag`, the latest first, in one query."""
    records = list(
        Vraag.history.filter(id=vraag.pk).select_related("history_user", "in_rapport_van").order_by("history_id")
    )
    steps = [_step(before, after) for before, after in zip([None, *records], records, strict=False)]
    return steps[::-1]


def _step(before: Any, after: Any) -> Gebeurtenis:
    who, when = after.history_user, after.history_date
    if before is None:
        return Gebeurtenis("stelde de vraag", who, when)
    if before.antwoord != after.antwoord:
        wat = "wijzigde het antwoord" if before.antwoord else "gaf antwoord"
        return Gebeurtenis(wat, who, when, before.antwoord, after.antwoord if before.antwoord else "")
    if after.in_rapport_van_id:
        return Gebeurtenis(f"nam het op in het rapport {after.in_rapport_van}", who, when)
    return Gebeurtenis("haalde het uit het rapport", who, when)
