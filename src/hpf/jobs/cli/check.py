"""`hpf check`: is a number of a document or of an organisation possible? No database; nothing is kept."""

from __future__ import annotations

import argparse
from typing import Any

from hpf.jobs.cli.answers import Answer
from hpf.parties.rules import ID_KINDS, check_identity, check_uscc, recognise_identity


def add(families: Any) -> None:
    check = families.add_parser("check", help="核对号码：证件号码、统一社会信用代码")
    kinds = check.add_subparsers(title="号码", dest="kind", required=True, metavar="号码", parser_class=type(check))
    person = kinds.add_parser("id", help="身份证件号码")
    person.add_argument("value", metavar="号码", help="证件号码")
    person.add_argument("--kind", dest="id_kind", choices=list(map(str, ID_KINDS)), help="证件类型，默认按号码的样式识别")
    person.set_defaults(run=_identity)
    organisation = kinds.add_parser("uscc", help="统一社会信用代码")
    organisation.add_argument("value", metavar="代码", help="统一社会信用代码")
    organisation.set_defaults(run=_organisation)


def _identity(options: argparse.Namespace) -> Answer:
    found = check_identity(options.id_kind, options.value) if options.id_kind else recognise_identity(options.value)
    content: dict[str, Any] = {"kind": str(found.kind), "valid": found.valid, "reason": found.reason}
    if found.valid and found.born_on:
        content |= {"born_on": found.born_on.isoformat(), "sex": str(found.sex) if found.sex else None}
    return Answer(content, is_yes=found.valid)


def _organisation(options: argparse.Namespace) -> Answer:
    found = check_uscc(options.value)
    return Answer({"kind": "USCC", "valid": found.valid, "reason": found.reason}, is_yes=found.valid)
