"""Charts for page and PDF alike: plain data in, one SVG out that a strict Content-Security-Policy lets through.

The SVG holds no style, script, id or reference. What it draws has a class for the stylesheet of the page (light and
dark) and the light colours as attributes: any stylesheet overrules those, and WeasyPrint, that applies none to an SVG,
prints them.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET  # builds only, parses nothing

import pygal
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from pygal.style import Style

from regio.colour import LINE, MUTED, TEXT, TONES

# pygal's finder of map plugins lacks find_spec: Python warns at every import after it, and 3.12 does not know its kind.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

# In units of the drawing. Small, so that its text stays legible on a phone of 360 px.
WIDTH = 340
TEXT_SIZE = 14
# pygal guesses how wide a text is from a typewriter's letters; ours are narrower.
GUESSED_SIZE = 12
MARGIN = 12
# Letters beside a bar, so that the bar keeps a fifth of the drawing; the table beneath says names in full.
LABEL_MAX = 28
KEPT_ATTRIBUTES = ("x", "y", "width", "height", "d", "transform")


@dataclass(frozen=True)
class Bar:
    """One bar: its name, how much (None: nobody knows, so nothing is drawn), its tone, and the text at its end.

    `before` is the same at the moment before, drawn as an outline beneath; None leaves it out.
    """

    label: str
    value: int | None
    tone: str
    text: str
    before: int | None = None


@lru_cache(maxsize=512)
def column_chart(*, finding: str, description: str, bars: tuple[Bar, ...], top: int) -> SafeString:
    """Draw upright bars from 0 to `top`. `finding` is the accessible name, `description` what is read after it."""
    chart = pygal.Bar(**_options(height=220, margin_left=0), y_labels=range(top + 1), range=(0, top))
    chart.x_labels = [bar.label for bar in bars]
    chart.add("", [bar.value for bar in bars], rounded_bars=3)
    drawn = [bar for bar in bars if bar.value is not None]
    root = _redraw(chart, finding, description, [drawn])
    for value in root.iter("text"):
        if "waarde" in value.get("class", ""):
            value.set("dy", "-4")
    for bar, label in zip(bars, _labels(root, "as-x"), strict=True):
        if bar.value is None:
            _write(label, bar.text)
    return _serialise(root)


@lru_cache(maxsize=512)
def bar_chart(*, finding: str, description: str, bars: tuple[Bar, ...]) -> SafeString:
    """Draw lying bars from 0, the first on top, each with its outline of before beneath. All have a value."""
    compared = any(bar.before is not None for bar in bars)
    upwards = bars[::-1]
    top = max([1, *(bar.value or 0 for bar in bars), *(bar.before or 0 for bar in bars)])
    height = (36 if compared else 26) * len(bars) + 24
    chart = pygal.HorizontalBar(**_options(height=height), y_labels=[0], range=(0, top))
    chart.x_labels = [Truncator(bar.label).chars(LABEL_MAX) for bar in upwards]
    chart.add("", [bar.value for bar in upwards], rounded_bars=3)
    series = [list(upwards)]
    if compared:
        chart.add("", [bar.before or 0 for bar in upwards], rounded_bars=3)
        series.append([Bar(bar.label, bar.before or 0, "vorig", str(bar.before or 0)) for bar in upwards])
    root = _redraw(chart, finding, description, series)
    for value in root.iter("text"):
        if "waarde" in value.get("class", ""):
            # Beside its bar, however many digits it has; pygal centres it on a place for one.
            value.set("text-anchor", "start")
            value.set("dx", "-3")
    for axis in _of_class(root, "as-x"):
        # Every bar has its number: a lone 0 beneath them says nothing more, and reads as one of those.
        for zero in list(_of_tag(axis, "text")):
            axis.remove(zero)
    # Nor does it need room.
    root.set("viewBox", f"0 0 {WIDTH} {height - GUESSED_SIZE - MARGIN}")
    return _serialise(root)


def _options(**more: Any) -> dict[str, Any]:
    style = Style(label_font_size=GUESSED_SIZE, value_font_size=TEXT_SIZE)
    quiet = {"js": [], "no_prefix": True, "explicit_size": False, "show_legend": False, "truncate_label": 60}
    look = {"style": style, "print_values": True, "print_values_position": "top", "margin": MARGIN, "spacing": 4}
    return quiet | look | {"width": WIDTH} | more


def _redraw(chart: Any, finding: str, description: str, series: list[list[Bar]]) -> ET.Element:
    """Copy of pygal's drawing only what is known to be harmless, in our own classes."""
    source = chart.render_tree()
    root = ET.Element(
        "svg",
        {"xmlns": "http://www.w3.org/2000/svg", "class": "grafiek", "role": "img", "viewBox": source.get("viewBox")},
    )
    ET.SubElement(root, "title").text = finding
    ET.SubElement(root, "desc").text = description
    plot, *_ = _of_class(source, "plot")
    values, *_ = _of_class(source, "text-overlay")
    body = _copy(root, plot, "g")
    for axis in _of_class(plot, "axis"):
        if axis.tag == "g":
            _copy_axis(body, axis)
    for number, bars in enumerate(series):
        if bars:  # Of a series without a value pygal draws nothing.
            drawn, written = (next(_of_class(part, f"serie-{number}")) for part in (plot, values))
            _copy_series(body, bars, drawn, written)
    return root


