"""kill -9 of server, worker, bank and PostgreSQL at random moments under load: nothing lost, nothing doubled.

Employers sign in, send lists, confirm them and pay, through the pages and the bank; whatever fails they simply do again,
with the same key. Every half second somebody dies without a word and is started again. At the end the books must say
what would have been said without a single death. The short form runs with the tests, the long one by `make soak`.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from demo.departments.control import start as start_departments
from demo.departments.people import DEMO_KEY as DEPARTMENTS_KEY
from demo.departments.people import SEED
from tests.soak import paying_fund, province
from tests.soak.fund import ON
from tests.soak.torment import Estate, Visitor, free_port, torment
from tests.soak.visitors import Employer, Member

Told = tuple[Counter[str], int, dict[str, Any]]
"""Deaths by victim, repeats, what was proved."""


def tormented(folder: Path, *, kills: int, units: int, seconds: int, seed: int, months: int = 5) -> Told:
    """Employers: run the load, kill, let it end, prove. Gives deaths by victim, repeats, what was proved."""
    estate = Estate(folder, ON.isoformat())
    try:
        estate.begin("bank")
        plan = json.loads(estate.run("-m", "tests.soak.fund", "setup", estate.bank_url, str(units), str(months)))
        deadline = time.monotonic() + seconds
        employers = [Employer(estate, unit, plan["password"], deadline) for unit in plan["units"]]
        return _under(estate, employers, plan, "tests.soak.fund", kills=kills, seed=seed, deadline=deadline)
    finally:
        estate.stop()


def tormented_members(folder: Path, *, kills: int, people: int, seconds: int, seed: int) -> Told:
    """The same for members who withdraw, with the departments beside them."""
    departments = start_departments(key="soak-departments")
    estate = Estate(folder, paying_fund.ON.isoformat(), HPF_DEPARTMENTS_URL=departments.url, HPF_DEPARTMENTS_KEY="soak-departments")
    try:
        estate.begin("bank")
        plan = json.loads(estate.run("-m", "tests.soak.paying_fund", "setup", estate.bank_url, departments.url, str(people)))
        deadline = time.monotonic() + seconds
        members = [Member(estate, member, plan["drawn_fen"], plan["password"], deadline) for member in plan["members"]]
        return _under(estate, members, plan, "tests.soak.paying_fund", kills=kills, seed=seed, deadline=deadline)
    finally:
        estate.stop()
        departments.kill()


def tormented_province(folder: Path, *, kills: int, people: int, seconds: int, seed: int) -> Told:
    """The demo's province after its fourteen months, with all its units and some of its members at work at once."""
    numbers = {"HPF_NATIONAL_PORT": str(free_port()), "HPF_DEPARTMENTS_PORT": str(free_port())}
    estate = Estate(folder, "2025-09-01", HPF_DEPARTMENTS_KEY=DEPARTMENTS_KEY, **numbers)
    estate.book, estate.seed = province.BOOK, 7
    departments = None
    try:
        estate.run("-m", "demo.run", "build")
        departments = start_departments(key=DEPARTMENTS_KEY, seed=SEED, people=folder / province.PEOPLE, told=folder / province.TOLD)
        estate.environment["HPF_DEPARTMENTS_URL"] = departments.url
        estate.begin("bank")
        plan = json.loads(estate.run("-m", "tests.soak.province", "setup", estate.bank_url, departments.url, str(people)))
        deadline = time.monotonic() + seconds
        visitors: list[Visitor] = [Employer(estate, unit, plan["password"], deadline) for unit in plan["units"]]
        visitors += [Member(estate, member, plan["drawn_fen"], plan["password"], deadline) for member in plan["members"]]
        return _under(estate, visitors, plan, "tests.soak.province", kills=kills, seed=seed, deadline=deadline)
    finally:
        estate.stop()
        if departments is not None:
            departments.kill()


def _under(estate: Estate, visitors: Sequence[Visitor], plan: Any, script: str, *, kills: int, seed: int, deadline: float) -> Told:
    for who in ("server", "worker"):
        estate.start(who)
    deaths = torment(estate, visitors, kills=kills, luck=random.Random(seed), deadline=deadline)
    proved = json.loads(estate.run("-m", script, "prove", estate.bank_url, said=json.dumps(plan)))
    return deaths, sum(visitor.repeats for visitor in visitors), proved


def test_nothing_is_lost_or_doubled_when_anything_is_killed(tmp_path: Path, tell: Callable[[str], None]) -> None:
    deaths, repeats, proved = tormented(tmp_path, kills=12, units=3, seconds=900, seed=20260920)
    tell(f"killed {dict(deaths)}, {repeats} repeats, {proved['lists']} lists booked once, {proved['fen'] / 100:,.2f} yuan proved")
    assert proved["lists"] == 15
    assert sum(deaths.values()) >= 5


def test_nobody_is_paid_twice_or_forgotten_when_anything_is_killed(tmp_path: Path, tell: Callable[[str], None]) -> None:
    deaths, repeats, proved = tormented_members(tmp_path, kills=12, people=6, seconds=900, seed=20260924)
    tell(f"killed {dict(deaths)}, {repeats} repeats, {proved['paid']} withdrawals paid once, {proved['fen'] / 100:,.2f} yuan proved")
    assert proved["paid"] == 12
    assert sum(deaths.values()) >= 5


@pytest.mark.soak
def test_the_demo_province_after_fourteen_months_survives_fifty_deaths(tmp_path: Path, tell: Callable[[str], None]) -> None:
    seed = random.SystemRandom().randrange(10**9)
    deaths, repeats, proved = tormented_province(tmp_path, kills=50, people=24, seconds=1200, seed=seed)
    told = f"{proved['lists']} lists booked once, {proved['paid']} withdrawals paid once, {proved['centres']} centres proved"
    tell(f"seed {seed}: killed {dict(deaths)}, {repeats} repeats, {told} by {proved['checks']} checks")
    assert sum(deaths.values()) == 50
    assert proved["centres"] == 16


@pytest.mark.soak
def test_fifty_deaths_and_more(tmp_path: Path, soak_hours: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Fresh seeds for as long as asked, fifty deaths each; the seed is printed, so that any run can be had again."""
    end = time.monotonic() + 3600 * float(soak_hours)
    rounds = 0
    while rounds == 0 or time.monotonic() < end:
        seed = random.SystemRandom().randrange(10**9)
        folder = tmp_path / str(seed)
        folder.mkdir()
        deaths, repeats, proved = tormented(folder, kills=50, units=12, seconds=900, seed=seed)
        out = folder / "out"
        out.mkdir()
        deaths_out, repeats_out, paid = tormented_members(out, kills=50, people=12, seconds=900, seed=seed)
        rounds += 1
        with capsys.disabled():
            print(f"\n  seed {seed}: killed {dict(deaths)}, {repeats} repeats, {proved['lists']} lists booked once")
            print(f"  seed {seed}: killed {dict(deaths_out)}, {repeats_out} repeats, {paid['paid']} withdrawals paid once")
