"""What input is acceptable for a count, and for giving an opgave back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from regio.privacy import validate_free_text
from thuiszitters.counting import Count, read_count
from thuiszitters.models import TOELICHTING_MAX


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
                "max_length": "Deze toelichting is %(show_value)d tekens lang. Kort haar in tot %(limit_value)d tekens of minder."
            },
            **kwargs,
        )


class TeruggaveForm(forms.Form):
    reden = forms.CharField(
        label="Waarom geeft u deze opgave terug?",
        help_text="De gemeente ziet deze reden. Zij blijft in de geschiedenis staan.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[validate_free_text],
        error_messages={"required": "Schrijf wat de gemeente moet nakijken."},
    )
