"""Who is told: who does it, else the secretaris, else a beheerder. Inactive people and former members are nobody."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from regio.models import Gebruiker, Lidmaatschap, Organisatie
from regio.permissions import ROLES, Permission, Rol


class Trede(StrEnum):
    """In which capacity somebody is told."""

    EIGEN = "eigen"
    SECRETARIS = "secretaris"
    BEHEERDER = "beheerder"


@dataclass(frozen=True)
class Aan:
    """The ids of who is told, and as what."""

    mensen: tuple[int, ...]
    trede: Trede

    def without(self, gebruiker: Gebruiker) -> "Aan":
        """Leave out who did it: they know."""
        return replace(self, mensen=tuple(pk for pk in self.mensen if pk != gebruiker.pk))

    def and_also(self, mensen: Iterable[int]) -> "Aan":
        return replace(self, mensen=_once((*self.mensen, *mensen)))


def choose(eigen: Iterable[int], secretarissen: Iterable[int], beheerders: Iterable[int]) -> Aan:
    """Return the first of the three groups that has anybody in it."""
    groups = (
        (Trede.EIGEN, tuple(eigen)),
        (Trede.SECRETARIS, tuple(secretarissen)),
        (Trede.BEHEERDER, tuple(beheerders)),
    )
    return next((Aan(mensen, trede) for trede, mensen in groups if mensen), Aan((), Trede.BEHEERDER))


@dataclass(frozen=True)
class Lid:
    """One active membership."""

    gebruiker: int
    regio: int
    rol: Rol
    organisatie: int | None
    is_rbl: bool


class Kring:
    """All who can be told something, read once, in two queries."""

    def __init__(self, leden: Iterable[Lid], beheerders: Iterable[int]) -> None:
        self.leden = tuple(leden)
        self.beheerders = tuple(beheerders)

    @classmethod
    def load(cls, regio_ids: Collection[int] | None = None) -> "Kring":
        """Read the active people, of all regio's when `regio_ids` is None."""
        found = Lidmaatschap.objects.filter(gebruiker__is_active=True)
        if regio_ids is not None:
            found = found.filter(regio__in=regio_ids)
        fields = ("gebruiker", "regio", "rol", "organisatie", "organisatie__soort")
        rows = found.order_by("pk").values_list(*fields)
        beheerders = Gebruiker.objects.filter(is_active=True, is_superuser=True).order_by("pk")
        return cls(
            (Lid(who, where, Rol(rol), org, soort == Organisatie.Soort.RBL) for who, where, rol, org, soort in rows),
            beheerders.values_list("pk", flat=True),
        )

    def everybody(self, regio_id: int) -> tuple[int, ...]:
        return _once(lid.gebruiker for lid in self.leden if lid.regio == regio_id)

    def with_permission(self, regio_id: int, permission: Permission) -> tuple[int, ...]:
        return _once(lid.gebruiker for lid in self.leden if lid.regio == regio_id and permission in ROLES[lid.rol])

    def secretarissen(self, regio_id: int) -> tuple[int, ...]:
        return _once(lid.gebruiker for lid in self.leden if lid.regio == regio_id and lid.rol == Rol.SECRETARIS)

    def invoerders_of_scores(self, regio_id: int, gemeente_id: int) -> Aan:
        """Return who enters the scores of a gemeente, else who stands in."""
        own = self._invoerders(regio_id, gemeente_id)
        return choose(own, self.secretarissen(regio_id), self.beheerders)

    def invoerders_of_aantallen(self, regio_id: int, gemeente_id: int) -> Aan:
        """Return who enters the counts of a gemeente: its own, else the RBL's, else who stands in."""
        rbl = _once(
            lid.gebruiker for lid in self.leden if lid.regio == regio_id and lid.rol == Rol.INVOERDER and lid.is_rbl
        )
        own = self._invoerders(regio_id, gemeente_id) or rbl
        return choose(own, self.secretarissen(regio_id), self.beheerders)

    def _invoerders(self, regio_id: int, gemeente_id: int) -> tuple[int, ...]:
        return _once(
            lid.gebruiker
            for lid in self.leden
            if (lid.regio, lid.rol, lid.organisatie) == (regio_id, Rol.INVOERDER, gemeente_id)
        )


def _once(people: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(people))
