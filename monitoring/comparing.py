"""Regio's side by side, in what each made public last: what their reports say, and nothing that is computed over them.

A score is given on a scale of the regio's own: it is counted in the words of that scale and never averaged or ranked
(domein.md, rule 5). A number of children is set beside another regio's only per 1.000 pupils.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from monitoring.indicators import number
from monitoring.models import Momentopname
from monitoring.public_reports import load_latest_public, thaw_public
from monitoring.report import Report
from thuiszitters.cube import SAMEN, ZONDER_AANBOD
from thuiszitters.kwartalen import Cel
from thuiszitters.models import Leerlingaantal, Onderwijssector
from thuiszitters.report import MASKED
from thuiszitters.schooljaar import schooljaar_of

NIET_BEKEND = "niet bekend"


@dataclass(frozen=True)
class Telling:
    """What the last quarter in a report says of its thuiszitters, of how many gemeenten, and per 1.000 pupils."""

    peildatum: date
    gemeenten: int
    samen: Cel
    zonder_aanbod: Cel
    per_duizend: str = NIET_BEKEND


@dataclass(frozen=True)
class Kant:
    """One regio: whose report this is and what it says.

    `scores` pairs each value of its scale with how many doelen got it. `signalen` is None where no number was held
    against anything: nothing asked is not nothing wrong.
    """

    regio: str
    slug: str
    agenda: str
    agenda_slug: str
    meetmoment: str
    meetmoment_slug: str
    overleg: str
    vastgesteld_op: date
    gescoord: int
    doelen: int
    scores: tuple[tuple[Any, int], ...]
    signalen: tuple[tuple[str, str], ...] | None
    telling: Telling | None
    voorbeelddata: bool


# What a report says never changes: by the sha256 of its snapshot, read once for each worker.
_read: dict[str, Kant] = {}
MOST_KEPT = 1_000


def load_sides() -> list[Kant]:
    """Return each regio with a public report by name, with its latest; in three queries. Raises Damaged."""
    rapporten = load_latest_public()
    snapshots: dict[int, Any] = {rapport.regio.pk: rapport.openbaar[0].momentopname for rapport in rapporten}
    by_sha256 = _sides_of(snapshots.values())
    sides = {regio: by_sha256[snapshot.sha256] for regio, snapshot in snapshots.items()}
    pupils = _load_pupils(sides)
    return [_with_rate(side, pupils.get(regio)) for regio, side in sides.items()]


def _sides_of(snapshots: Iterable[Momentopname]) -> dict[str, Kant]:
    """Return by its sha256 what each of `snapshots` says: another thread may empty what is kept meanwhile."""
    wanted = {snapshot.sha256: snapshot.pk for snapshot in snapshots}
    known = {sha256: side for sha256 in wanted if (side := _read.get(sha256))}
    missing = [pk for sha256, pk in wanted.items() if sha256 not in known]
    if missing:
        known |= {s.sha256: side_of(thaw_public(s)) for s in Momentopname.objects.filter(pk__in=missing)}
    if len(_read) > MOST_KEPT:
        _read.clear()
    _read.update(known)
    return known


def side_of(report: Report) -> Kant:
    """Return what a public `report` says beside those of others."""
    given: Any = report.vaststelling
    is_checked = report.kwartalen is not None or any(maat.norm_tekst for maat in report.maten)
    return Kant(
        regio=report.regio.naam,
        slug=report.regio.slug,
        agenda=report.agenda.naam,
        agenda_slug=report.agenda.slug,
        meetmoment=report.meetmoment.naam,
        meetmoment_slug=report.meetmoment.slug,
        overleg=given.overleg,
        vastgesteld_op=given.datum,
        gescoord=report.spreiding.scored,
        doelen=report.spreiding.total,
        scores=report.spreiding.counts,
        signalen=tuple((signaal.doel, signaal.label) for signaal in report.signalen) if is_checked else None,
        telling=_counted(report),
        voorbeelddata=report.regio.voorbeelddata,
    )


def _counted(report: Report) -> Telling | None:
    if report.kwartalen is None:
        return None
    last = report.kwartalen.kwartalen[-1]
    return Telling(
        last.peildatum, last.gemeenten, report.kwartalen.laatste(SAMEN), report.kwartalen.laatste(ZONDER_AANBOD)
    )


def _load_pupils(sides: Mapping[int, Kant]) -> dict[int, int]:
    """Return by the id of its regio how many pupils it has in the school year of its count, where that is known.

    It is where the number of every sector of every gemeente is.
    """
    years = {(regio, schooljaar_of(side.telling.peildatum)): side for regio, side in sides.items() if side.telling}
    rows = Leerlingaantal.objects.filter(regio__in=sides, schooljaar__in={year for _, year in years})
    known = {}
    for regio, year, cells, pupils in (
        rows.order_by().values_list("regio", "schooljaar").annotate(cells=Count("pk"), pupils=Sum("aantal"))
    ):
        side = years.get((regio, year))
        if side and side.telling and cells == side.telling.gemeenten * len(Onderwijssector):
            known[regio] = pupils
    return known


def _with_rate(side: Kant, pupils: int | None) -> Kant:
    if side.telling is None:
        return side
    return replace(side, telling=replace(side.telling, per_duizend=_rate(side.telling.samen, pupils)))


def _rate(cel: Cel, pupils: int | None) -> str:
    if cel.status == MASKED:
        return MASKED
    if cel.aantal is None or cel.dekking or not pupils:
        return NIET_BEKEND
    return number(Decimal(1000 * cel.aantal) / pupils, 1)
