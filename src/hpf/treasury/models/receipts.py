"""到账 待到账."""

from __future__ import annotations

from django.db import models

from hpf.db.crypto import EncryptedTextField
from hpf.db.fields import MoneyField
from hpf.treasury.models.bank import BankAccount

RECEIPT_PAYER = "treasury.receipt.payer_account"
EXPECTATION_PAYER = "treasury.expectation.payer_account"


class Expectation(models.Model):
    id = models.BigAutoField("待到账编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    kind = models.CharField("业务种类", max_length=20, db_comment="REMITTANCE PREPAYMENT COLLECTION …")
    reference = models.CharField("业务编号", max_length=40, db_comment="付款附言应写的编号")
    employer_account_id = models.BigIntegerField("单位账户", null=True, db_comment="单位账户")
    amount_fen = MoneyField("应收金额", db_comment="应收金额（分）")
    payer_name = models.CharField("付款户名", max_length=100, default="", db_comment="付款户名")
    payer_account = EncryptedTextField("付款账号", null=True, context=EXPECTATION_PAYER, db_comment="付款账号（加密）")
    state = models.CharField("状态", max_length=10, default="WAITING", db_comment="WAITING PARTLY MET OVER USED CANCELLED")
    expected_on = models.DateField("登记日", db_comment="登记的会计日")

    class Meta:
        db_table = "treasury_expectation"
        db_table_comment = "待到账款项"
        verbose_name = "待到账"
        constraints = [models.UniqueConstraint(fields=["centre_id", "reference"], name="treasury_expectation_reference")]
        indexes = [
            models.Index(
                fields=["centre_id", "state"],
                name="treasury_expectation_open",
                condition=models.Q(state__in=["WAITING", "PARTLY", "MET", "OVER"]),
            )
        ]


class Receipt(models.Model):
    """Money that came in. What is left of it is the balance of its ledger account, nowhere else."""

    id = models.BigAutoField("收款编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name="专户", db_comment="专户")
    bank_reference = models.CharField("银行流水号", max_length=40, db_comment="银行流水号")
    amount_fen = MoneyField("到账金额", db_comment="到账金额（分）")
    payer_account = EncryptedTextField("付款账号", null=True, context=RECEIPT_PAYER, db_comment="付款账号（加密）")
    payer_name = models.CharField("付款户名", max_length=100, default="", db_comment="付款户名")
    summary = models.CharField("附言", max_length=200, default="", db_comment="付款附言")
    bank_on = models.DateField("银行记账日", db_comment="银行记账日")
    value_on = models.DateField("起息日", db_comment="起息日")
    business_on = models.DateField("会计日", db_comment="入账会计日")
    ledger_account_id = models.BigIntegerField("暂收分户账", null=True, db_comment="暂收（21904）分户账")
    journal_id = models.BigIntegerField("凭证", null=True, db_comment="入账凭证")
    state = models.CharField("状态", max_length=10, default="SUSPENSE", db_comment="SUSPENSE SHORT LONG MATCHED USED REFUNDED")
    expectation = models.ForeignKey(
        Expectation, models.PROTECT, null=True, related_name="+", verbose_name="待到账", db_comment="认到的待到账款项"
    )
    ground = models.CharField("认款依据", max_length=20, default="", db_comment="REFERENCE ACCOUNT_AND_AMOUNT NAME_AND_AMOUNT CLERK")
    explanation = models.CharField("认款说明", max_length=300, default="", db_comment="为何认到或为何未认到")
    reason_code = models.CharField("认款结论代码", max_length=24, default="", db_comment="认款结论代码")
    used_by_kind = models.CharField("使用业务种类", max_length=20, default="", db_comment="使用业务种类")
    used_by_no = models.CharField("使用业务编号", max_length=40, default="", db_comment="使用业务编号")
    spent = models.BooleanField("已用完", db_default=False, db_comment="日终时分户余额为零；未用完的款项按此查找")

    class Meta:
        db_table = "treasury_receipt"
        db_table_comment = "到账款项"
        verbose_name = "到账"
        constraints = [models.UniqueConstraint(fields=["centre_id", "bank_account", "bank_reference"], name="treasury_receipt_once")]
        indexes = [
            models.Index(
                fields=["centre_id", "state"],
                name="treasury_receipt_open",
                condition=models.Q(state__in=["SUSPENSE", "SHORT", "LONG", "MATCHED"]),
            ),
            models.Index(fields=["centre_id", "bank_on", "id"], name="treasury_receipt_unspent", condition=models.Q(spent=False)),
            models.Index(fields=["centre_id", "expectation"], name="treasury_receipt_expected"),
            models.Index(fields=["centre_id", "business_on"], name="treasury_receipt_day"),
        ]
