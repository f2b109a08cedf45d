"""欠缴 断缴 催缴: when a month was due, which months are owed, who is watched, and which step comes next."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

from hpf.contributions.rules.list_check import next_month
from hpf.contributions.rules.states import UrgingStepKind
from hpf.kernel.decision import Reason, cites
from hpf.kernel.period import Month


@cites("条例/19")
def due_on(month: Month, payday: int, grace_days: int) -> date:
    """The last day on time: so many days after the month's payday. A payday of 29 to 31 is the last day of a shorter month.

    Example  2026-02, payday 31, 5 days  ->  2026-03-05
    """
    day = min(payday, monthrange(month.year, month.month)[1])
    return date(month.year, month.month, day) + timedelta(days=grace_days)


@dataclass(frozen=True, slots=True)
class Overdue:
    """One month that is owed: due on that day, so many days ago."""

    month: Month
    due_on: date
    days: int


@cites("条例/20", "条例/35@2026")
def arrears(
    first_month: Month,
    paid_through: Month | None,
    payday: int,
    grace_days: int,
    on: date,
    excused: Set[Month] = frozenset(),
) -> list[Overdue]:
    """欠缴月份: every month from the next one to be remitted whose last day has passed. Deferred months are not owed yet.

    Example  paid through 2026-05, payday 10, 5 days, on 2026-07-20  ->  2026-06 (35 days) and 2026-07 (5 days)
    """
    month = next_month(paid_through or first_month + -1, excused)
    owed: list[Overdue] = []
    while (last := due_on(month, payday, grace_days)) < on:
        if month not in excused:
            owed.append(Overdue(month, last, (on - last).days))
        month += 1
    return owed


@cites("条例/19", "条例/20")
def last_overdue_month(payday: int, grace_days: int, on: date) -> Month:
    """The last month whose last day on time has passed: what `arrears` ends with for every unit of this payday.

    Example  payday 10, 5 days, on 2026-07-20  ->  2026-07;  on 2026-07-15  ->  2026-06
    """
    month = Month.of(on)
    while due_on(month, payday, grace_days) >= on:
        month += -1
    return month


@cites("甘建金〔2024〕26号/二（三）")
def is_lapse_watched(last_paid: Month | None, opened: Month, on: date, watch_months: int) -> bool:
    """断缴监测: nothing paid for so many whole months, of a unit or a person that still should pay.

    Facts    a month counts when it is over; an account never paid counts from the month it was opened
    """
    return months_unpaid(last_paid, opened, on) >= watch_months


def months_unpaid(last_paid: Month | None, opened: Month, on: date) -> int:
    """Whole months over without a payment."""
    since = last_paid + 1 if last_paid else opened
    return max(0, Month.of(on) - since)


# --- urging --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UrgingEvidence:
    """A step that was taken and can be proven: a call noted, a notice or order with its receipt of delivery (送达回证)."""

    kind: UrgingStepKind
    taken_on: date
    delivered_on: date | None = None
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What may be done now; `not_before` when an earlier deadline is still running."""

    kinds: tuple[UrgingStepKind, ...]
    not_before: date | None = None


LADDER = (UrgingStepKind.CALL, UrgingStepKind.NOTICE, UrgingStepKind.ORDER)
_WRITTEN = frozenset({UrgingStepKind.NOTICE, UrgingStepKind.ORDER})


@cites("条例/34@2019", "条例/35@2026", "条例/38@2019", "条例/40@2026")
def next_urging_step(taken: Sequence[UrgingEvidence], *, is_registered: bool = True) -> NextStep:
    """催缴阶梯: call, written notice, order with a deadline, then the court for arrears, or a fine where a unit did not
    register or open accounts at all.

    A written step counts once it was delivered. After an order its deadline must have run out.
    """
    for kind in LADDER:
        steps = [step for step in taken if step.kind is kind]
        if not any(_stands(step) for step in steps):
            return NextStep((kind,))
    order = max((step for step in taken if step.kind is UrgingStepKind.ORDER), key=lambda step: step.deadline or step.taken_on)
    last = UrgingStepKind.COURT if is_registered else UrgingStepKind.FINE
    return NextStep((last,), order.deadline + timedelta(days=1) if order.deadline else None)


@cites("条例/35@2026", "条例/40@2026")
def check_urging_step(kind: UrgingStepKind, taken: Sequence[UrgingEvidence], on: date, *, is_registered: bool = True) -> list[Reason]:
    """Whether this step may be taken now. An earlier step may always be repeated."""
    expected = next_urging_step(taken, is_registered=is_registered)
    done = {step.kind for step in taken if _stands(step)}
    if kind in done and kind in LADDER:
        return []
    law = ("条例/35@2026", "条例/40@2026")
    if kind not in expected.kinds:
        wanted = "、".join(step.label for step in expected.kinds)
        return [Reason("URGING_STEP_SKIPPED", f"现在应办理“{wanted}”，还不能办理“{kind.label}”，请先完成前一步并登记送达证据", law)]
    if expected.not_before and on < expected.not_before:
        message = (
            f"责令限期缴存的期限到{expected.not_before - timedelta(days=1)}为止，尚未届满，请在{expected.not_before}以后办理“{kind.label}”"
        )
        return [Reason("URGING_DEADLINE_RUNNING", message, law)]
    return []


@cites("条例/40@2026")
def check_urging_dates(kind: UrgingStepKind, taken_on: date, delivered_on: date | None, answer_by: date | None, on: date) -> list[Reason]:
    """A step is told after it was done; it is delivered after it was made; an order names a day that is still to come."""
    law = ("条例/35@2026", "条例/40@2026")
    reasons = []
    if taken_on > on:
        message = f"催缴日期{taken_on}晚于会计日{on}，步骤办理以后才能登记，请更正日期"
        reasons.append(Reason("URGING_DATE_TO_COME", message, law))
    if delivered_on and not taken_on <= delivered_on <= on:
        message = f"送达日期{delivered_on}应在催缴日期{taken_on}至会计日{on}之间，请按送达回证更正"
        reasons.append(Reason("URGING_DELIVERY_DATE_WRONG", message, law))
    if kind is UrgingStepKind.ORDER and answer_by is None:
        message = f"“{kind.label}”必须写明缴清的期限，期限届满才能申请强制执行，请填写限期"
        reasons.append(Reason("URGING_DEADLINE_MISSING", message, law))
    if answer_by and answer_by <= (delivered_on or taken_on):
        message = f"限期{answer_by}应晚于{'送达' if delivered_on else '催缴'}日期{delivered_on or taken_on}，请更正，给单位留出缴款时间"
        reasons.append(Reason("URGING_DEADLINE_WRONG", message, law))
    return reasons


_LAW_OF_STEPS = {
    UrgingStepKind.CALL: ("条例/34@2019", "条例/35@2026"),
    UrgingStepKind.NOTICE: ("条例/34@2019", "条例/35@2026"),
    UrgingStepKind.ORDER: ("条例/38@2019", "条例/40@2026"),
    UrgingStepKind.COURT: ("条例/38@2019", "条例/40@2026"),
    UrgingStepKind.FINE: ("条例/37@2019", "条例/39@2026"),
}


@cites("条例/34@2019", "条例/35@2026", "条例/37@2019", "条例/38@2019", "条例/39@2026", "条例/40@2026")
def law_of_step(kind: UrgingStepKind) -> tuple[str, ...]:
    """The article a step rests on, in each edition of the Regulation; the day of the step says which edition it was."""
    return _LAW_OF_STEPS[kind]


def _stands(step: UrgingEvidence) -> bool:
    return step.kind not in _WRITTEN or step.delivered_on is not None
