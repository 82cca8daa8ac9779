"""What input is acceptable for a score and for giving a report back."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.http import QueryDict

from agenda.models import Schaalwaarde
from monitoring.overview import Entry
from regio.privacy import validate_free_text

TOELICHTING_MAX = 5000


class ScoreForm(forms.Form):
    """One doel's score and explanation. Prefixed by the doel's code, so that thirteen fit in one page and one POST.

    A value without the explanation it needs is kept as a draft: losing what somebody chose is worse than an unfinished
    score. What is still missing is told by completeness.py and stops submission, not saving.
    """

    waarde = forms.TypedChoiceField(label="Score", required=False, widget=forms.RadioSelect, empty_value=None)
    toelichting = forms.CharField(
        label="Toelichting",
        required=False,
        max_length=TOELICHTING_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
        validators=[validate_free_text],
        error_messages={
            "max_length": "Deze toelichting is %(show_value)d tekens lang. Kort haar in tot %(limit_value)d tekens."
        },
    )
    versie = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, entry: Entry, waarden: Sequence[Schaalwaarde]) -> None:
        initial = {
            "waarde": entry.waarde.pk if entry.waarde else "",
            "toelichting": entry.score.toelichting if entry.score else "",
            "versie": entry.score.versie if entry.score else 0,
        }
        super().__init__(data, prefix=entry.doel.slug, initial=initial)
        by_pk = {str(waarde.pk): waarde for waarde in waarden}
        field = cast(forms.TypedChoiceField, self.fields["waarde"])
        field.choices = [("", "Nog geen score"), *((pk, str(waarde)) for pk, waarde in by_pk.items())]
        field.coerce = by_pk.__getitem__


class TeruggaveForm(forms.Form):
    reden = forms.CharField(
        label="Waarom geeft u dit meetmoment terug?",
        help_text="De secretaris ziet deze reden. Zij blijft in de geschiedenis staan.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[validate_free_text],
        error_messages={
            "required": "Schrijf wat er moet gebeuren voordat dit meetmoment opnieuw kan worden voorgelegd."
        },
    )
