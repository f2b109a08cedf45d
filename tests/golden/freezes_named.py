"""司法查控的规则 as golden cases name them: (values, reasons, articles)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hpf.freezes.rules.orders import Payee, check_deduction
from hpf.freezes.rules.terms import check_term, last_day, queue
from hpf.kernel.money import ZERO, Money

Facts = dict[str, Any]
Answer = tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]


def waiting(facts: Facts) -> Answer:
    """各冻结现在冻结的金额 and what is left to the member, after each step."""
    balance, orders, values = ZERO, dict[str, Money | None](), dict[str, Any]()
    for number, (what, *rest) in enumerate(facts["经过"], 1):
        if what == "入账":
            balance += Money.yuan(rest[0])
        elif what == "冻结":
            orders[rest[0]] = None if rest[1] == "全部" else Money.yuan(rest[1])
        elif what == "失效":
            del orders[rest[0]]
        else:
            raise ValueError(what)
        kept = queue(balance, orders.values())
        values[f"第{number}步"] = {
            **{name: str(amount) for name, amount in zip(orders, kept, strict=True)},
            "可用": str(balance - Money.total(kept)),
        }
    return values, (), ()


def term(facts: Facts) -> Answer:
    starts_on = facts["起始日"]
    ends_on = facts.get("截止日") or last_day(starts_on, facts["期限月数"])
    reasons = check_term(starts_on, ends_on, facts["最长月数"])
    return {"截止日": ends_on} if not reasons else {}, tuple(r.code for r in reasons), tuple(law for r in reasons for law in r.law)


def deduction(facts: Facts) -> Answer:
    payee = Payee(facts["收款户名"], facts["收款账号"]) if facts.get("收款户名") else None
    reasons = check_deduction(
        facts.get("情形", ""), facts["可扣划情形"], payee, facts["法院"], sealed_months=facts.get("已封存月数"), sealed_needed=6
    )
    return {"可以扣划": "否" if reasons else "是"}, tuple(r.code for r in reasons), tuple(law for r in reasons for law in r.law)


RULES: dict[str, Callable[[Facts], Answer]] = {"轮候冻结": waiting, "冻结期限": term, "司法扣划": deduction}
