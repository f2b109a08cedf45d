"""封存 启封 转移 集中封存 基数 比例 销户: an account through a working life."""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.decision import Outcome
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from tests.support.people import AT, ON, Fund, fresh, resident_id


@pytest.fixture(scope="module")
def lanzhou(database):
    fund = Fund(1)
    fund.open_day(ON)
    return fund


def codes(answer):
    return [reason.code for reason in answer.reasons]


def do(fund, verb, **given):
    from hpf.accounts import services

    return getattr(services, verb)(**{"by": fund.by, "centre_id": 1, "on": ON, "at": AT, "key": fresh(), **given})


def roster(fund, unit, **given):
    from hpf.accounts import queries

    with fund.scope():
        return queries.roster(1, queries.employer_account(1, unit).employer_account_id, **given)


def test_a_seal_needs_a_reason_and_reminds_of_the_days(lanzhou):
    number = lanzhou.member(lanzhou.unit("兰州封存有限公司"), "张三", resident_id(1))
    left = {"account_no": number, "left_on": date(2026, 6, 1)}
    assert codes(do(lanzhou, "seal", reason="", **left)) == ["SEAL_REASON_MISSING"]
    assert lanzhou.view(number).state == "NORMAL"
    sealed = do(lanzhou, "seal", reason="LEFT", **left)
    assert [reason.message for reason in sealed.reasons] == ["劳动关系2026-06-01终止，2026-08-03办理，超过30日期限33日"]
    assert (lanzhou.view(number).state, lanzhou.view(number).sealed_on) == ("SEALED", ON)
    assert codes(do(lanzhou, "seal", reason="LEFT", **left)) == ["STATE_NOT_ALLOWED"]


def test_a_sealed_member_comes_back_with_a_new_base(lanzhou):
    number = lanzhou.member(lanzhou.unit("兰州启封有限公司"), "李四", resident_id(3))
    do(lanzhou, "seal", account_no=number, reason="UNPAID_LEAVE", left_on=ON)
    back = {"account_no": number, "base": Money.yuan("6000.00"), "from_month": Month(2026, 8)}
    assert do(lanzhou, "unseal", **back).is_approved
    view = lanzhou.view(number)
    assert (view.state, view.sealed_on, view.month_total) == ("NORMAL", None, Money.yuan("1440.00"))
    assert codes(do(lanzhou, "unseal", **back)) == ["STATE_NOT_ALLOWED"]


def test_the_account_follows_its_owner_to_another_unit_with_number_and_money(lanzhou):
    old, new = lanzhou.unit("兰州转出有限公司"), lanzhou.unit("兰州转入有限公司", rate="5")
    number = lanzhou.member(old, "王五", resident_id(5))
    lanzhou.pay(number, "1000.00", ON)
    before = lanzhou.money(number)
    do(lanzhou, "seal", account_no=number, reason="LEFT", left_on=ON)
    move = {"account_no": number, "to_employer_account_no": new, "base": Money.yuan("4000.00"), "from_month": Month(2026, 8)}
    assert do(lanzhou, "transfer_inside", **move).is_approved
    view = lanzhou.view(number)
    assert (view.state, view.employer_rate, view.month_total) == ("NORMAL", Rate.of("5.00"), Money.yuan("400.00"))
    assert lanzhou.money(number) == before
    assert ([line.account_no for line in roster(lanzhou, old)], [line.account_no for line in roster(lanzhou, new)]) == ([], [number])
    assert codes(do(lanzhou, "transfer_inside", **move)) == ["SAME_EMPLOYER"]


def test_accounts_of_an_ended_unit_go_into_custody_and_out_again(lanzhou):
    unit, custody = lanzhou.unit("兰州破产有限公司"), lanzhou.unit("兰州中心集中封存专户", kind="CUSTODY")
    numbers = [lanzhou.member(unit, name, resident_id(n)) for name, n in (("赵一", 11), ("钱二", 13))]
    taken = do(lanzhou, "into_custody", custody_account_no=custody, account_nos=[*numbers, "不存在"])
    assert [line.outcome for line in taken.lines] == [Outcome.APPROVED, Outcome.APPROVED, Outcome.REFUSED]
    assert [line.state for line in roster(lanzhou, custody)] == ["SEALED", "SEALED"]
    closed = do(lanzhou, "close_employer_account", employer_account_no=unit, reason="BANKRUPT")
    assert closed.value.state == "CLOSED"
    back = {"account_no": numbers[0], "base": Money.yuan("3000.00"), "from_month": Month(2026, 8)}
    assert codes(do(lanzhou, "unseal", **back)) == ["CUSTODY_PAYS_NOTHING"]
    moved = do(lanzhou, "transfer_inside", to_employer_account_no=lanzhou.unit("兰州接收有限公司"), **back)
    assert moved.value.state == "NORMAL"
    assert lanzhou.view(numbers[0]).kind == "REGULAR"


