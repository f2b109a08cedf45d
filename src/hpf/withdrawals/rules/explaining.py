"""说明: a finding in Chinese sentences, for the member, for the letter of refusal, for `hpf decide --explain`.

What stands on the account but may not leave it is never given as a figure: the bound is called 账户可用余额 and nothing more.
"""

from __future__ import annotations

import re

from hpf.kernel.decision import Outcome, Reason
from hpf.policy.rules import Confidence

from .entitlement import Entitlement, Finding, Limit, LimitKind, UsedFact, UsedParameter
from .facts_of_life import PATIENTS
from .grounds import GROUNDS, Ground

OBJECTION = "对本决定有异议的，可以向本中心申请复核，也可以依法申请行政复议或者提起行政诉讼"
_REGULATION = re.compile(r"条例/(\d+)(?:@(\d{4}))?")


def explain(finding: Finding) -> list[str]:
    """One sentence each: what was asked under which text, the answer and why, the facts, the policy, the versions."""
    return [_heading(finding), *_answer(finding), *_basis(finding)]


def cited_text(citation: str) -> str:
    """A citation for people.

    Example  条例/24@2026 -> 《住房公积金管理条例》（2026年修订）第24条;  建金〔2015〕19号/租房条件 -> 建金〔2015〕19号（租房条件）
    """
    if match := _REGULATION.fullmatch(citation):
        edition = f"（{match[2]}年修订）" if match[2] else ""
        return f"《住房公积金管理条例》{edition}第{match[1]}条"
    document, _, article = citation.partition("@")[0].partition("/")
    return f"{document}（{article}）" if article else document


def _heading(finding: Finding) -> str:
    sheet = GROUNDS[finding.ground]
    edition = next((each.value for each in finding.parameters if each.key == "regulation.edition"), "")
    item = sheet.item(edition)
    text = f"，适用《住房公积金管理条例》{edition}年修订文本" if edition else ""
    return f"{finding.on}受理的“{sheet.label}”提取申请{text}{f'第二十四条第{item}项' if item else ''}。"


def _answer(finding: Finding) -> list[str]:
    decision = finding.decision
    if decision.outcome is Outcome.APPROVED and decision.value:
        return _approved(decision.value)
    if decision.outcome is Outcome.REFUSED:
        return [f"不予提取，理由{len(decision.reasons)}条：", *_numbered(decision.reasons), f"{OBJECTION}。"]
    said = [f"不能自动审批，转人工审核，原因{len(decision.reasons)}条：", *_numbered(decision.reasons)]
    if finding.provisional:
        said.append(f"核实无误的，可以提取{finding.provisional.amount.text}元。")
    return said


def _approved(found: Entitlement) -> list[str]:
    closing = "，账户同时注销" if found.closes_account else ""
    said = [f"准予提取{found.amount.text}元{closing}。"]
    bound = min(found.limits, key=lambda limit: limit.amount)
    said += [f"{'最低的' if limit is bound else ''}限制：{_limit(limit)}。" for limit in found.limits]
    said += [f"{share.person}分得{share.amount.text}元。" for share in found.shares]
    return [*said, *(f"{step}。" for step in found.steps)]


def _limit(limit: Limit) -> str:
    if limit.kind is LimitKind.AVAILABLE:
        return "账户可用余额"
    amount = "" if f"{limit.amount.text}元" in limit.label else f"为{limit.amount.text}元"
    return f"{limit.label}{amount}{_laws(limit.law)}"


def _numbered(reasons: tuple[Reason, ...]) -> list[str]:
    return [f"{number}. {reason.message}{_laws(reason.law)}。" for number, reason in enumerate(reasons, 1)]


def _laws(law: tuple[str, ...] | str) -> str:
    cited = (law,) if isinstance(law, str) else law
    return f"（依据：{'、'.join(cited_text(each) for each in cited)}）" if cited else ""


def _basis(finding: Finding) -> list[str]:
    said = [f"事实：{_fact(each)}。" for each in finding.facts]
    said += [f"政策：{_parameter(each)}。" for each in finding.parameters]
    return [*said, f"政策参数摘要{finding.policy_digest[:16]}，规则版本{finding.rule_version}。"]


def _fact(used: UsedFact) -> str:
    source = "，".join(part for part in (used.source, str(used.at) if used.at else "") if part)
    return f"{used.label}：{used.text}" + (f"（{source}）" if source else "")


_CODES = {
    "PERSON": "按人", "HOUSEHOLD": "夫妻合并", "CALENDAR": "公历年度", "POLICY": "政策年度", "ONCE": "一次", "YEARLY": "每年一次",
    "REFER": "转人工", "REFUSE": "不予提取", **PATIENTS, **{ground.value: ground.text for ground in Ground},
}  # fmt: skip
"""Values of text parameters that are codes."""


def _parameter(used: UsedParameter) -> str:
    confidence = Confidence(used.confidence).text
    text = "、".join(_CODES.get(part, part) for part in used.text.split(",")) if used.text == used.value else used.text
    label = used.label.partition("（")[0]
    return f"{label}：{text}（{cited_text(used.citation)}，自{used.since}起，{confidence}）"
