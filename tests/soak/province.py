"""The demo's province, fourteen months old, tormented: `python -m tests.soak.province setup|prove`, on the soak database.

setup  the demo as `make demo` builds it is moved on to a day of December, on which nobody of the story has acted yet; told are the
       lists each unit owes up to the month, and members without a home who have never withdrawn, as JSON
prove  closes the day in all sixteen centres and checks every list, account, card and invariant
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.soak import inside

ON = date(2026, 12, 10)
TENANTS_IN = (1, 16)
"""Lanzhou's two centres, whose limits of rent are the same."""
DRAWN_FEN = {"2026-12": 30_000, "2026-11": 20_100}
"""What each tenant asks for, by the month of the rent."""
ENOUGH_FEN = 100_000
PAID = frozenset({"2026-08", "2026-09", "2026-10", "2026-11"})
"""Months that a tenant must have behind her, and a few to spare."""
UNDER_WAY = ("RECEIVED", "CHECKED", "CONFIRMED", "PAID")
BOOK, PEOPLE, TOLD, STATE = "demo/bank.sqlite", "demo/people.json", "demo/told.json", "demo/state.json"


def setup(bank_url: str, departments_url: str, people: int) -> dict[str, Any]:
    from demo.bank.control import BankControl
    from demo.departments.control import DepartmentsControl
    from demo.logins import PASSWORD_WORDS, run_folder
    from demo.street import lives_of

    bank, departments = BankControl(bank_url), DepartmentsControl(departments_url)
    lives = lives_of(json.loads((run_folder() / STATE).read_text(encoding="utf-8")))
    _close_until(ON, sorted(lives), bank)
    units = [told for centre_id in sorted(lives) for told in _units(lives[centre_id])]
    accounts = {centre_id: {*life.home.members.values(), *life.home.flexible_members} for centre_id, life in lives.items()}
    for unit in units:
        accounts[unit["centre_id"]].update(no for told in unit["lists"].values() for no in told["by_account"])
    before = {centre_id: _balances(centre_id, nos) for centre_id, nos in accounts.items()}
    rooms = [_tenants(lives[centre_id], bank, departments) for centre_id in TENANTS_IN]
    members = [one for pair in itertools.zip_longest(*rooms) for one in pair if one is not None][:people]
    return {"units": units, "members": members, "before_fen": before, "password": PASSWORD_WORDS, "drawn_fen": DRAWN_FEN}


def _close_until(last: date, centres: list[int], bank: Any) -> None:
    """All centres day by day, as the clock of the demo does; the bank goes with them."""
    from hpf.db.scope import centre_scope
    from hpf.jobs.day import run_day
    from hpf.ledger import queries as ledger
    from tests.support.withdrawals import moment

    while True:
        days = {}
        for centre_id in centres:
            with centre_scope(centre_id):
                days[centre_id] = ledger.business_day(centre_id)
        behind = min(days.values())
        bank.advance_to(behind)
        if behind >= last:
            return
        for centre_id in (each for each in centres if days[each] == behind):
            closed = run_day(centre_id, at=moment(behind, 18)).day
            assert closed.closed, (centre_id, behind, closed.message)


def _units(life: Any) -> Iterator[dict[str, Any]]:
    """Each unit that owes a list up to the month of the day and has none under way, with the files and what to pay for each."""
    from demo.life.lists import as_text
    from hpf.accounts import queries as accounts
    from hpf.contributions import queries as contributions
    from hpf.db.scope import centre_scope
    from hpf.kernel.period import Month

    for unit in life.units:
        with centre_scope(unit.centre_id):
            account = accounts.employer_account(unit.centre_id, unit.account_no)
            sent = contributions.remittances(unit.centre_id, employer_account_id=account.employer_account_id, limit=1000)
        if any(str(each.state) in UNDER_WAY for each in sent):
            continue
        lists = {}
        for month in account.next_month.through(Month.of(ON)) if account.next_month <= Month.of(ON) else ():
            lines = unit.roster(month)
            if lines:
                fen = {line.account_no: (line.employer_month + line.member_month).fen for line in lines}
                lists[str(month)] = {"file": as_text(lines).decode(), "fen": sum(fen.values()), "by_account": fen}
        if lists:
            yield {
                "centre_id": unit.centre_id, "account_no": unit.account_no, "payer": unit.unit.bank_account_no,
                "fund_account": life.home.fund_account_no, "lists": lists,
            }  # fmt: skip


def _balances(centre_id: int, account_nos: Any) -> dict[str, int]:
    from hpf.accounts import queries as accounts
    from hpf.db.scope import centre_scope
    from hpf.ledger import queries as ledger

    with centre_scope(centre_id):
        views = accounts.member_accounts_by_no(centre_id, list(account_nos))
        held = ledger.balances([view.ledger_account_id for view in views.values()])
        return {no: held[view.ledger_account_id].balance.fen for no, view in views.items()}


