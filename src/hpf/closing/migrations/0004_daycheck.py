"""The outcome of comparing a day's balances is kept for the pages to show."""

from django.db import migrations, models

import hpf.db.fields
from hpf.db.migrations_rls import EnableCentreSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("closing", "0003_buckets"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayCheck",
            fields=[
                ("id", models.BigAutoField(db_comment="核对结果编号", primary_key=True, serialize=False, verbose_name="核对结果编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("business_on", models.DateField(db_comment="会计日", verbose_name="会计日")),
                ("line_no", models.SmallIntegerField(db_comment="在当日核对中的次序，从1起", verbose_name="行号")),
                ("check_id", models.TextField(db_comment="三账平衡编号，BAL-1 至 BAL-13", verbose_name="核对编号")),
                ("title", models.TextField(db_comment="核对的是哪两方，核对当时的说法", verbose_name="核对事项")),
                ("left_fen", hpf.db.fields.MoneyField(db_comment="左方金额（分）", verbose_name="左方金额")),
                ("right_fen", hpf.db.fields.MoneyField(db_comment="右方金额（分）", verbose_name="右方金额")),
                (
                    "places",
                    models.JSONField(
                        db_comment="不符之处，每项为种类、编号、左方分、右方分，差额大者在前，至多二十项",
                        default=list,
                        verbose_name="差异之处",
                    ),
                ),
                ("differing", models.IntegerField(db_comment="不符之处总数", default=0, verbose_name="差异处数")),
                ("compared_by", models.TextField(db_comment="核对人", verbose_name="核对人")),
                ("compared_at", models.DateTimeField(db_comment="核对时刻", verbose_name="核对时刻")),
            ],
            options={
                "verbose_name": "核对结果",
                "db_table_comment": "会计日核对结果",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "business_on", "line_no"), name="closing_daycheck_once")],
            },
        ),
        EnableCentreSecurity("closing_daycheck", grants="SELECT, INSERT, UPDATE"),
    ]