def test_a_unit_with_people_money_or_debt_does_not_close(lanzhou):
    unit = lanzhou.unit("兰州销户有限公司")
    lanzhou.member(unit, "孙三", resident_id(15))
    refused = do(lanzhou, "close_employer_account", employer_account_no=unit, reason="", arrears=Money.yuan("1200.00"))
    assert codes(refused) == ["CLOSE_REASON_MISSING", "MEMBERS_LEFT", "ARREARS_LEFT"]
    assert "单位名下还有1个未转出的个人账户" in refused.reasons[1].message


def test_a_closed_unit_waits_where_the_centre_says_so(database):
    tianshui = Fund(5, "620502")
    unit = tianshui.unit("天水重开有限公司", rate="10")
    from hpf.accounts import queries, services

    services.close_employer_account(
        by=tianshui.by, centre_id=5, employer_account_no=unit, reason="OTHER", on=ON, at=AT, key=fresh()
    )  # fmt: skip
    with tianshui.scope():
        employer_id = queries.employer_account(5, unit).employer_id

    def reopen(on):
        return services.open_employer_account(
            by=tianshui.by, centre_id=5, employer_id=employer_id, employer_rate=Rate.of("10"), member_rate=Rate.of("10"),
            first_month=Month.of(on), on=on, at=AT, key=fresh(),
        )  # fmt: skip

    assert [reason.message for reason in reopen(date(2027, 8, 2)).reasons] == [
        "单位账户于2026-08-03销户，须满12个月方可重新开户，现满11个月"
    ]
    assert reopen(date(2027, 8, 3)).is_approved


def test_one_base_changes_from_a_month_that_is_not_remitted(lanzhou):
    from django.db import transaction

    from hpf.accounts import queries
    from hpf.accounts.services import advance_paid_through

    unit = lanzhou.unit("兰州基数有限公司")
    number = lanzhou.member(unit, "周四", resident_id(17))
    with lanzhou.scope(), transaction.atomic():
        advance_paid_through(queries.employer_account(1, unit).employer_account_id, Month(2026, 7))
    change = {"account_no": number, "base": Money.yuan("2310.00")}
    refused = do(lanzhou, "change_base", from_month=Month(2026, 7), **change)
    assert codes(refused) == ["MONTH_REMITTED"]
    assert "请从2026年8月起变更" in refused.reasons[0].message
    assert do(lanzhou, "change_base", from_month=Month(2026, 9), **change).value.member_month == Money.yuan("277.00")
    assert [line.base.text for line in roster(lanzhou, unit, month=Month(2026, 8))] == ["5,000.00"]
    assert [line.base.text for line in roster(lanzhou, unit, month=Month(2026, 9))] == ["2,310.00"]


def test_months_are_paid_without_a_gap_and_given_back_in_reverse(lanzhou):
    from django.db import transaction

    from hpf.accounts import queries
    from hpf.accounts.services import PaidThroughGap, advance_paid_through, withdraw_paid_through

    unit = lanzhou.unit("兰州缴至有限公司")
    with lanzhou.scope():
        account = queries.employer_account(1, unit).employer_account_id
        with pytest.raises(PaidThroughGap, match="应汇缴2026年7月"), transaction.atomic():
            advance_paid_through(account, Month(2026, 8))
        with transaction.atomic():
            advance_paid_through(account, Month(2026, 7))
            advance_paid_through(account, Month(2026, 8))
        with pytest.raises(PaidThroughGap), transaction.atomic():
            withdraw_paid_through(account, Month(2026, 7))
        with transaction.atomic():
            withdraw_paid_through(account, Month(2026, 8))
        assert queries.employer_account(1, unit).next_month == Month(2026, 8)


