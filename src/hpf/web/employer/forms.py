"""Forms of the employer's pages: money, months and rates are read by the kernel, so a fen is a fen."""

from __future__ import annotations

from typing import Any

from django import forms

from hpf.accounts.rules.states import SEAL_REASONS
from hpf.contributions.rules.states import DeferralKind, RemittanceKind
from hpf.contributions.rules.workbook import ReadingLimits
from hpf.kernel.money import Money, NotAnAmount
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate


class MoneyInput(forms.CharField):
    """Yuan with at most two decimals; thousands separators are allowed."""

    def __init__(self, **named: Any) -> None:
        super().__init__(max_length=20, **named)
        self.widget.attrs |= {"inputmode": "decimal", "class": "form-control num", "autocomplete": "off"}

    def clean(self, value: Any) -> Money | None:
        text = str(super().clean(value) or "").replace(",", "").replace("，", "").strip()
        if not text:
            return None
        try:
            return Money.yuan(text)
        except NotAnAmount:
            raise forms.ValidationError("请填写以元为单位的金额，最多两位小数，例如 5230.50。") from None


class MonthInput(forms.CharField):
    """2026-08."""

    def __init__(self, **named: Any) -> None:
        super().__init__(max_length=7, **named)
        self.widget.attrs |= {"class": "form-control", "placeholder": "年-月，如 2026-08", "autocomplete": "off", "inputmode": "numeric"}

    def clean(self, value: Any) -> Month | None:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        try:
            return Month.parse(text)
        except ValueError:
            raise forms.ValidationError("请填写年月，例如 2026-08。") from None


class RateInput(forms.CharField):
    """Per cent: 5 or 5.5."""

    def __init__(self, **named: Any) -> None:
        super().__init__(max_length=8, **named)
        self.widget.attrs |= {"inputmode": "decimal", "class": "form-control num"}

    def clean(self, value: Any) -> Rate | None:
        text = str(super().clean(value) or "").rstrip("%％").strip()
        if not text:
            return None
        try:
            return Rate.of(text)
        except ValueError:
            raise forms.ValidationError("请填写百分数，例如 5 或 5.5。") from None


class DayInput(forms.DateField):
    def __init__(self, **named: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"), **named)


class Styled(forms.Form):
    """A form whose fields look alike."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for field in self.fields.values():
            plain = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            if isinstance(field, forms.BooleanField):
                plain = "form-check-input"
            field.widget.attrs.setdefault("class", plain)


def month_choices() -> list[tuple[str, str]]:
    return [
        (kind.value, kind.label)
        for kind in (RemittanceKind.REGULAR, RemittanceKind.BACK_FULL, RemittanceKind.BACK_DIFFERENCE, RemittanceKind.BACK_FREE)
    ]


class ListForm(Styled):
    """缴存清册: month, kind and the file."""

    month = MonthInput(label="汇补缴年月", help_text="汇缴须逐月进行；补缴填最早所属月")
    kind = forms.ChoiceField(label="种类", choices=month_choices)
    file = forms.FileField(
        label="清册文件",
        help_text=f"表格文件（.xlsx）或文本文件（.csv），{ReadingLimits().text}",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.txt", "class": "form-control"}),
    )
    file.width = "col-12"  # type: ignore[attr-defined]


class SealForm(Styled):
    """封存."""

    reason = forms.ChoiceField(label="封存原因", choices=lambda: list(SEAL_REASONS.items()))
    left_on = DayInput(label="离职或停缴日期")


class UnsealForm(Styled):
    """启封."""

    base = MoneyInput(label="缴存基数（元）")
    from_month = MonthInput(label="起缴年月")


class BaseForm(Styled):
    """基数变更."""

    base = MoneyInput(label="新缴存基数（元）", help_text="上一自然年度月平均工资；超出上下限的按限额核定")
    from_month = MonthInput(label="执行年月", help_text="尚未汇缴的年月")


ID_KINDS = [
    ("RESIDENT_ID", "居民身份证"), ("HMT_PERMIT", "港澳台居民居住证"), ("FOREIGN_PR_CARD", "外国人永久居留身份证"),
    ("FOREIGN_PR_CARD_OLD", "外国人永久居留证（旧版）"), ("PASSPORT", "护照"),
]  # fmt: skip


class PersonForm(Styled):
    """新增职工."""

    name = forms.CharField(label="姓名", max_length=60)
    id_kind = forms.ChoiceField(label="证件类型", choices=ID_KINDS)
    id_number = forms.CharField(
        label="证件号码", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"})
    )
    phone = forms.CharField(label="手机号码", max_length=11, required=False)
    base = MoneyInput(label="缴存基数（元）", help_text="新参加工作和新调入的为当月工资")
    hired_on = DayInput(label="入职日期")
    first_job = forms.BooleanField(label="首次参加工作（次月起缴）", required=False)
    born_on = DayInput(label="出生日期", required=False, help_text="护照、旧版永久居留证须填")
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "按证件"), ("M", "男"), ("F", "女")])


class DeferralForm(Styled):
    """缓缴降比申请."""

    kind = forms.ChoiceField(label="申请事项", choices=lambda: [(kind.value, kind.label) for kind in DeferralKind])
    since = MonthInput(label="起始年月")
    until = MonthInput(label="恢复年月", help_text="恢复正常缴存的第一个月")
    employer_rate = RateInput(label="降低后单位比例（%）", required=False, help_text="只降低比例时填")
    member_rate = RateInput(label="降低后个人比例（%）", required=False)
    resolution_no = forms.CharField(label="决议文号", max_length=60, help_text="职工代表大会或工会讨论通过的决议")
    reason = forms.CharField(label="困难情况", max_length=500, widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}))
    reason.width = "col-12"  # type: ignore[attr-defined]
    resolution = forms.FileField(
        label="决议原件",
        help_text="扫描件，不超过10兆字节",
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".pdf,.jpg,.jpeg,.png"}),
    )
