"""重放: a stored decision made again from what it stored. Nothing is changed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from hpf.kernel.codec import from_plain
from hpf.kernel.decision import Decision
from hpf.kernel.money import Money
from hpf.policy import queries as policy
from hpf.withdrawals import models
from hpf.withdrawals.queries.agreements import instalment_of
from hpf.withdrawals.rules import Entitlement, Ground, examine, rule_version
from hpf.withdrawals.rules.reading import read


@dataclass(frozen=True, slots=True)
class Replayed:
    """One decision then and now. `differences` are Chinese and empty when it is the same; `notes` say what else has changed."""

    decision_id: int
    application_no: str
    ground: Ground
    outcome: str
    amount: Money | None
    differences: tuple[str, ...]
    notes: tuple[str, ...]


def decision_ids(centre_id: int, application_no: str | None = None) -> list[int]:
    """Decisions of the centre, or of one application, in order."""
    rows = models.Decision.objects.filter(centre_id=centre_id)
    if application_no is not None:
        rows = rows.filter(application__application_no=application_no)
    return list(rows.order_by("id").values_list("id", flat=True))


def replay(centre_id: int, decision_id: int) -> Replayed:
    """What the rule says today about the same facts on the same day: outcome, amount and reasons, compared word by word."""
    row = models.Decision.objects.select_related("application").get(centre_id=centre_id, id=decision_id)
    ground = Ground(row.application.ground)
    filed = read(ground, json.loads(row.input), row.decided_on, centre_id)
    book = policy.book(centre_id, row.decided_on)
    agreed = row.application.channel == "SYSTEM" and instalment_of(centre_id, row.application.application_no) is not None
    finding = examine(ground, filed.applicant, filed.facts, book, row.decided_on, filed.asked, is_agreed=agreed)
    words = json.loads(row.words)
    then: Decision[Entitlement] = from_plain(Decision[Entitlement], words["rule"] or words["decision"])
    now = finding.decision
    now_amount = now.value.amount if now.value is not None else None
    differences = []
    if now.outcome != row.rule_outcome:
        differences.append(f"结论：原{_OUTCOMES[row.rule_outcome]}，现{_OUTCOMES[now.outcome]}")
    if now_amount != row.rule_amount_fen:
        differences.append(f"金额：原{_text(row.rule_amount_fen)}，现{_text(now_amount)}")
    if [(r.code, r.message, r.law) for r in now.reasons] != [(r.code, r.message, r.law) for r in then.reasons]:
        differences.append(
            f"理由：原{'、'.join(r.code for r in then.reasons) or '无'}，现{'、'.join(r.code for r in now.reasons) or '无'}（含文字）"
        )
    notes = []
    if book.digest != row.policy_digest:
        notes.append("当日政策参数此后有过更正")
    if rule_version(ground) != row.rule_version:
        notes.append("规则程序此后有过修改")
    return Replayed(decision_id, row.application.application_no, ground, str(now.outcome), now_amount, tuple(differences), tuple(notes))


_OUTCOMES = {"APPROVED": "准予", "REFUSED": "不予", "REFERRED": "转人工"}


def _text(amount: Money | None) -> str:
    return "无" if amount is None else f"{amount.text}元"
