"""接口的数据形状: what goes in and comes out. Amounts are whole fen; months read 2026-08."""

from datetime import date
from typing import Any

from ninja import Schema


class Submitted(Schema):
    """清册已收下，正在核对."""

    job_id: int
    original_id: int
    sha256: str
    size_bytes: int


class Job(Schema):
    """长作业."""

    job_id: int
    title: str
    state: str
    done: int
    total: int
    result: dict[str, Any]


class RemittanceOut(Schema):
    """缴存清册."""

    remittance_no: str
    employer_account_no: str
    kind: str
    month: str
    state: str
    line_count: int
    defect_count: int
    employer_fen: int
    member_fen: int
    total_fen: int
    expected_fen: int
    booked_on: date | None


class DefectOut(Schema):
    """清册差错."""

    row: int
    column: str
    value: str
    code: str
    message: str
    remedy: str
    law: list[str]


class LineOut(Schema):
    """清册行."""

    row: int
    account_no: str
    month: str
    base_fen: int
    employer_fen: int
    member_fen: int


class ConfirmIn(Schema):
    """确认清册."""

    use_prepaid: bool = False


class Confirmed(Schema):
    """已确认：按此金额和附言缴款."""

    remittance_no: str
    state: str
    total_fen: int
    expected_fen: int
    reference: str


class MemberOut(Schema):
    """个人账户."""

    account_no: str
    state: str
    base_fen: int
    month_fen: int
    balance_fen: int
    carried_fen: int
    current_fen: int
    as_of: date


class EntryOut(Schema):
    """分户账明细."""

    journal_id: int
    business_on: date
    value_on: date
    kind: str
    summary: str
    amount_fen: int
    balance_fen: int


class CheckOut(Schema):
    """平衡关系."""

    check_id: str
    title: str
    left_fen: int
    right_fen: int
    difference_fen: int
    ok: bool


class FigureOut(Schema):
    """统计指标."""

    centre_id: int
    code: str
    name: str
    unit: str
    value: int | None
    text: str


class RemittancePage(Schema):
    items: list[RemittanceOut]
    next: str | None


class DefectPage(Schema):
    items: list[DefectOut]
    next: str | None


class LinePage(Schema):
    items: list[LineOut]
    next: str | None


class EntryPage(Schema):
    items: list[EntryOut]
    next: str | None
