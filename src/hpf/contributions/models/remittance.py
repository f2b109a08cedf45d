"""缴存清册: the file as it came, the list it became, its lines and its defects."""

from __future__ import annotations

from django.db import models

from hpf.contributions.rules.states import OriginalKind, RemittanceKind, RemittanceState
from hpf.db.fields import MoneyField, MonthField


def coded(enum: type) -> list[tuple[str, str]]:
    return [(item.value, getattr(item, "label", item.value)) for item in enum]  # type: ignore[attr-defined]


class Original(models.Model):
    """A file exactly as it was received. Kept before anything reads it, never changed."""

    id = models.BigAutoField(primary_key=True, verbose_name="原件编号", db_comment="原件编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    kind = models.TextField("原件种类", choices=coded(OriginalKind), db_comment="原件种类")
    filename = models.TextField("文件名", db_comment="上传时的文件名")
    content = models.BinaryField("原件内容", db_comment="原件全部字节")
    sha256 = models.CharField("原件摘要", max_length=64, db_comment="原件内容的SHA-256")
    size_bytes = models.BigIntegerField("原件大小", db_comment="原件字节数")
    received_by = models.TextField("经办人", db_comment="上传人")
    received_at = models.DateTimeField("登记时刻", db_comment="收到时刻")

    class Meta:
        db_table_comment = "收到的原件：清册、基数调整表、决议、证据"
        indexes = [models.Index(fields=["centre_id", "sha256"], name="contributions_original_sha")]


class Remittance(models.Model):
    """One list for one unit: which month, which kind, how much, how far."""

    id = models.BigAutoField(primary_key=True, verbose_name="清册编号", db_comment="清册内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    remittance_no = models.TextField("清册号", unique=True, db_comment="清册号，打印在缴存书上，付款附言用")
    employer_id = models.BigIntegerField("缴存单位", null=True, db_comment="缴存单位；灵活就业与补贴批次可为空")
    employer_account_id = models.BigIntegerField("单位账户", null=True, db_comment="单位账户；灵活就业与补贴批次可为空")
    employer_account_no = models.TextField("单位账号", default="", db_comment="单位账号")
    kind = models.TextField("缴存种类", choices=coded(RemittanceKind), db_comment="汇缴、三种补缴、灵活就业、补贴、错账调整")
    month = MonthField("汇补缴年月", db_comment="汇补缴年月（自公元0年起的月数）；补缴为最早所属月")
    state = models.TextField("清册状态", choices=coded(RemittanceState), db_comment="清册状态")
    line_count = models.IntegerField("人数", default=0, db_comment="可记账的行数")
    defect_count = models.IntegerField("差错数", default=0, db_comment="差错条数")
    employer_fen = MoneyField("单位缴存额", db_comment="单位部分合计，分")
    member_fen = MoneyField("个人缴存额", db_comment="个人部分合计，分")
    subsidy_fen = MoneyField("补贴额", db_comment="补贴部分合计，分")
    reason = models.TextField("缴存原因", default="", db_comment="补缴、错账调整的原因")
    source = models.TextField("清册来源", default="FILE", db_comment="FILE文件 PAGE页面 ROSTER按在册人员生成 SYSTEM系统")
    original = models.ForeignKey(Original, models.PROTECT, null=True, related_name="+", verbose_name="原件", db_comment="清册原件")
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="更正前清册", db_comment="本清册更正的前一清册"
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="被调整清册", db_comment="错账调整所对应的原清册"
    )
    prepaid_planned_fen = MoneyField("拟用预缴额", db_comment="确认时拟用单位预缴抵付的金额，分")
    waiting_code = models.TextField("待记账原因码", default="", db_comment="款项未能记账的原因码")
    waiting_message = models.TextField("待记账原因", default="", db_comment="款项未能记账的原因")
    receipt_no = models.TextField("收款编号", default="", db_comment="记账所用的收款编号")
    prepaid_used_fen = MoneyField("预缴抵付额", db_comment="记账时动用的单位预缴，分")
    overpaid_fen = MoneyField("多缴转预缴额", db_comment="多到账转入单位预缴的金额，分")
    journal_id = models.BigIntegerField("凭证", null=True, db_comment="记账的总账凭证")
    booked_on = models.DateField("会计日", null=True, db_comment="记账的会计日")
    maker = models.TextField("经办人", db_comment="提交人")
    received_at = models.DateTimeField("登记时刻", db_comment="提交时刻")
    confirmed_by = models.TextField("确认人", default="", db_comment="单位确认人")
    confirmed_at = models.DateTimeField("确认时刻", null=True, db_comment="单位确认时刻")
    accepted_by = models.TextField("受理人", default="", db_comment="中心受理人（中心要求受理时）")
    accepted_at = models.DateTimeField("受理时刻", null=True, db_comment="中心受理时刻")
    booked_by = models.TextField("记账人", default="", db_comment="记账人")
    booked_at = models.DateTimeField("记账时刻", null=True, db_comment="记账时刻")
    cancelled_by = models.TextField("撤销人", default="", db_comment="撤销人")
    cancelled_reason = models.TextField("撤销原因", default="", db_comment="撤销原因")

    class Meta:
        db_table_comment = "缴存清册"
        indexes = [
            models.Index(fields=["centre_id", "employer_account_id", "-id"], name="contributions_rem_employer"),
            models.Index(fields=["centre_id", "state", "id"], name="contributions_rem_state"),
            models.Index(fields=["centre_id", "booked_on"], name="contributions_rem_booked"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="BOOKED", journal_id__isnull=False, booked_on__isnull=False) | ~models.Q(state="BOOKED"),
                name="contributions_booked_has_journal",
            ),
            models.UniqueConstraint(
                fields=["centre_id", "employer_account_id", "month"],
                condition=models.Q(kind="REGULAR", state__in=["CONFIRMED", "PAID", "BOOKED"]),
                name="contributions_one_regular_a_month",
            ),
        ]


