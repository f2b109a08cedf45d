"""中心自定的规则: what a centre may switch on for its lists; walls between centres; figures for a page."""

from __future__ import annotations

import pytest

from hpf.kernel.money import ZERO, Money
from tests.support.contributions import JULY, codes


@pytest.fixture
def switched_on(monkeypatch):
    """A centre that has enacted a switch."""

    def on(key):
        from hpf.contributions.services import lists, posting

        for module in (lists, posting):
            monkeypatch.setattr(module, "says", lambda book, asked: asked == key)

    return on


def test_good_lines_wait_with_the_bad_ones_unless_the_centre_lets_them_go_on(lanzhou, switched_on):
    from hpf.contributions.services.facts import GOOD_LINES_GO_ON

    unit, people = lanzhou.unit_with_people("兰州部分差错有限公司")
    content = lanzhou.file(people, {2: {"单位月缴存额": "720.01"}})
    waiting = lanzhou.send(unit, content).value
    assert (waiting.state, waiting.line_count) == ("RECEIVED", 2)
    switched_on(GOOD_LINES_GO_ON)
    going_on = lanzhou.send(unit, content).value
    assert (going_on.state, going_on.line_count, going_on.defect_count, going_on.total) == ("CHECKED", 2, 1, Money.yuan("2880.00"))


def test_a_centre_that_accepts_lists_itself_books_none_before(lanzhou, switched_on):
    from hpf.contributions.services.facts import ACCEPTANCE

    unit, people = lanzhou.unit_with_people("兰州受理有限公司")
    confirmed = lanzhou.confirmed(unit)
    lanzhou.pay_in("4320.00", confirmed.reference)
    switched_on(ACCEPTANCE)
    before = lanzhou.totals()
    assert codes(lanzhou.book(confirmed.remittance_no)) == ["LIST_NOT_ACCEPTED"]
    assert (lanzhou.totals(), lanzhou.total(*people)) == (before, ZERO)
    assert codes(lanzhou.call("accept", lanzhou.employer, remittance_no=confirmed.remittance_no)) == ["MAKER_IS_CHECKER"]
    assert lanzhou.call("accept", lanzhou.checker, remittance_no=confirmed.remittance_no).value.accepted_by == "user:李复核"
    assert lanzhou.book(confirmed.remittance_no).value.total == Money.yuan("4320.00")


def test_another_centre_sees_and_books_nothing_of_it(lanzhou):
    from hpf.contributions import queries, services
    from hpf.db.scope import centre_scope
    from hpf.kernel.actor import Actor
    from tests.support.people import AT, fresh

    unit, _ = lanzhou.unit_with_people("兰州隔离有限公司")
    confirmed = lanzhou.confirmed(unit)
    lanzhou.pay_in("4320.00", confirmed.reference)
    with centre_scope(2):
        assert queries.remittance(1, confirmed.remittance_no) is None
        assert queries.remittance(2, confirmed.remittance_no) is None
        assert queries.lines(1, confirmed.remittance_no) == []
    stranger = Actor.system(2)
    refused = services.book(
        by=stranger, centre_id=2, remittance_no=confirmed.remittance_no, business_on=lanzhou.on, key=fresh("book"), at=AT
    )
    assert codes(refused) == ["REMITTANCE_NOT_FOUND"]
    assert lanzhou.remittance(confirmed.remittance_no).state == "CONFIRMED"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE contributions_line SET employer_fen = 1",
        "DELETE FROM contributions_line",
        "UPDATE contributions_original SET content = ''",
        "DELETE FROM contributions_remittance",
        "UPDATE contributions_urgingstep SET note = ''",
    ],
)
def test_the_application_cannot_rewrite_what_was_listed_or_kept(lanzhou, sql):
    from django.db import DatabaseError, connection, transaction

    with lanzhou.scope(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_one_regular_list_a_month_holds_even_by_raw_sql(lanzhou):
    from django.db import IntegrityError, connection, transaction

    unit, _ = lanzhou.unit_with_people("兰州唯一清册有限公司")
    first = lanzhou.confirmed(unit)
    second = lanzhou.call("prepare_list", employer_account_no=unit, month=JULY).value
    refused = pytest.raises(IntegrityError, match="contributions_one_regular_a_month")
    with lanzhou.scope(), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE contributions_remittance SET state = 'CONFIRMED' WHERE remittance_no = %s", [second.remittance_no])
    assert lanzhou.remittance(first.remittance_no).state == "CONFIRMED"


def test_a_list_shows_how_far_it_is(lanzhou):
    unit, _ = lanzhou.unit_with_people("兰州进度有限公司")
    confirmed = lanzhou.confirmed(unit)
    lanzhou.pay_in("4000.00", confirmed.reference)
    half = lanzhou.ask_for("progress", confirmed.remittance_no)
    assert ([name for name, done in half.steps if done], half.missing) == (["收到清册", "单位确认"], Money.yuan("320.00"))
    lanzhou.pay_in("320.00", confirmed.reference)
    lanzhou.book(confirmed.remittance_no)
    whole = lanzhou.ask_for("progress", confirmed.remittance_no)
    assert (all(done for _, done in whole.steps), whole.missing, whole.state) == (True, ZERO, "BOOKED")


def test_lists_come_in_pages_newest_first(lanzhou):
    unit, _ = lanzhou.unit_with_people("兰州分页有限公司")
    account = lanzhou.unit_view(unit).employer_account_id
    numbers = [lanzhou.call("prepare_list", employer_account_no=unit, month=JULY).value.remittance_no for _ in range(5)]
    first = lanzhou.ask_for("remittances", employer_account_id=account, limit=2)
    second = lanzhou.ask_for("remittances", employer_account_id=account, limit=2, before=first[-1].remittance_no)
    assert [view.remittance_no for view in (*first, *second)] == numbers[::-1][:4]
    assert [view.state for view in (*first, *second)] == ["CHECKED", "REPLACED", "REPLACED", "REPLACED"]


def test_booking_asks_the_same_number_of_queries_for_two_people_and_for_twenty(lanzhou, queries):
    counted = []
    for people in (2, 20):
        unit, _ = lanzhou.unit_with_people(f"兰州记账{people}人有限公司", people)
        confirmed = lanzhou.confirmed(unit)
        lanzhou.pay_in(str(confirmed.expected), confirmed.reference)
        queries.clear()
        assert lanzhou.book(confirmed.remittance_no).value is not None
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 25
