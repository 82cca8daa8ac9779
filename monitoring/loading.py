"""From a data file in fixtures/ to the meetmomenten, scores and indicators of an agenda, fictitious or not."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from agenda.models import Agenda, Doel, Schaalwaarde
from monitoring.actions import (
    Uitspraak,
    adopt_rapportage,
    reopen_rapportage,
    return_rapportage,
    save_score,
    submit_rapportage,
)
from monitoring.asking import Plek, answer, ask
from monitoring.measuring import save_meting
from monitoring.models import (
    Indicator,
    Indicatorwaarde,
    Meetmoment,
    Momentopname,
    Rapportage,
    Voortgangsscore,
    Vraag,
)
from monitoring.publishing import choose_publishing, publish_version
from regio.audit import sign
from regio.loading import add_missing, without
from regio.models import Gebruiker, Lidmaatschap, Organisatie, Overleg, Regio
from regio.permissions import Rol
from thuiszitters.categories import categories_on
from thuiszitters.models import Categorie, Telmoment

OFFICE_HOUR = time(14, 2)


@transaction.atomic
def load_meetmomenten(*, agenda: Agenda, data: list[dict[str, Any]], by: Gebruiker) -> None:
    for row in data:
        add_missing(Meetmoment, by=by, lookup={"agenda": agenda, "slug": row["slug"]}, **without(row, "slug"))


@transaction.atomic
def load_voorbeeldscores(*, regio: Regio, data: dict[str, Any], by: Gebruiker) -> None:
    """Load fictitious scores in the name of the secretaris and the invoerders, and mark the regio for having them.

    The `stappen` of a meetmoment are taken after its scores are in, each on its day. What stands there already stays.
    """
    if not regio.voorbeelddata:
        regio.voorbeelddata = True
        sign(regio, by)
        regio.save()
    load_scores(agenda=Agenda.objects.get(regio=regio, slug=data["agenda"]), data=data["meetmomenten"])


@transaction.atomic
def load_scores(*, agenda: Agenda, data: list[dict[str, Any]]) -> None:
    """Load scores in the name of the secretaris and the invoerders; those that a document prints are not fictitious."""
    authors = _authors_of(agenda.regio)
    for row in data:
        meetmoment = Meetmoment.objects.get(agenda=agenda, slug=row["meetmoment"])
        _add_scores(meetmoment, row, authors)
        if not Rapportage.objects.filter(meetmoment=meetmoment).exists():
            for stap in row.get("stappen", ()):
                _take(meetmoment, stap, authors[None])


def _authors_of(regio: Regio) -> dict[str | None, Gebruiker]:
    """Return who scores: for each gemeente's slug its invoerder, for None the secretaris."""
    leden = Lidmaatschap.objects.filter(regio=regio, rol__in=(Rol.SECRETARIS, Rol.INVOERDER)).order_by("pk")
    authors: dict[str | None, Gebruiker] = {}
    for lid in leden.select_related("gebruiker", "organisatie"):
        authors.setdefault(lid.organisatie.slug if lid.organisatie else None, lid.gebruiker)
    return authors


def _add_scores(meetmoment: Meetmoment, row: dict[str, Any], authors: dict[str | None, Gebruiker]) -> None:
    """Write the scores of one meetmoment that are missing, with the day on which they are said to be entered."""
    doelen = {doel.code: doel for doel in Doel.objects.for_agenda(meetmoment.agenda)}
    waarden = {w.waarde: w for w in Schaalwaarde.objects.filter(schaal=meetmoment.agenda.schaal_id)}
    gemeenten = {o.slug: o for o in Organisatie.objects.gemeenten_in(meetmoment.agenda.regio)}
    present = set(Voortgangsscore.objects.filter(meetmoment=meetmoment).values_list("doel__code", "organisatie__slug"))
    scores = []
    for score in row["scores"]:
        slug = score.get("organisatie")
        if (score["doel"], slug) in present:
            continue
        made = Voortgangsscore(
            doel=doelen[score["doel"]],
            meetmoment=meetmoment,
            organisatie=gemeenten[slug] if slug else None,
            waarde=waarden[score["waarde"]],
            toelichting=score["toelichting"],
            gewijzigd_door=authors[slug],
        )
        sign(made, authors[slug])
        scores.append(made)
    entered = _moment(row["ingevoerd_op"]) if "ingevoerd_op" in row else timezone.now()
    _write_with_history(scores, entered)


