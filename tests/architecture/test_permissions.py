"""Every command's permission is a row that people can read and that some post holds; makers are not checkers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hpf.policy.rules.files import read_yaml

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "hpf"
CJK = re.compile(r"[\u4e00-\u9fff]")
_IN_TEMPLATE = re.compile(r'"([a-z_]+\.[a-z_]+)" in (?:p|visit\.actor\.permissions)\b')

NOT_FOR_POSTS = {
    "closing.take_over": "期初移交只在中心启用之日由安装程序按移交清册执行一次，不设岗位",
    "api.members": "只授予机器客户",
    "api.balances": "只授予机器客户",
    "api.statistics": "只授予机器客户",
    "api.court": "只授予法院的机器客户",
    "freezes.expire": "冻结期满由日终自动解除，不由人办理",
    "freezes.settle": "扣划付款结果随银行答复自动登记，不由人办理",
    "api.sharing": "只授予机器客户",
}
"""Permissions that no post holds, and why."""

APART = [
    ("queue.make", "queue.check"),
    ("contributions.refund", "contributions.approve_refund"),
    ("contributions.apply_deferral", "contributions.review_deferral"),
    ("contributions.apply_deferral", "contributions.approve_deferral"),
    ("contributions.review_deferral", "contributions.approve_deferral"),
    ("contributions.open_subsidy_program", "contributions.grant_subsidy"),
    ("access.users", "access.appoint"),
    ("workplan.enter_reading", "workplan.sign_reading"),
    ("workplan.report", "workplan.decide"),
]
"""No post holds both of a pair: one prepares, another passes."""


@dataclass(frozen=True)
class Command:
    """A function under `@command`, with the other commands it gives in turn."""

    name: str
    where: str
    permission: str
    gives: frozenset[str]


def sources() -> Iterator[tuple[str, str]]:
    for path in [*sorted(SOURCE.rglob("*.py")), *sorted(SOURCE.rglob("*.html"))]:
        yield path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")


def _first_text(call: ast.Call) -> str:
    return str(call.args[0].value) if call.args and isinstance(call.args[0], ast.Constant) else ""


def _called(node: ast.AST, name: str) -> Iterator[ast.Call]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and getattr(each.func, "id", getattr(each.func, "attr", "")) == name:
            yield each


def commands_in(files: Iterable[tuple[str, str]]) -> list[Command]:
    """Every command, and what it calls with `by` and `key`, through the helpers of its own file."""
    found = []
    for where, text in files:
        if where.endswith(".html"):
            continue
        functions = {each.name: each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef)}
        for name, function in functions.items():
            for decorator in function.decorator_list:
                if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "command":
                    found.append(Command(name, where, _first_text(decorator), frozenset(_given(function, functions, {name}))))
    return found


def _given(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef], seen: set[str]) -> Iterator[str]:
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if {"by", "key"} <= {keyword.arg for keyword in call.keywords}:
            yield name
        if name in functions and name not in seen:
            seen.add(name)
            yield from _given(functions[name], functions, seen)


def asked_for(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every permission that a command, a page, a template or an operation asks for, with a place that asks."""
    found = {}
    for where, text in files:
        if where.endswith(".html"):
            found |= dict.fromkeys(_IN_TEMPLATE.findall(text), where)
            continue
        tree = ast.parse(text)
        for name in ("command", "needs", "for_client"):
            found |= {_first_text(call): where for call in _called(tree, name) if _first_text(call)}
        for each in ast.walk(tree):
            if (
                isinstance(each, ast.Compare)
                and isinstance(each.ops[0], ast.In | ast.NotIn)
                and "permissions" in ast.unparse(each.comparators[0])
            ):
                found |= {str(each.left.value): where for _ in "1" if isinstance(each.left, ast.Constant)}
    return found


def findings(roles: dict[str, Any], files: Iterable[tuple[str, str]]) -> list[str]:
    """What is wrong between the permissions that are asked for and those that are listed and granted."""
    files = list(files)
    rows = {code: label for listed in roles["permissions"].values() for code, label in listed.items()}
    granted: dict[str, set[str]] = {}
    for role, said in roles["roles"].items():
        for code in said["permissions"]:
            granted.setdefault(code, set()).add(role)
    asked, commands = asked_for(files), commands_in(files)
    of_command = {each.name: each.permission for each in commands}
    found = [f"{where}: {code} is no row of roles.yaml" for code, where in asked.items() if code not in rows]
    found += [f"{code} is granted and is no row" for code in granted if code not in rows]
    found += [f"{code} is asked for by nothing" for code in rows if code not in asked]
    found += [f"{code} has no Chinese label" for code, label in rows.items() if not CJK.search(label)]
    found += [f"{code} is granted to nobody" for code in rows if code not in granted and code not in NOT_FOR_POSTS]
    found += [f"{code} is granted to {role}, and is not for posts" for code in NOT_FOR_POSTS for role in granted.get(code, ())]
    for one, other in APART:
        found += [f"{role} holds {one} and {other}" for role in sorted(granted.get(one, set()) & granted.get(other, set()))]
    for each in commands:
        for given in sorted(each.gives & of_command.keys()):
            lacking = granted.get(each.permission, set()) - granted.get(of_command[given], set())
            found += [f"{role} may {each.permission} and not {of_command[given]}, which it needs" for role in sorted(lacking)]
    return found


