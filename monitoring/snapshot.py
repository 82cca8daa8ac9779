"""The report as it was adopted: to plain data, to canonical JSON with its sha256, and back. No database, no request.

docs/momentopname.md tells what the JSON holds, docs/momentopname.schema.json in a form that machines check.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from monitoring.disclosure import without_persons
from monitoring.grid import Grid, build_grid
from monitoring.indicators import freeze_maat, thaw_maat
from monitoring.report import Report, Signaal, Vaststelling, Vraagantwoord

# What is written now, and what can be read: schema 1 had no `tellingen` (docs/momentopname.md).
SCHEMA = 4
SCHEMAS = (1, 2, 3, SCHEMA)


class NotASnapshot(Exception):
    """This text is no snapshot that this version of the product can read."""


@dataclass(frozen=True)
class Regio:
    slug: str
    naam: str
    accentkleur: str
    voorbeelddata: bool


@dataclass(frozen=True)
class Schaal:
    naam: str
    omschrijving: str
    bron: str


@dataclass(frozen=True)
class Agenda:
    slug: str
    naam: str
    bron: str
    schaal: Schaal | None


@dataclass(frozen=True)
class Meetmoment:
    slug: str
    naam: str
    peildatum: date
    soort: str
    soort_naam: str

    @property
    def pk(self) -> str:
        return self.slug

    def __str__(self) -> str:
        return self.naam

    def get_soort_display(self) -> str:
        return self.soort_naam


@dataclass(frozen=True)
class Waarde:
    pk: str
    waarde: int
    kort: str
    omschrijving: str
    toon: str
    teken: str
    vraagt_besluit: bool

    def __str__(self) -> str:
        return f"{self.waarde} · {self.kort}"


@dataclass(frozen=True)
class Thema:
    pk: int
    naam: str

    def __str__(self) -> str:
        return self.naam


@dataclass(frozen=True)
class Doel:
    pk: int
    thema: Thema
    code: str
    plan: str
    uitvoering: str
    controle: str
    bijsturing: str
    lokaal: bool

    @property
    def thema_id(self) -> int:
        return self.thema.pk

    @property
    def slug(self) -> str:
        return self.code.lower()


@dataclass(frozen=True)
class Gemeente:
    slug: str
    naam: str
    label: str

    @property
    def pk(self) -> str:
        return self.slug


@dataclass(frozen=True)
class Score:
    doel_id: int
    meetmoment_id: str
    organisatie_id: str | None
    waarde: Waarde | None
    toelichting: str
    gewijzigd_door: str
    gewijzigd_op: datetime


@dataclass(frozen=True)
class DoelCode:
    code: str


@dataclass(frozen=True)
class Actie:
    doel: DoelCode
    omschrijving: str
    gereed_voor: date


@dataclass(frozen=True)
class Rapportage:
    """Where an adopted report stands: nowhere on its way any more."""

    voorgelegd_door: str
    voorgelegd_op: datetime
    versie: int
    reden_heropening: str
    status: str = "vastgesteld"


def canonical(content: Any) -> str:
    """Return `content` as JSON in the one form that counts: keys sorted, no space, UTF-8 unescaped (RFC 8785).

    Raises TypeError for what has no single form, such as a float.
    """
    _require_plain(content)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Return the sha256 of `text` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


class Damaged(Exception):
    """A snapshot in the database is not what it was when it was made: a backup holds the right one."""


def unharmed(momentopname: Any) -> str:
    """Return the text of a stored snapshot. Raises Damaged when it is not what its sha256 was taken of."""
    text: str = momentopname.inhoud
    if digest(text) != momentopname.sha256:
        raise Damaged(f"snapshot {momentopname.pk} does not have the sha256 that stands beside it")
    return text


def _require_plain(content: Any) -> None:
    if isinstance(content, dict):
        if not all(isinstance(key, str) and key.isascii() for key in content):
            raise TypeError("a key of canonical JSON is an ASCII string")
        for value in content.values():
            _require_plain(value)
    elif isinstance(content, list):
        for value in content:
            _require_plain(value)
    elif not (content is None or isinstance(content, bool | int | str)):
        raise TypeError(f"{type(content).__name__} has no canonical JSON")


def freeze(report: Report) -> dict[str, Any]:
    """Return all that an adopted `report` shows, as plain data. Raises ValueError for one that is not adopted."""
    if report.vaststelling is None:
        raise ValueError("only what was adopted is frozen")
    keys = _Keys(report)
    return {
        "schema": SCHEMA,
        "versie": report.vaststelling.versie,
        "reden_heropening": report.rapportage.reden_heropening,
        "regio": {
            "slug": report.regio.slug,
            "naam": report.regio.naam,
            "accentkleur": report.regio.accentkleur,
            "voorbeelddata": report.regio.voorbeelddata,
        },
        "agenda": {"slug": report.agenda.slug, "naam": report.agenda.naam, "bron": report.agenda.bron},
        "meetmoment": report.meetmoment.slug,
        "meetmomenten": [_freeze_meetmoment(moment) for moment in report.grid.meetmomenten],
        "schaal": _freeze_schaal(report, keys),
        "waarden": [_freeze_waarde(key, waarde) for key, waarde in keys.waarden()],
        "gemeenten": [{"slug": g.slug, "naam": g.naam, "label": g.label} for g in report.gemeenten],
        "themas": [
            {"naam": section.thema.naam, "doelen": [_freeze_row(row, report, keys) for row in section.rows]}
            for section in report.grid.sections
        ],
        "te_laat": [
            {"doel": a.doel.code, "omschrijving": a.omschrijving, "gereed_voor": a.gereed_voor.isoformat()}
            for a in report.te_laat
        ],
        "signalen": [
            {"doel": s.doel or None, "label": s.label, "tekst": s.tekst, "act": s.act} for s in report.signalen
        ],
        "indicatoren": [freeze_maat(maat) for maat in report.maten],
        "tellingen": report.tellingen,
        "vragen": [
            {
                "over": v.over,
                "vraag": v.vraag,
                "gesteld_op": v.gesteld_op.isoformat(),
                "antwoord": v.antwoord,
                "beantwoord_op": v.beantwoord_op.isoformat(),
            }
            for v in report.vragen
        ],
        "voorgelegd": {
            "door": str(report.rapportage.voorgelegd_door),
            "op": freeze_moment(report.rapportage.voorgelegd_op),
        },
        "besluit": freeze_besluit(report.vaststelling),
    }


class _Keys:
    """What a score names its value by: those of the scale first, then those given under an earlier scale."""

    def __init__(self, report: Report) -> None:
        self.names: dict[int, str] = {}
        self._waarden: dict[str, Any] = {}
        given = (score.waarde for row in report.grid.rows for score in _scores_of(row, report) if score.waarde)
        for waarde in (*report.grid.schaalwaarden, *given):
            if waarde.pk not in self.names:
                name = f"w{len(self.names) + 1}"
                self.names[waarde.pk] = name
                self._waarden[name] = waarde

    def waarden(self) -> Iterable[tuple[str, Any]]:
        return self._waarden.items()


def _scores_of(row: Any, report: Report) -> Iterator[Any]:
    """Yield the scores of one doel that the report shows: of its own moments, and of the gemeenten that it names."""
    shown = {gemeente.pk for gemeente in report.gemeenten} if row.doel.lokaal else set()
    for moment in report.momenten:
        cell = row.at(moment)
        if cell.score:
            yield cell.score
        yield from (score for score in cell.lokaal if score.organisatie_id in shown)


def _freeze_meetmoment(moment: Any) -> dict[str, Any]:
    return {
        "slug": moment.slug,
        "naam": moment.naam,
        "peildatum": moment.peildatum.isoformat(),
        "soort": moment.soort,
        "soort_naam": moment.get_soort_display(),
    }


def _freeze_schaal(report: Report, keys: _Keys) -> dict[str, Any] | None:
    schaal = report.agenda.schaal
    if schaal is None:
        return None
    return {
        "naam": schaal.naam,
        "omschrijving": schaal.omschrijving,
        "bron": schaal.bron,
        "waarden": [keys.names[waarde.pk] for waarde in report.grid.schaalwaarden],
    }


def _freeze_waarde(key: str, waarde: Any) -> dict[str, Any]:
    return {
        "sleutel": key,
        "waarde": waarde.waarde,
        "kort": waarde.kort,
        "omschrijving": waarde.omschrijving,
        "toon": waarde.toon,
        "teken": waarde.teken,
        "vraagt_besluit": waarde.vraagt_besluit,
    }


def _freeze_row(row: Any, report: Report, keys: _Keys) -> dict[str, Any]:
    doel = row.doel
    slugs = {moment.pk: moment.slug for moment in report.grid.meetmomenten}
    gemeenten = {gemeente.pk: gemeente.slug for gemeente in report.gemeenten}
    return {
        "code": doel.code,
        "plan": doel.plan,
        "do": doel.uitvoering,
        "check": doel.controle,
        "act": doel.bijsturing,
        "lokaal": doel.lokaal,
        "scores": [
            {
                "meetmoment": slugs[score.meetmoment_id],
                "gemeente": gemeenten[score.organisatie_id] if score.organisatie_id is not None else None,
                "waarde": keys.names[score.waarde.pk] if score.waarde else None,
                "toelichting": score.toelichting,
                "ingevoerd_door": str(score.gewijzigd_door),
                "ingevoerd_op": freeze_moment(score.gewijzigd_op),
            }
            for score in _scores_of(row, report)
        ],
    }


def freeze_moment(moment: datetime) -> str:
    """Return the one way to write a moment: in UTC."""
    return moment.astimezone(UTC).isoformat()


def freeze_besluit(given: Vaststelling) -> dict[str, Any]:
    return {
        "overleg": given.overleg,
        "vergaderdatum": given.datum.isoformat(),
        "kenmerk": given.kenmerk,
        "opmerkingen": given.opmerkingen,
        "per_doel": [{"doel": code, "tekst": text} for code, text in given.per_doel],
        "vastgesteld_door": given.vastgesteld_door or None,
        "geregistreerd_door": given.geregistreerd_door or None,
        "op": freeze_moment(given.op) if given.op else None,
    }


def read(text: str) -> dict[str, Any]:
    """Return the content of a snapshot. Raises NotASnapshot for what is none, or of a schema that is not known here."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotASnapshot("no JSON") from error
    if not isinstance(content, dict) or content.get("schema") not in SCHEMAS or "besluit" not in content:
        raise NotASnapshot("no snapshot of a known schema")
    return content


