"""天水的资金: a centre with its fund accounts open, and short ways to say what happens to its money."""

from __future__ import annotations

import itertools
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.treasury.rules.movements import Movement

_keys = itertools.count(1)


def fresh_key(what: str) -> str:
    return f"{what}-{next(_keys)}"


def open_fund(centre_id: int, day: date, by: Actor, *, account_no: str = "27010000000001", subject: int = 10101) -> int:
    """The centre's day and a fund account; gives the bank account's id."""
    from django.db import transaction

    from hpf.db.scope import centre_scope
    from hpf.ledger import queries as ledger
    from hpf.ledger.services import open_day
    from hpf.treasury.services import open_bank_account

    with centre_scope(centre_id), transaction.atomic():
        try:
            ledger.business_day(centre_id)
        except ledger.NoOpenDay:
            open_day(centre_id, day)
    opened = open_bank_account(
        by=by,
        centre_id=centre_id,
        account_no=account_no,
        name="天水市住房公积金管理中心",
        bank_code="105100000017",
        bank_name="中国建设银行",
        subject=subject,
        on=day,
        key=fresh_key("open"),
    )
    assert opened.value is not None, opened.reasons
    return opened.value.bank_account_id


@dataclass(frozen=True)
class Treasury:
    centre_id: int
    bank_account_id: int
    by: Actor
    day: date

    def scope(self) -> AbstractContextManager[None]:
        from hpf.db.scope import centre_scope

        return centre_scope(self.centre_id)

    def record(self, *lines: Movement, source: str = "STATEMENT", **more: Any) -> Any:
        from hpf.treasury.services import record_movements

        return record_movements(
            by=self.by,
            centre_id=self.centre_id,
            bank_account_id=self.bank_account_id,
            entries=tuple(lines),
            business_on=self.day,
            source=source,
            key=fresh_key("record"),
            **more,
        )

    def expect(self, reference: str, yuan: str, **more: Any) -> None:
        from django.db import transaction

        from hpf.treasury.services import expect_receipt

        with self.scope(), transaction.atomic():
            expect_receipt(self.centre_id, kind="REMITTANCE", reference=reference, amount=Money.yuan(yuan), on=self.day, **more)

    def match(self) -> Any:
        from hpf.treasury.services import match_receipts

        return match_receipts(by=self.by, centre_id=self.centre_id, business_on=self.day, key=fresh_key("match"))

    def matched(self) -> list[Any]:
        from hpf.treasury import queries

        with self.scope():
            return queries.matched_receipts(self.centre_id, "REMITTANCE")

    def assign(self, receipt_no: str, reference: str) -> Any:
        from hpf.treasury.services import assign_receipt

        return assign_receipt(by=self.by, centre_id=self.centre_id, receipt_no=receipt_no, reference=reference, key=fresh_key("assign"))

    def ask_to_use(self, receipt_no: str, reference: str) -> Any:
        from django.db import transaction

        from hpf.treasury.services import use_receipt

        with self.scope(), transaction.atomic():
            return use_receipt(self.centre_id, receipt_no, by_kind="REMITTANCE", by_no=reference)

    def use(self, receipt_no: str, reference: str) -> None:
        """What the business does with matched money: the receipt's account to a prepaid account."""
        from django.db import transaction

        from hpf.ledger.rules import Draft, Leg
        from hpf.ledger.services import open_account, post
        from hpf.treasury.services import use_receipt

        with self.scope(), transaction.atomic():
            use = use_receipt(self.centre_id, receipt_no, by_kind="REMITTANCE", by_no=reference).value
            prepaid = open_account(self.centre_id, 21901, "EMPLOYER_ACCOUNT", 1, self.day)
            draft = Draft(self.centre_id, "PREPAYMENT", "J2", self.day, self.day, "REMITTANCE", reference, "转单位预缴", self.by.user_id)
            post(draft, [Leg(use.ledger_account_id, use.remaining.fen), Leg(prepaid, -use.remaining.fen)], fresh_key("use"))

    def receipt(self, receipt_no: str) -> Any:
        from hpf.treasury import queries

        with self.scope():
            return queries.receipt(self.centre_id, receipt_no)

    def suspense(self, on: date) -> list[Any]:
        from hpf.treasury import queries

        with self.scope():
            return queries.suspense(self.centre_id, on)

    def subjects(self) -> dict[int, Money]:
        from hpf.ledger import queries

        with self.scope():
            return queries.subject_balances(self.centre_id, self.day)

    def moved(self, before: dict[int, Money]) -> dict[int, Money]:
        """Subjects that changed since, debit positive."""
        after = self.subjects()
        changes = {subject: after.get(subject, Money(0)) - before.get(subject, Money(0)) for subject in after.keys() | before.keys()}
        return {subject: change for subject, change in changes.items() if change}
