"""三个进程把十六个中心的日子过完: each takes a share of the centres, all wait for each other at the end of every day.

Who does what on which day and for how much follows from the seed, the scale and the departments' key alone. Account numbers and
papers are counted within their centre, the bank's references within its customer: they are the same in another run, however the
processes get on. Not the same: ids of rows that all centres share, wherever they stand for want of a number (a submission, the source
of a journal that is a bank account or a ledger account), and what is drawn to be unguessable (nonces, keys of some commands).
"""

from __future__ import annotations

import gc
import itertools
import json
import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

PROCESSES = 3
STATEMENTS = 2_000
"""More than the life has; the driver's own hundred would be forgotten and prepared again all day long."""


def live(
    first: date,
    last: date,
    *,
    seed: int,
    scale: float,
    password: str,
    secret: str,
    bank_url: str,
    state: Path,
    say: Callable[[str], None],
    only: frozenset[int] | None = None,
) -> None:
    """Found all centres on `first` and close every business day before `last`, which stays open."""
    spawn = multiprocessing.get_context("spawn")
    barrier, told = spawn.Barrier(PROCESSES), spawn.Queue()
    halves = _halves(seed, scale, only)
    given = {"first": first, "last": last, "seed": seed, "scale": scale, "password": password, "secret": secret, "bank_url": bank_url}
    workers = [spawn.Process(target=_work, args=(half, number, given, barrier, told)) for number, half in enumerate(halves)]
    for worker in workers:
        worker.start()
    homes: dict[str, Any] = {}
    refused: list[str] = []
    done = 0
    while done < PROCESSES:
        kind, content = told.get()
        if kind == "day":
            say(content)
        elif kind == "done":
            homes |= content["homes"]
            refused += content["refused"]
            done += 1
        else:
            for worker in workers:
                worker.terminate()
            raise SystemExit(content)
    for worker in workers:
        worker.join()
    state.write_text(
        json.dumps({"homes": homes, "refused": refused, "lived_to": last.isoformat()}, ensure_ascii=False, indent=1), encoding="utf-8"
    )


def _halves(seed: int, scale: float, only: frozenset[int] | None) -> list[list[int]]:
    """Centres dealt out by size, so that the processes finish their days at about the same time."""
    from demo.province.province import Province

    weights = [0] * PROCESSES
    halves: list[list[int]] = [[] for _ in range(PROCESSES)]
    for plan in sorted(Province(seed, scale).plans, key=lambda plan: -sum(plan.units) * 100 - sum(plan.members)):
        if only is not None and plan.figures.centre_id not in only:
            continue
        lightest = weights.index(min(weights))
        halves[lightest].append(plan.figures.centre_id)
        weights[lightest] += sum(plan.units) * 100 + sum(plan.members)
    return halves


def _work(centres: list[int], number: int, given: dict[str, Any], barrier: Any, told: Any) -> None:
    try:
        _live(centres, number, given, barrier, told)
    except Exception as failure:
        import traceback

        traceback.print_exc()
        barrier.abort()
        told.put(("failed", f"演示数据生成中断：{failure}"))


def _live(centres: list[int], number: int, given: dict[str, Any], barrier: Any, told: Any) -> None:
    # Nobody's savings are in here yet: if the machine stops now, the demo is built anew. The same few hundred statements
    # come back every day: the server plans each once, for any centre, and the driver forgets none of them.
    os.environ["PGOPTIONS"] = "-c synchronous_commit=off -c plan_cache_mode=force_generic_plan"
    import django

    django.setup()
    from django.db import connections

    connections["default"].settings_dict["OPTIONS"].update(server_side_binding=True, prepare_threshold=2)
    connections["default"].ensure_connection()
    connections["default"].connection.prepared_max = STATEMENTS
    from demo.bank.control import BankControl
    from demo.life import plan_office, rent_plans
    from demo.life.cast import hire_plan_office, hire_staff
    from demo.life.founding import found
    from demo.life.story import CentreLife, business_days
    from demo.province.province import Province

    bank = BankControl(given["bank_url"].rstrip("/"))
    province = Province(given["seed"], given["scale"])
    days = business_days(given["first"], given["last"])
    begun = time.monotonic()
    gc.disable()
    lives = []
    for centre_id in centres:
        centre = province.centre(centre_id)
        cast = hire_staff(centre_id, centre.code, centre.short_name, given["password"], given["secret"], datetime.now(UTC))
        home = found(centre, cast, bank, days[0], given["password"])
        lives.append(
            CentreLife(centre, cast, home, bank, given["seed"], strict=os.environ.get("HPF_DEMO_STRICT") == "1", scale=given["scale"])
        )
    if barrier.wait() == 0:
        hire_plan_office(given["password"], given["secret"], datetime.now(UTC))
        plan_office.morning(days[0])
        rent_plans.morning(days[0], None, province)
    barrier.wait()
    for day, following in itertools.pairwise(days):
        for life in lives:
            life.live(day)
        gc.collect(0)
        if barrier.wait() == 0:
            bank.advance_to(following)
            plan_office.morning(following)
            rent_plans.morning(following, day, province)
            if following.day <= 3 or following.month != day.month:
                told.put(("day", f"{day}  {time.monotonic() - begun:5.0f} 秒"))
        barrier.wait()
    homes = {str(life.centre.centre_id): life.home.plain() for life in lives}
    told.put(("done", {"homes": homes, "refused": [line for life in lives for line in (*life.refused, *life.left_waiting())]}))
