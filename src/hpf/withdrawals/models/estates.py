"""继承人、受遗赠人: who inherits an account, by what share, and what became of each one's own payment."""

from __future__ import annotations

from django.db import models

from hpf.db.crypto import EncryptedTextField
from hpf.db.fields import MoneyField
from hpf.withdrawals.models.applications import Application
from hpf.withdrawals.rules.states import HEIR_LABELS

HEIR_NAME = "withdrawals.heir.name"
HEIR_NUMBER = "withdrawals.heir.id_number"
HEIR_ACCOUNT = "withdrawals.heir.payee_account"


class Heir(models.Model):
    """继承人. Each is paid by an order of its own; what comes back disturbs nobody else."""

    id = models.BigAutoField("继承人流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+", verbose_name="提取申请", db_comment="提取申请")
    place = models.SmallIntegerField("继承人次序", db_comment="申请中的次序，从1起；分不尽的分按此次序")
    person_ref = models.CharField("个人标识", max_length=40, db_comment="继承人的共享标识")
    name = EncryptedTextField("继承人姓名", context=HEIR_NAME, db_comment="姓名，也是收款户名（加密）")
    id_kind = models.CharField("继承人证件类型", max_length=20, db_comment="证件类型代码")
    id_number = EncryptedTextField("继承人证件号码", context=HEIR_NUMBER, db_comment="证件号码（加密）")
    payee_account = EncryptedTextField("继承人收款账号", context=HEIR_ACCOUNT, db_comment="本人收款账号（加密）")
    numerator = models.IntegerField("继承份额分子", db_comment="份额的分子")
    denominator = models.IntegerField("继承份额分母", db_comment="份额的分母")
    applies = models.BooleanField("继承人申请", default=False, db_comment="到场申请的人")
    amount_fen = MoneyField("继承人应得金额", null=True, db_comment="按份额应得的金额（分），付款时确定")
    state = models.CharField(
        "继承人付款状态",
        max_length=10,
        default="WAITING",
        choices=[(state.value, text) for state, text in HEIR_LABELS.items()],
        db_comment="WAITING ORDERED PAID FAILED",
    )
    payment_no = models.CharField("付款编号", max_length=20, default="", db_comment="最近一次付款指令")
    paid_on = models.DateField("到账日", null=True, db_comment="银行答复成功的会计日")
    outcome = models.CharField("付款结果", max_length=300, default="", db_comment="付款未成的原因")
    new_name = EncryptedTextField("更正后姓名", context=HEIR_NAME, null=True, db_comment="经办提出、待复核的姓名（加密）")
    new_account = EncryptedTextField("更正后收款账号", context=HEIR_ACCOUNT, null=True, db_comment="经办提出、待复核的收款账号（加密）")
    corrected_by = models.CharField("更正经办", max_length=60, default="", db_comment="提出更正的人")
    corrected_by_name = models.CharField("更正经办姓名", max_length=60, default="", db_comment="提出更正的人的姓名")
    correct_reason = models.CharField("更正理由", max_length=200, default="", db_comment="提出更正的理由")

    class Meta:
        db_table = "withdrawals_heir"
        db_table_comment = "继承人、受遗赠人"
        verbose_name = "继承人"
        constraints = [models.UniqueConstraint(fields=["centre_id", "application", "place"], name="withdrawals_heir_place")]
