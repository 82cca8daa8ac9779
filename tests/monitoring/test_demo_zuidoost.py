"""What `manage.py demo` loads of Zuidoost Utrecht, held against texts typed from its documents, not from fixtures/."""

from datetime import date
from typing import ClassVar

import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from agenda.models import Actie, Agenda, Doel, Schaal
from monitoring.models import Meetmoment, Rapportage, Voortgangsscore
from regio.models import Gebruiker, Regio
from tests.monitoring.test_demo import run_demo
from tests.page import Page, text

AGENDAS = "/regio/zuidoost-utrecht/agenda/"
PLAN = f"{AGENDAS}2018-2022/"
PROGRAMMA = f"{AGENDAS}actieprogramma-2018-2022/"
EERSTE = f"{AGENDAS}2014-2018/"

# Ondersteuningsplan 2018-2022, chapter 13: how each doelstelling begins, and how many rows its table has.
DOELSTELLINGEN = {
    "D1": ("De reguliere scholen realiseren de basisondersteuning, zoals die beschreven staat in paragraaf 6.4,", 1),
    "D2": ("De reguliere en speciale scholen realiseren een hechte en effectieve samenwerking binnen het", 1),
    "D3": ("Leerlingen die extra ondersteuning nodig hebben, krijgen deze passende ondersteuning thuisnabij,", 1),
    "D4": ("De twee swv’en en de vijf gemeenten ontwikkelen, op basis van gelijkwaardigheid, een effectieve", 3),
    "D5": ("De vo-scholen dragen, met de scholen voor primair onderwijs, zorg voor een adequate", 1),
    "D6": ("De privacy wordt vormgegeven conform de Europese wetgeving.", 1),
    "D7": ("De Governancestructuur wordt zodanig ingericht dat de vermenging van belangen van schoolbestuurders", 1),
    "D8": ("De besturen swv po en vo zetten stappen om de samenwerking te versterken.", 1),
    "D9": ("Dekkend netwerk:", 1),
    "D10": ("Het verder uitwerken van het kwaliteitsbeleid binnen het swv ZO Utrecht", 1),
    "D11": ("Alle scholen hebben een schoolondersteuningsprofiel dat kort en bondig omschrijft welke ondersteuning", 1),
    "D12": ("In de RMC regio zijn afspraken gemaakt over het toekennen van een bekostigingsniveau vso.", 1),
    "D13": ("De scholen met een havo/vwo afdeling hebben een aanbod voor hoogbegaafde leerlingen.", 1),
}

# Chapter 2: the signs behind the goals of 2016-2017.
TEKENS = {
    "S1": "+",
    "S2": "±",
    "S3": "+",
    "S4": "-",
    "A1": "+",
    "A2": "-",
    "A3": "+",
    "B1": "+",
    "B2": "+",
    "B3": "+",
    "B4": "+",
    "B5": "+",
}

pytestmark = pytest.mark.django_db


