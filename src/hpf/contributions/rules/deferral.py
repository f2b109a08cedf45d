"""缓缴 降低缴存比例: a unit in difficulty asks; its employees have agreed; the committee decides; the money is owed later.

Reduced rates stay within the band, so nothing is owed afterwards. Deferred months are owed in full when the term ends.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from typing import Self

from hpf.contributions.rules.states import DeferralKind
from hpf.kernel.decision import Decision, Reason, cites
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.policy.rules import PolicyBook


@dataclass(frozen=True, slots=True)
class Application:
    """What the unit asks for. Months `[since, until)`; rates only for a reduction. `renews_until` is the end of the
    term that this application continues."""

    kind: DeferralKind
    since: Month
    until: Month
    resolution_no: str
    has_hardship_evidence: bool
    employer_rate: Rate | None = None
    member_rate: Rate | None = None
    renews_until: Month | None = None

    @property
    def months(self) -> int:
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Standing:
    """How the unit stands when it asks: its rates, whether they were lowered by an approved reduction, its last month."""

    employer_rate: Rate
    member_rate: Rate
    paid_through: Month | None
    is_reduced: bool = False
    running: tuple[tuple[Month, Month], ...] = ()


@dataclass(frozen=True, slots=True)
class DeferralPolicy:
    """The centre's values; each with its document."""

    months_max: int
    months_max_law: str
    apply_before_months: int
    apply_before_law: str
    needs_reduction_first: bool
    needs_reduction_law: str
    rate_min: Rate
    rate_min_law: str

    @classmethod
    def of(cls, book: PolicyBook) -> Self:
        """Raises MissingParameter when the centre has enacted no longest term or no time for renewals."""
        return cls(
            book.whole("contribution.deferral_months_max"),
            book.parameter("contribution.deferral_months_max").citation,
            book.whole("contribution.deferral_apply_before_months"),
            book.parameter("contribution.deferral_apply_before_months").citation,
            book.flag("contribution.deferral_requires_reduced_rate"),
            book.parameter("contribution.deferral_requires_reduced_rate").citation,
            book.rate("contribution.rate_min"),
            book.parameter("contribution.rate_min").citation,
        )


@cites("条例/20", "建金〔2018〕45号/4")
def decide(asked: Application, standing: Standing, policy: DeferralPolicy, on: date) -> Decision[Application]:
    """缓缴、降比申请能否受理. The committee still approves; here only what could never be approved is refused.

    Refuses  no resolution of the employees, no evidence of hardship, an empty or too long term, months already paid,
             a renewal asked for too late or with a gap, a term on top of another, a rate that is not lower or is below
             the minimum; where the centre says so, a deferral by a unit that has not lowered its rates first
    """
    reasons: list[Reason] = []
    if not asked.resolution_no.strip():
        message = f"{asked.kind.label}须经职工代表大会或者工会讨论通过，申请未附决议文号，请补充决议后重新申请"
        reasons.append(Reason("RESOLUTION_MISSING", message, ("条例/20",)))
    if not asked.has_hardship_evidence:
        message = f"{asked.kind.label}限缴存确有困难的单位，申请未附困难证明，请补充后重新申请"
        reasons.append(Reason("HARDSHIP_EVIDENCE_MISSING", message, ("条例/20",)))
    reasons += _check_term(asked, standing, policy, on)
    if asked.kind is DeferralKind.REDUCTION:
        reasons += _check_reduction(asked, standing, policy)
    elif policy.needs_reduction_first and not (standing.is_reduced or _at_minimum(standing, policy)):
        message = f"本中心规定先降低缴存比例、仍有困难的才能缓缴，单位现行比例为{standing.employer_rate.text}，请先申请降低缴存比例"
        reasons.append(Reason("REDUCTION_FIRST", message, ("条例/20", policy.needs_reduction_law)))
    return Decision.refused(reasons) if reasons else Decision.approved(asked)


