"""What `manage.py check --deploy` says of this product beside what Django says."""

from typing import Any

from django.conf import settings
from django.core.checks import Tags, Warning, register  # noqa: A004 - as Django calls it


@register(Tags.security, deploy=True)
def second_step_is_asked_for(app_configs: Any, **options: Any) -> list[Warning]:
    if settings.SECOND_STEP:
        return []
    return [
        Warning(
            "Wie gegevens kan wijzigen, meldt zich met alleen een wachtwoord aan.",
            hint="Haal SECOND_STEP=false weg uit de omgeving.",
            id="agendamonitor.W001",
        )
    ]
