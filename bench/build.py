"""整省: the province at any scale as rows, set-based, centre by centre in two processes.

Nothing of this passes through the platform's commands: it makes in minutes what the commands would book in days, so
that the commands can be measured on tables of the real size. `hpf verify` must hold on it all the same.

The picture: business day 30 June 2026 is open. Balances were taken over on 30 June 2025; every month since then is
booked but the last, for which every unit has a confirmed list and the money lies in suspense. The largest unit has no
list for that month: the bench sends it one.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from bench import place
from bench.rows import FIRST_DAY, OPEN_DAY, cash_book, copy, empty_accounts, finish, journals, ledger_accounts, legs

YEAR_END = date(2026, 7, 1)
FIRST_MONTH = 2025 * 12 + 6
LAST_MONTH = 2026 * 12 + 5
LINED_MONTHS = 2
"""For how many of the last booked months there are lists with their lines; earlier entries came with the hand-over,
as entries do when a centre moves in. Lists of every month would double the disk."""

ACCOUNTS_BEFORE_MEMBERS = 1_000


@dataclass(frozen=True, slots=True)
class Share:
    """One centre's ranges of ids, so that two processes never meet."""

    scale: float
    seed: int
    centre_id: int
    first_employer: int
    first_member: int
    members_total: int
    employers_total: int


def shares(scale: float, seed: int) -> list[Share]:
    from demo.province.province import Province

    result, employer, member = [], 1, 1
    plans = Province(seed, scale).plans
    members_total = sum(sum(plan.members) + plan.sealed for plan in plans)
    employers_total = sum(sum(plan.units) + 1 for plan in plans)
    for plan in plans:
        result.append(Share(scale, seed, plan.figures.centre_id, employer, member, members_total, employers_total))
        employer += sum(plan.units) + 1
        member += sum(plan.members) + plan.sealed
    return result


