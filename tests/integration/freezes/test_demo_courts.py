"""The courts of the demo: a year of papers, each coming to what the story wants, and the books proved after it."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tests.support.people import resident_id

pytestmark = pytest.mark.usefixtures("database")


def test_a_year_of_papers(database):
    from demo.life.courts import Courts
    from hpf.access import services as access
    from hpf.access.services.appointments import NewUser
    from hpf.closing.queries.verify import verify
    from hpf.freezes import queries
    from tests.support.courts import Desk
    from tests.support.people import AT

    desk = Desk(1)
    desk.on = date(2025, 9, 1)
    desk.begin()
    unit = desk.unit("兰州样本单位", first_month="2025-09")
    accounts = [desk.member(unit, "职工" + "一二三四五"[n], resident_id(40 + n)) for n in range(5)]
    for account_no in accounts:
        desk.pay(account_no, "18000.00", desk.on)
    officers = tuple(NewUser(f"{kind}.lanzhou", kind, "STAFF", "COURT_OFFICER") for kind in ("court", "court2"))
    access.register_users(by=desk.by, centre_id=1, users=officers, password="Lanzhou#2026", at=AT, key="officers")
    cast = SimpleNamespace(centre_id=1, system=desk.by)
    courts = Courts(
        cast,
        "lanzhou",
        "兰州",
        [SimpleNamespace(account_no=unit)],
        SimpleNamespace(instructed_on=None),
        lambda day, n: day + timedelta(days=n),
    )  # type: ignore[arg-type]
    for day, act in sorted(courts.acts(), key=lambda pair: pair[0]):
        if day > desk.on:
            if (day.year, day.month) >= (2026, 7) and (desk.on.year, desk.on.month) < (2026, 7):
                desk.next_day(date(2026, 6, 30))
                _settle(desk)
            desk.next_day(day)
        act(day)
    with desk.scope():
        papers, count = queries.orders(1, limit=50)
        states = {f"{view.court_name[2:4]}{who}": view.effect for who, no in courts.people.items() for view in queries.queue_of(1, no)}
    results = [(paper.action.value, paper.result.value, paper.state.value) for paper in reversed(papers)]
    assert count == 11
    assert results.count(("FREEZE", "2", "ANSWERED")) == 1 and results[-1] == ("FREEZE", "0", "ENTERED")
    assert states == {"市中甲": "期满失效", "铁路甲": "期满失效", "铁路乙": "生效", "市中丙": "已解除", "铁路丁": "已扣划完毕"}
    balances = [desk.money(courts.people[who]).balance for who in "甲乙丙丁"]
    interest = {who: balance.fen - 18_000_00 for who, balance in zip("甲乙丙丁", balances, strict=True)}
    assert (
        interest["丁"] - interest["乙"] < -1_499_00 and interest["甲"] - interest["乙"] == -800_00 and interest["乙"] == interest["丙"] > 0
    )
    wanted = ("FROZEN", "FREEZE_ORDERS", "DEDUCTIONS", "BALANCE", "BUCKETS")
    found = {check.check_id: check for check in verify((1,))}
    assert all(found[check_id].ok and found[check_id].looked_at for check_id in wanted)


def _settle(desk):
    from hpf.closing.services.settlement import settle_interest

    done = settle_interest(by=desk.by, centre_id=1, year=2025, dry_run=False, at=desk.at, key="settle")
    assert done.is_approved, done.reasons
