"""转移接续的规则 as golden cases name them: (values, reasons, articles)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.transfers.rules.information import Information, check_information
from hpf.transfers.rules.leaving import Leaver, answer_of, check_leaving, six_months_continuous
from hpf.transfers.rules.letters import NotALetterNumber, letter_number
from hpf.transfers.rules.states import Side, State, check_move, state_of

Facts = dict[str, Any]
Answer = tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]
SIDES = {"转入地": Side.TAKING, "转出地": Side.GIVING}


def _answer(reasons: list[Any], **values: Any) -> Answer:
    return values, tuple(reason.code for reason in reasons), tuple(law for reason in reasons for law in reason.law)


def number(facts: Facts) -> Answer:
    try:
        return _answer([], 编号=letter_number(facts["机构代码"], facts["日期"], facts["序号"]))
    except NotALetterNumber as error:
        return _answer([], 说明=str(error))


def move(facts: Facts) -> Answer:
    now, wanted = (state_of(facts[name]) for name in ("现状态", "改为"))
    return _answer(check_move(now, wanted, SIDES[facts["谁"]]), 现状态=now.label, 改为=wanted.label)


def leaving(facts: Facts) -> Answer:
    balance = Money.yuan(facts["余额"])
    held = Money.yuan(facts["占用"]) if "占用" in facts else ZERO
    leaver = Leaver(
        facts["户名"], facts["账户状态"], balance, balance - held, frozenset(facts.get("标记", ())), date(2015, 7, 1), (), leaving=facts.get("在途", "")
    )  # fmt: skip
    reasons = check_leaving(leaver, facts["联系函姓名"])
    return _answer(reasons, 答复=answer_of(reasons).code if reasons else State.INFORMED.code)


def six_months(facts: Facts) -> Answer:
    return _answer([], 连续=six_months_continuous([Month.parse(text) for text in facts["已缴"]], facts["封存日"]))


def information(facts: Facts) -> Answer:
    said = Information(
        facts["姓名"], "RESIDENT_ID", facts["证件"], "0931000001", Money.yuan(facts["本金"]), Money.yuan(facts["利息"]), Money.yuan(facts["金额"]),
        facts["开户日"], Month.parse(facts["缴至"]), True, 0, True, False,
    )  # fmt: skip
    return _answer(check_information(said, facts["联系函姓名"], "RESIDENT_ID", facts["联系函证件"], facts["日期"]))


RULES: dict[str, Callable[[Facts], Answer]] = {
    "联系函编号": number, "联系函状态": move, "转出审核": leaving, "连续缴存标志": six_months, "账户信息": information,
}  # fmt: skip
