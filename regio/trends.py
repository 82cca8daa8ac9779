"""Charts of what was counted quarter by quarter: stacked columns and small lines. As harmless as those of charts.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from math import ceil
from typing import Any
from xml.etree import ElementTree as ET  # builds only, parses nothing

import pygal
from django.utils.safestring import SafeString
from pygal.style import Style

from regio.charts import _children, _copy, _copy_axis, _of_class, _of_tag, _serialise, _shorten
from regio.colour import DEFAULT_ACCENT, MUTED, SERIES, TEXT, TONES, WHITE

WIDE, NARROW, SMALL = 720, 340, 220
MOST_ON_A_PHONE = 5
TEXT_SIZE = 13
# The part of the height above the highest column, for the text that stands on it.
ROOM_ABOVE = 1.12
# How much higher than its columns pygal makes a plot: two hundredths below and above.
PLOT_EDGES = 1.04
# How far a line across one column goes beyond it: less than half of what lies between two.
BESIDE_COLUMN = 3
# How high a column must be for its text to stand within it.
ROOM_WITHIN = 24
NORM = TONES["prioriteit"][0]


@dataclass(frozen=True)
class Column:
    """One moment: its label, its parts from the ground up (None: nothing can be drawn), and the text above them.

    `is_break` draws a line before it, across which nothing may be compared. `is_whole` says that the first part is the
    whole, of which nobody may know the parts. `norm` draws a line across this column alone: what it is held against.
    """

    label: str
    parts: tuple[float, ...] | None
    text: str
    is_break: bool = False
    is_whole: bool = False
    norm: float | None = None

    @classmethod
    def of(cls, label: str, parts: tuple[int, ...] | None, whole: int | None, text: str, *, is_break: bool) -> "Column":
        """Return a column of its parts; of its `whole` alone when nobody may know those; of nothing without that."""
        if whole is None or parts is not None:
            return cls(label, parts if whole is not None else None, text, is_break=is_break)
        return cls(label, (whole,), text, is_break=is_break, is_whole=True)


@lru_cache(maxsize=256)
def trend_chart(
    *, finding: str, description: str, columns: tuple[Column, ...], break_text: str = "", norm: int | None = None
) -> SafeString:
    """Draw columns from 0, and a line at the `norm`. `finding` is the accessible name, `description` is read after.

    Few columns with a line each are drawn as wide as a phone.
    """
    is_small = len(columns) <= MOST_ON_A_PHONE and any(column.norm is not None for column in columns)
    height = max((len(column.parts) for column in columns if column.parts), default=1)
    top = max([1, norm or 0, *(max(sum(column.parts or ()), column.norm or 0) for column in columns)])
    steps = _steps(top)
    highest = max(top * ROOM_ABOVE, steps[-1])
    chart = pygal.StackedBar(
        **_options(width=NARROW if is_small else WIDE, height=220 if is_small else 280),
        range=(0, highest),
        y_labels=steps,
        show_x_guides=False,
    )
    chart.x_labels = [column.label for column in columns]
    for part in range(height):
        chart.add("", [sum((column.parts or ())[part : part + 1]) for column in columns])
    source = chart.render_tree()
    root, body = _root(source, finding, description, "grafiek" if is_small else "grafiek grafiek-breed")
    bars = [list(_of_tag(series, "rect")) for n in range(height) for series in _plot_series(source, n)]
    _draw_columns(body, columns, bars)
    _draw_breaks(body, columns, bars[0], break_text)
    if norm is not None:
        _draw_norm(body, source, norm / highest)
    for column, rect in zip(columns, bars[0], strict=True):
        if column.norm is not None:
            _draw_norm(body, source, column.norm / highest, across=rect)
    return _serialise(root)


@lru_cache(maxsize=512)
def small_line(*, finding: str, description: str, values: tuple[int | None, ...], top: int) -> SafeString:
    """Draw one line from 0 to `top`, with a gap where there is no value and a dot at the last."""
    chart = pygal.Line(
        **_options(width=SMALL, height=90), range=(0, max(1, top)), y_labels=[0], allow_interruptions=True
    )
    chart.add("", list(values))
    source = chart.render_tree()
    root, body = _root(source, finding, description, "grafiek grafiek-klein")
    for series in _plot_series(source, 0):
        for path in _of_tag(series, "path"):
            if "line" in path.get("class", "").split():
                look = {"class": "lijn", "fill": "none", "stroke": DEFAULT_ACCENT, "stroke-width": "2"}
                _copy(body, path, "path", **look)
    dots = [dot for overlay in _of_class(source, "overlay") for dot in _of_tag(overlay, "circle")]
    if dots and values[-1] is not None:
        place = {name: _shorten(dots[-1].get(name)) for name in ("cx", "cy")}
        ET.SubElement(body, "circle", place | {"r": "4", "class": "punt", "fill": DEFAULT_ACCENT})
    return _serialise(root)


def _options(**more: Any) -> dict[str, Any]:
    style = Style(label_font_size=12, value_font_size=TEXT_SIZE)
    quiet = {"js": [], "no_prefix": True, "explicit_size": False, "show_legend": False, "truncate_label": 60}
    return quiet | {"style": style, "print_values": False, "margin": 12, "spacing": 4} | more


def _steps(top: float) -> list[int]:
    """Return where the axis has its numbers: at most five above 0, each a number that people count in."""
    rounds = (size * 10**power for power in count() for size in (1, 2, 2.5, 5))
    step = next(int(size) for size in rounds if size == int(size) and top / size <= 5)
    return list(range(0, ceil(top) + step, step))


def _root(source: Any, finding: str, description: str, classes: str) -> tuple[ET.Element, ET.Element]:
    root = ET.Element(
        "svg",
        {"xmlns": "http://www.w3.org/2000/svg", "class": classes, "role": "img", "viewBox": source.get("viewBox")},
    )
    ET.SubElement(root, "title").text = finding
    ET.SubElement(root, "desc").text = description
    plot, *_ = _of_class(source, "plot")
    body = _copy(root, plot, "g")
    for axis in _of_class(plot, "axis"):
        if axis.tag == "g":
            _copy_axis(body, axis)
    return root, body


def _plot_series(source: Any, number: int) -> list[Any]:
    plot, *_ = _of_class(source, "plot")
    return list(_children(plot, lambda node: f"serie-{number}" in node.get("class", "").split()))[:1]


def _draw_columns(body: ET.Element, columns: Sequence[Column], bars: list[list[Any]]) -> None:
    # A line may run just above its column, so then each text stands within.
    has_lines = any(column.norm is not None for column in columns)
    for place, column in enumerate(columns):
        rects = [series[place] for series in bars]
        ground = float(rects[0].get("y")) + float(rects[0].get("height"))
        top = min(
            [ground, *(float(rect.get("y")) for rect, value in zip(rects, column.parts or (), strict=False) if value)]
        )
        for name, rect, value in zip(SERIES, rects, column.parts or (), strict=False):
            if value:
                look = {"class": f"balk {name}", "fill": SERIES[name], "stroke": "none"}
                whole = {"class": "balk reeks-heel", "fill": "none", "stroke": MUTED}
                _copy(body, rect, "rect", **(whole if column.is_whole else look))
        middle = float(rects[0].get("x")) + float(rects[0].get("width")) / 2
        within = has_lines and ground - top > ROOM_WITHIN
        look = {
            "class": "waarde waarde-in" if within else "waarde",
            "text-anchor": "middle",
            "font-size": str(TEXT_SIZE),
            "font-weight": "600",
            "fill": WHITE if within else TEXT,
        }
        y = top + TEXT_SIZE + 4 if within else top - 5
        ET.SubElement(body, "text", {"x": f"{middle:.1f}", "y": f"{y:.1f}"} | look).text = column.text


def _draw_breaks(body: ET.Element, columns: Sequence[Column], rects: list[Any], words: str) -> None:
    for column, rect in zip(columns, rects, strict=True):
        if column.is_break:
            x = float(rect.get("x")) - 2
            look = {"class": "breuklijn", "stroke": MUTED, "stroke-dasharray": "4 3", "fill": "none"}
            ET.SubElement(
                body, "path", {"d": f"M{x:.1f} 0 V{float(rect.get('y')) + float(rect.get('height')):.1f}"} | look
            )
            place = {"x": f"{x + 5:.1f}", "y": "10", "font-size": "12", "fill": MUTED, "class": "breuktekst"}
            ET.SubElement(body, "text", place).text = words


def _draw_norm(body: ET.Element, source: Any, share: float, across: Any = None) -> None:
    """Draw a line at `share` of the height that columns can have, through the plot or only `across` one column."""
    plot, *_ = _of_class(source, "plot")
    ground = next(rect for rect in _of_tag(plot, "rect") if "background" in rect.get("class", "").split())
    width, height = float(ground.get("width")), float(ground.get("height"))
    edge = height * (1 - 1 / PLOT_EDGES) / 2
    y = height - edge - share * (height - 2 * edge)
    look = {"class": "normlijn", "stroke": NORM, "stroke-width": "3", "fill": "none"}
    left, right = (0.0, width) if across is None else _reach(across)
    ET.SubElement(body, "path", {"d": f"M{left:.1f} {y:.1f} H{right:.1f}"} | look)


def _reach(rect: Any) -> tuple[float, float]:
    x, width = float(rect.get("x")), float(rect.get("width"))
    return x - BESIDE_COLUMN, x + width + BESIDE_COLUMN
