"""提取监管: rent plan and actual, how decisions were made and how fast money came, by centre. Through the observer's eyes.

Money counts on the day on which the bank paid it; what came back afterwards is counted no more. Decisions count by the day of
acceptance, each application once, as its last decision stands. No query's number grows with centres, grounds or days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections

from hpf.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Standing:
    """One centre, or with `centre_id` None the province, from 1 January to a day.

    `rent_before` is the rent of the same stretch of last year, `rent_last_year` of all of it. `plan` None: no plan was set.
    For the province it is the sum of the plans that were set, `planned` says by how many centres, and `rent_planned` is the
    rent of those centres, so that plan and actual speak of the same ones. `median_seconds`: from application to money.
    """

    centre_id: int | None
    name: str
    plan: Money | None
    planned: int
    rent: Money
    rent_planned: Money
    rent_before: Money
    rent_last_year: Money
    payments: int
    paid: Money
    median_seconds: int | None
    decided: int
    automatic: int
    refused: int


@dataclass(frozen=True, slots=True)
class GroundSum:
    """What was paid on one ground: payments, people (accounts) counted once, principal, closing interest."""

    ground: str
    payments: int
    persons: int
    principal: Money
    interest: Money


@dataclass(frozen=True, slots=True)
class ArticleRefusals:
    """Applications refused under an article; one refused under two articles counts under both. `law` "" names none."""

    law: str
    applications: int


@dataclass(frozen=True, slots=True)
class RentDay:
    """The rent paid on a day, and from 1 January to its end."""

    paid_on: date
    payments: int
    amount: Money
    to_date: Money


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One application without its people. `by_person`: somebody's judgement stands behind its decision; None while undecided."""

    application_no: str
    ground: str
    state: str
    channel: str
    accepted_on: date
    outcome: str
    by_person: bool | None
    laws: tuple[str, ...]
    granted: Money | None
    paid_on: date | None
    seconds: int | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A rent plan as it stands."""

    centre_id: int
    centre_name: str
    year: int
    version: int
    plan: Money
    reason: str
    by_province: bool


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connections["observer"].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _stretch(on: date) -> dict[str, Any]:
    """The year up to `on`, the same stretch of the year before, and all of that year. 29 February compares with the 28th."""
    last = date(on.year - 1, on.month, 28) if (on.month, on.day) == (2, 29) else date(on.year - 1, on.month, on.day)
    return {
        "on": on, "year": on.year, "since": date(on.year, 1, 1), "last": last, "last_since": date(on.year - 1, 1, 1),
        "last_until": date(on.year - 1, 12, 31),
    }  # fmt: skip


_LAST_DECISIONS = """
    SELECT DISTINCT ON (d.centre_id, d.application_no) d.centre_id, d.application_no, d.withdrawal_decision_id, d.outcome,
           bool_or(d.kind IN ('REVIEW', 'OVERRIDE')) OVER (PARTITION BY d.centre_id, d.application_no) AS by_person
    FROM withdrawals_decision_v1 d
    WHERE d.decided_on BETWEEN %(since)s AND %(on)s AND (%(centre)s::int IS NULL OR d.centre_id = %(centre)s)
    ORDER BY d.centre_id, d.application_no, d.withdrawal_decision_id DESC"""

_STANDINGS = f"""
    WITH plan AS (
        SELECT centre_id, plan_fen FROM withdrawals_rentplan_v1 WHERE year = %(year)s
    ), paid AS (
        SELECT p.centre_id,
               sum(p.principal_fen) FILTER (WHERE p.ground = 'RENT' AND p.paid_on >= %(since)s) AS rent,
               sum(p.principal_fen) FILTER (WHERE p.ground = 'RENT' AND p.paid_on >= %(since)s AND l.centre_id IS NOT NULL) AS rent_planned,
               sum(p.principal_fen) FILTER (WHERE p.ground = 'RENT' AND p.paid_on <= %(last)s) AS rent_before,
               sum(p.principal_fen) FILTER (WHERE p.ground = 'RENT' AND p.paid_on <= %(last_until)s) AS rent_last_year,
               count(*) FILTER (WHERE p.paid_on >= %(since)s) AS payments,
               sum(p.principal_fen + p.interest_fen) FILTER (WHERE p.paid_on >= %(since)s) AS fen,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY p.paid_at - p.accepted_at) FILTER (WHERE p.paid_on >= %(since)s) AS took
        FROM withdrawals_payment_v1 p LEFT JOIN plan l ON l.centre_id = p.centre_id
        WHERE p.paid_on BETWEEN %(last_since)s AND %(on)s GROUP BY GROUPING SETS ((p.centre_id), ())
    ), last AS ({_LAST_DECISIONS}
    ), decided AS (
        SELECT centre_id, count(*) AS decided, count(*) FILTER (WHERE NOT by_person) AS automatic, count(*) FILTER (WHERE outcome = 'REFUSED') AS refused
        FROM last WHERE outcome IN ('APPROVED', 'REFUSED') GROUP BY GROUPING SETS ((centre_id), ())
    ), place AS (
        SELECT c.centre_id, c.short_name, l.plan_fen, (l.centre_id IS NOT NULL)::int AS planned
        FROM parties_centre_v1 c LEFT JOIN plan l ON l.centre_id = c.centre_id
        UNION ALL SELECT NULL, '全省', (SELECT sum(plan_fen) FROM plan), (SELECT count(*) FROM plan)
    )
    SELECT s.centre_id, s.short_name, s.plan_fen::bigint, s.planned, COALESCE(p.rent, 0)::bigint, COALESCE(p.rent_planned, 0)::bigint,
           COALESCE(p.rent_before, 0)::bigint, COALESCE(p.rent_last_year, 0)::bigint, COALESCE(p.payments, 0), COALESCE(p.fen, 0)::bigint,
           floor(EXTRACT(EPOCH FROM p.took))::bigint, COALESCE(d.decided, 0), COALESCE(d.automatic, 0), COALESCE(d.refused, 0)
    FROM place s LEFT JOIN paid p ON p.centre_id IS NOT DISTINCT FROM s.centre_id LEFT JOIN decided d ON d.centre_id IS NOT DISTINCT FROM s.centre_id
    ORDER BY s.centre_id NULLS LAST"""


def standings(on: date) -> list[Standing]:
    """Every centre and, last, the province, from 1 January to `on`. One query."""
    return [
        Standing(*row[:2], None if row[2] is None else Money(row[2]), row[3], *(Money(fen) for fen in row[4:8]), row[8], Money(row[9]), *row[10:])
        for row in _rows(_STANDINGS, {**_stretch(on), "centre": None})
    ]  # fmt: skip


def grounds(on: date, centre_id: int | None = None) -> list[GroundSum]:
    """What was paid from 1 January to `on` by ground, most money first, in one centre or the province. One query."""
    rows = _rows(
        """SELECT ground, count(*), count(DISTINCT member_account_id), sum(principal_fen)::bigint, sum(interest_fen)::bigint
           FROM withdrawals_payment_v1
           WHERE paid_on BETWEEN %(since)s AND %(on)s AND (%(centre)s::int IS NULL OR centre_id = %(centre)s) GROUP BY ground ORDER BY 4 DESC, 1""",
        {**_stretch(on), "centre": centre_id},
    )
    return [GroundSum(*row[:3], Money(row[3]), Money(row[4])) for row in rows]


def refusals(on: date, centre_id: int | None = None) -> list[ArticleRefusals]:
    """Applications accepted from 1 January to `on` and refused, by article, most first. One query."""
    rows = _rows(
        f"""WITH last AS ({_LAST_DECISIONS})
            SELECT r.law, count(DISTINCT (r.centre_id, r.application_no)) FROM last
            JOIN withdrawals_reason_v1 r ON r.centre_id = last.centre_id AND r.withdrawal_decision_id = last.withdrawal_decision_id
            WHERE last.outcome = 'REFUSED' GROUP BY r.law ORDER BY 2 DESC, 1""",
        {**_stretch(on), "centre": centre_id},
    )
    return [ArticleRefusals(*row) for row in rows]


def rent_days(on: date, centre_id: int | None = None) -> list[RentDay]:
    """Rent paid on each day from 1 January to `on` that had any, with the sum so far. One query."""
    rows = _rows(
        """SELECT paid_on, count(*), sum(principal_fen)::bigint, sum(sum(principal_fen)) OVER (ORDER BY paid_on)::bigint FROM withdrawals_payment_v1
           WHERE ground = 'RENT' AND paid_on BETWEEN %(since)s AND %(on)s AND (%(centre)s::int IS NULL OR centre_id = %(centre)s)
           GROUP BY paid_on ORDER BY paid_on""",
        {**_stretch(on), "centre": centre_id},
    )
    return [RentDay(row[0], row[1], Money(row[2]), Money(row[3])) for row in rows]


WAYS = {
    "": "true",
    "PAID": "a.state = 'PAID' AND a.paid_on BETWEEN %(since)s AND %(on)s",
    "AUTOMATIC": "l.outcome IN ('APPROVED', 'REFUSED') AND NOT l.by_person",
    "PERSON": "l.outcome IN ('APPROVED', 'REFUSED') AND l.by_person",
    "REFUSED": "l.outcome = 'REFUSED'",
    "WAITING": "a.state IN ('ACCEPTED', 'REFERRED', 'REVIEWED')",
}
"""Which of a centre's applications: all, paid, decided by the rule, decided by people, refused, not yet decided."""
_CASES = """
    WITH last AS ({last})
    SELECT a.application_no, a.ground, a.state, a.channel, a.accepted_on, COALESCE(l.outcome, ''),
           CASE WHEN l.outcome IN ('APPROVED', 'REFUSED') THEN l.by_person END, r.laws, a.granted_fen, a.paid_on,
           floor(EXTRACT(EPOCH FROM p.paid_at - p.accepted_at))::bigint, count(*) OVER ()
    FROM withdrawals_application_v1 a
    LEFT JOIN last l ON l.centre_id = a.centre_id AND l.application_no = a.application_no
    LEFT JOIN withdrawals_payment_v1 p ON p.centre_id = a.centre_id AND p.application_no = a.application_no
    LEFT JOIN LATERAL (SELECT array_agg(DISTINCT w.law ORDER BY w.law) AS laws FROM withdrawals_reason_v1 w
                       WHERE w.centre_id = l.centre_id AND w.withdrawal_decision_id = l.withdrawal_decision_id AND w.law <> '') r ON true
    WHERE a.centre_id = %(centre)s AND {day} AND {way} AND (%(ground)s = '' OR a.ground = %(ground)s) AND (%(law)s = '' OR %(law)s = ANY(r.laws))
    ORDER BY a.accepted_on DESC, a.application_no DESC LIMIT %(limit)s OFFSET %(offset)s"""


