"""付款指令."""

from __future__ import annotations

from django.db import models

from hpf.db.crypto import EncryptedTextField
from hpf.db.fields import MoneyField
from hpf.treasury.models.bank import BankAccount
from hpf.treasury.rules.payments import STATE_LABELS, State

PAYEE_ACCOUNT = "treasury.payment.payee_account"
PAYEE_NAME = "treasury.payment.payee_name"


class PaymentBatch(models.Model):
    """批量付款: payments that go to the bank as one instruction and come back line by line."""

    id = models.BigAutoField("付款批次编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name="专户", db_comment="付款专户")
    summary = models.CharField("摘要", max_length=120, db_comment="摘要")
    line_count = models.IntegerField("笔数", db_comment="笔数")
    amount_fen = MoneyField("付款总额", db_comment="各笔之和（分）")
    state = models.CharField("状态", max_length=10, default=State.READY.value, db_comment="READY SENT PROCESSING DONE FAILED")
    send_seq_no = models.CharField("结算流水号", max_length=30, default="", db_comment="发送时所用流水号")
    sent_on = models.DateField("发送日", null=True, db_comment="发送的会计日")
    bank_reference = models.CharField("银行流水号", max_length=40, default="", db_comment="成功各笔合计的银行流水号")
    settled_on = models.DateField("完成日", null=True, db_comment="完成或失败的会计日")
    explanation = models.CharField("结果说明", max_length=300, default="", db_comment="结果说明")
    ordered_on = models.DateField("指令日", db_comment="指令的会计日")

    class Meta:
        db_table = "treasury_paymentbatch"
        db_table_comment = "批量付款"
        verbose_name = "批量付款"
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "send_seq_no"], condition=~models.Q(send_seq_no=""), name="treasury_paymentbatch_seq"
            ),
        ]
        indexes = [
            models.Index(
                fields=["centre_id", "state", "id"],
                name="treasury_paymentbatch_open",
                condition=models.Q(state__in=["READY", "SENT", "PROCESSING"]),
            ),
        ]


class Payment(models.Model):
    id = models.BigAutoField("付款编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name="专户", db_comment="付款专户")
    source_kind = models.CharField("来源种类", max_length=20, db_comment="来源业务种类")
    source_no = models.CharField("来源编号", max_length=40, db_comment="来源业务编号")
    amount_fen = MoneyField("付款金额", db_comment="付款金额（分）")
    payee_account = EncryptedTextField("收款账号", context=PAYEE_ACCOUNT, db_comment="收款账号（加密）")
    payee_name = EncryptedTextField("收款户名", context=PAYEE_NAME, db_comment="收款户名（加密）")
    payee_bank = models.CharField("收款行号", max_length=14, default="", db_comment="收款行号")
    payee_class = models.CharField("收款账户类别", max_length=1, default="1", db_comment="1 对私，2 对公")
    summary = models.CharField("摘要", max_length=120, db_comment="摘要")
    ledger_account_id = models.BigIntegerField("应付分户账", null=True, db_comment="在途应付（21904）分户账")
    funding_journal_id = models.BigIntegerField("资金来源凭证", null=True, db_comment="转入应付的凭证，失败时冲正")
    state = models.CharField(
        "状态", max_length=10, default=State.READY.value, choices=[(k.value, v) for k, v in STATE_LABELS.items()], db_comment="状态"
    )
    send_seq_no = models.CharField("结算流水号", max_length=30, default="", db_comment="发送时所用流水号")
    sent_on = models.DateField("发送日", null=True, db_comment="发送的会计日")
    bank_reference = models.CharField("银行流水号", max_length=40, default="", db_comment="银行流水号")
    settled_on = models.DateField("完成日", null=True, db_comment="完成或失败的会计日")
    explanation = models.CharField("结果说明", max_length=300, default="", db_comment="结果说明")
    ordered_on = models.DateField("指令日", db_comment="指令的会计日")
    maker = models.CharField("经办人", max_length=60, db_comment="经办人")
    checker = models.CharField("复核人", max_length=60, null=True, db_comment="复核人")
    batch = models.ForeignKey(
        PaymentBatch,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name="付款批次",
        db_comment="随批发送的，所在批次",
    )
    batch_line = models.IntegerField("批内序号", null=True, db_comment="在批次中的行号")

    class Meta:
        db_table = "treasury_payment"
        db_table_comment = "付款指令"
        verbose_name = "付款"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "send_seq_no"], condition=~models.Q(send_seq_no=""), name="treasury_payment_seq"),
        ]
        indexes = [
            models.Index(
                fields=["centre_id", "state", "id"],
                name="treasury_payment_open",
                condition=models.Q(state__in=["READY", "SENT", "PROCESSING"]),
            ),
            models.Index(fields=["centre_id", "source_kind", "source_no"], name="treasury_payment_source"),
            models.Index(fields=["batch", "batch_line"], name="treasury_payment_batch", condition=models.Q(batch__isnull=False)),
        ]
