"""Where a quarter of counts stands: the opgave of each gemeente, its versions, and why it came back. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.utils.timezone import localtime

from monitoring.differences import Verschil, find_changes
from monitoring.disclosure import tell_different_counts
from monitoring.models import Besluit, Momentopname, OntbrekendeOpgave, Rapportage, Teruggave
from monitoring.quarter_snapshot import masked_variant, read_kwartaal, to_compare
from monitoring.report import Vaststelling
from monitoring.snapshot import thaw_besluit, unharmed
from regio.models import Organisatie, Regio
from thuiszitters.models import Opgave, Telling, Telmoment


@dataclass(frozen=True)
class Stand:
    """Where the opgave of one gemeente stands; `zonder` is why the quarter was submitted without it."""

    gemeente: Organisatie
    opgave: Opgave | None
    zonder: str
    # When it first came: what is mended later is not late.
    eerst_op: datetime | None
    deadline: date | None
    today: date

    @property
    def status(self) -> str:
        return self.opgave.status if self.opgave else ""

    @property
    def is_ingediend(self) -> bool:
        return self.status == Opgave.Status.INGEDIEND

    @property
    def is_te_laat(self) -> bool:
        """Whether it first came on the day before which it was asked or later, or still has to come then."""
        if self.deadline is None:
            return False
        return (localtime(self.eerst_op).date() if self.eerst_op else self.today) >= self.deadline


def load_standen(telmoment: Telmoment, rapportage: Rapportage, today: date) -> list[Stand]:
    """Return where the opgave of each gemeente of the regio on that day stands, in three queries."""
    rows = Opgave.objects.filter(telmoment=telmoment).with_eerst_op().select_related("ingediend_door").order_by()
    opgaven = {opgave.gemeente_id: opgave for opgave in rows}
    zonder: dict[int, str] = {}
    if rapportage.voorgelegd_op:
        of_submission = OntbrekendeOpgave.objects.filter(rapportage=rapportage, voorgelegd_op=rapportage.voorgelegd_op)
        zonder = dict(of_submission.order_by().values_list("gemeente", "reden"))
    gemeenten = Organisatie.objects.gemeenten_on(telmoment.regio, telmoment.peildatum).order_by("naam")
    return [
        Stand(
            gemeente=gemeente,
            opgave=opgaven.get(gemeente.pk),
            zonder=zonder.get(gemeente.pk, ""),
            eerst_op=getattr(opgaven.get(gemeente.pk), "eerst_op", None),
            deadline=telmoment.deadline,
            today=today,
        )
        for gemeente in gemeenten
    ]


def load_toelichtingen(telmoment: Telmoment) -> dict[int, list[Telling]]:
    """Return by gemeente the submitted counts that somebody explained, in the order of the sheet; in one query.

    For who may see raw counts only: that there is something to explain tells of a jump (domein.md, rules 3 and 10).
    """
    found: dict[int, list[Telling]] = {}
    submitted = Telling.objects.filter(opgave__telmoment=telmoment, opgave__status=Opgave.Status.INGEDIEND)
    explained = submitted.exclude(toelichting="").select_related("categorie", "opgave")
    for telling in explained.order_by("categorie__volgorde", "pk"):
        found.setdefault(telling.opgave.gemeente_id, []).append(telling)
    return found


def missing(standen: Sequence[Stand]) -> list[Stand]:
    return [stand for stand in standen if not stand.is_ingediend]


def is_unchanged(rapportage: Rapportage, standen: Sequence[Stand]) -> bool:
    """Whether nobody submitted an opgave since the version before was adopted; a first version has none before it."""
    if rapportage.versie == 1:
        return False
    adopted = Momentopname.objects.filter(rapportage=rapportage).latest("versie").gemaakt_op
    submitted = [stand.opgave.ingediend_op for stand in standen if stand.opgave and stand.is_ingediend]
    return all(op and op <= adopted for op in submitted)


def rapportage_of_telmoment(telmoment: Telmoment) -> Rapportage:
    """Return where the report of `telmoment` stands; an unsaved concept when nobody submitted it yet."""
    return getattr(telmoment, "rapportage", None) or Rapportage(telmoment=telmoment)


@dataclass(frozen=True)
class KwartaalVersie:
    """One adopted version of a quarter as its reader may see it, with what it changed against the one before it.

    `is_ingehouden` says that its masked counts beside those of a later version would give a count back, so that only
    who sees all counts still reads it. `zonder_aantallen` says that the changes leave out the counts.
    """

    momentopname: Momentopname
    inhoud: dict[str, Any]
    vaststelling: Vaststelling
    verschillen: tuple[Verschil, ...]
    is_ingehouden: bool = False
    zonder_aantallen: bool = False

    @property
    def versie(self) -> int:
        return self.momentopname.versie

    @property
    def tabel(self) -> dict[str, Any]:
        """The counts, raw for who may see those and masked for everybody else."""
        table: dict[str, Any] = self.inhoud.get("sommen") or self.inhoud["gemaskeerd"]
        return table


def load_kwartaalversies(telmoment: Telmoment, *, sees_all: bool) -> list[KwartaalVersie]:
    """Return the adopted versions of `telmoment`, the latest first, in one query. Raises Damaged."""
    stored = list(Momentopname.objects.filter(rapportage__telmoment=telmoment).order_by("versie"))
    whole = [read_kwartaal(unharmed(momentopname)) for momentopname in stored]
    shown = [
        full if sees_all else masked_variant(full, momentopname.sha256)
        for full, momentopname in zip(whole, stored, strict=True)
    ]
    withheld = [_gives_back(version, whole[place + 1 :]) for place, version in enumerate(whole)]
    versies: list[KwartaalVersie] = []
    for place, momentopname in enumerate(stored):
        hides_counts = place > 0 and withheld[place - 1] and not sees_all
        versie = KwartaalVersie(
            momentopname,
            shown[place],
            thaw_besluit(whole[place], momentopname.sha256),
            _changes(shown[place - 1], shown[place], with_counts=not hides_counts) if place else (),
            is_ingehouden=withheld[place],
            zonder_aantallen=hides_counts,
        )
        versies.insert(0, versie)
    return versies


def _gives_back(version: dict[str, Any], later: Sequence[dict[str, Any]]) -> bool:
    return any(tell_different_counts(version["gemaskeerd"], other["gemaskeerd"]) for other in later)


def _changes(old: dict[str, Any], new: dict[str, Any], *, with_counts: bool) -> tuple[Verschil, ...]:
    return tuple(find_changes(*(to_compare(version, with_counts=with_counts) for version in (old, new))))


def load_kwartaalteruggaven(telmoment: Telmoment) -> list[tuple[Teruggave, list[tuple[str, str]]]]:
    """Return when `telmoment` came back, the latest first, with what was said of each gemeente, in one query."""
    found: dict[int, tuple[Teruggave, list[tuple[str, str]]]] = {}
    rows: Any = Teruggave.objects.filter(rapportage__telmoment=telmoment).select_related("door")
    rows = rows.annotate(gemeente=F("opmerkingen__gemeente__naam"), tekst=F("opmerkingen__tekst"))
    for row in rows.order_by("-op", "-pk", "gemeente"):
        remarks = found.setdefault(row.pk, (row, []))[1]
        if row.gemeente:
            remarks.append((row.gemeente, row.tekst))
    return list(found.values())


def load_adopted_quarters(regio: Regio) -> list[Besluit]:
    """Return the last decision on each quarter of `regio` that was ever adopted, the latest first, in one query."""
    rows = Besluit.objects.filter(rapportage__telmoment__regio=regio)
    rows = rows.select_related("rapportage__telmoment", "overleg").order_by("versie")
    last = {besluit.rapportage_id: besluit for besluit in rows}
    return sorted(last.values(), key=lambda besluit: besluit.rapportage.of_telmoment.peildatum, reverse=True)
