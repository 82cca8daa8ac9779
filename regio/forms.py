"""What input is acceptable for a vergadering."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from regio.models import Overleg, Vergadering


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
