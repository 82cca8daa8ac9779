"""What README, manual and decisions say is there: links, paths, commands, variables, words on the screen."""

import ast
import gettext
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.core.management import get_commands

from agenda.models import Schaalwaarde
from monitoring.models import Rapportage
from regio.models import Organisatie, Overleg
from regio.permissions import Rol

ROOT = Path(__file__).resolve().parent.parent
APPS = ("regio", "agenda", "thuiszitters", "monitoring")
README, MANUAL = ROOT / "README.md", ROOT / "docs" / "handleiding.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("fixtures/*.md")])

# Made by bin/setup and bin/start.
MADE = ("var", ".env", ".venv")
FILE = re.compile(r"[\w-][\w./-]*\.(?:css|html|js|md|py|toml|txt|yaml|yml)")
BELOW = re.compile(r"(?:\.?[\w-]+/)+(?:[\w.-]+)?")


# Links and paths


def anchors_of(markdown: str) -> set[str]:
    """Return the anchors that GitHub and its like make of the headings."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(document: Path, markdown: str) -> list[str]:
    """Return the links of `markdown` that lead to no file, or to no heading in it, seen from `document`."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", markdown):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        file = document.parent / path if path else document
        if not file.exists() or (anchor and anchor not in anchors_of(file.read_text() if path else markdown)):
            broken.append(target)
    return broken


def missing_paths(document: Path, markdown: str) -> list[str]:
    """Return what stands between backticks as a path of this project and is none."""
    spans = {word for span in re.findall(r"`([^`\n]+)`", markdown) for word in span.split()}
    paths = {word for word in spans if FILE.fullmatch(word) or BELOW.fullmatch(word)}
    return sorted(path for path in paths if path.split("/")[0] not in MADE and not is_there(path, document))


def is_there(path: str, document: Path) -> bool:
    """A path counts from the root or from the document; a bare name is that of any file in the house."""
    return (ROOT / path).exists() or (document.parent / path).exists() or path in names_of_files()


@cache
def names_of_files() -> frozenset[str]:
    return frozenset(path.name for folder in (*APPS, "fixtures", "templates") for path in (ROOT / folder).rglob("*.*"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path):
    assert broken_links(document, document.read_text()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_path_is_there(document: Path):
    assert missing_paths(document, document.read_text()) == []


def test_every_decision_that_the_code_refers_to_is_written_down():
    code = "".join(path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py"))
    referred = set(re.findall(r"docs/adr/(\d{4})", code))
    assert referred <= {path.name[:4] for path in ROOT.glob("docs/adr/*.md")}


def test_every_rule_that_is_cited_is_written_down():
    cited = "".join(
        path.read_text() for folder in (*APPS, "tests", "docs") for path in (ROOT / folder).rglob("*.*[dy]")
    )
    numbers = {int(number) for number in re.findall(r"domein\.md, rules? (\d+)", cited)}
    written = {int(number) for number in re.findall(r"^(\d+)\. ", (ROOT / "docs/domein.md").read_text(), re.MULTILINE)}
    assert numbers
    assert numbers <= written == set(range(1, 11))


def test_every_decision_has_its_own_number_and_fits_on_a_page():
    decisions = sorted(ROOT.glob("docs/adr/*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert len(numbers) == len(set(numbers))
    for path in decisions:
        text = path.read_text()
        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert len(text.splitlines()) <= 60, path.name


def test_a_broken_link_and_a_missing_path_are_seen():
    text = (
        "# Kop\n[a](gone.md) [b](#kop) [c](#geen-kop) [d](https://a.example) `regio/gone.py` `agenda/` `regio/scope.py`"
    )
    assert broken_links(README, text) == ["gone.md", "#geen-kop"]
    assert missing_paths(README, text) == ["regio/gone.py"]


def test_pictures_are_small():
    pictures = list(ROOT.glob("docs/beeld/*"))
    assert pictures
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size <= 200_000, picture.name
        assert any(f"beeld/{picture.name}" in document.read_text() for document in DOCUMENTS), (
            f"{picture.name} is shown nowhere"
        )


# Commands, variables, accounts


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_command_exists(document: Path):
    text = document.read_text()
    for script in re.findall(r"(?<![\w./-])bin/(\w+)", text):
        assert (ROOT / "bin" / script).is_file(), f"bin/{script}"
    for command in re.findall(r"manage\.py (\w+)", text):
        assert command in get_commands(), command


def variables_read() -> set[str]:
    """Return what the program and its scripts read from the environment."""
    source = "".join((ROOT / name).read_text() for name in ("regio/settings.py", "gunicorn.conf.py"))
    python = re.findall(r"""(?:require\(env, "\w+", |env\.\w+\(|environ\.get\()["'](\w+)["']""", source)
    return set(python) | set(re.findall(r"\$\{(\w+):-\$?\w+", (ROOT / "bin/start").read_text()))


def test_readme_lists_the_variables_that_are_read():
    table = re.findall(r"^\| `([A-Z_]+)` \|", README.read_text(), re.MULTILINE)
    assert len(table) == len(set(table))
    assert set(table) == variables_read()


# The glossary

DOMAIN = """
    regio organisatie gemeente SWV samenwerkingsverband RBL JGZ mbo schoolbestuur school jeugdhulpaanbieder sector PO VO
    werkgebied overleg bestuurlijk ambtelijk uitvoerend lokaal OOGO REA LEA agenda voorganger samenwerkingsagenda
    ondersteuningsplan activiteitenplan ontwikkelagenda actieprogramma thema doelstelling focus doel plan uitvoering
    controle bijsturing trekker kant onderwijs actie nieuw doorlopend ontwikkeling meetmoment peildatum voortgang
    evaluatie schaal schaalwaarde voortgangsscore toelichting bijlage rapportage concept voorgelegd teruggegeven
    vastgesteld momentopname besluit indicator indicatorwaarde vraag thuiszitter absoluut verzuim leerplichtig ambitie
    vrijstelling TLV toelaatbaarheidsverklaring schooljaar telmoment opgave telling categorie waarvan reden onbekend
    drempel secretaris invoerder coördinator beheerder wethouder bestuurder gebruiker lidmaatschap deelname
"""


def glossary() -> str:
    section = README.read_text().partition("## Glossary")[2].partition("\n## ")[0]
    assert section
    return section


def test_glossary_has_the_words_of_the_domain():
    said = glossary()
    assert [word for word in DOMAIN.split() if not re.search(rf"\b{word}\b", said, re.IGNORECASE)] == []


def test_glossary_has_what_the_models_name():
    models = [model for model in apps.get_models() if model._meta.app_label in APPS]
    own = {str(model._meta.verbose_name) for model in models if not hasattr(model, "instance_type")}
    choices = {*Rol.labels, *Organisatie.Soort.values, *Overleg.Niveau.values, *Rapportage.Status.values}
    said = glossary().lower()
    assert "voortgangsscore" in own
    assert [word for word in sorted(own | choices) if word.lower() not in said] == []
    assert Schaalwaarde._meta.verbose_name in own


# What the manual quotes from the screen

ANYTHING = "\x00"
LETTERS_THAT_TELL = 8


def texts_of_template(source: str) -> Iterator[str]:
    """Yield what stands between two tags of HTML, and between two tags of any kind: an {% else %} parts two texts."""
    source = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", source, flags=re.DOTALL)
    source = re.sub(r"{{.*?}}", ANYTHING, source)
    yield from re.findall(r'<input [^>]*value="([^"]+)"', source)
    yield from re.findall(r' knop="([^"]+)"', source)
    yield from re.split(r"<[^>]*>", re.sub(r"{%.*?%}", ANYTHING, source))
    yield from re.split(r"<[^>]*>", re.sub(r"{%.*?%}", "<>", source))


def texts_of_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else ANYTHING for part in node.values)


def texts_of_libraries() -> Iterator[str]:
    """What Django and import-export say in Dutch in Beheer."""
    for label in ("admin", "import_export"):
        folder = Path(apps.get_app_config(label).path)
        for catalogue in folder.glob("locale/nl/LC_MESSAGES/*.mo"):
            with catalogue.open("rb") as opened:
                for text in gettext.GNUTranslations(opened)._catalog.values():  # type: ignore[attr-defined]
                    yield re.sub(r"%\(\w+\)\w|%\w|{\w+}", ANYTHING, text)


@cache
def screen() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return what a page can say: the texts that stand fixed, and a pattern for each that a page fills in."""
    texts = set(texts_of_libraries())
    for template in ROOT.glob("templates/**/*.html"):
        texts.update(texts_of_template(template.read_text()))
    for app in APPS:
        for module in (ROOT / app).rglob("*.py"):
            if "migrations" not in module.parts:
                texts.update(texts_of_python(module.read_text()))
    for script in ROOT.glob("static/js/*.js"):
        texts.update(re.findall(r'"([^"\n]+)"', script.read_text()))
    filled_in = [text.split(ANYTHING) for text in texts if ANYTHING in text]
    telling = [pieces for pieces in filled_in if sum(len(plain(piece)) for piece in pieces) >= LETTERS_THAT_TELL]
    return frozenset(map(plain, texts)), tuple(map(pattern_of, telling))


