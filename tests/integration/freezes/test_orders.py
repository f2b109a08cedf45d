"""What courts order is done once, answered with its reason, and nothing frozen goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.support.people import fresh, resident_id

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(scope="module")
def desk(database):
    from tests.support.courts import Desk

    desk = Desk()
    desk.begin()
    return desk


@pytest.fixture
def account(desk):
    """Makes a member with so much money."""
    numbers = iter(range(1000))

    def make(yuan, name="查某"):
        serial = int(fresh("p").split("-")[1])
        return desk.person(name, resident_id(serial % 1000, born=f"19{60 + serial // 1000:02d}0{next(numbers) % 9 + 1}07"), yuan)

    return make


def said(order):
    return order.result.value, [reason.code for reason in order.answer.reasons]


def action(name):
    from hpf.freezes.rules.orders import Action

    return Action(name)


def spend(desk, account_no, yuan):
    """A debit as any business would post it."""
    desk.pay(account_no, f"-{yuan}", desk.on)


def test_the_case_of_two_courts(desk, account):
    from hpf.ledger.services import LedgerRefusal
    from tests.support.courts import OTHER

    member = account("10000.00")
    first = desk.send(member, action("FREEZE"), yuan="6000.00")
    second = desk.send(member, action("FREEZE"), court=OTHER, yuan="8000.00")
    assert (said(first), said(second)) == (("1", []), ("1", []))
    assert (second.answer.kept.text, second.answer.waiting.text) == ("4,000.00", "4,000.00")
    assert desk.queue(member) == [("兰州", "6,000.00", "生效"), ("天水", "4,000.00", "部分生效，其余轮候")]
    desk.pay(member, "3000.00", desk.on)
    assert (desk.queue(member)[1], desk.free(member)) == (("天水", "7,000.00", "部分生效，其余轮候"), "0.00")
    released = desk.send(member, action("RELEASE"), freeze_no=first.answer.freeze_no)
    assert said(released) == ("1", [])
    assert (desk.queue(member), desk.free(member)) == ([("兰州", "0.00", "已解除"), ("天水", "8,000.00", "生效")], "5,000.00")
    with pytest.raises(LedgerRefusal):
        spend(desk, member, "5000.01")
    spend(desk, member, "5000.00")


def test_the_same_message_twice_is_one_order(desk, account):
    from hpf.db.command import KeyConflict

    member = account("100.00")
    one, two = (desk.send(member, action("FREEZE"), yuan="60.00", request_no="R1") for _ in range(2))
    assert one.order_no == two.order_no and len(desk.queue(member)) == 1
    with pytest.raises(KeyConflict):
        desk.send(member, action("FREEZE"), yuan="61.00", request_no="R1")


def test_a_freeze_behind_others_is_registered_and_takes_over(desk, account):
    from tests.support.courts import OTHER

    member = account("100.00")
    first = desk.send(member, action("FREEZE"), whole=True)
    second = desk.send(member, action("WAIT"), court=OTHER, yuan="70.00")
    assert (said(first), said(second)) == (("1", []), ("3", []))
    assert desk.expire(first.answer.ends_on, member) == []
    assert desk.expire(first.answer.ends_on + timedelta(days=1), member) == [first.answer.freeze_no, second.answer.freeze_no], (
        "both of the same term"
    )
    assert desk.free(member) == "100.00"


def test_terms_end_in_the_order_of_time_and_renewal_keeps_the_place(desk, account):
    from tests.support.courts import OTHER

    member = account("100.00")
    short = desk.send(member, action("FREEZE"), yuan="80.00", ends_on=desk.on + timedelta(days=30))
    long = desk.send(member, action("FREEZE"), court=OTHER, yuan="80.00")
    renewed = desk.send(member, action("RENEW"), freeze_no=short.answer.freeze_no, ends_on=desk.on + timedelta(days=60))
    assert said(renewed) == ("1", []) and desk.queue(member)[0] == ("兰州", "80.00", "生效")
    assert desk.expire(desk.on + timedelta(days=31), member) == []
    assert desk.expire(desk.on + timedelta(days=61), member) == [short.answer.freeze_no]
    assert desk.expire(desk.on + timedelta(days=61), member) == [], "once"
    assert desk.queue(member) == [("兰州", "0.00", "期满失效"), ("天水", "80.00", "生效")]
    too_late = desk.send(member, action("RENEW"), freeze_no=short.answer.freeze_no, ends_on=desk.on + timedelta(days=90))
    assert said(too_late) == ("2", ["FREEZE_NOT_IN_FORCE"]) and "期满失效" in too_late.answer.reasons[0].message
    assert long.answer.ends_on == date(2027, 8, 2)


def test_a_paper_ends_what_has_ended_even_when_no_job_did(desk, account):
    from tests.support.courts import OTHER

    member = account("100.00")
    desk.send(member, action("FREEZE"), yuan="100.00", ends_on=desk.on)
    waiting = desk.send(member, action("FREEZE"), court=OTHER, yuan="50.00")
    assert said(waiting) == ("3", [])
    day = desk.on
    desk.next_day(day + timedelta(days=1))
    done = desk.send(member, action("DEDUCT"), court=OTHER, freeze_no=waiting.answer.freeze_no, situation="RETIREMENT")
    assert (said(done), done.answer.deducted.text) == (("1", []), "50.00")
    assert [state for *_, state in desk.queue(member)] == ["期满失效", "已扣划完毕"]


@pytest.mark.parametrize(("what", "more", "code"), [
    ("FREEZE", {"yuan": "10.00", "ends_on": date(2029, 9, 30)}, "FREEZE_TERM_TOO_LONG"),
    ("FREEZE", {"yuan": "10.00", "ends_on": date(2026, 8, 1)}, "TERM_ENDED_ALREADY"),
    ("FREEZE", {}, "AMOUNT_OR_WHOLE"),
    ("FREEZE", {"yuan": "10.00", "case_no": ""}, "CASE_NO_MISSING"),
    ("FREEZE", {"yuan": "10.00", "ruling_no": ""}, "DOCUMENT_NO_MISSING"),
    ("FREEZE", {"yuan": "10.00", "officers": ()}, "OFFICERS_MISSING"),
    ("FREEZE", {"yuan": "10.00", "person_name": "别人"}, "PERSON_NOT_FOUND"),
    ("FREEZE", {"yuan": "10.00", "id_number": "620102199003079996"}, "PERSON_NOT_FOUND"),
    ("FREEZE", {"yuan": "10.00", "account_no": "000"}, "ACCOUNT_NOT_THEIRS"),
    ("RENEW", {}, "FREEZE_NOT_FOUND"),
    ("RELEASE", {"freeze_no": "DJ00"}, "FREEZE_NOT_FOUND"),
    ("DEDUCT", {"situation": "RETIREMENT"}, "FREEZE_NOT_FOUND"),
    ("TAKE_INCOME", {}, "ACTION_NOT_SERVED"),
])  # fmt: skip
def test_a_paper_that_cannot_be_served_is_answered_with_its_reason(desk, account, what, more, code):
    member = account("100.00")
    answered = desk.send(member, action(what), **more)
    assert said(answered) == ("2", [code])
    assert "未" in answered.answer.reasons[0].message and answered.answer.reasons[0].law
    assert (desk.queue(member), desk.free(member)) == ([], "100.00")


def test_a_person_with_two_accounts_and_a_closed_one(desk, account):
    from hpf.accounts.services import admit_duplicate, close

    member = account("0.00", name="双户人")
    opened = admit_duplicate(
        by=desk.by, centre_id=desk.centre_id, account_no=member, employer_account_no=desk.unit("第二单位"), opened_on=date(2024, 5, 6),
        on=desk.on, at=desk.at, key=fresh(),
    )  # fmt: skip
    assert opened.value is not None, opened.reasons
    both = desk.send(member, action("FREEZE"), yuan="10.00")
    assert said(both) == ("2", ["SEVERAL_ACCOUNTS"]) and member in both.answer.reasons[0].message
    named = desk.send(member, action("FREEZE"), yuan="10.00", account_no=member)
    assert said(named) == ("3", []), "nothing there yet: registered"
    refused = close(
        by=desk.by,
        centre_id=desk.centre_id,
        account_no=member,
        final_state="WITHDRAWN_OUT",
        reason="零额销户",
        on=desk.on,
        at=desk.at,
        key=fresh(),
    )
    assert [r.code for r in refused.reasons] == ["CLOSING_TO_BE_CHECKED"] and "冻结" not in refused.reasons[0].message
    desk.send(member, action("RELEASE_WAITING"), account_no=member, freeze_no=named.answer.freeze_no)
    closed = close(
        by=desk.by,
        centre_id=desk.centre_id,
        account_no=member,
        final_state="WITHDRAWN_OUT",
        reason="零额销户",
        on=desk.on,
        at=desk.at,
        key=fresh(),
    )
    assert closed.is_approved, closed.reasons
    gone = desk.send(member, action("FREEZE"), yuan="10.00", account_no=member)
    assert said(gone) == ("2", ["ALREADY_CLOSED"])


def test_a_query_tells_accounts_and_freezes_nothing(desk, account):
    member = account("250.00")
    desk.send(member, action("FREEZE"), yuan="200.00")
    asked = desk.send(member, action("QUERY"))
    (fact,) = asked.answer.accounts
    assert (fact.balance.text, fact.available.text, fact.kept.text, fact.freezes) == ("250.00", "50.00", "200.00", 1)
    assert len(desk.queue(member)) == 1


def test_a_part_is_released_and_the_whole_cannot_be_lowered(desk, account):
    member = account("100.00")
    frozen = desk.send(member, action("FREEZE"), yuan="80.00")
    desk.send(member, action("RELEASE"), yuan="30.00", freeze_no=frozen.answer.freeze_no)
    assert (desk.queue(member), desk.free(member)) == ([("兰州", "50.00", "生效")], "50.00")
    desk.send(member, action("RELEASE"), yuan="50.00", freeze_no=frozen.answer.freeze_no)
    assert desk.queue(member) == [("兰州", "0.00", "已解除")]
    whole = desk.send(member, action("FREEZE"), whole=True)
    refused = desk.send(member, action("RELEASE"), yuan="30.00", freeze_no=whole.answer.freeze_no)
    assert said(refused) == ("2", ["WHOLE_NOT_LOWERED"])


def test_another_court_cannot_touch_a_freeze(desk, account):
    from tests.support.courts import OTHER

    member = account("100.00")
    frozen = desk.send(member, action("FREEZE"), yuan="80.00")
    for what in ("RELEASE", "RENEW", "DEDUCT"):
        refused = desk.send(member, action(what), court=OTHER, freeze_no=frozen.answer.freeze_no, situation="RETIREMENT")
        assert said(refused) == ("2", ["FREEZE_NOT_FOUND"])
    assert desk.queue(member) == [("兰州", "80.00", "生效")]


def test_money_is_deducted_once_and_only_what_is_kept(desk, account):
    from tests.support.courts import OTHER

    member = account("100.00")
    desk.send(member, action("FREEZE"), court=OTHER, yuan="40.00")
    frozen = desk.send(member, action("FREEZE"), yuan="90.00")
    more = desk.send(member, action("DEDUCT"), yuan="60.01", freeze_no=frozen.answer.freeze_no, situation="RETIREMENT")
    assert said(more) == ("2", ["MORE_THAN_KEPT"]) and "60.00元" in more.answer.reasons[0].message
    wrong = desk.send(member, action("DEDUCT"), yuan="10.00", freeze_no=frozen.answer.freeze_no, situation="PURCHASE")
    assert said(wrong) == ("2", ["SITUATION_NOT_DEDUCTIBLE"])
    one, two = (
        desk.send(member, action("DEDUCT"), yuan="25.00", freeze_no=frozen.answer.freeze_no, situation="RETIREMENT", request_no="D1")
        for _ in range(2)
    )
    assert one.deduction == two.deduction and one.deduction.state == "ORDERED"
    assert desk.money(member).balance.text == "75.00"
    assert desk.queue(member) == [("天水", "40.00", "生效"), ("兰州", "35.00", "部分生效，其余轮候")]


def test_freeze_and_deduct_takes_what_is_there_and_leaves_the_rest_frozen(desk, account):
    member = account("100.00")
    done = desk.send(member, action("FREEZE_AND_DEDUCT"), yuan="130.00", situation="RETIREMENT")
    assert (said(done), done.answer.deducted.text, done.answer.ordered.text) == (("1", []), "100.00", "30.00")
    desk.pay(member, "50.00", desk.on)
    assert (desk.queue(member), desk.free(member)) == ([("兰州", "30.00", "生效")], "20.00")
    other = account("100.00")
    frozen_only = desk.send(other, action("FREEZE_AND_DEDUCT"), yuan="60.00", situation="RENT")
    assert said(frozen_only) == ("3", ["SITUATION_NOT_DEDUCTIBLE"])
    assert (desk.money(other).balance.text, desk.queue(other)) == ("100.00", [("兰州", "60.00", "生效")])


def test_a_deduction_goes_on_to_the_other_freezes_of_the_case(desk, account):
    member = account("100.00")
    first = desk.send(member, action("FREEZE"), yuan="30.00")
    desk.send(member, action("FREEZE"), yuan="50.00")
    done = desk.send(member, action("DEDUCT"), yuan="45.00", freeze_no=first.answer.freeze_no, situation="RETIREMENT")
    assert said(done) == ("1", [])
    assert desk.queue(member) == [("兰州", "0.00", "已扣划完毕"), ("兰州", "35.00", "生效")]
    unnamed = desk.send(member, action("DEDUCT"), situation="RETIREMENT")
    assert (said(unnamed), unnamed.answer.deducted.text, desk.free(member)) == (("1", []), "35.00", "20.00")


def test_a_payment_that_fails_stays_aside_and_is_paid_to_the_corrected_account(desk, account):
    from hpf.freezes import queries
    from hpf.freezes.rules.orders import Payee
    from hpf.freezes.services import correct_payee, repay, settle_deductions
    from hpf.treasury.rules.payments import Result, Told
    from hpf.treasury.services import begin_sending, record_payment_result

    member = account("100.00")
    done = desk.send(member, action("FREEZE_AND_DEDUCT"), yuan="60.00", situation="RETIREMENT")

    def bank_says(payment_no, told, reference=""):
        begun = begin_sending(by=desk.by, centre_id=desk.centre_id, payment_no=payment_no, business_on=desk.on, key=fresh())
        result = Result(told, bank_reference=reference, bank_on=desk.on, message="户名不符")
        record_payment_result(
            by=desk.by,
            centre_id=desk.centre_id,
            payment_no=payment_no,
            send_seq_no=begun.send_seq_no,
            result=result,
            business_on=desk.on,
            key=fresh(),
        )
        return [(s.deduction_no, s.state) for s in settle_deductions(by=desk.by, centre_id=desk.centre_id, at=desk.at)]

    number = done.deduction.deduction_no
    assert bank_says(done.deduction.payment_no, Told.FAILED) == [(number, "FAILED")]
    assert desk.money(member).balance.text == "40.00", "what the court took is not the member's again"
    again = {"by": desk.officer("甲"), "centre_id": desk.centre_id, "deduction_no": number, "at": desk.at}
    assert correct_payee(payee=Payee(f"{'兰州市城关区人民法院'}执行款专户", "27009900002"), key=fresh(), **again).is_approved
    assert [r.code for r in repay(key=fresh(), **again).reasons] == ["CORRECTED_BY_YOU"]
    assert repay(key=fresh(), **(again | {"by": desk.officer("乙")})).is_approved
    with desk.scope():
        (waiting,) = [d for d in queries.deductions_open(desk.centre_id) if d.deduction_no == number]
    assert bank_says(waiting.payment_no, Told.DONE, fresh("BK")) == [(number, "DONE")]
    with desk.scope():
        final = queries.message_of(queries.order(desk.centre_id, done.order_no))
    assert final["deduction"]["state"] == "DONE" and final["deduction"]["amount_fen"] == 6000


def test_at_the_counter_two_people_do_it(desk, account):
    from hpf.freezes import queries
    from hpf.freezes.services import enter_order, pass_order, return_order

    member, one, two = account("100.00"), desk.officer("甲"), desk.officer("乙")
    paper = desk.paper(member, action("FREEZE"), yuan="60.00")
    lacking = enter_order(by=one, centre_id=1, paper=replace(paper, officers=()), documents=(), key=fresh(), at=desk.at)
    assert [r.code for r in lacking.reasons] == ["DOCUMENT_MISSING", "OFFICERS_MISSING"]
    entered = enter_order(by=one, centre_id=1, paper=paper, documents=desk.documents(paper), key=fresh(), at=desk.at)
    number = entered.value.order_no
    assert desk.queue(member) == [], "nothing before the second person"
    own = pass_order(by=one, centre_id=1, order_no=number, key=fresh(), at=desk.at)
    assert [r.code for r in own.reasons] == ["ENTERED_BY_YOU"]
    assert pass_order(by=two, centre_id=1, order_no=number, key=fresh(), at=desk.at).value.result.value == "1"
    again = return_order(by=two, centre_id=1, order_no=number, opinion="晚了", key=fresh(), at=desk.at)
    assert [r.code for r in again.reasons] == ["COURT_ORDER_SETTLED"]
    assert desk.queue(member) == [("兰州", "60.00", "生效")]
    with desk.scope():
        view = queries.order(1, number)
        assert (view.maker, view.checker) == ("user:甲", "user:乙")
        assert queries.document(1, number, view.documents[0].document_id) == ("执行裁定书.pdf", b"%PDF-1.7 made up")


def test_who_has_not_the_post_cannot_act(desk, account):
    from hpf.db.command import NotPermitted
    from hpf.freezes.services import enter_order
    from hpf.kernel.actor import Actor

    paper = desk.paper(account("1.00"), action("FREEZE"), yuan="1.00")
    clerk = Actor("user:柜员", "柜员", frozenset({1}), frozenset({"page.counter", "queue.make", "queue.check"}))
    with pytest.raises(NotPermitted):
        enter_order(by=clerk, centre_id=1, paper=paper, documents=(), key=fresh(), at=desk.at)


def test_nothing_of_the_person_lies_open_in_the_tables(desk, account):
    """Names, numbers and cases are ciphertext: the bytes of the whole database have none of the marker."""
    from django.db import connections

    member = account("100.00", name="标记人")
    name, number = desk.people[member]
    desk.send(member, action("FREEZE_AND_DEDUCT"), yuan="60.00", situation="RETIREMENT", case_no="（2026）标记执777号")
    with connections["owner"].cursor() as cursor:
        for table in ("freezes_order", "freezes_document", "freezes_freeze", "freezes_event", "freezes_deduction", "db_command", "outbox_message",
                      "ledger_journal", "ledger_freeze", "treasury_payment"):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE ANY (ARRAY[%s, %s, %s, %s])", [
                f"%{number}%", "%标记执777%", "%人民法院%", f"%{name}%" if table != "db_command" else "%标记执777%"
            ])  # fmt: skip
            assert cursor.fetchone()[0] == 0, table


PROVED = ("FROZEN", "HELD", "FREEZE_ORDERS", "DEDUCTIONS", "BALANCE", "JOURNAL_ZERO", "BUCKETS", "SUBJECT")


def test_the_proof_covers_orders(desk):
    from hpf.closing.queries.verify import verify

    assert [check.text for check in verify((1,)) if not check.ok and check.check_id in PROVED] == []
    assert {check.check_id for check in verify((1,)) if check.looked_at} >= set(PROVED)
