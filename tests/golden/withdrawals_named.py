"""提取 as golden cases name it: the figures and facts by their Chinese labels, the answer as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from hpf.kernel.decision import Outcome
from hpf.policy.rules import LawFiles, PolicyBook
from hpf.policy.rules.files import read_yaml
from hpf.withdrawals.rules import reading
from hpf.withdrawals.rules.deciding import examine
from hpf.withdrawals.rules.entitlement import Finding
from hpf.withdrawals.rules.grounds import Ground

_PROJECT = Path(__file__).resolve().parents[2]
LAW_AND_DEMO = LawFiles.read(_PROJECT / "law", _PROJECT / "demo" / "law")
"""With the demonstration's values, so that a case can be decided where no document is at hand."""

LAW_ALONE = LawFiles.read(_PROJECT / "law")
WITHOUT_DEMO = "不含演示值"

_YES_NO = {True: "是", False: "否"}
_BOOKS: dict[tuple[int, date, bool], PolicyBook] = {}


def cases() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every case of 提取/: the rule of its file, its facts written out, and the case."""
    for path in sorted((_PROJECT / "tests" / "golden" / "提取").glob("*.yaml")):
        document = read_yaml(path)
        for case in document["案例"]:
            yield document["规则"], facts_of(document, case), case


def facts_of(document: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """The facts of a case: those that its file names once (基准), and what the case says otherwise."""
    named = case.get("基准")
    return {**(document["基准"][named] if named else {}), **case.get("事实", {})}


def application_of(facts: dict[str, Any]) -> tuple[Ground, reading.Application, PolicyBook, date]:
    """A case's 事实 as the rule takes them: 情形, 中心, 日期, and everything else as `reading` has it."""
    data = dict(facts)
    ground, centre, on = Ground(data.pop("情形")), LAW_AND_DEMO.centre(data.pop("中心")), data.pop("日期")
    law_alone = data.pop("法规", "") == WITHOUT_DEMO
    place = (centre.id, on, law_alone)
    if place not in _BOOKS:
        _BOOKS[place] = (LAW_ALONE if law_alone else LAW_AND_DEMO).book(centre.id, on)
    return ground, reading.read(ground, data, on, centre.id), _BOOKS[place], on


def examined(facts: dict[str, Any]) -> Finding:
    """Run the rule on a case's 事实."""
    ground, application, book, on = application_of(facts)
    return examine(ground, application.applicant, application.facts, book, on, application.asked)


def values_of(finding: Finding) -> dict[str, Any]:
    decision = finding.decision
    values: dict[str, Any] = {"结论": {Outcome.APPROVED: "准予", Outcome.REFUSED: "不予", Outcome.REFERRED: "转人工"}[decision.outcome]}
    if found := decision.value:
        values |= {
            "金额": str(found.amount), "最多": str(found.limit), "销户": _YES_NO[found.closes_account], "收款": found.payee.text,
            "收款账号": found.payee_account, "凭证": list(found.evidence), "退回期限": found.claw_back_by, "计息至": found.interest_to,
            "份额": {share.person: str(share.amount) for share in found.shares}, "受限于": min(found.limits, key=lambda each: each.amount).label,
        }  # fmt: skip
    return values
