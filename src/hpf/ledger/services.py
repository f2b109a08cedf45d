"""记账 开户 冻结额 会计日: the steps by which every business moves money. All of them join a command's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from django.db import DatabaseError, connection

from hpf.db.arrays import array
from hpf.db.command import step
from hpf.ledger import queries
from hpf.ledger.rules import Draft, Leg, reversed_legs

REFUSALS = {
    "HP001": "UNBALANCED",
    "HP002": "NO_SUCH_ACCOUNT",
    "HP003": "OTHER_CENTRE",
    "HP004": "MALFORMED",
    "HP005": "DAY_NOT_OPEN",
    "HP006": "VALUE_AFTER_BUSINESS_DAY",
    "HP007": "ACCOUNT_CLOSED",
    "HP008": "INSUFFICIENT_BALANCE",
    "HP009": "INTEREST_YEAR_NOT_SETTLED",
    "HP010": "NO_SUCH_SUBJECT",
    "HP011": "ACCOUNT_NOT_EMPTY",
    "HP012": "DAY_ORDER",
    "HP013": "SETTLEMENT_INCOMPLETE",
    "HP014": "MORE_THAN_FROZEN",
}


class LedgerRefusal(Exception):
    """The ledger stops what would break it. The message is Chinese; `code` is stable; `facts` holds the figures.

    It rolls the command back. A business that can foresee the case (too little money, a closed account) asks before
    and answers with a Reason.
    """

    def __init__(self, code: str, message: str, facts: dict[str, Any]) -> None:
        super().__init__(message)
        self.code, self.facts = code, facts
        self.account_id: int | None = facts.get("account_id")


def _call(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())
    except DatabaseError as error:
        raise _refusal(error) from error


def _refusal(error: DatabaseError) -> Exception:
    cause = error.__cause__
    if isinstance(cause, psycopg.Error) and cause.diag.sqlstate in REFUSALS:
        facts = json.loads(cause.diag.message_detail) if cause.diag.message_detail else {}
        return LedgerRefusal(REFUSALS[cause.diag.sqlstate], cause.diag.message_primary or "", facts)
    return error


_POST = """SELECT hpf_post(%s::smallint, %s, %s, %s, %s, %s::date, %s::date, %s, %s, %s, %s, %s, %s::bigint,
                           %s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s)"""
_POST_IN_TURN = _POST.replace("hpf_post", "hpf_post_in_turn")
IN_TURN_MAX = 8
"""Up to so many legs a withdrawal lines up for its account; a run over thousands of accounts takes them as they come."""


@step
def post(draft: Draft, legs: Iterable[Leg], key: str, *, carried_first: bool = True) -> int:
    """记账: one journal with all its legs in one round trip; returns the journal's id.

    Locks    the running accounts of the legs, in id order, once
    Writes   journal and legs, balances, buckets and interest products
    Refuses  LedgerRefusal: legs that do not sum to zero, an account that would fall below what is held, a closed
             account, another day than the open one, a value date in an interest year not yet settled
    Again    the key is unique in the centre: a second journal with it is an IntegrityError
    """
    legs = list(legs)
    accounts, fens = [leg.account_id for leg in legs], [leg.fen for leg in legs]
    carried = [leg.carried_fen for leg in legs]
    values = [leg.value_on for leg in legs] if any(leg.value_on for leg in legs) else None
    return post_columns(draft, accounts, fens, key, carried=carried, values=values, carried_first=carried_first)


@step
def post_columns(
    draft: Draft,
    accounts: Sequence[int] | str,
    fens: Sequence[int] | str,
    key: str,
    *,
    carried: Sequence[int | None] | None = None,
    values: Sequence[date | None] | None = None,
    carried_first: bool = True,
) -> int:
    """The same as `post` for legs held in columns: what a list of ten thousand lines uses.

    A column given as text is an array as PostgreSQL writes it: it goes back as it came, without being read on the way.
    Single withdrawals line up for their account, so that a court's order need not wait for all of them.
    """
    in_turn = draft.kind == "WITHDRAWAL" and not isinstance(accounts, str) and len(accounts) <= IN_TURN_MAX
    rows = _call(_POST_IN_TURN if in_turn else _POST, [
        draft.centre_id, key, draft.kind, draft.template, draft.correction, draft.business_on, draft.value_on,
        draft.source_kind, draft.source_no, draft.summary, draft.maker, draft.checker, draft.reverses_id,
        accounts if isinstance(accounts, str) else array(accounts), fens if isinstance(fens, str) else array(fens), array(carried) if carried is not None else None,
        list(values) if values is not None else None, carried_first,
    ])  # fmt: skip
    return int(rows[0][0])


@dataclass(frozen=True, slots=True)
class Debit:
    """One of many single debits: what leaves `account_id` for a new account of the owner `owner_id`."""

    account_id: int
    fen: int
    owner_id: int
    source_no: str
    summary: str
    maker: str


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of one debit: its journal and the account that holds the money now, or why it was left."""

    journal_id: int | None
    account_id: int | None
    refusal: str | None


