"""补缴: three kinds, each by the limits of the month it is for."""

from dataclasses import replace
from datetime import date

import pytest

from hpf.contributions.rules.back_payment import BackTerms, check_back_payment
from hpf.contributions.rules.states import RemittanceKind
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from tests.unit.contributions.roster import LI, LIMITS, ZHANG, blind, line, listed

JUNE = Month(2026, 6)
OLD_LIMITS = replace(LIMITS, floor=Money.yuan("1620.00"), cap=Money.yuan("20000.00"), floor_law="旧下限", cap_law="旧上限")


def terms(kind=RemittanceKind.BACK_FULL, **different):
    usual = BackTerms(
        kind=kind,
        month=JUNE,
        reason="漏缴",
        on=date(2026, 8, 20),
        established_on=date(2015, 3, 10),
        earliest=Month(1999, 4),
        earliest_law="建金管〔2005〕5号/补缴",
        limits_of=lambda month: OLD_LIMITS if month < Month(2026, 7) else LIMITS,
        blind=blind,
        booked={},
    )
    return replace(usual, **different)


def check(*lines, roster=(ZHANG, LI), **different):
    return check_back_payment(listed(*lines), list(roster), terms(**different))


def the_code(checked):
    (defect,) = checked.defects
    assert checked.accepted == ()
    return defect.code


def test_a_missed_month_is_paid_in_full():
    (accepted,) = check(line(2, ZHANG)).accepted
    assert (accepted.month, accepted.employer_fen, accepted.member_fen, accepted.base_fen) == (JUNE, 11600, 11600, 231000)


def test_one_person_may_make_up_several_months_in_one_list():
    checked = check(line(2, ZHANG, month=Month(2026, 5)), line(3, ZHANG, month=JUNE))
    assert [each.month for each in checked.accepted] == [Month(2026, 5), JUNE]
    assert check(line(2, ZHANG, month=JUNE), line(3, ZHANG, month=JUNE)).defects[0].code == "PERSON_TWICE"


def test_sealed_people_may_be_paid_back_and_closed_ones_not():
    assert check(line(2, ZHANG), roster=[replace(ZHANG, state="SEALED")]).is_clean
    assert the_code(check(line(2, ZHANG), roster=[replace(ZHANG, state="MERGED")])) == "PERSON_CLOSED"


def test_the_limits_are_those_of_the_month_made_up():
    base = Money.yuan("21000.00").fen
    amounts = {"base_fen": base, "employer_fen": 105000, "member_fen": 105000, "total_fen": 210000}
    assert the_code(check(line(2, ZHANG, **amounts))) == "BASE_ABOVE_CAP"
    assert check(line(2, ZHANG, month=Month(2026, 7), **amounts)).is_clean


@pytest.mark.parametrize(
    ("month", "code"),
    [
        (Month(1999, 3), "MONTH_TOO_EARLY"),
        (Month(2015, 2), "MONTH_BEFORE_EMPLOYER"),
        (Month(2026, 8), "MONTH_IN_FUTURE"),
        (Month(2027, 1), "MONTH_IN_FUTURE"),
    ],
)
def test_months_that_cannot_be_made_up(month, code):
    assert the_code(check(line(2, ZHANG, month=month))) == code


def test_april_1999_and_the_month_the_unit_was_founded_can_be_made_up():
    assert check(line(2, ZHANG, month=Month(1999, 4)), established_on=None).is_clean
    assert check(line(2, ZHANG, month=Month(2015, 3))).is_clean


def test_without_a_reason_nothing_is_made_up():
    assert the_code(check(line(2, ZHANG), reason="")) == "REASON_MISSING"
    assert check(line(2, ZHANG, reason="漏缴"), reason="").is_clean


def test_a_month_already_paid_is_not_paid_in_full_again():
    assert the_code(check(line(2, ZHANG), booked={(ZHANG.account_no, JUNE): (100, 100)})) == "MONTH_ALREADY_PAID"


def test_an_amount_off_by_a_fen_is_told_how_it_is_counted():
    (defect,) = check(line(2, ZHANG, employer_fen=11601, total_fen=None)).defects
    assert defect.text == "单位月缴存额应为116.00元（2026年6月基数2,310.00元×5.00%），填写116.01元，相差0.01元。请改为116.00"


def test_the_difference_is_what_the_corrected_base_owes_less_what_is_booked():
    corrected = {"base_fen": 300000, "employer_fen": 3400, "member_fen": 3400, "total_fen": 6800}
    checked = check(line(2, ZHANG, **corrected), kind=RemittanceKind.BACK_DIFFERENCE, booked={(ZHANG.account_no, JUNE): (11600, 11600)})
    assert (checked.is_clean, checked.total) == (True, Money.yuan("68.00"))


@pytest.mark.parametrize(
    ("booked", "code"),
    [
        ({}, "MONTH_NOT_PAID"),
        ({(ZHANG.account_no, JUNE): (11600, 11600)}, "NOTHING_OWED"),
        ({(ZHANG.account_no, JUNE): (20000, 11600)}, "NOTHING_OWED"),
    ],
)
def test_there_is_no_difference_where_nothing_or_everything_is_paid(booked, code):
    assert the_code(check(line(2, ZHANG), kind=RemittanceKind.BACK_DIFFERENCE, booked=booked)) == code


def test_a_free_amount_is_taken_as_stated_up_to_the_highest_of_the_month():
    def free(employer_fen, member_fen=0, booked=(0, 0)):
        stated = line(2, ZHANG, employer_fen=employer_fen, member_fen=member_fen, total_fen=None)
        return check(stated, kind=RemittanceKind.BACK_FREE, booked={(ZHANG.account_no, JUNE): booked})

    assert free(123456).total == Money(123456)
    assert free(240000).is_clean
    assert the_code(free(240001)) == "AMOUNT_ABOVE_MAXIMUM"
    assert the_code(free(240000, booked=(1, 0))) == "AMOUNT_ABOVE_MAXIMUM"
    assert the_code(free(0)) == "AMOUNT_MISSING"


def test_a_stranger_is_told_so_here_too():
    assert the_code(check(line(2, LI), roster=[ZHANG])) == "PERSON_STRANGER"
