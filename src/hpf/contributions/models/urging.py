"""催缴: a case against arrears, and each step with its evidence."""

from __future__ import annotations

from django.db import models

from hpf.contributions.models.remittance import Original, coded
from hpf.contributions.rules.states import UrgingState, UrgingStepKind
from hpf.db.fields import MoneyField, MonthField


class Urging(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="催缴编号", db_comment="催缴内部编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    urging_no = models.TextField("催缴号", unique=True, db_comment="催缴号")
    employer_id = models.BigIntegerField("缴存单位", db_comment="缴存单位")
    employer_account_id = models.BigIntegerField("单位账户", db_comment="单位账户")
    employer_account_no = models.TextField("单位账号", db_comment="单位账号")
    first_month = MonthField("欠缴起始年月", db_comment="立案时最早的欠缴月")
    last_month = MonthField("欠缴截止年月", db_comment="立案时最晚的欠缴月")
    owed_fen = MoneyField("欠缴额", db_comment="立案时的欠缴额，分")
    state = models.TextField("催缴状态", choices=coded(UrgingState), db_comment="催缴状态")
    opened_on = models.DateField("立案日期", db_comment="立案日期")
    opened_by = models.TextField("经办人", db_comment="经办人")
    closed_on = models.DateField("办结日期", null=True, db_comment="办结日期")
    closed_by = models.TextField("办结人", default="", db_comment="办结人")
    outcome = models.TextField("办结结果", default="", db_comment="办结结果")

    class Meta:
        db_table_comment = "催缴案件"
        constraints = [
            models.UniqueConstraint(
                fields=["centre_id", "employer_account_id"], condition=models.Q(state="OPEN"), name="contributions_one_open_urging"
            ),
        ]


class UrgingStep(models.Model):
    id = models.BigAutoField(primary_key=True, verbose_name="催缴步骤编号", db_comment="催缴步骤编号")
    centre_id = models.SmallIntegerField("中心", db_comment="所属中心")
    urging = models.ForeignKey(Urging, models.PROTECT, related_name="+", verbose_name="催缴", db_comment="所属催缴")
    step_no = models.IntegerField("步骤序号", db_comment="步骤序号")
    kind = models.TextField("催缴方式", choices=coded(UrgingStepKind), db_comment="催缴方式")
    taken_on = models.DateField("催缴日期", db_comment="催缴日期")
    taken_by = models.TextField("经办人", db_comment="经办人")
    document_no = models.TextField("文书号", default="", db_comment="文书号")
    delivered_on = models.DateField("送达日期", null=True, db_comment="送达日期")
    delivered_to = models.TextField("签收人", default="", db_comment="签收人")
    answer_by = models.DateField("限期", null=True, db_comment="要求缴清的期限")
    note = models.TextField("催缴记录", db_comment="催缴记录")
    evidence = models.ForeignKey(Original, models.PROTECT, null=True, related_name="+", verbose_name="证据原件", db_comment="证据原件")

    class Meta:
        db_table_comment = "催缴步骤与证据"
        constraints = [models.UniqueConstraint(fields=["urging", "step_no"], name="contributions_urging_step")]
