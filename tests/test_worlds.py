"""What the tests of a module share: a world that none of them can change for another."""

import pytest

from regio.models import Regio
from tests.factories import make_regio
from tests.worlds import once

builds: list[object] = []


class World:
    def __init__(self) -> None:
        builds.append(self)
        self.regio = make_regio("west", naam="West")
        self.seen: list[str] = []


built, world = once(World, at="2025-10-01T12:00:00+02:00")


@pytest.mark.parametrize("slug", ["oost", "noord"])
def test_each_test_finds_the_world_as_it_was_built(world, slug):
    assert len(builds) == 1
    assert [regio.naam for regio in Regio.objects.all()] == [world.regio.naam] == ["West"]
    assert world.seen == []
    make_regio(slug)
    world.regio.naam = slug
    world.regio.save()
    world.seen.append(slug)


@pytest.mark.parametrize("slug", ["zuid", "midden"])
@pytest.mark.django_db
def test_what_asks_for_no_world_has_a_database_all_the_same(slug):
    make_regio(slug)
    assert set(Regio.objects.values_list("slug", flat=True)) <= {"west", slug}


def test_the_world_is_of_its_hour(world):
    assert Regio.history.get(slug="west").history_date.date().isoformat() == "2025-10-01"
