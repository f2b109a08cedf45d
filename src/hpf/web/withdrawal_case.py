"""提取申请的页面: what the member's page and the counter's page show of one case alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from hpf.kernel.decision import Reason
from hpf.web.law import LawText, law_in_force
from hpf.withdrawals import queries
from hpf.withdrawals.rules import UsedFact
from hpf.withdrawals.rules.explaining import cited_text
from hpf.withdrawals.rules.states import State

_REFERENCE = re.compile(r"P[0-9a-f]{32}")
STEPS = ("受理", "核查", "决定", "付款", "到账")
_DONE = {
    State.ACCEPTED: 1, State.REFERRED: 1, State.REVIEWED: 1, State.REFUSED: 3, State.APPROVED: 3, State.IN_SETTLEMENT: 3, State.FAILED: 3,
    State.PAID: 5, State.CLAWED_BACK: 5, State.WITHDRAWN: 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownReason:
    """One reason with its articles as people cite them."""

    message: str
    laws: tuple[str, ...]
    code: str


@dataclass(frozen=True, slots=True)
class ShownCase:
    """One case, ready to be read."""

    case: queries.ApplicationView
    decisions: list[queries.DecisionView]
    latest: queries.DecisionView | None
    facts: list[UsedFact]
    reasons: list[ShownReason]
    events: list[queries.EventView]
    law: list[LawText]
    steps: list[tuple[str, str]]
    took: str


def shown(centre_id: int, application_no: str, on: date) -> ShownCase | None:
    """The case with its decisions, the latest one's reasons and their articles in the edition of the day of acceptance."""
    case = queries.application(centre_id, application_no)
    if case is None:
        return None
    decisions = queries.decisions(centre_id, application_no)
    latest = decisions[0] if decisions else None
    reasons = shown_reasons(latest.reasons) if latest else []
    cited = [law for reason in (latest.reasons if latest else ()) for law in reason.law]
    if latest is not None and latest.entitlement is not None:
        cited += [law for limit in latest.entitlement.limits for law in limit.law]
    return ShownCase(
        case, decisions, latest, _facts(centre_id, application_no, latest), reasons, queries.events(centre_id, application_no), law_in_force(dict.fromkeys(cited), case.accepted_on),
        _steps(case), _took(case.accepted_at, case.decided_at),
    )  # fmt: skip


def _facts(centre_id: int, application_no: str, latest: queries.DecisionView | None) -> list[UsedFact]:
    """What the rule read, with people by what they are to the case instead of by their references."""
    if latest is None:
        return []
    people = queries.people_of(centre_id, application_no) if any(_REFERENCE.search(fact.text) for fact in latest.facts) else {}
    return [replace(fact, text=_REFERENCE.sub(lambda found: people.get(found[0], "他人"), fact.text)) for fact in latest.facts]


def shown_reasons(reasons: tuple[Reason, ...]) -> list[ShownReason]:
    return [ShownReason(reason.message, tuple(cited_text(law) for law in reason.law), reason.code) for reason in reasons]


def _steps(case: queries.ApplicationView) -> list[tuple[str, str]]:
    done = _DONE[case.state]
    return [(name, "done" if index < done else "now" if index == done and case.state.is_open else "") for index, name in enumerate(STEPS)]


def _took(since: datetime, until: datetime | None) -> str:
    """From application to decision, for people; empty while nothing is decided."""
    if until is None:
        return ""
    took = until - since
    if took < timedelta(minutes=1):
        return f"{max(1, int(took.total_seconds()))}秒"
    if took < timedelta(hours=1):
        return f"{int(took.total_seconds() // 60)}分钟"
    return f"{took.days}天" if took.days else f"{int(took.total_seconds() // 3600)}小时"
