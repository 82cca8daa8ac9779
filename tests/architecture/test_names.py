"""Every model says what it is called, every change of a model has its migration, and no room is named after nothing."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.test.utils import isolate_apps
from django.utils import translation

ROOT = Path(__file__).parent.parent.parent
APPS = ("regio", "agenda", "thuiszitters", "monitoring")
EMPTY_NAMES = {"utils", "helpers", "common", "services", "managers", "misc", "tools", "base"}


def unnamed(found: Iterable[type[models.Model]]) -> set[str]:
    """Return the models that leave their name, or its plural, to Django: it would guess in English."""
    needed = {"verbose_name", "verbose_name_plural"}
    return {model.__name__ for model in found if not needed <= set(model._meta.original_attrs)}


def our_models() -> list[type[models.Model]]:
    """Return the models that we wrote; those of the history name themselves after them."""
    models_of_all = [model for name in APPS for model in apps.get_app_config(name).get_models()]
    return [model for model in models_of_all if not model.__name__.startswith("Historical")]


def test_every_model_says_what_it_is_called():
    assert unnamed(our_models()) == set()


@isolate_apps("regio")
def test_model_without_a_name_is_found():
    class Sample(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "regio"
            verbose_name = "monster"

    assert unnamed([Sample]) == {"Sample"}


def missing_migrations(state: ProjectState) -> set[str]:
    """Return the apps whose models, as they are in `state`, are ahead of their migrations."""
    loader = MigrationLoader(None)
    return set(MigrationAutodetector(loader.project_state(), state).changes(graph=loader.graph))


@translation.override(None)  # Migrations hold what libraries say untranslated.
def test_every_change_has_its_migration():
    assert missing_migrations(ProjectState.from_apps(apps)) == set()


@translation.override(None)
def test_change_without_a_migration_is_found():
    state = ProjectState.from_apps(apps)
    state.models["regio", "regio"].fields["kleur"] = models.TextField("kleur", default="")
    assert missing_migrations(state) == {"regio"}


def empty_names(root: Path) -> set[str]:
    return {
        str(path.relative_to(root))
        for folder in (*APPS, "tests", "bench")
        for path in (root / folder).rglob("*")
        if path.stem in EMPTY_NAMES and (path.is_dir() or path.suffix in {".py", ".html", ".js", ".css"})
    }


def test_no_file_is_named_after_nothing():
    assert empty_names(ROOT) - {"tests/bin"} == set()


@pytest.mark.parametrize("name", ["regio/utils.py", "agenda/services/scores.py", "tests/helpers.py"])
def test_file_that_is_named_after_nothing_is_found(tmp_path: Path, name: str):
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).touch()
    assert len(empty_names(tmp_path)) == 1
