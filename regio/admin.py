"""Beheer of the ground floor: regio's, organisaties, overleggen, and who is what."""

from typing import Any, ClassVar

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from regio.beheer import DEEDS, READ_ONLY, ScopedAdmin, ScopedInline
from regio.berichten import Bericht, Mailkeuze
from regio.models import (
    Deelname,
    Gebruiker,
    Kalenderadres,
    Lidmaatschap,
    Organisatie,
    Overleg,
    Regio,
    Vergadering,
    Werkgebied,
)

KINDS = {
    Authenticator.Type.TOTP: "app met codes",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "herstelcodes",
}


# Rows that a regio has many of: read here, added and removed here, changed on a page of their own.
ROWS = DEEDS - {"change"}


class DeelnameInline(ScopedInline):
    model = Deelname
    beheerder_may = secretaris_may = ROWS
    related = ("organisatie", "regio")
    autocomplete_fields = ("organisatie",)


class WerkgebiedInline(ScopedInline):
    model = Werkgebied
    beheerder_may = secretaris_may = ROWS
    related = ("swv", "gemeente")
    autocomplete_fields = ("swv", "gemeente")


class OverlegInline(ScopedInline):
    model = Overleg
    beheerder_may = secretaris_may = ROWS
    related = ("gemeente",)
    fields = ("naam", "afkorting", "niveau", "gemeente")
    autocomplete_fields = ("gemeente",)


class LidmaatschapInline(ScopedInline):
    model = Lidmaatschap
    related = ("gebruiker", "regio", "organisatie")
    autocomplete_fields = ("organisatie",)

    def get_queryset(self, request: HttpRequest) -> Any:
        """A person of two regio's is shown to each secretaris in their own."""
        own: Any = super().get_queryset(request)
        return own.editable_by(request.user)


