"""Whose is it: every QuerySet knows its path to a regio, and one line both authorises and fetches."""

from typing import Any, Self, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404

from regio.permissions import Permission

T = TypeVar("T", bound=Model)


class RegioQuerySet(QuerySet[T]):
    """What belongs to a regio, reached over `regio_path` (a lookup path; "" when T is the regio itself).

    What hangs on one of two things has its second way there in `or_regio_path`.
    """

    regio_path = "regio"
    or_regio_path = ""

    def visible_to(self, gebruiker: Any) -> Self:
        """Return what lies in a regio that `gebruiker` may read."""
        return self._where_permitted(gebruiker, Permission.REGIO_BEKIJKEN)

    def editable_by(self, gebruiker: Any) -> Self:
        """Return what `gebruiker` may keep in the admin."""
        return self._where_permitted(gebruiker, Permission.BEHEREN)

    def fetch_for(self, gebruiker: Any, permission: Permission, **lookup: Any) -> T:
        """Return the one object that `lookup` names.

        Raises Http404 when it does not exist or lies in a regio that `gebruiker` is not in, PermissionDenied when
        `gebruiker` is in the regio but lacks `permission`.
        """
        found = self.visible_to(gebruiker).filter(**lookup).first()
        if found is None:
            raise Http404
        if not gebruiker.has_permission(permission, self.regio_id_of(found)):
            raise PermissionDenied(permission.label)
        return found

    def _where_permitted(self, gebruiker: Any, permission: Permission) -> Self:
        regio_ids = gebruiker.regio_ids_with(permission)
        if regio_ids is None:
            return self.all()
        within = Q(**{f"{self.regio_path}__in" if self.regio_path else "pk__in": regio_ids})
        if self.or_regio_path:
            within |= Q(**{f"{self.or_regio_path}__in": regio_ids})
        return self.filter(within)

    def regio_id_of(self, found: Any) -> int | None:
        """Return the id of the regio that `found` lies in, None for what lies in none."""
        return _walk(found, self.regio_path) or (_walk(found, self.or_regio_path) if self.or_regio_path else None)


def _walk(found: Any, path: str) -> int | None:
    for step in path.split("__") if path else []:
        found = getattr(found, step) if found is not None else None
    return found.pk if found is not None else None
