"""租房提取计划: the province sets every centre's amount for the year on its first business day, by the people who contribute there."""

from __future__ import annotations

from datetime import date

from demo.life.cast import PROVINCE, moment
from demo.life.founding import agreed
from demo.province.province import Province
from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from hpf.withdrawals.services.rent_plan import set_rent_plan

A_HEAD_FEN = 45_000
"""演示值: what one contributor's rents are reckoned at in a whole year. Some centres stay below it, some go over it."""
WHY = "按上年度提取情况和缴存人数测算"


def morning(day: date, before: date | None, province: Province) -> None:
    """On the story's first day, which has none `before` it, and on the first business day of a year; any other day nothing."""
    if before is not None and before.year == day.year:
        return
    for plan in province.plans:
        months = 13 - day.month
        fen = sum(plan.members) * A_HEAD_FEN * months // 12 // 1_000_00 * 1_000_00 + 1_000_00
        agreed(set_rent_plan(
            by=Actor.system(PROVINCE, "省厅"), centre_id=PROVINCE, of_centre=plan.figures.centre_id, year=day.year, plan=Money(fen), reason=WHY,
            on=day, at=moment(day, 8), key=f"demo:rent-plan:{plan.figures.centre_id}:{day.year}",
        ))  # fmt: skip
