"""What is counted: categories with dated definitions, days of counting, and what each gemeente returns for them."""

from collections.abc import Collection
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from regio.days import format_day
from regio.history import HistoricalRecords
from regio.models import Organisatie, Regio
from regio.privacy import validate_free_text
from regio.scope import RegioQuerySet
from thuiszitters.counting import AANTAL_MAX, Count, Status
from thuiszitters.schooljaar import schooljaar_of

TOELICHTING_MAX = 500
# What stands in for the reason of an unknown count that came from a file: the database keeps none without.
NO_REASON = "Ingelezen uit een bestand, zonder reden."
DEADLINE_HELP = "Vanaf deze dag is het te laat. Ervoor en erna gaan er herinneringen uit; is dit leeg, dan niet."


class Onderwijssector(models.TextChoices):
    """The kind of school of the children who are counted."""

    PO = "PO", "PO"
    VO = "VO", "VO"
    VSO = "VSO", "(V)SO"
    MBO = "MBO", "MBO"


class CategorieQuerySet(RegioQuerySet["Categorie"]):
    def visible_to(self, gebruiker: Any) -> Self:
        """General categories are everybody's."""
        return self.filter(regio=None) | super().visible_to(gebruiker)

    def known_in(self, regio: Regio) -> Self:
        """Every version of every category that this regio has used or will use, its own and the general ones."""
        return self.known_in_any([regio.pk])

    def known_in_any(self, regio_ids: Collection[int]) -> Self:
        return self.filter(Q(regio=None) | Q(regio__in=regio_ids)).select_related("onderdeel_van")


class Categorie(models.Model):
    """What is counted, with its definition from and until a date (domein.md, rule 4).

    A changed definition is a new row with the same `code`. A regio's own row stands before the general one of that
    code. `onderdeel_van` names the whole by any of its versions: which one counts is decided by date and regio.
    """

    class Groep(models.TextChoices):
        VERZUIM = "verzuim", "verzuim"
        VRIJSTELLING = "vrijstelling", "vrijstelling"
        REDEN = "reden", "reden"

    class Kenmerk(models.TextChoices):
        """What a dashboard and a signal look for, whatever a regio calls it."""

        LANGDURIG = "langdurig", "langer dan drie maanden thuis"
        ZONDER_AANBOD = "zonder-aanbod", "langer dan drie maanden thuis zonder passend aanbod"
        AANBODGEBREK = "aanbodgebrek", "reden is gebrek aan passend aanbod"

    regio = models.ForeignKey(
        Regio, models.CASCADE, null=True, blank=True, verbose_name="regio", help_text="Leeg: geldt voor alle regio's."
    )
    groep = models.CharField("groep", max_length=12, choices=Groep)
    code = models.CharField(
        "code",
        max_length=60,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Gebruik kleine letters, cijfers en streepjes.")],
        help_text="Vast over de jaren en in bestanden, bijvoorbeeld absoluut-verzuim.",
    )
    naam = models.CharField("naam", max_length=120)
    kort = models.CharField(
        "kort", max_length=60, help_text="De naam in een tabel, bij een ‘waarvan’ onder haar geheel."
    )
    definitie = models.TextField("definitie")
    bron = models.CharField("bron", max_length=300, blank=True)
    onderdeel_van = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="onderdelen", verbose_name="is een ‘waarvan’ van"
    )
    kenmerk = models.CharField("kenmerk", max_length=14, choices=Kenmerk, blank=True)
    geldig_van = models.DateField("geldig van")
    geldig_tot = models.DateField(
        "geldig tot", null=True, blank=True, help_text="De eerste dag waarop deze definitie niet meer geldt."
    )
    volgorde = models.PositiveSmallIntegerField("volgorde", default=0)

    history = HistoricalRecords()
    objects = CategorieQuerySet.as_manager()

    class Meta:
        verbose_name = "categorie"
        verbose_name_plural = "categorieën"
        ordering = ("volgorde", "code", "geldig_van")
        constraints = (
            models.UniqueConstraint(fields=["regio", "code", "geldig_van"], name="categorie_once_per_start_in_regio"),
            models.UniqueConstraint(
                fields=["code", "geldig_van"], condition=Q(regio=None), name="categorie_once_per_start_general"
            ),
            models.CheckConstraint(
                condition=Q(geldig_tot=None) | Q(geldig_tot__gt=F("geldig_van")),
                name="categorie_ends_after_start",
                violation_error_message="‘Geldig tot’ moet na ‘geldig van’ liggen.",
            ),
            models.CheckConstraint(
                condition=Q(onderdeel_van=None) | ~Q(onderdeel_van=F("id")), name="categorie_is_no_part_of_itself"
            ),
        )

    def __str__(self) -> str:
        return self.naam

    def clean(self) -> None:
        if self.onderdeel_van and self.onderdeel_van.groep != self.groep:
            raise ValidationError({"onderdeel_van": "Een ‘waarvan’ hoort in dezelfde groep als haar geheel."})
        # What is wrong with its first day is told at that field, and without one there is nothing to compare.
        if getattr(self, "geldig_van", None) is None:
            return
        others = Categorie.objects.filter(code=self.code, regio=self.regio).exclude(pk=self.pk)
        if any(self._overlaps(other) for other in others):
            raise ValidationError(
                {"geldig_van": "Op deze dagen geldt al een andere definitie van deze categorie. Sluit die eerst af."}
            )
        self._keep_what_was_counted()

    def _keep_what_was_counted(self) -> None:
        """Refuse days that would give counts another definition than the one by which they were counted."""
        last = _last_day(Telling.objects.filter(categorie=self.pk)) if self.pk else None
        if last and self.geldig_tot and self.geldig_tot <= last:
            raise ValidationError({"geldig_tot": _still_counted(last, "deze")})
        if self.regio:
            general = Telling.objects.filter(categorie__code=self.code, categorie__regio=None)
            last = _last_day(general.filter(self._covers, opgave__telmoment__regio=self.regio))
            if last:
                raise ValidationError({"geldig_van": _still_counted(last, "de algemene")})

    @property
    def _covers(self) -> Q:
        """Whether a count is of a day on which this definition holds."""
        ended = Q(opgave__telmoment__peildatum__lt=self.geldig_tot) if self.geldig_tot else Q()
        return ended & Q(opgave__telmoment__peildatum__gte=self.geldig_van)

    def holds_on(self, day: date) -> bool:
        return self.geldig_van <= day and (self.geldig_tot is None or day < self.geldig_tot)

    def _overlaps(self, other: "Categorie") -> bool:
        return (self.geldig_tot is None or other.geldig_van < self.geldig_tot) and (
            other.geldig_tot is None or self.geldig_van < other.geldig_tot
        )


