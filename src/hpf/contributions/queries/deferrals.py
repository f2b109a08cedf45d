"""缓缴降比查询."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hpf.contributions.rules.states import DeferralKind, DeferralState
from hpf.db.arrays import array
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate


@dataclass(frozen=True, slots=True)
class DeferralView:
    """One application; months are `[since_month, until_month)`."""

    deferral_no: str
    employer_id: int
    employer_account_id: int
    employer_account_no: str
    kind: DeferralKind
    state: DeferralState
    since_month: Month
    until_month: Month
    restored_month: Month | None
    employer_rate: Rate | None
    member_rate: Rate | None
    reason: str
    resolution_no: str
    resolution_id: int
    applied_by: str
    applied_at: datetime
    due_on: date
    reviewed_by: str
    review_opinion: str
    decided_by: str
    decision_no: str
    decision_opinion: str
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class OwedMonth:
    """What one deferred month still owes: due, already paid back, left; over how many people."""

    month: Month
    members: int
    due: Money
    paid: Money

    @property
    def left(self) -> Money:
        return self.due - self.paid


@dataclass(frozen=True, slots=True)
class DeferralAlarm:
    """A deferral whose term is about to end, has ended, or whose decision is late."""

    deferral_no: str
    employer_account_no: str
    code: str
    message: str


def deferral(centre_id: int, deferral_no: str) -> DeferralView | None:
    return next(iter(_views("centre_id = %s AND deferral_no = %s", [centre_id, deferral_no])), None)


def deferrals(
    centre_id: int,
    *,
    employer_account_id: int | None = None,
    state: DeferralState | str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[DeferralView]:
    """Newest first."""
    where, values = "centre_id = %s", list[Any]([centre_id])
    if employer_account_id is not None:
        where, values = f"{where} AND employer_account_id = %s", [*values, employer_account_id]
    if state is not None:
        where, values = f"{where} AND state = %s", [*values, str(state)]
    return _views(f"{where} ORDER BY id DESC LIMIT {int(limit)} OFFSET {int(offset)}", values)


def deferred_owed(centre_id: int, deferral_no: str) -> list[OwedMonth]:
    """缓缴欠款 month by month. Paid back is what full back payments booked for these people and months."""
    rows = _rows(
        """WITH due AS (SELECT d.member_account_id, d.month, d.employer_fen + d.member_fen AS fen
                        FROM contributions_deferredline d JOIN contributions_deferral f ON f.id = d.deferral_id
                        WHERE f.centre_id = %s AND f.deferral_no = %s
                          AND d.month < COALESCE(f.restored_month, f.until_month)),
                paid AS (SELECT l.member_account_id, l.month, sum(l.employer_fen + l.member_fen) AS fen
                         FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
                         JOIN due ON due.member_account_id = l.member_account_id AND due.month = l.month
                         WHERE l.centre_id = %s AND r.booked_on IS NOT NULL AND r.kind <> 'BACK_FREE'
                         GROUP BY 1, 2)
           SELECT due.month, count(*), sum(due.fen)::bigint, sum(least(COALESCE(paid.fen, 0), due.fen))::bigint
           FROM due LEFT JOIN paid ON paid.member_account_id = due.member_account_id AND paid.month = due.month
           GROUP BY due.month ORDER BY due.month""",
        [centre_id, deferral_no, centre_id],
    )
    return [OwedMonth(Month.from_index(row[0]), row[1], Money(row[2]), Money(row[3])) for row in rows]


def deferral_alarms(centre_id: int, on: date, *, employer_account_id: int | None = None) -> list[DeferralAlarm]:
    """到期提醒: decisions past their day, terms that end within a month, terms that have ended and are not yet restored."""
    month = Month.of(on)
    alarms = []
    where, values = "centre_id = %s AND state IN ('APPLIED', 'REVIEWED', 'APPROVED')", list[Any]([centre_id])
    if employer_account_id is not None:
        where, values = f"{where} AND employer_account_id = %s", [*values, employer_account_id]
    for row in _views(f"{where} ORDER BY id", values):
        text = f"{row.kind.label}申请{row.deferral_no}"
        if row.state != DeferralState.APPROVED and on > row.due_on:
            alarms.append(
                DeferralAlarm(
                    row.deferral_no, row.employer_account_no, "DECISION_LATE", f"{text}应于{row.due_on}前作出决定，已逾期，请尽快办理"
                )
            )
        elif row.state == DeferralState.APPROVED and month >= row.until_month:
            alarms.append(
                DeferralAlarm(
                    row.deferral_no,
                    row.employer_account_no,
                    "TERM_ENDED",
                    f"{text}已于{(row.until_month + -1).text}届满，请办理恢复缴存并补缴",
                )
            )
        elif row.state == DeferralState.APPROVED and row.until_month - month <= 1:
            alarms.append(
                DeferralAlarm(
                    row.deferral_no, row.employer_account_no, "TERM_ENDS_SOON",
                    f"{text}将于{(row.until_month + -1).text}届满，需延续的请在届满一个月前提出申请",
                )
            )  # fmt: skip
    return alarms


def deferred_months(centre_id: int, employer_account_ids: Sequence[int]) -> dict[int, frozenset[Month]]:
    """Months in which these units need not remit: approved deferrals, also those ended since. One query."""
    found: dict[int, set[Month]] = {each: set() for each in employer_account_ids}
    rows = _rows(
        """SELECT employer_account_id, since_month, least(until_month, restored_month) FROM contributions_deferral
           WHERE centre_id = %s AND employer_account_id = ANY(%s::bigint[]) AND kind = 'DEFERRAL' AND state IN ('APPROVED', 'ENDED', 'REPAID')""",
        [centre_id, array(employer_account_ids)],
    )
    for employer_account_id, since, end in rows:
        found[employer_account_id].update(Month.from_index(since).through(Month.from_index(end) + -1))
    return {each: frozenset(months) for each, months in found.items()}


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


_SELECT = """SELECT deferral_no, employer_id, employer_account_id, employer_account_no, kind, state, since_month, until_month, restored_month,
    employer_rate, member_rate, reason, resolution_no, resolution_id, applied_by, applied_at, due_on, reviewed_by, review_opinion, decided_by,
    decision_no, decision_opinion, ended_on FROM contributions_deferral WHERE """


def _views(where: str, values: Sequence[Any]) -> list[DeferralView]:
    return [
        DeferralView(
            *row[:4], DeferralKind(row[4]), DeferralState(row[5]), Month.from_index(row[6]), Month.from_index(row[7]),
            None if row[8] is None else Month.from_index(row[8]), _rate(row[9]), _rate(row[10]), *row[11:],
        )
        for row in _rows(_SELECT + where, values)
    ]  # fmt: skip


def _rate(percent: Any) -> Rate | None:
    return None if percent is None else Rate(percent.normalize() + 0)
