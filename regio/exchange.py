"""Import and export in Beheer by django-import-export: preview with the differences, errors per row, all or nothing."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import tablib
from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST
from import_export.admin import ImportExportMixin
from import_export.fields import Field
from import_export.formats.base_formats import Format
from import_export.forms import ExportForm
from import_export.resources import Diff, ModelResource
from import_export.results import Result, RowResult
from import_export.widgets import Widget

from regio.audit import Event, record
from regio.history import Difference
from regio.locks import require_unlocked
from regio.privacy import validate_free_text
from regio.tables import (
    MAX_BYTES,
    Row,
    Table,
    TableError,
    clean_text,
    file_name,
    read_table,
    write_csv,
    write_ods,
    write_xlsx,
)

logger = logging.getLogger("agendamonitor")

T = TypeVar("T")

# Where a dataset keeps the number that its row has in the file; no column of a file is called this.
ROW = "#"
PREVIEW_SECONDS = 60 * 60
SHOWN_CHOICES = 12


class Csv(Format):
    title, extension, content_type, write = "CSV (.csv)", "csv", "text/csv; charset=utf-8", staticmethod(write_csv)

    def get_title(self) -> str:
        return self.title

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_export(self) -> bool:
        return True

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return type(self).write(dataset.headers, list(dataset))


class Xlsx(Csv):
    title, extension, write = "Excel (.xlsx)", "xlsx", staticmethod(write_xlsx)
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Ods(Csv):
    title, extension, write = "OpenDocument (.ods)", "ods", staticmethod(write_ods)
    content_type = "application/vnd.oasis.opendocument.spreadsheet"


class PlainWidget(Widget):
    """A cell as the tables know it: a number, or a text."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return ""
        return value if isinstance(value, int) and not isinstance(value, bool) else clean_text(str(value))


class JaNeeWidget(Widget):
    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "ja" if value else "nee"


def column(attribute: str, name: str, *, key: bool = False, widget: Widget | None = None) -> Field:
    """Return a column `name` of the file; a `key` tells which thing a row is about and changes nothing in it."""
    return Field(attribute=attribute, column_name=name, readonly=key, widget=widget or PlainWidget())


@dataclass(frozen=True)
class Fout:
    """What is wrong with one cell, or with a whole row (kolom empty), and what is expected there."""

    rij: int
    kolom: str
    waarde: str
    verwacht: str


class Uitslag(Result):
    """The result of an import, with its errors as a person can mend them."""

    def __init__(self) -> None:
        super().__init__()
        self.fouten: list[Fout] = []

    def append_invalid_row(self, number: int, row: Mapping[str, Any], validation_error: ValidationError) -> None:
        super().append_invalid_row(number, row, validation_error)
        for name, sentences in _by_column(validation_error).items():
            for sentence in sentences:
                self.fouten.append(Fout(row[ROW], name, row.get(name, ""), sentence))

    def append_error_row(self, number: int, row: Mapping[str, Any], errors: list[Any]) -> None:
        super().append_error_row(number, row, errors)
        logger.error("import-row-failed row=%s", row[ROW], exc_info=errors[0].error)
        self.fouten.append(Fout(row[ROW], "", "", "Deze rij kan niet worden verwerkt. Vraag de beheerder om hulp."))

    @property
    def is_good(self) -> bool:
        return not (self.fouten or self.has_errors())

    @property
    def gewijzigd(self) -> list[RowResult]:
        return [row for row in self.rows if row.is_new() or row.is_update()]

    @property
    def telling(self) -> str:
        """What happens to the rows, in the words of every import."""
        count = self.totals
        return (
            f"nieuw {count['new']}, gewijzigd {count['update']}, gelijk {count['skip']}, fout {len(self.invalid_rows)}"
        )

    @property
    def vingerafdruk(self) -> str:
        """What the preview was made from: when another stored value stands there now, the preview no longer holds."""
        seen = [(row.number, row.import_type, [change.old for change in row.diff]) for row in self.rows if row.diff]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def _by_column(error: ValidationError) -> dict[str, list[str]]:
    by_name = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    return {
        "" if name == NON_FIELD_ERRORS else name: [_sentence(one) for one in found] for name, found in by_name.items()
    }


def _sentence(error: ValidationError) -> str:
    return "Vul deze cel in." if error.code in {"blank", "null"} else str(*error.messages)


class Verschil(Diff):
    def as_html(self) -> list[Difference]:
        """The cells of a row, each with what stood there; the marks come from a stylesheet, not from inline style."""
        pairs = zip(self.left, self.right, strict=True)
        return [Difference("" if self.new else str(old), str(new)) for old, new in pairs]


