"""Who is signed in and what they may do; the audit log; the queue of makers and checkers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hpf.access.models import Client, Seal, Submission, User
from hpf.access.rules import START_OF_CHAIN, Audience, SubmissionState, seal_digest
from hpf.db.arrays import array
from hpf.db.crypto import blind_index
from hpf.db.paging import page_of
from hpf.kernel.actor import Actor

CHANNELS = {"STAFF": "COUNTER", "EMPLOYER": "EMPLOYER_WEB", "MEMBER": "MEMBER_WEB", "SUPERVISOR": "SUPERVISOR_WEB"}


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """One role of a user: where, and for whom."""

    appointment_id: int
    role: str
    label: str
    audience: str
    centre_id: int
    employer_id: int | None
    person_id: int | None
    permissions: frozenset[str]

    @property
    def is_of_province(self) -> bool:
        """省级监管人员: appointed at centre 0, which is no centre but the province."""
        return self.centre_id == 0 and self.audience == Audience.SUPERVISOR


@dataclass(frozen=True, slots=True)
class UserView:
    """A user as the pages need it: read in one query per request."""

    user_id: int
    name: str
    audience: str
    active: bool
    second_factor: bool
    password_changed_at: datetime | None
    last_login: datetime | None
    appointments: tuple[AppointmentView, ...]

    @property
    def stamp(self) -> str:
        """Changes when the password changes, and ends every older session."""
        return self.password_changed_at.isoformat() if self.password_changed_at else ""

    def at_centre(self, centre_id: int) -> tuple[AppointmentView, ...]:
        """The posts held in this very centre: what its own administrators appoint to and dismiss from."""
        return tuple(view for view in self.appointments if view.centre_id == centre_id)

    def counting_at(self, centre_id: int) -> tuple[AppointmentView, ...]:
        """The posts that count in this centre: its own, and those of the province, which count in every centre."""
        return tuple(view for view in self.appointments if view.centre_id == centre_id or view.is_of_province)

    def permissions(self, centre_id: int) -> frozenset[str]:
        return frozenset().union(*(view.permissions for view in self.counting_at(centre_id)))


def user(user_id: int) -> UserView | None:
    """The user with appointments and permissions; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.id, u.name, u.audience, u.active, u.second_factor_secret IS NOT NULL, u.password_changed_at, u.last_login,
                   a.id, a.role_id, r.label, r.audience, a.centre_id, a.employer_id, a.person_id,
                   (SELECT string_agg(g.permission_id, ' ') FROM access_grant g WHERE g.role_id = a.role_id)
            FROM access_user u
            LEFT JOIN access_appointment a ON a.user_id = u.id AND a.ended_at IS NULL
            LEFT JOIN access_role r ON r.code = a.role_id
            WHERE u.id = %s ORDER BY a.centre_id, a.id
            """,
            [user_id],
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    # Permissions as one text: an array of eighty would be taken apart name by name, and that for every page.
    held = tuple(AppointmentView(*row[7:14], frozenset((row[14] or "").split())) for row in rows if row[7] is not None)
    return UserView(*rows[0][:7], held)


def actor(view: UserView, centre_id: int) -> Actor:
    """The user as somebody who gives commands in one centre. An officer of the province does so in every centre."""
    return Actor(
        user_id=str(view.user_id),
        name=view.name,
        centre_ids=frozenset({centre_id} if view.counting_at(centre_id) else ()),
        permissions=view.permissions(centre_id),
        channel=CHANNELS[view.audience],
    )


def member_login(id_number: str) -> str:
    """What stands in the login column for a member: the blind index of the ID number."""
    return "member:" + blind_index("access.login", id_number.strip().upper()).hex()


def names(user_ids: Iterable[str]) -> dict[str, str]:
    """The names behind what commands wrote down as their givers; one query. What is no user's number reads as itself."""
    asked = set(user_ids)
    numbers = [int(each) for each in asked if each.isdigit()]
    found: dict[int, str] = {}
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, name FROM access_user WHERE id = ANY(%s::bigint[])", [array(numbers)])
            found = dict(cursor.fetchall())
    return {each: found.get(int(each), "已注销用户") if each.isdigit() else each.rpartition(":")[2] for each in asked if each}


def user_id_of(login: str) -> int | None:
    return User.objects.filter(login=login).values_list("id", flat=True).first()


@dataclass(frozen=True, slots=True)
class UserLine:
    """A user in the list the administrators see."""

    user_id: int
    login: str
    name: str
    active: bool
    second_factor: bool
    locked_until: datetime | None
    last_login: datetime | None
    roles: str


