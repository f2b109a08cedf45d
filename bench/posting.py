"""One posting: by a command with permission, key, audit and outbox in it, against the bare server-side function.

Both are called from the same Python driver, by the same number of clients, on the same accounts.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import numpy as np

from bench import place
from bench.report import Result

MEMBERS = 2_000
"""Personal accounts of a centre that the clients hit at random."""
PAIRS = 3
"""So often are all clients set on sixteen centres and then on one; the middle pair counts."""


@dataclass(frozen=True, slots=True)
class Load:
    """`clients` spread over `processes`, each posting for `seconds` to one of `centres`."""

    scale: float
    how: str
    centres: tuple[int, ...]
    clients: int
    processes: int
    seconds: float
    database: str


@dataclass(frozen=True, slots=True)
class Target:
    centre_id: int
    business_on: date
    bank: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """Answer of the bench's command."""

    journal_id: int


def targets(centres: tuple[int, ...], database: str) -> dict[int, Target]:
    found = {}
    with place.superuser(database) as connection:
        for centre_id in centres:
            day = connection.execute(
                "SELECT business_on FROM ledger_business_day WHERE centre_id = %s AND state = 'OPEN'", [centre_id]
            ).fetchone()[0]
            bank = connection.execute(
                "SELECT id FROM ledger_account WHERE centre_id = %s AND subject = 10101 ORDER BY id LIMIT 1", [centre_id]
            ).fetchone()[0]
            members = connection.execute(
                "SELECT id FROM ledger_account WHERE centre_id = %s AND subject = 201 AND closed_on IS NULL ORDER BY id LIMIT %s",
                [centre_id, MEMBERS],
            ).fetchall()
            found[centre_id] = Target(centre_id, day, bank, tuple(row[0] for row in members))
    return found


_BARE = """SELECT hpf_post(%s::smallint, %s, 'REMITTANCE', 'J01', 'NORMAL', %s::date, %s::date, 'BENCH', '', '量', 'bench', NULL,
                           NULL, %s::bigint[], %s::bigint[], %s::bigint[], NULL, true)"""


def _bare(scale: float, target: Target) -> Callable[[int, str], None]:
    connection = place.application(os.environ["HPF_DATABASE"])
    connection.execute("SELECT set_config('hpf.centre', %s, false)", [str(target.centre_id)])

    def post(account: int, key: str) -> None:
        connection.execute(
            _BARE, [target.centre_id, key, target.business_on, target.business_on, [target.bank, account], [100, -100], [None, None]]
        )

    return post


def _by_command(target: Target) -> Callable[[int, str], None]:
    from hpf.db.command import command
    from hpf.kernel.actor import Actor
    from hpf.ledger.rules import Draft, Leg
    from hpf.ledger.services import post
    from hpf.outbox.services import enqueue

    clerk = Actor("bench:clerk", "量", frozenset({target.centre_id}), frozenset({"bench.post"}))

    @command("bench.post")
    def book_one(*, by: Actor, centre_id: int, account_id: int, business_on: date, key: str) -> Posted:
        """记账: the smallest complete command there can be."""
        draft = Draft(
            centre_id=centre_id, kind="REMITTANCE", template="J01", business_on=business_on, value_on=business_on,
            source_kind="BENCH", source_no="", summary="量", maker=by.user_id,
        )  # fmt: skip
        journal_id = post(draft, [Leg(target.bank, 100), Leg(account_id, -100)], key)
        enqueue(centre_id, "bench.booked", key, {"journal_id": journal_id})
        return Posted(journal_id)

    def run(account: int, key: str) -> None:
        book_one(by=clerk, centre_id=target.centre_id, account_id=account, business_on=target.business_on, key=key)

    return run


def _client(load: Load, target: Target, number: int, seconds: float, into: list[float]) -> None:
    post = _bare(load.scale, target) if load.how == "bare" else _by_command(target)
    chance = np.random.default_rng(number)
    accounts = [target.members[i] for i in chance.integers(0, len(target.members), 50_000)]
    run = f"{load.how}:{time.time_ns()}:{number}:"
    keys = (f"{run}{n}" for n in count())
    post(accounts[0], next(keys))
    until = time.monotonic() + seconds
    for account in accounts[1:]:
        begun = time.monotonic()
        if begun >= until:
            break
        post(account, next(keys))
        into.append(time.monotonic() - begun)


def _process(load: Load, known: dict[int, Target], number: int, start: Any, answers: Any) -> None:
    place.enter(load.scale, load.database)
    threads, times = [], [[] for _ in range(load.clients // load.processes)]  # type: ignore[var-annotated]
    start.wait()
    for index, mine in enumerate(times):
        client = number * len(times) + index
        target = known[load.centres[client % len(load.centres)]]
        threads.append(threading.Thread(target=_client, args=(load, target, client, load.seconds, mine)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put([value for mine in times for value in mine])


def run_load(load: Load) -> tuple[float, np.ndarray]:
    """(postings a second, waiting times in seconds)."""
    known = targets(load.centres, load.database)
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(load.processes), spawn.Queue()
    workers = [spawn.Process(target=_process, args=(load, known, n, start, answers)) for n in range(load.processes)]
    for worker in workers:
        worker.start()
    times = np.concatenate([np.array(answers.get()) for _ in workers])
    for worker in workers:
        worker.join()
    return len(times) / load.seconds, times


def measure(scale: float, seconds: float = 8.0) -> list[Result]:
    everywhere, database = tuple(range(1, 17)), os.environ["HPF_DATABASE"]

    def load(how: str, centres: tuple[int, ...], clients: int, processes: int) -> tuple[float, np.ndarray]:
        return run_load(Load(scale, how, centres, clients, processes, seconds, database))

    bare_rate, _ = load("bare", everywhere, 8, 8)
    rate, _ = load("command", everywhere, 8, 8)
    _, alone = load("command", (1,), 1, 1)
    pairs = [(load("command", everywhere, 64, 8)[0], load("command", (1,), 64, 8)[0]) for _ in range(PAIRS)]
    spread, hot = sorted(pairs, key=lambda pair: pair[1] / pair[0])[PAIRS // 2]
    return [
        Result("posting.p50", float(np.percentile(alone, 50)) * 1000, note="单客户端"),
        Result("posting.p99", float(np.percentile(alone, 99)) * 1000, note="单客户端"),
        Result("posting.rate", rate, bare_rate, rate / bare_rate),
        Result("posting.hot", hot, spread, hot / spread, f"{PAIRS}次中位，各次{'、'.join(f'{h / s:.2f}' for s, h in pairs)}"),
    ]
