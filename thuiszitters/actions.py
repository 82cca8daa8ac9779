"""What happens to counts and opgaven: one function per event, atomic, with the person who does it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from regio.audit import sign
from regio.models import Gebruiker, Organisatie, Regio
from thuiszitters.berichten import take_back_returned, tell_returned
from thuiszitters.categories import REDEN, VERZUIM
from thuiszitters.counting import MISSING, UNKNOWN, Count, given
from thuiszitters.cube import Key
from thuiszitters.models import Opgave, Telling, Telmoment, count_of
from thuiszitters.overview import load_quarters
from thuiszitters.plausibility import Cell, refusals
from thuiszitters.schooljaar import default_peildata
from thuiszitters.sheet import SECTORS, Lack, Sheet, load_sheet

ZERO = given(0)
DAYS_TO_ENTER = 30


class NotAllowedNow(Exception):
    """The opgave is in a state in which this cannot happen; the message says so to the user."""


class Incomplete(Exception):
    """Something is missing before the opgave can be submitted; `lacks` names the counts."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__("De opgave is nog niet compleet.")
        self.lacks = lacks


@dataclass(frozen=True)
class Entry:
    """One count as somebody entered it, as the successor of `versie` (0: there was none)."""

    cell: Cell
    count: Count
    toelichting: str
    versie: int


@dataclass
class Outcome:
    """What became of the entries: saved, refused with the reasons, or in conflict with somebody else's."""

    saved: set[Cell] = field(default_factory=set)
    refused: dict[Cell, list[str]] = field(default_factory=dict)
    conflicts: dict[Cell, Telling] = field(default_factory=dict)


@transaction.atomic
def save_tellingen(*, telmoment: Telmoment, gemeente: Organisatie, entries: Sequence[Entry], by: Gebruiker) -> Outcome:
    """Save what was entered on one sheet; what contradicts or conflicts stays unsaved and keeps nothing else back.

    An entry that says what its author found there is no change, also when somebody else changed the count since.
    Raises NotAllowedNow when the opgave cannot be changed.
    """
    opgave = lock_opgave(telmoment, gemeente)
    require_open(opgave)
    sheet = load_sheet(telmoment, gemeente, beside=0)
    outcome = Outcome()
    changed = _changed(sheet, entries, outcome)
    _refuse_contradictions(sheet, changed, outcome)
    _write(sheet, opgave, changed, by)
    outcome.saved = set(changed)
    return outcome


@transaction.atomic
def enter_zeros(*, telmoment: Telmoment, gemeente: Organisatie, groepen: Collection[str], by: Gebruiker) -> int:
    """Store 0 in every count of `groepen` that nobody entered yet, and return how many that were."""
    opgave = lock_opgave(telmoment, gemeente)
    require_open(opgave)
    sheet = load_sheet(telmoment, gemeente, beside=0)
    stored = sheet.counts
    empty = [
        (category.code, sector)
        for category in sheet.categories
        if category.groep in groepen
        for sector in SECTORS
        if stored.get((category.code, sector), MISSING) == MISSING
    ]
    _write(sheet, opgave, {cell: Entry(cell, ZERO, "", 0) for cell in empty}, by)
    return len(empty)


@transaction.atomic
def report_none(*, telmoment: Telmoment, gemeente: Organisatie, by: Gebruiker) -> int:
    """Store "geen thuiszitters dit kwartaal": zeros, not blanks, for every child at home and every reason.

    Raises NotAllowedNow where a number above zero stands already: that would be lost.
    """
    sheet = load_sheet(telmoment, gemeente, beside=0)
    groepen = {VERZUIM, REDEN}
    if any(sheet.counts.get((c.code, s), ZERO).aantal for c in sheet.categories if c.groep in groepen for s in SECTORS):
        raise NotAllowedNow("Er staan al aantallen boven 0. Zet die zelf op 0 als er geen thuiszitters zijn.")
    return enter_zeros(telmoment=telmoment, gemeente=gemeente, groepen=groepen, by=by)


