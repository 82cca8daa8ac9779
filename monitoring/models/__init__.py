"""What it comes to: the score of a doel at a meetmoment, and where a report stands on its way to who adopts it."""

from monitoring.models.indicator import Indicator, IndicatorQuerySet, Indicatorwaarde, IndicatorwaardeQuerySet
from monitoring.models.publicatie import Publicatie, PublicatieQuerySet
from monitoring.models.rapportage import (
    Afdruk,
    AfdrukQuerySet,
    Besluit,
    Momentopname,
    OfRapportageQuerySet,
    OntbrekendeOpgave,
    Opmerking,
    OpmerkingQuerySet,
    Rapportage,
    RapportageQuerySet,
    Teruggave,
)
from monitoring.models.scores import Meetmoment, MeetmomentQuerySet, Voortgangsscore, VoortgangsscoreQuerySet
from monitoring.models.vraag import Vraag, VraagQuerySet

__all__ = [
    "Afdruk",
    "AfdrukQuerySet",
    "Besluit",
    "Indicator",
    "IndicatorQuerySet",
    "Indicatorwaarde",
    "IndicatorwaardeQuerySet",
    "Meetmoment",
    "MeetmomentQuerySet",
    "Momentopname",
    "OfRapportageQuerySet",
    "OntbrekendeOpgave",
    "Opmerking",
    "OpmerkingQuerySet",
    "Publicatie",
    "PublicatieQuerySet",
    "Rapportage",
    "RapportageQuerySet",
    "Teruggave",
    "Voortgangsscore",
    "VoortgangsscoreQuerySet",
    "Vraag",
    "VraagQuerySet",
]
