"""What somebody wrote about counts, to a reader who may not see the small ones."""

from django import template

from regio.figures import without_figures

register = template.Library()


@register.filter
def figures_if(text: str, seen: bool) -> str:  # noqa: FBT001 - a filter takes its argument by position
    """Return `text`, without its numbers unless this reader may see them."""
    return text if seen else without_figures(text)
