"""审计: a mark for every look at somebody's data, and the chain that proves no mark was taken away."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.access.models import Seal
from hpf.access.queries import sealed_rows
from hpf.access.rules import START_OF_CHAIN, seal_digest
from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason

_SETTLE_SECONDS_MAX = 20
_FIRST_PAUSE, _LONGEST_PAUSE = 1 / 500, 1 / 20
"""Most transactions end within milliseconds; one that takes long is asked after less and less often."""


def record(
    centre_id: int,
    *,
    kind: str,
    at: datetime,
    by: Actor | None = None,
    user_id: str = "",
    user_name: str = "",
    person_id: int | None = None,
    employer_id: int | None = None,
    subject: str = "",
    purpose: str = "",
    address: str = "",
) -> None:
    """Write one line of the centre's audit log; centre 0 is nobody's centre (supervisors, unknown names)."""
    with centre_scope(centre_id):
        who = (by.user_id, by.name) if by else (user_id, user_name)
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO access_audit (centre_id, at, user_id, user_name, kind, person_id, employer_id, subject, purpose, address)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
                [centre_id, at, *who, kind, person_id, employer_id, subject[:200], purpose[:200], address[:64]],
            )


@dataclass(frozen=True, slots=True)
class Sealed:
    """A day's batch of the audit and command logs."""

    sealed_on: date
    rows: int
    digest: str


@command("access.seal")
def seal_audit(*, by: Actor, centre_id: int, on: date, at: datetime, key: str) -> Decision[Sealed]:
    """封存: everything logged since the last seal goes into one digest, chained to the one before.

    Waits    until transactions that may still add an earlier row have ended
    Refuses  SEALED_LATER, SEAL_BUSY
    Again    a day is sealed once; the same key gives the first answer
    """
    last = Seal.objects.filter(centre_id=centre_id).order_by("-sealed_on").first()
    if last is not None and last.sealed_on >= on:
        return Decision.refused(
            [Reason("SEALED_LATER", f"审计日志已封存至{last.sealed_on}，不能再封存{on}，请选择其后的日期。", "个人信息保护法/54")]
        )
    after = (last.audit_through, last.command_through) if last else (0, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT coalesce(max(id), 0) FROM access_audit WHERE centre_id = %s AND id > %s),
                      (SELECT coalesce(max(seq), 0) FROM db_command WHERE centre_id = %s AND seq > %s)""",
            [centre_id, after[0], centre_id, after[1]],
        )
        audit_through, command_through = cursor.fetchone()
        if not _others_have_ended(cursor):
            return Decision.refused(
                [Reason("SEAL_BUSY", f"等待{_SETTLE_SECONDS_MAX}秒后仍有未结束的业务，暂不能封存，请稍后重试。", "个人信息保护法/54")]
            )
        rows = sealed_rows(cursor, centre_id, (after[0], audit_through), (after[1], command_through))
    digest, count = seal_digest(last.digest if last else START_OF_CHAIN, rows)
    Seal.objects.create(
        centre_id=centre_id,
        sealed_on=on,
        audit_after=after[0],
        audit_through=max(audit_through, after[0]),
        command_after=after[1],
        command_through=max(command_through, after[1]),
        rows=count,
        previous_digest=last.digest if last else START_OF_CHAIN,
        digest=digest,
        sealed_at=at,
    )
    return Decision.approved(Sealed(on, count, digest))


_WRITING = """SELECT array_agg(virtualtransaction) FROM pg_locks WHERE locktype = 'relation' AND granted AND mode = 'RowExclusiveLock'
    AND relation IN ('db_command'::regclass, 'access_audit'::regclass) AND pid <> pg_backend_pid()"""


def _others_have_ended(cursor: object) -> bool:
    """Whether every transaction that was writing into the two logs when we looked has ended, ours aside.

    A row gets its number while its writer holds the table's row lock, so one that began later has a later number.
    """
    run = cursor.execute  # type: ignore[attr-defined]
    run(_WRITING)
    waited_for = set(cursor.fetchone()[0] or ())  # type: ignore[attr-defined]
    deadline, pause = time.monotonic() + _SETTLE_SECONDS_MAX, _FIRST_PAUSE
    while waited_for:
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
        run(_WRITING)
        waited_for &= set(cursor.fetchone()[0] or ())  # type: ignore[attr-defined]
    return True
