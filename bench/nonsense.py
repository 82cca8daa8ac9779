"""Bad input from a seed, of which the product must refuse each with a reason and change nothing; and what it did."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from bench.badness import bad_file, bad_headers, bad_path, bad_value
from bench.explore import explore, refusals_in
from regio.models import Gebruiker

APPS = ("regio", "agenda", "thuiszitters", "monitoring")
WRITES = re.compile(rf'(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) "(?:{"|".join(APPS)})_')
METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "BREW")
# A visitor may read it too: there whoever is not who he says to be is not refused.
PUBLIC = re.compile(r"^/$|^/openbaar/|^/vergelijken/")


@dataclass(frozen=True)
class Bad:
    """One bad request: what is wrong with it, and how many refusals stood on its page already."""

    kind: str
    method: str
    path: str
    wrong: str
    sent: dict[str, Any] = field(default_factory=dict)
    refusals: int = 0


class Attacker:
    """Somebody who may be there, the pages and forms that they found, and what they send."""

    def __init__(self, gebruiker: Gebruiker, random: Random, pages: int) -> None:
        self.name, self.random = gebruiker.email, random
        self.client, self.strict = (
            Client(enforce_csrf_checks=strict, raise_request_exception=False, headers={"host": "127.0.0.1"})
            for strict in (False, True)
        )
        self.client.force_login(gebruiker)
        self.strict.cookies = self.client.cookies
        self.paths, found = explore(self.client, pages)
        self.closed = [path for path in self.paths if not PUBLIC.match(path)]
        self.forms = [form for form in found if not form.takes_file]
        self.uploads = [form for form in found if form.takes_file]

    def think(self) -> Bad:
        of_kind = {self.of_address: 2, self.of_header: 2, self.of_form: 5 * bool(self.forms)}
        of_kind[self.of_file] = bool(self.uploads)
        (make,) = self.random.choices(list(of_kind), list(of_kind.values()))
        return make()

    def of_address(self) -> Bad:
        path = bad_path(self.random, self.random.choice(self.paths))
        return Bad("address", "GET", path, "the address")

    def of_header(self) -> Bad:
        path = self.random.choice(self.closed)
        if self.random.random() < 0.3:
            return Bad("header", self.random.choice(METHODS), path, "the method")
        headers = bad_headers(self.random)
        return Bad("header", self.random.choice(["GET", "POST"]), path, str(headers), {"headers": headers})

    def of_form(self) -> Bad:
        form = self.random.choice(self.forms)
        target = self.random.choice(form.targets)
        values = [bad_value(self.random, target)] * self.random.randint(1, 2)
        data = form.sent() | {target.name: values}
        return Bad("form", "POST", form.action, f"{target.name}={values}", {"data": data}, form.refusals)

    def of_file(self) -> Bad:
        form = self.random.choice(self.uploads)
        name, content = bad_file(self.random)
        files = {field.name: SimpleUploadedFile(name, content) for field in form.fields if field.kind == "file"}
        wrong = f"{name}: {content[:40]!r}"
        return Bad("file", "POST", form.action, wrong, {"data": form.sent() | files}, form.refusals)

    def send(self, bad: Bad) -> Any:
        client = self.strict if bad.kind == "header" else self.client
        if bad.method in METHODS:
            return client.generic(bad.method, bad.path)
        return getattr(client, bad.method.lower())(bad.path, follow=True, **bad.sent)


class Watch:
    """Sees whether a query writes into a table of ours; sessions and the counters of tries are not ours."""

    has_written = False

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.has_written = self.has_written or bool(WRITES.match(sql))
        return execute(sql, *rest)


def attack(number: int, people: Sequence[Gebruiker], *, pages: int, seed: int = 2023) -> dict[str, Any]:
    """Send `number` bad inputs, each by one of `people`, and return how many of each kind and what went wrong.

    Each of them explores `pages` pages first.
    """
    random = Random(seed)
    attackers = [Attacker(gebruiker, random, pages) for gebruiker in people]
    kinds: Counter[str] = Counter()
    faults: list[str] = []
    before = digest()
    for _ in range(number):
        attacker = random.choice(attackers)
        bad, watch = attacker.think(), Watch()
        with connection.execute_wrapper(watch):
            wrong = complaint(bad, attacker.send(bad))
        if watch.has_written and (after := digest()) != before:
            wrong, before = "changes something", after
        kinds[bad.kind] += 1
        if wrong:
            faults.append(f"{wrong}: {attacker.name} {bad.method} {bad.path} {bad.wrong}"[:300])
    if digest() != before:
        faults.append("something changed that nobody saw being written")
    return {"kinds": dict(sorted(kinds.items())), "faults": faults}


def complaint(bad: Bad, answer: Any) -> str:
    """Return what is wrong with the answer: nothing where it refuses `bad` and says so."""
    if answer.status_code >= 500:
        return f"answers {answer.status_code}"
    if answer.status_code >= 400:
        return "" if re.search(r"<h1\b[^>]*>\s*\w", answer.text) else f"answers {answer.status_code} without a word"
    asked_to_sign_in = any(path.startswith("/account/login/") for path, _ in getattr(answer, "redirect_chain", ()))
    if asked_to_sign_in or (not answer.streaming and refusals_in(answer) > bad.refusals):
        return ""
    return "is not refused"


def digest() -> str:
    """Return the sha256 of every row of the four apps."""
    whole = hashlib.sha256()
    for model in (model for app in APPS for model in apps.get_app_config(app).get_models()):
        for row in model._default_manager.order_by("pk").values_list():
            whole.update(repr(row).encode("utf-8", "surrogatepass"))
    return whole.hexdigest()
