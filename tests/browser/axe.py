"""What axe-core thinks of a page, which stays the same page while it changes its colours or its width."""

from collections.abc import Sequence

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
