"""What `manage.py demo` loads, held against texts typed from the documents and not taken from fixtures/."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.forms.models import model_to_dict
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from agenda.loading import load_schalen
from agenda.models import Agenda, Doel, Ontwikkeling, Opbrengst, Schaal, Schaalwaarde, Thema
from monitoring.management.commands import demo as command
from monitoring.measured import maten_of, with_indicatoren
from monitoring.models import Besluit, Indicator, Meetmoment, Rapportage, Teruggave, Voortgangsscore, Vraag
from monitoring.overview import load_versies
from monitoring.quarter import load_kwartaalversies
from regio.audit import Event, record
from regio.berichten import Bericht
from regio.kalender import Vergadering
from regio.loading import FIXTURES, load_regio, load_vergaderingen, read_data
from regio.models import Deelname, Gebruiker, Lidmaatschap, Organisatie, Overleg, Regio, Werkgebied
from regio.privacy import find_personal_data
from thuiszitters.models import Telmoment

APPS = ("regio", "agenda", "thuiszitters", "monitoring")

# Chapter 5 of the samenwerkingsagenda of Utrecht West: plan, do, check, act.
HOOFDSTUK_5 = {
    "A1": (
        "Conferentie",
        "Opbrengsten concretiseren in pdca-cyclus",
        "Voortgang in lokaal LEA bewaken",
        "Bijstelling bij onvoldoende voortgang",
    ),
    "A2": (
        "Kernpartnersoverleg",
        "Doorontwikkeling kernpartners aanpak VO en uitbouwen preventieve inzet",
        "Voortgang in lokaal LEA bewaken",
        "Bijstelling bij onvoldoende voortgang",
    ),
    "B1": (
        "Verbreed toelaten binnen regulier onderwijs",
        "Regulier onderwijs, Passenderwijs en gemeente ontwikkelen arrangementen",
        "Het aantal afgegeven TLV’s blijft onder het landelijk gemiddelde",
        "Bijstelling indien TLV’s harder stijgt dan landelijk gemiddelde",
    ),
    "B2": (
        "Basisondersteuning",
        "SWV maakt basisondersteuning inzichtelijk, schoolbesturen bieden basisondersteuning",
        "Voortgang in lokaal LEA bewaken",
        "Bijstelling bij onvoldoende voortgang",
    ),
    "B3": (
        "Extra ondersteuning",
        "SWV maakt inzichtelijk welke extra ondersteuning beschikbaar is",
        "Aanbod toetsen aan vraag vanuit onderwijsveld",
        "Bijstelling indien aanbod niet dekkend is",
    ),
    "B4": (
        "Specifieke expertise",
        "Afspraken met gespecialiseerd onderwijs over aanbod in de regio",
        "Aanbod toetsen aan vraag vanuit onderwijsveld",
        "Bijstelling indien aanbod niet dekkend is",
    ),
    "C": (
        "Functionele samenwerking onderwijs en jeugdhulp",
        (
            "Regionale samenwerking binnen REA op basis van samenwerkingsagenda\n"
            "Lokale samenwerking tussen SWV en toegang lokale jeugdhulp"
        ),
        "Jaarlijks vaststellen of overlegstructuren functioneel en dekkend zijn.",
        "Bijstelling op basis van jaarlijkse voortgang",
    ),
    "D": (
        "Kaderen ondersteuning onderwijs en zorg met als doel samenwerking op het grijze gebied",
        (
            "Vastleggen taken en verantwoordelijkheden in beslisschema en benoemen ‘grijs gebied’ met rapport"
            " ‘Inzicht in zorg in onderwijstijd’ van Berenschot (2019) als leidraad"
        ),
        "Loket SWV en lokale toegang jeugdhulp evalueren beslisschema in de praktijk",
        "Casuïstiek leidt tot afspraken waardoor het grijze gebied kleiner wordt",
    ),
    "E": (
        "Instandhouding en waar mogelijk uitbreiden van arrangementen o.b.v. systeemfinanciering",
        (
            "Structurele systeemfinanciering realiseren in overleg met gemeente\n"
            "Bundeling van gemeenschappelijke ondersteuningsbehoeften naar systeemfinanciering"
        ),
        "Jaarlijkse voortgang op bestaande en nieuwe systeemfinanciering",
        "Bijstelling op basis van jaarlijkse voortgang",
    ),
    "F1": (
        "Beschikbaarheid van ondersteuning ter voorkoming van thuiszitters",
        "Realiseren van een dekkend aanbod aan ondersteuning",
        "Bij thuiszitters checken of gebrek aan aanbod reden van thuiszitten is",
        "Bij gebrek aan aanbod kernpartneroverleg gericht op een oplossing",
    ),
    "F2": (
        "Afstemming onderwijs en jeugdhulp",
        "Structureel kernpartnersoverleg",
        "Bij scholen uitvragen of kernpartneroverleg structureel plaatsvindt",
        "Gesprekken met scholen indien niet het geval",
    ),
    "F3": (
        "Doorzettingsmacht",
        "Huidige werkwijze evalueren en actualiseren binnen REA",
        "Ter besluitvorming in OOGO",
        "Handelen naar besluit",
    ),
    "F4": (
        "Monitoring",
        "Opzetten pragmatisch monitorsysteem",
        "Output monitor in REA",
        "Bijstellen op basis van evaluatie",
    ),
}

# The sketch's storyline: scores of the regio per meetmoment, in the order of the table.
REGIONAAL = {
    "aug-24": dict(zip(HOOFDSTUK_5, (3, 4, 3, 4, 2, 3, 4, 2, 3, 3, 3, 2, 1), strict=True)),
    "aug-25": dict(zip(HOOFDSTUK_5, (4, 4, 2, 4, 2, 3, 4, 3, 4, 3, 4, 4, 4), strict=True)),
    "aug-26": {"A1": 4, "A2": 4, "B1": 3, "B2": 5, "B3": 1, "C": 4, "F1": 2, "F2": 4, "F4": 5},
}


def run_demo(*options: str) -> str:
    out = StringIO()
    call_command("demo", *options, stdout=out)
    return out.getvalue()


def rows_of_every_model() -> dict[str, list[dict]]:
    """All that the database holds of the product, history included."""
    return {
        model._meta.label: [model_to_dict(row) | {"pk": row.pk} for row in model._default_manager.order_by("pk")]
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }


class TestTheDemo(TestCase):
    """Loaded once; each test leaves it as it was."""

    output: ClassVar[str]
    read: ClassVar[set[Path]]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.read = set()

        def record(path: Path) -> Any:
            cls.read.add(path)
            return read_data(path)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(command, "read_data", record)
            cls.output = run_demo()

    def test_mijn_werk_takes_few_queries_for_everybody(self):
        for gebruiker in Gebruiker.objects.all():
            client = Client()
            client.force_login(gebruiker)
            client.get("/")
            with CaptureQueriesContext(connection) as queries:
                page = client.get("/").text
            assert len(queries) <= 12, gebruiker.email
            # Whoever sees scores of Utrecht West reads that they are made up; no score of another regio is made up.
            sees_scores = gebruiker.is_superuser or gebruiker.email.endswith("@utrecht-west.test")
            assert ("Fictieve voorbeelddata" in page) is sees_scores

    # Utrecht West, from its own document

    def test_the_thirteen_doelen_read_as_chapter_5_prints_them(self):
        doelen = Doel.objects.for_agenda(Agenda.objects.get(slug="2023-2027"))

        assert {d.code: (d.plan, d.uitvoering, d.controle, d.bijsturing) for d in doelen} == HOOFDSTUK_5
        assert [d.code for d in doelen] == list(HOOFDSTUK_5)
        assert [d.code for d in doelen.scored_locally()] == ["A1", "A2", "B2"]
        assert all(d.toelichting for d in doelen)

    def test_the_scale_has_the_words_of_chapter_5(self):
        waarden = Schaalwaarde.objects.filter(schaal=Agenda.objects.get(slug="2023-2027").schaal)

        assert {w.waarde: w.omschrijving for w in waarden} == {
            1: "geen vooruitgang maar teruggang en verdient prioriteit",
            2: "geen vooruitgang en vraagt aandacht",
            3: "neutraal, vraagt geen aandacht",
            4: "vooruitgang, vraagt geen aandacht",
            5: "vooruitgang en zijn we trots op!",
        }
        assert [w.waarde for w in waarden if w.toelichting_verplicht] == [1, 2, 5]
        assert [w.waarde for w in waarden if w.vraagt_besluit] == [1, 2]

    def test_the_three_doelstellingen_are_its_themas(self):
        themas = Thema.objects.filter(agenda__regio__slug="utrecht-west")

        assert [(t.naam, "".join(t.doel_set.values_list("code", flat=True))) for t in themas] == [
            ("Verbreden van de inclusiegedachte binnen het onderwijs", "A1A2B1B2B3B4"),
            ("Integraal arrangeren binnen jeugdhulp en onderwijs", "CDE"),
            ("Het voorkomen van thuiszitters", "F1F2F3F4"),
        ]
        assert "meer dan 4 weken voor meer dan 50% niet naar school gaan" in themas[2].omschrijving

    def test_ambition_vision_and_core_values_are_those_of_the_document(self):
        agenda = Agenda.objects.get(slug="2023-2027")

        assert agenda.ambitie == "Voor elk kind/jongere een zo thuisnabij mogelijk passend onderwijsaanbod"
        assert agenda.visie == (
            "De regio Utrecht West wil vanuit haar kernwaarden op basis van ondersteuningsbehoeften en inclusiegedachte"
            " door integraal te arrangeren een zo thuisnabij mogelijk aanbod voor elk kind/jongere realiseren en"
            " daarmee thuiszitters voorkomen"
        )
        assert agenda.kernwaarden.count("\n- ") == 7
        assert "- het zoeken naar mogelijkheden binnen en als het moet buiten de kaders" in agenda.kernwaarden
        assert "regulier waar het kan, speciaal waar het moet!" in agenda.visie_toelichting
        assert agenda.strategie.startswith("Strategie, oftewel: hoe gaan we onze opdracht realiseren?")
        assert (agenda.startdatum, agenda.einddatum) == (date(2023, 8, 1), date(2027, 7, 31))

    def test_the_line_of_predecessors_tells_what_each_evaluation_found(self):
        line = [Agenda.objects.get(slug="2023-2027")]
        while line[-1].voorganger:
            line.append(line[-1].voorganger)

        assert [a.slug for a in line] == ["2023-2027", "2019-2022", "2016-2018", "2013-2015"]
        assert "structurele financiering van jeugdhulp in de school en ontschotting (maatwerkpot)" in line[1].terugblik
        assert "onvoldoende aan de orde gekomen" in line[2].terugblik
        assert "aansluiting onderwijs-arbeidsmarkt is onvoldoende uit de verf gekomen" in line[3].terugblik
        assert (line[1].vastgesteld_op, str(line[1].vastgesteld_in)) == (date(2019, 4, 18), "OOGO")

    def test_the_four_meetmomenten_are_the_columns_of_chapter_5(self):
        momenten = Meetmoment.objects.filter(agenda__slug="2023-2027")
        assert list(momenten.values_list("slug", "naam", "peildatum", "soort")) == [
            ("aug-24", "Aug 24", date(2024, 8, 31), "voortgang"),
            ("aug-25", "Aug 25", date(2025, 8, 31), "voortgang"),
            ("aug-26", "Aug 26", date(2026, 8, 31), "voortgang"),
            ("aug-27", "Aug 27", date(2027, 8, 31), "evaluatie"),
        ]

    def test_the_conference_results_stand_under_a1_per_gemeente(self):
        opbrengsten = Opbrengst.objects.filter(doel__code="A1").prefetch_related("gemeenten")

        assert {(o.naam, *sorted(g.slug for g in o.gemeenten.all())): o.punten.splitlines() for o in opbrengsten} == {
            ("Woerden", "woerden"): [
                "Samenwerken onderwijs en zorg: zorg koppelen aan school",
                "Kennis en kunde schoolteam vergroten",
                "Leren van en met elkaar",
                "Het kind/de jongere centraal zetten",
                "Eén taal, één visie",
            ],
            ("Montfoort/Oudewater", "montfoort", "oudewater"): [
                "Gebruik maken van kennis/kunde binnen de gemeente",
                "Voldoende personeel/bezetting",
                "Korte lijnen met kernpartners",
                "Dezelfde taal spreken",
                "Maatwerk, buiten de lijnen kleuren",
            ],
            ("De Ronde Venen", "de-ronde-venen"): [
                "Samenwerking onderwijs en gemeente/jeugdhulp",
                "Expertise/kennis delen",
                "Nieuwkomers",
                "Logopedie in de school",
            ],
            ("Stichtse Vecht", "stichtse-vecht"): [
                "Samenwerking met gemeente",
                "Meer expertise",
                "Basisondersteuning versterken",
                "Flexibiliteit",
            ],
        }
        assert {o.vraag for o in opbrengsten} == {
            "Wat moet er volgens jou gebeuren om het onderwijs in onze gemeente meer inclusiever te maken?"
        }

    def test_the_developments_are_those_of_chapter_4(self):
        of_west = Ontwikkeling.objects.filter(agenda__slug="2023-2027")
        assert list(of_west.values_list("naam", flat=True)) == [
            "Poortwachter dyslexie",
            "Onderwijshuisvesting",
            "Dekkend aanbod en capaciteit",
            "Af- en ombouw jeugdzorg plus",
            "Vergroten van de mentale weerbaarheid van kind/jongere",
        ]
        assert of_west.get(volgorde=1).omschrijving.startswith(
            "In Utrecht West is sinds januari 2023 de poortwachtersrol belegd bij Passenderwijs."
        )

    # Regio's and their organisations

    def test_each_regio_has_its_organisations_and_overleggen(self):
        found = {
            regio.slug: {
                "organisaties": set(regio.organisaties.values_list("naam", flat=True)),
                "gemeentecodes": set(Organisatie.objects.gemeenten_in(regio).values_list("code", flat=True)),
                "overleggen": {str(o): str(o.bereidt_voor or "") for o in regio.overleg_set.all()},
                "voorbeelddata": regio.voorbeelddata,
            }
            for regio in Regio.objects.all()
        }

        gemeenten = {"Woerden", "Montfoort", "Oudewater", "De Ronde Venen", "Stichtse Vecht"}
        assert found["utrecht-west"] == {
            "organisaties": gemeenten
            | {"Passenderwijs", "RUW", "Sterk VO"}
            | {"Regionaal bureau leerplicht Utrecht West", "Jeugdgezondheidszorg Utrecht West"},
            "gemeentecodes": {"GM0632", "GM0335", "GM0589", "GM0736", "GM1904"},
            "overleggen": {"OOGO": "", "REA": "OOGO"} | {f"LEA {naam}": "" for naam in gemeenten},
            "voorbeelddata": True,
        }
        assert found["zuidoost-utrecht"] == {
            "organisaties": {"Zeist", "Utrechtse Heuvelrug", "Wijk bij Duurstede", "De Bilt", "Bunnik"}
            | {"Samenwerkingsverband ZOUT", "Samenwerkingsverband VO Zuidoost Utrecht", "GGD regio Utrecht"}
            | {"Openbaar vmbo en Mavo Zeist", "Het Nieuwe Lyceum"},
            "gemeentecodes": {"GM0355", "GM1581", "GM0352", "GM0310", "GM0312"},
            "overleggen": {
                "OOGO": "",
                "Projectgroep": "OOGO",
                "Regionaal overleg": "",
                "Doorbraaktafel": "",
                "ALV": "",
            },
            "voorbeelddata": False,
        }
        assert set(found) == {"utrecht-west", "zuidoost-utrecht", "amersfoort", "midden-holland"}

    def test_which_swv_serves_a_gemeente_differs_by_sector(self):
        served: dict[tuple[str, str], set[str]] = {}
        for row in Werkgebied.objects.filter(regio__slug="utrecht-west").select_related("swv", "gemeente"):
            served.setdefault((row.swv.naam, row.sector), set()).add(row.gemeente.naam)

        assert served == {
            ("Passenderwijs", "PO"): {"Woerden", "Montfoort", "Oudewater", "De Ronde Venen", "Stichtse Vecht"},
            ("RUW", "VO"): {"Woerden", "Montfoort", "Oudewater", "De Ronde Venen"},
            ("Sterk VO", "VO"): {"Stichtse Vecht"},
        }

    def test_the_accounts_have_the_names_roles_and_password_that_are_published(self):
        gemeenten = {
            "utrecht-west": ("woerden", "montfoort", "oudewater", "de-ronde-venen", "stichtse-vecht"),
            "zuidoost-utrecht": ("zeist", "utrechtse-heuvelrug", "wijk-bij-duurstede", "de-bilt", "bunnik"),
            "amersfoort": ("amersfoort", "leusden", "soest", "woudenberg"),
            "midden-holland": ("gouda", "waddinxveen", "zuidplas", "bodegraven-reeuwijk", "krimpenerwaard"),
        }
        expected: set[tuple[str, str, str | None]] = set()
        for regio, slugs in gemeenten.items():
            expected |= {(f"{rol}@{regio}.test", rol, None) for rol in ("secretaris", "coordinator")}
            expected |= {(f"oogo@{regio}.test", "oogo-lid", None)}
            expected |= {(f"invoer-{slug}@{regio}.test", "invoerder", slug) for slug in slugs}

        assert set(Lidmaatschap.objects.values_list("gebruiker__email", "rol", "organisatie__slug")) == expected
        assert Gebruiker.objects.count() == len(expected) + 1
        assert authenticate(email="secretaris@utrecht-west.test", password="agendamonitor-demo")
        assert Gebruiker.objects.get(is_superuser=True).email == "beheer@agendamonitor.test"
        assert {g.email.split("@")[0] for g in Gebruiker.objects.filter(is_staff=True)} == {"beheer", "secretaris"}
        assert all(email in self.output for email, _, _ in expected)

    # Fictitious scores

    def test_the_accounts_that_the_readme_names_are_in_it(self):
        named = set(re.findall(r"`([\w.-]+@[\w.-]+\.test)`", (FIXTURES.parent / "README.md").read_text()))
        assert named
        assert named <= set(Gebruiker.objects.values_list("email", flat=True))

    def test_the_regional_scores_tell_the_story_of_the_sketch(self):
        for slug, scores in REGIONAAL.items():
            stored = Voortgangsscore.objects.regional().filter(meetmoment__slug=slug, waarde__isnull=False)
            assert dict(stored.values_list("doel__code", "waarde__waarde")) == scores

    def test_a_question_about_a_score_tells_that_score(self):
        of_score = Vraag.objects.get(meetmoment__slug="aug-26")
        assert of_score.doel is not None
        code = of_score.doel.code
        assert f"van een {REGIONAAL['aug-25'][code]} naar een {REGIONAAL['aug-26'][code]}" in of_score.tekst

    def test_each_gemeente_scored_its_own_doelen_and_the_last_year_is_half_done(self):
        local = Voortgangsscore.objects.exclude(organisatie=None)

        per_meetmoment = {slug: local.filter(meetmoment__slug=slug) for slug in REGIONAAL}
        assert {slug: scores.count() for slug, scores in per_meetmoment.items()} == {
            "aug-24": 15,
            "aug-25": 15,
            "aug-26": 11,
        }
        assert set(local.values_list("doel__code", flat=True)) == {"A1", "A2", "B2"}
        assert not per_meetmoment["aug-26"].filter(organisatie__slug="de-ronde-venen").exists()

    def test_every_fictitious_score_has_the_explanation_that_rule_5_asks_for(self):
        before: dict[tuple[str, str | None], int] = {}
        for meetmoment in Meetmoment.objects.order_by("peildatum"):
            current = {}
            for score in Voortgangsscore.objects.filter(meetmoment=meetmoment, waarde__isnull=False).with_words():
                whose = (score.doel.code, score.organisatie.slug if score.organisatie else None)
                assert score.waarde
                current[whose] = score.waarde.waarde
                changed = whose in before and before[whose] != current[whose]
                assert score.toelichting or not (changed or current[whose] in (1, 2, 5)), f"{meetmoment} {whose}"
            before = current

    def test_a_score_was_entered_in_its_own_year_by_who_may(self):
        for score in Voortgangsscore.objects.filter(meetmoment__slug="aug-24").with_words():
            made = score.history.order_by("history_date")[0]
            last = score.history.latest("history_date")
            assert (score.gewijzigd_op, made.history_user) == (last.history_date, score.gewijzigd_door)
            assert made.history_date.date() == date(2024, 8, 28)
            local_part = f"invoer-{score.organisatie.slug}" if score.organisatie else "secretaris"
            assert score.gewijzigd_door.email == f"{local_part}@utrecht-west.test"

    def test_the_complete_years_are_adopted_and_the_last_came_back(self):
        of_scores = Rapportage.objects.filter(telmoment=None).order_by("pk")
        assert list(of_scores.values_list("meetmoment__slug", "status", "versie")) == [
            ("aug-24", "vastgesteld", 2),
            ("aug-25", "vastgesteld", 1),
            ("aug-26", "teruggegeven", 1),
        ]
        assert list(
            Besluit.objects.filter(rapportage__telmoment=None)
            .order_by("vergaderdatum")
            .values_list(
                "rapportage__meetmoment__slug",
                "versie",
                "vergaderdatum",
                "vastgesteld_door__email",
                "geregistreerd_door__email",
            )
        ) == [
            ("aug-24", 1, date(2024, 9, 12), "oogo@utrecht-west.test", None),
            ("aug-24", 2, date(2024, 11, 7), "oogo@utrecht-west.test", None),
            ("aug-25", 1, date(2025, 9, 11), None, "secretaris@utrecht-west.test"),
        ]

    def test_utrecht_west_publishes_and_names_no_account_and_zuidoost_utrecht_does_not(self):
        west = "/openbaar/utrecht-west/"
        public = [west, f"{west}2023-2027/aug-24/versie-2/", f"{west}2023-2027/aug-25/versie-1/"]
        pages = {
            path: self.client.get(path).text
            for path in [*public, f"{public[1]}rapport.csv", f"{public[2]}rapport.json"]
        }
        said = {word for account in Gebruiker.objects.all() for word in (account.naam, account.email)} - {"Beheerder"}
        assert {path: word for path, page in pages.items() for word in said if word in page} == {}
        assert "fictieve voorbeelddata" in pages[west].lower()
        for hidden in (f"{west}2023-2027/aug-24/versie-1/", f"{west}2023-2027/aug-26/", "/openbaar/zuidoost-utrecht/"):
            assert self.client.get(hidden).status_code == 404

    def test_the_two_versions_of_aug_24_differ_in_what_was_mended(self):
        second, first = load_versies(Meetmoment.objects.get(slug="aug-24"))

        places = {verschil.plek for verschil in second.verschillen}
        assert places == {
            "Het voorkomen van thuiszitters · F2 · Aug 24 · toelichting",
            "Het voorkomen van thuiszitters · F2 · Aug 24 · ingevoerd op",
        }
        assert (first.momentopname.versie, second.report.rapportage.reden_heropening[:34]) == (
            1,
            "In de toelichting bij F2 stond dat",
        )

    def test_the_rea_adopted_every_quarter_but_the_last_and_one_of_them_twice(self):
        of_counts = Rapportage.objects.exclude(telmoment=None).order_by("telmoment__peildatum")
        states = {r.of_telmoment.peildatum: (r.status, r.versie) for r in of_counts.with_names()}
        quarters = list(Telmoment.objects.order_by("peildatum").values_list("peildatum", "afgesloten_op"))

        assert list(states) == [day for day, _ in quarters[:-1]]
        assert set(states.values()) == {("vastgesteld", 1), ("vastgesteld", 2)}
        assert [day for day, (_, versie) in states.items() if versie == 2] == [date(2025, 10, 1)]
        assert quarters[-1] == (date(2026, 10, 1), None)
        assert all(closed for _, closed in quarters[:-1])
        registered = Besluit.objects.exclude(geregistreerd_door=None).filter(rapportage__meetmoment=None)
        assert [str(besluit.overleg) for besluit in registered] == ["REA"]

    def test_the_second_version_of_a_quarter_says_what_it_mended(self):
        moment = Telmoment.objects.select_related("regio").get(peildatum=date(2025, 10, 1))
        second, first = load_kwartaalversies(moment, sees_all=True)
        said = {(v.plek, str(v.tekst)) for v in second.verschillen if "toelichting" not in v.plek}

        assert any("Oudewater" in plek and "5 onder a VO" in plek and "aantal" in plek for plek, _ in said)
        assert (first.versie, second.inhoud["reden_heropening"][:27]) == (1, "In de opgave van Oudewater ")

    def test_one_doel_came_back_with_a_reason_of_its_own(self):
        given = Teruggave.objects.get()
        assert (given.rapportage.of_meetmoment.slug, given.op.date()) == ("aug-26", date(2026, 9, 10))
        assert [o.doel.code for o in given.opmerkingen.all() if o.doel] == ["B3"]

    def test_nobody_gets_mail_about_what_the_demo_says_to_have_happened(self):
        assert not Bericht.objects.exists()

    def test_no_step_is_dated_on_the_day_of_loading(self):
        days = [str(record.history_date.date()) for record in Rapportage.history.order_by("history_date")]
        assert (days[0], days[-1]) == ("2023-11-06", "2026-09-10")

    # Loading

    def test_every_data_file_is_loaded(self):
        assert self.read == set(FIXTURES.rglob("*.yaml"))

    def test_loading_again_changes_nothing(self):
        before = rows_of_every_model()

        assert run_demo() == self.output
        assert rows_of_every_model() == before

    def test_loading_again_overwrites_nobodys_work(self):
        score = Voortgangsscore.objects.regional().get(doel__code="B3", meetmoment__slug="aug-26")
        Voortgangsscore.objects.filter(pk=score.pk).update(toelichting="Door de secretaris herschreven.")
        doel = Doel.objects.get(code="A1", thema__agenda__slug="2023-2027")
        Doel.objects.filter(pk=doel.pk).update(plan="Conferentie 2027")
        Opbrengst.objects.get(naam="Montfoort/Oudewater").gemeenten.remove(Organisatie.objects.get(slug="oudewater"))

        run_demo()

        score.refresh_from_db()
        assert score.toelichting == "Door de secretaris herschreven."
        doel.refresh_from_db()
        assert doel.plan == "Conferentie 2027"
        assert [g.slug for g in Opbrengst.objects.get(naam="Montfoort/Oudewater").gemeenten.all()] == ["montfoort"]

    def test_every_change_is_signed(self):
        for app in APPS:
            for model in apps.get_app_config(app).get_models():
                if hasattr(model, "history_user"):
                    assert not model._default_manager.filter(history_user=None).exists(), model._meta.label

    def test_everything_that_stands_there_has_a_history(self):
        for model in (Schaal, Agenda, Doel, Voortgangsscore, Regio, Deelname, Overleg, Gebruiker):
            assert set(model.history.values_list("id", flat=True)) == set(model.objects.values_list("pk", flat=True))

    def test_a_data_file_with_an_error_is_refused_whole(self):
        beheer = Gebruiker.objects.get(is_superuser=True)
        data = read_data(FIXTURES / "utrecht-west" / "regio.yaml")
        data["regio"] |= {"slug": "proef", "naam": "Proef"}
        data["overleggen"][0]["niveau"] = "hoogste"

        with pytest.raises(ValidationError, match="hoogste"):
            load_regio(data=data, by=beheer)
        assert not Regio.objects.filter(slug="proef").exists()

    def test_a_name_that_is_no_field_is_refused(self):
        schalen = yaml.safe_load("- {slug: cijfer, naam: Rapportcijfer, kleur: rood, waarden: []}")

        with pytest.raises(TypeError, match="kleur"):
            load_schalen(data=schalen, by=Gebruiker.objects.get(is_superuser=True))

    # What chapter 5 lets hang on a number, and the key figures of Zuidoost Utrecht

    def test_b1_stays_under_the_country_and_f2_is_a_survey(self):
        found = Indicator.objects.filter(doel__thema__agenda__regio__slug="utrecht-west").order_by("doel__code", "pk")
        assert [(i.doel.code, i.norm, i.niet_sneller, i.metingen.count()) for i in found] == [
            ("B1", "landelijk", True, 4),
            ("B1", "landelijk", True, 3),
            ("F2", "minstens", False, 3),
        ]
        assert all(i.doel.thema.agenda.regio.voorbeelddata for i in found)

    def test_the_key_figures_of_zuidoost_utrecht_are_those_of_its_document(self):
        """Section 6.12.1: what the region has beside the country, which is not known of 2017."""
        printed = {
            "Deelname lwoo": [("5.66", "10.61"), ("5.46", "10.23"), ("5.41", "9.42"), ("4.64", None)],
            "Deelname pro": [("1.65", "2.95"), ("1.61", "2.98"), ("1.65", "3.01"), ("1.62", None)],
            "Deelname vso": [("3.42", "3.66"), ("3.42", "3.47"), ("3.30", "3.42"), ("3.06", None)],
        }
        found = Indicator.objects.filter(doel__thema__agenda__regio__slug="zuidoost-utrecht").order_by("naam")
        loaded = {i.naam: [(m.waarde, m.landelijk) for m in i.metingen.order_by("peildatum")] for i in found}
        assert loaded == {
            naam: [(Decimal(own), Decimal(country) if country else None) for own, country in line]
            for naam, line in printed.items()
        }
        assert {i.norm for i in found} == {"geen"}

    def test_the_scores_of_b1_say_what_was_measured(self):
        """Aug 25: "steeg in het PO harder dan landelijk"; the years beside it not."""
        doel = with_indicatoren(Doel.objects.filter(code="B1", thema__agenda__regio__slug="utrecht-west")).get()
        fired = {
            year: [maat.oordeel.vuurt for maat in maten_of(doel, date(year, 8, 31))] for year in (2024, 2025, 2026)
        }
        assert fired == {2024: [False, False], 2025: [True, False], 2026: [False, False]}


def test_the_fictitious_meetings_fill_the_year_and_say_what_they_are(db):
    folder = FIXTURES / "utrecht-west"
    assert "FICTIEVE VOORBEELDDATA" in (folder / "vergaderingen.yaml").read_text(encoding="utf-8").splitlines()[0]
    by = Gebruiker.objects.create_superuser("beheer@example.test")
    regio = load_regio(data=read_data(folder / "regio.yaml"), by=by)
    for _ in range(2):  # To load again adds nothing.
        load_vergaderingen(regio=regio, data=read_data(folder / "vergaderingen.yaml"), by=by)
    meetings = Vergadering.objects.order_by("datum")
    assert [(m.overleg.afkorting, str(m.datum)) for m in meetings if m.overleg.niveau == "bestuurlijk"] == [
        ("OOGO", "2026-09-10"),
        ("OOGO", "2026-12-10"),
        ("OOGO", "2027-04-15"),
        ("OOGO", "2027-06-24"),
    ]
    assert meetings.filter(overleg__afkorting="REA").count() == 6


def test_the_file_with_fictitious_scores_says_so_in_its_first_line():
    for path in FIXTURES.glob("*/voorbeeldscores.yaml"):
        assert "FICTIEVE VOORBEELDDATA" in path.read_text(encoding="utf-8").splitlines()[0]


# The command


@pytest.mark.parametrize(
    ("make_real", "named"),
    [
        (lambda: Gebruiker.objects.create_user("secretaris@gemeente.nl", naam="Secretaris"), "secretaris@gemeente.nl"),
        (lambda: Regio.objects.create(slug="gooi", naam="Gooi en Vechtstreek"), "Gooi en Vechtstreek"),
        (lambda: Regio.objects.create(slug="utrecht-west", naam="Utrecht West"), "Utrecht West"),
    ],
    ids=["account", "regio", "regio with the name of one of the demo's"],
)
def test_a_database_with_real_data_is_refused_and_left_as_it_is(db, make_real, named):
    make_real()
    before = rows_of_every_model()

    with pytest.raises(CommandError, match=f"niet van de demo: {named}. Er is niets veranderd"):
        run_demo()
    assert rows_of_every_model() == before


def test_what_a_demo_says_to_have_happened_is_no_line_of_the_audit(db, monkeypatch, caplog):
    caplog.set_level("INFO", "agendamonitor.audit")

    def said() -> None:
        record(Event.MAIL, by=None)

    monkeypatch.setattr(command, "load_demo", said)
    run_demo()
    assert not caplog.records
    said()
    assert len(caplog.records) == 1


def test_if_empty_loads_an_empty_database_once_and_then_only_tells_the_accounts(db, settings):
    settings.DEMO = True
    said = run_demo("--if-empty")
    assert f"{Agenda.objects.count()} agenda's, {Doel.objects.count()} doelen" in said
    Voortgangsscore.objects.all().delete()

    second = run_demo("--if-empty")

    assert "geladen" not in second
    assert "secretaris@utrecht-west.test" in second
    assert not Voortgangsscore.objects.exists()


def test_if_empty_leaves_a_trial_machine_with_its_own_data_alone(db, settings):
    settings.DEMO = True
    Gebruiker.objects.create_user("secretaris@gemeente.nl", naam="Secretaris")

    assert run_demo("--if-empty") == ""
    assert Gebruiker.objects.count() == 1


def test_if_empty_does_nothing_on_a_machine_that_is_not_for_trial(db, settings):
    settings.DEMO = False

    assert run_demo("--if-empty") == ""
    assert not Gebruiker.objects.exists()


# Privacy


def texts_in(data: object) -> Iterator[str]:
    """Every text in a data file, however deep."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from texts_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts_in(value)


def test_no_data_file_holds_what_reads_like_personal_data():
    texts = [text for path in FIXTURES.rglob("*.yaml") for text in texts_in(read_data(path))]

    assert len(texts) > 500
    assert [finding for text in texts for finding in find_personal_data(text)] == []
