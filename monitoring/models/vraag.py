"""What readers ask, and what they are answered."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agenda.models import Doel
from monitoring.models.scores import Meetmoment
from regio.days import format_day
from regio.history import HistoricalRecords
from regio.models import Regio
from regio.permissions import Permission
from regio.privacy import validate_free_text
from regio.scope import RegioQuerySet
from thuiszitters.models import Categorie, Telmoment


class VraagQuerySet(RegioQuerySet["Vraag"]):
    def asked(self) -> Self:
        """Return the questions that stand: not those that were withdrawn."""
        return self.filter(ingetrokken_op=None)

    def unanswered(self) -> Self:
        return self.asked().filter(beantwoord_op=None)

    def with_place(self) -> Self:
        """Add what each is about and who wrote, as pages name them."""
        return self.select_related(
            "regio",
            "doel__thema__agenda",
            "meetmoment",
            "telmoment",
            "categorie",
            "gesteld_door",
            "beantwoord_door",
            "in_rapport_van",
        )

    def answerable_by(self, gebruiker: Any) -> Self:
        """Return the questions of others that `gebruiker` may answer.

        A secretaris answers all of the regio, who enters for a trekker those about the doelen that it pulls.
        """
        leden = gebruiker.lidmaatschappen
        all_of = {
            lid.regio_id for lid in leden if gebruiker.has_permission(Permission.VRAGEN_BEANTWOORDEN, lid.regio_id)
        }
        own = Q(regio__in=all_of)
        for regio_id in {lid.regio_id for lid in leden} - all_of:
            pulling = gebruiker.organisaties_for(Permission.VRAGEN_ALS_TREKKER_BEANTWOORDEN, regio_id)
            if pulling:
                own |= Q(regio=regio_id, doel__trekker__organisatie__in=pulling)
        return self.filter(own).exclude(gesteld_door=gebruiker).distinct()


class Vraag(models.Model):
    """What a reader asks at a doel, at its score at one meetmoment, or at a number: a categorie at a telmoment.

    `versie` grows by one at each change; whoever answers names the version they started from (domein.md, rule 9). A
    withdrawn question is kept for its history and shown to nobody.
    """

    regio = models.ForeignKey(Regio, models.CASCADE, verbose_name="regio")
    doel = models.ForeignKey(Doel, models.PROTECT, null=True, blank=True, verbose_name="doel")
    meetmoment = models.ForeignKey(
        Meetmoment, models.PROTECT, null=True, blank=True, related_name="vragen", verbose_name="score op"
    )
    telmoment = models.ForeignKey(Telmoment, models.PROTECT, null=True, blank=True, verbose_name="telmoment")
    categorie = models.ForeignKey(Categorie, models.PROTECT, null=True, blank=True, verbose_name="categorie")
    tekst = models.TextField("vraag", validators=[validate_free_text])
    gesteld_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gesteld door"
    )
    gesteld_op = models.DateTimeField("gesteld op")
    antwoord = models.TextField("antwoord", blank=True, validators=[validate_free_text])
    beantwoord_door = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="beantwoord door",
    )
    beantwoord_op = models.DateTimeField("beantwoord op", null=True, blank=True)
    ingetrokken_op = models.DateTimeField("ingetrokken op", null=True, blank=True)
    in_rapport_van = models.ForeignKey(
        Meetmoment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vragen_in_rapport",
        verbose_name="in het rapport van",
    )
    versie = models.PositiveIntegerField("versie", default=1, editable=False)

    history = HistoricalRecords()
    objects = VraagQuerySet.as_manager()

    class Meta:
        verbose_name = "vraag"
        verbose_name_plural = "vragen"
        ordering = ("-gesteld_op", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(tekst=""), name="vraag_has_text"),
            models.CheckConstraint(
                condition=Q(doel__isnull=False, telmoment=None, categorie=None)
                | Q(doel=None, meetmoment=None, telmoment__isnull=False, categorie__isnull=False),
                name="vraag_about_doel_or_number",
            ),
            models.CheckConstraint(
                condition=Q(antwoord="", beantwoord_door=None, beantwoord_op=None)
                | (~Q(antwoord="") & Q(beantwoord_door__isnull=False, beantwoord_op__isnull=False)),
                name="antwoord_by_and_on_together",
            ),
            models.CheckConstraint(
                condition=Q(ingetrokken_op=None) | Q(beantwoord_op=None), name="only_unanswered_is_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(in_rapport_van=None) | Q(beantwoord_op__isnull=False), name="only_answered_is_in_rapport"
            ),
        )

    def __str__(self) -> str:
        return f"Vraag over {self.waarover}"

    def get_absolute_url(self) -> str:
        return reverse("monitoring:vraag-detail", args=[self.regio.slug, self.pk])

    @property
    def waarover(self) -> str:
        """What the question is about, in words; never the number itself, which not everybody may see."""
        if self.telmoment and self.categorie:
            return f"{self.categorie} op {format_day(self.telmoment.peildatum)}"
        return f"{self.doel}, score van {self.meetmoment}" if self.meetmoment else str(self.doel)

    @property
    def is_beantwoord(self) -> bool:
        return self.beantwoord_op is not None
