"""From data files in fixtures/ to categories with their definitions, and to fictitious counts."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from regio.audit import sign
from regio.loading import add_missing, without
from regio.models import Gebruiker, Lidmaatschap, Organisatie, Regio
from regio.permissions import Rol
from thuiszitters.categories import Category, categories_on
from thuiszitters.counting import Status
from thuiszitters.models import Categorie, Leerlingaantal, Onderwijssector, Opgave, Telling, Telmoment

OFFICE_HOUR = time(11, 20)
UNKNOWN = "?"


@transaction.atomic
def load_categorieen(*, data: list[dict[str, Any]], regio: Regio | None, by: Gebruiker) -> None:
    """Load definitions, general ones when `regio` is None. A whole stands in the files before its parts."""
    for volgorde, row in enumerate(data, start=1):
        whole = row.get("onderdeel_van")
        add_missing(
            Categorie,
            by=by,
            lookup={"regio": regio, "code": row["code"], "geldig_van": row["geldig_van"]},
            onderdeel_van=Categorie.objects.filter(code=whole, regio=None).get() if whole else None,
            volgorde=_volgorde_of(row["code"]) or volgorde,
            **without(row, "code", "geldig_van", "onderdeel_van"),
        )


def _volgorde_of(code: str) -> int | None:
    """A regio's own definition keeps the place of the general one."""
    return Categorie.objects.filter(code=code, regio=None).values_list("volgorde", flat=True).first()


@transaction.atomic
def load_voorbeeldtellingen(*, regio: Regio, data: dict[str, Any], counts: Path, by: Gebruiker) -> None:
    """Load fictitious counts in the name of the invoerders and mark the regio for having them.

    An opgave that stands there already stays as it is.
    """
    if not regio.voorbeelddata:
        regio.voorbeelddata = True
        sign(regio, by)
        regio.save()
    load_categorieen(data=data["categorieen"], regio=regio, by=by)
    gemeenten = {gemeente.slug: gemeente for gemeente in Organisatie.objects.gemeenten_in(regio)}
    _add_leerlingen(regio, data["leerlingen"], gemeenten, by)
    momenten = _add_telmomenten(regio, counts, data["dagen_tot_deadline"], by)
    _add_opgaven(regio, momenten, gemeenten, data, counts)


def _add_leerlingen(regio: Regio, data: dict[str, Any], gemeenten: dict[str, Organisatie], by: Gebruiker) -> None:
    first = int(data["eerste_schooljaar"][:4])
    known = set(Leerlingaantal.objects.filter(regio=regio).values_list("gemeente__slug", "sector", "schooljaar"))
    made = []
    for slug, sectors in data["aantallen"].items():
        for sector, aantal in sectors.items():
            for year in range(data["schooljaren"]):
                schooljaar = f"{first + year}-{first + year + 1}"
                if (slug, sector, schooljaar) not in known:
                    left = round(aantal * (1 - data["krimp_per_jaar"]) ** year)
                    made.append(
                        Leerlingaantal(
                            regio=regio,
                            gemeente=gemeenten[slug],
                            sector=sector,
                            schooljaar=schooljaar,
                            aantal=left,
                            bron="fictief voorbeeld",
                        )
                    )
    Leerlingaantal.objects.bulk_create(made)
    Leerlingaantal.history.bulk_history_create(made, default_user=by)