class RegioResource(ModelResource):
    """Rows that name what they are about by natural columns, within the regio's of `by`.

    An empty cell leaves what stood there: an import empties and deletes nothing. Every column must be known.
    """

    required_columns: ClassVar[tuple[str, ...]] = ()
    # What a row must say as well when it is about something that is not stored yet.
    needed_when_new: ClassVar[tuple[str, ...]] = ()

    class Meta:
        import_id_fields: ClassVar[tuple[str, ...]] = ()
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def __init__(self, by: Any = None, **kwargs: Any) -> None:
        super().__init__()
        self.by = by
        self.seen: dict[Any, int] = {}

    @classmethod
    def get_result_class(cls) -> type[Result]:
        return Uitslag

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        return Verschil

    def check_columns(self, names: Iterable[str]) -> None:
        """Raise TableError unless the file has the columns it needs and no other."""
        known = self.get_diff_headers()
        strange = [name for name in names if name not in known]
        missing = [name for name in self.required_columns if name not in names]
        if strange:
            raise TableError(
                f"De kolom ‘{strange[0]}’ hoort niet in dit bestand. Toegestaan zijn: {', '.join(known)}. "
                "Haal de kolom weg; gegevens van leerlingen horen hier nooit."
            )
        if missing:
            raise TableError(f"De kolom ‘{missing[0]}’ ontbreekt. Nodig zijn: {', '.join(self.required_columns)}.")

    def once(self, key: Any, row: Mapping[str, Any]) -> None:
        """Refuse the second row about the same thing."""
        if key in self.seen:
            raise ValidationError(f"Een rij voor elk: rij {self.seen[key]} gaat over hetzelfde.")
        self.seen[key] = row[ROW]

    def find_or_make(self, row: Mapping[str, Any]) -> Any:
        """Return the stored thing that `row` is about, or a new one.

        Raises ValidationError, by column, when the row names none that `by` may change.
        """
        raise NotImplementedError

    def read(self, name: str, cell: str, instance: Any) -> Any:
        """Return the value that `cell` gives to column `name`; free text unless a resource says otherwise."""
        validate_free_text(cell)
        return cell

    def get_or_init_instance(self, instance_loader: Any, row: Mapping[str, Any]) -> tuple[Any, bool]:
        instance = self.find_or_make(row)
        return instance, instance.pk is None

    def import_instance(self, instance: Any, row: Mapping[str, Any], **kwargs: Any) -> None:
        errors: dict[str, Any] = {}
        for field in self.get_import_fields():
            cell = row.get(field.column_name, "")
            if field.readonly or not cell or cell == str(field.export(instance)):
                continue
            try:
                require_unlocked(instance, field.attribute)
                setattr(instance, field.attribute, self.read(field.column_name, cell, instance))
            except ValidationError as error:
                errors |= getattr(error, "error_dict", {field.column_name: error})
        if errors:
            raise ValidationError(errors)

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """Add what the model itself refuses, under the name of the column."""
        columns = {field.attribute: field.column_name for field in self.get_import_fields()}
        errors = dict(import_validation_errors or {})
        attributes = {field.attribute for field in self.get_import_fields() if field.column_name in errors}
        try:
            instance.full_clean(exclude=attributes)
        except ValidationError as error:
            errors |= {columns.get(name, name): found for name, found in error.error_dict.items()}
        if errors:
            raise ValidationError(errors)

    def after_import_row(self, row: Mapping[str, Any], row_result: RowResult, **kwargs: Any) -> None:
        """Tell of the row which one it is, what it is about and what changes in it."""
        columns = list(zip(self.get_import_fields(), row_result.diff, strict=True))
        row_result.number = row[ROW]
        row_result.sleutel = " · ".join(cell.new for field, cell in columns if field.readonly and cell.new)
        row_result.verschillen = [
            (field.column_name, cell) for field, cell in columns if not field.readonly and cell.old != cell.new
        ]


def pick(things: Iterable[T], cell: str, name: str, names: Callable[[T], tuple[str, ...]]) -> T:
    """Return the one of `things` that `cell` names, whatever its capitals; else say what column `name` may hold.

    `names` gives what a thing may be called, first what is shown.
    """
    offered = list(things)
    for thing in offered:
        if cell.lower() in {called.lower() for called in names(thing)}:
            return thing
    # "En 1 andere" would be longer than that one.
    hidden = len(offered) - SHOWN_CHOICES if len(offered) > SHOWN_CHOICES + 1 else 0
    shown = ", ".join(names(thing)[0] for thing in offered[: len(offered) - hidden])
    more = f" en {hidden} andere" if hidden else ""
    none_yet = f"Er is hier nog geen {name}. Voeg die eerst toe in Beheer."
    raise ValidationError({name: f"Kies uit: {shown}{more}." if offered else none_yet})


