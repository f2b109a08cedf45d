"""`hpf policy show`: one value of the law, with the document behind it."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from hpf.jobs.cli import answers, law
from hpf.jobs.cli.answers import Answer, WrongUse, cannot_tell
from hpf.policy.rules import MissingParameter, Parameter


def add(families: Any) -> None:
    policy = families.add_parser("policy", help="政策参数")
    actions = policy.add_subparsers(title="操作", dest="action", required=True, metavar="操作", parser_class=type(policy))
    show = actions.add_parser("show", help="某中心某日的一个参数值及其依据")
    show.add_argument("key", metavar="参数", help="例如 contribution.base_cap")
    show.add_argument("--centre", required=True, metavar="中心", help="中心代码或名称")
    show.add_argument("--on", type=answers.day, metavar="日期", help="哪一天的值，默认今天")
    show.add_argument("--district", metavar="区县", help="区县名称或代码")
    show.set_defaults(run=_show)


def _show(options: argparse.Namespace) -> Answer:
    centre = law.centre(options.centre)
    if not any(parameter.key == options.key for parameter in law.law().parameters):
        raise WrongUse(f"没有名为“{options.key}”的政策参数")
    book = law.law().book(centre.id, options.on or date.today())
    district = law.district(centre, options.district)
    if district is None and not book.knows(options.key) and (named := book.districts(options.key)):
        names = {each.code: each.name for each in centre.districts}
        return Answer(
            {
                "key": options.key,
                "centre": centre.code,
                "districts": [{"district": names.get(code, code), **_value(book.parameter(options.key, code))} for code in named],
            }
        )
    try:
        found = book.parameter(options.key, district)
    except MissingParameter as missing:
        return cannot_tell("MISSING_PARAMETER", str(missing), key=options.key, centre=centre.code)
    return Answer({"key": found.key, "centre": centre.code, **_value(found)})


def _value(found: Parameter) -> dict[str, Any]:
    return {
        "value": found.value,
        "unit": found.unit.value,
        "text": found.text,
        "since": found.since.isoformat(),
        "until": found.until.isoformat() if found.until else None,
        "citation": found.citation,
        "confidence": found.confidence.value,
        "confidence_text": found.confidence.text,
    }
