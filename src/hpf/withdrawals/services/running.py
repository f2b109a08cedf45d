"""约定提取的每日运行: what has fallen due is asked for, decided, booked and paid, some thousands at a time.

A story of commands, safe to stop between any two and to run again: a month is decided once, because its row is unique, and paid
in the transaction that decides it. What one person lacks keeps nobody else waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection

from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.codec import digest
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.policy import queries as policy
from hpf.sharing import services as sharing_services
from hpf.sharing.gateways.exchange import Exchange
from hpf.sharing.rules import Ask
from hpf.withdrawals import models
from hpf.withdrawals.queries.many import gather
from hpf.withdrawals.rules import Agreement, Ground, instalment_asked, months_due
from hpf.withdrawals.rules.instalments import AgreementState, InstalmentState
from hpf.withdrawals.rules.reading import Application as Filed
from hpf.withdrawals.services.gathering import ROUNDS, questions
from hpf.withdrawals.services.instalments import Done, Due, do_instalments

CHUNK = 2000
"""Instalments decided and paid in one transaction, one batch for the bank."""
TRIES = 3
GRACE_DAYS = 31
"""So long after its last month an agreement waits for an instalment that could not be decided."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a day's run came to. `stopped` were approved and refused by the ledger."""

    due: int = 0
    paid: int = 0
    amount: Money = ZERO
    refused: int = 0
    referred: int = 0
    waiting: int = 0
    stopped: int = 0
    expired: int = 0
    asked: int = 0

    def add(self, done: Done, due: int, asked: int) -> Run:
        return Run(
            self.due + due, self.paid + done.paid, self.amount + done.amount, self.refused + done.refused, self.referred + done.referred,
            self.waiting + done.waiting, self.stopped + done.stopped, self.expired, self.asked + asked,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expired:
    agreement_nos: tuple[str, ...]


def run_agreements(
    *, by: Actor, centre_id: int, business_on: date, at: datetime, exchange: Exchange | None = None, chunk: int = CHUNK
) -> Run:
    """Everything that is due by this business day, also what an earlier day missed; then what has come to its end expires."""
    with centre_scope(centre_id):
        if not models.Agreement.objects.filter(centre_id=centre_id).exists():
            return Run()
    done = Run()
    with centre_scope(centre_id):
        waiting = _due(centre_id, business_on)
    for part in _apart(waiting, chunk):
        done = done.add(*_do(tuple(each for each, *_ in part), by, centre_id, business_on, at, exchange))
    with centre_scope(centre_id):
        if not _ending(centre_id, business_on):
            return done
    expired = expire_agreements(by=by, centre_id=centre_id, on=business_on, key=f"agreed:{business_on}:expire:{at.isoformat()}")
    return Run(
        done.due, done.paid, done.amount, done.refused, done.referred, done.waiting, done.stopped, len(expired.agreement_nos), done.asked
    )


_Waiting = tuple[Due, int, str, str]
"""What is due, from which account, whose, whose spouse."""


def _due(centre_id: int, on: date) -> list[_Waiting]:
    """The oldest month of each running agreement whose day has come and that is not decided; two queries."""
    running = models.Agreement.objects.filter(centre_id=centre_id, state=AgreementState.SIGNED).order_by("id")
    done: dict[int, set[Month]] = {}
    decided = models.Instalment.objects.filter(centre_id=centre_id, state=InstalmentState.DECIDED, agreement__state=AgreementState.SIGNED)
    for agreement_id, month in decided.values_list("agreement_id", "month"):
        done.setdefault(agreement_id, set()).add(month)
    found: list[_Waiting] = []
    for row in running.values_list(
        "id", "agreement_no", "ground", "first_month", "last_month", "day", "ledger_account_id", "person_ref", "spouse_ref"
    ):
        agreement = Agreement(Ground(row[2]), row[3], row[4], row[5])
        months = months_due(agreement, done.get(row[0], set()), on)
        if months:
            found.append((Due(row[1], months[0]), row[6], row[7], row[8]))
    return found


def _apart(waiting: Sequence[_Waiting], size: int) -> Iterator[list[_Waiting]]:
    """Parts in which no account and no household comes twice: who decides the second has to see the first."""
    left = list(waiting)
    while left:
        part: list[_Waiting] = []
        later: list[_Waiting] = []
        accounts: set[int] = set()
        people: set[str] = set()
        for each in left:
            _, account, person, spouse = each
            if len(part) >= size or account in accounts or {person, spouse} & people:
                later.append(each)
                continue
            part.append(each)
            accounts.add(account)
            people |= {person, spouse} - {""}
        yield part
        left = later


def _do(due: tuple[Due, ...], by: Actor, centre_id: int, on: date, at: datetime, exchange: Exchange | None) -> tuple[Done, int, int]:
    """Do what can be done; ask for what the others lack, all at once; in the last round nobody is asked any more.
    What was done, of how many, with how many questions."""
    total, left, asked = Done(), due, 0
    for turn in range(ROUNDS + 1):
        stem = f"agreed:{on}:{digest(left).hex()[:24]}:{turn}"
        asks: tuple[Ask, ...] = ()
        if turn < ROUNDS:
            done = _done(left, True, by, centre_id, on, at, stem)
            total, left = total.with_(done), done.lacking
            asks = _asks(left, centre_id, on, at) if left else ()
        if left and not asks:
            total = total.with_(_done(left, False, by, centre_id, on, at, f"{stem}:last"))
            break
        if not left:
            break
        more = {} if exchange is None else {"exchange": exchange}
        sharing_services.ask_all(by=by, centre_id=centre_id, questions=asks, at=at, key=f"{stem}:ask", **more)
        asked += len(asks)
    return total, len(due), asked


def _done(due: tuple[Due, ...], ask_first: bool, by: Actor, centre_id: int, on: date, at: datetime, key: str) -> Done:
    """An application that came in between undoes the command; the next look sees it."""
    for turn in range(TRIES):
        try:
            return do_instalments(by=by, centre_id=centre_id, due=due, ask_first=ask_first, business_on=on, at=at, key=key)
        except IntegrityError:
            if turn == TRIES - 1:
                raise
    raise AssertionError("not reached")


def _asks(lacking: Iterable[Due], centre_id: int, on: date, at: datetime) -> tuple[Ask, ...]:
    months = {each.agreement_no: each.month for each in lacking}
    with centre_scope(centre_id):
        rows = list(models.Agreement.objects.filter(centre_id=centre_id, agreement_no__in=list(months)).order_by("id"))
        book = policy.book(centre_id, on)
        found: list[Ask] = []
        for given in gather(centre_id, [(row, months[row.agreement_no]) for row in rows], on).values():
            finding, asked = instalment_asked(given.agreement, given.applicant, given.facts, book, on)
            case = Filed(given.applicant, given.facts, asked)
            found += questions(given.row, given.row.agreement_no, case, finding, given.answers, given.district, at)
    return tuple(found)


_OVER = """a.centre_id = %s AND a.state = 'SIGNED' AND make_date(a.last_month / 12, a.last_month %% 12 + 1, a.day) <= %s
           AND (make_date(a.last_month / 12, a.last_month %% 12 + 1, a.day) < %s
                OR (SELECT count(*) FROM withdrawals_instalment i WHERE i.agreement_id = a.id AND i.state = 'DECIDED')
                   = a.last_month - a.first_month + 1)"""


def _ending(centre_id: int, on: date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM withdrawals_agreement a WHERE {_OVER})", _by(centre_id, on))
        return bool(cursor.fetchone()[0])


def _by(centre_id: int, on: date) -> list[object]:
    return [centre_id, on, on - timedelta(days=GRACE_DAYS)]


@command("withdrawals.run_agreements")
def expire_agreements(*, by: Actor, centre_id: int, on: date, key: str) -> Expired:
    """到期: the last month is decided, or its time is long over. Nothing is paid after it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE withdrawals_agreement a SET state = 'EXPIRED', ended_on = %s, ended_by_name = %s WHERE {_OVER}
                RETURNING a.agreement_no""",
            [on, by.name[:60], *_by(centre_id, on)],
        )
        return Expired(tuple(sorted(number for (number,) in cursor.fetchall())))
