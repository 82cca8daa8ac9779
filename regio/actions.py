"""What happens on the ground floor: meetings are kept, and addresses of a kalender are made and withdrawn."""

from django.db import transaction

from regio.audit import Event, record, sign
from regio.kalender import Kalenderadres, Vergadering
from regio.models import Gebruiker, Regio


class Overtaken(Exception):
    """Somebody else saved it in between; `current` is what stands there now, None when it was removed."""

    def __init__(self, current: Vergadering | None) -> None:
        super().__init__("overtaken")
        self.current = current


@transaction.atomic
def save_vergadering(*, vergadering: Vergadering, versie: int, by: Gebruiker) -> None:
    """Save a new vergadering, or the change of one whose author started from `versie`. Raises Overtaken."""
    if vergadering.pk:
        current = Vergadering.objects.select_for_update().filter(pk=vergadering.pk).first()
        if current is None or current.versie != versie:
            raise Overtaken(current)
        vergadering.versie = versie + 1
    sign(vergadering, by)
    vergadering.save()


@transaction.atomic
def remove_vergadering(*, vergadering: Vergadering, by: Gebruiker) -> None:
    sign(vergadering, by)
    vergadering.delete()


@transaction.atomic
def make_kalenderadres(*, regio: Regio, by: Gebruiker) -> Kalenderadres:
    """Return this person's secret address for the kalender of `regio`, made when there is none."""
    found = Kalenderadres.objects.select_for_update().filter(regio=regio, gebruiker=by).first()
    if found:
        return found
    made = Kalenderadres(regio=regio, gebruiker=by)
    sign(made, by)
    made.save()
    record(Event.BEVEILIGING, by=by, wat="kalenderadres-gemaakt", regio=regio.slug)
    return made


@transaction.atomic
def withdraw_kalenderadres(*, regio: Regio, by: Gebruiker) -> None:
    """End this person's secret address; whoever still asks at it gets 404."""
    for adres in Kalenderadres.objects.select_for_update().filter(regio=regio, gebruiker=by):
        sign(adres, by)
        adres.delete()
        record(Event.BEVEILIGING, by=by, wat="kalenderadres-ingetrokken", regio=regio.slug)
