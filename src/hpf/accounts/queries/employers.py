"""单位账户: reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hpf.accounts.models import EmployerAccount
from hpf.accounts.queries.missing import NoSuchAccount
from hpf.db.arrays import array
from hpf.db.paging import page_of
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.parties.rules import plain


@dataclass(frozen=True, slots=True)
class EmployerAccountView:
    """A unit's account. `next_month` is the month to be remitted next: paid through + 1, or the first month."""

    employer_account_id: int
    centre_id: int
    account_no: str
    employer_id: int
    kind: str
    state: str
    district: str
    employer_rate: Rate
    member_rate: Rate
    first_month: Month
    paid_through: Month | None
    prepaid_ledger_id: int | None
    opened_on: date
    sealed_on: date | None
    closed_on: date | None
    close_reason: str

    @property
    def next_month(self) -> Month:
        return self.first_month if self.paid_through is None else self.paid_through + 1


@dataclass(frozen=True, slots=True)
class EmployerAccountPage:
    rows: tuple[EmployerAccountView, ...]
    total: int


@dataclass(frozen=True, slots=True)
class MemberCounts:
    """缴存人数 and 封存人数 of a unit."""

    normal: int = 0
    sealed: int = 0


_FIELDS = (
    "id", "centre_id", "account_no", "employer_id", "kind", "state", "district", "employer_rate", "member_rate", "first_month",
    "paid_through", "prepaid_ledger_id", "opened_on", "sealed_on", "closed_on", "close_reason",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM accounts_employeraccount WHERE centre_id = %s AND "
"""Said straight: nearly every page asks for a unit, and building this sentence anew costs more than answering it."""


def employer_account(centre_id: int, account_no: str) -> EmployerAccountView:
    """By the number on paper. Raises NoSuchAccount."""
    return _one("account_no = %s", [centre_id, plain(account_no)], f"单位账号 {account_no}")


def employer_account_by_id(centre_id: int, employer_account_id: int) -> EmployerAccountView:
    return _one("id = %s", [centre_id, employer_account_id], "这个单位账户")


def employer_accounts_by_id(centre_id: int, ids: Sequence[int]) -> dict[int, EmployerAccountView]:
    """Many in one query."""
    return {view.employer_account_id: view for view in _found("id = ANY(%s::bigint[])", [centre_id, array(ids)])}


def employer_account_of(centre_id: int, employer_id: int) -> EmployerAccountView | None:
    """The unit's open account; its last closed one when none is open; None when it never had one."""
    rows = _found("employer_id = %s ORDER BY id DESC", [centre_id, employer_id])
    return next((view for view in rows if view.state != "CLOSED"), rows[0] if rows else None)


def employer_accounts(
    centre_id: int,
    *,
    kinds: Sequence[str] = ("REGULAR",),
    states: Sequence[str] = (),
    unpaid_month: Month | None = None,
    employer_ids: Sequence[int] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> EmployerAccountPage:
    """A page of units' accounts, by number. `unpaid_month` finds those that owe this month and have not paid it."""
    found = EmployerAccount.objects.filter(centre_id=centre_id, kind__in=list(kinds))
    if states:
        found = found.filter(state__in=list(states))
    if employer_ids is not None:
        found = found.filter(employer_id__in=list(employer_ids))
    if unpaid_month is not None:
        found = found.filter(first_month__lte=unpaid_month).exclude(paid_through__gte=unpaid_month)
    rows, total = page_of(found.order_by("account_no").values_list(*_FIELDS), limit, offset)
    return EmployerAccountPage(tuple(map(_view, rows)), total)


def custody_accounts(centre_id: int) -> list[tuple[str, str]]:
    """集中封存专户: number and name of those that can take accounts, by number; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.account_no, e.name FROM accounts_employeraccount a JOIN parties_employer e ON e.id = a.employer_id"
            " WHERE a.centre_id = %s AND a.kind = 'CUSTODY' AND a.state IN ('OPENED', 'NORMAL') ORDER BY a.account_no",
            [centre_id],
        )
        return list(cursor.fetchall())


def member_counts(centre_id: int, employer_account_ids: Sequence[int]) -> dict[int, MemberCounts]:
    """缴存人数、封存人数, unit by unit, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT employer_account_id, count(*) FILTER (WHERE state = 'NORMAL'), count(*) FILTER (WHERE state = 'SEALED')"
            " FROM accounts_memberaccount WHERE centre_id = %s AND employer_account_id = ANY(%s) GROUP BY 1",
            [centre_id, list(employer_account_ids)],
        )
        counted = {row[0]: MemberCounts(row[1], row[2]) for row in cursor.fetchall()}
    return {account: counted.get(account, MemberCounts()) for account in employer_account_ids}


def member_count(centre_id: int, employer_account_id: int) -> MemberCounts:
    """The same for one unit: each state counted by itself out of the index, half the time where a unit has ten thousand people."""
    counted = "(SELECT count(*) FROM accounts_memberaccount WHERE centre_id = %s AND employer_account_id = %s AND state = '{}')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counted.format('NORMAL')}, {counted.format('SEALED')}", [centre_id, employer_account_id] * 2)
        return MemberCounts(*cursor.fetchone())


def _one(where: str, values: Sequence[object], what: str) -> EmployerAccountView:
    views = _found(where, values)
    if not views:
        raise NoSuchAccount(f"本中心没有{what}")
    return views[0]


def _found(where: str, values: Sequence[object]) -> list[EmployerAccountView]:
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + where, values)
        return [_view(row) for row in cursor.fetchall()]


def _view(row: Sequence[Any]) -> EmployerAccountView:
    """A row of `_FIELDS`; its months as the database keeps them or as the model reads them."""
    first, paid = (Month.from_index(each) if isinstance(each, int) else each for each in row[9:11])
    return EmployerAccountView(*row[:7], Rate(row[7]), Rate(row[8]), first, paid, *row[11:])