class TestZuidoostUtrecht(TestCase):
    """Loaded once; each test leaves it as it was."""

    output: ClassVar[str]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.output = run_demo()

    def read(self, address: str, local_part: str = "secretaris") -> Page:
        client = Client()
        client.force_login(Gebruiker.objects.get(email=f"{local_part}@zuidoost-utrecht.test"))
        return Page(client.get(address))

    # The ondersteuningsplan and its activiteitenplan

    def test_the_line_of_agendas_and_the_programme_beside_it(self):
        agendas = Agenda.objects.filter(regio__slug="zuidoost-utrecht").order_by("startdatum", "pk")
        found = {a.slug: (a.soort, a.startdatum, a.einddatum, a.voorganger and a.voorganger.slug) for a in agendas}
        assert found == {
            "2014-2018": ("ondersteuningsplan", date(2014, 8, 1), date(2018, 7, 31), None),
            "2018-2022": ("ondersteuningsplan", date(2018, 8, 1), date(2022, 7, 31), "2014-2018"),
            "actieprogramma-2018-2022": ("actieprogramma", date(2018, 8, 1), date(2022, 7, 31), None),
        }
        plan = Agenda.objects.get(slug="2018-2022")
        assert (str(plan.vastgesteld_in), plan.vastgesteld_op) == ("ALV", date(2018, 4, 12))
        assert Agenda.objects.current_of(plan.regio, date(2026, 11, 27)) == plan
        page = self.read(PLAN)
        assert "augustus 2018 – juli 2022 · vastgesteld op 12 april 2018 (ALV)" in text(page.root)
        beside = page.card("Andere agenda’s van deze regio")
        assert list(page.links(beside).values()) == [PROGRAMMA]

    def test_the_thirteen_doelstellingen_with_a_row_of_the_table_each(self):
        doelen = Doel.objects.filter(thema__agenda__slug="2018-2022", code__startswith="D").in_table_order()
        assert [doel.code for doel in doelen] == list(DOELSTELLINGEN)
        for doel in doelen:
            begin, rows = DOELSTELLINGEN[doel.code]
            assert doel.plan.startswith(begin), doel.code
            assert doel.actie_set.count() == rows, doel.code
            soort = "nieuw" if int(doel.code[1:]) <= 8 else "doorlopend"
            assert {actie.soort for actie in doel.actie_set.all()} == {soort}
            assert doel.thema.code == soort
            assert (doel.uitvoering, doel.controle, doel.bijsturing) == ("", "", "")

    def test_a_row_of_the_table_as_the_document_prints_it(self):
        [actie] = Actie.objects.filter(doel__thema__agenda__slug="2018-2022", doel__code="D7")
        assert actie.omschrijving == (
            "Met behulp van een extern specialist wordt een structuur uitgewerkt die door een werkgroep is voorbereid."
        )
        assert actie.resultaat == "Een nieuwe Governance structuur."
        assert actie.meetwijze == (
            "De Governance structuur voldoet aan de eisen van inspectie en Good Governance passend onderwijs."
        )
        assert actie.betrokkenen == "ALV, OPR."
        assert actie.planning.endswith("Na akkoord OPR en ALV stappen uitwerken richting notaris.\nIngang 1-1-19.")
        assert actie.gereed_voor == date(2019, 1, 1)

    def test_the_three_rows_of_doelstelling_4_belong_to_each_other(self):
        rows = Actie.objects.filter(doel__thema__agenda__slug="2018-2022", doel__code="D4").order_by("pk")
        found = [(a.omschrijving, a.resultaat, a.meetwijze) for a in rows]
        assert found == [
            (
                "Evaluatie van de huidige pilots die in de 5 gemeenten zijn uitgezet.",
                "Pilotscholen en gemeenten zijn tevreden over de nieuwe samenwerking.",
                "Vragenlijst na de zomervakantie 2018 afnemen onder pilotscholen en gemeenten",
            ),
            (
                "Pilot ontschotten starten in (bij voorkeur) alle gemeenten)",
                "Een pilot ontschotting levert gegevens op die resulteren in afspreken hierover in de regio",
                "Vragenlijst eind schooljaar 18-19 afnemen onder scholen en gemeenten en ouders",
            ),
            (
                "Er komen doorbraaktafels thuiszitters in alle 5 de gemeenten",
                "Voor complexe thuiszittende leerlingen zijn oplossingen gecreëerd",
                (
                    "Het aantal thuiszittende leerlingen neemt af met 50% gemeenten dmv de lijsten van de"
                    " leerplichtambtenaren"
                ),
            ),
        ]
        assert {o.naam for o in rows[1].partijen.all()} == {
            *("Samenwerkingsverband ZOUT", "Samenwerkingsverband VO Zuidoost Utrecht"),
            *("Zeist", "Utrechtse Heuvelrug", "Wijk bij Duurstede", "De Bilt", "Bunnik"),
        }

    def test_what_the_planning_says_is_kept_also_where_it_names_no_day(self):
        acties = Actie.objects.filter(doel__thema__agenda__slug="2018-2022", doel__code__startswith="D")
        assert acties.filter(planning="").count() == 0
        assert {a.doel.code: a.planning for a in acties if a.planning == "Lopende de periode"}.keys() == {
            *("D9", "D10", "D11", "D12", "D13")
        }
        dated = acties.exclude(gereed_voor=None).values_list("doel__code", "gereed_voor")
        assert dict(dated) == {
            "D3": date(2019, 3, 31),
            "D7": date(2019, 1, 1),
            "D8": date(2018, 8, 1),
            "D11": date(2018, 8, 1),
        }

    def test_the_eight_agreements_of_section_8_6_with_their_summers(self):
        doel = Doel.objects.get(thema__agenda__slug="2018-2022", code="T1")
        assert doel.plan == (
            "In 2020 mag geen enkel kind of jongere langer dan 4 weken thuiszitten zonder een aanbod van passend"
            " onderwijs en/of zorg."
        )
        acties = list(doel.actie_set.order_by("pk"))
        assert [a.soort for a in acties] == ["doorlopend"] * 4 + ["nieuw"] * 4
        dated = [(a.planning, a.gereed_voor) for a in acties if a.gereed_voor]
        assert dated == [("Gereed: zomer 2018", date(2018, 8, 31)), ("Gereed: zomer 2019", date(2019, 8, 31))]
        assert "GGD regio Utrecht" in {o.naam for o in acties[4].partijen.all()}
        assert acties[3].omschrijving.endswith("(meer dan wettelijke basis: > 16 uur in 4 weken)")

    def test_the_goals_of_four_years_and_the_cycle_of_each_year(self):
        plan = Agenda.objects.get(slug="2018-2022")
        assert "een doorlopende en passende loopbaan in het onderwijs te volgen" in plan.ambitie
        assert plan.visie.startswith("Bij het realiseren van passend onderwijs voor alle leerlingen in onze regio")
        for words in (
            "- September - invullen en inleveren van monitorformulieren van het afgelopen schooljaar.",
            "- Oktober - bespreking ingeleverde materiaal met bestuur.",
            "- November - evaluatie bespreking met ALV.",
            "- December - start met eventuele aanpassingen.",
            "- De liquiditeit moet voldoende zijn om alle betalingen te kunnen verrichten.",
        ):
            assert words in plan.strategie, words

    # The evaluation of 2016-2017

    def test_the_signs_of_2016_2017_are_scores_of_the_document(self):
        scores = Voortgangsscore.objects.filter(meetmoment__agenda__slug="2014-2018").select_related("waarde", "doel")
        signs = {"−: niet behaald": "-", "±: deels behaald": "±", "+: behaald": "+"}
        found = scores.values_list("doel__code", "waarde__omschrijving")
        assert {code: signs[omschrijving] for code, omschrijving in found} == TEKENS
        for score in scores:
            source = f"Ondersteuningsplan VO 2018-2022, hoofdstuk 2: ({TEKENS[score.doel.code]})."
            assert score.toelichting.startswith(source), score.doel.code
        assert Doel.objects.get(thema__agenda__slug="2014-2018", code="S4").plan == (
            "neemt het aantal thuiszitters af “met 25% gemeten over het hele schooljaar”"
        )

    def test_they_are_not_called_fictitious_and_lie_before_no_oogo(self):
        regio = Regio.objects.get(slug="zuidoost-utrecht")
        assert regio.voorbeelddata is False
        assert "Verder 12 scores die een document zelf afdrukt." in self.output
        assert not Rapportage.objects.filter(meetmoment__agenda__regio=regio).exists()
        page = self.read(EERSTE)
        assert "Fictieve voorbeelddata" not in page.html
        assert "hoofdstuk 2: ook de scores van 2016-2017 staan daar zo" in page.html
        assert "- thuiszitters is gedaald met 8%;" in Agenda.objects.get(slug="2014-2018").terugblik
        doel = text(self.read(f"{EERSTE}doel/s4/").card("Scores en toelichting"))
        assert "1 · − niet behaald" in doel
        assert "Ondersteuningsplan VO 2018-2022, hoofdstuk 2: (-)." in doel

    def test_no_reminder_and_no_task_asks_for_what_is_long_past(self):
        assert set(Meetmoment.objects.filter(agenda__regio__slug="zuidoost-utrecht").values_list("deadline")) == {
            (None,)
        }
        for local_part in ("secretaris", "oogo", "coordinator", "invoer-zeist"):
            page = self.read("/", local_part)
            assert "Ondersteuningsplan VO 2018-2022 Afgelopen op 31 juli 2022." in text(page.root)
            assert "2016-2017" not in page.html
            assert "e laat" not in text(page.all("main")[0])

    # The actieprogramma

    def test_the_four_themas_of_which_two_got_priority(self):
        themas = Agenda.objects.get(slug="actieprogramma-2018-2022").thema_set.values_list("naam", flat=True)
        assert list(themas) == [
            "Doorgaande ontwikkelingslijnen en vroegtijdige signalering (prioriteit)",
            "Samenwerking in ondersteuningsteams en vormgeving van onderwijszorgarrangementen (prioriteit)",
            "Thuiszitters",
            "Leerlingenvervoer en huisvesting",
        ]

    def test_only_the_two_acties_that_the_evaluation_prints(self):
        acties = Actie.objects.filter(doel__thema__agenda__slug="actieprogramma-2018-2022").order_by("pk")
        overzicht, afspraak = (actie.omschrijving for actie in acties)
        assert overzicht == (
            "Er wordt een overzicht gemaakt dan wel geactualiseerd van belangrijke contactpersonen bij onderwijs,"
            " leerplicht, lokale teams en SAVE zodat duidelijk is wie waarvoor benaderd kan worden."
        )
        assert afspraak == (
            "Regionaal is de afspraak dat bij onduidelijkheid het principe ‘eerst financieren dan uitzoeken’ wordt"
            " gehanteerd."
        )
        assert [(actie.gereed_voor, actie.partijen.count()) for actie in acties] == [(None, 0), (None, 0)]
        assert "Van de ruim 60 actiepunten drukt de evaluatie er twee af" in text(self.read(PROGRAMMA).root)

    def test_what_the_evaluation_found_is_not_said_by_the_agenda(self):
        programma = Agenda.objects.get(slug="actieprogramma-2018-2022")
        found = "De Doorbraaktafel wordt als veelbelovend gezien door de respondenten."
        assert found in programma.terugblik
        told = Doel.objects.filter(thema__agenda=programma).values_list("toelichting", flat=True)
        assert all(told)
        assert not any("respondenten" in text for text in told)

    def test_the_working_factors_each_with_its_indicators(self):
        terugblik = Agenda.objects.get(slug="actieprogramma-2018-2022").terugblik
        for words in (
            "- Gedeelde visie. Indicatoren voor consensus zijn: gedeeld gevoel van urgentie van samenwerking,",
            "- Onderling vertrouwen. Indicatoren voor vertrouwen zijn: vertrouwen in elkaars professionaliteit,",
            "- Randvoorwaarden. Indicatoren hiervoor zijn: professionals hebben voldoende tijd om samen te werken,",
            "- Sturing op samenwerking. Indicatoren hiervoor zijn: het is helder wie verantwoordelijk is",
            "- Borging in beleid en bestuur. Indicatoren zijn: plannen op elkaar afstemmen, afspraken maken en",
            "7. Programmaleiding en personele inzet",
            "‘om te bezien of we van die 6 een 8 hebben kunnen maken’.",
        ):
            assert words in terugblik, words

    def test_the_scales(self):
        schalen = {s.slug: [w.kort for w in s.waarden.all()] for s in Schaal.objects.prefetch_related("waarden")}
        assert schalen["plus-min-zuidoost-utrecht"] == ["− niet behaald", "± deels behaald", "+ behaald"]
        assert len(schalen["rapportcijfer"]) == 10
        assert (schalen["rapportcijfer"][5], schalen["rapportcijfer"][7]) == ("krappe voldoende", "goed")

    # Pages

    def test_no_actie_of_then_is_called_late(self):
        for address in ("/regio/zuidoost-utrecht/", *(f"{PLAN}doel/{code}/" for code in ("d3", "d8", "t1"))):
            page = self.read(address, "oogo")
            assert "Te laat" not in page.html, address
            assert "ctie te laat" not in page.html, address
        assert "Gereed vóór 1 augustus 2018" in text(self.read(f"{PLAN}doel/d8/").card("Acties"))

    def test_every_page_takes_few_queries(self):
        pages = [
            *("/", "/regio/zuidoost-utrecht/", "/regio/zuidoost-utrecht/rapporten/", PLAN, PROGRAMMA, EERSTE),
            *(f"{PLAN}doel/{code}/" for code in ("d4", "d12", "t1")),
            *(f"{EERSTE}doel/s4/", f"{EERSTE}2016-2017/rapport/", f"{PROGRAMMA}doel/s1/"),
        ]
        for local_part in ("secretaris", "oogo"):
            client = Client()
            client.force_login(Gebruiker.objects.get(email=f"{local_part}@zuidoost-utrecht.test"))
            for address in pages:
                assert client.get(address).status_code == 200, address
                with CaptureQueriesContext(connection) as queries:
                    client.get(address)
                assert len(queries) <= 12, (local_part, address, len(queries))
