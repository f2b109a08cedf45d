"""账户事件、基数变更: reads of what happened to an account."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hpf.db.arrays import array
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate


@dataclass(frozen=True, slots=True)
class EventView:
    """One event; `facts` are plain values by name, amounts as text in yuan."""

    event_id: int
    kind: str
    employer_account_id: int
    member_account_id: int | None
    business_on: date
    recorded_at: datetime
    recorded_by: str
    facts: dict[str, Any]

    @property
    def label(self) -> str:
        return EVENT_LABELS[self.kind]


EVENT_LABELS = {
    "EMPLOYER_OPENED": "单位开户", "EMPLOYER_RATES": "单位比例变更", "EMPLOYER_DEFERRED": "单位缓缴", "EMPLOYER_RESTORED": "单位恢复缴存",
    "EMPLOYER_SEALED": "单位封存", "EMPLOYER_UNSEALED": "单位启封", "EMPLOYER_CLOSED": "单位销户",
    "OPENED": "个人开户", "BASE": "基数变更", "BASE_YEARLY": "年度基数调整", "RATES": "缴存比例变更", "SEALED": "封存",
    "UNSEALED": "启封", "TRANSFERRED_INSIDE": "内部转移", "INTO_CUSTODY": "转入集中封存", "MERGED_INTO": "合户并出",
    "MERGED_FROM": "合户并入", "CLOSED": "销户",
    "AGREEMENT_SIGNED": "签订缴存协议", "AGREEMENT_CHANGED": "变更缴存协议", "AGREEMENT_PAUSED": "暂停缴存协议",
    "AGREEMENT_RESUMED": "恢复缴存协议", "AGREEMENT_EXITED": "退出缴存协议",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BaseView:
    """Base, rates and amounts of one account from a month on."""

    member_account_id: int
    from_month: Month
    declared_base: Money
    base: Money
    employer_rate: Rate
    member_rate: Rate
    employer_month: Money
    member_month: Money
    reason: str


_EVENT = ("id", "kind", "employer_account_id", "member_account_id", "business_on", "recorded_at", "recorded_by", "facts")
_BASE = (
    "member_account_id", "from_month", "declared_base_fen", "base_fen", "employer_rate", "member_rate", "employer_month_fen",
    "member_month_fen", "reason",
)  # fmt: skip


def member_events(centre_id: int, member_account_ids: Sequence[int], limit: int = 100) -> list[EventView]:
    """Newest first. Give a merged account's id too, and its history stands in line with the kept one's."""
    return _events("member_account_id = ANY(%s::bigint[])", [centre_id, array(member_account_ids)], limit)


def employer_events(centre_id: int, employer_account_id: int, limit: int = 100) -> list[EventView]:
    """The unit's own events, newest first; its members' events are not among them."""
    return _events("employer_account_id = %s AND member_account_id IS NULL", [centre_id, employer_account_id], limit)


def _events(where: str, values: Sequence[Any], limit: int) -> list[EventView]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_EVENT)} FROM accounts_event WHERE centre_id = %s AND {where} ORDER BY id DESC LIMIT {int(limit)}", values
        )
        return [EventView(*row[:-1], json.loads(row[-1])) for row in cursor.fetchall()]


def base_history(centre_id: int, member_account_id: int) -> list[BaseView]:
    """Every base of an account, newest month first; of one month the first line holds."""
    return _bases(
        f"SELECT {', '.join(_BASE)} FROM accounts_base WHERE centre_id = %s AND member_account_id = %s ORDER BY from_month DESC, id DESC",
        [centre_id, member_account_id],
    )


def bases_of_month(centre_id: int, member_account_ids: Sequence[int], month: Month) -> dict[int, BaseView]:
    """What was in force in a month, for many accounts in one query: back payments need the month made up."""
    found = _bases(
        f"SELECT DISTINCT ON (member_account_id) {', '.join(_BASE)} FROM accounts_base"
        " WHERE centre_id = %s AND member_account_id = ANY(%s) AND from_month <= %s"
        " ORDER BY member_account_id, from_month DESC, id DESC",
        [centre_id, list(member_account_ids), month.index],
    )
    return {view.member_account_id: view for view in found}


def _bases(sql: str, values: Sequence[Any]) -> list[BaseView]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            BaseView(
                row[0], Month.from_index(row[1]), Money(row[2]), Money(row[3]), Rate(row[4]), Rate(row[5]), Money(row[6]), Money(row[7]),
                row[8],
            )
            for row in cursor.fetchall()
        ]  # fmt: skip
