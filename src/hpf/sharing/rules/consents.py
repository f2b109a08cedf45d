"""授权: what a person allows: which services or fields, to whom, for which purpose and case, until when; and takes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hpf.kernel.decision import Reason, cites
from hpf.sharing.rules.catalogue import CATALOGUE, is_reference

OURSELVES = ""
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent. `recipient` is empty where the centre itself asks, else the client the person lets look.

    `scope` names services ("TITLES.title") for the centre, fields of our own record for a client. An empty `case_no`
    holds for every case of the purpose. In force from `given_at` to before `ends_at` or `withdrawn_at`.
    """

    consent_no: str
    subject: str
    recipient: str
    scope: tuple[str, ...]
    purpose: str
    case_no: str
    given_at: datetime
    ends_at: datetime
    withdrawn_at: datetime | None = None


@cites("个人信息保护法/14", "个人信息保护法/29")
def new_consent(
    *, subject: str, recipient: str, scope: Sequence[str], offered: Sequence[str], purpose: str, given_at: datetime, ends_at: datetime
) -> tuple[Reason, ...]:
    """What stands against recording a consent: nobody named, nothing named, something nobody offers, no purpose, no end."""
    reasons = []
    if not is_reference(subject):
        reasons.append(Reason("CONSENT_OF_NOBODY", "授权没有写明授权人，请由本人登录或持身份证件办理。", "个人信息保护法/14"))
    strange = sorted(set(scope) - set(offered))
    if not scope or strange:
        named = "、".join(strange)[:60] or "空"
        reasons.append(Reason("CONSENT_SCOPE_WRONG", f"授权范围“{named}”不在可授权的项目之内，请按项目逐一勾选。", "个人信息保护法/14"))
    if not purpose.strip():
        reasons.append(Reason("CONSENT_PURPOSE_MISSING", "授权没有写明用途，请写明为办理何事而授权。", "个人信息保护法/14"))
    if not given_at < ends_at <= given_at + LONGEST:
        message = f"授权截止{ends_at:%Y-%m-%d}应在授权之后、一年之内，请更正截止日期。"
        reasons.append(Reason("CONSENT_END_WRONG", message, "个人信息保护法/6"))
    return tuple(reasons)


@cites("个人信息保护法/13", "个人信息保护法/15")
def covers(
    consent: Consent, *, subject: str, services: Iterable[str], purpose: str, case_no: str, at: datetime, recipient: str = OURSELVES
) -> tuple[Reason, ...]:
    """What a consent does not allow, each with its words; empty when it covers all of it at this moment."""
    no = consent.consent_no
    reasons = []
    if consent.subject != subject or consent.recipient != recipient:
        message = f"授权{no}不是查询对象本人向查询方给出的，不能用于本次查询，请取得本人授权。"
        reasons.append(Reason("CONSENT_OF_ANOTHER", message, "个人信息保护法/13"))
    beyond = [name for name in services if name not in consent.scope]
    if beyond:
        named = "、".join(CATALOGUE[name].label if name in CATALOGUE else name[:40] for name in beyond)
        reasons.append(Reason("CONSENT_TOO_NARROW", f"授权{no}没有包括{named}，请补充授权后再查询。", "个人信息保护法/13"))
    if consent.purpose != purpose or (consent.case_no and consent.case_no != case_no):
        message = f"授权{no}的用途是{consent.purpose}，不能用于其他业务，请就本次业务重新授权。"
        reasons.append(Reason("CONSENT_FOR_OTHER_PURPOSE", message, "个人信息保护法/14"))
    if consent.withdrawn_at is not None and consent.withdrawn_at <= at:
        message = f"授权{no}已于{consent.withdrawn_at:%Y-%m-%d}撤回，撤回后不再查询，请重新取得授权。"
        reasons.append(Reason("CONSENT_WITHDRAWN", message, "个人信息保护法/15"))
    elif not consent.given_at <= at < consent.ends_at:
        message = f"授权{no}有效期至{consent.ends_at:%Y-%m-%d}，现已失效，请重新取得授权。"
        reasons.append(Reason("CONSENT_ENDED", message, "个人信息保护法/14"))
    return tuple(reasons)


@cites("个人信息保护法/15")
def still_consented(consent: Consent, answered_at: datetime) -> bool:
    """Whether an answer that came at this moment may be kept: what comes after a withdrawal is thrown away unread."""
    return consent.withdrawn_at is None or answered_at < consent.withdrawn_at
