"""Forms of the court desk: a paper as the officers hand it over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from hpf.freezes.rules.orders import SITUATIONS, Action, DocumentKind, Officer, Payee
from hpf.freezes.rules.papers import Paper
from hpf.freezes.services import NewDocument
from hpf.parties.rules import ID_KINDS
from hpf.web.employer.forms import DayInput, MoneyInput, Styled

ACTIONS = [(each.value, f"{each.code} {each.label}") for each in Action if each is not Action.TAKE_INCOME]
SCANS = {
    "ruling": DocumentKind.RULING,
    "notice": DocumentKind.NOTICE,
    "query_notice": DocumentKind.QUERY_NOTICE,
    "cards": DocumentKind.WORK_CARD,
}
PLACES = {
    "CASE_NO_MISSING": "case_no", "DOCUMENT_NO_MISSING": "notice_no", "DOCUMENT_MISSING": "ruling", "OFFICERS_MISSING": "officer1_name",
    "ORDERED_AMOUNT_WRONG": "amount", "AMOUNT_OR_WHOLE": "amount", "PAPER_TOO_LARGE": "ruling",
}  # fmt: skip


def _text(label: str, length: int = 60, required: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required, **more)


def _scan(label: str) -> forms.FileField:
    given = {"accept": ".pdf,.jpg,.jpeg,.png", "class": "form-control"}
    return forms.FileField(label=label, required=False, widget=forms.FileInput(attrs=given))


class PaperForm(Styled):
    """录入查控文书."""

    action = forms.ChoiceField(label="查控事项", choices=ACTIONS)
    court_name = _text("法院名称", required=True)
    case_no = _text("执行案号", required=True)
    ruling_no = _text("执行裁定书文号", help_text="查询不需要")
    notice_no = _text("协助执行（查询）通知书文号", required=True)
    person_name = _text("被执行人姓名", required=True)
    id_kind = forms.ChoiceField(label="证件种类", choices=[])
    id_number = _text("证件号码", 30, required=True)
    account_no = _text("个人账号", 20, help_text="名下有两个以上账户时必填")
    freeze_no = _text("冻结号", 20, help_text="续冻、解除、扣划所针对的冻结；本案只有一笔时可不填")
    amount = MoneyInput(label="金额（元）", required=False, help_text="扣划、解除不填为全部")
    whole = forms.BooleanField(label="冻结全部（含后续收入）", required=False)
    ends_on = DayInput(label="冻结截止日", required=False, help_text="不填为一年")
    situation = forms.ChoiceField(label="扣划情形", required=False, choices=[("", "（不扣划）"), *SITUATIONS.items()])
    payee_name = _text("执行款专户户名", 100)
    payee_account = _text("执行款专户账号", 40)
    payee_bank = _text("开户行行号", 14)
    officer1_name = _text("执行人员一 姓名", 20, required=True)
    officer1_work = _text("执行人员一 工作证号", 30, required=True)
    officer1_card = _text("执行人员一 执行公务证号", 30, required=True)
    officer1_phone = _text("执行人员一 电话", 20)
    officer2_name = _text("执行人员二 姓名", 20, required=True)
    officer2_work = _text("执行人员二 工作证号", 30, required=True)
    officer2_card = _text("执行人员二 执行公务证号", 30, required=True)
    officer2_phone = _text("执行人员二 电话", 20)
    ruling = _scan("执行裁定书扫描件")
    notice = _scan("协助执行通知书扫描件")
    query_notice = _scan("协助查询通知书扫描件")
    cards = _scan("工作证和执行公务证扫描件")

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["id_kind"].choices = list(ID_KINDS.items())  # type: ignore[attr-defined]

    def paper(self) -> Paper:
        said = self.cleaned_data
        payee = (
            Payee(said["payee_name"], said["payee_account"], said["payee_bank"]) if said["payee_name"] or said["payee_account"] else None
        )
        officers = tuple(
            Officer(said[f"officer{n}_name"], said[f"officer{n}_work"], said[f"officer{n}_card"], said[f"officer{n}_phone"]) for n in (1, 2)
        )
        same = (
            "court_name",
            "case_no",
            "ruling_no",
            "notice_no",
            "person_name",
            "id_kind",
            "id_number",
            "account_no",
            "freeze_no",
            "situation",
        )
        return Paper(
            Action(said["action"]), amount=said["amount"], whole=said["whole"], ends_on=said["ends_on"], payee=payee, officers=officers,
            **{name: said[name] for name in same},
        )  # fmt: skip

    def documents(self) -> tuple[NewDocument, ...]:
        given: dict[str, UploadedFile] = {name: self.cleaned_data[name] for name in SCANS if self.cleaned_data.get(name)}
        return tuple(NewDocument(SCANS[name], str(file.name), file.read()) for name, file in given.items())


class CourtPayeeForm(Styled):
    """更正执行款专户."""

    name = _text("执行款专户户名", 100, required=True)
    account = _text("执行款专户账号", 40, required=True)
    bank = _text("开户行行号", 14)


def prefilled(paper: Paper, freeze_no: str, account_no: str) -> dict[str, Any]:
    """What a later paper of the same case says again."""
    return {
        "court_name": paper.court_name, "case_no": paper.case_no, "person_name": paper.person_name, "id_kind": paper.id_kind,
        "id_number": paper.id_number, "account_no": account_no, "freeze_no": freeze_no,
    }  # fmt: skip
