"""From a data file in fixtures/ to a regio with its organisations, werkgebied and overleggen.

Loading adds what is missing and leaves what is there, so that it can be repeated and overwrites nobody's work.
"""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.db import transaction
from django.db.models import Model, QuerySet

from regio.audit import sign
from regio.environment import BASE_DIR
from regio.kalender import Vergadering
from regio.models import Deelname, Gebruiker, Organisatie, Overleg, Regio, Werkgebied

FIXTURES = BASE_DIR / "fixtures"

M = TypeVar("M", bound=Model)


def read_data(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def add_missing(model: type[M], *, by: Gebruiker, lookup: dict[str, Any], **values: Any) -> M:
    """Return the `model` that `lookup` names; when there is none, make it from `lookup` and `values`, by `by`.

    Raises ValidationError when the values break a rule of the model.
    """
    everything: QuerySet[M] = QuerySet(model)
    found = everything.filter(**lookup).first()
    if found is not None:
        return found
    made = model(**lookup, **values)
    made.full_clean()
    sign(made, by)
    made.save()
    return made


@transaction.atomic
def load_regio(*, data: dict[str, Any], by: Gebruiker) -> Regio:
    """Load what a regio.yaml says."""
    regio = add_missing(Regio, by=by, lookup={"slug": data["regio"]["slug"]}, **without(data["regio"], "slug"))
    organisaties = {row["slug"]: _load_organisatie(regio, row, by) for row in data["organisaties"]}
    for row in data.get("werkgebied", ()):
        swv, gemeente = organisaties[row["swv"]], organisaties[row["gemeente"]]
        add_missing(
            Werkgebied, by=by, lookup={"regio": regio, "swv": swv, "gemeente": gemeente, "sector": row["sector"]}
        )
    _load_overleggen(regio, data["overleggen"], organisaties, by)
    return regio


def _load_organisatie(regio: Regio, row: dict[str, Any], by: Gebruiker) -> Organisatie:
    values = without(row, "slug", "van")
    organisatie = add_missing(Organisatie, by=by, lookup={"slug": row["slug"]}, **values)
    add_missing(Deelname, by=by, lookup={"regio": regio, "organisatie": organisatie}, van=row["van"])
    return organisatie


def _load_overleggen(
    regio: Regio, rows: list[dict[str, Any]], organisaties: dict[str, Organisatie], by: Gebruiker
) -> None:
    """Load the overleggen; one that others prepare for stands before them in the file."""
    overleggen: dict[str, Overleg] = {}
    for row in rows:
        overleggen[row["afkorting"]] = add_missing(
            Overleg,
            by=by,
            lookup={"regio": regio, "naam": row["naam"]},
            gemeente=organisaties[row["gemeente"]] if "gemeente" in row else None,
            bereidt_voor=overleggen[row["bereidt_voor"]] if "bereidt_voor" in row else None,
            **without(row, "naam", "gemeente", "bereidt_voor"),
        )


@transaction.atomic
def load_vergaderingen(*, regio: Regio, data: dict[str, Any], by: Gebruiker) -> None:
    """Load fictitious meetings; a day on which that overleg meets already stays as it is."""
    for row in data["vergaderingen"]:
        overleg = Overleg.objects.get(regio=regio, afkorting=row["overleg"])
        lookup = {"overleg": overleg, "datum": row["datum"]}
        add_missing(Vergadering, by=by, lookup=lookup, **without(row, "overleg", "datum"))


def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return what of `row` goes into fields of the same name; a name that is no field fails when the model is made."""
    return {name: value for name, value in row.items() if name not in names}
