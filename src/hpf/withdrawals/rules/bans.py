"""限制提取: how long who defrauded the fund may neither withdraw nor borrow. 条例 第四十一条（2026年文本）.

The text does not say from which day the years run: from the day of the decision, until somebody says otherwise. Before
2026-09-20 the Regulation knew no such term; a ban of that time carries the days that its decision names.
"""

from __future__ import annotations

from datetime import date

from hpf.kernel.decision import Decision, Reason, cites
from hpf.policy.rules import PolicyBook

from .case import months_later
from .facts import Ban, BanKind

_YEARS = {BanKind.FRAUD_WITHDRAWAL: "ban.fraud_withdrawal_years", BanKind.FRAUD_LOAN: "ban.fraud_loan_years"}


@cites("条例/41@2026")
def ban(kind: BanKind, decision_no: str, decided_on: date, book: PolicyBook) -> Decision[Ban]:
    """骗提三年 骗贷五年, from the day of the decision. `book` is that of the day.

    Refuses  a decision without a number, a day on which no text gives the years, what another centre has decided.

    Example  骗提, decided 2026-10-08  ->  2026-10-08 until 2029-10-08, whose eve is the last banned day
    """
    if not decision_no.strip():
        return Decision.refused([Reason("BAN_WITHOUT_DECISION", "限制提取须有决定书，请填写决定书文号后重新提交", "条例/41@2026")])
    key = _YEARS.get(kind)
    if key is None:
        message = f"{kind.text}由作出认定的中心决定期限，本中心不另行限制提取，请登记该中心告知的截止日"
        return Decision.refused([Reason("BAN_OF_ANOTHER_CENTRE", message, "条例/41@2026")])
    if not book.knows(key):
        message = f"{decided_on}适用的条例没有规定{kind.text}的限制年限，不能按条例限制提取，请按当时的地方规定录入起止日"
        return Decision.refused([Reason("BAN_WITHOUT_TERM", message, "条例/41@2026")])
    return Decision.approved(Ban(kind, decision_no, decided_on, months_later(decided_on, 12 * book.whole(key))))
