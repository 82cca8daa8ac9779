"""What every page owes its reader: one heading, a title, Dutch, and nothing that a browser must block."""

import re
from html.parser import HTMLParser
from typing import Any

# Words that only a library would say. Names of things (Excel, JSON, Markdown) and of code are no words of a page.
ENGLISH = re.compile(
    r"\b(the|and|this|that|with|from|your|you|please|are|was|not|add|edit|delete|remove|save|cancel|change|changed|search"
    r"|required|invalid|error|errors|password|username|login|logout|sign|back|next|previous|page|home|account settings"
    r"|view|select|all|none|yes|unknown|submit|reset|enter|security key|authenticator)\b",
    re.IGNORECASE,
)
# The reader is addressed as u.
INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
# Dutch that looks like English.
DUTCH = {"was", "page", "reset"}


class Text(HTMLParser):
    """What a person reads or hears of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings = 0
        self.language = ""
        self.title = ""
        self.words: list[str] = []
        self.inline: list[str] = []
        self._within: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "html":
            self.language = values.get("lang") or ""
        self.headings += tag == "h1"
        self.words += [values.get(name) or "" for name in ("alt", "aria-label", "title", "placeholder")]
        self.inline += [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            self.inline.append("script")
        if tag in {"script", "style", "code", "title", "kbd"}:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if self._within == ["title"]:
            # The first is the page's; a chart has one too.
            self.title = self.title or data
        elif not self._within:
            self.words.append(data)


def wrong_words(text: str) -> list[str]:
    found = [f"English: {match[0]}" for match in ENGLISH.finditer(text) if match[0].lower() not in DUTCH]
    return found + [f"informal: {match[0]}" for match in INFORMAL.finditer(text)]


def complaints(response: Any) -> list[str]:
    """Return what is wrong with a page; a redirect shows none."""
    if "Location" in response or not response["Content-Type"].startswith("text/html"):
        return []
    text = Text(response.content.decode())
    found = wrong_words(" ".join(text.words))
    found += [f"inline: {part}" for part in text.inline]
    if text.headings != 1:
        found.append(f"{text.headings} headings of the first level")
    if text.language != "nl":
        found.append(f"language {text.language!r}")
    if len(text.title.split()) < 1 or "Agendamonitor" not in text.title:
        found.append(f"title {text.title!r}")
    if "unsafe" in response["Content-Security-Policy"]:
        found.append("policy")
    return found
