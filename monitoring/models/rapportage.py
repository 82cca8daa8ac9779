"""A report on its way to who adopts it, and what is left of each step: those rows the database never changes."""

from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agenda.models import Doel
from monitoring.models.scores import Meetmoment
from regio.days import format_day
from regio.history import HistoricalRecords
from regio.models import Organisatie, Overleg, Regio
from regio.scope import RegioQuerySet
from thuiszitters.models import Telmoment

M = TypeVar("M", bound=models.Model)


class RapportageQuerySet(RegioQuerySet["Rapportage"]):
    regio_path = "meetmoment__agenda__regio"
    or_regio_path = "telmoment__regio"

    def with_names(self) -> Self:
        return self.select_related("meetmoment__agenda__regio", "telmoment__regio")

    def before_oogo(self, agenda_id: int) -> Self:
        """Return the reports of an agenda that lie before the OOGO: what they tell does not change meanwhile."""
        return self.filter(status=Rapportage.Status.VOORGELEGD, meetmoment__agenda=agenda_id)


class Rapportage(models.Model):
    """Where the scores of a meetmoment stand on their way to the OOGO, or the counts of a telmoment to the REA.

    domein.md, rule 7. `versie` is the version that is being made, or that was adopted: reopening an adopted one begins
    the next.
    """

    class Status(models.TextChoices):
        CONCEPT = "concept", "concept"
        VOORGELEGD = "voorgelegd", "voorgelegd"
        TERUGGEGEVEN = "teruggegeven", "teruggegeven"
        VASTGESTELD = "vastgesteld", "vastgesteld"

    meetmoment = models.OneToOneField(Meetmoment, models.PROTECT, null=True, blank=True, verbose_name="meetmoment")
    telmoment = models.OneToOneField(Telmoment, models.PROTECT, null=True, blank=True, verbose_name="telmoment")
    status = models.CharField("status", max_length=12, choices=Status, default=Status.CONCEPT)
    versie = models.PositiveIntegerField("versie", default=1, editable=False)
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
    reden_heropening = models.TextField("reden van heropening", blank=True)

    # A reason is a text of people, longer than the hundred characters that the history keeps by default.
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = RapportageQuerySet.as_manager()

    class Meta:
        verbose_name = "rapportage"
        verbose_name_plural = "rapportages"
        ordering = ("meetmoment", "telmoment")
        constraints = (
            models.CheckConstraint(
                condition=Q(meetmoment__isnull=False, telmoment=None) | Q(meetmoment=None, telmoment__isnull=False),
                name="rapportage_of_one_moment",
            ),
            models.CheckConstraint(
                condition=Q(voorgelegd_door=None, voorgelegd_op=None)
                | Q(voorgelegd_door__isnull=False, voorgelegd_op__isnull=False),
                name="voorgelegd_by_and_on_together",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["voorgelegd", "vastgesteld"]) | Q(voorgelegd_op__isnull=False),
                name="voorgelegd_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status="teruggegeven") | ~Q(reden_teruggave=""), name="teruggegeven_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(versie=1, reden_heropening="") | (Q(versie__gt=1) & ~Q(reden_heropening="")),
                name="next_version_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.naam}: {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        """Where it is read, with what this reader can do about it."""
        if self.meetmoment is None:
            telmoment = self.of_telmoment
            return reverse("monitoring:kwartaal-detail", args=[telmoment.regio.slug, telmoment.peildatum])
        agenda = self.meetmoment.agenda
        return reverse("monitoring:rapport-detail", args=[agenda.regio.slug, agenda.slug, self.meetmoment.slug])

    @property
    def of_meetmoment(self) -> Meetmoment:
        """The meetmoment of a report of scores."""
        if self.meetmoment is None:
            raise TypeError(f"{self} is of a telmoment")
        return self.meetmoment

    @property
    def of_telmoment(self) -> Telmoment:
        """The telmoment of a report of counts."""
        if self.telmoment is None:
            raise TypeError(f"{self} is of a meetmoment")
        return self.telmoment

    @property
    def regio(self) -> Regio:
        return self.meetmoment.agenda.regio if self.meetmoment else self.of_telmoment.regio

    @property
    def naam(self) -> str:
        """What people call it: Aug 26, or the quarter of 1 oktober 2026."""
        return str(self.meetmoment) if self.meetmoment else f"Kwartaal {format_day(self.of_telmoment.peildatum)}"

    @property
    def gremium(self) -> str:
        """Who judges it, as people say it."""
        return "het OOGO" if self.meetmoment_id else "het REA"

    @property
    def niveau(self) -> str:
        """The niveau of the overleg that adopts it: OOGO for scores, REA for counts."""
        return Overleg.Niveau.BESTUURLIJK if self.meetmoment_id else Overleg.Niveau.AMBTELIJK

    @property
    def is_open(self) -> bool:
        """Whether something may be entered: nothing changes under the eyes of who judges, nor after they adopted."""
        return self.status in {self.Status.CONCEPT, self.Status.TERUGGEGEVEN}

    @property
    def is_voorgelegd(self) -> bool:
        return self.status == self.Status.VOORGELEGD

    @property
    def is_teruggegeven(self) -> bool:
        return self.status == self.Status.TERUGGEGEVEN

    @property
    def is_vastgesteld(self) -> bool:
        return self.status == self.Status.VASTGESTELD

    @property
    def is_onderweg(self) -> bool:
        """Whether somebody began its way to a decision and nobody ended it: submitted, given back or reopened."""
        begun = self.status != self.Status.CONCEPT or self.versie > 1
        return begun and not self.is_vastgesteld


class OfRapportageQuerySet(RegioQuerySet[M]):
    regio_path = "rapportage__meetmoment__agenda__regio"
    or_regio_path = "rapportage__telmoment__regio"

    def with_names(self) -> Self:
        return self.select_related("rapportage__meetmoment__agenda__regio", "rapportage__telmoment__regio")


class Teruggave(models.Model):
    """That a version came back from who judges it, and why. The database refuses changes (freeze_what_was_decided)."""

    rapportage = models.ForeignKey(Rapportage, models.PROTECT, related_name="teruggaven", verbose_name="rapportage")
    versie = models.PositiveIntegerField("versie")
    reden = models.TextField("reden")
    door = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    op = models.DateTimeField("op")

    objects = OfRapportageQuerySet["Teruggave"].as_manager()

    class Meta:
        verbose_name = "teruggave"
        verbose_name_plural = "teruggaven"
        ordering = ("rapportage", "op", "pk")
        constraints = (models.CheckConstraint(condition=~Q(reden=""), name="teruggave_has_reason"),)

    def __str__(self) -> str:
        return f"{self.rapportage.naam}, versie {self.versie}: teruggegeven op {format_day(self.op)}"


class Besluit(models.Model):
    """By which overleg a version was adopted, when and under which reference. Never changed (freeze_what_was_decided).

    Either a member adopted it here (`vastgesteld_door`), or the secretaris registered what the overleg decided
    (`geregistreerd_door`): the two are kept apart for good.
    """

    rapportage = models.ForeignKey(Rapportage, models.PROTECT, related_name="besluiten", verbose_name="rapportage")
    versie = models.PositiveIntegerField("versie")
    overleg = models.ForeignKey(Overleg, models.PROTECT, verbose_name="overleg")
    vergaderdatum = models.DateField("vergaderdatum")
    kenmerk = models.CharField("kenmerk", max_length=100)
    opmerkingen = models.TextField("opmerkingen", blank=True)
    vastgesteld_door = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="vastgesteld door",
    )
    geregistreerd_door = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="geregistreerd door",
    )
    op = models.DateTimeField("vastgelegd op")

    objects = OfRapportageQuerySet["Besluit"].as_manager()

    class Meta:
        verbose_name = "besluit"
        verbose_name_plural = "besluiten"
        ordering = ("rapportage", "versie")
        constraints = (
            models.UniqueConstraint(fields=["rapportage", "versie"], name="besluit_once_per_versie"),
            models.CheckConstraint(condition=~Q(kenmerk=""), name="besluit_has_kenmerk"),
            models.CheckConstraint(
                condition=Q(vastgesteld_door__isnull=False, geregistreerd_door=None)
                | Q(vastgesteld_door=None, geregistreerd_door__isnull=False),
                name="besluit_adopted_or_registered",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rapportage.naam}, versie {self.versie}: vastgesteld in {self.overleg}, {self.kenmerk}"


class OpmerkingQuerySet(RegioQuerySet["Opmerking"]):
    regio_path = "doel__thema__agenda__regio"
    or_regio_path = "teruggave__rapportage__telmoment__regio"


class Opmerking(models.Model):
    """What was said of one doel, or of one gemeente, when a version came back or was adopted. Never changed."""

    doel = models.ForeignKey(Doel, models.PROTECT, null=True, blank=True, verbose_name="doel")
    gemeente = models.ForeignKey(Organisatie, models.PROTECT, null=True, blank=True, verbose_name="gemeente")
    teruggave = models.ForeignKey(
        Teruggave, models.PROTECT, null=True, blank=True, related_name="opmerkingen", verbose_name="teruggave"
    )
    besluit = models.ForeignKey(
        Besluit, models.PROTECT, null=True, blank=True, related_name="per_doel", verbose_name="besluit"
    )
    tekst = models.TextField("tekst")

    objects = OpmerkingQuerySet.as_manager()

    class Meta:
        verbose_name = "opmerking"
        verbose_name_plural = "opmerkingen"
        ordering = ("doel__thema__volgorde", "doel__volgorde", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(tekst=""), name="opmerking_has_text"),
            models.CheckConstraint(
                condition=Q(teruggave__isnull=False, besluit=None) | Q(teruggave=None, besluit__isnull=False),
                name="opmerking_with_one_event",
            ),
            models.CheckConstraint(
                condition=Q(doel__isnull=False, gemeente=None)
                | Q(doel=None, gemeente__isnull=False, teruggave__isnull=False),
                name="opmerking_about_one_thing",
            ),
            models.UniqueConstraint(fields=["teruggave", "doel"], name="opmerking_once_per_teruggave"),
            models.UniqueConstraint(fields=["teruggave", "gemeente"], name="opmerking_once_per_gemeente"),
            models.UniqueConstraint(fields=["besluit", "doel"], name="opmerking_once_per_besluit"),
        )

    def __str__(self) -> str:
        return f"{self.doel.code if self.doel else self.gemeente}: {self.tekst}"


class OntbrekendeOpgave(models.Model):
    """Why a quarter was submitted without the opgave of one gemeente. Never changed: the database refuses."""

    rapportage = models.ForeignKey(Rapportage, models.PROTECT, related_name="zonder", verbose_name="rapportage")
    gemeente = models.ForeignKey(Organisatie, models.PROTECT, verbose_name="gemeente")
    reden = models.TextField("reden")
    door = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    # That of the submission: of a quarter that was submitted again only the last count.
    voorgelegd_op = models.DateTimeField("voorgelegd op")

    objects = OfRapportageQuerySet["OntbrekendeOpgave"].as_manager()

    class Meta:
        verbose_name = "ontbrekende opgave"
        verbose_name_plural = "ontbrekende opgaven"
        ordering = ("rapportage", "voorgelegd_op", "gemeente__naam")
        constraints = (
            models.UniqueConstraint(
                fields=["rapportage", "gemeente", "voorgelegd_op"], name="ontbrekende_opgave_once_per_submission"
            ),
            models.CheckConstraint(condition=~Q(reden=""), name="ontbrekende_opgave_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.rapportage.naam}, {self.gemeente}: geen opgave"


class Momentopname(models.Model):
    """What was adopted, word for word: canonical JSON (docs/momentopname.md) and its sha256.

    The report of an adopted meetmoment, and the page of an adopted quarter, are made from this alone. The database
    refuses to change or delete it (freeze_what_was_decided).
    """

    rapportage = models.ForeignKey(Rapportage, models.PROTECT, related_name="momentopnamen", verbose_name="rapportage")
    versie = models.PositiveIntegerField("versie")
    inhoud = models.TextField("inhoud")
    sha256 = models.CharField("sha256", max_length=64)
    gemaakt_op = models.DateTimeField("gemaakt op")

    objects = OfRapportageQuerySet["Momentopname"].as_manager()

    class Meta:
        verbose_name = "momentopname"
        verbose_name_plural = "momentopnamen"
        ordering = ("rapportage", "versie")
        constraints = (
            models.UniqueConstraint(fields=["rapportage", "versie"], name="momentopname_once_per_versie"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="momentopname_sha256_is_hex"),
        )

    def __str__(self) -> str:
        return f"{self.rapportage.naam}, versie {self.versie}"


class AfdrukQuerySet(RegioQuerySet["Afdruk"]):
    regio_path = "momentopname__rapportage__meetmoment__agenda__regio"
    or_regio_path = "momentopname__rapportage__telmoment__regio"


class Afdruk(models.Model):
    """A PDF or JSON of an adopted report as it left the house, by its sha256: what a file can be verified against."""

    momentopname = models.ForeignKey(
        Momentopname, models.PROTECT, related_name="afdrukken", verbose_name="momentopname"
    )
    sha256 = models.CharField("sha256", max_length=64, unique=True)
    soort = models.CharField("soort", max_length=4)
    gemaakt_op = models.DateTimeField("gemaakt op", auto_now_add=True)

    objects = AfdrukQuerySet.as_manager()

    class Meta:
        verbose_name = "afdruk"
        verbose_name_plural = "afdrukken"
        ordering = ("momentopname", "gemaakt_op")

    def __str__(self) -> str:
        return f"{self.momentopname}, {self.soort}"
