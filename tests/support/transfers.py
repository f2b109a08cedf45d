"""天水 with a bank and the national platform as real processes, and 西安 on the other side."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.support.days import Centre, at
from tests.support.people import fresh

OURS, XIAN = "629005", "610100"
XIAN_NAME, XIAN_ACCOUNT = "西安住房公积金管理中心", "61010000000001"
FIRST = date(2026, 8, 3)


class City(Centre):
    """A centre between its bank and the platform. `bank` and `national` are the running processes."""

    def __init__(self, bank: Any, national: Any, line: Any, platform: Any, centre_id: int = 5, district: str = "620502") -> None:
        super().__init__(centre_id, district, FIRST)
        self.bank, self.national, self.line, self.platform = bank, national, line, platform
        self.maker, self.checker = (Actor(who, who, frozenset({centre_id}), frozenset({"*"})) for who in ("经办甲", "复核乙"))

    @property
    def day(self) -> date:
        return self.business_day()

    def next_day(self, days: int = 1) -> None:
        """Both processes and the centre go to a later day; the bank first, then the platform, whose cities act."""
        later = self.day + timedelta(days=days)
        self.close_day(self.day)
        self.open_day(later)
        self.bank.control.advance_to(later)
        self.national.control.advance_to(later)

    def exchange(self) -> None:
        """What the worker does: the bank, the money of letters, the platform."""
        from hpf.transfers import services
        from hpf.treasury import services as treasury

        by, on, moment = self.by, self.day, at(self.day) + timedelta(hours=1)
        given: dict[str, Any] = {"by": by, "centre_id": self.centre_id, "business_on": on}
        treasury.poll(bank=self.line, **given)
        treasury.send_payments(bank=self.line, at=moment, **given)
        treasury.poll_payments(bank=self.line, **given)
        treasury.poll(bank=self.line, **given)
        treasury.match_receipts(key=fresh("match"), **given)
        services.follow_payments(at=moment, **given)
        services.book_receipts(at=moment, **given)
        services.note_differences(at=moment, **given)
        services.tell_all(platform=self.platform, at=moment, **given)
        services.ask_all(platform=self.platform, at=moment, **given)
        if services.read_mail(platform=self.platform, at=moment, **given):
            services.tell_all(platform=self.platform, at=moment, **given)

    def live(self, days: int) -> None:
        """Exchange, next day, exchange, …"""
        self.exchange()
        for _ in range(days):
            self.next_day()
            self.exchange()

    def apply(self, account_no: str, **given: Any) -> Any:
        from hpf.transfers.services import apply_in

        said = {"other_org_code": XIAN, "other_org_name": XIAN_NAME, "other_account": "", **given}
        return apply_in(
            by=self.maker,
            centre_id=self.centre_id,
            account_no=account_no,
            business_on=self.day,
            at=at(self.day),
            key=fresh("apply"),
            **said,
        )

    def review(self, transfer_no: str, agree: bool = True, words: str = "", by: Any = None) -> Any:
        from hpf.transfers.services import review_in

        return review_in(
            by=by or self.checker, centre_id=self.centre_id, transfer_no=transfer_no, agree=agree, words=words, business_on=self.day, at=at(self.day),
            key=fresh("review"),
        )  # fmt: skip

    def applied(self, account_no: str) -> str:
        """Applied and reviewed: the letter is on its way."""
        asked = self.apply(account_no)
        assert asked.value is not None, asked.reasons
        reviewed = self.review(asked.value.transfer_no)
        assert reviewed.value is not None, reviewed.reasons
        return str(asked.value.transfer_no)

    def propose(self, transfer_no: str, proposal: str = "INFORMED", words: str = "", months: tuple[Month, ...] = ()) -> Any:
        from hpf.transfers.rules.states import State
        from hpf.transfers.services import propose_out

        return propose_out(
            by=self.maker, centre_id=self.centre_id, transfer_no=transfer_no, proposal=State(proposal), words=words, months_paid=months,
            business_on=self.day, at=at(self.day), key=fresh("propose"),
        )  # fmt: skip

    def check(self, transfer_no: str, agree: bool = True, words: str = "", by: Any = None) -> Any:
        from hpf.transfers.services import check_out

        return check_out(
            by=by or self.checker, centre_id=self.centre_id, transfer_no=transfer_no, agree=agree, words=words, business_on=self.day, at=at(self.day),
            key=fresh("check"),
        )  # fmt: skip

    def let_go(self, transfer_no: str) -> Any:
        proposed = self.propose(transfer_no)
        assert proposed.value is not None, proposed.reasons
        return self.check(transfer_no)

    def cancel(self, transfer_no: str) -> Any:
        from hpf.transfers.services import cancel_in

        return cancel_in(
            by=self.maker,
            centre_id=self.centre_id,
            transfer_no=transfer_no,
            words="",
            business_on=self.day,
            at=at(self.day),
            key=fresh("cancel"),
        )

    def letter(self, transfer_no: str) -> Any:
        from hpf.transfers import queries

        with self.scope():
            return queries.letter(self.centre_id, transfer_no)

    def letters(self, **given: Any) -> list[Any]:
        from hpf.transfers import queries

        with self.scope():
            return queries.letters(self.centre_id, **given)[0]

    def seal(self, account_no: str) -> None:
        from hpf.accounts.services import seal

        sealed = seal(
            by=self.by,
            centre_id=self.centre_id,
            account_no=account_no,
            reason="LEFT",
            left_on=self.day,
            on=self.day,
            at=at(self.day),
            key=fresh("seal"),
        )
        assert sealed.is_approved, sealed.reasons

    def reconcile(self) -> Any:
        from hpf.transfers.services import reconcile

        return reconcile(by=self.by, centre_id=self.centre_id, platform=self.platform, business_on=self.day, at=at(self.day))

    def asked_from_xian(self, name: str, number: str, account_no: str = "", **more: str) -> str:
        """西安 writes a letter; gives our number for it once it has been taken in."""
        letter_no = self.national.control.write(XIAN, OURS, name=name, id_number=number, account_no=account_no, **more)
        self.exchange()
        return next(each.transfer_no for each in self.letters(direction="OUT") if each.letter_no == letter_no)

    def at_xian(self) -> Money:
        return Money(self.bank.control.balance_fen(XIAN_ACCOUNT))

    def counted(self) -> dict[str, int]:
        """What the statistics make of the whole story: transfers and interest paid out, summed over all days."""
        from hpf.statistics.services import _movements

        wanted = ("transfer", "withdrawn_interest")
        found: dict[str, int] = {}
        for measure, _, _, _, amount, _ in _movements(self.centre_id, FIRST, self.day):
            if measure.startswith(wanted):
                found[measure] = found.get(measure, 0) + amount
        return {measure: amount for measure, amount in found.items() if amount}
