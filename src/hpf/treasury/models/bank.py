"""专户 银行存款日记账 银行对账单 结算报文."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from hpf.db.fields import MoneyField


class BankAccount(models.Model):
    id = models.BigAutoField("专户编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    account_no = models.CharField("银行账号", max_length=40, db_comment="专户的银行账号")
    name = models.CharField("银行户名", max_length=100, db_comment="专户的户名")
    bank_code = models.CharField("银行行号", max_length=14, db_comment="受委托银行行号")
    bank_name = models.CharField("银行名称", max_length=60, db_comment="受委托银行名称")
    subject = models.IntegerField("会计科目", db_comment="10101 10102 10201 10202")
    ledger_account_id = models.BigIntegerField("分户账", db_comment="总账中的分户账")
    is_main = models.BooleanField("主专户", default=False, db_comment="本科目默认的付款与收款专户")
    opened_on = models.DateField("启用日", db_comment="启用日")
    closed_on = models.DateField("销户日", null=True, db_comment="销户日")
    seen_through = models.DateField("对账单已取至", null=True, db_comment="已取得对账单的最后银行日")

    class Meta:
        db_table = "treasury_bankaccount"
        db_table_comment = "住房公积金银行专户"
        verbose_name = "专户"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "account_no"], name="treasury_bankaccount_no"),
            models.UniqueConstraint(fields=["centre_id", "subject"], condition=models.Q(is_main=True), name="treasury_bankaccount_main"),
        ]


class CashEntry(models.Model):
    """One for every leg on a bank account's ledger account: the cash book that is compared with the bank."""

    id = models.BigAutoField("日记账编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name="专户", db_comment="专户")
    bank_reference = models.CharField("银行流水号", max_length=40, db_comment="银行流水号")
    amount_fen = MoneyField("金额", db_comment="收为正，付为负（分）")
    kind = models.CharField("收支种类", max_length=12, db_comment="RECEIPT PAYMENT RETURN COLLECTION INTEREST FEE TRANSFER")
    business_on = models.DateField("会计日", db_comment="会计日")
    value_on = models.DateField("起息日", db_comment="银行记账日，不晚于会计日")
    journal_id = models.BigIntegerField("凭证", db_comment="凭证")
    summary = models.CharField("摘要", max_length=200, db_comment="摘要")

    class Meta:
        db_table = "treasury_cashentry"
        db_table_comment = "银行存款日记账"
        verbose_name = "日记账"
        constraints = [models.UniqueConstraint(fields=["centre_id", "bank_account", "bank_reference"], name="treasury_cashentry_once")]
        indexes = [models.Index(fields=["centre_id", "bank_account", "business_on"], name="treasury_cashentry_day")]


class StatementLine(models.Model):
    """What the bank's statement says. Never changed; the same number with another amount is another line."""

    id = models.BigAutoField("对账单明细编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name="专户", db_comment="专户")
    bank_reference = models.CharField("银行流水号", max_length=40, db_comment="银行流水号")
    bank_on = models.DateField("银行记账日", db_comment="银行记账日")
    amount_fen = MoneyField("金额", db_comment="收为正，付为负（分）")
    counter_name = models.CharField("对方户名", max_length=100, default="", db_comment="对方户名")
    summary = models.CharField("摘要", max_length=200, default="", db_comment="摘要")
    kind = models.CharField("银行业务种类", max_length=12, default="", db_comment="银行给出的业务种类")
    seq_no = models.CharField("原结算流水号", max_length=30, default="", db_comment="由我方指令引起时为原流水号")

    class Meta:
        db_table = "treasury_statementline"
        db_table_comment = "银行对账单明细"
        verbose_name = "对账单明细"
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "bank_account", "bank_reference", "amount_fen"], name="treasury_statementline_once"
            )
        ]
        indexes = [models.Index(fields=["centre_id", "bank_account", "bank_on"], name="treasury_statementline_day")]


class StatementDay(models.Model):
    id = models.BigAutoField("对账单编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    bank_account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+", verbose_name="专户", db_comment="专户")
    bank_on = models.DateField("银行记账日", db_comment="银行记账日")
    closing_fen = MoneyField("银行余额", db_comment="当日终银行余额（分）")

    class Meta:
        db_table = "treasury_statementday"
        db_table_comment = "银行对账单余额"
        verbose_name = "对账单余额"
        constraints = [models.UniqueConstraint(fields=["centre_id", "bank_account", "bank_on"], name="treasury_statementday_once")]


class BankMessage(models.Model):
    """A message under its own sequence number, committed before it is sent; notices of the bank under theirs."""

    id = models.BigAutoField("报文编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    direction = models.CharField("收发", max_length=3, db_comment="OUT 我方发出，IN 银行发来")
    send_seq_no = models.CharField("结算流水号", max_length=40, db_comment="SendSeqNo；银行通知为随机数")
    tx_code = models.CharField("交易代码", max_length=8, db_comment="结算接口交易代码")
    business_on = models.DateField("会计日", db_comment="会计日")
    source_kind = models.CharField("来源种类", max_length=20, default="", db_comment="PAYMENT COLLECTION")
    source_no = models.CharField("来源编号", max_length=20, default="", db_comment="付款单号或代收批号")
    told = models.CharField("答复", max_length=24, default="", db_comment="空为尚无答复")
    rtn_code = models.CharField("返回码", max_length=12, default="", db_comment="银行返回码")
    rtn_message = models.CharField("返回信息", max_length=200, default="", db_comment="银行返回信息")
    prepared_at = models.DateTimeField("登记时刻", db_default=Now(), db_comment="登记时刻")

    class Meta:
        db_table = "treasury_bankmessage"
        db_table_comment = "结算报文"
        verbose_name = "结算报文"
        constraints = [models.UniqueConstraint(fields=["centre_id", "direction", "send_seq_no"], name="treasury_bankmessage_seq")]
        indexes = [models.Index(fields=["centre_id", "source_kind", "source_no"], name="treasury_bankmessage_source")]