def _tenants(life: Any, bank: Any, departments: Any) -> list[dict[str, Any]]:
    """Members who pay, have enough and never asked for anything; the departments learn that they have no home here and are single."""
    from hpf.accounts import queries as accounts
    from hpf.contributions import queries as contributions
    from hpf.db.scope import centre_scope
    from hpf.withdrawals import queries as withdrawals

    centre_id, found = life.centre.centre_id, []
    balances = _balances(centre_id, life.home.members.values())
    for row, account_no in sorted(life.home.members.items()):
        member = life.centre.members.one(row)
        if member.second or member.id_kind != "RESIDENT_ID" or member.employer < 0 or balances[account_no] < ENOUGH_FEN:
            continue
        with centre_scope(centre_id):
            view = accounts.member_accounts_by_no(centre_id, [account_no])[account_no]
            asked = withdrawals.applications_of_person(centre_id, view.person_id)
            paid = {str(each.month) for each in contributions.contribution_history(centre_id, view.member_account_id)}
        if view.state != "NORMAL" or asked or not paid >= PAID:
            continue
        place = life.centre.employers[member.employer].district_code
        reference = departments.person(
            "RESIDENT_ID", member.id_number, place=place, homes_in_place=0, rental_filed=False, rental_kind="MARKET", tenant_group="LOCAL"
        )
        departments.marry(reference, None)
        card = f"62220210{centre_id:02d}{row:06d}"
        bank.set_card(card, member.name, 0)
        found.append({"login": member.id_number, "centre_id": centre_id, "account_no": account_no, "card": card})
    return found


def prove(bank_url: str, plan: dict[str, Any]) -> dict[str, Any]:
    """Raises on the first thing that is not as it would be without a single death."""
    from demo.bank.control import BankControl
    from hpf.closing.queries.verify import verify
    from hpf.jobs.day import run_day
    from tests.support.withdrawals import moment

    centres, drawn = [int(centre_id) for centre_id in plan["before_fen"]], list(plan["drawn_fen"].values())
    due: dict[tuple[int, str], int] = {}
    for unit in plan["units"]:
        _lists_are_booked_once(unit)
        for told in unit["lists"].values():
            for account_no, fen in told["by_account"].items():
                due[unit["centre_id"], account_no] = due.get((unit["centre_id"], account_no), 0) + fen
    for member in plan["members"]:
        _is_paid_once(member, drawn, BankControl(bank_url))
        due[member["centre_id"], member["account_no"]] = due.get((member["centre_id"], member["account_no"]), 0) - sum(drawn)
    moved = 0
    for centre_id in centres:
        before = plan["before_fen"][str(centre_id)]
        for account_no, fen in _balances(centre_id, before).items():
            change = fen - before[account_no]
            assert change == due.pop((centre_id, account_no), 0), (centre_id, account_no, before[account_no], fen)
            moved += abs(change)
    assert not due, due
    for centre_id in centres:
        closed = run_day(centre_id, at=moment(ON, 18)).day
        assert closed.closed, (centre_id, closed.message)
    checks = verify(centres)
    assert not [check for check in checks if not check.ok], [check for check in checks if not check.ok]
    lists = sum(len(unit["lists"]) for unit in plan["units"])
    return {"centres": len(centres), "checks": len(checks), "lists": lists, "paid": len(plan["members"]) * len(drawn), "moved_fen": moved}


def _lists_are_booked_once(unit: dict[str, Any]) -> None:
    from hpf.contributions import queries as contributions
    from hpf.db.scope import centre_scope

    with centre_scope(unit["centre_id"]):
        rows = contributions.remittances(unit["centre_id"], employer_account_id=None, limit=5000)
    booked = [
        (str(row.month), row.total.fen)
        for row in rows
        if row.employer_account_no == unit["account_no"] and str(row.month) in unit["lists"] and str(row.state) == "BOOKED"
    ]
    assert sorted(booked) == sorted((month, told["fen"]) for month, told in unit["lists"].items()), (unit["account_no"], booked)


def _is_paid_once(member: dict[str, Any], drawn: list[int], bank: Any) -> None:
    from hpf.accounts import queries as accounts
    from hpf.db.scope import centre_scope
    from hpf.withdrawals import queries as withdrawals

    assert bank.balance_fen(member["card"]) == sum(drawn), (member["card"], bank.balance_fen(member["card"]))
    with centre_scope(member["centre_id"]):
        person = accounts.member_accounts_by_no(member["centre_id"], [member["account_no"]])[member["account_no"]].person_id
        cases = withdrawals.applications_of_person(member["centre_id"], person)
    assert sorted((case.state.value, case.granted.fen) for case in cases) == sorted(("PAID", fen) for fen in drawn), cases


if __name__ == "__main__":
    inside.run(setup, prove)
