"""The land to measure in: the same for the same seed, as large as asked, and whole."""

import pytest
from django.db import transaction

from agenda.models import Doel
from bench.land import Size, generate
from monitoring.models import Publicatie, Rapportage, Voortgangsscore
from regio.models import Lidmaatschap, Organisatie, Regio
from thuiszitters.models import Opgave, Telling, Telmoment

SMALL = Size(regios=2, gemeenten=5, doelen=12, jaren=3, kwartalen=2)
pytestmark = pytest.mark.django_db


def land(seed: int) -> list[list[tuple]]:
    """What is generated from `seed`, without keys; nothing of it stays."""
    score = ("doel__code", "meetmoment__slug", "organisatie__slug", "waarde__waarde", "toelichting")
    with transaction.atomic():
        generate(SMALL, seed)
        found: list[list[tuple]] = [
            list(Doel.objects.values_list("thema__agenda__regio__slug", "code", "plan", "lokaal").order_by("pk")),
            list(Voortgangsscore.objects.values_list(*score, "gewijzigd_op").order_by("pk")),
            list(Voortgangsscore.history.values_list(*score, "history_date").order_by("pk")),
        ]
        transaction.set_rollback(True)
    return found


def test_the_same_seed_makes_the_same_land_and_another_seed_another():
    assert land(7) == land(7)
    assert land(7) != land(8)


def test_it_is_as_large_as_asked():
    generate(SMALL)
    assert Regio.objects.count() == 2
    assert Organisatie.objects.filter(soort="gemeente").count() == 5
    # Each regio has one doel more in the agenda before, scored once.
    assert Doel.objects.count() == 2 * (12 + 1)
    assert Voortgangsscore.objects.regional().count() == 2 * (12 * 3 + 1)
    # Two of twelve doelen are scored locally, by all gemeenten of the regio.
    assert Voortgangsscore.objects.exclude(organisatie=None).count() == 2 * 5 * 3
    assert Lidmaatschap.objects.filter(gebruiker__email="overal@land.test").count() == 2


def test_every_score_has_its_history_up_to_what_it_says_now():
    generate(SMALL)
    for score in Voortgangsscore.objects.all():
        versions = list(score.history.order_by("history_date"))
        assert versions[0].history_type == "+"
        assert versions[-1].toelichting == score.toelichting
        assert {version.history_user for version in versions} == {score.gewijzigd_door}
    assert Voortgangsscore.history.filter(history_type="~").exists()


def test_every_quarter_is_counted_in_full_and_the_last_lies_before_the_rea():
    generate(SMALL)
    stand = Rapportage.objects.exclude(telmoment=None).order_by("telmoment__peildatum", "pk")
    assert [(str(day), status) for day, status in stand.values_list("telmoment__peildatum", "status")] == [
        *[("2026-04-01", "vastgesteld")] * 2,
        *[("2026-07-01", "voorgelegd")] * 2,
    ]
    assert Telmoment.objects.filter(afgesloten_op=None).count() == 2
    assert set(Opgave.objects.values_list("status", flat=True)) == {"ingediend"}
    assert Telling.objects.count() == 5 * 2 * 25 * 4


def test_one_report_of_each_regio_is_public():
    generate(SMALL)
    assert Publicatie.objects.public().count() == 2
