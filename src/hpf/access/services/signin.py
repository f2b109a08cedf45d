"""登录: password first, then for staff the second factor; every attempt leaves a line in the audit log."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from hpf.access import rules
from hpf.access.models import Appointment, User
from hpf.access.services.audit import record
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason

_NOBODY = make_password(None)
_WRONG = Reason("SIGN_IN_WRONG", "登录名或密码不正确，请核对后重试；连续5次失败将锁定15分钟。", "GB/T 22239-2019/8.1.4.1")
_CODE_WRONG = Reason("CODE_WRONG", "动态口令不正确或已使用过，请等待口令更新后重新输入。", "GB/T 22239-2019/8.1.4.1")


@dataclass(frozen=True, slots=True)
class FirstFactor:
    """A password was right. When `second_factor` is set the session begins only after a code."""

    user_id: int
    second_factor: bool


def first_factor(*, login: str, password: str, at: datetime, address: str = "") -> Decision[FirstFactor]:
    """Check a password.

    Locks    the user's row, so that failures are counted one by one
    Refuses  USER_STOPPED, USER_LOCKED, SIGN_IN_WRONG; an unknown name costs as much time as a wrong password
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(login=login).first()
        if user is None:
            check_password(password, _NOBODY)
            _spend(password)
            record(0, kind="SIGN_IN_REFUSED", at=at, subject="不存在的登录名", address=address)
            return Decision.refused([_WRONG])
        reasons = rules.check_sign_in(rules.SignIn(user.active, user.failures, user.locked_until), at)
        if not reasons and not check_password(password, user.password):
            reasons = _failed(user, _WRONG, at)
        if reasons:
            _record_sign_in(user, "SIGN_IN_REFUSED", at, address, reasons[0].message)
            return Decision.refused(reasons)
        needs_code = user.second_factor_secret is not None
        if not needs_code:
            _begin(user, at, address)
        return Decision.approved(FirstFactor(user.id, needs_code))


def second_factor(*, user_id: int, code: str, at: datetime, address: str = "") -> Decision[FirstFactor]:
    """Check a time-based code. A code is good for its half minute and one to either side, and only once."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=user_id)
        reasons = rules.check_sign_in(rules.SignIn(user.active, user.failures, user.locked_until), at)
        step = None if reasons else _matching_step(user, code.strip(), at)
        if not reasons and step is None:
            reasons = _failed(user, _CODE_WRONG, at)
        if reasons:
            _record_sign_in(user, "SIGN_IN_REFUSED", at, address, reasons[0].message)
            return Decision.refused(reasons)
        user.second_factor_step = step
        _begin(user, at, address)
        return Decision.approved(FirstFactor(user.id, True))


def signed_out(*, user_id: int, at: datetime, address: str = "") -> None:
    user = User.objects.filter(id=user_id).first()
    if user is not None:
        _record_sign_in(user, "SIGN_OUT", at, address, "")


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A lock was taken off."""

    user_id: int


@command("access.appoint")
def unlock(*, by: Actor, centre_id: int, user_id: int, at: datetime, key: str) -> Unlocked:
    """Take the lock off a user of this centre."""
    User.objects.filter(id__in=Appointment.objects.filter(centre_id=centre_id, user_id=user_id).values("user_id")).update(
        failures=0, locked_until=None
    )
    return Unlocked(user_id)


def totp_now(secret: str, at: datetime) -> str:
    """The code an authenticator shows at `at`: for the demo's command line and for tests."""
    return str(pyotp.TOTP(secret).at(at))


def totp_uri(secret: str, login: str) -> str:
    """What the QR code of a new second factor holds."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="陇金"))


def _matching_step(user: User, code: str, at: datetime) -> int | None:
    now = rules.second_factor_step(at)
    totp = pyotp.TOTP(user.second_factor_secret or "")
    for step in (now, now - 1, now + 1):
        if step > user.second_factor_step and hmac.compare_digest(totp.at(step * 30), code):
            return step
    return None


def _failed(user: User, reason: Reason, at: datetime) -> tuple[Reason, ...]:
    user.failures, user.locked_until = rules.advance_failures(user.failures, at)
    user.save(update_fields=["failures", "locked_until"])
    if user.locked_until is not None:
        return rules.check_sign_in(rules.SignIn(user.active, user.failures, user.locked_until), at)
    return (reason,)


def _begin(user: User, at: datetime, address: str) -> None:
    user.failures, user.locked_until, user.last_login = 0, None, at
    user.save(update_fields=["failures", "locked_until", "last_login", "second_factor_step"])
    _record_sign_in(user, "SIGN_IN", at, address, "")


def _record_sign_in(user: User, kind: str, at: datetime, address: str, note: str) -> None:
    """In each centre the user works in, so that each centre's log stands alone."""
    centres = Appointment.objects.filter(user=user, ended_at=None).values_list("centre_id", flat=True).distinct()
    for centre_id in list(centres) or [0]:
        record(centre_id, kind=kind, at=at, user_id=str(user.id), user_name=user.name, subject="登录", purpose=note, address=address)


def _spend(password: str) -> None:
    make_password(password)
