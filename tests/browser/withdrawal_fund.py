"""The fund of the withdrawal story: `python -m tests.browser.withdrawal_fund BANK_URL DEPARTMENTS_URL` on an estate's database.

Lanzhou: 陈晓, a young tenant; 王有房, who owns a home; 周多子, who brings up three children; 何静, about whose homes nobody answers.
The provincial centre: 周多女, whose family is the same. Everybody has enough on the account.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from typing import Any

ON = date(2026, 9, 24)
PASSWORD = "Browser-2026-Longjin"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CARD = "6222021001112223"


def setup(bank_url: str, departments_url: str) -> dict[str, Any]:
    from demo.bank.control import BankControl
    from demo.departments.control import DepartmentsControl
    from hpf.access.services import load_roles
    from hpf.treasury.rules.numbers import unit_no
    from tests.support.people import resident_id
    from tests.support.withdrawals import Payer

    load_roles()
    bank, departments = BankControl(bank_url), DepartmentsControl(departments_url)
    lanzhou, provincial = (Payer(centre_id, departments, on=ON) for centre_id in (1, 16))
    for centre in (lanzhou, provincial):
        centre.begin()
        bank.open_fund_account(f"2701{centre.centre_id:02d}00000001", "住房公积金管理中心", unit_no(centre.centre_id), 10**12)
    parent = {"marital_state": "DIVORCED", "spouse_ref": None, "children": 3, "minor_children": 2}
    people = [
        ("young", lanzhou, "陈晓", "19990307", {}),
        ("owner", lanzhou, "王有房", "19850412", {"homes_in_place": 1}),
        ("family", lanzhou, "周多子", "19860519", parent),
        ("family_provincial", provincial, "周多女", "19860519", parent),
        ("doubt", lanzhou, "何静", "19970718", {}),
    ]
    users: dict[str, dict[str, str]] = {}
    for number, (who, centre, name, born, facts) in enumerate(people):
        document = resident_id(200 + 2 * number, born)
        account, _ = centre.tenant(name, number=document, **facts)
        centre.pay(account, "90000.00", ON)
        card = f"{CARD}{number:03d}"
        bank.set_card(card, name, 0)
        users[who] = _member(centre, account, document, name) | {"card": card, "account": account}
    users |= _staff(lanzhou)
    return {"users": users, "password": PASSWORD, "secret": SECRET, "on": ON.isoformat()}


def _member(centre: Any, account: str, document: str, name: str) -> dict[str, str]:
    from hpf.access.queries import member_login
    from hpf.access.services.appointments import NewUser, register_users
    from tests.support.people import fresh

    user = NewUser(member_login(document), name, "MEMBER", "MEMBER", person_id=centre.view(account).person_id)
    register_users(by=centre.by, centre_id=centre.centre_id, users=(user,), password=PASSWORD, at=centre.at, key=fresh())
    return {"gate": "member", "login": document}


def _staff(centre: Any) -> dict[str, dict[str, str]]:
    from hpf.access.services.appointments import NewUser, register_users
    from tests.support.people import fresh

    staff = {"clerk": ("周柜员", "COUNTER_CLERK"), "checker": ("吴复核", "CHECKER")}
    users = tuple(NewUser(f"{who}-lz", name, "STAFF", role, second_factor_secret=SECRET) for who, (name, role) in staff.items())
    register_users(by=centre.by, centre_id=centre.centre_id, users=users, password=PASSWORD, at=centre.at, key=fresh())
    return {who: {"gate": "staff", "login": f"{who}-lz"} for who in staff}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps(setup(sys.argv[1], sys.argv[2]), ensure_ascii=False))


if __name__ == "__main__":
    main()
