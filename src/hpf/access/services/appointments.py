"""用户 岗位 任用: who exists, who is given which role, and who takes it away again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from hpf.access import rules
from hpf.access.models import Appointment, Client, Grant, Permission, Role, User
from hpf.access.services.audit import record
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason

ROLES_FILE = Path(__file__).resolve().parent.parent / "roles.yaml"


def load_roles() -> int:
    """Bring roles, permissions and grants to what roles.yaml says. Safe to run again; run as the schema's owner."""
    said = yaml.safe_load(ROLES_FILE.read_text(encoding="utf-8"))
    permissions = [
        Permission(code=code, label=label, business=business)
        for business, codes in said["permissions"].items()
        for code, label in codes.items()
    ]
    roles = [
        Role(code=code, label=role["label"], audience=role["audience"], exclusive_group=role.get("exclusive_group"), duty=role["duty"])
        for code, role in said["roles"].items()
    ]
    grants = [Grant(role_id=code, permission_id=held) for code, role in said["roles"].items() for held in role["permissions"]]
    with transaction.atomic(using="owner"):
        Permission.objects.using("owner").bulk_create(
            permissions, update_conflicts=True, unique_fields=["code"], update_fields=["label", "business"]
        )
        Role.objects.using("owner").bulk_create(
            roles, update_conflicts=True, unique_fields=["code"], update_fields=["label", "audience", "exclusive_group", "duty"]
        )
        Grant.objects.using("owner").all().delete()
        Grant.objects.using("owner").bulk_create(grants)
        Permission.objects.using("owner").exclude(code__in=[p.code for p in permissions]).delete()
    return len(grants)


@dataclass(frozen=True, slots=True)
class Registered:
    """A user now exists."""

    user_id: int
    login: str


@command("access.users")
def register_user(
    *,
    by: Actor,
    centre_id: int,
    login: str,
    name: str,
    audience: str,
    password: str,
    at: datetime,
    key: str,
    second_factor_secret: str | None = None,
) -> Decision[Registered]:
    """建立用户. Refuses LOGIN_TAKEN and weak passwords."""
    reasons = rules.check_password(password, login="" if login.startswith("member:") else login, name=name, audience=audience)
    if reasons:
        return Decision.refused(reasons)
    user, created = User.objects.get_or_create(
        login=login,
        defaults={
            "name": name,
            "audience": audience,
            "password": make_password(password),
            "password_changed_at": at,
            "second_factor_secret": second_factor_secret,
        },
    )
    if not created:
        return Decision.refused([Reason("LOGIN_TAKEN", f"登录名已被{user.name}使用，请更换登录名。")])
    return Decision.approved(Registered(user.id, login))


@dataclass(frozen=True, slots=True)
class NewUser:
    """One user of a bulk registration, with the role it begins in."""

    login: str
    name: str
    audience: str
    role: str
    employer_id: int | None = None
    person_id: int | None = None
    second_factor_secret: str | None = None


@dataclass(frozen=True, slots=True)
class RegisteredMany:
    """How many users were made."""

    count: int


@command("access.users")
def register_users(*, by: Actor, centre_id: int, users: tuple[NewUser, ...], password: str, at: datetime, key: str) -> RegisteredMany:
    """建立用户 in bulk with one first password, each in its role; three statements. Existing names are left as they are."""
    digest = make_password(password)
    User.objects.bulk_create(
        [
            User(
                login=new.login,
                name=new.name,
                audience=new.audience,
                password=digest,
                password_changed_at=at,
                second_factor_secret=new.second_factor_secret,
            )
            for new in users
        ],
        ignore_conflicts=True,
    )
    ids = dict(User.objects.filter(login__in=[new.login for new in users]).values_list("login", "id"))
    Appointment.objects.bulk_create(
        [
            Appointment(
                centre_id=centre_id,
                user_id=ids[new.login],
                role_id=new.role,
                employer_id=new.employer_id,
                person_id=new.person_id,
                appointed_by=by.name,
                appointed_at=at,
            )
            for new in users
        ],
        ignore_conflicts=True,
    )
    return RegisteredMany(len(users))


@dataclass(frozen=True, slots=True)
class Appointed:
    """A user has, or no longer has, a role."""

    user_id: int
    role: str


