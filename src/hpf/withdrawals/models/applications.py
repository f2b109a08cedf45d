"""提取申请: what was asked for, what was decided on which facts, what became of the money. Personal facts are ciphertext."""

from __future__ import annotations

from django.db import models

from hpf.db.crypto import EncryptedTextField
from hpf.db.fields import MoneyField
from hpf.withdrawals.rules import Ground
from hpf.withdrawals.rules.states import STATE_LABELS, DecisionKind

SAID = "withdrawals.application.said"
PAYEE_ACCOUNT = "withdrawals.application.payee_account"
PAYEE_NAME = "withdrawals.application.payee_name"
REVIEW_REASON = "withdrawals.application.review_reason"
INPUT = "withdrawals.decision.input"
WORDS = "withdrawals.decision.words"
EVIDENCE = "withdrawals.application.evidence"
STATED = "withdrawals.statement.fact"


class Application(models.Model):
    """提取申请. Its state follows the decisions and the payment; every change leaves an event."""

    id = models.BigAutoField("申请流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    application_no = models.CharField("提取申请号", max_length=24, unique=True, db_comment="提取申请号")
    ground = models.CharField(
        "提取情形", max_length=20, choices=[(ground.value, ground.text) for ground in Ground], db_comment="提取情形代码"
    )
    state = models.CharField(
        "申请状态", max_length=15, choices=[(state.value, text) for state, text in STATE_LABELS.items()], db_comment="申请状态"
    )
    person_id = models.BigIntegerField("缴存人", db_comment="账户所有人编号")
    person_ref = models.CharField("个人标识", max_length=40, db_comment="账户所有人的共享标识")
    account_no = models.CharField("个人账号", max_length=30, db_comment="个人账号")
    member_account_id = models.BigIntegerField("个人账户", db_comment="个人账户")
    ledger_account_id = models.BigIntegerField("分户账", db_comment="住房公积金分户账")
    asked_fen = MoneyField("申请金额", null=True, db_comment="申请金额（分），空为按可提取的最高额")
    said = EncryptedTextField("申请人陈述", context=SAID, db_comment="申请人陈述的事实（加密）")
    payee_name = EncryptedTextField("收款户名", context=PAYEE_NAME, db_comment="收款户名（加密）")
    payee_account = EncryptedTextField("收款账号", context=PAYEE_ACCOUNT, db_comment="收款账号（加密）")
    payee_bank = models.CharField("收款行号", max_length=14, default="", db_comment="收款行号")
    consent_no = models.CharField("授权编号", max_length=30, default="", db_comment="查询所凭的授权")
    spouse_consent_no = models.CharField("配偶授权编号", max_length=30, default="", db_comment="配偶的授权")
    channel = models.CharField("办理渠道", max_length=20, db_comment="MEMBER_WEB COUNTER SYSTEM")
    accepted_on = models.DateField("受理日", db_comment="受理的会计日，规则按此日适用")
    accepted_at = models.DateTimeField("受理时刻", db_comment="受理时刻")
    due_on = models.DateField("办结期限", db_comment="法定办结期限")
    applied_by = models.CharField("申请经办", max_length=60, db_comment="本人或者代为受理的柜员")
    granted_fen = MoneyField("准予金额", null=True, db_comment="准予提取的本金（分）")
    interest_fen = MoneyField("销户利息", null=True, db_comment="销户结息（分）")
    interest_journal_id = models.BigIntegerField("结息凭证", null=True, db_comment="销户结息的总账凭证")
    evidence = EncryptedTextField("凭证", context=EVIDENCE, null=True, db_comment="准予时用去的凭证（加密）")
    closes = models.BooleanField("销户", default=False, db_comment="付款后销户")
    decided_at = models.DateTimeField("决定时刻", null=True, db_comment="最近一次决定的时刻")
    decided_by = models.CharField("决定人", max_length=60, default="", db_comment="最近一次作出决定的人")
    decided_by_name = models.CharField("决定人姓名", max_length=60, default="", db_comment="最近一次作出决定的人的姓名")
    reviewer = models.CharField("审核人", max_length=60, default="", db_comment="提出人工意见的人")
    reviewer_name = models.CharField("审核人姓名", max_length=60, default="", db_comment="提出人工意见的人的姓名")
    review_outcome = models.CharField("审核意见", max_length=10, default="", db_comment="APPROVED REFUSED，待复核")
    review_fen = MoneyField("审核金额", null=True, db_comment="审核意见的金额（分）")
    review_reason = EncryptedTextField("审核理由", context=REVIEW_REASON, null=True, db_comment="审核理由（加密）")
    payment_no = models.CharField("付款编号", max_length=20, default="", db_comment="最近一次付款指令")
    paid_on = models.DateField("到账日", null=True, db_comment="银行答复成功的会计日")
    outcome = models.CharField("付款结果", max_length=300, default="", db_comment="付款未成的原因")
    flagged = models.CharField("核查标注", max_length=200, default="", db_comment="付款后发现的须核查事项")
    claw_back_by = models.DateField("追回期限", null=True, db_comment="交易不成时须退回的日期")
    deal_state = models.CharField("购房交易状态", max_length=12, default="", db_comment="付款后最近一次核查到的交易状态")
    deal_checked_on = models.DateField("交易核查日", null=True, db_comment="付款后最近一次核查交易的会计日")
    payable_id = models.BigIntegerField("应付款项分户账", null=True, db_comment="款项不能退回个人账户时所在的（21904）分户账")

    class Meta:
        db_table = "withdrawals_application"
        db_table_comment = "提取申请"
        verbose_name = "提取申请"
        indexes = [
            models.Index(fields=["centre_id", "person_id", "-id"], name="withdrawals_app_person"),
            models.Index(fields=["centre_id", "person_ref"], name="withdrawals_app_ref"),
            models.Index(fields=["centre_id", "state", "due_on"], name="withdrawals_app_state"),
            models.Index(fields=["centre_id", "accepted_on"], name="withdrawals_app_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(granted_fen=None) | models.Q(granted_fen__gt=0), name="withdrawals_app_granted"),
            models.UniqueConstraint(
                fields=["centre_id", "member_account_id", "ground"],
                condition=models.Q(state__in=["ACCEPTED", "REFERRED", "REVIEWED", "APPROVED", "IN_SETTLEMENT", "FAILED"]),
                name="withdrawals_app_one_open",
            ),
        ]


class Decision(models.Model):
    """提取决定. Holds everything needed to make it again; never changed."""

    id = models.BigAutoField("决定编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+", verbose_name="提取申请", db_comment="提取申请")
    kind = models.CharField("决定方式", max_length=15, choices=[(kind.value, kind.text) for kind in DecisionKind], db_comment="决定方式")
    outcome = models.CharField("决定结论", max_length=10, db_comment="APPROVED REFUSED REFERRED")
    amount_fen = MoneyField("准予金额", null=True, db_comment="准予金额（分）")
    rule_outcome = models.CharField("规则结论", max_length=10, db_comment="规则得出的结论")
    rule_amount_fen = MoneyField("规则金额", null=True, db_comment="规则得出的金额（分）")
    codes = models.JSONField("原因代码", db_comment="原因代码与条文，不含个人信息")
    words = EncryptedTextField("决定理由", context=WORDS, db_comment="原因、说明（加密）")
    input = EncryptedTextField("依据的事实", context=INPUT, db_comment="账户数据与事实及其来源时刻（加密）")
    parameters = models.JSONField("依据的参数", db_comment="规则读取的政策参数")
    decided_on = models.DateField("适用日", db_comment="规则按此日适用")
    policy_digest = models.CharField("政策摘要", max_length=80, db_comment="当日政策参数的摘要")
    rule_version = models.CharField("规则版本", max_length=60, db_comment="规则的版本")
    decided_at = models.DateTimeField("决定时刻", db_comment="决定时刻")
    decided_by = models.CharField("决定人", max_length=60, db_comment="系统或者人")
    decided_by_name = models.CharField("决定人姓名", max_length=60, db_comment="决定人姓名")
    reviewer_name = models.CharField("审核人姓名", max_length=60, default="", db_comment="提出人工意见的人")

    class Meta:
        db_table = "withdrawals_decision"
        db_table_comment = "提取决定"
        verbose_name = "提取决定"
        indexes = [models.Index(fields=["centre_id", "application", "id"], name="withdrawals_decision_of")]


class Statement(models.Model):
    """人工核实的事实: what a clerk found out where no department could tell, with the paper it rests on."""

    id = models.BigAutoField("核实流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+", verbose_name="提取申请", db_comment="提取申请")
    name = models.CharField("核实事项", max_length=40, db_comment="事实代码")
    value = EncryptedTextField("核实内容", context=STATED, db_comment="值（加密）")
    source = models.CharField("核实依据", max_length=80, db_comment="依据的材料")
    stated_on = models.DateField("核实日", db_comment="核实日")
    stated_by = models.CharField("核实人", max_length=60, db_comment="核实人")

    class Meta:
        db_table = "withdrawals_statement"
        db_table_comment = "人工核实的事实"
        verbose_name = "核实"
        indexes = [models.Index(fields=["centre_id", "application", "id"], name="withdrawals_statement_of")]


class Event(models.Model):
    """申请经过: each change of state, when and by whom, in words that the applicant reads."""

    id = models.BigAutoField("经过流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+", verbose_name="提取申请", db_comment="提取申请")
    state = models.CharField("申请状态", max_length=15, db_comment="此后的状态")
    happened_at = models.DateTimeField("时刻", db_comment="时刻")
    by_name = models.CharField("办理人", max_length=60, db_comment="办理人")
    note = models.CharField("说明", max_length=300, default="", db_comment="说明，不含个人信息")

    class Meta:
        db_table = "withdrawals_event"
        db_table_comment = "提取申请经过"
        verbose_name = "经过"
        indexes = [models.Index(fields=["centre_id", "application", "id"], name="withdrawals_event_of")]


class EvidenceUse(models.Model):
    """凭证使用: what a withdrawal has used up, as a keyed digest, unique among all centres of the database."""

    id = models.BigAutoField("使用流水", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    digest = models.BinaryField("凭证摘要", db_comment="凭证的密钥摘要，不能还原")
    subject = models.BinaryField("标的摘要", db_comment="凭证所指房屋、贷款等的密钥摘要")
    kind = models.CharField("凭证种类", max_length=12, db_comment="凭证种类")
    application_no = models.CharField("提取申请号", max_length=24, db_comment="提取申请号")
    person_ref = models.CharField("个人标识", max_length=40, db_comment="使用人的共享标识")
    amount_fen = MoneyField("金额", db_comment="凭此提取的金额（分）")
    used_on = models.DateField("使用日", db_comment="使用日")
    released_on = models.DateField("释放日", null=True, db_comment="提取未成，凭证可再用的日期")

    class Meta:
        db_table = "withdrawals_evidenceuse"
        db_table_comment = "提取凭证使用"
        verbose_name = "凭证使用"
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=models.Q(released_on=None), name="withdrawals_evidence_once"),
        ]
        indexes = [models.Index(fields=["centre_id", "application_no"], name="withdrawals_evidence_app")]
