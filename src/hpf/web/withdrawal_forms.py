"""提取的表单: what the applicant says herself, the card, the consent. What departments know is not asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from hpf.kernel.money import Money, NotAnAmount
from hpf.kernel.period import Month
from hpf.web.counter.flexible_forms import Asking, CardInput
from hpf.withdrawals.queries.facts import OF_SPOUSE
from hpf.withdrawals.rules import GROUNDS, FactSheet, Ground, Payee, sheets
from hpf.withdrawals.rules.catalogue import RULES
from hpf.withdrawals.rules.saying import clean_number, how_to_write, is_number

PLACES = {
    "PAYEE_NAME_DIFFERS": "card", "PAYEE_ACCOUNT_WRONG": "card", "STATEMENT_WRONG": "", "WITHDRAWAL_RUNNING": "", "WITHDRAWAL_ACCOUNT_GONE": "",
}  # fmt: skip
MONTHS_OFFERED = 6
RENTAL_KINDS = [("MARKET", "市场租房"), ("PUBLIC", "公租房"), ("AFFORDABLE", "保障性租赁住房")]
NOT_TYPED = {"asked_months", "due_month", "heirs", "applicant_ref"}


class YuanInput(forms.CharField):
    """An amount in yuan as people type it."""

    def __init__(self, **named: Any) -> None:
        super().__init__(max_length=20, **named)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "form-control num"}

    def clean(self, value: Any) -> Money | None:
        text = str(super().clean(value) or "").replace(",", "").replace("，", "").strip()
        if not text:
            return None
        try:
            amount = Money.yuan(text)
        except NotAnAmount as wrong:
            raise forms.ValidationError("金额须为数字，最多两位小数，请更正。") from wrong
        if amount.fen <= 0:
            raise forms.ValidationError("金额须大于零，请更正。")
        return amount


class NumberInput(forms.CharField):
    """The number of the house, the contract, the invoice that the registers are asked about."""

    def __init__(self, sheet: FactSheet, needed: bool) -> None:
        assert sheet.say is not None
        super().__init__(label=sheet.label, max_length=80, required=needed, help_text=sheet.say.hint)
        self.form_of_number = sheet.say.form
        self.widget.attrs |= {"autocomplete": "off", "class": "form-control"}

    def clean(self, value: Any) -> str:
        text = clean_number(str(super().clean(value) or ""), self.form_of_number)
        if text and not is_number(text, self.form_of_number):
            raise forms.ValidationError(f"{self.label}应为{how_to_write(self.form_of_number)}，请核对后重新填写。")
        return text


class ApplyForm(Asking):
    """提取申请 for one ground. `registered` is the masked card the fund knows; empty when it knows none."""

    def __init__(self, *args: Any, ground: Ground, on: date, registered: str = "", **named: Any) -> None:
        self.base_fields = {}
        self.ground, self.registered = ground, registered
        super().__init__(*args, **named)
        if ground is Ground.RENT:
            self._rent(on)
        for sheet in self.typed:
            self.fields[sheet.name] = field_of_sheet(sheet) if sheet.say is None else NumberInput(sheet, self._alone(sheet))
        self.fields["amount"] = YuanInput(label="提取金额（元）", required=False, help_text="不填按可以提取的最高额。")
        if GROUNDS[ground].payee is not Payee.SUPERVISED_ACCOUNT:
            hint = f"不填付到登记的银行卡 {registered}。" if registered else "须为本人名下的借记卡。"
            self.fields["card"] = CardInput(label="收款银行卡号", required=not registered, help_text=hint)
        if set(OF_SPOUSE) & {sheet.name for sheet in sheets(RULES[ground].facts)}:
            self.fields["spouse_consent"] = forms.CharField(
                label="配偶的授权编号", max_length=30, required=False, help_text="已婚的填写：由配偶在“提取”页给出授权后告诉您；未婚不填。",
            )  # fmt: skip
        self.fields["consent"] = forms.BooleanField(label="同意就本次提取查询上述信息", required=False)
        for name, field in self.fields.items():
            asks = "请选择" if isinstance(field, forms.ChoiceField) else "请填写"
            field.error_messages["required"] = f"{asks}{str(field.label).partition('（')[0]}。"
            if name not in ("consent", "months", "card") and "class" not in field.widget.attrs:
                field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
        self.fields["consent"].widget.attrs["class"] = "form-check-input"

    @property
    def typed(self) -> list[FactSheet]:
        """The facts that the applicant states: what nobody else knows, and which thing the registers are asked about."""
        known = {"rental_kind"} if self.ground is Ground.RENT else set()
        return [
            sheet
            for sheet in sheets(RULES[self.ground].facts)
            if sheet.name not in NOT_TYPED | known and (sheet.say is not None or not sheet.asked_of)
        ]

    def _alone(self, sheet: FactSheet) -> bool:
        """Whether the form cannot do without this one."""
        assert sheet.say is not None
        of_kind = [each for each in self.typed if each.say is not None and each.say.either == sheet.say.either]
        return sheet.say.needed or (sheet.say.either != "" and len(of_kind) == 1)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        groups: dict[str, list[FactSheet]] = {}
        for sheet in self.typed:
            if sheet.say is not None and sheet.say.either:
                groups.setdefault(sheet.say.either, []).append(sheet)
        for group in groups.values():
            names = [sheet.name for sheet in group]
            if len(group) > 1 and not any(given.get(name) for name in names) and not set(names) & set(self.errors):
                self.add_error(names[0], f"{'、'.join(sheet.label for sheet in group)}至少填写一项。")
        return given

    def _rent(self, on: date) -> None:
        this = Month.of(on)
        offered = [this + (-back) for back in range(MONTHS_OFFERED)]
        self.fields["months"] = forms.MultipleChoiceField(
            label="租房月份", choices=[(str(month), month.text) for month in offered], initial=[str(this)],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}), help_text="房租发生后提取，可以一次选几个月。",
        )  # fmt: skip
        self.fields["rental_kind"] = forms.ChoiceField(label="租住的房屋", choices=RENTAL_KINDS, initial="MARKET")

    @property
    def fields_shown(self) -> list[Any]:
        """Every field but the consent, which stands beside the list of who will be asked."""
        return [self[name] for name in self.fields if name not in ("consent", "months")]

    @property
    def said(self) -> tuple[tuple[str, Any], ...]:
        """The facts stated, as an application's file writes them."""
        given = self.cleaned_data
        facts: dict[str, Any] = {}
        if self.ground is Ground.RENT:
            facts = {"asked_months": sorted(given["months"]), "rental_kind": given["rental_kind"]}
        for sheet in self.typed:
            value = given.get(sheet.name)
            if value not in (None, ""):
                facts[sheet.name] = str(value) if isinstance(value, Money) else value.isoformat() if isinstance(value, date) else value
        return tuple(facts.items())


def field_of_sheet(sheet: FactSheet) -> forms.Field:
    label = sheet.label
    if sheet.values:
        return forms.ChoiceField(label=label, choices=[("", "请选择"), *sheet.values.items()])
    if sheet.kind is Money:
        return YuanInput(label=f"{label}（元）")
    if sheet.kind is date:
        return forms.DateField(
            label=label, widget=forms.DateInput(attrs={"type": "date"}), error_messages={"invalid": "请填写有效的日期。"}
        )
    if sheet.kind is bool:
        return forms.ChoiceField(label=label, choices=[("", "请选择"), ("是", "是"), ("否", "否")])
    if sheet.kind is int:
        return forms.IntegerField(label=label, min_value=0)
    return forms.CharField(label=label, max_length=60)
