"""租房提取计划: what a centre plans to pay out for rent in a year. Every setting is a row; the last one counts."""

from __future__ import annotations

from django.db import models

from hpf.db.fields import MoneyField


class RentPlan(models.Model):
    """One setting of a centre's yearly plan, never changed; `version` counts the settings of the year."""

    id = models.BigAutoField("计划流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="计划所属中心")
    year = models.SmallIntegerField("计划年度", db_comment="计划年度（公历年）")
    version = models.SmallIntegerField("计划版次", db_comment="本年度第几次设定，从1起")
    plan_fen = MoneyField("计划金额", db_comment="全年租房提取计划金额（分）")
    reason = models.CharField("计划依据", max_length=200, db_comment="批准的文件或者调整的理由")
    by_province = models.BooleanField("省厅设定", db_comment="由省厅设定，否则由本中心主任设定")
    set_at = models.DateTimeField("设定时刻", db_comment="设定时刻")
    set_by = models.CharField("设定人", max_length=60, db_comment="设定人")
    set_by_name = models.CharField("设定人姓名", max_length=60, db_comment="设定人姓名")

    class Meta:
        db_table = "withdrawals_rentplan"
        db_table_comment = "租房提取计划"
        verbose_name = "租房提取计划"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "year", "version"], name="withdrawals_rentplan_once"),
            models.CheckConstraint(condition=models.Q(plan_fen__gt=0), name="withdrawals_rentplan_positive"),
        ]
