"""The wall out of one index: what decides a light stands in it, and the light is a bit."""

from pathlib import Path

from django.db import migrations, models

from hpf.db.migrations_rls import RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [("workplan", "0006_next_due")]

    operations = [
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(
                fields=["plan", "task"],
                name="workplan_occurrence_wall",
                include=["centre_id", "state", "starts_on", "due_on", "is_measured", "is_met"],
            ),
        ),
        RunSqlFile(FOLDER / "shades.sql"),
    ]
