"""What changed, in words for people."""

import re
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st
from simple_history.models import DeletedObject

from agenda.models import Actie, Agenda, Doel
from regio.history import Difference, readable
from regio.models import Gebruiker, Overleg


def shown(old: str, new: str) -> str:
    return Template("{{ verschil }}").render(Context({"verschil": Difference(old, new)}))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a", "b", "<del>a</del> <ins>b</ins>"),
        ("", "b", "<ins>b</ins>"),
        ("a", "", "<del>a</del> "),
        ("<b>", "<b>", "&lt;b&gt;"),
        ("<i>", "&", "<del>&lt;i&gt;</del> <ins>&amp;</ins>"),
    ],
)
def test_a_short_change_shows_old_and_new_whole(old: str, new: str, expected: str):
    assert shown(old, new) == expected


def test_a_long_change_shows_what_changed_within():
    text = "Het REA kwam {} keer bijeen in een vaste samenstelling, met bureau leerplicht en jeugdgezondheidszorg."
    assert shown(text.format("zes"), text.format("twaalf")) == text.format("<del>zes</del> <ins>twaalf</ins>")


def test_no_word_is_cut():
    old = "In alle gemeenten is de scholing begonnen, ook bij de schoolbesturen van het voortgezet onderwijs."
    new = "In alle gemeenten is de scholing afgerond, ook bij de scholen van het voortgezet onderwijs."
    html = shown(old, new)
    assert "<del>begonnen</del> <ins>afgerond</ins>" in html
    assert "<del>schoolbesturen</del> <ins>scholen</ins>" in html


def test_a_text_of_very_many_words_is_compared_too():
    text = " ".join(f"woord{number}" for number in range(70_000))
    assert "<del>woord69999</del> <ins>einde</ins>" in shown(text, text.replace("woord69999", "einde"))


@given(st.text(max_size=200), st.text(max_size=200))
def test_old_and_new_can_be_read_back_from_what_is_shown(old: str, new: str):
    html = shown(old, new)
    without_ins = re.sub(r"(?s)<ins>.*?</ins>", "", html)
    without_del = re.sub(r"(?s)<del>.*?</del> ", "", html)
    assert without_ins.replace("<del>", "").replace("</del> ", "") == shown(old, old)
    assert without_del.replace("<ins>", "").replace("</ins>", "") == shown(new, new)


@pytest.mark.parametrize(
    ("model", "name", "value", "expected"),
    [
        (Doel, "plan", "", "(leeg)"),
        (Doel, "plan", None, "(leeg)"),
        (Doel, "plan", "Conferentie", "Conferentie"),
        (Doel, "volgorde", 0, "0"),
        (Doel, "lokaal", True, "ja"),
        (Doel, "lokaal", False, "nee"),
        (Actie, "gereed_voor", date(2026, 12, 1), "1 december 2026"),
        (Gebruiker, "date_joined", datetime(2026, 8, 31, 12, 2, tzinfo=UTC), "31 augustus 2026 14:02"),
        (Overleg, "niveau", "lokaal", "lokaal"),
        (Agenda, "schaal", DeletedObject(Doel, None), "(leeg)"),
        (Agenda, "schaal", DeletedObject(Doel, 7), "(verwijderd)"),
    ],
)
def test_a_stored_value_reads_as_the_pages_say_it(model, name: str, value: object, expected: str):
    assert readable(model._meta.get_field(name), value) == expected
