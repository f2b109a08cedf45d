"""三账平衡: the checks of a centre's day, and, where one is red, the smallest set of rows that explains it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from hpf.closing.rules.balance import BalanceCheck, Place
from hpf.kernel.money import Money

_SCRIPT = (Path(__file__).resolve().parent.parent / "balance.sql").read_text(encoding="utf-8")

TITLES = {
    "BAL-1": "个人账户余额合计与住房公积金科目（201）",
    "BAL-2": "单位名下个人账户余额与单位账户余额",
    "BAL-3": "个人账户上年结转部分与其分录",
    "BAL-4": "贷款分户余额与委托贷款、逾期贷款科目（121、122）",
    "BAL-5": "应收利息分户余额与应收利息科目（111）",
    "BAL-6": "暂收款与单位预缴分户余额与其他应付款科目（219）",
    "BAL-7": "银行存款日记账与存款科目（101、102）",
    "BAL-10": "记账凭证与当日分录",
    "BAL-10b": "当日记账的清册明细与个人账户分录",
    "BAL-11": "资产与负债及净资产",
    "BAL-12": "科目日余额与上日余额加本日发生",
    "BAL-13": "年度结息明细与结息分录",
}


def balance_check(centre_id: int, on: date, *, full: bool = False) -> list[BalanceCheck]:
    """BAL-1 to BAL-7 and 10 to 13 at the end of `on`, in the centre's scope.

    By default the last snapshot plus the legs since are compared, so the cost follows the day and not the history;
    `full` sums every leg again. One query when all is well; each red check adds one that names the places.
    """
    found: list[BalanceCheck] = []
    for row in _rows(_SCRIPT, {"centre": centre_id, "on": on, "full": full}):
        check_id, left, right, places = row
        if check_id == "BAL-10" and any(check.check_id == "BAL-10" for check in found):
            check_id = "BAL-10b"
        agrees = left == right and places == 0
        where = () if agrees else _where(check_id, centre_id, on, full)
        if not agrees and not where:
            where = (Place("CENTRE", str(centre_id), Money(left), Money(right)),)
        found.append(BalanceCheck(check_id.removesuffix("b"), TITLES[check_id], Money(left), Money(right), where))
    return found


@dataclass(frozen=True, slots=True)
class DayChecked:
    """What was last compared for a day, when and by whom; empty when nobody has compared yet."""

    checks: tuple[BalanceCheck, ...]
    compared_at: datetime | None
    compared_by: str

    @property
    def red(self) -> int:
        return sum(not check.ok for check in self.checks)


def day_checked(centre_id: int, on: date) -> DayChecked:
    """The kept outcome of `balance_check`, in the centre's scope; one short query however large the centre."""
    rows = _rows(
        """SELECT check_id, title, left_fen, right_fen, places, compared_by, compared_at FROM closing_daycheck
           WHERE centre_id = %(centre)s AND business_on = %(on)s ORDER BY line_no""",
        {"centre": centre_id, "on": on},
    )
    checks = tuple(
        BalanceCheck(check_id, title, Money(left), Money(right), _kept_places(places)) for check_id, title, left, right, places, *_ in rows
    )
    return DayChecked(checks, rows[0][6] if rows else None, rows[0][5] if rows else "")


def _kept_places(places: Any) -> tuple[Place, ...]:
    listed = places if isinstance(places, list) else json.loads(places)
    return tuple(Place(kind, reference, Money(left), Money(right)) for kind, reference, left, right in listed)


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _where(check_id: str, centre_id: int, on: date, full: bool) -> tuple[Place, ...]:
    sql = _PLACES.get(check_id)
    if sql is None:
        return ()
    values = {"centre": centre_id, "on": on, "full": full}
    places = _places(sql, values)
    if not places and check_id in ("BAL-1", "BAL-2", "BAL-3"):
        places = _places(_UNITS, values)
    return places


def _places(sql: str, values: dict[str, Any]) -> tuple[Place, ...]:
    return tuple(Place(kind, str(reference), Money(left), Money(right)) for kind, reference, left, right in _rows(sql, values))


def _accounts(subjects: str, column: str = "balance_fen", leg: str = "fen") -> str:
    """Running accounts of these subjects whose column is not the sum of their legs. Reads every leg: only when red."""
    return f"""
        SELECT CASE WHEN m.account_no IS NULL THEN 'ACCOUNT' ELSE 'MEMBER_ACCOUNT' END, COALESCE(m.account_no, a.id::text),
               a.{column}, s.fen
        FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum({leg})::bigint AS raw FROM ledger_leg
                   WHERE centre_id = %(centre)s GROUP BY account_id) r ON r.account_id = a.id
        CROSS JOIN LATERAL (SELECT a.normal_side * COALESCE(r.raw, 0) AS fen) s
        LEFT JOIN accounts_memberaccount m ON m.centre_id = %(centre)s AND m.ledger_account_id = a.id
        WHERE a.centre_id = %(centre)s AND a.keeps_balance AND a.subject {subjects} AND a.{column} <> s.fen
        ORDER BY abs(a.{column} - s.fen) DESC, a.id LIMIT 1000"""


