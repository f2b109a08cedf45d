"""提取规则: which money may leave an account on which ground, as pure functions of facts and a day's policy.

    finding = examine(Ground.RENT, applicant, facts, book, on, asked)
    finding.decision      Decision[Entitlement]: 准予, 不予 with reasons, 转人工 with the doubts
    finding.parameters, finding.facts, finding.policy_digest, finding.rule_version      what made it, for the record

`reading.read` and `reading.write` turn an application into plain data and back.
"""

from .agreements import MONTHLY, Agreement, as_instalment, check_agreement, instalment, instalment_asked, months_due
from .bans import ban
from .case import months_later
from .deciding import decide, examine, rule_version
from .entitlement import Entitlement, Finding, Limit, LimitKind, Share, UsedFact, UsedParameter
from .explaining import cited_text, explain
from .facts import AccountKind, Applicant, Ban, BanKind, By, Fact, Facts, FactSheet, Known, Prior, Said, Unknown, sheets
from .grounds import GROUNDS, EvidenceKind, Ground, GroundSheet, Payee
from .offering import Answer, Option, what_may_i_withdraw

__all__ = [
    "GROUNDS",
    "MONTHLY",
    "AccountKind",
    "Agreement",
    "Answer",
    "Applicant",
    "Ban",
    "BanKind",
    "By",
    "Entitlement",
    "EvidenceKind",
    "Fact",
    "FactSheet",
    "Facts",
    "Finding",
    "Ground",
    "GroundSheet",
    "Known",
    "Limit",
    "LimitKind",
    "Option",
    "Payee",
    "Prior",
    "Said",
    "Share",
    "Unknown",
    "UsedFact",
    "UsedParameter",
    "as_instalment",
    "ban",
    "check_agreement",
    "cited_text",
    "decide",
    "examine",
    "explain",
    "instalment",
    "instalment_asked",
    "months_due",
    "months_later",
    "rule_version",
    "sheets",
    "what_may_i_withdraw",
]
