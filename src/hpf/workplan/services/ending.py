"""结束要点: a plan whose year is over, or that is only kept as an archive, ends. It stays readable and nobody is reminded of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.workplan.models import Plan
from hpf.workplan.rules.states import EventKind, PlanState
from hpf.workplan.services.record import PROVINCE, change, said, tell


@dataclass(frozen=True, slots=True)
class PlanEnded:
    plan_id: int
    state: PlanState
    version: int


@command("workplan.load")
def close_plan(*, by: Actor, centre_id: int, plan_id: int, version: int, reason: str, at: datetime, key: str) -> Decision[PlanEnded]:
    """结束要点 (centre 0), with the reason. What is open in it stays as it is; next year's plan can still be made from it.

    Refuses  NO_SUCH_PLAN, CHANGED_MEANWHILE, REASON_MISSING, PLAN_ENDED
    """
    plan = Plan.objects.select_for_update().filter(id=plan_id).first()
    if plan is None:
        return Decision.refused([Reason("NO_SUCH_PLAN", f"没有编号为{plan_id}的要点，未作修改，请刷新页面后重新选择。")])
    reasons = said(reason, "REASON_MISSING", "结束要点的原因")
    if plan.version != version:
        reasons.append(Reason("CHANGED_MEANWHILE", f"“{plan.title}”的设置已被他人修改；本次未保存，请刷新后重新填写。"))
    if plan.state == PlanState.CLOSED:
        reasons.append(Reason("PLAN_ENDED", f"“{plan.title}”已结束，无须再次结束。"))
    if reasons:
        return Decision.refused(reasons)
    before, after = change(plan, state=PlanState.CLOSED)
    tell(EventKind.PLAN_CLOSED, centre_id=PROVINCE, plan_id=plan.id, by=by, at=at, text=reason.strip(), before=before, after=after)
    return Decision.approved(PlanEnded(plan.id, PlanState.CLOSED, plan.version))
