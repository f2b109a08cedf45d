"""提取审批: facts and a day's policy in, a decision with its reasons out. No database, no clock, no network.

Rule version. A decision says by which text of the rules it was made: the ground's name and the first 16 hex digits of the
SHA-256 over the source files that decide it, in this order: every file of this package that is shared by all grounds, then
the file of the ground. Any change of one byte in them, also of a comment, is another version; a replay then says
"规则已变更" beside its answer.
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.policy.rules import PolicyBook

from .case import Case
from .catalogue import RULES
from .entitlement import Entitlement, Finding, LimitKind
from .every_ground import amount_of, available_is_limit, own_loan_is_settled
from .facts import Applicant, Facts
from .grounds import GROUNDS, Ground

_SHARED = (
    "case.py", "catalogue.py", "every_ground.py", "deciding.py", "entitlement.py", "facts.py", "facts_of_housing.py", "facts_of_life.py", "grounds.py",
)  # fmt: skip


@cache
def rule_version(ground: Ground) -> str:
    """The version of a ground's rule, such as "RENT-3f2a…"."""
    folder, own = Path(__file__).parent, Path(str(RULES[ground].module.__file__)).name
    content = hashlib.sha256()
    for name in (*_SHARED, own):
        content.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    return f"{ground.value}-{content.hexdigest()[:16]}"


def decide(
    ground: Ground, applicant: Applicant, facts: Facts, book: PolicyBook, on: date, asked: Money | None = None
) -> Decision[Entitlement]:
    """The decision alone. See `examine`."""
    return examine(ground, applicant, facts, book, on, asked).decision


def examine(ground: Ground, applicant: Applicant, facts: Facts, book: PolicyBook, on: date, asked: Money | None = None) -> Finding:
    """Decide one application as accepted on `on`; `asked` None means as much as is allowed.

    Approves  with the amount, its bounds, the payee and the evidence used up.
    Refuses   with every reason that stands on known facts, in the written order of the ground's checks.
    Refers    when nothing refuses but a fact is unknown, out of date or contradicted, a parameter has no document, or a
              pattern of risk is met; each doubt is named.

    Raises TypeError when the facts are of another ground; nothing else.
    """
    rule = RULES[ground]
    if type(facts) is not rule.facts:
        raise TypeError(f"{ground} is decided by {rule.facts.__name__}, not by {type(facts).__name__}")
    case = Case(ground, applicant, facts, book, on, asked)
    case.examine(rule.order)
    if case.sheet.closes:
        case.examine((own_loan_is_settled,))
    if not case.refusals:
        case.examine((*rule.limits, available_is_limit))
    decision = _conclude(case)
    return Finding(ground, on, decision, case.parameters_used(), tuple(case.used.values()), book.digest, rule_version(ground))


def _conclude(case: Case) -> Decision[Entitlement]:
    if case.refusals:
        return Decision.refused(_once(case.refusals))
    if not case.doubts:
        amount = amount_of(case)
        if case.refusals:
            return Decision.refused(_once(case.refusals))
        return Decision.approved(_entitlement(case, amount))
    return Decision.referred(_once(case.doubts))


def _once(reasons: list[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))


def _entitlement(case: Case, amount: Money) -> Entitlement:
    applicant, sheet = case.applicant, GROUNDS[case.ground]
    closes = sheet.closes and amount == applicant.balance
    return Entitlement(
        ground=case.ground,
        amount=amount,
        limit=min(limit.amount for limit in case.limits),
        limits=tuple(case.limits),
        payee=case.outcome.get("payee", sheet.payee),
        closes_account=closes,
        exchange_code=sheet.exchange_code,
        evidence=case.outcome.get("evidence", ()),
        interest_to=case.on if closes else None,
        payee_account=case.outcome.get("payee_account", ""),
        payee_name=case.outcome.get("payee_name", ""),
        payee_bank=case.outcome.get("payee_bank", ""),
        shares=case.outcome.get("shares", ()),
        claw_back_by=case.outcome.get("claw_back_by"),
        steps=case.outcome.get("steps", ()),
    )


__all__ = ["LimitKind", "decide", "examine", "rule_version"]
