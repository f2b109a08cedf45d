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

from hpf.kernel.decision import Decision
from hpf.kernel.money import Money
from hpf.policy.rules import PolicyBook

from .case import Case
from .catalogue import RULES, Check
from .entitlement import Entitlement, Finding
from .estates import share_out
from .every_ground import amount_of, available_is_limit, steps
from .facts import Applicant, Facts
from .grounds import Ground

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


def examine(
    ground: Ground, applicant: Applicant, facts: Facts, book: PolicyBook, on: date, asked: Money | None = None, *, is_agreed: bool = False
) -> Finding:
    """Decide one application as accepted on `on`; `asked` None means as much as is allowed. `is_agreed`: an instalment of a
    standing agreement (约定提取), whose own earlier instalments do not count against the interval between withdrawals.

    Approves  with the amount, its bounds, the payee and the evidence used up.
    Refuses   with every reason that stands on known facts, in the written order of the ground's checks, then of the amount.
    Refers    when nothing refuses but a fact is unknown, out of date or contradicted, a parameter has no document, or a
              pattern of risk is met; each doubt is named.

    Raises TypeError when the facts are of another ground or a value is of another type than its fact; nothing else.
    """
    rule = RULES[ground]
    if type(facts) is not rule.facts:
        raise TypeError(f"{ground} is decided by {rule.facts.__name__}, not by {type(facts).__name__}")
    case = Case(ground, applicant, facts, book, on, asked, is_agreed)
    case.examine(rule.order)
    provisional = None if case.refusals else _amount(case, rule.limits)
    if case.refusals:
        decision: Decision[Entitlement] = Decision.refused(dict.fromkeys(case.refusals))
    elif case.doubts or provisional is None:
        decision = Decision.referred(dict.fromkeys(case.doubts))
    else:
        decision, provisional = Decision.approved(provisional), None
    return Finding(
        ground,
        on,
        decision,
        case.parameters_used(),
        tuple(case.used.values()),
        book.digest,
        rule_version(ground),
        provisional,
        () if case.refusals else tuple(case.to_ask),
    )


def _amount(case: Case, limits: tuple[Check, ...]) -> Entitlement | None:
    """The amount, when every bound is known. An amount that is refused is refused whatever else is in doubt."""
    before, case.doubts = case.doubts, []
    case.examine((*limits, available_is_limit))
    is_bounded, case.doubts = not case.doubts, [*before, *(each for each in case.doubts if each not in before)]
    if not is_bounded:
        return None
    amount = amount_of(case)
    if case.refusals:
        return None
    found: list[Entitlement] = []
    case.examine((lambda each: found.append(_entitlement(each, amount)),))
    return found[0] if found else None


def _entitlement(case: Case, amount: Money) -> Entitlement:
    closes = case.sheet.closes and amount == case.applicant.balance
    return Entitlement(
        ground=case.ground,
        amount=amount,
        limit=min(limit.amount for limit in case.limits),
        limits=tuple(case.limits),
        payee=case.outcome.get("payee", case.sheet.payee),
        closes_account=closes,
        exchange_code=case.sheet.exchange_code,
        evidence=case.outcome.get("evidence", ()),
        interest_to=case.on if closes else None,
        payee_account=case.outcome.get("payee_account", ""),
        payee_name=case.outcome.get("payee_name", ""),
        payee_bank=case.outcome.get("payee_bank", ""),
        shares=share_out(amount, case.outcome.get("heirs", ())),
        claw_back_by=case.outcome.get("claw_back_by"),
        steps=steps(case, closes),
    )
