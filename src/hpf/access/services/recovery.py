"""忘记密码、丢失验证器: two administrators hold one half each, so that neither can enter as somebody else.

The system administrator gives a new second factor, the security administrator a new password, which ends the user's
sessions. Either is in the audit log. Source of the separation: GB/T 22239-2019/8.1.7.2 (三员分立).
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password

from hpf.access import rules
from hpf.access.models import Appointment, User
from hpf.access.services.appointments import Registered
from hpf.access.services.audit import record
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason

_SEPARATION = "GB/T 22239-2019/8.1.7.2"


@command("access.users")
def renew_second_factor(
    *, by: Actor, centre_id: int, user_id: int, second_factor_secret: str, at: datetime, key: str
) -> Decision[Registered]:
    """重新绑定动态口令: codes of the old authenticator no longer count.

    Locks    the user's row
    Refuses  OWN_RECOVERY, USER_OF_OTHER_CENTRE, NO_SECOND_FACTOR
    """
    user, reasons = _locked(centre_id, user_id, by, "动态口令", "系统管理员")
    if not reasons and user.second_factor_secret is None:
        reasons = [Reason("NO_SECOND_FACTOR", f"{user.name}登录不使用动态口令，无需重新绑定。")]
    if reasons:
        return Decision.refused(reasons)
    user.second_factor_secret, user.second_factor_step = second_factor_secret, 0
    user.save(update_fields=["second_factor_secret", "second_factor_step"])
    record(centre_id, kind="PASSWORD", at=at, by=by, subject=f"为{user.name}重新绑定动态口令")
    return Decision.approved(Registered(user.id, user.login))


@command("access.appoint")
def reset_password(*, by: Actor, centre_id: int, user_id: int, password: str, at: datetime, key: str) -> Decision[Registered]:
    """重置密码 of somebody who forgot it; every session of the user ends, a lock is lifted.

    Locks    the user's row
    Refuses  OWN_RECOVERY, USER_OF_OTHER_CENTRE, weak passwords
    """
    user, reasons = _locked(centre_id, user_id, by, "密码", "安全管理员")
    reasons = reasons or rules.check_password(password, login=user.login, name=user.name, audience=user.audience)
    if reasons:
        return Decision.refused(reasons)
    user.password, user.password_changed_at, user.failures, user.locked_until = make_password(password), at, 0, None
    user.save(update_fields=["password", "password_changed_at", "failures", "locked_until"])
    record(centre_id, kind="PASSWORD", at=at, by=by, subject=f"为{user.name}重置密码")
    return Decision.approved(Registered(user.id, user.login))


def _locked(centre_id: int, user_id: int, by: Actor, what: str, who: str) -> tuple[User, list[Reason]]:
    """The user's row, locked, and what stands against touching it: one's own, or nobody's of this centre."""
    user = User.objects.select_for_update().get(id=user_id)
    if str(user_id) == by.user_id:
        return user, [Reason("OWN_RECOVERY", f"不得为本人重置{what}，请由其他{who}办理。", _SEPARATION)]
    if not Appointment.objects.filter(centre_id=centre_id, user=user, ended_at=None).exists():
        return user, [Reason("USER_OF_OTHER_CENTRE", f"{user.name}在本中心没有岗位，请由其任职中心的管理员办理。", _SEPARATION)]
    return user, []