class TelmomentQuerySet(RegioQuerySet["Telmoment"]):
    def until(self, telmoment: "Telmoment", number: int) -> list["Telmoment"]:
        """Return `telmoment` and up to `number` before it, the latest first."""
        return list(
            self.filter(regio=telmoment.regio_id, peildatum__lte=telmoment.peildatum).order_by("-peildatum")[
                : number + 1
            ]
        )


class Telmoment(models.Model):
    """A day on which a regio counts. A count is a stand op peildatum, not an inflow over the quarter.

    From `voorgelegd_op` on no count of it changes, until it is given back. `afgesloten_op` is when the overleg that
    judges it adopted it: only then do readers see it who see small numbers masked. Reopening empties both.
    """

    regio = models.ForeignKey(Regio, models.CASCADE, verbose_name="regio")
    peildatum = models.DateField("peildatum")
    deadline = models.DateField("invoeren vóór", null=True, blank=True, help_text=DEADLINE_HELP)
    voorgelegd_op = models.DateTimeField("voorgelegd op", null=True, blank=True, editable=False)
    afgesloten_op = models.DateTimeField("vastgesteld op", null=True, blank=True, editable=False)
    # The counts, each as [gemeente, categorie, sector], that were in no sum when an earlier version was adopted.
    eerder_onbekend = models.JSONField("eerder onbekend", default=list, editable=False)

    history = HistoricalRecords(
        excluded_fields=["eerder_onbekend"], history_change_reason_field=models.TextField(null=True)
    )
    objects = TelmomentQuerySet.as_manager()

    class Meta:
        verbose_name = "telmoment"
        verbose_name_plural = "telmomenten"
        ordering = ("regio", "peildatum")
        constraints = (
            models.UniqueConstraint(fields=["regio", "peildatum"], name="telmoment_once_per_peildatum"),
            models.CheckConstraint(
                condition=Q(deadline=None) | Q(deadline__gte=F("peildatum")),
                name="deadline_not_before_peildatum",
                violation_error_message="Invoeren vóór een dag die vóór de peildatum ligt, kan niet.",
            ),
            models.CheckConstraint(
                condition=Q(afgesloten_op=None) | Q(voorgelegd_op__isnull=False), name="afgesloten_was_voorgelegd"
            ),
        )

    def __str__(self) -> str:
        return f"{self.regio} op {self.peildatum:%Y-%m-%d}"

    @property
    def gaten_van_eerder(self) -> set[tuple[int, str, str]]:
        """The counts that an adopted version was without: a gemeente, the code of a categorie and a sector each."""
        return {(gemeente, code, sector) for gemeente, code, sector in self.eerder_onbekend}

    @property
    def is_open(self) -> bool:
        """Whether counts may still change."""
        return self.voorgelegd_op is None

    @property
    def is_te_laat(self) -> bool:
        """Whether the day has come before which counts were asked."""
        return self.deadline is not None and timezone.localdate() >= self.deadline

    @property
    def is_afgesloten(self) -> bool:
        return self.afgesloten_op is not None

    @property
    def waarom_dicht(self) -> str:
        """Why no count changes, and what has to happen first; nothing while it is open."""
        if self.is_afgesloten:
            return "Dit kwartaal is vastgesteld. Wijzigen kan pas als het met een reden is heropend."
        if not self.is_open:
            return "Dit kwartaal is ter vaststelling voorgelegd. Wijzigen kan pas als het is teruggegeven."
        return ""

    @property
    def schooljaar(self) -> str:
        return schooljaar_of(self.peildatum)


