"""供数许可: which outsider may learn which fields about members, for which purposes and kinds of case, until when, how often.

The door answers with fields of our own record that are as small as a purpose needs: no names, no document numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hpf.kernel.decision import Reason, cites
from hpf.kernel.period import Month
from hpf.sharing.rules.consents import Consent, covers

OFFERS = {
    "has_account": "是否有账户",
    "account_state": "账户状态",
    "months_paid": "累计缴存月数",
    "months_continuous": "连续缴存月数",
    "paid_through": "缴至年月",
    "base_fen": "缴存基数",
    "month_fen": "月缴存额",
    "balance_fen": "账户余额",
    "opened_on": "开户日期",
}
"""What the door can answer, with its words."""

LONGEST = timedelta(days=3 * 366)
CALLS_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Grant:
    """One permission of one client. `by_law` empty: every look needs the member's consent; else the article it rests on."""

    grant_no: str
    client_no: str
    fields: tuple[str, ...]
    purposes: tuple[str, ...]
    case_kinds: tuple[str, ...]
    since: date
    until: date
    calls_per_day: int
    by_law: str = ""
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What an outsider asks: who, about whom (a reference), for which case and purpose, which fields."""

    client_no: str
    subject: str
    case_kind: str
    case_no: str
    purpose: str
    fields: tuple[str, ...]
    consent_no: str = ""


@cites("个人信息保护法/6", "甘建金〔2024〕26号/五（三）")
def new_grant(
    *, fields: Sequence[str], purposes: Sequence[str], case_kinds: Sequence[str], since: date, until: date, calls_per_day: int
) -> tuple[Reason, ...]:
    """What stands against granting: fields we do not offer, no purpose or kind of case, no end, no quota."""
    reasons = []
    strange = sorted(set(fields) - OFFERS.keys())
    if strange or not fields:
        named = "、".join(strange)[:60] or "空"
        reasons.append(Reason("GRANT_FIELDS_WRONG", f"供数项目“{named}”不在可提供的项目之内，请在{'、'.join(OFFERS.values())}中选择。"))
    if not all(purposes) or not purposes or not all(case_kinds) or not case_kinds:
        reasons.append(Reason("GRANT_PURPOSE_MISSING", "供数许可须逐项写明用途和业务种类，请补齐后重新提交。", "个人信息保护法/6"))
    if not since < until <= since + LONGEST:
        reasons.append(
            Reason("GRANT_TERM_WRONG", f"供数许可自{since}至{until}，应有明确的截止日期且不超过三年，请更正。", "个人信息保护法/6")
        )
    if not 0 < calls_per_day <= CALLS_MOST:
        reasons.append(Reason("GRANT_QUOTA_WRONG", f"每日查询次数{calls_per_day}应在1至{CALLS_MOST}之间，请更正。"))
    return tuple(reasons)


@cites("个人信息保护法/6", "个人信息保护法/13", "甘建金〔2024〕26号/五（三）")
def check_look(
    look: Look, grants: Sequence[Grant], consent: Consent | None, *, looked_today: dict[str, int], at: datetime, on: date
) -> tuple[Grant | None, tuple[Reason, ...]]:
    """The grant under which this look may happen, or why there is none: the reasons of the grant that came nearest.

    `looked_today` counts the looks of the day by grant. A consent is needed where the grant does not rest on an article.
    """
    own = [grant for grant in grants if grant.client_no == look.client_no]
    if not own:
        message = f"查询方{look.client_no[:40]}没有供数许可，不能查询，请与中心签订数据共享协议后申请许可。"
        return None, (Reason("GRANT_MISSING", message, "个人信息保护法/13"),)
    nearest: tuple[Reason, ...] = ()
    for grant in own:
        reasons = _against(look, grant, consent, looked_today.get(grant.grant_no, 0), at, on)
        if not reasons:
            return grant, ()
        if not nearest or len(reasons) < len(nearest):
            nearest = reasons
    return None, nearest


def _against(look: Look, grant: Grant, consent: Consent | None, looked: int, at: datetime, on: date) -> tuple[Reason, ...]:
    no = grant.grant_no
    reasons: list[Reason] = []
    beyond = [name for name in look.fields if name not in grant.fields]
    if beyond or not look.fields:
        named = "、".join(OFFERS.get(name, name[:30]) for name in beyond) or "空"
        message = f"供数许可{no}不包括“{named}”，只能查询{'、'.join(OFFERS[name] for name in grant.fields)}，请删去后重新查询。"
        reasons.append(Reason("FIELDS_NOT_GRANTED", message, "个人信息保护法/6"))
    if look.purpose not in grant.purposes or look.case_kind not in grant.case_kinds or not look.case_no:
        message = f"供数许可{no}只用于{'、'.join(grant.purposes)}，与本次查询的用途或业务不符，请核对用途、业务种类和业务编号。"
        reasons.append(Reason("PURPOSE_NOT_GRANTED", message, "个人信息保护法/6"))
    end = min(grant.until, grant.ended_on) if grant.ended_on else grant.until
    if not grant.since <= on < end:
        message = f"供数许可{no}的期限是{grant.since}至{end}（不含），{on}不在期限内，请续签后再查询。"
        reasons.append(Reason("GRANT_NOT_IN_FORCE", message, "个人信息保护法/6"))
    if looked >= grant.calls_per_day:
        message = f"供数许可{no}每日限{grant.calls_per_day}次，今日已用{looked}次，请次日再查询。"
        reasons.append(Reason("GRANT_QUOTA_SPENT", message))
    if not grant.by_law:
        reasons += _consented(look, consent, at)
    return tuple(reasons)


def _consented(look: Look, consent: Consent | None, at: datetime) -> list[Reason]:
    if consent is None:
        message = "本次查询没有当事人的授权，请由当事人在个人网厅授权后，凭授权编号查询。"
        return [Reason("CONSENT_NOT_GIVEN", message, "个人信息保护法/13")]
    return list(
        covers(
            consent, subject=look.subject, services=look.fields, purpose=look.purpose, case_no=look.case_no, at=at, recipient=look.client_no
        )
    )


def without_gap(months: Sequence[Month]) -> int:
    """How many months run up to the last one without a gap."""
    count = min(1, len(months))
    while 0 < count < len(months) and months[-count] - months[-count - 1] == 1:
        count += 1
    return count