@command("access.appoint")
def appoint(
    *,
    by: Actor,
    centre_id: int,
    user_id: int,
    role: str,
    at: datetime,
    key: str,
    employer_id: int | None = None,
    person_id: int | None = None,
) -> Decision[Appointed]:
    """任用. Locks the user's row; refuses roles that exclude each other and an appointment of oneself."""
    user = User.objects.select_for_update().get(id=user_id)
    chosen = Role.objects.get(code=role)
    if str(user_id) == by.user_id:
        return Decision.refused([Reason("APPOINTS_SELF", "不得任用本人，请由其他安全管理员办理。", "GB/T 22239-2019/8.1.7.2")])
    if chosen.audience != user.audience:
        return Decision.refused(
            [
                Reason(
                    "ROLE_OF_OTHERS",
                    f"“{chosen.label}”只能由{rules.AUDIENCE_LABELS[rules.Audience(chosen.audience)]}担任，请选择其他岗位。",
                )
            ]
        )
    held = {a.role.label: a.role.exclusive_group for a in Appointment.objects.filter(user=user, ended_at=None).select_related("role")}
    reasons = rules.check_appointment(held, chosen.label, chosen.exclusive_group)
    if reasons:
        return Decision.refused(reasons)
    Appointment.objects.get_or_create(
        centre_id=centre_id,
        user=user,
        role=chosen,
        employer_id=employer_id,
        person_id=person_id,
        ended_at=None,
        defaults={"appointed_by": by.name, "appointed_at": at},
    )
    record(centre_id, kind="APPOINT", at=at, by=by, subject=f"{user.name}任{chosen.label}")
    return Decision.approved(Appointed(user_id, role))


@command("access.appoint")
def dismiss(*, by: Actor, centre_id: int, user_id: int, role: str, at: datetime, key: str) -> Appointed:
    """免去: the appointment ends now; its row stays."""
    Appointment.objects.filter(centre_id=centre_id, user_id=user_id, role_id=role, ended_at=None).update(ended_at=at)
    record(centre_id, kind="APPOINT", at=at, by=by, subject=f"免去用户{user_id}岗位{role}")
    return Appointed(user_id, role)


@dataclass(frozen=True, slots=True)
class ActiveSet:
    """A user was stopped or started."""

    user_id: int
    active: bool


@command("access.users")
def set_active(*, by: Actor, centre_id: int, user_id: int, active: bool, at: datetime, key: str) -> ActiveSet:
    """停用 or 启用 a user of this centre; a stopped user's sessions end with the next page."""
    User.objects.filter(id__in=Appointment.objects.filter(centre_id=centre_id, user_id=user_id).values("user_id")).update(active=active)
    return ActiveSet(user_id, active)


def change_password(*, user_id: int, old: str, new: str, at: datetime, centre_id: int, address: str = "") -> Decision[Registered]:
    """修改密码, by the user. Refuses a wrong old password, a weak new one, and the same again."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if not check_password(old, user.password):
            return Decision.refused([Reason("OLD_PASSWORD_WRONG", "原密码不正确，请重新输入。")])
        if old == new:
            return Decision.refused([Reason("PASSWORD_SAME", "新密码与原密码相同，请更换。")])
        own = "" if user.login.startswith("member:") else user.login
        reasons = rules.check_password(new, login=own, name=user.name, audience=user.audience)
        if reasons:
            return Decision.refused(reasons)
        user.password, user.password_changed_at = make_password(new), at
        user.save(update_fields=["password", "password_changed_at"])
        record(centre_id, kind="PASSWORD", at=at, user_id=str(user.id), user_name=user.name, subject="修改密码", address=address)
        return Decision.approved(Registered(user.id, user.login))


@dataclass(frozen=True, slots=True)
class ClientRegistered:
    """A machine client and its key, shown once. The stored answer keeps no key."""

    client_no: str


@command("access.users")
def register_client(
    *,
    by: Actor,
    centre_id: int,
    client_no: str,
    name: str,
    secret: str,
    permissions: tuple[str, ...],
    at: datetime,
    key: str,
    employer_id: int | None = None,
    calls_per_minute: int = 60,
) -> ClientRegistered:
    """登记机器客户: bound to one centre, to named services, to a quota."""
    Client.objects.update_or_create(
        client_no=client_no,
        defaults={
            "name": name,
            "centre_id": centre_id,
            "employer_id": employer_id,
            "secret": secret,
            "permissions": sorted(permissions),
            "calls_per_minute": calls_per_minute,
        },
    )
    return ClientRegistered(client_no)
