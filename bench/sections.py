"""The budgets (docs/adr/0030), a section each: what is asked, of which page, and what came out."""

import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.budgets import Line
from bench.databases import ROOT, ask
from bench.proofs import RELIABILITY, SAFETY, prove
from bench.servers import BARE, serving
from bench.visitor import Visitor, medians, percentile_95, read_together

# One regio of the 150; a test asks the same of another.
REGIO = "regio-075"
R = f"/regio/{REGIO}/"
A = f"{R}agenda/2018-2027/"
SECRETARIS, BEHEER, EVERYWHERE = "secretaris@regio-075.test", "beheer@agendamonitor.test", "overal@land.test"
DASHBOARD, SMALL_DASHBOARD = R, "/regio/utrecht-west/"
SMALL_SECRETARIS = "secretaris@utrecht-west.test"
ENTRY, SMALL_ENTRY = f"{A}aug-26/invoer/", "/regio/utrecht-west/agenda/2023-2027/aug-26/invoer/"


@dataclass(frozen=True)
class Page:
    """A page in *land*, who opens it, and the bare page whose table is as long."""

    name: str
    path: str
    bare: str
    who: str = SECRETARIS


PAGES = (
    Page("Mijn werk of a secretaris", "/", "/scores/regio-075/1/"),
    Page("Mijn werk of a beheerder, 150 regio's", "/", "/regios/aug-26/", BEHEER),
    Page("Mijn werk in 150 regio's", "/", "/taken/aug-26/", EVERYWHERE),
    Page("dashboard", DASHBOARD, "/scores/regio-075/8/"),
    Page("dashboard, member of 150 regio's", DASHBOARD, "/scores/regio-075/8/", EVERYWHERE),
    Page("agenda", A, "/scores/regio-075/8/"),
    Page("doel", f"{A}doel/a2/", "/changes/regio-075/A2/"),
    Page("doel scored by gemeenten", f"{A}doel/a1/", "/changes/regio-075/A1/"),
    Page("list of reports", f"{R}rapporten/", "/moments/regio-075/"),
    Page("report", f"{A}aug-26/rapport/", "/scores/regio-075/8/"),
    Page("entry of scores", ENTRY, "/scores/regio-075/2/"),
    Page("dashboard of counts", f"{R}thuiszitters/", "/counts/regio-075/32/"),
    Page("quarter", f"{R}thuiszitters/2026-07-01/", "/counts/regio-075/1/"),
    Page("Voortgang", f"{R}voortgang/", "/opgaven/regio-075/"),
    Page("public report", f"/openbaar/{REGIO}/2018-2027/aug-25/", "/scores/regio-075/2/"),
)
READING = (R, A, f"{A}doel/a2/", f"{A}doel/b8/", f"{R}rapporten/", f"{A}aug-26/rapport/", "/")
READERS, PAUSE = 20, 1.0


@dataclass(frozen=True)
class Sets:
    """The databases of this run. `thorough` asks for more repetitions than somebody at the keyboard waits for."""

    kind: str
    regio: str
    land: str
    thorough: bool

    def times(self, quick: int) -> int:
        return 3 * quick if self.thorough else quick


def queries(sets: Sets) -> Iterator[Line]:
    """The same page for a member of one regio and of 150, in *land*; and for one regio alone in the demo."""
    for page in PAGES:
        count = ask(sets.land, "queries", page.who, page.path)[page.path]
        yield Line(f"queries, {page.name}", count, 12, "")
    one, many = (ask(sets.land, "queries", who, DASHBOARD)[DASHBOARD] for who in (SECRETARIS, EVERYWHERE))
    yield Line("queries, dashboard: more for a member of 150 regio's than of 1", many - one, 0, "")
    one, many = (ask(sets.land, "queries", who, "/")["/"] for who in ("coordinator@regio-075.test", EVERYWHERE))
    yield Line("queries, Mijn werk: more for a member of 150 regio's than of 1", many - one, 0, "")


