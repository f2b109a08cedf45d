"""开通网上业务: at the counter a member or a unit's operator gets a code, and with it sets a password of her own.

Whoever stands at the counter has been identified by a clerk; what is handed over is a slip with a code that is good for some
days, for one use and for few tries. No clerk ever knows a password. Every slip is in the audit log and among what the member
sees of who looked at her data. Source: GB/T 22239-2019/8.1.4.1 (身份鉴别).
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from hpf.access import rules
from hpf.access.models import Activation, Appointment, User
from hpf.access.services.appointments import Registered
from hpf.access.services.audit import record
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason

_ROLES = {"MEMBER": "MEMBER", "EMPLOYER": "EMPLOYER_OPERATOR"}
_NOBODY = make_password(None)
_LAW = "GB/T 22239-2019/8.1.4.1"
_WRONG = Reason(
    "ACTIVATION_WRONG", f"登录名或开通码不正确，请对照开通单重新输入；输错{rules.ACTIVATION_TRIES}次开通码作废，须到柜面重新领取。", _LAW
)


@command("access.open_online")
def open_online(
    *, by: Actor, centre_id: int, login: str, name: str, audience: str, secret: str, at: datetime, key: str,
    person_id: int | None = None, employer_id: int | None = None,
) -> Decision[Registered]:  # fmt: skip
    """发放开通码 to a member (`person_id`) or to the operator of a unit (`employer_id`), whether she has a login already or not.

    `secret` is the code. A password that stands stays good until the code is used; an earlier code ends.
    Locks    the user's row
    Writes   the user without a password when there is none, the appointment at this centre, the code
    Refuses  LOGIN_TAKEN, USER_STOPPED
    """
    defaults = {"name": name, "audience": audience, "password": make_password(None), "password_changed_at": None}
    made, _ = User.objects.get_or_create(login=login, defaults=defaults)
    user = User.objects.select_for_update().get(id=made.id)
    if user.audience != audience:
        return Decision.refused([Reason("LOGIN_TAKEN", f"登录名已被{user.name}使用，请更换登录名。")])
    if not user.active:
        return Decision.refused([Reason("USER_STOPPED", f"{user.name}的登录已停用，请先由系统管理员启用。", _LAW)])
    Appointment.objects.get_or_create(
        centre_id=centre_id, user=user, role_id=_ROLES[audience], employer_id=employer_id, person_id=person_id, ended_at=None,
        defaults={"appointed_by": by.name, "appointed_at": at},
    )  # fmt: skip
    Activation.objects.filter(user=user, ended_at=None).update(ended_at=at)
    Activation.objects.create(
        user=user, code=make_password(secret), valid_until=at + rules.ACTIVATION_VALID, issued_by=by.name, issued_at=at
    )
    record(centre_id, kind="APPOINT", at=at, by=by, person_id=person_id, employer_id=employer_id, subject=f"为{name}发放网上业务开通码")
    return Decision.approved(Registered(user.id, login))


def activate(*, login: str, code: str, password: str, at: datetime, address: str = "") -> Decision[Registered]:
    """Set a password by a code from the counter; whoever was locked out by wrong passwords is let in again.

    Locks    the user's row, so that tries are counted one by one
    Refuses  ACTIVATION_WRONG (an unknown name costs as much time), ACTIVATION_OVER, weak passwords, which do not count as a try
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(login=login).first()
        given = Activation.objects.filter(user=user, ended_at=None).first() if user is not None and user.active else None
        if user is None or given is None or given.failures >= rules.ACTIVATION_TRIES:
            check_password(code, _NOBODY)
            make_password(code)
            record(0, kind="SIGN_IN_REFUSED", at=at, subject="没有可用的开通码", address=address)
            return Decision.refused([_WRONG])
        if not check_password(code, given.code):
            given.failures += 1
            given.save(update_fields=["failures"])
            _note(user, "SIGN_IN_REFUSED", at, address, f"开通码输错{given.failures}次")
            return Decision.refused([_WRONG])
        reasons = rules.check_activation(given.valid_until, at)
        reasons = reasons or rules.check_password(
            password, login="" if login.startswith("member:") else login, name=user.name, audience=user.audience
        )
        if reasons:
            return Decision.refused(reasons)
        user.password, user.password_changed_at, user.failures, user.locked_until = make_password(password), at, 0, None
        user.save(update_fields=["password", "password_changed_at", "failures", "locked_until"])
        given.ended_at = at
        given.save(update_fields=["ended_at"])
        _note(user, "PASSWORD", at, address, "凭开通码设置密码")
        return Decision.approved(Registered(user.id, login))


def _note(user: User, kind: str, at: datetime, address: str, subject: str) -> None:
    for centre_id in set(Appointment.objects.filter(user=user, ended_at=None).values_list("centre_id", flat=True)) or {0}:
        record(centre_id, kind=kind, at=at, user_id=str(user.id), user_name=user.name, subject=subject, address=address)
