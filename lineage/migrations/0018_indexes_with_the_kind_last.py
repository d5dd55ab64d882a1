from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    """The kind last: with it first, PostgreSQL may take these for a look-up by kind and walk half the table."""

    dependencies = [("lineage", "0017_lanes_of_parts")]

    operations = [
        migrations.RemoveIndex("artifact", "artifact_name_folded"),
        migrations.AddIndex("artifact", models.Index(Lower("repo_id"), "kind", name="artifact_name_folded")),
        migrations.RemoveIndex("artifact", "artifact_presence"),
        migrations.AddIndex("artifact", models.Index(fields=["presence", "kind"], name="artifact_presence")),
    ]
