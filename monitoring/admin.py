"""Beheer of the monitor: meetmomenten to keep, scores and reports to read; those change on their own pages."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from agenda.models import Agenda, Doel
from monitoring.models import (
    Indicator,
    Indicatorwaarde,
    Meetmoment,
    Publicatie,
    Rapportage,
    Voortgangsscore,
    Vraag,
)
from monitoring.models.indicator import BEFORE_OOGO
from monitoring.resources import ScoreResource
from regio.beheer import READ_ONLY, ScopedAdmin
from regio.exchange import ExchangeMixin
from regio.locks import lock
from regio.models import Regio
from regio.permissions import Permission

AT_THE_OOGO = Q(status__in=[Rapportage.Status.VOORGELEGD, Rapportage.Status.VASTGESTELD])

# What the OOGO reads and adopts, and by what everybody finds it: docs/momentopname.md, monitoring/public_reports.py.
lock(
    Meetmoment,
    *("agenda", "naam", "slug", "peildatum", "soort"),
    why=(
        "Dit meetmoment is voorgelegd of vastgesteld. Agenda, naam, adres, peildatum en soort staan daarom vast."
        " ‘Invoeren vóór’ kunt u nog wijzigen."
    ),
    when=lambda moment: Rapportage.objects.filter(
        AT_THE_OOGO | Q(momentopnamen__isnull=False), meetmoment=moment.pk
    ).exists(),
)
lock(
    Agenda,
    "slug",
    why="Rapporten van deze agenda zijn openbaar, of waren dat. Hun adres verandert niet meer.",
    when=lambda agenda: Publicatie.objects.filter(momentopname__rapportage__meetmoment__agenda=agenda.pk).exists(),
)
lock(
    Agenda,
    "schaal",
    why="Er staan scores van deze schaal in de agenda. Een andere schaal kan er daarom niet meer bij.",
    when=lambda agenda: Voortgangsscore.objects.filter(
        meetmoment__agenda=agenda.pk, waarde__schaal=agenda.schaal_id
    ).exists(),
)
lock(
    Regio,
    "slug",
    why="Rapporten van deze regio zijn openbaar, of waren dat. Hun adres verandert niet meer.",
    when=lambda regio: Publicatie.objects.of_regio(regio).exists(),
)

lock(
    Indicator,
    *("doel", "eenheid", "definitie"),
    why=(
        "Er staan metingen van deze indicator. Doel, eenheid en definitie staan daarom vast. Maak voor een andere"
        " definitie een nieuwe indicator."
    ),
    when=lambda indicator: Indicatorwaarde.objects.filter(indicator=indicator.pk).exists(),
)

lock(
    Doel,
    *("thema", "code", "plan", "uitvoering", "controle", "bijsturing", "lokaal", "volgorde"),
    why=BEFORE_OOGO,
    when=lambda doel: Rapportage.objects.before_oogo(doel.thema.agenda_id).exists(),
)
lock(
    Indicator,
    *("doel", "naam", "eenheid", "definitie", "bron", "norm", "grens", "niet_sneller", "volgorde"),
    why=BEFORE_OOGO,
    when=lambda indicator: indicator.is_before_oogo,
)


@admin.register(Meetmoment)
class MeetmomentAdmin(ScopedAdmin):
    list_display = ("naam", "agenda", "regio", "peildatum", "soort", "deadline", "aantal_scores")
    list_select_related = ("agenda__regio",)
    list_filter = ("agenda__regio", "agenda", "soort")
    search_fields = ("naam", "slug", "agenda__naam")
    prepopulated_fields: ClassVar = {"slug": ("naam",)}
    date_hierarchy = "peildatum"
    # Said here, so that what is locked keeps its place.
    fields = ("agenda", "naam", "slug", "peildatum", "soort", "deadline")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        scored = Count("voortgangsscore", filter=Q(voortgangsscore__waarde__isnull=False))
        return super().get_queryset(request).annotate(gescoord=scored)

    @admin.display(description="regio", ordering="agenda__regio")
    def regio(self, meetmoment: Meetmoment) -> str:
        return str(meetmoment.agenda.regio)

    @admin.display(description="scores", ordering="gescoord")
    def aantal_scores(self, meetmoment: Any) -> int:
        return meetmoment.gescoord


@admin.register(Voortgangsscore)
class VoortgangsscoreAdmin(ExchangeMixin, ScopedAdmin):
    """To read: the entry page and the import hold the rules of a score."""

    resource_classes = [ScoreResource]
    beheerder_may = secretaris_may = READ_ONLY
    list_display = ("doel", "meetmoment", "organisatie", "waarde", "gewijzigd_door", "gewijzigd_op")
    list_select_related = (
        "doel__thema__agenda__regio",
        "meetmoment__agenda__regio",
        "organisatie",
        "waarde",
        "gewijzigd_door",
    )
    list_filter = ("meetmoment__agenda__regio", "meetmoment", "organisatie", "waarde__toon")
    search_fields = ("doel__code", "doel__plan", "toelichting", "organisatie__naam")
    date_hierarchy = "meetmoment__peildatum"
    fields = ("doel", "meetmoment", "organisatie", "waarde", "toelichting", "versie", "gewijzigd_door", "gewijzigd_op")

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Scoring is the regio's own, also when it comes from a file."""
        gebruiker: Any = request.user
        return bool(gebruiker.regio_ids_with(Permission.SCORES_INVOEREN))

    def is_made_up(self, queryset: QuerySet) -> bool:
        return queryset.filter(meetmoment__agenda__regio__voorbeelddata=True).exists()


