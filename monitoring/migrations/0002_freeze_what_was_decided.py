"""Let the database itself refuse to change or delete what the OOGO decided (domein.md, rule 7)."""

from django.db import migrations

# What says which row a new one would take the place of: SQLite's INSERT OR REPLACE deletes without asking a trigger.
TABLES = {
    "monitoring_momentopname": "rapportage_id = NEW.rapportage_id AND versie = NEW.versie",
    "monitoring_besluit": "rapportage_id = NEW.rapportage_id AND versie = NEW.versie",
    "monitoring_teruggave": "FALSE",
    "monitoring_opmerking": "(teruggave_id = NEW.teruggave_id OR besluit_id = NEW.besluit_id)"
    " AND (doel_id = NEW.doel_id OR gemeente_id = NEW.gemeente_id)",
    "monitoring_afdruk": "sha256 = NEW.sha256",
    "monitoring_ontbrekendeopgave": "rapportage_id = NEW.rapportage_id AND gemeente_id = NEW.gemeente_id"
    " AND voorgelegd_op = NEW.voorgelegd_op",
}
REFUSAL = "Wat is vastgesteld of teruggegeven kan niet worden gewijzigd of verwijderd"
# The same class of error as a broken constraint, so that Django raises IntegrityError on both databases.
POSTGRESQL_FUNCTION = (
    "CREATE FUNCTION monitoring_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{REFUSAL}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def make_triggers(vendor, tables=TABLES):
    return sqlite_triggers(tables) if vendor == "sqlite" else postgresql_triggers(tables)


def sqlite_triggers(tables):
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


def postgresql_triggers(tables):
    for table in tables:
        yield (
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION monitoring_refuse_change()"
        )


def undo_triggers(vendor, tables=TABLES):
    for table in tables:
        if vendor == "postgresql":
            yield f"DROP TRIGGER {table}_frozen ON {table}"
        else:
            for event in ("update", "delete", "replace"):
                yield f"DROP TRIGGER {table}_no_{event}"


def freeze(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION, params=None)
    for sql in make_triggers(vendor):
        schema_editor.execute(sql, params=None)


def thaw(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for sql in undo_triggers(vendor):
        schema_editor.execute(sql, params=None)
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION monitoring_refuse_change()")


class Migration(migrations.Migration):
    # So that a trial installation of before the release keeps its data.
    replaces = [("monitoring", "0004_freeze_what_was_decided")]

    dependencies = [("monitoring", "0001_first_release")]

    operations = [migrations.RunPython(freeze, thaw)]
