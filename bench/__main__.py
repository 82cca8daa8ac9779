"""Prints a line for each budget: bin/bench [--all] [--postgres] [SECTION …]."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from bench import databases
from bench.budgets import Line, Verdict, is_broken
from bench.databases import Databases
from bench.sections import EVERY_RUN, ON_REQUEST, Section, Sets
from bench.servers import collect_static

SECTIONS = {section.__name__: section for section in (*EVERY_RUN, *ON_REQUEST)}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("bin/bench", description="Measure the budgets, and say which hold.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--all", action="store_true", help="also what takes minutes, and three times as often")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of on SQLite")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"no section is called {unknown[0]}; there are {', '.join(SECTIONS)}")
    chosen = [SECTIONS[name] for name in given.sections] or [*EVERY_RUN, *(ON_REQUEST if given.all else ())]
    # Being told to stop must stop the servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    databases.FOLDER.mkdir(parents=True, exist_ok=True)
    kind = databases.postgresql if given.postgres else databases.sqlite
    with kind() as servers:
        return measure(servers, chosen, thorough=given.all)


def measure(kind: Databases, chosen: Sequence[Section], *, thorough: bool) -> int:
    print(f"{kind.name}, {os.cpu_count()} cores, load {load()} before", flush=True)
    collect_static()
    regio, land = databases.prepare(kind)
    sets = Sets(kind.name, regio, land, thorough)
    lines: list[Line] = []
    for section in chosen:
        for line in section(sets):
            print(line, flush=True)
            lines.append(line)
    print(f"load {load()} after")
    broken = [line for line in lines if is_broken([line])]
    held = sum(line.verdict is Verdict.HOLDS for line in lines)
    print(f"bin/bench: {held} hold, {len(broken)} do not." if broken else f"bin/bench: all {held} hold.")
    return 1 if broken else 0


def load() -> str:
    return ", ".join(f"{average:.1f}" for average in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
