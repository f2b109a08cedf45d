"""分录的两种写法: what a booked list posted by one SQL statement is what the pure rule drafts."""

from dataclasses import dataclass

import pytest

from hpf.contributions.rules.postings import postings_for_remittance
from hpf.kernel.money import Money


@dataclass(frozen=True)
class BookedLine:
    ledger_account_id: int
    total_fen: int


def legs_of(remittance_no: str) -> list[tuple[int, int]]:
    """(account, fen) as posted, in order."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.account_id, l.fen FROM ledger_leg l JOIN ledger_journal j ON (j.centre_id, j.id) = (l.centre_id, l.journal_id)"
            " WHERE j.source_no = %s ORDER BY l.line_no",
            [remittance_no],
        )
        return cursor.fetchall()


def lines_of(remittance_no: str) -> list[BookedLine]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.ledger_account_id, (l.employer_fen + l.member_fen)::bigint FROM contributions_line l"
            " JOIN contributions_remittance r ON r.id = l.remittance_id WHERE r.remittance_no = %s ORDER BY l.row_no",
            [remittance_no],
        )
        return [BookedLine(*row) for row in cursor.fetchall()]


@pytest.mark.parametrize(("paid", "overpaid"), [("4320.00", "0.00"), ("4320.01", "0.01")])
def test_the_posted_legs_are_those_of_the_rule(lanzhou, paid, overpaid):
    unit, _ = lanzhou.unit_with_people(f"甘肃分录{paid}有限公司")
    confirmed = lanzhou.confirmed(unit)
    assert confirmed.total == Money.yuan("4320.00")
    receipt_no = lanzhou.pay_in(paid, confirmed.reference)
    booked = lanzhou.book(confirmed.remittance_no, receipt_no=receipt_no)
    assert booked.value is not None, booked.reasons
    with lanzhou.scope():
        from hpf.treasury import queries as treasury

        receipt = treasury.receipt(lanzhou.centre_id, receipt_no).ledger_account_id
        posted, lines = legs_of(confirmed.remittance_no), lines_of(confirmed.remittance_no)
    prepaid = lanzhou.unit_view(unit).prepaid_ledger_id
    drafted = postings_for_remittance(lines, receipt, prepaid, overpaid=Money.yuan(overpaid))
    assert posted == [(leg.account_id, leg.fen) for leg in drafted]
