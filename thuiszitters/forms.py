"""What input is acceptable for a count, and for giving an opgave back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from regio.forms import WholeTextField
from regio.privacy import validate_free_text
from regio.tables import EXPECTED
from thuiszitters.counting import Count, read_count
from thuiszitters.models import TOELICHTING_MAX
from thuiszitters.resources import UPLOAD
from thuiszitters.tidy import COLUMNS


class AantalField(forms.CharField):
    """A count as people type it: a whole number, ? for unknown, nothing for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> Count:
        try:
            return read_count(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class ToelichtingField(forms.CharField):
    """One sentence of explanation, without personal data in it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=TOELICHTING_MAX,
            validators=[validate_free_text],
            error_messages={
                "max_length": "Deze toelichting is %(show_value)d tekens lang. Hoogstens %(limit_value)d passen."
            },
            **kwargs,
        )


class TeruggaveForm(forms.Form):
    reden = WholeTextField(
        label="Waarom geeft u deze opgave terug?",
        help_text="De gemeente ziet deze reden. Zij blijft in de geschiedenis staan.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[validate_free_text],
        error_messages={"required": "Schrijf wat de gemeente moet nakijken."},
    )


class BestandForm(forms.Form):
    bestand = forms.FileField(
        label="Bestand met aantallen",
        help_text=f"CSV, Excel (.xlsx) of OpenDocument (.ods), een aantal per rij, tot {UPLOAD.size // 1024**2} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.ods"}),
        error_messages={
            "required": "Kies eerst een bestand.",
            "missing": "Kies eerst een bestand.",
            "invalid": "Kies eerst een bestand.",
            "empty": f"Dit bestand is leeg. {EXPECTED}",
        },
    )

    def clean_bestand(self) -> Any:
        file = self.cleaned_data["bestand"]
        if file.size > UPLOAD.size:
            raise ValidationError(
                f"Dit bestand is groter dan {UPLOAD.size // 1024**2} MB. Splits het in kleinere bestanden."
            )
        return file


class KoppelingForm(forms.Form):
    """What each of our columns is called in this file; asked once, then remembered for the regio."""

    def __init__(self, *args: Any, missing: list[str], offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kolom in missing:
            self.fields[kolom] = forms.ChoiceField(
                label=f"Welke kolom is ‘{kolom}’?",
                choices=[("", "Kies een kolom"), *((kop, kop) for kop in offered)],
                error_messages={"required": "Kies een kolom.", "invalid_choice": "Kies een kolom van dit bestand."},
            )

    def clean(self) -> dict[str, Any]:
        chosen = [kop for kop in self.cleaned_data.values() if kop]
        if len(chosen) != len(set(chosen)):
            raise ValidationError("Kies elke kolom van het bestand hoogstens één keer.")
        return self.cleaned_data

    @property
    def koppeling(self) -> dict[str, str]:
        return {kolom: kop for kolom, kop in self.cleaned_data.items() if kolom in COLUMNS}