def build(scale: float, seed: int, *, say: Any = print) -> None:
    """Make the bench's database anew; takes some minutes at scale 1."""
    from django.core.management import call_command

    from tools import postgres

    begun = time.monotonic()
    cluster = postgres.start(place.CLUSTER)
    database = place.database_name(scale)
    postgres.psql(cluster, "postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    postgres.ensure_database(cluster, database)
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("load_law", pack=[str(place.PROJECT / "demo" / "law")], verbosity=0)
    with place.superuser(database) as connection:
        indexes = _drop_indexes(connection)
    every = sorted(shares(scale, seed), key=lambda share: -_weight(share))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for centre_id, accounts in pool.imap_unordered(build_centre, every, chunksize=1):
            say(f"中心{centre_id:>2}  {accounts:>9,} 户  {time.monotonic() - begun:6.0f} 秒")
    with place.superuser(database) as connection:
        for statement in indexes:
            connection.execute(statement)
        finish(connection)
    say(f"建成 {database}，用时 {time.monotonic() - begun:.0f} 秒")


def _weight(share: Share) -> int:
    from demo.province import published

    return int(next(c.member_weight for c in published.centres() if c.centre_id == share.centre_id))


def _drop_indexes(connection: Any) -> list[str]:
    """Secondary indexes of the large tables come back after the rows are in."""
    rows = connection.execute(
        """SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef NOT LIKE '%UNIQUE%'
           AND tablename IN ('ledger_leg', 'contributions_line', 'parties_person', 'accounts_memberaccount', 'accounts_base')"""
    ).fetchall()
    for name, _ in rows:
        connection.execute(f'DROP INDEX "{name}"')
    return [definition.replace(" ON ONLY ", " ON ") for _, definition in rows]


def build_centre(share: Share) -> tuple[int, int]:
    """All rows of one centre. Triggers and row security are for those who use the database, not for this."""
    place.enter(share.scale)
    from demo.province.province import Province

    centre = Province(share.seed, share.scale).centre(share.centre_id)
    with place.superuser(place.database_name(share.scale)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        with connection.transaction():
            unit_accounts = _write_units(connection, share, centre)
            ledger = _write_people(connection, share, centre, unit_accounts)
            _write_history(connection, share, centre, ledger)
    return share.centre_id, len(centre.members)


def _write_units(connection: Any, share: Share, centre: Any) -> np.ndarray:
    """Units, their operators and accounts; the last one is the centre's own for flexible workers. Gives account ids."""
    from hpf.db.crypto import encrypt
    from hpf.parties.models import OPERATOR_PHONE
    from hpf.parties.rules import Series, initials_of, number_of

    units = centre.employers
    count = len(units) + 1
    ids = np.arange(share.first_employer, share.first_employer + count)
    names = [unit.name for unit in units] + [f"{centre.short_name}灵活就业人员专户"]
    district = [unit.district_code for unit in units] + [units[0].district_code]
    copy(connection, "parties_employer", {
        "id": ids, "centre_id": np.full(count, share.centre_id), "employer_no": [number_of(share.centre_id, Series.EMPLOYER, int(i)) for i in ids],
        "name": names, "name_initials": [initials_of(name) for name in names], "uscc": [*(unit.uscc for unit in units), None],
        "uscc_outdated": np.zeros(count, dtype=bool), "economic_type": [unit.economic_type for unit in units] + ["008"],
        "nature": [unit.nature for unit in units] + ["10"], "industry": [unit.industry for unit in units] + [""],
        "affiliation": [""] * count, "district": district, "address": [unit.address for unit in units] + [""],
        "legal_name": [""] * count, "established_on": [unit.established_on for unit in units] + [date(2020, 1, 2)],
        "registered_on": [unit.registered_on for unit in units] + [date(2020, 1, 2)],
        "payday": [unit.payday for unit in units] + [15], "state": ["REGISTERED"] * count,
    })  # fmt: skip
    copy(connection, "parties_employeroperator", {
        "centre_id": np.full(count - 1, share.centre_id), "employer_id": ids[:-1], "name": [unit.operator_name for unit in units],
        "phone": ["\\x" + encrypt(unit.operator_phone, OPERATOR_PHONE).hex() for unit in units],
        "since": [unit.registered_on for unit in units],
    })  # fmt: skip
    paid = LAST_MONTH - 1
    prepaid = ACCOUNTS_BEFORE_MEMBERS + share.members_total + share.employers_total + 100 + ids
    empty_accounts(connection, share.centre_id, prepaid, 21901, "EMPLOYER_ACCOUNT", ids)
    copy(connection, "accounts_employeraccount", {
        "id": ids, "centre_id": np.full(count, share.centre_id),
        "account_no": [number_of(share.centre_id, Series.EMPLOYER_ACCOUNT, int(i)) for i in ids], "employer_id": ids,
        "kind": ["REGULAR"] * (count - 1) + ["FLEXIBLE"], "state": ["NORMAL"] * count, "district": district,
        "employer_rate": [unit.employer_rate for unit in units] + [0], "member_rate": [unit.member_rate for unit in units] + [10],
        "first_month": np.full(count, FIRST_MONTH), "paid_through": np.full(count, paid), "prepaid_ledger_id": prepaid,
        "opened_on": [unit.registered_on for unit in units] + [date(2020, 1, 2)], "close_reason": [""] * count,
    })  # fmt: skip
    return ids


def _sealed(texts: Iterable[str], context: str) -> list[str]:
    from hpf.db.crypto import keyring

    seal = keyring().encrypt
    return ["\\x" + seal(text, context).hex() for text in texts]


def _blind(kind: str, texts: Iterable[str]) -> list[str]:
    from hpf.db.crypto import keyring

    index = keyring().blind_index
    return ["\\x" + index(kind, text).hex() for text in texts]


def _write_people(connection: Any, share: Share, centre: Any, unit_accounts: np.ndarray) -> np.ndarray:
    """Persons, registry, member accounts, bases, ledger accounts without balances. Gives ledger account ids."""
    from demo.province.people import ID_KINDS, SECONDS
    from hpf.parties.models import BANK_CARD, ID_NUMBER, PHONE
    from hpf.parties.rules import Series, check_identity, number_of, pinyin_initials, pinyin_key

    people = centre.members
    count = len(people)
    ids = np.arange(share.first_member, share.first_member + count)
    ledger = ids + ACCOUNTS_BEFORE_MEMBERS
    centre_column = np.full(count, share.centre_id)

    # Under the 15-digit number the same person has a second account here: no second person row.
    numbers = [number.decode() for number in people.id_number]
    fifteen = people.second == SECONDS.index("FIFTEEN_DIGITS")
    for row in np.flatnonzero(fifteen):
        numbers[row] = check_identity("RESIDENT_ID", numbers[row]).normalised
    first_with = {numbers[row]: int(ids[row]) for row in range(count - 1, -1, -1)}
    person = np.array([first_with[number] for number in numbers])
    own = np.flatnonzero(person == ids)
    unique, inverse = np.unique(people.name[own], return_inverse=True)
    keys = [pinyin_key(str(name)) for name in unique]
    pinyin = np.array(keys, dtype=object)[inverse]
    initials = np.array([pinyin_initials(key) for key in keys], dtype=object)[inverse]
    kinds = np.array(ID_KINDS, dtype=object)[people.id_kind[own]]
    own_numbers = [numbers[row] for row in own]
    phones = [phone.decode() for phone in people.phone[own]]
    blind = _blinds(kinds, own_numbers)
    copy(connection, "parties_person", {
        "id": ids[own], "centre_id": centre_column[own], "name": people.name[own].astype(object), "name_pinyin": pinyin, "name_initials": initials,
        "id_kind": kinds, "id_number": _sealed(own_numbers, ID_NUMBER), "id_blind": blind,
        "sex": np.where(people.male[own], "M", "F").astype(object), "born_on": people.born_on[own].astype("datetime64[D]"),
        "nationality": ["CHN"] * len(own), "phone": _sealed(phones, PHONE), "phone_blind": _blind("phone", phones),
        "bank_card": _sealed([card.decode() for card in people.bank_card[own]], BANK_CARD), "bank_name": ["陇原银行"] * len(own),
        "registered_on": people.opened_on[own].astype("datetime64[D]"),
    })  # fmt: skip
    copy(connection, "parties_registry", {
        "centre_id": centre_column[own], "id_kind": kinds, "id_blind": blind, "since": people.opened_on[own].astype("datetime64[D]"),
    })  # fmt: skip

    sealed_on = people.sealed_on.astype("datetime64[D]")
    is_sealed = ~np.isnat(sealed_on)
    rates = people.employer_rate.astype(int), people.member_rate.astype(int)
    months = people.employer_month_fen, people.member_month_fen
    first_month = (people.opened_on.astype("datetime64[M]").astype(int) + 1970 * 12).astype(int)
    kind = np.where(people.employer < 0, "FLEXIBLE", "REGULAR").astype(object)
    copy(connection, "accounts_memberaccount", {
        "id": ids, "centre_id": centre_column, "account_no": [number_of(share.centre_id, Series.MEMBER_ACCOUNT, int(i)) for i in ids],
        "person_id": person, "employer_account_id": unit_accounts[people.employer], "kind": kind,
        "state": np.where(is_sealed, "SEALED", "NORMAL").astype(object), "declared_base_fen": people.wage_fen, "base_fen": people.base_fen,
        "employer_rate": rates[0], "member_rate": rates[1], "employer_month_fen": months[0], "member_month_fen": months[1],
        "first_month": first_month, "ledger_account_id": ledger, "opened_on": people.opened_on.astype("datetime64[D]"),
        "sealed_on": _dates(sealed_on), "seal_reason": np.where(is_sealed, "LEFT", "").astype(object), "close_reason": [""] * count,
        "duplicate": person != ids,
    })  # fmt: skip
    copy(connection, "accounts_base", {
        "centre_id": centre_column, "member_account_id": ids, "from_month": np.maximum(first_month, FIRST_MONTH), "declared_base_fen": people.wage_fen,
        "base_fen": people.base_fen, "employer_rate": rates[0], "member_rate": rates[1], "employer_month_fen": months[0],
        "member_month_fen": months[1], "reason": ["移交"] * count,
    })  # fmt: skip
    return ledger


def _dates(values: np.ndarray) -> pl.Series:
    return pl.Series(values.astype("datetime64[D]"))


def _blinds(kinds: np.ndarray, numbers: list[str]) -> list[str]:
    from hpf.db.crypto import keyring

    index = keyring().blind_index
    return ["\\x" + index(f"id:{kind}", number).hex() for kind, number in zip(kinds, numbers, strict=True)]


def _business_days(month: int) -> list[date]:
    """Working days from the 5th to the 25th on which units pay: enough to spread a month."""
    from demo.province import published

    first = date(month // 12, month % 12 + 1, 5)
    days = (first + timedelta(days=n) for n in range(21))
    return [day for day in days if published.law().workdays.is_workday(day)]


def _write_history(connection: Any, share: Share, centre: Any, ledger: np.ndarray) -> None:
    """Opening, eleven booked months, one month confirmed and paid but not booked; balances and products to match."""
    people, units = centre.members, centre.employers
    centre_id, bank, count = share.centre_id, share.centre_id, len(people)
    amounts = people.employer_month_fen + people.member_month_fen
    paying = people.employer >= 0
    paying &= np.isnat(people.sealed_on)
    paying &= amounts > 0
    rows_of_unit = [np.array(centre.rows_of(unit)) for unit in units]
    per_centre = 20_000_000
    journal = (centre_id - 1) * per_centre + 1

    _write_bank_account(connection, centre_id, bank, centre)
    balance, carried = people.balance_fen.copy(), people.balance_fen.copy()
    days, months = balance * 365, balance * 12
    opening = int(balance.sum())
    journals(connection, centre_id, [journal], "OPENING", "J0", [FIRST_DAY], [f"{centre_id}"], "期初", [count + 1])
    legs(connection, centre_id, np.full(count + 1, journal), np.arange(1, count + 2), np.r_[10101, np.full(count, 201)],
          np.r_[bank, ledger], np.r_[opening, -balance], np.r_[0, -balance], np.full(count + 1, np.datetime64(FIRST_DAY)))  # fmt: skip
    cash: list[tuple[int, str, int, date]] = [(journal, "OPENING", opening, FIRST_DAY)]
    journal += 1
    turnover = opening
    totals = np.array([int(amounts[rows].sum()) for rows in rows_of_unit])
    sizes = np.array([len(rows) for rows in rows_of_unit])
    for month in range(FIRST_MONTH, LAST_MONTH):
        calendar = _business_days(month)
        when = np.array([calendar[unit.index % len(calendar)] for unit in units], dtype="datetime64[D]")
        order = np.argsort(when, kind="stable")
        ids = np.empty(len(units), dtype=np.int64)
        ids[order] = journal + np.arange(len(units))
        journal += len(units)
        numbers = [f"{centre_id:02d}{month:05d}{unit.index:08d}" for unit in units]
        listed = month >= LAST_MONTH - LINED_MONTHS
        journals(
            connection,
            centre_id,
            ids[order],
            "REMITTANCE",
            "J1",
            when[order],
            [numbers[i] for i in order],
            f"{month % 12 + 1}月汇缴",
            sizes[order] + 1,
            "REMITTANCE_LIST" if listed else "TAKE_OVER",
        )
        _month_legs(connection, centre_id, bank, ids, order, when, rows_of_unit, ledger, amounts, totals)
        if listed:
            _remittances(connection, share, centre, month, numbers, "BOOKED", ids, when, totals)
            _lines(connection, share, centre, month, rows_of_unit, ledger, "BOOKED")
        cash += [(int(ids[i]), f"{numbers[i]}", int(totals[i]), when[i].item()) for i in order]
        rows = np.concatenate(rows_of_unit)
        moved = np.zeros(count, dtype=np.int64)
        moved[rows] = amounts[rows]
        value = np.zeros(count, dtype="datetime64[D]")
        value[rows] = np.repeat(when, sizes)
        weight = (np.datetime64(YEAR_END) - value).astype(np.int64)
        balance += moved
        days += moved * weight
        months += moved * (12 - (month - FIRST_MONTH + 1))
        turnover += int(totals.sum())
    journal = _write_waiting_month(connection, share, centre, journal, bank, rows_of_unit, ledger, totals, cash)
    ledger_accounts(connection, centre_id, ledger, np.arange(share.first_member, share.first_member + count), balance, carried, days, months,
                     people.opened_on.astype("datetime64[D]"))  # fmt: skip
    cash_book(connection, centre_id, cash)


def _write_bank_account(connection: Any, centre_id: int, bank: int, centre: Any) -> None:
    copy(connection, "treasury_bankaccount", {
        "id": [bank], "centre_id": [centre_id], "account_no": [f"62990{centre_id:02d}00000001"], "name": [f"{centre.short_name}住房公积金管理中心"],
        "bank_code": ["629900000001"], "bank_name": ["陇原银行"], "subject": [10101], "ledger_account_id": [bank], "is_main": [True],
        "opened_on": [FIRST_DAY], "seen_through": [OPEN_DAY],
    })  # fmt: skip
    copy(connection, "ledger_account", {
        "id": [bank], "centre_id": [centre_id], "subject": [10101], "owner_kind": ["BANK_ACCOUNT"], "owner_id": [bank], "normal_side": [1],
        "keeps_balance": [False], "bears_interest": [False], "balance_fen": [0], "opened_on": [FIRST_DAY],
    })  # fmt: skip


def _month_legs(connection, centre_id, bank, ids, order, when, rows_of_unit, ledger, amounts, totals) -> None:  # type: ignore[no-untyped-def]
    """One journal a unit: the bank's debit first, then a credit for each member."""
    rows = np.concatenate([rows_of_unit[i] for i in order])
    sizes = np.array([len(rows_of_unit[i]) for i in order])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    places = np.arange(len(rows)) + np.repeat(np.arange(len(order)), sizes) + 1
    heads = starts[:-1] + np.arange(len(order))
    count = len(rows) + len(order)
    account, fen, subject = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64), np.full(count, 201)
    account[places], fen[places] = ledger[rows], -amounts[rows]
    account[heads], fen[heads], subject[heads] = bank, totals[order], 10101
    journal = np.repeat(ids[order], sizes + 1)
    line = np.arange(count) - np.repeat(heads, sizes + 1) + 1
    legs(connection, centre_id, journal, line, subject, account, fen, np.zeros(count, dtype=np.int64), np.repeat(when[order], sizes + 1))


def _remittance_ids(share: Share, month: int, count: int) -> np.ndarray:
    return np.arange(count) + 1 + share.first_employer + (month - FIRST_MONTH) * share.employers_total


def _remittances(connection, share, centre, month, numbers, state, journals, when, totals) -> None:  # type: ignore[no-untyped-def]
    from hpf.parties.rules import Series, number_of

    units, people = centre.employers, centre.members
    count = len(units)
    accounts = np.arange(share.first_employer, share.first_employer + count)
    employer_part = np.bincount(people.employer[people.employer >= 0], minlength=count)
    active = (people.employer >= 0) & np.isnat(people.sealed_on)
    employer_part = np.bincount(people.employer[active], weights=people.employer_month_fen[active], minlength=count).astype(np.int64)
    booked = state == "BOOKED"
    at = [f"{day}T09:00:00+08:00" for day in when]
    chosen = slice(None) if booked else np.arange(count) != _largest(units, share)
    frame = {
        "id": _remittance_ids(share, month, count), "centre_id": np.full(count, share.centre_id), "remittance_no": numbers,
        "employer_id": accounts, "employer_account_id": accounts,
        "employer_account_no": [number_of(share.centre_id, Series.EMPLOYER_ACCOUNT, int(i)) for i in accounts], "kind": ["REGULAR"] * count,
        "month": np.full(count, month), "state": [state] * count, "line_count": [unit.size for unit in units], "defect_count": np.zeros(count, dtype=int),
        "employer_fen": employer_part, "member_fen": totals - employer_part, "subsidy_fen": np.zeros(count, dtype=int), "reason": [""] * count,
        "source": ["ROSTER"] * count, "prepaid_planned_fen": np.zeros(count, dtype=int), "waiting_code": [""] * count, "waiting_message": [""] * count,
        "receipt_no": [""] * count, "prepaid_used_fen": np.zeros(count, dtype=int), "overpaid_fen": np.zeros(count, dtype=int),
        "journal_id": journals if booked else pl.Series([None] * count, dtype=pl.Int64),
        "booked_on": when if booked else pl.Series([None] * count, dtype=pl.Date), "maker": ["bench"] * count, "received_at": at,
        "confirmed_by": ["bench"] * count, "confirmed_at": at, "accepted_by": ["bench"] * count, "accepted_at": at,
        "booked_by": ["bench" if booked else ""] * count, "booked_at": at if booked else pl.Series([None] * count, dtype=pl.String),
        "cancelled_by": [""] * count, "cancelled_reason": [""] * count,
    }  # fmt: skip
    table = pl.DataFrame(frame)
    table = table if isinstance(chosen, slice) else table.filter(pl.Series(chosen))
    copy(connection, "contributions_remittance", table.to_dict())


def _largest(units: Any, share: Share) -> int:
    """The unit that has no list yet: the largest of Lanzhou. Elsewhere none is left out."""
    return int(np.argmax([unit.size for unit in units])) if share.centre_id == 1 else -1


def _lines(connection, share, centre, month, rows_of_unit, ledger, state, without=-1) -> None:  # type: ignore[no-untyped-def]
    from hpf.parties.rules import Series, number_of

    people = centre.members
    chosen = [i for i in range(len(rows_of_unit)) if i != without]
    rows = np.concatenate([rows_of_unit[i] for i in chosen])
    sizes = np.array([len(rows_of_unit[i]) for i in chosen])
    remittance = np.repeat(_remittance_ids(share, month, len(rows_of_unit))[chosen], sizes)
    starts = np.cumsum(sizes) - sizes
    ids = rows + share.first_member
    copy(connection, "contributions_line", {
        "centre_id": np.full(len(rows), share.centre_id), "remittance_id": remittance, "row_no": np.arange(len(rows)) - np.repeat(starts, sizes) + 2,
        "member_account_id": ids, "account_no": [number_of(share.centre_id, Series.MEMBER_ACCOUNT, int(i)) for i in ids],
        "ledger_account_id": ledger[rows], "month": np.full(len(rows), month), "base_fen": people.base_fen[rows],
        "employer_fen": people.employer_month_fen[rows], "member_fen": people.member_month_fen[rows], "subsidy_fen": np.zeros(len(rows), dtype=int),
        "holds_month": np.ones(len(rows), dtype=bool),
    })  # fmt: skip


def _write_waiting_month(connection, share, centre, journal, bank, rows_of_unit, ledger, totals, cash) -> int:  # type: ignore[no-untyped-def]
    """The last month: lists confirmed, money arrived on the open day, matched, waiting in suspense."""
    units, centre_id, month = centre.employers, share.centre_id, LAST_MONTH
    without = _largest(units, share)
    chosen = np.array([i for i in range(len(units)) if i != without])
    numbers = [f"{centre_id:02d}{month:05d}{unit.index:08d}" for unit in units]
    when = np.full(len(units), np.datetime64(OPEN_DAY))
    _remittances(connection, share, centre, month, numbers, "CONFIRMED", None, when, totals)
    _lines(connection, share, centre, month, rows_of_unit, ledger, "CONFIRMED", without)
    receipts = share.first_employer + chosen
    suspense = ACCOUNTS_BEFORE_MEMBERS + share.members_total + 1 + receipts
    amounts = totals[chosen]
    count = len(chosen)
    copy(connection, "ledger_account", {
        "id": suspense, "centre_id": np.full(count, centre_id), "subject": np.full(count, 21904), "owner_kind": ["RECEIPT"] * count, "owner_id": receipts,
        "normal_side": np.full(count, -1), "keeps_balance": np.ones(count, dtype=bool), "bears_interest": np.zeros(count, dtype=bool),
        "balance_fen": amounts, "held_fen": np.zeros(count, dtype=int), "carried_fen": np.zeros(count, dtype=int),
        "day_products": np.zeros(count, dtype=int), "month_products": np.zeros(count, dtype=int), "opened_on": np.full(count, np.datetime64(OPEN_DAY)),
    })  # fmt: skip
    journals(connection, centre_id, [journal], "RECEIPT", "J2", [OPEN_DAY], [f"到账{centre_id}"], "专户到账", [2 * count])
    account, fen, subject = np.empty(2 * count, dtype=np.int64), np.empty(2 * count, dtype=np.int64), np.empty(2 * count, dtype=np.int64)
    account[0::2], account[1::2], fen[0::2], fen[1::2] = bank, suspense, amounts, -amounts
    subject[0::2], subject[1::2] = 10101, 21904
    legs(connection, centre_id, np.full(2 * count, journal), np.arange(1, 2 * count + 1), subject, account, fen,
          np.zeros(2 * count, dtype=np.int64), np.full(2 * count, np.datetime64(OPEN_DAY)))  # fmt: skip
    accounts = np.arange(share.first_employer, share.first_employer + len(units))[chosen]
    copy(connection, "treasury_expectation", {
        "id": receipts, "centre_id": np.full(count, centre_id), "kind": ["REMITTANCE"] * count, "reference": [numbers[i] for i in chosen],
        "employer_account_id": accounts, "amount_fen": amounts, "payer_name": [units[i].name for i in chosen],
        "expected_on": np.full(count, np.datetime64(OPEN_DAY)), "state": ["MET"] * count,
    })  # fmt: skip
    copy(connection, "treasury_receipt", {
        "id": receipts, "centre_id": np.full(count, centre_id), "bank_account_id": np.full(count, bank),
        "bank_reference": [f"W{numbers[i]}" for i in chosen], "amount_fen": amounts, "payer_name": [units[i].name for i in chosen],
        "summary": [numbers[i] for i in chosen], "bank_on": np.full(count, np.datetime64(OPEN_DAY)), "value_on": np.full(count, np.datetime64(OPEN_DAY)),
        "business_on": np.full(count, np.datetime64(OPEN_DAY)), "ledger_account_id": suspense, "journal_id": np.full(count, journal),
        "state": ["MATCHED"] * count, "expectation_id": receipts, "ground": ["REFERENCE"] * count, "explanation": [""] * count,
        "reason_code": ["MATCHED"] * count, "used_by_kind": [""] * count, "used_by_no": [""] * count,
    })  # fmt: skip
    cash += [(journal, f"W{numbers[i]}", int(totals[i]), OPEN_DAY) for i in chosen]
    return journal + 1
