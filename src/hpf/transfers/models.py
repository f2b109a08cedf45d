"""联系函, what happened to it, what was sent and received about it, and the daily comparison with the platform."""

from __future__ import annotations

from django.db import models

from hpf.db.crypto import EncryptedTextField
from hpf.db.fields import MoneyField, MonthField
from hpf.transfers.rules.states import Direction, State
from hpf.treasury.rules.payments import STATE_LABELS
from hpf.treasury.rules.payments import State as Sending

ID_NUMBER = "transfers.letter.id_number"
OTHER_ACCOUNT = "transfers.letter.other_account"
PAYEE_ACCOUNT = "transfers.letter.payee_account"
OPEN = [state.value for state in State if not state.is_final]


class Letter(models.Model):
    """One member's move between two cities. Amounts are those of the account information; money itself is in the ledger."""

    id = models.BigAutoField("转移编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    transfer_no = models.TextField("转移业务号", db_comment="本中心的转移业务号，一笔一个")
    letter_no = models.TextField("联系函编号", default="", db_comment="机构代码六位、日期六位、序号四位；复核通过前为空")
    direction = models.TextField("转移方向", choices=[(d.value, d.label) for d in Direction], db_comment="IN 转入，OUT 转出")
    state = models.TextField("联系函状态", choices=[(s.value, s.label) for s in State], db_comment="联系函状态")
    state_on = models.DateField("状态日", db_comment="进入现状态的会计日")
    name = models.TextField("姓名", db_comment="联系函上的姓名")
    id_kind = models.TextField("证件类型", db_comment="证件类型")
    id_number = EncryptedTextField("证件号码", context=ID_NUMBER, db_comment="证件号码（加密）")
    person_id = models.BigIntegerField("个人", null=True, db_comment="本中心的个人，转出时核对后填写")
    account_no = models.TextField("个人账号", default="", db_comment="本中心的个人账号")
    other_org_code = models.TextField("对方机构代码", db_comment="对方中心的机构代码")
    other_org_name = models.TextField("对方中心", db_comment="对方中心名称")
    other_account = EncryptedTextField("对方个人账号", null=True, context=OTHER_ACCOUNT, db_comment="对方中心的个人账号（加密）")
    payee_name = models.TextField("收款户名", default="", db_comment="转移款收款户名")
    payee_account = EncryptedTextField("收款账号", null=True, context=PAYEE_ACCOUNT, db_comment="转移款收款账号（加密）")
    payee_bank = models.TextField("收款银行", default="", db_comment="转移款收款行号")
    principal_fen = MoneyField("转移本金", null=True, db_comment="账户信息中的本金，分")
    interest_fen = MoneyField("转移利息", null=True, db_comment="结算到转移日的利息，分")
    amount_fen = MoneyField("转移金额", null=True, db_comment="本金加利息，分")
    opened_on = models.DateField("开户日期", null=True, db_comment="转出账户的开户日期")
    paid_through = MonthField("缴至年月", null=True, db_comment="转出账户缴至年月（自公元0年起的月数）")
    six_months = models.BooleanField("连续缴存标志", null=True, db_comment="封存前六个月连续缴存")
    loans = models.IntegerField("贷款笔数", null=True, db_comment="住房公积金贷款笔数")
    loans_ended = models.BooleanField("贷款结清标志", null=True, db_comment="贷款均已结清")
    fraud = models.BooleanField("失信标志", null=True, db_comment="有失信记录，随账户转移")
    applied_on = models.DateField("申请日期", db_comment="申请或收到联系函的会计日")
    maker = models.TextField("经办人", db_comment="申请人或经办人")
    proposal = models.TextField("经办意见", default="", db_comment="转出经办人的意见：INFORMED REFUSED NEGOTIATING")
    checker = models.TextField("复核人", default="", db_comment="复核人")
    words = models.TextField("最近说明", default="", db_comment="最近一次说明：审核意见、协商内容、未成原因")
    trouble = models.TextField("待处理问题", default="", db_comment="须由人处理的问题，处理后清空")
    cancelling = models.BooleanField("撤销中", default=False, db_comment="已请求撤销，等待平台答复")
    payment_no = models.TextField("付款编号", default="", db_comment="转出款的付款编号")
    payment_state = models.TextField("付款结果", default="", db_comment="ORDERED DONE FAILED RETURNED")
    interest_journal_id = models.BigIntegerField("结息凭证", null=True, db_comment="销户结息的凭证")
    receipt_no = models.TextField("收款编号", default="", db_comment="转入款的收款单号")
    journal_id = models.BigIntegerField("入账凭证", null=True, db_comment="转入款记入个人账户的凭证")
    value_on = models.DateField("起息日", null=True, db_comment="转入款的起息日")

    class Meta:
        db_table_comment = "转移接续联系函"
        verbose_name = "联系函"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "transfer_no"], name="transfers_letter_number"),
            models.UniqueConstraint(fields=["centre_id", "letter_no"], condition=~models.Q(letter_no=""), name="transfers_letter_once"),
            models.UniqueConstraint(
                fields=["centre_id", "account_no", "other_org_code"],
                condition=models.Q(state__in=OPEN, direction="IN"),
                name="transfers_one_in_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(checker="") | ~models.Q(checker=models.F("maker")), name="transfers_letter_two_people"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_fen=None) | models.Q(amount_fen=models.F("principal_fen") + models.F("interest_fen")),
                name="transfers_letter_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["centre_id", "direction", "state", "-id"], name="transfers_letter_state"),
            models.Index(fields=["centre_id", "person_id"], name="transfers_letter_person"),
        ]


