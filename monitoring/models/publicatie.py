"""What of the adopted reports everybody may read."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from monitoring.models.rapportage import Momentopname
from regio.days import format_day
from regio.history import HistoricalRecords
from regio.models import Regio
from regio.scope import RegioQuerySet


class PublicatieQuerySet(RegioQuerySet["Publicatie"]):
    regio_path = "momentopname__rapportage__meetmoment__agenda__regio"

    def public(self) -> Self:
        """Return what everybody may read now."""
        return self.filter(ingetrokken_op=None, momentopname__rapportage__meetmoment__agenda__regio__publiceert=True)

    def of_regio(self, regio: Regio) -> Self:
        return self.filter(momentopname__rapportage__meetmoment__agenda__regio=regio)


class Publicatie(models.Model):
    """That an adopted version is, or was, there for everybody to read: from when, until when, and why no longer.

    One that was withdrawn stays: its address tells what stood there (docs/adr/0042). `reden_intrekking` is public too.
    """

    momentopname = models.ForeignKey(
        Momentopname, models.PROTECT, related_name="publicaties", verbose_name="momentopname"
    )
    gepubliceerd_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="openbaar gemaakt door"
    )
    gepubliceerd_op = models.DateTimeField("openbaar gemaakt op")
    ingetrokken_door = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ingetrokken door",
    )
    ingetrokken_op = models.DateTimeField("ingetrokken op", null=True, blank=True)
    reden_intrekking = models.TextField("reden van intrekking", blank=True)

    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = PublicatieQuerySet.as_manager()

    class Meta:
        verbose_name = "publicatie"
        verbose_name_plural = "publicaties"
        ordering = ("-gepubliceerd_op", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["momentopname"], condition=Q(ingetrokken_op=None), name="publicatie_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ingetrokken_door=None, ingetrokken_op=None, reden_intrekking="")
                | (Q(ingetrokken_door__isnull=False, ingetrokken_op__isnull=False) & ~Q(reden_intrekking="")),
                name="ingetrokken_by_on_and_why_together",
            ),
            models.CheckConstraint(
                condition=Q(ingetrokken_op=None) | Q(ingetrokken_op__gte=F("gepubliceerd_op")),
                name="ingetrokken_after_gepubliceerd",
            ),
        )

    def __str__(self) -> str:
        return f"{self.momentopname}: openbaar {self.periode}"

    @property
    def periode(self) -> str:
        """When it was public: "van 1 mei 2026 tot 3 juni 2026", "op 1 mei 2026" for one day, "sinds 1 mei 2026"."""
        begin = format_day(self.gepubliceerd_op)
        if self.ingetrokken_op is None:
            return f"sinds {begin}"
        end = format_day(self.ingetrokken_op)
        return f"op {begin}" if begin == end else f"van {begin} tot {end}"
