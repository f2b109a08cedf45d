"""年度基数调整查询: proposals of a unit, their lines page by page, their defects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, Sum

from hpf.contributions.models import BaseChange, BaseChangeLine
from hpf.contributions.queries.remittances import DefectView
from hpf.contributions.rules.states import BaseChangeState
from hpf.db.paging import page_of
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month


@dataclass(frozen=True, slots=True)
class BaseChangeView:
    """One file of bases and what became of it."""

    base_change_no: str
    employer_account_id: int
    employer_account_no: str
    since_month: Month
    original_id: int
    state: BaseChangeState
    line_count: int
    defects: tuple[DefectView, ...]
    maker: str
    received_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    replaces_no: str | None


@dataclass(frozen=True, slots=True)
class BaseChangeLineView:
    """One person: what is in force in that month and what would be."""

    row_no: int
    member_account_id: int
    account_no: str
    former_base: Money
    former_month: Money
    declared: Money
    base: Money
    employer_month: Money
    member_month: Money
    limit_note: str

    @property
    def month_total(self) -> Money:
        return self.employer_month + self.member_month

    @property
    def difference(self) -> Money:
        """How much more the month costs."""
        return self.month_total - self.former_month


@dataclass(frozen=True, slots=True)
class BaseChangeSums:
    """A proposal in figures: people, those at a limit, and one month before and after."""

    lines: int
    limited: int
    former_month: Money
    employer_month: Money
    member_month: Money

    @property
    def month_total(self) -> Money:
        return self.employer_month + self.member_month

    @property
    def difference(self) -> Money:
        return self.month_total - self.former_month


def base_change(centre_id: int, base_change_no: str) -> BaseChangeView | None:
    row = BaseChange.objects.filter(centre_id=centre_id, base_change_no=base_change_no).select_related("replaces").first()
    return _view(row) if row else None


def base_changes(centre_id: int, employer_account_id: int, *, limit: int = 25, offset: int = 0) -> tuple[list[BaseChangeView], int]:
    """A unit's files of bases, newest first, and how many there are."""
    rows = BaseChange.objects.filter(centre_id=centre_id, employer_account_id=employer_account_id).select_related("replaces")
    shown, total = page_of(rows.order_by("-id"), limit, offset)
    return [_view(row) for row in shown], total


def base_change_sums(centre_id: int, base_change_no: str) -> BaseChangeSums:
    """The whole proposal in figures; one query."""
    found = _lines(centre_id, base_change_no, "").aggregate(
        lines=Count("id"), limited=Count("id", filter=~Q(limit_note="")), former_employer=Sum("former_employer_month_fen"),
        former_member=Sum("former_member_month_fen"), employer=Sum("employer_month_fen"), member=Sum("member_month_fen"),
    )  # fmt: skip
    former = (found["former_employer"] or ZERO) + (found["former_member"] or ZERO)
    return BaseChangeSums(found["lines"], found["limited"], former, found["employer"] or ZERO, found["member"] or ZERO)


def base_change_lines(
    centre_id: int, base_change_no: str, *, shown: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[BaseChangeLineView], int]:
    """One page of the proposal in the order of the file, and how many lines there are.

    `shown` narrows it: "limited" to those at a limit, "lower" to bases that fall.
    """
    rows, total = page_of(_lines(centre_id, base_change_no, shown).order_by("row_no", "id"), limit, offset)
    views = [
        BaseChangeLineView(
            row.row_no, row.member_account_id, row.account_no, row.former_base_fen,
            row.former_employer_month_fen + row.former_member_month_fen, row.declared_base_fen, row.base_fen, row.employer_month_fen,
            row.member_month_fen, row.limit_note,
        )
        for row in rows
    ]  # fmt: skip
    return views, total


def _lines(centre_id: int, base_change_no: str, shown: str) -> QuerySet[BaseChangeLine]:
    rows = BaseChangeLine.objects.filter(centre_id=centre_id, base_change__base_change_no=base_change_no)
    if shown == "limited":
        return rows.exclude(limit_note="")
    if shown == "lower":
        return rows.filter(base_fen__lt=F("former_base_fen"))
    return rows


def _view(row: BaseChange) -> BaseChangeView:
    defects = tuple(
        DefectView(
            number, said["row"], said["column"], said["value"], said["code"], said["message"], said["remedy"], tuple(said["law"].split())
        )
        for number, said in enumerate(row.defects, 1)
    )
    return BaseChangeView(
        row.base_change_no, row.employer_account_id, row.employer_account_no, row.since_month, row.original_id, BaseChangeState(row.state),
        row.line_count, defects, row.maker, row.received_at, row.confirmed_by, row.confirmed_at,
        row.replaces.base_change_no if row.replaces else None,
    )  # fmt: skip
