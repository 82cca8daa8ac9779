"""The table of the cache that the workers share (docs/adr/0010), so that `migrate` is all that an installation needs."""

from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop_cache_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE cache")


class Migration(migrations.Migration):
    dependencies = [("regio", "0001_first_release")]
    operations = [migrations.RunPython(create_cache_table, drop_cache_table)]
