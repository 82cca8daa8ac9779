"""The ground floor: who works in which regio, for which organisation, and which overleg decides."""

import re
from collections.abc import Set
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from regio.berichten import Bericht, Berichtsoort, Mailkeuze, Verzendronde  # noqa: F401 - Django looks for models here
from regio.colour import DEFAULT_ACCENT, validate_accent
from regio.history import HistoricalRecords
from regio.kalender import Kalenderadres, Vergadering, new_number  # noqa: F401 - and here; a migration names the last
from regio.permissions import BEHEERDER, READING, Permission, Rol, permissions_of
from regio.scope import RegioQuerySet

CBS_CODE = re.compile(r"GM\d{4}", re.ASCII)


class GebruikerManager(BaseUserManager["Gebruiker"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Gebruiker":
        gebruiker = self.model(email=self.model.normalize_username(email), **fields)
        gebruiker.set_password(password)
        gebruiker.save()
        return gebruiker

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Gebruiker":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "Gebruiker":
        return self.get(email__iexact=email)


class Gebruiker(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in by e-mail. Their Lidmaatschappen say what they may do; is_superuser marks a beheerder."""

    email = models.EmailField("e-mailadres", unique=True)
    naam = models.CharField("naam", max_length=150)
    is_staff = models.BooleanField("mag in Beheer", default=False, help_text="Kan de beheeromgeving openen.")
    is_superuser = models.BooleanField("beheerder", default=False, help_text="Mag in elke regio alles beheren.")
    is_active = models.BooleanField("actief", default=True, help_text="Zet uit in plaats van te verwijderen.")
    date_joined = models.DateTimeField("aangemaakt op", default=timezone.now, editable=False)

    # Of a beheerder who is signed in: whether accounts with a published password work here (regio/accounts.py).
    demo_accounts_work = False

    history = HistoricalRecords(excluded_fields=["password", "last_login"])
    objects = GebruikerManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["naam"]

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        ordering = ("naam", "email")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="gebruiker_email_case_insensitive",
                violation_error_message="Er is al een gebruiker met dit e-mailadres.",
            ),
        )

    def __str__(self) -> str:
        return self.naam or self.email

    def clean(self) -> None:
        """A beheerder works in Beheer: who may do everything and cannot open it can do nothing of it."""
        super().clean()
        if self.is_superuser and not self.is_staff:
            raise ValidationError({"is_staff": "Een beheerder werkt in Beheer. Vink dit ook aan."})

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Keep an address in lower case, as allauth looks for it; clean() calls this too."""
        return super().normalize_username(username).lower()

    def get_full_name(self) -> str:
        return self.naam

    @cached_property
    def lidmaatschappen(self) -> list["Lidmaatschap"]:
        """This person's memberships, read once per request."""
        if not self.is_active:
            return []
        return list(self.lidmaatschap_set.select_related("regio", "organisatie").order_by("regio__naam", "rol"))

    @cached_property
    def _lidmaatschappen_per_regio(self) -> dict[int, list["Lidmaatschap"]]:
        per_regio: dict[int, list[Lidmaatschap]] = {}
        for lid in self.lidmaatschappen:
            per_regio.setdefault(lid.regio_id, []).append(lid)
        return per_regio

    def permissions_in(self, regio_id: int) -> set[Permission]:
        here = self._lidmaatschappen_per_regio.get(regio_id, ())
        granted = {permission for lid in here for permission in lid.permissions}
        return granted | set(BEHEERDER) if self.is_superuser else granted

    @property
    def may_write(self) -> bool:
        """Whether this person may do more than read, in any regio or in Beheer."""
        return self.is_staff or any(not READING.issuperset(lid.permissions) for lid in self.lidmaatschappen)

    def has_permission(self, permission: Permission, regio_id: int) -> bool:
        return permission in self.permissions_in(regio_id)

    def regio_ids_with(self, permission: Permission) -> Set[int] | None:
        """Return the ids of the regio's where this person has `permission`; None means all of them."""
        if self.is_superuser and permission in BEHEERDER:
            return None
        return {lid.regio_id for lid in self.lidmaatschappen if permission in lid.permissions}

    @property
    def regios(self) -> list["Regio"]:
        """The regio's that this person may read, from the memberships at hand: a query for a beheerder only."""
        regio_ids = self.regio_ids_with(Permission.REGIO_BEKIJKEN)
        if regio_ids is None:
            return list(Regio.objects.order_by("naam"))
        return list({lid.regio_id: lid.regio for lid in self.lidmaatschappen if lid.regio_id in regio_ids}.values())

    def organisaties_for(self, permission: Permission, regio_id: int) -> list["Organisatie"]:
        """Return the organisations in whose name this person has `permission` in the regio."""
        return [
            lid.organisatie
            for lid in self._lidmaatschappen_per_regio.get(regio_id, ())
            if lid.organisatie and permission in lid.permissions
        ]


class Sector(models.TextChoices):
    PO = "PO", "primair onderwijs"
    VO = "VO", "voortgezet onderwijs"


class OrganisatieQuerySet(RegioQuerySet["Organisatie"]):
    regio_path = "deelname__regio"

    def visible_to(self, gebruiker: Any) -> "OrganisatieQuerySet":
        return super().visible_to(gebruiker).distinct()

    def editable_by(self, gebruiker: Any) -> "OrganisatieQuerySet":
        return super().editable_by(gebruiker).distinct()

    def gemeenten_in(self, regio: "Regio") -> "OrganisatieQuerySet":
        return self.filter(deelname__regio=regio, soort=Organisatie.Soort.GEMEENTE).distinct()

    def gemeenten_on(self, regio: "Regio", day: date) -> "OrganisatieQuerySet":
        """Return the gemeenten that took part in `regio` on `day`."""
        running = Q(deelname__tot=None) | Q(deelname__tot__gt=day)
        took_part = self.filter(running, deelname__regio=regio, deelname__van__lte=day)
        return took_part.filter(soort=Organisatie.Soort.GEMEENTE).distinct()


class Organisatie(models.Model):
    """A party to the agenda. It can take part in several regio's (Deelname), so it belongs to none."""

    class Soort(models.TextChoices):
        GEMEENTE = "gemeente", "gemeente"
        SWV = "swv", "samenwerkingsverband"
        RBL = "rbl", "regionaal bureau leerplicht"
        JGZ = "jgz", "jeugdgezondheidszorg"
        MBO = "mbo", "mbo"
        SCHOOLBESTUUR = "schoolbestuur", "schoolbestuur"
        SCHOOL = "school", "school"
        JEUGDHULP = "jeugdhulpaanbieder", "jeugdhulpaanbieder"

    soort = models.CharField("soort", max_length=20, choices=Soort)
    naam = models.CharField("naam", max_length=150, unique=True)
    korte_naam = models.CharField("korte naam", max_length=40, blank=True)
    slug = models.SlugField("naam in adressen", max_length=60, unique=True)
    code = models.CharField(
        "code",
        max_length=10,
        unique=True,
        null=True,
        blank=True,
        help_text="Voor een gemeente de code van het CBS, bijvoorbeeld GM0632.",
    )
    sector = models.CharField(
        "sector", max_length=2, choices=Sector, blank=True, help_text="Alleen voor een samenwerkingsverband."
    )

    history = HistoricalRecords()
    objects = OrganisatieQuerySet.as_manager()

    class Meta:
        verbose_name = "organisatie"
        verbose_name_plural = "organisaties"
        ordering = ("naam",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(soort="gemeente") | Q(code__regex=r"^GM\d{4}$"),
                name="gemeente_has_cbs_code",
                violation_error_message="Een gemeente heeft een code van het CBS nodig, bijvoorbeeld GM0632.",
            ),
            models.CheckConstraint(
                condition=(Q(soort="swv") & ~Q(sector="")) | (~Q(soort="swv") & Q(sector="")),
                name="sector_only_for_swv",
                violation_error_message="Alleen een samenwerkingsverband heeft een sector: PO of VO.",
            ),
        )

    def __str__(self) -> str:
        return self.naam

    def clean(self) -> None:
        """Say at its field what an organisatie of this soort lacks, or has too much.

        A check in the database lets an empty code pass: of NULL it cannot say that it is wrong.
        """
        errors = {}
        if self.soort == self.Soort.GEMEENTE and not CBS_CODE.fullmatch(self.code or ""):
            errors["code"] = "Een gemeente heeft een code van het CBS nodig, bijvoorbeeld GM0632."
        if self.soort == self.Soort.SWV and not self.sector:
            errors["sector"] = "Kies bij een samenwerkingsverband een sector: PO of VO."
        if self.soort != self.Soort.SWV and self.sector:
            errors["sector"] = "Alleen een samenwerkingsverband heeft een sector. Maak dit veld leeg."
        if errors:
            raise ValidationError(errors)

    @property
    def label(self) -> str:
        """The name as people say it in a table."""
        return self.korte_naam or self.naam


DREMPEL_MIN, DREMPEL_MAX = 3, 25
TOO_LOW = (
    "Kies 3 of hoger. Bij een drempel van 2 kan ‘<2’ alleen 1 betekenen, en bij een lagere drempel wordt niets"
    " afgeschermd: dan blijft er geen klein aantal geheim."
)
TOO_HIGH = "Kies 25 of lager. Met een hogere drempel blijft er van de aantallen te weinig over om te lezen."


class RegioScopeQuerySet(RegioQuerySet["Regio"]):
    regio_path = ""


class Regio(models.Model):
    """The area of one OOGO. Everything else belongs to one."""

    slug = models.SlugField("naam in adressen", max_length=60, unique=True)
    naam = models.CharField("naam", max_length=100, unique=True)
    accentkleur = models.CharField(
        "accentkleur",
        max_length=7,
        default=DEFAULT_ACCENT,
        validators=[RegexValidator(r"^#[0-9a-f]{6}$", "Schrijf de kleur als #0b5563."), validate_accent],
        help_text="Kleur van knoppen en links. Moet op wit goed leesbaar zijn.",
    )
    drempel = models.PositiveSmallIntegerField(
        "drempel voor kleine aantallen",
        default=5,
        validators=[MinValueValidator(DREMPEL_MIN, TOO_LOW), MaxValueValidator(DREMPEL_MAX, TOO_HIGH)],
        help_text="Aantallen van 1 tot deze drempel worden afgeschermd.",
    )
    oogo_ziet_kleine_aantallen = models.BooleanField(
        "OOGO-leden zien kleine aantallen",
        default=False,
        help_text="Alleen als de regio dat besluit. Anders zien OOGO-leden kleine aantallen afgeschermd.",
    )
    voorbeelddata = models.BooleanField(
        "bevat fictieve voorbeelddata",
        default=False,
        help_text="Elke pagina en elk rapport van deze regio vermeldt dit.",
    )
    publiceert = models.BooleanField(
        "maakt vastgestelde rapporten openbaar",
        default=False,
        help_text="De secretaris kiest dit op de pagina Rapporten, en daarna per rapport of iedereen het mag lezen.",
    )
    organisaties = models.ManyToManyField(Organisatie, through="Deelname", verbose_name="organisaties")

    history = HistoricalRecords()
    objects = RegioScopeQuerySet.as_manager()

    class Meta:
        verbose_name = "regio"
        verbose_name_plural = "regio's"
        ordering = ("naam",)
        constraints = (
            models.CheckConstraint(
                condition=Q(drempel__gte=DREMPEL_MIN, drempel__lte=DREMPEL_MAX),
                name="drempel_is_useful",
            ),
        )

    def __str__(self) -> str:
        return self.naam

    def get_absolute_url(self) -> str:
        return reverse("monitoring:regio-detail", args=[self.slug])

    @property
    def eigen_kleur(self) -> str:
        """The accent as it stands in the address of its stylesheet; empty where it is the product's own."""
        return "" if self.accentkleur == DEFAULT_ACCENT else self.accentkleur.removeprefix("#")


class Deelname(models.Model):
    """An organisatie takes part in a regio, from and until a date."""

    regio = models.ForeignKey(Regio, models.CASCADE, verbose_name="regio")
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, verbose_name="organisatie")
    van = models.DateField("van")
    tot = models.DateField("tot", null=True, blank=True, help_text="Leeg zolang de organisatie meedoet.")

    history = HistoricalRecords()
    objects = RegioQuerySet["Deelname"].as_manager()

    class Meta:
        verbose_name = "deelname"
        verbose_name_plural = "deelnames"
        ordering = ("regio", "organisatie", "van")
        constraints = (
            models.UniqueConstraint(fields=["regio", "organisatie", "van"], name="deelname_once_per_start"),
            models.CheckConstraint(
                condition=Q(tot=None) | Q(tot__gt=F("van")),
                name="deelname_ends_after_start",
                violation_error_message="De einddatum moet na de begindatum liggen.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisatie} in {self.regio}"


class Werkgebied(models.Model):
    """Which gemeente an SWV serves in a regio, per sector (README.md, Glossary)."""

    regio = models.ForeignKey(Regio, models.CASCADE, verbose_name="regio")
    swv = models.ForeignKey(
        Organisatie,
        models.PROTECT,
        related_name="werkgebied_als_swv",
        limit_choices_to={"soort": Organisatie.Soort.SWV},
        verbose_name="samenwerkingsverband",
    )
    gemeente = models.ForeignKey(
        Organisatie,
        models.PROTECT,
        related_name="werkgebied_als_gemeente",
        limit_choices_to={"soort": Organisatie.Soort.GEMEENTE},
        verbose_name="gemeente",
    )
    sector = models.CharField("sector", max_length=2, choices=Sector)

    history = HistoricalRecords()
    objects = RegioQuerySet["Werkgebied"].as_manager()

    class Meta:
        verbose_name = "werkgebied"
        verbose_name_plural = "werkgebieden"
        ordering = ("regio", "sector", "swv", "gemeente")
        constraints = (models.UniqueConstraint(fields=["regio", "swv", "gemeente", "sector"], name="werkgebied_once"),)

    def __str__(self) -> str:
        return f"{self.swv.label} – {self.gemeente} ({self.sector})"


class Overleg(models.Model):
    """A body of a regio: one prepares, one adopts."""

    class Niveau(models.TextChoices):
        BESTUURLIJK = "bestuurlijk", "bestuurlijk"
        AMBTELIJK = "ambtelijk", "ambtelijk"
        UITVOEREND = "uitvoerend", "uitvoerend"
        LOKAAL = "lokaal", "lokaal"

    regio = models.ForeignKey(Regio, models.CASCADE, verbose_name="regio")
    naam = models.CharField("naam", max_length=150)
    afkorting = models.CharField("afkorting", max_length=20, blank=True)
    niveau = models.CharField("niveau", max_length=12, choices=Niveau)
    gemeente = models.ForeignKey(
        Organisatie,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"soort": Organisatie.Soort.GEMEENTE},
        verbose_name="gemeente",
        help_text="Alleen voor een lokaal overleg (LEA).",
    )
    bereidt_voor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="voorbereid_door",
        verbose_name="bereidt besluiten voor van",
    )

    history = HistoricalRecords()
    objects = RegioQuerySet["Overleg"].as_manager()

    class Meta:
        verbose_name = "overleg"
        verbose_name_plural = "overleggen"
        ordering = ("regio", "niveau", "naam")
        constraints = (
            models.UniqueConstraint(fields=["regio", "naam"], name="overleg_once_per_regio"),
            models.CheckConstraint(
                condition=(Q(niveau="lokaal") & Q(gemeente__isnull=False))
                | (~Q(niveau="lokaal") & Q(gemeente__isnull=True)),
                name="gemeente_only_for_lokaal_overleg",
                violation_error_message="Een lokaal overleg hoort bij een gemeente, een ander overleg niet.",
            ),
        )

    def __str__(self) -> str:
        return self.afkorting or self.naam


class Lidmaatschap(models.Model):
    """What a gebruiker is in a regio; an invoerder enters for one organisatie and for nothing else."""

    gebruiker = models.ForeignKey(Gebruiker, models.CASCADE, verbose_name="gebruiker")
    regio = models.ForeignKey(Regio, models.CASCADE, verbose_name="regio")
    rol = models.CharField("rol", max_length=12, choices=Rol)
    organisatie = models.ForeignKey(
        Organisatie,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="organisatie",
        help_text="Verplicht voor een invoerder.",
    )

    history = HistoricalRecords()
    objects = RegioQuerySet["Lidmaatschap"].as_manager()

    class Meta:
        verbose_name = "lidmaatschap"
        verbose_name_plural = "lidmaatschappen"
        ordering = ("regio", "gebruiker", "rol")
        constraints = (
            models.UniqueConstraint(
                fields=["gebruiker", "regio", "rol"],
                condition=Q(organisatie=None),
                name="lidmaatschap_once_without_organisatie",
                violation_error_message="Deze gebruiker heeft in deze regio al deze rol.",
            ),
            models.UniqueConstraint(fields=["gebruiker", "regio", "rol", "organisatie"], name="lidmaatschap_once"),
            models.CheckConstraint(
                condition=~Q(rol="invoerder") | Q(organisatie__isnull=False),
                name="invoerder_has_organisatie",
                violation_error_message="Kies de organisatie waarvoor deze invoerder invoert.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.gebruiker}: {self.get_rol_display()} in {self.regio}"

    @property
    def permissions(self) -> list[Permission]:
        return permissions_of(Rol(self.rol), oogo_sees_all=self.regio.oogo_ziet_kleine_aantallen)
