"""故障: what can go wrong between a court and the fund. Each strikes the next `next` times."""

from __future__ import annotations

import threading
from typing import Any

NAMES = {
    "forged": "来文签名错误",
    "stale": "来文时间早于容许范围",
    "replayed": "同一报文原样再发",
    "duplicated": "同一文书重新签名再发",
    "cut": "来文中途断线后重发",
    "answer_lost": "收到答复而未确认即断线",
    "answer_refused": "答复确认为失败",
    "slow": "延迟 seconds 秒确认答复",
}


class UnknownFault(ValueError):
    """The setting names a fault this platform does not have."""


class Faults:
    def __init__(self) -> None:
        self._lock, self._settings = threading.Lock(), dict[str, dict[str, Any]]()

    def set(self, settings: dict[str, dict[str, Any]]) -> None:
        """Replace the settings of the named faults; an empty setting switches a fault off."""
        unknown = sorted(settings.keys() - NAMES.keys())
        if unknown:
            raise UnknownFault(f"没有这种故障：{'、'.join(unknown)}；可选：{'、'.join(NAMES)}")
        with self._lock:
            for name, setting in settings.items():
                self._settings[name] = dict(setting)

    def settings(self) -> dict[str, dict[str, Any]]:
        with self._lock:
            return {name: dict(setting) for name, setting in self._settings.items() if setting}

    def strikes(self, name: str) -> dict[str, Any] | None:
        with self._lock:
            setting = self._settings.get(name)
            if not setting or setting.get("next", 0) <= 0:
                return None
            setting["next"] -= 1
            return dict(setting)
