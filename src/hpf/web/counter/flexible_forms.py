"""Forms of agreements, debits and subsidies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from hpf.contributions.rules.states import Frequency
from hpf.kernel.decision import Decision, Reason
from hpf.web.beside import say_beside
from hpf.web.employer.forms import ID_KINDS, DayInput, MoneyInput, MonthInput, RateInput, Styled

OTHER_BANK = "OTHER"


def at_fields(form: forms.Form, reasons: Iterable[Reason], places: Mapping[str, str]) -> None:
    """Each reason at the field that `places` names for its code, where this form has that field; the others above the form."""
    say_beside(form, reasons, {code: field for code, field in places.items() if field in form.fields})


def accepted(form: forms.Form, decision: Decision[Any], places: Mapping[str, str]) -> bool:
    """True when the command was approved; otherwise its reasons are in the form."""
    if not decision.is_approved:
        at_fields(form, decision.reasons, places)
    return decision.is_approved


class Asking(Styled):
    """A form that says which field is empty."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for field in self.fields.values():
            asks = "请选择" if isinstance(field, forms.ChoiceField) else "请填写"
            field.error_messages["required"] = f"{asks}{str(field.label).partition('（')[0]}。"


class CardInput(forms.CharField):
    """A bank card's number; blanks and full-width digits as people type them are read."""

    def __init__(self, **named: Any) -> None:
        super().__init__(max_length=40, **named)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "class": "form-control num text-start"}

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        digits = "".join(str(int(mark)) if mark.isdecimal() else mark for mark in text if not mark.isspace() and mark != "-")
        if digits and not (digits.isdigit() and 12 <= len(digits) <= 19):
            raise forms.ValidationError(f"银行卡号应为12至19位数字，现为{len(digits)}位，请核对卡面后重新填写。")
        return digits


class CardFields(Asking):
    """扣款卡: always in the holder's own name."""

    card = CardInput(label="扣款银行卡号", help_text="须为本人名下的借记卡")
    bank = forms.ChoiceField(label="开户银行")
    other_bank_code = forms.CharField(label="其他银行联行号", max_length=12, required=False, help_text="选“其他银行”时填写，12位数字")

    def __init__(self, *args: Any, banks: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["bank"].choices = [("", "请选择"), *banks, (OTHER_BANK, "其他银行")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        code = said.get("other_bank_code", "").strip()
        if said.get("bank") == OTHER_BANK:
            if not (code.isdigit() and len(code) == 12):
                self.add_error("other_bank_code", "联行号应为12位数字，请向开户银行查询后填写。")
            said["bank_code"] = code
        else:
            said["bank_code"] = said.get("bank", "")
        return said


def frequencies() -> list[tuple[str, str]]:
    return [(each.value, each.label) for each in Frequency]


class SignForm(CardFields):
    """签订缴存协议 for an account that is open."""

    frequency = forms.ChoiceField(label="缴存频次", choices=frequencies)
    first_month = MonthInput(label="首次扣款年月")
    field_order = ["frequency", "first_month"]


class OpenAgreementForm(SignForm):
    """灵活就业开户并签约: the person, the terms, the card."""

    pool = forms.ChoiceField(label="归集专户")
    name = forms.CharField(label="姓名", max_length=60)
    id_kind = forms.ChoiceField(label="证件类型", choices=ID_KINDS)
    id_number = forms.CharField(
        label="证件号码", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"})
    )
    phone = forms.CharField(label="手机号码", max_length=11, required=False, help_text="扣款失败时按此号码联系")
    born_on = DayInput(label="出生日期", required=False, help_text="护照、旧版永久居留证须填")
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "按证件"), ("M", "男"), ("F", "女")])
    base = MoneyInput(label="缴存基数（元）")
    rate = RateInput(label="缴存比例（%）", help_text="单位和个人两部分都由本人承担")
    field_order = [
        "pool", "name", "id_kind", "id_number", "phone", "born_on", "sex", "base", "rate", "frequency", "first_month", "card", "bank", "other_bank_code",
    ]  # fmt: skip

    def __init__(self, *args: Any, pools: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["pool"].choices = list(pools)  # type: ignore[attr-defined]
        if len(pools) == 1:
            self.fields["pool"].widget = forms.HiddenInput()
            self.initial.setdefault("pool", pools[0][0])


class TermsForm(Asking):
    """变更缴存标准."""

    base = MoneyInput(label="缴存基数（元）")
    rate = RateInput(label="缴存比例（%）")
    from_month = MonthInput(label="执行年月")


class FrequencyForm(Asking):
    """变更频次."""

    frequency = forms.ChoiceField(label="缴存频次", choices=frequencies, help_text="从下一次扣款起执行")


class PauseForm(Asking):
    """暂停."""

    reason = forms.CharField(label="暂停原因", max_length=200, help_text="暂停期间不扣款，恢复后不补扣")


class ResumeForm(Asking):
    """恢复."""

    from_month = MonthInput(label="恢复扣款年月")


class ExitForm(Asking):
    """退出."""

    reason = forms.CharField(label="退出原因", max_length=200, help_text="退出后不再扣款，账户和余额保留；再缴存须重新签约")


class OrderForm(Asking):
    """发起扣款."""

    month = MonthInput(label="扣款年月", help_text="扣收下次扣款年月不晚于此月的协议")


class ProgramForm(Asking):
    """设立补贴项目."""

    name = forms.CharField(label="项目名称", max_length=100)
    document_no = forms.CharField(label="依据文号", max_length=100, help_text="批准发放补贴的文件")


class FundForm(Asking):
    """补贴资金到账."""

    receipt_no = forms.CharField(label="收款编号", max_length=20, help_text="暂收款里财政拨来的那一笔；整笔划入本项目")


class GrantForm(Asking):
    """补贴发放 to one person."""

    account_no = forms.CharField(label="个人账号", max_length=20)
    month = MonthInput(label="所属年月")
    amount = MoneyInput(label="补贴金额（元）")


class RecoverForm(Asking):
    """补贴收回."""

    amount = MoneyInput(label="收回金额（元）")
    reason = forms.CharField(label="收回原因", max_length=200)
