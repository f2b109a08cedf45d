"""用语: amounts, days and entries as the interface writes them, and how the bank says no."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

DONE, FAILED, PROCESSING = 0, 1, 2
OK = "00000"


class Refused(Exception):
    """The bank says no to this message. Nothing was entered."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def detail(entry: Any) -> dict[str, str]:
    """One entry as the interface tells it, in a statement or a notice."""
    day = date.fromisoformat(entry["day"])
    return {
        "HostSeqNo": entry["reference"],
        "TxDate": f"{day:%Y%m%d}",
        "CdFlag": "C" if entry["fen"] > 0 else "D",
        "TxAmt": yuan(abs(entry["fen"])),
        "Balance": yuan(entry["balance_fen"]),
        "OppAcctNo": entry["counter_no"],
        "OppAcctName": entry["counter_name"],
        "Summary": entry["summary"],
        "BusType": entry["kind"],
        "OrigSeqNo": entry["seq_no"],
    }


def fen(text: str) -> int:
    whole, _, part = text.partition(".")
    if not whole.isdigit() or not (part.isdigit() or not part) or len(part) > 2:
        raise Refused("BDC3008", f"金额{text}不合规")
    fen = int(whole) * 100 + int(part.ljust(2, "0") or "0")
    if fen == 0:
        raise Refused("BDC3008", "金额为零")
    return fen


def yuan(fen: int) -> str:
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def day_of(text: str) -> str:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat()
    except ValueError as error:
        raise Refused("BDC9003", f"日期{text}不合规") from error


def tail(no: str) -> str:
    return f"尾号{no[-4:]}" if no else "（空）"


def workdays_later(day: date, count: int) -> date:
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
