"""死亡提取: three heirs, three payments, sums to the fen; one comes back and disturbs nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hpf.kernel.money import ZERO, Money
from tests.support.people import resident_id

DIED = date(2026, 8, 20)


@pytest.fixture
def told():
    from hpf.treasury.rules.payments import Told

    return Told


@pytest.fixture(scope="module")
def provincial(database: str, departments: Any) -> Any:
    from tests.support.withdrawals import Payer

    centre = Payer(16, departments)
    centre.begin()
    return centre


def seal(centre: Any, account: str) -> None:
    from hpf.accounts.services import seal
    from tests.support.people import fresh

    answer = seal(
        by=centre.by,
        centre_id=centre.centre_id,
        account_no=account,
        reason="LEFT",
        left_on=centre.on,
        on=centre.on,
        at=centre.at,
        key=fresh(),
    )
    assert answer.value is not None, answer.reasons


def heir(name: str, sequence: int, share: tuple[int, int] = (1, 3), **other: Any) -> Any:
    from hpf.withdrawals.services import HeirGiven

    given = {"id_kind": "RESIDENT_ID", "id_number": resident_id(sequence, "19700101"), "account": f"62220210011122{sequence:05d}"} | other
    return HeirGiven(name, numerator=share[0], denominator=share[1], **given)


FAMILY = (("李妻", 301), ("李子", 302), ("李女", 303))


def family() -> tuple[Any, ...]:
    return tuple(heir(name, sequence) for name, sequence in FAMILY)


def dead(lanzhou: Any, name: str, **facts: Any) -> str:
    account, _ = lanzhou.tenant(name, born="19620105", died_on=DIED.isoformat(), **facts)
    lanzhou.pay(account, "50000.00", lanzhou.on, value_on=date(2026, 7, 31))
    return account


def apply(lanzhou: Any, account: str, heirs: tuple[Any, ...] | None = None, **given: Any) -> Any:
    asked = {"died_on": DIED, "proof": "NOTARY", "heirs": family() if heirs is None else heirs, "applicant": 1, "on": lanzhou.on} | given
    return lanzhou.give("apply_for_estate", lanzhou.maker, account_no=account, **asked)


def accepted(lanzhou: Any, account: str, **given: Any) -> str:
    answer = apply(lanzhou, account, **given)
    assert answer.value is not None, answer.reasons
    return answer.value.application_no


def test_three_heirs_are_paid_to_the_fen_and_the_account_ends(lanzhou, told):
    account = dead(lanzhou, "李去世")
    balance = lanzhou.money(account).balance
    number = accepted(lanzhou, account)
    assert lanzhou.proceed(number).state == "IN_SETTLEMENT", lanzhou.words(number)
    case, heirs = lanzhou.case(number), lanzhou.seen("heirs", number)
    assert (balance, case.granted, case.interest) == (Money.yuan("53600.00"), balance, Money.yuan("114.58"))
    assert [each.amount for each in heirs] == [Money.yuan("17904.86"), Money.yuan("17904.86"), Money.yuan("17904.86")]
    assert Money.total(each.amount for each in heirs) == case.paid_out == Money.yuan("53714.58")
    assert [each.share for each in heirs] == ["1/3"] * 3 and heirs[0].applies
    assert heirs[0].id_masked != resident_id(301, "19700101") and heirs[0].account_tail == "0301"
    assert (lanzhou.view(account).state, lanzhou.money(account).balance) == ("WITHDRAWN_OUT", ZERO)
    for place, each in enumerate(heirs, 1):
        lanzhou.bank_says(number, told.DONE, payment_no=each.payment_no)
        assert lanzhou.case(number).state == ("PAID" if place == 3 else "IN_SETTLEMENT")
    assert lanzhou.case(number).paid_on == lanzhou.on


def test_unequal_shares_give_the_last_fen_to_the_first(lanzhou):
    account = dead(lanzhou, "李零头")
    heirs = (heir("李妻", 311, (1, 2)), heir("李子", 312, (1, 3)), heir("李女", 313, (1, 6)))
    number = accepted(lanzhou, account, heirs=heirs)
    assert lanzhou.proceed(number).state == "IN_SETTLEMENT", lanzhou.words(number)
    assert [each.amount.text for each in lanzhou.seen("heirs", number)] == ["26,857.29", "17,904.86", "8,952.43"]


def test_one_payment_comes_back_and_the_others_stay(lanzhou, told):
    account = dead(lanzhou, "李退回")
    number = accepted(lanzhou, account)
    lanzhou.proceed(number)
    first, second, third = lanzhou.seen("heirs", number)
    lanzhou.bank_says(number, told.DONE, payment_no=first.payment_no)
    lanzhou.bank_says(number, told.FAILED, payment_no=second.payment_no)
    case = lanzhou.case(number)
    assert (case.state, case.outcome[:8]) == ("FAILED", "1名继承人付款未")
    assert lanzhou.money(account).balance == ZERO, "the money waits beside the account, not on it"
    lanzhou.bank_says(number, told.DONE, payment_no=third.payment_no)
    assert [each.state for each in lanzhou.seen("heirs", number)] == ["PAID", "FAILED", "PAID"]
    refused = lanzhou.give("withdraw_application", lanzhou.maker, application_no=number)
    assert [reason.code for reason in refused.reasons] == ["MONEY_HAS_LEFT"]
    correct = {"application_no": number, "place": 2, "name": "李子", "account": "6222029999888877771", "reason": "银行换卡"}
    assert lanzhou.give("correct_heir", lanzhou.maker, **correct).value is not None
    assert lanzhou.seen("heirs", number)[1].account_tail == "0302", "nothing is changed by one person alone"
    assert lanzhou.give("pass_heir", lanzhou.checker, application_no=number, place=2, agrees=True).value is not None
    assert lanzhou.give("pay_heirs", application_no=number, business_on=lanzhou.on).value.state == "IN_SETTLEMENT"
    again = lanzhou.seen("heirs", number)[1]
    assert (again.state, again.amount, again.account_tail) == ("ORDERED", second.amount, "7771")
    assert again.payment_no != second.payment_no
    lanzhou.bank_says(number, told.DONE, payment_no=again.payment_no)
    assert lanzhou.case(number).state == "PAID"


def test_a_payment_returned_days_later_opens_the_case_again(lanzhou, told):
    account = dead(lanzhou, "李退汇")
    number = accepted(lanzhou, account)
    lanzhou.proceed(number)
    heirs = lanzhou.seen("heirs", number)
    for each in heirs:
        lanzhou.bank_says(number, told.DONE, payment_no=each.payment_no)
    lanzhou.comes_back(heirs[2].payment_no)
    case = lanzhou.case(number)
    assert (case.state, [each.state for each in lanzhou.seen("heirs", number)]) == ("FAILED", ["PAID", "PAID", "FAILED"])
    settled = lanzhou.settle()
    assert settled == [] and lanzhou.case(number).state == "FAILED"


def test_who_prepared_a_correction_does_not_pass_it_and_only_a_failed_payment_is_corrected(lanzhou, told):
    number = accepted(lanzhou, dead(lanzhou, "李更正"))
    lanzhou.proceed(number)
    given = {"application_no": number, "place": 1, "name": "李妻", "account": "6222029999888877771", "reason": ""}
    answer = lanzhou.give("correct_heir", lanzhou.maker, **given)
    assert [reason.code for reason in answer.reasons] == ["HEIR_NOT_FAILED", "REASON_MISSING"]
    lanzhou.bank_says(number, told.FAILED, payment_no=lanzhou.seen("heirs", number)[0].payment_no)
    lanzhou.give("correct_heir", lanzhou.maker, **given | {"reason": "换卡"})
    passed = {"application_no": number, "place": 1, "agrees": True}
    assert [reason.code for reason in lanzhou.give("pass_heir", lanzhou.maker, **passed).reasons] == ["SAME_PERSON"]
    assert lanzhou.give("pass_heir", lanzhou.checker, **passed | {"agrees": False}).value is not None
    first = lanzhou.seen("heirs", number)[0]
    assert (first.state, first.account_tail, first.proposed_tail) == ("FAILED", "0301", "")
    assert [reason.code for reason in lanzhou.give("pass_heir", lanzhou.checker, **passed).reasons] == ["NOT_CORRECTED"]


def test_what_is_written_wrong_is_said_with_the_heirs_place(lanzhou):
    account = dead(lanzhou, "李填错")
    wrong = (heir("李妻", 321, (0, 3)), heir("", 322), heir("李妻", 321, account="12"))
    answer = apply(lanzhou, account, heirs=wrong, applicant=4, proof="PROMISE")
    codes = [reason.code for reason in answer.reasons]
    assert codes == ["HEIR_PROOF_UNKNOWN", "HEIR_WRONG", "HEIR_WRONG", "HEIR_WRONG", "HEIR_TWICE", "APPLICANT_UNKNOWN"]
    assert "第1名继承人：份额0/3" in answer.reasons[1].message and "第3名" in answer.reasons[3].message
    assert lanzhou.seen("applications_of_person", lanzhou.view(account).person_id) == []


def test_shares_that_make_no_whole_and_a_death_nobody_registered_are_refused(lanzhou):
    account = dead(lanzhou, "李份额")
    number = accepted(lanzhou, account, heirs=(heir("李妻", 331, (1, 2)), heir("李子", 332, (1, 3))))
    assert (lanzhou.proceed(number).state, lanzhou.reasons(number)) == ("REFUSED", ["HEIR_SHARES_WRONG"])
    living, _ = lanzhou.tenant("李健在", born="19620105", died_on=None)
    number = accepted(lanzhou, living)
    assert lanzhou.proceed(number).state == "REFERRED"
    assert lanzhou.reasons(number) == ["FACTS_CONTRADICT"], "the paper says dead, the register says nothing: a person looks"
    assert lanzhou.money(living).balance == Money.yuan("3600.00")


def test_nobody_inherits_and_a_person_decides(lanzhou):
    account = dead(lanzhou, "李无人")
    number = accepted(lanzhou, account, heirs=(), applicant=0, proof="COURT")
    assert (lanzhou.proceed(number).state, lanzhou.reasons(number)) == ("REFERRED", ["NO_HEIRS"])
    assert lanzhou.money(account).balance == Money.yuan("53600.00")


def test_what_nobody_inherits_becomes_surplus_as_a_whole_on_the_word_of_two_people(lanzhou):
    from hpf.accounts.rules.states import MemberState
    from hpf.ledger import queries as ledger

    account = dead(lanzhou, "李无后")
    number = accepted(lanzhou, account, heirs=(), applicant=0, proof="COURT")
    lanzhou.proceed(number)
    whole = lanzhou.money(account).balance
    said = {"application_no": number, "opinion": "APPROVED", "reason": "法院判决无人继承", "source": "（2026）甘0102民特9号"}
    part = lanzhou.give("review", lanzhou.maker, amount=whole - Money(1), **said)
    assert [reason.code for reason in part.reasons] == ["ESTATE_NOT_WHOLE"] and "53,600.00元" in part.reasons[0].message
    assert lanzhou.give("review", lanzhou.maker, amount=whole, **said).value is not None
    assert lanzhou.give("pass_review", lanzhou.checker, application_no=number).value.state == "APPROVED"
    before = income(lanzhou)
    paid = lanzhou.give("pay", application_no=number, business_on=lanzhou.on)
    assert paid.value is not None and paid.value.state == "PAID"
    case = lanzhou.case(number)
    assert case.payment_no == "" and case.paid_on == lanzhou.on and "转入增值收益" in case.outcome
    assert case.interest is not None and case.interest.fen > 0
    assert income(lanzhou) - before == case.paid_out == whole + case.interest
    assert lanzhou.view(account).state == MemberState.WITHDRAWN_OUT and lanzhou.money(account).balance == ZERO
    with lanzhou.scope():
        entries = ledger.history(lanzhou.view(account).ledger_account_id, date(1990, 1, 1), date(2030, 1, 1), limit=9)
        templates = [ledger.journal(1, entry.journal_id).template for entry in entries]
    assert templates.count("J5") == 2
    assert lanzhou.settle() == [] and lanzhou.give("pay", application_no=number, business_on=lanzhou.on).value is None


def test_money_that_comes_between_the_two_people_is_not_left_behind(lanzhou):
    account = dead(lanzhou, "李晚到")
    number = accepted(lanzhou, account, heirs=(), applicant=0, proof="COURT")
    lanzhou.proceed(number)
    given = {"application_no": number, "opinion": "APPROVED", "reason": "法院判决无人继承", "amount": lanzhou.money(account).balance}
    assert lanzhou.give("review", lanzhou.maker, **given).value is not None
    lanzhou.pay(account, "100.00", lanzhou.on)
    passed = lanzhou.give("pass_review", lanzhou.checker, application_no=number)
    assert [reason.code for reason in passed.reasons] == ["ESTATE_NOT_WHOLE"]
    assert lanzhou.money(account).balance == Money.yuan("53700.00")


def income(centre: Any) -> Money:
    """What the fund has taken in of what nobody inherited."""
    from hpf.ledger import queries as ledger

    with centre.scope():
        return ledger.subject_balances(centre.centre_id, centre.on).get(4010509, ZERO) * -1


def test_the_holders_own_application_cannot_be_for_her_death(lanzhou):
    account = dead(lanzhou, "李本人")
    answer = lanzhou.apply(account, "李本人", "DEATH")
    assert [reason.code for reason in answer.reasons] == ["WITHDRAWAL_BY_HEIRS"]


def test_a_small_estate_is_paid_on_the_registers_word_that_she_is_next_of_kin(provincial, told):
    account, holder = provincial.tenant("周小额", born="19620105", died_on=DIED.isoformat(), months=1)
    seal(provincial, account)
    wife = heir("周妻", 341, (1, 1))
    reference = provincial.departments.person("RESIDENT_ID", wife.id_number, place=provincial.place)
    provincial.departments.marry(holder, reference)
    number = accepted(provincial, account, heirs=(wife,), proof="NONE")
    assert provincial.proceed(number).state == "IN_SETTLEMENT", provincial.words(number)
    (only,) = provincial.seen("heirs", number)
    assert only.amount == provincial.case(number).paid_out
    stranger, _ = provincial.tenant("周生人", born="19620105", died_on=DIED.isoformat(), months=1)
    seal(provincial, stranger)
    other = heir("外人", 342, (1, 1))
    provincial.departments.person("RESIDENT_ID", other.id_number, place=provincial.place)
    number = accepted(provincial, stranger, heirs=(other,), proof="NONE")
    assert (provincial.proceed(number).state, provincial.reasons(number)) == ("REFUSED", ["HEIR_PROOF_MISSING"])


def test_an_estate_counts_as_one_withdrawal_and_a_payment_that_came_back_changes_nothing(lanzhou, told):
    from tests.integration.withdrawals.test_ground_statistics import count, facts

    def deaths() -> dict[str, int]:
        count(lanzhou.on)
        rows = [row for row in facts() if row[0] == "DAY" and row[1] == lanzhou.on and row[4] == "DEATH"]
        return {measure: amount for _, _, measure, _, _, amount, _ in rows}

    before = deaths()
    number = accepted(lanzhou, dead(lanzhou, "李统计"))
    lanzhou.proceed(number)
    counted = deaths()
    grown = {measure: counted[measure] - before.get(measure, 0) for measure in counted}
    assert grown == {"ground_principal": 53_600_00, "ground_interest": 114_58, "ground_withdrawals": 1, "ground_persons_first": 1}
    lanzhou.bank_says(number, told.FAILED, payment_no=lanzhou.seen("heirs", number)[0].payment_no)
    assert deaths() == counted