def pages(sets: Sets) -> Iterator[Line]:
    """Each page beside the bare page of the same table, by turns on two equal servers."""
    with ExitStack() as stack:
        product, bare = (stack.enter_context(serving(sets.land, *rest)) for rest in ((), (BARE,)))
        keys = ask(sets.land, "sign-in", SECRETARIS, BEHEER, EVERYWHERE)
        for page in PAGES:
            visits = (
                (Visitor(product.port, keys[page.who]), page.path),
                (Visitor(bare.port, keys[page.who]), page.bare),
            )
            ours, theirs = medians(visits, sets.times(30))
            yield Line(
                f"{page.name}, land: median, × bare page", ours / theirs, 4, "×", f"{ours:.1f} / {theirs:.1f} ms"
            )


def readers(sets: Sets) -> Iterator[Line]:
    """Twenty people in twenty regio's who open a page a second each, a mixture of all pages that show scores."""
    numbers = [f"{number:03}" for number in range(5, 125, 6)]
    with serving(sets.land) as server:
        keys = ask(sets.land, "sign-in", *(f"oogo@regio-{number}.test" for number in numbers))
        reading = [
            (key, [path.replace("075", number) for path in READING])
            for key, number in zip(keys.values(), numbers, strict=True)
        ]
        read_together(server.port, reading, pages=5, pause=0)
        used = server.processor_seconds()
        times = read_together(server.port, reading, pages=sets.times(15), pause=PAUSE)
        used = (server.processor_seconds() - used) / len(times)
        note = f"{len(times)} pages, each reader one in {PAUSE:.0f} s; {1000 * used:.0f} ms of processor time a page"
        yield Line(f"pages, land: p95 at {READERS} readers", percentile_95(times), 100, "ms", note)
        started = time.perf_counter()
        times = read_together(server.port, reading, pages=sets.times(15), pause=0)
        rate = len(times) / (time.perf_counter() - started)
        note = f"nobody reads what he opens: {rate:.0f} pages a second is all the machine gives"
        yield Line(f"pages, land: p95 at {READERS} readers without a pause", percentile_95(times), None, "ms", note)


def dashboards(sets: Sets) -> Iterator[Line]:
    """The dashboard of Utrecht West in the midst of 150 other regio's, and alone; and that of a much larger agenda."""
    with serving(sets.land) as land, serving(sets.regio) as regio:
        keys = ask(sets.land, "sign-in", SECRETARIS, SMALL_SECRETARIS)
        alone = ask(sets.regio, "sign-in", SMALL_SECRETARIS)
        visits = (
            (Visitor(regio.port, alone[SMALL_SECRETARIS]), SMALL_DASHBOARD),
            (Visitor(land.port, keys[SMALL_SECRETARIS]), SMALL_DASHBOARD),
            (Visitor(land.port, keys[SECRETARIS]), DASHBOARD),
        )
        small, same, large = medians(visits, sets.times(30))
        yield Line("dashboard, land × regio", same / small, 1.3, "×", f"{same:.1f} / {small:.1f} ms")
        note = f"{large:.1f} ms; five times as many scores"
        yield Line("dashboard, 30 doelen and 8 years in land × regio", large / small, None, "×", note)


def autosave(sets: Sets) -> Iterator[Line]:
    """Another text in the same card, as htmx posts it; each save writes the score and its history."""
    for name, url, who, path in (
        ("regio", sets.regio, SMALL_SECRETARIS, SMALL_ENTRY),
        ("land", sets.land, SECRETARIS, ENTRY),
    ):
        with serving(url) as server:
            visitor = Visitor(server.port, ask(url, "sign-in", who)[who])
            visitor.start_entry(path)
            visitor.save(path, "Afgesproken.")
            used = server.processor_seconds()
            times = [visitor.save(path, f"Afgesproken in overleg {number}.") for number in range(sets.times(30))]
            used = (server.processor_seconds() - used) / len(times)
        note = f"{1000 * used:.0f} ms of processor time"
        yield Line(f"saving one score, {name}: median", statistics.median(times), 25, "ms", note)


