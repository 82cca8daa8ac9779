"""The counts in a public report: masked as the OOGO sees them, in the page and in every file, also beside a version."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from monitoring.disclosure import find_other_masks, find_small_counts
from monitoring.models import Momentopname
from monitoring.open_data import THUISZITTERS
from monitoring.publishing import NotPublishable, choose_publishing, publish_version
from monitoring.snapshot import canonical, digest
from regio.tables import read_table
from tests.monitoring.publicity import REPORT
from tests.monitoring.test_rapport_thuiszitters import Tellend
from tests.worlds import once

pytestmark = pytest.mark.django_db

MASKED = {"status": "afgeschermd", "tekst": "<5", "aantal": None, "dekking": ""}


class OpenbaarTellend(Tellend):
    """A regio that counts, whose report is adopted and public."""

    def __init__(self) -> None:
        super().__init__()
        self.submit(op=None)
        self.momentopname = self.adopt()
        choose_publishing(regio=self.regio, publiceert=True, by=self.indiener)
        publish_version(momentopname=self.momentopname, by=self.indiener)

    def adopt_changed(self, change: Callable[[dict[str, Any]], None]) -> Momentopname:
        """Put a next version in the register as if it was adopted, with other counts."""
        content = json.loads(self.momentopname.inhoud) | {"versie": 2, "reden_heropening": "Een getal klopte niet"}
        change(content["tellingen"])
        inhoud = canonical(content)
        return Momentopname.objects.create(
            rapportage=self.momentopname.rapportage,
            versie=2,
            inhoud=inhoud,
            sha256=digest(inhoud),
            gemaakt_op=self.momentopname.gemaakt_op,
        )


built, world = once(OpenbaarTellend)


def test_the_data_hold_the_counts_of_the_report_and_no_small_one(world, client):
    rows = [row.cells for row in read_table("a.csv", client.get(REPORT + "thuiszitters.csv").content).rows]
    assert tuple(rows[0]) == THUISZITTERS.namen
    assert {row["peildatum"] for row in rows} == {"2024-10-01", "2025-07-01"}
    assert any(row["status"] == "afgeschermd" and row["aantal"] == "" for row in rows)
    assert [row for row in rows if row["aantal"] and 0 < int(row["aantal"]) < world.regio.drempel] == []
    dorp = {row["peildatum"]: row["status"] for row in rows if row["organisatie"] == "Dorp"}
    assert dorp["2024-10-01"] == "afgeschermd"
    data = json.loads(client.get(REPORT + "rapport.json").content)
    assert [
        {key: "" if value is None else str(value) for key, value in row.items()} for row in data["thuiszitters"]
    ] == rows
    said = json.loads(client.get(REPORT + "thuiszitters.csv-metadata.json").content)
    assert [column["name"] for column in said["tableSchema"]["columns"]] == list(THUISZITTERS.namen)


def test_the_page_shows_what_an_oogo_lid_reads(world, client):
    public = client.get(REPORT).text
    assert "Kleine aantallen thuiszitters zijn afgeschermd" in public
    lid = world.client("oogo-lid").get("/regio/west/agenda/2023-2027/aug-25/rapport/").text
    assert section(public) == section(lid)


def section(page: str) -> str:
    return page[page.index('aria-labelledby="thuiszitters"') : page.index('aria-labelledby="verantwoording"')]


def test_a_report_without_counts_has_no_file_of_them(world, client):
    content = json.loads(world.momentopname.inhoud)
    assert content["tellingen"]
    newer = world.adopt_changed(lambda tellingen: tellingen.clear())
    publish_version(momentopname=newer, by=world.indiener)
    assert client.get(REPORT + "thuiszitters.csv").status_code == 404
    assert "thuiszitters.csv" not in client.get(REPORT).text
    assert client.get(REPORT + "versie-1/thuiszitters.csv").status_code == 200


def test_a_small_count_that_is_not_masked_keeps_the_report_from_everybody(world):
    def unmask(tellingen: dict[str, Any]) -> None:
        tellingen["per_gemeente"][0]["cellen"][0] = {"status": "opgegeven", "tekst": "3", "aantal": 3, "dekking": ""}

    newer = world.adopt_changed(unmask)
    assert find_small_counts(json.loads(newer.inhoud)) == ["2024-10-01"]
    with pytest.raises(NotPublishable, match="niet zijn afgeschermd"):
        publish_version(momentopname=newer, by=world.indiener)


def test_two_versions_that_mask_otherwise_are_not_public_side_by_side(world):
    def mask_more(tellingen: dict[str, Any]) -> None:
        rows = [*tellingen["regels"], *tellingen["per_gemeente"]]
        cells = next(row["cellen"] for row in rows if row["cellen"][0]["aantal"])
        cells[0] = MASKED

    newer = world.adopt_changed(mask_more)
    with pytest.raises(NotPublishable, match="Van 1 oktober 2024 schermt deze versie andere aantallen af"):
        publish_version(momentopname=newer, by=world.indiener)


def test_versions_that_mask_the_same_pass():
    cells = [MASKED, {"status": "opgegeven", "tekst": "12", "aantal": 12, "dekking": ""}]
    content: dict[str, Any] = {
        "tellingen": {
            "drempel": 5,
            "kwartalen": [{"peildatum": "2024-10-01"}, {"peildatum": "2025-01-01"}],
            "regels": [{"groep": "verzuim", "code": "a", "cellen": cells}],
            "per_gemeente": [],
        }
    }
    assert find_other_masks(content, content) == []
    assert find_other_masks(content, {"tellingen": None}) == []
    assert find_small_counts(content) == []
    assert find_small_counts({}) == []
