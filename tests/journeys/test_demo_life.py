"""The small province lives: two centres through their first weeks, by commands, with the simulated bank beside them."""

from __future__ import annotations

from datetime import date

import pytest

from demo.bank.control import start
from demo.province.province import DEMO_SCALE, DEMO_SEED, Province

CENTRES = (5, 13)
LAST = date(2025, 9, 30)


@pytest.fixture(scope="module")
def lived(database, tmp_path_factory):
    """Tianshui and Linxia from 1 September 2025 to the end of the month, every business day closed."""
    from django.conf import settings

    from demo.life.cast import hire_staff, moment
    from demo.life.founding import found
    from demo.life.story import FIRST_DAY, CentreLife, business_days
    from hpf.jobs.banking import bank_key

    bank = start(str(tmp_path_factory.mktemp("bank") / "book.sqlite"), seed=3, first_day=FIRST_DAY, key=bank_key().decode())
    before, settings.HPF_BANK_URL = settings.HPF_BANK_URL, bank.url + "/"
    try:
        province, lives = Province(DEMO_SEED, DEMO_SCALE), []
        for centre_id in CENTRES:
            centre = province.centre(centre_id)
            cast = hire_staff(centre_id, centre.code, centre.short_name, "Longjin-2026-Test", "JBSWY3DPEHPK3PXP", moment(FIRST_DAY, 8))
            home = found(centre, cast, bank.control, FIRST_DAY, "Longjin-2026-Test")
            lives.append(CentreLife(centre, cast, home, bank.control, DEMO_SEED, strict=True))
        days = business_days(FIRST_DAY, LAST)
        for day in days:
            bank.control.advance_to(day)
            for life in lives:
                life.live(day)
        yield lives, bank.control, days
    finally:
        settings.HPF_BANK_URL = before
        bank.stop()


def test_every_day_is_closed_and_the_next_is_open(lived):
    from hpf.db.scope import centre_scope
    from hpf.ledger import queries as ledger

    for centre_id in CENTRES:
        with centre_scope(centre_id):
            assert ledger.last_closed_day(centre_id) == LAST
            assert ledger.business_day(centre_id) == date(2025, 10, 9)


def test_the_balances_of_the_predecessor_lie_on_the_members_accounts_and_at_the_bank(lived):
    from hpf.db.scope import centre_scope
    from hpf.ledger import queries as ledger

    lives, bank, _ = lived
    for life in lives:
        with centre_scope(life.centre.centre_id):
            subjects = ledger.subject_balances(life.centre.centre_id, LAST)
        assert bank.balance_fen(life.home.fund_account_no) == subjects[10101].fen
        brought = int(life.centre.members.balance_fen[life.centre.members.balance_fen > 0].sum())
        assert -subjects[201].fen > brought


def test_prompt_units_have_paid_september(lived):
    from hpf.accounts import queries as accounts
    from hpf.db.scope import centre_scope
    from hpf.kernel.period import Month

    for life in lived[0]:
        for unit in life.units:
            if unit.unit.habit in ("PROMPT", "ARREARS", "DEFERRAL"):
                with centre_scope(life.centre.centre_id):
                    assert accounts.employer_account(life.centre.centre_id, unit.account_no).paid_through == Month(2025, 9)


def test_everything_is_proved_from_the_legs_up(lived):
    from hpf.closing.queries.verify import verify

    broken = [check for check in verify(CENTRES) if not check.ok]
    assert broken == []
