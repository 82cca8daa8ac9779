"""The Django admin as Beheer: in Dutch, signed in to like every other page, and within the own regio's."""

import re
from collections.abc import Callable, Iterable
from functools import update_wrapper
from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags import admin_list
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models, transaction
from django.forms.models import _get_foreign_key
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.views.decorators.http import require_safe
from simple_history.admin import SimpleHistoryAdmin

from regio.choices import say_where
from regio.history import GONE, field_change, readable
from regio.keys import KeyChoices, is_key
from regio.locks import locks_on
from regio.meanwhile import SeenForm, SeenFormSet, last_if_removed, with_newest
from regio.models import Deelname, Organisatie, Regio
from regio.permissions import Permission
from regio.privacy import validate_free_text
from regio.scope import RegioQuerySet
from regio.tables import clean_text

DEEDS = frozenset({"view", "add", "change", "delete"})
READ_ONLY = frozenset({"view"})
OPTIONAL = "(niet verplicht)"
# What to do, where Django only says what is wrong.
INVALID = {forms.DateField: "Schrijf de datum als 11-09-2025.", forms.TimeField: "Schrijf de tijd als 14:00."}


def in_words(value: bool | None) -> str:  # noqa: FBT001 - as Django calls it
    """Say a boolean in a list or a page to read; Django's icon for it says True and False to who hears the page."""
    return {True: "ja", False: "nee", None: "niet bekend"}[value]


setattr(admin_list, "_boolean_icon", in_words)  # noqa: B010 - there is no setting for it


class BeheerSite(admin.AdminSite):
    site_title = "Beheer Agendamonitor"
    site_header = "Beheer Agendamonitor"
    index_title = "Gegevens beheren"
    site_url = "/"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take our own pages only: those that libraries bring know no regio, and their words are not ours."""
        if admin_class and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        gebruiker = request.user
        if not (gebruiker.is_active and gebruiker.is_staff):
            return False
        regio_ids = gebruiker.regio_ids_with(Permission.BEHEREN)
        return regio_ids is None or bool(regio_ids)

    def admin_view(self, view: Callable, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - as Django calls it
        """Answer 403 to who is signed in and may not enter, and 404 to a filter that does not exist.

        Django would ask the first to sign in again and answer the second with 400, or 500 in an export.
        """
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied("Beheer openen")
            try:
                return inner(request, *args, **kwargs)
            except (DisallowedModelAdminLookup, IncorrectLookupParameters):
                raise Http404 from None

        return update_wrapper(guarded, view)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leave out Django's redirect from any number to its page: it knows no regio."""
        urls = [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]
        for url in urls:
            if isinstance(url, URLPattern) and hasattr(url.callback, "login_url"):
                # Straight to the sign-in page, not by way of /beheer/login/.
                url.callback.login_url = settings.LOGIN_URL
        return urls

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    password_change_done = password_change

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if request.user.is_authenticated:
            context["beheerde_regios"] = Regio.objects.editable_by(request.user)
            context["voorbeelddata"] = any(regio.voorbeelddata for regio in request.user.regios)
        return context


def regio_id_of(thing: Any) -> int | None:
    """Return the id of the one regio that `thing` lies in; None for what lies in none or in several (organisatie)."""
    scope = type(thing)._default_manager.all()
    if not isinstance(scope, RegioQuerySet) or isinstance(thing, Organisatie):
        return None
    try:
        return scope.regio_id_of(thing)
    except ObjectDoesNotExist:
        return None


