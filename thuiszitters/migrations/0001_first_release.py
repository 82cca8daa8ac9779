"""The tables of the first release."""

import django.core.validators
import django.db.models.deletion
import regio.privacy
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    # So that a trial installation of before the release keeps its data.
    replaces = [
        ('thuiszitters', '0001_initial'),
        ('thuiszitters', '0002_close_a_telmoment'),
    ]

    initial = True

    dependencies = [
        ('regio', '0001_first_release'),
        ('regio', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Categorie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('groep', models.CharField(choices=[('verzuim', 'verzuim'), ('vrijstelling', 'vrijstelling'), ('reden', 'reden')], max_length=12, verbose_name='groep')),
                ('code', models.CharField(help_text='Vast over de jaren en in bestanden, bijvoorbeeld absoluut-verzuim.', max_length=60, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Gebruik kleine letters, cijfers en streepjes.')], verbose_name='code')),
                ('naam', models.CharField(max_length=120, verbose_name='naam')),
                ('kort', models.CharField(help_text='De naam in een tabel, bij een ‘waarvan’ onder haar geheel.', max_length=60, verbose_name='kort')),
                ('definitie', models.TextField(verbose_name='definitie')),
                ('bron', models.CharField(blank=True, max_length=300, verbose_name='bron')),
                ('kenmerk', models.CharField(blank=True, choices=[('langdurig', 'langer dan drie maanden thuis'), ('zonder-aanbod', 'langer dan drie maanden thuis zonder passend aanbod'), ('aanbodgebrek', 'reden is gebrek aan passend aanbod')], max_length=14, verbose_name='kenmerk')),
                ('geldig_van', models.DateField(verbose_name='geldig van')),
                ('geldig_tot', models.DateField(blank=True, help_text='De eerste dag waarop deze definitie niet meer geldt.', null=True, verbose_name='geldig tot')),
                ('volgorde', models.PositiveSmallIntegerField(default=0, verbose_name='volgorde')),
                ('onderdeel_van', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='onderdelen', to='thuiszitters.categorie', verbose_name='is een ‘waarvan’ van')),
                ('regio', models.ForeignKey(blank=True, help_text="Leeg: geldt voor alle regio's.", null=True, on_delete=django.db.models.deletion.CASCADE, to='regio.regio', verbose_name='regio')),
            ],
            options={
                'verbose_name': 'categorie',
                'verbose_name_plural': 'categorieën',
                'ordering': ('volgorde', 'code', 'geldig_van'),
                'constraints': [models.UniqueConstraint(fields=('regio', 'code', 'geldig_van'), name='categorie_once_per_start_in_regio'), models.UniqueConstraint(condition=models.Q(('regio', None)), fields=('code', 'geldig_van'), name='categorie_once_per_start_general'), models.CheckConstraint(condition=models.Q(('geldig_tot', None), ('geldig_tot__gt', models.F('geldig_van')), _connector='OR'), name='categorie_ends_after_start', violation_error_message='‘Geldig tot’ moet na ‘geldig van’ liggen.'), models.CheckConstraint(condition=models.Q(('onderdeel_van', None), models.Q(('onderdeel_van', models.F('id')), _negated=True), _connector='OR'), name='categorie_is_no_part_of_itself')],
            },
        ),
        migrations.CreateModel(
            name='Kolomkoppeling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kop', models.CharField(max_length=100, verbose_name='kop in het bestand')),
                ('kolom', models.CharField(max_length=20, verbose_name='kolom')),
                ('regio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='regio.regio', verbose_name='regio')),
            ],
            options={
                'verbose_name': 'kolomkoppeling',
                'verbose_name_plural': 'kolomkoppelingen',
                'ordering': ('regio', 'kolom', 'kop'),
                'constraints': [models.UniqueConstraint(fields=('regio', 'kop'), name='kop_once_per_regio')],
            },
        ),
        migrations.CreateModel(
            name='Leerlingaantal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('PO', 'PO'), ('VO', 'VO'), ('VSO', '(V)SO'), ('MBO', 'MBO')], max_length=3, verbose_name='sector')),
                ('schooljaar', models.CharField(max_length=9, validators=[django.core.validators.RegexValidator('^\\d{4}-\\d{4}$', 'Schrijf het schooljaar als 2024-2025.')], verbose_name='schooljaar')),
                ('aantal', models.PositiveIntegerField(verbose_name='aantal leerlingen')),
                ('bron', models.CharField(blank=True, max_length=300, verbose_name='bron')),
                ('gemeente', models.ForeignKey(limit_choices_to={'soort': 'gemeente'}, on_delete=django.db.models.deletion.PROTECT, to='regio.organisatie', verbose_name='gemeente')),
                ('regio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='regio.regio', verbose_name='regio')),
            ],
            options={
                'verbose_name': 'leerlingaantal',
                'verbose_name_plural': 'leerlingaantallen',
                'ordering': ('schooljaar', 'gemeente__naam', 'sector'),
                'constraints': [models.UniqueConstraint(fields=('regio', 'gemeente', 'sector', 'schooljaar'), name='leerlingaantal_once'), models.CheckConstraint(condition=models.Q(('aantal__gt', 0)), name='leerlingaantal_above_zero'), models.CheckConstraint(condition=models.Q(('sector__in', ['PO', 'VO', 'VSO', 'MBO'])), name='leerlingaantal_sector_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Telmoment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('peildatum', models.DateField(verbose_name='peildatum')),
                ('deadline', models.DateField(blank=True, help_text='Vanaf deze dag is het te laat. Ervoor en erna gaan er herinneringen uit; is dit leeg, dan niet.', null=True, verbose_name='invoeren vóór')),
                ('voorgelegd_op', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='voorgelegd op')),
                ('afgesloten_op', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='vastgesteld op')),
                ('regio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='regio.regio', verbose_name='regio')),
            ],
            options={
                'verbose_name': 'telmoment',
                'verbose_name_plural': 'telmomenten',
                'ordering': ('regio', 'peildatum'),
                'constraints': [models.UniqueConstraint(fields=('regio', 'peildatum'), name='telmoment_once_per_peildatum'), models.CheckConstraint(condition=models.Q(('deadline', None), ('deadline__gte', models.F('peildatum')), _connector='OR'), name='deadline_not_before_peildatum', violation_error_message='Invoeren vóór een dag die vóór de peildatum ligt, kan niet.'), models.CheckConstraint(condition=models.Q(('afgesloten_op', None), ('voorgelegd_op__isnull', False), _connector='OR'), name='afgesloten_was_voorgelegd')],
            },
        ),
        migrations.CreateModel(
            name='Opgave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('concept', 'concept'), ('ingediend', 'ingediend'), ('teruggegeven', 'teruggegeven')], default='concept', max_length=12, verbose_name='status')),
                ('ingediend_op', models.DateTimeField(blank=True, null=True, verbose_name='ingediend op')),
                ('reden_teruggave', models.TextField(blank=True, validators=[regio.privacy.validate_free_text], verbose_name='reden van teruggave')),
                ('gemeente', models.ForeignKey(limit_choices_to={'soort': 'gemeente'}, on_delete=django.db.models.deletion.PROTECT, to='regio.organisatie', verbose_name='gemeente')),
                ('ingediend_door', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ingediend door')),
                ('telmoment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='thuiszitters.telmoment', verbose_name='telmoment')),
            ],
            options={
                'verbose_name': 'opgave',
                'verbose_name_plural': 'opgaven',
                'ordering': ('telmoment__peildatum', 'gemeente__naam'),
                'constraints': [models.UniqueConstraint(fields=('telmoment', 'gemeente'), name='opgave_once_per_gemeente'), models.CheckConstraint(condition=models.Q(models.Q(('ingediend_door', None), ('ingediend_op', None)), models.Q(('ingediend_door__isnull', False), ('ingediend_op__isnull', False)), _connector='OR'), name='ingediend_by_and_on_together'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'ingediend'), _negated=True), ('ingediend_op__isnull', False), _connector='OR'), name='ingediend_has_date'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'teruggegeven'), _negated=True), models.Q(('reden_teruggave', ''), _negated=True), _connector='OR'), name='opgave_teruggegeven_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('PO', 'PO'), ('VO', 'VO'), ('VSO', '(V)SO'), ('MBO', 'MBO')], max_length=3, verbose_name='sector')),
                ('status', models.CharField(choices=[('opgegeven', 'opgegeven'), ('onbekend', 'onbekend'), ('geen opgave', 'geen opgave')], max_length=12, verbose_name='status')),
                ('aantal', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(99999)], verbose_name='aantal')),
                ('toelichting', models.CharField(blank=True, max_length=500, validators=[regio.privacy.validate_free_text], verbose_name='toelichting')),
                ('versie', models.PositiveIntegerField(default=1, editable=False, verbose_name='versie')),
                ('gewijzigd_op', models.DateTimeField(auto_now=True, verbose_name='gewijzigd op')),
                ('categorie', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='thuiszitters.categorie', verbose_name='categorie')),
                ('gewijzigd_door', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='gewijzigd door')),
                ('opgave', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='thuiszitters.opgave', verbose_name='opgave')),
            ],
            options={
                'verbose_name': 'telling',
                'verbose_name_plural': 'tellingen',
                'ordering': ('opgave', 'categorie__volgorde', 'sector'),
                'constraints': [models.UniqueConstraint(fields=('opgave', 'categorie', 'sector'), name='telling_once_per_cell'), models.CheckConstraint(condition=models.Q(('aantal', None), models.Q(('aantal__gte', 0), ('aantal__lte', 99999)), _connector='OR'), name='aantal_is_possible', violation_error_message='Een aantal ligt tussen 0 en 99999.'), models.CheckConstraint(condition=models.Q(models.Q(('aantal__isnull', False), ('status', 'opgegeven')), models.Q(('status__in', ['onbekend', 'geen opgave']), ('aantal', None)), _connector='OR'), name='aantal_only_when_opgegeven', violation_error_message='Alleen een opgegeven telling heeft een aantal.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'onbekend'), _negated=True), models.Q(('toelichting', ''), _negated=True), _connector='OR'), name='onbekend_has_reason', violation_error_message='Schrijf waarom het aantal onbekend is.'), models.CheckConstraint(condition=models.Q(('sector__in', ['PO', 'VO', 'VSO', 'MBO'])), name='telling_sector_is_known')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalCategorie',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('groep', models.CharField(choices=[('verzuim', 'verzuim'), ('vrijstelling', 'vrijstelling'), ('reden', 'reden')], max_length=12, verbose_name='groep')),
                ('code', models.CharField(help_text='Vast over de jaren en in bestanden, bijvoorbeeld absoluut-verzuim.', max_length=60, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Gebruik kleine letters, cijfers en streepjes.')], verbose_name='code')),
                ('naam', models.CharField(max_length=120, verbose_name='naam')),
                ('kort', models.CharField(help_text='De naam in een tabel, bij een ‘waarvan’ onder haar geheel.', max_length=60, verbose_name='kort')),
                ('definitie', models.TextField(verbose_name='definitie')),
                ('bron', models.CharField(blank=True, max_length=300, verbose_name='bron')),
                ('kenmerk', models.CharField(blank=True, choices=[('langdurig', 'langer dan drie maanden thuis'), ('zonder-aanbod', 'langer dan drie maanden thuis zonder passend aanbod'), ('aanbodgebrek', 'reden is gebrek aan passend aanbod')], max_length=14, verbose_name='kenmerk')),
                ('geldig_van', models.DateField(verbose_name='geldig van')),
                ('geldig_tot', models.DateField(blank=True, help_text='De eerste dag waarop deze definitie niet meer geldt.', null=True, verbose_name='geldig tot')),
                ('volgorde', models.PositiveSmallIntegerField(default=0, verbose_name='volgorde')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('onderdeel_van', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='thuiszitters.categorie', verbose_name='is een ‘waarvan’ van')),
                ('regio', models.ForeignKey(blank=True, db_constraint=False, help_text="Leeg: geldt voor alle regio's.", null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regio.regio', verbose_name='regio')),
            ],
            options={
                'verbose_name': 'historical categorie',
                'verbose_name_plural': 'historical categorieën',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalKolomkoppeling',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kop', models.CharField(max_length=100, verbose_name='kop in het bestand')),
                ('kolom', models.CharField(max_length=20, verbose_name='kolom')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('regio', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regio.regio', verbose_name='regio')),
            ],
            options={
                'verbose_name': 'historical kolomkoppeling',
                'verbose_name_plural': 'historical kolomkoppelingen',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalLeerlingaantal',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('sector', models.CharField(choices=[('PO', 'PO'), ('VO', 'VO'), ('VSO', '(V)SO'), ('MBO', 'MBO')], max_length=3, verbose_name='sector')),
                ('schooljaar', models.CharField(max_length=9, validators=[django.core.validators.RegexValidator('^\\d{4}-\\d{4}$', 'Schrijf het schooljaar als 2024-2025.')], verbose_name='schooljaar')),
                ('aantal', models.PositiveIntegerField(verbose_name='aantal leerlingen')),
                ('bron', models.CharField(blank=True, max_length=300, verbose_name='bron')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('gemeente', models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'soort': 'gemeente'}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regio.organisatie', verbose_name='gemeente')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('regio', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regio.regio', verbose_name='regio')),
            ],
            options={
                'verbose_name': 'historical leerlingaantal',
                'verbose_name_plural': 'historical leerlingaantallen',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTelmoment',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('peildatum', models.DateField(verbose_name='peildatum')),
                ('deadline', models.DateField(blank=True, help_text='Vanaf deze dag is het te laat. Ervoor en erna gaan er herinneringen uit; is dit leeg, dan niet.', null=True, verbose_name='invoeren vóór')),
                ('voorgelegd_op', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='voorgelegd op')),
                ('afgesloten_op', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='vastgesteld op')),
                ('history_change_reason', models.TextField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('regio', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regio.regio', verbose_name='regio')),
            ],
            options={
                'verbose_name': 'historical telmoment',
                'verbose_name_plural': 'historical telmomenten',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTelling',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('sector', models.CharField(choices=[('PO', 'PO'), ('VO', 'VO'), ('VSO', '(V)SO'), ('MBO', 'MBO')], max_length=3, verbose_name='sector')),
                ('status', models.CharField(choices=[('opgegeven', 'opgegeven'), ('onbekend', 'onbekend'), ('geen opgave', 'geen opgave')], max_length=12, verbose_name='status')),
                ('aantal', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(99999)], verbose_name='aantal')),
                ('toelichting', models.CharField(blank=True, max_length=500, validators=[regio.privacy.validate_free_text], verbose_name='toelichting')),
                ('versie', models.PositiveIntegerField(default=1, editable=False, verbose_name='versie')),
                ('gewijzigd_op', models.DateTimeField(blank=True, editable=False, verbose_name='gewijzigd op')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('categorie', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='thuiszitters.categorie', verbose_name='categorie')),
                ('gewijzigd_door', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='gewijzigd door')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opgave', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='thuiszitters.opgave', verbose_name='opgave')),
            ],
            options={
                'verbose_name': 'historical telling',
                'verbose_name_plural': 'historical tellingen',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalOpgave',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('status', models.CharField(choices=[('concept', 'concept'), ('ingediend', 'ingediend'), ('teruggegeven', 'teruggegeven')], default='concept', max_length=12, verbose_name='status')),
                ('ingediend_op', models.DateTimeField(blank=True, null=True, verbose_name='ingediend op')),
                ('reden_teruggave', models.TextField(blank=True, validators=[regio.privacy.validate_free_text], verbose_name='reden van teruggave')),
                ('history_change_reason', models.TextField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('gemeente', models.ForeignKey(blank=True, db_constraint=False, limit_choices_to={'soort': 'gemeente'}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regio.organisatie', verbose_name='gemeente')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ingediend_door', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ingediend door')),
                ('telmoment', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='thuiszitters.telmoment', verbose_name='telmoment')),
            ],
            options={
                'verbose_name': 'historical opgave',
                'verbose_name_plural': 'historical opgaven',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
