"""What was agreed: the agenda of a regio, its thema's and its doelen with plan, do, check and act."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone

from regio.history import HistoricalRecords
from regio.models import Organisatie, Overleg, Regio
from regio.scope import RegioQuerySet
from regio.signals import SignalKind


class Schaal(models.Model):
    """How a doel is scored. A scale is general; an agenda chooses one."""

    slug = models.SlugField("naam in adressen", max_length=60, unique=True)
    naam = models.CharField("naam", max_length=100)
    omschrijving = models.TextField("omschrijving", blank=True)
    bron = models.CharField("bron", max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "schaal"
        verbose_name_plural = "schalen"
        ordering = ("naam",)

    def __str__(self) -> str:
        return self.naam


class Schaalwaarde(models.Model):
    """One step of a scale, with the words of the document that defines it."""

    class Toon(models.TextChoices):
        """What the value says to a reader: decides its sign and tint, never its meaning alone."""

        PRIORITEIT = "prioriteit", "verdient prioriteit"
        AANDACHT = "aandacht", "vraagt aandacht"
        NEUTRAAL = "neutraal", "neutraal"
        VOORUITGANG = "vooruitgang", "vooruitgang"
        TROTS = "trots", "trots"

        @property
        def teken(self) -> str:
            """The sign that stands beside number and words, so that meaning is never by colour alone."""
            return {"prioriteit": "▼▼", "aandacht": "▼", "neutraal": "=", "vooruitgang": "▲", "trots": "★"}[self.value]

    schaal = models.ForeignKey(Schaal, models.CASCADE, related_name="waarden", verbose_name="schaal")
    waarde = models.PositiveSmallIntegerField("waarde", validators=[MinValueValidator(1), MaxValueValidator(10)])
    omschrijving = models.CharField("omschrijving", max_length=200)
    kort = models.CharField("kort", max_length=30, help_text="De woorden op een label, bijvoorbeeld ‘vraagt aandacht’.")
    toon = models.CharField("toon", max_length=12, choices=Toon)
    toelichting_verplicht = models.BooleanField("toelichting verplicht", default=False)
    vraagt_besluit = models.BooleanField("vraagt een besluit", default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "schaalwaarde"
        verbose_name_plural = "schaalwaarden"
        ordering = ("schaal", "waarde")
        constraints = (models.UniqueConstraint(fields=["schaal", "waarde"], name="schaalwaarde_once_per_schaal"),)

    def __str__(self) -> str:
        return f"{self.waarde} · {self.kort}"

    @property
    def teken(self) -> str:
        return self.Toon(self.toon).teken


class AgendaQuerySet(RegioQuerySet["Agenda"]):
    def with_doelen(self) -> Self:
        """Return the agendas that have doelen, the latest first: a predecessor kept for its evaluation has none.

        Of those that begin on one day, as two plans of Zuidoost Utrecht, the one that was made here first goes first.
        """
        return self.filter(thema__doel__isnull=False).distinct().order_by("-startdatum", "pk")

    def current_of(self, regio: Regio, today: date) -> "Agenda | None":
        """Return the agenda that runs on `today`, else the latest one with doelen, else None."""
        return choose_current(self.with_doelen().filter(regio=regio), today)


def choose_current(agendas: Iterable["Agenda"], today: date) -> "Agenda | None":
    """Choose of one regio's agendas, the latest first, the one that runs on `today`, else the first, else None."""
    latest_first = list(agendas)
    running = (agenda for agenda in latest_first if agenda.startdatum <= today <= agenda.einddatum)
    return next(running, next(iter(latest_first), None))


