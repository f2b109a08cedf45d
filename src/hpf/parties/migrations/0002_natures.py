"""What a unit was counted as before it changed its type."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from hpf.db.migrations_rls import EnableCentreSecurity, RunSqlFile

FOLDER = Path(__file__).resolve().parent.parent


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerNature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("centre_id", models.SmallIntegerField(verbose_name="中心编号")),
                ("nature", models.TextField(verbose_name="单位性质")),
                ("economic_type", models.TextField(verbose_name="经济类型")),
                ("until", models.DateField(verbose_name="终止日期")),
                (
                    "employer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.employer", verbose_name="单位"
                    ),
                ),
            ],
            options={
                "db_table_comment": "单位性质沿革",
                "indexes": [models.Index(fields=["centre_id", "employer", "until"], name="parties_formernature_of")],
            },
        ),
        EnableCentreSecurity("parties_formernature", grants="SELECT, INSERT"),
        RunSqlFile(FOLDER / "published_natures.sql"),
    ]
