"""Forms of an urging file."""

from __future__ import annotations

from typing import Any

from django import forms

from hpf.contributions.rules.states import UrgingStepKind
from hpf.web.employer.forms import DayInput, Styled

EVIDENCE_BYTES_MAX = 10 * 1024 * 1024
_BEGINNINGS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
PLACES = {
    "URGING_STEP_SKIPPED": "kind",
    "URGING_DEADLINE_RUNNING": "kind",
    "EVIDENCE_MISSING": "evidence",
    "URGING_DATE_TO_COME": "taken_on",
    "URGING_DELIVERY_DATE_WRONG": "delivered_on",
    "URGING_DEADLINE_MISSING": "answer_by",
    "URGING_DEADLINE_WRONG": "answer_by",
    "REASON_MISSING": "note",
}
"""Beside which field a refusal of a step is said."""


class StepForm(Styled):
    """登记催缴步骤."""

    kind = forms.ChoiceField(
        label="催缴方式", choices=lambda: [(kind.value, kind.label) for kind in UrgingStepKind if kind is not UrgingStepKind.FINE]
    )
    taken_on = DayInput(label="催缴日期")
    document_no = forms.CharField(label="文书号", max_length=60, required=False, help_text="书面通知、责令限期和申请执行须填")
    answer_by = DayInput(label="限期", required=False, help_text="要求单位缴清的最后一天；责令限期缴存须填")
    delivered_on = DayInput(label="送达日期", required=False, help_text="书面文书送达后才算完成这一步")
    delivered_to = forms.CharField(label="签收人", max_length=60, required=False)
    note = forms.CharField(
        label="催缴内容与单位答复",
        max_length=500,
        help_text="单位在网厅可以看到",
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    note.width = "col-12"  # type: ignore[attr-defined]
    evidence = forms.FileField(
        label="证据原件",
        required=False,
        help_text="通知、决定书或送达回证的扫描件或照片（.pdf、.jpg、.png），不超过10兆字节；原样留存",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png", "class": "form-control"}),
    )
    evidence.width = "col-12"  # type: ignore[attr-defined]

    def clean_evidence(self) -> Any:
        file = self.cleaned_data["evidence"]
        if file is None:
            return None
        if file.size > EVIDENCE_BYTES_MAX:
            raise forms.ValidationError(f"文件为{file.size / 1048576:.1f}兆字节，超过10兆字节，请降低扫描分辨率后重新上传。")
        beginning = file.read(8)
        file.seek(0)
        if not beginning.startswith(_BEGINNINGS):
            raise forms.ValidationError("文件内容不是扫描件或照片（.pdf、.jpg、.png），不能作为证据留存，请重新扫描后上传。")
        return file


class OutcomeForm(Styled):
    """办结结果."""

    outcome = forms.CharField(label="办结结果", max_length=200, help_text="单位如何缴清")
    outcome.width = "col-12"  # type: ignore[attr-defined]
