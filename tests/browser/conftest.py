"""Chromium against the running server. Every test starts from the demo as bin/start loads it, whatever ran before."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import (
    APIRequestContext,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    StorageState,
    WebError,
)

from bench.chromium import CHROMIUM
from tests.browser.server import Server, running

LOGIN = "/account/login/"
PASSWORD = "agendamonitor-demo"
TIMEOUT = 10_000  # ms
ASKED_FOR = ("Failed to load resource", "Response Status Error Code", "htmx:sendError", "htmx:afterRequest")
QUIET_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Server:
    """Run bin/start once in an empty folder, for all workers, and stop it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "first-start"
    said = folder / "said"
    with (shared / "first-start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            folder.mkdir()
            with running(folder) as server:
                said.write_text(server.said)
    return Server(url="", folder=folder, said=said.read_text())


@pytest.fixture(scope="session")
def server(first_start: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run bin/start a second time, on a copy of what the first start made."""
    folder = tmp_path_factory.mktemp("server") / "var"
    shutil.copytree(first_start.folder, folder)
    with running(folder) as server:
        server.keep()
        yield server


@pytest.fixture(autouse=True)
def _demo_as_loaded(server: Server) -> None:
    server.reset()


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    return server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    # Chromium's sandbox refuses to run as root.
    flags = QUIET_FLAGS if os.geteuid() else [*QUIET_FLAGS, "--no-sandbox"]
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return browser_context_args | {
        "locale": "nl-NL",
        "reduced_motion": "reduce",
        "timezone_id": "Europe/Amsterdam",
        "viewport": {"width": 1440, "height": 900},
    }


@dataclass
class Listener:
    """Hears what pages complain of and which saves are under way, in all contexts of one test."""

    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    saves: set[Request] = field(default_factory=set)

    def follow(self, context: BrowserContext) -> None:
        self.contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        context.on("close", self.forget)
        context.on("console", self.hear)
        context.on("weberror", self.hear_error)
        context.on("request", self.begin)
        context.on("requestfinished", self.end)
        context.on("requestfailed", self.end)

    def forget(self, context: BrowserContext) -> None:
        self.contexts.remove(context)

    def hear(self, message: ConsoleMessage) -> None:
        # A refused page (403, 404) or a lost connection is what some tests ask for; what the page does wrong is not.
        if message.type == "error" and not any(words in message.text for words in ASKED_FOR):
            self.complaints.append(message.text)

    def hear_error(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def begin(self, request: Request) -> None:
        if request.method == "POST":
            self.saves.add(request)

    def end(self, request: Request) -> None:
        self.saves.discard(request)

    def keep_pictures(self, folder: str) -> None:
        """Keep what the pages of a failed test look like."""
        pages = [page for context in self.contexts for page in context.pages]
        for number, page in enumerate(pages, 1):
            page.screenshot(path=Path(folder) / f"{number}.png")

    def silence(self, context: BrowserContext) -> None:
        """Let no save reach the server any more: a page saves on its way out, even into the next test."""
        for page in context.pages:
            page.route("**", lambda route: route.abort())
        for page in context.pages:
            # A save that has just left is heard of a moment later.
            page.wait_for_timeout(10)
            for _ in range(100):
                if not self.saves:
                    break
                page.wait_for_timeout(10)
        context.set_offline(True)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], request: pytest.FixtureRequest, output_path: str
) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser contexts in which a script that fails or a breach of the Content-Security-Policy fails the test."""
    listener = Listener()

    def listening_context(**options: object) -> BrowserContext:
        context = new_context(**options)
        listener.follow(context)
        return context

    yield listening_context
    if listener.complaints or has_failed(request):
        listener.keep_pictures(output_path)
    for context in listener.contexts:
        listener.silence(context)
    assert listener.complaints == []


def has_failed(request: pytest.FixtureRequest) -> bool:
    return not hasattr(request.node, "rep_call") or request.node.rep_call.failed


@pytest.fixture(scope="session")
def cookies_of(playwright: Playwright, server: Server) -> Callable[[str], StorageState]:
    """Return the cookies of somebody who is signed in. Each signs in once, without a browser: it is slow on purpose."""

    @cache
    def cookies_of(email: str) -> StorageState:
        visitor = playwright.request.new_context(base_url=server.url)
        visitor.get(LOGIN)
        token = cookie(visitor, "csrftoken")
        form: dict[str, str | float | bool] = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token}
        answer = visitor.post(LOGIN, form=form, max_redirects=0)
        assert answer.status == 302, answer.text()
        server.keep_session(cookie(visitor, "sessionid"))
        state = visitor.storage_state()
        visitor.dispose()
        return state

    return cookies_of


def cookie(visitor: APIRequestContext, name: str) -> str:
    return next(cookie["value"] for cookie in visitor.storage_state()["cookies"] if cookie["name"] == name)


@pytest.fixture
def sign_in(
    new_context: Callable[..., BrowserContext], cookies_of: Callable[[str], StorageState]
) -> Callable[..., Page]:
    """Return a page of somebody who is signed in: `page = sign_in("secretaris@utrecht-west.test")`."""

    def sign_in(email: str, **options: object) -> Page:
        return new_context(storage_state=cookies_of(email), **options).new_page()

    return sign_in


def fill_in_sign_in(page: Page, email: str) -> None:
    """Sign in by hand, as a person does."""
    page.goto(LOGIN)
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation(url=lambda url: "/account/" not in url):
        page.locator("[name=password]").press("Enter")
