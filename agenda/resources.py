"""Doelen in and out as a table: one row a doel, named by regio, agenda and code."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from import_export.widgets import Widget

from agenda.models import Agenda, Doel, Thema
from regio.exchange import JaNeeWidget, RegioResource, column, pick
from regio.models import Regio
from regio.permissions import Permission
from regio.signals import SignalKind

JA_NEE = {"ja": True, "nee": False}
GEEN_SIGNAAL = "geen"
SIGNALEN = {GEEN_SIGNAAL: "", **{kind.value: kind for kind in SignalKind}}
MAX_VOLGORDE = 32_767


def names_of(thing: Any) -> tuple[str, str]:
    return thing.slug, thing.naam


class AgendaRowResource(RegioResource):
    """Rows that begin with regio and agenda, among those where `by` has `permission`."""

    permission = Permission.BEHEREN

    @cached_property
    def agendas(self) -> list[Agenda]:
        regio_ids = self.by.regio_ids_with(self.permission)
        own = Agenda.objects.all() if regio_ids is None else Agenda.objects.filter(regio__in=regio_ids)
        return list(own.select_related("regio", "schaal"))

    def find_agenda(self, row: Mapping[str, Any]) -> Agenda:
        regios: list[Regio] = list(dict.fromkeys(agenda.regio for agenda in self.agendas))
        regio = pick(regios, row["regio"], "regio", names_of)
        return pick([agenda for agenda in self.agendas if agenda.regio == regio], row["agenda"], "agenda", names_of)


class ThemaWidget(Widget):
    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class SignaalWidget(Widget):
    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value or GEEN_SIGNAAL


class DoelResource(AgendaRowResource):
    regio = column("thema__agenda__regio__slug", "regio", key=True)
    agenda = column("thema__agenda__slug", "agenda", key=True)
    thema = column("thema", "thema", widget=ThemaWidget())
    code = column("code", "code", key=True)
    plan = column("plan", "plan")
    uitvoering = column("uitvoering", "do")
    controle = column("controle", "check")
    bijsturing = column("bijsturing", "act")
    lokaal = column("lokaal", "lokaal", widget=JaNeeWidget())
    toelichting = column("toelichting", "toelichting")
    volgorde = column("volgorde", "volgorde")
    signaal = column("signaal", "signaal", widget=SignaalWidget())

    required_columns = ("regio", "agenda", "code")
    needed_when_new = ("thema", "plan")

    class Meta(RegioResource.Meta):
        model = Doel
        fields = (
            *("regio", "agenda", "thema", "code", "plan", "uitvoering", "controle", "bijsturing"),
            *("lokaal", "toelichting", "volgorde", "signaal"),
        )

    def __init__(self, by: Any = None, **kwargs: Any) -> None:
        super().__init__(by, **kwargs)
        self.themas: dict[int, list[Thema]] = {}
        self.doelen: dict[int, dict[str, Doel]] = {}

    def find_or_make(self, row: Mapping[str, Any]) -> Doel:
        agenda = self.find_agenda(row)
        code = row["code"].upper()
        self.once((agenda.pk, code), row)
        if agenda.pk not in self.doelen:
            self.themas[agenda.pk] = list(Thema.objects.filter(agenda=agenda).select_related("agenda__regio"))
            stored = Doel.objects.for_agenda(agenda).select_related("thema__agenda__regio")
            self.doelen[agenda.pk] = {doel.code: doel for doel in stored}
        doel = self.doelen[agenda.pk].get(code)
        cell = row.get("thema", "")
        if cell or doel is None:
            # `read` knows no agenda, and the thema is among what it may change.
            self.thema_of_row = pick(self.themas[agenda.pk], cell, "thema", lambda thema: (thema.code, thema.naam))
        return doel or Doel(code=code)

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        return instance.pk is not None and super().skip_row(instance, original, row, import_validation_errors)

    def read(self, name: str, cell: str, instance: Doel) -> Any:
        if name == "thema":
            return self.thema_of_row
        if name == "lokaal":
            if cell.lower() not in JA_NEE:
                raise ValidationError("ja of nee.")
            return JA_NEE[cell.lower()]
        if name == "volgorde":
            if not (cell.isdecimal() and int(cell) <= MAX_VOLGORDE):
                raise ValidationError("Een heel getal vanaf 0.")
            return int(cell)
        if name == "signaal":
            return SIGNALEN[pick(SIGNALEN, cell, "signaal", lambda signaal: (signaal,))]
        return super().read(name, cell, instance)

    def before_save_instance(self, instance: Any, row: Mapping[str, Any], **kwargs: Any) -> None:
        """A new doel without a place comes last in its thema."""
        if instance.pk is None and not row.get("volgorde"):
            last = Doel.objects.filter(thema=instance.thema).aggregate(last=Max("volgorde"))["last"]
            instance.volgorde = 0 if last is None else last + 1
