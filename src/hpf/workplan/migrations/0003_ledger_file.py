"""Files of centres' own ledgers: kept as they came, never changed."""

import django.db.models.deletion
from django.db import migrations, models

from hpf.db.migrations_rls import EnableCentreSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("workplan", "0002_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerFile",
            fields=[
                ("id", models.BigAutoField(db_comment="台账文件编号", primary_key=True, serialize=False, verbose_name="台账文件编号")),
                ("centre_id", models.SmallIntegerField(db_comment="导入的中心", verbose_name="中心")),
                ("filename", models.TextField(db_comment="上传时的文件名", verbose_name="文件名")),
                ("content", models.BinaryField(db_comment="原件全部字节", verbose_name="原件内容")),
                ("sha256", models.CharField(db_comment="原件内容的SHA-256", max_length=64, verbose_name="原件摘要")),
                ("size_bytes", models.BigIntegerField(db_comment="原件字节数", verbose_name="原件大小")),
                ("rows", models.IntegerField(db_comment="读到的任务行数", verbose_name="台账行数")),
                ("faults", models.IntegerField(db_comment="首次导入时不能使用的单元格和行数", verbose_name="台账差错数")),
                ("uploaded_by", models.TextField(db_comment="导入人编号", verbose_name="经办人编号")),
                ("uploaded_by_name", models.TextField(db_comment="导入人", verbose_name="经办人")),
                ("uploaded_at", models.DateTimeField(db_comment="导入时刻", verbose_name="登记时刻")),
                (
                    "plan",
                    models.ForeignKey(
                        db_comment="所属要点",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.plan",
                        verbose_name="要点",
                    ),
                ),
            ],
            options={
                "verbose_name": "台账文件",
                "db_table_comment": "中心导入的台账文件，只增不改",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "plan", "sha256"), name="workplan_ledgerfile_once")],
            },
        ),
        EnableCentreSecurity("workplan_ledgerfile", grants="SELECT, INSERT"),
        migrations.RunSQL(
            """
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workplan_ledgerfile
                FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
            ALTER TABLE workplan_ledgerfile ADD CONSTRAINT workplan_ledgerfile_digest CHECK (sha256 = encode(sha256(content), 'hex'));
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
