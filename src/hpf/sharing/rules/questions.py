"""询问: what a caller says it needs, and whether it may be asked at all.

A question names a person by reference, a case, a purpose, a ground (the person's consent or an article) and the fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from hpf.kernel.decision import Reason, cites
from hpf.sharing.rules.catalogue import FIELDS, TERMS, Department, Service, is_reference, service
from hpf.sharing.rules.consents import Consent, covers

HERE = ZoneInfo("Asia/Shanghai")
DEADLINE_SECONDS = 3
LATEST_DEADLINE_SECONDS = 60


class GroundKind(StrEnum):
    CONSENT = "CONSENT"
    LAW = "LAW"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a caller wants to know. The person by `person_id`, or, when not ours, by `subject`: a reference out of an answer.

    A unit is asked about by its 统一社会信用代码 in `subject`. `fields` empty: all that the service has. `consent_no` or
    `article` is the ground. `terms` such as (("place", "620102"),). `on` is the accounting day the answer is wanted for; the
    evening before a holiday that is a day to come. Without one it is the day of asking.
    """

    case_kind: str
    case_no: str
    department: str
    service: str
    purpose: str
    person_id: int | None = None
    subject: str = ""
    consent_no: str = ""
    article: str = ""
    fields: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it goes out. `as_of` is the day for which the answer is wanted; `state_on` the day whose state a department can
    tell, which is never later than the day of asking."""

    question_no: str
    department: Department
    service: str
    subject: str
    case_kind: str
    case_no: str
    purpose: str
    ground: GroundKind
    ground_no: str
    fields: tuple[str, ...]
    as_of: date
    asked_at: datetime
    deadline_at: datetime
    terms: tuple[tuple[str, str], ...] = ()

    @property
    def state_on(self) -> date:
        return min(self.as_of, self.asked_at.astimezone(HERE).date())


@cites("个人信息保护法/6", "个人信息保护法/13", "个人信息保护法/29", "甘建金〔2024〕26号/五（三）")
def check_ask(ask: Ask, subject: str, consent: Consent | None, at: datetime) -> tuple[Reason, ...]:
    """What stands against asking, in this order: no such service; fields or terms it does not have; no purpose or case; no ground.

    `consent` is the one the ask names, None when it names none or there is none of this number.
    """
    offered = service(ask.department, ask.service)
    if offered is None:
        message = f"共享目录没有“{ask.department[:20]}.{ask.service[:30]}”这项服务，请按共享目录选择部门和服务。"
        return (Reason("SERVICE_UNKNOWN", message),)
    reasons = [*_shape(ask, offered, subject)]
    if not (ask.purpose.strip() and ask.case_kind and ask.case_no):
        message = f"向{offered.source}查询须写明用途和所办业务的编号，请补齐后重新发起。"
        reasons.append(Reason("PURPOSE_OR_CASE_MISSING", message, "个人信息保护法/6"))
    reasons += _ground(ask, offered, subject, consent, at)
    return tuple(reasons)


def _shape(ask: Ask, offered: Service, subject: str) -> Iterable[Reason]:
    beyond = [name for name in ask.fields if name not in offered.fields]
    if beyond:
        named = "、".join(FIELDS[name].label if name in FIELDS else name[:30] for name in beyond)
        yield Reason(
            "FIELDS_BEYOND_SERVICE", f"{offered.source}不提供{named}，只能查询目录内的项目，请删去后重新发起。", "个人信息保护法/6"
        )
    said = dict(ask.terms)
    lacking = [TERMS[name] for name in offered.terms if not said.get(name)]
    strange = [name for name in said if name not in offered.terms + offered.optional]
    if lacking or strange:
        message = f"查询{offered.source}{'缺少' + '、'.join(lacking) if lacking else ''}{'不使用' + '、'.join(s[:30] for s in strange) if strange else ''}，请更正查询条件。"
        yield Reason("TERMS_WRONG", message)
    if not (subject if offered.about_unit else is_reference(subject)):
        yield Reason("SUBJECT_MISSING", f"查询{offered.source}须指明查询对象，请选择本人、配偶等家庭成员后重新发起。")


def _ground(ask: Ask, offered: Service, subject: str, consent: Consent | None, at: datetime) -> Iterable[Reason]:
    if ask.consent_no:
        if consent is None:
            yield Reason("CONSENT_UNKNOWN", f"没有编号为{ask.consent_no[:30]}的授权，请先取得当事人授权。", "个人信息保护法/13")
        else:
            yield from covers(consent, subject=subject, services=(offered.name,), purpose=ask.purpose, case_no=ask.case_no, at=at)
    elif not ask.article:
        message = f"查询{offered.source}既没有当事人授权，也没有写明法律依据，请先取得授权。"
        yield Reason("GROUND_MISSING", message, "个人信息保护法/13")
    elif not offered.by_law:
        sensitive = "属于敏感个人信息，须取得单独同意" if offered.sensitive else "须取得当事人授权"
        yield Reason("CONSENT_NEEDED", f"{offered.source}{sensitive}，不能仅依{ask.article}查询，请先取得授权。", "个人信息保护法/29")
