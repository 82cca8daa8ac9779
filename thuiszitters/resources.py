"""Counts in from a file and out to a file: the tidy format of tidy.py, all or nothing, never whole in memory."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone

from regio.audit import sign
from regio.models import Gebruiker, Organisatie, Regio
from regio.privacy import find_personal_data
from regio.tables import Limits, Row, TableError, stream_table
from thuiszitters.actions import lock_telmoment, write_tellingen
from thuiszitters.categories import Category, categories_on
from thuiszitters.counting import MISSING, UNKNOWN, Count, Status, given
from thuiszitters.models import NO_REASON, Categorie, Kolomkoppeling, Onderwijssector, Opgave, Telling, Telmoment
from thuiszitters.plausibility import Cell, refusals
from thuiszitters.schooljaar import default_peildata, schooljaar_of
from thuiszitters.sheet import SECTORS
from thuiszitters.tidy import COLUMNS, NEEDED, Fout, Gemeente, Reference, Regel, read_rows

UPLOAD = Limits(size=6 * 1024 * 1024, unpacked=80 * 1024 * 1024, rows=40_000)
COMMAND = Limits(size=60 * 1024 * 1024, unpacked=800 * 1024 * 1024, rows=500_000)
SHOWN = 200
# What a column of pupils is called. A count has none of these.
PERSONAL_COLUMNS = (
    "bsn",
    "burgerservice",
    "geboorte",
    "geb.",
    "naam leerling",
    "leerlingnaam",
    "leerlingnummer",
    "voornaam",
    "achternaam",
)


class UnknownColumns(Exception):
    """The file lacks columns by the names that are known; somebody must say once what they are called."""

    def __init__(self, missing: list[str], offered: list[str]) -> None:
        names = ", ".join(f"‘{name}’" for name in missing)
        what = f"De kolom {names} ontbreekt" if len(missing) == 1 else f"Deze kolommen ontbreken: {names}"
        super().__init__(f"{what}. Nodig zijn: {', '.join(NEEDED)}.")
        self.missing = missing
        self.offered = offered


class Refused(Exception):
    """One row or more is wrong, so nothing was written; `plan` says which."""

    def __init__(self, plan: "Plan") -> None:
        super().__init__("Er is niets ingelezen: het bestand bevat fouten.")
        self.plan = plan


class Outdated(Exception):
    """Since the preview somebody changed a count that this file changes too, so nothing was written."""

    def __init__(self, plan: "Plan") -> None:
        super().__init__("Er is niets ingelezen: intussen is er iets gewijzigd. Kijk de verschillen opnieuw na.")
        self.plan = plan


@dataclass(frozen=True)
class Change:
    """One count that the file changes, in the words of who reads the preview."""

    rij: int
    peildatum: date
    gemeente: str
    categorie: str
    sector: str
    oud: Count
    nieuw: Count


@dataclass
class Plan:
    """What reading a file would do, or did; of the changes and the errors the first are kept to show.

    `leeg` counts the rows without a number, which are among `gelijk`: they leave what stands. `opgaven` are those in
    which something changes.
    """

    nieuw: int = 0
    gewijzigd: int = 0
    gelijk: int = 0
    leeg: int = 0
    fout: int = 0
    wijzigingen: list[Change] = field(default_factory=list)
    fouten: list[Fout] = field(default_factory=list)
    opgaven: list[tuple[date, Organisatie]] = field(default_factory=list)
    vingerafdruk: str = ""
    _said_once: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @property
    def telling(self) -> str:
        return f"nieuw {self.nieuw}, gewijzigd {self.gewijzigd}, gelijk {self.gelijk}, fout {self.fout}"

    @property
    def zonder_aantal(self) -> str:
        """What to do with a file in which no row has a number; nothing when one has."""
        if self.fout or self.wijzigingen or self.leeg < self.gelijk:
            return ""
        return "In dit bestand staat geen enkel aantal. Vul de kolom ‘aantal’ in: een getal, of ? als het onbekend is."

    @property
    def getoond(self) -> int:
        """Of how many rows `fouten` says what is wrong."""
        return sum(fout.rijen for fout in self.fouten)

    def refuse(self, fout: Fout) -> None:
        self.fout += 1
        key = fout.kolom, fout.waarde, fout.tekst
        if fout.eenmaal and key in self._said_once:
            said = self.fouten[self._said_once[key]]
            more = replace(said, rij=min(said.rij, fout.rij), rijen=said.rijen + 1)
            self.fouten[self._said_once[key]] = more
        elif len(self.fouten) < SHOWN:
            if fout.eenmaal:
                self._said_once[key] = len(self.fouten)
            self.fouten.append(fout)

    def note(self, change: Change, *, is_new: bool) -> None:
        if is_new:
            self.nieuw += 1
        else:
            self.gewijzigd += 1
        if len(self.wijzigingen) < SHOWN:
            self.wijzigingen.append(change)


def plan_import(*, regio: Regio, name: str, file: BinaryIO, limits: Limits) -> Plan:
    """Return what reading `file` would change. Raises TableError for what is no table, UnknownColumns."""
    with closing(_Staging(regio)) as staging:
        staging.fill(name, file, limits)
        for batch in staging.batches(locked=False):
            batch.judge(staging.plan)
        staging.seal()
        return staging.plan


def carry_out_import(
    *, regio: Regio, name: str, file: BinaryIO, limits: Limits, by: Gebruiker, vingerafdruk: str | None = None
) -> Plan:
    """Read `file` and write all of it, or raise Refused and write nothing.

    `vingerafdruk` is that of the plan that `by` has seen; Outdated when it no longer holds. None when nobody saw one.
    """
    with closing(_Staging(regio)) as staging:
        staging.fill(name, file, limits)
        try:
            with transaction.atomic():
                for batch in staging.batches(locked=True):
                    batch.judge(staging.plan)
                    if not staging.plan.fout:
                        batch.write(by)
                staging.seal()
                if staging.plan.fout:
                    raise Refused(staging.plan)
                if vingerafdruk is not None and vingerafdruk != staging.plan.vingerafdruk:
                    raise Outdated(staging.plan)
        except IntegrityError:
            # Somebody made the same telmoment, opgave or count at the same moment.
            raise Outdated(staging.plan) from None
        return staging.plan


@transaction.atomic
def remember_columns(*, regio: Regio, koppeling: Mapping[str, str], by: Gebruiker) -> None:
    """Keep what this regio calls our columns: `koppeling` gives the file's name of each."""
    for kolom, kop in koppeling.items():
        known = Kolomkoppeling.objects.filter(regio=regio, kop=kop).first() or Kolomkoppeling(regio=regio, kop=kop)
        if known.kolom != kolom:
            known.kolom = kolom
            sign(known, by)
            known.save()


