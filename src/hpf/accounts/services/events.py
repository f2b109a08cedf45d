"""账户事件: the one way an event and a base are written. One statement for any number of accounts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hpf.accounts.rules.amounts import monthly_amounts
from hpf.db.command import step
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who does this, when, under which key."""

    centre_id: int
    by: Actor
    on: date
    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class BaseLine:
    """A member's base, rates and month amounts from a month on."""

    member_account_id: int
    from_month: Month
    declared: Money
    base: Money
    employer_rate: Rate
    member_rate: Rate
    employer_month: Money
    member_month: Money

    @classmethod
    def of(
        cls, member_account_id: int, from_month: Month, declared: Money, base: Money, rates: tuple[Rate, Rate], unit_fen: int
    ) -> BaseLine:
        """Both halves from base and rates, each rounded on its own."""
        return cls(member_account_id, from_month, declared, base, *rates, *monthly_amounts(base, *rates, unit_fen))

    @property
    def facts(self) -> dict[str, str]:
        return {
            "起始年月": str(self.from_month), "申报基数": self.declared.text, "缴存基数": self.base.text,
            "单位比例": self.employer_rate.text, "个人比例": self.member_rate.text,
            "单位月缴存额": self.employer_month.text, "个人月缴存额": self.member_month.text,
        }  # fmt: skip


@step
def record_events(when: Occasion, kind: str, lines: Sequence[tuple[int, int | None, Mapping[str, Any]]]) -> None:
    """Write (employer account, member account, facts) events in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_event (centre_id, kind, employer_account_id, member_account_id, business_on, recorded_at,"
            " recorded_by, key, facts) SELECT %s, %s, e, m, %s, %s, %s, %s, f::jsonb"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS u(e, m, f)",
            [
                when.centre_id, kind, when.on, when.at, when.by.user_id, when.key,
                [line[0] for line in lines], [line[1] for line in lines],
                [json.dumps(dict(line[2]), ensure_ascii=False) for line in lines],
            ],
        )  # fmt: skip


@step
def record_bases(centre_id: int, reason: str, lines: Sequence[BaseLine]) -> None:
    """Write bases by month in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_base (centre_id, member_account_id, from_month, declared_base_fen, base_fen, employer_rate,"
            " member_rate, employer_month_fen, member_month_fen, reason) SELECT %s, u.*, %s FROM unnest(%s::bigint[], %s::int[],"
            " %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[], %s::bigint[], %s::bigint[]) AS u",
            [centre_id, reason, *_columns(lines)],
        )


@step
def take_over_bases(centre_id: int, from_account: int, to_account: int) -> None:
    """Give one account the bases by month of another, in their order, so that each month has the base it was paid by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_base (centre_id, member_account_id, from_month, declared_base_fen, base_fen, employer_rate,"
            " member_rate, employer_month_fen, member_month_fen, reason) SELECT centre_id, %s, from_month, declared_base_fen,"
            " base_fen, employer_rate, member_rate, employer_month_fen, member_month_fen, reason FROM accounts_base"
            " WHERE centre_id = %s AND member_account_id = %s ORDER BY id",
            [to_account, centre_id, from_account],
        )


@step
def set_bases(lines: Sequence[BaseLine]) -> None:
    """Make these the present base, rates and amounts of the accounts, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_memberaccount m SET declared_base_fen = u.declared, base_fen = u.base, employer_rate = u.er,"
            " member_rate = u.mr, employer_month_fen = u.em, member_month_fen = u.mm FROM unnest(%s::bigint[], %s::int[],"
            " %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[], %s::bigint[], %s::bigint[])"
            " AS u(id, month, declared, base, er, mr, em, mm) WHERE m.id = u.id",
            _columns(lines),
        )


def _columns(lines: Sequence[BaseLine]) -> list[list[Any]]:
    return [
        [line.member_account_id for line in lines],
        [line.from_month.index for line in lines],
        [line.declared.fen for line in lines],
        [line.base.fen for line in lines],
        [line.employer_rate.percent for line in lines],
        [line.member_rate.percent for line in lines],
        [line.employer_month.fen for line in lines],
        [line.member_month.fen for line in lines],
    ]