class TextFormField(forms.CharField):
    """A text as people type it; a browser sends other line ends than are stored, and that is no change."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(clean_text(initial or ""), data)


class ScopedForm(SeenForm):
    """A form of Beheer: nothing in it crosses the border of its regio, and no free text holds personal data."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if not (field.required or field.widget.is_hidden or isinstance(field, forms.BooleanField)):
                _mark_optional(field)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self.changed_data:
            if name in self.cleaned_data and self._is_free_text(name):
                try:
                    validate_free_text(self.cleaned_data[name])
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned

    def _is_free_text(self, name: str) -> bool:
        # Among what changed is also the tick that removes a row, which is no field of the model.
        field = {field.name: field for field in self._meta.model._meta.fields}.get(name)
        special = isinstance(field, models.EmailField | models.SlugField)
        return isinstance(field, models.CharField | models.TextField) and not special and not field.choices

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        regio_id = regio_id_of(self.instance)
        if regio_id is None:
            return
        for name in self.changed_data:
            for thing in _as_things(self.cleaned_data.get(name)):
                if not self._lies_in(thing, regio_id):
                    self.add_error(name, f"‘{thing}’ hoort niet bij deze regio. Kies iets uit de eigen regio.")
        stored = self.instance.pk and self.changed_data
        if stored and regio_id != regio_id_of(type(self.instance)._default_manager.get(pk=self.instance.pk)):
            self.add_error(None, "Dit hoort bij een andere regio en kan niet worden verplaatst.")

    def _update_errors(self, errors: Any) -> None:
        """Tell above the form what the model says of a field that this reader cannot change."""
        told = getattr(errors, "error_dict", {})
        for name in told.keys() - {*self.fields, NON_FIELD_ERRORS}:
            told.setdefault(NON_FIELD_ERRORS, []).extend(told.pop(name))
        super()._update_errors(errors)  # type: ignore[misc]

    def _lies_in(self, thing: Any, regio_id: int) -> bool:
        if isinstance(thing, Organisatie):
            joins = isinstance(self.instance, Deelname)
            return joins or Organisatie.objects.filter(pk=thing.pk, deelname__regio=regio_id).exists()
        return regio_id_of(thing) in {None, regio_id}


def _mark_optional(field: Any) -> None:
    field.label = f"{field.label} {OPTIONAL}"
    attrs = getattr(field.widget, "widget", field.widget).attrs
    if "aria-label" in attrs:
        attrs["aria-label"] += f" {OPTIONAL}"


def _as_things(value: Any) -> Iterable[models.Model]:
    if isinstance(value, models.Model):
        return [value]
    return value if isinstance(value, models.QuerySet) else []


