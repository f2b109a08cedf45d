"""A centre that pays out, with the departments beside it as a process of their own: applicants, answers, the bank's word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from tests.support.contributions import Centre
from tests.support.people import fresh, resident_id

ON = date(2026, 9, 24)
"""A Thursday under the new edition of the Regulation, before the month's lists."""
HERE = timedelta(hours=8)
_PEOPLE = count(1)
"""No two tenants of a module have one document, whatever ran before."""


def moment(on: date, hour: int = 10) -> datetime:
    """Ten in the morning, Beijing time."""
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC) - HERE


class Payer(Centre):
    """`Centre` with the verbs of withdrawals. `departments` is the control of the running departments."""

    def __init__(self, centre_id: int, departments: Any, on: date = ON) -> None:
        super().__init__(centre_id, on=on)
        self.departments = departments
        self.auto = Actor.system(centre_id, "自动审批")
        self.place = {1: "620102", 5: "620502", 16: "620102"}[centre_id]
        self.district = self.place

    @property
    def at(self) -> datetime:
        return moment(self.on)

    def tenant(
        self, name: str, born: str = "19990307", base: str = "5000.00", months: int = 3, number: str = "", **facts: Any
    ) -> tuple[str, str]:
        """A member with some months paid, known to the departments; (account number, reference). Without a home unless said."""
        from hpf.kernel.period import Month

        number = number or resident_id(next(_PEOPLE) % 999, born, self.place)
        since = Month.of(self.on) + (1 - months)
        today, self.on = self.on, date(since.year, since.month, 15)
        try:
            unit = self.unit(fresh("用工单位"), first_month=str(since))
            account = self.member(unit, name, number, base, another_person=True)
        finally:
            self.on = today
        for back in range(months):
            self.booked_month(unit, since + back)
        told = {"homes_in_place": 0, "rental_filed": False, "rental_kind": "MARKET", "tenant_group": "LOCAL"} | facts
        reference = self.departments.person("RESIDENT_ID", number, place=self.place, **told)
        if "marital_state" not in facts:
            self.departments.marry(reference, None)
        return account, reference

    def payee(self, name: str, account: str = "6222021001112223334") -> Any:
        from hpf.withdrawals.services import Payment

        return Payment(name, account, "102100099996")

    def give(self, command: str, by: Actor | None = None, **given: Any) -> Any:
        """Any verb of withdrawals, with a fresh key unless one is given."""
        from hpf.withdrawals import services

        given.setdefault("key", fresh(command))
        given.setdefault("at", self.at)
        return getattr(services, command)(by=by or self.auto, centre_id=self.centre_id, **given)

    def apply(self, account: str, name: str, ground: str = "RENT", **given: Any) -> Any:
        given.setdefault("payee", self.payee(name))
        return self.give("apply", self.maker, account_no=account, ground=ground, on=self.on, **given)

    def applied(self, account: str, name: str, ground: str = "RENT", **given: Any) -> str:
        answer = self.apply(account, name, ground, **given)
        assert answer.value is not None, answer.reasons
        return answer.value.application_no

    def proceed(self, number: str, **given: Any) -> Any:
        answer = self.give("proceed", application_no=number, business_on=self.on, exchange=self.exchange, **given)
        assert answer.value is not None, answer.reasons
        return answer.value

    def withdrawn(self, account: str, name: str, ground: str = "RENT", **given: Any) -> Any:
        """Apply and go as far as it goes by itself."""
        return self.proceed(self.applied(account, name, ground, **given))

    @property
    def exchange(self) -> Any:
        from hpf.sharing import queries
        from hpf.sharing.gateways.exchange import Exchange

        return Exchange(self.departments.url, queries.exchange_secret(), f"HPF{self.centre_id:02d}")

    def seen(self, query: str, *given: Any, **more: Any) -> Any:
        from hpf.withdrawals import queries

        with self.scope():
            return getattr(queries, query)(self.centre_id, *given, **more)

    def case(self, number: str) -> Any:
        return self.seen("application", number)

    def reasons(self, number: str) -> list[str]:
        """The codes of the latest decision."""
        return [reason.code for reason in self.seen("decisions", number)[0].reasons]

    def words(self, number: str) -> str:
        return "；".join(reason.message for reason in self.seen("decisions", number)[0].reasons)

    def bank_says(self, number: str, *told: Any, payment_no: str = "") -> list[Any]:
        """The payment (the application's, or the one named) is sent, and the bank says what became of it; then it is settled."""
        from hpf.treasury.rules.payments import Result
        from hpf.treasury.services import begin_sending, record_payment_result

        payment_no = payment_no or self.case(number).payment_no
        begun = begin_sending(by=self.by, centre_id=self.centre_id, payment_no=payment_no, business_on=self.on, key=fresh())
        for word in told:
            result = Result(word, bank_reference=fresh("BK"), bank_on=self.on, code="1", message="户名不符")
            record_payment_result(
                by=self.by, centre_id=self.centre_id, payment_no=payment_no, send_seq_no=begun.send_seq_no or self.sent, business_on=self.on,
                key=fresh(), result=result,
            )  # fmt: skip
        self.sent = begun.send_seq_no
        return list(self.settle())

    def comes_back(self, payment_no: str) -> list[Any]:
        """What the bank has paid comes back by its statement; then the withdrawals are settled."""
        from hpf.treasury import queries, services
        from hpf.treasury.rules.movements import Movement

        with self.scope():
            payment = queries.payment(self.centre_id, payment_no)
        assert payment is not None
        line = Movement(fresh("BK"), self.on, payment.amount, kind="RETURN", seq_no=payment.send_seq_no)
        told = services.record_movements(
            by=self.by, centre_id=self.centre_id, bank_account_id=self.bank_account_id, entries=(line,), business_on=self.on, key=fresh("st"),
        )  # fmt: skip
        assert told.returned_payment_nos == (payment_no,)
        return list(self.settle())

    def settle(self) -> Any:
        from hpf.withdrawals.services import settle_withdrawals

        return settle_withdrawals(by=self.by, centre_id=self.centre_id, business_on=self.on, at=self.at)

    def ban(self, account: str, kind: str = "FRAUD_WITHDRAWAL", until: date = date(2029, 9, 1)) -> None:
        from hpf.parties.services import flag

        answer = flag(
            by=self.by, centre_id=self.centre_id, subject_kind="PERSON", subject_id=self.view(account).person_id, kind=kind,
            source_no="兰公积金罚〔2026〕3号", since=date(2026, 9, 20), until=until, key=fresh(),
        )  # fmt: skip
        assert answer.value is not None, answer.reasons

    def available(self, account: str) -> Money:
        return self.money(account).available
