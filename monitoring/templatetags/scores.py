"""A score in a table, where hundreds of them stand together."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from agenda.models import Schaalwaarde
from monitoring.models import Publicatie

register = template.Library()


@register.filter
def score_label(waarde: Schaalwaarde | None) -> SafeString:
    """Return components/_score.html, rendered once for each value of a scale and not for each cell that has it."""
    return _render(waarde.waarde, waarde.kort, waarde.toon) if waarde else _render(None, "", "")


@register.filter
def publicatie_bij(publicaties: dict[int, Publicatie], meetmoment: int) -> Publicatie | None:
    """Return what is public of this meetmoment."""
    return publicaties.get(meetmoment)


@lru_cache(maxsize=512)
def _render(waarde: int | None, kort: str, toon: str) -> SafeString:
    shown = Schaalwaarde(waarde=waarde, kort=kort, toon=toon) if waarde else None
    return mark_safe(render_to_string("components/_score.html", {"waarde": shown}).strip())  # noqa: S308 - it was safe
