"""灵活就业缴存 缴存补贴: the agreement, what was collected from the card, and public money granted on top."""

from __future__ import annotations

from django.db import models

from hpf.contributions.models.remittance import Remittance, coded
from hpf.contributions.rules.states import AgreementState, CollectionState, Frequency
from hpf.db.crypto import EncryptedTextField
from hpf.db.fields import MoneyField, MonthField

AGREEMENT_CARD = "contributions.agreement.card"
AGREEMENT_PAYER = "contributions.agreement.payer_name"


class Agreement(models.Model):
    """自愿缴存协议: how much a month, how often the card is debited, from which month on."""

    id = models.BigAutoField(primary_key=True, verbose_name="协议编号", db_comment="协议内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    agreement_no = models.TextField("协议号", unique=True, db_comment="自愿缴存协议号")
    member_account_id = models.BigIntegerField("个人账户", db_comment="个人账户")
    account_no = models.TextField("个人账号", db_comment="个人账号")
    employer_account_id = models.BigIntegerField("单位账户", null=True, db_comment="灵活就业归集账户")
    ledger_account_id = models.BigIntegerField("分户账", db_comment="个人账户的总账分户")
    base_fen = MoneyField("缴存基数", db_comment="约定缴存基数，分")
    month_fen = MoneyField("月缴存额", db_comment="约定月缴存额，分")
    frequency = models.TextField("缴存频次", choices=coded(Frequency), db_comment="按月、按季、按年")
    payer_name = EncryptedTextField("扣款户名", context=AGREEMENT_PAYER, db_comment="扣款账户户名（密文）")
    card = EncryptedTextField("扣款账号", context=AGREEMENT_CARD, db_comment="扣款账号（密文）")
    card_masked = models.TextField("扣款账号掩码", db_comment="扣款账号掩码")
    bank_code = models.TextField("扣款银行", db_comment="扣款账户开户行代码")
    state = models.TextField("协议状态", choices=coded(AgreementState), db_comment="协议状态")
    next_month = MonthField("下次扣款年月", db_comment="下一个尚未收妥的月（自公元0年起的月数）")
    failures = models.IntegerField("连续失败次数", default=0, db_comment="连续扣款失败次数")
    signed_on = models.DateField("签订日期", db_comment="签订日期")
    maker = models.TextField("经办人", db_comment="经办人")
    paused_on = models.DateField("暂停日期", null=True, db_comment="暂停日期")
    state_reason = models.TextField("状态原因", default="", db_comment="暂停或退出的原因")
    exited_on = models.DateField("退出日期", null=True, db_comment="退出日期")

    class Meta:
        db_table_comment = "灵活就业人员自愿缴存协议"
        indexes = [models.Index(fields=["centre_id", "state", "next_month"], name="contributions_agr_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "member_account_id"],
                condition=~models.Q(state="EXITED"),
                name="contributions_one_agreement",
            ),
        ]


class Collection(models.Model):
    """扣款批次: one batch debit sent to the bank."""

    id = models.BigAutoField(primary_key=True, verbose_name="扣款批次编号", db_comment="扣款批次内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    collection_no = models.TextField("扣款批次号", unique=True, db_comment="扣款批次号")
    treasury_no = models.TextField("资金批次号", db_comment="资金结算的批次号")
    month = MonthField("扣款年月", db_comment="发起扣款的月")
    line_count = models.IntegerField("人数", db_comment="人数")
    total_fen = MoneyField("扣款总额", db_comment="扣款总额，分")
    state = models.TextField("扣款状态", choices=coded(CollectionState), db_comment="扣款状态")
    ordered_on = models.DateField("扣款日期", db_comment="发起日期")
    maker = models.TextField("经办人", db_comment="经办人")
    remittance = models.ForeignKey(
        Remittance, models.PROTECT, null=True, related_name="+", verbose_name="清册", db_comment="记账所成的清册"
    )

    class Meta:
        db_table_comment = "灵活就业扣款批次"


class CollectionLine(models.Model):
    """扣款明细: one card, the months it pays for, and what the bank said."""

    id = models.BigAutoField(primary_key=True, verbose_name="扣款明细编号", db_comment="扣款明细编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="+", verbose_name="扣款批次", db_comment="所属扣款批次")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+", verbose_name="协议", db_comment="协议")
    line_no = models.IntegerField("行号", db_comment="批次内行号")
    first_month = MonthField("起始年月", db_comment="缴存起始月")
    months = models.IntegerField("月数", db_comment="缴存月数")
    amount_fen = MoneyField("扣款额", db_comment="扣款额，分")
    state = models.TextField("扣款状态", choices=coded(CollectionState), db_comment="扣款状态")
    failure = models.TextField("失败原因", default="", db_comment="银行返回的失败原因")

    class Meta:
        db_table_comment = "灵活就业扣款明细"
        constraints = [
            models.UniqueConstraint(fields=["collection", "line_no"], name="contributions_collection_row"),
            models.UniqueConstraint(fields=["agreement"], condition=models.Q(state="ORDERED"), name="contributions_one_debit_under_way"),
        ]


class SubsidyProgram(models.Model):
    """缴存补贴项目: public money with its own account, its source document and its grants."""

    id = models.BigAutoField(primary_key=True, verbose_name="补贴项目编号", db_comment="补贴项目内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    program_no = models.TextField("补贴项目号", unique=True, db_comment="补贴项目号")
    name = models.TextField("补贴项目", db_comment="补贴项目名称")
    document_no = models.TextField("补贴文号", db_comment="补贴依据的文号")
    ledger_account_id = models.BigIntegerField("分户账", db_comment="补贴资金的总账分户")
    opened_on = models.DateField("设立日期", db_comment="设立日期")
    maker = models.TextField("经办人", db_comment="经办人")

    class Meta:
        db_table_comment = "缴存补贴项目"


class Grant(models.Model):
    """补贴发放: one batch of grants; its lines are the lines of the remittance it became."""

    id = models.BigAutoField(primary_key=True, verbose_name="补贴发放编号", db_comment="补贴发放内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    program = models.ForeignKey(SubsidyProgram, models.PROTECT, related_name="+", verbose_name="补贴项目", db_comment="补贴项目")
    remittance = models.ForeignKey(Remittance, models.PROTECT, related_name="+", verbose_name="清册", db_comment="发放所成的清册")
    total_fen = MoneyField("补贴额", db_comment="补贴总额，分")
    granted_on = models.DateField("会计日", db_comment="发放的会计日")
    maker = models.TextField("经办人", db_comment="经办人")

    class Meta:
        db_table_comment = "缴存补贴发放"
