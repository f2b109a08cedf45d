"""基数调整: one unit's yearly file of bases, the lines it proposes, and what became of it."""

from __future__ import annotations

from django.db import models

from hpf.contributions.models.remittance import Original, coded
from hpf.contributions.rules.states import BaseChangeState
from hpf.db.fields import MoneyField, MonthField


class BaseChange(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="基数调整编号", db_comment="基数调整编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    base_change_no = models.TextField("基数调整号", unique=True, db_comment="基数调整号")
    employer_account_id = models.BigIntegerField("单位账户", db_comment="单位账户")
    employer_account_no = models.TextField("单位账号", db_comment="单位账号")
    since_month = MonthField("执行年月", db_comment="新基数执行的第一个月（自公元0年起的月数）")
    original = models.ForeignKey(Original, models.PROTECT, related_name="+", verbose_name="原件", db_comment="基数调整表原件")
    state = models.TextField(
        "基数调整状态", choices=coded(BaseChangeState), default=BaseChangeState.CONFIRMED, db_comment="待确认、已执行、已被更正取代或已撤销"
    )
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="更正前基数调整", db_comment="本次上传所更正的前一次"
    )
    line_count = models.IntegerField("人数", db_comment="调整人数")
    defects = models.JSONField("差错", default=list, db_comment="差错清单")
    is_applied = models.BooleanField("已执行", default=False, db_comment="是否已执行")
    maker = models.TextField("经办人", db_comment="经办人")
    received_at = models.DateTimeField("登记时刻", db_comment="登记时刻")
    confirmed_by = models.TextField("确认人", default="", db_comment="确认执行的人")
    confirmed_at = models.DateTimeField("确认时刻", null=True, db_comment="确认执行的时刻")

    class Meta:
        db_table_comment = "单位年度基数调整"
        indexes = [models.Index(fields=["centre_id", "employer_account_id", "-id"], name="contributions_base_employer")]


class BaseChangeLine(models.Model):
    """One person of a proposal: what was in force in that month and what would be, as worked out when the file was read."""

    id = models.BigAutoField(primary_key=True, verbose_name="基数调整明细编号", db_comment="基数调整明细编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    base_change = models.ForeignKey(
        BaseChange, models.PROTECT, related_name="+", db_index=False, verbose_name="基数调整", db_comment="所属基数调整"
    )
    row_no = models.IntegerField("行号", db_comment="原件中的行号")
    member_account_id = models.BigIntegerField("个人账户", db_comment="个人账户")
    account_no = models.TextField("个人账号", db_comment="个人账号")
    former_base_fen = MoneyField("原缴存基数", db_comment="调整前的缴存基数，分")
    former_employer_month_fen = MoneyField("原单位月缴存额", db_comment="调整前单位月缴存额，分")
    former_member_month_fen = MoneyField("原个人月缴存额", db_comment="调整前个人月缴存额，分")
    declared_base_fen = MoneyField("申报缴存基数", db_comment="单位申报的基数，分")
    base_fen = MoneyField("缴存基数", db_comment="按上下限核定的基数，分")
    employer_month_fen = MoneyField("单位月缴存额", db_comment="调整后单位月缴存额，分")
    member_month_fen = MoneyField("个人月缴存额", db_comment="调整后个人月缴存额，分")
    limit_note = models.TextField("核定说明", default="", db_comment="按上限或下限核定的说明")

    class Meta:
        db_table_comment = "单位年度基数调整明细"
        indexes = [models.Index(fields=["base_change", "row_no"], name="contributions_base_line_row")]
