"""A centre that takes contributions: a unit with people, lists as employers send them, money as the bank reports it."""

from __future__ import annotations

from datetime import date
from typing import Any

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.support.lists import HEADINGS, delimited
from tests.support.people import AT, ON, Fund, fresh, resident_id

JULY = Month(2026, 7)
NAMES = ("张三", "李四", "王五", "赵六", "钱七", "孙八")
BASES = ("5000.00", "6000.00", "7000.00", "8000.00", "9000.00", "10000.00")


class Centre(Fund):
    """`Fund` with the verbs of contributions. Clerks are people: maker and checker are two."""

    def __init__(self, centre_id: int = 1, on: date = ON) -> None:
        super().__init__(centre_id, on=on)
        self.maker = self.somebody("张柜员")
        self.checker = self.somebody("李复核")
        self.director = self.somebody("王主任")
        self.employer = self.somebody("单位经办")

    def somebody(self, name: str) -> Actor:
        return Actor(f"user:{name}", name, frozenset({self.centre_id}), frozenset({"*"}))

    def begin(self) -> None:
        """Open the day and the fund's bank account."""
        from hpf.treasury.services import open_bank_account

        self.open_day(self.on)
        opened = open_bank_account(
            by=self.by, centre_id=self.centre_id, account_no=f"2701{self.centre_id:02d}00000001", name="住房公积金管理中心",
            bank_code="105100000017", bank_name="中国建设银行", subject=10101, on=self.on, key=fresh(),
        )  # fmt: skip
        assert opened.value is not None, opened.reasons
        self.bank_account_id = opened.value.bank_account_id

    def next_day(self, day: date) -> None:
        self.close_day(self.on)
        self.on = day
        self.open_day(day)

    def unit_with_people(self, name: str, people: int = 3, first_month: str = "2026-07", rate: str = "12") -> tuple[str, list[str]]:
        """A unit and its members' account numbers. With 12 % each the first three pay 1,200, 1,440 and 1,680 a month."""
        unit = self.unit(name, rate=rate, first_month=first_month)
        new = [self.new_member(NAMES[n % 6], self._document(), BASES[n % 6], another_person=True) for n in range(people)]
        lines = self.ask(unit, *new)
        assert all(line.account_no for line in lines), [line.reasons for line in lines]
        return unit, [line.account_no for line in lines]

    def _document(self) -> str:
        """A resident number that no other of the process has, nor any test that names its own: nobody else was born on 3 November."""
        number = int(fresh("n").split("-")[1])
        return resident_id(number % 1000, born=f"{1975 + number // 1000 % 20}1103")

    def call(self, command: str, by: Actor | None = None, **given: Any) -> Any:
        """Any verb of contributions, with a fresh key unless one is given."""
        from hpf.contributions import services

        given.setdefault("key", fresh(command))
        given.setdefault("at", AT)
        return getattr(services, command)(by=by or self.maker, centre_id=self.centre_id, **given)

    def ask_for(self, query: str, *given: Any, **more: Any) -> Any:
        from hpf.contributions import queries

        with self.scope():
            return getattr(queries, query)(self.centre_id, *given, **more)

    def file(self, accounts: list[str], spoil: dict[int, dict[str, Any]] | None = None) -> bytes:
        """The list of these accounts as registered; `spoil` changes cells by row (1 is the first person) and heading."""
        rows = []
        for number, account_no in enumerate(accounts, 1):
            view = self.view(account_no)
            row = dict(zip(HEADINGS, [
                account_no, "", "", str(view.base), str(view.employer_rate), str(view.member_rate), str(view.employer_month),
                str(view.member_month), str(view.month_total),
            ], strict=True))  # fmt: skip
            row.update((spoil or {}).get(number, {}))
            rows.append([row[heading] for heading in HEADINGS])
        return delimited(rows)

    def send(self, unit: str, content: bytes, month: Month = JULY, **more: Any) -> Any:
        return self.call("receive_list", self.employer, employer_account_no=unit, month=month, filename="清册.csv", content=content, **more)

    def confirmed(self, unit: str, month: Month = JULY, **more: Any) -> Any:
        """A list of the whole roster, confirmed."""
        prepared = self.call("prepare_list", self.employer, employer_account_no=unit, month=month)
        assert prepared.value is not None, prepared.reasons
        assert prepared.value.state == "CHECKED", self.ask_for("defects", prepared.value.remittance_no)
        answer = self.call("confirm", self.employer, remittance_no=prepared.value.remittance_no, **more)
        assert answer.value is not None, answer.reasons
        return answer.value

    def pay_in(self, yuan: str, summary: str = "", payer: str = "某付款人", *, match: bool = True) -> str:
        """The bank reports money; gives the receipt's number."""
        from hpf.treasury.rules.movements import Movement
        from hpf.treasury.services import match_receipts, record_movements

        movement = Movement(fresh("BK"), self.on, Money.yuan(yuan), counter_account=fresh("6222"), counter_name=payer, summary=summary)
        recorded = record_movements(
            by=self.by,
            centre_id=self.centre_id,
            bank_account_id=self.bank_account_id,
            entries=(movement,),
            business_on=self.on,
            key=fresh(),
        )
        if match:
            match_receipts(by=self.by, centre_id=self.centre_id, business_on=self.on, key=fresh())
        return recorded.receipt_nos[0]

    def book(self, remittance_no: str, **more: Any) -> Any:
        return self.call("book", remittance_no=remittance_no, business_on=self.on, **more)

    def apply(self) -> Any:
        from hpf.contributions.services import apply_receipts

        return apply_receipts(by=self.by, centre_id=self.centre_id, business_on=self.on, at=AT)

    def booked_month(self, unit: str, month: Month = JULY) -> Any:
        """A whole month, from roster to members' accounts."""
        confirmed = self.confirmed(unit, month)
        self.pay_in(str(confirmed.expected), confirmed.reference)
        answer = self.book(confirmed.remittance_no)
        assert answer.value is not None, answer.reasons
        return answer.value

    def remittance(self, remittance_no: str) -> Any:
        return self.ask_for("remittance", remittance_no)

    def unit_view(self, unit: str) -> Any:
        from hpf.accounts import queries

        with self.scope():
            return queries.employer_account(self.centre_id, unit)

    def prepaid(self, unit: str) -> Money:
        from hpf.ledger import queries

        with self.scope():
            return queries.balance(self.unit_view(unit).prepaid_ledger_id).balance

    def left_of(self, receipt_no: str) -> Money:
        from hpf.treasury import queries

        with self.scope():
            return queries.receipt(self.centre_id, receipt_no).remaining

    def totals(self) -> dict[int, Money]:
        """The books, subject by subject: what a refusal must not change."""
        from hpf.ledger import queries

        with self.scope():
            return {subject: money for subject, money in queries.subject_balances(self.centre_id, self.on).items() if money}


def codes(answer: Any) -> list[str]:
    return [reason.code for reason in answer.reasons]
