"""Reports that lie before the overleg that this person sits in, to adopt or to give back."""

from collections.abc import Iterator

from django.urls import reverse

from monitoring.models import Meetmoment
from monitoring.overview import rapportage_of
from monitoring.taken.basis import Basis
from monitoring.taken.items import Knop, Punt, Soort, Taak
from regio.days import format_day
from regio.permissions import Permission


def rapportages_to_adopt(basis: Basis) -> Iterator[Taak]:
    for moment in basis.asking:
        submitted = rapportage_of(moment)
        if not submitted.is_voorgelegd or submitted.voorgelegd_door_id == basis.gebruiker.pk:
            continue
        if basis.gebruiker.has_permission(Permission.RAPPORT_VASTSTELLEN, moment.agenda.regio_id):
            yield _to_adopt(moment)


def _to_adopt(moment: Meetmoment) -> Taak:
    def page(name: str) -> str:
        return reverse(f"monitoring:{name}", args=[moment.agenda.regio.slug, moment.agenda.slug, moment.slug])

    day = rapportage_of(moment).voorgelegd_op
    return Taak(
        soort=Soort.VASTSTELLEN,
        kop=f"{moment} ligt voor – {moment.agenda.regio}",
        punten=(Punt(f"Rapport {moment} lezen", page("rapport-detail")),),
        knoppen=(
            Knop("Vaststellen", page("rapportage-vaststellen"), f"van {moment}"),
            Knop("Teruggeven", page("rapportage-teruggeven"), f"van {moment}"),
        ),
        sinds=f"Voorgelegd op {format_day(day)}" if day else "",
        uitleg=(
            "Lees het rapport en bespreek het in het OOGO. Stel het daarna vast. Klopt er iets niet, geef het dan terug"
            " met een reden."
        ),
    )