class Agenda(models.Model):
    """What a regio agreed for a period, with its predecessor."""

    class Soort(models.TextChoices):
        SAMENWERKINGSAGENDA = "samenwerkingsagenda", "samenwerkingsagenda"
        ONDERSTEUNINGSPLAN = "ondersteuningsplan", "ondersteuningsplan"
        ONTWIKKELAGENDA = "ontwikkelagenda", "ontwikkelagenda"
        ACTIEPROGRAMMA = "actieprogramma", "actieprogramma"

    regio = models.ForeignKey(Regio, models.CASCADE, verbose_name="regio")
    slug = models.SlugField("naam in adressen", max_length=60)
    naam = models.CharField("naam", max_length=200)
    soort = models.CharField("soort", max_length=20, choices=Soort, default=Soort.SAMENWERKINGSAGENDA)
    startdatum = models.DateField("startdatum")
    einddatum = models.DateField("einddatum")
    voorganger = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="opvolger", verbose_name="voorganger"
    )
    schaal = models.ForeignKey(Schaal, models.PROTECT, null=True, blank=True, verbose_name="schaal")
    trekkersduo = models.BooleanField(
        "een duo trekt elk doel",
        default=False,
        help_text="Elk doel heeft een trekker van een gemeente en een van onderwijs. Wie mist, staat bij het doel.",
    )
    vastgesteld_in = models.ForeignKey(Overleg, models.PROTECT, null=True, blank=True, verbose_name="vastgesteld in")
    vastgesteld_op = models.DateField("vastgesteld op", null=True, blank=True)
    bron = models.CharField("bron", max_length=300, blank=True)
    inleiding = models.TextField("inleiding", blank=True)
    ambitie = models.TextField("ambitie", blank=True)
    kernwaarden = models.TextField("kernwaarden", blank=True)
    visie = models.TextField("visie", blank=True)
    visie_toelichting = models.TextField("toelichting op de visie", blank=True)
    strategie = models.TextField("strategie", blank=True)
    uitgangspunten = models.TextField(
        "uitgangspunten",
        blank=True,
        help_text="Hoe de partijen met elkaar willen werken, en langs welke weg zij besluiten.",
    )
    terugblik = models.TextField("terugblik", blank=True, help_text="Wat de evaluatie van deze agenda opleverde.")

    history = HistoricalRecords()
    objects = AgendaQuerySet.as_manager()

    class Meta:
        verbose_name = "agenda"
        verbose_name_plural = "agenda's"
        ordering = ("regio", "-startdatum")
        constraints = (
            models.UniqueConstraint(fields=["regio", "slug"], name="agenda_slug_once_per_regio"),
            models.CheckConstraint(
                condition=Q(einddatum__gt=F("startdatum")),
                name="agenda_ends_after_start",
                violation_error_message="De einddatum moet na de startdatum liggen.",
            ),
        )

    def __str__(self) -> str:
        return self.naam

    def get_absolute_url(self) -> str:
        return reverse("monitoring:agenda-detail", args=[self.regio.slug, self.slug])

    @property
    def is_afgelopen(self) -> bool:
        """Whether its last day has passed. What was not finished then is late no more: nobody works on it."""
        return self.einddatum < timezone.localdate()

    @property
    def vraagt_duo(self) -> bool:
        """Whether a trekker that misses is asked for; once it has ended nobody pulls it any more."""
        return self.trekkersduo and not self.is_afgelopen


class ThemaQuerySet(RegioQuerySet["Thema"]):
    regio_path = "agenda__regio"


