"""Whose is it: every QuerySet knows its path to a regio, and one line both authorises and fetches."""

from typing import Any, Self, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

from regio.permissions import Permission

T = TypeVar("T", bound=Model)


class RegioQuerySet(QuerySet[T]):
    """What belongs to a regio, reached over `regio_path` (a lookup path; "" when T is the regio itself)."""

    regio_path = "regio"

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
        if not gebruiker.has_permission(permission, self._regio_id_of(found)):
            raise PermissionDenied(permission.label)
        return found

    def _where_permitted(self, gebruiker: Any, permission: Permission) -> Self:
        regio_ids = gebruiker.regio_ids_with(permission)
        if regio_ids is None:
            return self.all()
        return self.filter(**{f"{self.regio_path}__in" if self.regio_path else "pk__in": regio_ids})

    def _regio_id_of(self, found: Any) -> int:
        for step in self.regio_path.split("__") if self.regio_path else []:
            found = getattr(found, step)
        return found.pk
