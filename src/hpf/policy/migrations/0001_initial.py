"""Law as data: documents, articles, dated parameters, calendar. Readable by the application, written by the owner."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from hpf.db.migrations_rls import GrantToApp, RunSqlFile

HERE = Path(__file__).resolve().parent.parent
TABLES = ("load", "source", "article", "note", "key", "parameter", "exceptionalday", "calendaryear")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.SmallIntegerField(db_comment="已录入节假日安排通知的年份", unique=True, verbose_name="年份")),
            ],
            options={
                "verbose_name": "已录入日历的年份",
                "db_table_comment": "已录入日历的年份",
            },
        ),
        migrations.CreateModel(
            name="ExceptionalDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(db_comment="日期", unique=True, verbose_name="日期")),
                ("is_workday", models.BooleanField(db_comment="是否上班：调休上班为真，放假为假", verbose_name="是否上班")),
                ("festival", models.CharField(db_comment="节日", max_length=40, verbose_name="节日")),
                ("citation", models.CharField(db_comment="依据的通知", max_length=120, verbose_name="依据")),
            ],
            options={
                "verbose_name": "节假日和调休日",
                "db_table_comment": "节假日和调休日",
            },
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(db_comment="内容摘要：全部法规文件的SHA-256", max_length=64, verbose_name="内容摘要")),
                ("loaded_at", models.DateTimeField(db_comment="登记时刻", verbose_name="登记时刻")),
                ("packs", models.JSONField(db_comment="参数包：除law以外一并装载的参数文件夹", verbose_name="参数包")),
            ],
            options={
                "verbose_name": "法规装载记录",
                "db_table_comment": "法规装载记录",
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(db_comment="文件简称，引用条文时使用", max_length=60, unique=True, verbose_name="文件简称")),
                ("number", models.CharField(db_comment="文号", max_length=120, verbose_name="文号")),
                ("title", models.CharField(db_comment="文件名称", max_length=200, verbose_name="文件名称")),
                ("issuer", models.CharField(db_comment="发文机关", max_length=120, verbose_name="发文机关")),
                ("signed_on", models.DateField(db_comment="签发日期", null=True, verbose_name="签发日期")),
                ("in_force_on", models.DateField(db_comment="施行日期", null=True, verbose_name="施行日期")),
                ("superseded_on", models.DateField(db_comment="废止日期", null=True, verbose_name="废止日期")),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("VERIFIED", "已核对原文"),
                            ("SECONDARY", "据转载资料"),
                            ("RECALLED", "待核对原文"),
                            ("DESIGNED", "系统设定"),
                            ("DEMO", "演示值"),
                        ],
                        db_comment="可信程度",
                        max_length=10,
                        verbose_name="可信程度",
                    ),
                ),
                ("note", models.TextField(blank=True, db_comment="备注", verbose_name="备注")),
            ],
            options={
                "verbose_name": "法规文件",
                "db_table_comment": "法规文件",
            },
        ),
        migrations.CreateModel(
            name="Key",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(db_comment="参数代码", max_length=80, verbose_name="参数代码")),
                ("district", models.CharField(blank=True, db_comment="区县代码，不分区县的为空", max_length=12, verbose_name="区县")),
                ("label", models.CharField(db_comment="参数名称", max_length=120, verbose_name="参数名称")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("YUAN", "元"),
                            ("FEN", "分"),
                            ("PERCENT", "%"),
                            ("DAYS", "日"),
                            ("WORKDAYS", "个工作日"),
                            ("MONTHS", "个月"),
                            ("YEARS", "年"),
                            ("COUNT", "COUNT"),
                            ("TEXT", "TEXT"),
                            ("FLAG", "FLAG"),
                            ("MONTH", "MONTH"),
                            ("DATE", "DATE"),
                        ],
                        db_comment="计量单位",
                        max_length=10,
                        verbose_name="计量单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "政策参数名称",
                "db_table_comment": "政策参数名称",
                "constraints": [models.UniqueConstraint(fields=("key", "district"), name="policy_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("citation", models.CharField(db_comment="条文引用", max_length=120, verbose_name="条文")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("FILE", "按法规数据办理"),
                            ("STRUCTURE", "由系统结构实现"),
                            ("LATER", "后续实现"),
                            ("NOT_MODELLED", "不实现"),
                        ],
                        db_comment="办理方式",
                        max_length=14,
                        verbose_name="办理方式",
                    ),
                ),
                ("text", models.TextField(db_comment="说明：文件位置、实现方式或未实现的原因", verbose_name="说明")),
            ],
            options={
                "verbose_name": "条文办理说明",
                "db_table_comment": "条文办理说明",
                "constraints": [models.UniqueConstraint(fields=("citation", "kind", "text"), name="policy_note_once")],
            },
        ),
        migrations.CreateModel(
            name="Parameter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.SmallIntegerField(db_comment="适用范围：0全国，-1全省，其余为中心编号", verbose_name="适用范围")),
                ("value", models.CharField(db_comment="参数值，按文件原文保存", max_length=400, verbose_name="参数值")),
                ("since", models.DateField(db_comment="生效日期", verbose_name="生效日期")),
                ("until", models.DateField(db_comment="失效日期，当日起不再适用", null=True, verbose_name="失效日期")),
                ("citation", models.CharField(db_comment="依据的条文，必填", max_length=120, verbose_name="依据")),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("VERIFIED", "已核对原文"),
                            ("SECONDARY", "据转载资料"),
                            ("RECALLED", "待核对原文"),
                            ("DESIGNED", "系统设定"),
                            ("DEMO", "演示值"),
                        ],
                        db_comment="可信程度",
                        max_length=10,
                        verbose_name="可信程度",
                    ),
                ),
                ("note", models.TextField(blank=True, db_comment="备注", verbose_name="备注")),
                ("pack", models.CharField(db_comment="参数包：law为法规文件，其余为附加包", max_length=20, verbose_name="参数包")),
                (
                    "key",
                    models.ForeignKey(
                        db_comment="政策参数名称",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.key",
                        verbose_name="政策参数名称",
                    ),
                ),
            ],
            options={
                "verbose_name": "政策参数",
                "db_table_comment": "政策参数",
                "indexes": [models.Index(fields=["scope", "key"], name="policy_parameter_by_scope")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("citation", ""), _negated=True), name="policy_parameter_is_cited"),
                    models.CheckConstraint(condition=models.Q(("value", ""), _negated=True), name="policy_parameter_has_value"),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gt", models.F("since")), _connector="OR"),
                        name="policy_parameter_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confidence__in", ["VERIFIED", "SECONDARY", "RECALLED", "DESIGNED", "DEMO"])),
                        name="policy_parameter_confidence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("citation", "演示值"), ("confidence", "DEMO")),
                            models.Q(models.Q(("confidence", "DEMO"), _negated=True), models.Q(("citation", "演示值"), _negated=True)),
                            _connector="OR",
                        ),
                        name="policy_parameter_demo_is_labelled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("article", models.CharField(db_comment="条文：编号，编号未核对的用事项名称", max_length=40, verbose_name="条文")),
                (
                    "edition",
                    models.CharField(blank=True, db_comment="文本版本，只有一个版本的为空", max_length=20, verbose_name="文本版本"),
                ),
                ("since", models.DateField(db_comment="施行日期", null=True, verbose_name="施行日期")),
                ("until", models.DateField(db_comment="废止日期", null=True, verbose_name="废止日期")),
                ("restated", models.TextField(db_comment="条文转述，不是原文", verbose_name="条文转述")),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("VERIFIED", "已核对原文"),
                            ("SECONDARY", "据转载资料"),
                            ("RECALLED", "待核对原文"),
                            ("DESIGNED", "系统设定"),
                            ("DEMO", "演示值"),
                        ],
                        db_comment="可信程度",
                        max_length=10,
                        verbose_name="可信程度",
                    ),
                ),
                ("position", models.IntegerField(db_comment="次序：在文件中的先后", verbose_name="次序")),
                (
                    "source",
                    models.ForeignKey(
                        db_comment="法规文件",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.source",
                        verbose_name="法规文件",
                    ),
                ),
            ],
            options={
                "verbose_name": "条文",
                "db_table_comment": "条文",
                "constraints": [models.UniqueConstraint(fields=("source", "article", "edition"), name="policy_article_once")],
            },
        ),
        RunSqlFile(HERE / "constraints.sql"),
        RunSqlFile(HERE / "published.sql", reverse_sql="DROP VIEW policy_parameter_v1"),
        *[GrantToApp(f"policy_{table}") for table in TABLES],
    ]
