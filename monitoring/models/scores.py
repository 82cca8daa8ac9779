"""When the agenda is scored, and what each doel scored then."""

from operator import attrgetter
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from agenda.models import Agenda, Doel, Schaalwaarde
from regio.aggregates import json_rows
from regio.history import HistoricalRecords
from regio.models import Organisatie
from regio.scope import RegioQuerySet
from thuiszitters.models import DEADLINE_HELP

SCHAALWAARDE = tuple(field.attname for field in Schaalwaarde._meta.concrete_fields)


class MeetmomentQuerySet(RegioQuerySet["Meetmoment"]):
    regio_path = "agenda__regio"

    def before(self, meetmoment: "Meetmoment") -> Self:
        return self.filter(agenda=meetmoment.agenda_id, peildatum__lt=meetmoment.peildatum).order_by("-peildatum")

    def in_agenda(self, agenda: Agenda) -> Self:
        """Return the moments of `agenda`, the oldest first, each with where its report stands."""
        return self.filter(agenda=agenda).select_related("rapportage").order_by("peildatum")

    def with_others_of_agenda(self, *, regio: str, agenda: str, slug: str) -> "Meetmoment":
        """Return one moment together with the others of its agenda, in one query. Raises Http404 when there is none."""
        of_agenda = self.filter(agenda__regio__slug=regio, agenda__slug=agenda)
        related = ("agenda__regio", "agenda__schaal", "rapportage")
        rows: Any = of_agenda.select_related(*related)
        rows = rows.annotate(
            heeft_vragen=Exists(Meetmoment.objects.filter(pk=OuterRef("pk"), vragen_in_rapport__isnull=False)),
            waarden=json_rows(Schaalwaarde.objects.filter(schaal=OuterRef("agenda__schaal")), "schaal", SCHAALWAARDE),
        )
        momenten = list(rows.order_by("peildatum"))
        found = next((moment for moment in momenten if moment.slug == slug), None)
        if found is None:
            raise Http404
        found.in_agenda = momenten
        waarden = [Schaalwaarde(**dict(zip(SCHAALWAARDE, row, strict=True))) for row in found.waarden]
        found.schaalwaarden = sorted(waarden, key=attrgetter("waarde"))
        return found


class Meetmoment(models.Model):
    """When the agenda is scored (Utrecht West, chapter 5: Aug 24, Aug 25, Aug 26, and the evaluation of Aug 27)."""

    class Soort(models.TextChoices):
        VOORTGANG = "voortgang", "voortgang"
        EVALUATIE = "evaluatie", "evaluatie"

    agenda = models.ForeignKey(Agenda, models.CASCADE, verbose_name="agenda")
    slug = models.SlugField("naam in adressen", max_length=30)
    naam = models.CharField("naam", max_length=50)
    peildatum = models.DateField("peildatum")
    soort = models.CharField("soort", max_length=10, choices=Soort, default=Soort.VOORTGANG)
    deadline = models.DateField("invoeren vóór", null=True, blank=True, help_text=DEADLINE_HELP)

    # Only of what with_others_of_agenda() returned: all moments of its agenda, the oldest first, and the scale.
    in_agenda: list["Meetmoment"] | None = None
    schaalwaarden: list[Schaalwaarde] | None = None
    # Most have none, and then no query asks for them.
    heeft_vragen = True

    history = HistoricalRecords()
    objects = MeetmomentQuerySet.as_manager()

    class Meta:
        verbose_name = "meetmoment"
        verbose_name_plural = "meetmomenten"
        ordering = ("agenda", "peildatum")
        constraints = (
            models.UniqueConstraint(fields=["agenda", "slug"], name="meetmoment_slug_once_per_agenda"),
            models.UniqueConstraint(fields=["agenda", "peildatum"], name="meetmoment_once_per_peildatum"),
        )

    def __str__(self) -> str:
        return self.naam

    def clean(self) -> None:
        """Refuse a new moment of an agenda without a scale, as of a predecessor that is kept for its evaluation."""
        if self._state.adding and self.agenda_id and self.agenda.schaal_id is None:
            sentence = "Kies eerst een schaal bij deze agenda. Zonder schaal valt er niets te scoren."
            raise ValidationError({"agenda": sentence})

    @property
    def komt_nog(self) -> bool:
        """Whether its peildatum is yet to come: what is entered now is entered ahead."""
        return self.peildatum > timezone.localdate()


class VoortgangsscoreQuerySet(RegioQuerySet["Voortgangsscore"]):
    regio_path = "meetmoment__agenda__regio"

    def regional(self) -> Self:
        return self.filter(organisatie=None)

    def with_words(self) -> Self:
        return self.select_related("waarde", "gewijzigd_door")


class Voortgangsscore(models.Model):
    """Value and explanation for a doel at a meetmoment: by the regio (`organisatie` empty) or by one gemeente.

    A score without `waarde` is a draft: its explanation is kept, the doel counts as not scored (domein.md, rule 1).
    `versie` grows by one at each save; whoever saves names the version they started from (rule 9).
    """

    doel = models.ForeignKey(Doel, models.PROTECT, verbose_name="doel")
    meetmoment = models.ForeignKey(Meetmoment, models.PROTECT, verbose_name="meetmoment")
    organisatie = models.ForeignKey(
        Organisatie,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        verbose_name="gemeente",
        help_text="Leeg: de score van de regio zelf.",
    )
    waarde = models.ForeignKey(Schaalwaarde, models.PROTECT, null=True, blank=True, verbose_name="score")
    toelichting = models.TextField("toelichting", blank=True)
    versie = models.PositiveIntegerField("versie", default=1, editable=False)
    gewijzigd_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name="gewijzigd door"
    )
    gewijzigd_op = models.DateTimeField("gewijzigd op", auto_now=True)

    history = HistoricalRecords()
    objects = VoortgangsscoreQuerySet.as_manager()

    class Meta:
        verbose_name = "voortgangsscore"
        verbose_name_plural = "voortgangsscores"
        ordering = ("meetmoment__peildatum", "doel__thema__volgorde", "doel__volgorde", "organisatie__naam")
        indexes = (
            # Without the regional scores: SQLite would pass those of all regio's to find the ones of one agenda.
            models.Index(fields=["organisatie"], condition=Q(organisatie__isnull=False), name="score_by_gemeente"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["doel", "meetmoment"], condition=Q(organisatie=None), name="one_regional_score"
            ),
            models.UniqueConstraint(fields=["doel", "meetmoment", "organisatie"], name="one_score_per_gemeente"),
        )

    def __str__(self) -> str:
        of = f" – {self.organisatie}" if self.organisatie else ""
        return f"{self.doel.code} {self.meetmoment}{of}: {self.waarde or 'nog niet gescoord'}"
