"""Answers that cannot both be true: nobody decides by them, both sides are named, and the record of it reads back the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from hpf.withdrawals.rules import Ground, Known, Unknown
from hpf.withdrawals.rules.reading import read

pytestmark = pytest.mark.usefixtures("database")

ON = date(2026, 10, 15)
ME = "R" + "1" * 32
AT = datetime(2026, 10, 15, 1, tzinfo=UTC)


def answered(number: str, service: str, *, until: date = ON, **fields: object) -> Any:
    from hpf.sharing.queries import AnswerView

    department, _, code = service.partition(".")
    source = {"CREDIT": "商业银行", "CIVIL": "民政"}[department]
    return AnswerView(
        number, "WITHDRAWAL", "TQ1", department, code, source, None, ME, "", "LAW", "", {}, "", AT, "ANSWERED", fields, AT, until,
    )  # fmt: skip


def facts(*answers: Any, found: dict[str, tuple[Any, str, date]] | None = None) -> Any:
    from hpf.withdrawals.queries.facts import gathered

    return gathered(Ground.LOAN_REPAYMENT, centre_id=1, on=ON, own_ref=ME, said={}, answers=answers, found=found or {})


def loan(**more: object) -> dict[str, object]:
    return {"loan_no": "SD1", "is_housing_loan": True, "loan_balance_fen": 100, "paid_off_on": None} | more


def test_a_loan_paid_off_and_owed_is_known_in_neither_and_the_rest_of_the_answer_stands() -> None:
    seen = facts(answered("CX1", "CREDIT.loan", **loan(paid_off_on="2020-01-01")))
    for name in ("paid_off_on", "loan_balance_fen"):
        fact = getattr(seen, name)
        assert isinstance(fact, Unknown) and fact.contradicts and "2020-01-01" in fact.reason and "1.00" in fact.reason
    assert isinstance(seen.is_housing_loan, Known) and seen.is_housing_loan.value is True


def test_only_the_latest_answers_that_may_be_used_are_held_against_each_other() -> None:
    old = answered("CX1", "CREDIT.loan", **loan(paid_off_on="2020-01-01"))
    assert facts(old, answered("CX2", "CREDIT.loan", **loan())).paid_off_on.value is None
    stale = answered("CX1", "CREDIT.loan", until=date(2026, 10, 14), **loan(paid_off_on="2020-01-01"))
    assert not isinstance(facts(stale).paid_off_on, Unknown)


def test_married_without_a_spouse_is_no_answer() -> None:
    seen = facts(answered("CX1", "CIVIL.marriage", marital_state="MARRIED", spouse_ref=None))
    assert seen.marital_state.contradicts and seen.spouse_ref.contradicts


def test_what_a_clerk_found_replaces_it() -> None:
    found = {"paid_off_on": (None, "银行出具的结清情况第3号", ON)}
    assert facts(answered("CX1", "CREDIT.loan", **loan(paid_off_on="2020-01-01")), found=found).paid_off_on.value is None


def test_the_record_of_a_contradiction_reads_back_the_same() -> None:
    entry = {"unknown": "两者矛盾", "source": "商业银行", "at": "2026-10-15", "contradicts": True}
    fact = read(Ground.LOAN_REPAYMENT, {"balance": "0.00", "facts": {"paid_off_on": entry}}, ON, 1).facts.paid_off_on
    assert fact == Unknown("商业银行", "两者矛盾", ON, contradicts=True)
