"""Two people on one sheet, in 200 random orders: no count is lost, and both are told."""

import random

import pytest

from regio.permissions import Rol
from tests.factories import make_gebruiker
from tests.thuiszitters.factories import make_world
from thuiszitters.actions import Entry, save_tellingen
from thuiszitters.counting import MISSING, UNKNOWN, given
from thuiszitters.models import Telling
from thuiszitters.sheet import load_sheet

pytestmark = pytest.mark.django_db
CELLS = [("thuiszitters", "PO"), ("thuiszitters", "VO"), ("gedrag", "MBO")]
COUNTS = [given(0), given(3), given(12), UNKNOWN, MISSING]


class Person:
    """Somebody with the sheet open: what they see, and from which version."""

    def __init__(self, gebruiker, moment, gemeente):
        self.gebruiker, self.moment, self.gemeente = gebruiker, moment, gemeente
        self.reload()

    def reload(self):
        tellingen = load_sheet(self.moment, self.gemeente, beside=0).tellingen
        self.seen = {
            cell: (t.count, t.toelichting, t.versie) if (t := tellingen.get(cell)) else (MISSING, "", 0)
            for cell in CELLS
        }

    def save(self, cell, count):
        """Change one field and post the whole sheet, as the page does."""
        note = f"van {self.gebruiker}" if count == UNKNOWN else ""
        typed = self.seen | {cell: (count, note, self.seen[cell][2])}
        entries = [Entry(place, *values) for place, values in typed.items()]
        return save_tellingen(telmoment=self.moment, gemeente=self.gemeente, entries=entries, by=self.gebruiker)


def test_in_any_order_nothing_is_overwritten_unseen():
    regio, gemeente, one, moment = make_world()
    other = make_gebruiker("tweede@telregio.test", Rol.INVOERDER, regio, gemeente)
    people = [Person(who, moment, gemeente) for who in (one, other)]
    chance = random.Random(31)
    conflicts = 0
    for _ in range(200):
        person, cell, count = chance.choice(people), chance.choice(CELLS), chance.choice(COUNTS)
        before = Person(one, moment, gemeente).seen
        is_behind = before[cell][2] != person.seen[cell][2]
        says_the_same = before[cell][0] == count and count != UNKNOWN
        untouched = person.seen[cell][0] == count
        outcome = person.save(cell, count)
        after = Person(one, moment, gemeente).seen
        # Only the field that was changed can have changed, and never over a version that was not seen.
        assert {place for place in CELLS if before[place] != after[place]} <= {cell}
        if is_behind:
            assert before == after
            if not (says_the_same or untouched):
                assert cell in outcome.conflicts
                conflicts += 1
        if chance.random() < 0.7:
            person.reload()
    assert conflicts > 10
    # Everything that ever stood there can be read back, with who wrote it.
    assert Telling.history.count() == sum(Telling.objects.values_list("versie", flat=True))
