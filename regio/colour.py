"""Contrast of a regio's accent colour (WCAG 2.2, success criterion 1.4.3 and its definition of relative luminance)."""

from django.core.exceptions import ValidationError

MINIMUM_CONTRAST = 4.5


def relative_luminance(colour: str) -> float:
    """Return the relative luminance, 0 (black) to 1 (white), of `colour` written as #rrggbb."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, 1 to 21, of two colours written as #rrggbb."""
    darker, lighter = sorted((relative_luminance(one), relative_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def validate_accent(colour: str) -> None:
    """Refuse an accent on which white text, or which on a white page, cannot be read."""
    try:
        ratio = contrast(colour, "#ffffff")
    except ValueError:
        return  # how a colour is written is the RegexValidator's to say
    if ratio < MINIMUM_CONTRAST:
        raise ValidationError(
            f"Deze kleur is op wit te licht om te lezen: contrast {ratio:.1f}, nodig is {MINIMUM_CONTRAST}. "
            "Kies een donkerder kleur."
        )
