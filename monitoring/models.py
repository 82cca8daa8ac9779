"""What it comes to: the score of a doel at a meetmoment, and where its report stands on the way to the OOGO."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from agenda.models import Agenda, Doel, Schaalwaarde
from regio.models import Organisatie
from regio.scope import RegioQuerySet


class MeetmomentQuerySet(RegioQuerySet["Meetmoment"]):
    regio_path = "agenda__regio"

    def before(self, meetmoment: "Meetmoment") -> Self:
        return self.filter(agenda=meetmoment.agenda_id, peildatum__lt=meetmoment.peildatum).order_by("-peildatum")


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
    deadline = models.DateField("invoeren vóór", null=True, blank=True)

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


class VoortgangsscoreQuerySet(RegioQuerySet["Voortgangsscore"]):
    regio_path = "meetmoment__agenda__regio"

    def regional(self) -> Self:
        return self.filter(organisatie=None)

    def with_words(self) -> Self:
        return self.select_related("waarde", "gewijzigd_door", "organisatie")


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


class RapportageQuerySet(RegioQuerySet["Rapportage"]):
    regio_path = "meetmoment__agenda__regio"


class Rapportage(models.Model):
    """Where the scores of one meetmoment stand on their way from REA to OOGO (domein.md, rule 7)."""

    class Status(models.TextChoices):
        CONCEPT = "concept", "concept"
        VOORGELEGD = "voorgelegd", "voorgelegd aan het OOGO"
        TERUGGEGEVEN = "teruggegeven", "teruggegeven"

    meetmoment = models.OneToOneField(Meetmoment, models.PROTECT, verbose_name="meetmoment")
    status = models.CharField("status", max_length=12, choices=Status, default=Status.CONCEPT)
    voorgelegd_door = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="voorgelegd door",
    )
    voorgelegd_op = models.DateTimeField("voorgelegd op", null=True, blank=True)
    reden_teruggave = models.TextField("reden van teruggave", blank=True)

    history = HistoricalRecords()
    objects = RapportageQuerySet.as_manager()

    class Meta:
        verbose_name = "rapportage"
        verbose_name_plural = "rapportages"
        ordering = ("meetmoment",)
        constraints = (
            models.CheckConstraint(
                condition=Q(voorgelegd_door=None, voorgelegd_op=None)
                | Q(voorgelegd_door__isnull=False, voorgelegd_op__isnull=False),
                name="voorgelegd_by_and_on_together",
            ),
            models.CheckConstraint(
                condition=~Q(status="voorgelegd") | Q(voorgelegd_op__isnull=False), name="voorgelegd_has_date"
            ),
            models.CheckConstraint(
                condition=~Q(status="teruggegeven") | ~Q(reden_teruggave=""), name="teruggegeven_has_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.meetmoment}: {self.get_status_display()}"

    @property
    def is_open(self) -> bool:
        """Whether scores may be entered: nothing changes under the eyes of an OOGO that has it before it."""
        return self.status != self.Status.VOORGELEGD
