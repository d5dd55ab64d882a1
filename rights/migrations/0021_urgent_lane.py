from django.db import migrations, models

import rights.sealed


class Migration(migrations.Migration):
    dependencies = [("rights", "0020_words_of_accounts")]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="handed_over_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When an urgent one was handed to who can act at once.",
                null=True,
                verbose_name="handed over at",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="handed_over_to",
            field=rights.sealed.SealedTextField(
                blank=True, default="", help_text="Which service took it.", verbose_name="handed over to"
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(handed_over_at=None, handed_over_to="")
                | models.Q(handed_over_at__isnull=False) & ~models.Q(handed_over_to=""),
                name="referral_is_handed_over_to_somebody",
            ),
        ),
    ]
