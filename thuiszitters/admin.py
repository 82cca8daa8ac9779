"""Beheer of what is counted: definitions, days of counting and numbers of pupils. The counts themselves are not here.

A beheerder does not see raw counts (domein.md, rule 10); who does, sees and enters them on their own pages.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from regio.beheer import ScopedAdmin
from regio.keys import is_key
from regio.locks import lock
from thuiszitters.models import Categorie, Kolomkoppeling, Leerlingaantal, Opgave, Telling, Telmoment

# Else sheets that were counted long ago would say something else, and no trend would break (domein.md, rule 4).
lock(
    Categorie,
    *("groep", "code", "definitie", "onderdeel_van", "geldig_van"),
    why=(
        "Met deze definitie is geteld. Groep, code, definitie, ‘geldig van’ en ‘is een waarvan van’ staan daarom vast."
        " Verandert de definitie? Vul bij ‘geldig tot’ de eerste dag in waarop zij niet meer geldt, en sla op. Open"
        " haar daarna opnieuw: bovenaan staat dan een knop voor de nieuwe definitie, vanaf die dag."
    ),
    when=lambda categorie: Telling.objects.filter(categorie=categorie.pk).exists(),
)


# What a definition takes over from the one before it.
REPEATED = ("groep", "code", "naam", "kort", "definitie", "bron", "onderdeel_van", "kenmerk", "volgorde")


@admin.register(Categorie)
class CategorieAdmin(ScopedAdmin):
    """A general definition is the beheerder's, a regio's own also its secretaris'. A new definition is a new row."""

    list_display = ("naam", "regio", "groep", "onderdeel_van", "geldig_van", "geldig_tot")
    list_select_related = ("regio", "onderdeel_van")
    list_filter = ("groep", "regio")
    search_fields = ("naam", "code", "definitie")
    date_hierarchy = "geldig_van"
    fieldsets = (
        (None, {"fields": ("regio", "groep", "code", "naam", "kort")}),
        ("Definitie", {"fields": ("definitie", "bron", "geldig_van", "geldig_tot")}),
        ("Samenhang", {"fields": ("onderdeel_van", "kenmerk", "volgorde")}),
    )

    def own(self, queryset: Any, gebruiker: Any) -> QuerySet:
        return queryset.visible_to(gebruiker)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._keeps(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._keeps(request, obj)

    def _keeps(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or obj.regio_id is not None or bool(getattr(request.user, "is_superuser", False))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """A secretaris makes definitions for the own regio only."""
        form = super().get_form(request, obj, change, **kwargs)
        if "regio" in form.base_fields and not getattr(request.user, "is_superuser", False):
            form.base_fields["regio"].required = True
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin a definition that comes after another with all that the other says."""
        return super().get_changeform_initial_data(request) | self._as_after(request, request.GET.get("na", ""))

    def _as_after(self, request: HttpRequest, pk: str) -> dict[str, Any]:
        before: Any = self.get_queryset(request).filter(pk=pk).first() if is_key(pk) else None
        if before is None:
            return {}
        general = getattr(request.user, "is_superuser", False)
        whose = {"regio": before.regio_id} if before.regio_id or general else {}
        return {name: getattr(before, name) for name in REPEATED} | {"geldig_van": before.geldig_tot} | whose

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any) -> Any:
        """Lead from a definition that ends to the next, as long as there is none."""
        ended = context["original"]
        if ended and ended.geldig_tot and self.has_change_permission(request, ended):
            after = Categorie.objects.filter(code=ended.code, regio=ended.regio_id, geldig_van__gte=ended.geldig_tot)
            if not after.exists():
                context["opvolger"] = f"{reverse('admin:thuiszitters_categorie_add')}?na={ended.pk}"
        return super().render_change_form(request, context, *args, **options)


@admin.register(Telmoment)
class TelmomentAdmin(ScopedAdmin):
    list_display = ("peildatum", "regio", "deadline", "aantal_ingediend", "voorgelegd_op", "afgesloten_op")
    list_select_related = ("regio",)
    list_filter = ("regio",)
    search_fields = ("regio__naam",)
    date_hierarchy = "peildatum"
    ordering = ("-peildatum",)
    fields = ("regio", "peildatum", "deadline")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The day of what was submitted or adopted stays: definitions and gemeenten go with it."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_open)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_open)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        done = Count("opgave", filter=Q(opgave__status=Opgave.Status.INGEDIEND))
        return super().get_queryset(request).annotate(ingediend=done)

    @admin.display(description="ingediende opgaven", ordering="ingediend")
    def aantal_ingediend(self, telmoment: Any) -> int:
        return telmoment.ingediend


@admin.register(Leerlingaantal)
class LeerlingaantalAdmin(ScopedAdmin):
    list_display = ("gemeente", "sector", "schooljaar", "aantal", "bron")
    list_select_related = ("gemeente",)
    list_filter = ("regio", "schooljaar", "sector", "gemeente")
    search_fields = ("gemeente__naam", "bron")
    fields = ("regio", "gemeente", "sector", "schooljaar", "aantal", "bron")


@admin.register(Kolomkoppeling)
class KolomkoppelingAdmin(ScopedAdmin):
    """What a regio calls a column in its files; deleting one makes the next import ask again."""

    list_display = ("kop", "kolom", "regio")
    list_filter = ("regio", "kolom")
    search_fields = ("kop",)
    fields: ClassVar = ("regio", "kop", "kolom")
