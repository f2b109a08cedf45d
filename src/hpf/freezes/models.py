"""查控文书 冻结 扣划: what courts ordered and what came of it. Judicial information: what a paper says is kept encrypted."""

from __future__ import annotations

from django.db import models

from hpf.db.crypto import EncryptedTextField
from hpf.db.fields import MoneyField
from hpf.freezes.rules.orders import Action, DocumentKind, FreezeState, OrderState, Result


def _coded(kind: type[Action] | type[DocumentKind] | type[FreezeState] | type[OrderState] | type[Result]) -> list[tuple[str, str]]:
    return [(each.value, each.label) for each in kind]


class CourtOrder(models.Model):
    """One paper of a court and our answer. `paper` and `answer` are JSON, sealed."""

    id = models.BigAutoField("查控文书编号", primary_key=True, db_comment="查控文书内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    order_no = models.CharField("查控文书号", max_length=20, db_comment="查控文书号")
    channel = models.CharField("来文渠道", max_length=8, choices=[("MESSAGE", "线上"), ("COUNTER", "柜面")], db_comment="线上或柜面")
    client_no = models.CharField("机器客户", max_length=40, default="", db_comment="来文的机器客户；柜面为空")
    request_no = models.CharField("法院请求号", max_length=60, db_comment="法院对本件文书的编号；同一法院不重复")
    action = models.CharField("查控事项", max_length=20, choices=_coded(Action), db_comment="查控事项")
    state = models.CharField("查控文书状态", max_length=10, choices=_coded(OrderState), db_comment="文书状态")
    result = models.CharField("查控结果", max_length=1, choices=_coded(Result), default=Result.ENTERED.value, db_comment="结果代码")
    paper = EncryptedTextField("查控文书内容", context="freezes.order.paper", db_comment="文书内容（加密）")
    answer = EncryptedTextField("查控答复", context="freezes.order.answer", null=True, db_comment="答复内容（加密）")
    received_on = models.DateField("收文日", db_comment="收文的会计日")
    received_at = models.DateTimeField("收文时刻", db_comment="收文时刻")
    due_at = models.DateTimeField("答复时限", db_comment="应答复的最后时刻")
    answered_at = models.DateTimeField("答复时刻", null=True, db_comment="办结并答复的时刻")
    maker = models.CharField("经办人", max_length=60, db_comment="录入人；线上为机器客户")
    checker = models.CharField("复核人", max_length=60, null=True, db_comment="复核人")
    opinion = models.CharField("复核意见", max_length=300, default="", db_comment="退回的原因")

    class Meta:
        db_table = "freezes_order"
        db_table_comment = "司法查控文书"
        verbose_name = "查控文书"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "order_no"], name="freezes_order_no"),
            models.UniqueConstraint(fields=["centre_id", "client_no", "request_no"], name="freezes_order_once"),
            models.CheckConstraint(
                condition=models.Q(channel="MESSAGE") | models.Q(checker=None) | ~models.Q(checker=models.F("maker")),
                name="freezes_order_two_people",
            ),
        ]
        indexes = [models.Index(fields=["centre_id", "state", "-id"], name="freezes_order_state")]


class Document(models.Model):
    """A scanned paper, sealed."""

    id = models.BigAutoField("查控附件编号", primary_key=True, db_comment="附件内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    order = models.ForeignKey(CourtOrder, models.PROTECT, related_name="+", verbose_name="查控文书", db_comment="所属文书")
    kind = models.CharField("文书种类", max_length=12, choices=_coded(DocumentKind), db_comment="文书种类")
    filename = EncryptedTextField("文件名", context="freezes.document.filename", db_comment="文件名（加密）")
    sha256 = models.CharField("内容摘要", max_length=64, db_comment="文件内容的 SHA-256")
    size_bytes = models.IntegerField("字节数", db_comment="文件字节数")
    content = EncryptedTextField("文件内容", context="freezes.document.content", db_comment="文件内容（base64 后加密）")

    class Meta:
        db_table = "freezes_document"
        db_table_comment = "司法查控文书附件"
        verbose_name = "查控附件"
        indexes = [models.Index(fields=["centre_id", "order"], name="freezes_document_order")]


class Freeze(models.Model):
    """冻结: its place in the queue is its ledger order's; what it keeps now is asked of the ledger."""

    id = models.BigAutoField("冻结编号", primary_key=True, db_comment="冻结内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    freeze_no = models.CharField("冻结号", max_length=20, db_comment="冻结号")
    order = models.ForeignKey(CourtOrder, models.PROTECT, related_name="+", verbose_name="查控文书", db_comment="所依据的文书")
    account_no = models.CharField("个人账号", max_length=20, db_comment="个人账号")
    person_id = models.BigIntegerField("缴存人", db_comment="缴存人编号")
    ledger_account_id = models.BigIntegerField("分户账", db_comment="个人账户的总账分户")
    ledger_freeze_id = models.BigIntegerField("冻结指令", unique=True, db_comment="总账冻结指令")
    court_blind = models.BinaryField("法院索引", db_comment="法院名称的盲索引")
    case_blind = models.BinaryField("案号索引", db_comment="法院和执行案号的盲索引")
    ordered_fen = MoneyField("冻结指令金额", null=True, db_comment="现所定金额（分），扣划和部分解除后减少；空为全部含后续收入")
    starts_on = models.DateField("冻结起始日", db_comment="冻结起始日")
    ends_on = models.DateField("冻结截止日", db_comment="冻结的最后一日")
    state = models.CharField(
        "冻结状态", max_length=10, choices=_coded(FreezeState), default=FreezeState.IN_FORCE.value, db_comment="在册、期满、解除或扣划完毕"
    )
    ended_on = models.DateField("冻结终止日", null=True, db_comment="失效、解除或扣划完毕的会计日")

    class Meta:
        db_table = "freezes_freeze"
        db_table_comment = "司法冻结"
        verbose_name = "司法冻结"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "freeze_no"], name="freezes_freeze_no"),
            models.CheckConstraint(
                condition=models.Q(state="IN_FORCE", ended_on=None) | (~models.Q(state="IN_FORCE") & models.Q(ended_on__isnull=False)),
                name="freezes_freeze_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["centre_id", "ends_on", "id"], name="freezes_freeze_due", condition=models.Q(state="IN_FORCE")),
            models.Index(fields=["centre_id", "ledger_account_id", "id"], name="freezes_freeze_account"),
        ]


