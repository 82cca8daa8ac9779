"""A regio with one of everything that Beheer keeps; each name holds the slug, so that a leak can be seen."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import tinyhtml5
from django.utils import timezone

from agenda.models import Actie, Agenda, Doel, Ontwikkeling, Opbrengst, Schaal, Thema, Trekker
from monitoring.actions import Uitspraak, adopt_rapportage, submit_rapportage
from monitoring.models import Indicator, Indicatorwaarde, Meetmoment, Rapportage, Voortgangsscore, Vraag
from monitoring.publishing import choose_publishing, publish_version
from regio.audit import sign
from regio.berichten import Bericht, Mailkeuze
from regio.models import (
    Deelname,
    Gebruiker,
    Kalenderadres,
    Organisatie,
    Overleg,
    Regio,
    Vergadering,
    Werkgebied,
)
from regio.permissions import Rol
from tests.factories import (
    make_agenda,
    make_doel,
    make_gebruiker,
    make_gemeente,
    make_meetmoment,
    make_regio,
    make_schaal,
    make_score,
    make_thema,
)
from thuiszitters.models import Categorie, Kolomkoppeling, Leerlingaantal, Telmoment

VERGADERING = 9000
INDICATOR = 9000


def kalendernummer(slug: str) -> str:
    return slug.ljust(22, "-")


def seen(thing: Any) -> dict[str, Any]:
    """What a form of Beheer sends of who opened it now."""
    return {"gezien": thing.history.first().pk}


def sent_by(response) -> dict[str, Any]:
    """What a browser sends back of the form on this page when nobody touches it."""
    root = tinyhtml5.parse(response.content.decode(), namespace_html_elements=False)
    [form] = [f for f in root.iter("form") if (f.get("id") or "").endswith("_form") and f.get("method") == "post"]
    sent: dict[str, Any] = {}
    for node in form.iter("input"):
        ticks = node.get("type") in {"checkbox", "radio"}
        if node.get("name") and node.get("type") not in {"submit", "file"} and (not ticks or "checked" in node.attrib):
            sent[node.get("name")] = node.get("value", "on" if ticks else "")
    for node in form.iter("textarea"):
        sent[node.get("name")] = (node.text or "").removeprefix("\n")
    for node in form.iter("select"):
        chosen = [o.get("value") for o in node.iter("option") if "selected" in o.attrib]
        first = [o.get("value") for o in node.iter("option")][:1]
        sent[node.get("name")] = chosen if "multiple" in node.attrib else (chosen or first or [""])[0]
    return {name: value for name, value in sent.items() if "__prefix__" not in name and name != "csrfmiddlewaretoken"}


@dataclass(frozen=True)
class Wereld:
    regio: Regio
    gemeente: Organisatie
    swv: Organisatie
    agenda: Agenda
    thema: Thema
    doel: Doel
    meetmoment: Meetmoment
    score: Voortgangsscore
    secretaris: Gebruiker
    oogo_lid: Gebruiker
    coordinator: Gebruiker
    invoerder: Gebruiker


def make_wereld(slug: str, number: int) -> Wereld:
    regio = make_regio(slug)
    gemeente = make_gemeente(regio, f"{slug}stad", f"GM000{number}")
    secretaris = make_gebruiker(f"secretaris@{slug}.test", Rol.SECRETARIS, regio, naam=f"Secretaris {slug}")
    agenda = make_agenda(regio, schaal=Schaal.objects.first() or make_schaal(), naam=f"Agenda {slug}")
    thema = make_thema(agenda, slug, naam=f"Thema {slug}")
    doel = make_doel(agenda, "A1", thema, lokaal=True, plan=f"Plan {slug}")
    meetmoment = make_meetmoment(agenda, f"{slug}-26", naam=f"Aug 26 {slug}")
    swv = Organisatie.objects.create(soort="swv", sector="PO", naam=f"Samenwerkingsverband {slug}", slug=f"swv-{slug}")
    Deelname.objects.create(regio=regio, organisatie=swv, van=date(2023, 8, 1))
    Werkgebied.objects.create(regio=regio, swv=swv, gemeente=gemeente, sector="PO")
    overleg = Overleg.objects.create(regio=regio, naam=f"Overleg {slug}", niveau="bestuurlijk")
    # A number of its own, so that tests/addresses.py can name it whatever was made before on this database.
    Vergadering.objects.create(
        pk=VERGADERING + number, overleg=overleg, datum=date(2026, 12, 10), onderwerp=f"Onderwerp {slug}"
    )
    Kalenderadres.objects.create(regio=regio, gebruiker=secretaris, nummer=kalendernummer(slug))
    Trekker.objects.create(doel=doel, organisatie=swv, kant="onderwijs")
    Actie.objects.create(doel=doel, omschrijving=f"Actie {slug}", gereed_voor=date(2026, 12, 1))
    Opbrengst.objects.create(doel=doel, naam=f"Groep {slug}", vraag="Wat gaat goed?", punten="Veel").gemeenten.add(
        gemeente
    )
    Ontwikkeling.objects.create(agenda=agenda, naam=f"Ontwikkeling {slug}", omschrijving="Groei")
    Categorie.objects.create(
        regio=regio,
        groep="verzuim",
        code=f"verzuim-{slug}",
        naam=f"Verzuim {slug}",
        kort=f"Verzuim {slug}",
        definitie="Wie er niet is",
        geldig_van=date(2023, 8, 1),
    )
    Telmoment.objects.create(regio=regio, peildatum=date(2026, 10, 1))
    Leerlingaantal.objects.create(
        regio=regio, gemeente=gemeente, sector="PO", schooljaar="2026-2027", aantal=100, bron=f"Bron {slug}"
    )
    Kolomkoppeling.objects.create(regio=regio, kop=f"kop {slug}", kolom="peildatum")
    score = make_score(doel, meetmoment, 4, secretaris, f"Toelichting {slug}")
    oogo_lid = make_gebruiker(f"oogo@{slug}.test", Rol.OOGO_LID, regio, naam=f"OOGO-lid {slug}")
    # Its number is in addresses.
    Vraag.objects.create(
        pk=number, regio=regio, doel=doel, tekst=f"Vraag {slug}?", gesteld_door=oogo_lid, gesteld_op=timezone.now()
    )
    # Its number is in addresses too.
    indicator = Indicator.objects.create(
        pk=INDICATOR + number, doel=doel, naam=f"Indicator {slug}", eenheid="procent", definitie="Een deel van alle."
    )
    Indicatorwaarde.objects.create(
        indicator=indicator,
        peildatum=date(2025, 10, 1),
        waarde=9,
        toelichting=f"Meting {slug}",
        gewijzigd_door=secretaris,
        gewijzigd_op=timezone.now(),
    )
    rapportage = Rapportage(meetmoment=meetmoment)
    sign(rapportage, secretaris)
    rapportage.save()
    Bericht.objects.create(
        regio=regio,
        gebruiker=secretaris,
        soort="herinnering",
        betreft=slug,
        sleutel=slug,
        onderwerp=f"Bericht {slug}",
        tekst=f"Er wacht iets in {slug}.",
        knop="Invoeren",
        pad=f"/regio/{slug}/",
        vanaf=date(2026, 11, 1),
    )
    Mailkeuze.objects.create(gebruiker=secretaris, soort="vastgesteld", aan=False)
    return Wereld(
        regio=regio,
        gemeente=gemeente,
        swv=swv,
        agenda=agenda,
        thema=thema,
        doel=doel,
        meetmoment=meetmoment,
        score=score,
        secretaris=secretaris,
        oogo_lid=oogo_lid,
        coordinator=make_gebruiker(f"coordinator@{slug}.test", Rol.COORDINATOR, regio, naam=f"Coördinator {slug}"),
        invoerder=make_gebruiker(f"invoer@{slug}.test", Rol.INVOERDER, regio, gemeente, naam=f"Invoerder {slug}"),
    )


def make_public_wereld(slug: str, number: int) -> Wereld:
    """The same, with the report of the year before adopted and made public."""
    wereld = make_wereld(slug, number)
    moment = make_meetmoment(wereld.agenda, f"{slug}-25", date(2025, 8, 31), naam=f"Aug 25 {slug}")
    by = wereld.secretaris
    make_score(wereld.doel, moment, 4, by, f"Jaar ervoor {slug}")
    submit_rapportage(meetmoment=moment, by=by)
    uitspraak = Uitspraak(Overleg.objects.get(regio=wereld.regio), date(2025, 9, 11), f"Kenmerk {slug}")
    adopted = adopt_rapportage(meetmoment=moment, uitspraak=uitspraak, als_registratie=True, by=by)
    choose_publishing(regio=wereld.regio, publiceert=True, by=by)
    publish_version(momentopname=adopted, by=by)
    return wereld
