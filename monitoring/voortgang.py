"""Voortgang van de invoer: what is in, late or returned, for each gemeente of a regio or for each of several regio's.

Plain data in, a matrix out; monitoring/voortgang_data.py reads the data.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from monitoring.invoertaken import key_of_opgave, key_of_scores
from monitoring.models import Meetmoment, Rapportage
from monitoring.overview import rapportage_of
from regio.models import Organisatie, Regio
from thuiszitters.models import Opgave, Telmoment
from thuiszitters.schooljaar import default_peildata


class Toestand(Enum):
    """Where one thing stands: its words and its sign. The first are the most urgent."""

    TE_LAAT = "te laat", "!"
    TERUGGEGEVEN = "teruggegeven", "↩"
    OPEN = "open", "○"
    BINNEN = "binnen", "✓"
    VOORGELEGD = "voorgelegd", "→"
    VASTGESTELD = "vastgesteld", "■"
    NIET_GEGEVEN = "niet gegeven", "–"
    LATER = "nog niet aan de beurt", "·"

    @property
    def woorden(self) -> str:
        return self.value[0]

    @property
    def teken(self) -> str:
        return self.value[1]

    @property
    def klasse(self) -> str:
        return self.name.lower().replace("_", "-")

    @property
    def urgentie(self) -> int:
        return list(Toestand).index(self)


ASKED_FOR = {Toestand.TE_LAAT, Toestand.TERUGGEGEVEN, Toestand.OPEN}


@dataclass(frozen=True)
class Vak:
    """One cell. `op_tijd` is None while it cannot be said; `betreft` names what somebody can be reminded of."""

    toestand: Toestand
    tekst: str = ""
    url: str = ""
    op_tijd: bool | None = None
    betreft: str = ""


@dataclass(frozen=True)
class Kolom:
    """One period: a telmoment or a meetmoment."""

    titel: str
    onder: str
    deadline: date | None = None


@dataclass
class Rij:
    """One gemeente, the regio itself, or one of several regio's. `sleutel` names it in a form."""

    naam: str
    sleutel: str
    vakken: list[Vak | None]
    url: str = ""
    laatst: datetime | None = None
    # What counts for the share on time, where that is more than the cells.
    geteld: list[Vak] = field(default_factory=list)

    @property
    def op_tijd(self) -> int:
        return sum(1 for vak in self._judged if vak.op_tijd)

    @property
    def op_tijd_van(self) -> int:
        return len(self._judged)

    @property
    def gevraagd(self) -> list[Vak]:
        """What somebody can be reminded of."""
        return [vak for vak in self._counted if vak.betreft]

    @property
    def betreft(self) -> list[str]:
        return [vak.betreft for vak in self.gevraagd]

    @property
    def _judged(self) -> list[Vak]:
        return [vak for vak in self._counted if vak.op_tijd is not None]

    @property
    def _counted(self) -> list[Vak]:
        return self.geteld or [vak for vak in self.vakken if vak]


@dataclass(frozen=True)
class Matrix:
    kolommen: list[Kolom]
    rijen: list[Rij]

    @property
    def te_laat(self) -> int:
        """How much is late of what somebody can be asked for; a quarter of a whole regio is that of its gemeenten."""
        return self._asked_for(Toestand.TE_LAAT)

    @property
    def teruggegeven(self) -> int:
        """How much came back: it may have been late before, and is now to be mended."""
        return self._asked_for(Toestand.TERUGGEGEVEN)

    def _asked_for(self, toestand: Toestand) -> int:
        return sum(vak.toestand == toestand for rij in self.rijen for vak in rij.gevraagd)

    @property
    def herinnerbaar(self) -> list[Rij]:
        return [rij for rij in self.rijen if rij.betreft]


@dataclass(frozen=True)
class Ingevuld:
    """How many scores have a value, and when one was last saved."""

    aantal: int
    laatst: datetime | None


@dataclass(frozen=True)
class Ingeleverd:
    """The opgave of one gemeente, when it first came, and when a count of it was last saved."""

    status: str
    ingediend_op: datetime | None
    eerst_op: datetime | None
    laatst: datetime | None


