"""The business paths at full size: a list, a province month, yearly interest, the full proof.

Each works on a clone of the built province, made once for a run, so that a path measured twice finds the same tables.
"""

from __future__ import annotations

import io
import multiprocessing
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bench import place
from bench.build import LAST_MONTH
from bench.report import Result
from bench.rows import OPEN_DAY, YEAR

AT = datetime(2026, 6, 30, 18, tzinfo=UTC)
EVERYWHERE = tuple(range(1, 17))
PAIRS = 7
"""So often is a list booked, and its bare statement run, to be undone again."""
PROOFS = 3
"""So often are the books scanned and proved."""


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer


# -- one list


def measure_list(scale: float) -> list[Result]:
    """The largest unit of Lanzhou sends its list as XLSX; its money comes by the bank's report; one command books it."""
    from hpf.accounts import queries as accounts
    from hpf.contributions import services as contributions
    from hpf.db.scope import centre_scope
    from hpf.kernel.actor import Actor
    from hpf.kernel.money import Money
    from hpf.kernel.period import Month
    from hpf.treasury import services as treasury
    from hpf.treasury.rules.movements import Movement

    by, month = Actor.system(1, "量"), Month.from_index(LAST_MONTH)
    with place.superuser(_database()) as connection:
        account_no = connection.execute(
            """SELECT account_no FROM accounts_employeraccount e WHERE centre_id = 1 AND kind = 'REGULAR' AND NOT EXISTS (
                   SELECT 1 FROM contributions_remittance r WHERE r.employer_account_id = e.id AND r.month = %s)""",
            [LAST_MONTH],
        ).fetchone()[0]
    with centre_scope(1):
        account = accounts.employer_account(1, account_no)
        roster = accounts.roster(1, account.employer_account_id, month, ("NORMAL",))
    content = _workbook(roster)
    check_seconds, received = _timed(lambda: contributions.receive_list(
        by=by, centre_id=1, employer_account_no=account_no, month=month, filename="清册.xlsx", content=content, key="bench:list", at=AT
    ))  # fmt: skip
    listed = received.value
    confirmed = contributions.confirm(by=by, centre_id=1, remittance_no=listed.remittance_no, key="bench:confirm", at=AT).value
    movement = Movement("BENCH0001", OPEN_DAY, Money(confirmed.expected.fen), "", "量", confirmed.reference, "PAY")
    treasury.record_movements(
        by=by, centre_id=1, bank_account_id=1, entries=(movement,), business_on=OPEN_DAY, source="NOTICE", key="bench:paid"
    )
    treasury.match_receipts(by=by, centre_id=1, business_on=OPEN_DAY, key="bench:match")

    def book() -> Any:
        return contributions.book(by=by, centre_id=1, remittance_no=listed.remittance_no, business_on=OPEN_DAY, key="bench:book", at=AT)

    pairs = sorted([_booked_beside_floor(book, listed.remittance_no) for _ in range(PAIRS)], key=lambda pair: pair[0] / pair[1])
    floor_seconds, book_seconds = pairs[PAIRS // 2]
    lines = book().value.members
    worst, best = (floor / booked for floor, booked in (pairs[0], pairs[-1]))
    note = f"{lines}行，{book_seconds:.2f}秒；{PAIRS}次中位，最差{worst:.2f}、最好{best:.2f}"
    return [
        Result("list.check", check_seconds, note=f"{listed.line_count}行，差错{listed.defect_count}条"),
        Result("list.book", lines / book_seconds, lines / floor_seconds, floor_seconds / book_seconds, note),
    ]


class _Undone(Exception):
    """Takes a booking back that was only measured."""


def _booked_beside_floor(book: Callable[[], Any], remittance_no: str) -> tuple[float, float]:
    """Seconds of the bare statement and of the command right after it, each in a transaction that is undone.

    One booking takes a quarter of a second, of which a shared host may take half away: pairs are measured, and the middle one counts.
    """
    from django.db import transaction

    with place.superuser(_database()) as connection, connection.transaction(force_rollback=True):
        floor_seconds, _ = _timed(lambda: connection.execute(_FLOOR_OF_LIST, {"no": remittance_no, "centre": 1, "on": OPEN_DAY}))
    try:
        with transaction.atomic():
            book_seconds, booked = _timed(book)
            if not booked.is_approved:
                raise SystemExit("；".join(reason.message for reason in booked.reasons))
            raise _Undone
    except _Undone:
        return floor_seconds, book_seconds


def _workbook(roster: list[Any]) -> bytes:
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["个人账号", "姓名", "缴存基数", "单位月缴存额", "个人月缴存额"])
    for row, line in enumerate(roster, 1):
        amounts = [amount.fen / 100 for amount in (line.base, line.employer_month, line.member_month)]
        sheet.write_row(row, 0, [line.account_no, line.name, *amounts])
    book.close()
    return held.getvalue()


