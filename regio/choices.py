"""In Beheer, where a choice lies: two regio's each have an OOGO, and two agenda's may have a thema of one name."""

from functools import partial
from typing import Any

from django.forms import ModelChoiceField

from regio.permissions import Permission
from regio.scope import RegioQuerySet
from regio.trail import path_of


def say_where(field: ModelChoiceField, gebruiker: Any) -> None:
    """Name with each choice its agenda and, for who keeps several regio's, its regio; in the same one query."""
    scope = field.queryset
    if not isinstance(scope, RegioQuerySet) or scope.or_regio_path:
        return
    path = path_of(scope.model)
    if not path:
        return
    field.queryset = scope.select_related(path)
    told = {"agenda", "regio"} if _keeps_several(gebruiker) else {"agenda"}
    field.label_from_instance = partial(_label, path.split("__"), told)  # type: ignore[method-assign]


def _keeps_several(gebruiker: Any) -> bool:
    kept = gebruiker.regio_ids_with(Permission.BEHEREN)
    return kept is None or len(kept) > 1


def _label(steps: list[str], told: set[str], choice: Any) -> str:
    where, thing = [], choice
    for step in steps:
        thing = getattr(thing, step)
        if step in told:
            where.append(str(thing))
    return f"{choice} ({', '.join(where)})" if where else str(choice)