@step
def post_each(
    *, centre_id: int, kind: str, template: str, business_on: date, source_kind: str, checker: str | None, to_subject: int, owner_kind: str,
    debits: Sequence[Debit], key: str, carried_first: bool = True,
) -> list[Posted]:  # fmt: skip
    """成批支取: many debits at once, each a journal of two legs against a new account; in the order of `debits`.

    What an account cannot give (closed, held, frozen, too little) is told by its code and left; the others are posted.
    Locks    the accounts, in id order, once
    Refuses  LedgerRefusal for all of them: an account named twice, a sum that is not positive, another day than the open one
    Again    each journal's key is `key` and its source number, unique in the centre
    """
    rows = _call(
        """SELECT line, journal, new_account, refusal FROM hpf_post_each(%s::smallint, %s::text[], %s, %s, %s::date, %s, %s::text[], %s::text[],
               %s::text[], %s, %s::bigint[], %s::bigint[], %s, %s, %s::bigint[], %s) ORDER BY line""",
        [
            centre_id, array([f"{key}:{each.source_no}" for each in debits]), kind, template, business_on, source_kind,
            array([each.source_no for each in debits]), array([each.summary for each in debits]),
            array([each.maker for each in debits]), checker,
            array([each.account_id for each in debits]), array([each.fen for each in debits]), to_subject, owner_kind,
            array([each.owner_id for each in debits]), carried_first,
        ],
    )  # fmt: skip
    return [Posted(journal_id, account_id, refusal) for _, journal_id, account_id, refusal in rows]


@step
def reverse(journal_id: int, *, centre_id: int, business_on: date, maker: str, checker: str | None, summary: str, key: str) -> int:
    """冲正: the opposite journal, linked to the wrong one. Same accounting day: 当日冲正; later: 红字.

    The legs keep their own value dates and buckets, so interest comes out as if the wrong journal had never been.
    A journal is reversed once; the database refuses the second. Refuses also when the money has gone (holds count).
    """
    wrong = queries.journal(centre_id, journal_id)
    correction = "SAME_DAY_REVERSAL" if wrong.business_on == business_on else "RED"
    draft = Draft(
        centre_id=centre_id, kind="REVERSAL", template=wrong.template, business_on=business_on, value_on=wrong.value_on,
        source_kind=wrong.source_kind, source_no=wrong.source_no, summary=summary, maker=maker, checker=checker,
        reverses_id=journal_id, correction=correction,
    )  # fmt: skip
    legs = [Leg(leg.account_id, leg.fen, leg.carried_fen, leg.value_on) for leg in wrong.legs]
    return post(draft, reversed_legs(legs), key)


@step
def open_account(centre_id: int, subject: int, owner_kind: str, owner_id: int, on: date) -> int:
    """Open one ledger account; an owner's existing account of the subject is given back."""
    return open_accounts(centre_id, subject, owner_kind, [owner_id], on)[owner_id]


@step
def open_accounts(centre_id: int, subject: int, owner_kind: str, owner_ids: Sequence[int], on: date) -> dict[int, int]:
    """Open many ledger accounts in one statement: {owner_id: account_id}."""
    if not owner_ids:
        return {}
    rows = _call(
        "SELECT owner, account FROM hpf_open_accounts(%s::smallint, %s, %s, %s::bigint[], %s::date)",
        [centre_id, subject, owner_kind, list(owner_ids), on],
    )
    return dict(rows)


@step
def close_account(account_id: int, on: date) -> None:
    """Close an empty ledger account; nothing can be posted to it afterwards. Refuses while money or a hold is on it."""
    _call("SELECT hpf_close_account(%s, %s::date)", [account_id, on])


@step
def place_hold(account_id: int, fen: int, kind: str, reference: str) -> int:
    """Hold an amount on an account: the balance cannot fall below the sum of its holds. Returns the hold's id.

    Locks    the account's row
    Refuses  INSUFFICIENT_BALANCE when less is free
    """
    return int(_call("SELECT hpf_place_hold(%s, %s, %s, %s)", [account_id, fen, kind, reference])[0][0])


@step
def release_hold(hold_id: int) -> bool:
    """Release a hold. Returns False when it was released before."""
    return bool(_call("SELECT hpf_release_hold(%s)", [hold_id])[0][0])