def test_the_yearly_list_answers_line_by_line_and_only_once_a_year(lanzhou, queries):
    from hpf.accounts.services import DeclaredBase

    unit, other = lanzhou.unit("兰州年调有限公司"), lanzhou.unit("兰州别家有限公司")
    mine = [lanzhou.member(unit, name, resident_id(n)) for name, n in (("吴五", 21), ("郑六", 23), ("冯七", 25))]
    stranger = lanzhou.member(other, "陈八", resident_id(27))
    bases = ("1000.00", "8000.00", "40000.00", "5000.00")
    lines = [DeclaredBase(number, Money.yuan(base)) for number, base in zip([*mine, stranger], bases, strict=True)]
    queries.clear()
    answer = do(lanzhou, "adjust_bases", employer_account_no=unit, lines=lines, from_month=Month(2026, 7))
    assert len(queries) == 10
    assert [(line.outcome.value, line.base.text, line.member_month.text) for line in answer.lines] == [
        ("APPROVED", "2,200.00", "264.00"), ("APPROVED", "8,000.00", "960.00"), ("APPROVED", "30,090.75", "3,611.00"),
        ("REFUSED", "0.00", "0.00"),
    ]  # fmt: skip
    assert codes(answer.lines[3]) == ["NOT_OF_THIS_EMPLOYER"]
    again = do(lanzhou, "adjust_bases", employer_account_no=unit, lines=lines[:1], from_month=Month(2026, 7))
    assert codes(again.lines[0]) == ["ADJUSTED_THIS_YEAR"]
    outside = do(lanzhou, "adjust_bases", employer_account_no=unit, lines=lines[:1], from_month=Month(2026, 9))
    assert codes(outside.lines[0]) == ["OUTSIDE_WINDOW"]


def test_new_rates_reach_every_member_and_a_reduced_rate_needs_its_approval(lanzhou):
    unit = lanzhou.unit("兰州降比有限公司")
    number = lanzhou.member(unit, "褚九", resident_id(29))
    change = {"employer_account_no": unit, "employer_rate": Rate.of("3"), "member_rate": Rate.of("5"), "from_month": Month(2026, 8)}
    assert codes(do(lanzhou, "change_rates", **change)) == ["RATE_BELOW_MINIMUM"]
    assert lanzhou.view(number).employer_month == Money.yuan("600.00")
    assert do(lanzhou, "change_rates", approval_no="兰公积金批〔2026〕8号", **change).value.members == 1
    assert (lanzhou.view(number).employer_month, lanzhou.view(number).member_month) == (Money.yuan("150.00"), Money.yuan("250.00"))


def test_an_account_closes_only_when_it_is_empty(lanzhou):
    number = lanzhou.member(lanzhou.unit("兰州清户有限公司"), "卫十", resident_id(31))
    lanzhou.pay(number, "100.00", ON)
    close = {"account_no": number, "final_state": "WITHDRAWN_OUT", "reason": "离退休"}
    refused = do(lanzhou, "close", **close)
    assert codes(refused) == ["BALANCE_LEFT"]
    assert lanzhou.view(number).state == "NORMAL"
    lanzhou.pay(number, "-100.00", ON)
    assert do(lanzhou, "close", **close).value.state == "WITHDRAWN_OUT"


def test_a_flexible_worker_pays_one_rate_of_their_own(lanzhou):
    pool = lanzhou.unit("兰州中心灵活就业专户", kind="FLEXIBLE", rate="10")
    (line,) = lanzhou.ask(pool, lanzhou.new_member("蒋一一", resident_id(33), "5708.00", rate=Rate.of("10")))
    view = lanzhou.view(line.account_no)
    assert (view.kind, view.employer_month, view.member_month) == ("FLEXIBLE", Money.yuan("0.00"), Money.yuan("571.00"))
    (refused,) = lanzhou.ask(pool, lanzhou.new_member("沈二二", resident_id(35), "5708.00", rate=Rate.of("9")))
    assert codes(refused) == ["RATE_BELOW_MINIMUM"]


def test_the_search_box_finds_by_number_name_initials_phone_and_document(lanzhou):
    from hpf.accounts import queries

    number = lanzhou.member(lanzhou.unit("兰州查找有限公司"), "单雄信", resident_id(37), phone="13909310037")
    with lanzhou.scope():
        for typed in (number, "单雄", "shan xiong", "sxx", "13909310037", resident_id(37)):
            (found,) = queries.search(1, typed)
            assert (found.account.account_no, found.person.name, found.person.phone_masked) == (number, "单雄信", "139****0037")
        assert queries.search(1, "13909310038") == []
