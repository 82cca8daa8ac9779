"""The gallery of components: every one of them, in every state, on a trial machine only.

No test here may ask the database: what the gallery shows is stored nowhere.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from monitoring.gallery import DELEN
from monitoring.models import Rapportage
from monitoring.voortgang import Toestand
from tests.page import Page, text

TEMPLATES = Path(django_settings.BASE_DIR, "templates")
# The report as a whole is a page and a PDF, with pictures and tests of its own.
WHOLE_PAGES = {"monitoring/_rapport.html"}


@pytest.fixture
def on_trial(settings):
    settings.DEMO = True


def components() -> set[str]:
    """What pages share: every file of templates/components/, and the fragments that two templates include."""
    files = [path for path in TEMPLATES.rglob("*.html") if "componenten" not in path.parts]
    included = Counter(
        name for path in files for name in set(re.findall(r'include "([^"]+)"', path.read_text(encoding="utf-8")))
    )
    shared = {name for name, times in included.items() if times > 1 and name.startswith(("monitoring", "thuiszitters"))}
    own = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.glob("components/*.html")}
    return shared - WHOLE_PAGES | own


def test_gallery_is_for_a_trial_machine_only(client):
    assert client.get("/componenten/").status_code == 404
    assert client.get("/componenten/scores/").status_code == 404


def test_gallery_knows_its_pages_only(client, on_trial):
    assert client.get("/componenten/iets-anders/").status_code == 404
    assert text(Page(client.get("/componenten/")).root) == text(Page(client.get("/componenten/basis/")).root)


def test_gallery_shows_every_component(client, on_trial):
    shown = {template.name for deel in DELEN for template in client.get(f"/componenten/{deel}/").templates}
    assert components() - shown == set()
    assert "thuiszitters/_getal.html" in components()


@pytest.mark.parametrize(
    ("deel", "states"),
    [
        ("basis", ["1 · verdient prioriteit", "5 · trots", "nog niet gescoord", *Rapportage.Status.labels]),
        ("basis", ["Vul een datum in, bijvoorbeeld 31 augustus 2026.", "Dit kon intussen niet meer."]),
        ("agenda", ["1 doel lager en 1 hoger dan Aug 25", "1 voor het eerst gescoord", "Actie te laat"]),
        ("scores", ["OOGO-lid Testregio bewaarde hier iets anders", "Niet bewaard.", "Teruggegeven.", "nog nodig:"]),
        ("scores", ["score verwijderd", "toelichting gewijzigd", "Geen verschil in de inhoud"]),
        ("aantallen", ["onbekend", "geen opgave", "<5", "afgeschermd", "nog niet vastgesteld", "2 van 3 gemeenten"]),
        ("aantallen", ["3,5 is geen heel getal.", "OOGO-lid Testregio bewaarde hier 7", "Waarom is dit aantal onbek"]),
        ("werk", ["Te laat: invoeren vóór 1 september 2026", *(toestand.woorden for toestand in Toestand)]),
        ("werk", ["wacht op antwoord", "staat in het rapport Aug 26", "3 vragen wachten op antwoord"]),
    ],
)
def test_gallery_shows_components_in_their_states(client, on_trial, deel, states):
    page = text(Page(client.get(f"/componenten/{deel}/")).root)
    assert [state for state in states if state not in page] == []


@pytest.mark.parametrize("deel", DELEN)
def test_gallery_says_that_it_is_made_up_and_names_nothing_twice(client, on_trial, deel):
    page = Page(client.get(f"/componenten/{deel}/"))
    ids = Counter(node.get("id") for node in page.root.iter() if node.get("id"))
    assert [name for name, times in ids.items() if times > 1] == []
    assert "Fictieve voorbeelddata" in text(page.root)
