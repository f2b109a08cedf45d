"""`hpf decide withdrawal`: the rules of withdrawal on facts from a file. No database; nothing is kept."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hpf.jobs.cli import answers, law
from hpf.jobs.cli.answers import Answer, WrongUse
from hpf.kernel.codec import to_plain
from hpf.kernel.decision import Outcome
from hpf.kernel.money import Money
from hpf.policy.rules import LawFileError, LawFiles
from hpf.withdrawals.rules import GROUNDS, Entitlement, Finding, Ground, examine, explain, reading, rule_version


def add(families: Any) -> None:
    decide = families.add_parser("decide", help="按规则审批：提取")
    kinds = decide.add_subparsers(title="业务", dest="kind", required=True, metavar="业务", parser_class=type(decide))
    parser = kinds.add_parser("withdrawal", help="提取：按文件中的事实作出决定，不连接数据库")
    parser.add_argument("--ground", required=True, type=_ground, metavar="情形", help=f"{'、'.join(Ground)}，或者中文名称")
    parser.add_argument("--centre", metavar="中心", help="中心代码或名称")
    parser.add_argument("--on", type=answers.day, metavar="日期", help="受理日，默认今天")
    parser.add_argument("--facts", metavar="文件", help="JSON文件，- 表示标准输入；项目用 --schema 查看")
    parser.add_argument("--explain", action="store_true", help="附中文说明")
    parser.add_argument("--schema", action="store_true", help="只列出该情形用到的项目")
    parser.add_argument("--demo", action="store_true", help="补入演示值（只供演示）")
    parser.set_defaults(run=_withdrawal)


def _ground(text: str) -> Ground:
    for ground, sheet in GROUNDS.items():
        if text in (ground.value, sheet.label):
            return ground
    raise argparse.ArgumentTypeError(f"没有提取情形“{text}”，可用：{'、'.join(f'{ground.value}（{ground.text}）' for ground in Ground)}")


def _withdrawal(options: argparse.Namespace) -> Answer:
    ground: Ground = options.ground
    if options.schema:
        return Answer(
            {"ground": ground.value, "label": ground.text, "rule_version": rule_version(ground), "entries": reading.schema(ground)}
        )
    if not options.centre or not options.facts:
        raise WrongUse("decide withdrawal：须给出 --centre 和 --facts，或者用 --schema 查看需要的项目")
    on = options.on or date.today()
    centre = law.centre(options.centre)
    try:
        application = reading.read(ground, _file(options.facts), on, centre.id)
    except reading.NotAnApplication as wrong:
        raise WrongUse(f"{options.facts}：{wrong}") from None
    book = (_law_and_demo() if options.demo else law.law()).book(centre.id, on)
    finding = examine(ground, application.applicant, application.facts, book, on, application.asked)
    content = shown(finding) | ({"explain": explain(finding)} if options.explain else {})
    return Answer(content, is_yes=finding.decision.outcome is Outcome.APPROVED)


def shown(finding: Finding) -> dict[str, Any]:
    """A finding as JSON: the answer, its reasons with articles, the facts and the parameters that made it."""
    decision = finding.decision
    return {
        "outcome": decision.outcome.value,
        "ground": finding.ground.value,
        "on": finding.on.isoformat(),
        **(_entitlement(decision.value) if decision.value else {}),
        **({"provisional_amount": str(finding.provisional.amount)} if finding.provisional else {}),
        "reasons": [{"code": reason.code, "message": reason.message, "law": list(reason.law)} for reason in decision.reasons],
        "to_ask": list(finding.to_ask),
        "facts": [to_plain(each) for each in finding.facts],
        "parameters": [to_plain(each) for each in finding.parameters],
        "policy_digest": finding.policy_digest,
        "rule_version": finding.rule_version,
    }


def _entitlement(found: Entitlement) -> dict[str, Any]:
    return {
        "amount": str(found.amount),
        "limit": str(found.limit),
        "limits": [
            {"kind": each.kind.value, "label": each.label, "amount": str(each.amount), "law": list(each.law)} for each in found.limits
        ],
        "payee": found.payee.value,
        "payee_account": found.payee_account,
        "closes_account": found.closes_account,
        "interest_to": to_plain(found.interest_to),
        "claw_back_by": to_plain(found.claw_back_by),
        "exchange_code": found.exchange_code,
        "evidence": list(found.evidence),
        "shares": [{"person": share.person, "amount": str(share.amount)} for share in found.shares],
        "steps": list(found.steps),
    }


def _file(name: str) -> dict[str, Any]:
    """The JSON of a file. A bare 12.50 would be a float, so amounts must be text."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise WrongUse(f"不能读取文件{name}，须为UTF-8编码的JSON") from None
    try:
        content = json.loads(text, parse_float=_no_float)
    except json.JSONDecodeError as wrong:
        raise WrongUse(f"{name}第{wrong.lineno}行第{wrong.colno}列不是正确的JSON") from None
    if not isinstance(content, dict):
        raise WrongUse(f'{name}须为一组项目，例如 {{"balance": "{Money(2460000)}"}}')
    return content


def _no_float(text: str) -> Any:
    raise WrongUse(f'金额{text}须写成带引号的文字，例如"{text}"')


@cache
def _law_and_demo() -> LawFiles:
    folder = law.folder()
    try:
        return LawFiles.read(folder, folder.parent / "demo" / "law")
    except LawFileError as wrong:
        raise WrongUse(f"法规数据有误：{wrong}") from None
