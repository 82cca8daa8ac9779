"""Two people, the same field (domein.md, rule 9): nothing is overwritten unseen, and whoever comes second is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from monitoring.actions import ScoreConflict, save_score
from monitoring.models import Voortgangsscore
from regio.permissions import Rol
from tests.factories import make_agenda, make_doel, make_gebruiker, make_meetmoment, make_regio

PEOPLE = ("een", "twee")
STEPS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["open", "save", "keep mine"])), max_size=12)


class Desk:
    """What one person has on the screen: the version they started from, and the one they were shown in a conflict."""

    def __init__(self, gebruiker):
        self.gebruiker = gebruiker
        self.versie = 0
        self.shown = None


class Field:
    """One score that two people have before them."""

    def __init__(self):
        regio = make_regio()
        agenda = make_agenda(regio)
        self.doel, self.meetmoment = make_doel(agenda), make_meetmoment(agenda)
        self.people = {name: make_gebruiker(f"{name}@example.test", Rol.SECRETARIS, regio) for name in PEOPLE}

    def save(self, desk, text, versie):
        return save_score(
            doel=self.doel,
            meetmoment=self.meetmoment,
            organisatie=None,
            waarde=None,
            toelichting=text,
            versie=versie,
            by=desk.gebruiker,
        )


class InterleavingsTest(TestCase):
    field: Field

    @classmethod
    def setUpTestData(cls):
        cls.field = Field()

    @settings(max_examples=200)
    @given(STEPS)
    def test_every_saved_text_stays_readable_and_every_overwrite_was_seen(self, steps):
        desks = {name: Desk(gebruiker) for name, gebruiker in self.field.people.items()}
        seen: dict[str, set[int]] = {name: {0} for name in PEOPLE}
        saved: list[str] = []
        told = refused = 0
        for number, (name, step) in enumerate(steps):
            desk, stored = desks[name], Voortgangsscore.objects.first()
            if step == "open":
                desk.versie = stored.versie if stored else 0
                seen[name].add(desk.versie)
                continue
            base = desk.shown if step == "keep mine" and desk.shown is not None else desk.versie
            text = f"{name} schrijft {number}"
            try:
                now = self.field.save(desk, text, base)
            except ScoreConflict as conflict:
                desk.shown = conflict.current.versie
                seen[name].add(desk.shown)
                told += base != desk.shown
                refused += 1
            else:
                assert (stored.versie if stored else 0) in seen[name]
                desk.versie, desk.shown = now.versie, None
                seen[name].add(now.versie)
                saved.append(text)
        assert told == refused
        assert sorted(saved) == sorted(Voortgangsscore.history.values_list("toelichting", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_at_the_very_same_moment_one_saves_and_the_other_is_told():
    regio = make_regio()
    agenda = make_agenda(regio)
    people = [make_gebruiker(f"{name}@example.test", Rol.SECRETARIS, regio) for name in PEOPLE]
    meetmoment = make_meetmoment(agenda)

    for number in range(20):
        doel = make_doel(agenda, f"A{number}")
        start = Barrier(2)

        def save(gebruiker, doel=doel, start=start):
            try:
                start.wait()
                save_score(
                    doel=doel,
                    meetmoment=meetmoment,
                    organisatie=None,
                    waarde=None,
                    toelichting=f"tekst van {gebruiker}",
                    versie=0,
                    by=gebruiker,
                )
            except ScoreConflict as conflict:
                return conflict.current.toelichting
            finally:
                connection.close()
            return None

        with ThreadPoolExecutor(2) as both:
            told = list(both.map(save, people))

        stored = Voortgangsscore.objects.get(doel=doel)
        assert sorted(map(bool, told)) == [False, True]
        assert stored.toelichting in told
        assert stored.versie == 1
