"""记账: money that fits, and money that is short, long, late, double or a stranger's; twice, at once, and cut in the middle."""

from __future__ import annotations

import threading

import pytest

from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from tests.support.contributions import JULY, codes
from tests.support.people import fresh

AUGUST = Month(2026, 8)


def test_exact_money_reaches_every_member_in_one_journal(lanzhou):
    from hpf.ledger import queries as ledger

    unit, people = lanzhou.unit_with_people("兰州市第一中学")
    confirmed = lanzhou.confirmed(unit)
    assert (confirmed.total, confirmed.expected) == (Money.yuan("4320.00"), Money.yuan("4320.00"))
    receipt_no = lanzhou.pay_in("4320.00", confirmed.reference)
    booked = lanzhou.book(confirmed.remittance_no).value
    assert (booked.members, booked.total, booked.from_receipts, booked.overpaid) == (3, Money.yuan("4320.00"), Money.yuan("4320.00"), ZERO)
    assert [lanzhou.money(no).balance for no in people] == [Money.yuan("1200.00"), Money.yuan("1440.00"), Money.yuan("1680.00")]
    assert [lanzhou.money(no).carried for no in people] == [ZERO, ZERO, ZERO]
    assert lanzhou.left_of(receipt_no) == ZERO
    assert lanzhou.unit_view(unit).paid_through == JULY
    view = lanzhou.remittance(confirmed.remittance_no)
    assert (view.state, view.receipt_no, view.booked_on, view.journal_id) == ("BOOKED", receipt_no, lanzhou.on, booked.journal_id)
    with lanzhou.scope():
        journal = ledger.journal(1, booked.journal_id)
        assert (journal.kind, journal.template, journal.source_no, len(journal.legs)) == ("REMITTANCE", "J1", confirmed.remittance_no, 4)
    member = lanzhou.view(people[0]).member_account_id
    assert lanzhou.ask_for("months_paid", member, lanzhou.on) == (JULY,)
    assert lanzhou.ask_for("booked_for", member, JULY).total == Money.yuan("1200.00")


def test_the_journal_has_the_legs_of_the_pure_rule(lanzhou):
    """The columns that go to the ledger are the twin of `rules.postings`."""
    from hpf.contributions.rules.list_check import CheckedLine
    from hpf.contributions.rules.postings import postings_for_remittance
    from hpf.ledger import queries as ledger
    from hpf.treasury import queries as treasury

    unit, people = lanzhou.unit_with_people("兰州市第二中学")
    confirmed = lanzhou.confirmed(unit)
    receipt_no = lanzhou.pay_in("4330.00", confirmed.reference)
    booked = lanzhou.book(confirmed.remittance_no).value
    with lanzhou.scope():
        posted = [(leg.account_id, leg.fen, leg.carried_fen) for leg in ledger.journal(1, booked.journal_id).legs]
        receipt = treasury.receipt(1, receipt_no).ledger_account_id
    lines = []
    for row, no in enumerate(people, 1):
        view = lanzhou.view(no)
        lines.append(
            CheckedLine(
                row, no, view.member_account_id, view.ledger_account_id, "", JULY, 0, view.employer_month.fen, view.member_month.fen
            )
        )
    legs = postings_for_remittance(lines, receipt, lanzhou.unit_view(unit).prepaid_ledger_id, overpaid=Money.yuan("10.00"))
    assert posted == [(leg.account_id, leg.fen, leg.carried_fen or 0) for leg in legs]


