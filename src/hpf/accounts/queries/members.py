"""个人账户、职工名册: reads. People come from parties by id: a constant number of queries. Money is the ledger's to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from hpf.accounts.queries.missing import NoSuchAccount
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.parties import queries as parties
from hpf.parties.rules import plain


@dataclass(frozen=True, slots=True)
class MemberAccountView:
    """A member's account; its money is at `ledger_account_id`."""

    member_account_id: int
    centre_id: int
    account_no: str
    person_id: int
    employer_account_id: int
    kind: str
    state: str
    declared_base: Money
    base: Money
    employer_rate: Rate
    member_rate: Rate
    employer_month: Money
    member_month: Money
    first_month: Month
    ledger_account_id: int
    opened_on: date
    sealed_on: date | None
    seal_reason: str
    closed_on: date | None
    close_reason: str
    merged_into_id: int | None
    duplicate: bool

    @property
    def month_total(self) -> Money:
        return self.employer_month + self.member_month

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person of a unit's list. Nothing here tells of the balance or of a hold on it: employers read this."""

    account_no: str
    member_account_id: int
    person_id: int
    name: str
    name_pinyin: str
    id_kind: str
    id_number_blind: bytes
    id_masked: str
    state: str
    base: Money
    employer_month: Money
    member_month: Money
    employer_rate: Rate
    member_rate: Rate
    first_month: Month
    ledger_account_id: int


@dataclass(frozen=True, slots=True)
class RosterPage:
    """`employer_month` and `member_month` are what all `total` lines pay a month together."""

    lines: tuple[RosterLine, ...]
    total: int
    employer_month: Money
    member_month: Money


@dataclass(frozen=True, slots=True)
class FoundMember:
    """A hit of the counter's search box: the account and whose it is, masked."""

    account: MemberAccountView
    person: parties.PersonView


_FIELDS = """m.id, m.centre_id, m.account_no, m.person_id, m.employer_account_id, m.kind, m.state, m.declared_base_fen, m.base_fen,
    m.employer_rate, m.member_rate, m.employer_month_fen, m.member_month_fen, m.first_month, m.ledger_account_id, m.opened_on,
    m.sealed_on, m.seal_reason, m.closed_on, m.close_reason, m.merged_into_id, m.duplicate"""
_SELECT = f"SELECT {_FIELDS} FROM accounts_memberaccount m "
_OPEN_FIRST = "ORDER BY m.closed_on IS NOT NULL, m.opened_on, m.id"


def member_account(centre_id: int, account_no: str) -> MemberAccountView:
    """By the number on paper. Raises NoSuchAccount."""
    return _one(_SELECT + "WHERE m.centre_id = %s AND m.account_no = %s", [centre_id, plain(account_no)], f"个人账号 {account_no}")


def member_account_by_id(centre_id: int, member_account_id: int) -> MemberAccountView:
    return _one(_SELECT + "WHERE m.centre_id = %s AND m.id = %s", [centre_id, member_account_id], "这个个人账户")


def member_account_by_ledger(centre_id: int, ledger_account_id: int) -> MemberAccountView:
    """The account whose money a ledger account is."""
    return _one(_SELECT + "WHERE m.centre_id = %s AND m.ledger_account_id = %s", [centre_id, ledger_account_id], "这个分户账的个人账户")


def member_accounts(centre_id: int, ids: Sequence[int]) -> dict[int, MemberAccountView]:
    """Many by id in one query."""
    rows = _views(_SELECT + "WHERE m.centre_id = %s AND m.id = ANY(%s)", [centre_id, list(ids)])
    return {view.member_account_id: view for view in rows}


def holders(centre_id: int, ids: Sequence[int]) -> dict[int, str]:
    """{account: the name of the person it belongs to} in one query."""
    rows = _rows(
        "SELECT m.id, p.name FROM accounts_memberaccount m JOIN parties_person p ON p.id = m.person_id"
        " WHERE m.centre_id = %s AND m.id = ANY(%s)",
        [centre_id, list(ids)],
    )
    return dict(rows)


