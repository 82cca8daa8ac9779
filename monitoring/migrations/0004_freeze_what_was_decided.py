"""Let the database itself refuse to change or delete what the OOGO decided (domein.md, rule 7)."""

from django.db import migrations

# What says which row a new one would take the place of: SQLite's INSERT OR REPLACE deletes without asking a trigger.
TABLES = {
    "monitoring_momentopname": "rapportage_id = NEW.rapportage_id AND versie = NEW.versie",
    "monitoring_besluit": "rapportage_id = NEW.rapportage_id AND versie = NEW.versie",
    "monitoring_teruggave": "FALSE",
    "monitoring_opmerking": "(teruggave_id = NEW.teruggave_id OR besluit_id = NEW.besluit_id) AND doel_id = NEW.doel_id",
    "monitoring_afdruk": "sha256 = NEW.sha256",
}
REFUSAL = "Wat is vastgesteld of teruggegeven kan niet worden gewijzigd of verwijderd"


def sqlite_statements(tables=TABLES):
    for table, same in tables.items():
        for event in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {table}'); END"
            )
        yield (
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR ({same})) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {table}'); END"
        )


def postgresql_statements():
    # The same class of error as a broken constraint, so that Django raises IntegrityError on both databases.
    yield (
        "CREATE FUNCTION monitoring_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSAL}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield from postgresql_triggers(TABLES)


def postgresql_triggers(tables):
    for table in tables:
        yield (
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION monitoring_refuse_change()"
        )


def undo_statements(vendor):
    yield from undo_triggers(vendor, TABLES)
    if vendor == "postgresql":
        yield "DROP FUNCTION monitoring_refuse_change()"


def undo_triggers(vendor, tables):
    for table in tables:
        if vendor == "postgresql":
            yield f"DROP TRIGGER {table}_frozen ON {table}"
        else:
            for event in ("update", "delete", "replace"):
                yield f"DROP TRIGGER {table}_no_{event}"


class RunSQLPerVendor(migrations.RunSQL):
    """SQL for the database that this is: each of the two has its own words for a trigger."""

    def __init__(self, vendor, sql, reverse_sql):
        self.vendor = vendor
        super().__init__(sql, reverse_sql)

    def deconstruct(self):
        return self.__class__.__qualname__, [], {"vendor": self.vendor, "sql": self.sql, "reverse_sql": self.reverse_sql}

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == self.vendor:
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == self.vendor:
            super().database_backwards(app_label, schema_editor, from_state, to_state)


def per_vendor(vendor, statements, undo):
    # As a list of pairs Django takes each statement whole and leaves its semicolons and percent signs alone.
    return RunSQLPerVendor(vendor, [(sql, None) for sql in statements], [(sql, None) for sql in undo])


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_adopt_a_rapportage")]

    operations = [
        per_vendor("sqlite", sqlite_statements(), undo_statements("sqlite")),
        per_vendor("postgresql", postgresql_statements(), undo_statements("postgresql")),
    ]
