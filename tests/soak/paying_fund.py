"""The fund whose members withdraw while everything dies: `python -m tests.soak.paying_fund setup|prove`, on the soak database.

setup  law, one centre with money at the bank, tenants known to the departments, each with a login and a card; prints them as JSON
prove  closes the day and checks that every card got its sums once, every account gave them once, and the books say the same
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.soak import inside

ON = date(2026, 9, 24)
"""Under the new edition of the Regulation; the day the bank begins with, too."""
DRAWN_FEN = {"2026-09": 30_000, "2026-08": 20_100}
"""What each tenant asks for, by the month of the rent."""
PASSWORD = "Soak-2026-Longjin"
FUND_ACCOUNT = "27010100000001"


def setup(bank_url: str, departments_url: str, people: int) -> dict[str, Any]:
    from django.core.management import call_command

    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("load_law", pack=["demo/law"], verbosity=0)

    from demo.bank.control import BankControl
    from demo.departments.control import DepartmentsControl
    from hpf.access.queries import member_login
    from hpf.access.services import load_roles
    from hpf.access.services.appointments import NewUser, register_users
    from hpf.treasury.rules.numbers import unit_no
    from tests.support.people import fresh, resident_id
    from tests.support.withdrawals import Payer

    load_roles()
    bank, centre = BankControl(bank_url), Payer(1, DepartmentsControl(departments_url), on=ON)
    centre.begin()
    bank.open_fund_account(FUND_ACCOUNT, "住房公积金管理中心", unit_no(1), 10**9)
    members, users = [], []
    for number in range(people):
        name, document, card = (
            f"项{'甲乙丙丁戊己庚辛壬癸子丑'[number]}",
            resident_id(300 + 2 * number, "19990307"),
            f"6222021009990{number:03d}",
        )
        account, _ = centre.tenant(name, number=document)
        bank.set_card(card, name, 0)
        users.append(NewUser(member_login(document), name, "MEMBER", "MEMBER", person_id=centre.view(account).person_id))
        members.append({"login": document, "account_no": account, "card": card, "balance_fen": centre.money(account).balance.fen})
    register_users(by=centre.by, centre_id=1, users=tuple(users), password=PASSWORD, at=centre.at, key=fresh())
    return {"members": members, "drawn_fen": DRAWN_FEN, "password": PASSWORD}


def prove(bank_url: str, plan: dict[str, Any]) -> dict[str, Any]:
    """Raises on the first thing that is not as it must be."""
    from demo.bank.control import BankControl
    from hpf.closing.queries.verify import verify
    from hpf.db.scope import centre_scope
    from hpf.jobs.day import run_day
    from tests.support.withdrawals import Payer, moment

    run = run_day(1, at=moment(ON, 18))
    assert run.day.closed, run.day.message
    bank, centre, paid, fen = BankControl(bank_url), Payer(1, None, on=ON), 0, 0
    from hpf.withdrawals import queries

    each = list(plan["drawn_fen"].values())
    drawn = sum(each)
    for member in plan["members"]:
        assert bank.balance_fen(member["card"]) == drawn, (member["login"], bank.balance_fen(member["card"]), drawn)
        assert member["balance_fen"] - centre.money(member["account_no"]).balance.fen == drawn, member["login"]
        with centre_scope(1):
            cases = queries.applications_of_person(1, centre.view(member["account_no"]).person_id)
        assert sorted((case.state.value, case.granted.fen) for case in cases) == sorted(("PAID", asked) for asked in each), cases
        paid, fen = paid + len(cases), fen + drawn
    assert 10**9 - bank.balance_fen(FUND_ACCOUNT) == fen
    wrong = [check for check in verify([1]) if not check.ok]
    assert not wrong, wrong
    return {"paid": paid, "fen": fen}


if __name__ == "__main__":
    inside.run(setup, prove)