def _check_term(asked: Application, standing: Standing, policy: DeferralPolicy, on: date) -> list[Reason]:
    reasons: list[Reason] = []
    if asked.months < 1:
        return [Reason("TERM_EMPTY", f"期限从{asked.since.text}到{asked.until.text}，不足一个月，请核对起止年月", ("条例/20",))]
    if asked.months > policy.months_max:
        message = f"申请{asked.months}个月，超过每次最长{policy.months_max}个月，请缩短期限，期满前可再次申请"
        reasons.append(Reason("TERM_TOO_LONG", message, (policy.months_max_law,)))
    if standing.paid_through and asked.since <= standing.paid_through:
        message = f"{asked.since.text}已汇缴（已缴至{standing.paid_through.text}），请从{(standing.paid_through + 1).text}起申请"
        reasons.append(Reason("TERM_ALREADY_PAID", message, ("条例/20",)))
    for since, until in standing.running:
        if asked.kind is DeferralKind.DEFERRAL and since < asked.until and asked.since < until:
            message = f"{since.text}至{(until + -1).text}已有批准的缓缴，期限重叠，请从{until.text}起申请"
            reasons.append(Reason("TERM_OVERLAPS", message, ("条例/20",)))
    if asked.renews_until:
        reasons += _check_renewal(asked, asked.renews_until, policy, on)
    return reasons


def _check_renewal(asked: Application, ends: Month, policy: DeferralPolicy, on: date) -> list[Reason]:
    reasons: list[Reason] = []
    if asked.since != ends:
        message = f"续办应从原期限届满的{ends.text}起，申请从{asked.since.text}起，请更正起始年月"
        reasons.append(Reason("RENEWAL_GAP", message, ("条例/20",)))
    latest = (ends + -policy.apply_before_months).first_day
    if on >= latest:
        message = (
            f"续办应在期满前{policy.apply_before_months}个月提出，原期限到{ends.first_day}，最迟{date.fromordinal(latest.toordinal() - 1)}申请，"
            f"今天是{on}，请按新的申请办理"
        )
        reasons.append(Reason("RENEWAL_TOO_LATE", message, (policy.apply_before_law,)))
    return reasons


def _check_reduction(asked: Application, standing: Standing, policy: DeferralPolicy) -> list[Reason]:
    reasons: list[Reason] = []
    lowered = False
    for side, rate, former in (
        ("单位", asked.employer_rate, standing.employer_rate),
        ("个人", asked.member_rate, standing.member_rate),
    ):
        rate = rate or former
        lowered = lowered or rate < former
        if rate < policy.rate_min:
            message = f"{side}缴存比例降到{rate.text}，低于下限{policy.rate_min.text}，请不低于下限，仍有困难的申请缓缴"
            reasons.append(Reason("RATE_BELOW_MINIMUM", message, (policy.rate_min_law,)))
        elif rate > former:
            message = f"{side}缴存比例从{former.text}改为{rate.text}，不是降低，请更正后重新申请"
            reasons.append(Reason("RATE_NOT_LOWERED", message, ("条例/20",)))
    if not lowered and not reasons:
        message = f"申请的比例与现行比例{standing.employer_rate.text}、{standing.member_rate.text}相同，没有降低，请更正后重新申请"
        reasons.append(Reason("RATE_NOT_LOWERED", message, ("条例/20",)))
    return reasons


def _at_minimum(standing: Standing, policy: DeferralPolicy) -> bool:
    return standing.employer_rate <= policy.rate_min


@cites("条例/20")
def months_to_pay_back(since: Month, until: Month, ended: Month, recorded: Set[Month]) -> list[Month]:
    """缓缴应补缴的月份 not yet in `recorded`: every deferred month up to the end of the term, or up to the month in which it
    was ended early. A reduction leaves nothing to pay back and is not asked about.
    """
    last = min(until, ended)
    return [month for month in since.through(last + -1) if month not in recorded] if last > since else []
