"""编号: the numbers printed for people and sent to the bank, each made from what it belongs to."""

from __future__ import annotations

from datetime import date

from hpf.kernel.decision import cites

RECEIPT, PAYMENT, COLLECTION, PAYMENT_BATCH = "SK", "FK", "DK", "PF"


class NotANumber(ValueError):
    """The text is not a number of this kind."""


def number(prefix: str, centre_id: int, thing_id: int) -> str:
    """收款单号 SK, 付款单号 FK, 代收批号 DK, 付款批号 PF: prefix, centre, id of the row (the centre again and its running count)."""
    return f"{prefix}{centre_id:02d}{thing_id:010d}"


def id_of(prefix: str, text: str) -> int:
    """The id of the row in a printed number. Raises NotANumber for anything else."""
    text = text.strip().upper()
    if len(text) != 14 or not text.startswith(prefix) or not text[2:].isascii() or not text[2:].isdigit():
        names = {RECEIPT: "收款单号", PAYMENT: "付款单号", COLLECTION: "代收批号", PAYMENT_BATCH: "付款批号"}
        raise NotANumber(f"“{text}”不是{names[prefix]}，应为{prefix}加12位数字")
    return int(text[4:])


def unit_no(centre_id: int) -> str:
    """A centre's number in the settlement interface (TxUnitNo)."""
    return f"GS{centre_id:04d}"


def centre_of_unit(text: str) -> int:
    """The centre of a settlement number. Raises NotANumber."""
    if len(text) != 6 or not text.startswith("GS") or not text[2:].isascii() or not text[2:].isdigit():
        raise NotANumber(f"“{text}”不是本省中心的结算单位号")
    return int(text[2:])


@cites("银行结算接口标准/流水号")
def send_seq_no(centre_id: int, business_on: date, sequence: int) -> str:
    """SendSeqNo: one for every message sent, unique for ever."""
    return f"62{centre_id:02d}{business_on:%Y%m%d}{sequence:08d}"
