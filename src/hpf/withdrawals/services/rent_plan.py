"""租房提取计划的动作: the year's amount for rent, set by the province for any centre or by a centre's director for his own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason, cites
from hpf.kernel.money import Money
from hpf.withdrawals import models

PROVINCE = 0
LAW = "甘建金〔2024〕26号/三（一）"


@dataclass(frozen=True, slots=True)
class RentPlanned:
    """A plan as it now stands; `version` counts the settings of the year."""

    centre: int
    year: int
    plan: Money
    version: int


@command("withdrawals.set_rent_plan")
@cites("甘建金〔2024〕26号/三（一）")
def set_rent_plan(
    *, by: Actor, centre_id: int, of_centre: int, year: int, plan: Money, reason: str, on: date, at: datetime, key: str
) -> Decision[RentPlanned]:
    """设定或调整 a centre's rent plan for a calendar year. `centre_id` 0 is the province, which may set any centre's.

    Writes   one more setting; earlier ones stay, the last one counts
    Locks    the centre's plans, so that of two who set at once the second is the later version
    Refuses  RENT_PLAN_OTHER_CENTRE, RENT_PLAN_YEAR (this year, the last or the next), RENT_PLAN_NOT_POSITIVE,
             RENT_PLAN_REASON_MISSING, RENT_PLAN_UNCHANGED
    """
    reasons = _check(centre_id, of_centre, year, plan, reason, on)
    if reasons:
        return Decision.refused(reasons)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('withdrawals.rent_plan', %s))", [of_centre])
    last = models.RentPlan.objects.filter(centre_id=of_centre, year=year).order_by("-version").first()
    if last is not None and last.plan_fen == plan:
        message = f"{year}年租房提取计划已是{plan.text}元（第{last.version}次设定），没有变化，不必重复设定"
        return Decision.refused([Reason("RENT_PLAN_UNCHANGED", message)])
    row = models.RentPlan.objects.create(
        centre_id=of_centre, year=year, version=last.version + 1 if last is not None else 1, plan_fen=plan, reason=reason.strip(),
        by_province=centre_id == PROVINCE, set_at=at, set_by=by.user_id, set_by_name=by.name,
    )  # fmt: skip
    return Decision.approved(RentPlanned(of_centre, year, plan, row.version))


def _check(centre_id: int, of_centre: int, year: int, plan: Money, reason: str, on: date) -> list[Reason]:
    reasons = []
    if centre_id not in (PROVINCE, of_centre):
        message = "只能设定本中心的租房提取计划，其他中心的计划由该中心或者省厅设定"
        reasons.append(Reason("RENT_PLAN_OTHER_CENTRE", message))
    if of_centre == PROVINCE:
        reasons.append(Reason("RENT_PLAN_OTHER_CENTRE", "租房提取计划按中心设定，请选择一个中心"))
    if not on.year - 1 <= year <= on.year + 1:
        message = f"计划年度为{year}年，只能设定{on.year - 1}年至{on.year + 1}年的计划，请核对年度"
        reasons.append(Reason("RENT_PLAN_YEAR", message))
    if plan.fen <= 0:
        message = f"全年租房提取计划为{plan.text}元，租房提取须单列计划、金额大于零，请填写全年计划金额"
        reasons.append(Reason("RENT_PLAN_NOT_POSITIVE", message, (LAW,)))
    if not reason.strip() or len(reason.strip()) > 200:
        reasons.append(Reason("RENT_PLAN_REASON_MISSING", "请写明计划所依据的文件或者调整的理由，不超过200字"))
    return reasons