@transaction.atomic
def submit_opgave(*, telmoment: Telmoment, gemeente: Organisatie, by: Gebruiker, op: datetime | None = None) -> Opgave:
    """Submit the counts of a gemeente and close them for entry.

    Raises Incomplete when a count or an explanation is missing, NotAllowedNow when it was submitted already. What
    may be left out, and was, is stored as "geen opgave". `op`, here and below, dates what happened before it was
    entered.
    """
    opgave = lock_opgave(telmoment, gemeente)
    require_open(opgave)
    sheet = load_sheet(telmoment, gemeente, beside=1)
    lacks = sheet.lacks()
    if lacks:
        raise Incomplete(lacks)
    left_out = [
        (c.code, sector) for c in sheet.categories for sector in SECTORS if (c.code, sector) not in sheet.tellingen
    ]
    _write(sheet, opgave, {cell: Entry(cell, MISSING, "", 0) for cell in left_out}, by)
    opgave.status = Opgave.Status.INGEDIEND
    opgave.ingediend_door = by
    opgave.ingediend_op = op or timezone.now()
    opgave.reden_teruggave = ""
    sign(opgave, by, op=op)
    opgave.save()
    if op is None:
        take_back_returned(opgave)
    return opgave


@transaction.atomic
def return_opgave(
    *, telmoment: Telmoment, gemeente: Organisatie, reden: str, by: Gebruiker, op: datetime | None = None
) -> Opgave:
    """Give submitted counts back to the gemeente with the reason, and open them for entry again.

    Raises NotAllowedNow when they were not submitted. The reason stays in the history for good.
    """
    opgave = lock_opgave(telmoment, gemeente)
    _require_open_telmoment(opgave.telmoment)
    if opgave.status != Opgave.Status.INGEDIEND:
        raise NotAllowedNow("Deze opgave is niet ingediend en kan dus niet worden teruggegeven.")
    opgave.status = Opgave.Status.TERUGGEGEVEN
    opgave.reden_teruggave = reden
    sign(opgave, by, reason=reden, op=op)
    opgave.save()
    if op is None:
        tell_returned(opgave, reden=reden, by=by)
    return opgave


@transaction.atomic
def open_schooljaar(*, regio: Regio, schooljaar: str, by: Gebruiker) -> int:
    """Make the telmomenten of `schooljaar` that are missing, with a month to enter each, and return how many."""
    known = set(Telmoment.objects.filter(regio=regio).values_list("peildatum", flat=True))
    new = [day for day in default_peildata(schooljaar) if day not in known]
    for day in new:
        # Nobody is late with what was not asked for yet.
        asked_on = max(day, timezone.localdate())
        made = Telmoment(regio=regio, peildatum=day, deadline=asked_on + timedelta(days=DAYS_TO_ENTER))
        sign(made, by)
        made.save()
    return len(new)


def lock_telmoment(telmoment: Telmoment) -> Telmoment:
    """Hold the telmoment for this transaction and return it as it is now, so that nothing is counted while it closes.

    Without its key: an opgave that somebody makes meanwhile may refer to it.
    """
    held = Telmoment.objects.select_for_update(of=("self",), no_key=True).select_related("regio")
    return held.get(pk=telmoment.pk)


def mark_telmoment(
    telmoment: Telmoment, *, voorgelegd_op: datetime | None, afgesloten_op: datetime | None, reden: str, by: Gebruiker
) -> None:
    """Close a telmoment that is held, or open it: what each moment means stands at the model."""
    if telmoment.afgesloten_op and afgesloten_op is None:
        telmoment.eerder_onbekend = _unknown_so_far(telmoment)
    telmoment.voorgelegd_op, telmoment.afgesloten_op = voorgelegd_op, afgesloten_op
    sign(telmoment, by, reason=reden)
    telmoment.save()


def _unknown_so_far(telmoment: Telmoment) -> list[Key]:
    """Return the counts that were in no sum, in the version that is adopted now or in one before it."""
    quarters = load_quarters(telmoment.regio, telmoment.peildatum, latest=1)
    return sorted(telmoment.gaten_van_eerder.union(*(quarter.unknown for quarter in quarters)))


def _require_open_telmoment(telmoment: Telmoment) -> None:
    if not telmoment.is_open:
        raise NotAllowedNow(telmoment.waarom_dicht)


def require_open(opgave: Opgave) -> None:
    _require_open_telmoment(opgave.telmoment)
    if opgave.telmoment.peildatum > timezone.localdate():
        raise NotAllowedNow("Deze peildatum ligt in de toekomst. Invoeren kan vanaf die dag.")
    if not opgave.is_open:
        raise NotAllowedNow("Deze opgave is ingediend. Wijzigen kan pas als de secretaris haar teruggeeft.")


