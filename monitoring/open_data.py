"""The data of a public report, for whoever wants to count with them: CSV, its description (CSVW), and JSON.

Sources: Model for Tabular Data and Metadata on the Web (W3C, 2015); RFC 4180 with the semicolon of regio/tables.py.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from monitoring.indicators import data_rows
from monitoring.report import COLUMNS, Report
from regio.tables import write_csv

LICENTIE = "CC0 1.0 (geen rechten voorbehouden)"
LICENTIE_URL = "https://creativecommons.org/publicdomain/zero/1.0/deed.nl"
SCHEIDING = ";"


@dataclass(frozen=True)
class Kolom:
    """One column of the data: its name, what it means to a reader, and what its values are to a machine."""

    naam: str
    betekenis: str
    datatype: str = "string"


KOLOMMEN = (
    Kolom("regio", "de regio waarvan het rapport is"),
    Kolom("agenda", "de samenwerkingsagenda"),
    Kolom("meetmoment", "het meetmoment van deze score; ook die van eerdere jaren staan erin"),
    Kolom("peildatum", "de datum van dat meetmoment", "date"),
    Kolom("thema", "het thema waar het doel bij hoort"),
    Kolom("doel", "de code van het doel"),
    Kolom("plan", "wat de regio wil bereiken"),
    Kolom("do", "wat zij daarvoor doet"),
    Kolom("check", "hoe zij nagaat of het lukt"),
    Kolom("act", "wat zij doet als het niet lukt"),
    Kolom("organisatie", "wie de score gaf: de regio, of bij een lokaal doel een gemeente"),
    Kolom("status", "‘gescoord’ of ‘nog niet gescoord’; dat laatste is geen nul"),
    Kolom("score", "de waarde op de schaal, vergeleken met het jaar ervoor; leeg als er geen score is", "integer"),
    Kolom("omschrijving", "wat die waarde betekent, in de woorden van de schaal"),
    Kolom("toelichting", "de toelichting bij de score"),
    Kolom("voorbeelddata", "‘ja’ als de gegevens verzonnen zijn"),
)
AANTALLEN = (
    Kolom("regio", "de regio waarvan het rapport is"),
    Kolom("peildatum", "de dag waarvan dit aantal de stand is", "date"),
    Kolom("organisatie", "van wie het aantal is: de hele regio, of één gemeente"),
    Kolom("groep", "verzuim, vrijstelling of reden"),
    Kolom("categorie", "wat er is geteld; de definities staan in het rapport"),
    Kolom("status", "‘afgeschermd’ als het aantal te klein is om te tonen of een klein aantal zou verraden"),
    Kolom("aantal", "het aantal; leeg als het is afgeschermd, onbekend is of ontbreekt. Leeg is geen nul", "integer"),
    Kolom("getoond", "hoe het aantal in het rapport staat"),
    Kolom("dekking", "van hoeveel gemeenten het aantal is, als het niet van alle is"),
    Kolom("voorbeelddata", "‘ja’ als de gegevens verzonnen zijn"),
)
METINGEN = (
    Kolom("regio", "de regio waarvan het rapport is"),
    Kolom("doel", "de code van het doel waar de indicator bij hoort"),
    Kolom("indicator", "wat er is gemeten"),
    Kolom("definitie", "wat er precies is gemeten, van wie en waarover"),
    Kolom("norm", "waar het getal aan moet voldoen; ‘geen’ als daar niets over is afgesproken"),
    Kolom("eenheid", "waarin het getal is uitgedrukt"),
    Kolom("peildatum", "de dag waarvan dit de stand is", "date"),
    Kolom("status", "‘gemeten’ of ‘onbekend’; dat laatste is geen nul"),
    Kolom("waarde", "wat er is gemeten; leeg als het onbekend is", "decimal"),
    Kolom("landelijk", "het landelijk gemiddelde van die dag, als dat bekend is", "decimal"),
    Kolom("bron", "waar het getal vandaan komt, als dat bekend is"),
    Kolom("toelichting", "de toelichting bij de meting"),
    Kolom("voorbeelddata", "‘ja’ als de gegevens verzonnen zijn"),
)


@dataclass(frozen=True)
class Tabel:
    """One table of the data: the name of its file, its columns, and where its rows come from."""

    bestand: str
    titel: str
    kolommen: tuple[Kolom, ...]
    rijen: Callable[[Report], Iterator[tuple[Any, ...]]]

    @property
    def namen(self) -> tuple[str, ...]:
        return tuple(kolom.naam for kolom in self.kolommen)


def score_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    """Yield the scores without who entered them."""
    places = [COLUMNS.index(naam) for naam in SCORES.namen]
    for row in report.data_rows():
        yield tuple(row[place] for place in places)


def count_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    """Yield the counts as the report shows them, masked; nothing for a report without quarters."""
    if report.kwartalen is None:
        return
    regio, voorbeelddata = report.regio.naam, "ja" if report.regio.voorbeelddata else "nee"
    for peildatum, organisatie, status, (_, groep, categorie, *given) in report.kwartalen.data_rows(regio):
        yield regio, peildatum, organisatie, groep, categorie, status, *given, voorbeelddata


def measured_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    """Yield what was measured of the doelen, without who entered it."""
    common = {"regio": report.regio.naam, "voorbeelddata": "ja" if report.regio.voorbeelddata else "nee"}
    for row in data_rows(report.maten):
        given = row | common
        yield tuple(given[kolom.naam] for kolom in METINGEN)


SCORES = Tabel("rapport", "De scores en toelichtingen", KOLOMMEN, score_rows)
THUISZITTERS = Tabel("thuiszitters", "De aantallen thuiszitters", AANTALLEN, count_rows)
INDICATOREN = Tabel("indicatoren", "Wat er van de doelen is gemeten", METINGEN, measured_rows)

TABELLEN = (SCORES, THUISZITTERS, INDICATOREN)


def tables_of(report: Report) -> list[Tabel]:
    """Return the tables that this report has data for."""
    given = {SCORES: True, THUISZITTERS: bool(report.kwartalen), INDICATOREN: bool(report.maten)}
    return [tabel for tabel, is_there in given.items() if is_there]


def write_public_csv(report: Report, tabel: Tabel = SCORES) -> bytes:
    return write_csv(tabel.namen, tabel.rijen(report))


def write_public_json(report: Report) -> bytes:
    """Return all tables at once, with what their columns mean."""
    content = describe(report) | {
        "schaal": [{"waarde": w.waarde, "omschrijving": w.omschrijving} for w in report.grid.schaalwaarden],
        "kolommen": {
            tabel.bestand: {kolom.naam: kolom.betekenis for kolom in tabel.kolommen} for tabel in tables_of(report)
        },
    }
    for tabel in tables_of(report):
        content[tabel.bestand] = [dict(zip(tabel.namen, row, strict=True)) for row in tabel.rijen(report)]
    return _as_json(content)


def write_csv_description(report: Report, tabel: Tabel = SCORES) -> bytes:
    """Return what a machine must know to read the CSV, in the form that the W3C gave it."""
    given = describe(report)
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": f"{tabel.bestand}.csv",
        "dc:title": f"{tabel.titel}: {given['titel']}",
        "dc:publisher": given["uitgever"],
        "dc:source": given["bron"],
        "dc:license": {"@id": LICENTIE_URL},
        "dc:issued": {"@value": given["vastgesteld"]["datum"], "@type": "xsd:date"},
        "dc:identifier": f"sha256:{given['sha256']}",
        "schema:version": str(given["versie"]),
        "dialect": {"delimiter": SCHEIDING, "encoding": "utf-8", "header": True},
        "tableSchema": {
            "columns": [
                {
                    "name": kolom.naam,
                    "titles": kolom.naam,
                    "dc:description": kolom.betekenis,
                    "datatype": kolom.datatype,
                    "null": "",
                }
                for kolom in tabel.kolommen
            ]
        },
    }
    return _as_json(content)


def describe(report: Report) -> dict[str, Any]:
    """Return whose data these are, of which adopted version, and what one may do with them."""
    given = report.vaststelling
    if given is None:
        raise ValueError("only what was adopted is public")
    return {
        "titel": f"{report.titel}, regio {report.regio.naam}",
        "uitgever": f"Regio {report.regio.naam}",
        "agenda": report.agenda.naam,
        "meetmoment": report.meetmoment.naam,
        "peildatum": report.meetmoment.peildatum.isoformat(),
        "vastgesteld": {"overleg": given.overleg, "datum": given.datum.isoformat(), "kenmerk": given.kenmerk},
        "versie": given.versie,
        "sha256": given.sha256,
        "bron": report.agenda.bron or report.agenda.naam,
        "licentie": LICENTIE,
        "licentie_url": LICENTIE_URL,
        "voorbeelddata": report.regio.voorbeelddata,
    }


def _as_json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode()