def _copy_axis(body: ET.Element, axis: Any) -> None:
    classes = axis.get("class").split()
    name = "x" if "x" in classes else "y"
    group = ET.SubElement(body, "g", {"class": f"as as-{name}"})
    if "always_show" in classes:
        for line in _of_tag(axis, "path"):
            _copy(group, line, "path", stroke=LINE, fill="none")
    anchor = {"x": "middle", "y": "end"}[name]
    for text in _of_tag(axis, "text"):
        copied = _copy(group, text, "text", **{"text-anchor": anchor, "font-size": str(TEXT_SIZE), "fill": MUTED})
        copied.text = text.text


def _copy_series(body: ET.Element, bars: list[Bar], drawn: Any, written: Any) -> None:
    for bar, rect, text in zip(bars, _of_tag(drawn, "rect"), _of_tag(written, "text"), strict=True):
        if bar.value:
            stroke, fill = TONES.get(bar.tone, (MUTED, "none"))
            _copy(body, rect, "rect", **{"class": f"balk balk-{bar.tone}", "fill": fill, "stroke": stroke, "rx": "3"})
        look = {"class": f"waarde waarde-{bar.tone}", "fill": MUTED if bar.tone == "vorig" else TEXT}
        weight = {} if bar.tone == "vorig" else {"font-weight": "600"}
        size = {"text-anchor": "middle", "font-size": str(TEXT_SIZE)}
        _copy(body, text, "text", **look, **weight, **size).text = bar.text


def _write(label: ET.Element, text: str) -> None:
    """Write above a label on the x-axis what is said instead of a bar."""
    label.set("class", "zonder-balk")
    span = ET.SubElement(label, "tspan", {"x": label.get("x", "0"), "dy": "-30"})
    span.text = text


def _copy(parent: ET.Element, source: Any, tag: str, **attributes: str) -> ET.Element:
    kept = {name: _shorten(source.get(name)) for name in KEPT_ATTRIBUTES if source.get(name) is not None}
    return ET.SubElement(parent, tag, kept | attributes)


def _shorten(places: str) -> str:
    """Leave of each number two decimals: more is seen by nobody, and costs a kilobyte a page."""
    return re.sub(r"\d+\.\d+", lambda number: f"{round(float(number[0]), 2):g}", places)


def _of_class(source: Any, name: str) -> Iterator[Any]:
    return _children(source, lambda node: name in node.get("class", "").split())


def _of_tag(source: Any, tag: str) -> Iterator[Any]:
    return _children(source, lambda node: node.tag == tag)


def _children(source: Any, wanted: Callable[[Any], bool]) -> Iterator[Any]:
    """Everything beneath `source` that is `wanted`; comments have no name and are not."""
    return (node for node in source.iter() if node is not source and isinstance(node.tag, str) and wanted(node))


def _labels(root: ET.Element, name: str) -> list[ET.Element]:
    return [text for group in _of_class(root, name) for text in group.iter("text")]


def _serialise(root: ET.Element) -> SafeString:
    return mark_safe(ET.tostring(root, encoding="unicode"))  # noqa: S308 — built above, every text escaped
