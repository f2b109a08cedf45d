"""The fund that the soak test torments, as seen from inside: `python -m tests.soak.fund setup|prove`, on the soak database.

setup  law, one centre, its bank account, units with members and operators; prints what the driver needs as JSON
prove  closes the day and checks everything: every invariant, every member's balance, our books against the bank's own
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.soak import inside

PEOPLE = 6
HIRED, ON = date(2026, 7, 1), date(2026, 11, 20)
FIRST_MONTH = 7
PASSWORD = "Soak-2026-Longjin"


def setup(bank_url: str, units_wanted: int, months: int) -> dict[str, Any]:
    from django.core.management import call_command

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("load_law", verbosity=0)

    from demo.bank.control import BankControl
    from hpf.access.services import appointments
    from hpf.accounts import queries as accounts
    from hpf.db.scope import centre_scope
    from hpf.kernel.money import Money
    from hpf.treasury.rules.numbers import unit_no
    from tests.support.contributions import Centre
    from tests.support.people import AT, fresh

    bank, fund_account = BankControl(bank_url), "27010100000001"
    bank.open_fund_account(fund_account, "住房公积金管理中心", unit_no(1), 0)
    centre = Centre(1, on=ON)
    centre.begin()
    centre.on = HIRED
    units = []
    for number in range(units_wanted):
        account_no, members = centre.unit_with_people(f"黄河机械厂{number + 1}分厂", people=PEOPLE, first_month=f"2026-{FIRST_MONTH:02d}")
        payer = f"6201000000{number:04d}"
        bank.set_account(payer, f"黄河机械厂{number + 1}分厂", 10**12)
        with centre_scope(1):
            unit = accounts.employer_account(1, account_no)
        assert unit is not None
        user = appointments.NewUser(account_no, "单位经办", "EMPLOYER", "EMPLOYER_OPERATOR", employer_id=unit.employer_id)
        made = appointments.register_users(by=centre.by, centre_id=1, users=(user,), password=PASSWORD, at=AT, key=fresh("user"))
        assert made is not None
        month = Money.total(view.employer_month + view.member_month for view in (centre.view(m) for m in members))
        each = {"file": centre.file(members).decode(), "fen": month.fen}
        lists = {f"2026-{number:02d}": each for number in range(FIRST_MONTH, FIRST_MONTH + months)}
        units.append({"account_no": account_no, "payer": payer, "members": members, "fund_account": fund_account, "lists": lists})
    return {"fund_account": fund_account, "units": units, "password": PASSWORD}


def prove(bank_url: str, plan: dict[str, Any]) -> dict[str, Any]:
    """Everything that must be true when the dust has settled; raises on the first thing that is not."""
    from django.utils import timezone

    from demo.bank.control import BankControl
    from hpf.closing.queries.verify import verify
    from hpf.contributions import queries as contributions
    from hpf.db.scope import centre_scope
    from hpf.jobs.day import run_day
    from hpf.ledger import queries as ledger
    from tests.support.contributions import Centre

    run = run_day(1, at=timezone.now())
    assert run.day.closed, run.day.message
    centre = Centre(1, on=ON)
    expected = 0
    with centre_scope(1):
        for unit in plan["units"]:
            booked = [
                row
                for row in contributions.remittances(1, employer_account_id=None, limit=5000)
                if row.employer_account_no == unit["account_no"] and str(row.state) == "BOOKED"
            ]
            due = {month: told["fen"] for month, told in unit["lists"].items()}
            assert sorted((str(row.month), row.total.fen) for row in booked) == sorted(due.items()), [str(row.month) for row in booked]
            balance = sum(centre.money(member).balance.fen for member in unit["members"])
            assert balance == sum(due.values()), (unit["account_no"], balance)
            expected += balance
        subjects = ledger.subject_balances(1, ON)
    assert subjects[10101].fen == expected == -subjects[201].fen, subjects
    assert BankControl(bank_url).balance_fen(plan["fund_account"]) == expected
    wrong = [check for check in verify([1]) if not check.ok]
    assert not wrong, wrong
    return {"lists": sum(len(unit["lists"]) for unit in plan["units"]), "fen": expected}


if __name__ == "__main__":
    inside.run(setup, prove)