@dataclass(frozen=True)
class Doelental:
    """How many doelen an agenda has, and how many of them each gemeente scores."""

    alle: int
    lokaal: int


@dataclass
class Gegevens:
    """What was read of some regio's for one school year."""

    regios: Sequence[Regio]
    telmomenten: Mapping[int, list[Telmoment]]
    meetmomenten: Mapping[int, list[Meetmoment]]
    gemeenten: Mapping[int, list[tuple[Organisatie, date, date | None]]]
    opgaven: Mapping[tuple[int, int], Ingeleverd]
    scores: Mapping[tuple[int, int | None], Ingevuld]
    doelen: Mapping[int, Doelental]
    today: date

    def gemeenten_on(self, regio: Regio, day: date) -> list[Organisatie]:
        return [g for g, van, tot in self.gemeenten.get(regio.pk, ()) if van <= day and (tot is None or day < tot)]


# One regio: a row for its own scores, and one for each gemeente


def matrix_of_regio(data: Gegevens, regio: Regio, *, with_links: bool, enters_scores: bool) -> Matrix:
    """Return the matrix of one regio.

    `with_links`: the reader may open the counts of every gemeente. `enters_scores`: a cell of scores that are
    still open leads to where they are entered instead of to their report.
    """
    telmomenten, meetmomenten = data.telmomenten.get(regio.pk, []), data.meetmomenten.get(regio.pk, [])
    perioden: list[Telmoment | Meetmoment] = [*meetmomenten, *telmomenten]
    perioden.sort(key=lambda moment: moment.peildatum)
    gemeenten = list({g.pk: g for g, _, _ in data.gemeenten.get(regio.pk, ())}.values())
    return Matrix(
        kolommen=[_kolom(moment) for moment in perioden],
        rijen=[
            _own_row(data, regio, perioden, enters_scores=enters_scores),
            *(_gemeente_row(data, regio, gemeente, perioden, with_links=with_links) for gemeente in gemeenten),
        ],
    )


def _kolom(moment: Telmoment | Meetmoment) -> Kolom:
    if isinstance(moment, Telmoment):
        return Kolom(date_format(moment.peildatum, "j b Y"), "aantallen", moment.deadline)
    return Kolom(str(moment), "scores", moment.deadline)


def _own_row(data: Gegevens, regio: Regio, perioden: Iterable[Telmoment | Meetmoment], *, enters_scores: bool) -> Rij:
    cells = [
        quarter_cell(data, regio, moment)
        if isinstance(moment, Telmoment)
        else own_scores_cell(data, moment, enters_scores=enters_scores)
        for moment in perioden
    ]
    # Whether the gemeenten were on time stands in their own rows.
    own = [
        replace(vak, op_tijd=None) if isinstance(m, Telmoment) else vak for m, vak in zip(perioden, cells, strict=True)
    ]
    saved = [data.scores.get((m.pk, None)) for m in perioden if isinstance(m, Meetmoment)]
    return Rij(f"{regio} (regio)", "regio", list(own), laatst=_latest(found.laatst for found in saved if found))


def _gemeente_row(
    data: Gegevens,
    regio: Regio,
    gemeente: Organisatie,
    perioden: Iterable[Telmoment | Meetmoment],
    *,
    with_links: bool,
) -> Rij:
    cells: list[Vak | None] = []
    moments: list[datetime | None] = []
    for moment in perioden:
        if gemeente not in data.gemeenten_on(regio, moment.peildatum):
            cells.append(None)
        elif isinstance(moment, Telmoment):
            cell = opgave_cell(data, moment, gemeente)
            cells.append(replace(cell, url=_opgave_url(regio, moment, gemeente) if with_links else ""))
            opgave = data.opgaven.get((moment.pk, gemeente.pk))
            moments += [opgave.ingediend_op, opgave.laatst] if opgave else []
        else:
            cells.append(local_scores_cell(data, moment, gemeente))
            found = data.scores.get((moment.pk, gemeente.pk))
            moments.append(found.laatst if found else None)
    return Rij(gemeente.label, gemeente.slug, cells, laatst=_latest(moments))


