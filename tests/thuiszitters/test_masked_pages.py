"""What somebody who sees small numbers masked can read from the page and the file as they are: words, drawings, order.

A page is taken apart, and it is made again with every number that it may not tell replaced by another: nothing of it,
no length of a bar and no order of rows, may then be otherwise (domein.md, rule 10; ADR 0020).
"""

import csv
import io
import json
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client, TestCase
from django.utils import timezone

from regio.days import format_day
from regio.models import Gebruiker, Regio
from regio.streams import long_ods, long_xlsx
from regio.tables import read_table
from tests.thuiszitters.attack import Sight, World, losses
from tests.thuiszitters.masked_file import beside_the_rows, cells_of, parts_of, strange_words, words_of
from tests.thuiszitters.masked_page import Drawing, drawings, said_numbers, tables
from thuiszitters import figures, publication
from thuiszitters.categories import VERZUIM, Category
from thuiszitters.counting import Count, given
from thuiszitters.cube import ALL_GEMEENTEN, ALL_SECTORS, LANGDURIG, SAMEN, ZONDER_AANBOD, ZONDER_REDEN
from thuiszitters.overview import Quarter, load_quarters
from thuiszitters.publication import Period, Shown
from thuiszitters.sheet import SECTORS

PAGE = "/regio/utrecht-west/thuiszitters/"
OOGO_LID, INVOERDER = "oogo@utrecht-west.test", "invoer-woerden@utrecht-west.test"
FILE = PAGE + "tellingen.csv"
AGENDA, PUBLIC = "/regio/utrecht-west/agenda/2023-2027/", "/openbaar/utrecht-west/2023-2027/aug-25/"
THRESHOLD = 5
LABELS = {"<5", "afgeschermd"}
NAMES = {
    SAMEN: "Thuiszitters samen",
    LANGDURIG: "Langer dan drie maanden",
    ZONDER_AANBOD: "waarvan zonder passend aanbod",
    ZONDER_REDEN: "Reden niet opgegeven",
}
NEW_EACH_TIME = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|"X-CSRFToken": "[^"]*"')
MASKED = publication._masked
SHOW = Period.show

Place = tuple[int, str]
Seen = dict[str, dict[Place, str]]
"""For each day of counting what is shown of each gemeente and code."""


def with_other_secrets(returned: Quarter, drempel: int, own: Collection[int]) -> Period:
    """Return the quarter for its reader, every number that is not shown replaced; who was smallest is now largest."""
    period = MASKED(returned, drempel, own)
    labels = period.labels or {}
    totals = {
        key: total
        if total.aantal is None or labels.get(key, "") is None
        else replace(total, aantal=9000 - total.aantal)
        for key, total in period.cube.totals.items()
    }
    counts = {key: _other(count) for key, count in period.quarter.counts.items()}
    quarter = replace(period.quarter, counts=counts)
    return replace(period, quarter=quarter, cube=replace(period.cube, totals=totals))


def _other(count: Count) -> Count:
    return count if count.aantal is None else given(9000 - count.aantal)


@contextmanager
def other_secrets() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publication, "_masked", with_other_secrets)
        yield