def users(centre_id: int) -> list[UserLine]:
    """Everybody but members who holds a post in the centre, with the posts, and first those who wait for one.

    A user without a post waits everywhere, except where another centre has appointed before: then only there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.id, u.login, u.name, u.active, u.second_factor_secret IS NOT NULL, u.locked_until, u.last_login,
                   COALESCE(string_agg(r.label, '、' ORDER BY a.id), '')
            FROM access_user u
            LEFT JOIN access_appointment a ON a.user_id = u.id AND a.ended_at IS NULL AND a.centre_id = %(centre)s
            LEFT JOIN access_role r ON r.code = a.role_id
            WHERE u.audience <> 'MEMBER' AND (a.id IS NOT NULL OR NOT EXISTS (
                SELECT FROM access_appointment o WHERE o.user_id = u.id AND (o.ended_at IS NULL OR o.centre_id <> %(centre)s)))
            GROUP BY u.id ORDER BY count(a.id) > 0, u.audience DESC, u.id
            """,
            {"centre": centre_id},
        )
        return [UserLine(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody who works in a centre, with the posts held there."""

    user_id: int
    name: str
    roles: str


def staff(centre_id: int) -> list[StaffLine]:
    """The centre's own people in the order of their numbers; operators of units are not among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.id, u.name, string_agg(r.label, '、' ORDER BY a.id)
            FROM access_appointment a JOIN access_user u ON u.id = a.user_id JOIN access_role r ON r.code = a.role_id
            WHERE a.centre_id = %s AND a.ended_at IS NULL AND u.active AND u.audience = 'STAFF' GROUP BY u.id ORDER BY u.id
            """,
            [centre_id],
        )
        return [StaffLine(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role with its permissions as labels."""

    code: str
    label: str
    audience: str
    exclusive_group: str | None
    duty: str
    permissions: tuple[tuple[str, str, str], ...]


def roles() -> list[RoleView]:
    """Every role with (business, permission label, code) of each permission; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.code, r.label, r.audience, r.exclusive_group, r.duty,
                   (SELECT json_agg(json_build_array(p.business, p.label, p.code) ORDER BY p.business, p.code)
                    FROM access_grant g JOIN access_permission p ON p.code = g.permission_id WHERE g.role_id = r.code)
            FROM access_role r ORDER BY r.audience DESC, r.exclusive_group NULLS FIRST, r.code
            """
        )
        return [RoleView(*row[:5], tuple(tuple(p) for p in _json(row[5]) or ())) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the audit log; commands appear beside views and sign-ins."""

    seq: int
    at: datetime
    user_name: str
    kind: str
    subject: str
    purpose: str
    address: str


_AUDIT_COLUMNS = "id, at, user_name, kind, subject, purpose, address"


def audit(
    centre_id: int, *, on: date | None = None, kind: str = "", text: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[AuditLine], int]:
    """A page of the centre's audit log, newest first, and how many lines there are in all."""
    where, values = ["centre_id = %s"], [centre_id]  # type: tuple[list[str], list[Any]]
    if on is not None:
        where.append("(at AT TIME ZONE 'Asia/Shanghai')::date = %s")
        values.append(on)
    if kind:
        where.append("kind = %s")
        values.append(kind)
    if text:
        where.append("(user_name = %s OR subject LIKE '%%' || %s || '%%')")
        values += [text, text]
    condition = " AND ".join(where)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_AUDIT_COLUMNS}, count(*) OVER () FROM access_audit WHERE {condition} ORDER BY id DESC LIMIT %s OFFSET %s",
            [*values, limit, offset],
        )
        rows = cursor.fetchall()
    return [AuditLine(*row[:7]) for row in rows], rows[0][7] if rows else 0


def who_looked(centre_id: int, person_id: int, limit: int = 100) -> list[AuditLine]:
    """Who looked at this person's data, when and for what: what the person may know (个人信息保护法第四十四条)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_AUDIT_COLUMNS} FROM access_audit WHERE centre_id = %s AND person_id = %s ORDER BY id DESC LIMIT %s",
            [centre_id, person_id, limit],
        )
        return [AuditLine(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One line of the command log: who did what, when, with which result."""

    seq: int
    recorded_at: datetime
    user_name: str
    command: str
    outcome: str
    channel: str
    key: str


