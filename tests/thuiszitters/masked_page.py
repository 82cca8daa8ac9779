"""A dashboard taken apart: its tables, its drawings and its words, as anybody can who saves the page."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from xml.etree import ElementTree as ET  # our own page, in a test

TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
NUMBER = re.compile(r'<td><span class="tellen[^"]*">([^<]*)</span>')
HEAD = re.compile(r'<th scope="col">([^<]*)</th>')
ROW = re.compile(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', re.DOTALL)
SAID = re.compile(r'aria-label="([^"]*)"|title="([^"]*)"|alt="([^"]*)"|>([^<]+)<')
NAMESPACE = "{http://www.w3.org/2000/svg}"
# What has digits and counts nobody: days, school years, how much of it is in, names, the legend.
NO_COUNT = re.compile(
    r"\d{1,2} (?:januari|april|juli|oktober)(?: \d{4})?|\d{4}-\d{4}|\d+ van \d+ (?:gemeenten|sectoren)"
    r"|1\.000|Categorie \d|[Aa]rtikel \d+a?|5 onder [a-c]|‘<5’ betekent: 1 tot en met 4|niet 0, maar|ambitie is 0|<5"
)


@dataclass(frozen=True)
class Figures:
    """A table of the page: what its rows are, and each text by row and column."""

    what: str
    columns: list[str]
    rows: dict[str, list[str]]


@dataclass(frozen=True)
class Drawing:
    """A chart: the texts at its marks, and every length that somebody could measure."""

    kind: str
    texts: list[str]
    lengths: list[float]


def tables(html: str) -> list[Figures]:
    found = []
    for table in TABLE.findall(html):
        what, *columns = [unescape(head) for head in HEAD.findall(table)] or [""]
        rows = {
            unescape(name): [unescape(text) for text in NUMBER.findall(cells)] for name, cells in ROW.findall(table)
        }
        found.append(Figures(what, columns, rows))
    return found


def drawings(html: str) -> list[Drawing]:
    return [_drawing(ET.fromstring(svg)) for svg in SVG.findall(html) if 'class="grafiek' in svg]


def _drawing(root: ET.Element) -> Drawing:
    kind = root.get("class", "").removeprefix("grafiek").strip()
    texts = [text.text or "" for text in root.iter(f"{NAMESPACE}text") if "waarde" in text.get("class", "").split()]
    side = "height" if kind == "grafiek-breed" else "width"
    bars = [float(bar.get(side, "")) for bar in root.iter(f"{NAMESPACE}rect")]
    return Drawing(kind, texts, bars if kind != "grafiek-klein" else list(_heights(root)))


def _heights(root: ET.Element) -> Iterator[float]:
    """Yield how high each point of a small line stands above its ground."""
    paths = [path.get("d", "") for path in root.iter(f"{NAMESPACE}path")]
    ground = float(paths[0].split()[1])
    for path in paths[1:]:
        for _, y in re.findall(r"(-?[\d.]+)[ ,](-?[\d.]+)", path):
            yield ground - float(y)


def said_numbers(html: str) -> tuple[set[int], set[int]]:
    """Return every number in a sentence, heading or name of the main part, and those in descriptions of charts."""
    main = html[html.index("<main") : html.index('id="volledigheid"')]
    words = re.sub(r"<text.*?</text>", "", TABLE.sub("", main), flags=re.DOTALL)
    described = re.findall(r"<desc>(.*?)</desc>", words)
    said = [next(filter(None, found)) for found in SAID.findall(re.sub(r"<desc>.*?</desc>", "", words))]
    return _numbers(said), _numbers(described)


def _numbers(texts: Iterable[str]) -> set[int]:
    return {int(number) for text in texts for number in re.findall(r"\d+", NO_COUNT.sub("", unescape(text)))}