@time_machine.travel("2026-11-25T12:00:00+01:00", tick=False)
class WhatCanBeRead(TestCase):
    """In the demo, loaded once: thirteen quarters of five gemeenten, the last one not adopted."""

    quarters: ClassVar[dict[str, Quarter]]
    own: ClassVar[int]

    @classmethod
    def setUpTestData(cls):
        call_command("demo", stdout=io.StringIO())
        loaded = load_quarters(Regio.objects.get(slug="utrecht-west"), timezone.localdate())
        cls.quarters = {format_day(q.peildatum): q.submitted_only() for q in loaded if q.telmoment.is_afgesloten}
        cls.own = next(g.pk for g in loaded[-1].gemeenten if g.naam == "Woerden")

    def read(self, email: str, url: str = PAGE) -> str:
        return NEW_EACH_TIME.sub("", self.fetch(email, url).decode("utf-8-sig"))

    def fetch(self, email: str, url: str) -> bytes:
        client = Client()
        client.force_login(Gebruiker.objects.get(email=email))
        return client.get(url).getvalue()

    def read_with_other_secrets(self, email: str, url: str = PAGE) -> str:
        with other_secrets():
            return self.read(email, url)

    def on_page(self, html: str) -> Seen:
        """Return every number and label in the tables of a page by what it counts."""
        seen: Seen = {peildatum: {} for peildatum in self.quarters}
        for table in tables(html):
            for row, texts in table.rows.items():
                for column, text in zip(table.columns, texts, strict=False):
                    peildatum, name = (row, column) if table.what == "Peildatum" else (column, row)
                    if table.what in {"Peildatum", "Reden", "Grond"}:
                        seen[peildatum][self.place_of(peildatum, name)] = text
        return seen

    def place_of(self, peildatum: str, name: str) -> Place:
        quarter = self.quarters[peildatum]
        places: dict[str, Place] = {c.kort.split(" – ")[0]: (ALL_GEMEENTEN, c.code) for c in quarter.categories}
        places |= {c.naam: (ALL_GEMEENTEN, c.code) for c in quarter.categories}
        places |= {NAMES[code]: (ALL_GEMEENTEN, code) for code in NAMES}
        return (places | {g.naam: (g.pk, SAMEN) for g in quarter.gemeenten})[name]

    def in_file(self, text: str) -> Seen:
        """Return every sum in a masked file; what is not told stands there as "afgeschermd"."""
        seen: Seen = {peildatum: {} for peildatum in self.quarters}
        for row in csv.DictReader(io.StringIO(text), delimiter=";"):
            peildatum = format_day(date.fromisoformat(row["peildatum"]))
            if peildatum in seen and row["sector"] == "alle sectoren":
                gemeenten = {g.code: g.pk for g in self.quarters[peildatum].gemeenten}
                place = gemeenten.get(row["gemeentecode"], ALL_GEMEENTEN), row["categorie"]
                seen[peildatum][place] = row["aantal"] or row["status"]
        return seen

    def in_report(self, tellingen: Any) -> Seen:
        """Return every sum in the data of a report, in_file() alike."""
        days = [format_day(date.fromisoformat(kwartaal["peildatum"])) for kwartaal in tellingen["kwartalen"]]
        lines = [{"code": line.get("code"), "naam": line["naam"]} for line in tellingen["regels"]]
        columns = zip(*(line["cellen"] for line in (*tellingen["regels"], *tellingen["per_gemeente"])), strict=True)
        return {
            peildatum: self.in_quarter(
                peildatum,
                {
                    "regels": [line | cell for line, cell in zip(lines, cells, strict=False)],
                    "gemeenten": [
                        {"naam": line["naam"]} | cell
                        for line, cell in zip(tellingen["per_gemeente"], cells[len(lines) :], strict=True)
                    ],
                },
            )
            for peildatum, cells in zip(days, columns, strict=True)
            if peildatum in self.quarters
        }

    def in_quarter(self, peildatum: str, table: Any) -> dict[Place, str]:
        """Return every sum in the snapshot of a quarter, in_file() alike."""
        pks = {g.naam: g.pk for g in self.quarters[peildatum].gemeenten}
        found = {(ALL_GEMEENTEN, line["code"]): label(line) for line in table["regels"]}
        return found | {(pks[line["naam"]], SAMEN): label(line) for line in table["gemeenten"]}

    def attack(self, seen: Seen, insiders: Collection[int]) -> list[str]:
        """Let each of these try, who know the counts of one gemeente or (0) of none; return what was found."""
        found: list[str] = []
        for peildatum, quarter in self.quarters.items():
            world = World(quarter.categories, [g.pk for g in quarter.gemeenten], SECTORS, quarter.counts)
            sights = [Sight(*place, text) for place, text in seen[peildatum].items()]
            for who in insiders:
                found += [f"{peildatum}, {who}: {loss}" for loss in losses(world, sights, THRESHOLD, insider=who)]
        return found

    def assert_tells_no_more_than_its_tables(self, html: str) -> None:
        seen = self.on_page(html)
        days = list(seen)
        regio = [{code: text for (pk, code), text in seen[d].items() if pk == ALL_GEMEENTEN} for d in days]
        wide = [drawing for drawing in drawings(html) if drawing.kind == "grafiek-breed"]
        wholes = [c.code for c in self.quarters[days[-1]].categories if c.groep == VERZUIM and c.is_whole][::-1]
        assert len(wide) == 2
        assert_columns(wide[0], [(r[SAMEN], [r[code] for code in wholes]) for r in regio])
        assert_columns(wide[1], [(r[LANGDURIG], apart(r[ZONDER_AANBOD], r[LANGDURIG])) for r in regio])
        lying = [drawing for drawing in drawings(html) if drawing.kind == ""]
        for drawing, what in zip(lying, ("Reden", "Grond"), strict=True):
            (table,) = (table for table in tables(html) if table.what == what)
            assert_bars(drawing, [texts[0] for texts in table.rows.values() if texts[0].isdecimal()])
        lines = [drawing for drawing in drawings(html) if drawing.kind == "grafiek-klein"]
        for drawing, gemeente in zip(lines, self.quarters[days[-1]].gemeenten, strict=True):
            assert_in_proportion(drawing.lengths, [seen[d][gemeente.pk, SAMEN] for d in days], zeros=True)
        said, described = said_numbers(html)
        before, now = days[-2:]
        assert described <= set().union(*map(numbers, seen.values()))
        assert said <= numbers(seen[now]) | numbers(seen[before]) | changes(seen[before], seen[now])

    def test_the_page_and_the_file_tell_an_oogo_lid_nothing_that_helps_to_work_out_a_small_number(self):
        page, file = self.on_page(self.read(OOGO_LID)), self.in_file(self.read(OOGO_LID, FILE))
        assert sum(not text.isdecimal() for texts in file.values() for text in texts.values()) > 60
        for peildatum, texts in page.items():
            hidden = {place: "afgeschermd" if text in LABELS else text for place, text in texts.items()}
            assert hidden.items() <= file[peildatum].items()
        seen = {peildatum: file[peildatum] | page[peildatum] for peildatum in file}
        gemeenten = {g.pk for quarter in self.quarters.values() for g in quarter.gemeenten}
        assert self.attack(seen, [0, *gemeenten]) == []

    def test_nor_an_invoerder_who_sees_the_own_counts(self):
        page, file = self.on_page(self.read(INVOERDER)), self.in_file(self.read(INVOERDER, FILE))
        seen = {peildatum: file[peildatum] | page[peildatum] for peildatum in file}
        for peildatum, quarter in self.quarters.items():
            known = publication.publish([quarter], drempel=None)[0].show(self.own, SAMEN)
            assert seen[peildatum][self.own, SAMEN] == known.tekst
        assert self.attack(seen, [self.own]) == []

    def test_drawings_words_and_order_tell_no_more_than_the_tables(self):
        for email in (OOGO_LID, INVOERDER):
            html = self.read(email)
            self.assert_tells_no_more_than_its_tables(html)
            assert self.read_with_other_secrets(email) == html
            assert self.read_with_other_secrets(email, FILE) == self.read(email, FILE)

    def test_the_other_formats_hold_the_cells_of_the_csv_and_nothing_beside_them(self):
        told = cells_of("csv", self.fetch(OOGO_LID, FILE))
        files = {kind: self.fetch(OOGO_LID, f"{PAGE}tellingen.{kind}") for kind in ("xlsx", "ods", "json")}
        with other_secrets():
            again = {kind: self.fetch(OOGO_LID, f"{PAGE}tellingen.{kind}") for kind in files}
        for kind, content in files.items():
            assert cells_of(kind, content) == told, kind
            assert parts_of(content) == parts_of(again[kind]), kind
        for kind, empty in (("xlsx", long_xlsx), ("ods", long_ods)):
            with empty(told[0], []) as file:
                assert beside_the_rows(kind, files[kind]) == beside_the_rows(kind, file.read()), kind
            assert strange_words(kind, files[kind]) == set()
        told = cells_of("csv", self.fetch(INVOERDER, FILE))
        assert all(cells_of(kind, self.fetch(INVOERDER, f"{PAGE}tellingen.{kind}")) == told for kind in ("ods", "json"))

    def test_a_report_its_files_and_the_snapshots_tell_what_the_file_of_counts_tells(self):
        told = self.in_file(self.read(OOGO_LID, FILE))
        concept = json.loads(self.fetch(OOGO_LID, f"{AGENDA}aug-26/rapport.json"))["thuiszitters"]
        adopted = json.loads(self.fetch(OOGO_LID, f"{AGENDA}aug-25/momentopname.json"))["tellingen"]
        assert json.loads(self.fetch(OOGO_LID, f"{AGENDA}aug-25/rapport.json"))["thuiszitters"] == adopted
        public = json.loads(self.fetch(OOGO_LID, f"{PUBLIC}rapport.json"))["thuiszitters"]
        assert [(r["peildatum"], r["organisatie"], str(r["aantal"]), r["getoond"]) for r in public] == rows_of(adopted)
        seen = [self.in_report(adopted), self.in_report(concept)]
        for peildatum, quarter in self.quarters.items():
            url = f"{PAGE}{quarter.peildatum}/gemaskeerd.json"
            seen.append({peildatum: self.in_quarter(peildatum, json.loads(self.fetch(OOGO_LID, url))["gemaskeerd"])})
        assert sum(len(texts) for found in seen for texts in found.values()) > 500
        for found in seen:
            for peildatum, texts in found.items():
                assert texts.items() <= told[peildatum].items()

    def test_every_format_of_a_report_holds_the_same_cells_and_nothing_of_what_is_not_told(self):
        urls = [f"{AGENDA}aug-26/rapport.{kind}" for kind in ("csv", "json", "xlsx", "ods")]
        files = [self.fetch(OOGO_LID, url) for url in urls]
        with other_secrets():
            assert [words_of(self.fetch(OOGO_LID, url)) for url in urls] == [*map(words_of, files)]
        tables = [
            [row.cells for row in read_table(url, content).rows]
            for url, content in zip(urls, files, strict=True)
            if "json" not in url
        ]
        counts = [row for row in tables[0] if row["onderdeel"] == "thuiszitters"]
        assert tables[1:] == [tables[0], tables[0]]
        wanted = rows_of(json.loads(files[1])["thuiszitters"])
        assert [(r["peildatum"], r["organisatie"], r["aantal"] or "None", r["getoond"]) for r in counts] == wanted

    def test_a_leak_is_found(self):
        for leak, is_in_tables in LEAKS:
            with pytest.MonkeyPatch.context() as patch:
                leak(patch)
                html = self.read(OOGO_LID)
                assert self.read_with_other_secrets(OOGO_LID) != html, leak
                if not is_in_tables:
                    with pytest.raises(AssertionError):
                        self.assert_tells_no_more_than_its_tables(html)

    def test_a_number_too_many_is_found(self):
        """Whoever shows all but the small numbers themselves is found out by the attack on the page."""
        seen = self.in_file(self.read(OOGO_LID, FILE))
        for peildatum, quarter in self.quarters.items():
            (raw,) = publication.publish([quarter], drempel=None)
            for place in seen[peildatum]:
                shown = raw.show(*place)
                if shown.aantal is not None and shown.aantal >= THRESHOLD:
                    seen[peildatum][place] = shown.tekst
        assert len(self.attack(seen, [0])) > len(self.quarters) / 2


