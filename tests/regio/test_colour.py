"""Colours that can be read: the tokens of the stylesheet and the accents that are made from one colour."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from regio import colour
from regio.colour import accent_stylesheet, contrast, is_legible, mix, validate_accent
from regio.models import Lidmaatschap
from regio.permissions import Rol
from tests.factories import make_gebruiker, make_regio
from tests.regio.test_charts import tokens

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")

ON_PAGE = ["tekst", "zacht", "accent"]
GROUNDS = ["grond", "kaart"]
READ = [(text, ground, 4.5) for text in ON_PAGE for ground in GROUNDS]
READ += [(tone, f"{tone}-vlak", 4.5) for tone in colour.TONES]
READ += [("accent", "accent-zwak", 4.5), ("tekst", "accent-zwak", 4.5), ("op-accent", "accent", 4.5)]
READ += [("prioriteit", "kaart", 4.5), ("lijn-veld", "kaart", 3), ("lijn-veld", "grond", 3)]
READ += [(tone, "kaart", 3) for tone in colour.TONES]


def made(css: str, block: int) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", re.findall(r":root\{(.*?)\}", css)[block]))


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "minimum"), READ)
def test_tokens_of_the_stylesheet_can_be_read(mode, text, ground, minimum):
    shown = tokens(0) | (tokens(1) if mode else {})
    assert contrast(shown[text], shown[ground]) >= minimum


def test_contrast_of_known_pairs():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(colours, colours)
def test_contrast_does_not_depend_on_the_order(one, other):
    assert contrast(one, other) == contrast(other, one) >= 1


@given(colours)
def test_an_accent_that_is_accepted_can_be_read_in_light_and_dark(accent):
    assume(is_legible(accent))
    css = accent_stylesheet(accent)
    for block, grounds in enumerate((("#ffffff", "#f6f7f8"), (tokens(1)["kaart"], tokens(1)["grond"]))):
        shown = made(css, block)
        for ground in (*grounds, shown["accent-zwak"]):
            assert contrast(shown["accent"], ground) >= 4.5
        assert contrast(shown["op-accent"], shown["accent"]) >= 4.5
        assert contrast(tokens(block)["tekst"], shown["accent-zwak"]) >= 4.5


@given(colours)
def test_a_light_accent_is_refused_in_words(accent):
    if is_legible(accent):
        validate_accent(accent)
    else:
        with pytest.raises(ValidationError, match="te licht om te lezen"):
            validate_accent(accent)


def test_how_a_colour_is_written_is_for_another_to_judge():
    validate_accent("donkerrood")


def test_mixing_ends_at_both_colours():
    assert (mix("#102030", "#ffffff", 1), mix("#102030", "#ffffff", 0)) == ("#102030", "#ffffff")


def test_stylesheet_of_an_accent_is_public_and_kept_for_good(client):
    answer = client.get("/kleur/8a1c5b.css")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assert "--accent:#8a1c5b" in answer.content.decode()


@pytest.mark.parametrize("address", ["/kleur/ffffff.css", "/kleur/8A1C5B.css", "/kleur/zzzzzz.css", "/kleur/.css"])
def test_no_stylesheet_of_what_cannot_be_an_accent(client, db, address):
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_page_links_to_the_accent_of_its_regio_and_to_none_for_the_default(client):
    regio = make_regio("paars", accentkleur="#8a1c5b")
    plain = make_regio("gewoon")
    reader = make_gebruiker("lezer@example.test", Rol.OOGO_LID, regio)
    Lidmaatschap.objects.create(gebruiker=reader, regio=plain, rol=Rol.OOGO_LID)
    client.force_login(reader)
    assert '<link rel="stylesheet" href="/kleur/8a1c5b.css">' in client.get("/regio/paars/").content.decode()
    assert "/kleur/" not in client.get("/regio/gewoon/").content.decode()
