"""The agenda's of Amersfoort and Midden-Holland, held against texts typed from their documents."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agenda.loading import load_agenda
from agenda.models import Agenda, Doel, Ontwikkeling, Thema, Trekker
from monitoring.models import Meetmoment
from regio.loading import FIXTURES, load_regio, read_data
from regio.models import Organisatie, Overleg, Regio, Werkgebied
from regio.permissions import Rol
from tests.factories import make_beheerder, make_gebruiker
from tests.page import Page, text
from tests.worlds import once

MOST_QUERIES = 12
AGENDAS = {"amersfoort": "2021-2022", "midden-holland": "2018-2019"}

# "Hiervoor gaan we in 2021-2022 het volgende regionaal doen", with the last words that the document has on each.
NEGEN_ACTIES = {
    "A1": ("Nadere invulling van het ‘Grijze gebied’", "ondersteuning aan de leerling moet worden verleend."),
    "A2": ("Specialistische jeugdhulp in de school (OSJ)", "over regie, duur, lengte en invulling van termijn."),
    "A3": ("Onderwijs in een gespecialiseerde instelling", "in staat zijn in een schoolse setting onderwijs volgen."),
    "A4": ("Ondersteuning van het jonge kind", "kunnen maken en werken daarvoor een oplossing uit."),
    "A5": (
        "Ondersteuning voor jeugdigen die buiten de regio naar school gaan",
        "jeugdigen die niet in de regio Amersfoort op school zitten.",
    ),
    "A6": (
        "Verbinding rol SWVen en beleid leerlingenvervoer",
        "Dit vraagt om een zorgvuldige samenwerking met de SWV-en op deze onderwerpen.",
    ),
    "A7": (
        "Het voormalige thuiszitterspact wordt doorgetrokken in ambities en uitwerking",
        "een punt van uitwerking met een regionale vertaling van het landelijke modelconvenant.",
    ),
    "A8": (
        "Vrijstellingen van de leerplicht",
        "kijken samen met ouders naar de ontwikkelkansen van de jeugdige",
    ),
    "A9": (
        "Uitvoering ketenaanpak dyslexie",
        "Onderdeel hiervan is eveneens een preventieve aanpak in het onderwijs.",
    ),
}

# Chapter 3, what gets "extra aandacht" in each of the two lines.
TWEE_LIJNEN = {
    "De route": {
        "R1": (
            "de overgang van voorschoolse opvang naar het primair onderwijs, van het primair onderwijs naar het"
            " voortgezet onderwijs en van het voortgezet onderwijs naar het mbo."
        ),
        "R2": (
            "het effectief inzetten van het duo Intern Begeleider (po) of zorgcoördinator VO en medewerker sociaal"
            " team/loket samenleving en zorg."
        ),
        "R3": "het voeren van regie over de onderwijs- en of zorgondersteuning.",
        "R4": "het beleggen van doorzettingsmacht.",
    },
    "Dekkend netwerk": {
        "N1": "Collectief aanbod speciaal (basis- en voortgezet) onderwijs",
        "N2": "Doorontwikkelen JOS",
        "N3": "Leerlingenvervoer",
        "N4": "Leerrecht",
        "N5": "Flexibele onderwijszorgarrangementen",
    },
}

pytestmark = pytest.mark.django_db


class World:
    def __init__(self):
        by = make_beheerder()
        for slug, agenda in AGENDAS.items():
            self.load(slug, agenda, by)

    def load(self, slug, agenda, by):
        regio = load_regio(data=read_data(FIXTURES / slug / "regio.yaml"), by=by)
        load_agenda(regio=regio, data=read_data(FIXTURES / slug / f"agenda-{agenda}.yaml"), by=by)


built, world = once(World)


@pytest.fixture(autouse=True)
def _loaded(world):
    pass


def agenda_of(slug):
    return Agenda.objects.get(regio__slug=slug)


def names_of(slug, **of):
    return [o.naam for o in Organisatie.objects.filter(deelname__regio__slug=slug, **of).order_by("pk")]


# Amersfoort


def test_amersfoort_has_its_nine_regional_actions():
    doelen = list(Doel.objects.for_agenda(agenda_of("amersfoort")))
    assert {doel.code: doel.plan for doel in doelen} == {code: plan for code, (plan, _) in NEGEN_ACTIES.items()}
    assert [doel.code for doel in doelen if not doel.toelichting.endswith(NEGEN_ACTIES[doel.code][1])] == []
    assert {doel.thema.naam for doel in doelen} == {"Hiervoor gaan we in 2021-2022 het volgende regionaal doen"}
    assert [doel.code for doel in doelen if doel.has_pdca] == []


def test_amersfoort_has_its_three_focus_layers_without_doelen():
    layers = Thema.objects.filter(agenda=agenda_of("amersfoort"), doel=None)
    assert {layer.naam: layer.omschrijving.split("\n")[0] for layer in layers} == {
        "Specialistische jeugdhulp, onderwijs en voorkomen thuiszitters": (
            "Regionale invulling en besluitvorming in het bestuurlijk OOGO eventueel aangevuld met partners die voor"
            " dat onderdeel de uitvoering voor hun rekening nemen."
        ),
        "Toeleiding, integraal arrangeren.": (
            "Lokale invulling en regionale afstemming. Binnen het OOGO worden procesafspraken gemaakt. Jaarlijkse"
            " evaluatie en bijstelling werkafspraken."
        ),
        "Preventie/normaliseren/signalering": (
            "Lokale invulling en regionale afstemming. Binnen het OOGO worden afstemmingsafspraken gemaakt en wordt"
            " kennis gedeeld."
        ),
    }


def test_amersfoort_has_its_vision_and_uitgangspunten():
    agenda = agenda_of("amersfoort")
    assert "- Verbinding tussen thuis, jeugdhulp en onderwijs." in agenda.visie
    assert [text.count("\n- ") for text in (agenda.visie, agenda.visie_toelichting, agenda.uitgangspunten)] == [3, 6, 4]
    assert "niet de dupe van een discussie in welke categorie een noodzakelijk traject valt." in agenda.uitgangspunten
    assert agenda.inleiding.endswith("aan de hand van een samenwerkingsagenda die elke twee jaar herijkt wordt.")
    assert (str(agenda.startdatum), str(agenda.einddatum)) == ("2021-01-01", "2022-12-31")
    assert not agenda.trekkersduo


def test_amersfoort_says_to_readers_that_its_gemeenten_are_an_assumption(client):
    assert names_of("amersfoort") == ["Amersfoort", "Leusden", "Soest", "Woudenberg"]
    client.force_login(make_gebruiker("o@example.test", Rol.OOGO_LID, Regio.objects.get(slug="amersfoort")))
    page = Page(client.get("/regio/amersfoort/agenda/2021-2022/"))
    assert (
        "Het document noemt de gemeenten niet bij naam: Amersfoort, Leusden, Soest en Woudenberg zijn een aanname"
        in text(page.all("main")[0])
    )


# Midden-Holland


def test_midden_holland_has_its_themas_in_two_lines():
    agenda = agenda_of("midden-holland")
    lines = Thema.objects.filter(agenda=agenda)
    assert {t.naam: dict(t.doel_set.values_list("code", "plan")) for t in lines} == TWEE_LIJNEN
    route, netwerk = lines
    assert "Er is echter is geen uitwerking gegeven aan het proces van Integraal Arrangeren." in route.omschrijving
    assert "kampen zorgaanbieders met wachttijden. We zien steeds vaker" in netwerk.omschrijving
    assert Doel.objects.get(code="N4").toelichting == (
        "uitwerking geven aan het thema leerrecht, door onderwijs in zorg mogelijk te maken voor leerlingen met een"
        " vrijstelling onder 5a."
    )
    assert Doel.objects.get(code="N5").toelichting.endswith("dreigen te verlaten zonder startkwalificatie.")


def test_midden_holland_asks_for_a_duo_and_names_nobody_whom_the_document_does_not():
    agenda = agenda_of("midden-holland")
    assert (agenda.soort, agenda.trekkersduo) == ("ontwikkelagenda", True)
    assert not Trekker.objects.exists()
    assert set(Doel.objects.for_agenda(agenda).values_list("niveau", flat=True)) == {""}
    assert "Het trekkerschap van elk thema bestaat uit een duo van gemeente en onderwijs." in agenda.uitgangspunten
    assert "verschilt per thema, afhankelijk van de inhoud en het niveau" in agenda.uitgangspunten


def test_midden_holland_has_its_vision_its_goal_and_its_developments():
    agenda = agenda_of("midden-holland")
    assert agenda.ambitie.startswith("Het gemeenschappelijke doel van de samenwerking tussen onderwijs en gemeenten is")
    assert "3. Bestuurlijk niveau (wethouders en directeuren/bestuurders swv of mbo)" in agenda.visie
    assert "dienen hun beleid ook op deze regio af stemmen" in agenda.inleiding
    assert (
        "Hierin worden zorg onder onderwijs aangespoord"
        in Ontwikkeling.objects.get(naam__startswith="Actie").omschrijving
    )
    assert Ontwikkeling.objects.filter(agenda=agenda).count() == 2


def test_midden_holland_has_five_gemeenten_and_the_samenwerkingsverbanden_that_the_document_names():
    assert dict(
        Organisatie.objects.filter(deelname__regio__slug="midden-holland", soort="gemeente").values_list("naam", "code")
    ) == {
        "Gouda": "GM0513",
        "Waddinxveen": "GM0627",
        "Zuidplas": "GM1892",
        "Bodegraven-Reeuwijk": "GM1901",
        "Krimpenerwaard": "GM1931",
    }
    assert names_of("midden-holland", soort="swv") == [
        "SWV Aan den IJssel",
        "SWV VO/VSO MH&R",
        "KoersVO",
        "Landelijk samenwerkingsverband op reformatorische grondslag (PO)",
        "Landelijk samenwerkingsverband op reformatorische grondslag (VO)",
    ]
    assert set(Werkgebied.objects.values_list("swv__korte_naam", flat=True)) == {
        "Reformatorisch PO",
        "Reformatorisch VO",
    }


def test_midden_holland_leads_from_themagroepen_to_the_bestuurlijk_overleg():
    bodies = Overleg.objects.filter(regio__slug="midden-holland")
    assert set(bodies.values_list("naam", "niveau", "bereidt_voor__naam")) == {
        ("Themagroepen", "uitvoerend", "Afstemmingsoverleg"),
        ("Afstemmingsoverleg", "ambtelijk", "Bestuurlijk overleg"),
        ("Bestuurlijk overleg", "bestuurlijk", None),
        ("Op overeenstemming gericht overleg", "bestuurlijk", None),
    }


# Both


def test_neither_document_names_a_scale_or_a_moment_of_scoring():
    assert [agenda_of(slug).schaal for slug in AGENDAS] == [None, None]
    assert not Meetmoment.objects.exists()
    assert not Regio.objects.filter(voorbeelddata=True).exists()


def test_loading_again_adds_nothing(world):
    def stored():
        models = (Regio, Organisatie, Werkgebied, Overleg, Agenda, Thema, Doel, Ontwikkeling)
        return [(m._meta.label, m.objects.count()) for m in models] + [Doel.history.count(), Agenda.history.count()]

    before = stored()
    for slug, agenda in AGENDAS.items():
        world.load(slug, agenda, make_beheerder(f"{slug}@example.test"))
    assert stored() == before


@pytest.mark.parametrize(("slug", "day"), [("amersfoort", "31 december 2022"), ("midden-holland", "31 december 2019")])
def test_mijn_werk_says_that_the_agenda_ended_and_none_follows(client, slug, day):
    client.force_login(make_gebruiker("c@example.test", Rol.COORDINATOR, Regio.objects.get(slug=slug)))
    assert f"de agenda is afgelopen op {day}. Een volgende staat er nog niet." in client.get("/").text


@pytest.mark.parametrize("slug", AGENDAS)
@pytest.mark.parametrize("rol", Rol)
def test_every_page_of_the_regio_is_good_for_every_role(slug, rol):
    regio = Regio.objects.get(slug=slug)
    gemeente = Organisatie.objects.gemeenten_in(regio).first() if rol == Rol.INVOERDER else None
    client = Client()
    client.force_login(make_gebruiker(f"{rol}@{slug}.test", rol, regio, gemeente))
    base, agenda = f"/regio/{slug}/", f"/regio/{slug}/agenda/{AGENDAS[slug]}/"
    pages = ["/", base, agenda, f"{base}rapporten/", f"{base}kalender/", f"{base}vragen/", f"{base}thuiszitters/"]
    pages += [f"{agenda}doel/{doel.slug}/" for doel in Doel.objects.for_agenda(agenda_of(slug))]
    leads_to = set()
    for address in pages:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = Page(client.get(address))
        assert len(queries) <= MOST_QUERIES, address
        assert len(page.all("h1")) == 1, address
        assert page.all("svg", role="img") == [], address
        leads_to |= {to.split("#")[0] for to in page.links().values() if to.startswith(base)}
    assert [to for to in leads_to if client.get(to, follow=True).status_code != 200] == []
