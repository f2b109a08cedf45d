"""Every code that the platform answers with, and its message, read from the code itself.

    python -m tools.messages          writes docs/handbook/messages.md
    python -m tools.messages --check  exits 1 when the document is out of date

A message is found where a `Reason`, a `Defect` or a `FileRefused` is built, also when code and message come by a local
name, through a small function of the same file, or out of a table of codes. What is filled in at run time shows as 〔…〕.
"""

from __future__ import annotations

import ast
import functools
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DOCUMENT = PROJECT / "docs" / "handbook" / "messages.md"
BLANK = "〔…〕"
BY_POLICY = "所用政策参数的依据"
BUILDERS: dict[str, tuple[str, ...]] = {
    "Reason": ("code", "message", "law"),
    "DocumentRefused": ("code", "message"),
    "LedgerFileRefused": ("code", "message"),
    "Fault": ("row", "column", "value", "code", "message", "remedy"),
    "NotADate": ("code", "message", "remedy"),
    "Defect": ("row", "column", "value", "code", "message", "remedy", "law"),
    "FileRefused": ("code", "message", "remedy", "row", "column"),
}
MODULES = {
    "access": "用户与复核",
    "accounts": "账户",
    "api": "接口",
    "closing": "日终与结息",
    "contributions": "缴存",
    "db": "数据库",
    "freezes": "司法查控",
    "jobs": "命令行",
    "kernel": "基础",
    "ledger": "总账",
    "loans": "贷款",
    "outbox": "待发",
    "parties": "单位与个人",
    "policy": "政策参数",
    "sharing": "数据共享",
    "statistics": "统计",
    "transfers": "转移接续",
    "treasury": "资金",
    "web": "页面",
    "withdrawals": "提取",
    "workplan": "工作要点",
}