_FLOOR_OF_LIST = """
WITH lines AS MATERIALIZED (SELECT row_number() OVER (ORDER BY l.row_no) AS n, l.ledger_account_id AS account, l.employer_fen + l.member_fen AS fen
               FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id WHERE r.remittance_no = %(no)s),
head AS (INSERT INTO ledger_journal (centre_id, key, kind, template, business_on, value_on, source_kind, source_no, summary, maker, lines)
         SELECT %(centre)s, 'floor:' || %(no)s, 'REMITTANCE', 'J1', %(on)s, %(on)s, 'BENCH', '', '', 'floor', count(*) + 1 FROM lines RETURNING id),
legs AS (INSERT INTO ledger_leg (centre_id, journal_id, line_no, subject, account_id, fen, value_on, business_on)
         SELECT %(centre)s, head.id, n + 1, 201, account, -fen, %(on)s, %(on)s FROM lines, head
         UNION ALL SELECT %(centre)s, head.id, 1, 10101, %(centre)s, (SELECT sum(fen) FROM lines), %(on)s, %(on)s FROM head)
UPDATE ledger_account a SET balance_fen = a.balance_fen + l.fen, day_products = a.day_products + l.fen, month_products = a.month_products + l.fen
FROM lines l WHERE a.id = l.account"""


# -- a month of the province


def _database() -> str:
    import os

    return os.environ["HPF_DATABASE"]


def _in_halves(scale: float, work: Callable[..., Any]) -> tuple[float, list[Any]]:
    """Centres dealt to two processes, largest first; seconds from the moment both are ready."""
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(3), spawn.Queue()
    halves = _dealt()
    workers = [spawn.Process(target=_half, args=(scale, _database(), work, half, start, answers)) for half in halves]
    for worker in workers:
        worker.start()
    start.wait()
    begun = time.perf_counter()
    found = [answers.get() for _ in workers]
    seconds = time.perf_counter() - begun
    for worker in workers:
        worker.join()
    for answer in found:
        if isinstance(answer, str):
            raise SystemExit(answer)
    return seconds, [part for answer in found for part in answer]


def _dealt() -> list[list[int]]:
    from demo.province import published

    halves, weights = [[], []], [0.0, 0.0]  # type: ignore[var-annotated]
    for centre in sorted(published.centres(), key=lambda centre: -centre.member_weight):
        lighter = weights.index(min(weights))
        halves[lighter].append(centre.centre_id)
        weights[lighter] += centre.member_weight
    return halves