def _opgave_url(regio: Regio, moment: Telmoment, gemeente: Organisatie) -> str:
    return reverse("thuiszitters:opgave-invoer", args=[regio.slug, moment.peildatum, gemeente.slug])


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)


# Several regio's: a row each


def matrix_of_regios(data: Gegevens, schooljaar: str) -> Matrix:
    """Return the matrix of several regio's: their scores and the four quarters, whatever day each counts on."""
    quarters = default_peildata(schooljaar)
    columns = [Kolom("Scores", "van de regio"), *(Kolom(date_format(day, "j b Y"), "aantallen") for day in quarters)]
    return Matrix(columns, [_regio_row(data, regio, quarters, schooljaar) for regio in data.regios])


def _regio_row(data: Gegevens, regio: Regio, quarters: list[date], schooljaar: str) -> Rij:
    url = f"{reverse('monitoring:voortgang', args=[regio.slug])}?schooljaar={schooljaar}"
    per_column: list[list[Vak]] = [[own_scores_cell(data, m) for m in data.meetmomenten.get(regio.pk, ())]]
    per_column += [[] for _ in quarters]
    details = list(per_column[0])
    moments = [found.laatst for m in data.meetmomenten.get(regio.pk, ()) if (found := data.scores.get((m.pk, None)))]
    for moment in data.telmomenten.get(regio.pk, ()):
        nearest = min(range(4), key=lambda n: abs((quarters[n] - moment.peildatum).days))
        per_column[1 + nearest].append(quarter_cell(data, regio, moment))
        for gemeente in data.gemeenten_on(regio, moment.peildatum):
            details.append(opgave_cell(data, moment, gemeente))
            opgave = data.opgaven.get((moment.pk, gemeente.pk))
            moments += [opgave.ingediend_op, opgave.laatst] if opgave else []
    cells = [min(found, key=lambda vak: vak.toestand.urgentie) if found else None for found in per_column]
    linked = [replace(vak, url=url) if vak else None for vak in cells]
    return Rij(str(regio), regio.slug, list(linked), url=url, laatst=_latest(moments), geteld=details)


# The cells


def opgave_cell(data: Gegevens, moment: Telmoment, gemeente: Organisatie) -> Vak:
    """Return where the counts of one gemeente stand."""
    opgave = data.opgaven.get((moment.pk, gemeente.pk))
    key = key_of_opgave(moment.pk, gemeente.pk)
    if opgave and opgave.status == Opgave.Status.INGEDIEND and opgave.ingediend_op:
        return _handed_in(Toestand.BINNEN, opgave.ingediend_op, moment.deadline, first=opgave.eerst_op)
    if moment.peildatum > data.today:
        return Vak(Toestand.LATER)
    # What came in time and came back is mended later, and not late for it.
    came_on = timezone.localdate(opgave.eerst_op) if opgave and opgave.eerst_op else data.today
    late = _is_past(moment.deadline, came_on)
    if not moment.is_open:
        return Vak(Toestand.NIET_GEGEVEN, op_tijd=False if late else None)
    if opgave and opgave.status == Opgave.Status.TERUGGEGEVEN:
        on_time = None if moment.deadline is None else not late
        return Vak(Toestand.TERUGGEGEVEN, "ook te laat" if late else "", op_tijd=on_time, betreft=key)
    return _waiting("begonnen" if opgave else "nog niets", late=late, betreft=key)


