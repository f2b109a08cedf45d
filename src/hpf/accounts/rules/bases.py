"""基数变更: from which month a base may change."""

from __future__ import annotations

from hpf.accounts.rules.states import MemberState
from hpf.kernel.decision import Reason, cites
from hpf.kernel.period import Month


@cites("条例/16")
def check_base_month(state: str, from_month: Month, paid_through: Month | None) -> list[Reason]:
    """A closed account has no base; a month already remitted keeps the one it was remitted by."""
    if not MemberState(state).is_open:
        return [Reason("ACCOUNT_CLOSED", f"个人账户已{MemberState(state).text}，不能变更基数")]
    if paid_through is not None and from_month <= paid_through:
        return [Reason(
            "MONTH_REMITTED",
            f"单位已缴至{paid_through.text}，{from_month.text}的基数不能再变更，请从{(paid_through + 1).text}起变更，差额办理补缴",
            ("条例/16",),
        )]  # fmt: skip
    return []


@cites("条例/16")
def check_window(from_month: Month, months: str) -> list[Reason]:
    """`months` are the months in which the centre lets the yearly adjustment begin, as "1,7"."""
    allowed = _allowed(months)
    if from_month.month in allowed:
        return []
    named = "、".join(f"{month}月" for month in allowed)
    return [Reason("OUTSIDE_WINDOW", f"本中心年度基数调整自{named}起执行，申报的是{from_month.text}，请更正起始年月", ("条例/16",))]


@cites("条例/16")
def next_adjustment_month(next_month: Month, months: str) -> Month:
    """The first month of the centre's window that the unit has not remitted yet: what an adjustment begins with now.

    Example  next month 2026-08, window "7"  ->  2027-07;  next month 2026-07  ->  2026-07
    """
    month = next_month
    while month.month not in _allowed(months):
        month += 1
    return month


def _allowed(months: str) -> list[int]:
    return [int(month) for month in months.split(",")]
