"""The list of lapsed people, kept from the turn of the month; apart by centre."""

from django.db import migrations, models

import hpf.db.fields
from hpf.db.migrations_rls import EnableCentreSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("contributions", "0004_base_proposals"),
    ]

    operations = [
        migrations.CreateModel(
            name="LapseWatch",
            fields=[
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", primary_key=True, serialize=False, verbose_name="中心")),
                ("month", hpf.db.fields.MonthField(db_comment="名单按此月初计算", verbose_name="监测年月")),
                ("before", hpf.db.fields.MonthField(db_comment="此月以后没有入账的缴存即为断缴", verbose_name="断缴界限")),
                ("found", models.IntegerField(db_comment="月初断缴人数", verbose_name="人数")),
                ("watched_on", models.DateField(db_comment="计算名单的会计日", verbose_name="监测日期")),
            ],
            options={
                "verbose_name": "断缴监测",
                "db_table_comment": "断缴监测进度",
            },
        ),
        migrations.CreateModel(
            name="Lapse",
            fields=[
                ("id", models.BigAutoField(db_comment="断缴内部编号", primary_key=True, serialize=False, verbose_name="断缴编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("member_account_id", models.BigIntegerField(db_comment="个人账户", verbose_name="个人账户")),
                ("last_month", hpf.db.fields.MonthField(db_comment="监测时最后入账的缴存年月", verbose_name="最后缴存年月")),
            ],
            options={
                "verbose_name": "断缴职工",
                "db_table_comment": "断缴职工名单",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "member_account_id"), name="contributions_lapse_once")],
            },
        ),
        EnableCentreSecurity("contributions_lapsewatch", grants="SELECT, INSERT, UPDATE"),
        EnableCentreSecurity("contributions_lapse", grants="SELECT, INSERT, DELETE"),
    ]
