"""偿还商业性住房贷款的约定提取: month by month to the loan's account, until the bank says that it is paid off; doubts are not paid."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.integration.withdrawals.test_pages import desk, text_of
from tests.support.agreements import Bank, instalments, months, paid_out, run, sign, signed, stop_all, talk

__all__ = ["desk"]
DUE = 210_000
LOAN = "SD20210000000777"


@pytest.fixture(autouse=True)
def nobody_else(database):
    """What earlier tests signed has ended."""
    stop_all()


def borrower(centre, name, **loan):
    """Who owes a bank 480,000.00 for a home, 2,100.00 each month."""
    account, reference = centre.tenant(name, born="19880101", base="12000.00", homes_in_place=1)
    told = {
        "loan_no": LOAN, "loan_kind": "COMMERCIAL", "borrowers": reference, "is_housing_loan": True, "loan_balance_fen": 48_000_000,
        "paid_off_on": None, "next_due_fen": DUE,
    }  # fmt: skip
    centre.departments.facts(reference, **told | loan)
    return account, reference


def agreed(centre, account, name, **given):
    return signed(centre, account, name, ground="LOAN_REPAYMENT", said=(("loan_no", given.pop("loan_no", LOAN)),), **given)


def test_two_months_are_paid_and_the_loan_paid_off_ends_the_agreement(lanzhou, desk):
    centre, bank = lanzhou, Bank()
    account, reference = borrower(centre, "尚还贷")
    before = centre.money(account).balance
    number = agreed(centre, account, "尚还贷", months=6)
    assert run(centre).paid == 1, months(centre, number)
    talk(centre, bank)
    centre.departments.facts(reference, loan_balance_fen=47_900_000)
    centre.next_day(date(2026, 10, 15))
    done = run(centre)
    assert (done.paid, done.amount.fen) == (1, DUE)
    talk(centre, bank)
    assert months(centre, number) == [("2026-09", "PAID"), ("2026-10", "PAID")]
    assert paid_out(centre, account, before).fen == 2 * DUE
    for each in instalments(centre, number):
        facts = {fact.name: fact.source for fact in centre.seen("decisions", each.application_no)[0].facts}
        assert facts["next_due_fen"] == facts["paid_off_on"] == "商业银行·商业住房贷款"
    centre.departments.facts(reference, loan_balance_fen=0, paid_off_on="2026-11-02", next_due_fen=None)
    centre.next_day(date(2026, 11, 16))
    left = centre.money(account).balance
    done = run(centre)
    assert (done.due, done.paid, done.refused) == (1, 0, 1)
    agreement = centre.seen("agreement", number)
    assert agreement.state == "ENDED"
    assert "2026年11月一期未付" in agreement.ended_reason and "已于2026-11-02结清" in agreement.ended_reason
    refused = instalments(centre, number)[2].application_no
    assert centre.reasons(refused) == ["LOAN_PAID_OFF"]
    assert centre.money(account).balance == left
    centre.next_day(date(2026, 12, 15))
    assert run(centre).due == 0
    told = text_of(desk.login("尚还贷", "MEMBER", account).get(f"/me/monthly/{number}/"))
    assert "已终止" in told and "结清" in told
    assert [centre.seen("replay", decision).differences for decision in centre.seen("decision_ids")] == [(), (), ()]


def test_a_bank_that_contradicts_itself_ends_nothing_and_is_left_to_a_person(lanzhou, departments):
    centre = lanzhou
    account, reference = borrower(centre, "耿矛盾", loan_no="SD20210000000888")
    first = Month.of(centre.on)
    centre.next_day(first.first_day.replace(day=16))
    number = agreed(centre, account, "耿矛盾", loan_no="SD20210000000888", first=first + 1, months=3)
    centre.next_day(date(2027, 1, 15))
    before = centre.money(account).balance
    centre.departments.facts(reference, paid_off_on="2020-01-01")
    done = run(centre)
    assert (done.paid, done.refused, done.referred) == (0, 0, 1)
    (instalment,) = instalments(centre, number)
    assert (instalment.application_state, centre.reasons(instalment.application_no)) == ("REFERRED", ["FACTS_CONTRADICT"])
    words = centre.words(instalment.application_no)
    assert "2020-01-01" in words and "480,000.00" in words and "两者矛盾" in words
    assert centre.seen("agreement", number).is_running and centre.money(account).balance == before
    decision = centre.seen("decisions", instalment.application_no)[0]
    assert centre.seen("replay", decision.decision_id).differences == ()
    # the bank corrects itself, a clerk asks again
    from tests.support.withdrawals import moment

    centre.departments.facts(reference, paid_off_on=None)
    again = centre.proceed(instalment.application_no, at=moment(centre.on, 11))
    assert again.state == "IN_SETTLEMENT", centre.words(instalment.application_no)
    assert paid_out(centre, account, before).fen == DUE


def test_the_members_word_against_the_banks_is_not_signed_away(lanzhou):
    account, _ = borrower(lanzhou, "车各执", loan_no="SD20210000000999")
    before = lanzhou.money(account).balance
    answer = sign(
        lanzhou, account, "车各执", ground="LOAN_REPAYMENT", said=(("loan_no", "SD20210000000999"), ("next_due_fen", "5000.00")), day=1
    )
    assert answer.value is not None, "a doubt does not end it"
    assert run(lanzhou).referred == 1
    (instalment,) = instalments(lanzhou, answer.value.agreement_no)
    words = lanzhou.words(instalment.application_no)
    assert lanzhou.reasons(instalment.application_no) == ["FACTS_CONTRADICT"] and "5,000.00" in words and "2,100.00" in words
    assert lanzhou.money(account).balance == before


@pytest.mark.parametrize(
    ("loan", "code"),
    [
        ({"paid_off_on": "2026-08-31", "loan_balance_fen": 0, "next_due_fen": None}, "LOAN_PAID_OFF"),
        ({"is_housing_loan": False}, "LOAN_NOT_HOUSING"),
        ({"borrowers": "somebody else"}, "NOT_A_BORROWER"),
    ],
)
def test_what_stands_against_every_month_is_told_at_the_signing(lanzhou, loan, code):
    if "borrowers" in loan:
        loan = {"borrowers": lanzhou.tenant("桑旁人")[1]}
    account, _ = borrower(lanzhou, "桑不成", loan_no="SD20210000001000", **loan)
    answer = sign(lanzhou, account, "桑不成", ground="LOAN_REPAYMENT", said=(("loan_no", "SD20210000001000"),))
    assert code in [reason.code for reason in answer.reasons]
    (agreement,) = lanzhou.seen("agreements_of_person", lanzhou.view(account).person_id)
    assert agreement.state == "ENDED" and run(lanzhou).due == 0


def test_a_month_pays_what_the_bank_asks_and_no_more_than_was_agreed(lanzhou):
    account, _ = borrower(lanzhou, "申上限", loan_no="SD20210000001100")
    before = lanzhou.money(account).balance
    agreed(lanzhou, account, "申上限", loan_no="SD20210000001100", amount=Money.yuan("1500.00"), day=1)
    assert run(lanzhou).amount == Money.yuan("1500.00")
    assert paid_out(lanzhou, account, before) == Money.yuan("1500.00")
