"""Forms of the counter."""

from __future__ import annotations

from django import forms

from hpf.parties.services import PURPOSES
from hpf.web.employer.forms import DayInput, MoneyInput, MonthInput, PersonForm, RateInput, Styled


class TransferForm(Styled):
    """内部转移."""

    to_employer_account_no = forms.CharField(label="转入单位账号", max_length=20)
    base = MoneyInput(label="缴存基数（元）")
    from_month = MonthInput(label="起缴年月")


class MergeForm(Styled):
    """个人并户."""

    other = forms.CharField(label="另一个人账号", max_length=20)
    evidence = forms.CharField(label="依据", max_length=100, help_text="核对过的证件或证明", required=False)


class CloseForm(Styled):
    """个人销户 of an empty account."""

    final_state = forms.ChoiceField(label="销户种类", choices=[("TRANSFERRED_OUT", "外部转出销户"), ("WITHDRAWN_OUT", "提取销户")])
    reason = forms.CharField(label="原因", max_length=100)


class RatesForm(Styled):
    """单位比例变更."""

    employer_rate = RateInput(label="单位比例（%）")
    member_rate = RateInput(label="个人比例（%）")
    from_month = MonthInput(label="执行年月")
    approval_no = forms.CharField(label="批准文号", max_length=60, required=False)


class ReasonForm(Styled):
    """A reason and nothing else."""

    reason = forms.CharField(label="原因", max_length=200)


class UnmaskForm(Styled):
    """查看明文: for a named purpose."""

    purpose = forms.ChoiceField(
        label="用途",
        choices=lambda: list(PURPOSES.items()),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "查看明文须选择用途，请选择。"),
    )
    note = forms.CharField(label="说明", max_length=100, required=False)


class OpenPersonForm(PersonForm):
    """个人开户 at the counter: into a unit's account."""

    employer_account_no = forms.CharField(label="单位账号", max_length=20)
    field_order = ["employer_account_no"]


class EmployerForm(Styled):
    """单位登记并开户."""

    name = forms.CharField(label="单位名称", max_length=100)
    uscc = forms.CharField(label="统一社会信用代码", max_length=18)
    district = forms.ChoiceField(label="区县（管理部）")
    nature = forms.ChoiceField(label="单位性质")
    established_on = DayInput(label="设立日期")
    payday = forms.IntegerField(label="发薪日", min_value=1, max_value=31, initial=15)
    legal_name = forms.CharField(label="法定代表人", max_length=60, required=False)
    address = forms.CharField(label="单位地址", max_length=200, required=False)
    operator_name = forms.CharField(label="经办人姓名", max_length=60)
    operator_id = forms.CharField(label="经办人证件号码", max_length=20)
    operator_phone = forms.CharField(label="经办人手机", max_length=11)
    employer_rate = RateInput(label="单位缴存比例（%）")
    member_rate = RateInput(label="个人缴存比例（%）")
    first_month = MonthInput(label="起缴年月")

    def __init__(self, *args: object, districts: list[tuple[str, str]], natures: list[tuple[str, str]], **named: object) -> None:
        super().__init__(*args, **named)
        self.fields["district"].choices = districts  # type: ignore[attr-defined]
        self.fields["nature"].choices = natures  # type: ignore[attr-defined]


class AssignForm(Styled):
    """人工认领."""

    reference = forms.CharField(label="清册号", max_length=40)


class PrepayForm(Styled):
    """转为预缴."""

    employer_account_no = forms.CharField(label="单位账号", max_length=20)


class PayeeForm(Styled):
    """退款重新提交: the unit's right account."""

    name = forms.CharField(label="收款户名", max_length=100)
    account = forms.CharField(label="收款账号", max_length=40)
    bank = forms.CharField(label="收款银行代码", max_length=20)


class RefundForm(Styled):
    """错缴退款: one person's months of a booked list back to the unit."""

    account_no = forms.CharField(label="个人账号", max_length=20)
    month = MonthInput(label="所属年月")
    employer = MoneyInput(label="退单位部分（元）")
    member = MoneyInput(label="退个人部分（元）")
    payee_name = forms.CharField(label="收款户名", max_length=100)
    payee_account = forms.CharField(label="收款账号", max_length=40)
    payee_bank = forms.CharField(label="收款银行代码", max_length=20)
    reason = forms.CharField(label="退款原因", max_length=200)
