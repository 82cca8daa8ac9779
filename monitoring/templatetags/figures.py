"""What is said about counts: by somebody to a reader who may not see the small ones, and of whom they are."""

from collections.abc import Sequence
from typing import Any

from django import template

from regio.figures import without_figures

register = template.Library()


@register.filter
def figures_if(text: str, seen: bool) -> str:  # noqa: FBT001 - a filter takes its argument by position
    """Return `text`, without its numbers unless this reader may see them."""
    return text if seen else without_figures(text)


@register.filter
def dekking_van_alle(regels: Sequence[dict[str, Any]]) -> str:
    """Return of how many gemeenten every one of these numbers is, when that is one thing to say; else nothing."""
    said = {regel["dekking"] for regel in regels}
    return said.pop() if len(said) == 1 else ""
