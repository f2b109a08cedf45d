"""角色: who works in a centre, and the words they sign in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from demo.province import published
from hpf.access import queries
from hpf.access.services import appointments as access
from hpf.kernel.actor import EVERY_PERMISSION, Actor

ZONE = ZoneInfo("Asia/Shanghai")
STAFF = (
    ("clerk", "COUNTER_CLERK", "柜员"),
    ("checker", "CHECKER", "复核"),
    ("accountant", "ACCOUNTANT", "会计"),
    ("director", "DIRECTOR", "主任"),
    ("head", "SECTION_HEAD", "科室负责人"),
    ("sysadmin", "SYSTEM_ADMIN", "系统管理员"),
    ("secadmin", "SECURITY_ADMIN", "安全管理员"),
    ("auditor", "AUDIT_ADMIN", "审计管理员"),
    ("court", "COURT_OFFICER", "司法查控"),
    ("court2", "COURT_OFFICER", "司法查控复核"),
)


def moment(day: date, hour: int = 9, minute: int = 30) -> datetime:
    """A moment of a demo day. What happens at once is told apart by the commands' own record."""
    return datetime.combine(day, time(hour, minute), ZONE)


@dataclass(frozen=True, slots=True)
class Cast:
    """The people who act in one centre. In the demo each may do everything; who did what stays told apart."""

    centre_id: int
    clerk: Actor
    checker: Actor
    accountant: Actor
    director: Actor
    system: Actor

    def employer(self, user_id: str, name: str) -> Actor:
        return Actor(user_id, name, frozenset({self.centre_id}), frozenset({EVERY_PERMISSION}), "EMPLOYER")


def login_of(kind: str, centre_code: str) -> str:
    return f"{kind}.{centre_code}"


def hire_staff(centre_id: int, code: str, short_name: str, password: str, secret: str, at: datetime) -> Cast:
    """Register the centre's staff, give them their roles, and say who they are."""
    system = Actor.system(centre_id, "演示")
    users = tuple(
        access.NewUser(login_of(kind, code), f"{short_name}{label}", "STAFF", role, second_factor_secret=secret)
        for kind, role, label in STAFF
    )
    access.register_users(by=system, centre_id=centre_id, users=users, password=password, at=at, key=f"demo:staff:{centre_id}")
    return cast_of(centre_id)


def cast_of(centre_id: int) -> Cast:
    """The staff of a centre that has been founded."""
    centre = next(centre for centre in published.centres() if centre.centre_id == centre_id)
    people = {}
    for kind, _, label in STAFF[:4]:
        user_id = queries.user_id_of(login_of(kind, centre.code))
        people[kind] = Actor(str(user_id), f"{centre.short_name}{label}", frozenset({centre_id}), frozenset({EVERY_PERMISSION}))
    return Cast(centre_id, people["clerk"], people["checker"], people["accountant"], people["director"], Actor.system(centre_id, "日终"))


PLAN_OFFICE = "planoffice"
PROVINCE = 0


def hire_plan_office(password: str, secret: str, at: datetime) -> None:
    """省厅台账管理: one officer, appointed at the province, who works in every centre."""
    one = (access.NewUser(PLAN_OFFICE, "省厅台账管理", "SUPERVISOR", "PLAN_OFFICE", second_factor_secret=secret),)
    access.register_users(by=Actor.system(PROVINCE, "演示"), centre_id=PROVINCE, users=one, password=password, at=at, key="demo:planoffice")


def acting(login: str, centre_id: int) -> Actor:
    """Somebody with just the permissions that the posts give, as when signed in."""
    view = queries.user(queries.user_id_of(login) or 0)
    if view is None:
        raise LookupError(f"no user {login}")
    return queries.actor(view, centre_id)


def hire_supervisors(password: str, secret: str) -> None:
    """The province's supervisor sees all centres: one appointment in each."""
    from hpf.parties import queries as parties

    one = (access.NewUser("supervisor", "省级监管", "SUPERVISOR", "SUPERVISOR", second_factor_secret=secret),)
    for centre in parties.centres():
        access.register_users(
            by=Actor.system(centre.centre_id, "演示"), centre_id=centre.centre_id, users=one, password=password, at=datetime.now(UTC),
            key=f"demo:supervisor:{centre.centre_id}",
        )  # fmt: skip
