"""What people write: long texts as Markdown in and safe HTML out, and what they typed for nothing."""

from django import template
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()

# Raw HTML in a text is shown as text; links to anything but http(s) and mailto are not made.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["heading", "lheading", "code", "fence", "image", "hr"])


@register.filter
def opmaak(text: str) -> SafeString:
    """Render the Markdown of a long text (paragraphs, lists, emphasis); anything else stays literal."""
    return mark_safe(_MARKDOWN.render(text))  # noqa: S308 — markdown-it escapes all HTML when html is off


@register.filter
def getypt(form: BaseForm) -> list[BoundField]:
    """Return the fields of a sent form in which somebody wrote text of their own."""
    return [field for field in form.visible_fields() if field.widget_type in {"text", "textarea"} and field.data]
