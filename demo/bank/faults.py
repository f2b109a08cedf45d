"""故障: what can go wrong at a bank, chosen by seed and name so that a run can be repeated exactly.

A fault strikes with a probability, decided by hashing the seed with what it strikes (not by the order of calls), or the
next `next` times it could. Settings can be changed while the bank runs.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from demo.bank.book import Book

NAMES = {
    "late_notice": "到账通知迟到 days 日",
    "lost_notice": "到账通知丢失",
    "duplicate_notice": "到账通知重复",
    "duplicate_lines": "对账单明细重复",
    "processing": "受理后处理中 days 个营业日，outcome 为 DONE 或 FAILED",
    "wrong_name": "收款户名不符",
    "stranger": "陌生人无附言来款 amount_fen",
    "short_money": "少付 fen",
    "long_money": "多付 fen",
    "double_money": "重复付款",
    "return_later": "付款成功后 days 日退汇",
    "lie_done": "答复成功而未记账",
    "collection_line": "代收明细扣款失败",
    "cut_before": "记账前断线",
    "cut_after": "记账后未答复即断线",
    "cut_middle": "答复中途断线",
    "bad_signature": "答复签名错误",
    "slow": "延迟 seconds 秒答复",
}


class UnknownFault(ValueError):
    """The setting names a fault this bank does not have."""


class Faults:
    def __init__(self, book: Book, seed: int) -> None:
        self.book, self.seed = book, seed

    def set(self, settings: dict[str, dict[str, Any]]) -> None:
        """Replace the settings of the named faults; an empty setting switches a fault off."""
        unknown = sorted(settings.keys() - NAMES.keys())
        if unknown:
            raise UnknownFault(f"没有这种故障：{'、'.join(unknown)}；可选：{'、'.join(NAMES)}")
        with self.book.transaction():
            self._write({**self.settings(), **settings})

    def clear(self) -> None:
        with self.book.transaction():
            self._write({})

    def settings(self) -> dict[str, dict[str, Any]]:
        return json.loads(self.book.fact("faults", "{}"))

    def strikes(self, name: str, subject: str, code: str = "") -> dict[str, Any] | None:
        """The fault's setting when it strikes this subject now, else None. Uses up one of its `next` times."""
        setting = self.settings().get(name)
        if not setting or (code and setting.get("codes") and code not in setting["codes"]):
            return None
        if setting.get("next", 0) > 0:
            with self.book.transaction():
                every = self.settings()
                every[name]["next"] -= 1
                self._write(every)
            return setting
        draw = int.from_bytes(hashlib.sha256(f"{self.seed}:{name}:{subject}".encode()).digest()[:8], "big")
        return setting if draw < setting.get("probability", 0) * 2**64 else None

    def _write(self, settings: dict[str, dict[str, Any]]) -> None:
        self.book.set_fact("faults", json.dumps({name: value for name, value in settings.items() if value}))