def member_accounts_by_no(centre_id: int, account_nos: Sequence[str]) -> dict[str, MemberAccountView]:
    """Many by number in one query."""
    rows = _views(_SELECT + "WHERE m.centre_id = %s AND m.account_no = ANY(%s)", [centre_id, list(account_nos)])
    return {view.account_no: view for view in rows}


def open_member_accounts(centre_id: int, employer_account_id: int) -> list[MemberAccountView]:
    """Every open account of a unit, in one query, without the people's names."""
    return _views(
        _SELECT + "WHERE m.centre_id = %s AND m.employer_account_id = %s AND m.state IN ('NORMAL', 'SEALED') ORDER BY m.account_no",
        [centre_id, employer_account_id],
    )


def accounts_of_person(centre_id: int, person_id: int) -> list[MemberAccountView]:
    """A person's accounts in this centre, open ones first, older first."""
    return _views(f"{_SELECT} WHERE m.centre_id = %s AND m.person_id = %s {_OPEN_FIRST}", [centre_id, person_id])


def accounts_of_persons(centre_id: int, person_ids: Sequence[int]) -> dict[int, list[MemberAccountView]]:
    """The same for many people in one query."""
    found: dict[int, list[MemberAccountView]] = {}
    for view in _views(f"{_SELECT} WHERE m.centre_id = %s AND m.person_id = ANY(%s) {_OPEN_FIRST}", [centre_id, list(person_ids)]):
        found.setdefault(view.person_id, []).append(view)
    return found


def search(centre_id: int, text: str, limit: int = 20) -> list[FoundMember]:
    """The counter's one box: account number, document, phone, name, pinyin or initials."""
    typed = plain(text)
    if not typed:
        return []
    accounts = _views(_SELECT + "WHERE m.centre_id = %s AND m.account_no LIKE %s ORDER BY m.account_no LIMIT %s",
                      [centre_id, typed + "%", limit]) if typed.isdigit() and len(typed) <= 12 else []  # fmt: skip
    people = {view.person_id: view for view in parties.search(centre_id, text, limit)}
    known = {account.member_account_id for account in accounts}
    of_people = accounts_of_persons(centre_id, list(people))
    accounts += [view for person_id in people for view in of_people.get(person_id, []) if view.member_account_id not in known]
    missing = [account.person_id for account in accounts if account.person_id not in people]
    people |= parties.persons(missing) if missing else {}
    return [FoundMember(account, people[account.person_id]) for account in accounts[:limit]]


_OF_MONTH = """SELECT m.account_no, m.id, m.person_id, m.state, COALESCE(b.base_fen, m.base_fen),
        COALESCE(b.employer_month_fen, m.employer_month_fen), COALESCE(b.member_month_fen, m.member_month_fen),
        COALESCE(b.employer_rate, m.employer_rate), COALESCE(b.member_rate, m.member_rate), m.first_month, m.ledger_account_id
    FROM accounts_memberaccount m
    LEFT JOIN LATERAL (SELECT * FROM accounts_base b WHERE b.member_account_id = m.id AND b.from_month <= %s
                       ORDER BY b.from_month DESC, b.id DESC LIMIT 1) b ON true
    WHERE m.centre_id = %s AND m.employer_account_id = %s AND m.state = ANY(%s) ORDER BY m.account_no"""
_ROSTER_NOW = """m.account_no, m.id, m.person_id, m.state, m.base_fen, m.employer_month_fen, m.member_month_fen,
        m.employer_rate, m.member_rate, m.first_month, m.ledger_account_id"""
_NOW = f"""SELECT {_ROSTER_NOW}
    FROM accounts_memberaccount m WHERE m.centre_id = %s AND m.employer_account_id = %s AND m.state = ANY(%s) ORDER BY m.account_no"""


