"""全面核验: every invariant over everything ever posted, for one centre or all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from hpf.access import queries as access
from hpf.closing.rules.balance import Place
from hpf.db.scope import centre_scope
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear, Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties

_SCRIPT = (Path(__file__).resolve().parent.parent / "verify.sql").read_text(encoding="utf-8")

TITLES = {
    "JOURNAL_ZERO": "每张分录借贷相等",
    "JOURNAL_LINES": "每张分录行数与登记相符，会计日一致",
    "BALANCE": "逐笔余额等于其分录之和",
    "RUNNING_TOTAL": "日终余额加未结分录等于其分录之和",
    "BUCKETS": "上年结转部分等于其分录之和且不超过余额",
    "DAY_PRODUCTS": "日积数等于按分录重算",
    "MONTH_PRODUCTS": "月积数等于按分录重算",
    "INTEREST_YEAR": "每个未销户账户都在当前结息年度",
    "HELD": "占用额等于未解除占用之和且不超过余额",
    "FROZEN": "冻结指令所定金额等于未解除指令之和",
    "FREEZE_ORDERS": "在册司法冻结与总账冻结指令逐件相符",
    "DEDUCTIONS": "每笔司法扣划等于其分录",
    "SUBJECT": "科目余额等于分户之和",
    "SNAPSHOT": "科目日发生额等于当日分录",
    "SNAPSHOT_CHAIN": "科目上日期末等于本日期初",
    "VOUCHER_NUMBERS": "凭证月内连号",
    "VOUCHERS": "凭证金额与张数等于当日分录",
    "REMITTANCE_LINES": "清册明细等于个人账户分录",
    "CASH_BOOK": "银行存款日记账等于存款科目",
    "SETTLEMENT": "年度结息明细等于入账利息，户数齐全",
    "MEMBER_ACCOUNTS": "每个住房公积金分户都有个人账户",
    "AUDIT_CHAIN": "审计封存链未被改动",
    "GUARDS": "总账的触发器、约束和权限都在",
}


@dataclass(frozen=True, slots=True)
class VerifyCheck:
    """One invariant of one centre: how many rows were looked at, how many differ, and the first twenty of those."""

    centre_id: int
    check_id: str
    title: str
    looked_at: int
    differences: int
    where: tuple[Place, ...]
    note: str = ""

    @property
    def ok(self) -> bool:
        return self.differences == 0

    @property
    def text(self) -> str:
        if self.ok:
            return f"{self.title}：{self.looked_at:,}项全部相符"
        return f"{self.title}：{self.looked_at:,}项中{self.differences:,}项不符，" + (
            self.note or "；".join(place.text for place in self.where)
        )


def verify(centre_ids: Iterable[int] | None = None) -> list[VerifyCheck]:
    """Prove every centre (or these) from the legs up. Reads one consistent snapshot of each centre; changes nothing.

    Set-based throughout: the cost is a small multiple of one scan and sum of the same legs.
    """
    centres = [centre.centre_id for centre in parties.centres()] if centre_ids is None else list(centre_ids)
    return [check for centre_id in centres for check in _verify_centre(centre_id)]


def _verify_centre(centre_id: int) -> list[VerifyCheck]:
    snapshot = nullcontext() if connection.in_atomic_block else transaction.atomic()
    with centre_scope(centre_id), snapshot, connection.cursor() as cursor:
        if not isinstance(snapshot, nullcontext):
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL work_mem = '512MB'")  # one hash table of a large centre's accounts, instead of files on disk
        cursor.execute(
            """SELECT (SELECT max(interest_year) FROM ledger_account WHERE centre_id = %s AND closed_on IS NULL),
                      COALESCE((SELECT max(business_on) FROM ledger_business_day WHERE centre_id = %s AND state = 'CLOSED'), DATE '0001-01-01')""",
            [centre_id, centre_id],
        )
        running, closed = cursor.fetchone()
        year = InterestYear(running if running is not None else 2000)
        cursor.execute(
            _SCRIPT,
            {"centre": centre_id, "year": year.year, "year_first": year.first_day, "year_days": year.days, "closed": closed,
             "month_firsts": [(Month.of(year.first_day) + k).first_day for k in range(12)]},
        )  # fmt: skip
        checks = [_check(centre_id, row) for row in cursor.fetchall()]
        checks += [_audit_chain(centre_id), _guards(centre_id)]
    order = list(TITLES)
    return sorted(checks, key=lambda check: order.index(check.check_id))


def _check(centre_id: int, row: tuple[Any, ...]) -> VerifyCheck:
    check_id, looked_at, differ, places = row
    places = places if isinstance(places, list) else json.loads(places)
    where = tuple(Place(kind, reference, Money(int(left)), Money(int(right))) for kind, reference, left, right in places)
    return VerifyCheck(centre_id, check_id, TITLES[check_id], looked_at, differ, where)


def _audit_chain(centre_id: int) -> VerifyCheck:
    proof = access.verify_audit(centre_id)
    return VerifyCheck(centre_id, "AUDIT_CHAIN", TITLES["AUDIT_CHAIN"], proof.rows, 0 if proof.ok else 1, (), proof.message)


def _guards(centre_id: int) -> VerifyCheck:
    """Whoever took a trigger down to change a row, and put it back, is found by the other checks; who left it down, by this one."""
    found = ledger.guards(centre_id)
    fallen = [name for name, stands in found if not stands]
    return VerifyCheck(centre_id, "GUARDS", TITLES["GUARDS"], len(found), len(fallen), (), "被停用或缺失：" + "、".join(fallen))
