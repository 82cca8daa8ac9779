"""An answer of the site as its reader sees it: headings, cards, tables and links, by the rules of HTML."""

import tinyhtml5

BLOCKS = {"dd", "details", "div", "dt", "h2", "h3", "li", "ol", "p", "summary", "table", "td", "th", "ul"}


class Page:
    """An answer, parsed by the rules of HTML."""

    def __init__(self, response):
        assert response.status_code == 200, response.status_code
        self.html = response.content.decode()
        self.root = tinyhtml5.parse(self.html, namespace_html_elements=False)

    def all(self, tag, **attributes):
        wanted = {name.replace("_", "-").strip("-"): value for name, value in attributes.items()}
        return [node for node in self.root.iter(tag) if all(node.get(key) == value for key, value in wanted.items())]

    def card(self, heading):
        """The section under the heading of this name."""
        [section] = [s for s in self.all("section") if any(heading == text(h) for h in s.iter("h2"))]
        return section

    def links(self, within=None):
        return {text(a): a.get("href") for a in (self.root if within is None else within).iter("a")}

    def rows(self, name):
        """The body rows of the table with this caption, as texts."""
        [table] = [t for t in self.all("table") if text(next(t.iter("caption"))) == name]
        return [[text(cell) for cell in row] for body in table.iter("tbody") for row in body.iter("tr")]


def text(node) -> str:
    """What stands in an element, a block of its own apart from what stands around it."""
    return " ".join("".join(_pieces(node)).split())


def _pieces(node):
    block = node.tag in BLOCKS
    yield f"{' ' if block else ''}{node.text or ''}"
    for child in node:
        yield from _pieces(child)
        yield child.tail or ""
    yield " " if block else ""
