"""Somebody who is signed in and opens pages, over one connection; and twenty of them at once."""

import gzip
import http.client
import random
import re
import statistics
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

GZIP = b"\x1f\x8b"
FORM = "application/x-www-form-urlencoded"


class Visitor:
    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies = f"sessionid={session}"
        self.token = ""

    def open(self, path: str) -> float:
        """Return the milliseconds from asking for the page until its last byte."""
        return self._time("GET", path, None, {})

    def start_entry(self, path: str) -> None:
        """Open the entry page and keep what a save needs: the token, the cookie and the version of each doel."""
        self.connection.request("GET", path, headers={"Cookie": self.cookies})
        response = self.connection.getresponse()
        page = response.read().decode()
        token = next(value for value in response.headers.get_all("Set-Cookie") or [] if value.startswith("csrftoken"))
        self.cookies += "; " + token.partition(";")[0]
        self.token = found(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        self.code = found(r'data-kaart="([^"]+)"', page)
        self.versie = found(rf'name="{self.code}-versie" value="(\d+)"', page)
        self.waarde = found(rf'name="{self.code}-waarde" value="(\d+)"', page)

    def save(self, path: str, text: str) -> float:
        """Save one card as the entry page does by itself, and return how long its author waits."""
        fields = {"waarde": self.waarde, "toelichting": text, "versie": self.versie}
        body = urlencode({"doel": self.code} | {f"{self.code}-{name}": value for name, value in fields.items()})
        headers = {"Content-Type": FORM, "HX-Request": "true", "HX-Target": f"status-{self.code}"}
        taken = self._time("POST", path, body, headers | {"X-CSRFToken": self.token})
        answer = gzip.decompress(self.answer) if self.answer.startswith(GZIP) else self.answer
        self.versie = found(rf'name="{self.code}-versie" value="(\d+)"', answer.decode())
        return taken

    def _time(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> float:
        started = time.perf_counter()
        always = {"Accept-Encoding": "gzip, deflate, br", "Cookie": self.cookies}
        self.connection.request(method, path, body, headers | always)
        response = self.connection.getresponse()
        self.answer = response.read()
        taken = time.perf_counter() - started
        if response.status != 200:
            raise RuntimeError(f"{method} {path}: {response.status}")
        return 1000 * taken


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    if match is None:
        raise RuntimeError(f"{pattern} is not on the page")
    return match[1]


def medians(visits: Sequence[tuple[Visitor, str]], rounds: int) -> list[float]:
    """Return the median of each visit, all of them by turns, so that what else the machine does hits all alike."""
    for visitor, path in visits:
        visitor.open(path)
    times = [[visitor.open(path) for visitor, path in visits] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def read_together(port: int, readers: Sequence[tuple[str, Sequence[str]]], *, pages: int, pause: float) -> list[float]:
    """Let each reader (a session and the paths to read) open `pages` pages, all at once; return the times of all.

    `pause` is what a reader takes on average to look at a page before opening the next, in seconds.
    """
    start = threading.Barrier(len(readers))

    def read(number: int, session: str, paths: Sequence[str]) -> list[float]:
        visitor, chance = Visitor(port, session), random.Random(number)
        start.wait()
        times = []
        for _ in range(pages):
            time.sleep(chance.uniform(0, 2 * pause))
            times.append(visitor.open(chance.choice(paths)))
            if pause:
                # The server ends a connection that is silent for two seconds; a browser would notice.
                visitor.connection.close()
        visitor.connection.close()
        return times

    with ThreadPoolExecutor(len(readers)) as pool:
        running = [pool.submit(read, number, *reader) for number, reader in enumerate(readers)]
        return [taken for done in running for taken in done.result()]


def percentile_95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
