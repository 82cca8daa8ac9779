"""The tidy file of counts, one row a count: from rows to counts and back. Plain data, no database."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from regio.tables import Row, TableError
from thuiszitters.categories import Category
from thuiszitters.counting import MISSING, UNKNOWN, Count, Status, read_count
from thuiszitters.schooljaar import schooljaar_of

COLUMNS = (
    "regio",
    "schooljaar",
    "peildatum",
    "gemeentecode",
    "gemeente",
    "sector",
    "groep",
    "categorie",
    "aantal",
    "status",
)
# The status of a number that is not told; such a file is for reading only.
MASKED = "afgeschermd"
# Without these no count can be told; for the gemeente one of two columns is enough.
NEEDED = ("peildatum", "gemeente", "sector", "categorie", "aantal")
# Read by the secretaris, by the RBL and by who has the server.
NO_TELMOMENT = (
    "Op deze dag telt de regio niet. Verbeter de peildatum, of voeg in Beheer eerst een telmoment toe; de secretaris"
    " mag dat."
)

T = TypeVar("T")


class CellError(Exception):
    """One cell cannot be right; the message says what is expected there.

    `eenmaal`: it is as wrong in every other row that says the same, so that saying it once will do.
    """

    def __init__(self, kolom: str, tekst: str, *, eenmaal: bool = False) -> None:
        super().__init__(tekst)
        self.kolom = kolom
        self.eenmaal = eenmaal


@dataclass(frozen=True)
class Fout:
    """What is wrong with one row of the file, in which column, and what is expected there.

    Where saying it once will do, `rijen` is of how many rows it is said, and `rij` the first of them.
    """

    rij: int
    kolom: str
    waarde: str
    tekst: str
    eenmaal: bool = False
    rijen: int = 1

    @property
    def waar(self) -> str:
        """The row in which it stands, or the first of them with how many more."""
        return f"{self.rij} en {self.rijen - 1} andere" if self.rijen > 1 else str(self.rij)


@dataclass(frozen=True)
class Gemeente:
    pk: int
    code: str
    naam: str
    slug: str = ""


@dataclass(frozen=True)
class Regel:
    """One row of the file, understood; `count` is None where the row leaves what stands."""

    rij: int
    peildatum: date
    gemeente: int
    categorie: str
    sector: str
    count: Count | None


@dataclass
class Reference:
    """What the cells of a file may name in one regio, on this day."""

    regio: tuple[str, ...]
    gemeenten: Iterable[Gemeente]
    sectors: Mapping[str, str]
    categories_on: Callable[[date], list[Category]]
    is_telmoment: Callable[[date], bool]
    today: date
    _dates: dict[str, date] = field(default_factory=dict)
    _named: dict[date, dict[str, Category]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._gemeenten = {name.lower(): g for g in self.gemeenten for name in (g.code, g.naam)}
        self._sectors = {name.lower(): value for value, label in self.sectors.items() for name in (value, label)}
        self._sectors |= {"so": "VSO", "v(so)": "VSO", "(v)so": "VSO"}

    def read(self, row: Row, cells: Mapping[str, str]) -> Regel:
        """Return what `row` says, its `cells` by our own column names. Raises CellError.

        Raises TableError for a number that is masked: not the row is wrong then but the file, which is for reading.
        """
        if cells.get("status", "").strip().lower() == MASKED:
            raise TableError(
                "Dit bestand bevat afgeschermde aantallen en kan niet worden ingelezen. Gebruik een bestand met alle"
                " aantallen, of vraag de secretaris erom.",
            )
        self._check_regio(cells.get("regio", ""))
        peildatum = self._peildatum(cells.get("peildatum", ""))
        self._check_schooljaar(cells.get("schooljaar", ""), peildatum)
        category = self._category(cells.get("categorie", ""), cells.get("groep", ""), peildatum)
        return Regel(
            rij=row.number,
            peildatum=peildatum,
            gemeente=self._gemeente(cells.get("gemeentecode", ""), cells.get("gemeente", "")).pk,
            categorie=category.code,
            sector=self._sector(cells.get("sector", "")),
            count=read_cells(cells.get("aantal", ""), cells.get("status", "")),
        )

    def _check_regio(self, text: str) -> None:
        if text and text.lower() not in self.regio:
            raise CellError(
                "regio", f"Dit bestand wordt ingelezen voor {self.regio[-1]}. Laat deze kolom weg of verbeter haar."
            )

    def _peildatum(self, text: str) -> date:
        if text not in self._dates:
            day = read_date(text)
            if day > self.today:
                sentence = "Deze dag ligt in de toekomst. Tellen kan pas op de dag zelf."
                raise CellError("peildatum", sentence, eenmaal=True)
            if not self.is_telmoment(day):
                raise CellError("peildatum", NO_TELMOMENT, eenmaal=True)
            self._dates[text] = day
        return self._dates[text]

    def _check_schooljaar(self, text: str, peildatum: date) -> None:
        if text and re.sub(r"\s*[/–-]\s*", "-", text) != schooljaar_of(peildatum):
            raise CellError("schooljaar", f"{peildatum} valt in schooljaar {schooljaar_of(peildatum)}.", eenmaal=True)

    def _gemeente(self, code: str, naam: str) -> Gemeente:
        by_code, by_name = self._gemeenten.get(code.lower()), self._gemeenten.get(naam.lower())
        if not code and not naam:
            raise CellError("gemeente", "Vul de gemeente in, met haar naam of haar CBS-code.")
        if (code and not by_code) or (naam and not by_name):
            kolom = "gemeentecode" if code and not by_code else "gemeente"
            raise CellError(kolom, f"Deze gemeente hoort niet bij {self.regio[-1]}.")
        if by_code and by_name and by_code != by_name:
            raise CellError("gemeente", f"{by_code.code} is {by_code.naam}.")
        found = by_code or by_name
        assert found  # noqa: S101 — one of the two was given and is known
        return found

    def _category(self, text: str, groep: str, peildatum: date) -> Category:
        if peildatum not in self._named:
            self._named[peildatum] = {
                name.lower(): c for c in self.categories_on(peildatum) for name in (c.naam, c.code)
            }
        found = self._named[peildatum].get(text.lower())
        if found is None:
            raise CellError(
                "categorie", f"Deze categorie wordt op {peildatum} niet geteld." if text else "Vul de categorie in."
            )
        if groep and groep.lower() != found.groep:
            raise CellError("groep", f"{found.naam} hoort in de groep {found.groep}.")
        return found

    def _sector(self, text: str) -> str:
        found = self._sectors.get(text.lower().replace(" ", ""))
        if found is None:
            raise CellError("sector", f"Kies uit: {', '.join(self.sectors.values())}.")
        return found


def read_date(text: str) -> date:
    """Return the day that `text` says: 2026-10-01, and 1-10-2026 as a Dutch Excel saves it."""
    dutch = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", text)
    try:
        if dutch:
            return date(int(dutch[3]), int(dutch[2]), int(dutch[1]))
        return date.fromisoformat(text[:10] if text.endswith("T00:00:00") else text)
    except ValueError:
        raise CellError("peildatum", "Schrijf de peildatum als 2026-10-01.") from None


def read_cells(aantal: str, status: str) -> Count | None:
    """Return the count that the two cells say together, None when both are empty: then what stands is left."""
    try:
        count = read_count(aantal)
    except ValueError as error:
        raise CellError("aantal", str(error)) from None
    said = status.strip().lower()
    if not said:
        return None if count == MISSING else count
    if said not in {*Status}:
        raise CellError("status", "Kies uit: opgegeven, onbekend of geen opgave.")
    if said == Status.OPGEGEVEN:
        if count.aantal is None:
            raise CellError("aantal", "De status is ‘opgegeven’: vul het aantal in.")
        return count
    if count.aantal is not None:
        raise CellError("status", f"Er staat een aantal ({count.aantal}): de status is dan ‘opgegeven’.")
    return UNKNOWN if said == Status.ONBEKEND else MISSING


def read_rows(rows: Iterable[Row], columns: Mapping[str, str], reference: Reference) -> Iterator[Regel | Fout]:
    """Yield each row, understood or with what is wrong; `columns` names the file's column of each of ours."""
    wanted = [(ours, theirs) for ours, theirs in columns.items()]
    for row in rows:
        cells = {ours: row.cells[theirs] for ours, theirs in wanted}
        try:
            yield reference.read(row, cells)
        except CellError as error:
            kolom, waarde = columns.get(error.kolom, error.kolom), cells.get(error.kolom, "")[:80]
            yield Fout(row.number, kolom, waarde, str(error), eenmaal=error.eenmaal)


def write_row(
    *,
    regio: str,
    peildatum: date,
    gemeente: Gemeente,
    sector: str,
    category: Category,
    aantal: int | str | None,
    status: str,
) -> tuple[str | int, ...]:
    """Return one row of the file, in the order of COLUMNS."""
    return (
        regio,
        schooljaar_of(peildatum),
        peildatum.isoformat(),
        gemeente.code,
        gemeente.naam,
        sector,
        category.groep,
        category.code,
        "" if aantal is None else aantal,
        status,
    )
