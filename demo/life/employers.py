"""单位的一年: lists and payments by each unit's habit: prompt, late, short, prepaying, in arrears, deferring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from demo.bank.control import BankControl
from demo.life.cast import Cast, moment
from demo.life.founding import Home, agreed
from demo.life.lists import as_text, as_workbook
from demo.province.employers import Employer
from hpf.accounts import queries as account_queries
from hpf.contributions import services as contributions
from hpf.contributions.rules.states import RemittanceKind
from hpf.db.scope import centre_scope
from hpf.jobs.banking import bank_of
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.treasury import queries as treasury_queries
from hpf.treasury import services as treasury

Act = Callable[[date], None]
ARREARS_FROM, ARREARS_PAID_IN, ARREARS_AGAIN = Month(2026, 2), Month(2026, 6), Month(2026, 9)
DEFERRED_FROM, DEFERRED_UNTIL = Month(2026, 1), Month(2026, 7)


@dataclass
class Unit:
    """One employer at work. `due` holds what it does on which day; acts may put further acts there."""

    unit: Employer
    cast: Cast
    home: Home
    bank: BankControl
    due: dict[date, list[Act]] = field(default_factory=dict)

    @property
    def centre_id(self) -> int:
        return self.cast.centre_id

    @property
    def account_no(self) -> str:
        return self.home.employers[self.unit.index]

    @property
    def operator(self) -> Actor:
        return self.cast.employer(self.home.operators[self.unit.index], self.unit.operator_name)

    def key(self, what: str) -> str:
        return f"demo:{self.centre_id}:{self.unit.index}:{what}"

    def plan(self, day: date, act: Act) -> None:
        self.due.setdefault(day, []).append(act)

    def plan_month(self, month: Month, payday: date, later: Callable[[date, int], date]) -> None:
        """Put a month's acts on its days. `later(day, n)` is the business day n calendar days after `day` or the next."""
        habit = self.unit.habit
        if habit == "ARREARS" and (ARREARS_FROM <= month < ARREARS_PAID_IN or month >= ARREARS_AGAIN):
            return
        if habit == "DEFERRAL" and DEFERRED_FROM <= month < DEFERRED_UNTIL:
            return
        if habit == "ARREARS" and month == ARREARS_PAID_IN:
            for n, missed in enumerate(ARREARS_FROM.through(month)):
                self.plan(later(payday, n), lambda day, missed=missed: self.remit(day, missed))
        elif habit == "LATE":
            self.plan(payday, lambda day: self.remit(day, month, pay_on=later(day, 9)))
        elif habit == "SHORT" and month.index % 3 == 0:
            self.plan(payday, lambda day: self.remit(day, month, short_fen=10_00, pay_rest_on=later(day, 4)))
        elif habit == "PREPAYING":
            if month.index % 3 == 2:
                self.plan(payday, lambda day: self.prepay(day, month))
            self.plan(payday, lambda day: self.remit(day, month, use_prepaid=True))
        else:
            self.plan(payday, lambda day: self.remit(day, month))

    def roster(self, month: Month) -> list[account_queries.RosterLine]:
        with centre_scope(self.centre_id):
            account = account_queries.employer_account(self.centre_id, self.account_no)
            lines = account_queries.roster(self.centre_id, account.employer_account_id, month, ("NORMAL",))
        return [line for line in lines if line.first_month <= month and line.employer_month + line.member_month]

    def send_list(self, day: date, month: Month) -> contributions.Received | None:
        """The month's list by the unit's own way; None when nobody is on it."""
        given = {
            "by": self.operator,
            "centre_id": self.centre_id,
            "employer_account_no": self.account_no,
            "month": month,
            "at": moment(day, 10),
        }
        if self.unit.channel == "PAGE":
            return agreed(contributions.prepare_list(**given, key=self.key(f"{month}:list")))
        lines = self.roster(month)
        if not lines:
            return None
        title = f"{self.unit.name}{month.text}住房公积金汇缴清册"
        content = as_workbook(lines, title) if self.unit.channel == "XLSX" else as_text(lines)
        filename = f"{month}汇缴清册.{self.unit.channel.lower()}"
        return agreed(contributions.receive_list(**given, filename=filename, content=content, key=self.key(f"{month}:list")))

    def remit(
        self,
        day: date,
        month: Month,
        *,
        pay_on: date | None = None,
        short_fen: int = 0,
        pay_rest_on: date | None = None,
        use_prepaid: bool = False,
    ) -> None:
        """List, confirmation, payment; the rest is the centre's work."""
        received = self.send_list(day, month)
        if received is None:
            return
        confirmed = agreed(contributions.confirm(
            by=self.operator, centre_id=self.centre_id, remittance_no=received.remittance_no, use_prepaid=use_prepaid,
            key=self.key(f"{month}:confirm"), at=moment(day, 11),
        ))  # fmt: skip
        fen = confirmed.expected.fen
        if not fen:
            return
        if pay_on is not None:
            self.plan(pay_on, lambda _: self.pay(fen, confirmed.reference))
        else:
            self.pay(fen - short_fen, confirmed.reference)
        if short_fen and pay_rest_on is not None:
            self.plan(pay_rest_on, lambda _: self.pay(short_fen, confirmed.reference))

    def pay(self, fen: int, reference: str) -> None:
        self.bank.pay(self.unit.bank_account_no, self.home.fund_account_no, fen, f"住房公积金汇缴 {reference}")

    def prepay(self, day: date, month: Month) -> None:
        """Three months at once; the clerk puts the receipt to the unit's prepaid money the same day."""
        fen = 3 * sum((line.employer_month + line.member_month).fen for line in self.roster(month))
        if not fen:
            return
        said = f"预缴三个月 {self.account_no}"
        self.bank.pay(self.unit.bank_account_no, self.home.fund_account_no, fen, said)
        with bank_of(self.centre_id) as gateway:
            polled = treasury.poll(by=self.cast.system, centre_id=self.centre_id, bank=gateway, business_on=day)
        receipt_no = receipt_saying(self.centre_id, polled.receipt_nos, said)
        agreed(contributions.prepay(
            by=self.cast.clerk, centre_id=self.centre_id, employer_account_no=self.account_no, receipt_no=receipt_no, business_on=day,
            key=self.key(f"{month}:prepay"), at=moment(day, 10),
        ))  # fmt: skip

    def pay_back(self, day: date, lines: tuple[contributions.PageLine, ...], kind: RemittanceKind, reason: str) -> None:
        """补缴, by page: list, confirmation, payment."""
        month = min(line.month for line in lines if line.month is not None)
        received = agreed(contributions.prepare_list(
            by=self.operator, centre_id=self.centre_id, employer_account_no=self.account_no, month=month, kind=kind, lines=lines, reason=reason,
            key=self.key(f"{month}:{kind}:{day}"), at=moment(day, 14),
        ))  # fmt: skip
        confirmed = agreed(contributions.confirm(
            by=self.operator, centre_id=self.centre_id, remittance_no=received.remittance_no, key=self.key(f"{month}:{kind}:{day}:confirm"),
            at=moment(day, 15),
        ))  # fmt: skip
        self.pay(confirmed.expected.fen, confirmed.reference)


def receipt_saying(centre_id: int, receipt_nos: Sequence[str], summary: str) -> str:
    """Of what has arrived, the money with these words: a clerk reads what the payer wrote."""
    with centre_scope(centre_id):
        found = [treasury_queries.receipt(centre_id, receipt_no) for receipt_no in receipt_nos]
    return next(receipt.receipt_no for receipt in found if receipt is not None and receipt.summary == summary)


def hundredth(amount: Money, per_cent: int) -> Money:
    """A share of an amount in whole per cent, to the fen."""
    return amount.share(per_cent, 100)


def days_after(day: date, count: int, is_business_day: Callable[[date], bool]) -> date:
    following = day + timedelta(days=count)
    while not is_business_day(following):
        following += timedelta(days=1)
    return following