def label(cell: dict[str, Any]) -> str:
    return "afgeschermd" if cell["aantal"] is None and cell["tekst"] in LABELS else cell["tekst"]


def rows_of(tellingen: Any) -> list[tuple[str, str, str, str]]:
    """Return of the data of a report what its tables say: day, place, number and what is shown."""
    return [
        (
            kwartaal["peildatum"],
            line["naam"] if line in tellingen["per_gemeente"] else "Utrecht West",
            str(cell["aantal"]),
            cell["tekst"],
        )
        for place, kwartaal in enumerate(tellingen["kwartalen"])
        for line in (*tellingen["regels"], *tellingen["per_gemeente"])
        for cell in [line["cellen"][place]]
    ]


def numbers(texts: dict[Place, str]) -> set[int]:
    return {int(text) for text in texts.values() if text.isdecimal()}


def changes(before: dict[Place, str], now: dict[Place, str]) -> set[int]:
    both = [(before.get(place, ""), text) for place, text in now.items()]
    return {abs(int(text) - int(was)) for was, text in both if was.isdecimal() and text.isdecimal()}


def apart(part: str, whole: str) -> list[str]:
    """Return the two parts of a column, as far as both are told."""
    return [part, str(int(whole) - int(part))] if part.isdecimal() and whole.isdecimal() else [part]