def thaw(text: str, *, openbaar: bool = False) -> Report:
    """Return the report that was frozen as `text`, its canonical form, which stays with it.

    When it is `openbaar`, for everybody, neither a name of a person nor the text itself, which holds them, comes along.
    """
    content = without_persons(read(text)) if openbaar else read(text)
    waarden = {row["sleutel"]: _thaw_waarde(row) for row in content["waarden"]}
    momenten = {row["slug"]: _thaw_meetmoment(row) for row in content["meetmomenten"]}
    schaal = content["schaal"]
    return Report(
        regio=Regio(**content["regio"]),
        agenda=Agenda(
            **content["agenda"],
            schaal=Schaal(schaal["naam"], schaal["omschrijving"], schaal["bron"]) if schaal else None,
        ),
        meetmoment=momenten[content["meetmoment"]],
        rapportage=Rapportage(
            content["voorgelegd"]["door"],
            datetime.fromisoformat(content["voorgelegd"]["op"]),
            content["versie"],
            content["reden_heropening"],
        ),
        grid=_thaw_grid(content, waarden, momenten),
        gemeenten=tuple(Gemeente(row["slug"], row["naam"], row["label"]) for row in content["gemeenten"]),
        te_laat=tuple(
            Actie(DoelCode(row["doel"]), row["omschrijving"], date.fromisoformat(row["gereed_voor"]))
            for row in content["te_laat"]
        ),
        signalen=tuple(
            Signaal(row["doel"] or "", row["label"], row["tekst"], row["act"]) for row in content.get("signalen", ())
        ),
        maten=tuple(thaw_maat(row) for row in content.get("indicatoren", ())),
        tellingen=content.get("tellingen"),
        vragen=tuple(_thaw_vraag(row) for row in content.get("vragen", ())),
        vaststelling=thaw_besluit(content, digest(text)),
        inhoud="" if openbaar else text,
        openbaar=openbaar,
    )