_UNITS = (
    _SCRIPT.partition("-- 核对")[0]
    + """SELECT 'EMPLOYER_ACCOUNT', COALESCE(e.account_no, p.unit::text), p.balance, p.proved FROM unit_pair p
         LEFT JOIN accounts_employeraccount e ON e.centre_id = %(centre)s AND e.id = p.unit
         WHERE p.balance <> p.proved ORDER BY abs(p.balance - p.proved) DESC, 2 LIMIT 1000"""
)

_BANKS = """
    SELECT 'BANK_ACCOUNT', COALESCE(b.account_no, a.id::text), COALESCE(c.fen, 0), a.balance FROM (
        SELECT a.id, COALESCE(sum(l.fen), 0)::bigint AS balance FROM ledger_account a
        LEFT JOIN ledger_leg l ON l.centre_id = %(centre)s AND l.account_id = a.id AND l.business_on <= %(on)s
        WHERE a.centre_id = %(centre)s AND a.subject BETWEEN 10100 AND 10299 GROUP BY a.id) a
    LEFT JOIN treasury_bankaccount b ON b.centre_id = %(centre)s AND b.ledger_account_id = a.id
    LEFT JOIN (SELECT bank_account_id, sum(amount_fen)::bigint AS fen FROM treasury_cashentry
               WHERE centre_id = %(centre)s AND business_on <= %(on)s GROUP BY 1) c ON c.bank_account_id = b.id
    WHERE COALESCE(c.fen, 0) <> a.balance ORDER BY 2"""

_VOUCHERS = """
    SELECT 'KIND', COALESCE(v.kind, d.kind) || '/' || COALESCE(v.template, d.template), COALESCE(v.debit_fen, 0), COALESCE(d.debit, 0)
    FROM (SELECT j.kind, j.template, sum(l.fen) FILTER (WHERE l.fen > 0)::bigint AS debit FROM ledger_journal j
          JOIN ledger_leg l ON l.centre_id = j.centre_id AND l.journal_id = j.id
          WHERE j.centre_id = %(centre)s AND j.business_on = %(on)s GROUP BY 1, 2) d
    FULL JOIN (SELECT kind, template, debit_fen FROM ledger_voucher WHERE centre_id = %(centre)s AND business_on = %(on)s) v
        ON v.kind = d.kind AND v.template = d.template
    WHERE COALESCE(v.debit_fen, 0) <> COALESCE(d.debit, 0)"""

_REMITTANCES = """
    SELECT 'REMITTANCE', r.remittance_no, l.fen, COALESCE(g.fen, 0) FROM contributions_remittance r
    CROSS JOIN LATERAL (SELECT COALESCE(sum(employer_fen + member_fen + subsidy_fen), 0)::bigint AS fen
                        FROM contributions_line WHERE remittance_id = r.id) l
    LEFT JOIN LATERAL (SELECT -sum(fen)::bigint AS fen FROM ledger_leg
                       WHERE centre_id = %(centre)s AND journal_id = r.journal_id AND subject = 201) g ON true
    WHERE r.centre_id = %(centre)s AND r.booked_on = %(on)s AND l.fen <> COALESCE(g.fen, 0)"""

_SUBJECTS = """
    SELECT 'SUBJECT', d.subject, d.closing_fen, COALESCE(s.fen, 0) FROM ledger_day d
    LEFT JOIN (SELECT subject, sum(fen)::bigint AS fen FROM ledger_leg WHERE centre_id = %(centre)s AND business_on <= %(on)s GROUP BY 1) s
        ON s.subject = d.subject
    WHERE d.centre_id = %(centre)s AND d.business_on = %(on)s AND d.closing_fen <> COALESCE(s.fen, 0)"""

_PLACES: dict[str, str] = {
    "BAL-1": _accounts("= 201"),
    "BAL-2": _accounts("= 201"),
    "BAL-3": _accounts("= 201", "carried_fen", "carried_fen"),
    "BAL-6": _accounts("BETWEEN 21900 AND 21999"),
    "BAL-7": _BANKS,
    "BAL-10": _VOUCHERS,
    "BAL-10b": _REMITTANCES,
    "BAL-12": _SUBJECTS,
}
