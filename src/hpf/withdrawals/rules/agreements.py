"""约定提取: a standing agreement to withdraw month by month, for rent or for repaying a loan. Which month is due, and how much.

An agreement has a first and a last month: rent agreements expire, so that somebody asks again whether the tenant is still one.
Each month is decided anew by the whole rule of its ground; the agreed amount is an upper bound, not a promise.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date

from hpf.kernel.decision import Decision, Outcome, Reason, cites
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.policy.rules import PolicyBook

from .case import article_24
from .deciding import examine
from .entitlement import Finding
from .facts import Applicant, Facts, Known
from .facts_of_housing import LoanFacts, RentFacts
from .grounds import Ground

MONTHLY = frozenset({Ground.RENT, Ground.LOAN_REPAYMENT})
LAST_DAY = 28
"""Every month has it."""
SOURCE = "约定提取"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Months `[first, last]`, paid on `day` of each; `amount` None takes as much as the rule allows. `ended_on`: not after this day."""

    ground: Ground
    first: Month
    last: Month
    day: int
    amount: Money | None = None
    ended_on: date | None = None

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    def due_on(self, month: Month) -> date:
        return date(month.year, month.month, min(self.day, monthrange(month.year, month.month)[1]))

    @property
    def expires_on(self) -> date:
        """The day of the last instalment."""
        return self.due_on(self.last)


@cites("甘建金〔2024〕26号/三（一）", "条例/24@2026")
def check_agreement(agreement: Agreement, book: PolicyBook, on: date) -> Decision[Agreement]:
    """Whether such an agreement may be signed today.

    Refuses  a ground without monthly payment, a day that not every month has, a first month that has passed, a term longer than
             the centre's, no positive amount. Refers when the centre has enacted no longest term.
    """
    reasons: list[Reason] = []
    if agreement.ground not in MONTHLY:
        message = f"“{agreement.ground.text}”不能按月约定提取，只有租房和偿还住房贷款可以，请按次申请"
        article = article_24(book.text("regulation.edition"))
        reasons.append(Reason("AGREEMENT_GROUND", message, article))
    if not 1 <= agreement.day <= LAST_DAY:
        message = f"约定的付款日{agreement.day}日不是每个月都有，请选择1日至{LAST_DAY}日"
        reasons.append(Reason("AGREEMENT_DAY", message))
    if agreement.first < Month.of(on):
        message = f"约定从{agreement.first.text}开始，早于{Month.of(on).text}，请从{Month.of(on).text}或者以后开始，以前的月份按次申请"
        reasons.append(Reason("AGREEMENT_BEGINS_BEFORE", message))
    if agreement.amount is not None and agreement.amount.fen <= 0:
        reasons.append(Reason("AGREEMENT_AMOUNT", f"约定金额{agreement.amount.text}元不是正的金额，请更正，或者不填按最多可提取的金额"))
    key = "withdrawal.agreement_months_max"
    if not book.knows(key):
        message = f"本中心在{on}没有政策参数“{book.label(key)}”，不能自动签订，已转人工处理，请政策管理岗录入有文号依据的参数值"
        return Decision.refused(reasons) if reasons else Decision.referred([Reason("PARAMETER_MISSING", message)])
    longest = book.whole(key)
    if not 1 <= agreement.months <= longest:
        message = f"约定{agreement.months}个月，应为1至{longest}个月，请调整到{(agreement.first + (longest - 1)).text}以前，期满可以续签"
        reasons.append(Reason("AGREEMENT_TERM", message))
    return Decision.refused(reasons) if reasons else Decision.approved(agreement)


def months_due(agreement: Agreement, done: Set[Month], on: date) -> tuple[Month, ...]:
    """The months whose day has come and that have no answer yet, oldest first. A day missed by an outage is caught up.

    Example  2026-10 to 2027-09 on the 15th, done 2026-10, on 2026-12-15  ->  2026-11, 2026-12
    """
    last = min(agreement.last, Month.of(on))
    if last < agreement.first:
        return ()
    until = on if agreement.ended_on is None else min(on, agreement.ended_on)
    return tuple(month for month in agreement.first.through(last) if month not in done and agreement.due_on(month) <= until)


def as_instalment(facts: Facts, month: Month, on: date) -> Facts:
    """The facts with what the agreement says of this month."""
    if isinstance(facts, RentFacts):
        return replace(facts, asked_months=Known((str(month),), SOURCE, on))
    if isinstance(facts, LoanFacts):
        return replace(facts, repayment_use=Known("DUE", SOURCE, on), due_month=Known(str(month), SOURCE, on))
    return facts


def instalment(agreement: Agreement, month: Month, applicant: Applicant, facts: Facts, book: PolicyBook, on: date) -> Finding:
    """The decision of one month: the ground's whole rule, then no more than was agreed.

    Unlike an application, an agreed amount above the limit takes what the limit leaves.
    """
    return instalment_asked(agreement, applicant, as_instalment(facts, month, on), book, on)[0]


def instalment_asked(agreement: Agreement, applicant: Applicant, facts: Facts, book: PolicyBook, on: date) -> tuple[Finding, Money | None]:
    """The same, and the amount that the rule was asked with, for the record. `facts` are those of `as_instalment`."""
    if agreement.amount is not None:
        found = examine(agreement.ground, applicant, facts, book, on, agreement.amount, is_agreed=True)
        if found.decision.outcome is not Outcome.REFUSED:
            return found, agreement.amount
    return examine(agreement.ground, applicant, facts, book, on, is_agreed=True), None
