"""异地转移的表单: where the member comes from; what the person who handles a letter thinks of it."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from hpf.transfers.queries import OtherCentre
from hpf.web.counter.flexible_forms import Asking

PLACES = {
    "OTHER_CENTRE_WRONG": "org_code", "SAME_CENTRE": "org_code", "TRANSFER_UNDER_WAY": "org_code",
}  # fmt: skip


class ApplyForm(Asking):
    """转入申请: the centre is chosen from the platform's list; where there is none, code and name are typed."""

    org_code = forms.CharField(label="转出地中心机构代码", max_length=20, help_text="六位数字，见转出地中心出具的证明。")
    org_name = forms.CharField(label="转出地中心名称", max_length=60)
    other_account = forms.CharField(
        label="转出地个人账号", max_length=30, required=False, help_text="不记得可以不填，对方中心按姓名和证件号码查找。"
    )  # fmt: skip

    def __init__(self, *args: object, centres: Sequence[OtherCentre], **named: object) -> None:
        super().__init__(*args, **named)
        self.names = {centre.org_code: centre.name for centre in centres}
        if centres:
            choices = [("", "请选择"), *((centre.org_code, centre.name) for centre in centres)]
            self.fields["org_code"] = forms.ChoiceField(
                label="转出地中心", choices=choices, error_messages={"required": "请选择转出地中心。", "invalid_choice": "请选择转出地中心。"},
                widget=forms.Select(attrs={"class": "form-select"}),
            )  # fmt: skip
            del self.fields["org_name"]

    @property
    def other_name(self) -> str:
        """The chosen centre's name, or the one typed."""
        return self.names.get(self.cleaned_data["org_code"]) or str(self.cleaned_data.get("org_name", ""))