def roster(
    centre_id: int, employer_account_id: int, month: Month | None = None, states: Sequence[str] = ("NORMAL", "SEALED")
) -> list[RosterLine]:
    """职工名册 of a unit, by account number: two queries whatever its size.

    With a month, base, rates and amounts are those in force in that month; without, the present ones.
    """
    if month is None:
        rows = _rows(_NOW, [centre_id, employer_account_id, list(states)])
    else:
        rows = _rows(_OF_MONTH, [month.index, centre_id, employer_account_id, list(states)])
    return _roster_lines(rows)


ROSTER_SORTS: Final[Mapping[str, str]] = {
    "account_no": "m.account_no || ''", "name": "p.name_pinyin", "state": "m.state", "base": "m.base_fen", "employer_month": "m.employer_month_fen",
    "member_month": "m.member_month_fen", "first_month": "m.first_month",
}  # fmt: skip
"""What a roster can be sorted by; a minus before it turns the order. The number is joined to nothing, lest the index over the
accounts of all units be read for the sake of its order."""


def roster_page(
    centre_id: int, employer_account_id: int, *, text: str = "", state: str = "", sort: str = "", limit: int = 50, offset: int = 0
) -> RosterPage:
    """One page of the roster, open accounts before sealed ones, how many lines there are in all, and what they pay a month.

    Three queries whatever its size.
    `text` is part of a name, the beginning of its pinyin or part of an account number; `state` one state or both; `sort` one of
    `ROSTER_SORTS`.
    """
    kept = "FROM accounts_memberaccount m"
    if text or sort.lstrip("-") == "name":
        kept += " JOIN parties_person p ON p.id = m.person_id"
    kept += " WHERE m.centre_id = %(centre)s AND m.employer_account_id = %(unit)s AND m.state = ANY(%(states)s)"
    if text:
        kept += """ AND (position(%(text)s IN m.account_no) > 0 OR position(%(text)s IN p.name) > 0
                        OR starts_with(replace(p.name_pinyin, ' ', ''), lower(%(text)s)))"""
    column = ROSTER_SORTS.get(sort.lstrip("-"))
    order = f"{column} {'DESC' if sort.startswith('-') else 'ASC'}, m.account_no" if column else "m.state, m.account_no"
    given = {
        "centre": centre_id, "unit": employer_account_id, "text": text, "limit": limit, "offset": offset,
        "states": [state] if state else ["NORMAL", "SEALED"],
    }  # fmt: skip
    rows = _rows(f"SELECT {_ROSTER_NOW} {kept} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s", given)
    ((total, employer_month, member_month),) = _rows(
        f"SELECT count(*), COALESCE(sum(m.employer_month_fen), 0)::bigint, COALESCE(sum(m.member_month_fen), 0)::bigint {kept}", given
    )
    return RosterPage(tuple(_roster_lines(rows)), total, Money(employer_month), Money(member_month))


def _roster_lines(rows: list[tuple[Any, ...]]) -> list[RosterLine]:
    people = parties.person_lines([row[2] for row in rows])
    lines = []
    for row in rows:
        person = people[row[2]]
        lines.append(RosterLine(
            row[0], row[1], row[2], person.name, person.name_pinyin, person.id_kind, person.id_blind, person.id_masked, row[3],
            Money(row[4]), Money(row[5]), Money(row[6]), Rate(row[7]), Rate(row[8]), Month.from_index(row[9]), row[10],
        ))  # fmt: skip
    return lines


def _one(sql: str, values: Sequence[Any], what: str) -> MemberAccountView:
    views = _views(sql, values)
    if not views:
        raise NoSuchAccount(f"本中心没有{what}")
    return views[0]


def _views(sql: str, values: Sequence[Any]) -> list[MemberAccountView]:
    return [
        MemberAccountView(
            *row[:7], Money(row[7]), Money(row[8]), Rate(row[9]), Rate(row[10]), Money(row[11]), Money(row[12]),
            Month.from_index(row[13]), *row[14:],
        )
        for row in _rows(sql, values)
    ]  # fmt: skip


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
