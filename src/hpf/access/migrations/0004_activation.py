"""Codes from the counter, by which members and operators set a password."""

import django.db.models.deletion
from django.db import migrations, models

from hpf.db.migrations_rls import GrantToApp


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="Activation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, verbose_name="编号")),
                ("code", models.CharField(db_comment="开通码摘要（argon2）", max_length=160, verbose_name="开通码")),
                ("valid_until", models.DateTimeField(db_comment="有效期至", verbose_name="有效期至")),
                ("failures", models.SmallIntegerField(db_comment="输错次数", default=0, verbose_name="连续失败次数")),
                ("issued_by", models.CharField(db_comment="发放开通码的柜员", max_length=60, verbose_name="发放人")),
                ("issued_at", models.DateTimeField(db_comment="发放时刻", verbose_name="发放时刻")),
                ("ended_at", models.DateTimeField(db_comment="已使用或者被新的开通码取代的时刻", null=True, verbose_name="失效时刻")),
                (
                    "user",
                    models.ForeignKey(
                        db_comment="用户编号",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.user",
                        verbose_name="用户",
                    ),
                ),
            ],
            options={
                "verbose_name": "开通码",
                "db_table": "access_activation",
                "db_table_comment": "开通码",
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("user",), name="access_activation_one")
                ],
            },
        ),
        GrantToApp("access_activation", grants="SELECT, INSERT, UPDATE"),
    ]
