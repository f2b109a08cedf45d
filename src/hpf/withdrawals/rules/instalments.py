"""约定提取的状态: where an agreement and each of its months stand, and what may happen at the signing."""

from __future__ import annotations

from enum import StrEnum

from hpf.kernel.decision import Decision, Outcome, Reason, cites
from hpf.kernel.period import Month
from hpf.policy.rules import PolicyBook

from .entitlement import Finding


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


def is_over(month: Month, this: Month) -> bool:
    """Whether an instalment's month has passed: then who could not be asked is left to a person."""
    return month < this
