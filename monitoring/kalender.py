"""The year of a regio: when its overleggen meet, when is scored and counted, and when that must be in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from agenda.models import Agenda
from monitoring.models import Besluit, Meetmoment
from regio.days import format_day
from regio.kalender import Vergadering
from regio.models import Overleg, Regio
from thuiszitters.models import Telmoment
from thuiszitters.schooljaar import schooljaar_of


class Soort(StrEnum):
    """What happens on a day; the words stand on the page."""

    VERGADERING = "vergadering"
    METEN = "peildatum"
    DEADLINE = "invoeren vóór deze dag"


@dataclass(frozen=True)
class Punt:
    """One thing on one day. `sleutel` names it for good: a calendar program recognises it by that."""

    sleutel: str
    soort: Soort
    datum: date
    regio: Regio
    titel: str
    url: str
    begintijd: time | None = None
    eindtijd: time | None = None
    plaats: str = ""
    onderwerp: str = ""
    # Of a vergadering: its own id, and what was decided there, each with its address.
    vergadering: int | None = None
    besluiten: tuple[tuple[str, str], ...] = ()

    @property
    def kalender_url(self) -> str:
        """Where it stands in the kalender."""
        page = reverse("monitoring:kalender", args=[self.regio.slug])
        return f"{page}?schooljaar={schooljaar_of(self.datum)}#{self.sleutel}"

    @property
    def tijd(self) -> str:
        if self.begintijd is None:
            return ""
        begin = f"{self.begintijd:%H.%M}"
        return f"{begin}–{self.eindtijd:%H.%M} uur" if self.eindtijd else f"{begin} uur"


def load_kalender(regio: Regio) -> list[Punt]:
    """Return everything that stands in the kalender of `regio`, the earliest first, in four queries."""
    vergaderingen = Vergadering.objects.filter(overleg__regio=regio)
    momenten = Meetmoment.objects.filter(agenda__regio=regio)
    telmomenten = Telmoment.objects.filter(regio=regio)
    besluiten = _besluiten_of(regio)
    punten = [
        *(_of_vergadering(v, besluiten) for v in vergaderingen.select_related("overleg__regio")),
        *_of_meetmomenten(momenten.select_related("agenda__regio")),
        *_of_telmomenten(telmomenten.select_related("regio")),
    ]
    return sorted(punten, key=_by_day)


def load_next(regios: Iterable[Regio], today: date, number: int = 5) -> list[Punt]:
    """Return the first `number` things from `today` on in `regios`, in one query however many there are."""
    own = {regio.pk: regio for regio in regios}
    meetmomenten, telmomenten = (
        Meetmoment.objects.filter(agenda__regio__in=own),
        Telmoment.objects.filter(regio__in=own),
    )
    first, *others = (
        rows.order_by()
        for rows in (
            _rows(Vergadering.objects.filter(overleg__regio__in=own), "vergadering", "datum"),
            _rows(meetmomenten, "meetmoment", "peildatum"),
            _rows(meetmomenten, "meetmoment", "deadline"),
            _rows(telmomenten, "telmoment", "peildatum"),
            _rows(telmomenten, "telmoment", "deadline"),
        )
    )
    rows = first.filter(dag__gte=today).union(*(rows.filter(dag__gte=today) for rows in others), all=True)
    punten = [_of_row(*row, own) for row in rows.order_by("dag", "wat", "pk", "veld")[:number]]
    return sorted(punten, key=_by_day)


# What a row of load_next holds beside the kind, the id, the day and its field, and the regio.
COLUMNS: dict[str, tuple[str, Any, Any, Any]] = {
    "vergadering": (
        "overleg__regio",
        Coalesce(NullIf("overleg__afkorting", Value("")), "overleg__naam"),
        F("overleg__niveau"),
        F("onderwerp"),
    ),
    "meetmoment": ("agenda__regio", F("naam"), F("agenda__slug"), F("slug")),
    "telmoment": ("regio", Value(""), Value(""), Value("")),
}


def _rows(found: Any, kind: str, field: str) -> Any:
    regio, one, two, three = COLUMNS[kind]
    day_of_count = F("datum") if kind == "vergadering" else F("peildatum")
    named = found.annotate(wat=Value(kind), veld=Value(field), dag=F(field), moment=day_of_count, een=one, twee=two)
    return named.annotate(drie=three).values_list("wat", "veld", "pk", regio, "dag", "moment", "een", "twee", "drie")


def _of_row(kind: str, field: str, pk: int, regio_id: int, day: date, moment: date, *rest: Any) -> Punt:
    """Return what one row of load_next says, by way of an object that holds no more than that."""
    one, two, three, own = rest
    regio = own[regio_id]
    if kind == "vergadering":
        overleg = Overleg(regio=regio, afkorting=one, niveau=two)
        return _of_vergadering(Vergadering(pk=pk, overleg=overleg, datum=day, onderwerp=three), {})
    deadline = day if field == "deadline" else None
    if kind == "meetmoment":
        agenda = Agenda(regio=regio, slug=two)
        of_moment = _of_meetmomenten(
            [Meetmoment(pk=pk, agenda=agenda, naam=one, slug=three, peildatum=moment, deadline=deadline)]
        )
    else:
        of_moment = _of_telmomenten([Telmoment(pk=pk, regio=regio, peildatum=moment, deadline=deadline)])
    # The deadline comes after the day itself.
    return list(of_moment)[-1]


def by_month(punten: Iterable[Punt]) -> list[tuple[date, list[Punt]]]:
    """Return `punten`, which are in order, by the first day of their month."""
    return [(month, list(rest)) for month, rest in groupby(punten, key=lambda punt: punt.datum.replace(day=1))]


def _by_day(punt: Punt) -> tuple[Any, ...]:
    kind, number, *rest = punt.sleutel.split("-")
    return punt.datum, punt.begintijd or time.min, kind, int(number), rest


def _besluiten_of(regio: Regio) -> dict[tuple[int, date], list[tuple[str, str]]]:
    """Return what each overleg decided on a day, with the address of that report."""
    found: dict[tuple[int, date], list[tuple[str, str]]] = {}
    rows = Besluit.objects.filter(overleg__regio=regio).with_names()
    for besluit in rows.order_by("op"):
        said = f"{besluit.rapportage.naam} vastgesteld"
        day = besluit.overleg_id, besluit.vergaderdatum
        found.setdefault(day, []).append((said, besluit.rapportage.get_absolute_url()))
    return found


def _of_vergadering(vergadering: Vergadering, besluiten: dict[tuple[int, date], list[tuple[str, str]]]) -> Punt:
    overleg = vergadering.overleg
    # What an OOGO decides on are reports; what the others work on is the agenda.
    place = "rapport-list" if overleg.niveau == Overleg.Niveau.BESTUURLIJK else "agenda-current"
    return Punt(
        sleutel=f"vergadering-{vergadering.pk}",
        soort=Soort.VERGADERING,
        datum=vergadering.datum,
        regio=overleg.regio,
        titel=str(overleg),
        url=reverse(f"monitoring:{place}", args=[overleg.regio.slug]),
        begintijd=vergadering.begintijd,
        eindtijd=vergadering.eindtijd,
        plaats=vergadering.plaats,
        onderwerp=vergadering.onderwerp,
        vergadering=vergadering.pk,
        besluiten=tuple(besluiten.get((overleg.pk, vergadering.datum), ())),
    )


def _of_meetmomenten(momenten: Iterable[Meetmoment]) -> Iterator[Punt]:
    for moment in momenten:
        regio = moment.agenda.regio
        url = reverse("monitoring:rapport-detail", args=[regio.slug, moment.agenda.slug, moment.slug])
        title = f"Scores {moment}"
        yield Punt(f"meetmoment-{moment.pk}", Soort.METEN, moment.peildatum, regio, title, url)
        if moment.deadline:
            yield Punt(f"meetmoment-{moment.pk}-klaar", Soort.DEADLINE, moment.deadline, regio, title, url)


def _of_telmomenten(momenten: Iterable[Telmoment]) -> Iterator[Punt]:
    for moment in momenten:
        url = reverse("thuiszitters:dashboard", args=[moment.regio.slug])
        title = f"Aantallen thuiszitters van {format_day(moment.peildatum)}"
        yield Punt(f"telmoment-{moment.pk}", Soort.METEN, moment.peildatum, moment.regio, title, url)
        if moment.deadline:
            yield Punt(f"telmoment-{moment.pk}-klaar", Soort.DEADLINE, moment.deadline, moment.regio, title, url)
