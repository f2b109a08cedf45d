"""人和事: hires and leavers, transfers, mergers, base adjustments, deferrals, urging, flexible workers, strangers' money."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from demo.bank.control import BankControl
from demo.life.cast import Cast, moment
from demo.life.employers import ARREARS_AGAIN, ARREARS_FROM, DEFERRED_FROM, DEFERRED_UNTIL, Unit, hundredth, receipt_saying
from demo.life.founding import BANK_CODE, Home, agreed, new_person
from demo.province.people import Member
from hpf.accounts import queries as account_queries
from hpf.accounts import services as accounts
from hpf.contributions import queries as contribution_queries
from hpf.contributions import services as contributions
from hpf.contributions.rules.states import DeferralKind, Frequency, OriginalKind, RemittanceKind, UrgingStepKind
from hpf.db.scope import centre_scope
from hpf.jobs.banking import bank_of
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.parties import services as parties
from hpf.treasury import queries as treasury_queries
from hpf.treasury import services as treasury

RAISE_PER_CENT = 104


@dataclass
class Office:
    """The counter of one centre: what its clerks do besides the monthly lists."""

    cast: Cast
    home: Home
    bank: BankControl
    newcomers: list[Member]
    chance: np.random.Generator
    instructed_on: date | None = None
    """The last day on which the bank was given an instruction."""
    promised: set[int] = field(default_factory=set)
    """Rows of people who have a part of their own in the story: nothing else happens to them by chance."""

    @property
    def centre_id(self) -> int:
        return self.cast.centre_id

    def key(self, what: str) -> str:
        return f"demo:{self.centre_id}:office:{what}"

    # -- people

    def hire(self, day: date, unit: Unit) -> None:
        """A newcomer begins; contributes from the month after the one last paid."""
        if not self.newcomers:
            return
        person = self.newcomers.pop()
        wanted = accounts.NewMember(
            person=new_person(person), base=Money(person.wage_fen), hired_on=day - timedelta(days=6), first_month=Month.of(day) + 1
        )
        agreed(accounts.open_member_account(
            by=unit.operator, centre_id=self.centre_id, employer_account_no=unit.account_no, member=wanted, on=day, at=moment(day, 15),
            key=self.key(f"hire:{unit.unit.index}:{day}"),
        ))  # fmt: skip

    def somebody(self, unit: Unit, day: date) -> account_queries.RosterLine | None:
        lines = self.without_part(unit.roster(Month.of(day)))
        return lines[int(self.chance.integers(1, len(lines)))] if len(lines) > 3 else None

    def without_part(self, lines: list[account_queries.RosterLine]) -> list[account_queries.RosterLine]:
        """Those to whom anything may happen."""
        promised = {self.home.members[row] for row in self.promised}
        return [line for line in lines if line.account_no not in promised]

    def leave(self, day: date, unit: Unit, reason: str = "LEFT") -> str | None:
        line = self.somebody(unit, day)
        if line is None:
            return None
        agreed(accounts.seal(
            by=unit.operator, centre_id=self.centre_id, account_no=line.account_no, reason=reason, left_on=day - timedelta(days=3), on=day,
            at=moment(day, 16), key=self.key(f"leave:{line.account_no}:{day}"),
        ))  # fmt: skip
        return line.account_no

    def come_back(self, day: date, unit: Unit, account_no: str) -> None:
        with centre_scope(self.centre_id):
            member = account_queries.member_account(self.centre_id, account_no)
        agreed(accounts.unseal(
            by=unit.operator, centre_id=self.centre_id, account_no=account_no, base=member.declared_base, from_month=Month.of(day) + 1, on=day,
            at=moment(day, 15), key=self.key(f"back:{account_no}:{day}"),
        ))  # fmt: skip

    def move(self, day: date, account_no: str, to: Unit) -> None:
        with centre_scope(self.centre_id):
            member = account_queries.member_account(self.centre_id, account_no)
        agreed(accounts.transfer_inside(
            by=self.cast.clerk, centre_id=self.centre_id, account_no=account_no, to_employer_account_no=to.account_no,
            base=hundredth(member.declared_base, 106), from_month=Month.of(day) + 1, on=day, at=moment(day, 15),
            key=self.key(f"move:{account_no}:{day}"),
        ))  # fmt: skip

    def merge(self, day: date, kept: str, ended: str, evidence: str) -> None:
        agreed(accounts.merge(
            by=self.cast.clerk, centre_id=self.centre_id, account_nos=(kept, ended), evidence=evidence, checker=self.cast.checker.user_id,
            business_on=day, at=moment(day, 15), key=self.key(f"merge:{ended}"),
        ))  # fmt: skip

    def change_phone(self, day: date, unit: Unit) -> None:
        line = self.somebody(unit, day)
        if line is not None:
            change = parties.PersonChange(phone=f"139{int(self.chance.integers(0, 10**8)):08d}")
            agreed(parties.change_person(
                by=self.cast.clerk, centre_id=self.centre_id, person_id=line.person_id, change=change, reason="本人更换手机号码", on=day,
                at=moment(day, 11), key=self.key(f"phone:{line.account_no}:{day}"),
            ))  # fmt: skip

    # -- bases

    def adjust_bases(self, day: date, unit: Unit, month: Month) -> None:
        """年度基数调整 to last year's wages; a few leave their base as it is by being left out."""
        lines = tuple(
            accounts.DeclaredBase(line.account_no, hundredth(line.base, RAISE_PER_CENT + int(self.chance.integers(-3, 4))))
            for line in unit.roster(month)
        )
        accounts.adjust_bases(
            by=unit.operator, centre_id=self.centre_id, employer_account_no=unit.account_no, lines=lines, from_month=month, on=day,
            at=moment(day, 9), key=self.key(f"bases:{unit.unit.index}:{month}"),
        )  # fmt: skip

    # -- deferral

    def apply_deferral(self, day: date, unit: Unit) -> None:
        resolution = contributions.keep_original(
            by=unit.operator, centre_id=self.centre_id, kind=OriginalKind.RESOLUTION, filename="职工代表大会决议.txt",
            content=f"{unit.unit.name}职工代表大会决议：因经营困难，同意申请缓缴住房公积金六个月。".encode(), key=self.key("resolution"), at=moment(day),
        )  # fmt: skip
        applied = agreed(contributions.apply_deferral(
            by=unit.operator, centre_id=self.centre_id, employer_account_no=unit.account_no, kind=DeferralKind.DEFERRAL, since_month=DEFERRED_FROM,
            until_month=DEFERRED_UNTIL, reason="订单减少，连续两个季度亏损", resolution_no="职代会决议〔2025〕1号", resolution_id=resolution.original_id,
            business_on=day, key=self.key("deferral"), at=moment(day),
        ))  # fmt: skip
        self.deferral_no = applied.deferral_no

    def review_deferral(self, day: date, unit: Unit) -> None:
        agreed(contributions.review_deferral(
            by=self.cast.clerk, centre_id=self.centre_id, deferral_no=self.deferral_no, opinion="材料齐全，经营困难属实，建议批准",
            key=self.key("deferral:review"), at=moment(day),
        ))  # fmt: skip

    def approve_deferral(self, day: date, unit: Unit) -> None:
        agreed(contributions.approve_deferral(
            by=self.cast.director, centre_id=self.centre_id, deferral_no=self.deferral_no, decision_no="公积金缓〔2025〕3号", opinion="同意",
            business_on=day, key=self.key("deferral:approve"), at=moment(day, 16),
        ))  # fmt: skip

    def end_deferral(self, day: date, unit: Unit) -> None:
        agreed(contributions.end_deferral(
            by=self.cast.clerk, centre_id=self.centre_id, deferral_no=self.deferral_no, business_on=day, key=self.key("deferral:end"), at=moment(day),
        ))  # fmt: skip

    def pay_deferred(self, day: date, unit: Unit, month: Month) -> None:
        """补缴 of one deferred month, for everybody who was on the list then."""
        lines = tuple(contributions.PageLine(line.account_no, month=month, reason="缓缴期满补缴") for line in unit.roster(month))
        unit.pay_back(day, lines, RemittanceKind.BACK_FULL, "缓缴期满补缴")

    # -- arrears

    def urge(self, day: date, unit: Unit, kind: UrgingStepKind, note: str) -> None:
        """催缴 step by step; the first one opens the case."""
        if not hasattr(self, "urging_no"):
            self.urging_no = agreed(contributions.open_urging(
                by=self.cast.clerk, centre_id=self.centre_id, employer_account_no=unit.account_no, business_on=day, key=self.key(f"urging:{day}"), at=moment(day),
            )).urging_no  # fmt: skip
        document = {} if kind is UrgingStepKind.CALL else self._document(day, unit, kind)
        agreed(contributions.take_urging_step(
            by=self.cast.clerk, centre_id=self.centre_id, urging_no=self.urging_no, kind=kind, taken_on=day, note=note,
            key=self.key(f"urging:{day}:{kind}"), at=moment(day, 14), **document,
        ))  # fmt: skip

    def _document(self, day: date, unit: Unit, kind: UrgingStepKind) -> dict[str, Any]:
        """The paper of a step, kept and delivered."""
        number = f"催〔{day.year}〕{day.month}号"
        kept = contributions.keep_original(
            by=self.cast.clerk, centre_id=self.centre_id, kind=OriginalKind.EVIDENCE, filename=f"{number}.txt",
            content=f"{number}\n{unit.unit.name}：请于十五日内缴清欠缴的住房公积金。".encode(), key=self.key(f"urging:{day}:{kind}:paper"), at=moment(day, 13),
        )  # fmt: skip
        return {
            "document_no": number, "evidence_id": kept.original_id, "delivered_on": day, "delivered_to": unit.unit.operator_name,
            "answer_by": day + timedelta(days=15),
        }  # fmt: skip

    def close_urging(self, day: date, unit: Unit) -> None:
        agreed(contributions.close_urging(
            by=self.cast.clerk, centre_id=self.centre_id, urging_no=self.urging_no, business_on=day, outcome="PAID", key=self.key(f"urging:{day}:close"),
            at=moment(day, 16),
        ))  # fmt: skip
        del self.urging_no

    # -- flexible workers and subsidy

    def sign_agreements(self, day: date) -> None:
        with centre_scope(self.centre_id):
            account = account_queries.employer_account(self.centre_id, self.home.flexible_account_no)
            lines = account_queries.roster(self.centre_id, account.employer_account_id, Month.of(day), ("NORMAL",))
        self.home.flexible_members = [line.account_no for line in lines]
        for position, line in enumerate(lines):
            card = f"629900{self.centre_id:02d}{position:011d}"
            self.bank.set_card(card, line.name, 5_000_000_00)
            frequency = Frequency.QUARTERLY if position % 3 == 2 else Frequency.MONTHLY
            agreed(contributions.sign_agreement(
                by=self.cast.clerk, centre_id=self.centre_id, account_no=line.account_no, frequency=frequency, payer_name=line.name, card=card,
                bank_code=BANK_CODE, first_month=Month.of(day), signed_on=day, key=self.key(f"agreement:{line.account_no}"), at=moment(day, 15),
            ))  # fmt: skip

    def collect(self, day: date) -> None:
        self.instructed_on = day
        contributions.collect(
            by=self.cast.clerk, centre_id=self.centre_id, month=Month.of(day), bank_account_id=self.home.bank_account_id, business_on=day,
            key=self.key(f"collect:{Month.of(day)}"), at=moment(day, 10),
        )  # fmt: skip

    def begin_subsidy(self, day: date) -> None:
        """The city's treasury gives money for flexible workers; it is a program's own money until it is granted."""
        program = agreed(contributions.open_subsidy_program(
            by=self.cast.accountant, centre_id=self.centre_id, name="灵活就业人员缴存补贴", document_no="市财社〔2025〕12号（演示）", business_on=day,
            key=self.key("subsidy"), at=moment(day),
        ))  # fmt: skip
        said = "灵活就业缴存补贴资金"
        self.bank.pay("62990000000000077", self.home.fund_account_no, 60_000_00, said, "市财政局")
        receipt_no = receipt_saying(self.centre_id, self.poll(day).receipt_nos, said)
        agreed(contributions.fund_subsidy(
            by=self.cast.accountant, centre_id=self.centre_id, program_no=program.program_no, receipt_no=receipt_no, business_on=day,
            key=self.key("subsidy:fund"), at=moment(day, 11),
        ))  # fmt: skip
        self.home.program_no = program.program_no

    def grant_subsidy(self, day: date) -> None:
        month = Month.of(day) + -1
        lines = tuple(contributions.GrantLine(account_no, month, Money(50_00)) for account_no in self.home.flexible_members)
        if lines and self.home.program_no:
            agreed(contributions.grant_subsidy(
                by=self.cast.clerk, centre_id=self.centre_id, program_no=self.home.program_no, lines=lines, business_on=day,
                key=self.key(f"subsidy:{month}"), at=moment(day, 15),
            ))  # fmt: skip

    # -- money nobody expected

    def poll(self, day: date) -> treasury.Polled:
        with bank_of(self.centre_id) as gateway:
            return treasury.poll(by=self.cast.system, centre_id=self.centre_id, bank=gateway, business_on=day)

    def stranger(self, day: date, fen: int) -> None:
        self.bank.pay("62170000000099999", self.home.fund_account_no, fen, "货款", "过路财神商贸有限公司")

    def give_back(self, day: date, fen: int) -> None:
        """The stranger's money goes back: one prepares, another checks."""
        with centre_scope(self.centre_id):
            found = [view.receipt for view in treasury_queries.suspense(self.centre_id, day) if view.receipt.amount.fen == fen]
        if found:
            self.instructed_on = day
            agreed(treasury.refund_receipt(
                by=self.cast.checker, centre_id=self.centre_id, receipt_no=found[0].receipt_no, maker=self.cast.clerk.user_id, reason="来款与住房公积金无关",
                business_on=day, key=self.key(f"refund:{found[0].receipt_no}"),
            ))  # fmt: skip

    def refund_mispayment(self, day: date, unit: Unit) -> None:
        """A member was paid for a month too long; the unit asks for that month back."""
        with centre_scope(self.centre_id):
            account = account_queries.employer_account(self.centre_id, unit.account_no)
            booked = contribution_queries.remittances(
                self.centre_id, employer_account_id=account.employer_account_id, state="BOOKED", limit=1
            )
            if not booked:
                return
            line = contribution_queries.lines(self.centre_id, booked[0].remittance_no, limit=1)[0]
        self.instructed_on = day
        wanted = contributions.RefundedLine(line.account_no, line.month, line.employer, line.member)
        applied = agreed(contributions.refund_mispayment(
            by=unit.operator, centre_id=self.centre_id, remittance_no=booked[0].remittance_no, lines=(wanted,), reason="职工当月已调出，误缴一个月",
            payee=contributions.Payee(unit.unit.name, unit.unit.bank_account_no, BANK_CODE), business_on=day, key=self.key(f"mispaid:{day}"), at=moment(day),
        ))  # fmt: skip
        agreed(contributions.approve_refund(
            by=self.cast.checker, centre_id=self.centre_id, refund_no=applied.refund_no, business_on=day, opinion="属实，同意退回",
            key=self.key(f"mispaid:{day}:approve"), at=moment(day, 15),
        ))  # fmt: skip


__all__ = ["ARREARS_AGAIN", "ARREARS_FROM", "Office"]
