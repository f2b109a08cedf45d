"""约定提取的表单: from which month, how many, on which day, how much; the rest as an application asks it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from hpf.kernel.period import Month
from hpf.web.counter.flexible_forms import Asking
from hpf.web.withdrawal_forms import PLACES as OF_APPLICATIONS
from hpf.web.withdrawal_forms import ApplyForm
from hpf.withdrawals.rules import Ground
from hpf.withdrawals.rules.agreements import LAST_DAY

PLACES = OF_APPLICATIONS | {
    "AGREEMENT_DAY": "day", "AGREEMENT_BEGINS_BEFORE": "first", "AGREEMENT_TERM": "term", "AGREEMENT_AMOUNT": "amount", "AGREEMENT_RUNNING": "",
    "AGREEMENT_GROUND": "", "AGREEMENT_CONSENT_MISSING": "spouse_consent", "AGREEMENT_CONSENT_SHORT": "spouse_consent",
}  # fmt: skip
BEGINNINGS = 3
DECIDED_BY_AGREEMENT = ("months", "repayment_use", "repaid_from", "repaid_to", "due_month")
"""What an application states and an agreement fixes."""


class MonthlyForm(ApplyForm):
    """签订约定提取 for one ground, on the phone or at the counter."""

    def __init__(self, *args: Any, ground: Ground, on: date, registered: str = "", **named: Any) -> None:
        super().__init__(*args, ground=ground, on=on, registered=registered, **named)
        for name in DECIDED_BY_AGREEMENT:
            self.fields.pop(name, None)
        this = Month.of(on)
        self.fields["first"] = forms.ChoiceField(
            label="从哪个月起", choices=[(str(this + n), (this + n).text) for n in range(BEGINNINGS)], initial=str(this)
        )
        self.fields["term"] = forms.IntegerField(label="月数", min_value=1, max_value=99, initial=12, help_text="期满须重新签订。")
        self.fields["day"] = forms.ChoiceField(
            label="每月付款日", choices=[(day, f"{day}日") for day in range(1, LAST_DAY + 1)], initial=15
        )
        self.fields["amount"].label, self.fields["amount"].help_text = "每期金额（元）", "不填按每期可以提取的最高额。"
        self.fields["consent"].label = "同意在约定期内查询上述信息，直到约定结束"
        if "spouse_consent" in self.fields:
            self.fields["spouse_consent"].help_text = "已婚的填写：由配偶在“约定提取”页授权一年后告诉您，须到最后一期仍有效；未婚不填。"
        self.order_fields(["first", "term", "day", "amount", "rental_kind"])
        for name in ("first", "term", "day"):
            field = self.fields[name]
            field.widget.attrs["class"] = "form-control num" if name == "term" else "form-select"
            field.error_messages["required"] = f"{'请填写' if name == 'term' else '请选择'}{field.label}。"
        self.fields["term"].error_messages |= {
            "invalid": "月数须为整数，请更正。", "min_value": "月数至少为1，请更正。", "max_value": "月数最多为99，请更正。",
        }  # fmt: skip

    @property
    def said(self) -> tuple[tuple[str, Any], ...]:
        """The facts stated; the months are the agreement's."""
        self.cleaned_data.setdefault("months", [])
        return tuple((name, value) for name, value in super().said if name != "asked_months")

    @property
    def first(self) -> Month:
        return Month.parse(self.cleaned_data["first"])

    @property
    def last(self) -> Month:
        return self.first + (int(self.cleaned_data["term"]) - 1)


class EndForm(Asking):
    """终止约定提取."""

    reason = forms.CharField(
        label="终止的理由", max_length=100, required=False, help_text="例如退租、还清贷款；可以不填。", widget=forms.TextInput(attrs={"class": "form-control"})
    )  # fmt: skip
