"""Whatever a command leaves to be done, the worker does: no kind of message waits for ever."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[3] / "src"


def kinds():
    """{where: kind} of every `enqueue(centre, KIND, …)` in the source; the kind is a name of its module, or of what calls it."""
    found = {}
    for path in sorted((SOURCES / "hpf").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "enqueue" and len(node.args) > 2:
                module = import_module(".".join(path.relative_to(SOURCES).with_suffix("").parts))
                named = ast.unparse(node.args[1])
                if hasattr(module, named):
                    found[f"{path.name}:{node.lineno}"] = getattr(module, named)
    return found


def test_every_kind_of_message_is_handled_or_goes_out(database):
    from hpf.jobs.worker import Worker

    worker, said = Worker(), kinds()
    assert len(said) >= 7, said
    assert {
        where: kind for where, kind in said.items() if kind not in worker.handlers.keys() | worker.outward | {"transfers.dispatch"}
    } == {}


def test_no_message_is_done_by_two(database):
    from hpf.jobs.worker import Worker

    worker = Worker()
    assert not worker.handlers.keys() & worker.outward
