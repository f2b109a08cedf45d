"""日终: the steps of a business day, in the order in which they are read here.

Each step is a command of its own, or a story of commands that is safe to run again. What is done for the day is
written down; run again after a crash, the close goes on where it stopped and ends the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from hpf.access.services.audit import seal_audit
from hpf.closing.queries import days as queries
from hpf.closing.rules.balance import BalanceCheck
from hpf.closing.rules.calendar import is_month_end, is_settlement_day, is_year_end, next_business_day
from hpf.closing.services.books import close_books
from hpf.closing.services.interest import accrue, correct_frozen_years, late_entries
from hpf.closing.services.opening import open_next_day
from hpf.closing.services.record import StepDone, record_steps
from hpf.closing.services.settlement import settle_interest
from hpf.closing.services.statistics import count_day
from hpf.closing.services.year import turn_year
from hpf.contributions import queries as contribution_queries
from hpf.contributions import services as contributions
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.period import InterestYear
from hpf.policy import queries as policy
from hpf.policy.rules.workdays import calendar_reminder
from hpf.treasury import queries as treasury_queries
from hpf.treasury import services as treasury
from hpf.treasury.gateways.settlement import BankRefused, BankUnavailable
from hpf.treasury.services.collections import CollectingBank
from hpf.treasury.services.payments import PayingBank
from hpf.treasury.services.talking import TellingBank
from hpf.withdrawals import services as withdrawals


class Bank(TellingBank, PayingBank, CollectingBank, Protocol):
    """A bank that can be asked and told everything the day needs: `hpf.treasury.gateways.settlement.SettlementClient`."""


@dataclass(frozen=True, slots=True)
class Day:
    """What every step of a day needs to know."""

    centre_id: int
    business_on: date
    by: Actor
    at: datetime
    attempt: int
    full: bool
    every_day: bool
    bank: Bank | None
    told: list[StepDone]
    """Stories that have run and are written down by the next command of the close."""

    def key(self, step: str) -> str:
        return f"close:{self.centre_id}:{self.business_on}:{step}:{self.attempt}"

    def key_now(self, step: str) -> str:
        """A key for what may be done anew in every run."""
        return f"{self.key(step)}:{self.at.isoformat()}"

    def tell(self, step: str, state: str, figures: dict[str, Any]) -> None:
        self.told.append(StepDone(step, state, figures))

    def take_told(self) -> tuple[StepDone, ...]:
        told = tuple(self.told)
        self.told.clear()
        return told


@dataclass(frozen=True, slots=True)
class DayStep:
    """One step: its code, its name for people, what it does, and when it is due. It writes itself down."""

    code: str
    title: str
    run: Callable[[Day], None]
    due: Callable[[date], bool] = lambda day: True
    again: bool = False
    """Run it anew when an earlier try of the day ended red: until the books are closed more may have been posted."""


@dataclass(frozen=True, slots=True)
class DayClosed:
    """How far the close came. `red` names what keeps the day open; `next_business_on` is open when it is closed."""

    centre_id: int
    business_on: date
    closed: bool
    next_business_on: date | None
    steps: tuple[StepDone, ...]
    red: tuple[BalanceCheck, ...]
    message: str


class _StopHere(Exception):
    """A step says no: the day stays open."""

    def __init__(self, message: str, checks: tuple[BalanceCheck, ...] = ()) -> None:
        super().__init__(message)
        self.checks = checks


def close_day(
    *,
    centre_id: int,
    business_on: date,
    by: Actor,
    at: datetime,
    bank: Bank | None = None,
    full: bool = False,
    every_day: bool = False,
) -> DayClosed:
    """日终: run the steps of the day that are not done yet, in order, and stop at the first that says no.

    `full` proves the balances from every leg ever posted and not from the last snapshot. With `every_day` the next
    calendar day is opened, otherwise the next working day or month end. With `bank` the close talks to it, between its
    commands and never inside one; without, the worker has done so.
    """
    with centre_scope(centre_id):
        before = queries.steps(centre_id, business_on)
        attempt = 1 + max((view.attempts for view in before.values() if view.state != "DONE"), default=0)
        return _go_through(Day(centre_id, business_on, by, at, attempt, full, every_day, bank, []), before)


def _go_through(day: Day, before: Mapping[str, queries.StepView]) -> DayClosed:
    open_again = any(view.state == "RED" for view in before.values()) and not _is_done(before, "BOOKS")
    try:
        for step in STEPS:
            if step.due(day.business_on) and (not _is_done(before, step.code) or (step.again and open_again)):
                step.run(day)
    except _StopHere as stop:
        if step.code != "BOOKS":
            day.tell(step.code, "RED", {"原因": str(stop)})
        if day.told:
            told = day.take_told()
            record_steps(by=day.by, centre_id=day.centre_id, business_on=day.business_on, steps=told, at=day.at, key=day.key("TOLD"))
        return DayClosed(day.centre_id, day.business_on, False, None, _steps(day), stop.checks, f"{step.title}：{stop}")
    calendar = policy.workdays()
    next_on = next_business_day(day.business_on, calendar, day.every_day)
    guessed = calendar_reminder(calendar, next_on)
    message = f"{day.business_on}已日终，下一会计日{next_on}" + (f"。{guessed.message}" if guessed else "")
    return DayClosed(day.centre_id, day.business_on, True, next_on, _steps(day), (), message)


def _is_done(before: Mapping[str, queries.StepView], code: str) -> bool:
    return code in before and before[code].state == "DONE"


def _steps(day: Day) -> tuple[StepDone, ...]:
    with centre_scope(day.centre_id):
        return tuple(StepDone(view.step, view.state, view.figures) for view in queries.steps(day.centre_id, day.business_on).values())


def settle_with_bank(day: Day) -> None:
    """付款与代收: send what is ready, each once, and ask after what is not final. Without a bank others do it."""
    if day.bank is None:
        return
    sent = treasury.send_payments(by=day.by, centre_id=day.centre_id, bank=day.bank, business_on=day.business_on, at=day.at)
    asked = treasury.poll_payments(by=day.by, centre_id=day.centre_id, bank=day.bank, business_on=day.business_on)
    treasury.send_collections(by=day.by, centre_id=day.centre_id, bank=day.bank, business_on=day.business_on, at=day.at)
    treasury.poll_collections(by=day.by, centre_id=day.centre_id, bank=day.bank, business_on=day.business_on)
    day.tell("PAY", "DONE", {"付讫": sent.done + asked.done, "失败": sent.failed + asked.failed, "未定": asked.open})


def take_statement(day: Day) -> None:
    """取对账单: the bank is always right first; what is new is booked to 101 and 219. Without a bank others do it."""
    if day.bank is None:
        return
    try:
        polled = treasury.poll(by=day.by, centre_id=day.centre_id, bank=day.bank, business_on=day.business_on)
    except (BankRefused, BankUnavailable) as error:
        raise _StopHere(f"银行对账单未取到（{error}），请稍后再次日终") from error
    day.tell("STATEMENT", "DONE", {"新流水": polled.lines_new, "到账": len(polled.receipt_nos), "金额": str(polled.received)})


def take_receipts(day: Day) -> None:
    """到账认款: what the bank has reported so far finds its lists; what finds none waits in 219 with its age."""
    matched = treasury.Matched(0, 0, 0, 0, 0)
    if treasury_queries.has_suspense(day.centre_id):
        matched = treasury.match_receipts(by=day.by, centre_id=day.centre_id, business_on=day.business_on, key=day.key_now("MATCH"))
    day.tell("MATCH", "DONE", {"认到": matched.matched, "不足": matched.short, "多到": matched.long, "未认到": matched.left})


def book_receipts(day: Day) -> None:
    """到账入账: every confirmed list whose money is there; debits and refunds that came to an end; months deferred; who is lapsed."""
    waiting, applied = contribution_queries.waiting(day.centre_id), contributions.Applied()
    if waiting.lists:
        applied = contributions.apply_receipts(by=day.by, centre_id=day.centre_id, business_on=day.business_on, at=day.at)
    if waiting.collections:
        contributions.apply_collections(by=day.by, centre_id=day.centre_id, business_on=day.business_on, at=day.at)
    if waiting.refunds:
        contributions.settle_refunds(by=day.by, centre_id=day.centre_id, at=day.at)
    withdrawals.settle_withdrawals(by=day.by, centre_id=day.centre_id, business_on=day.business_on, at=day.at)
    if waiting.deferrals:
        contributions.record_deferred_months(by=day.by, centre_id=day.centre_id, business_on=day.business_on, at=day.at)
    contributions.watch_lapses(by=day.by, centre_id=day.centre_id, business_on=day.business_on, at=day.at)
    figures = {"记账清册": len(applied.booked), "金额": str(applied.total), "待记账": {w.remittance_no: w.message for w in applied.waiting}}
    day.tell("BOOK", "DONE", figures)


def reconcile(day: Day) -> None:
    """银行对账 (BAL-8, BAL-9): item by item. What only one side has is written down as outstanding; BAL-7 decides about the day."""
    found = treasury.reconcile(by=day.by, centre_id=day.centre_id, on=day.business_on, key=day.key_now("RECONCILE"))
    differences = [words for account in found.accounts for words in account.differences]
    day.tell(
        "RECONCILE", "DONE", {"专户": len(found.accounts), "相符": found.agrees, "未达账项": differences[:50], "项数": len(differences)}
    )


def accrue_month(day: Day) -> None:
    accrue(by=day.by, centre_id=day.centre_id, business_on=day.business_on, at=day.at, key=day.key("ACCRUE"))


def correct_years(day: Day) -> None:
    """跨年更正: most days have none, and then nothing is commanded."""
    with centre_scope(day.centre_id):
        late = late_entries(day.centre_id, day.business_on)
    if not late:
        day.tell("CORRECT", "DONE", {"户数": 0, "利息": "0.00"})
        return
    correct_frozen_years(by=day.by, centre_id=day.centre_id, business_on=day.business_on, at=day.at, key=day.key("CORRECT"))


def settle(day: Day) -> None:
    year = InterestYear.of(day.business_on).year
    settled = settle_interest(centre_id=day.centre_id, year=year, dry_run=False, by=day.by, at=day.at, key=day.key("SETTLE"))
    if not settled.is_approved:
        message = "；".join(reason.message for reason in settled.reasons)
        raise _StopHere(message)


def end_year(day: Day) -> None:
    turn_year(by=day.by, centre_id=day.centre_id, business_on=day.business_on, at=day.at, key=day.key("YEAR"))


def close_and_prove(day: Day) -> None:
    books = close_books(
        by=day.by, centre_id=day.centre_id, business_on=day.business_on, before=day.take_told(), attempt=day.attempt, full=day.full,
        at=day.at, key=day.key("BOOKS"),
    )  # fmt: skip
    if not books.closed:
        raise _StopHere("；".join(check.text for check in books.red), books.red)


def count_statistics(day: Day) -> None:
    count_day(by=day.by, centre_id=day.centre_id, business_on=day.business_on, at=day.at, key=day.key("COUNT"))


def seal_logs(day: Day) -> None:
    """审计封存: the day's audit and command logs go into one digest, chained to the day before."""
    sealed = seal_audit(by=day.by, centre_id=day.centre_id, on=day.business_on, at=day.at, key=day.key("SEAL"))
    if sealed.value is None and sealed.reasons[0].code != "SEALED_LATER":
        raise _StopHere(sealed.reasons[0].message)
    day.tell("SEAL", "DONE", {"行数": sealed.value.rows, "摘要": sealed.value.digest} if sealed.value else {})


