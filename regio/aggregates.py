"""What the database gathers for us, on SQLite and PostgreSQL alike."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Aggregate, Expression, JSONField, Subquery, Value
from django.db.models.functions import Coalesce, JSONArray


class JSONList(Aggregate):
    """All values of a group as one JSON list, in no order: what lies beneath a row comes with it, in its query."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **more)


def json_rows(beneath: Any, owner: str, fields: Iterable[str | Expression]) -> Coalesce:
    """Return what to annotate a row with to have the `fields` of all rows `beneath` it, as lists in no order.

    A field is its name or an expression. `owner` is the field of those that names the row.
    """
    rows = beneath.order_by().values(owner).annotate(rows=JSONList(JSONArray(*fields))).values("rows")
    return Coalesce(Subquery(rows[:1]), Value([], JSONField()))
