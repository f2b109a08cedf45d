"""首付款追回: what was demanded back, by which article, and what came."""

from __future__ import annotations

from django.db import models

from hpf.db.fields import MoneyField
from hpf.withdrawals.models.applications import Application
from hpf.withdrawals.rules.states import CLAIM_LABELS


class Claim(models.Model):
    """追回. One open claim for an application; the money is expected under its number."""

    id = models.BigAutoField("追回流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    claim_no = models.CharField("追回编号", max_length=24, unique=True, db_comment="追回通知书的编号，退款时在附言写明")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+", verbose_name="提取申请", db_comment="提取申请")
    amount_fen = MoneyField("追回金额", db_comment="应当退回的金额（分）")
    state = models.CharField(
        "追回状态",
        max_length=10,
        choices=[(state.value, text) for state, text in CLAIM_LABELS.items()],
        db_comment="DEMANDED RETURNED STOPPED REFUSED",
    )
    reason_code = models.CharField("原因代码", max_length=40, db_comment="规则给出的原因")
    reason = models.CharField("追回理由", max_length=300, db_comment="规则给出的理由，不含个人信息")
    law = models.CharField("追回依据", max_length=200, db_comment="依据的条文")
    demanded_on = models.DateField("追回通知日", db_comment="发出追回通知的会计日")
    due_on = models.DateField("退回期限", db_comment="应当退回的日期")
    demanded_by = models.CharField("追回经办", max_length=60, db_comment="发出通知的人")
    demanded_by_name = models.CharField("追回经办姓名", max_length=60, db_comment="发出通知的人的姓名")
    returned_on = models.DateField("退回入账日", null=True, db_comment="退回款项记入个人账户的会计日")
    journal_id = models.BigIntegerField("退回凭证", null=True, db_comment="退回款项的总账凭证")
    ended_note = models.CharField("追回了结说明", max_length=300, default="", db_comment="停止追回或者拒不退回的说明")

    class Meta:
        db_table = "withdrawals_claim"
        db_table_comment = "首付款追回"
        verbose_name = "首付款追回"
        indexes = [models.Index(fields=["centre_id", "state", "due_on"], name="withdrawals_claim_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "application"],
                condition=models.Q(state__in=["DEMANDED", "REFUSED"]),
                name="withdrawals_claim_one_open",
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="withdrawals_claim_positive"),
        ]