def report(sets: Sets) -> Iterator[Line]:
    """The regional report as PDF: from the server, and in one process beside WeasyPrint alone on the same HTML."""
    for name, url, regio, who, path in (
        ("regio", sets.regio, "utrecht-west", SMALL_SECRETARIS, "/regio/utrecht-west/agenda/2023-2027/aug-26/"),
        ("land", sets.land, REGIO, SECRETARIS, f"{A}aug-26/"),
    ):
        with serving(url) as server:
            visitor = Visitor(server.port, ask(url, "sign-in", who)[who])
            first, *times = [visitor.open(f"{path}rapport.pdf") / 1000 for _ in range(sets.times(5))]
        found = ask(url, "report", regio, "aug-26", str(sets.times(3)))
        # The budget is for about 15 pages: what is longer may take as much longer, what is shorter may not take more.
        taken = statistics.median(times) / max(1, found["pages"] / 15)
        note = f"{found['pages']} pages; the first of a worker {first:.2f} s"
        yield Line(f"report as PDF, {name}, for each 15 pages", taken, 1.5, "s", note)
        ratio, note = found["ours"] / found["alone"], f"{found['ours']:.2f} / {found['alone']:.2f} s"
        yield Line(f"report as PDF, {name}: × WeasyPrint alone", ratio, 1.15, "×", note)


def weight(sets: Sets) -> Iterator[Line]:
    """What Chromium fetches for the dashboard, with an empty cache and again."""
    from bench.weight import visit_twice

    for name, url, who, path in (
        ("regio", sets.regio, SMALL_SECRETARIS, SMALL_DASHBOARD),
        ("land", sets.land, SECRETARIS, DASHBOARD),
    ):
        with serving(url) as server:
            first, later = visit_twice(server.port, ask(url, "sign-in", who)[who], path)
        note = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in first.by_kind.items())
        yield Line(f"page weight, first visit, dashboard {name}", first.bytes / 1000, 100, "kB", note)
        yield Line(f"requests, first visit, dashboard {name}", first.requests, 6, "")
        yield Line(f"page weight, later visit, dashboard {name}", later.bytes / 1000, 15, "kB")


def memory(sets: Sets) -> Iterator[Line]:
    """What the largest worker holds when many have read everything; an hour of reading is 20 readers × 360 pages."""
    numbers = [f"{number:03}" for number in range(1, 141, 7)]
    with serving(sets.land) as server:
        keys = ask(sets.land, "sign-in", *(f"coordinator@regio-{number}.test" for number in numbers))
        reading = [
            (key, [path.replace("075", number) for path in READING])
            for key, number in zip(keys.values(), numbers, strict=True)
        ]
        pages = 360 if sets.thorough else 60
        times = read_together(server.port, reading, pages=pages, pause=0)
        yield Line("worker memory after reading", server.memory(), 150, "MB", f"{len(times)} pages")
        printing = [(key, [f"{paths[0]}agenda/2018-2027/aug-26/rapport.pdf"]) for key, paths in reading[:2]]
        times = read_together(server.port, printing, pages=3, pause=0)
        yield Line("worker memory after printing too", server.memory(), None, "MB", f"{len(times)} PDFs")


