"""From a data file to an agenda: what a document does not have may be left out, what it has hangs on its doel."""

from datetime import date

import pytest
import yaml
from django.core.exceptions import ValidationError

from agenda.loading import load_agenda
from agenda.models import Actie, Agenda, Doel, Trekker
from regio.models import Organisatie
from tests.factories import make_beheerder, make_gemeente, make_regio

pytestmark = pytest.mark.django_db

PLAN_ALONE = """
agenda: {slug: 2021-2022, naam: Agenda 2021-2022, startdatum: 2021-01-01, einddatum: 2022-12-31}
themas: [{code: "1", naam: Toeleiding, volgorde: 1}]
doelen:
  - {code: A1, thema: "1", plan: Integraal arrangeren}
"""
WITH_ALL = """
agenda: {slug: 2018-2022, naam: Plan 2018-2022, startdatum: 2018-08-01, einddatum: 2022-07-31}
themas: [{code: "1", naam: Netwerk, volgorde: 1}]
doelen:
  - code: A1
    thema: "1"
    plan: Doorontwikkelen
    trekkers:
      - {organisatie: stad, kant: gemeente}
      - {organisatie: verband, kant: onderwijs}
    acties:
      - omschrijving: Plan schrijven
      - omschrijving: Aanbod beschrijven
        resultaat: Een overzicht
        meetwijze: Het overzicht is er
        partijen: [verband, stad]
        soort: doorlopend
        gereed_voor: 2019-08-01
        afgerond_op: 2019-06-30
"""


@pytest.fixture
def regio():
    regio = make_regio("midden")
    make_gemeente(regio, "stad", "GM0001")
    Organisatie.objects.create(soort=Organisatie.Soort.SWV, sector="PO", slug="verband", naam="Verband")
    return regio


@pytest.fixture
def by(db):
    return make_beheerder()


def load(text, regio, by) -> Agenda:
    return load_agenda(regio=regio, data=yaml.safe_load(text), by=by)


def test_an_agenda_may_be_themas_and_plans_alone(regio, by):
    agenda = load(PLAN_ALONE, regio, by)
    doel = Doel.objects.get(thema__agenda=agenda)
    assert (doel.plan, doel.uitvoering, doel.controle, doel.bijsturing) == ("Integraal arrangeren", "", "", "")
    assert (agenda.voorganger, agenda.schaal) == (None, None)


def test_trekkers_and_acties_hang_on_their_doel(regio, by):
    load(WITH_ALL, regio, by)
    assert list(Trekker.objects.values_list("doel__code", "kant", "organisatie__slug")) == [
        ("A1", "gemeente", "stad"),
        ("A1", "onderwijs", "verband"),
    ]
    beschrijven, schrijven = Actie.objects.order_by("omschrijving")
    assert (schrijven.soort, schrijven.resultaat, schrijven.gereed_voor) == ("nieuw", "", None)
    assert (beschrijven.soort, beschrijven.resultaat) == ("doorlopend", "Een overzicht")
    assert (beschrijven.gereed_voor, beschrijven.afgerond_op) == (date(2019, 8, 1), date(2019, 6, 30))
    assert {partij.slug for partij in beschrijven.partijen.all()} == {"stad", "verband"}


def test_what_is_loaded_is_signed_and_loading_again_changes_nothing(regio, by):
    load(WITH_ALL, regio, by)
    records = [
        (record.pk, record.history_user) for model in (Doel, Trekker, Actie) for record in model.history.order_by("pk")
    ]
    assert {who for _, who in records} == {by}

    load(WITH_ALL, regio, by)
    again = [
        (record.pk, record.history_user) for model in (Doel, Trekker, Actie) for record in model.history.order_by("pk")
    ]
    assert again == records
    assert (Trekker.objects.count(), Actie.objects.count()) == (2, 2)


def test_a_party_that_does_not_exist_is_an_error_and_nothing_is_loaded(regio, by):
    with pytest.raises(Organisatie.DoesNotExist):
        load(WITH_ALL.replace("[verband, stad]", "[verband, dorp]"), regio, by)
    assert not Agenda.objects.exists()


def test_a_side_that_is_none_is_refused(regio, by):
    with pytest.raises(ValidationError, match="ouders"):
        load(WITH_ALL.replace("kant: gemeente", "kant: ouders"), regio, by)