def quarter_cell(data: Gegevens, regio: Regio, moment: Telmoment) -> Vak:
    """Return where the counts of a whole regio stand."""
    gemeenten = data.gemeenten_on(regio, moment.peildatum)
    cells = [opgave_cell(data, moment, gemeente) for gemeente in gemeenten]
    done = sum(1 for cell in cells if cell.toestand == Toestand.BINNEN)
    text = f"{done} van {len(cells)} gemeenten"
    url = reverse("monitoring:kwartaal-detail", args=[regio.slug, moment.peildatum])
    if moment.is_afgesloten:
        return Vak(Toestand.VASTGESTELD, text, url)
    if not moment.is_open:
        return Vak(Toestand.VOORGELEGD, text, url)
    if moment.peildatum > data.today:
        return Vak(Toestand.LATER)
    rapportage: Rapportage | None = getattr(moment, "rapportage", None)
    if rapportage and rapportage.is_teruggegeven:
        return Vak(Toestand.TERUGGEGEVEN, text, url)
    least = min((cell.toestand for cell in cells), key=lambda t: t.urgentie, default=Toestand.OPEN)
    return Vak(least, text, url)


def own_scores_cell(data: Gegevens, moment: Meetmoment, *, enters_scores: bool = False) -> Vak:
    """Return where the regio's own scores of one meetmoment stand."""
    rapportage = rapportage_of(moment)
    found, total = data.scores.get((moment.pk, None)), data.doelen[moment.agenda_id].alle
    cell = _own_state(data, moment, rapportage, _of_doelen(found, total))
    page = "score-invoer" if enters_scores and cell.toestand in ASKED_FOR else "rapport-detail"
    regio = moment.agenda.regio
    return replace(cell, url=reverse(f"monitoring:{page}", args=[regio.slug, moment.agenda.slug, moment.slug]))


def _own_state(data: Gegevens, moment: Meetmoment, rapportage: Rapportage, text: str) -> Vak:
    first: datetime | None = getattr(moment, "eerst_op", None)
    late = _is_past(moment.deadline, timezone.localdate(first) if first else data.today)
    if not rapportage.is_open and rapportage.voorgelegd_op:
        state = Toestand.VASTGESTELD if rapportage.is_vastgesteld else Toestand.VOORGELEGD
        return _handed_in(state, rapportage.voorgelegd_op, moment.deadline, first=first)
    if rapportage.is_teruggegeven:
        on_time = None if moment.deadline is None else not late
        return Vak(Toestand.TERUGGEGEVEN, text, op_tijd=on_time, betreft=key_of_scores(moment.pk))
    if moment.peildatum > data.today:
        return Vak(Toestand.LATER)
    return _waiting(text, late=late, betreft=key_of_scores(moment.pk))


def local_scores_cell(data: Gegevens, moment: Meetmoment, gemeente: Organisatie) -> Vak | None:
    """Return where the scores of one gemeente stand; nobody submits those, so that on time is not said of them."""
    total = data.doelen[moment.agenda_id].lokaal
    if not total:
        return None
    found = data.scores.get((moment.pk, gemeente.pk))
    text = _of_doelen(found, total)
    if found and found.aantal >= total:
        return Vak(Toestand.BINNEN, text)
    if not rapportage_of(moment).is_open:
        return Vak(Toestand.NIET_GEGEVEN, text)
    if moment.peildatum > data.today:
        return Vak(Toestand.LATER)
    late = _is_past(moment.deadline, data.today)
    return replace(_waiting(text, late=late, betreft=key_of_scores(moment.pk, gemeente.pk)), op_tijd=None)


def _of_doelen(found: Ingevuld | None, total: int) -> str:
    return f"{found.aantal if found else 0} van {total} {'doel' if total == 1 else 'doelen'}"


def _handed_in(state: Toestand, moment: datetime, deadline: date | None, *, first: datetime | None = None) -> Vak:
    """Return a cell with the day that it came; whether that was in time is said of the `first` time."""
    day = timezone.localdate(moment)
    on_time = None if deadline is None else timezone.localdate(first or moment) < deadline
    return Vak(state, date_format(day, "j b Y") + (", te laat" if on_time is False else ""), op_tijd=on_time)


def _waiting(text: str, *, late: bool, betreft: str) -> Vak:
    return Vak(Toestand.TE_LAAT if late else Toestand.OPEN, text, op_tijd=False if late else None, betreft=betreft)


def _is_past(deadline: date | None, today: date) -> bool:
    """Tell whether `deadline` has come: the field asks for what is in before that day, so on the day it is late."""
    return deadline is not None and today >= deadline
