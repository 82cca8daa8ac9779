"""The outbox: what is to be mailed to whom, what people choose to get, and on which days reminders were decided."""

from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from regio.history import HistoricalRecords
from regio.scope import RegioQuerySet


class Berichtsoort(models.TextChoices):
    """Why somebody gets mail. What can be switched off, and why the rest cannot, is in regio/subscriptions.py."""

    HERINNERING = "herinnering", "herinnering aan invoer"
    VERZOEK = "verzoek", "verzoek om in te voeren"
    VOORGELEGD = "voorgelegd", "voorgelegd"
    TERUGGEGEVEN = "teruggegeven", "teruggegeven"
    VASTGESTELD = "vastgesteld", "vastgesteld"
    BEANTWOORD = "beantwoord", "vraag beantwoord"


# About one thing only the latest of these counts, and none once it is done.
HERINNERINGEN = (Berichtsoort.HERINNERING, Berichtsoort.VERZOEK)


class BerichtQuerySet(RegioQuerySet["Bericht"]):
    def undelivered(self) -> Self:
        return self.filter(status__in=(Bericht.Status.WACHT, Bericht.Status.ONDERWEG))

    def due(self, now: datetime, today: date) -> Self:
        """Return what may be put in a mail now."""
        return self.filter(status=Bericht.Status.WACHT, vanaf__lte=today).filter(
            Q(volgende_poging=None) | Q(volgende_poging__lte=now)
        )

    def abandoned(self, now: datetime) -> Self:
        """Return what was handed to the mail server by somebody who never told how that ended."""
        return self.filter(status=Bericht.Status.ONDERWEG, bezig_tot__lte=now)


class Bericht(models.Model):
    """One thing to tell one person, waiting for the digest of the day (docs/adr/0043).

    `sleutel` names what is told, so that it is never told twice; `betreft` names the thing it is about, so that a
    reminder goes when the thing is done. `bundel` is the mail that it went in.
    """

    class Status(models.TextChoices):
        WACHT = "wacht", "wacht"
        ONDERWEG = "onderweg", "onderweg"
        VERZONDEN = "verzonden", "verzonden"
        INGETROKKEN = "ingetrokken", "niet meer nodig"

    regio = models.ForeignKey("regio.Regio", models.CASCADE, verbose_name="regio")
    gebruiker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="berichten", verbose_name="aan"
    )
    soort = models.CharField("soort", max_length=12, choices=Berichtsoort)
    betreft = models.CharField("betreft", max_length=60)
    sleutel = models.CharField("sleutel", max_length=120)
    onderwerp = models.CharField("onderwerp", max_length=200)
    tekst = models.TextField("tekst")
    citaat = models.TextField("reden", blank=True)
    knop = models.CharField("knop", max_length=60)
    pad = models.CharField("pagina", max_length=300)
    vanaf = models.DateField("te versturen vanaf")
    gemaakt_op = models.DateTimeField("klaargezet op", auto_now_add=True)
    status = models.CharField("status", max_length=11, choices=Status, default=Status.WACHT)
    pogingen = models.PositiveSmallIntegerField("mislukte pogingen", default=0)
    laatste_fout = models.CharField("laatste fout", max_length=80, blank=True)
    volgende_poging = models.DateTimeField("volgende poging", null=True, blank=True)
    bundel = models.UUIDField("mail", null=True, blank=True)
    bezig_tot = models.DateTimeField("onderweg tot", null=True, blank=True)
    verzonden_op = models.DateTimeField("verzonden op", null=True, blank=True)

    objects = BerichtQuerySet.as_manager()

    class Meta:
        verbose_name = "bericht"
        verbose_name_plural = "berichten"
        ordering = ("-vanaf", "-pk")
        indexes = (
            models.Index(fields=["status", "vanaf"], condition=~Q(status="verzonden"), name="bericht_undelivered"),
            models.Index(fields=["gebruiker", "verzonden_op"], name="bericht_sent_to"),
        )
        constraints = (
            models.UniqueConstraint(fields=["gebruiker", "sleutel"], name="bericht_never_double"),
            models.CheckConstraint(
                condition=Q(status="verzonden", verzonden_op__isnull=False)
                | (~Q(status="verzonden") & Q(verzonden_op=None)),
                name="bericht_verzonden_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="wacht", bundel=None, bezig_tot=None)
                | Q(status="onderweg", bundel__isnull=False, bezig_tot__isnull=False)
                | Q(status="verzonden", bundel__isnull=False)
                | Q(status="ingetrokken"),
                name="bericht_bundel_fits_status",
            ),
        )

    def __str__(self) -> str:
        return f"{self.onderwerp} ({self.gebruiker})"


class Mailkeuze(models.Model):
    """Whether somebody wants a kind of mail; without a row they get it."""

    gebruiker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mailkeuzes", verbose_name="gebruiker"
    )
    soort = models.CharField("soort", max_length=12, choices=Berichtsoort)
    aan = models.BooleanField("aan", help_text="Of deze gebruiker dit soort mail krijgt.")

    history = HistoricalRecords()

    class Meta:
        verbose_name = "mailkeuze"
        verbose_name_plural = "mailkeuzes"
        ordering = ("gebruiker", "soort")
        constraints = (models.UniqueConstraint(fields=["gebruiker", "soort"], name="mailkeuze_once"),)

    def __str__(self) -> str:
        return f"{self.gebruiker}, {self.get_soort_display()}: {'ja' if self.aan else 'nee'}"


class Verzendronde(models.Model):
    """That the reminders of a day were decided, so that a day on which nothing ran is made up for."""

    dag = models.DateField("dag", unique=True)
    gemaakt_op = models.DateTimeField("gemaakt op", auto_now_add=True)

    class Meta:
        verbose_name = "verzendronde"
        verbose_name_plural = "verzendrondes"
        ordering = ("-dag",)

    def __str__(self) -> str:
        return f"{self.dag:%Y-%m-%d}"
