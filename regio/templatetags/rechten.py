"""What of the frame depends on what the reader may do in the regio."""

from django import template

from regio.models import Gebruiker, Regio
from regio.permissions import Permission

register = template.Library()


@register.filter
def volgt_voortgang(gebruiker: Gebruiker, regio: Regio) -> bool:
    """Whether this person watches over what is returned in the regio."""
    return gebruiker.has_permission(Permission.VOORTGANG_BEKIJKEN, regio.pk)


@register.filter
def volgt_regios(gebruiker: Gebruiker) -> bool:
    """Whether this person watches over what is returned in more than one regio."""
    watched = gebruiker.regio_ids_with(Permission.VOORTGANG_BEKIJKEN)
    return watched is None or len(watched) > 1
