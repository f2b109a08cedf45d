"""故障: what can go wrong at a department, chosen by seed and question so that a run can be repeated exactly.

A fault strikes with a probability, decided by hashing the seed with the question (not by the order of calls), or the next
`next` times it could; `departments` and `services` narrow it. Settings can be changed while the process runs.
"""

from __future__ import annotations

import hashlib
import threading
from typing import Any

NAMES = {
    "slow": "延迟 seconds 秒答复",
    "silent": "收下不答，seconds 秒后断线",
    "cut_middle": "答复中途断线",
    "server_error": "返回500",
    "wrong_signature": "答复签名错误",
    "other_department": "以另一部门的密钥签名",
    "replay": "以旧答复充作新答复",
    "refuse": "拒绝答复，说明 reason",
    "contradicting": "答复与登记矛盾",
    "duplicate": "同一答复发两份",
    "twice_different": "发两份不同的答复",
    "stale": "答复 days 日以前的情况",
    "chatty": "多答姓名等未询问的内容",
    "other_question": "答的是另一个问题",
    "broken": "答复不是JSON",
    "missing_field": "少答一项",
}


class UnknownFault(ValueError):
    """The setting names a fault these departments do not have."""


class Faults:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._settings: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def set(self, settings: dict[str, dict[str, Any]]) -> None:
        """Replace the settings of the named faults; an empty setting switches a fault off."""
        unknown = sorted(settings.keys() - NAMES.keys())
        if unknown:
            raise UnknownFault(f"没有这种故障：{'、'.join(unknown)}；可选：{'、'.join(NAMES)}")
        with self._lock:
            self._settings = {name: dict(value) for name, value in {**self._settings, **settings}.items() if value}

    def clear(self) -> None:
        with self._lock:
            self._settings = {}

    def settings(self) -> dict[str, dict[str, Any]]:
        with self._lock:
            return {name: dict(value) for name, value in self._settings.items()}

    def strikes(self, name: str, question_no: str, department: str, service: str) -> dict[str, Any] | None:
        """The fault's setting when it strikes this question now, else None. Uses up one of its `next` times."""
        with self._lock:
            setting = self._settings.get(name)
            if (
                setting is None
                or department not in setting.get("departments", [department])
                or service not in setting.get("services", [service])
            ):
                return None
            if setting.get("next", 0) > 0:
                setting["next"] -= 1
                return setting
        draw = int.from_bytes(hashlib.sha256(f"{self.seed}:{name}:{question_no}".encode()).digest()[:8], "big")
        return setting if draw < setting.get("probability", 0) * 2**64 else None
