"""The year of a regio: when its overleggen meet, and the secret addresses at which calendar programs read that."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from regio.days import format_day
from regio.history import HistoricalRecords
from regio.permissions import Permission
from regio.privacy import validate_free_text
from regio.scope import RegioQuerySet

# Signs the number of a Kalenderadres. A dot, because a calendar program may take a colon for the end of a host.
KEY = Signer(salt="regio.kalenderadres", sep=".")


def new_number() -> str:
    """Return 128 random bits as they can stand in an address."""
    return secrets.token_urlsafe(16)


class VergaderingQuerySet(RegioQuerySet["Vergadering"]):
    regio_path = "overleg__regio"


class Vergadering(models.Model):
    """That an overleg meets on a day. `versie` grows by one at each save, so that nobody overwrites unseen (rule 9)."""

    overleg = models.ForeignKey("regio.Overleg", models.CASCADE, verbose_name="overleg")
    datum = models.DateField("datum")
    begintijd = models.TimeField("begintijd", null=True, blank=True)
    eindtijd = models.TimeField("eindtijd", null=True, blank=True)
    plaats = models.CharField("plaats", max_length=150, blank=True, validators=[validate_free_text])
    onderwerp = models.CharField(
        "onderwerp",
        max_length=200,
        blank=True,
        validators=[validate_free_text],
        help_text="Wat er op tafel komt, bijvoorbeeld ‘Aug 26 vaststellen’.",
    )
    versie = models.PositiveIntegerField("versie", default=1, editable=False)

    history = HistoricalRecords(excluded_fields=["versie"])
    objects = VergaderingQuerySet.as_manager()

    class Meta:
        verbose_name = "vergadering"
        verbose_name_plural = "vergaderingen"
        ordering = ("datum", "begintijd", "overleg")
        constraints = (
            models.UniqueConstraint(
                fields=["overleg", "datum"],
                name="vergadering_once_a_day",
                violation_error_message="Dit overleg vergadert op deze dag al. Wijzig die vergadering.",
            ),
            models.CheckConstraint(
                condition=Q(eindtijd=None) | Q(begintijd__isnull=False, eindtijd__gt=F("begintijd")),
                name="vergadering_ends_after_start",
                violation_error_message="Een eindtijd vraagt een begintijd die ervóór ligt.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.overleg}, {format_day(self.datum)}"


class Kalenderadres(models.Model):
    """The secret address at which one person's own calendar program reads the kalender of one regio (ADR 0045).

    What is stored is a random number and not the address: that is the number with our signature, so that who holds a
    copy of the database cannot open it.
    """

    gebruiker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="gebruiker")
    regio = models.ForeignKey("regio.Regio", models.CASCADE, verbose_name="regio")
    nummer = models.CharField("nummer", max_length=22, unique=True, default=new_number, editable=False)
    gemaakt_op = models.DateTimeField("gemaakt op", default=timezone.now, editable=False)

    history = HistoricalRecords(excluded_fields=["nummer"])
    objects = RegioQuerySet["Kalenderadres"].as_manager()

    class Meta:
        verbose_name = "kalenderadres"
        verbose_name_plural = "kalenderadressen"
        ordering = ("regio", "gebruiker")
        constraints = (models.UniqueConstraint(fields=["gebruiker", "regio"], name="kalenderadres_once_per_regio"),)

    def __str__(self) -> str:
        return f"{self.gebruiker} in {self.regio}"

    @classmethod
    def opened_by(cls, sleutel: str) -> "Kalenderadres | None":
        """Return the address that `sleutel` opens, while its owner may still read the regio; else None.

        A key that we did not sign asks the database nothing.
        """
        try:
            nummer = KEY.unsign(sleutel)
        except BadSignature:
            return None
        found = cls.objects.filter(nummer=nummer).select_related("gebruiker", "regio").first()
        return found if found and found.is_open else None

    @property
    def sleutel(self) -> str:
        """What makes the address secret."""
        return KEY.sign(self.nummer)

    @property
    def is_open(self) -> bool:
        """Whether its owner may still read the regio: not after their membership or their account has ended."""
        return self.gebruiker.is_active and self.gebruiker.has_permission(Permission.REGIO_BEKIJKEN, self.regio_id)