def _write_with_history(scores: list[Voortgangsscore], entered: datetime) -> None:
    """Write scores as entered at a moment in the past, which the field and the history must both tell."""
    Voortgangsscore.objects.bulk_create(scores)
    Voortgangsscore.objects.filter(pk__in=[score.pk for score in scores]).update(gewijzigd_op=entered)
    for score in scores:
        score.gewijzigd_op = entered
    Voortgangsscore.history.bulk_history_create(scores, default_date=entered)


def _take(meetmoment: Meetmoment, stap: dict[str, Any], secretaris: Gebruiker) -> None:
    """Take one step of a meetmoment on the day on which it is said to have been taken."""
    op = _moment(stap["op"])
    oogo_lid = _oogo_lid_of(meetmoment.agenda.regio)
    match stap["stap"]:
        case "voorleggen":
            submit_rapportage(meetmoment=meetmoment, by=secretaris, op=op)
        case "teruggeven":
            per_doel = _per_doel(meetmoment, stap)
            return_rapportage(meetmoment=meetmoment, reden=stap["reden"], per_doel=per_doel, by=oogo_lid, op=op)
        case "vaststellen":
            given = _uitspraak(meetmoment, stap)
            adopt_rapportage(meetmoment=meetmoment, uitspraak=given, als_registratie=False, by=oogo_lid, op=op)
        case "registreren":
            given = _uitspraak(meetmoment, stap)
            adopt_rapportage(meetmoment=meetmoment, uitspraak=given, als_registratie=True, by=secretaris, op=op)
        case "heropenen":
            reopen_rapportage(meetmoment=meetmoment, reden=stap["reden"], by=oogo_lid, op=op)
        case "publiceren":
            _publish(meetmoment, secretaris, op)
        case "score":
            _correct_score(meetmoment, stap, secretaris, op)
        case unknown:
            raise ValueError(f"no step of a rapportage is called {unknown}")


def _publish(meetmoment: Meetmoment, secretaris: Gebruiker, op: datetime) -> None:
    """Make the last adopted version public, in a regio that chooses to publish with its first."""
    adopted = Momentopname.objects.filter(rapportage__meetmoment=meetmoment).order_by("-versie")
    choose_publishing(regio=meetmoment.agenda.regio, publiceert=True, by=secretaris, op=op)
    publish_version(momentopname=adopted.with_names()[0], by=secretaris, op=op)


def _oogo_lid_of(regio: Regio) -> Gebruiker:
    lid = Lidmaatschap.objects.filter(regio=regio, rol=Rol.OOGO_LID).select_related("gebruiker").order_by("pk")[0]
    return lid.gebruiker


def _per_doel(meetmoment: Meetmoment, stap: dict[str, Any]) -> dict[Doel, str]:
    doelen = {doel.code: doel for doel in Doel.objects.for_agenda(meetmoment.agenda)}
    return {doelen[code]: tekst for code, tekst in stap.get("per_doel", {}).items()}


def _uitspraak(meetmoment: Meetmoment, stap: dict[str, Any]) -> Uitspraak:
    return Uitspraak(
        overleg=Overleg.objects.get(regio=meetmoment.agenda.regio, afkorting=stap["overleg"]),
        vergaderdatum=stap["op"],
        kenmerk=stap["kenmerk"],
        opmerkingen=stap.get("opmerkingen", ""),
        per_doel=_per_doel(meetmoment, stap),
    )


