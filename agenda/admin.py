"""Beheer of what was agreed: agenda's with their thema's, doelen and all that hangs on them, and the scales."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from agenda.models import Actie, Agenda, Doel, Ontwikkeling, Opbrengst, Schaal, Schaalwaarde, Thema, Trekker
from agenda.resources import DoelResource
from regio.beheer import DEEDS, READ_ONLY, ScopedAdmin, ScopedFormSet, ScopedInline
from regio.exchange import ExchangeMixin


class SchaalwaardeFormSet(ScopedFormSet):
    default_error_messages: ClassVar[Any] = {
        **ScopedFormSet.default_error_messages,
        "too_few_forms": "Een schaal heeft minstens twee waarden. Vul voor elke waarde een regel in.",
    }


class SchaalwaardeInline(ScopedInline):
    model = Schaalwaarde
    formset = SchaalwaardeFormSet
    min_num = 2
    secretaris_may = READ_ONLY
    fields = ("waarde", "kort", "omschrijving", "toon", "toelichting_verplicht", "vraagt_besluit")

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        return super().get_formset(request, obj, **{"validate_min": True, **options})


@admin.register(Schaal)
class SchaalAdmin(ScopedAdmin):
    """A scale is general: everybody reads it, the beheerder keeps it."""

    secretaris_may = READ_ONLY
    list_display = ("naam", "aantal_waarden", "bron")
    list_filter = ("waarden__toon", "waarden__vraagt_besluit")
    search_fields = ("naam", "omschrijving")
    prepopulated_fields: ClassVar = {"slug": ("naam",)}
    inlines = (SchaalwaardeInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(stappen=Count("waarden"))

    def own(self, queryset: QuerySet, gebruiker: Any) -> QuerySet:
        return queryset

    @admin.display(description="waarden", ordering="stappen")
    def aantal_waarden(self, schaal: Any) -> int:
        return schaal.stappen


@admin.register(Schaalwaarde)
class SchaalwaardeAdmin(ScopedAdmin):
    secretaris_may = READ_ONLY
    list_display = ("schaal", "waarde", "kort", "toon", "toelichting_verplicht", "vraagt_besluit")
    list_display_links = ("waarde", "kort")
    list_select_related = ("schaal",)
    list_filter = ("schaal", "toon")
    search_fields = ("omschrijving", "kort")

    def own(self, queryset: QuerySet, gebruiker: Any) -> QuerySet:
        return queryset


class ThemaInline(ScopedInline):
    model = Thema
    fields = ("code", "naam", "volgorde")


class OntwikkelingInline(ScopedInline):
    model = Ontwikkeling
    fields = ("naam", "omschrijving", "volgorde")


TEKSTEN = ("inleiding", "ambitie", "kernwaarden", "visie", "visie_toelichting", "strategie", "uitgangspunten")


@admin.register(Agenda)
class AgendaAdmin(ScopedAdmin):
    list_display = ("naam", "regio", "soort", "startdatum", "einddatum", "aantal_doelen", "vastgesteld_op")
    list_select_related = ("regio",)
    list_filter = ("regio", "soort")
    search_fields = ("naam", "slug", "bron")
    date_hierarchy = "startdatum"
    inlines = (ThemaInline, OntwikkelingInline)
    fieldsets = (
        (None, {"fields": ("regio", "naam", "slug", "soort")}),
        ("Periode", {"fields": ("startdatum", "einddatum", "voorganger")}),
        ("Scoren en trekken", {"fields": ("schaal", "trekkersduo")}),
        ("Vaststelling", {"fields": ("vastgesteld_in", "vastgesteld_op", "bron")}),
        ("Teksten", {"fields": TEKSTEN}),
        ("Terugblik", {"fields": ("terugblik",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(doelen=Count("thema__doel"))

    @admin.display(description="doelen", ordering="doelen")
    def aantal_doelen(self, agenda: Any) -> int:
        return agenda.doelen


class DoelInline(ScopedInline):
    """The doelen of a thema, to see and to put in order; their texts have a page of their own."""

    model = Doel
    fields = ("code", "plan", "lokaal", "volgorde")
    beheerder_may = secretaris_may = DEEDS - {"add"}


@admin.register(Thema)
class ThemaAdmin(ScopedAdmin):
    list_display = ("naam", "code", "agenda", "regio", "volgorde")
    list_select_related = ("agenda__regio",)
    list_filter = ("agenda__regio", "agenda")
    search_fields = ("naam", "code", "omschrijving")
    inlines = (DoelInline,)

    @admin.display(description="regio", ordering="agenda__regio")
    def regio(self, thema: Thema) -> str:
        return str(thema.agenda.regio)


class TrekkerInline(ScopedInline):
    model = Trekker
    autocomplete_fields = ("organisatie",)


class ActieInline(ScopedInline):
    model = Actie
    fields = ("omschrijving", "soort", "gereed_voor", "afgerond_op")


@admin.register(Doel)
class DoelAdmin(ExchangeMixin, ScopedAdmin):
    resource_classes = [DoelResource]
    list_display = ("code", "plan", "thema", "agenda", "lokaal", "volgorde")
    list_display_links = ("code", "plan")
    list_select_related = ("thema__agenda__regio",)
    list_filter = ("thema__agenda__regio", "thema__agenda", "thema", "lokaal", "niveau", "signaal")
    search_fields = ("code", "plan", "uitvoering", "controle", "bijsturing", "toelichting")
    inlines = (TrekkerInline, ActieInline)
    fieldsets = (
        (None, {"fields": ("thema", "code", "volgorde", "lokaal", "niveau")}),
        ("Plan, do, check, act", {"fields": ("plan", "uitvoering", "controle", "signaal", "bijsturing")}),
        ("Achtergrond", {"fields": ("toelichting",)}),
    )

    @admin.display(description="agenda", ordering="thema__agenda")
    def agenda(self, doel: Doel) -> str:
        return str(doel.thema.agenda)


@admin.register(Trekker)
class TrekkerAdmin(ScopedAdmin):
    list_display = ("organisatie", "kant", "doel", "agenda")
    list_select_related = ("organisatie", "doel__thema__agenda")
    list_filter = ("doel__thema__agenda", "kant")
    search_fields = ("organisatie__naam", "doel__code", "doel__plan")
    autocomplete_fields = ("organisatie", "doel")

    @admin.display(description="agenda", ordering="doel__thema__agenda")
    def agenda(self, trekker: Trekker) -> str:
        return str(trekker.doel.thema.agenda)


@admin.register(Actie)
class ActieAdmin(ScopedAdmin):
    list_display = ("omschrijving", "doel", "soort", "gereed_voor", "afgerond_op")
    list_select_related = ("doel",)
    list_filter = ("doel__thema__agenda", "soort")
    search_fields = ("omschrijving", "resultaat", "doel__code")
    autocomplete_fields = ("doel", "partijen")
    date_hierarchy = "gereed_voor"
    fieldsets = (
        (None, {"fields": ("doel", "omschrijving", "soort")}),
        ("Resultaat", {"fields": ("resultaat", "meetwijze")}),
        ("Wie", {"fields": ("partijen", "betrokkenen")}),
        ("Planning", {"fields": ("planning", "gereed_voor", "afgerond_op")}),
    )


@admin.register(Opbrengst)
class OpbrengstAdmin(ScopedAdmin):
    list_display = ("naam", "vraag", "doel", "volgorde")
    list_select_related = ("doel",)
    list_filter = ("doel__thema__agenda", "gemeenten")
    search_fields = ("naam", "vraag", "punten")
    autocomplete_fields = ("doel", "gemeenten")


@admin.register(Ontwikkeling)
class OntwikkelingAdmin(ScopedAdmin):
    list_display = ("naam", "agenda", "volgorde")
    list_select_related = ("agenda",)
    list_filter = ("agenda",)
    search_fields = ("naam", "omschrijving")