class _Staging:
    """The rows of one file, understood and in order, on disk: its size in memory does not grow with the file."""

    def __init__(self, regio: Regio) -> None:
        self.regio = regio
        self.plan = Plan()
        self.known = list(Categorie.objects.known_in(regio))
        self.gemeenten = {g.pk: g for g in Organisatie.objects.gemeenten_in(regio)}
        self.telmomenten = {m.peildatum: m for m in Telmoment.objects.filter(regio=regio).select_related("regio")}
        self.codes: list[str] = []
        # An unnamed database of SQLite lives in a temporary file that disappears with the connection.
        self.rows = sqlite3.connect("", isolation_level=None)
        self.rows.execute("PRAGMA journal_mode=OFF")
        self.rows.execute(
            "CREATE TABLE regel (dag INT, gemeente INT, code INT, sector INT, aantal INT, status INT, rij INT,"
            " PRIMARY KEY (dag, gemeente, code, sector)) WITHOUT ROWID"
        )
        self._hash = hashlib.sha256()

    def close(self) -> None:
        self.rows.close()

    def fill(self, name: str, file: BinaryIO, limits: Limits) -> None:
        names, rows = stream_table(name, file, limits)
        columns = self._columns(names)
        unused = [kop for kop in names if kop not in columns.values()]
        codes: dict[str, int] = {}
        self.rows.execute("BEGIN")
        for regel in read_rows(_without_persons(rows, unused), columns, self._reference()):
            if isinstance(regel, Fout):
                self.plan.refuse(regel)
            elif regel.count is None:
                self.plan.gelijk += 1
                self.plan.leeg += 1
            else:
                self._add(regel, regel.count, codes.setdefault(regel.categorie, len(codes)))
        self.rows.execute("COMMIT")
        self.codes = list(codes)

    def _add(self, regel: Regel, count: Count, code: int) -> None:
        key = (regel.peildatum.toordinal(), regel.gemeente, code, SECTORS.index(regel.sector))
        values = (*key, count.aantal, list(Status).index(count.status), regel.rij)
        try:
            self.rows.execute("INSERT INTO regel VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        except sqlite3.IntegrityError:
            where = "dag = ? AND gemeente = ? AND code = ? AND sector = ?"
            (first,) = self.rows.execute(f"SELECT rij FROM regel WHERE {where}", key).fetchone()  # noqa: S608 — no input in it
            self.plan.refuse(Fout(regel.rij, "", "", f"Rij {first} gaat over hetzelfde aantal. Laat er één staan."))

    def _columns(self, names: list[str]) -> dict[str, str]:
        """Return the file's name of each of our columns. Raises TableError for a column of persons, UnknownColumns."""
        for kop in names:
            if any(word in kop for word in PERSONAL_COLUMNS):
                raise TableError(
                    f"De kolom ‘{kop}’ lijkt gegevens van leerlingen te bevatten. Dit bestand wordt niet ingelezen:"
                    " hier horen alleen aantallen. Haal de kolom weg en kies het bestand opnieuw."
                )
        remembered = dict(Kolomkoppeling.objects.filter(regio=self.regio).values_list("kop", "kolom"))
        columns = {remembered[kop]: kop for kop in names if kop in remembered}
        columns |= {kop: kop for kop in names if kop in COLUMNS}
        missing = [n for n in NEEDED if n not in columns and not (n == "gemeente" and "gemeentecode" in columns)]
        if missing:
            raise UnknownColumns(missing, [kop for kop in names if kop not in columns.values()])
        return columns

    def _reference(self) -> Reference:
        return Reference(
            regio=(self.regio.slug, self.regio.naam.lower(), self.regio.naam),
            gemeenten=[Gemeente(g.pk, g.code or "", g.naam) for g in self.gemeenten.values()],
            sectors=dict(Onderwijssector.choices),
            categories_on=lambda day: categories_on(self.known, day),
            is_telmoment=lambda day: day in self.telmomenten or day in default_peildata(schooljaar_of(day)),
            today=timezone.localdate(),
        )

    def batches(self, *, locked: bool) -> Iterator["_Batch"]:
        """Yield the rows of each telmoment together, with what is stored there."""
        order = (
            "SELECT dag, gemeente, code, sector, aantal, status, rij FROM regel ORDER BY dag, gemeente, code, sector"
        )
        for day, rows in groupby(self.rows.execute(order), key=lambda row: row[0]):
            peildatum = date.fromordinal(day)
            moment = self.telmomenten.get(peildatum) or Telmoment(regio=self.regio, peildatum=peildatum)
            if locked and moment.pk:
                moment = lock_telmoment(moment)
            batch = _Batch(self, moment, locked=locked)
            for _, gemeente, code, sector, aantal, status, rij in rows:
                count = (
                    given(aantal)
                    if aantal is not None
                    else (MISSING, UNKNOWN)[status == list(Status).index(Status.ONBEKEND)]
                )
                batch.entries.setdefault(gemeente, {})[self.codes[code], SECTORS[sector]] = (rij, count)
            batch.load()
            yield batch

    def saw(self, change: Change) -> None:
        self._hash.update(repr(change).encode())

    def seal(self) -> None:
        self.plan.vingerafdruk = self._hash.hexdigest()


@dataclass
class _Batch:
    """The rows of one telmoment, with the opgaven and counts that stand there."""

    staging: _Staging
    moment: Telmoment
    locked: bool
    entries: dict[int, dict[Cell, tuple[int, Count]]] = field(default_factory=dict)
    opgaven: dict[int, Opgave] = field(default_factory=dict)
    stored: dict[int, dict[Cell, Telling]] = field(default_factory=dict)
    changed: dict[int, dict[Cell, Count]] = field(default_factory=dict)
    categories: list[Category] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def load(self) -> None:
        self.categories = categories_on(self.staging.known, self.moment.peildatum)
        self.names = {category.code: category.naam for category in self.categories}
        if not self.moment.pk:
            return
        opgaven = Opgave.objects.filter(telmoment=self.moment, gemeente__in=self.entries)
        if self.locked:
            opgaven = opgaven.select_for_update()
        self.opgaven = {opgave.gemeente_id: opgave for opgave in opgaven}
        gemeente_of = {opgave.pk: opgave.gemeente_id for opgave in self.opgaven.values()}
        code_of = {version.pk: version.code for version in self.staging.known}
        for telling in Telling.objects.filter(opgave__in=gemeente_of):
            cells = self.stored.setdefault(gemeente_of[telling.opgave_id], {})
            cells[code_of[telling.categorie_id], telling.sector] = telling

    def judge(self, plan: Plan) -> None:
        """Note in `plan` what becomes of every row."""
        for gemeente, entries in self.entries.items():
            stored = self.stored.get(gemeente, {})
            changes = {}
            for cell, (rij, count) in entries.items():
                telling = stored.get(cell)
                old = telling.count if telling else MISSING
                if old == count:
                    plan.gelijk += 1
                else:
                    changes[cell] = self._change(rij, gemeente, cell, old, count)
            self._refuse(plan, gemeente, changes)
            if changes:
                plan.opgaven.append((self.moment.peildatum, self.staging.gemeenten[gemeente]))
            for cell, change in changes.items():
                plan.note(change, is_new=change.oud == MISSING)
                self.staging.saw(change)
                self.changed.setdefault(gemeente, {})[cell] = change.nieuw

    def _change(self, rij: int, gemeente: int, cell: Cell, old: Count, new: Count) -> Change:
        code, sector = cell
        naam = self.staging.gemeenten[gemeente].naam
        return Change(
            rij, self.moment.peildatum, naam, self.names[code], Onderwijssector(sector).label, oud=old, nieuw=new
        )

    def _refuse(self, plan: Plan, gemeente: int, changes: dict[Cell, Change]) -> None:
        """Take out of `changes` what cannot be, each row once, with its reason."""
        closed = self._why_closed(gemeente)
        if closed:
            for change in changes.values():
                plan.refuse(Fout(change.rij, *closed, eenmaal=True))
            changes.clear()
        counts = {cell: telling.count for cell, telling in self.stored.get(gemeente, {}).items()}
        counts |= {cell: change.nieuw for cell, change in changes.items()}
        for refusal in refusals(self.categories, SECTORS, counts):
            for cell in refusal.cells & changes.keys():
                change = changes.pop(cell)
                plan.refuse(Fout(change.rij, "aantal", str(change.nieuw), refusal.tekst))

    def _why_closed(self, gemeente: int) -> tuple[str, str, str] | None:
        """Return which column says what cannot change, what stands there, and why; None where it can."""
        if self.moment.waarom_dicht:
            return "peildatum", str(self.moment.peildatum), self.moment.waarom_dicht
        opgave = self.opgaven.get(gemeente)
        if opgave is None or opgave.status != Opgave.Status.INGEDIEND:
            return None
        which = f"{self.staging.gemeenten[gemeente].naam}, {self.moment.peildatum}"
        return "gemeente", which, "Deze opgave is ingediend. Wijzigen kan pas als de secretaris haar teruggeeft."

    def write(self, by: Gebruiker) -> None:
        if not self.changed:
            return
        if not self.moment.pk:
            sign(self.moment, by)
            self.moment.save()
        self._add_opgaven(by)
        version_of = {category.code: category.pk for category in self.categories}
        made: list[Telling] = []
        updated: list[Telling] = []
        for gemeente, cells in self.changed.items():
            for (code, sector), count in cells.items():
                telling = self.stored.get(gemeente, {}).get((code, sector))
                (updated if telling else made).append(
                    _successor(telling or Telling(opgave=self.opgaven[gemeente], sector=sector, versie=0), count, by)
                )
                (updated if telling else made)[-1].categorie_id = version_of[code]
        write_tellingen(made, updated, by)

    def _add_opgaven(self, by: Gebruiker) -> None:
        new = [Opgave(telmoment=self.moment, gemeente_id=pk) for pk in self.changed if pk not in self.opgaven]
        for opgave in new:
            sign(opgave, by)
        Opgave.objects.bulk_create(new)
        Opgave.history.bulk_history_create(new)
        self.opgaven |= {opgave.gemeente_id: opgave for opgave in new}


def _successor(telling: Telling, count: Count, by: Gebruiker) -> Telling:
    telling.status, telling.aantal = count.status, count.aantal
    telling.toelichting = NO_REASON if count == UNKNOWN else ""
    telling.versie += 1
    telling.gewijzigd_door, telling.gewijzigd_op = by, timezone.now()
    return telling


def _without_persons(rows: Iterable[Row], unused: list[str]) -> Iterator[Row]:
    """Pass on the rows of a file; one cell that reads like a person in a column that is not read refuses it whole."""
    for row in rows:
        for kop in unused:
            if row.cells[kop] and find_personal_data(row.cells[kop]):
                raise TableError(
                    f"Rij {row.number}, kolom ‘{kop}’ lijkt een persoonsgegeven te bevatten. Dit bestand wordt niet"
                    " ingelezen: hier horen alleen aantallen. Haal de kolom weg en kies het bestand opnieuw."
                )
        yield row
