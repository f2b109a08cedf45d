"""`hpf`: the platform on the command line. JSON on stdout; 0 done, 1 a checked "no", 2 wrong use and one line on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hpf.jobs.cli import calc, check, checkout, decide, operations, policy, replay, workplan
from hpf.jobs.cli.answers import Answer, Parser, Passed, WrongUse, show


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Only the families that need the database start Django."""
    try:
        options = _parser().parse_args(arguments)
        answer: Answer | Passed = options.run(options)
    except WrongUse as wrong:
        print(f"hpf：{wrong}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("hpf：已中断，未完成的步骤可以重新执行", file=sys.stderr)
        return 130
    return show(answer)


def _parser() -> Parser:
    parser = Parser(prog="hpf", description="住房公积金核心平台命令行。结果以JSON输出；退出码0成功，1经核对的“否”，2用法有误。")
    families = parser.add_subparsers(title="命令", dest="family", required=True, metavar="命令", parser_class=Parser)
    for family in (calc, check, decide, replay, policy, operations, workplan, checkout):
        family.add(families)
    return parser
