"""One entry of the suppression list may stand for several cases that restrict the same account."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rights', '0003_schedule'),
    ]

    operations = [
        migrations.AddField(
            model_name='suppression',
            name='also_for',
            field=models.JSONField(blank=True, default=list, help_text='Opaque references of other cases that restrict the same: it stays until the last is lifted.', verbose_name='also for'),
        ),
    ]
