"""What the database gathers for us, on SQLite and PostgreSQL alike."""

from typing import Any

from django.db.models import Aggregate, JSONField


class JSONList(Aggregate):
    """All values of a group as one JSON list, in no order: what lies beneath a row comes with it, in its query."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **more)
