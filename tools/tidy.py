"""House checks that the linters do not know. `python -m tools.tidy` prints what is wrong and exits 1.

Each check is a function from (path, text) to findings; tests/architecture/test_tidy.py shows every one failing.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LINES_MAX = 500
HOMELESS = {"utils.py", "helpers.py", "managers.py", "signals.py", "constants.py", "misc.py", "common.py"}
CJK = re.compile(r"[\u4e00-\u9fff]")
HOSTS = re.compile(
    r"https?://(?:[\w.-]*\.)?(?:pypi\.org|pythonhosted\.org|npmjs\.org|npmjs\.com|unpkg\.com|jsdelivr\.net|cdnjs\.com|debian\.org)", re.I
)
CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")

Check = Callable[[str, str], Iterator[str]]


def homeless_files(path: str, text: str) -> Iterator[str]:
    """A function without a home means a word is missing from the glossary."""
    if path.startswith("src/hpf/") and Path(path).name in HOMELESS:
        yield f"{path}: name the business, not {Path(path).name}"


def long_files(path: str, text: str) -> Iterator[str]:
    """A long file is split by business subject; a migration is what it is."""
    if "/migrations/" in path:
        return
    lines = text.count("\n")
    if path.startswith(("src/", "demo/", "tools/", "bench/")) and path.endswith(".py") and lines > LINES_MAX:
        yield f"{path}: {lines} lines, more than {LINES_MAX}: split it by business subject"


def hosts(path: str, text: str) -> Iterator[str]:
    """No registry or CDN is named anywhere, lock files included."""
    if path != "tools/tidy.py":
        for match in HOSTS.finditer(text):
            yield f"{path}: names the host {match[0]}"


def module_docstrings(path: str, text: str) -> Iterator[str]:
    """Every module's first paragraph says what it is."""
    if (
        path.startswith("src/")
        and path.endswith(".py")
        and "/migrations/" not in path
        and text.strip()
        and not ast.get_docstring(ast.parse(text))
    ):
        yield f"{path}: no docstring"


def reasons(path: str, text: str) -> Iterator[str]:
    """A Reason has a stable code, a Chinese message with more than a word, and its law where it is written out."""
    if not (path.startswith("src/hpf/") and path.endswith(".py")):
        return
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Reason"):
            continue
        given = dict(zip(("code", "message", "law", "facts"), node.args, strict=False)) | {k.arg: k.value for k in node.keywords if k.arg}
        code, message = given.get("code"), given.get("message")
        if isinstance(code, ast.Constant) and not CODE.fullmatch(str(code.value)):
            yield f"{path}:{node.lineno}: reason code {code.value!r} is not UPPER_SNAKE"
        literal = "".join(str(part.value) for part in ast.walk(message) if isinstance(part, ast.Constant)) if message else ""
        if literal and not CJK.search(literal):
            yield f"{path}:{node.lineno}: a reason's message is Chinese"
        spliced = isinstance(message, ast.JoinedStr) and isinstance(message.values[-1], ast.FormattedValue)
        if literal and isinstance(message, ast.Constant | ast.JoinedStr) and not spliced and not re.search(r"[，；。：]", literal):
            yield f"{path}:{node.lineno}: a reason says what, why and what to do now: {literal[:30]!r}"


def floats(path: str, text: str) -> Iterator[str]:
    """Money and rates are exact: no float() and no float literal in the business, unless its line says `# float:` why."""
    pages = ("src/hpf/web/", "src/hpf/api/", "src/hpf/jobs/", "src/hpf/treasury/gateways/")
    if not (path.startswith("src/hpf/") and path.endswith(".py")) or path.startswith(pages):
        return
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Constant | ast.Call) or "# float:" in lines[node.lineno - 1]:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{path}:{node.lineno}: a float literal {node.value}"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float":
            yield f"{path}:{node.lineno}: float()"


def foreign_keys(path: str, text: str) -> Iterator[str]:
    """Foreign keys say what happens on deletion and leave no name behind on the other side."""
    if "/models" not in path or not path.endswith(".py"):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"ForeignKey", "OneToOneField"}:
            names = {k.arg: ast.unparse(k.value) for k in node.keywords}
            on_delete = names.get("on_delete") or (ast.unparse(node.args[1]) if len(node.args) > 1 else "")
            if names.get("related_name") != "'+'" or not on_delete.endswith("PROTECT"):
                yield f"{path}:{node.lineno}: a foreign key has related_name='+' and on_delete=PROTECT"


CHECKS: tuple[Check, ...] = (homeless_files, long_files, hosts, module_docstrings, reasons, floats, foreign_keys)


def tracked() -> Iterator[tuple[str, str]]:
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for name in names.splitlines():
        path = PROJECT / name.encode().decode("unicode_escape").encode("latin1").decode() if name.startswith('"') else PROJECT / name
        if (
            path.suffix in {".py", ".html", ".js", ".css", ".md", ".toml", ".yaml", ".yml", ".json", ".sql", ".sh", ".lock", ".csv"}
            and path.is_file()
        ):
            yield str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8")


def findings() -> list[str]:
    found = []
    for path, text in tracked():
        for check in CHECKS:
            found.extend(check(path, text))
    return found


def main() -> int:
    found = findings()
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
