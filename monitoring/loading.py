"""From a data file in fixtures/ to the meetmomenten of an agenda and to fictitious scores."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from agenda.models import Agenda, Doel, Schaalwaarde
from monitoring.models import Meetmoment, Rapportage, Voortgangsscore
from regio.audit import sign
from regio.loading import add_missing, without
from regio.models import Gebruiker, Lidmaatschap, Organisatie, Regio
from regio.permissions import Rol

OFFICE_HOUR = time(14, 2)


@transaction.atomic
def load_meetmomenten(*, agenda: Agenda, data: list[dict[str, Any]], by: Gebruiker) -> None:
    for row in data:
        add_missing(Meetmoment, by=by, lookup={"agenda": agenda, "slug": row["slug"]}, **without(row, "slug"))


@transaction.atomic
def load_voorbeeldscores(*, regio: Regio, data: dict[str, Any], by: Gebruiker) -> None:
    """Load fictitious scores in the name of the secretaris and the invoerders, and mark the regio for having them.

    A meetmoment with `voorgelegd_op` is submitted after its scores are in. A score that stands there already stays.
    """
    if not regio.voorbeelddata:
        regio.voorbeelddata = True
        sign(regio, by)
        regio.save()
    agenda = Agenda.objects.get(regio=regio, slug=data["agenda"])
    authors = _authors_of(regio)
    for row in data["meetmomenten"]:
        meetmoment = Meetmoment.objects.get(agenda=agenda, slug=row["meetmoment"])
        _add_scores(meetmoment, row, authors)
        if "voorgelegd_op" in row:
            _add_rapportage(meetmoment, _moment(row["voorgelegd_op"]), authors[None])


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


def _add_rapportage(meetmoment: Meetmoment, submitted: datetime, by: Gebruiker) -> None:
    add_missing(
        Rapportage,
        by=by,
        lookup={"meetmoment": meetmoment},
        status=Rapportage.Status.VOORGELEGD,
        voorgelegd_door=by,
        voorgelegd_op=submitted,
    )


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, OFFICE_HOUR))
