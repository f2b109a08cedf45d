"""统计事实: counted figures. Everything here can be thrown away and counted again."""

from __future__ import annotations

from django.db import models


class Fact(models.Model):
    """One figure of one centre. A DAY's amount is the movement of the day; MONTH and YEAR are counted at month ends."""

    id = models.BigAutoField(primary_key=True, verbose_name="统计编号", db_comment="统计编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    measure = models.TextField("统计口径", db_comment="计算口径代码")
    period = models.TextField("统计期间", db_comment="DAY 日，MONTH 月，YEAR 年")
    period_on = models.DateField("统计日期", db_comment="日为会计日，月、年为期末日")
    dimension = models.TextField("统计维度", db_comment="ECONOMIC_TYPE 经济类型，INCOME_LEVEL 收入水平")
    value = models.TextField("维度值", db_comment="维度代码")
    amount = models.BigIntegerField("统计数", db_comment="金额以分计，其余为个数；日为当日变动")
    to_date = models.BigIntegerField("期末累计", null=True, db_comment="可加口径的月行：截至月末的累计或期末数")

    class Meta:
        db_table_comment = "统计事实"
        verbose_name = "统计事实"
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "period", "measure", "period_on", "dimension", "value"], name="statistics_fact_once"
            )
        ]
        indexes = [models.Index(fields=["centre_id", "period", "period_on"], name="statistics_fact_period")]


class Counted(models.Model):
    """统计进度: through which account event each day was counted, so that an event entered late is counted on its own day."""

    id = models.BigAutoField(primary_key=True, verbose_name="统计进度编号", db_comment="统计进度编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    counted_on = models.DateField("统计日期", db_comment="已统计的会计日")
    event_id = models.BigIntegerField("账户事件", db_comment="已计入的最后一个账户事件")
    nature_id = models.BigIntegerField("单位性质变更", default=0, db_comment="已计入的最后一次单位性质变更")
    facts = models.IntegerField("统计数", db_comment="写入的统计事实数")

    class Meta:
        db_table_comment = "统计进度"
        verbose_name = "统计进度"
        constraints = [models.UniqueConstraint(fields=["centre_id", "counted_on"], name="statistics_counted_once")]