def pattern_of(pieces: list[str]) -> re.Pattern[str]:
    return re.compile(r"\s*.*?\s*".join(re.escape(plain(piece)) for piece in pieces))


def is_on_a_screen(quote: str) -> bool:
    fixed, filled_in = screen()
    return quote in fixed or any(pattern.fullmatch(quote) for pattern in filled_in)


def plain(text: str) -> str:
    return " ".join(text.split()).casefold().strip(":· ")


def quotes_of(markdown: str) -> list[str]:
    return re.findall(r"\*\*(.+?)\*\*", markdown, re.DOTALL)


def unknown_quotes(markdown: str) -> list[str]:
    return [quote for quote in quotes_of(markdown) if not is_on_a_screen(plain(quote))]


def test_every_word_that_the_manual_quotes_is_on_a_screen():
    text = MANUAL.read_text()
    assert len(quotes_of(text)) > 50
    assert unknown_quotes(text) == []


def test_a_button_that_is_on_no_screen_is_seen():
    sample = "**Voorleggen aan OOGO** **Vastklinken aan OOGO** **9 van 13 ingevuld** **Die van … overnemen**"
    assert unknown_quotes(sample) == ["Vastklinken aan OOGO"]


# The other files


def test_changelog_has_this_version():
    changes = (ROOT / "CHANGELOG.md").read_text()
    released = re.findall(r"^## \[([\d.]+)\] - (?:\d{4}-\d\d-\d\d|unreleased)$", changes, re.MULTILINE)
    assert released[0] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_publiccode_has_what_the_standard_requires():
    said = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    assert {"publiccodeYmlVersion", "name", "url", "platforms", "categories", "softwareType"} <= said.keys()
    assert said["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert said["legal"]["license"] == "EUPL-1.2"
    assert said["localisation"] == {"localisationReady": False, "availableLanguages": ["nl"]}
    assert said["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    dutch = said["description"]["nl"]
    assert len(dutch["shortDescription"]) <= 150
    assert 150 <= len(dutch["longDescription"]) <= 10_000
    assert dutch["features"]
    for picture in dutch["screenshots"]:
        assert (ROOT / picture).is_file()