class BestandForm(forms.Form):
    bestand = forms.FileField(
        label="Bestand",
        help_text=f"CSV, Excel (.xlsx) of OpenDocument (.ods), niet groter dan {MAX_BYTES // 1024**2} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.ods"}),
        error_messages={
            "required": "Kies eerst een bestand.",
            "empty": "Dit bestand is leeg.",
            "missing": "Kies eerst een bestand.",
        },
    )

    def __init__(self, *args: Any, resource: RegioResource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resource = resource

    def clean_bestand(self) -> Table:
        file = self.cleaned_data["bestand"]
        try:
            # One byte past the limit is enough to know that it is too large.
            table = read_table(file.name, file.read(MAX_BYTES + 1))
            self.resource.check_columns(table.columns)
        except TableError as error:
            raise ValidationError(str(error)) from error
        return table


class UitvoerForm(ExportForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].label = "Soort bestand"
        self.fields["format"].choices = self.fields["format"].choices[1:]


def _as_dataset(table: Table) -> tablib.Dataset:
    dataset = tablib.Dataset(headers=[*table.columns, ROW])
    for row in table.rows:
        dataset.append([*row.cells.values(), row.number])
    return dataset


class ExchangeMixin(ImportExportMixin):
    """Import and export for a ScopedAdmin. A preview travels through the page, signed: no file stays behind."""

    skip_admin_log = True
    export_form_class = UitvoerForm
    formats = [Xlsx, Csv, Ods]

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "change")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "view")

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[Any]:
        return []  # everything that the list shows is exported, never a choice by number

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {"by": request.user}

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Format) -> str:
        name = f"{self.opts.verbose_name_plural}-{timezone.localdate().isoformat()}"
        return file_name(name, file_format.get_extension(), made_up=self.is_made_up(queryset))

    def is_made_up(self, queryset: Any) -> bool:
        """Tell whether among these things are some that nobody entered."""
        return False

    def _do_file_export(
        self, file_format: Format, request: HttpRequest, queryset: Any, export_form: Any = None
    ) -> HttpResponse:
        try:
            response = super()._do_file_export(file_format, request, queryset, export_form)
        except TableError as error:
            raise ValueError(str(error)) from error
        record(Event.EXPORT, by=request.user, model=self.opts.label, soort=file_format.get_extension())
        return response

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask for a file, and show what it would change or what is wrong with it."""
        resource = self._importer(request)
        form = BestandForm(*self._posted(request), resource=resource)
        if form.is_valid():
            table = form.cleaned_data["bestand"]
            result = resource.import_data(_as_dataset(table), dry_run=True, user=request.user)
            return self._show_preview(request, form, result, table)
        return self._show_preview(request, form)

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Carry out what was previewed, all of it or nothing."""
        resource = self._importer(request)
        form = BestandForm(resource=resource)
        try:
            table, fingerprint = self._unseal(request)
        except signing.BadSignature:
            messages.error(request, "Deze voorbeeldweergave is verlopen. Kies het bestand opnieuw.")
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")
        with transaction.atomic():
            result = resource.import_data(
                _as_dataset(table), rollback_on_validation_errors=True, use_transactions=True, user=request.user
            )
            holds = result.is_good and result.vingerafdruk == fingerprint
            transaction.set_rollback(not holds)
        if not holds:
            messages.error(
                request, "Er is niets opgeslagen: intussen is er iets gewijzigd. Kijk de verschillen opnieuw na."
            )
            return self._show_preview(request, form, result, table)
        record(Event.IMPORT, by=request.user, model=self.opts.label, rijen=len(result.gewijzigd))
        messages.success(request, f"Het bestand is ingelezen: {result.telling}.")
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _posted(self, request: HttpRequest) -> tuple[Any, Any]:
        return (request.POST, request.FILES) if request.method == "POST" else (None, None)

    def _importer(self, request: HttpRequest) -> RegioResource:
        if not self.has_import_permission(request):
            raise PermissionDenied(f"{self.opts.verbose_name_plural} importeren")
        (resource_class,) = self.get_import_resource_classes(request)
        return resource_class(by=request.user)

    def _show_preview(
        self, request: HttpRequest, form: BestandForm, result: Uitslag | None = None, table: Table | None = None
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": f"{str(self.opts.verbose_name_plural).capitalize()} importeren",
            "opts": self.opts,
            "form": form,
            "uitslag": result,
            "kolommen": form.resource.get_diff_headers(),
            "verplicht": form.resource.required_columns,
            "bij_nieuw": form.resource.needed_when_new,
        }
        if result and table and result.is_good and result.gewijzigd:
            context["gegevens"] = self._seal(request, table, result)
        return TemplateResponse(request, self.import_template_name, context)

    def _seal(self, request: HttpRequest, table: Table, result: Uitslag) -> str:
        rows = [[row.number, *row.cells.values()] for row in table.rows]
        return signing.dumps([table.columns, rows, result.vingerafdruk], salt=self._salt(request), compress=True)

    def _unseal(self, request: HttpRequest) -> tuple[Table, str]:
        sealed = request.POST.get("gegevens", "")
        columns, rows, fingerprint = signing.loads(sealed, salt=self._salt(request), max_age=PREVIEW_SECONDS)
        return Table(
            columns, [Row(number, dict(zip(columns, cells, strict=True))) for number, *cells in rows]
        ), fingerprint

    def _salt(self, request: HttpRequest) -> str:
        """A preview is of one person and one page."""
        return f"import {self.opts.label} {request.user.pk}"
