"""What a court's paper must bring, how long it lasts, whom it is about."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.freezes.rules.accounts import HeldAccount, choose
from hpf.freezes.rules.orders import BY_CODE, Action, DocumentKind, Officer, Payee, check_amount, check_deduction, check_paper
from hpf.freezes.rules.terms import Term, check_term, due, last_day, months_later, queue
from hpf.kernel.money import ZERO, Money

TWO = (Officer("甲", "W1", "E1"), Officer("乙", "W2", "E2"))
BOTH = (DocumentKind.RULING, DocumentKind.NOTICE)
COURT = "兰州市城关区人民法院"
PAYEE = Payee("兰州市城关区人民法院执行款专户", "2700001")
ALLOWED = ("RETIREMENT", "LEAVING")


def codes(reasons: list[object]) -> list[str]:
    return [reason.code for reason in reasons]  # type: ignore[attr-defined]


def paper(action: Action = Action.FREEZE, **other: object) -> list[str]:
    said: dict[str, object] = {"case_no": "（2026）甘0102执1号", "ruling_no": "裁1", "notice_no": "协1", "officers": TWO, "documents": BOTH}
    return codes(check_paper(action, **{**said, **other}))  # type: ignore[arg-type]


def test_a_whole_paper_passes() -> None:
    assert paper() == []
    assert paper(Action.QUERY, ruling_no="", documents=(DocumentKind.QUERY_NOTICE,)) == []


@pytest.mark.parametrize(("lack", "code"), [
    ({"case_no": " "}, "CASE_NO_MISSING"),
    ({"ruling_no": ""}, "DOCUMENT_NO_MISSING"),
    ({"documents": (DocumentKind.NOTICE,)}, "DOCUMENT_MISSING"),
    ({"officers": TWO[:1]}, "OFFICERS_MISSING"),
    ({"officers": (TWO[0], Officer("乙", "W2", ""))}, "OFFICERS_MISSING"),
    ({"officers": (TWO[0], Officer("甲的化名", "W1", "E1"))}, "OFFICERS_MISSING"),
])  # fmt: skip
def test_a_paper_that_lacks_something_is_not_acted_on(lack: dict[str, object], code: str) -> None:
    assert paper(**lack) == [code]


def test_the_codes_of_the_line() -> None:
    assert [BY_CODE[code] for code in ("01", "02", "03", "04", "05", "06", "07", "08")] == [
        Action.FREEZE, Action.RENEW, Action.WAIT, Action.RELEASE, Action.RELEASE_WAITING, Action.DEDUCT, Action.TAKE_INCOME, Action.FREEZE_AND_DEDUCT,
    ]  # fmt: skip
    assert paper(Action.TAKE_INCOME) == ["ACTION_NOT_SERVED"]


@pytest.mark.parametrize(("amount", "whole", "expected"), [
    (Money(1), False, []), (None, True, []), (None, False, ["AMOUNT_OR_WHOLE"]), (Money(1), True, ["AMOUNT_OR_WHOLE"]),
    (ZERO, False, ["ORDERED_AMOUNT_WRONG"]),
])  # fmt: skip
def test_a_freeze_names_an_amount_or_everything(amount: Money | None, whole: bool, expected: list[str]) -> None:
    assert codes(check_amount(Action.FREEZE, amount, whole)) == expected
    assert codes(check_amount(Action.RENEW, None, False)) == []


def test_a_year_ends_the_day_before_and_february_is_short() -> None:
    assert last_day(date(2026, 3, 10), 12) == date(2027, 3, 9)
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2025, 11, 30), 3) == date(2026, 2, 28)


@pytest.mark.parametrize(("ends_on", "expected"), [
    (date(2029, 3, 9), []), (date(2029, 3, 10), ["FREEZE_TERM_TOO_LONG"]), (date(2026, 3, 10), []), (date(2026, 3, 9), ["TERM_ENDED_ALREADY"]),
])  # fmt: skip
def test_three_years_and_not_a_day_more(ends_on: date, expected: list[str]) -> None:
    assert codes(check_term(date(2026, 3, 10), ends_on, 36)) == expected


def test_what_has_ended_comes_in_the_order_of_time() -> None:
    terms = [Term(1, date(2026, 5, 3)), Term(2, date(2026, 5, 1)), Term(3, date(2026, 5, 1)), Term(4, date(2026, 5, 4))]
    assert [term.freeze_id for term in due(terms, date(2026, 5, 4))] == [2, 3, 1]


def test_the_queue() -> None:
    assert queue(Money(1000), [Money(600), Money(800)]) == (Money(600), Money(400))
    assert queue(Money(1300), [Money(600), Money(800)]) == (Money(600), Money(700))
    assert queue(Money(1300), [Money(800)]) == (Money(800),)
    assert queue(Money(500), [Money(600), None, Money(1)]) == (Money(500), ZERO, ZERO)
    assert queue(Money(500), [Money(100), None, Money(1)]) == (Money(100), Money(400), ZERO)
    assert queue(Money(-5), [Money(100)]) == (ZERO,)


@pytest.mark.parametrize(("situation", "payee", "sealed", "expected"), [
    ("RETIREMENT", PAYEE, None, []),
    ("RENT", PAYEE, None, ["SITUATION_NOT_DEDUCTIBLE"]),
    ("", PAYEE, None, ["SITUATION_NOT_DEDUCTIBLE"]),
    ("LEAVING", PAYEE, None, ["NOT_SEALED_LONG_ENOUGH"]),
    ("LEAVING", PAYEE, 5, ["NOT_SEALED_LONG_ENOUGH"]),
    ("LEAVING", PAYEE, 6, []),
    ("RETIREMENT", None, None, ["PAYEE_MISSING"]),
    ("RETIREMENT", Payee("某律师事务所", "1"), None, ["PAYEE_NOT_THE_COURT"]),
])  # fmt: skip
def test_a_deduction(situation: str, payee: Payee | None, sealed: int | None, expected: list[str]) -> None:
    assert codes(check_deduction(situation, ALLOWED, payee, COURT, sealed_months=sealed, sealed_needed=6)) == expected


A, B = HeldAccount("A", True, "正常"), HeldAccount("B", True, "封存")
GONE = HeldAccount("C", False, "提取销户", "2026-01-05")


@pytest.mark.parametrize(("known", "held", "account_no", "expected"), [
    (True, [A], "", "A"), (True, [A, GONE], "", "A"), (True, [A, B], "B", "B"),
    (False, [], "", "PERSON_NOT_FOUND"), (True, [], "", "NO_ACCOUNT_HERE"), (True, [GONE], "", "ALREADY_CLOSED"),
    (True, [A, GONE], "C", "ALREADY_CLOSED"), (True, [A, B], "", "SEVERAL_ACCOUNTS"), (True, [A], "Z", "ACCOUNT_NOT_THEIRS"),
])  # fmt: skip
def test_the_account_is_never_guessed(known: bool, held: list[HeldAccount], account_no: str, expected: str) -> None:
    chosen = choose(known, held, account_no)
    assert (chosen.value.account_no if chosen.value else chosen.reasons[0].code) == expected


def test_the_refusal_names_the_accounts_to_choose_from() -> None:
    assert "A（正常）、B（封存）" in choose(True, [A, B], "").reasons[0].message
