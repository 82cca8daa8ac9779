"""Let a rapportage be of a quarter of counts as well, and freeze what was decided of one."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

freeze = import_module("monitoring.migrations.0004_freeze_what_was_decided")

# Altering a table makes it anew on SQLite, without its triggers.
ALTERED = {"monitoring_opmerking": freeze.TABLES["monitoring_opmerking"]}
TABLES = {
    "monitoring_opmerking": "(teruggave_id = NEW.teruggave_id OR besluit_id = NEW.besluit_id)"
    " AND (doel_id = NEW.doel_id OR gemeente_id = NEW.gemeente_id)",
    "monitoring_ontbrekendeopgave": "rapportage_id = NEW.rapportage_id AND gemeente_id = NEW.gemeente_id"
    " AND voorgelegd_op = NEW.voorgelegd_op",
}


def make_triggers(vendor, tables):
    return freeze.sqlite_statements(tables) if vendor == "sqlite" else freeze.postgresql_triggers(tables)


class Migration(migrations.Migration):

    dependencies = [
        ('agenda', '0001_initial'),
        ('monitoring', '0005_publish_what_was_adopted'),
        ('regio', '0002_cache_table'),
        ('thuiszitters', '0002_close_a_telmoment'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            freeze.per_vendor(vendor, freeze.undo_triggers(vendor, ALTERED), make_triggers(vendor, ALTERED))
            for vendor in ("sqlite", "postgresql")
        ),
        migrations.CreateModel(
            name='OntbrekendeOpgave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reden', models.TextField(verbose_name='reden')),
                ('voorgelegd_op', models.DateTimeField(verbose_name='voorgelegd op')),
            ],
            options={
                'verbose_name': 'ontbrekende opgave',
                'verbose_name_plural': 'ontbrekende opgaven',
                'ordering': ('rapportage', 'voorgelegd_op', 'gemeente__naam'),
            },
        ),
        migrations.AlterModelOptions(
            name='rapportage',
            options={'ordering': ('meetmoment', 'telmoment'), 'verbose_name': 'rapportage', 'verbose_name_plural': 'rapportages'},
        ),
        migrations.AddField(
            model_name='historicalrapportage',
            name='telmoment',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='thuiszitters.telmoment', verbose_name='telmoment'),
        ),
        migrations.AddField(
            model_name='opmerking',
            name='gemeente',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='regio.organisatie', verbose_name='gemeente'),
        ),
        migrations.AddField(
            model_name='rapportage',
            name='telmoment',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='thuiszitters.telmoment', verbose_name='telmoment'),
        ),
        migrations.AlterField(
            model_name='historicalrapportage',
            name='status',
            field=models.CharField(choices=[('concept', 'concept'), ('voorgelegd', 'voorgelegd'), ('teruggegeven', 'teruggegeven'), ('vastgesteld', 'vastgesteld')], default='concept', max_length=12, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='opmerking',
            name='doel',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='agenda.doel', verbose_name='doel'),
        ),
        migrations.AlterField(
            model_name='rapportage',
            name='meetmoment',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='monitoring.meetmoment', verbose_name='meetmoment'),
        ),
        migrations.AlterField(
            model_name='rapportage',
            name='status',
            field=models.CharField(choices=[('concept', 'concept'), ('voorgelegd', 'voorgelegd'), ('teruggegeven', 'teruggegeven'), ('vastgesteld', 'vastgesteld')], default='concept', max_length=12, verbose_name='status'),
        ),
        migrations.AddConstraint(
            model_name='opmerking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('doel__isnull', False), ('gemeente', None)), models.Q(('doel', None), ('gemeente__isnull', False), ('teruggave__isnull', False)), _connector='OR'), name='opmerking_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='opmerking',
            constraint=models.UniqueConstraint(fields=('teruggave', 'gemeente'), name='opmerking_once_per_gemeente'),
        ),
        migrations.AddConstraint(
            model_name='rapportage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('meetmoment__isnull', False), ('telmoment', None)), models.Q(('meetmoment', None), ('telmoment__isnull', False)), _connector='OR'), name='rapportage_of_one_moment'),
        ),
        migrations.AddField(
            model_name='ontbrekendeopgave',
            name='door',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='door'),
        ),
        migrations.AddField(
            model_name='ontbrekendeopgave',
            name='gemeente',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='regio.organisatie', verbose_name='gemeente'),
        ),
        migrations.AddField(
            model_name='ontbrekendeopgave',
            name='rapportage',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zonder', to='monitoring.rapportage', verbose_name='rapportage'),
        ),
        migrations.AddConstraint(
            model_name='ontbrekendeopgave',
            constraint=models.UniqueConstraint(fields=('rapportage', 'gemeente', 'voorgelegd_op'), name='ontbrekende_opgave_once_per_submission'),
        ),
        migrations.AddConstraint(
            model_name='ontbrekendeopgave',
            constraint=models.CheckConstraint(condition=models.Q(('reden', ''), _negated=True), name='ontbrekende_opgave_has_reason'),
        ),
        *(
            freeze.per_vendor(vendor, make_triggers(vendor, TABLES), freeze.undo_triggers(vendor, TABLES))
            for vendor in ("sqlite", "postgresql")
        ),
    ]