class Step(models.Model):
    """What happened to a letter, in order; never changed."""

    id = models.BigAutoField("记录编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="+", verbose_name="联系函", db_comment="所属联系函")
    state = models.TextField("联系函状态", db_comment="变更后的状态")
    said_by = models.TextField("办理方", db_comment="谁办的：本中心人员、平台或对方中心")
    words = models.TextField("说明", default="", db_comment="说明")
    business_on = models.DateField("会计日", db_comment="会计日")
    recorded_at = models.DateTimeField("登记时刻", db_comment="登记时刻")

    class Meta:
        db_table_comment = "联系函办理记录"
        verbose_name = "联系函办理记录"
        indexes = [models.Index(fields=["centre_id", "letter", "id"], name="transfers_step_letter")]


class Dispatch(models.Model):
    """发出报文: one message to the platform. It has its sequence number in a committed row before it is sent."""

    id = models.BigAutoField("报文编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="+", verbose_name="联系函", db_comment="所属联系函")
    letter_state = models.TextField("所告状态", db_comment="告知平台的状态")
    words = models.TextField("说明", default="", db_comment="随报文发送的说明")
    state = models.TextField(
        "发送状态", default=Sending.READY.value, choices=[(k.value, v) for k, v in STATE_LABELS.items()], db_comment="发送状态"
    )
    send_seq_no = models.TextField("报文流水号", default="", db_comment="发送前保存的流水号")
    ordered_on = models.DateField("生成日", db_comment="生成的会计日")
    sent_on = models.DateField("发送日", null=True, db_comment="发送的会计日")
    explanation = models.TextField("结果说明", default="", db_comment="平台的答复")

    class Meta:
        db_table_comment = "发往转移接续平台的报文"
        verbose_name = "转移报文"
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "send_seq_no"], condition=~models.Q(send_seq_no=""), name="transfers_dispatch_seq"
            ),
        ]
        indexes = [
            models.Index(
                fields=["centre_id", "id"], name="transfers_dispatch_open", condition=models.Q(state__in=["READY", "SENT", "PROCESSING"])
            ),
            models.Index(fields=["centre_id", "letter", "id"], name="transfers_dispatch_letter"),
        ]


class Received(models.Model):
    """收到报文: what the platform delivered, taken once however often it comes."""

    id = models.BigAutoField("来文编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    item_no = models.TextField("平台来文号", db_comment="平台给每份来文的编号")
    letter_no = models.TextField("联系函编号", db_comment="所属联系函")
    letter_state = models.TextField("所告状态", db_comment="来文所告的状态")
    outcome = models.TextField("处理结果", db_comment="如何处理")
    received_on = models.DateField("收到日", db_comment="收到的会计日")

    class Meta:
        db_table_comment = "转移接续平台来文"
        verbose_name = "平台来文"
        constraints = [models.UniqueConstraint(fields=["centre_id", "item_no"], name="transfers_received_once")]


class Reconciliation(models.Model):
    """转移核对: our letters next to the platform's, once a day."""

    id = models.BigAutoField("核对编号", primary_key=True)
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    business_on = models.DateField("会计日", db_comment="会计日")
    ours = models.IntegerField("本中心件数", db_comment="本中心在办及当日变动的联系函")
    theirs = models.IntegerField("平台件数", db_comment="平台登记的相应联系函")
    differences = models.JSONField("差异", default=list, db_comment="逐件差异的说明")
    compared_at = models.DateTimeField("核对时刻", db_comment="最近一次核对的时刻")

    class Meta:
        db_table_comment = "与转移接续平台的每日核对"
        verbose_name = "转移核对"
        constraints = [models.UniqueConstraint(fields=["centre_id", "business_on"], name="transfers_reconciliation_day")]
