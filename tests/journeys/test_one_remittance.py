"""一张清册的一生: a school's list with two mistakes, the corrected list, the money, the close of the day, the member, the supervisor.

Read this file from top to bottom to see how the platform works. Everything goes through the platform's own commands;
the bank is a statement typed here, and the figures can be checked by hand: three teachers, 12 % on each side.
"""

from __future__ import annotations

from datetime import date

import pytest

from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from tests.support.contributions import Centre, codes
from tests.support.people import AT

JULY = Month(2026, 7)
CONTRIBUTED_TODAY = "0301010101"


@pytest.fixture
def lanzhou(own_database):
    centre = Centre(1)
    centre.begin()
    return centre


def test_one_remittance_from_upload_to_statistics(lanzhou):
    from hpf.closing.services.day import close_day
    from hpf.kernel.actor import Actor
    from hpf.ledger import queries as ledger
    from hpf.treasury.rules.movements import Movement
    from hpf.treasury.services import record_movements

    # 兰州市第一中学 has three teachers: 张三 5,000.00, 李四 6,000.00, 王五 7,000.00 of base.
    school, (zhang, li, wang) = lanzhou.unit_with_people("兰州市第一中学")
    untouched = lanzhou.totals()

    # The operator uploads July with two mistakes. The file is kept, every mistake is named, nothing can be confirmed.
    spoilt = lanzhou.file([zhang, li, wang], {1: {"单位月缴存额": "600.01"}, 3: {"缴存基数": "7000.5"}})
    first = lanzhou.send(school, spoilt).value
    assert (first.state, first.line_count) == ("RECEIVED", 1)
    assert [(each.row_no, each.column, each.value, each.code) for each in lanzhou.ask_for("defects", first.remittance_no)] == [
        (2, "单位月缴存额", "600.01", "AMOUNT_WRONG"),
        (4, "缴存基数", "7000.50", "BASE_NOT_REGISTERED"),
    ]
    assert codes(lanzhou.call("confirm", lanzhou.employer, remittance_no=first.remittance_no)) == ["LIST_HAS_DEFECTS"]

    # The corrected file replaces it. The operator confirms: 4,320.00 are expected under the list's number.
    second = lanzhou.send(school, lanzhou.file([zhang, li, wang])).value
    assert (second.state, second.total, second.replaces_no) == ("CHECKED", Money.yuan("4320.00"), first.remittance_no)
    confirmed = lanzhou.call("confirm", lanzhou.employer, remittance_no=second.remittance_no).value
    assert confirmed.expected == Money.yuan("4320.00")
    assert lanzhou.totals() == untouched

    # The bank's statement brings the money, twice in the same file: it is booked once and waits in 21904 (暂收款, money not yet matched).
    paid = Movement("2026080300001", lanzhou.on, Money.yuan("4320.00"), "62220001", "兰州市第一中学", f"{confirmed.reference} 七月公积金")
    for key in ("statement-1", "statement-2"):
        record_movements(
            by=lanzhou.by, centre_id=1, bank_account_id=lanzhou.bank_account_id, entries=(paid, paid), business_on=lanzhou.on, key=key,
            closing=Money.yuan("4320.00"), closing_on=lanzhou.on,
        )  # fmt: skip
    assert lanzhou.totals() == {10101: Money.yuan("4320.00"), 21904: Money.yuan("-4320.00")}

    # The clerk closes the day: the money is matched and booked, bank and books agree, the figures are counted.
    closed = close_day(centre_id=1, business_on=lanzhou.on, by=Actor.system(1, "日终"), at=AT)
    assert closed.closed, closed.message
    assert lanzhou.totals() == {10101: Money.yuan("4320.00"), 201: Money.yuan("-4320.00")}
    assert [lanzhou.money(no).balance for no in (zhang, li, wang)] == [Money.yuan("1200.00"), Money.yuan("1440.00"), Money.yuan("1680.00")]
    assert lanzhou.unit_view(school).paid_through == JULY

    # 张三 sees where it came from, to the entry.
    member = lanzhou.view(zhang)
    (entry,) = lanzhou.ask_for("contribution_history", member.member_account_id)
    assert (entry.month, entry.employer, entry.member, entry.booked_on) == (
        JULY,
        Money.yuan("600.00"),
        Money.yuan("600.00"),
        date(2026, 8, 3),
    )
    with lanzhou.scope():
        (posted,) = ledger.history(member.ledger_account_id, date(2026, 8, 1), date(2026, 9, 1))
    assert (posted.journal_id, posted.source_no, posted.amount) == (entry.journal_id, second.remittance_no, Money.yuan("1200.00"))

    # The supervisor sees the figure, and the row behind it.
    from hpf.statistics import queries as statistics

    (figure,) = statistics.figures([1], "DAY", lanzhou.on, [CONTRIBUTED_TODAY])
    assert figure.text == "4,320.00"

    # Everything sent again changes nothing.
    again = lanzhou.book(second.remittance_no)
    assert (codes(again), lanzhou.totals()[201]) == (["REMITTANCE_WRONG_STATE"], Money.yuan("-4320.00"))
    assert lanzhou.ask_for("progress", second.remittance_no).missing == ZERO
