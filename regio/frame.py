"""What every page's frame needs: the regio's of the reader and whether this is a trial machine."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from regio.models import Regio


def page_frame(request: HttpRequest) -> dict[str, Any]:
    gebruiker = getattr(request, "user", None)
    if gebruiker is None or not gebruiker.is_authenticated:
        return {"is_trial": settings.DEMO}
    return {"is_trial": settings.DEMO, "eigen_regios": _RegioChoice(gebruiker)}


class _RegioChoice:
    """The regio's to choose from in the frame, read only when a template asks for them."""

    def __init__(self, gebruiker: Any) -> None:
        self.gebruiker = gebruiker

    def __iter__(self) -> Iterator[Regio]:
        """Only the regio's of which one is a member: whoever may see all finds them in Mijn werk."""
        return iter({lid.regio_id: lid.regio for lid in self.gebruiker.lidmaatschappen}.values())
