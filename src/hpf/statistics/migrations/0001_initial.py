from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Counted",
            fields=[
                ("id", models.BigAutoField(db_comment="统计进度编号", primary_key=True, serialize=False, verbose_name="统计进度编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("counted_on", models.DateField(db_comment="已统计的会计日", verbose_name="统计日期")),
                ("event_id", models.BigIntegerField(db_comment="已计入的最后一个账户事件", verbose_name="账户事件")),
                ("facts", models.IntegerField(db_comment="写入的统计事实数", verbose_name="统计数")),
            ],
            options={
                "verbose_name": "统计进度",
                "db_table_comment": "统计进度",
                "constraints": [models.UniqueConstraint(fields=("centre_id", "counted_on"), name="statistics_counted_once")],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(db_comment="统计编号", primary_key=True, serialize=False, verbose_name="统计编号")),
                ("centre_id", models.SmallIntegerField(db_comment="所属中心", verbose_name="中心")),
                ("measure", models.TextField(db_comment="计算口径代码", verbose_name="统计口径")),
                ("period", models.TextField(db_comment="DAY 日，MONTH 月，YEAR 年", verbose_name="统计期间")),
                ("period_on", models.DateField(db_comment="日为会计日，月、年为期末日", verbose_name="统计日期")),
                ("dimension", models.TextField(db_comment="ECONOMIC_TYPE 经济类型，INCOME_LEVEL 收入水平", verbose_name="统计维度")),
                ("value", models.TextField(db_comment="维度代码", verbose_name="维度值")),
                ("amount", models.BigIntegerField(db_comment="金额以分计，其余为个数；日为当日变动", verbose_name="统计数")),
                (
                    "to_date",
                    models.BigIntegerField(db_comment="可加口径的月行：截至月末的累计或期末数", null=True, verbose_name="期末累计"),
                ),
            ],
            options={
                "verbose_name": "统计事实",
                "db_table_comment": "统计事实",
                "indexes": [models.Index(fields=["centre_id", "period", "period_on"], name="statistics_fact_period")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("centre_id", "period", "measure", "period_on", "dimension", "value"), name="statistics_fact_once"
                    )
                ],
            },
        ),
    ]
