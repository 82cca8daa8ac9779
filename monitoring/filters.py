"""Which doelen of an agenda a reader wants to see. Plain data; what the address does not know is shown as no doelen."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from monitoring.grid import Row

UNSCORED = "geen"


@dataclass(frozen=True)
class DoelFilter:
    """The code of a thema, the value of a score (or UNSCORED) and the slug of a trekker; empty where all are wanted."""

    thema: str = ""
    status: str = ""
    trekker: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "DoelFilter":
        return cls(**{field.name: query.get(field.name, "") for field in fields(cls)})

    def __bool__(self) -> bool:
        """Whether anything is narrowed down."""
        return bool(self.thema or self.status or self.trekker)

    def keeps(self, row: Row, meetmoment: Any | None) -> bool:
        """Say whether `row` is wanted, by its status at `meetmoment` and the `trekkers` of its doel."""
        pulled_by = {trekker.organisatie.slug for trekker in row.doel.trekkers}
        return (
            self.thema in ("", row.doel.thema.code)
            and self.status in ("", _status(row, meetmoment))
            and (not self.trekker or self.trekker in pulled_by)
        )


def _status(row: Row, meetmoment: Any | None) -> str:
    waarde = row.at(meetmoment).waarde if meetmoment else None
    return str(waarde.waarde) if waarde else UNSCORED