def _thaw_vraag(row: dict[str, Any]) -> Vraagantwoord:
    asked, answered = (date.fromisoformat(row[name]) for name in ("gesteld_op", "beantwoord_op"))
    return Vraagantwoord(row["over"], row["vraag"], asked, row["antwoord"], answered)


def _thaw_waarde(row: dict[str, Any]) -> Waarde:
    fields = ("waarde", "kort", "omschrijving", "toon", "teken", "vraagt_besluit")
    return Waarde(row["sleutel"], *(row[name] for name in fields))


def _thaw_meetmoment(row: dict[str, Any]) -> Meetmoment:
    return Meetmoment(row["slug"], row["naam"], date.fromisoformat(row["peildatum"]), row["soort"], row["soort_naam"])


def _thaw_grid(content: dict[str, Any], waarden: dict[str, Waarde], momenten: dict[str, Meetmoment]) -> Grid:
    doelen: list[Doel] = []
    scores: list[Score] = []
    for place, section in enumerate(content["themas"]):
        thema = Thema(place, section["naam"])
        for row in section["doelen"]:
            texts = (row[name] for name in ("code", "plan", "do", "check", "act", "lokaal"))
            doelen.append(Doel(len(doelen), thema, *texts))
            scores += [_thaw_score(score, doelen[-1], waarden) for score in row["scores"]]
    scale = content["schaal"]["waarden"] if content["schaal"] else []
    return build_grid(
        doelen=doelen,
        meetmomenten=momenten.values(),
        scores=scores,
        schaalwaarden=[waarden[key] for key in scale],
    )


def _thaw_score(row: dict[str, Any], doel: Doel, waarden: dict[str, Waarde]) -> Score:
    return Score(
        doel_id=doel.pk,
        meetmoment_id=row["meetmoment"],
        organisatie_id=row["gemeente"],
        waarde=waarden[row["waarde"]] if row["waarde"] else None,
        toelichting=row["toelichting"],
        gewijzigd_door=row["ingevoerd_door"],
        gewijzigd_op=datetime.fromisoformat(row["ingevoerd_op"]),
    )


def thaw_besluit(content: Mapping[str, Any], sha256: str) -> Vaststelling:
    besluit = content["besluit"]
    return Vaststelling(
        overleg=besluit["overleg"],
        datum=date.fromisoformat(besluit["vergaderdatum"]),
        kenmerk=besluit["kenmerk"],
        versie=content["versie"],
        opmerkingen=besluit["opmerkingen"],
        per_doel=tuple((row["doel"], row["tekst"]) for row in besluit["per_doel"]),
        vastgesteld_door=besluit["vastgesteld_door"] or "",
        geregistreerd_door=besluit["geregistreerd_door"] or "",
        op=datetime.fromisoformat(besluit["op"]) if besluit["op"] else None,
        sha256=sha256,
    )
