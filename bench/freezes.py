"""司法查控: a court freezes and releases one account, over and over, while 64 clients try to draw from it.

Whole papers are served (kept encrypted, answered, with their outbox message), each in one transaction, against draws
that want the same row. What was counted is printed: papers served, draws tried, drawn, refused; afterwards the
books are asked whether anything was drawn while everything was frozen, and whether the sums agree.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import psycopg

from bench import place
from bench.report import Result

CENTRE, CLIENTS, PROCESSES = 1, 64, 4
DRAW_FEN, CREDIT_FEN = 100, 20_000
BARRIER_SECONDS = 120
WARMING = 4
"""Papers served before anybody races: a court's door is a process that has served before."""
COURT = "量度人民法院"


@dataclass(frozen=True, slots=True)
class Race:
    """Where the race is run, and for how long."""

    scale: float
    database: str
    ledger_account_id: int
    bank_id: int
    business_on: date
    seconds: float


def measure_freezes(scale: float, seconds: float = 10.0) -> list[Result]:
    """p99 of freezing and releasing; AssertionError when the race left the books untrue."""
    race, paper = _prepare(scale, seconds)
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(PROCESSES + 1), spawn.Queue()
    workers = [spawn.Process(target=_draw, args=(race, number, start, answers)) for number in range(PROCESSES)]
    workers.append(spawn.Process(target=_order, args=(race, paper, start, answers)))
    for worker in workers:
        worker.start()
    said = [answers.get(timeout=BARRIER_SECONDS + 2 * seconds) for _ in workers]
    for worker in workers:
        worker.join()
    draws, waits = [each for each in said if isinstance(each, dict)], next(each for each in said if isinstance(each, np.ndarray))
    total = {name: sum(each[name] for each in draws) for name in ("drawn", "refused", "credited")}
    wrong = [error for each in draws for error in each["wrong"]]
    assert not wrong, f"死锁或意外错误：{wrong[:3]}"
    frozen_for = _proved(race, total)
    note = (
        f"查控{len(waits)}件，争用{total['drawn'] + total['refused']:,}次：支取成功{total['drawn']:,}、可用余额不足{total['refused']:,}、入账{total['credited']:,}；"
        f"全部冻结合计{frozen_for:.1f}秒，其间支取0笔；中位{np.percentile(waits, 50) * 1000:.0f}毫秒"
    )
    return [Result("freeze.p99", float(np.percentile(waits, 99)) * 1000, note=note)]


def _prepare(scale: float, seconds: float) -> tuple[Race, dict[str, Any]]:
    """One member with money, and what a court would write about him."""
    from hpf.access.services import register_client
    from hpf.accounts import queries as accounts
    from hpf.db.scope import centre_scope
    from hpf.kernel.actor import Actor
    from hpf.ledger import queries as ledger
    from hpf.parties import queries as parties

    database = os.environ["HPF_DATABASE"]
    with place.superuser(database) as connection:
        row = connection.execute(
            """SELECT m.account_no, m.ledger_account_id, m.person_id FROM accounts_memberaccount m JOIN ledger_account a ON a.id = m.ledger_account_id
               WHERE m.centre_id = %s AND m.state = 'NORMAL' AND a.frozen_fen = 0 AND a.held_fen = 0 AND m.id %% 97 = 0
                 AND (SELECT count(*) FROM accounts_memberaccount o WHERE o.centre_id = m.centre_id AND o.person_id = m.person_id) = 1
               ORDER BY m.id LIMIT 1""",
            [CENTRE],
        ).fetchone()
        bank = connection.execute(
            "SELECT id FROM ledger_account WHERE centre_id = %s AND subject = 10101 ORDER BY id LIMIT 1", [CENTRE]
        ).fetchone()[0]
    account_no, ledger_account_id, person_id = row
    with centre_scope(CENTRE):
        identity = parties.full_identity(person_id)
        business_on = ledger.business_day(CENTRE)
        assert accounts.member_account(CENTRE, account_no).is_open
    register_client(
        by=Actor.system(CENTRE), centre_id=CENTRE, client_no="bench.court", name=COURT, secret="-", permissions=("api.court",),
        at=datetime.now(UTC), key=f"bench:court:{time.time_ns()}",
    )  # fmt: skip
    about = {"person_name": identity.name, "id_kind": identity.id_kind, "id_number": identity.id_number, "account_no": account_no}
    return Race(scale, database, ledger_account_id, bank, business_on, seconds), about


