"""基数调整: one unit's yearly file of bases, and what became of it."""

from __future__ import annotations

from django.db import models

from hpf.contributions.models.remittance import Original
from hpf.db.fields import MonthField


class BaseChange(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="基数调整编号", db_comment="基数调整编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    base_change_no = models.TextField("基数调整号", unique=True, db_comment="基数调整号")
    employer_account_id = models.BigIntegerField("单位账户", db_comment="单位账户")
    employer_account_no = models.TextField("单位账号", db_comment="单位账号")
    since_month = MonthField("执行年月", db_comment="新基数执行的第一个月（自公元0年起的月数）")
    original = models.ForeignKey(Original, models.PROTECT, related_name="+", verbose_name="原件", db_comment="基数调整表原件")
    line_count = models.IntegerField("人数", db_comment="调整人数")
    defects = models.JSONField("差错", default=list, db_comment="差错清单")
    is_applied = models.BooleanField("已执行", default=False, db_comment="是否已执行")
    maker = models.TextField("经办人", db_comment="经办人")
    received_at = models.DateTimeField("登记时刻", db_comment="登记时刻")

    class Meta:
        db_table_comment = "单位年度基数调整"