def setup(sets: Sets) -> Iterator[Line]:
    """bin/setup in a fresh copy of the checkout, with the package cache that this machine has; and again."""
    with tempfile.TemporaryDirectory(prefix="setup-") as folder:
        names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
        for name in filter(None, names.split("\0")):
            target = Path(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
        yield Line("bin/setup, packages in the cache", seconds(["bin/setup"], folder), 60, "s")
        yield Line("bin/setup, nothing changed", seconds(["bin/setup"], folder), 10, "s")


def seconds(command: list[str], folder: str | Path) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def tests(sets: Sets) -> Iterator[Line]:
    """bin/test, whole."""
    started = time.perf_counter()
    done = subprocess.run(["bin/test"], cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
    taken = time.perf_counter() - started
    browser = re.search(r"^== Browser: (\d+) s$", done.stdout, re.MULTILINE)
    note = "" if done.returncode == 0 else "and it fails"
    yield Line("bin/test", taken, 180, "s", note)
    yield Line("bin/test, browser", float(browser[1]) if browser else None, 90, "s", note)


def counts(sets: Sets) -> Iterator[Line]:
    """Import and export of the counts, on the demo's database; nothing of it stays there."""
    rows = 36_000
    # Theirs takes half an hour for all of them, and its time a row hardly changes: shown by two sizes, at most three.
    sizes = [rows // 100, rows // 10, *([rows] if sets.thorough else [])]
    took = ask(sets.regio, "import", str(rows), *map(str, sizes))
    a_row = [1000 * seconds / size for seconds, size in zip(took["theirs"], sizes, strict=True)]
    times = a_row[-1] * rows / 1000 / took["ours"]
    theirs = ", ".join(f"{each:.1f} ms a row of {size}" for each, size in zip(a_row, sizes, strict=True))
    note = f"{took['rows']} rows with preview in {took['ours']:.1f} s; theirs {theirs}"
    yield Line("import of 36,000 counts, × faster than django-import-export", times, 10, "×", note, is_least=True)
    few, many = (ask(sets.regio, "import-memory", rows) for rows in ("3600", "360000"))
    yield Line("import: memory, 360,000 against 3,600 rows", abs(many - few), 20, "MB", f"{few:.0f} and {many:.0f} MB")
    took = ask(sets.regio, "export", "1000000")
    note = f"{took['rows']} rows; the first of them after {took['row']:.2f} s"
    yield Line("export of a million counts: first byte", took["first"], 0.5, "s", note)
    yield Line("export of a million counts: memory", took["memory"], 20, "MB")


def masking(sets: Sets) -> Iterator[Line]:
    """The quarters of the demo, each for the first time: what a worker does once after a restart."""
    found = ask(sets.regio, "masking", "utrecht-west")
    note = f"{sum(found['lost'])} numbers lost beyond the small ones in {len(found['lost'])} quarters"
    yield Line("masking a quarter, demo: slowest", max(found["seconds"]), 1, "s", note)
    yield Line("masking all quarters of the demo after a restart", sum(found["seconds"]), None, "s")


def nonsense(sets: Sets) -> Iterator[Line]:
    """10,000 generated bad inputs by six people, in the demo: each refused with a reason, and nothing changed."""
    found = ask(sets.regio, "nonsense", "10000")
    kinds = ", ".join(f"{kind} {count}" for kind, count in found["kinds"].items())
    note = f"{kinds}{'; the first: ' if found['faults'] else ''}{''.join(found['faults'][:1])}"
    yield Line("bad inputs that break, change or are not refused in words", len(found["faults"]), 0, "", note)


def reliability(sets: Sets) -> Iterator[Line]:
    """What must hold whatever breaks: how many of the tests that prove it do not pass."""
    yield from prove(RELIABILITY)


def security(sets: Sets) -> Iterator[Line]:
    """The same for what keeps strangers out."""
    yield from prove(SAFETY)


Section = Callable[[Sets], Iterator[Line]]
EVERY_RUN: tuple[Section, ...] = (
    queries,
    pages,
    readers,
    dashboards,
    autosave,
    report,
    weight,
    memory,
    setup,
    counts,
    masking,
    nonsense,
    reliability,
    security,
)
# These take minutes, or the whole machine.
ON_REQUEST: tuple[Section, ...] = (tests,)
