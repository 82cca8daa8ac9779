"""What pages and the report read: from the database to plain data, in a fixed number of queries."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    prefetch_related_objects,
)
from django.utils import timezone

from agenda.models import TABLE_ORDER, Actie, Agenda, Doel, DoelQuerySet, Opbrengst, Schaalwaarde, Trekker
from monitoring.completeness import missing_in_score
from monitoring.differences import Verschil, find_changes
from monitoring.grid import Cell, Grid, Row, build_grid
from monitoring.indicators import raised_by
from monitoring.measured import maten_of_all, with_indicatoren
from monitoring.models import (
    Meetmoment,
    Momentopname,
    Opmerking,
    Publicatie,
    Rapportage,
    Teruggave,
    Voortgangsscore,
    Vraag,
)
from monitoring.report import Report, Signaal, Vraagantwoord
from monitoring.signals import Gevraagd, answered
from monitoring.snapshot import read, thaw, unharmed
from regio.aggregates import json_rows
from regio.models import Organisatie, Regio
from regio.signals import Signal
from thuiszitters.overview import load_quarters
from thuiszitters.publication import publish
from thuiszitters.report import report_data
from thuiszitters.schooljaar import schooljaar_looked_back_on
from thuiszitters.signals import raised

# What a page says of a version that everybody may read, or might.
PUBLICATIE = ("gepubliceerd_op", "ingetrokken_op", "reden_intrekking")


def load_grid(agenda: Agenda, doelen: Iterable[Doel] | None = None) -> Grid:
    """Return the doelen × meetmomenten grid of `agenda`, with the regio's own scores only, in four queries.

    One less with `doelen`, when those are at hand. Who gave a score is not in it: see load_authors.
    """
    schaalwaarden = list(Schaalwaarde.objects.filter(schaal=agenda.schaal_id).order_by("waarde"))
    scores = list(Voortgangsscore.objects.filter(meetmoment__agenda=agenda).regional().order_by())
    _share_waarden(scores, schaalwaarden)
    return build_grid(
        doelen=Doel.objects.for_agenda(agenda) if doelen is None else doelen,
        meetmomenten=Meetmoment.objects.filter(agenda=agenda).select_related("rapportage").order_by("peildatum"),
        scores=scores,
        schaalwaarden=schaalwaarden,
    )


def load_doelen(agenda: Agenda, today: date, *, whole: bool = False) -> tuple[list[Doel], list[Actie]]:
    """Return the doelen of `agenda` in the order of its table, and their acties that are overdue; in one query.

    The doelen bring along their indicators for maten_of(), as `whole` as with_indicatoren() says.
    """
    doelen: dict[int, Doel] = {}
    te_laat = []
    overdue = FilteredRelation("actie", condition=Q(actie__afgerond_op=None, actie__gereed_voor__lt=today))
    rows: Any = with_indicatoren(Doel.objects.for_agenda(agenda), whole=whole).annotate(te_laat=overdue)
    rows = rows.annotate(
        actie_pk=F("te_laat__pk"), wat_te_laat=F("te_laat__omschrijving"), te_laat_sinds=F("te_laat__gereed_voor")
    )
    for row in rows.order_by(*TABLE_ORDER, "te_laat_sinds", "actie_pk"):
        doel = doelen.setdefault(row.pk, row)
        if row.actie_pk:
            te_laat.append(
                Actie(pk=row.actie_pk, doel=doel, omschrijving=row.wat_te_laat, gereed_voor=row.te_laat_sinds)
            )
    return list(doelen.values()), te_laat


def _share_waarden(scores: list[Voortgangsscore], schaalwaarden: list[Schaalwaarde]) -> None:
    """Give the scores their value: hundreds have one of five, so a join would make each of those a hundred times."""
    by_pk = {waarde.pk: waarde for waarde in schaalwaarden}
    for score in scores:
        if score.waarde_id in by_pk:
            score.waarde = by_pk[score.waarde_id]
    # Those given before the agenda chose another scale; mostly there are none, and then this asks nothing.
    prefetch_related_objects([score for score in scores if score.waarde_id not in by_pk], "waarde")


def load_authors(cells: Iterable[Cell]) -> None:
    """Give the scores of `cells` who saved them last, in one query."""
    prefetch_related_objects([cell.score for cell in cells if cell.score], "gewijzigd_door")


def load_report(meetmoment: Meetmoment, *, afgeschermd: bool = True) -> Report:
    """Return the report of `meetmoment`, without what was scored at a later one, in eight queries.

    Small counts are masked as for everybody, unless it is for somebody who may see them (`afgeschermd` is False).
    """
    agenda, schaalwaarden = meetmoment.agenda, meetmoment.schaalwaarden
    if schaalwaarden is None:
        schaalwaarden = list(Schaalwaarde.objects.filter(schaal=agenda.schaal_id).order_by("waarde"))
    until = Voortgangsscore.objects.filter(meetmoment__agenda=agenda, meetmoment__peildatum__lte=meetmoment.peildatum)
    # A snapshot keeps the gemeenten in this order.
    scores = list(until.select_related("gewijzigd_door").order_by("organisatie__naam"))
    _share_waarden(scores, schaalwaarden)
    doelen, te_laat = load_doelen(agenda, meetmoment.peildatum, whole=True)
    grid = build_grid(
        doelen=doelen,
        meetmomenten=meetmoment.in_agenda or Meetmoment.objects.in_agenda(agenda),
        scores=scores,
        schaalwaarden=schaalwaarden,
    )
    gemeenten = Organisatie.objects.gemeenten_in(agenda.regio).order_by("naam")
    tellingen, signals = load_tellingen(agenda.regio, meetmoment.peildatum, afgeschermd=afgeschermd)
    maten = maten_of_all(doelen, meetmoment.peildatum)
    signals += raised_by(maten, url="")
    return Report(
        regio=agenda.regio,
        agenda=agenda,
        meetmoment=meetmoment,
        rapportage=rapportage_of(meetmoment),
        grid=grid,
        gemeenten=tuple(gemeenten),
        te_laat=tuple(te_laat),
        vragen=load_vragen_in(meetmoment) if meetmoment.heeft_vragen else (),
        signalen=tuple(_as_signaal(gevraagd) for gevraagd in answered(signals, doelen)),
        maten=tuple(maten),
        tellingen=tellingen,
    )


def load_vragen_in(meetmoment: Meetmoment) -> tuple[Vraagantwoord, ...]:
    """Return what the secretaris took into the report of `meetmoment`, in the order in which it was asked."""
    taken = Vraag.objects.asked().filter(in_rapport_van=meetmoment).with_place().order_by("gesteld_op", "pk")
    return tuple(
        Vraagantwoord(
            over=vraag.waarover,
            vraag=vraag.tekst,
            gesteld_op=timezone.localdate(vraag.gesteld_op),
            antwoord=vraag.antwoord,
            beantwoord_op=timezone.localdate(vraag.beantwoord_op),
        )
        for vraag in taken
    )


def load_tellingen(regio: Regio, day: date, *, afgeschermd: bool) -> tuple[dict[str, Any] | None, list[Signal]]:
    """Return the quarters of the school year that a report of `day` looks back on, and what they ask for.

    In two queries; without any quarter None, and nothing is asked.
    """
    schooljaar = schooljaar_looked_back_on(day)
    quarters = load_quarters(regio, min(day, timezone.localdate()), schooljaar=schooljaar)
    periods = publish(quarters, drempel=regio.drempel if afgeschermd else None)
    return report_data(periods, schooljaar), raised(periods, url="") if periods else []


def _as_signaal(gevraagd: Gevraagd) -> Signaal:
    code = gevraagd.doel.code if gevraagd.doel else ""
    return Signaal(code, gevraagd.signal.label, gevraagd.signal.tekst, gevraagd.act)


@dataclass(frozen=True)
class Versie:
    """One adopted version of a report, with what it changed against the one before it."""

    momentopname: Momentopname
    report: Report
    verschillen: tuple[Verschil, ...]
    publicaties: tuple[Publicatie, ...]

    @property
    def publicatie(self) -> Publicatie | None:
        """What everybody may read of it now, else what was withdrawn last; None for what never was public."""
        if not self.publicaties:
            return None
        return max(self.publicaties, key=lambda p: (p.ingetrokken_op is None, p.ingetrokken_op or p.gepubliceerd_op))


def load_versies(meetmoment: Meetmoment) -> list[Versie]:
    """Return the adopted versions of `meetmoment`, the latest first, in one query. Raises Damaged.

    Each is read once, and again only for every time that it became public after it was withdrawn.
    """
    versies: list[Versie] = []
    before: dict[str, Any] | None = None
    stored: Any = Momentopname.objects.filter(rapportage__meetmoment=meetmoment).annotate(
        **{name: F(f"publicaties__{name}") for name in PUBLICATIE}
    )
    for _, rows in groupby(stored.order_by("versie"), key=attrgetter("pk")):
        momentopname, *more = rows
        text = unharmed(momentopname)
        content = read(text)
        verschillen = tuple(find_changes(before, content)) if before else ()
        versies.insert(0, Versie(momentopname, thaw(text), verschillen, _publicaties_in([momentopname, *more])))
        before = content
    return versies


def _publicaties_in(rows: Iterable[Any]) -> tuple[Publicatie, ...]:
    found = ({name: getattr(row, name) for name in PUBLICATIE} for row in rows)
    return tuple(Publicatie(**fields) for fields in found if fields["gepubliceerd_op"])


def load_teruggaven(meetmoment: Meetmoment) -> list[tuple[Teruggave, list[tuple[str, str]]]]:
    """Return when `meetmoment` came back, the latest first, with what was said of each doel, in one query."""
    found: dict[int, tuple[Teruggave, list[tuple[str, str]]]] = {}
    rows: Any = Teruggave.objects.filter(rapportage__meetmoment=meetmoment).select_related("door")
    rows = rows.annotate(code=F("opmerkingen__doel__code"), tekst=F("opmerkingen__tekst"))
    for row in rows.order_by("-op", "-pk", "opmerkingen__doel__thema__volgorde", "opmerkingen__doel__volgorde"):
        remarks = found.setdefault(row.pk, (row, []))[1]
        if row.code:
            remarks.append((row.code, row.tekst))
    return list(found.values())


def with_what_it_has(doelen: DoelQuerySet) -> Any:
    """Add to each doel what the query of the doelen can bring along.

    That is whether it has opmerkingen or vragen, for what it has not asks no query; and for trekkers_of() and
    opbrengsten_of() what little there is of those, and for maten_of() its indicators.
    """
    trekkers, opbrengsten = (model.objects.filter(doel=OuterRef("pk")) for model in (Trekker, Opbrengst))
    return with_indicatoren(doelen, whole=True).annotate(
        heeft_opmerkingen=Exists(Opmerking.objects.filter(doel=OuterRef("pk"))),
        heeft_vragen=Exists(Vraag.objects.asked().filter(doel=OuterRef("pk"))),
        rijen_trekkers=json_rows(trekkers, "doel", ("kant", "organisatie__naam", "organisatie__korte_naam")),
        rijen_opbrengsten=json_rows(opbrengsten, "doel", ("volgorde", "vraag", "naam", "punten")),
    )


def trekkers_of(doel: Any) -> list[Trekker]:
    """Return who pulls a doel of with_what_it_has(), without a query."""
    return [
        Trekker(doel=doel, kant=kant, organisatie=Organisatie(naam=naam, korte_naam=korte_naam))
        for kant, naam, korte_naam in sorted(doel.rijen_trekkers)
    ]


def opbrengsten_of(doel: Any) -> list[Opbrengst]:
    """Return what local sessions brought up for a doel of with_what_it_has(), without a query."""
    return [
        Opbrengst(doel=doel, vraag=vraag, naam=naam, punten=punten)
        for _, vraag, naam, punten in sorted(doel.rijen_opbrengsten)
    ]


def load_opmerkingen(doel: Doel) -> list[Opmerking]:
    """Return what the OOGO said of `doel` through the years, the latest first."""
    remarks = Opmerking.objects.filter(doel=doel).select_related(
        "teruggave__rapportage__meetmoment", "besluit__rapportage__meetmoment", "besluit__overleg"
    )
    return list(remarks.order_by("-pk"))


def reasons_of_return(rapportage: Rapportage) -> dict[int, str]:
    """Return by the id of its doel why it came back; nothing when the rapportage was not given back."""
    remarks = load_reasons_of_return([rapportage]).get(rapportage.pk, {})
    return {doel: opmerking.tekst for doel, opmerking in remarks.items()}


def load_reasons_of_return(rapportages: Iterable[Rapportage]) -> dict[int, dict[int, Opmerking]]:
    """Return what the last teruggave of each of `rapportages` said of single doelen, by the ids of both.

    What is not given back now is left out. In one query, in none when nothing is.
    """
    returned = [r.pk for r in rapportages if r.is_teruggegeven]
    if not returned:
        return {}
    found: dict[int, dict[int, Opmerking]] = {}
    last = Teruggave.objects.filter(rapportage=OuterRef("teruggave__rapportage")).order_by("-op", "-pk").values("pk")
    remarks = Opmerking.objects.filter(teruggave__rapportage__in=returned, teruggave=Subquery(last[:1]))
    for opmerking in remarks.select_related("teruggave").order_by():
        if opmerking.teruggave and opmerking.doel_id:
            found.setdefault(opmerking.teruggave.rapportage_id, {})[opmerking.doel_id] = opmerking
    return found


def load_row(doel: Doel) -> Row:
    """Return one doel with its scores through the years, local ones included, in two queries."""
    momenten = Meetmoment.objects.filter(agenda=doel.thema.agenda_id).select_related("rapportage").order_by("peildatum")
    scores = Voortgangsscore.objects.filter(doel=doel).with_words().order_by()
    return build_grid(doelen=[doel], meetmomenten=momenten, scores=scores, schaalwaarden=()).rows[0]


def count_acties(agenda: Agenda) -> DoelQuerySet:
    """Return the doelen of `agenda` in the order of its table, each with its number of acties, `aantal_acties`."""
    return Doel.objects.for_agenda(agenda).annotate(aantal_acties=Count("actie"))


def load_acties(doel: Doel) -> list[tuple[Actie, list[str]]]:
    """Return the acties of `doel` by date, each with the names of its partijen, in one query."""
    found: dict[int, tuple[Actie, list[str]]] = {}
    rows: Any = Actie.objects.filter(doel=doel).annotate(partij=F("partijen__naam"))
    for actie in rows.order_by(F("gereed_voor").asc(nulls_last=True), "pk", "partij"):
        _, partijen = found.setdefault(actie.pk, (actie, []))
        if actie.partij:
            partijen.append(actie.partij)
    return list(found.values())


def load_trekkers(grid: Grid) -> list[Organisatie]:
    """Give each doel of `grid` its list `trekkers`, and return the organisations that pull any, in one query."""
    trekkers = Trekker.objects.select_related("organisatie").order_by("kant", "organisatie__naam")
    prefetch_related_objects([row.doel for row in grid.rows], Prefetch("trekker_set", trekkers, to_attr="trekkers"))
    pulling = {trekker.organisatie for row in grid.rows for trekker in row.doel.trekkers}
    return sorted(pulling, key=lambda organisatie: organisatie.label)


def load_line(agenda: Agenda) -> tuple[list[Agenda], list[Agenda]]:
    """Return the line that `agenda` stands in, from its first predecessor to its last successor, and the rest.

    That are the other agendas of the regio, the latest first. In one query.
    """
    others = {other.pk: other for other in Agenda.objects.filter(regio=agenda.regio_id)}
    after = {other.voorganger_id: other for other in others.values() if other.voorganger_id}
    line = [others[agenda.pk]]
    while line[0].voorganger_id in others and others[line[0].voorganger_id] not in line:
        line.insert(0, others[line[0].voorganger_id])
    while line[-1].pk in after and after[line[-1].pk] not in line:
        line.append(after[line[-1].pk])
    beside = [other for other in others.values() if other not in line]
    return line, sorted(beside, key=attrgetter("startdatum"), reverse=True)


@dataclass(frozen=True)
class Stage:
    """Where one meetmoment stands: its report and how many of the agenda's doelen are scored."""

    meetmoment: Meetmoment
    rapportage: Rapportage
    gescoord: int
    doelen: int