class FreezeEvent(models.Model):
    """What happened to a freeze, and by which paper; only added."""

    id = models.BigAutoField("冻结事项编号", primary_key=True, db_comment="事项内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    freeze = models.ForeignKey(Freeze, models.PROTECT, related_name="+", verbose_name="司法冻结", db_comment="冻结")
    order = models.ForeignKey(CourtOrder, models.PROTECT, null=True, related_name="+", verbose_name="查控文书", db_comment="文书；期满为空")
    kind = models.CharField("冻结事项", max_length=10, db_comment="PLACED RENEWED LOWERED RELEASED EXPIRED DEDUCTED")
    amount_fen = MoneyField("发生额", null=True, db_comment="金额（分）；全部冻结为空")
    kept_fen = MoneyField("当时冻结额", null=True, db_comment="办理后实际冻结的金额（分）")
    ends_on = models.DateField("冻结截止日", null=True, db_comment="办理后的截止日")
    journal_id = models.BigIntegerField("凭证", null=True, db_comment="扣划的总账凭证")
    on = models.DateField("办理日", db_comment="会计日")
    at = models.DateTimeField("办理时刻", db_comment="办理时刻")
    by = models.CharField("办理人", max_length=60, db_comment="办理人")

    class Meta:
        db_table = "freezes_event"
        db_table_comment = "司法冻结事项"
        verbose_name = "冻结事项"
        indexes = [models.Index(fields=["centre_id", "freeze", "id"], name="freezes_event_freeze")]


class Deduction(models.Model):
    """扣划 by one paper: taken from the member once, set aside for the court, paid until the bank says done."""

    id = models.BigAutoField("扣划编号", primary_key=True, db_comment="扣划内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    deduction_no = models.CharField("支出单号", max_length=20, db_comment="支出单号")
    order = models.OneToOneField(CourtOrder, models.PROTECT, related_name="+", verbose_name="查控文书", db_comment="所依据的文书")
    amount_fen = MoneyField("扣划金额", db_comment="扣划金额（分）")
    ledger_account_id = models.BigIntegerField("待付分户账", db_comment="待付法院款项（21904）分户账")
    payee = EncryptedTextField("执行款专户", context="freezes.deduction.payee", db_comment="法院执行款专户（加密）")
    state = models.CharField(
        "扣划状态", max_length=10, choices=[("ORDERED", "付款中"), ("DONE", "已付法院"), ("FAILED", "付款未成"), ("CORRECTED", "待复核")],
        default="ORDERED", db_comment="付款状态",
    )  # fmt: skip
    payment_no = models.CharField("付款编号", max_length=20, db_comment="最近一次付款编号")
    outcome = models.CharField("付款结果", max_length=300, default="", db_comment="付款未成的原因")
    settled_on = models.DateField("付款完成日", null=True, db_comment="银行付讫的会计日")
    maker = models.CharField("经办人", max_length=60, db_comment="经办人；线上为机器客户")
    checker = models.CharField("复核人", max_length=60, null=True, db_comment="复核人")

    class Meta:
        db_table = "freezes_deduction"
        db_table_comment = "司法扣划"
        verbose_name = "司法扣划"
        constraints = [
            models.UniqueConstraint(fields=["centre_id", "deduction_no"], name="freezes_deduction_no"),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="freezes_deduction_positive"),
        ]
        indexes = [models.Index(fields=["centre_id", "state"], name="freezes_deduction_open")]
