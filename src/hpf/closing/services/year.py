"""年结: on 31 December income and expense become the surplus; its division is prepared, and posted when approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.closing.queries.year import year_end, year_result
from hpf.closing.rules.year import (
    Distribution,
    Entry,
    distribution,
    postings_expense,
    postings_income,
    postings_result,
)
from hpf.closing.services.accounts import centre_accounts
from hpf.closing.services.record import StepDone, write
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.kernel.rate import Rate
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg

_LAW = ("财会字〔1999〕33号/增值收益",)


@dataclass(frozen=True, slots=True)
class YearTurned:
    """The year's result. `sweep` is the cash that belongs in the surplus deposit and is still to be moved there."""

    year: int
    income: Money
    expense: Money
    surplus: Money
    sweep: Money


@command("closing.close_day")
def turn_year(*, by: Actor, centre_id: int, business_on: date, at: datetime, key: str) -> YearTurned:
    """年结 (J21, J23): income and expense to 311, the result to 32104; what J22 must sweep is written down.

    Writes   at most three journals, the year's row, the step
    Again    the accounts are empty by then, and the row is there: nothing happens
    """
    result = year_result(centre_id, business_on)
    year = business_on.year
    _post(centre_id, postings_income(result), business_on, by, f"{year}年结转业务收入", "J21", f"{key}:income")
    _post(centre_id, postings_expense(result), business_on, by, f"{year}年结转业务支出", "J21", f"{key}:expense")
    _post(centre_id, postings_result(result.surplus), business_on, by, f"{year}年结转增值收益", "J23", f"{key}:result")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO closing_yearend (centre_id, year, income_fen, expense_fen, surplus_fen, sweep_fen, state, done_by, done_at)
               VALUES (%s, %s, %s, %s, %s, %s, 'RESULT_POSTED', %s, %s) ON CONFLICT ON CONSTRAINT closing_year_once DO NOTHING""",
            [centre_id, year, result.total_income.fen, result.total_expense.fen, result.surplus.fen, result.sweep.fen, by.user_id, at],
        )
    figures = {
        "收入": str(result.total_income),
        "支出": str(result.total_expense),
        "增值收益": str(result.surplus),
        "应划转": str(result.sweep),
    }
    write(centre_id, business_on, [StepDone("YEAR", "DONE", figures)], by, at)
    return YearTurned(year, result.total_income, result.total_expense, result.surplus, result.sweep)


@command("closing.distribute")
def distribute(
    *,
    by: Actor,
    centre_id: int,
    year: int,
    risk_reserve_rate: Rate,
    management_fee_budget: Money,
    maker: str,
    key: str,
    at: datetime,
) -> Decision[Distribution]:
    """增值收益分配 (J24, J25): post the approved division of a closed year's surplus. `by` checks what `maker` prepared.

    Refuses  a year not turned or already divided, a loss, a fee above what the reserve leaves, maker and checker the same
    Again    the first answer
    """
    done = year_end(centre_id, year)
    if done is None:
        return Decision.refused([Reason("YEAR_OPEN", f"{year}年度尚未年结，请先年结再分配", _LAW)])
    if done.state == "DISTRIBUTED":
        return Decision.refused([Reason("DISTRIBUTED", f"{year}年度增值收益已分配，请勿重复办理", _LAW)])
    if maker == by.user_id:
        return Decision.refused([Reason("SAME_PERSON", "分配方案的编制人与复核人不能是同一人，请由另一人复核", _LAW)])
    plan = distribution(done.surplus, risk_reserve_rate, management_fee_budget)
    if isinstance(plan, Reason):
        return Decision.refused([plan])
    on = ledger_queries.business_day(centre_id)
    _post(centre_id, plan.entries, on, by, f"{year}年增值收益分配", "J24", f"{key}:J24", maker=maker)
    _post(centre_id, plan.closing_entries, on, by, f"{year}年结平分配明细", "J25", f"{key}:J25", maker=maker)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE closing_yearend SET state = 'DISTRIBUTED', reserve_fen = %s, fee_fen = %s, supplement_fen = %s
               WHERE centre_id = %s AND year = %s""",
            [plan.risk_reserve.fen, plan.management_fee.fen, plan.housing_supplement.fen, centre_id, year],
        )
    return Decision.approved(plan)


@step
def _post(
    centre_id: int, entries: list[Entry], on: date, by: Actor, summary: str, template: str, key: str, maker: str | None = None
) -> int | None:
    if not entries:
        return None
    own = centre_accounts(centre_id, [subject for subject, _ in entries], on)
    draft = Draft(
        centre_id=centre_id, kind="YEAR_TURN", template=template, business_on=on, value_on=on, source_kind="YEAR",
        source_no=str(on.year), summary=summary, maker=maker or by.user_id, checker=by.user_id if maker else None,
    )  # fmt: skip
    return ledger.post(draft, [Leg(own[subject], amount.fen) for subject, amount in entries], key)
