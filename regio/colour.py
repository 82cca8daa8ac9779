"""Colours that can be read: contrast (WCAG 2.2, 1.4.3 and its definition of relative luminance) and accents."""

from django.core.exceptions import ValidationError

MINIMUM_CONTRAST = 4.5
DEFAULT_ACCENT = "#0b5563"

# The tokens of static/css/agendamonitor.css that are needed outside it: in charts, and to adapt an accent.
TEXT, MUTED, LINE = "#1c2730", "#55626d", "#d9dee2"
TONES = {
    "prioriteit": ("#8c1d13", "#fbe4e1"),
    "aandacht": ("#7a4a00", "#fdeccd"),
    "neutraal": ("#45515b", "#eceff1"),
    "vooruitgang": ("#0f5a44", "#d9efe6"),
    "trots": ("#1f3f8f", "#d7e3fb"),
}
# The parts of a column.
SERIES = {"reeks-1": "#2f6f7c", "reeks-2": "#e0a13c"}
WHITE, BLACK = "#ffffff", "#000000"
DARK_CARD, DARK_INK = "#182128", "#0c1a1f"


def relative_luminance(colour: str) -> float:
    """Return the relative luminance, 0 (black) to 1 (white), of `colour` written as #rrggbb."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, 1 to 21, of two colours written as #rrggbb."""
    darker, lighter = sorted((relative_luminance(one), relative_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def is_legible(colour: str) -> bool:
    """Say whether white text on `colour`, and `colour` on a white page, can be read."""
    return contrast(colour, WHITE) >= MINIMUM_CONTRAST


def validate_accent(colour: str) -> None:
    """Refuse an accent on which white text, or which on a white page, cannot be read."""
    try:
        ratio = contrast(colour, WHITE)
    except ValueError:
        return  # how a colour is written is the RegexValidator's to say
    if ratio < MINIMUM_CONTRAST:
        raise ValidationError(
            f"Deze kleur is op wit te licht om te lezen: contrast {ratio:.1f}, nodig is {MINIMUM_CONTRAST}. "
            "Kies een donkerder kleur."
        )


def accent_stylesheet(colour: str) -> str:
    """Return the stylesheet that makes `colour` the accent, adapted to be legible in light and dark."""
    weak, weak_dark = mix(colour, WHITE, 0.11), mix(colour, DARK_CARD, 0.3)
    accent = legible_on(weak, colour, towards=BLACK)
    accent_dark = legible_on(weak_dark, mix(colour, WHITE, 0.4), towards=WHITE)
    return (
        f":root{{--accent:{accent};--accent-zwak:{weak};--op-accent:{WHITE}}}\n"
        "@media screen and (prefers-color-scheme:dark){"
        f":root{{--accent:{accent_dark};--accent-zwak:{weak_dark};--op-accent:{DARK_INK}}}}}\n"
    )


def mix(colour: str, other: str, share: float) -> str:
    """Return `colour` with `share` (0 to 1) of it kept and the rest `other`."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one * share + two * (1 - share)):02x}" for one, two in pairs)


def legible_on(ground: str, colour: str, *, towards: str) -> str:
    """Return `colour`, moved as far `towards` black or white as it takes to read it on `ground`."""
    steps = (mix(colour, towards, kept / 20) for kept in range(20, -1, -1))
    return next(step for step in steps if contrast(step, ground) >= MINIMUM_CONTRAST)


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
