"""What is measured of a doel, with the norm that its check holds the number against (domein.md, rule 6)."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agenda.models import Doel
from monitoring.indicators import Maat, Norm
from monitoring.models.rapportage import Rapportage
from regio.days import format_day
from regio.history import HistoricalRecords
from regio.privacy import validate_free_text
from regio.scope import RegioQuerySet

BEFORE_OOGO = "Een rapport van deze agenda ligt voor aan het OOGO. Wacht tot het is vastgesteld of teruggegeven."
WITH_GRENS = (Norm.HOOGSTENS, Norm.MINSTENS)


class IndicatorQuerySet(RegioQuerySet["Indicator"]):
    regio_path = "doel__thema__agenda__regio"

    def with_place(self) -> Self:
        return self.select_related("doel__thema__agenda__regio")


class Indicator(models.Model):
    """A number that tells whether a doel is reached: what is measured, in which unit, and what it should be.

    Another definition is another indicator (domein.md, rule 4): once there are metingen, the definition stays.
    """

    doel = models.ForeignKey(Doel, models.CASCADE, verbose_name="doel")
    naam = models.CharField("naam", max_length=150, help_text="Bijvoorbeeld ‘Afgegeven TLV’s, primair onderwijs’.")
    eenheid = models.CharField("eenheid", max_length=60, help_text="Bijvoorbeeld ‘per 1.000 leerlingen’.")
    definitie = models.TextField("definitie", help_text="Wat er precies wordt gemeten, van wie en waarover.")
    bron = models.CharField("bron", max_length=300, blank=True, help_text="Waar het getal elk jaar vandaan komt.")
    norm = models.CharField("norm", max_length=10, choices=Norm, default=Norm.GEEN)
    grens = models.DecimalField(
        "grens",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Alleen bij ‘hoogstens’ en ‘minstens’.",
    )
    niet_sneller = models.BooleanField(
        "mag niet sneller stijgen dan landelijk",
        default=False,
        help_text="Alleen bij ‘onder het landelijk gemiddelde’.",
    )
    volgorde = models.PositiveSmallIntegerField("volgorde", default=0)

    history = HistoricalRecords()
    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "indicator"
        verbose_name_plural = "indicatoren"
        ordering = ("doel", "volgorde", "pk")
        constraints = (
            models.UniqueConstraint(fields=["doel", "naam"], name="indicator_once_per_doel"),
            models.CheckConstraint(
                condition=Q(norm__in=WITH_GRENS, grens__isnull=False) | (~Q(norm__in=WITH_GRENS) & Q(grens=None)),
                name="grens_with_its_norm",
                violation_error_message="Vul een grens in bij ‘hoogstens’ en ‘minstens’, en bij een andere norm niet.",
            ),
            models.CheckConstraint(
                condition=Q(niet_sneller=False) | Q(norm=Norm.LANDELIJK),
                name="not_faster_than_landelijk_only",
                violation_error_message="‘Niet sneller stijgen’ hoort bij ‘blijft onder het landelijk gemiddelde’.",
            ),
        )

    def __str__(self) -> str:
        return self.naam

    def get_absolute_url(self) -> str:
        return f"{self.doel_url}#check"

    def clean(self) -> None:
        """Refuse another indicator in a report that lies before the OOGO."""
        super().clean()
        if self._state.adding and self.doel_id and self.is_before_oogo:
            raise ValidationError({"doel": BEFORE_OOGO})

    @property
    def is_before_oogo(self) -> bool:
        """Whether a report of its agenda lies before the OOGO, so that nothing in it changes."""
        return Rapportage.objects.before_oogo(self.doel.thema.agenda_id).exists()

    @property
    def doel_url(self) -> str:
        agenda = self.doel.thema.agenda
        return reverse("monitoring:doel-detail", args=[agenda.regio.slug, agenda.slug, self.doel.slug])

    @property
    def norm_tekst(self) -> str:
        return Maat(self.naam, self.eenheid, self.norm, self.grens, self.niet_sneller, ()).norm_tekst


class IndicatorwaardeQuerySet(RegioQuerySet["Indicatorwaarde"]):
    regio_path = "indicator__doel__thema__agenda__regio"

    def with_place(self) -> Self:
        return self.select_related("indicator__doel__thema__agenda__regio", "gewijzigd_door")


class Indicatorwaarde(models.Model):
    """One meting: what an indicator was on its peildatum, and what it was in the whole country.

    No row is "not measured"; a row without `waarde` is "unknown" and says why in `toelichting` (domein.md, rule 1).
    `versie` grows by one at each save, so that nobody overwrites unseen (rule 9).
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="metingen", verbose_name="indicator")
    peildatum = models.DateField("peildatum", help_text="De dag waarvan dit de stand is.")
    waarde = models.DecimalField(
        "waarde", max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    landelijk = models.DecimalField(
        "landelijk gemiddelde", max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    bron = models.CharField(
        "bron", max_length=300, blank=True, validators=[validate_free_text], help_text="Waar dit getal vandaan komt."
    )
    toelichting = models.TextField("toelichting", blank=True, validators=[validate_free_text])
    versie = models.PositiveIntegerField("versie", default=1, editable=False)
    gewijzigd_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gewijzigd door"
    )
    gewijzigd_op = models.DateTimeField("gewijzigd op")

    history = HistoricalRecords(excluded_fields=["versie"])
    objects = IndicatorwaardeQuerySet.as_manager()

    class Meta:
        verbose_name = "meting"
        verbose_name_plural = "metingen"
        ordering = ("indicator", "peildatum")
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "peildatum"],
                name="meting_once_a_day",
                violation_error_message="Van deze dag is er al een meting. Wijzig die meting.",
            ),
            models.CheckConstraint(
                condition=Q(waarde__isnull=False) | ~Q(toelichting=""),
                name="unknown_meting_says_why",
                violation_error_message="Vul een waarde in, of schrijf in de toelichting waarom zij onbekend is.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator}, {format_day(self.peildatum)}"

    def get_absolute_url(self) -> Any:
        return self.indicator.get_absolute_url()