@pytest.fixture(scope="module")
def roles() -> dict[str, Any]:
    return dict(read_yaml(SOURCE / "access" / "roles.yaml"))


def test_every_permission_is_listed_labelled_and_held(roles: dict[str, Any]) -> None:
    files = list(sources())
    assert len(commands_in(files)) > 60
    assert findings(roles, files) == []


def test_who_passes_a_submission_may_give_every_command_of_the_queue(roles: dict[str, Any]) -> None:
    of_command = {each.name: each.permission for each in commands_in(sources())}
    text = (SOURCE / "web" / "counter" / "actions.py").read_text(encoding="utf-8")
    queued = {of_command[key.split(".")[1]] for key in re.findall(r'^    "([a-z_.]+)": Action\(', text, re.MULTILINE)}
    assert len(queued) >= 7
    for role, said in roles["roles"].items():
        held = set(said["permissions"])
        assert not ("queue.check" in held and queued - held), role
        assert not ("queue.make" in held and queued & held), role


COMMAND = '@command("parties.flag")\ndef flag(*, by, centre_id, key): ...\n'


def planted(text: str = COMMAND, labels: dict[str, str] | None = None, **holders: list[str]) -> list[str]:
    said = {
        "permissions": {"单位与个人": labels or {"parties.flag": "登记标记"}},
        "roles": {role: {"permissions": held} for role, held in holders.items()},
    }
    return findings(said, [("parties/services/flags.py", text)])


def test_the_check_can_fail() -> None:
    assert planted(CHECKER=["parties.flag"]) == []
    assert planted(COMMAND.replace("parties.flag", "parties.mark"), CHECKER=["parties.flag"]) == [
        "parties/services/flags.py: parties.mark is no row of roles.yaml",
        "parties.flag is asked for by nothing",
    ]
    assert list(asked_for([("a.html", '{% if "parties.flag" in visit.actor.permissions %}')])) == ["parties.flag"]
    assert planted(CLERK=[]) == ["parties.flag is granted to nobody"]
    assert planted(CHECKER=["parties.flag", "parties.fly"]) == ["parties.fly is granted and is no row"]
    assert planted(labels={"parties.flag": "flag"}, CHECKER=["parties.flag"]) == ["parties.flag has no Chinese label"]
    queue = '@needs("queue.make")\ndef a(r): ...\n@needs("queue.check")\ndef b(r): ...\n'
    labels = {"queue.make": "提交复核", "queue.check": "复核"}
    assert planted(queue, labels, CLERK=["queue.make", "queue.check"]) == ["CLERK holds queue.make and queue.check"]
    nested = (
        COMMAND
        + '@command("parties.note")\ndef note(*, by, centre_id, key):\n    return _through(by, key)\ndef _through(by, key):\n    return flag(by=by, centre_id=1, key=key)\n'
    )
    labels = {"parties.flag": "登记标记", "parties.note": "登记"}
    assert planted(nested, labels, CLERK=["parties.note"], CHECKER=["parties.flag"]) == [
        "CLERK may parties.note and not parties.flag, which it needs"
    ]


GUARDED = re.compile(r"((?:^@[^\n]+\n)+)def (\w+)\(request", re.MULTILINE)
GUARD = re.compile(r'^@needs\("([^"]+)"\)', re.MULTILINE)


def open_to_the_public(text: str, outside: frozenset[str]) -> list[str]:
    """Views whose every permission is held by members or employers too: they would open other people's accounts to them."""
    return [name for guards, name in GUARDED.findall(text) if (asked := GUARD.findall(guards)) and outside.issuperset(asked)]


def test_no_page_of_the_counter_opens_with_what_members_and_employers_may_do() -> None:
    roles = read_yaml(SOURCE / "access" / "roles.yaml")["roles"]
    outside = frozenset(p for role in roles.values() if role["audience"] in ("MEMBER", "EMPLOYER") for p in role["permissions"])
    folders = [SOURCE / "web" / name for name in ("counter", "administration", "supervisor")]
    found = {path.name: open_to_the_public(path.read_text(encoding="utf-8"), outside) for folder in folders for path in folder.glob("*.py")}
    assert {name: views for name, views in found.items() if views} == {}


def test_the_check_of_pages_can_fail() -> None:
    outside = frozenset({"withdrawals.apply"})
    guarded = '@require_GET\n@needs("page.counter")\n@needs("withdrawals.apply")\ndef menu(request): ...\n'
    assert open_to_the_public(guarded, outside) == []
    assert open_to_the_public(guarded.replace('@needs("page.counter")\n', ""), outside) == ["menu"]
