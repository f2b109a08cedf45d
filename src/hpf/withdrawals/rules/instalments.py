"""约定提取的状态: where an agreement and each of its months stand, and what may happen at the signing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hpf.kernel.decision import Decision, Outcome, Reason, cites
from hpf.kernel.period import Month
from hpf.policy.rules import PolicyBook
from hpf.sharing.rules import Consent, covers

from .entitlement import Finding

_HERE = ZoneInfo("Asia/Shanghai")


class AgreementState(StrEnum):
    SIGNED = "SIGNED"
    ENDED = "ENDED"
    EXPIRED = "EXPIRED"

    @property
    def text(self) -> str:
        return AGREEMENT_LABELS[self]


class InstalmentState(StrEnum):
    WAITING = "WAITING"
    DECIDED = "DECIDED"

    @property
    def text(self) -> str:
        return INSTALMENT_LABELS[self]


AGREEMENT_LABELS = {AgreementState.SIGNED: "约定中", AgreementState.ENDED: "已终止", AgreementState.EXPIRED: "已到期"}
INSTALMENT_LABELS = {InstalmentState.WAITING: "暂缓办理", InstalmentState.DECIDED: "已决定"}

PASSING = frozenset({
    "RENT_MONTH_USED", "RENT_MONTH_USED_BY_SPOUSE", "LIMIT_USED_UP", "AVAILABLE_TOO_SMALL", "INTERVAL_NOT_OVER", "LOAN_INTERVAL_NOT_OVER",
    "EVIDENCE_USED", "RENT_MONTH_OUTSIDE_LEASE", "EMPLOYER_PROOF_MISSING",
})  # fmt: skip
"""What may stand against this month and not against the next one: no reason not to sign."""

LACKING = frozenset({"FACT_UNKNOWN", "ANSWER_EXPIRED"})
"""Doubts that an answer of a department would end."""


@cites("建金〔2015〕19号/租房条件", "条例/24@2026")
def may_run(finding: Finding) -> Decision[bool]:
    """At the signing: what stands on known facts against every month ends the agreement before its first one. A doubt does not."""
    if finding.decision.outcome is Outcome.REFUSED:
        lasting = [reason for reason in finding.decision.reasons if reason.code not in PASSING]
        if lasting:
            return Decision.refused(lasting)
    return Decision.approved(True)


def is_lacking(finding: Finding) -> bool:
    """Whether nothing but answers of departments is missing."""
    return finding.decision.outcome is Outcome.REFERRED and {reason.code for reason in finding.decision.reasons} <= LACKING


def counts_couples(book: PolicyBook, district: str | None) -> bool:
    """Whether spouses' rent counts together in this centre."""
    key = "withdrawal.rent_counts"
    return book.knows(key, district) and book.text(key, district) == "HOUSEHOLD"


def spouse_has_signed(agreement_no: str) -> Reason:
    message = (
        f"配偶已签订租房约定提取{agreement_no}，租房本中心夫妻合并计算，只能由一方约定，请由配偶继续提取，或者配偶终止后由本人重新签订"
    )
    return Reason("SPOUSE_HAS_AGREEMENT", message, ("建金管〔2005〕5号/提取",))


@dataclass(frozen=True, slots=True)
class Need:
    """What the rule has to ask about one of a couple on consent. `consent` None: none was named, or none is known by its number."""

    whose: str
    subject: str
    services: tuple[str, ...]
    asked: tuple[str, ...]
    consent_no: str
    consent: Consent | None


WITHOUT_CONSENT = frozenset({
    "AGREEMENT_CONSENT_MISSING", "CONSENT_OF_ANOTHER", "CONSENT_TOO_NARROW", "CONSENT_FOR_OTHER_PURPOSE", "CONSENT_WITHDRAWN", "CONSENT_ENDED",
})  # fmt: skip
"""Refusals for want of a consent: no further month can be looked at."""


@cites("个人信息保护法/13", "个人信息保护法/15")
def check_consents(
    needs: Iterable[Need], *, purpose: str, agreement_no: str, at: datetime, until: date | None = None
) -> tuple[Reason, ...]:
    """What stands against going on with an agreement: a consent that is missing, does not cover what is asked, was taken back, has
    ended. `until`, given at the signing: the day of the last instalment, through which the consents must last."""
    reasons = []
    end = None if until is None else datetime.combine(until + timedelta(days=1), time(), _HERE)
    for need in needs:
        if need.consent is None:
            known = f"没有编号为{need.consent_no}的授权" if need.consent_no else f"没有{need.whose}的授权"
            message = f"约定提取每期都要核查{need.whose}的{'、'.join(need.asked)}，{known}，请由{need.whose}授权后填写授权编号重新签订"
            reasons.append(Reason("AGREEMENT_CONSENT_MISSING", message, ("个人信息保护法/13",)))
            continue
        against = covers(need.consent, subject=need.subject, services=need.services, purpose=purpose, case_no=agreement_no, at=at)
        reasons += [Reason(each.code, f"{need.whose}的{each.message.rstrip('。')}", each.law) for each in against]
        if not against and end is not None and need.consent.ends_at < end:
            message = (
                f"{need.whose}的授权{need.consent_no}有效期至{need.consent.ends_at.astimezone(_HERE).date()}，约定的最后一期在{until}，"
                f"请由{need.whose}授权到该日以后，或者缩短约定月份，重新签订"
            )
            reasons.append(Reason("AGREEMENT_CONSENT_SHORT", message, ("个人信息保护法/14",)))
    return tuple(reasons)


def is_over(month: Month, this: Month) -> bool:
    """Whether an instalment's month has passed: then who could not be asked is left to a person."""
    return month < this