def cases(
    centre_id: int, on: date, *, way: str = "", ground: str = "", law: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[CaseRow], int]:
    """下钻: a centre's applications behind a figure, newest first, and how many there are. Raises KeyError for an unknown way.

    Those paid count by the day of payment, whatever year they were accepted in; all others by the day of acceptance.
    """
    paid = way == "PAID"
    sql = _CASES.format(last=_LAST_DECISIONS, way=WAYS[way], day="true" if paid else "a.accepted_on BETWEEN %(since)s AND %(on)s")
    rows = _rows(sql, {**_stretch(on), "centre": centre_id, "ground": ground, "law": law, "limit": limit, "offset": offset})
    found = [CaseRow(*row[:7], tuple(row[7] or ()), None if row[8] is None else Money(row[8]), *row[9:11]) for row in rows]
    return found, rows[0][11] if rows else 0


def rent_plans(years: Sequence[int], centre_id: int | None = None) -> list[PlanView]:
    """The plans of these years as they stand, of every centre or of one. One query."""
    rows = _rows(
        """SELECT p.centre_id, c.short_name, p.year, p.version, p.plan_fen, p.reason, p.by_province
           FROM withdrawals_rentplan_v1 p JOIN parties_centre_v1 c ON c.centre_id = p.centre_id
           WHERE p.year = ANY(%(years)s) AND (%(centre)s::int IS NULL OR p.centre_id = %(centre)s) ORDER BY p.year DESC, p.centre_id""",
        {"years": list(years), "centre": centre_id},
    )
    return [PlanView(*row[:4], Money(row[4]), *row[5:]) for row in rows]


def plan_by_now(plan: Money, on: date) -> Money:
    """What of a year's plan would be used by the end of `on` if every day used the same; fen rounded down. Zero without a plan."""
    days = (date(on.year, 12, 31) - date(on.year - 1, 12, 31)).days
    passed = (on - date(on.year, 1, 1) + timedelta(days=1)).days
    return Money(plan.fen * passed // days) if plan else ZERO