def stages_of(grid: Grid) -> list[Stage]:
    """Return where each meetmoment of `grid` stands, the oldest first."""
    spreads = ((m, grid.spread(m)) for m in grid.meetmomenten)
    return [_stage(m, spread.scored, spread.total) for m, spread in spreads]


def load_stages(regio: Regio) -> list[Stage]:
    """Return the meetmomenten of all agenda's of `regio` by agenda, the latest first of both, in two queries."""
    momenten = Meetmoment.objects.filter(agenda__regio=regio).select_related("agenda", "rapportage__voorgelegd_door")
    regional = Q(voortgangsscore__organisatie=None, voortgangsscore__waarde__isnull=False)
    counted: Any = momenten.annotate(gescoord=Count("voortgangsscore", filter=regional))
    doelen = dict(
        Doel.objects.filter(thema__agenda__regio=regio).values_list("thema__agenda").annotate(Count("pk")).order_by()
    )
    # Two agendas may be scored in the same years.
    by_agenda = ("-agenda__startdatum", "agenda_id", "-peildatum")
    return [_stage(m, m.gescoord, doelen.get(m.agenda_id, 0)) for m in counted.order_by(*by_agenda)]


def _stage(meetmoment: Meetmoment, gescoord: int, doelen: int) -> Stage:
    """What was submitted was complete: a doel without a score there came into the agenda later."""
    rapportage = rapportage_of(meetmoment)
    return Stage(meetmoment, rapportage, gescoord, doelen if rapportage.is_open else gescoord)