def open_next(day: Day) -> None:
    open_next_day(
        by=day.by, centre_id=day.centre_id, business_on=day.business_on, before=day.take_told(), every_day=day.every_day, at=day.at,
        key=day.key("NEXT"),
    )  # fmt: skip


STEPS: tuple[DayStep, ...] = (
    DayStep("PAY", "付款与代收", settle_with_bank, again=True),
    DayStep("STATEMENT", "取银行对账单", take_statement, again=True),
    DayStep("MATCH", "到账认款", take_receipts, again=True),
    DayStep("BOOK", "到账入账", book_receipts, again=True),
    DayStep("RECONCILE", "银行对账", reconcile, again=True),
    DayStep("CORRECT", "跨年更正利息", correct_years, again=True),
    DayStep("ACCRUE", "月末计提利息", accrue_month, due=is_month_end, again=True),
    DayStep("SETTLE", "年度结息", settle, due=is_settlement_day),
    DayStep("YEAR", "年末结转", end_year, due=is_year_end),
    DayStep("BOOKS", "结账与三账平衡", close_and_prove),
    DayStep("COUNT", "统计", count_statistics),
    DayStep("SEAL", "审计封存", seal_logs),
    DayStep("NEXT", "开下一会计日", open_next),
)
"""The day, in order. Month end, settlement and year end fall due on their days only."""
