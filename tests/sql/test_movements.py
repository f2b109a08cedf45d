"""每日变动: what happens to accounts and money, and the movements that the statistics make of it, as text."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.days import Centre, at
from tests.support.people import fresh, resident_id

MONDAY, TUESDAY = date(2026, 8, 3), date(2026, 8, 4)


@pytest.fixture(scope="module")
def gannan(database):
    from hpf.accounts.services import seal, unseal
    from hpf.kernel.money import Money
    from hpf.kernel.period import Month

    centre = Centre(14, "623001", MONDAY)
    centre.open_centre(MONDAY)
    school = centre.unit("合作市第一小学", rate="12", first_month="2026-08", nature="PUBLIC_INSTITUTION")
    zhang = centre.member(school, "张三", resident_id(61), "5000.00")
    centre.remit(school, "2026-08", MONDAY, pays="1201.00")
    centre.arrive("9.00", MONDAY)
    assert centre.close(MONDAY).closed
    seal(by=centre.by, centre_id=14, account_no=zhang, reason="LEFT", left_on=TUESDAY, on=TUESDAY, at=at(TUESDAY), key=fresh())
    unsealed = unseal(
        by=centre.by, centre_id=14, account_no=zhang, base=Money.yuan("5000.00"), from_month=Month.parse("2026-09"),
        on=TUESDAY, at=at(TUESDAY), key=fresh(),
    )  # fmt: skip
    assert unsealed.is_approved, unsealed.reasons
    centre.withdraw(zhang, "200.00", TUESDAY)
    assert centre.close(TUESDAY).closed
    return centre


def movements(day: date) -> str:
    from hpf.statistics.services import _movements

    return "\n".join(f"{measure:26} {value:18} {amount}" for measure, _, _, value, amount, _ in _movements(14, day, day))


def test_a_first_day(gannan):
    assert (
        movements(MONDAY)
        == """
balance                    PUBLIC_INSTITUTION 120000
contributed                PUBLIC_INSTITUTION 120000
person_months              PUBLIC_INSTITUTION 1
persons_existing           PUBLIC_INSTITUTION 1
persons_first_paid         PUBLIC_INSTITUTION 1
persons_normal             PUBLIC_INSTITUTION 1
persons_opened             PUBLIC_INSTITUTION 1
suspense                   NONE               900
suspense                   PUBLIC_INSTITUTION 100
suspense_items             NONE               1
units_existing             PUBLIC_INSTITUTION 1
units_normal               PUBLIC_INSTITUTION 1
units_opened               PUBLIC_INSTITUTION 1
""".strip()
    )


def test_a_seal_and_its_end_on_one_day_leave_the_state_and_count_the_sealing(gannan):
    assert (
        movements(TUESDAY)
        == """
balance                    PUBLIC_INSTITUTION -20000
persons_first_withdrawing  PUBLIC_INSTITUTION 1
persons_sealings           PUBLIC_INSTITUTION 1
suspense                   NONE               20000
withdrawals                PUBLIC_INSTITUTION 1
withdrawn                  PUBLIC_INSTITUTION 20000
""".strip()
    )