def doelen_of_then(grid: Grid, meetmoment: Meetmoment) -> Grid:
    """Return `grid` without the doelen that came after `meetmoment` was submitted."""
    if rapportage_of(meetmoment).is_open:
        return grid
    return grid.only(lambda row: row.at(meetmoment).waarde is not None)


def rapportage_of(meetmoment: Meetmoment) -> Rapportage:
    """Return where the report of `meetmoment` stands; an unsaved concept when nobody submitted it yet."""
    return getattr(meetmoment, "rapportage", None) or Rapportage(meetmoment=meetmoment)


def meetmoment_in_entry(grid: Grid, today: date) -> Meetmoment | None:
    """Return the meetmoment people are working on: the latest whose peildatum has passed, else the first to come."""
    past = [m for m in grid.meetmomenten if m.peildatum <= today]
    return past[-1] if past else next(iter(grid.meetmomenten), None)


@dataclass(frozen=True)
class Entry:
    """One score to enter: a doel at a meetmoment, for the regio or for one gemeente, with the year before beside it."""

    doel: Doel
    score: Voortgangsscore | None
    vorige: Voortgangsscore | None

    @property
    def waarde(self) -> Schaalwaarde | None:
        return self.score.waarde if self.score else None

    @property
    def ontbreekt(self) -> str | None:
        """What this score still lacks before it can be submitted."""
        return missing_in_score(
            waarde=self.waarde.waarde if self.waarde else None,
            vorige=self.vorige.waarde.waarde if self.vorige and self.vorige.waarde else None,
            toelichting=self.score.toelichting if self.score else "",
            toelichting_verplicht=bool(self.waarde and self.waarde.toelichting_verplicht),
        )

    @property
    def lacks_explanation(self) -> bool:
        return bool(self.waarde and self.ontbreekt)

    def was_saved_after(self, opmerking: Opmerking) -> bool:
        """Whether somebody saved the score after the OOGO said something of it when giving it back."""
        return bool(self.score and opmerking.teruggave and self.score.gewijzigd_op > opmerking.teruggave.op)


