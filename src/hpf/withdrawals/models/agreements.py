"""约定提取 and its instalments: what was signed, and what became of each month. Personal facts are ciphertext."""

from __future__ import annotations

from django.db import models

from hpf.db.crypto import EncryptedTextField
from hpf.db.fields import MoneyField, MonthField
from hpf.withdrawals.rules import MONTHLY
from hpf.withdrawals.rules.instalments import AGREEMENT_LABELS, INSTALMENT_LABELS

SAID = "withdrawals.agreement.said"
PAYEE_ACCOUNT = "withdrawals.agreement.payee_account"
PAYEE_NAME = "withdrawals.agreement.payee_name"
ENDED_REASON = "withdrawals.agreement.ended_reason"


class Agreement(models.Model):
    """约定提取. One running agreement of a person for one ground; it ends by word, by its last day, or with the account."""

    id = models.BigAutoField("约定流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    agreement_no = models.CharField("约定提取号", max_length=24, unique=True, db_comment="约定提取号")
    ground = models.CharField(
        "提取情形", max_length=20, choices=[(ground.value, ground.text) for ground in sorted(MONTHLY)], db_comment="RENT LOAN_REPAYMENT"
    )
    state = models.CharField(
        "约定状态",
        max_length=10,
        choices=[(state.value, text) for state, text in AGREEMENT_LABELS.items()],
        db_comment="SIGNED ENDED EXPIRED",
    )
    person_id = models.BigIntegerField("缴存人", db_comment="账户所有人编号")
    person_ref = models.CharField("个人标识", max_length=40, db_comment="账户所有人的共享标识")
    spouse_ref = models.CharField("配偶标识", max_length=40, default="", db_comment="最近一次核查到的配偶的共享标识")
    account_no = models.CharField("个人账号", max_length=30, db_comment="个人账号")
    member_account_id = models.BigIntegerField("个人账户", db_comment="个人账户")
    ledger_account_id = models.BigIntegerField("分户账", db_comment="住房公积金分户账")
    first_month = MonthField("首期", db_comment="第一期的月份")
    last_month = MonthField("末期", db_comment="最后一期的月份")
    day = models.SmallIntegerField("约定付款日", db_comment="每月付款日，1至28")
    amount_fen = MoneyField("约定金额", null=True, db_comment="每期金额（分），空为按可提取的最高额")
    said = EncryptedTextField("本人陈述", context=SAID, db_comment="签订时陈述的事实（加密）")
    payee_name = EncryptedTextField("收款户名", context=PAYEE_NAME, db_comment="收款户名（加密）")
    payee_account = EncryptedTextField("收款账号", context=PAYEE_ACCOUNT, db_comment="收款账号（加密）")
    payee_bank = models.CharField("收款行号", max_length=14, default="", db_comment="收款行号")
    consent_no = models.CharField("授权编号", max_length=30, default="", db_comment="查询所凭的授权")
    spouse_consent_no = models.CharField("配偶授权编号", max_length=30, default="", db_comment="配偶的授权")
    channel = models.CharField("办理渠道", max_length=20, db_comment="MEMBER_WEB COUNTER")
    signed_on = models.DateField("签订日", db_comment="签订的会计日")
    signed_at = models.DateTimeField("签订时刻", db_comment="签订时刻")
    signed_by = models.CharField("签订经办", max_length=60, db_comment="本人或者代为办理的柜员")
    signed_by_name = models.CharField("签订经办姓名", max_length=60, db_comment="本人或者代为办理的柜员的姓名")
    ended_on = models.DateField("终止日", null=True, db_comment="终止或者到期的会计日")
    ended_reason = EncryptedTextField("终止理由", context=ENDED_REASON, null=True, db_comment="终止的理由（加密）")
    ended_by_name = models.CharField("终止经办姓名", max_length=60, default="", db_comment="终止经办的姓名")

    class Meta:
        db_table = "withdrawals_agreement"
        db_table_comment = "约定提取"
        verbose_name = "约定提取"
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "person_id", "ground"], condition=models.Q(state="SIGNED"), name="withdrawals_agreement_one_running"
            ),
            models.CheckConstraint(condition=models.Q(last_month__gte=models.F("first_month")), name="withdrawals_agreement_months"),
            models.CheckConstraint(condition=models.Q(amount_fen=None) | models.Q(amount_fen__gt=0), name="withdrawals_agreement_amount"),
        ]
        indexes = [
            models.Index(fields=["centre_id", "person_id", "-id"], name="withdrawals_agreement_person"),
            models.Index(fields=["centre_id", "state", "day"], name="withdrawals_agreement_state"),
        ]


class Instalment(models.Model):
    """约定提取的一期. WAITING is tried again; DECIDED has an application, whose decision and payment tell the rest."""

    id = models.BigAutoField("期次流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, db_index=False, related_name="+", verbose_name="约定提取", db_comment="约定提取"
    )
    month = MonthField("期次月份", db_comment="第几期，按月份")
    state = models.CharField(
        "期次状态", max_length=10, choices=[(state.value, text) for state, text in INSTALMENT_LABELS.items()], db_comment="WAITING DECIDED"
    )
    application_no = models.CharField("提取申请号", max_length=24, default="", db_comment="本期的提取申请")
    reason = models.CharField("暂缓理由", max_length=300, default="", db_comment="暂缓的理由，不含个人信息")
    tried_on = models.DateField("办理日", db_comment="最近一次办理的会计日")

    class Meta:
        db_table = "withdrawals_instalment"
        db_table_comment = "约定提取期次"
        verbose_name = "约定提取期次"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "month"], name="withdrawals_instalment_once"),
            models.UniqueConstraint(
                fields=["application_no"], condition=~models.Q(application_no=""), name="withdrawals_instalment_application"
            ),
            models.CheckConstraint(
                condition=models.Q(state="WAITING", application_no="") | (models.Q(state="DECIDED") & ~models.Q(application_no="")),
                name="withdrawals_instalment_answered",
            ),
        ]