class Line(models.Model):
    """One person and one month in a list. Negative only in a correction (红字)."""

    id = models.BigAutoField(primary_key=True, verbose_name="清册行编号", db_comment="清册行编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    remittance = models.ForeignKey(Remittance, models.PROTECT, related_name="+", db_index=False, verbose_name="清册", db_comment="所属清册")
    row_no = models.IntegerField("行号", db_comment="原件中的行号")
    member_account_id = models.BigIntegerField("个人账户", db_comment="个人账户")
    account_no = models.TextField("个人账号", db_comment="个人账号")
    ledger_account_id = models.BigIntegerField("分户账", db_comment="个人账户的总账分户")
    month = MonthField("汇补缴年月", db_comment="所属月（自公元0年起的月数）")
    base_fen = MoneyField("缴存基数", db_comment="当月缴存基数，分")
    employer_fen = MoneyField("单位缴存额", db_comment="单位部分，分")
    member_fen = MoneyField("个人缴存额", db_comment="个人部分，分")
    subsidy_fen = MoneyField("补贴额", db_comment="补贴部分，分")
    holds_month = models.BooleanField("占用年月", default=False, db_comment="已确认的汇缴行占用此人此月，同人同月不得再有第二行")

    class Meta:
        db_table_comment = "缴存清册行"
        indexes = [
            models.Index(fields=["remittance", "row_no"], name="contributions_line_row"),
            models.Index(fields=["centre_id", "member_account_id", "month"], name="contributions_line_member"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "member_account_id", "month"],
                condition=models.Q(holds_month=True),
                name="contributions_one_line_a_month",
            ),
        ]


class Defect(models.Model):
    """What is wrong in a list: where, which value, which rule, what to do."""

    id = models.BigAutoField(primary_key=True, verbose_name="差错编号", db_comment="差错编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    remittance = models.ForeignKey(Remittance, models.PROTECT, related_name="+", db_index=False, verbose_name="清册", db_comment="所属清册")
    row_no = models.IntegerField("行号", db_comment="原件中的行号，0为整张清册")
    column_name = models.TextField("列名", db_comment="差错所在列")
    value_text = models.TextField("单元格值", db_comment="差错单元格的值，证件号码已掩码")
    code = models.TextField("差错码", db_comment="差错码")
    message = models.TextField("差错说明", db_comment="差错说明")
    remedy = models.TextField("更正办法", db_comment="更正办法")
    law = models.TextField("依据", default="", db_comment="依据条款")

    class Meta:
        db_table_comment = "缴存清册差错"
        indexes = [models.Index(fields=["remittance", "row_no", "id"], name="contributions_defect_row")]
