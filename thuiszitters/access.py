"""Whose counts somebody may see and enter (domein.md, rule 10)."""

from django.core.exceptions import PermissionDenied

from regio.models import Gebruiker, Organisatie
from regio.permissions import Permission


def may_enter(gebruiker: Gebruiker, regio_id: int, gemeente: Organisatie) -> bool:
    """Whether this person enters the counts of `gemeente`: its own invoerder, the RBL's, or the secretaris."""
    if gebruiker.has_permission(Permission.ALLE_AANTALLEN_INVOEREN, regio_id):
        return True
    own = gebruiker.organisaties_for(Permission.AANTALLEN_INVOEREN, regio_id)
    return any(organisatie == gemeente or organisatie.soort == Organisatie.Soort.RBL for organisatie in own)


def may_see(gebruiker: Gebruiker, regio_id: int, gemeente: Organisatie) -> bool:
    """Whether this person sees the counts of `gemeente` as they were entered."""
    return sees_all(gebruiker, regio_id) or may_enter(gebruiker, regio_id, gemeente)


def sees_all(gebruiker: Gebruiker, regio_id: int) -> bool:
    """Whether this person sees every count of the regio as it was entered; a regio may let its OOGO-leden."""
    if gebruiker.has_permission(Permission.ALLE_AANTALLEN_BEKIJKEN, regio_id):
        return True
    own = gebruiker.organisaties_for(Permission.AANTALLEN_INVOEREN, regio_id)
    return any(organisatie.soort == Organisatie.Soort.RBL for organisatie in own)


def enters_all(gebruiker: Gebruiker, regio_id: int) -> bool:
    """Whether this person enters, and so reads in from a file, the counts of every gemeente of the regio."""
    if gebruiker.has_permission(Permission.ALLE_AANTALLEN_INVOEREN, regio_id):
        return True
    own = gebruiker.organisaties_for(Permission.AANTALLEN_INVOEREN, regio_id)
    return any(organisatie.soort == Organisatie.Soort.RBL for organisatie in own)


def require_enter(gebruiker: Gebruiker, regio_id: int, gemeente: Organisatie) -> None:
    if not may_enter(gebruiker, regio_id, gemeente):
        raise PermissionDenied(Permission.AANTALLEN_INVOEREN.label)


def require_see(gebruiker: Gebruiker, regio_id: int, gemeente: Organisatie) -> None:
    if not may_see(gebruiker, regio_id, gemeente):
        raise PermissionDenied(Permission.ALLE_AANTALLEN_BEKIJKEN.label)
