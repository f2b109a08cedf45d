"""提取的公布结构: how withdrawals divide by kind, by people and by amount, and what one person takes out of a province of this pay.

The province has published its total and the share of buying and building; the kinds side by side only the nation's report
has. Their means per head are brought to the province's by the two totals. What neither says is not made up here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from demo.province.published import rows

KINDS = {
    "RENT": ("RENT",),
    "BUYING": ("PURCHASE", "DOWN_PAYMENT", "BUILD", "OVERHAUL"),
    "REPAYING": ("LOAN_REPAYMENT",),
    "RENOVATION": ("LIFT",),
    "ENDING": ("RETIREMENT", "DISABILITY", "EMIGRATION", "LEAVING", "DEATH"),
    "OTHER": ("DECORATION", "PROPERTY_FEE", "OTHER_HOUSING", "ILLNESS", "HARDSHIP"),
}
"""The grounds of each published kind. 加装电梯 is the renovation of old quarters that a member may draw for."""


@dataclass(frozen=True, slots=True)
class KindShare:
    """One kind: its parts of all people and of the whole amount, in millionths, and the mean a head takes in the province."""

    kind: str
    people_ppm: int
    amount_ppm: int
    mean_fen: int


@cache
def shares() -> dict[str, KindShare]:
    """The kinds of KINDS. The nation publishes buying and repaying together: the province's share of buying divides them,
    both at the mean they have together."""
    given = {(row["scope"], row["kind"]): row for row in rows("withdrawals_2022.csv")}
    people = {kind: int(row["persons"]) for (scope, kind), row in given.items() if scope == "NATION"}
    yuan = {kind: int(row["amount_yuan"]) for (scope, kind), row in given.items() if scope == "NATION"}
    here = given["PROVINCE", "TOTAL"]
    of_all = {kind: (people[kind] * 10**6 // people["TOTAL"], yuan[kind] * 10**6 // yuan["TOTAL"]) for kind in people}
    buying = int(given["PROVINCE", "BUYING"]["share_ppm"])
    both_people, both_yuan = of_all["HOUSING"]
    buyers = both_people * buying // both_yuan
    of_all |= {"BUYING": (buyers, buying), "REPAYING": (both_people - buyers, both_yuan - buying)}
    result = {}
    for kind in KINDS:
        head, part = of_all[kind]
        mean = int(here["amount_yuan"]) * 100 * part // (int(here["persons"]) * head)
        result[kind] = KindShare(kind, head, part, mean)
    return result


def kind_of(ground: str) -> str:
    return next(kind for kind, grounds in KINDS.items() if ground in grounds)