def _half(scale: float, database: str, work: Callable[..., Any], centres: list[int], start: Any, answers: Any) -> None:
    place.enter(scale, database)
    start.wait()
    try:
        answers.put([work(centre_id) for centre_id in centres])
    except Exception as failure:
        import traceback

        traceback.print_exc()
        answers.put(f"{type(failure).__name__}: {failure}")


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def book_month(centre_id: int) -> tuple[int, int, float, float]:
    """Every confirmed list of the centre whose money is there. (lists, fen, memory after the first tenth, memory at the end)"""
    from hpf.contributions import services as contributions
    from hpf.kernel.actor import Actor

    before = _memory_mb()
    applied = contributions.apply_receipts(by=Actor.system(centre_id, "量"), centre_id=centre_id, business_on=OPEN_DAY, at=AT)
    return len(applied.booked), applied.total.fen, before, _memory_mb()


def floor_month(centre_id: int) -> int:
    """The same legs and balances list by list, one bare statement and one transaction each, undone at its end."""
    count = 0
    with place.superuser(_database()) as connection:
        connection.execute("SELECT set_config('hpf.centre', %s, false)", [str(centre_id)])
        numbers = connection.execute(
            "SELECT remittance_no FROM contributions_remittance WHERE centre_id = %s AND state = 'CONFIRMED' ORDER BY id", [centre_id]
        ).fetchall()
        for (number,) in numbers:
            with connection.transaction(force_rollback=True):
                count += connection.execute(_FLOOR_OF_LIST, {"no": number, "centre": centre_id, "on": OPEN_DAY}).rowcount
    return count


def bulk_month(centre_id: int) -> int:
    """All legs of the centre's month by one statement, undone afterwards: what the disk alone can do."""
    with place.superuser(_database()) as connection, connection.transaction(force_rollback=True):
        return int(connection.execute(_BULK_MONTH, {"centre": centre_id, "on": OPEN_DAY}).rowcount)


_BULK_MONTH = """
WITH lines AS MATERIALIZED (SELECT r.id AS list, row_number() OVER (PARTITION BY r.id ORDER BY l.row_no) AS n, l.ledger_account_id AS account,
                  l.employer_fen + l.member_fen AS fen
               FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id WHERE r.centre_id = %(centre)s AND r.state = 'CONFIRMED'),
heads AS (INSERT INTO ledger_journal (centre_id, key, kind, template, business_on, value_on, source_kind, source_no, summary, maker, lines)
          SELECT %(centre)s, 'floor:' || list, 'REMITTANCE', 'J1', %(on)s, %(on)s, 'BENCH', list::text, '', 'floor', count(*) + 1 FROM lines GROUP BY list
          RETURNING id, source_no::bigint AS list),
legs AS (INSERT INTO ledger_leg (centre_id, journal_id, line_no, subject, account_id, fen, value_on, business_on)
         SELECT %(centre)s, h.id, n + 1, 201, account, -fen, %(on)s, %(on)s FROM lines JOIN heads h USING (list)
         UNION ALL SELECT %(centre)s, h.id, 1, 10101, %(centre)s, sum(fen), %(on)s, %(on)s FROM lines JOIN heads h USING (list) GROUP BY h.id)
UPDATE ledger_account a SET balance_fen = a.balance_fen + l.fen, day_products = a.day_products + l.fen, month_products = a.month_products + l.fen
FROM lines l WHERE a.id = l.account"""


def measure_month(scale: float) -> list[Result]:
    bulk_seconds, bulk = _in_halves(scale, bulk_month)
    floor_seconds, floors = _in_halves(scale, floor_month)
    seconds, booked = _in_halves(scale, book_month)
    lines, lists = sum(floors), sum(part[0] for part in booked)
    grown = max(part[3] - part[2] for part in booked)
    note = f"{lines}行，{lists}张清册，{seconds:.0f}秒；底线为逐张裸写入{floor_seconds:.0f}秒；整批裸写入{bulk_seconds:.0f}秒（比值{bulk_seconds / seconds:.2f}）"
    assert sum(bulk) == lines
    return [
        Result("month.book", lines / seconds, lines / floor_seconds, floor_seconds / seconds, note),
        Result("month.memory", grown),
    ]


# -- yearly interest

