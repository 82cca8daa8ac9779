"""Every page that shows or takes scores belongs here, whatever its address."""

from django.urls import path, re_path, register_converter

from monitoring.views import (
    componenten,
    entry,
    kalender,
    kwartaal,
    logboek,
    metingen,
    openbaar,
    publicatie,
    rapport,
    rapportage,
    reading,
    vergelijken,
    voortgang,
    vragen,
)
from thuiszitters.urls import THUISZITTERS

app_name = "monitoring"


class Bestandsnaam:
    """The name of a file: it has a kind after a dot, so that it is no page."""

    regex = r"[a-z]+\.[a-z.-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Bestandsnaam, "bestandsnaam")

AGENDA = "regio/<slug:slug>/agenda/<slug:agenda>/"
KALENDER = "regio/<slug:slug>/kalender/"
MEETMOMENT = AGENDA + "<slug:meetmoment>/"
# Everybody gets the same there: regio/everybody.py.
OPENBAAR = "openbaar/<slug:slug>/"
OPENBAAR_RAPPORT = OPENBAAR + "<slug:agenda>/<slug:meetmoment>/"
OPENBARE_VERSIE = OPENBAAR_RAPPORT + "versie-<int:versie>/"
KWARTAAL = THUISZITTERS + "<dag:peildatum>/"
INDICATOR = AGENDA + "doel/<slug:code>/indicator/<int:nummer>/"
VRAGEN = "regio/<slug:slug>/vragen/"
VRAAG = VRAGEN + "<int:nummer>/"

urlpatterns = [
    path("", reading.start, name="start"),
    path("componenten/", componenten.component_gallery, name="component-gallery"),
    path("componenten/<slug:deel>/", componenten.component_gallery, name="component-gallery"),
    path("regio/<slug:slug>/", reading.regio_detail, name="regio-detail"),
    path("regio/<slug:slug>/agenda/", reading.agenda_current, name="agenda-current"),
    path("regio/<slug:slug>/rapporten/", reading.rapport_list, name="rapport-list"),
    path(AGENDA, reading.agenda_detail, name="agenda-detail"),
    path(AGENDA + "doel/<slug:code>/", reading.doel_detail, name="doel-detail"),
    path(MEETMOMENT + "rapport/", rapport.rapport_detail, name="rapport-detail"),
    path(MEETMOMENT + "rapport.<slug:soort>", rapport.rapport_file, name="rapport-file"),
    path(MEETMOMENT + "invoer/", entry.score_invoer, name="score-invoer"),
    path(MEETMOMENT + "voorleggen/", rapportage.rapportage_voorleggen, name="rapportage-voorleggen"),
    path(MEETMOMENT + "teruggeven/", rapportage.rapportage_teruggeven, name="rapportage-teruggeven"),
    path(MEETMOMENT + "vaststellen/", rapportage.rapportage_vaststellen, name="rapportage-vaststellen"),
    path(MEETMOMENT + "heropenen/", rapportage.rapportage_heropenen, name="rapportage-heropenen"),
    path(MEETMOMENT + "openbaar-maken/", publicatie.rapport_publiceren, name="rapport-publiceren"),
    path(MEETMOMENT + "intrekken/<int:versie>/", publicatie.rapport_intrekken, name="rapport-intrekken"),
    path("regio/<slug:slug>/openbaarheid/", publicatie.regio_openbaarheid, name="regio-openbaarheid"),
    path(MEETMOMENT + "momentopname.json", rapport.momentopname_file, name="momentopname-file"),
    path(KALENDER, kalender.kalender, name="kalender"),
    path(KALENDER + "adres/", kalender.kalenderadres_maken, name="kalenderadres-maken"),
    path(KALENDER + "adres/intrekken/", kalender.kalenderadres_intrekken, name="kalenderadres-intrekken"),
    path(KALENDER + "vergadering/", kalender.vergadering_nieuw, name="vergadering-nieuw"),
    path(KALENDER + "vergadering/<int:nummer>/", kalender.vergadering_wijzigen, name="vergadering-wijzigen"),
    path(
        KALENDER + "vergadering/<int:nummer>/verwijderen/",
        kalender.vergadering_verwijderen,
        name="vergadering-verwijderen",
    ),
    path("regio/<slug:slug>/voortgang/", voortgang.voortgang, name="voortgang"),
    path("voortgang/herinneren/", voortgang.voortgang_herinneren, name="voortgang-herinneren"),
    path("voortgang/", voortgang.voortgang_regios, name="voortgang-regios"),
    re_path(r"^kalender/(?P<sleutel>[\w-]{22}\.[\w-]{43})\.ics$", kalender.kalender_feed, name="kalender-feed"),
    path("vergelijken/", vergelijken.vergelijken, name="vergelijken"),
    path("openbaar/", openbaar.openbaar_index, name="openbaar-index"),
    path(OPENBAAR, openbaar.openbaar_regio, name="openbaar-regio"),
    path(OPENBAAR_RAPPORT, openbaar.openbaar_rapport, name="openbaar-rapport"),
    path(OPENBAAR_RAPPORT + "<bestandsnaam:bestand>", openbaar.openbaar_bestand, name="openbaar-bestand"),
    path(OPENBARE_VERSIE, openbaar.openbaar_rapport, name="openbare-versie"),
    path(OPENBARE_VERSIE + "<bestandsnaam:bestand>", openbaar.openbaar_bestand, name="openbare-versie-bestand"),
    path(KWARTAAL, kwartaal.kwartaal_detail, name="kwartaal-detail"),
    path(KWARTAAL + "voorleggen/", kwartaal.kwartaal_voorleggen, name="kwartaal-voorleggen"),
    path(KWARTAAL + "teruggeven/", kwartaal.kwartaal_teruggeven, name="kwartaal-teruggeven"),
    path(KWARTAAL + "vaststellen/", kwartaal.kwartaal_vaststellen, name="kwartaal-vaststellen"),
    path(KWARTAAL + "heropenen/", kwartaal.kwartaal_heropenen, name="kwartaal-heropenen"),
    path(KWARTAAL + "momentopname.json", kwartaal.kwartaal_momentopname, name="kwartaal-momentopname"),
    path(KWARTAAL + "gemaskeerd.json", kwartaal.kwartaal_gemaskeerd, name="kwartaal-gemaskeerd"),
    path(KWARTAAL + "logboek/", logboek.kwartaal_logboek, name="kwartaal-logboek"),
    path(AGENDA + "doel/<slug:code>/logboek/", logboek.doel_logboek, name="doel-logboek"),
    path(MEETMOMENT + "logboek/", logboek.rapportage_logboek, name="rapportage-logboek"),
    path(AGENDA + "doel/<slug:code>/vraag/", vragen.vraag_bij_doel, name="vraag-bij-doel"),
    path(INDICATOR, metingen.meting_nieuw, name="meting-nieuw"),
    path(INDICATOR + "<dag:peildatum>/", metingen.meting_wijzigen, name="meting-wijzigen"),
    path(VRAGEN, vragen.vraag_list, name="vraag-list"),
    path(VRAGEN + "aantal/<dag:peildatum>/<slug:categorie>/", vragen.vraag_bij_aantal, name="vraag-bij-aantal"),
    path(VRAAG, vragen.vraag_detail, name="vraag-detail"),
    path(VRAAG + "intrekken/", vragen.vraag_intrekken, name="vraag-intrekken"),
    path(VRAAG + "rapport/", vragen.vraag_in_rapport, name="vraag-in-rapport"),
    path("controleren/", rapport.rapport_controleren, name="rapport-controleren"),
]
