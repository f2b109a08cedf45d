"""命令: one transaction, one permission, one key, one answer.

A command may be sent any number of times. The first time it runs; after that the same key with the same content
gives the stored answer, and the same key with other content is refused. The row kept for this is also the audit
record of who did what.
"""

from __future__ import annotations

import functools
import inspect
import json
import typing
import uuid
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

from hpf.db import scope
from hpf.kernel.actor import Actor
from hpf.kernel.codec import digest, from_plain, to_plain
from hpf.kernel.decision import Outcome

P = ParamSpec("P")
R = TypeVar("R")

_NOT_CONTENT = frozenset({"by", "key", "at", "centre_id", "password", "secret", "second_factor_secret"})
"""What does not make a command another one. Secrets among it: their digest, quickly computed, would be a way to guess them."""


class KeyConflict(Exception):
    """The key was used before for other content, or for another command."""

    def __init__(self, key: str, command: str) -> None:
        super().__init__(f"幂等键 {key} 已用于内容不同的请求（{command}），请更换新的键后重新提交")
        self.key = key


class NotPermitted(Exception):
    """The actor lacks the permission, or does not work in this centre."""

    def __init__(self, by: Actor, permission: str, centre_id: int) -> None:
        super().__init__(f"{by.name}没有在本中心办理此业务的权限（{permission}），请联系本中心系统管理员授权")
        self.permission, self.centre_id = permission, centre_id


class OutsideTransaction(Exception):
    """A step was called outside a command."""


def command(permission: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function a command. It takes keywords only, among them `by`, `centre_id` and `key`.

    Opens    one transaction, in the centre's row-level scope
    Refuses  NotPermitted, which the log of commands keeps; KeyConflict
    Locks    the key: the same command sent twice at once runs once, the second waits and gets the answer
    Again    the stored answer, rebuilt by the return annotation
    """

    def make(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__.removeprefix('hpf.')}.{function.__name__}"
        parameters = inspect.signature(function).parameters
        if not {"by", "centre_id", "key"} <= parameters.keys():
            raise TypeError(f"{name} must take by, centre_id and key")
        if any(p.kind is not inspect.Parameter.KEYWORD_ONLY for p in parameters.values()):
            raise TypeError(f"{name} takes keywords only")

        @functools.wraps(function)
        def run(*args: P.args, **given: P.kwargs) -> R:
            by = typing.cast(Actor, given["by"])
            centre_id = typing.cast(int, given["centre_id"])
            if not by.may(permission, centre_id):
                _keep_attempt(by, centre_id, name, permission)
                raise NotPermitted(by, permission, centre_id)
            content = digest([name, {k: v for k, v in given.items() if k not in _NOT_CONTENT}])
            before = scope.remembered()
            try:
                return _in_transaction(content, given)
            finally:
                scope.take_back(before, centre_id)

        def _in_transaction(content: bytes, given: dict[str, Any]) -> R:
            by, centre_id, key = given["by"], given["centre_id"], given["key"]
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT * FROM hpf_begin_command(%s::smallint, %s, %s, %s)", [centre_id, key, name, content])
                    stored = cursor.fetchone()
                scope.remember(centre_id)
                if stored[0]:
                    if bytes(stored[1]) != content:
                        raise KeyConflict(key, name)
                    answer = stored[2] if not isinstance(stored[2], str) else json.loads(stored[2])
                    return typing.cast(R, from_plain(_returns(function), answer))
                result = function(**given)
                outcome = getattr(result, "outcome", Outcome.APPROVED)
                with connection.cursor() as cursor:
                    cursor.execute(
                        "INSERT INTO db_command (centre_id, key, command, content, answer, outcome, user_id, user_name, channel)"
                        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                        [centre_id, key, name, content, json.dumps(to_plain(result), ensure_ascii=False),
                         str(outcome), by.user_id, by.name, by.channel],
                    )  # fmt: skip
                return result

        run.is_command = True  # type: ignore[attr-defined]
        run.permission = permission  # type: ignore[attr-defined]
        return run

    return make


def _keep_attempt(by: Actor, centre_id: int, name: str, permission: str) -> None:
    """Who tried what without the permission, in a transaction of its own in the log of that centre.

    The row has a key of its own, so the command's key stays free for whoever may. Inside a transaction that the refusal
    is about to undo nothing can be kept.
    """
    if connection.in_atomic_block:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hpf.centre', %s, true)", [str(centre_id)])
        cursor.execute(
            "INSERT INTO db_command (centre_id, key, command, content, answer, outcome, user_id, user_name, channel)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [centre_id, f"not-permitted:{uuid.uuid4()}", name, b"", json.dumps({"not_permitted": permission}),
             str(Outcome.REFUSED), by.user_id, by.name, by.channel],
        )  # fmt: skip


@functools.cache
def _returns(function: Callable[..., Any]) -> Any:
    return typing.get_type_hints(function).get("return", Any)


def step(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a function that joins a command's transaction and never opens one."""

    @functools.wraps(function)
    def run(*args: P.args, **given: P.kwargs) -> R:
        if not connection.in_atomic_block:
            raise OutsideTransaction(f"{function.__module__}.{function.__name__} belongs inside a command")
        return function(*args, **given)

    run.is_step = True  # type: ignore[attr-defined]
    return run