_FLOOR_OF_INTEREST = """
WITH due AS MATERIALIZED (SELECT a.id, a.balance_fen, a.balance_fen - a.carried_fen AS newly, (a.day_products * 15 + 180000) / 360000 AS interest, m.employer_account_id AS unit
             FROM ledger_account a JOIN accounts_memberaccount m ON m.centre_id = a.centre_id AND m.ledger_account_id = a.id
             WHERE a.centre_id = %(centre)s AND a.subject = 201),
heads AS (INSERT INTO ledger_journal (centre_id, key, kind, template, business_on, value_on, source_kind, source_no, summary, maker, lines)
          SELECT %(centre)s, 'floor:' || unit, 'INTEREST_SETTLEMENT', 'J18', %(on)s, %(on)s, 'BENCH', unit::text, '', 'floor', count(*) + 1 FROM due GROUP BY unit
          RETURNING id, source_no::bigint AS unit),
legs AS (INSERT INTO ledger_leg (centre_id, journal_id, line_no, subject, account_id, fen, carried_fen, value_on, business_on)
         SELECT %(centre)s, h.id, row_number() OVER (PARTITION BY h.id) + 1, 201, d.id, -interest, -interest - newly, %(on)s, %(on)s
         FROM due d JOIN heads h USING (unit) WHERE interest <> 0 OR newly <> 0
         UNION ALL SELECT %(centre)s, h.id, 1, 10101, %(centre)s, sum(interest) + 1, 0, %(on)s, %(on)s FROM due JOIN heads h USING (unit) GROUP BY h.id)
UPDATE ledger_account a SET balance_fen = a.balance_fen + d.interest, carried_fen = a.balance_fen + d.interest, interest_year = a.interest_year + 1,
    day_products = (a.balance_fen + d.interest) * 365, month_products = (a.balance_fen + d.interest) * 12
FROM due d WHERE a.id = d.id"""


def floor_interest(centre_id: int) -> int:
    """Legs, heads and balances of a settlement by one statement, triggers aside; undone afterwards."""
    with place.superuser(_database()) as connection:
        connection.execute("SET session_replication_role = replica")
        with connection.transaction(force_rollback=True):
            return int(connection.execute(_FLOOR_OF_INTEREST, {"centre": centre_id, "on": OPEN_DAY}).rowcount)


def settle(centre_id: int) -> tuple[int, int]:
    from hpf.closing.services.settlement import settle_interest
    from hpf.kernel.actor import Actor

    posted = settle_interest(
        centre_id=centre_id, year=YEAR, dry_run=False, by=Actor.system(centre_id, "量"), at=AT, key=f"bench:{centre_id}"
    )
    if posted.value is None:
        raise SystemExit("；".join(reason.message for reason in posted.reasons))
    return posted.value.accounts, posted.value.interest.fen


def compute_interest(centre_id: int) -> int:
    """Every account's interest a second way: products read as a column, computed in 63-bit whole numbers. Total in fen."""
    import polars as pl

    from hpf.accounts.queries.interest import terms
    from hpf.db.scope import centre_scope

    with centre_scope(centre_id):
        agreed = terms(centre_id, OPEN_DAY)
    by_months = str(agreed.method) == "MONTH_WEIGHTS"
    query = f"""COPY (SELECT id, {"month" if by_months else "day"}_products FROM ledger_account WHERE centre_id = {int(centre_id)}
                AND bears_interest AND closed_on IS NULL AND interest_year = {YEAR} ORDER BY id) TO STDOUT (FORMAT csv)"""
    with place.superuser(_database()) as connection, connection.cursor().copy(query) as source:
        accounts = pl.read_csv(io.BytesIO(b"".join(source)), has_header=False, new_columns=["account", "products"])
    interest = half_up(accounts["products"].to_numpy(), agreed.carried.ppm10, (12 if by_months else 360) * 1_000_000_000)
    np.save(_kept(centre_id), np.column_stack([accounts["account"].to_numpy(), interest]))
    return int(interest.sum())


