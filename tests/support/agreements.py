"""Monthly agreements of a centre that pays out, and a bank that takes a batch and answers when the test says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hpf.kernel.money import Money
from hpf.kernel.period import Month

MARKET = (("rental_kind", "MARKET"),)


class Bank:
    """Takes batches; `refuses` are payees' accounts that it cannot pay, with its words; `busy` answers 处理中, `fails` that
    the batch was never taken."""

    def __init__(self) -> None:
        self.refuses: dict[str, str] = {}
        self.busy = self.fails = False
        self.batches: dict[str, list[Any]] = {}

    def batch_pay(self, seq_no: str, account: str, lines: Sequence[Any], summary: str, on: date) -> Any:
        from hpf.treasury.rules.payments import Result, Told

        self.batches[seq_no] = list(lines)
        return Result(Told.PROCESSING, code="BDC0002", message="批量处理中")

    def batch_result(self, seq_no: str, on: date) -> Any:
        from hpf.treasury.gateways.settlement import BatchResult, LineResult
        from hpf.treasury.rules.payments import Result, Told

        if self.fails:
            return BatchResult(Result(Told.FAILED, code="BDC3008", message="批量文件未受理"))
        if self.busy:
            return BatchResult(Result(Told.PROCESSING, code="BDC0002", message="批量处理中"))
        lines = tuple(
            LineResult(n.line_no, n.account not in self.refuses, self.refuses.get(n.account, "成功")) for n in self.batches[seq_no]
        )
        return BatchResult(Result(Told.DONE, bank_reference=f"BK{seq_no}", bank_on=on, code="0", message="成功"), lines)


def sign(centre: Any, account: str, name: str, **given: Any) -> Any:
    """Signed and looked at; the answer of the first look."""
    months = given.pop("months", 3)
    first = given.pop("first", Month.of(centre.on))
    given = {"payee": centre.payee(name), "ground": "RENT", "first": first, "last": first + (months - 1), "day": 15, "said": MARKET} | given
    answer = centre.give("sign_agreement", centre.maker, account_no=account, on=centre.on, **given)
    if answer.value is None:
        return answer
    return centre.give("take_up", agreement_no=answer.value.agreement_no, on=centre.on, exchange=centre.exchange)


def signed(centre: Any, account: str, name: str, **given: Any) -> str:
    answer = sign(centre, account, name, **given)
    assert answer.value is not None, answer.reasons
    return str(answer.value.agreement_no)


def run(centre: Any, **given: Any) -> Any:
    from hpf.withdrawals.services import run_agreements

    given = {"by": centre.auto, "at": centre.at, "exchange": centre.exchange} | given
    return run_agreements(centre_id=centre.centre_id, business_on=centre.on, **given)


def talk(centre: Any, bank: Bank) -> None:
    """The bank hears of what is ready and tells what it knows; then the withdrawals are settled."""
    from hpf.treasury import services

    by, common = centre.by, {"centre_id": centre.centre_id, "bank": bank, "business_on": centre.on}
    services.send_payment_batches(by=by, at=centre.at, **common)
    services.poll_payment_batches(by=by, **common)
    centre.settle()


def instalments(centre: Any, agreement_no: str) -> list[Any]:
    return list(reversed(centre.seen("instalments", agreement_no)))


def months(centre: Any, agreement_no: str) -> list[tuple[str, str]]:
    """(month, where it stands), oldest first."""
    return [(str(each.month), each.application_state or each.state) for each in instalments(centre, agreement_no)]


def paid_out(centre: Any, account: str, before: Money) -> Money:
    return before - centre.money(account).balance


def couple(centre: Any, husband: str, wife: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two tenants who are married, as the registry says: (account, reference) of each."""
    his = centre.tenant(husband, born="19920105", marital_state="MARRIED")
    hers = centre.tenant(wife, born="19930506", marital_state="MARRIED")
    for one, other in ((his, hers), (hers, his)):
        centre.departments.marry(one[1], other[1])
        centre.departments.facts(one[1], marital_state="MARRIED", spouse_ref=other[1])
    return his, hers


def consent(
    centre: Any, reference: str, *, days: int = 366, scope: Sequence[str] = ("TITLES.homes_of_person_in_place",), purpose: str = ""
) -> str:
    """What the spouse allows, at the counter, for an agreement's time."""
    from datetime import timedelta

    from hpf.sharing.services import give_consent
    from hpf.withdrawals.queries.facts import PURPOSE
    from tests.support.people import fresh

    given = give_consent(
        by=centre.maker, centre_id=centre.centre_id, person_ref=reference, scope=tuple(scope), purpose=purpose or PURPOSE,
        ends_at=centre.at + timedelta(days=days), at=centre.at, key=fresh("consent"),
    )  # fmt: skip
    assert given.value is not None, given.reasons
    return str(given.value.consent_no)


def take_back(centre: Any, consent_no: str) -> None:
    from hpf.sharing.services import withdraw_consent
    from tests.support.people import fresh

    done = withdraw_consent(by=centre.maker, centre_id=centre.centre_id, consent_no=consent_no, at=centre.at, key=fresh("back"))
    assert done.value is not None, done.reasons


def stop_all() -> None:
    """What was signed before has ended."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE withdrawals_agreement SET state = 'ENDED', ended_on = signed_on WHERE state = 'SIGNED'")
