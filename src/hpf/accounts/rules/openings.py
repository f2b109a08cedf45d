"""开户: one person, one account; days within which the law wants it done; the first month to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.kernel.decision import Decision, Reason, cites
from hpf.kernel.period import Month


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """An open account a person has already. `same_employer` tells a repeated opening from a change of work."""

    account_no: str
    state: str
    employer_name: str
    same_employer: bool


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """What is known when a person's account is asked for. `elsewhere` are centres by their short names."""

    held: HeldAccount | None
    other_identity_accounts: tuple[str, ...]
    other_identity_confirmed: bool
    elsewhere: tuple[str, ...]


@cites("条例/13")
def decide_opening(facts: OpeningFacts) -> Decision[bool]:
    """May an account be opened? One member has one account; a second one is routed to what should happen instead.

    Order of precedence: an open account here, an account under another document of the same person, one elsewhere.
    Refused   an open account here: repeated opening, unseal, or transfer inside
    Referred  the same name and birth date under another document: a clerk confirms or merges
    Approved  an account in another centre is named as a reason: the member should apply for 异地转移接续
    """
    if facts.held is not None:
        return Decision.refused([_held_reason(facts.held)])
    if facts.other_identity_accounts and not facts.other_identity_confirmed:
        numbers = "、".join(facts.other_identity_accounts)
        return Decision.referred([Reason(
            "SAME_PERSON_SUSPECTED",
            f"同名同出生日期、证件不同的人已有账户{numbers}；如系同一人请变更证件后沿用原账户或办理合户，确非同一人的由柜员确认后开户",
            ("条例/13",),
        )])  # fmt: skip
    notes = []
    if facts.elsewhere:
        notes.append(Reason(
            "ACCOUNT_ELSEWHERE", f"该职工在{'、'.join(facts.elsewhere)}另有未销账户，请提示本人办理异地转移接续", ("条例/13",)
        ))  # fmt: skip
    return Decision.approved(True, notes)


def _held_reason(held: HeldAccount) -> Reason:
    if held.same_employer and held.state == "NORMAL":
        return Reason("OPENED_ALREADY", f"该职工在本单位已有正常账户{held.account_no}，不必重复开户", ("条例/13",))
    if held.same_employer:
        return Reason("SEALED_HERE", f"该职工在本单位有封存账户{held.account_no}，请办理启封，不能另开账户", ("条例/13",))
    state = "正常" if held.state == "NORMAL" else "封存"
    return Reason(
        "ACCOUNT_AT_ANOTHER_EMPLOYER",
        f"该职工在“{held.employer_name}”有{state}账户{held.account_no}，一人一户，请办理内部转移，不能另开账户",
        ("条例/13", "条例/15"),
    )


@cites("条例/14")
def late_registration(established_on: date, registered_on: date, opened_on: date, register_days: int, open_days: int) -> list[Reason]:
    """Days over the limits for registering a unit and for opening its accounts. Says so; refuses nothing."""
    reasons = []
    late = (registered_on - established_on).days - register_days
    if late > 0:
        reasons.append(Reason(
            "REGISTERED_LATE", f"单位设立于{established_on}，登记于{registered_on}，超过{register_days}日期限{late}日", ("条例/14",)
        ))  # fmt: skip
    late = (opened_on - registered_on).days - open_days
    if late > 0:
        reasons.append(Reason(
            "OPENED_LATE", f"单位登记于{registered_on}，开户于{opened_on}，超过{open_days}日期限{late}日", ("条例/14",)
        ))  # fmt: skip
    return reasons


@cites("条例/15")
def late_hire(hired_on: date, opened_on: date, days: int) -> list[Reason]:
    late = (opened_on - hired_on).days - days
    if late <= 0:
        return []
    return [Reason("HIRE_REPORTED_LATE", f"职工{hired_on}录用，{opened_on}办理，超过{days}日期限{late}日", ("条例/15",))]


@cites("条例/15")
def late_leave(left_on: date, sealed_on: date, days: int) -> list[Reason]:
    late = (sealed_on - left_on).days - days
    if late <= 0:
        return []
    return [Reason("LEAVE_REPORTED_LATE", f"劳动关系{left_on}终止，{sealed_on}办理，超过{days}日期限{late}日", ("条例/15",))]


@cites("条例/17")
def first_month_due(hired_on: date, *, first_job: bool, waiting_months: int) -> Month:
    """First job: from the second month of work. Transferred in: from the month the new unit pays wages."""
    return Month.of(hired_on) + (waiting_months if first_job else 0)


@cites("条例/14")
def check_reopening(closed_on: date | None, on: date, wait_months: int) -> list[Reason]:
    """A unit that closed its account may wait before it opens another, where the centre says so."""
    if closed_on is None or wait_months == 0:
        return []
    months = (on.year - closed_on.year) * 12 + on.month - closed_on.month - (1 if on.day < closed_on.day else 0)
    if months >= wait_months:
        return []
    return [Reason(
        "REOPENED_TOO_SOON", f"单位账户于{closed_on}销户，须满{wait_months}个月方可重新开户，现满{months}个月", ("条例/14",)
    )]  # fmt: skip
