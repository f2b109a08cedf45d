"""People of one unit in 兰州, and the terms of its list for August 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hpf.accounts.rules.limits import RateBand
from hpf.contributions.rules.amounts import Limits
from hpf.contributions.rules.list_check import RegularTerms, RosterEntry
from hpf.contributions.rules.lists import ListLine, ReadList
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate

AUGUST = Month(2026, 8)
FIVE = Rate.of("5")
LIMITS = Limits(
    floor=Money.yuan("2200.00"),
    cap=Money.yuan("30090.75"),
    rates=RateBand(FIVE, Rate.of("12"), "条例/18", "建金〔2018〕45号/3"),
    rounding_unit_fen=100,
    floor_law="兰州基数通知/2026",
    cap_law="兰州基数通知/2026",
)
COLUMNS = {
    "account_no": "个人账号",
    "name": "姓名",
    "id_number": "证件号码",
    "base": "缴存基数",
    "employer_rate": "单位比例",
    "member_rate": "个人比例",
    "employer_amount": "单位月缴存额",
    "member_amount": "个人月缴存额",
    "total_amount": "月缴存额合计",
    "month": "补缴月份",
    "reason": "补缴原因",
}


def blind(kind: str, number: str) -> bytes:
    return f"{kind}:{number}".encode()


def document(number: int) -> str:
    return f"62010219900307{number:04d}"


def person(number: int, name: str, **different: Any) -> RosterEntry:
    """A normal account on base 2,310.00 at 5 % each: 116.00 and 116.00 a month."""
    id_number = document(number)
    entry = RosterEntry(
        account_no=f"01100000{number:04d}",
        member_account_id=number,
        name=name,
        id_kind="RESIDENT_ID",
        id_blind=blind("RESIDENT_ID", id_number),
        id_masked=id_number[:3] + "***" + id_number[-4:],
        state="NORMAL",
        base_fen=231000,
        employer_month_fen=11600,
        member_month_fen=11600,
        employer_rate=FIVE,
        member_rate=FIVE,
        ledger_account_id=9000 + number,
    )
    return replace(entry, **different)


ZHANG, LI, WANG = person(1, "张三"), person(2, "李四"), person(3, "王五")


def line(row: int, entry: RosterEntry, **different: Any) -> ListLine:
    """The correct line of a person."""
    right = ListLine(
        row,
        entry.account_no,
        entry.name,
        base_fen=entry.base_fen,
        employer_rate=entry.employer_rate,
        member_rate=entry.member_rate,
        employer_fen=entry.employer_month_fen,
        member_fen=entry.member_month_fen,
        total_fen=entry.employer_month_fen + entry.member_month_fen,
    )
    return replace(right, **different)


def listed(*lines: ListLine, **more: Any) -> ReadList:
    return ReadList(lines, (), COLUMNS, **more)


def terms(**different: Any) -> RegularTerms:
    usual = RegularTerms(
        month=AUGUST, on=date(2026, 8, 20), paid_through=Month(2026, 7), limits=LIMITS, blind=blind, earliest=Month(2020, 1)
    )
    return replace(usual, **different)
