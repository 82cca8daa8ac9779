"""What it comes to: the score of a doel at a meetmoment, and where a report stands on its way to who adopts it."""

from operator import attrgetter
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from agenda.models import Agenda, Doel, Schaalwaarde
from regio.aggregates import json_rows
from regio.models import Organisatie, Overleg, Regio
from regio.permissions import Permission
from regio.privacy import validate_free_text
from regio.scope import RegioQuerySet
from thuiszitters.models import Categorie, Telmoment

M = TypeVar("M", bound=models.Model)

SCHAALWAARDE = tuple(field.attname for field in Schaalwaarde._meta.concrete_fields)


class MeetmomentQuerySet(RegioQuerySet["Meetmoment"]):
    regio_path = "agenda__regio"

    def before(self, meetmoment: "Meetmoment") -> Self:
        return self.filter(agenda=meetmoment.agenda_id, peildatum__lt=meetmoment.peildatum).order_by("-peildatum")

    def in_agenda(self, agenda: Agenda) -> Self:
        """Return the moments of `agenda`, the oldest first, each with where its report stands."""
        return self.filter(agenda=agenda).select_related("rapportage").order_by("peildatum")

    def with_others_of_agenda(self, *, regio: str, agenda: str, slug: str) -> "Meetmoment":
        """Return one moment together with the others of its agenda, in one query. Raises Http404 when there is none."""
        of_agenda = self.filter(agenda__regio__slug=regio, agenda__slug=agenda)
        related = ("agenda__regio", "agenda__schaal", "rapportage")
        rows: Any = of_agenda.select_related(*related)
        rows = rows.annotate(
            heeft_vragen=Exists(Vraag.objects.filter(in_rapport_van=OuterRef("pk"))),
            waarden=json_rows(Schaalwaarde.objects.filter(schaal=OuterRef("agenda__schaal")), "schaal", SCHAALWAARDE),
        )
        momenten = list(rows.order_by("peildatum"))
        found = next((moment for moment in momenten if moment.slug == slug), None)
        if found is None:
            raise Http404
        found.in_agenda = momenten
        waarden = [Schaalwaarde(**dict(zip(SCHAALWAARDE, row, strict=True))) for row in found.waarden]
        found.schaalwaarden = sorted(waarden, key=attrgetter("waarde"))
        return found


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

    # Only of what with_others_of_agenda() returned: all moments of its agenda, the oldest first, and the scale.
    in_agenda: list["Meetmoment"] | None = None
    schaalwaarden: list[Schaalwaarde] | None = None
    # Most have none, and then no query asks for them.
    heeft_vragen = True

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
        return self.select_related("waarde", "gewijzigd_door")


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
    or_regio_path = "telmoment__regio"

    def with_names(self) -> Self:
        return self.select_related("meetmoment__agenda__regio", "telmoment__regio")


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
        return str(self.meetmoment) if self.meetmoment else f"Kwartaal {date_format(self.of_telmoment.peildatum)}"

    @property
    def gremium(self) -> str:
        """Who judges it, as people say it."""
        return "het OOGO" if self.meetmoment_id else "de REA"

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
    def is_vastgesteld(self) -> bool:
        return self.status == self.Status.VASTGESTELD


class OfRapportageQuerySet(RegioQuerySet[M]):
    regio_path = "rapportage__meetmoment__agenda__regio"
    or_regio_path = "rapportage__telmoment__regio"

    def with_names(self) -> Self:
        return self.select_related("rapportage__meetmoment__agenda__regio", "rapportage__telmoment__regio")


class Teruggave(models.Model):
    """That a version came back from who judges it, and why. Never changed: the database refuses (migration 0004)."""

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
        return f"{self.rapportage.naam}, versie {self.versie}: teruggegeven op {date_format(self.op)}"


class Besluit(models.Model):
    """By which overleg a version was adopted, when and under which reference. Never changed (migration 0004).

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
    refuses to change or delete it (migration 0004).
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
        until = f", ingetrokken op {date_format(self.ingetrokken_op)}" if self.ingetrokken_op else ""
        return f"{self.momentopname}: openbaar sinds {date_format(self.gepubliceerd_op)}{until}"


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
            return f"{self.categorie} op {date_format(self.telmoment.peildatum, 'j F Y')}"
        return f"{self.doel}, score van {self.meetmoment}" if self.meetmoment else str(self.doel)

    @property
    def is_beantwoord(self) -> bool:
        return self.beantwoord_op is not None
