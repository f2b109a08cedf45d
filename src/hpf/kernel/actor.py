"""经办人: who acts, for which centres, with which permissions. Made at the edge, passed down, never looked up below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

EVERY_PERMISSION = "*"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that gives a command.

    `user_id` is stable and is compared when maker and checker must differ. `centre_ids` are the centres
    the actor works in; `permissions` are codes such as "contributions.confirm".
    """

    user_id: str
    name: str
    centre_ids: frozenset[int]
    permissions: frozenset[str]
    channel: str = "COUNTER"

    @classmethod
    def system(cls, centre_id: int, name: str = "系统") -> Self:
        """The platform itself: the day's close, the worker, a load. It works in one centre and may do everything there."""
        return cls(f"system:{name}", name, frozenset({centre_id}), frozenset({EVERY_PERMISSION}), "SYSTEM")

    def may(self, permission: str, centre_id: int) -> bool:
        held = EVERY_PERMISSION in self.permissions or permission in self.permissions
        return held and centre_id in self.centre_ids
