"""How much a browser fetches for a page, by the browser's own count: heads and bodies as they came over the line."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, sync_playwright

from bench.chromium import CHROMIUM


@dataclass
class Visit:
    requests: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)

    @property
    def bytes(self) -> int:
        return self.by_kind.total()


def visit_twice(port: int, session: str, path: str) -> tuple[Visit, Visit]:
    """Open the page with an empty cache and once more, signed in by the key of `session`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(locale="nl-NL", viewport={"width": 1440, "height": 900})
        host = f"http://127.0.0.1:{port}"
        context.add_cookies([{"name": "sessionid", "value": session, "url": host}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        visits = []
        for _ in range(2):
            visit, deafen = listen(wire)
            page.goto(host + path, wait_until="networkidle")
            deafen()
            visits.append(visit)
        browser.close()
    return visits[0], visits[1]


def listen(wire: CDPSession) -> tuple[Visit, Callable[[], None]]:
    """Count what the page fetches until the function that comes with it is called."""
    visit, kinds = Visit(), {}

    def asked(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"].lower()

    def answered(event: dict[str, Any]) -> None:
        # What comes from the cache did not come over the line.
        if event["encodedDataLength"]:
            visit.requests += 1
            visit.by_kind[kinds.get(event["requestId"], "other")] += event["encodedDataLength"]

    def deafen() -> None:
        wire.remove_listener("Network.responseReceived", asked)
        wire.remove_listener("Network.loadingFinished", answered)

    wire.on("Network.responseReceived", asked)
    wire.on("Network.loadingFinished", answered)
    return visit, deafen