class Thema(models.Model):
    """Groups doelen; Utrecht West calls it a doelstelling."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, verbose_name="agenda")
    code = models.SlugField("code", max_length=20)
    naam = models.CharField("naam", max_length=200)
    omschrijving = models.TextField("omschrijving", blank=True)
    volgorde = models.PositiveSmallIntegerField("volgorde", default=0)

    history = HistoricalRecords()
    objects = ThemaQuerySet.as_manager()

    class Meta:
        verbose_name = "thema"
        verbose_name_plural = "thema's"
        ordering = ("agenda", "volgorde")
        constraints = (models.UniqueConstraint(fields=["agenda", "code"], name="thema_code_once_per_agenda"),)

    def __str__(self) -> str:
        return self.naam


# Of the doelen of an agenda, as its table prints them.
TABLE_ORDER = ("thema__volgorde", "thema__code", "volgorde", "code")


class DoelQuerySet(RegioQuerySet["Doel"]):
    regio_path = "thema__agenda__regio"

    def for_agenda(self, agenda: Agenda) -> Self:
        """Return the doelen of `agenda` in the order of its table, each with its thema."""
        return self.for_agendas([agenda.pk])

    def for_agendas(self, agenda_ids: Collection[int]) -> Self:
        return self.filter(thema__agenda__in=agenda_ids).select_related("thema").in_table_order()

    def in_table_order(self) -> Self:
        return self.order_by(*TABLE_ORDER)

    def scored_locally(self) -> Self:
        return self.filter(lokaal=True)

    def with_scale(self) -> Self:
        """Add where each doel belongs and, as `hoogste_waarde`, the top of its scale (None without a scale).

        The long texts of the agenda are left out: they would come again with every doel.
        """
        long_texts = (
            *("inleiding", "ambitie", "kernwaarden", "visie", "visie_toelichting", "strategie", "uitgangspunten"),
            "terugblik",
        )
        with_regio = self.select_related("thema__agenda__regio").defer(*(f"thema__agenda__{t}" for t in long_texts))
        return with_regio.annotate(hoogste_waarde=Max("thema__agenda__schaal__waarden__waarde"))


class Doel(models.Model):
    """One line of the PDCA table. `uitvoering`, `controle` and `bijsturing` are the columns do, check and act.

    Not every agenda names those three: Amersfoort and Midden-Holland print a plan and what they have to say of it.
    """

    class Niveau(models.TextChoices):
        """Where a doel is worked out (Midden-Holland, chapters 2 and 4)."""

        UITVOEREND = "uitvoerend", "uitvoerend niveau"
        AMBTELIJK = "ambtelijk", "ambtelijk niveau"
        BESTUURLIJK = "bestuurlijk", "bestuurlijk niveau"

    thema = models.ForeignKey(Thema, models.CASCADE, verbose_name="thema")
    code = models.CharField(
        "code",
        max_length=10,
        validators=[
            RegexValidator(
                r"^[A-Z]{1,3}[0-9]{0,3}$", "Schrijf de code als A1: een tot drie hoofdletters en dan een nummer."
            )
        ],
    )
    plan = models.TextField("plan")
    uitvoering = models.TextField("do (uitvoering)", blank=True)
    controle = models.TextField("check (controle)", blank=True)
    bijsturing = models.TextField("act (bijsturing)", blank=True)
    lokaal = models.BooleanField(
        "ook per gemeente", default=False, help_text="De voortgang wordt ook per gemeente gescoord, in het lokale LEA."
    )
    niveau = models.CharField(
        "niveau van uitwerking",
        max_length=12,
        choices=Niveau,
        blank=True,
        help_text="Waar dit doel wordt uitgewerkt, als de agenda dat per doel afspreekt.",
    )
    signaal = models.CharField(
        "check op cijfers",
        max_length=20,
        choices=SignalKind,
        blank=True,
        help_text="Gebeurt dit, dan toont het doel zijn act als wat er te doen staat.",
    )
    toelichting = models.TextField("toelichting", blank=True, help_text="Wat de agenda over dit doel vertelt.")
    volgorde = models.PositiveSmallIntegerField("volgorde", default=0)

    # Only of what with_scale() returned.
    hoogste_waarde: int | None

    history = HistoricalRecords()
    objects = DoelQuerySet.as_manager()

    class Meta:
        verbose_name = "doel"
        verbose_name_plural = "doelen"
        ordering = TABLE_ORDER
        constraints = (models.UniqueConstraint(fields=["thema", "code"], name="doel_code_once_per_thema"),)

    def __str__(self) -> str:
        return f"{self.code} {self.plan}"

    def clean(self) -> None:
        """Refuse a code that another thema of the same agenda has: a code is an address within its agenda."""
        if (
            self.thema_id
            and Doel.objects.filter(thema__agenda=self.thema.agenda_id, code=self.code).exclude(pk=self.pk).exists()
        ):
            raise ValidationError({"code": f"Er is al een doel {self.code} in deze agenda. Kies een andere code."})

    @property
    def slug(self) -> str:
        """The code as it stands in an address."""
        return self.code.lower()

    @property
    def has_pdca(self) -> bool:
        """Whether the agenda names more of it than the plan."""
        return bool(self.uitvoering or self.controle or self.bijsturing)


class TrekkerQuerySet(RegioQuerySet["Trekker"]):
    regio_path = "doel__thema__agenda__regio"


class Trekker(models.Model):
    """The organisation that pulls a doel, on the side of onderwijs or of gemeente."""

    class Kant(models.TextChoices):
        ONDERWIJS = "onderwijs", "onderwijs"
        GEMEENTE = "gemeente", "gemeente"

    doel = models.ForeignKey(Doel, models.CASCADE, verbose_name="doel")
    organisatie = models.ForeignKey(Organisatie, models.PROTECT, verbose_name="organisatie")
    kant = models.CharField("kant", max_length=10, choices=Kant)

    history = HistoricalRecords()
    objects = TrekkerQuerySet.as_manager()

    class Meta:
        verbose_name = "trekker"
        verbose_name_plural = "trekkers"
        ordering = ("doel", "kant", "organisatie")
        constraints = (models.UniqueConstraint(fields=["doel", "organisatie"], name="trekker_once_per_doel"),)

    def __str__(self) -> str:
        return f"{self.organisatie.label} ({self.get_kant_display()})"


def missing_sides(trekkers: Iterable[Trekker]) -> list[Trekker.Kant]:
    """Return the sides on which nobody pulls, where a duo of gemeente and onderwijs should."""
    pulling = {trekker.kant for trekker in trekkers}
    return [kant for kant in (Trekker.Kant.GEMEENTE, Trekker.Kant.ONDERWIJS) if kant not in pulling]


class ActieQuerySet(RegioQuerySet["Actie"]):
    regio_path = "doel__thema__agenda__regio"


class Actie(models.Model):
    """A concrete action under a doel."""

    class Soort(models.TextChoices):
        NIEUW = "nieuw", "nieuw"
        DOORLOPEND = "doorlopend", "doorlopend"

    doel = models.ForeignKey(Doel, models.CASCADE, verbose_name="doel")
    omschrijving = models.TextField("omschrijving")
    resultaat = models.TextField("gewenst resultaat", blank=True)
    meetwijze = models.TextField("hoe gemeten", blank=True)
    partijen = models.ManyToManyField(Organisatie, blank=True, verbose_name="partijen")
    betrokkenen = models.TextField(
        "wie er meedoen",
        blank=True,
        help_text="Zoals de agenda het zegt, ook wie hier geen organisatie is: ‘alle scholen’, ‘ouders’.",
    )
    soort = models.CharField("soort", max_length=10, choices=Soort, default=Soort.NIEUW)
    planning = models.TextField(
        "planning", blank=True, help_text="Zoals de agenda het zegt: ‘lopende de periode’, ‘na de herfstvakantie’."
    )
    gereed_voor = models.DateField("gereed vóór", null=True, blank=True)
    afgerond_op = models.DateField("afgerond op", null=True, blank=True)

    history = HistoricalRecords(m2m_fields=[partijen])
    objects = ActieQuerySet.as_manager()

    class Meta:
        verbose_name = "actie"
        verbose_name_plural = "acties"
        ordering = ("doel", "gereed_voor", "pk")

    def __str__(self) -> str:
        return self.omschrijving


class OpbrengstQuerySet(RegioQuerySet["Opbrengst"]):
    regio_path = "doel__thema__agenda__regio"


class Opbrengst(models.Model):
    """What a local session brought up for a doel (Utrecht West, chapter 3.1 A: the conference results per gemeente)."""

    doel = models.ForeignKey(Doel, models.CASCADE, verbose_name="doel")
    vraag = models.CharField("vraag", max_length=300)
    naam = models.CharField(
        "groep", max_length=100, help_text="Zoals de agenda de groep noemt, bijvoorbeeld Montfoort/Oudewater."
    )
    gemeenten = models.ManyToManyField(
        Organisatie, limit_choices_to={"soort": Organisatie.Soort.GEMEENTE}, verbose_name="gemeenten"
    )
    punten = models.TextField("punten", help_text="Eén punt per regel.")
    volgorde = models.PositiveSmallIntegerField("volgorde", default=0)

    history = HistoricalRecords(m2m_fields=[gemeenten])
    objects = OpbrengstQuerySet.as_manager()

    class Meta:
        verbose_name = "opbrengst"
        verbose_name_plural = "opbrengsten"
        ordering = ("doel", "volgorde")
        constraints = (models.UniqueConstraint(fields=["doel", "naam"], name="opbrengst_once_per_group"),)

    def __str__(self) -> str:
        return f"{self.naam} ({self.doel.code})"


class OntwikkelingQuerySet(RegioQuerySet["Ontwikkeling"]):
    regio_path = "agenda__regio"


class Ontwikkeling(models.Model):
    """A development the REA follows beside its doelen (Utrecht West, chapter 4)."""

    agenda = models.ForeignKey(Agenda, models.CASCADE, verbose_name="agenda")
    naam = models.CharField("thema", max_length=150)
    omschrijving = models.TextField("ontwikkeling")
    volgorde = models.PositiveSmallIntegerField("volgorde", default=0)

    history = HistoricalRecords()
    objects = OntwikkelingQuerySet.as_manager()

    class Meta:
        verbose_name = "ontwikkeling"
        verbose_name_plural = "ontwikkelingen"
        ordering = ("agenda", "volgorde")
        constraints = (models.UniqueConstraint(fields=["agenda", "naam"], name="ontwikkeling_once_per_agenda"),)

    def __str__(self) -> str:
        return self.naam
