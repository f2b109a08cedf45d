"""一年: which unit and which office does what on which business day; then the day is closed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from demo.bank.control import BankControl
from demo.life.cast import Cast, moment
from demo.life.courts import Courts
from demo.life.employers import ARREARS_AGAIN, ARREARS_FROM, ARREARS_PAID_IN, DEFERRED_FROM, DEFERRED_UNTIL, Unit, days_after
from demo.life.events import Office
from demo.life.founding import Home, NotAsPlanned
from demo.life.transfers import Movers
from demo.life.withdrawals import Applicants
from demo.life.workplan import WorkPlan
from demo.province import published
from demo.province.province import DEMO_SCALE, Centre, Province
from hpf.closing.rules.calendar import is_business_day
from hpf.closing.services.day import close_day
from hpf.contributions.rules.states import UrgingStepKind
from hpf.db.scope import centre_scope
from hpf.jobs.banking import bank_of, talk
from hpf.kernel.period import Month
from hpf.policy.rules.workdays import CalendarNotKnown
from hpf.treasury import queries as treasury_queries
from hpf.treasury import services as treasury

FIRST_DAY = date(2025, 9, 1)
TODAY = date(2026, 11, 20)
HORIZON = Month(2027, 12)
"""How far ahead units and clerks have plans, for a demo that is left running: as far as there is a calendar, made up or not."""


def is_open(day: date) -> bool:
    """A business day; plans for years without any calendar take every weekday."""
    try:
        return is_business_day(day, published.law().workdays)
    except CalendarNotKnown:
        return day.weekday() < 5


def business_days(first: date, last: date) -> list[date]:
    return [day.item() for day in np.arange(np.datetime64(first), np.datetime64(last) + 1) if is_open(day.item())]


def later(day: date, count: int) -> date:
    return days_after(day, count, is_open)


class NotClosed(Exception):
    """A day that stays open ends the story: the books would not be true from there on."""


@dataclass
class CentreLife:
    """One centre and everybody in it, day by day."""

    centre: Centre
    cast: Cast
    home: Home
    bank: BankControl
    seed: int
    strict: bool = False
    scale: float = DEMO_SCALE
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance = np.random.default_rng([self.seed, 9, self.centre.centre_id])
        pool = Province(self.seed + 1, 0.00018).centre(self.centre.centre_id).members
        known = {member.id_number for member in (self.centre.members.one(row) for row in range(len(self.centre.members)))}
        newcomers = [pool.one(row) for row in range(len(pool)) if pool.id_kind[row] == 0 and pool.second[row] == 0]
        self.units = [Unit(unit, self.cast, self.home, self.bank) for unit in self.centre.employers]
        self.office = Office(self.cast, self.home, self.bank, [n for n in newcomers if n.id_number not in known], chance)
        self.movers = Movers(self.office, self.units, self.seed)
        self.calendar: dict[date, list[Callable[[date], None]]] = {}
        self.lines = ExitStack()
        self.line = self.lines.enter_context(bank_of(self.centre.centre_id))
        self._plan(chance)

    def on(self, day: date, act: Callable[[date], None]) -> None:
        """Put an act of the office on a day, or the next business day."""
        self.calendar.setdefault(later(day, 0), []).append(act)

    def _plan(self, chance: np.random.Generator) -> None:
        for month in Month.of(FIRST_DAY).through(HORIZON):
            for unit in self.units:
                payday = later(date(month.year, month.month, min(unit.unit.payday, 26)), 0)
                unit.plan_month(month, payday, later)
        for unit in self.units:
            self._plan_unit(unit, chance)
        self._plan_office()

    def _plan_unit(self, unit: Unit, chance: np.random.Generator) -> None:
        office = self.office
        first = int(chance.integers(0, 4))
        for turn, month in enumerate(list(Month(2025, 10).through(Month(2026, 10)))[first::4]):
            day = date(month.year, month.month, 26)
            self.on(day, lambda day: office.hire(day, unit))
            if turn % 2 == 0:
                self.on(day, lambda day: self._leave_and_return(day, unit))
            else:
                self.on(day, lambda day: office.change_phone(day, unit))
        in_january = unit.unit.adjusts_in == 1 and self.centre.centre_id == 5
        for month in (Month(2026, 1),) if in_january else (Month(2026, 7),):
            self.on(month.first_day, lambda day, month=month: office.adjust_bases(day, unit, month))
        if unit.unit.habit == "DEFERRAL":
            self.on(date(2025, 12, 3), lambda day: office.apply_deferral(day, unit))
            self.on(date(2025, 12, 8), lambda day: office.review_deferral(day, unit))
            self.on(date(2025, 12, 12), lambda day: office.approve_deferral(day, unit))
            self.on(date(2026, 7, 2), lambda day: office.end_deferral(day, unit))
            for turn, month in enumerate(DEFERRED_FROM.through(DEFERRED_UNTIL + -1)):
                self.on(date(2026, 9, 2 + turn), lambda day, month=month: office.pay_deferred(day, unit, month))
        if unit.unit.habit == "ARREARS":
            self._plan_arrears(unit)

    def _plan_arrears(self, unit: Unit) -> None:
        office = self.office
        steps = (
            (UrgingStepKind.CALL, 25, "电话催缴，单位称资金周转困难"),
            (UrgingStepKind.NOTICE, 40, "送达催缴通知书"),
            (UrgingStepKind.ORDER, 75, "送达责令限期缴存决定书"),
        )
        for begin in (ARREARS_FROM, ARREARS_AGAIN):
            for kind, after, note in steps:
                day = later(begin.first_day, after)
                if day <= TODAY:
                    self.on(day, lambda day, kind=kind, note=note: office.urge(day, unit, kind, note))
        self.on(date(ARREARS_PAID_IN.year, ARREARS_PAID_IN.month, 29), lambda day: office.close_urging(day, unit))

    def _leave_and_return(self, day: date, unit: Unit) -> None:
        """Somebody leaves; some return to the unit, some go to another unit of the centre."""
        account_no = self.office.leave(day, unit)
        if account_no is None:
            return
        others = [other for other in self.units if other is not unit and other.unit.habit in ("PROMPT", "LATE", "SHORT")]
        choice = int(self.office.chance.integers(0, 3))
        if choice == 0:
            self.on(later(day, 75), lambda day: self.office.come_back(day, unit, account_no))
        elif choice == 1 and others:
            self.on(later(day, 40), lambda day: self.office.move(day, account_no, others[0]))

    def _plan_office(self) -> None:
        office, home = self.office, self.home
        for turn, (kept, ended, evidence) in enumerate(home.duplicates):
            self.on(date(2025, 11, 6 + turn), lambda day, who=(kept, ended, evidence): office.merge(day, *who))
        self.on(date(2025, 9, 8), office.sign_agreements)
        for month in Month(2025, 9).through(HORIZON):
            self.on(date(month.year, month.month, 14), office.collect)
        if self.centre.centre_id in (1, 7, 13):
            self.on(date(2025, 10, 9), office.begin_subsidy)
            for month in Month(2025, 11).through(HORIZON):
                self.on(date(month.year, month.month, 17), office.grant_subsidy)
        if self.centre.centre_id % 4 == 1:
            self.on(date(2026, 3, 10), lambda day: office.stranger(day, 12_345_00))
            self.on(date(2026, 3, 18), lambda day: office.give_back(day, 12_345_00))
            self.on(date(2026, 10, 21), lambda day: office.stranger(day, 8_600_00))
        if self.centre.centre_id in (4, 10):
            self.on(date(2026, 4, 27), lambda day: office.refund_mispayment(day, self.units[-1]))
        self.movers.plan(self.on, later)
        courts = Courts(self.cast, self.centre.code, self.centre.short_name, self.units, office, later)
        for day, act in courts.acts():
            self.on(day, act)
        for day, act in Applicants(self.cast, self.units, office, self.bank, later, self.seed, self.scale).acts():
            self.on(day, act)
        for day, act in WorkPlan(self.centre.centre_id, self.centre.code, self.seed, later).acts():
            self.on(day, act)

    def live(self, day: date) -> None:
        """Everything of one business day, and its close."""
        with centre_scope(self.centre.centre_id):
            self.act(day)
            self.close(day)

    def act(self, day: date) -> None:
        """What units and clerks have planned for the day."""
        for act in [*self.calendar.pop(day, []), *(act for unit in self.units for act in unit.due.pop(day, []))]:
            try:
                act(day)
            except NotAsPlanned as no:
                if self.strict:
                    raise
                self.refused.append(f"{day} 中心{self.centre.centre_id}：{no}")

    def close(self, day: date) -> None:
        """Hear the bank out, then close. Instructions are asked after for as long as one is open."""
        centre_id, at = self.centre.centre_id, moment(day, 18)
        if self.office.instructed_on:
            talk(centre_id, day, at)
        else:
            treasury.poll(by=self.cast.system, centre_id=centre_id, bank=self.line, business_on=day)
        self.movers.talk(day, at)
        if self.office.instructed_on and not self._awaits_bank():
            self.office.instructed_on = None
        closed = close_day(centre_id=centre_id, business_on=day, by=self.cast.system, at=at)
        if not closed.closed:
            raise NotClosed(f"{day} 中心{centre_id}未能日终：{closed.message}")

    def left_waiting(self) -> list[str]:
        """Lists whose money has all come and that no evening has booked: there should be none."""
        with centre_scope(self.centre.centre_id):
            found = treasury_queries.matched_receipts(self.centre.centre_id, "REMITTANCE")
        return [f"{self.centre.short_name}：{each.reference}的款项已到齐，清册没有入账" for each in found]

    def _awaits_bank(self) -> bool:
        """Whether the bank has something to do for us, or may get it from a letter that is under way."""
        centre_id = self.centre.centre_id
        return bool(self.movers.talking_since or treasury_queries.open_payments(centre_id) or treasury_queries.open_collections(centre_id))
