"""Sign-in, passwords, appointments, maker and checker, the chain of the audit log."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from hpf.kernel.decision import Reason, cites

FAILURES_MAX = 5
LOCKED_FOR = timedelta(minutes=15)
IDLE_MAX = {
    "STAFF": timedelta(minutes=30),
    "EMPLOYER": timedelta(minutes=30),
    "MEMBER": timedelta(minutes=20),
    "SUPERVISOR": timedelta(minutes=60),
}
SESSION_MAX = timedelta(hours=12)
PASSWORD_LENGTH_MIN = 10
PASSWORD_AGE_MAX = timedelta(days=90)


class Audience(StrEnum):
    STAFF = "STAFF"
    EMPLOYER = "EMPLOYER"
    MEMBER = "MEMBER"
    SUPERVISOR = "SUPERVISOR"


AUDIENCE_LABELS = {
    Audience.STAFF: "中心人员",
    Audience.EMPLOYER: "单位经办",
    Audience.MEMBER: "缴存人",
    Audience.SUPERVISOR: "监管人员",
}


class AuditKind(StrEnum):
    SIGN_IN = "SIGN_IN"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
    SIGN_OUT = "SIGN_OUT"
    VIEW = "VIEW"
    UNMASK = "UNMASK"
    EXPORT = "EXPORT"
    PASSWORD = "PASSWORD"  # noqa: S105 - the code of an act, not a secret
    APPOINT = "APPOINT"
    REFUSED = "REFUSED"
    ASK = "ASK"


AUDIT_LABELS = {
    AuditKind.SIGN_IN: "登录",
    AuditKind.SIGN_IN_REFUSED: "登录失败",
    AuditKind.SIGN_OUT: "退出",
    AuditKind.VIEW: "查看",
    AuditKind.UNMASK: "查看明文",
    AuditKind.EXPORT: "导出",
    AuditKind.PASSWORD: "修改密码",
    AuditKind.APPOINT: "任用",
    AuditKind.REFUSED: "越权被拒",
    AuditKind.ASK: "发起作业",
}


class SubmissionState(StrEnum):
    WAITING = "WAITING"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
    REFUSED = "REFUSED"


SUBMISSION_LABELS = {
    SubmissionState.WAITING: "待复核",
    SubmissionState.APPROVED: "已通过",
    SubmissionState.RETURNED: "已退回",
    SubmissionState.REFUSED: "未获通过",
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """What is known of a user before the password is looked at."""

    active: bool
    failures: int
    locked_until: datetime | None


@cites("GB/T 22239-2019/8.1.4.1")
def check_sign_in(user: SignIn, at: datetime) -> tuple[Reason, ...]:
    """Why this user may not even try now: stopped, or locked after too many failures."""
    if not user.active:
        return (Reason("USER_STOPPED", "该用户已停用，请联系本中心安全管理员办理启用。", "GB/T 22239-2019/8.1.4.1"),)
    if user.locked_until is not None and at < user.locked_until:
        minutes = -(-int((user.locked_until - at).total_seconds()) // 60)
        return (
            Reason(
                "USER_LOCKED",
                f"连续{FAILURES_MAX}次登录失败，已锁定，请{minutes}分钟后再试，或联系安全管理员解锁。",
                "GB/T 22239-2019/8.1.4.1",
            ),
        )
    return ()


def advance_failures(failures: int, at: datetime) -> tuple[int, datetime | None]:
    """After one more failure: the new count, and until when the user is locked."""
    failures += 1
    if failures >= FAILURES_MAX:
        return 0, at + LOCKED_FOR
    return failures, None


def session_over(audience: str, began_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Whether a session has been idle, or has lasted, too long."""
    return at - seen_at > IDLE_MAX.get(audience, IDLE_MAX["STAFF"]) or at - began_at > SESSION_MAX