def load_entries(
    meetmoment: Meetmoment, organisatie: Organisatie | None, slugs: Collection[str] | None = None
) -> list[Entry]:
    """Return what is to be scored at `meetmoment`: all doelen for the regio (None), the local ones for a gemeente.

    With `slugs` only those of them.
    """
    wanted = Doel.objects.for_agenda(meetmoment.agenda)
    if organisatie is not None:
        wanted = wanted.scored_locally()
    doelen = [doel for doel in wanted if slugs is None or doel.slug in slugs]
    entry_of = _load_scores(doelen, meetmoment, organisatie=organisatie)
    return [entry_of(doel, organisatie) for doel in doelen]


def load_local_entries(meetmoment: Meetmoment, entries: Iterable[Entry]) -> list[tuple[Organisatie, Entry]]:
    """Return what the gemeenten are to score at `meetmoment`, doel by doel, beside the `entries` of the regio."""
    doelen = [entry.doel for entry in entries if entry.doel.lokaal]
    gemeenten = list(Organisatie.objects.gemeenten_in(meetmoment.agenda.regio).order_by("naam"))
    entry_of = _load_scores(doelen, meetmoment, organisatie__in=gemeenten)
    return [(gemeente, entry_of(doel, gemeente)) for doel in doelen for gemeente in gemeenten]


def _load_scores(doelen: list[Doel], meetmoment: Meetmoment, **who: Any) -> Callable[[Doel, Organisatie | None], Entry]:
    """Read the scores at `meetmoment` and the one before, and return what gives of them the entry of one scorer."""
    vorig = Meetmoment.objects.before(meetmoment).first()
    momenten = {moment.pk: moment for moment in (meetmoment, vorig) if moment}
    scores = Voortgangsscore.objects.filter(doel__in=doelen, meetmoment__in=momenten, **who)
    found: dict[tuple[Any, Any, Any], Voortgangsscore] = {}
    for score in scores.with_words().order_by():
        # Each card names the meetmoment of the score before: it is at hand, no card need ask for it.
        score.meetmoment = momenten[score.meetmoment_id]
        found[score.doel_id, score.organisatie_id, score.meetmoment_id] = score

    def entry_of(doel: Doel, scorer: Organisatie | None) -> Entry:
        of = doel.pk, scorer.pk if scorer else None
        return Entry(doel, found.get((*of, meetmoment.pk)), found.get((*of, vorig.pk)) if vorig else None)

    return entry_of
