"""One theme: its tokens and what all pages share stand in one stylesheet that can be read; no colour elsewhere.

Bootstrap's stylesheet, which it builds on, is the one that Bootstrap published.
"""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

CSS = Path(__file__).parents[2] / "static" / "css"
THEME = CSS / "agendamonitor.css"
# Beheer colours Django's own variables; the margins of a printed page know no custom properties.
WITH_COLOURS = {THEME.name, "beheer.css"}
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", re.IGNORECASE)
# What Bootstrap tells pages to ask of its bootstrap.min.css, a version: css_hash in the config.yml of its site.
PUBLISHED = {"5.3.8": "sha384-sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB"}


def colours_in(css: str) -> list[str]:
    """Return the colours that `css` writes out, but for those of the page of a print."""
    return COLOUR.findall(re.sub(r"@page[^{]*\{(?:[^{}]|\{[^{}]*\})*\}", "", css))


def test_theme_is_one_stylesheet_under_500_lines():
    assert len(THEME.read_text().splitlines()) < 500


def test_tokens_are_the_themes():
    for sheet in CSS.glob("*.css"):
        declared = re.findall(r"^\s*:root\s*\{", sheet.read_text(), re.MULTILINE)
        assert bool(declared) == (sheet.name in WITH_COLOURS), sheet.name


def test_other_stylesheets_take_their_colours_from_the_theme():
    found = {sheet.name: colours_in(sheet.read_text()) for sheet in CSS.glob("*.css")}
    assert {name: colours for name, colours in found.items() if colours and name not in WITH_COLOURS} == {}


@pytest.mark.parametrize(
    ("css", "found"),
    [
        (".a { color: #123456; }", ["#123456"]),
        (".a { color: RGB(1 2 3); }", ["RGB("]),
        ("@page { color: #123456; @top-left { color: #fff; } } .a { color: var(--tekst); }", []),
        ("#inhoud { margin: 0; }", []),
    ],
)
def test_a_colour_is_found(css, found):
    assert colours_in(css) == found


def is_published(css: bytes) -> bool:
    """Tell whether this is Bootstrap as its makers published it, to the byte: the version is what the file says."""
    version = re.search(rb"Bootstrap\s+v([\d.]+)", css)
    digest = base64.b64encode(hashlib.sha384(css).digest()).decode()
    return version is not None and PUBLISHED.get(version[1].decode()) == f"sha384-{digest}"


def test_bootstrap_out_of_the_installed_package_is_what_bootstrap_published():
    found = finders.find("bootstrap/bootstrap.min.css")
    assert found
    css = Path(found).read_bytes()
    assert is_published(css)
    assert not is_published(css.replace(b"#0d6efd", b"#0d6efe", 1))
    assert not is_published(css.replace(b"v5.3.8", b"v5.3.9", 1))
    assert not is_published(css + b"@import url(//elsewhere.example);")
    assert not is_published(b"")