def _correct_score(meetmoment: Meetmoment, stap: dict[str, Any], by: Gebruiker, op: datetime) -> None:
    """Save the regional score anew, and let the score and its history tell the day on which that is said to be done."""
    score = Voortgangsscore.objects.regional().get(meetmoment=meetmoment, doel__code=stap["doel"])
    waarde = Schaalwaarde.objects.filter(schaal=meetmoment.agenda.schaal_id, waarde=stap["waarde"] or 0).first()
    save_score(
        doel=score.doel,
        meetmoment=meetmoment,
        organisatie=None,
        waarde=waarde,
        toelichting=stap["toelichting"],
        versie=score.versie,
        by=by,
    )
    Voortgangsscore.objects.filter(pk=score.pk).update(gewijzigd_op=op)
    record = Voortgangsscore.history.filter(id=score.pk).order_by("-history_id").first()
    Voortgangsscore.history.filter(pk=record.pk).update(history_date=op, gewijzigd_op=op)


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, OFFICE_HOUR))


@transaction.atomic
def load_voorbeeldvragen(*, regio: Regio, data: list[dict[str, Any]]) -> None:
    """Load fictitious questions of the OOGO-lid, those with an answer answered by the secretaris."""
    oogo_lid, secretaris = _oogo_lid_of(regio), _authors_of(regio)[None]
    for row in data:
        if Vraag.objects.filter(regio=regio, tekst=row["vraag"]).exists():
            continue
        vraag = ask(plek=_plek_of(regio, row), tekst=row["vraag"], by=oogo_lid, op=_moment(row["gesteld_op"]))
        if "antwoord" in row:
            answered = _moment(row["beantwoord_op"])
            answer(vraag=vraag, tekst=row["antwoord"], versie=vraag.versie, by=secretaris, op=answered)


def _plek_of(regio: Regio, row: dict[str, Any]) -> Plek:
    if "categorie" in row:
        counted = Telmoment.objects.get(regio=regio, peildatum=row["peildatum"])
        known = Categorie.objects.known_in(regio)
        in_force = {category.code: category.pk for category in categories_on(known, counted.peildatum)}
        return Plek(regio, telmoment=counted, categorie=known.get(pk=in_force[row["categorie"]]))
    moment = Meetmoment.objects.get(agenda__regio=regio, agenda__slug=row["agenda"], slug=row["meetmoment"])
    return Plek(regio, doel=Doel.objects.get(thema__agenda=moment.agenda_id, code=row["doel"]), meetmoment=moment)


@transaction.atomic
def load_indicatoren(*, regio: Regio, data: list[dict[str, Any]], by: Gebruiker) -> None:
    """Load indicators, and the metingen that their own document gives."""
    for volgorde, row in enumerate(data, start=1):
        doel = Doel.objects.get(thema__agenda__regio=regio, thema__agenda__slug=row["agenda"], code=row["doel"])
        values = without(row, "agenda", "doel", "naam", "metingen")
        add_missing(Indicator, by=by, lookup={"doel": doel, "naam": row["naam"]}, volgorde=volgorde, **values)
    load_metingen(regio=regio, data=[row for row in data if "metingen" in row])


@transaction.atomic
def load_metingen(*, regio: Regio, data: list[dict[str, Any]]) -> None:
    """Load metingen in the name of the secretaris, as entered on the day that the data say, else now."""
    secretaris = _authors_of(regio)[None]
    for row in data:
        indicator = Indicator.objects.with_place().get(
            doel__thema__agenda__regio=regio,
            doel__thema__agenda__slug=row["agenda"],
            doel__code=row["doel"],
            naam=row["naam"],
        )
        present = set(indicator.metingen.values_list("peildatum", flat=True))
        for given in row["metingen"]:
            if given["peildatum"] not in present:
                meting = Indicatorwaarde(indicator=indicator, **without(given, "ingevoerd_op"))
                op = _moment(given["ingevoerd_op"]) if "ingevoerd_op" in given else None
                save_meting(meting=meting, versie=0, by=secretaris, op=op)
