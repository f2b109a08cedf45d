"""错缴退款 预缴退款: money that goes back to a unit, asked for by one person and passed by another."""

from __future__ import annotations

from django.db import models

from hpf.contributions.models.remittance import Original, Remittance, coded
from hpf.contributions.rules.states import RefundKind, RefundState
from hpf.db.crypto import EncryptedTextField
from hpf.db.fields import MoneyField, MonthField

REFUND_PAYEE = "contributions.refund.payee_account"


class Refund(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="退款编号", db_comment="退款内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    refund_no = models.TextField("退款号", unique=True, db_comment="退款号")
    kind = models.TextField("退款种类", choices=coded(RefundKind), db_comment="错缴退款或预缴退款")
    state = models.TextField("退款状态", choices=coded(RefundState), db_comment="退款状态")
    employer_id = models.BigIntegerField("缴存单位", db_comment="缴存单位")
    employer_account_id = models.BigIntegerField("单位账户", db_comment="单位账户")
    employer_account_no = models.TextField("单位账号", db_comment="单位账号")
    total_fen = MoneyField("退款额", db_comment="退款总额，分")
    reason = models.TextField("退款原因", db_comment="退款原因")
    evidence = models.ForeignKey(Original, models.PROTECT, null=True, related_name="+", verbose_name="证据原件", db_comment="证据原件")
    payee_name = models.TextField("收款户名", db_comment="收款户名")
    payee_account = EncryptedTextField("收款账号", context=REFUND_PAYEE, db_comment="收款账号（单位对公账户）")
    payee_bank = models.TextField("收款银行", db_comment="收款银行代码")
    applied_on = models.DateField("申请日期", db_comment="申请日期")
    maker = models.TextField("经办人", db_comment="经办人")
    checker = models.TextField("复核人", default="", db_comment="复核人")
    opinion = models.TextField("复核意见", default="", db_comment="复核意见")
    journal_id = models.BigIntegerField("凭证", null=True, db_comment="退款的总账凭证")
    ledger_account_id = models.BigIntegerField("待退款分户账", null=True, db_comment="待退款（21904）分户账")
    outcome = models.TextField("付款结果", default="", db_comment="付款未成的原因与去处")
    payment_no = models.TextField("付款编号", default="", db_comment="付款指令编号")
    remittance = models.ForeignKey(
        Remittance, models.PROTECT, null=True, related_name="+", verbose_name="清册", db_comment="冲减所成的调整清册"
    )

    class Meta:
        db_table_comment = "错缴退款与预缴退款"
        indexes = [models.Index(fields=["centre_id", "employer_account_id", "-id"], name="contributions_ref_employer")]
        constraints = [
            models.CheckConstraint(condition=models.Q(total_fen__gt=0), name="contributions_ref_positive"),
            models.CheckConstraint(
                condition=models.Q(state="APPLIED") | ~models.Q(checker=models.F("maker")), name="contributions_ref_two_people"
            ),
        ]


class RefundLine(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="退款明细编号", db_comment="退款明细编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    refund = models.ForeignKey(Refund, models.PROTECT, related_name="+", verbose_name="退款", db_comment="所属退款")
    line = models.ForeignKey("contributions.Line", models.PROTECT, related_name="+", verbose_name="清册行", db_comment="被冲减的清册行")
    account_no = models.TextField("个人账号", db_comment="个人账号")
    month = MonthField("汇补缴年月", db_comment="所属月（自公元0年起的月数）")
    employer_fen = MoneyField("单位缴存额", db_comment="退单位部分，分")
    member_fen = MoneyField("个人缴存额", db_comment="退个人部分，分")

    class Meta:
        db_table_comment = "错缴退款明细"
        constraints = [models.UniqueConstraint(fields=["refund", "line"], name="contributions_refund_once")]
