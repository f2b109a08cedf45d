"""The demo province built twice, its centres served in another order: the same people have the same numbers and the same money."""

from __future__ import annotations

from datetime import date

import pytest

from demo.bank.control import start
from demo.province.province import DEMO_SCALE, DEMO_SEED, Province
from tests.conftest import cloned

CENTRES = (5, 13)
LAST = date(2025, 10, 27)
"""By then units have paid twice, strangers have paid, people were hired and have left."""

WHAT = {
    "accounts": """SELECT p.centre_id, p.id_kind, encode(p.id_blind, 'hex'), m.opened_on, m.account_no FROM accounts_memberaccount m
                   JOIN parties_person p ON p.id = m.person_id""",
    "units": """SELECT e.centre_id, e.name, e.employer_no, a.account_no FROM parties_employer e
                JOIN accounts_employeraccount a ON a.employer_id = e.id""",
    "lists": "SELECT centre_id, employer_account_no, month, kind, state, remittance_no FROM contributions_remittance",
    "receipts": "SELECT centre_id, receipt_no, bank_reference, amount_fen, state, used_by_kind, used_by_no FROM treasury_receipt_v1",
    "orders": "SELECT centre_id, request_no, order_no FROM freezes_order",
    "bank": "SELECT centre_id, amount_fen, business_on, summary, bank_reference FROM treasury_cashentry",
    "journals": """SELECT centre_id, business_on, kind, source_kind, CASE WHEN source_kind IN ('BANK_ACCOUNT', 'LEDGER_ACCOUNT') THEN '' ELSE source_no END, summary,
                          lines FROM ledger_journal""",
    "money": """SELECT m.centre_id, m.account_no, a.balance_fen, a.day_products FROM accounts_memberaccount m
                JOIN ledger_account a ON a.id = m.ledger_account_id""",
}


def live(template, folder, centres):
    """A few weeks of both centres on a database of their own; gives what the demo's readers see of it."""
    from django.conf import settings
    from django.db import connections

    from demo.departments.people import DEMO_KEY
    from demo.life.cast import hire_staff, moment
    from demo.life.founding import found
    from demo.life.story import FIRST_DAY, CentreLife, business_days
    from hpf.jobs.banking import bank_key

    bank = start(str(folder / "book.sqlite"), seed=3, first_day=FIRST_DAY, key=bank_key().decode())
    before = settings.HPF_BANK_URL, settings.HPF_DEPARTMENTS_KEY
    settings.HPF_BANK_URL, settings.HPF_DEPARTMENTS_KEY = bank.url + "/", DEMO_KEY
    try:
        with cloned(template):
            province, lives = Province(DEMO_SEED, DEMO_SCALE), []
            for centre_id in centres:
                centre = province.centre(centre_id)
                cast = hire_staff(centre_id, centre.code, centre.short_name, "Longjin-2026-Test", "JBSWY3DPEHPK3PXP", moment(FIRST_DAY, 8))
                home = found(centre, cast, bank.control, FIRST_DAY, "Longjin-2026-Test")
                lives.append(CentreLife(centre, cast, home, bank.control, DEMO_SEED, strict=True))
            for day in business_days(FIRST_DAY, LAST):
                bank.control.advance_to(day)
                for life in lives:
                    life.live(day)
            with connections["owner"].cursor() as cursor:
                seen = {}
                for name, sql in WHAT.items():
                    cursor.execute(sql)
                    seen[name] = sorted(cursor.fetchall(), key=repr)
                return seen
    finally:
        settings.HPF_BANK_URL, settings.HPF_DEPARTMENTS_KEY = before
        bank.stop()


@pytest.fixture(scope="module")
def twice(template, tmp_path_factory):
    return [live(template, tmp_path_factory.mktemp("bank"), centres) for centres in (CENTRES, CENTRES[::-1])]


@pytest.mark.parametrize("what", WHAT)
def test_another_order_of_the_centres_changes_nothing(twice, what, tell):
    first, again = (seen[what] for seen in twice)
    tell(f"{len(first)} {what} the same twice")
    assert first == again


def test_there_is_something_to_compare_in_both_centres(twice):
    for what in ("accounts", "units", "lists", "receipts", "bank", "journals", "money"):
        assert {row[0] for row in twice[0][what]} == set(CENTRES), what