def test_short_money_waits_with_its_reason_until_the_rest_comes(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州短缺贸易有限公司")
    confirmed = lanzhou.confirmed(unit)
    lanzhou.pay_in("4319.99", confirmed.reference)
    before = lanzhou.totals()
    refused = lanzhou.book(confirmed.remittance_no)
    assert codes(refused) == ["MONEY_SHORT"]
    assert refused.reasons[0].message == (
        "清册应缴4,320.00元，到账4,319.99元，可用预缴0.00元，短缺0.01元，清册继续等待，请单位补足款项，或将到账款转入预缴后用预缴抵付"
    )
    view = lanzhou.remittance(confirmed.remittance_no)
    assert (view.state, view.waiting_code) == ("CONFIRMED", "MONEY_SHORT")
    assert lanzhou.totals() == before
    assert lanzhou.total(*people) == ZERO
    lanzhou.pay_in("0.01", confirmed.reference)
    booked = lanzhou.book(confirmed.remittance_no).value
    assert booked.from_receipts == Money.yuan("4320.00")
    assert lanzhou.remittance(confirmed.remittance_no).waiting_code == ""
    assert lanzhou.total(*people) == Money.yuan("4320.00")


def test_long_money_goes_to_prepaid_and_never_to_a_member(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州多缴贸易有限公司")
    confirmed = lanzhou.confirmed(unit)
    lanzhou.pay_in("4320.01", confirmed.reference)
    booked = lanzhou.book(confirmed.remittance_no).value
    assert (booked.overpaid, lanzhou.prepaid(unit), lanzhou.total(*people)) == (Money(1), Money(1), Money.yuan("4320.00"))


def test_a_second_payment_for_a_booked_list_stays_in_suspense(lanzhou):
    unit, _people = lanzhou.unit_with_people("兰州重复付款有限公司")
    booked = lanzhou.booked_month(unit)
    again = lanzhou.pay_in("4320.00", booked.remittance_no)
    before = lanzhou.totals()
    assert lanzhou.apply().booked == ()
    assert codes(lanzhou.book(booked.remittance_no, receipt_no=again)) == ["REMITTANCE_WRONG_STATE"]
    assert (lanzhou.left_of(again), lanzhou.totals()) == (Money.yuan("4320.00"), before)
    parked = lanzhou.call("prepay", employer_account_no=unit, receipt_no=again, business_on=lanzhou.on).value
    assert (parked.balance, lanzhou.left_of(again)) == (Money.yuan("4320.00"), ZERO)


def test_money_of_a_stranger_stays_in_suspense_until_a_clerk_names_it(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州陌生款有限公司")
    confirmed = lanzhou.confirmed(unit)
    receipt_no = lanzhou.pay_in("4320.00", "货款", payer="西安某公司")
    assert lanzhou.apply().booked == ()
    assert lanzhou.remittance(confirmed.remittance_no).state == "CONFIRMED"
    booked = lanzhou.book(confirmed.remittance_no, receipt_no=receipt_no).value
    assert (booked.total, lanzhou.left_of(receipt_no), lanzhou.total(*people)) == (Money.yuan("4320.00"), ZERO, Money.yuan("4320.00"))


def test_money_matched_with_another_list_is_not_taken(lanzhou):
    one, _ = lanzhou.unit_with_people("兰州甲公司有限公司")
    two, people = lanzhou.unit_with_people("兰州乙公司有限公司")
    theirs, ours = lanzhou.confirmed(one), lanzhou.confirmed(two)
    receipt_no = lanzhou.pay_in("4320.00", theirs.reference)
    before = lanzhou.totals()
    refused = lanzhou.book(ours.remittance_no, receipt_no=receipt_no)
    assert codes(refused) == ["RECEIPT_OF_ANOTHER"]
    assert codes(lanzhou.call("prepay", employer_account_no=two, receipt_no=receipt_no, business_on=lanzhou.on)) == ["OTHER_DOCUMENT"]
    assert (lanzhou.totals(), lanzhou.total(*people)) == (before, ZERO)


def test_money_that_names_another_list_is_not_taken_before_it_is_matched(lanzhou):
    one, theirs = lanzhou.unit_with_people("兰州丙公司有限公司")
    two, people = lanzhou.unit_with_people("兰州丁公司有限公司")
    waiting, ours = lanzhou.confirmed(one), lanzhou.confirmed(two)
    receipt_no = lanzhou.pay_in("4320.00", f"住房公积金汇缴 {waiting.reference}", match=False)
    before = lanzhou.totals()
    prepaid = lanzhou.call("prepay", employer_account_no=two, receipt_no=receipt_no, business_on=lanzhou.on)
    assert codes(prepaid) == ["NAMES_OTHER_DOCUMENT"] and f"附言写明{waiting.reference}" in prepaid.reasons[0].message
    assert codes(lanzhou.book(ours.remittance_no, receipt_no=receipt_no)) == ["NAMES_OTHER_DOCUMENT"]
    assert (lanzhou.totals(), lanzhou.total(*people)) == (before, ZERO)
    assert lanzhou.book(waiting.remittance_no, receipt_no=receipt_no).value.total == Money.yuan("4320.00")
    assert lanzhou.total(*theirs) == Money.yuan("4320.00")


def test_late_money_is_booked_when_it_comes_and_bears_interest_from_that_day(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州迟到款有限公司")
    confirmed = lanzhou.confirmed(unit)
    assert codes(lanzhou.book(confirmed.remittance_no)) == ["MONEY_SHORT"]
    lanzhou.pay_in("4320.00", confirmed.reference)
    applied = lanzhou.apply()
    assert confirmed.remittance_no in applied.booked
    days = (Month(2027, 7).first_day - lanzhou.on).days
    assert lanzhou.money(people[0]).day_products == 120_000 * days


def test_the_same_command_twice_books_once(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州重复提交有限公司")
    confirmed = lanzhou.confirmed(unit)
    lanzhou.pay_in("4320.00", confirmed.reference)
    key = fresh("book")
    first, again = lanzhou.book(confirmed.remittance_no, key=key), lanzhou.book(confirmed.remittance_no, key=key)
    assert first == again and first.value is not None
    other = lanzhou.book(confirmed.remittance_no)
    assert codes(other) == ["REMITTANCE_WRONG_STATE"]
    assert other.reasons[0].message == f"清册{confirmed.remittance_no}当前为“已记账”，此操作要求“已确认待到账”，请刷新后按当前状态办理"
    assert lanzhou.total(*people) == Money.yuan("4320.00")


def test_two_clerks_at_once_have_one_effect(lanzhou):
    from django.db import connection

    unit, people = lanzhou.unit_with_people("兰州两人同办有限公司")
    confirmed = lanzhou.confirmed(unit)
    lanzhou.pay_in("4320.00", confirmed.reference)
    answers = []
    start = threading.Barrier(2)

    def work(by):
        start.wait()
        try:
            answers.append(lanzhou.book(confirmed.remittance_no, by=by))
        finally:
            connection.close()

    clerks = [threading.Thread(target=work, args=(by,)) for by in (lanzhou.maker, lanzhou.checker)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert sorted(codes(answer) for answer in answers) == [[], ["REMITTANCE_WRONG_STATE"]]
    assert lanzhou.total(*people) == Money.yuan("4320.00")
    assert lanzhou.unit_view(unit).paid_through == JULY


def test_one_receipt_wanted_by_two_businesses_at_once_goes_to_one(lanzhou):
    from django.db import connection

    unit, people = lanzhou.unit_with_people("兰州一款两用有限公司")
    confirmed = lanzhou.confirmed(unit)
    receipt_no = lanzhou.pay_in("4320.00", "未写编号")
    answers = {}
    start = threading.Barrier(2)

    def work(name, verb):
        start.wait()
        try:
            answers[name] = verb()
        except Exception as error:
            answers[name] = error
        finally:
            connection.close()

    verbs = {
        "book": lambda: lanzhou.book(confirmed.remittance_no, receipt_no=receipt_no),
        "prepay": lambda: lanzhou.call("prepay", lanzhou.checker, employer_account_no=unit, receipt_no=receipt_no, business_on=lanzhou.on),
    }
    clerks = [threading.Thread(target=work, args=item) for item in verbs.items()]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    done = {name for name, answer in answers.items() if getattr(answer, "value", None) is not None}
    assert len(done) == 1, answers
    assert (lanzhou.left_of(receipt_no), lanzhou.prepaid(unit) + lanzhou.total(*people)) == (ZERO, Money.yuan("4320.00"))


@pytest.mark.parametrize("line", ["use_receipts", "post_columns", "advance_many_paid_through", "_note_repaid"])
def test_a_crash_at_any_line_leaves_nothing_and_a_retry_ends_well(lanzhou, monkeypatch, line):
    from hpf.contributions.services import posting

    unit, people = lanzhou.unit_with_people(f"兰州断电{line.replace('_', '')}有限公司")
    confirmed = lanzhou.confirmed(unit)
    receipt_no = lanzhou.pay_in("4320.00", confirmed.reference)
    before, key = lanzhou.totals(), fresh("book")
    module = {"use_receipts": posting.treasury, "post_columns": posting.ledger, "advance_many_paid_through": posting.account_services}.get(
        line, posting
    )
    honest = getattr(module, line)

    def crash(*given, **more):
        honest(*given, **more)
        raise RuntimeError("断电")

    monkeypatch.setattr(module, line, crash)
    with pytest.raises(RuntimeError, match="断电"):
        lanzhou.book(confirmed.remittance_no, key=key)
    monkeypatch.undo()
    assert (lanzhou.totals(), lanzhou.total(*people), lanzhou.left_of(receipt_no)) == (before, ZERO, Money.yuan("4320.00"))
    assert (lanzhou.remittance(confirmed.remittance_no).state, lanzhou.unit_view(unit).paid_through) == ("CONFIRMED", None)
    assert lanzhou.book(confirmed.remittance_no, key=key).value is not None
    assert lanzhou.total(*people) == Money.yuan("4320.00")


def test_months_are_booked_in_order_even_when_the_later_money_comes_first(lanzhou):
    unit, people = lanzhou.unit_with_people("兰州逐月汇缴有限公司")
    july, august = lanzhou.confirmed(unit, JULY), lanzhou.confirmed(unit, AUGUST)
    lanzhou.pay_in("4320.00", august.reference)
    refused = lanzhou.book(august.remittance_no)
    assert codes(refused) == ["MONTH_GAP"]
    assert refused.reasons[0].message == "汇缴应逐月连续，下一个应汇缴月为2026年7月，本清册为2026年8月，中间缺1个月，请先汇缴2026年7月"
    lanzhou.pay_in("4320.00", july.reference)
    applied = lanzhou.apply()
    assert applied.booked[-2:] == (july.remittance_no, august.remittance_no) or {july.remittance_no, august.remittance_no} <= set(
        applied.booked
    )
    assert lanzhou.unit_view(unit).paid_through == AUGUST
    assert lanzhou.ask_for("months_paid", lanzhou.view(people[0]).member_account_id, lanzhou.on) == (JULY, AUGUST)


def test_a_month_is_confirmed_once(lanzhou):
    unit, _people = lanzhou.unit_with_people("兰州一月一册有限公司")
    lanzhou.confirmed(unit)
    second = lanzhou.call("prepare_list", employer_account_no=unit, month=JULY).value
    assert second.state == "RECEIVED"
    assert [each.code for each in lanzhou.ask_for("defects", second.remittance_no)] == ["MONTH_NOT_DUE"]


def test_prepaid_money_pays_a_list_and_not_a_fen_more_than_it_has(lanzhou):
    unit, _people = lanzhou.unit_with_people("兰州预缴有限公司")
    receipt_no = lanzhou.pay_in("5000.00", "预缴款")
    assert lanzhou.call("prepay", employer_account_no=unit, receipt_no=receipt_no, business_on=lanzhou.on).value.balance == Money.yuan(
        "5000.00"
    )
    confirmed = lanzhou.confirmed(unit, use_prepaid=True)
    assert (confirmed.prepaid_planned, confirmed.expected) == (Money.yuan("4320.00"), ZERO)
    booked = lanzhou.call("remit_from_prepaid", remittance_no=confirmed.remittance_no, business_on=lanzhou.on).value
    assert (booked.from_prepaid, lanzhou.prepaid(unit)) == (Money.yuan("4320.00"), Money.yuan("680.00"))
    august = lanzhou.confirmed(unit, AUGUST)
    refused = lanzhou.call("remit_from_prepaid", remittance_no=august.remittance_no, business_on=lanzhou.on)
    assert codes(refused) == ["MONEY_SHORT"] and "可用预缴680.00元，短缺3,640.00元" in refused.reasons[0].message
    lanzhou.pay_in("3640.00", august.reference)
    both = lanzhou.call("remit_from_prepaid", remittance_no=august.remittance_no, business_on=lanzhou.on).value
    assert (both.from_receipts, both.from_prepaid, lanzhou.prepaid(unit)) == (Money.yuan("3640.00"), Money.yuan("680.00"), ZERO)


def test_an_account_closed_after_the_check_stops_its_list_and_no_other(lanzhou):
    from django.db import transaction

    from hpf.ledger.services import close_account

    bad, people = lanzhou.unit_with_people("兰州销户在后有限公司")
    good, others = lanzhou.unit_with_people("兰州一切正常有限公司")
    waiting, fine = lanzhou.confirmed(bad), lanzhou.confirmed(good)
    lanzhou.pay_in("4320.00", waiting.reference)
    lanzhou.pay_in("4320.00", fine.reference)
    with lanzhou.scope(), transaction.atomic():
        close_account(lanzhou.view(people[1]).ledger_account_id, lanzhou.on)
    applied = lanzhou.apply()
    assert fine.remittance_no in applied.booked
    (wait,) = [each for each in applied.waiting if each.remittance_no == waiting.remittance_no]
    assert wait.message == f"清册中个人账户{people[1]}在核对之后已销户或合并，不能记账，请撤销本清册并更正后重新提交，款项保留在暂收款"
    assert (lanzhou.total(people[0], people[2]), lanzhou.total(*others)) == (ZERO, Money.yuan("4320.00"))


def test_cancelling_frees_the_month_and_leaves_the_money_in_suspense(lanzhou):
    unit, _people = lanzhou.unit_with_people("兰州撤销清册有限公司")
    confirmed = lanzhou.confirmed(unit)
    receipt_no = lanzhou.pay_in("4320.00", confirmed.reference)
    assert codes(lanzhou.call("cancel", remittance_no=confirmed.remittance_no, reason=" ")) == ["REASON_MISSING"]
    cancelled = lanzhou.call("cancel", remittance_no=confirmed.remittance_no, reason="人员有误").value
    assert (cancelled.state, lanzhou.left_of(receipt_no)) == ("CANCELLED", Money.yuan("4320.00"))
    assert codes(lanzhou.book(confirmed.remittance_no)) == ["REMITTANCE_WRONG_STATE"]
    assert lanzhou.booked_month(unit).total == Money.yuan("4320.00")


def test_a_member_who_changed_units_is_not_remitted_twice_for_one_month(lanzhou):
    from hpf.accounts.services import transfer_inside
    from tests.support.people import AT

    old, people = lanzhou.unit_with_people("兰州原单位有限公司")
    new, _ = lanzhou.unit_with_people("兰州新单位有限公司", 1)
    lanzhou.booked_month(old)
    moved = transfer_inside(
        by=lanzhou.by, centre_id=1, account_no=people[0], to_employer_account_no=new, base=Money.yuan("5000.00"), from_month=JULY,
        on=lanzhou.on, at=AT, key=fresh(),
    )  # fmt: skip
    assert moved.value is not None, moved.reasons
    prepared = lanzhou.call("prepare_list", employer_account_no=new, month=JULY).value
    assert (prepared.state, prepared.line_count) == ("CHECKED", 2)
    before = lanzhou.totals()
    refused = lanzhou.call("confirm", remittance_no=prepared.remittance_no)
    assert codes(refused) == ["MONTH_PAID_ELSEWHERE"]
    assert refused.reasons[0].message.startswith(f"1人（{people[0]}）在2026年7月已有另一张已确认的汇缴清册")
    assert lanzhou.totals() == before


def test_observers_see_what_is_booked_across_centres_without_names(lanzhou):
    from django.db import connections

    unit, _people = lanzhou.unit_with_people("兰州统计有限公司")
    booked = lanzhou.booked_month(unit)
    with connections["observer"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(total_fen)::bigint, min(month) FROM contributions_booked_v1 WHERE remittance_no = %s",
            [booked.remittance_no],
        )
        assert cursor.fetchone() == (3, 432_000, JULY.index)


def test_money_without_a_name_finds_the_lists_that_wait_for_just_that_much(lanzhou):
    """However many lists came after them."""
    asked, _ = lanzhou.unit_with_people("兰州久等有限公司", people=2)
    alike = lanzhou.confirmed(asked)
    for n in range(3):
        lanzhou.confirmed(lanzhou.unit_with_people(f"兰州后来{n}有限公司", people=1)[0])
    waiting = lanzhou.ask_for("remittances", state="CONFIRMED", expected=Money.yuan("2640.00"), limit=1)
    assert [each.remittance_no for each in waiting] == [alike.remittance_no]
    assert lanzhou.ask_for("remittances", state="CONFIRMED", expected=Money.yuan("2640.01")) == []
    lanzhou.pay_in("2640.00", alike.reference)
    lanzhou.book(alike.remittance_no)
    assert lanzhou.ask_for("remittances", state="CONFIRMED", expected=Money.yuan("2640.00")) == []