@cites("GB/T 22239-2019/8.1.4.1")
def check_password(password: str, *, login: str = "", name: str = "", audience: str = "STAFF") -> tuple[Reason, ...]:
    """Long enough, of three kinds of characters (members: two), and not made of the user's own name."""
    law = "GB/T 22239-2019/8.1.4.1"
    reasons = []
    if len(password) < PASSWORD_LENGTH_MIN:
        reasons.append(Reason("PASSWORD_SHORT", f"密码只有{len(password)}位，少于{PASSWORD_LENGTH_MIN}位，请加长。", law))
    kinds = sum(
        any(test(letter) for letter in password) for test in (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    )
    kinds_min = 2 if audience == Audience.MEMBER else 3
    if kinds < kinds_min:
        reasons.append(Reason("PASSWORD_SIMPLE", f"密码只含{kinds}类字符，须至少含大写字母、小写字母、数字、符号中的{kinds_min}类。", law))
    lowered = password.lower()
    if any(len(part) >= 2 and part.lower() in lowered for part in (login, name)):
        reasons.append(Reason("PASSWORD_OWN_NAME", "密码含有登录名或姓名，请更换。", law))
    if len(set(password)) < 5:
        reasons.append(Reason("PASSWORD_REPEATS", f"密码只用了{len(set(password))}个不同字符，至少5个，请更换。", law))
    return tuple(reasons)


ACTIVATION_VALID = timedelta(days=7)
ACTIVATION_TRIES = 5
"""Eight letters and figures out of 31: one code of 850 thousand million is not found in five tries within a week."""


def check_activation(valid_until: datetime, at: datetime) -> tuple[Reason, ...]:
    """Whether a code from the counter is still good: until the moment that its slip names."""
    if at < valid_until:
        return ()
    message = f"开通码已于{valid_until.astimezone(at.tzinfo):%Y年%m月%d日}到期，请持身份证件到柜面重新领取。"
    return (Reason("ACTIVATION_OVER", message, "GB/T 22239-2019/8.1.4.1"),)


def password_due(changed_at: datetime | None, at: datetime) -> bool:
    """Whether a staff password is so old that it must be changed first."""
    return changed_at is None or at - changed_at > PASSWORD_AGE_MAX


@cites("GB/T 22239-2019/8.1.7.2")
def check_appointment(held: Mapping[str, str | None], role: str, group: str | None) -> tuple[Reason, ...]:
    """Whether a user who holds `held` (role label -> exclusive group) may also be given `role`.

    Administrators of one group exclude each other, and an administrator does no business of the fund.
    """
    reasons = []
    for label, held_group in held.items():
        if label == role:
            continue
        if group and held_group and group == held_group:
            reasons.append(
                Reason(
                    "ROLES_EXCLUDE",
                    f"已任“{label}”，不得兼任“{role}”：系统、安全、审计三员互斥，请先免去原岗位。",
                    "GB/T 22239-2019/8.1.7.2",
                )
            )
        elif bool(group) != bool(held_group):
            reasons.append(
                Reason(
                    "ADMINISTRATOR_NO_BUSINESS",
                    f"已任“{label}”，不得兼任“{role}”：管理员不办理业务，请另行指定人员。",
                    "GB/T 22239-2019/8.1.7.2",
                )
            )
    return tuple(reasons)


@cites("财会字〔1999〕33号/总说明")
def check_checker(maker_id: str, checker_id: str) -> tuple[Reason, ...]:
    """The checker is somebody else than the maker."""
    if maker_id == checker_id:
        return (Reason("MAKER_IS_CHECKER", "本笔由您本人经办，不得自行复核，请交其他复核人员处理。", "财会字〔1999〕33号/总说明"),)
    return ()


def second_factor_step(at: datetime) -> int:
    """The half minute a TOTP code belongs to (RFC 6238); a code is accepted once."""
    return int(at.timestamp()) // 30


CALL_CLOCK_TOLERANCE = timedelta(minutes=5)


def call_signature(secret: str, *, client_no: str, epoch: str, nonce: str, method: str, path: str, body: bytes) -> str:
    """接口签名: HMAC-SHA256 over who, when, which call, where and what. `path` includes the query string as sent."""
    covered = "\n".join((client_no, epoch, nonce, method.upper(), path, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), covered.encode(), hashlib.sha256).hexdigest()


def check_call(
    secret: str, signature: str, *, client_no: str, epoch: str, nonce: str, method: str, path: str, body: bytes, at: datetime
) -> tuple[Reason, ...]:
    """Whether a call is what its client signed, and signed just now."""
    expected = call_signature(secret, client_no=client_no, epoch=epoch, nonce=nonce, method=method, path=path, body=body)
    if not hmac.compare_digest(expected, signature.lower()):
        return (Reason("SIGNATURE_WRONG", "签名不符，请按接口说明以客户密钥对客户编号、时间、编号、方法、路径和报文摘要签名。"),)
    if not epoch.isdigit() or abs(at.timestamp() - int(epoch)) > CALL_CLOCK_TOLERANCE.total_seconds():
        return (Reason("CALL_TOO_OLD", f"请求时间与本机相差超过{CALL_CLOCK_TOLERANCE.seconds // 60}分钟，请校准时钟后重新签名。"),)
    if not 16 <= len(nonce) <= 64:
        return (Reason("NONCE_WRONG", f"一次性编号为{len(nonce)}位，应为16至64位，请重新生成。"),)
    return ()


START_OF_CHAIN = "0" * 64


def seal_digest(previous: str, rows: Iterable[Sequence[Any]]) -> tuple[str, int]:
    """The digest of one centre's day: each row's canonical form chained to the digest before it.

    One changed, missing or added row changes this digest and every later one.
    """
    digest, count = previous, 0
    for row in rows:
        text = json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        digest = hashlib.sha256(f"{digest}\n{text}".encode()).hexdigest()
        count += 1
    return digest, count


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str, dict, list)):
        return value
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return str(value)
