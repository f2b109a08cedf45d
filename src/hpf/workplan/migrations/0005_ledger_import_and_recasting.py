"""A try keeps the file, each import for good is a row of its own; words for a task's other centres and dates in the history."""

import django.db.models.deletion
from django.db import migrations, models

from hpf.db.migrations_rls import EnableCentreSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("workplan", "0004_plan_closed"),
    ]

    operations = [
        migrations.AlterModelTableComment(
            name="ledgerfile",
            table_comment="中心试导入和导入的台账文件，只增不改",
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.TextField(
                choices=[
                    ("PLAN_LOADED", "要点载入"),
                    ("EDITION_LOADED", "新版本载入"),
                    ("PLAN_MADE", "由上年要点生成"),
                    ("PLAN_SET", "提醒天数调整"),
                    ("PLAN_CLOSED", "要点结束"),
                    ("TASK_CREATED", "建立任务"),
                    ("TASK_CHANGED", "修改任务"),
                    ("TASK_WITHDRAWN", "撤销任务"),
                    ("CENTRES_CHANGED", "调整责任中心"),
                    ("DEADLINES_CHANGED", "调整期限规则"),
                    ("PERIOD_WITHDRAWN", "撤销期次"),
                    ("NO_TASK", "标注不设任务"),
                    ("MEASURED_BY", "改由平台测量"),
                    ("BROKEN_DOWN", "分解"),
                    ("ASSIGNED", "分派"),
                    ("CONFIRMED", "主任确认分解"),
                    ("MEASURE_ADDED", "增加措施"),
                    ("MEASURE_CHANGED", "修改措施"),
                    ("EVIDENCE_ADDED", "上传佐证"),
                    ("EVIDENCE_WITHDRAWN", "撤回佐证"),
                    ("FINISHED", "科室办结"),
                    ("REOPENED", "退回科室"),
                    ("REPORTED", "上报省厅"),
                    ("ACCEPTED", "省厅认可"),
                    ("RETURNED", "省厅退回"),
                    ("ASKED", "省厅询问"),
                    ("ANSWERED", "中心答复"),
                    ("COMMENTED", "批注"),
                    ("DEADLINE_MOVED", "调整期限"),
                    ("TRIGGERED", "登记触发事项"),
                    ("READING_ENTERED", "填报数值"),
                    ("READING_SIGNED", "签认数值"),
                    ("READING_REFUSED", "数值退回重填"),
                    ("MEASURED", "平台测量"),
                    ("ESCALATED", "逾期上报"),
                    ("SECTION_SEATED", "科室人员调整"),
                    ("IMPORTED", "导入台账"),
                ],
                db_comment="历史种类",
                verbose_name="历史种类",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerfile",
            name="faults",
            field=models.IntegerField(db_comment="首次试导入或导入时不能使用的单元格和行数", verbose_name="台账差错数"),
        ),
        migrations.AlterField(
            model_name="ledgerfile",
            name="uploaded_at",
            field=models.DateTimeField(db_comment="首次上传时刻", verbose_name="登记时刻"),
        ),
        migrations.AlterField(
            model_name="ledgerfile",
            name="uploaded_by",
            field=models.TextField(db_comment="首次上传人编号", verbose_name="经办人编号"),
        ),
        migrations.AlterField(
            model_name="ledgerfile",
            name="uploaded_by_name",
            field=models.TextField(db_comment="首次上传人", verbose_name="经办人"),
        ),
        migrations.CreateModel(
            name="LedgerImport",
            fields=[
                ("id", models.BigAutoField(db_comment="台账导入编号", primary_key=True, serialize=False, verbose_name="台账导入编号")),
                ("centre_id", models.SmallIntegerField(db_comment="导入的中心", verbose_name="中心")),
                ("imported_by", models.TextField(db_comment="导入人编号", verbose_name="经办人编号")),
                ("imported_by_name", models.TextField(db_comment="导入人", verbose_name="经办人")),
                ("imported_at", models.DateTimeField(db_comment="导入时刻", verbose_name="登记时刻")),
                (
                    "file",
                    models.ForeignKey(
                        db_comment="所导入的台账文件",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workplan.ledgerfile",
                        verbose_name="台账文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "台账导入",
                "db_table_comment": "台账文件的正式导入，只增不改",
            },
        ),
        EnableCentreSecurity("workplan_ledgerimport", grants="SELECT, INSERT"),
        migrations.RunSQL(
            """
            INSERT INTO workplan_ledgerimport (centre_id, file_id, imported_by, imported_by_name, imported_at)
                SELECT centre_id, id, uploaded_by, uploaded_by_name, uploaded_at FROM workplan_ledgerfile;
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON workplan_ledgerimport
                FOR EACH STATEMENT EXECUTE FUNCTION hpf_refuse_change();
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
