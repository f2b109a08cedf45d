"""日终步骤 单位余额 结息: what the close remembers, so that it can be killed anywhere and run again."""

from __future__ import annotations

from django.db import models

from hpf.db.fields import MoneyField


class Step(models.Model):
    """日终步骤: one step of one day in one centre. DONE is never run again; RED and FAILED are."""

    id = models.BigAutoField(primary_key=True, verbose_name="日终步骤编号", db_comment="日终步骤编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    business_on = models.DateField("会计日", db_comment="会计日")
    step = models.TextField("步骤", db_comment="步骤代码")
    state = models.TextField("步骤状态", choices=[("DONE", "已完成"), ("RED", "不相符")], db_comment="DONE 已完成，RED 不相符")
    figures = models.JSONField("步骤结果", default=dict, db_comment="步骤的数字与差异")
    attempts = models.IntegerField("次数", default=1, db_comment="执行次数")
    done_by = models.TextField("经办人", db_comment="执行人")
    done_at = models.DateTimeField("登记时刻", db_comment="最近一次执行时刻")

    class Meta:
        db_table_comment = "日终步骤"
        verbose_name = "日终步骤"
        constraints = [models.UniqueConstraint(fields=["centre_id", "business_on", "step"], name="closing_step_once")]


class DayCheck(models.Model):
    """核对结果: one balance of one day as last compared. The pages show this; they never compare a whole centre themselves."""

    id = models.BigAutoField(primary_key=True, verbose_name="核对结果编号", db_comment="核对结果编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    business_on = models.DateField("会计日", db_comment="会计日")
    line_no = models.SmallIntegerField("行号", db_comment="在当日核对中的次序，从1起")
    check_id = models.TextField("核对编号", db_comment="三账平衡编号，BAL-1 至 BAL-13")
    title = models.TextField("核对事项", db_comment="核对的是哪两方，核对当时的说法")
    left_fen = MoneyField("左方金额", db_comment="左方金额（分）")
    right_fen = MoneyField("右方金额", db_comment="右方金额（分）")
    places = models.JSONField("差异之处", default=list, db_comment="不符之处，每项为种类、编号、左方分、右方分，差额大者在前，至多二十项")
    differing = models.IntegerField("差异处数", default=0, db_comment="不符之处总数")
    compared_by = models.TextField("核对人", db_comment="核对人")
    compared_at = models.DateTimeField("核对时刻", db_comment="核对时刻")

    class Meta:
        db_table_comment = "会计日核对结果"
        verbose_name = "核对结果"
        constraints = [models.UniqueConstraint(fields=["centre_id", "business_on", "line_no"], name="closing_daycheck_once")]


class UnitBalance(models.Model):
    """单位余额: what the members of one unit had together when last proved. One row a unit, moved at each close."""

    id = models.BigAutoField(primary_key=True, verbose_name="单位余额编号", db_comment="单位余额编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    employer_account_id = models.BigIntegerField("单位账户", db_comment="单位账户；0 为无单位")
    proved_on = models.DateField("会计日", db_comment="余额所属会计日")
    balance_fen = MoneyField("单位账户余额", db_comment="单位名下个人账户余额合计（分）")
    carried_fen = MoneyField("上年结转余额", db_comment="其中上年结转（分）")

    class Meta:
        db_table_comment = "单位账户余额（逐日核对）"
        verbose_name = "单位余额"
        constraints = [models.UniqueConstraint(fields=["centre_id", "employer_account_id"], name="closing_unit_once")]


class MemberUnit(models.Model):
    """个人账户所在单位: at which unit an account was when the unit's balance was last proved."""

    id = models.BigAutoField(primary_key=True, verbose_name="所在单位编号", db_comment="所在单位编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    ledger_account_id = models.BigIntegerField("分户账", db_comment="个人账户的总账分户")
    employer_account_id = models.BigIntegerField("单位账户", db_comment="核对时所在单位账户")

    class Meta:
        db_table_comment = "个人账户所在单位（逐日核对）"
        verbose_name = "个人账户所在单位"
        constraints = [models.UniqueConstraint(fields=["centre_id", "ledger_account_id"], name="closing_memberunit_once")]


class Settlement(models.Model):
    """年度结息: one interest year of one centre, from calculation to posting."""

    id = models.BigAutoField(primary_key=True, verbose_name="结息批次编号", db_comment="结息批次编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    year = models.SmallIntegerField("结息年度", db_comment="结息年度（7月1日所在年）")
    state = models.TextField(
        "结息状态", choices=[("CALCULATED", "已计算"), ("POSTED", "已入账")], db_comment="CALCULATED 已计算待入账，POSTED 已入账并冻结年度"
    )
    method = models.TextField("计息方法", db_comment="DAY_PRODUCT_360 按日积数，MONTH_WEIGHTS 按整月权数")
    rate_carried = models.DecimalField("上年结转利率", max_digits=11, decimal_places=7, db_comment="上年结转年利率，百分数")
    rate_current = models.DecimalField("当年归集利率", max_digits=11, decimal_places=7, db_comment="当年归集年利率，百分数")
    accounts = models.IntegerField("户数", db_comment="结息户数，含封存")
    accounts_digest = models.TextField("户名单摘要", db_comment="结息分户清单的SHA-256")
    interest_fen = MoneyField("结息额", db_comment="各户利息之和（分）")
    accrued_fen = MoneyField("已计提利息", db_comment="结息前应付利息余额（分）")
    lines_digest = models.TextField("明细摘要", db_comment="结息明细的SHA-256")
    policy_digest = models.TextField("参数摘要", db_comment="所用政策参数的摘要")
    journals = models.IntegerField("分录数", default=0, db_comment="入账的分录张数，一单位一张")
    calculated_by = models.TextField("经办人", db_comment="计算人")
    calculated_at = models.DateTimeField("计算时刻", db_comment="计算时刻")
    posted_by = models.TextField("记账人", default="", db_comment="入账人")
    posted_at = models.DateTimeField("记账时刻", null=True, db_comment="入账时刻")

    class Meta:
        db_table_comment = "年度结息批次"
        verbose_name = "年度结息"
        constraints = [models.UniqueConstraint(fields=["centre_id", "year"], name="closing_settlement_once")]


class SettlementLine(models.Model):
    """结息明细: one account's interest, with the figures that explain it."""

    id = models.BigAutoField(primary_key=True, verbose_name="结息明细编号", db_comment="结息明细编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    year = models.SmallIntegerField("结息年度", db_comment="结息年度（7月1日所在年）")
    ledger_account_id = models.BigIntegerField("分户账", db_comment="个人账户的总账分户")
    employer_account_id = models.BigIntegerField("单位账户", db_comment="结息时所在单位账户；0 为无单位")
    balance_fen = MoneyField("结息前余额", db_comment="结息前余额（分）")
    carried_fen = MoneyField("上年结转余额", db_comment="结息前其中上年结转（分）")
    products = models.DecimalField("积数", max_digits=30, decimal_places=0, db_comment="本年度积数（分·天或分·月），上年结转与当年归集合计")
    carried_products = models.DecimalField("上年结转积数", max_digits=30, decimal_places=0, db_comment="其中上年结转积数")
    interest_fen = MoneyField("利息", db_comment="本年度利息（分），四舍五入一次")

    class Meta:
        db_table_comment = "年度结息明细"
        verbose_name = "结息明细"
        constraints = [models.UniqueConstraint(fields=["centre_id", "year", "ledger_account_id"], name="closing_line_once")]


class YearEnd(models.Model):
    """年结: one accounting year's result and how it is to be divided."""

    id = models.BigAutoField(primary_key=True, verbose_name="年结编号", db_comment="年结编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    year = models.SmallIntegerField("会计年度", db_comment="会计年度（公历年）")
    income_fen = MoneyField("业务收入", db_comment="全年业务收入（分）")
    expense_fen = MoneyField("业务支出", db_comment="全年业务支出（分）")
    surplus_fen = MoneyField("增值收益", db_comment="全年增值收益（分）")
    sweep_fen = MoneyField("应划转额", db_comment="应从公积金存款户划至增值收益存款户的金额（分），负数为划回")
    reserve_fen = MoneyField("提取风险准备", null=True, db_comment="拟提取贷款风险准备（分）")
    fee_fen = MoneyField("提取管理费用", null=True, db_comment="拟提取管理费用（分）")
    supplement_fen = MoneyField("提取公租房补充资金", null=True, db_comment="拟提取廉租住房（公租房）建设补充资金（分）")
    state = models.TextField(
        "年结状态",
        choices=[("RESULT_POSTED", "已结转收支"), ("DISTRIBUTED", "已分配")],
        db_comment="RESULT_POSTED 已结转收支，DISTRIBUTED 已分配",
    )
    done_by = models.TextField("经办人", db_comment="办理人")
    done_at = models.DateTimeField("登记时刻", db_comment="登记时刻")

    class Meta:
        db_table_comment = "年结"
        verbose_name = "年结"
        constraints = [models.UniqueConstraint(fields=["centre_id", "year"], name="closing_year_once")]