@admin.register(Indicator)
class IndicatorAdmin(ScopedAdmin):
    """What is measured of a doel, and its norm; the metingen are entered at the doel itself."""

    list_display = ("naam", "doel", "agenda", "eenheid", "norm", "grens")
    list_select_related = ("doel__thema__agenda__regio",)
    list_filter = ("doel__thema__agenda__regio", "doel__thema__agenda", "norm")
    search_fields = ("naam", "definitie", "doel__code", "doel__plan")
    autocomplete_fields = ("doel",)
    fieldsets = (
        (None, {"fields": ("doel", "naam", "eenheid", "definitie", "bron", "volgorde")}),
        ("Norm", {"fields": ("norm", "grens", "niet_sneller")}),
    )

    @admin.display(description="agenda", ordering="doel__thema__agenda")
    def agenda(self, indicator: Indicator) -> str:
        return str(indicator.doel.thema.agenda)


@admin.register(Indicatorwaarde)
class IndicatorwaardeAdmin(ScopedAdmin):
    """To read, and to remove what should not be there; metingen are entered at the doel itself."""

    beheerder_may = secretaris_may = frozenset({"view", "delete"})
    list_display = ("indicator", "doel", "peildatum", "waarde", "landelijk", "gewijzigd_door", "gewijzigd_op")
    list_select_related = ("indicator__doel__thema__agenda__regio", "gewijzigd_door")
    list_filter = ("indicator__doel__thema__agenda__regio", "indicator")
    search_fields = ("indicator__naam", "toelichting", "bron")
    date_hierarchy = "peildatum"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing goes from a report under the eyes of an OOGO."""
        return super().has_delete_permission(request, obj) and not (obj and obj.indicator.is_before_oogo)

    @admin.display(description="doel", ordering="indicator__doel")
    def doel(self, meting: Indicatorwaarde) -> str:
        return meting.indicator.doel.code


@admin.register(Rapportage)
class RapportageAdmin(ScopedAdmin):
    beheerder_may = secretaris_may = READ_ONLY
    list_display = ("naam", "regio", "agenda", "status", "versie", "voorgelegd_door", "voorgelegd_op")
    list_select_related = ("meetmoment__agenda__regio", "telmoment__regio", "voorgelegd_door")
    list_filter = ("meetmoment__agenda__regio", "telmoment__regio", "status")
    search_fields = ("meetmoment__naam", "meetmoment__agenda__naam")
    date_hierarchy = "voorgelegd_op"

    @admin.display(description="agenda", ordering="meetmoment__agenda")
    def agenda(self, rapportage: Rapportage) -> str:
        return str(rapportage.meetmoment.agenda) if rapportage.meetmoment else "–"

    @admin.display(description="regio")
    def regio(self, rapportage: Rapportage) -> str:
        return str(rapportage.regio)


@admin.register(Publicatie)
class PublicatieAdmin(ScopedAdmin):
    """To read: making public and withdrawing have pages of their own, which say what becomes of it."""

    beheerder_may = secretaris_may = READ_ONLY
    list_display = ("rapport", "versie", "gepubliceerd_op", "gepubliceerd_door", "ingetrokken_op", "ingetrokken_door")
    list_select_related = (
        "momentopname__rapportage__meetmoment__agenda__regio",
        "gepubliceerd_door",
        "ingetrokken_door",
    )
    list_filter = ("momentopname__rapportage__meetmoment__agenda__regio",)
    search_fields = ("momentopname__rapportage__meetmoment__naam", "reden_intrekking")
    date_hierarchy = "gepubliceerd_op"
    readonly_fields = ("rapport", "versie")
    fields = (
        "rapport",
        "versie",
        "gepubliceerd_op",
        "gepubliceerd_door",
        "ingetrokken_op",
        "ingetrokken_door",
        "reden_intrekking",
    )

    @admin.display(description="rapport", ordering="momentopname__rapportage__meetmoment")
    def rapport(self, publicatie: Publicatie) -> str:
        return publicatie.momentopname.rapportage.naam

    @admin.display(description="versie", ordering="momentopname__versie")
    def versie(self, publicatie: Publicatie) -> int:
        return publicatie.momentopname.versie


@admin.register(Vraag)
class VraagAdmin(ScopedAdmin):
    """To read, the withdrawn ones too: asking and answering hold their own rules."""

    beheerder_may = secretaris_may = READ_ONLY
    list_display = ("__str__", "regio", "gesteld_door", "gesteld_op", "beantwoord_op", "ingetrokken_op")
    list_select_related = ("regio", "doel", "meetmoment", "telmoment", "categorie", "gesteld_door")
    list_filter = ("regio",)
    search_fields = ("tekst", "antwoord", "doel__code", "categorie__naam")
    date_hierarchy = "gesteld_op"

    def view_on_site(self, thing: Any) -> str | None:
        """What was withdrawn is on no page."""
        return None if thing.ingetrokken_op else super().view_on_site(thing)