def lock_opgave(telmoment: Telmoment, gemeente: Organisatie) -> Opgave:
    """Hold the opgave for this transaction, so that nobody saves a count while somebody else saves or submits.

    Where nobody entered anything yet it is a new one: the first count that is written begins it, and who holds the
    telmoment is the only one to.
    """
    telmoment = lock_telmoment(telmoment)
    held = Opgave.objects.select_for_update().filter(telmoment=telmoment, gemeente=gemeente).order_by("pk").first()
    opgave = held or Opgave()
    opgave.telmoment, opgave.gemeente = telmoment, gemeente
    return opgave


def _changed(sheet: Sheet, entries: Sequence[Entry], outcome: Outcome) -> dict[Cell, Entry]:
    """Return the entries that change something, and note those that somebody else was before."""
    changed: dict[Cell, Entry] = {}
    behind: dict[Cell, Entry] = {}
    for entry in entries:
        telling = sheet.tellingen.get(entry.cell)
        stored = (telling.count, telling.toelichting) if telling else (MISSING, "")
        if stored == (entry.count, entry.toelichting):
            continue
        if telling is None or telling.versie == entry.versie:
            changed[entry.cell] = _without_reason_of_unknown(entry, *stored)
        else:
            behind[entry.cell] = entry
    for cell in _not_as_found(sheet, behind):
        outcome.conflicts[cell] = sheet.tellingen[cell]
    return changed


def _without_reason_of_unknown(entry: Entry, count: Count, toelichting: str) -> Entry:
    """Leave out why a number was unknown once it is known: it explains nothing any more."""
    is_known_now = count == UNKNOWN and entry.count != UNKNOWN
    return replace(entry, toelichting="") if is_known_now and entry.toelichting == toelichting else entry


def _not_as_found(sheet: Sheet, behind: dict[Cell, Entry]) -> list[Cell]:
    """Return which entries differ from the version that their author started from: those were really entered."""
    if not behind:
        return []
    tellingen = {sheet.tellingen[cell].pk: cell for cell in behind}
    found = {
        (tellingen[version.id], version.versie): (count_of(version), version.toelichting)
        for version in Telling.history.filter(id__in=tellingen)
    }
    return [
        cell
        for cell, entry in behind.items()
        if found.get((cell, entry.versie), (MISSING, "")) != (entry.count, entry.toelichting)
    ]


def _refuse_contradictions(sheet: Sheet, changed: dict[Cell, Entry], outcome: Outcome) -> None:
    """Take out of `changed` what contradicts the rest, until what is left can be kept."""
    while True:
        counts = sheet.counts | {cell: entry.count for cell, entry in changed.items()}
        refused = [r for r in refusals(sheet.categories, SECTORS, counts) if r.cells & changed.keys()]
        if not refused:
            return
        for refusal in refused:
            for cell in refusal.cells & changed.keys():
                outcome.refused.setdefault(cell, []).append(refusal.tekst)
        for cell in outcome.refused:
            changed.pop(cell, None)


def _write(sheet: Sheet, opgave: Opgave, changed: dict[Cell, Entry], by: Gebruiker) -> None:
    """Write the entries with a history each; two queries for the new ones and two for the others, however many.

    The first of them begin the opgave.
    """
    if changed and not opgave.pk:
        sign(opgave, by)
        opgave.save()
    by_code = {category.code: category.pk for category in sheet.categories}
    made: list[Telling] = []
    updated: list[Telling] = []
    for (code, sector), entry in changed.items():
        telling = sheet.tellingen.get((code, sector))
        (updated if telling else made).append(telling or Telling(opgave=opgave, sector=sector, versie=0))
        telling = (updated if telling else made)[-1]
        telling.categorie_id = by_code[code]
        telling.status, telling.aantal, telling.toelichting = entry.count.status, entry.count.aantal, entry.toelichting
        telling.versie += 1
        telling.gewijzigd_door, telling.gewijzigd_op = by, timezone.now()
    write_tellingen(made, updated, by)


def write_tellingen(made: Sequence[Telling], updated: Sequence[Telling], by: Gebruiker) -> None:
    for telling in (*made, *updated):
        sign(telling, by)
    fields = ["categorie", "status", "aantal", "toelichting", "versie", "gewijzigd_door", "gewijzigd_op"]
    Telling.objects.bulk_create(made, batch_size=500)
    Telling.objects.bulk_update(updated, fields, batch_size=100)
    for tellingen, kind in ((made, False), (updated, True)):
        if tellingen:
            Telling.history.bulk_history_create(tellingen, batch_size=500, update=kind)
