"""What somebody chose in a form of Beheer, and is no key that a database can look for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.http import HttpRequest

# No database counts further.
MAX_DIGITS = 18


def is_key(value: str) -> bool:
    """Tell whether a database can look for it; Django's own choice of one of many fails on what it cannot."""
    return value.isdecimal() and len(value) <= MAX_DIGITS


class KeysField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not is_key(str(key)):
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": key})
        return super().clean(value)


class KeySelect(AutocompleteSelect):
    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        return super().optgroups(name, [key for key in value if is_key(key)], attr)


class KeySelectMultiple(KeySelect, AutocompleteSelectMultiple):
    """The same for many of many."""


class KeyChoices(BaseModelAdmin):
    """A page or an inline that shows again what was chosen from a list that is too long to show."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KeySelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs |= {"widget": KeySelectMultiple(db_field, self.admin_site), "form_class": KeysField}
        return super().formfield_for_manytomany(db_field, request, **kwargs)
