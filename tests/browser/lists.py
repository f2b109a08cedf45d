"""清册 of the big unit as its clerk makes them: ten thousand lines, right, or with twelve planted defects."""

from __future__ import annotations

from typing import Any

from tests.browser.fund import PEOPLE, SEALED, base_of, id_of, name_of
from tests.support.lists import xlsx

ON_THE_ROSTER = [number for number in range(PEOPLE) if number not in SEALED]

# Row in the file, column, what the page says is wrong. Row None is the list as a whole.
TWELVE = [
    ("整表", "个人账号", "不在清册中，汇缴须包括全部正常缴存人"),
    ("12", "单位月缴存额", "单位月缴存额应为600.00元（基数5,000.00元×12.00%，四舍五入到元），填写599.99元，相差0.01元"),
    ("345", "缴存基数", "“四千七百元”不是金额"),
    ("678", "姓名", "登记的姓名不是“李大山”"),
    ("901", "证件号码", "校验"),
    ("1234", "证件号码", "登记的证件号码是"),
    ("2345", "个人账号", "第2344行和第2345行是同一人"),
    ("4002", "个人账号", "账户已封存，封存期间不汇缴"),
    ("5678", "个人账号", "不是本单位在册的缴存人"),
    ("6789", "缴存基数", "缴存基数填写5,555.00元，登记的是"),
    ("7890", "个人比例", "个人缴存比例填写10.00%，单位登记的是12.00%"),
    ("9876", "证件号码", "号码按数字保存，第15位以后已被表格软件抹去"),
]


def line(members: list[str], number: int) -> list[Any]:
    share = base_of(number) * 12 // 100
    return [members[number], name_of(number), id_of(number), base_of(number), "12", "12", share, share, 2 * share]


def good(members: list[str]) -> bytes:
    return xlsx([line(members, number) for number in ON_THE_ROSTER])


def spoiled(members: list[str]) -> bytes:
    """10,000 lines. Row n of the file is rows[n - 2]; what is put in and what is left out leave every other row where it was."""
    rows = [line(members, number) for number in ON_THE_ROSTER]

    def cell(row: int, column: int, value: Any) -> None:
        rows[row - 2][column] = value

    rows.insert(2345 - 2, list(rows[2344 - 2]))
    rows.insert(4002 - 2, line(members, SEALED[0]))
    rows.insert(5678 - 2, ["999999999999", "赵无名", id_of(30_000), 5000, "12", "12", 600, 600, 1200])
    del rows[9990 - 2]
    cell(12, 6, 599.99)
    cell(345, 3, "四千七百元")
    cell(678, 1, "李大山")
    cell(901, 2, _other_digit(rows[901 - 2][2]))
    cell(1234, 2, id_of(30_001))
    cell(6789, 3, 5555)
    cell(7890, 5, "10")
    cell(9876, 2, int(rows[9876 - 2][2].replace("X", "1")))
    assert len(rows) == 10_000
    return xlsx(rows)


def _other_digit(number: str) -> str:
    return number[:-1] + ("1" if number[-1] != "1" else "2")
