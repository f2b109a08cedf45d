from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("workplan", "0005_ledger_import_and_recasting")]

    operations = [
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(
                fields=["due_on", "id"], name="workplan_occurrence_working", condition=Q(state__in=["OPEN", "DONE_BY_SECTION", "RETURNED"])
            ),
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(fields=["due_on", "id"], name="workplan_occurrence_told", condition=Q(state="REPORTED")),
        ),
    ]