def assert_columns(drawing: Drawing, columns: list[tuple[str, list[str]]]) -> None:
    """Only a whole that is told stands above its column, drawn in its parts where those are told, else as one."""
    assert [text.rstrip("*") for text in drawing.texts] == [w if w.isdecimal() else "×" for w, _ in columns]
    told = [(whole, parts) for whole, parts in columns if whole.isdecimal()]
    drawn = [parts if all(part.isdecimal() for part in parts) else [whole] for whole, parts in told]
    assert_in_proportion(drawing.lengths, [length for lengths in drawn for length in lengths])


def assert_bars(drawing: Drawing, told: list[str]) -> None:
    assert drawing.texts[::-1] == told
    assert_in_proportion(drawing.lengths[::-1], told)


def assert_in_proportion(lengths: list[float], texts: list[str], *, zeros: bool = False) -> None:
    """Every length is that of a number that is told, in their order; of nothing else there is a length."""
    numbers = [int(text) for text in texts if text.isdecimal() and (zeros or text != "0")]
    assert len(lengths) == len(numbers)
    unit = sum(lengths) / max(1, sum(numbers))
    assert all(abs(length - unit * number) < 0.05 for length, number in zip(lengths, numbers, strict=True))


def drawn_although_masked(patch: pytest.MonkeyPatch) -> None:
    """Charts draw what they find in `aantal`, whatever the text says."""

    def show(period: Period, gemeente: int, code: str, sector: str = ALL_SECTORS) -> Shown:
        shown = SHOW(period, gemeente, code, sector)
        return replace(shown, aantal=period.cube.get(gemeente, code, sector).aantal)

    patch.setattr(Period, "show", show)


def told_in_a_finding(patch: pytest.MonkeyPatch) -> None:
    def headline(_before: Period | None, now: Period) -> str:
        return f"{now.cube.get(ALL_GEMEENTEN, 'thuiszitters-3-maanden').aantal} leerlingen zitten lang thuis"

    patch.setattr(figures, "headline", headline)


def sorted_by_what_is_hidden(patch: pytest.MonkeyPatch) -> None:
    bars = figures.group_bars

    def sorted_bars(before: Period | None, now: Period, groep: str, finding: str) -> figures.Trend:
        def size(category: Category) -> int:
            return now.cube.get(ALL_GEMEENTEN, category.code).aantal or 0

        quarter = replace(now.quarter, categories=sorted(now.quarter.categories, key=size))
        return bars(before, replace(now, quarter=quarter), groep, finding)

    patch.setattr(figures, "group_bars", sorted_bars)


LEAKS = ((drawn_although_masked, False), (told_in_a_finding, False), (sorted_by_what_is_hidden, True))
"""Each with whether the tables leak along, so that only the page with other secrets gives it away."""
