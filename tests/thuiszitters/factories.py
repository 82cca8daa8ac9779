"""A small regio that counts: plain functions that make one valid object each."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from django.utils import timezone

from regio.loading import FIXTURES, read_data
from regio.models import Gebruiker, Organisatie, Regio
from regio.permissions import Rol
from tests.factories import make_gebruiker, make_gemeente, make_regio
from thuiszitters.actions import Entry, save_tellingen, submit_opgave
from thuiszitters.counting import Count, given
from thuiszitters.models import Categorie, Opgave, Telmoment
from thuiszitters.sheet import SECTORS, load_sheet

PEILDATUM = date(2026, 10, 1)


@cache
def read_definitions() -> list[dict[str, Any]]:
    return read_data(FIXTURES / "categorieen.yaml")


def make_categorieen() -> None:
    """The definitions that the product ships."""
    made: dict[str, Categorie] = {}
    for volgorde, row in enumerate(read_definitions(), start=1):
        whole = made.get(row.get("onderdeel_van", ""))
        made[row["code"]] = Categorie.objects.create(volgorde=volgorde, **row | {"onderdeel_van": whole})


def make_telmoment(regio: Regio, peildatum: date = PEILDATUM, **fields: Any) -> Telmoment:
    return Telmoment.objects.create(regio=regio, peildatum=peildatum, deadline=peildatum + timedelta(days=30), **fields)


def make_world(slug: str = "telregio") -> tuple[Regio, Organisatie, Gebruiker, Telmoment]:
    """A regio with one gemeente, its invoerder, the general categories and one telmoment."""
    regio = make_regio(slug)
    gemeente = make_gemeente(regio, "woerden", "GM0632")
    make_categorieen()
    invoerder = make_gebruiker(f"invoer@{slug}.test", Rol.INVOERDER, regio, gemeente)
    return regio, gemeente, invoerder, make_telmoment(regio)


def fill(
    telmoment: Telmoment,
    gemeente: Organisatie,
    by: Gebruiker,
    rest: int | None = 0,
    leave: str = "",
    **counts: Count | int,
) -> Opgave:
    """Enter a whole sheet: `rest` everywhere, except what is named as thuiszitters_po=3.

    The group `leave` is left empty.
    """
    sheet = load_sheet(telmoment, gemeente, beside=0)
    named = {name.replace("_", "-"): given(c) if isinstance(c, int) else c for name, c in counts.items()}
    entries = []
    for category in sheet.categories:
        filler = None if rest is None or category.groep == leave else given(rest)
        for sector in SECTORS:
            count = named.pop(f"{category.code}-{sector.lower()}", filler)
            if count is not None:
                note = "" if count.aantal == 0 else "Dit is een reden."
                entries.append(Entry((category.code, sector), count, note, 0))
    assert not named, f"no such counts: {named}"
    outcome = save_tellingen(telmoment=telmoment, gemeente=gemeente, entries=entries, by=by)
    assert not outcome.refused
    assert not outcome.conflicts
    return Opgave.objects.get(telmoment=telmoment, gemeente=gemeente)


def submit(telmoment: Telmoment, gemeente: Organisatie, by: Gebruiker) -> Opgave:
    return submit_opgave(telmoment=telmoment, gemeente=gemeente, by=by)


def close(*momenten: Telmoment) -> None:
    """Adopt the quarters, so that everybody may read them."""
    now = timezone.now()
    Telmoment.objects.filter(pk__in=[moment.pk for moment in momenten]).update(voorgelegd_op=now, afgesloten_op=now)
