"""Whether a file is what was adopted: its own bytes, or the snapshot inside it, held against the register."""

import hashlib
import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pypdf import PdfReader

from monitoring.differences import Verschil, find_differences
from monitoring.models import Momentopname, OfRapportageQuerySet
from monitoring.quarter_snapshot import SOORT, SOORT_GEMASKEERD, masked_variant, read_kwartaal
from monitoring.report import Vaststelling
from monitoring.snapshot import NotASnapshot, canonical, read, thaw, thaw_besluit
from regio.models import Regio

logger = logging.getLogger("agendamonitor")

MAX_BYTES = 10 * 1024 * 1024
PDF, JSON = b"%PDF-", b"{"


class Unreadable(Exception):
    """This file is no PDF and no JSON that can be read; the message says in Dutch what to do."""


class Oordeel(StrEnum):
    ONGEWIJZIGD = "ongewijzigd"
    GEGEVENS_ONGEWIJZIGD = "gegevens-ongewijzigd"
    GEWIJZIGD = "gewijzigd"
    ONBEKEND = "onbekend"


@dataclass(frozen=True)
class Uitkomst:
    """What became of verifying one file: the snapshot it is (or says to be), and what differs from it."""

    oordeel: Oordeel
    momentopname: Momentopname | None = None
    verschillen: tuple[Verschil, ...] = ()

    @property
    def vaststelling(self) -> Vaststelling | None:
        if self.momentopname is None:
            return None
        if self.momentopname.rapportage.meetmoment_id:
            return thaw(self.momentopname.inhoud).vaststelling
        return thaw_besluit(read_kwartaal(self.momentopname.inhoud), self.momentopname.sha256)


def verify(content: bytes, register: OfRapportageQuerySet[Momentopname], sees_raw: Callable[[Regio], bool]) -> Uitkomst:
    """Return what `content`, a PDF or JSON, is to `register`: the snapshots that the reader may see.

    `sees_raw` tells of a regio whether they see its small numbers: what differs would tell those. Raises Unreadable for
    what is neither.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    found = register.with_names().filter(sha256=sha256).first()
    found = found or register.with_names().filter(afdrukken__sha256=sha256).first()
    if found:
        return Uitkomst(Oordeel.ONGEWIJZIGD, found)
    text = _snapshot_in(content)
    if text is None:
        return Uitkomst(Oordeel.ONBEKEND)
    if (quarter := _quarter_in(text)) is not None:
        return _judge_kwartaal(text, quarter, register, sees_raw)
    return _judge_snapshot(text, register)


def _quarter_in(text: str) -> dict[str, Any] | None:
    try:
        return read_kwartaal(text)
    except NotASnapshot:
        return None


def _judge_kwartaal(
    text: str, content: dict[str, Any], register: OfRapportageQuerySet[Momentopname], sees_raw: Callable[[Regio], bool]
) -> Uitkomst:
    """Judge the snapshot of a quarter: the masked one, or one that was changed."""
    try:
        stored = register.with_names().filter(
            rapportage__telmoment__regio__slug=str(content["regio"]["slug"]),
            rapportage__telmoment__peildatum=date.fromisoformat(content["peildatum"]),
            versie=int(content["versie"]),
        )
        named = stored.first()
    except (KeyError, TypeError, ValueError, OverflowError):
        return Uitkomst(Oordeel.ONBEKEND)
    if named is None:
        return Uitkomst(Oordeel.ONBEKEND)
    kept = read_kwartaal(named.inhoud)
    masked = masked_variant(kept, named.sha256)
    if text == canonical(masked):
        return Uitkomst(Oordeel.ONGEWIJZIGD, named)
    if content["soort"] == SOORT and not sees_raw(named.rapportage.regio):
        content = masked_variant(content, named.sha256)
    compared = masked if content["soort"] == SOORT_GEMASKEERD else kept
    return Uitkomst(Oordeel.GEWIJZIGD, named, tuple(find_differences(compared, content)))


def _judge_snapshot(text: str, register: OfRapportageQuerySet[Momentopname]) -> Uitkomst:
    """Judge by the snapshot alone a file that is not, byte for byte, what left the house."""
    same = register.with_names().filter(sha256=hashlib.sha256(text.encode()).hexdigest()).first()
    if same:
        return Uitkomst(Oordeel.GEGEVENS_ONGEWIJZIGD, same)
    try:
        content = read(text)
        stored = register.with_names().filter(
            rapportage__meetmoment__agenda__regio__slug=str(content["regio"]["slug"]),
            rapportage__meetmoment__agenda__slug=str(content["agenda"]["slug"]),
            rapportage__meetmoment__slug=str(content["meetmoment"]),
            versie=int(content["versie"]),
        )
        named = stored.first()
    except (NotASnapshot, KeyError, TypeError, ValueError, OverflowError):
        return Uitkomst(Oordeel.ONBEKEND)
    if named is None:
        return Uitkomst(Oordeel.ONBEKEND)
    return Uitkomst(Oordeel.GEWIJZIGD, named, tuple(find_differences(read(named.inhoud), content)))


def _snapshot_in(content: bytes) -> str | None:
    """Return the JSON that the file is or carries; None when it carries none."""
    if content.startswith(PDF):
        return _attached_json(content)
    if content.lstrip().startswith(JSON):
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise Unreadable("Dit bestand is geen leesbare JSON.") from error
    raise Unreadable("Dit is geen pdf en geen JSON. Kies het bestand dat u van de Agendamonitor kreeg.")


def _attached_json(content: bytes) -> str | None:
    try:
        attached = PdfReader(io.BytesIO(content)).attachments
        for name, versions in attached.items():
            if name.endswith(".json") and versions and len(versions[0]) <= MAX_BYTES:
                return versions[0].decode()
    except Exception as error:
        # The file is somebody else's: whatever is wrong in it, its reader is told, and the log keeps only the kind.
        logger.info("pdf-unreadable error=%s", type(error).__name__)
        raise Unreadable("Deze pdf is beschadigd of beveiligd en kan niet worden gelezen.") from error
    return None