def _read_counts(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def _add_telmomenten(regio: Regio, counts: Path, days: int, by: Gebruiker) -> dict[str, Telmoment]:
    momenten: dict[str, Telmoment] = {}
    for row in _read_counts(counts):
        if row["peildatum"] not in momenten:
            peildatum = date.fromisoformat(row["peildatum"])
            deadline = peildatum + timedelta(days=days)
            lookup = {"regio": regio, "peildatum": peildatum}
            momenten[row["peildatum"]] = add_missing(Telmoment, by=by, lookup=lookup, deadline=deadline)
    return momenten


def _add_opgaven(
    regio: Regio, momenten: dict[str, Telmoment], gemeenten: dict[str, Organisatie], data: dict[str, Any], counts: Path
) -> None:
    present = set(Opgave.objects.filter(telmoment__regio=regio).values_list("telmoment_id", "gemeente_id"))
    authors = _invoerders_of(regio)
    known = list(Categorie.objects.known_in(regio))
    in_force = {key: {c.code: c for c in categories_on(known, moment.peildatum)} for key, moment in momenten.items()}
    opgaven: dict[tuple[str, str], Opgave] = {}
    tellingen: list[Telling] = []
    for row in _read_counts(counts):
        moment, gemeente = momenten[row["peildatum"]], gemeenten[row["gemeente"]]
        if (moment.pk, gemeente.pk) in present:
            continue
        key = row["peildatum"], row["gemeente"]
        if key not in opgaven:
            opgaven[key] = _new_opgave(moment, gemeente, data, authors[gemeente.slug])
        tellingen += _new_tellingen(opgaven[key], in_force[row["peildatum"]][row["categorie"]], row, data)
    _write_with_history(list(opgaven.values()), tellingen)


def _invoerders_of(regio: Regio) -> dict[str, Gebruiker]:
    leden = Lidmaatschap.objects.filter(regio=regio, rol=Rol.INVOERDER).select_related("gebruiker", "organisatie")
    return {lid.organisatie.slug: lid.gebruiker for lid in leden.order_by("-pk") if lid.organisatie}


def _new_opgave(moment: Telmoment, gemeente: Organisatie, data: dict[str, Any], author: Gebruiker) -> Opgave:
    day = moment.peildatum + timedelta(days=data["ingediend_na_dagen"][gemeente.slug])
    return Opgave(
        telmoment=moment,
        gemeente=gemeente,
        status=Opgave.Status.INGEDIEND,
        ingediend_door=author,
        ingediend_op=timezone.make_aware(datetime.combine(day, OFFICE_HOUR)),
    )


def _new_tellingen(opgave: Opgave, category: Category, row: dict[str, str], data: dict[str, Any]) -> Iterator[Telling]:
    for sector in Onderwijssector.values:
        unknown = row[sector] == UNKNOWN
        note = _note(data, row["peildatum"], row["gemeente"], None if unknown else row["categorie"], sector)
        yield Telling(
            opgave=opgave,
            categorie_id=category.pk,
            sector=sector,
            status=Status.ONBEKEND if unknown else Status.OPGEGEVEN,
            aantal=None if unknown else int(row[sector]),
            toelichting=note,
            gewijzigd_door=opgave.ingediend_door,
        )


def _note(data: dict[str, Any], peildatum: str, gemeente: str, categorie: str | None, sector: str) -> str:
    wanted = (peildatum, gemeente, categorie, sector)
    for note in data["toelichtingen"]:
        if (str(note["peildatum"]), note["gemeente"], note.get("categorie"), note.get("sector")) == wanted:
            return str(note["toelichting"])
    return ""


def _write_with_history(opgaven: list[Opgave], tellingen: list[Telling]) -> None:
    """Write opgaven as submitted at a moment in the past, which the fields and the history must both tell."""
    Opgave.objects.bulk_create(opgaven)
    Telling.objects.bulk_create(tellingen, batch_size=500)
    by_moment: dict[tuple[datetime, Gebruiker], list[Opgave]] = {}
    for opgave in opgaven:
        if opgave.ingediend_op and opgave.ingediend_door:
            by_moment.setdefault((opgave.ingediend_op, opgave.ingediend_door), []).append(opgave)
    for (moment, author), submitted in by_moment.items():
        ids = {opgave.pk for opgave in submitted}
        Telling.objects.filter(opgave__in=ids).update(gewijzigd_op=moment)
        ours = [telling for telling in tellingen if telling.opgave_id in ids]
        for telling in ours:
            telling.gewijzigd_op = moment
        Opgave.history.bulk_history_create(submitted, default_user=author, default_date=moment)
        Telling.history.bulk_history_create(ours, batch_size=500, default_user=author, default_date=moment)
