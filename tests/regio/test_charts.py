"""Charts: plain data in, one SVG out that a strict Content-Security-Policy lets through."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regio import colour
from regio.charts import WIDTH, Bar, bar_chart, column_chart
from regio.trends import Column, trend_chart

SVG = "{http://www.w3.org/2000/svg}"
STYLESHEET = Path(__file__).parents[2] / "static" / "css" / "agendamonitor.css"
HARMLESS_TAGS = {"svg", "title", "desc", "g", "rect", "path", "text", "tspan"}
# Places are given in hundredths of a unit of the drawing.
HUNDREDTH = 0.01
LABELS = ["1 · verdient prioriteit", "2 · vraagt aandacht", "3 · neutraal"]

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
bars = st.lists(
    st.builds(Bar, texts, st.integers(0, 40), st.sampled_from([*colour.TONES, "leeg"]), texts, st.integers(0, 40)),
    min_size=1,
    max_size=8,
).map(tuple)


def spread(*counts: int, before: tuple[int, ...] = ()) -> tuple[Bar, ...]:
    befores = before or (None,) * len(counts)
    return tuple(
        Bar(label, count, tone, str(count), past)
        for label, count, tone, past in zip(LABELS, counts, list(colour.TONES)[:3], befores, strict=True)
    )


def draw_lying(drawn: tuple[Bar, ...], finding: str = "Bevinding", description: str = "Cijfers") -> ET.Element:
    return ET.fromstring(bar_chart(finding=finding, description=description, bars=drawn))


def draw_upright(drawn: tuple[Bar, ...], top: int = 5) -> ET.Element:
    return ET.fromstring(column_chart(finding="Bevinding", description="Cijfers", bars=drawn, top=top))


def rects(root: ET.Element, tone: str) -> list[ET.Element]:
    return [rect for rect in root.iter(f"{SVG}rect") if rect.get("class") == f"balk balk-{tone}"]


def number(element: ET.Element, attribute: str) -> float:
    return float(element.get(attribute, "nan"))


def written(root: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def assert_harmless(root: ET.Element) -> None:
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in HARMLESS_TAGS
        assert not {"style", "id", "href"} & set(element.attrib)
        assert not [name for name in element.attrib if name.startswith(("on", "{"))]


def test_accessible_name_says_the_finding():
    root = draw_lying(spread(1, 2, 3), "3 doelen lager dan vorig jaar", "Eén; twee; drie.")
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "3 doelen lager dan vorig jaar"
    assert root.findtext(f"{SVG}desc") == "Eén; twee; drie."
    assert next(iter(root)).tag == f"{SVG}title"


def test_bars_start_at_zero_and_are_as_long_as_their_values():
    root = draw_lying(spread(1, 2, 4))
    lengths = [number(rects(root, tone)[0], "width") for tone in ("prioriteit", "aandacht", "neutraal")]
    assert lengths == pytest.approx([lengths[0], 2 * lengths[0], 4 * lengths[0]], abs=4 * HUNDREDTH)
    assert "0" not in written(root)  # every bar has its number; another one beneath them would read as theirs


def test_columns_start_at_zero_and_are_as_high_as_their_values():
    root = draw_upright((Bar("Aug 24", 1, "prioriteit", "1"), Bar("Aug 25", 5, "trots", "5")))
    low, high = (number(rects(root, tone)[0], "height") for tone in ("prioriteit", "trots"))
    assert high == pytest.approx(5 * low, abs=5 * HUNDREDTH)
    assert written(root)[:6] == ["0", "1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("In- of uitschrijving is nog niet rond", "In- of uitschrijving is nog…"),
        ("Meervoudigepersoonlijkheidsstoornissenbehandelcentrum", "Meervoudigepersoonlijkheids…"),
    ],
)
def test_a_name_too_long_to_stand_beside_a_bar_is_cut(name, short):
    root = draw_lying((Bar(name, 3, "neutraal", "3"), Bar("Kort", 1, "neutraal", "1")))
    assert short in written(root)
    assert max(number(bar, "width") for bar in rects(root, "neutraal")) > WIDTH / 5


def test_labels_and_numbers_are_written_in_full():
    root = draw_lying(spread(1, 2, 4))
    assert {*LABELS, "1", "2", "4"} <= set(written(root))


def test_first_bar_is_on_top():
    root = draw_lying(spread(3, 3, 3))
    heights = [number(rects(root, tone)[0], "y") for tone in ("prioriteit", "aandacht", "neutraal")]
    assert heights == sorted(heights)


def test_a_number_stands_beside_its_bar_however_long_it_is():
    root = draw_lying(spread(100, 17, 4))
    bar = rects(root, "prioriteit")[0]
    [written_at] = [text for text in root.iter(f"{SVG}text") if text.text == "100"]
    assert written_at.get("text-anchor") == "start"
    assert number(written_at, "x") + number(written_at, "dx") > number(bar, "x") + number(bar, "width")


def test_a_column_of_which_the_parts_are_not_told_is_as_high_as_the_others():
    parts, whole = Column.of("jan", (1, 3), 4, "4", is_break=False), Column.of("apr", None, 4, "4", is_break=False)
    nothing = Column.of("jul", None, None, "×", is_break=False)
    root = ET.fromstring(trend_chart(finding="Bevinding", description="Cijfers", columns=(parts, whole, nothing)))
    drawn = {rect.get("class"): number(rect, "height") for rect in root.iter(f"{SVG}rect")}
    assert drawn.keys() == {"balk reeks-1", "balk reeks-2", "balk reeks-heel"}
    assert drawn["balk reeks-heel"] == pytest.approx(drawn["balk reeks-1"] + drawn["balk reeks-2"], rel=0.02)


def test_no_place_is_given_closer_than_anybody_sees():
    drawn = bar_chart(finding="Bevinding", description="Cijfers", bars=spread(1, 2, 3, before=(3, 1, 2)))
    drawn += trend_chart(finding="Bevinding", description="Cijfers", columns=(Column("jul 26", (1, 2), "3"),))
    assert re.search(r"\d\.\d", drawn)
    assert not re.findall(r"\d+\.\d{3,}", drawn)


def test_what_was_before_is_drawn_beneath_on_the_same_scale():
    root = draw_lying(spread(2, 2, 2, before=(2, 4, 2)))
    now, before = rects(root, "aandacht")[0], sorted(rects(root, "vorig"), key=lambda rect: number(rect, "y"))[1]
    assert number(before, "width") == pytest.approx(2 * number(now, "width"))
    assert number(before, "y") > number(now, "y")


def test_zero_is_a_number_without_a_bar():
    root = draw_lying(spread(0, 2, 0))
    assert rects(root, "prioriteit") == rects(root, "neutraal") == []
    assert written(root).count("0") == 2


def test_missing_is_no_zero():
    root = draw_upright((Bar("Aug 24", None, "leeg", "–"), Bar("Aug 25", 3, "neutraal", "3 =")))
    assert len([rect for rect in root.iter(f"{SVG}rect") if "balk" in rect.get("class", "")]) == 1
    assert "Aug 24–" in written(root)
    assert written(root).count("0") == 1


def test_all_missing_is_still_a_chart():
    root = draw_upright((Bar("Aug 24", None, "leeg", "–"), Bar("Aug 25", None, "leeg", "–")))
    assert {"Aug 24–", "Aug 25–"} <= set(written(root))


def test_same_data_gives_the_same_drawing():
    column_chart.cache_clear()
    one = str(column_chart(finding="a", description="b", bars=(Bar("x", 1, "trots", "1"),), top=5))
    column_chart.cache_clear()
    assert one == column_chart(finding="a", description="b", bars=(Bar("x", 1, "trots", "1"),), top=5)


def test_prints_in_the_tones_of_the_page():
    root = draw_lying(spread(1, 1, 1))
    rect = rects(root, "aandacht")[0]
    assert (rect.get("stroke"), rect.get("fill")) == colour.TONES["aandacht"]


@settings(max_examples=40)
@given(bars, texts)
def test_any_data_gives_a_harmless_lying_chart(drawn, words):
    root = draw_lying(drawn, words, words)
    assert_harmless(root)
    assert (root.findtext(f"{SVG}title") or "") == words


@settings(max_examples=40)
@given(bars)
def test_any_data_gives_a_harmless_upright_chart(drawn):
    assert_harmless(draw_upright(drawn, top=40))


def test_guard_refuses_what_pygal_draws_by_itself():
    import pygal

    chart = pygal.Bar()
    chart.add("a", [1])
    with pytest.raises(AssertionError):
        assert_harmless(ET.fromstring(chart.render()))


def tokens(block: int) -> dict[str, str]:
    """Read the colours of the stylesheet: block 0 is light, 1 is dark."""
    root = re.findall(r":root \{(.*?)\n\s*\}", STYLESHEET.read_text(), re.DOTALL)[block]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", root))


def test_the_stylesheet_and_the_charts_have_the_same_colours():
    light = tokens(0)
    assert {tone: (light[tone], light[f"{tone}-vlak"]) for tone in colour.TONES} == colour.TONES
    assert (light["tekst"], light["zacht"], light["lijn"]) == (colour.TEXT, colour.MUTED, colour.LINE)
    assert light["accent"] == colour.DEFAULT_ACCENT
    assert {name: light[name] for name in colour.SERIES} == colour.SERIES
    assert tokens(1)["kaart"] == colour.DARK_CARD


def normed(*pairs: tuple[float | None, float | None]) -> ET.Element:
    columns = tuple(
        Column(str(place), None if value is None else (value,), str(value), norm=norm)
        for place, (value, norm) in enumerate(pairs)
    )
    return ET.fromstring(trend_chart(finding="Bevinding", description="Cijfers", columns=columns))


def lines_of(root: ET.Element) -> list[float]:
    """Return the height of each line that a column is held against."""
    paths = [path.get("d", "") for path in root.iter(f"{SVG}path") if path.get("class") == "normlijn"]
    return [float(path.split()[1]) for path in paths]


@pytest.mark.parametrize("scale", [0.01, 1, 7, 10_000, 999_999.99])
def test_a_line_across_a_column_stands_as_high_as_a_column_of_that_height(scale: float):
    root = normed((10 * scale, 4 * scale), (4 * scale, 10 * scale), (None, 4 * scale))
    assert_harmless(root)
    tops = [number(rect, "y") for rect in root.iter(f"{SVG}rect") if "balk" in (rect.get("class") or "")]
    low, high, unknown = lines_of(root)
    assert low == pytest.approx(tops[1], abs=0.2)
    assert high == pytest.approx(tops[0], abs=0.2)
    assert unknown == low


def test_a_line_does_not_run_through_the_text_of_its_column():
    root = normed((10, 10.2), (9, None))
    bodies = [rect for rect in root.iter(f"{SVG}rect") if "balk" in (rect.get("class") or "")]
    texts = {t.text: number(t, "y") for t in root.iter(f"{SVG}text") if "waarde" in (t.get("class") or "")}
    for body, text in zip(bodies, ("10", "9"), strict=True):
        assert number(body, "y") < texts[text] < number(body, "y") + number(body, "height")
