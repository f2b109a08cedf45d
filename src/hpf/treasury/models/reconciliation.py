"""银行对账 未达账项."""

from __future__ import annotations

from django.db import models

from hpf.db.fields import MoneyField
from hpf.treasury.models.bank import BankAccount
from hpf.treasury.rules.reconciling import KIND_LABELS


class Reconciliation(models.Model):
    id = models.BigAutoField("对账编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name="专户", db_comment="专户")
    business_on = models.DateField("会计日", db_comment="会计日")
    bank_fen = MoneyField("银行余额", null=True, db_comment="银行对账单余额（分），空为未取得对账单")
    book_fen = MoneyField("账面余额", db_comment="日记账余额（分）")
    ledger_fen = MoneyField("总账余额", db_comment="总账分户账余额（分）")
    unexplained_fen = MoneyField("不明差额", db_comment="余额调节后仍不平的差额（分）")
    differences = models.IntegerField("未达账项数", db_comment="未达账项数")
    agrees = models.BooleanField("相符", db_comment="逐笔相符且余额相符")

    class Meta:
        db_table = "treasury_reconciliation"
        db_table_comment = "银行对账结果"
        verbose_name = "银行对账"
        constraints = [models.UniqueConstraint(fields=["centre_id", "bank_account", "business_on"], name="treasury_reconciliation_day")]


class Difference(models.Model):
    id = models.BigAutoField("差异编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    reconciliation = models.ForeignKey(Reconciliation, models.PROTECT, related_name="+", verbose_name="银行对账", db_comment="银行对账")
    kind = models.CharField("差异种类", max_length=16, choices=[(k.value, v) for k, v in KIND_LABELS.items()], db_comment="差异种类")
    bank_reference = models.CharField("银行流水号", max_length=40, db_comment="银行流水号")
    amount_fen = MoneyField("金额", db_comment="金额（分）")
    occurred_on = models.DateField("发生日", db_comment="发生日")
    explanation = models.CharField("说明", max_length=400, db_comment="说明")

    class Meta:
        db_table = "treasury_difference"
        db_table_comment = "未达账项"
        verbose_name = "未达账项"
        indexes = [models.Index(fields=["centre_id", "reconciliation"], name="treasury_difference_of")]
