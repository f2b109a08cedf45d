"""What a command gives back, and how wrong use is said: one Chinese line, never a traceback."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from hpf.kernel.decision import Outcome, Reason
from hpf.kernel.money import Money, NotAnAmount
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate

_EXACT = re.compile(r'"@exact (-?[0-9]+(?:\.[0-9]+)?)"')


class WrongUse(Exception):
    """The command cannot be understood. The message is one line for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`content` goes to stdout as JSON; `is_yes` False is a checked "no" (exit 1)."""

    content: dict[str, Any]
    is_yes: bool = True


@dataclass(frozen=True, slots=True)
class Passed:
    """Another program has spoken for itself; its exit code is passed on."""

    code: int


def show(answer: Answer | Passed) -> int:
    if isinstance(answer, Passed):
        return answer.code
    text = json.dumps(answer.content, ensure_ascii=False, separators=(",", ":"), default=str)
    sys.stdout.write(_EXACT.sub(r"\1", text) + "\n")
    sys.stdout.flush()
    return 0 if answer.is_yes else 1


def exact(hundredths: int) -> int | str:
    """A number in hundredths, for JSON: whole where it is whole, else with its exact decimals."""
    return hundredths // 100 if hundredths % 100 == 0 else f"@exact {Money(hundredths)}"


def refused(reasons: Iterable[Reason], **more: Any) -> Answer:
    return _no(Outcome.REFUSED, reasons, more)


def cannot_tell(code: str, message: str, **more: Any) -> Answer:
    """A value or a calendar is missing: nobody guesses, the answer is not a yes."""
    return _no(Outcome.REFERRED, [Reason(code, message)], more)


def _no(outcome: Outcome, reasons: Iterable[Reason], more: dict[str, Any]) -> Answer:
    listed = [{"code": reason.code, "message": reason.message, "law": list(reason.law)} for reason in reasons]
    return Answer({"outcome": outcome.value, "reasons": listed, **more}, is_yes=False)


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """argparse that speaks Chinese and leaves the exit to `main`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"formatter_class": _Formatter, "allow_abbrev": False, **more, "add_help": False})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        command = self.prog.removeprefix("hpf").strip()
        place = f"{command}：" if command else ""
        raise WrongUse(f"{place}{_chinese(message)}（用 {self.prog} --help 查看用法）")


def _chinese(message: str) -> str:
    for pattern, text in (
        (r"the following arguments are required: (.*)", r"缺少参数：\1"),
        (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
        (r"argument (\S+): invalid choice: (.*) \(choose from (.*)\)", r"参数\1不接受\2，可用：\3"),
        (r"argument (\S+): expected .*arguments?", r"参数\1后面缺少值"),
        (r"argument (\S+): not allowed with argument (\S+)", r"参数\1与\2不能同时使用"),
        (r"argument (\S+): (.*)", r"参数\1：\2"),
    ):
        if re.fullmatch(pattern, message, re.DOTALL):
            return " ".join(re.sub(pattern, text, message, flags=re.DOTALL).replace("'", "").split())
    return "命令无法识别"


def amount(text: str) -> Money:
    try:
        return Money.yuan(text)
    except NotAnAmount:
        raise argparse.ArgumentTypeError(f"“{text}”不是金额，请写到元角分，例如2310或2310.50") from None


def positive_amount(text: str) -> Money:
    if (read := amount(text)).fen <= 0:
        raise argparse.ArgumentTypeError(f"“{text}”不是正的金额")
    return read


def rate(text: str) -> Rate:
    try:
        return Rate.of(text.removesuffix("%"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是百分数，例如5或2.85") from None


def month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是年月，请写成2026-08的样式") from None


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成2026-08-31的样式") from None


def whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(f"“{text}”不是整数")
    return int(text)
