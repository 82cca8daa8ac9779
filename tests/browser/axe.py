"""What axe-core thinks of a page, which stays the same page while it changes its colours or its width."""

from collections.abc import Sequence
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

# Its published build, made for old browsers, keeps the parts of every colour in weak maps; properties are much faster.
WITHOUT_WEAK_MAPS = """
((WeakMap, WeakSet) => { %s })(...Array(2).fill(class {
  key = Symbol();
  has(object) { return this.key in object; }
  get(object) { return object[this.key]; }
  set(object, value) { object[this.key] = value; return this; }
  add(object) { return this.set(object, true); }
  delete(object) { return delete object[this.key]; }
}));
"""
# A page has few colours, which it works out anew for every text on them.
EACH_COLOUR_ONCE = """
(() => {
  const { Color } = axe.commons.color;
  const { parseString } = Color.prototype;
  const known = new Map();
  Color.prototype.parseString = function (text) {
    if (!known.has(text)) known.set(text, parseString.call(new Color(), text));
    const { r, g, b, alpha } = known.get(text);
    return Object.assign(this, { r, g, b, alpha });
  };
})();
"""
FAST_AXE = WITHOUT_WEAK_MAPS % AXE_SCRIPT + EACH_COLOUR_ONCE

ALL_RULES: tuple[str, ...] = ()
# What dark changes are colours; what a phone changes is where everything stands.
RULES_ON_COLOUR = ("color-contrast", "link-in-text-block")
LOOKS: list[tuple[Literal["light", "dark"], int, tuple[str, ...]]] = [
    ("light", 1440, ALL_RULES),
    ("dark", 1440, RULES_ON_COLOUR),
    ("light", 360, ALL_RULES),
    ("dark", 360, RULES_ON_COLOUR),
]


def assert_accessible_in_every_look(page: Page) -> None:
    """Fail as `assert_accessible` does, in light, in dark and on a phone, or when the page scrolls sideways."""
    for scheme, width, rules in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page, rules)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def assert_accessible(page: Page, only: Sequence[str] = ()) -> None:
    """Fail with axe-core's own explanation when a page breaks one of its rules.

    `only` names the rules to look at, where the rest cannot have changed since the last look at the same page.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(FAST_AXE)
    # The report of what is in order is most of the work on a large page.
    options = {"reporter": "no-passes"} | ({"runOnly": list(only)} if only else {})
    results = AxeResults(page.evaluate("options => axe.run(options)", options))
    assert results.violations_count == 0, results.generate_report()