def _draw(race: Race, number: int, start: Any, answers: Any) -> None:
    """Sixteen clients of one process: each draws as fast as it is let, and every fiftieth time money comes in."""
    place.enter(race.scale, race.database)
    counts: list[dict[str, Any]] = [{"drawn": 0, "refused": 0, "credited": 0, "wrong": []} for _ in range(CLIENTS // PROCESSES)]
    threads = [
        threading.Thread(target=_client, args=(race, f"{number}:{index}", mine)) for index, mine in enumerate(counts)
    ]  # fmt: skip
    start.wait(BARRIER_SECONDS)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    totals: dict[str, Any] = {name: sum(mine[name] for mine in counts) for name in ("drawn", "refused", "credited")}
    answers.put(totals | {"wrong": [error for mine in counts for error in mine["wrong"]]})


_DRAW = """SELECT hpf_post_in_turn(%s::smallint, %s, 'WITHDRAWAL', 'J3', 'NORMAL', %s::date, %s::date, 'BENCH', '', '量', 'bench', NULL, NULL,
                                    %s::bigint[], %s::bigint[], NULL, NULL, true)"""
SHORT = "HP008"


def _client(race: Race, name: str, counted: dict[str, Any]) -> None:
    """支取, each in a transaction of its own, as `ledger.services.post` sends it; the client itself costs as little as it can."""
    connection = place.application(race.database)
    connection.execute("SELECT set_config('hpf.centre', %s, false)", [str(CENTRE)])
    run, number, until, accounts = time.time_ns(), 0, time.monotonic() + race.seconds, [race.ledger_account_id, race.bank_id]
    while time.monotonic() < until:
        number += 1
        credit = number % 50 == 1
        fen = -CREDIT_FEN if credit else DRAW_FEN
        try:
            connection.execute(
                _DRAW, [CENTRE, f"bench:{run}:{name}:{number}", race.business_on, race.business_on, accounts, [fen, -fen]]
            )  # fmt: skip
        except psycopg.Error as error:  # a deadlock is what this looks for
            if error.sqlstate == SHORT:
                counted["refused"] += 1
            else:
                counted["wrong"].append(f"{error.sqlstate} {error}")
        else:
            counted["credited" if credit else "drawn"] += 1


def _order(race: Race, about: dict[str, Any], start: Any, answers: Any) -> None:
    """A court: everything frozen, everything released, again and again; how long each paper took."""
    place.enter(race.scale, race.database)
    from hpf.freezes.rules.orders import Action, DocumentKind, Officer, Result
    from hpf.freezes.rules.papers import Paper
    from hpf.freezes.services import NewDocument, serve_message
    from hpf.kernel.actor import Actor

    by = Actor("client:bench.court", COURT, frozenset({CENTRE}), frozenset({"api.court"}), "API")
    scans = tuple(NewDocument(kind, "量.pdf", b"%PDF" * 250) for kind in (DocumentKind.RULING, DocumentKind.NOTICE))
    officers = tuple(Officer(name, f"G{name}", f"Z{name}") for name in "甲乙")
    run, number, waits, until = time.time_ns(), 0, list[float](), float("inf")
    while time.monotonic() < until or number % 2:
        if number == WARMING:
            waits.clear()
            start.wait(BARRIER_SECONDS)
            until = time.monotonic() + race.seconds
        number += 1
        freezing = number % 2 == 1
        paper = Paper(
            Action.FREEZE if freezing else Action.RELEASE, COURT, "量执1号", ruling_no="裁", notice_no="协", whole=freezing, officers=officers, **about
        )  # fmt: skip
        begun = time.monotonic()
        served = serve_message(
            by=by, centre_id=CENTRE, request_no=f"{run}:{number}", paper=paper, documents=scans, client_no="bench.court",
            key=f"bench:court:{run}:{number}", at=datetime.now(UTC),
        )  # fmt: skip
        waits.append(time.monotonic() - begun)
        assert served.result in (Result.DONE, Result.REGISTERED), served
        time.sleep(0.02)
    answers.put(np.array(waits))


def _proved(race: Race, total: dict[str, int]) -> float:
    """Seconds for which everything was frozen. Nothing was drawn in them, the balance is the sum of what moved, no order is left."""
    with place.superuser(race.database) as connection:
        drawn_while_frozen, frozen_for, left = connection.execute(
            """SELECT (SELECT count(*) FROM ledger_journal j JOIN ledger_leg l ON l.centre_id = j.centre_id AND l.journal_id = j.id
                       JOIN ledger_freeze f ON f.account_id = l.account_id AND j.recorded_at > f.placed_at AND j.recorded_at < f.lifted_at
                       WHERE l.account_id = %(id)s AND l.fen > 0 AND f.fen IS NULL),
                      (SELECT COALESCE(extract(epoch FROM sum(lifted_at - placed_at)), 0) FROM ledger_freeze WHERE account_id = %(id)s),
                      (SELECT count(*) FROM ledger_freeze WHERE account_id = %(id)s AND lifted_at IS NULL)""",
            {"id": race.ledger_account_id},
        ).fetchone()
        balance, frozen, summed, moved = connection.execute(
            """SELECT a.balance_fen, a.frozen_fen, -(SELECT sum(fen) FROM ledger_leg WHERE account_id = a.id AND centre_id = a.centre_id),
                      (SELECT count(*) FROM ledger_journal j JOIN ledger_leg l ON l.centre_id = j.centre_id AND l.journal_id = j.id
                       WHERE l.account_id = a.id AND j.source_kind = 'BENCH' AND j.summary = '量')
               FROM ledger_account a WHERE a.id = %s""",
            [race.ledger_account_id],
        ).fetchone()
    assert drawn_while_frozen == 0, f"冻结期间支取{drawn_while_frozen}笔"
    assert (balance, frozen, left) == (summed, 0, 0) and balance >= 0
    assert moved >= total["drawn"] + total["credited"]
    return float(frozen_for)