@admin.register(Regio)
class RegioAdmin(ScopedAdmin):
    secretaris_may = frozenset({"view", "change"})
    locked_for_secretaris = ("naam", "slug", "drempel", "oogo_ziet_kleine_aantallen", "voorbeelddata")
    list_display = ("naam", "slug", "aantal_organisaties", "drempel", "publiceert", "voorbeelddata")
    list_filter = ("publiceert", "voorbeelddata")
    search_fields = ("naam", "slug")
    prepopulated_fields: ClassVar = {"slug": ("naam",)}
    fieldsets = (
        (None, {"fields": ("naam", "slug")}),
        ("Weergave", {"fields": ("accentkleur", "voorbeelddata")}),
        ("Privacy", {"fields": ("drempel", "oogo_ziet_kleine_aantallen")}),
        ("Openbaarheid", {"fields": ("publiceert",)}),
    )
    # Whoever turns it off withdraws what is public: that asks a reason, and has a page of its own.
    readonly_fields = ("publiceert",)
    inlines = (DeelnameInline, WerkgebiedInline, OverlegInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(deelnemers=Count("deelname__organisatie", distinct=True))

    @admin.display(description="organisaties", ordering="deelnemers")
    def aantal_organisaties(self, regio: Any) -> int:
        return regio.deelnemers


@admin.register(Organisatie)
class OrganisatieAdmin(ScopedAdmin):
    """An organisatie can take part in several regio's, so that only the beheerder changes it."""

    secretaris_may = READ_ONLY
    list_display = ("naam", "korte_naam", "soort", "sector", "code")
    list_filter = ("soort", "sector")
    search_fields = ("naam", "korte_naam", "code")
    prepopulated_fields: ClassVar = {"slug": ("naam",)}
    fieldsets = (
        (None, {"fields": ("soort", "naam", "korte_naam", "slug")}),
        ("Kenmerken", {"fields": ("code", "sector")}),
    )

    def own(self, queryset: Any, gebruiker: Gebruiker) -> QuerySet:
        """Ask by a subquery: one that joins would list an organisatie once for each deelname."""
        regios = Regio.objects.editable_by(gebruiker)
        return (
            queryset
            if gebruiker.is_superuser
            else queryset.filter(pk__in=Deelname.objects.filter(regio__in=regios).values("organisatie"))
        )


@admin.register(Deelname)
class DeelnameAdmin(ScopedAdmin):
    list_display = ("organisatie", "regio", "van", "tot")
    list_select_related = ("organisatie", "regio")
    list_filter = ("regio", "organisatie__soort")
    search_fields = ("organisatie__naam", "organisatie__korte_naam")
    autocomplete_fields = ("organisatie",)
    date_hierarchy = "van"


@admin.register(Werkgebied)
class WerkgebiedAdmin(ScopedAdmin):
    list_display = ("swv", "gemeente", "sector", "regio")
    list_select_related = ("swv", "gemeente", "regio")
    list_filter = ("regio", "sector")
    search_fields = ("swv__naam", "gemeente__naam")
    autocomplete_fields = ("swv", "gemeente")


@admin.register(Overleg)
class OverlegAdmin(ScopedAdmin):
    list_display = ("naam", "afkorting", "niveau", "gemeente", "bereidt_voor", "regio")
    list_select_related = ("gemeente", "bereidt_voor", "regio")
    list_filter = ("regio", "niveau")
    search_fields = ("naam", "afkorting", "gemeente__naam")
    autocomplete_fields = ("gemeente",)
    fieldsets = (
        (None, {"fields": ("regio", "naam", "afkorting")}),
        ("Plaats", {"fields": ("niveau", "gemeente", "bereidt_voor")}),
    )


@admin.register(Vergadering)
class VergaderingAdmin(ScopedAdmin):
    list_display = ("overleg", "datum", "begintijd", "plaats", "onderwerp")
    list_select_related = ("overleg",)
    list_filter = ("overleg__regio", "overleg")
    search_fields = ("overleg__naam", "overleg__afkorting", "onderwerp", "plaats")
    date_hierarchy = "datum"
    fieldsets = (
        (None, {"fields": ("overleg", "onderwerp")}),
        ("Wanneer en waar", {"fields": ("datum", "begintijd", "eindtijd", "plaats")}),
    )


@admin.register(Kalenderadres)
class KalenderadresAdmin(ScopedAdmin):
    """Who has a secret address, and since when: not the address itself. To delete it is to withdraw it."""

    beheerder_may = secretaris_may = frozenset({"view", "delete"})
    list_display = ("gebruiker", "regio", "gemaakt_op")
    list_select_related = ("gebruiker", "regio")
    list_filter = ("regio",)
    search_fields = ("gebruiker__naam", "gebruiker__email")
    readonly_fields = ("gemaakt_op",)
    fieldsets = ((None, {"fields": ("gebruiker", "regio", "gemaakt_op")}),)


@admin.register(Lidmaatschap)
class LidmaatschapAdmin(ScopedAdmin):
    """Whoever keeps a regio says who is what in it; not about themselves, and nobody becomes a beheerder by it."""

    list_display = ("gebruiker", "rol", "organisatie", "regio")
    list_select_related = ("gebruiker", "organisatie", "regio")
    list_filter = ("regio", "rol")
    search_fields = ("gebruiker__naam", "gebruiker__email", "organisatie__naam")
    autocomplete_fields = ("gebruiker", "organisatie")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not self._is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not self._is_own(request, obj)

    def _is_own(self, request: HttpRequest, obj: Any) -> bool:
        return obj is not None and not request.user.is_superuser and obj.gebruiker_id == request.user.pk


class AuthenticatorInline(ScopedInline):
    """What somebody signs in with beside the password; removed when a telephone is lost."""

    model = Authenticator
    fields = readonly_fields = ("soort", "toegevoegd", "gebruikt")
    beheerder_may = frozenset({"view", "delete"})
    secretaris_may = frozenset()
    show_change_link = False
    verbose_name = "tweede stap bij het aanmelden"
    verbose_name_plural = "tweede stap bij het aanmelden"

    @admin.display(description="soort")
    def soort(self, authenticator: Authenticator) -> str:
        return KINDS[authenticator.type]

    @admin.display(description="toegevoegd op")
    def toegevoegd(self, authenticator: Authenticator) -> Any:
        return authenticator.created_at

    @admin.display(description="laatst gebruikt op")
    def gebruikt(self, authenticator: Authenticator) -> Any:
        return authenticator.last_used_at


@admin.register(Gebruiker)
class GebruikerAdmin(ScopedAdmin):
    """Accounts are the beheerder's; nobody sets a password for another: its owner chooses it by a link."""

    secretaris_may = READ_ONLY
    beheerder_may = DEEDS
    list_display = ("naam", "email", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("naam", "email")
    readonly_fields = ("last_login", "date_joined")
    inlines = (LidmaatschapInline, AuthenticatorInline)
    actions = ("send_password_link",)
    fieldsets = (
        (None, {"fields": ("naam", "email")}),
        ("Toegang", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Gebruik", {"fields": ("last_login", "date_joined")}),
    )

    def own(self, queryset: QuerySet, gebruiker: Gebruiker) -> QuerySet:
        if gebruiker.is_superuser:
            return queryset
        members = Lidmaatschap.objects.editable_by(gebruiker).values("gebruiker")
        return queryset.filter(Q(pk__in=members) | Q(pk=gebruiker.pk))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A secretaris sees who it is; what somebody may elsewhere is not theirs."""
        return self.fieldsets if request.user.is_superuser else self.fieldsets[:1]

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return self.list_display if request.user.is_superuser else ("naam", "email", "is_active")

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return super().get_list_filter(request) if request.user.is_superuser else ["is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody shuts themselves out."""
        own = ("is_active", "is_staff", "is_superuser") if obj and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.pk != request.user.pk)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        # Else the old address would still sign in.
        EmailAddress.objects.filter(user=obj).exclude(email__iexact=obj.email).delete()
        if not change:
            self._send_link(request, obj)
            messages.info(request, f"Een link om een wachtwoord te kiezen gaat naar {obj.email}.")

    @admin.action(description="Een link sturen om een wachtwoord te kiezen", permissions=["change"])
    def send_password_link(self, request: HttpRequest, queryset: QuerySet) -> None:
        chosen = list(queryset.filter(is_active=True))
        for gebruiker in chosen:
            self._send_link(request, gebruiker)
        messages.success(
            request, f"Verstuurd aan {len(chosen)} van {queryset.count()} gebruikers; wie niet actief is krijgt niets."
        )

    def _send_link(self, request: HttpRequest, gebruiker: Gebruiker) -> None:
        form = ResetPasswordForm({"email": gebruiker.email})
        form.full_clean()

        def send() -> None:
            with request_context(request):
                form.save(request)

        transaction.on_commit(send)


@admin.register(Bericht)
class BerichtAdmin(ScopedAdmin):
    """To read: what waits, what left, and what does not get away, with the name of what went wrong."""

    beheerder_may = secretaris_may = READ_ONLY
    has_history = False
    list_display = (
        "onderwerp",
        "gebruiker",
        "status",
        "vanaf",
        "verzonden_op",
        "laatste_fout",
    )
    list_select_related = ("gebruiker", "regio")
    list_filter = ("status", "soort", "laatste_fout", "regio")
    search_fields = ("onderwerp", "gebruiker__naam", "gebruiker__email")
    date_hierarchy = "vanaf"
    fieldsets = (
        (None, {"fields": ("regio", "gebruiker", "soort", "onderwerp", "tekst", "citaat", "knop", "pad")}),
        ("Versturen", {"fields": ("status", "vanaf", "verzonden_op", "bundel")}),
        ("Als het niet lukt", {"fields": ("pogingen", "laatste_fout", "volgende_poging", "bezig_tot")}),
    )


@admin.register(Mailkeuze)
class MailkeuzeAdmin(ScopedAdmin):
    """To read: somebody chooses on their own page, and nobody for them."""

    beheerder_may = secretaris_may = READ_ONLY
    list_display = ("gebruiker", "soort", "aan")
    list_select_related = ("gebruiker",)
    list_filter = ("soort", "aan")
    search_fields = ("gebruiker__naam", "gebruiker__email")

    def own(self, queryset: QuerySet, gebruiker: Gebruiker) -> QuerySet:
        if gebruiker.is_superuser:
            return queryset
        return queryset.filter(gebruiker__in=Lidmaatschap.objects.editable_by(gebruiker).values("gebruiker"))