@step
def place_freeze(account_id: int, fen: int | None, reference: str) -> int:
    """冻结: an order about an account, behind those that came before it. Returns its id.

    `fen` may exceed the balance; None is the whole account with what comes later. Credits go on posting; debits must leave
    what all open orders name. What this order keeps now is in `queries.freezes_on`.

    Locks    the centre's day, shared; the account's row
    Refuses  ACCOUNT_CLOSED
    """
    return int(_call("SELECT hpf_place_freeze(%s, %s, %s)", [account_id, fen, reference])[0][0])


@step
def lift_freeze(freeze_id: int, left: int | None = None) -> bool:
    """解冻: lift an order, or have it name only `left` fen from now on; it keeps its place. The next in the queue keep more at once.

    Returns False, and changes nothing, when the order was lifted before or names no more than `left`.
    """
    return bool(_call("SELECT hpf_lift_freeze(%s, %s)", [freeze_id, left])[0][0])


@step
def deduct(draft: Draft, freeze_id: int, fen: int, to_account: int, key: str, *, carried_first: bool = True) -> int:
    """扣划: debit what an order keeps, or a part of it, and credit `to_account`; returns the journal's id.

    Holds and the orders before this one keep theirs. The order names so much less; with nothing left it is lifted.

    Locks    the centre's day, shared; the account's row
    Refuses  MORE_THAN_FROZEN with `kept_fen`; what `post` refuses
    """
    rows = _call(
        "SELECT hpf_deduct(%s, %s, %s, %s, %s, %s, %s::date, %s, %s, %s, %s, %s, %s)",
        [freeze_id, fen, to_account, key, draft.kind, draft.template, draft.business_on, draft.source_kind, draft.source_no,
         draft.summary, draft.maker, draft.checker, carried_first],
    )  # fmt: skip
    return int(rows[0][0])


@step
def open_day(centre_id: int, business_on: date) -> None:
    """开会计日. Refuses an earlier day than one already had, and a second open day."""
    _call("SELECT hpf_open_day(%s::smallint, %s::date)", [centre_id, business_on])


@step
def close_day(centre_id: int, business_on: date, booked_by: str) -> int:
    """结会计日: snapshot of every subject, vouchers numbered without a gap, no more postings. Returns the vouchers' count.

    Locks    the centre's day, exclusively: waits for postings under way, later ones find the day closed
    """
    return int(_call("SELECT hpf_close_day(%s::smallint, %s::date, %s)", [centre_id, business_on, booked_by])[0][0])


@step
def hold_day(centre_id: int) -> None:
    """Stop postings in the centre until this command ends: waits for those under way, later ones wait for us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(20260630, %s)", [centre_id])


@step
def settle_interest(
    *,
    centre_id: int,
    year: int,
    business_on: date,
    payable_id: int,
    maker: str,
    checker: str | None,
    accounts: Sequence[int] | str,
    groups: Sequence[int] | str,
    group_nos: Sequence[str] | str,
    interest: Sequence[int] | str,
    key: str,
) -> int:
    """年度结息入账: credit every interest-bearing account of the centre at once; returns the number of journals.

    The four columns have one entry for each account. A string is an array as PostgreSQL writes it: half a million
    accounts then go back to the database as they came, without being read on the way.

    Locks    the centre's day, exclusively
    Writes   one journal for each group (a unit), debit `payable_id`; buckets, and the products of the new year
    Refuses  SETTLEMENT_INCOMPLETE when an open account is missing or does not belong
    """
    rows = _call(
        """SELECT hpf_settle_interest(%s::smallint, %s, %s, %s::date, %s::bigint, %s, %s,
                                      %s::bigint[], %s::bigint[], %s::text[], %s::bigint[])""",
        [
            centre_id,
            key,
            year,
            business_on,
            payable_id,
            maker,
            checker,
            *(column if isinstance(column, str) else list(column) for column in (accounts, groups, group_nos, interest)),
        ],
    )
    return int(rows[0][0])


def load_chart(rows: Iterable[tuple[int, str, str, int, bool]], *, using: str = "owner") -> None:
    """Load the chart of accounts: (code, name, class, normal side, is leaf). Owner's rights; re-runnable.

    Personal accounts (201), what is owed to third parties (214) and suspense (219) limit something and keep a running
    balance; only 201 bears interest.
    """
    from django.db import connections

    with connections[using].cursor() as cursor:
        for code, name, kind, side, leaf in rows:
            keeps = str(code).startswith(("201", "214", "219"))
            cursor.execute(
                "INSERT INTO ledger_subject (code, name, class, normal_side, is_leaf, keeps_balance, bears_interest)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (code) DO UPDATE SET name = excluded.name, class = excluded.class",
                [code, name, kind, side, leaf, keeps, code == 201],
            )