class OwnFilter(admin.RelatedFieldListFilter):
    """A filter in the sidebar that offers what occurs in the list, and so no name of another regio."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        occurring = model_admin.get_queryset(request).order_by().values(self.field_path)
        return [(thing.pk, str(thing)) for thing in field.remote_field.model._default_manager.filter(pk__in=occurring)]


class Scoped(KeyChoices):
    """What a page and an inline of Beheer share: who may do what, and what there is to choose from.

    Whose things they are is decided by `get_queryset` alone: what lies elsewhere is not there for them.
    """

    form: Any = ScopedForm
    formfield_overrides: ClassVar[Any] = {
        models.TextField: {"form_class": TextFormField, "widget": AdminTextareaWidget},
    }
    beheerder_may = DEEDS
    secretaris_may = DEEDS

    def may(self, request: HttpRequest, deed: str) -> bool:
        return deed in (self.beheerder_may if request.user.is_superuser else self.secretaris_may)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "view")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "delete")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "view")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            choosing = isinstance(field, forms.ChoiceField)
            field.error_messages["required"] = "Kies iets uit de lijst." if choosing else "Vul dit in."
            if type(field) in INVALID:
                field.error_messages["invalid"] = INVALID[type(field)]
        if isinstance(field, forms.ModelChoiceField):
            say_where(field, request.user)
        return field

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> models.QuerySet:
        """Offer in every choice what the page of that model would list."""
        return self.admin_site.get_model_admin(db_field.remote_field.model).get_queryset(request)


class ScopedFormSet(SeenFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Verwijderen"


class ScopedInline(Scoped, admin.TabularInline):
    extra = 0
    show_change_link = True
    formset = ScopedFormSet
    # What the rows name of other things, so that they are read together with them.
    related: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = with_newest(super().get_queryset(request))
        return rows.select_related(*self.related) if self.related else rows

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **options)
        formset.form.reader = request.user
        return formset

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Name each field by itself: the head of its column is no label to who hears the page."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs["aria-label"] = capfirst(str(db_field.verbose_name))
        return field


class ScopedAdmin(Scoped, SimpleHistoryAdmin):
    """A page of Beheer. A beheerder meets everything, a secretaris what lies in the own regio's; the rest is a 404."""

    list_per_page = 50
    # What no person ever changes tells by its own fields what became of it.
    has_history = True
    locked_for_secretaris: ClassVar[tuple[str, ...]] = ()
    object_history_template = "admin/geschiedenis.html"
    history_list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return self.own(super().get_queryset(request), request.user)

    def own(self, queryset: Any, gebruiker: Any) -> models.QuerySet:
        return queryset.editable_by(gebruiker)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nothing changes regio, nor what is locked; some fields are the beheerder's."""
        locked = set() if request.user.is_superuser else set(self.locked_for_secretaris)
        locked |= {name for lock in locks_on(obj) for name in lock.fields} if obj else set()
        if obj and any(field.name == "regio" for field in self.opts.fields):
            locked.add("regio")
        return (*super().get_readonly_fields(request, obj), *sorted(locked))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """An address that people already use does not change along with the name."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Who keeps one regio need not choose it."""
        own = list(Regio.objects.editable_by(request.user)[:2])
        return ({"regio": own[0].pk} if len(own) == 1 else {}) | super().get_changeform_initial_data(request)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [self._own_choices(item) for item in super().get_list_filter(request)]

    def _own_choices(self, item: Any) -> Any:
        is_relation = isinstance(item, str) and get_fields_from_path(self.model, item)[-1].remote_field
        return (item, OwnFilter) if is_relation else item

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Filter by what the sidebar offers only: a condition on a hidden field tells what stands in it."""
        offered = [item[0] if isinstance(item, tuple) else item for item in self.get_list_filter(request)]
        path = lookup.removesuffix("__exact").removesuffix("__id").removesuffix("__isnull")
        dates = {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        return path in offered or (path in dates and value.isdecimal() and len(value) <= 4)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Write nothing where nothing changed: a line in the history that says so is a line too many."""
        if form.changed_data or not change:
            super().save_model(request, obj, form, change)

    def view_on_site(self, thing: Any) -> str | None:
        """The address itself, and not Django's redirect by number, which knows no regio."""
        return thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.reader = request.user
        return form

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Hold what is saved, so that a form that is saved at the same instant is compared with the outcome."""
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        pk = self._pk(unquote(object_id))
        try:
            with transaction.atomic():
                self._hold(pk)
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Http404:
            removed = self._removed(request, pk)
            if removed is None:
                raise
        return self._tell_removed(request, removed)

    def _pk(self, object_id: str) -> Any:
        try:
            return self.opts.pk.to_python(object_id)
        except ValidationError:
            return None

    def _removed(self, request: HttpRequest, pk: Any) -> Any:
        """Return the last version of what was removed, to who might have kept it; else None."""
        last = last_if_removed(self.model, pk) if self.may(request, "change") else None
        gebruiker: Any = request.user
        kept = gebruiker.regio_ids_with(Permission.BEHEREN)
        return last if last and (kept is None or regio_id_of(last.instance) in kept) else None

    def _tell_removed(self, request: HttpRequest, removed: Any) -> HttpResponse:
        """Show what was typed, so that it can be copied."""
        form = self.get_form(request)(request.POST)
        typed = [field for field in form.visible_fields() if isinstance(field.field, forms.CharField) and field.value()]
        context = self.admin_site.each_context(request) | {"title": "Dit is intussen verwijderd", "opts": self.opts}
        return TemplateResponse(
            request, "admin/verdwenen.html", context | {"record": removed, "getypt": typed}, status=HTTPStatus.GONE
        )

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any) -> Any:
        """Say why some fields stay as they are, to who may change the others."""
        thing = context["original"]
        if thing and self.has_change_permission(request, thing):
            context["vast"] = [lock.why for lock in locks_on(thing)]
        return super().render_change_form(request, context, *args, **options)

    def _hold(self, pk: Any) -> None:
        rows = [(inline.model, _get_foreign_key(self.model, inline.model).name) for inline in self.inlines]
        for model, path in [(self.model, "pk"), *rows]:
            held = model._default_manager.select_for_update(no_key=True).filter(**{path: pk})
            list(held.order_by("pk").values_list("pk"))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Answer 404 to what lies elsewhere before any question of permission; Django would tell that it is gone."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def response_action(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        """Refuse what no list offers to choose; Django takes it for a number and fails."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(map(is_key, chosen)):
            raise Http404
        return super().response_action(request, queryset)

    def message_user(self, request: HttpRequest, message: Any, *args: Any, **options: Any) -> None:
        """Name the thing without an article: Django's Dutch calls everything de, a meetmoment and an overleg too."""
        name = str(self.opts.verbose_name)
        said = re.sub(f"^De {re.escape(name)} ", f"{capfirst(name)} ", str(message))
        said = re.sub(r"U kunt deze hieronder \w+ bewerken", "U kunt hieronder verder", said)
        super().message_user(request, SafeString(said) if isinstance(message, SafeString) else said, *args, **options)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Where something protects it from deletion, tell what; that nobody deletes that either is no news."""
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set() if protected else forbidden, protected

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who did what, when, and what stood there before."""
        self._require_history()
        thing = self.get_object(request, unquote(object_id))
        records = self.get_history_queryset(request, self.model.history, self.opts.pk.attname, thing.pk)
        page = Paginator(records, self.history_list_per_page).get_page(request.GET.get("p"))
        # One more than the page shows: what the last one changed is told by the one before it.
        shown = list(records[page.start_index() - 1 : page.end_index() + 1])
        context = {
            "title": f"Geschiedenis van {thing}",
            "pagina": page,
            "stappen": self._steps(shown)[: len(page)],
            **self._history_context(request, thing),
        }
        return TemplateResponse(request, self.object_history_template, context | (extra_context or {}))

    def _require_history(self) -> None:
        if not self.has_history:
            raise Http404

    def _steps(self, records: list[Any]) -> list[dict[str, Any]]:
        """Each record with its changes against the one before it."""
        steps = []
        for record, previous in zip(records, [*records[1:], None], strict=True):
            delta = record.diff_against(previous, foreign_keys_are_objs=True) if previous else None
            changes = [field_change(self.model, change) for change in delta.changes] if delta else []
            steps.append({"record": record, "wijzigingen": changes})
        return steps

    @method_decorator(require_safe)
    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All that stood there at one moment, to read."""
        self._require_history()
        thing = self.get_object(request, unquote(object_id))
        record = self.model.history.filter(pk=version_id if version_id.isdecimal() else None).first()
        if record is None or getattr(record, self.opts.pk.attname) != thing.pk:
            raise Http404
        tracked = [field for field in record.tracked_fields if not field.primary_key]
        context = {
            "title": f"{thing} zoals het was",
            "record": record,
            "velden": [(field.verbose_name, readable(field, _stored(record, field))) for field in tracked],
            **self._history_context(request, thing),
        }
        return TemplateResponse(request, "admin/versie.html", context)

    def _history_context(self, request: HttpRequest, thing: Any) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"opts": self.opts, "object": thing}


def _stored(record: Any, field: Any) -> Any:
    try:
        return getattr(record, field.name)
    except ObjectDoesNotExist:
        return GONE