class OpgaveQuerySet(RegioQuerySet["Opgave"]):
    regio_path = "telmoment__regio"

    def with_eerst_op(self) -> Self:
        """Add when each was first submitted: what comes back and is mended later is not late for that."""
        submitted = self.model.history.filter(id=OuterRef("pk"), status="ingediend").order_by("ingediend_op")
        return self.annotate(eerst_op=Subquery(submitted.values("ingediend_op")[:1]))


class Opgave(models.Model):
    """What one gemeente of residence returns for one telmoment."""

    class Status(models.TextChoices):
        CONCEPT = "concept", "concept"
        INGEDIEND = "ingediend", "ingediend"
        TERUGGEGEVEN = "teruggegeven", "teruggegeven"

    telmoment = models.ForeignKey(Telmoment, models.PROTECT, verbose_name="telmoment")
    gemeente = models.ForeignKey(
        Organisatie, models.PROTECT, limit_choices_to={"soort": Organisatie.Soort.GEMEENTE}, verbose_name="gemeente"
    )
    status = models.CharField("status", max_length=12, choices=Status, default=Status.CONCEPT)
    ingediend_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ingediend door"
    )
    ingediend_op = models.DateTimeField("ingediend op", null=True, blank=True)
    reden_teruggave = models.TextField("reden van teruggave", blank=True, validators=[validate_free_text])

    # A reason is a text of people, longer than the hundred characters that the history keeps by default.
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))
    objects = OpgaveQuerySet.as_manager()

    class Meta:
        verbose_name = "opgave"
        verbose_name_plural = "opgaven"
        ordering = ("telmoment__peildatum", "gemeente__naam")
        constraints = (
            models.UniqueConstraint(fields=["telmoment", "gemeente"], name="opgave_once_per_gemeente"),
            models.CheckConstraint(
                condition=Q(ingediend_door=None, ingediend_op=None)
                | Q(ingediend_door__isnull=False, ingediend_op__isnull=False),
                name="ingediend_by_and_on_together",
            ),
            models.CheckConstraint(
                condition=~Q(status="ingediend") | Q(ingediend_op__isnull=False), name="ingediend_has_date"
            ),
            models.CheckConstraint(
                condition=~Q(status="teruggegeven") | ~Q(reden_teruggave=""), name="opgave_teruggegeven_has_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.gemeente}, {self.telmoment.peildatum:%Y-%m-%d}: {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        moment = self.telmoment
        return reverse("thuiszitters:opgave-invoer", args=[moment.regio.slug, moment.peildatum, self.gemeente.slug])

    @property
    def is_open(self) -> bool:
        """Whether counts may be entered."""
        return self.telmoment.is_open and self.status != self.Status.INGEDIEND


class TellingQuerySet(RegioQuerySet["Telling"]):
    regio_path = "opgave__telmoment__regio"


class Telling(models.Model):
    """One count: the number of children of a categorie and sector who live in the gemeente, on the peildatum.

    No row means the same as status "geen opgave": nobody entered anything. A row with that status is left behind by who
    cleared a count, and by who submitted without it. `toelichting` is the reason of an "onbekend" and what explains
    a jump. `versie` grows by one at each save; whoever saves names the version they started from (domein.md, rule 9).
    """

    class Status(models.TextChoices):
        OPGEGEVEN = Status.OPGEGEVEN.value, "opgegeven"
        ONBEKEND = Status.ONBEKEND.value, "onbekend"
        GEEN_OPGAVE = Status.GEEN_OPGAVE.value, "geen opgave"

    opgave = models.ForeignKey(Opgave, models.CASCADE, verbose_name="opgave")
    categorie = models.ForeignKey(Categorie, models.PROTECT, verbose_name="categorie")
    sector = models.CharField("sector", max_length=3, choices=Onderwijssector)
    status = models.CharField("status", max_length=12, choices=Status)
    aantal = models.PositiveIntegerField("aantal", null=True, blank=True, validators=[MaxValueValidator(AANTAL_MAX)])
    toelichting = models.CharField(
        "toelichting", max_length=TOELICHTING_MAX, blank=True, validators=[validate_free_text]
    )
    versie = models.PositiveIntegerField("versie", default=1, editable=False)
    gewijzigd_door = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name="gewijzigd door"
    )
    gewijzigd_op = models.DateTimeField("gewijzigd op", auto_now=True)

    history = HistoricalRecords()
    objects = TellingQuerySet.as_manager()

    class Meta:
        verbose_name = "telling"
        verbose_name_plural = "tellingen"
        ordering = ("opgave", "categorie__volgorde", "sector")
        constraints = (
            models.UniqueConstraint(fields=["opgave", "categorie", "sector"], name="telling_once_per_cell"),
            models.CheckConstraint(
                condition=Q(aantal=None) | Q(aantal__gte=0, aantal__lte=AANTAL_MAX),
                name="aantal_is_possible",
                violation_error_message=f"Een aantal ligt tussen 0 en {AANTAL_MAX}.",
            ),
            models.CheckConstraint(
                condition=Q(status="opgegeven", aantal__isnull=False)
                | (Q(status__in=["onbekend", "geen opgave"]) & Q(aantal=None)),
                name="aantal_only_when_opgegeven",
                violation_error_message="Alleen een opgegeven telling heeft een aantal.",
            ),
            models.CheckConstraint(
                condition=~Q(status="onbekend") | ~Q(toelichting=""),
                name="onbekend_has_reason",
                violation_error_message="Schrijf waarom het aantal onbekend is.",
            ),
            models.CheckConstraint(condition=Q(sector__in=Onderwijssector.values), name="telling_sector_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.categorie} {self.sector}: {self.count}"

    @property
    def count(self) -> Count:
        return count_of(self)

    @property
    def uitleg(self) -> str:
        """What somebody wrote about it; a reason that an import left open is none."""
        return "" if self.toelichting == NO_REASON else self.toelichting


def _still_counted(day: date, which: str) -> str:
    return f"Op {format_day(day)} is nog met {which} definitie geteld. Kies een latere dag."


def _last_day(tellingen: models.QuerySet[Telling]) -> date | None:
    return tellingen.aggregate(last=Max("opgave__telmoment__peildatum"))["last"]


def count_of(telling: Any) -> Count:
    """Return the count of a telling or of one of its versions in the history."""
    return Count(Status(telling.status), telling.aantal)


class Leerlingaantal(models.Model):
    """How many pupils of a sector live in a gemeente in a school year: what a rate per 1.000 is computed over."""

    regio = models.ForeignKey(Regio, models.CASCADE, verbose_name="regio")
    gemeente = models.ForeignKey(
        Organisatie, models.PROTECT, limit_choices_to={"soort": Organisatie.Soort.GEMEENTE}, verbose_name="gemeente"
    )
    sector = models.CharField("sector", max_length=3, choices=Onderwijssector)
    schooljaar = models.CharField(
        "schooljaar",
        max_length=9,
        validators=[RegexValidator(r"^\d{4}-\d{4}$", "Schrijf het schooljaar als 2024-2025.")],
    )
    aantal = models.PositiveIntegerField("aantal leerlingen")
    bron = models.CharField("bron", max_length=300, blank=True)

    history = HistoricalRecords()
    objects = RegioQuerySet["Leerlingaantal"].as_manager()

    class Meta:
        verbose_name = "leerlingaantal"
        verbose_name_plural = "leerlingaantallen"
        ordering = ("schooljaar", "gemeente__naam", "sector")
        constraints = (
            models.UniqueConstraint(fields=["regio", "gemeente", "sector", "schooljaar"], name="leerlingaantal_once"),
            models.CheckConstraint(condition=Q(aantal__gt=0), name="leerlingaantal_above_zero"),
            models.CheckConstraint(
                condition=Q(sector__in=Onderwijssector.values), name="leerlingaantal_sector_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.gemeente} {self.sector} {self.schooljaar}: {self.aantal}"


class Kolomkoppeling(models.Model):
    """What a regio calls a column in its own files, remembered from the first time that somebody said it."""

    regio = models.ForeignKey(Regio, models.CASCADE, verbose_name="regio")
    kop = models.CharField("kop in het bestand", max_length=100)
    kolom = models.CharField("kolom", max_length=20)

    history = HistoricalRecords()
    objects = RegioQuerySet["Kolomkoppeling"].as_manager()

    class Meta:
        verbose_name = "kolomkoppeling"
        verbose_name_plural = "kolomkoppelingen"
        ordering = ("regio", "kolom", "kop")
        constraints = (models.UniqueConstraint(fields=["regio", "kop"], name="kop_once_per_regio"),)

    def __str__(self) -> str:
        return f"{self.kop} → {self.kolom}"
