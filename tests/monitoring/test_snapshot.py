"""The snapshot of an adopted report: one canonical text, the same report out as in, and nothing else read after."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from agenda.models import Actie, Schaal, Schaalwaarde
from monitoring.models import Momentopname, Rapportage
from monitoring.overview import load_report, load_versies
from monitoring.publication import FORMATS
from monitoring.snapshot import Damaged, NotASnapshot, canonical, digest, freeze, read, thaw
from tests.monitoring.decisions import Besluitvorming
from tests.pdf_validation import find_faults, open_objects, read_sheets
from tests.worlds import once

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "momentopname.schema.json").read_text())
BASE = "/regio/west/agenda/2023-2027/aug-25/"
MARK_SIZE = 60
KINDS = ("csv", "xlsx", "ods", "json", "pdf")


built, world = once(Besluitvorming)


@pytest.fixture
def reader(world: Besluitvorming, client: Client) -> Client:
    client.force_login(world.people["coordinator"])
    return client


def article(page: str) -> str:
    """What of the page is the report."""
    return page[page.index("<article") : page.index("</article>")]


# The canonical form

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(st.characters(codec="ascii")), parts),
)


@given(PLAIN)
def test_canonical_json_gives_back_what_it_was_made_from(content: Any):
    text = canonical(content)
    assert json.loads(text) == content
    assert canonical(json.loads(text)) == text


@given(st.dictionaries(st.text(st.characters(codec="ascii")), st.integers()))
def test_the_order_in_which_keys_came_does_not_count(content: dict[str, int]):
    assert canonical(dict(reversed(content.items()))) == canonical(content)


@pytest.mark.parametrize("content", [1.5, float("nan"), date(2025, 9, 11), {"é": 1}, {1: 1}, [{"a": [0.0]}], {1, 2}])
def test_what_has_no_single_form_is_refused(content: Any):
    with pytest.raises(TypeError):
        canonical(content)


def test_its_sha256_is_that_of_the_bytes():
    assert digest('{"a":"é"}') == hashlib.sha256(b'{"a":"\xc3\xa9"}').hexdigest()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 5, "besluit": {}}', "[" * 100_000, "null"])
def test_what_is_no_snapshot_is_not_read(text: str):
    with pytest.raises(NotASnapshot):
        read(text)


# Out what went in


def adopt_a_rich_report(world: Besluitvorming) -> Momentopname:
    Actie.objects.create(doel=world.b1, omschrijving="Overzicht maken", gereed_voor=date(2025, 1, 1))
    # A score of the year before, given on a scale that the agenda has left since.
    other = Schaal.objects.create(slug="oud", naam="Oud")
    old = Schaalwaarde.objects.create(schaal=other, waarde=2, omschrijving="±", kort="±", toon="neutraal")
    world.b1.voortgangsscore_set.filter(meetmoment=world.vorig).update(waarde=old)
    world.submit()
    return world.adopt(uitspraak=world.uitspraak(opmerkingen="Met dank.", per_doel={world.a1: "Let op."}))


def test_every_snapshot_keeps_to_the_published_schema(world: Besluitvorming):
    plain = adopt_a_rich_report(world)
    world.reopen()
    world.submit()
    registered = world.adopt(by=world.indiener, als_registratie=True)
    for momentopname in (plain, registered):
        Draft202012Validator(SCHEMA).validate(json.loads(momentopname.inhoud))


def test_the_schema_refuses_what_is_no_snapshot(world: Besluitvorming):
    content = json.loads(adopt_a_rich_report(world).inhoud)
    for broken in ({**content, "extra": 1}, {**content, "besluit": {}}, {**content, "versie": 0}):
        with pytest.raises(ValidationError):
            Draft202012Validator(SCHEMA).validate(broken)


def test_the_report_from_the_snapshot_says_what_the_report_said(world: Besluitvorming):
    momentopname = adopt_a_rich_report(world)
    live, frozen = load_report(world.moment), thaw(momentopname.inhoud)

    assert list(frozen.data_rows()) == list(live.data_rows())
    assert frozen.stand == live.stand
    assert (frozen.figuur.finding, str(frozen.figuur.svg)) == (live.figuur.finding, str(live.figuur.svg))
    assert [str(cell.doel.code) for cell in frozen.gevraagd] == [cell.doel.code for cell in live.gevraagd]
    assert (len(frozen.te_laat), frozen.verandering) == (1, live.verandering)
    assert canonical(freeze(frozen)) == momentopname.inhoud


def test_only_what_was_adopted_is_frozen(world: Besluitvorming):
    with pytest.raises(ValueError, match="adopted"):
        freeze(load_report(world.moment))


def test_a_snapshot_that_was_tampered_with_is_not_shown(world: Besluitvorming):
    rapportage = Rapportage.objects.create(meetmoment=world.moment)
    adopted = {"versie": 1, "gemaakt_op": "2025-09-11T10:00Z", "rapportage": rapportage}
    world.submit()
    inhoud = world.adopt().inhoud
    Momentopname.objects.create(**{**adopted, "versie": 2}, inhoud=inhoud, sha256="0" * 64)
    with pytest.raises(Damaged):
        load_versies(world.moment)


# From then on nothing else is read


def change_everything(world: Besluitvorming) -> None:
    world.b1.plan, world.b1.controle = "Een ander plan", "Anders nagaan"
    world.b1.save()
    world.b1.thema.naam = "Een ander thema"
    world.b1.thema.save()
    world.agenda.naam, world.agenda.bron = "Een andere agenda", "Een andere bron"
    world.agenda.save()
    Schaalwaarde.objects.filter(schaal=world.agenda.schaal).update(
        omschrijving="andere woorden", kort="anders", toon="trots"
    )
    world.regio.naam, world.regio.accentkleur = "Anderland", "#5a3a78"
    world.regio.save()
    world.stad.naam = world.stad.korte_naam = "Gefuseerd"
    world.stad.save()
    world.oogo.afkorting = "BO"
    world.oogo.save()
    for person in world.people.values():
        person.naam = "Iemand anders"
        person.save()
    world.moment.naam = "Najaar 2025"
    world.moment.save()
    Actie.objects.create(doel=world.b1, omschrijving="Een late actie", gereed_voor=date(2024, 1, 1))


@pytest.mark.usefixtures("plain_pdf")
def test_page_pdf_and_files_stay_the_same_whatever_changes_afterwards(world: Besluitvorming, reader: Client):
    adopt_a_rich_report(world)
    page, files = reader.get(f"{BASE}rapport/").text, {k: reader.get(f"{BASE}rapport.{k}").content for k in KINDS}

    change_everything(world)

    assert article(reader.get(f"{BASE}rapport/").text) == article(page)
    for kind in ("csv", "json", "pdf"):
        assert reader.get(f"{BASE}rapport.{kind}").content == files[kind], kind
    # A spreadsheet is a zip that holds the hour at which it was written; its cells are those of the csv.
    assert "Een ander plan" in FORMATS["csv"].write(load_report(world.moment)).decode()


def test_a_concept_does_change(world: Besluitvorming, reader: Client):
    page = reader.get(f"{BASE}rapport/").text
    change_everything(world)
    assert article(reader.get(f"{BASE}rapport/").text) != article(page)


# The PDF


def test_the_pdf_carries_version_hash_and_adoption_and_both_attachments(world: Besluitvorming, reader: Client):
    momentopname = adopt_a_rich_report(world)
    pdf = reader.get(f"{BASE}rapport.pdf").content

    assert find_faults(pdf) == []
    opened = open_objects(pdf)
    attached = {str(spec.UF): spec.EF.F.read_bytes() for spec in opened.Root.AF}
    assert attached == {
        "rapport-west-2023-2027-aug-25-versie-1.csv": reader.get(f"{BASE}rapport.csv").content,
        "rapport-west-2023-2027-aug-25-versie-1.json": momentopname.inhoud.encode(),
    }
    metadata = opened.Root.Metadata.read_bytes().decode()
    assert f"versie 1, sha256 {momentopname.sha256}" in metadata
    assert "Vastgesteld in OOGO op 11 september 2025, kenmerk OOGO 2025-3, punt 4, versie 1" in metadata
    for sheet in read_sheets(pdf):
        text = " ".join(sheet.text.split())
        assert "Vastgesteld in OOGO op 11 september 2025, kenmerk OOGO 2025-3, punt 4, versie 1" in text
        assert momentopname.sha256 in text
        assert not [word for word in sheet.words if word.size > MARK_SIZE]


def test_the_momentopname_can_be_downloaded_byte_for_byte(world: Besluitvorming, reader: Client):
    assert reader.get(f"{BASE}momentopname.json").status_code == 404
    momentopname = adopt_a_rich_report(world)
    assert hashlib.sha256(reader.get(f"{BASE}momentopname.json").content).hexdigest() == momentopname.sha256
