"""Scores in and out as a table: one row a doel, meetmoment and scorer, saved as the entry page saves them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from import_export.widgets import Widget

from agenda.models import Agenda, Doel, Schaalwaarde
from agenda.resources import AgendaRowResource, names_of
from monitoring.actions import NotAllowedNow, ScoreConflict, save_score
from monitoring.entry import organisaties_to_score_for
from monitoring.forms import ScoreForm
from monitoring.models import Meetmoment, Voortgangsscore
from monitoring.overview import Entry
from regio.exchange import RegioResource, column, pick
from regio.models import Organisatie
from regio.permissions import Permission


@dataclass
class Loaded:
    """What the rows about one agenda can name."""

    meetmomenten: list[Meetmoment]
    doelen: list[Doel]
    gemeenten: list[Organisatie]
    waarden: list[Schaalwaarde]
    scores: dict[tuple[int, int, int | None], Voortgangsscore]


class ScoreWidget(Widget):
    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value.waarde if value else ""


class ScoreResource(AgendaRowResource):
    regio = column("meetmoment__agenda__regio__slug", "regio", key=True)
    agenda = column("meetmoment__agenda__slug", "agenda", key=True)
    meetmoment = column("meetmoment__slug", "meetmoment", key=True)
    doel = column("doel__code", "doel", key=True)
    gemeente = column("organisatie__naam", "gemeente", key=True)
    waarde = column("waarde", "score", widget=ScoreWidget())
    toelichting = column("toelichting", "toelichting")

    permission = Permission.SCORES_INVOEREN
    required_columns = ("regio", "agenda", "meetmoment", "doel", "score")

    class Meta(RegioResource.Meta):
        model = Voortgangsscore
        fields = ("regio", "agenda", "meetmoment", "doel", "gemeente", "waarde", "toelichting")

    def __init__(self, by: Any = None, **kwargs: Any) -> None:
        super().__init__(by, **kwargs)
        self.loaded: dict[int, Loaded] = {}

    def find_or_make(self, row: Mapping[str, Any]) -> Voortgangsscore:
        agenda = self.find_agenda(row)
        loaded = self.load(agenda)
        meetmoment = pick(loaded.meetmomenten, row["meetmoment"], "meetmoment", names_of)
        doel = pick(loaded.doelen, row["doel"], "doel", lambda doel: (doel.code,))
        gemeente = self.find_gemeente(row.get("gemeente", ""), loaded)
        key = (doel.pk, meetmoment.pk, gemeente.pk if gemeente else None)
        self.once(key, row)
        return loaded.scores.get(key) or Voortgangsscore(
            doel=doel, meetmoment=meetmoment, organisatie=gemeente, gewijzigd_door=self.by, versie=0
        )

    def find_gemeente(self, cell: str, loaded: Loaded) -> Organisatie | None:
        """Return the gemeente that scores; None where the cell is empty: the regio itself."""
        if not cell:
            return None
        return pick(loaded.gemeenten, cell, "gemeente", lambda found: (found.naam, found.slug, found.code or ""))

    def load(self, agenda: Agenda) -> Loaded:
        if agenda.pk not in self.loaded:
            scores = Voortgangsscore.objects.filter(meetmoment__agenda=agenda).select_related(
                "meetmoment__agenda__regio", "doel", "organisatie", "waarde"
            )
            self.loaded[agenda.pk] = Loaded(
                meetmomenten=list(Meetmoment.objects.filter(agenda=agenda).select_related("agenda__regio")),
                doelen=list(Doel.objects.for_agenda(agenda)),
                gemeenten=list(Organisatie.objects.gemeenten_in(agenda.regio)),
                waarden=list(Schaalwaarde.objects.filter(schaal=agenda.schaal_id).order_by("waarde")),
                scores={(score.doel_id, score.meetmoment_id, score.organisatie_id): score for score in scores},
            )
        return self.loaded[agenda.pk]

    def read(self, name: str, cell: str, instance: Voortgangsscore) -> Any:
        """Take the value by its number; the explanation is for the form of the entry page, see validate_instance."""
        if name == "score":
            waarden = self.load(instance.meetmoment.agenda).waarden
            return pick(waarden, cell, "score", lambda step: (str(step.waarde), str(step)))
        return cell

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """Ask what the entry page asks: who enters this, is the text acceptable, is there an explanation."""
        errors = dict(import_validation_errors or {})
        if instance.organisatie and not instance.doel.lokaal:
            errors["gemeente"] = f"Een lege cel: {instance.doel.code} wordt niet per gemeente gescoord."
        elif instance.organisatie not in organisaties_to_score_for(self.by, instance.meetmoment.agenda.regio_id):
            errors["gemeente"] = f"Een lege cel: de score van {instance.organisatie} voert die gemeente zelf in."
        form = self.as_form(instance)
        if not form.is_valid():
            errors |= form.errors.as_data()
        entry = Entry(instance.doel, instance, self.score_before(instance))
        if entry.lacks_explanation:
            errors.setdefault("toelichting", f"Een toelichting: {entry.ontbreekt}.")
        if errors:
            raise ValidationError(errors)

    def score_before(self, score: Voortgangsscore) -> Voortgangsscore | None:
        """Return the score at the meetmoment before, as it stands or as an earlier row makes it."""
        loaded = self.load(score.meetmoment.agenda)
        earlier = [moment for moment in loaded.meetmomenten if moment.peildatum < score.meetmoment.peildatum]
        last = max(earlier, key=lambda moment: moment.peildatum, default=None)
        return loaded.scores.get((score.doel_id, last.pk, score.organisatie_id)) if last else None

    def as_form(self, score: Voortgangsscore) -> ScoreForm:
        entry = Entry(score.doel, score, None)
        data = QueryDict(mutable=True)
        data[f"{entry.doel.slug}-waarde"] = str(score.waarde_id or "")
        data[f"{entry.doel.slug}-toelichting"] = score.toelichting
        data[f"{entry.doel.slug}-versie"] = str(score.versie)
        return ScoreForm(data, entry=entry, waarden=self.load(score.meetmoment.agenda).waarden)

    def do_instance_save(self, instance: Voortgangsscore, is_create: bool) -> None:  # noqa: FBT001 - the library's
        try:
            save_score(
                doel=instance.doel,
                meetmoment=instance.meetmoment,
                organisatie=instance.organisatie,
                waarde=instance.waarde,
                toelichting=instance.toelichting,
                versie=instance.versie,
                by=self.by,
            )
        except NotAllowedNow as refusal:
            raise ValidationError({"meetmoment": f"Een meetmoment dat openstaat. {refusal}"}) from refusal
        except ScoreConflict as conflict:
            raise ValidationError(str(conflict)) from conflict
