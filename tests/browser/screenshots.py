"""Every page as a picture, for who judges how it looks; see bin/screenshots."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Browser, StorageState, sync_playwright

from bench.chromium import CHROMIUM
from tests.browser.server import ROOT, running

FOLDER = ROOT / "var" / "screenshots"
WIDTHS = (360, 768, 1440, 2560)
MODES = ("light", "dark")
PASSWORD = "agendamonitor-demo"

SECRETARIS = "secretaris@utrecht-west.test"
AGENDA = "/regio/utrecht-west/agenda/2023-2027/"
TELLEN = "/regio/utrecht-west/thuiszitters/"
KWARTAAL = TELLEN + "2026-10-01/"
# Name, who looks (empty: nobody is signed in), address.
PAGES = (
    ("start", "", "/"),
    ("aanmelden", "", "/account/login/"),
    ("wachtwoord-vergeten", "", "/account/password/reset/"),
    ("componenten", "", "/componenten/"),
    ("componenten-agenda", "", "/componenten/agenda/"),
    ("componenten-scores", "", "/componenten/scores/"),
    ("componenten-aantallen", "", "/componenten/aantallen/"),
    ("componenten-werk", "", "/componenten/werk/"),
    ("mijn-werk", SECRETARIS, "/"),
    ("mijn-werk-invoerder", "invoer-de-ronde-venen@utrecht-west.test", "/"),
    ("mijn-werk-oogo", "oogo@utrecht-west.test", "/"),
    ("mijn-werk-coordinator", "coordinator@utrecht-west.test", "/"),
    ("mijn-werk-beheer", "beheer@agendamonitor.test", "/"),
    ("regio", SECRETARIS, "/regio/utrecht-west/"),
    ("regio-afgelopen", "secretaris@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/"),
    ("agenda-acties", "secretaris@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/agenda/2018-2022/"),
    ("agenda-focus", "oogo@amersfoort.test", "/regio/amersfoort/agenda/2021-2022/"),
    ("agenda-duo", "secretaris@midden-holland.test", "/regio/midden-holland/agenda/2018-2019/"),
    ("doel-duo", "secretaris@midden-holland.test", "/regio/midden-holland/agenda/2018-2019/doel/r2/"),
    ("doel-acties", "secretaris@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/agenda/2018-2022/doel/t1/"),
    ("agenda", SECRETARIS, AGENDA),
    ("agenda-gefilterd", SECRETARIS, AGENDA + "?status=geen#doelen"),
    ("agenda-voorganger", SECRETARIS, "/regio/utrecht-west/agenda/2016-2018/"),
    ("doel", SECRETARIS, AGENDA + "doel/b3/"),
    ("doel-lokaal", SECRETARIS, AGENDA + "doel/a1/"),
    ("doel-zonder-score", SECRETARIS, AGENDA + "doel/b4/"),
    ("doel-metingen", SECRETARIS, AGENDA + "doel/b1/"),
    ("meting", SECRETARIS, AGENDA + "doel/b1/indicator/1/2025-10-01/"),
    ("vergelijken", "", "/vergelijken/"),
    ("rapporten", SECRETARIS, "/regio/utrecht-west/rapporten/"),
    ("rapport", SECRETARIS, AGENDA + "aug-26/rapport/"),
    ("invoer", SECRETARIS, AGENDA + "aug-26/invoer/"),
    ("invoer-gemeente", "invoer-woerden@utrecht-west.test", AGENDA + "aug-26/invoer/"),
    ("voorleggen", SECRETARIS, AGENDA + "aug-26/voorleggen/"),
    ("teruggeven", "oogo@utrecht-west.test", AGENDA + "aug-25/teruggeven/"),
    ("rapport-vastgesteld", SECRETARIS, AGENDA + "aug-24/rapport/"),
    ("heropenen", "oogo@utrecht-west.test", AGENDA + "aug-24/heropenen/"),
    ("thuiszitters", SECRETARIS, TELLEN),
    ("thuiszitters-oogo", "oogo@utrecht-west.test", TELLEN),
    ("telblad", "invoer-montfoort@utrecht-west.test", KWARTAAL + "montfoort/"),
    ("telblad-ingediend", SECRETARIS, KWARTAAL + "woerden/"),
    ("inlezen", SECRETARIS, TELLEN + "inlezen/"),
    ("kwartaal", SECRETARIS, KWARTAAL),
    ("kwartaal-oogo", "oogo@utrecht-west.test", KWARTAAL),
    ("kwartaal-vastgesteld", SECRETARIS, TELLEN + "2025-10-01/"),
    ("kwartaal-vastgesteld-oogo", "oogo@utrecht-west.test", TELLEN + "2025-10-01/"),
    ("kwartaal-voorleggen", SECRETARIS, KWARTAAL + "voorleggen/"),
    ("kwartaal-heropenen", SECRETARIS, TELLEN + "2026-07-01/heropenen/"),
    ("vragen", "oogo@utrecht-west.test", "/regio/utrecht-west/vragen/"),
    ("vraag", SECRETARIS, "/regio/utrecht-west/vragen/1/"),
    ("vraag-open", SECRETARIS, "/regio/utrecht-west/vragen/2/"),
    ("vraag-stellen", "oogo@utrecht-west.test", AGENDA + "doel/f1/vraag/"),
    ("vraag-intrekken", "oogo@utrecht-west.test", "/regio/utrecht-west/vragen/2/intrekken/"),
    ("doel-logboek", SECRETARIS, AGENDA + "doel/b4/logboek/"),
    ("rapport-logboek", SECRETARIS, AGENDA + "aug-24/logboek/"),
    ("kwartaal-logboek", SECRETARIS, "/regio/utrecht-west/thuiszitters/2025-10-01/logboek/"),
    ("opgave-logboek", SECRETARIS, "/regio/utrecht-west/thuiszitters/2026-07-01/woerden/logboek/"),
    ("opgave-logboek-oogo", "oogo@utrecht-west.test", "/regio/utrecht-west/thuiszitters/2026-07-01/woerden/logboek/"),
    ("controleren", SECRETARIS, "/controleren/"),
    ("openbaarheid", SECRETARIS, "/regio/utrecht-west/openbaarheid/"),
    ("openbaar-maken", SECRETARIS, AGENDA + "aug-25/openbaar-maken/"),
    ("intrekken", SECRETARIS, AGENDA + "aug-24/intrekken/2/"),
    ("openbaar-regio", "", "/openbaar/utrecht-west/"),
    ("openbaar-rapport", "", "/openbaar/utrecht-west/2023-2027/aug-24/"),
    ("kalender", SECRETARIS, "/regio/utrecht-west/kalender/"),
    ("kalender-leeg", "oogo@zuidoost-utrecht.test", "/regio/zuidoost-utrecht/kalender/"),
    ("vergadering", SECRETARIS, "/regio/utrecht-west/kalender/vergadering/1/"),
    ("voortgang", SECRETARIS, "/regio/utrecht-west/voortgang/"),
    ("voortgang-regios", "beheer@agendamonitor.test", "/voortgang/"),
    ("beveiliging", SECRETARIS, "/account/2fa/"),
    ("mail-kiezen", SECRETARIS, "/account/mail/"),
    ("niet-gevonden", SECRETARIS, "/regio/nergens/"),
    ("niet-toegestaan", "oogo@utrecht-west.test", AGENDA + "aug-26/voorleggen/"),
    ("audit", "beheer@agendamonitor.test", "/beheer/audit/"),
    ("beheer", SECRETARIS, "/beheer/"),
    ("beheer-lijst", SECRETARIS, "/beheer/agenda/doel/"),
    ("beheer-formulier", SECRETARIS, "/beheer/agenda/doel/add/"),
    ("beheer-importeren", SECRETARIS, "/beheer/agenda/doel/import/"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/screenshots")
    parser.add_argument("pages", nargs="*", help="names of pages; all when none is given")
    parser.add_argument("--url", help="a server with the demo that runs already")
    parser.add_argument("--width", type=int, action="append", help="360, 768, 1440, 2560 unless given")
    parser.add_argument("--mode", choices=MODES, action="append", help="light and dark unless given")
    chosen = parser.parse_args()
    pages = [page for page in PAGES if not chosen.pages or page[0] in chosen.pages]
    if unknown := set(chosen.pages) - {name for name, _, _ in pages}:
        parser.error(f"no page is called {', '.join(sorted(unknown))}; choose from {', '.join(p[0] for p in PAGES)}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with nullcontext(chosen.url) if chosen.url else throwaway_server() as url, browser() as chromium:
        visit = Visit(chromium, url)
        for page in pages:
            for mode in chosen.mode or MODES:
                for width in chosen.width or WIDTHS:
                    visit.shoot(*page, width=width, mode=mode)
    folder = FOLDER.relative_to(ROOT)
    sys.stdout.write(f"{visit.taken} pictures in {folder}, {len(visit.wide)} of pages that scroll sideways.\n")
    return 1 if visit.wide else 0


class Visit:
    """One walk past the pages; whoever signed in stays so."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.chromium, self.url = chromium, url
        self.signed_in: dict[str, StorageState] = {}
        self.taken = 0
        self.wide: list[str] = []

    def shoot(self, name: str, email: str, address: str, *, width: int, mode: str) -> None:
        context = self.chromium.new_context(
            base_url=self.url,
            color_scheme="dark" if mode == "dark" else "light",
            locale="nl-NL",
            storage_state=self.sign_in(email) if email else None,
            viewport={"width": width, "height": 900},
        )
        page = context.new_page()
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            self.wide.append(f"{name}-{width}-{mode}")
            sys.stderr.write(f"{name} scrolls sideways at {width} px ({mode})\n")
        page.screenshot(path=FOLDER / f"{name}-{width}-{mode}.png", full_page=True)
        self.taken += 1
        context.close()

    def sign_in(self, email: str) -> StorageState:
        if email not in self.signed_in:
            context = self.chromium.new_context(base_url=self.url)
            page = context.new_page()
            page.goto("/account/login/")
            page.locator("input[name=login]").fill(email)
            page.locator("input[name=password]").fill(PASSWORD)
            with page.expect_navigation(url="**/"):
                page.locator("input[name=password]").press("Enter")
            self.signed_in[email] = context.storage_state()
            context.close()
        return self.signed_in[email]


@contextmanager
def throwaway_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as server:
        yield server.url


@contextmanager
def browser() -> Iterator[Browser]:
    flags = ["--disable-gpu"] if os.geteuid() else ["--disable-gpu", "--no-sandbox"]  # Root has no sandbox.
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


if __name__ == "__main__":
    sys.exit(main())
