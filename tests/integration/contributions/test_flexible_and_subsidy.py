"""灵活就业 缴存补贴: agreement, debits and their results line by line, pause, resumption, exit; public money kept apart."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from tests.support.contributions import JULY, NAMES, Centre, codes
from tests.support.people import fresh, resident_id

AUGUST = Month(2026, 8)


@pytest.fixture
def own_lanzhou(own_database):
    centre = Centre(1)
    centre.begin()
    return centre


def flexible_people(lanzhou, people=2):
    pool = lanzhou.unit("兰州灵活就业归集专户", kind="FLEXIBLE", rate="10")
    new = [lanzhou.new_member(NAMES[n], resident_id(700 + n), "5000.00", rate=Rate.of("10")) for n in range(people)]
    lines = lanzhou.ask(pool, *new)
    assert all(line.account_no for line in lines), [line.reasons for line in lines]
    return [line.account_no for line in lines]


def sign(lanzhou, account_no, **more):
    given = {
        "account_no": account_no, "frequency": "MONTHLY", "payer_name": "张三", "card": "6217001820001234567", "bank_code": "105100000017",
        "first_month": JULY, "signed_on": lanzhou.on,
    }  # fmt: skip
    return lanzhou.call("sign_agreement", **{**given, **more})


def bank_answers(lanzhou, collected, failed=()):
    """The bank debits every card but those of `failed` (line numbers)."""
    from hpf.treasury.gateways.settlement import LineResult
    from hpf.treasury.rules.payments import Result, Told
    from hpf.treasury.services import begin_collecting, record_collection_result

    begun = begin_collecting(
        by=lanzhou.by, centre_id=lanzhou.centre_id, collection_no=collected.treasury_no, business_on=lanzhou.on, key=fresh()
    )
    lines = tuple(LineResult(n, n not in failed, "" if n not in failed else "余额不足") for n in range(1, collected.lines + 1))
    record_collection_result(
        by=lanzhou.by, centre_id=lanzhou.centre_id, collection_no=collected.treasury_no, send_seq_no=begun.send_seq_no, lines=lines,
        result=Result(Told.DONE, bank_reference=fresh("BK"), bank_on=lanzhou.on), business_on=lanzhou.on, key=fresh(),
    )  # fmt: skip


def collect(lanzhou, month=JULY):
    return lanzhou.call("collect", month=month, business_on=lanzhou.on)


@pytest.mark.parametrize(
    ("field", "value", "code", "message"),
    [
        ("base_fen", 219_999, "BASE_BELOW_FLOOR", "缴存基数2,199.99元低于当月下限2,200.00元，请按不低于下限的基数办理基数调整后重新提交"),
        ("member_rate", "9.99", "RATE_BELOW_MINIMUM", "灵活就业缴存比例9.99%低于下限10.00%，请更正后重新提交"),
    ],
)
def test_an_account_with_terms_of_former_times_signs_only_after_they_were_brought_up_to_date(own_lanzhou, field, value, code, message):
    from django.db import connections

    lanzhou = own_lanzhou
    (zhang,) = flexible_people(lanzhou, 1)
    with connections["owner"].cursor() as owner:
        owner.execute(f"UPDATE accounts_memberaccount SET {field} = %s WHERE account_no = %s", [value, zhang])
    refused = sign(lanzhou, zhang)
    assert [(reason.code, reason.message) for reason in refused.reasons] == [(code, message)]
    assert lanzhou.ask_for("agreements") == []


def test_cards_are_debited_and_what_the_bank_could_not_take_is_tried_again(own_lanzhou):
    lanzhou = own_lanzhou
    zhang, li = flexible_people(lanzhou)
    one, two = (sign(lanzhou, no).value for no in (zhang, li))
    assert (one.month_amount, one.debit) == (Money.yuan("500.00"), Money.yuan("500.00"))
    assert codes(sign(lanzhou, zhang)) == ["AGREEMENT_EXISTS"]
    collected = collect(lanzhou).value
    assert (collected.lines, collected.total) == (2, Money.yuan("1000.00"))
    assert codes(collect(lanzhou)) == ["NOTHING_TO_COLLECT"]
    assert codes(lanzhou.call("settle_collection", collection_no=collected.collection_no, business_on=lanzhou.on)) == ["COLLECTION_OPEN"]
    bank_answers(lanzhou, collected, failed={2})
    settled = lanzhou.call("settle_collection", collection_no=collected.collection_no, business_on=lanzhou.on).value
    assert (settled.booked, settled.failed, settled.total, settled.paused) == (1, 1, Money.yuan("500.00"), ())
    assert (lanzhou.money(zhang).balance, lanzhou.money(li).balance) == (Money.yuan("500.00"), ZERO)
    views = [lanzhou.ask_for("agreement", each.agreement_no) for each in (one, two)]
    assert [(view.next_month, view.failures) for view in views] == [(AUGUST, 0), (JULY, 1)]
    again = collect(lanzhou).value
    assert again.lines == 1
    bank_answers(lanzhou, again)
    assert lanzhou.call("settle_collection", collection_no=again.collection_no, business_on=lanzhou.on).value.booked == 1
    assert codes(lanzhou.call("settle_collection", collection_no=again.collection_no, business_on=lanzhou.on)) == ["WRONG_STATE"]
    assert lanzhou.ask_for("months_paid", lanzhou.view(li).member_account_id, lanzhou.on) == (JULY,)


def test_three_failures_in_a_row_pause_the_agreement_until_it_is_resumed(own_lanzhou):
    lanzhou = own_lanzhou
    (zhang,) = flexible_people(lanzhou, 1)
    no = sign(lanzhou, zhang).value.agreement_no
    for paused in ((), (), (no,)):
        collected = collect(lanzhou).value
        bank_answers(lanzhou, collected, failed={1})
        settled = lanzhou.call("settle_collection", collection_no=collected.collection_no, business_on=lanzhou.on).value
        assert (settled.remittance_no, settled.failed, settled.paused) == ("", 1, paused)
    view = lanzhou.ask_for("agreement", no)
    assert (view.state, view.state_reason, lanzhou.money(zhang).balance) == ("PAUSED", "连续3次扣款失败：余额不足", ZERO)
    assert codes(collect(lanzhou)) == ["NOTHING_TO_COLLECT"]
    assert lanzhou.call("resume_agreement", agreement_no=no, from_month=AUGUST, on=lanzhou.on).value.next_month == AUGUST
    assert collect(lanzhou, AUGUST).value.lines == 1


def test_a_quarterly_debit_pays_three_months_at_once(own_lanzhou):
    lanzhou = own_lanzhou
    (zhang,) = flexible_people(lanzhou, 1)
    assert sign(lanzhou, zhang, frequency="QUARTERLY").value.debit == Money.yuan("1500.00")
    collected = collect(lanzhou).value
    bank_answers(lanzhou, collected)
    lanzhou.call("settle_collection", collection_no=collected.collection_no, business_on=lanzhou.on)
    member = lanzhou.view(zhang).member_account_id
    assert lanzhou.ask_for("months_paid", member, lanzhou.on) == (JULY, AUGUST, Month(2026, 9))
    assert lanzhou.money(zhang).balance == Money.yuan("1500.00")


def test_exit_ends_the_debits_and_keeps_the_money(own_lanzhou):
    lanzhou = own_lanzhou
    (zhang,) = flexible_people(lanzhou, 1)
    no = sign(lanzhou, zhang).value.agreement_no
    assert codes(lanzhou.call("exit_agreement", agreement_no=no, reason="", on=lanzhou.on)) == ["REASON_MISSING"]
    assert lanzhou.call("exit_agreement", agreement_no=no, reason="已到单位就业", on=lanzhou.on).value.state == "EXITED"
    assert codes(collect(lanzhou)) == ["NOTHING_TO_COLLECT"]
    assert codes(lanzhou.call("pause_agreement", agreement_no=no, reason="x", on=lanzhou.on)) == ["WRONG_STATE"]


def test_an_employee_of_a_unit_signs_no_agreement_and_a_card_is_never_shown(own_lanzhou):
    lanzhou = own_lanzhou
    _, people = lanzhou.unit_with_people("兰州普通单位有限公司", 1)
    assert codes(sign(lanzhou, people[0])) == ["NOT_FLEXIBLE"]
    (zhang,) = flexible_people(lanzhou, 1)
    assert codes(sign(lanzhou, zhang, card="62170018")) == ["CARD_MISSING"]
    no = sign(lanzhou, zhang).value.agreement_no
    assert lanzhou.ask_for("agreement", no).card_masked == "6217***********4567"


def test_a_subsidy_is_its_own_money_and_shows_as_such_in_the_history(own_lanzhou):
    from hpf.contributions.services import GrantLine

    lanzhou = own_lanzhou
    (zhang,) = flexible_people(lanzhou, 1)
    program = lanzhou.call("open_subsidy_program", name="灵活就业缴存补贴", document_no="兰财社〔2026〕8号", business_on=lanzhou.on).value
    lines = (GrantLine(zhang, JULY, Money.yuan("50.00")),)
    given = {"program_no": program.program_no, "lines": lines, "business_on": lanzhou.on}
    before = lanzhou.totals()
    refused = lanzhou.call("grant_subsidy", **given)
    assert codes(refused) == ["SUBSIDY_MONEY_SHORT"] and "可用0.00元，短缺50.00元" in refused.reasons[0].message
    assert lanzhou.totals() == before
    receipt_no = lanzhou.pay_in("80.00", "财政补贴")
    funded = lanzhou.call("fund_subsidy", program_no=program.program_no, receipt_no=receipt_no, business_on=lanzhou.on).value
    granted = lanzhou.call("grant_subsidy", **given).value
    assert (funded.balance, granted.balance, lanzhou.money(zhang).balance) == (
        Money.yuan("80.00"),
        Money.yuan("30.00"),
        Money.yuan("50.00"),
    )
    assert codes(lanzhou.call("grant_subsidy", **given)) == ["SUBSIDY_TWICE", "SUBSIDY_MONEY_SHORT"]
    (entry,) = lanzhou.ask_for("contribution_history", lanzhou.view(zhang).member_account_id)
    assert (entry.kind, entry.member, entry.subsidy) == ("SUBSIDY", ZERO, Money.yuan("50.00"))
    assert lanzhou.ask_for("months_paid", lanzhou.view(zhang).member_account_id, date(2026, 12, 31)) == ()


def test_the_debit_day_begins_the_months_batch_once(own_lanzhou):
    """The 14th is the centre's debit day; the batch belongs to the month, whichever business day reaches the day first."""
    from hpf.jobs.debits import open_debits
    from tests.support.people import AT

    lanzhou = own_lanzhou
    for account_no, name in zip(flexible_people(lanzhou), NAMES, strict=False):
        sign(lanzhou, account_no, payer_name=name)
    assert open_debits(1, date(2026, 7, 10), date(2026, 7, 13), AT) is None and lanzhou.ask_for("collections_page")[1] == 0
    begun = open_debits(1, date(2026, 7, 13), date(2026, 7, 15), AT)
    assert (begun.value.lines, begun.value.total) == (2, Money.yuan("1000.00"))
    assert open_debits(1, date(2026, 7, 13), date(2026, 7, 15), AT) == begun
    assert open_debits(1, date(2026, 7, 15), date(2026, 7, 16), AT) is None and lanzhou.ask_for("collections_page")[1] == 1