def compare_interest(centre_id: int) -> int:
    """How many accounts the two computations see differently."""
    computed = np.load(_kept(centre_id))
    with place.superuser(_database()) as connection:
        settled = np.array(
            connection.execute(
                "SELECT ledger_account_id, interest_fen FROM closing_settlementline WHERE centre_id = %s AND year = %s ORDER BY 1",
                [centre_id, YEAR],
            ).fetchall()
        )
    return int((computed != settled).any(axis=1).sum()) if computed.shape == settled.shape else len(settled)


def _kept(centre_id: int) -> str:
    return str(place.PROJECT / ".run" / "bench" / f"interest_{centre_id}.npy")


def half_up(products: np.ndarray, rate: int, denominator: int) -> np.ndarray:
    """round(products × rate / denominator), a half away from zero, in two 63-bit steps that never overflow."""
    high, low = np.divmod(products, 1_000_000_000)
    # products × rate = high × 10^9 × rate + low × rate; 10^9 cancels against the denominator's own
    periods = denominator // 1_000_000_000
    whole, rest = np.divmod(high * rate, periods)
    tail = rest * 1_000_000_000 + low * rate
    return whole + (2 * tail + denominator) // (2 * denominator)


def measure_interest(scale: float) -> list[Result]:
    _in_halves(scale, book_month)  # a year is settled only when everything that came in is booked
    floor_seconds, _ = _in_halves(scale, floor_interest)
    proof_seconds, computed = _in_halves(scale, compute_interest)
    seconds, settled = _in_halves(scale, settle)
    differing = sum(map(compare_interest, EVERYWHERE))
    accounts, total = sum(part[0] for part in settled), sum(part[1] for part in settled)
    equal = differing == 0 and sum(computed) == total
    return [
        Result("interest.settle", seconds, floor_seconds, seconds / floor_seconds, f"{accounts}户，利息{total / 100:,.2f}元"),
        Result(
            "interest.proof",
            proof_seconds,
            seconds,
            proof_seconds / seconds if equal else None,
            "逐分相等" if equal else f"{differing}户不相等",
        ),
    ]


# -- the full proof

_SCAN = """SELECT (SELECT sum(fen) FROM ledger_leg WHERE centre_id = %s), (SELECT sum(balance_fen) FROM ledger_account WHERE centre_id = %s),
                  (SELECT sum(lines) FROM ledger_journal WHERE centre_id = %s), (SELECT sum(amount_fen) FROM treasury_cashentry WHERE centre_id = %s),
                  (SELECT sum(employer_fen + member_fen + subsidy_fen) FROM contributions_line WHERE centre_id = %s)"""


def scan(centre_id: int) -> int:
    with place.superuser(_database()) as connection:
        connection.execute(_SCAN, [centre_id] * 5)
    return 0


def prove(centre_id: int) -> int:
    from hpf.closing.queries.verify import verify

    return sum(not check.ok for check in verify([centre_id]))


def measure_proof(scale: float) -> list[Result]:
    """Scan and proof right after it, three times; the middle pair counts, for a shared host changes its pace from one to the other."""
    _in_halves(scale, scan)
    pairs, failed = [], 0
    for _ in range(PROOFS):
        floor_seconds, _ = _in_halves(scale, scan)
        seconds, broken = _in_halves(scale, prove)
        failed += sum(broken)
        pairs.append((seconds / floor_seconds, seconds, floor_seconds))
    pairs.sort()
    ratio, seconds, floor_seconds = pairs[len(pairs) // 2]
    said = f"不成立{failed}项；{PROOFS}次中位，最差{pairs[-1][0]:.2f}、最好{pairs[0][0]:.2f}"
    return [Result("proof.full", seconds, floor_seconds, ratio if not failed else None, said)]
