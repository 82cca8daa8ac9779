"""What the log pages read from the history, in a fixed number of queries."""

from typing import Any

from agenda.models import Actie, Doel, Trekker
from monitoring.changelog import Change, Wijziging, read_changes, read_history, read_steps
from monitoring.models import Indicator, Indicatorwaarde, Rapportage, Voortgangsscore
from regio.days import format_day

OF_DOEL = ("code", "plan", "uitvoering", "controle", "bijsturing", "lokaal", "niveau", "toelichting")
OF_ACTIE = (
    *("omschrijving", "resultaat", "meetwijze", "betrokkenen", "soort"),
    *("planning", "gereed_voor", "afgerond_op"),
)

OF_INDICATOR = ("naam", "eenheid", "definitie", "bron", "norm", "grens", "niet_sneller")
OF_METING = ("peildatum", "waarde", "landelijk", "bron", "toelichting")


def load_score_changes(**of: Any) -> list[Change]:
    """Return who changed which score of a `doel`, a `meetmoment` or both, the newest first, in one query."""
    related = ("history_user", "waarde", "doel", "meetmoment", "organisatie")
    records = Voortgangsscore.history.filter(**of).select_related(*related)
    return read_changes(records.order_by("history_date", "history_id"))


def load_doel_changes(doel: Doel) -> list[Wijziging]:
    """Return who changed the doel, its acties, trekkers and indicators with their metingen, the newest first.

    In six queries.
    """
    changes = [
        *read_history(_records(Doel, id=doel.pk), "doel", OF_DOEL),
        *read_history(_records(Actie, doel=doel), "actie", OF_ACTIE),
        *read_history(_records(Trekker, doel=doel), "trekker", ("kant",)),
        *read_history(_records(Indicator, doel=doel), "indicator", OF_INDICATOR),
        *_changes_of_metingen(doel),
    ]
    return sorted(changes, key=lambda change: change.wanneer, reverse=True)


def _changes_of_metingen(doel: Doel) -> list[Wijziging]:
    """Return the changes of the metingen of `doel`, those of an indicator that is no more too."""
    named = dict(Indicator.history.filter(doel=doel).order_by("history_id").values_list("id", "naam"))
    changes: list[Wijziging] = []
    of_one: dict[int, list[Any]] = {}
    for record in _records(Indicatorwaarde, indicator__in=named):
        of_one.setdefault(record.id, []).append(record)
    for records in of_one.values():
        last = records[-1]
        noun = f"meting van {named[last.indicator_id]} op {format_day(last.peildatum)}"
        changes += read_history(records, noun, OF_METING, whole=True)
    return changes


def load_report_steps(rapportage: Rapportage, *, with_figures: bool = True) -> list[Wijziging]:
    """Return what was done with a report, the newest first, in one query; nothing of one that nobody began."""
    records = _records(Rapportage, id=rapportage.pk)
    return read_steps(records, gremium=rapportage.gremium, with_figures=with_figures)


def _records(model: Any, **of: Any) -> Any:
    return model.history.filter(**of).select_related("history_user").order_by("history_date", "history_id")