_CODE = re.compile(r"[A-Z*][A-Z0-9*]*(_[A-Z0-9*]+)*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SEVERAL = 8
_SAYS_SOMETHING = re.compile(rf"\b({'|'.join(BUILDERS)})\(|Enum\)|^[A-Z_]+(: \w+)? = \(?[\"']", re.MULTILINE)

Scope = ast.FunctionDef | ast.Module


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One way in which one code is said. `where` is file and line; `law` the articles, or how they are found."""

    module: str
    code: str
    text: str
    remedy: str
    law: str
    where: str


def read(paths: Iterable[tuple[str, str]]) -> list[Message]:
    """All messages of (path, text) pairs, in order of module and code."""
    found: list[Message] = []
    trees = [(path, text, ast.parse(text)) for path, text in paths if _SAYS_SOMETHING.search(text)]
    enums = {name: value for _, text, tree in trees if "Enum)" in text for name, value in _enum_members(tree)}
    constants = {f"{_dotted(path)}.{name}": value for path, _, tree in trees for name, value in _constants(tree)}
    for path, text, tree in trees:
        if any(f"{builder}(" in text for builder in BUILDERS):
            found.extend(_File(path, tree, enums, constants).messages())
    return sorted(set(found))


@functools.cache
def everything() -> tuple[Message, ...]:
    """The messages of the project as it stands."""
    return tuple(read(sources()))


def sources(folder: Path = PROJECT / "src" / "hpf") -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(folder.parent.parent).as_posix(), path.read_text(encoding="utf-8")


class _File:
    """One file: its functions, the small ones that only pass code and message on, and where each call stands."""

    def __init__(self, path: str, tree: ast.Module, enums: dict[str, str], constants: dict[str, ast.expr]) -> None:
        self.path, self.tree, self.enums = path, tree, enums
        imported = {
            each.asname or each.name: constants[f"{node.module}.{each.name}"]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for each in node.names
            if f"{node.module}.{each.name}" in constants
        }
        self.constants = imported | dict(_constants(tree))
        self.module = path.split("/")[2].removesuffix(".py")
        self.scope_of: dict[ast.AST, Scope] = {}
        self._place(tree, tree)
        self.passed_on = dict(self._functions_that_pass_on())

    def _place(self, node: ast.AST, scope: Scope) -> None:
        for child in ast.iter_child_nodes(node):
            self.scope_of[child] = scope
            self._place(child, child if isinstance(child, ast.FunctionDef) else scope)

    def messages(self) -> Iterator[Message]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield from self._of_call(node)
            elif isinstance(node, ast.Tuple):
                yield from self._of_row(node, node.elts)
            elif isinstance(node, ast.Dict):
                yield from self._of_table(node)

    def _of_call(self, call: ast.Call) -> Iterator[Message]:
        given = self._given(call)
        scope = self.scope_of[call]
        if not given or "code" not in given or "message" not in given:
            return
        remedies = self._texts(given.get("remedy"), scope, call.lineno) or [""]
        laws = "、".join(self._laws(given.get("law"), scope, call.lineno))
        texts = [text for text in self._texts(given["message"], scope, call.lineno) if _CHINESE.search(text)]
        if not texts and not isinstance(given["message"], ast.Name):
            texts = [BLANK]
        for code in self._texts(given["code"], scope, call.lineno):
            if _CODE.fullmatch(code.replace(BLANK, "*")):
                for text in texts:
                    yield self._message(code, text, remedies[-1], laws, call.lineno)

    def _of_row(self, row: ast.Tuple, cells: list[ast.expr]) -> Iterator[Message]:
        """("CODE", "message", "remedy", ...): a row of a table, or what a function returns for its caller to place."""
        if len(cells) < 3 or not (isinstance(cells[0], ast.Constant) and isinstance(cells[0].value, str)):
            return
        scope, code = self.scope_of[row], cells[0].value
        texts = [self._texts(cell, scope, row.lineno) for cell in cells[1:3]]
        if _CODE.fullmatch(code) and all(each and _CHINESE.search(each[-1]) for each in texts):
            laws = "、".join(self._laws(cells[3], scope, row.lineno)) if len(cells) > 3 else ""
            yield self._message(code, texts[0][-1], texts[1][-1], laws, row.lineno)

    def _of_table(self, table: ast.Dict) -> Iterator[Message]:
        """{Wrong.NOT_AN_AMOUNT: ("message", "remedy")}: messages by the member of an enumeration."""
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name) and isinstance(value, ast.Tuple) and len(value.elts) == 2:
                code = self.enums.get(f"{key.value.id}.{key.attr}", "")
                texts = [self._texts(cell, self.tree, value.lineno) for cell in value.elts]
                if _CODE.fullmatch(code) and all(each and _CHINESE.search(each[-1]) for each in texts):
                    text, remedy = (re.sub(r"\{\w+\}", BLANK, each[-1]) for each in texts)
                    yield self._message(code, text, remedy, "", value.lineno)

    def _message(self, code: str, text: str, remedy: str, laws: str, line: int) -> Message:
        return Message(self.module, code.replace(BLANK, "*"), text, remedy, laws, f"{self.path}:{line}")

    def _given(self, call: ast.Call) -> dict[str, ast.expr]:
        """What a call gives for code, message, remedy and law."""
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        places, fixed = (BUILDERS[name], {}) if name in BUILDERS else self.passed_on.get(name, ((), {}))
        if not places:
            return {}
        return fixed | dict(zip(places, call.args, strict=False)) | {each.arg: each.value for each in call.keywords if each.arg}

    def _functions_that_pass_on(self) -> Iterator[tuple[str, tuple[tuple[str, ...], dict[str, ast.expr]]]]:
        """Functions whose own parameter is the code: their callers say the message, they may say the law."""
        for function in ast.walk(self.tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            parameters = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
            for call in ast.walk(function):
                name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
                if isinstance(call, ast.Call) and name in BUILDERS:
                    given = dict(zip(BUILDERS[name], call.args, strict=False))
                    renamed = {value.id: part for part, value in given.items() if isinstance(value, ast.Name) and value.id in parameters}
                    if "code" in renamed.values():
                        fixed = {part: value for part, value in given.items() if part in ("remedy", "law") and part not in renamed.values()}
                        yield function.name, (tuple(renamed.get(each, "") for each in parameters if each != "self"), fixed)

    def _texts(self, value: ast.expr | None, scope: Scope, line: int, depth: int = 0) -> list[str]:
        """Every text that an expression may be, as far as the file says."""
        match value:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=parts):
                return ["".join(str(part.value) if isinstance(part, ast.Constant) else BLANK for part in parts)]
            case ast.IfExp(body=body, orelse=other):
                return self._texts(body, scope, line, depth) + self._texts(other, scope, line, depth)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                ends = self._texts(right, scope, line, depth) or [BLANK]
                return [start + end for start in self._texts(left, scope, line, depth) or [BLANK] for end in ends]
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr=member), attr="value"):
                return [self.enums[f"{name}.{member}"]] if f"{name}.{member}" in self.enums else []
            case ast.Attribute(value=ast.Name(id=name), attr=member):
                return [self.enums[f"{name}.{member}"]] if f"{name}.{member}" in self.enums else []
            case ast.Name(id=name) if depth < _SEVERAL:
                return self._assigned(name, scope, line, depth + 1)
        return []

    def _assigned(self, name: str, scope: Scope, line: int, depth: int) -> list[str]:
        """The texts last given to a local name before this line: one, or both branches of an `if` or `match`."""
        before = self._values_given(name, scope, line)
        nearest = before if self._in_two_branches(scope, [at for at, _ in before], line) else before[-1:]
        return [text for at, value in nearest for text in self._texts(value, scope, at, depth)]

    @staticmethod
    def _values_given(name: str, scope: Scope, line: int) -> list[tuple[int, ast.expr]]:
        before: list[tuple[int, ast.expr]] = []
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign) and node.lineno <= line and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name) and target.id == name:
                    before.append((node.lineno, node.value))
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    before += [
                        (node.lineno, value)
                        for each, value in zip(target.elts, node.value.elts, strict=False)
                        if isinstance(each, ast.Name) and each.id == name
                    ]
        return sorted(before, key=lambda each: each[0])

    @staticmethod
    def _in_two_branches(scope: Scope, lines: list[int], line: int) -> bool:
        """Whether the last two of these lines stand in two branches of one choice that is over before `line`."""
        if len(lines) < 2:
            return False
        for node in ast.walk(scope):
            if not isinstance(node, ast.If | ast.Match) or (node.end_lineno or line) >= line:
                continue
            branches: list[list[ast.stmt]] = []
            if isinstance(node, ast.If) and node.orelse:
                branches = [node.body, node.orelse]
            elif isinstance(node, ast.Match):
                branches = [case.body for case in node.cases]
            holding = [
                number for number, body in enumerate(branches) for at in lines[-2:] if body[0].lineno <= at <= (body[-1].end_lineno or at)
            ]
            if len(set(holding)) == 2:
                return True
        return False

    def _laws(self, value: ast.expr | None, scope: Scope, line: int) -> list[str]:
        match value:
            case None:
                return []
            case ast.Tuple(elts=parts):
                return [law for part in parts for law in self._laws(part, scope, line)]
            case ast.Starred(value=inner):
                return self._laws(inner, scope, line)
            case ast.Name(id=name):
                given = self._values_given(name, scope, line)
                named = given[-1][1] if given else self.constants.get(name)
                return self._laws(named, scope, line) if named is not None else [BY_POLICY]
        found = [law for text in self._texts(value, scope, line) for law in text.split("、") if law]
        return found or ([] if isinstance(value, ast.Constant) else [BY_POLICY])


def _enum_members(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases):
            for each in node.body:
                if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant) and isinstance(each.targets[0], ast.Name):
                    yield f"{node.name}.{each.targets[0].id}", str(each.value.value)


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """LAW = "条例/13" or LAW: Final = ("条例/13",), at the top of a file."""
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Tuple | ast.Constant):
            yield target.id, value


def _dotted(path: str) -> str:
    return path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def two_meanings(messages: Iterable[Message], shared: Iterable[str]) -> list[str]:
    """Codes that two modules use, unless they are known to say the same everywhere."""
    modules: dict[str, set[str]] = {}
    for message in messages:
        modules.setdefault(message.code, set()).add(message.module)
    return [f"{code}: {', '.join(sorted(names))}" for code, names in sorted(modules.items()) if len(names) > 1 and code not in set(shared)]


def laws_of(messages: Iterable[Message]) -> Iterator[tuple[str, str]]:
    """(where, article) for every article that is written out."""
    for message in messages:
        for law in message.law.split("、"):
            if law and law != BY_POLICY:
                yield message.where, law


def document(messages: Iterable[Message]) -> str:
    """The handbook's list: by module, each code once with all its wordings."""
    messages = list(messages)
    lines = [
        "# 提示信息一览",
        "",
        "系统拒绝或提醒时给出的代码、文字和依据。本页由程序从源代码生成，请勿手工修改。",
        f"“{BLANK}”处显示当时的姓名、号码、金额或日期；“{BY_POLICY}”指判断时所用参数登记的文件条文。",
        f"同一代码有几种说法的，每种占一行；整条只有“{BLANK}”的，文字由号码检查等另行给出。",
    ]
    for module in sorted({message.module for message in messages}, key=lambda each: MODULES.get(each, each)):
        lines += ["", f"## {MODULES.get(module, module)}", "", "| 代码 | 提示 | 依据 |", "| --- | --- | --- |"]
        shown: set[tuple[str, str, str]] = set()
        for message in messages:
            if message.module == module:
                text = "。".join(part.rstrip("。") for part in (message.text, message.remedy) if part)
                row = (message.code, text.replace("|", "｜"), message.law or "—")
                if row not in shown:
                    shown.add(row)
                    lines.append(f"| `{row[0]}` | {row[1]} | {row[2]} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    written = document(everything())
    if "--check" in arguments:
        if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != written:
            print(f"{DOCUMENT.relative_to(PROJECT)} is out of date: run python -m tools.messages", file=sys.stderr)
            return 1
        return 0
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(written, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
