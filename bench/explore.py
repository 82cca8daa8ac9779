"""What somebody who is signed in can reach by clicking: the addresses, and the forms on them with their fields."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import tinyhtml5
from django.test import Client

# Signing in and the own account have limits of their own: whoever tries too often must wait.
ELSEWHERE = re.compile(r"^/account/|^/static/|/logout/|/jsi18n/|^/componenten/|[^/]$")
BEGIN = ("/", "/beheer/")
# What shows on a page that something is refused.
REFUSAL = re.compile(r'role="alert"|melding-(?:error|warning)|is-invalid|errornote|errorlist|class="(?:warning|error)"')
# Not for people to fill in, and not read either.
NOT_FILLED_IN = re.compile(
    r"^(?:csrfmiddlewaretoken|next|post|select_across|_.*|.*-id|(?:.*-)?(?:versie|gezien)|.*__prefix__.*|.*-(?:MIN|MAX)_NUM_FORMS)$"
)


@dataclass(frozen=True)
class Field:
    """A field as it stands on the page: `kind` is what the browser knows it as, `values` what it would send."""

    name: str
    kind: str
    values: tuple[str, ...]
    is_required: bool
    longest: int | None

    @property
    def can_be_wrong(self) -> bool:
        return self.kind not in {"checkbox", "button"} and not NOT_FILLED_IN.match(self.name)


@dataclass(frozen=True)
class Form:
    """A form that is posted; `refusals` is how often its page says already that something is refused."""

    action: str
    fields: tuple[Field, ...]
    refusals: int

    @property
    def takes_file(self) -> bool:
        return any(field.kind == "file" for field in self.fields)

    @property
    def targets(self) -> list[Field]:
        """Return what can be filled in wrong."""
        return [field for field in self.fields if field.can_be_wrong]

    def sent(self) -> dict[str, list[str]]:
        """Return what a browser would send of it as it stands, by the first of its buttons."""
        buttons = [field for field in self.fields if field.kind == "button"]
        sent: dict[str, list[str]] = {}
        for field in [*(field for field in self.fields if field not in buttons), *buttons[:1]]:
            if field.values:
                sent.setdefault(field.name, []).extend(field.values)
        return sent


def explore(client: Client, most: int) -> tuple[list[str], list[Form]]:
    """Return the first `most` pages that links lead to, and the forms on them that somebody can fill in."""
    paths: list[str] = []
    forms: list[Form] = []
    waiting = deque(BEGIN)
    seen = set(BEGIN)
    while waiting and len(paths) < most:
        path = waiting.popleft()
        answer = client.get(path)
        if answer.status_code != 200 or answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        paths.append(path)
        page = tinyhtml5.parse(answer.text, namespace_html_elements=False)
        forms += [form for form in forms_on(page, path, refusals_in(answer)) if form.targets]
        links = [urlsplit(urljoin(path, link.get("href", ""))).path for link in page.iter("a")]
        new = [link for link in dict.fromkeys(links) if link not in seen and not ELSEWHERE.search(link)]
        seen.update(new)
        waiting.extend(new)
    return paths, forms


def refusals_in(answer: Any) -> int:
    return len(REFUSAL.findall(answer.text))


def forms_on(page: Any, path: str, refusals: int) -> Iterator[Form]:
    for form in page.iter("form"):
        within = [node for node in form.iter() if node.get("form") is None]
        beside = [node for node in page.iter() if form.get("id") and node.get("form") == form.get("id")]
        action = urlsplit(urljoin(path, form.get("action") or path)).path
        if form.get("method", "").lower() == "post" and not ELSEWHERE.search(action):
            yield Form(action, tuple(_fields([*within, *beside])), refusals)


def _fields(nodes: list[Any]) -> Iterator[Field]:
    for node in nodes:
        name = node.get("name")
        if name and node.tag in {"button", "input", "textarea", "select"} and node.get("disabled") is None:
            yield Field(name, _kind(node), _values(node), node.get("required") is not None, _longest(node))


def _kind(node: Any) -> str:
    if node.tag != "input":
        return str(node.tag)
    kind: str = node.get("type", "text")
    return {"submit": "button"}.get(kind, "number" if node.get("inputmode") == "numeric" else kind)


def _values(node: Any) -> tuple[str, ...]:
    if node.tag == "textarea":
        return (node.text or "",)
    if node.tag == "select":
        chosen = [option for option in node.iter("option") if option.get("selected") is not None]
        return tuple(option.get("value", "") for option in chosen)
    is_off = node.get("type") in {"checkbox", "radio"} and node.get("checked") is None
    return () if is_off or node.get("type") == "file" else (node.get("value", ""),)


def _longest(node: Any) -> int | None:
    return int(node.get("maxlength")) if node.get("maxlength") else None
