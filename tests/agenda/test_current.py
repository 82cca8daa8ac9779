"""Which agenda counts now in a regio."""

from datetime import date

import pytest

from agenda.models import Agenda
from tests.factories import make_agenda, make_doel, make_regio

pytestmark = pytest.mark.django_db


def test_of_two_agendas_of_one_period_the_first_made_counts():
    regio = make_regio("zuidoost")
    begin, end = date(2018, 8, 1), date(2022, 7, 31)
    first = make_agenda(regio, "plan", startdatum=begin, einddatum=end)
    second = make_agenda(regio, "actieprogramma", startdatum=begin, einddatum=end)
    for agenda in (second, first):
        make_doel(agenda, "A1")

    assert Agenda.objects.current_of(regio, date(2026, 11, 21)) == first
    assert Agenda.objects.current_of(regio, date(2020, 1, 1)) == first
    assert list(Agenda.objects.with_doelen()) == [first, second]
