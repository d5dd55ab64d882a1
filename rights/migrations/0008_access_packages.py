"""Access packages that wait, encrypted, to be fetched."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rights', "0007_cases"),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(help_text='Opaque name under which it is fetched; of no use alone.', max_length=64, unique=True, verbose_name='token')),
                ('reference', models.CharField(help_text='Opaque reference of the case.', max_length=64, verbose_name='reference')),
                ('language', models.CharField(help_text='The language it is written in.', max_length=8, verbose_name='language')),
                ('body', models.BinaryField(help_text='The archive, encrypted; nobody but the person has the code.', verbose_name='content')),
                ('drawn_up_at', models.DateTimeField(help_text='The moment whose data it holds.', verbose_name='drawn up at')),
                ('expires_at', models.DateTimeField(help_text='When it is deleted.', verbose_name='expires at')),
                ('fetched_at', models.DateTimeField(blank=True, help_text='When it was opened last; empty until then.', null=True, verbose_name='fetched at')),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='Wrong codes since it was opened last.', verbose_name='attempts')),
            ],
            options={
                'verbose_name': 'access package',
                'verbose_name_plural': 'access packages',
                'indexes': [models.Index(fields=['expires_at'], name='access_package_expires')],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('drawn_up_at'))), name='access_package_expires_later')],
            },
        ),
    ]
