"""From a data file in fixtures/ to scales and to an agenda with its predecessors, thema's and doelen.

What a document does not have, its file leaves out: predecessors, conference results, developments, who pulls a doel and
which acties hang on it.
"""

from typing import Any

from django.db import transaction

from agenda.models import Actie, Agenda, Doel, Ontwikkeling, Opbrengst, Schaal, Schaalwaarde, Thema, Trekker
from regio.audit import sign
from regio.loading import add_missing, without
from regio.models import Gebruiker, Organisatie, Overleg, Regio


@transaction.atomic
def load_schalen(*, data: list[dict[str, Any]], by: Gebruiker) -> None:
    """Load what schalen.yaml says."""
    for row in data:
        schaal = add_missing(Schaal, by=by, lookup={"slug": row["slug"]}, **without(row, "slug", "waarden"))
        for value in row["waarden"]:
            lookup = {"schaal": schaal, "waarde": value["waarde"]}
            add_missing(Schaalwaarde, by=by, lookup=lookup, **without(value, "waarde"))


@transaction.atomic
def load_agenda(*, regio: Regio, data: dict[str, Any], by: Gebruiker) -> Agenda:
    """Load what an agenda file says, except its meetmomenten, which belong to monitoring.

    The predecessors stand in the file from old to new, the agenda itself follows the last.
    """
    voorganger: Agenda | None = None
    for row in data.get("voorgangers", ()):
        voorganger = _add_agenda(regio, row, voorganger, by)
    agenda = _add_agenda(regio, data["agenda"], voorganger, by)
    themas = {row["code"]: _add_thema(agenda, row, by) for row in data["themas"]}
    doelen = {
        row["code"]: _add_doel(themas[row["thema"]], volgorde, row, by)
        for volgorde, row in enumerate(data["doelen"], start=1)
    }
    if "opbrengsten" in data:
        _add_opbrengsten(doelen, data["opbrengsten"], by)
    for volgorde, row in enumerate(data.get("ontwikkelingen", ()), start=1):
        lookup = {"agenda": agenda, "naam": row["naam"]}
        add_missing(Ontwikkeling, by=by, lookup=lookup, volgorde=volgorde, **without(row, "naam"))
    return agenda


def _add_agenda(regio: Regio, row: dict[str, Any], voorganger: Agenda | None, by: Gebruiker) -> Agenda:
    values = without(row, "slug", "schaal", "vastgesteld_in")
    if "schaal" in row:
        values["schaal"] = Schaal.objects.get(slug=row["schaal"])
    if "vastgesteld_in" in row:
        values["vastgesteld_in"] = Overleg.objects.get(regio=regio, afkorting=row["vastgesteld_in"])
    return add_missing(Agenda, by=by, lookup={"regio": regio, "slug": row["slug"]}, voorganger=voorganger, **values)


def _add_thema(agenda: Agenda, row: dict[str, Any], by: Gebruiker) -> Thema:
    return add_missing(Thema, by=by, lookup={"agenda": agenda, "code": row["code"]}, **without(row, "code"))


def _add_doel(thema: Thema, volgorde: int, row: dict[str, Any], by: Gebruiker) -> Doel:
    values = without(row, "thema", "code", "trekkers", "acties")
    doel = add_missing(Doel, by=by, lookup={"thema": thema, "code": row["code"]}, volgorde=volgorde, **values)
    for trekker in row.get("trekkers", ()):
        organisatie = Organisatie.objects.get(slug=trekker["organisatie"])
        lookup = {"doel": doel, "organisatie": organisatie}
        add_missing(Trekker, by=by, lookup=lookup, **without(trekker, "organisatie"))
    for actie in row.get("acties", ()):
        _add_actie(doel, actie, by)
    return doel


def _add_actie(doel: Doel, row: dict[str, Any], by: Gebruiker) -> None:
    lookup = {"doel": doel, "omschrijving": row["omschrijving"]}
    actie = add_missing(Actie, by=by, lookup=lookup, **without(row, "omschrijving", "partijen"))
    if "partijen" in row and not actie.partijen.exists():
        sign(actie, by)
        actie.partijen.set(_organisaties(row["partijen"]))


def _organisaties(slugs: list[str]) -> list[Organisatie]:
    """Return the organisations of these slugs; one that does not exist is an error and not left out."""
    return [Organisatie.objects.get(slug=slug) for slug in slugs]


def _add_opbrengsten(doelen: dict[str, Doel], data: dict[str, Any], by: Gebruiker) -> None:
    for volgorde, groep in enumerate(data["groepen"], start=1):
        opbrengst = add_missing(
            Opbrengst,
            by=by,
            lookup={"doel": doelen[data["doel"]], "naam": groep["naam"]},
            vraag=data["vraag"],
            punten="\n".join(groep["punten"]),
            volgorde=volgorde,
        )
        if not opbrengst.gemeenten.exists():
            sign(opbrengst, by)
            opbrengst.gemeenten.set(_organisaties(groep["gemeenten"]))
