"""Whether a file is what the OOGO adopted: its own bytes, or the snapshot inside it, held against the register."""

import hashlib
import io
import logging
from dataclasses import dataclass
from enum import StrEnum

from pypdf import PdfReader

from monitoring.differences import Verschil, find_differences
from monitoring.models import Momentopname, OfRapportageQuerySet
from monitoring.report import Vaststelling
from monitoring.snapshot import NotASnapshot, read, thaw

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
        return thaw(self.momentopname.inhoud).vaststelling if self.momentopname else None


def verify(content: bytes, register: OfRapportageQuerySet[Momentopname]) -> Uitkomst:
    """Return what `content`, a PDF or JSON, is to `register`: the snapshots that the reader may see.

    Raises Unreadable for what is neither.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    found = register.with_names().filter(sha256=sha256).first()
    found = found or register.with_names().filter(afdrukken__sha256=sha256).first()
    if found:
        return Uitkomst(Oordeel.ONGEWIJZIGD, found)
    return _judge_snapshot(_snapshot_in(content), register)


def _judge_snapshot(text: str | None, register: OfRapportageQuerySet[Momentopname]) -> Uitkomst:
    """Judge by the snapshot alone a file that is not, byte for byte, what left the house."""
    if text is None:
        return Uitkomst(Oordeel.ONBEKEND)
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
