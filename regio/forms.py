"""What input is acceptable for a vergadering and for an audit, and how a form shows that something was refused."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.formats import number_format

from regio.kalender import Vergadering
from regio.models import Overleg, Regio


@contextmanager
def refusals_in(form: forms.BaseForm, *kinds: type[Exception]) -> Iterator[None]:
    """Show in `form` why what is tried here was refused; `kinds` are the refusals whose words are for its reader."""
    try:
        yield
    except kinds as refusal:
        form.add_error(None, str(refusal))


class WholeTextField(forms.CharField):
    """Takes a text as it was pasted and says when it is too long: a browser would cut it without a word."""

    default_error_messages: ClassVar[Any] = {
        "max_length": "Deze tekst is %(show_value)d tekens lang. Kort hem in tot %(limit_value)d tekens."
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class GetalField(forms.DecimalField):
    """A number as the Dutch type it: 1.234,5 or 1234,5 or 1234.5, with spaces for dots; no other way of writing one."""

    WRITTEN = re.compile(r"(?P<whole>\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(?P<cents>\d+))?|(?P<plain>\d+\.\d{1,2})", re.ASCII)
    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        text = re.sub(r"\s", " ", str(value if value is not None else "")).strip()
        if not text:
            return None
        written = self.WRITTEN.fullmatch(text)
        if written is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        whole, cents, plain = written["whole"], written["cents"], written["plain"]
        return Decimal(plain or f"{re.sub('[. ]', '', whole)}.{cents or 0}")

    def prepare_value(self, value: Any) -> Any:
        return number_format(value, use_l10n=True) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal"}


class VergaderingForm(forms.ModelForm):
    versie = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Vergadering
        fields = ("overleg", "datum", "begintijd", "eindtijd", "plaats", "onderwerp")
        widgets = {
            "datum": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "begintijd": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "eindtijd": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        error_messages = {
            "overleg": {
                "required": "Kies welk overleg vergadert.",
                "invalid_choice": "Kies een overleg van deze regio.",
            },
            "datum": {"required": "Vul de dag in.", "invalid": "Schrijf de dag als 10-12-2026."},
            "begintijd": {"invalid": "Schrijf de tijd als 14:00."},
            "eindtijd": {"invalid": "Schrijf de tijd als 16:00."},
        }

    def __init__(self, *args: Any, overleggen: QuerySet[Overleg], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["overleg"] = forms.ModelChoiceField(
            label="Overleg",
            queryset=overleggen,
            empty_label="Kies een overleg",
            error_messages=self.Meta.error_messages["overleg"],
        )
        self.fields["versie"].initial = self.instance.versie if self.instance.pk else 0

    def show_what_stands_there(self, current: Vergadering | None) -> None:
        """Tell what somebody else saved in between; to save once more puts what was typed in its place."""
        if current is None:
            self.add_error(None, "Iemand anders verwijderde deze vergadering intussen. Maak haar zo nodig opnieuw.")
            return
        self.data = {**self.data.dict(), "versie": str(current.versie)}  # type: ignore[attr-defined]
        self.add_error(None, f"Iemand anders wijzigde deze vergadering intussen. {_in_words(current)}")


def _in_words(vergadering: Vergadering) -> str:
    parts = [
        str(vergadering),
        " tot ".join(f"{tijd:%H.%M}" for tijd in (vergadering.begintijd, vergadering.eindtijd) if tijd),
        vergadering.plaats,
        vergadering.onderwerp,
    ]
    stands_there = ", ".join(part for part in parts if part)
    return f"Nu staat er: {stands_there}. Bewaar nog eens om uw invoer ervoor in de plaats te zetten."


AUDIT_FORMATS = {"csv": "CSV, voor Excel en LibreOffice", "xlsx": "Excel (xlsx)", "json": "JSON, voor een programma"}


def _day_of_period(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        error_messages={"invalid": "Schrijf de datum als 11-09-2025."},
    )


class AuditForm(forms.Form):
    regio = forms.ModelChoiceField(
        Regio.objects.none(),
        label="Regio",
        required=False,
        to_field_name="slug",
        empty_label="alle regio’s, en wat bij geen regio hoort",
        error_messages={"invalid_choice": "Kies een regio uit de lijst."},
    )
    van = _day_of_period("Vanaf")
    tot = _day_of_period("Tot en met")
    soort = forms.ChoiceField(
        label="Soort bestand",
        choices=AUDIT_FORMATS.items(),
        initial="csv",
        error_messages={
            "required": "Kies een soort bestand.",
            "invalid_choice": "Kies een soort bestand uit de lijst.",
        },
    )

    def __init__(self, data: Any = None, *, regios: Any) -> None:
        super().__init__(data)
        self.fields["regio"].queryset = regios  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("van") and given.get("tot") and given["van"] > given["tot"]:
            self.add_error("tot", "De laatste dag ligt vóór de eerste. Draai de twee om.")
        return given