def commands(centre_id: int, limit: int = 100, before: int | None = None) -> list[CommandLine]:
    """The newest lines of the centre's command log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, recorded_at, user_name, command, outcome, channel, key FROM db_command"
            " WHERE centre_id = %s AND (%s::bigint IS NULL OR seq < %s) ORDER BY seq DESC LIMIT %s",
            [centre_id, before, before, limit],
        )
        return [CommandLine(*row) for row in cursor.fetchall()]


AUDIT_ROWS = "SELECT id, centre_id, at, user_id, user_name, kind, person_id, employer_id, subject, purpose, address FROM access_audit"
COMMAND_ROWS = "SELECT seq, centre_id, key, command, encode(content, 'hex'), answer::text, outcome, user_id, user_name, channel, recorded_at FROM db_command"


def sealed_rows(cursor: Any, centre_id: int, audit: tuple[int, int], command: tuple[int, int]) -> Sequence[Any]:
    """The rows a seal covers, in their order: audit log first, then command log."""
    cursor.execute(f"{AUDIT_ROWS} WHERE centre_id = %s AND id > %s AND id <= %s ORDER BY id", [centre_id, *audit])
    rows = list(cursor.fetchall())
    cursor.execute(f"{COMMAND_ROWS} WHERE centre_id = %s AND seq > %s AND seq <= %s ORDER BY seq", [centre_id, *command])
    return rows + list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class AuditProof:
    """The answer of `verify_audit`: how much was sealed, and the first day that does not agree."""

    days: int
    rows: int
    ok: bool
    broken_on: date | None = None
    message: str = ""


def verify_audit(centre_id: int) -> AuditProof:
    """Recompute every sealed day of the centre from its rows."""
    previous, rows, days = START_OF_CHAIN, 0, 0
    with connection.cursor() as cursor:
        for seal in Seal.objects.filter(centre_id=centre_id).order_by("sealed_on"):
            covered = sealed_rows(cursor, centre_id, (seal.audit_after, seal.audit_through), (seal.command_after, seal.command_through))
            digest, count = seal_digest(previous, covered)
            if seal.previous_digest != previous or digest != seal.digest:
                message = f"{seal.sealed_on}封存的{seal.rows}行与现有{count}行不一致，审计日志或命令记录被改动，请立即报告审计管理员。"
                return AuditProof(days, rows, False, seal.sealed_on, message)
            previous, rows, days = digest, rows + count, days + 1
    return AuditProof(days, rows, True)


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """One piece of business between maker and checker."""

    submission_no: str
    action: str
    title: str
    subject: str
    person_id: int | None
    employer_id: int | None
    content: dict[str, Any]
    shown: list[list[str]]
    state: str
    maker_id: str
    maker_name: str
    made_at: datetime
    checker_name: str | None
    checked_at: datetime | None
    note: str


_SUBMISSION_FIELDS = list(SubmissionView.__slots__)


def submissions(centre_id: int, state: str = SubmissionState.WAITING, limit: int = 50, offset: int = 0) -> tuple[list[SubmissionView], int]:
    """The queue: oldest first while waiting, newest first afterwards."""
    chosen = Submission.objects.filter(centre_id=centre_id, state=state)
    order = "id" if state == SubmissionState.WAITING else "-id"
    rows, total = page_of(chosen.order_by(order).values(*_SUBMISSION_FIELDS), limit, offset)
    return [SubmissionView(**row) for row in rows], total


def waiting_submissions(centre_id: int, employer_id: int, actions: Sequence[str]) -> dict[str, SubmissionView]:
    """What waits for a checker about one unit, by kind of business: so that it is not prepared a second time."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_SUBMISSION_FIELDS)} FROM access_submission"
            " WHERE centre_id = %s AND employer_id = %s AND action = ANY(%s) AND state = 'WAITING' ORDER BY id DESC",
            [centre_id, employer_id, list(actions)],
        )
        rows = [SubmissionView(*row[:6], json.loads(row[6]), json.loads(row[7]), *row[8:]) for row in cursor.fetchall()]
    return {row.action: row for row in rows}


def submission(centre_id: int, submission_no: str) -> SubmissionView | None:
    row = Submission.objects.filter(centre_id=centre_id, submission_no=submission_no).values(*_SUBMISSION_FIELDS).first()
    return SubmissionView(**row) if row else None


@dataclass(frozen=True, slots=True)
class ClientView:
    """A machine client with its key, for checking signatures only."""

    client_id: int
    client_no: str
    name: str
    centre_id: int
    employer_id: int | None
    secret: str
    permissions: frozenset[str]
    calls_per_minute: int

    @property
    def actor(self) -> Actor:
        return Actor(f"client:{self.client_no}", self.name, frozenset({self.centre_id}), self.permissions, "API")


def client(client_no: str) -> ClientView | None:
    row = Client.objects.filter(client_no=client_no, active=True).first()
    if row is None:
        return None
    return ClientView(
        row.id, row.client_no, row.name, row.centre_id, row.employer_id, row.secret, frozenset(row.permissions), row.calls_per_minute
    )


def clients(centre_id: int) -> dict[str, str]:
    """The active machine clients of a centre that stand for no employer: number and name, by name."""
    return dict(
        Client.objects.filter(centre_id=centre_id, active=True, employer_id=None).order_by("name", "id").values_list("client_no", "name")
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
