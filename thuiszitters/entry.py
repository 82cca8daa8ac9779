"""The sheet on screen: one field a count, each saved on its own, so that a mistake in one loses nothing in another."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.http import QueryDict

from regio.models import Gebruiker
from thuiszitters.actions import Entry, NotAllowedNow, Outcome, save_tellingen
from thuiszitters.categories import REDEN, VERZUIM, VRIJSTELLING, Category
from thuiszitters.counting import MISSING, UNKNOWN, Count, Status, Total, coverage, total
from thuiszitters.forms import AantalField, ToelichtingField
from thuiszitters.models import Onderwijssector, Telling
from thuiszitters.plausibility import Cell, children_of, unexplained
from thuiszitters.publication import Shown
from thuiszitters.sheet import SECTORS, WHY_UNKNOWN, Earlier, Sheet, load_sheet

MINE, THEIRS = "mijn", "hun"
GROEPEN = {
    VERZUIM: "Leerlingen die thuiszitten",
    REDEN: "Hoofdreden van het thuiszitten",
    VRIJSTELLING: "Vrijstellingen van de Leerplichtwet",
}
AANTAL, TOELICHTING = AantalField(), ToelichtingField()
WAITS = "Dit aantal wordt bewaard zodra de toelichting klopt."


def as_typed(count: Count) -> str:
    """What stands in the field of a count."""
    return {Status.ONBEKEND: "?", Status.GEEN_OPGAVE: ""}.get(count.status, str(count))


def as_shown(count: Count) -> str:
    """A count in a table where a field would stand: the three states in one or two signs."""
    return {Status.ONBEKEND: "?", Status.GEEN_OPGAVE: "–"}.get(count.status, str(count))


def shown_sum(sectors: list[list[Count]]) -> Shown:
    """The sum over sectors, each with its counts, that says of how many sectors it is the whole."""
    counts = [count for sector in sectors for count in sector]
    som = total(counts)
    if som.aantal is None:
        return Shown(Status.ONBEKEND if UNKNOWN in counts else Status.GEEN_OPGAVE)
    return Shown(str(som.aantal), som.aantal, "" if som.is_complete else coverage([*map(total, sectors)], "sectoren"))


@dataclass(frozen=True)
class Before:
    """One count of an earlier quarter beside a field."""

    earlier: Earlier
    count: Count
    vergelijkbaar: bool

    @property
    def teken(self) -> str:
        return as_shown(self.count)


@dataclass
class Field:
    """One count on screen: what is stored, what was typed, and what stands in its way."""

    category: Category
    sector: str
    telling: Telling | None
    invoer: str
    toelichting: str
    versie: int
    vraag: str = ""
    eerder: list[Before] = field(default_factory=list)
    fouten: list[str] = field(default_factory=list)
    fouten_toelichting: list[str] = field(default_factory=list)
    conflict: Telling | None = None
    # What stands stored differs from what the page shows: somebody else's, or the same written otherwise.
    is_replaced: bool = False

    @property
    def cell(self) -> Cell:
        return self.category.code, self.sector

    @property
    def slug(self) -> str:
        return f"{self.category.code}-{self.sector.lower()}"

    @property
    def sector_naam(self) -> str:
        return Onderwijssector(self.sector).label

    @property
    def has_problem(self) -> bool:
        return bool(self.conflict or self.fouten or self.fouten_toelichting)

    @property
    def alle_fouten(self) -> list[str]:
        return [*self.fouten, *self.fouten_toelichting]

    @property
    def is_mended_in_toelichting(self) -> bool:
        """Whether the explanation is what stands in the way: it is refused, or an unknown number waits for it."""
        return not self.conflict and bool(self.fouten_toelichting or (self.fouten and self.vraag))

    @property
    def te_herstellen(self) -> str:
        """The name of the box in which to mend what was not saved."""
        return f"{self.slug}-toelichting" if self.is_mended_in_toelichting else self.slug

    @property
    def asks(self) -> bool:
        return bool(self.vraag or self.toelichting or self.has_problem)

    @property
    def is_open_question(self) -> bool:
        return bool(self.vraag) and not self.toelichting

    @property
    def count(self) -> Count:
        return self.telling.count if self.telling else MISSING


@dataclass
class Line:
    """One categorie on screen, with a field for each sector."""

    category: Category
    fields: list[Field]

    @property
    def samen(self) -> Total:
        return total(field.count for field in self.fields)

    @property
    def shown(self) -> Shown:
        return shown_sum([[field.count] for field in self.fields])


@dataclass
class Section:
    """One group of categories on screen, with the sums beneath it."""

    groep: str
    naam: str
    lines: list[Line]
    sommen: list[tuple[Onderwijssector, Total]] = field(default_factory=list)
    zonder_reden: list[tuple[Onderwijssector, int | None]] = field(default_factory=list)

    @property
    def gehelen(self) -> str:
        """Which categories the sum adds up."""
        return " + ".join(line.category.kort for line in self.lines if line.category.is_whole)

    @property
    def alles(self) -> Total:
        return total(field.count for line in self.lines if line.category.is_whole for field in line.fields)

    @property
    def shown(self) -> Shown:
        """What its wholes add up to."""
        wholes = [line.fields for line in self.lines if line.category.is_whole]
        return shown_sum([[field.count for field in of_sector] for of_sector in zip(*wholes, strict=True)])

    @property
    def leeg(self) -> int:
        return sum(1 for line in self.lines for field in line.fields if field.count == MISSING)


@dataclass
class Gap:
    """What one categorie still lacks, and the field in which to mend it first."""

    category: Category
    tekst: str
    slug: str
    sectoren: list[str] = field(default_factory=list)


@dataclass
class Screen:
    sheet: Sheet
    sections: list[Section]
    weigering: str = ""

    @property
    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            for line in section.lines:
                yield from line.fields

    @property
    def lines(self) -> list[Line]:
        return [line for section in self.sections for line in section.lines]

    @property
    def verzuim(self) -> Section | None:
        return next((section for section in self.sections if section.groep == VERZUIM), None)

    @property
    def has_break(self) -> bool:
        return any(not before.vergelijkbaar for f in self.fields for before in f.eerder)

    @property
    def problemen(self) -> list[Field]:
        return [field for field in self.fields if field.has_problem]

    @property
    def niet_bewaard(self) -> str:
        """How many numbers and how many explanations were not saved, as a sentence begins that says so."""
        aantallen = sum(1 for f in self.problemen if f.conflict or f.fouten)
        toelichtingen = sum(1 for f in self.problemen if f.fouten_toelichting)
        said = [_counted(aantallen, "aantal", "aantallen"), _counted(toelichtingen, "toelichting", "toelichtingen")]
        return f"{' en '.join(filter(None, said))} {'is' if aantallen + toelichtingen == 1 else 'zijn'}"

    @property
    def open_vragen(self) -> list[Field]:
        return [field for field in self.fields if field.is_open_question and not field.has_problem]

    @property
    def eerste_lege(self) -> Field | None:
        return next((f for f in self.fields if f.count == MISSING and f.category.groep != REDEN), None)

    @property
    def lege(self) -> int:
        """How many counts are still to be entered before this can be submitted."""
        return sum(1 for f in self.fields if f.count == MISSING and f.category.groep != REDEN)

    @property
    def ontbrekend(self) -> list["Gap"]:
        """What is missing before this can be submitted, the sectors of one categorie together."""
        gaps: dict[tuple[str, str], Gap] = {}
        for lack in self.sheet.lacks():
            key = lack.category.code, lack.tekst
            gap = gaps.setdefault(key, Gap(lack.category, lack.tekst, f"{lack.category.code}-{lack.sector.lower()}"))
            gap.sectoren.append(Onderwijssector(lack.sector).label)
        return list(gaps.values())

    @property
    def kan_geen_melden(self) -> bool:
        """Whether "geen thuiszitters dit kwartaal" would lose nothing, and would add something."""
        ours = [f for f in self.fields if f.category.groep in {VERZUIM, REDEN}]
        return any(f.count == MISSING for f in ours) and not any(f.count.aantal for f in ours)


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}" if number else ""


def open_screen(sheet: Sheet) -> Screen:
    sections = []
    for groep, naam in GROEPEN.items():
        lines = [Line(c, [_field(sheet, c, s) for s in SECTORS]) for c in sheet.categories if c.groep == groep]
        if lines:
            sections.append(Section(groep, naam, lines))
    for section in sections:
        if section.groep == VERZUIM:
            section.sommen = [(s, children_of(sheet.categories, s, sheet.counts)) for s in Onderwijssector]
        if section.groep == REDEN:
            section.zonder_reden = [(s, unexplained(sheet.categories, s, sheet.counts)) for s in Onderwijssector]
    return Screen(sheet, sections)


def _field(sheet: Sheet, category: Category, sector: str) -> Field:
    telling = sheet.tellingen.get((category.code, sector))
    count = telling.count if telling else MISSING
    return Field(
        category=category,
        sector=sector,
        telling=telling,
        invoer=as_typed(count),
        toelichting=telling.uitleg if telling else "",
        versie=telling.versie if telling else 0,
        vraag=_vraag(sheet, category, sector, count),
        eerder=[
            Before(e, e.counts.get((category.code, sector), MISSING), e.compares_with(category)) for e in sheet.earlier
        ],
    )


def _vraag(sheet: Sheet, category: Category, sector: str, count: Count) -> str:
    if count == UNKNOWN:
        return WHY_UNKNOWN
    return sheet.question_for(category, sector, count) or ""


@dataclass
class Typed:
    """What one field of the form said, as the entry to save or as the reason why not."""

    invoer: str
    toelichting: str
    versie: int
    count: Count = MISSING
    fouten: list[str] = field(default_factory=list)
    fouten_toelichting: list[str] = field(default_factory=list)


def save_screen(sheet: Sheet, data: QueryDict, by: Gebruiker) -> Screen:
    """Save every field that `data` names and return the screen: fresh where saved, with what was typed where not."""
    typed = {
        f.cell: _read(data, f.slug)
        for f in open_screen(sheet).fields
        if f.slug in data and data.get(f"{f.slug}-keuze") != THEIRS and not _still_asks(f, data)
    }
    readable = {cell: t for cell, t in typed.items() if not (t.fouten or t.fouten_toelichting)}
    entries = [Entry(cell, t.count, t.toelichting, t.versie) for cell, t in readable.items()]
    outcome, weigering = Outcome(), ""
    try:
        outcome = save_tellingen(telmoment=sheet.telmoment, gemeente=sheet.gemeente, entries=entries, by=by)
    except NotAllowedNow as refusal:
        weigering = str(refusal)
    screen = open_screen(load_sheet(sheet.telmoment, sheet.gemeente))
    screen.weigering = weigering
    for f in screen.fields:
        if f.cell in typed:
            _mark(screen.sheet, f, typed[f.cell], outcome, weigering)
        else:
            f.is_replaced = f"{f.slug}-keuze" in data
    return screen


def _still_asks(f: Field, data: QueryDict) -> bool:
    """Whether this is an unknown count from a file of which nobody wrote the reason yet: submitting asks for it."""
    if f.count != UNKNOWN or f.toelichting:
        return False
    return data.get(f.slug, "").strip() == as_typed(UNKNOWN) and not data.get(f"{f.slug}-toelichting", "").strip()


def _read(data: QueryDict, slug: str) -> Typed:
    """Read one field; who chose to keep their own number has seen the other, and succeeds that version."""
    chosen = data.get(f"{slug}-keuze") == MINE
    versie = data.get(f"{slug}-gezien" if chosen else f"{slug}-versie", "")
    typed = Typed(data.get(slug, ""), data.get(f"{slug}-toelichting", ""), int(versie) if versie.isdecimal() else 0)
    try:
        typed.count = AANTAL.clean(typed.invoer)
    except ValidationError as error:
        typed.fouten = error.messages
        return typed
    try:
        typed.toelichting = TOELICHTING.clean(typed.toelichting) if typed.count != MISSING else ""
    except ValidationError as error:
        typed.fouten_toelichting = error.messages
    if typed.count == UNKNOWN and not typed.toelichting:
        typed.fouten = ["Schrijf waarom dit aantal onbekend is. Dan wordt het bewaard."]
    return typed


def _mark(sheet: Sheet, f: Field, typed: Typed, outcome: Outcome, weigering: str) -> None:
    """Put what was typed back into a field that was not saved, with what stands in its way."""
    conflict = outcome.conflicts.get(f.cell)
    waits = typed.fouten_toelichting and typed.count != f.count
    fouten = typed.fouten or ([WAITS] if waits else outcome.refused.get(f.cell, []))
    if weigering and (typed.count, typed.toelichting) != (f.count, f.toelichting):
        fouten = fouten or [weigering]
    if not (conflict or fouten or typed.fouten_toelichting):
        f.is_replaced = f.invoer != typed.invoer
        return
    f.invoer, f.toelichting, f.versie = typed.invoer, typed.toelichting, typed.versie
    f.fouten, f.fouten_toelichting, f.conflict = list(dict.fromkeys(fouten)), typed.fouten_toelichting, conflict
    # One thing at a time: a number that cannot be kept is not asked about.
    asked = typed.count == UNKNOWN or conflict or typed.fouten_toelichting
    f.vraag = _vraag(sheet, f.category, f.sector, typed.count) if asked else ""
