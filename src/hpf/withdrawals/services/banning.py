"""限制提取: who defrauded the fund is marked by two people on a numbered decision; every withdrawal reads the mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason, cites
from hpf.parties import queries as parties_queries
from hpf.parties import services as parties
from hpf.policy import queries as policy
from hpf.withdrawals.rules import BanKind, ban

LAW = "条例/41@2026"
KINDS = frozenset(kind.value for kind in BanKind)


@dataclass(frozen=True, slots=True)
class Banned:
    """A ban as it stands; `until` is the first day on which it is over."""

    flag_id: int
    kind: BanKind
    until: date


@command("withdrawals.ban")
@cites("条例/41@2026", "建金〔2018〕46号/失信记录")
def ban_person(
    *,
    by: Actor,
    centre_id: int,
    person_id: int,
    kind: str,
    decision_no: str,
    decided_on: date,
    maker: str,
    on: date,
    at: datetime,
    key: str,
) -> Decision[Banned]:
    """登记限制提取 from the day of the decision: 骗提三年, 骗贷五年. `by` checks what `maker` prepared.

    Nothing that was paid is touched. What is on its way is stopped by the look before its payment.
    Writes   the mark on the person, which leaves with the account
    Refuses  SAME_PERSON, BAN_KIND_UNKNOWN, BAN_NOT_YET, BAN_RUNNING; what the rule refuses
    """
    reasons = []
    if maker == by.user_id:
        reasons.append(Reason("SAME_PERSON", f"限制提取的经办与复核不能同为{by.name}，请由他人复核"))
    if kind not in KINDS:
        reasons.append(Reason("BAN_KIND_UNKNOWN", f"没有“{kind[:20]}”这种限制提取，请选择骗提或者骗贷", LAW))
    if decided_on > on:
        reasons.append(Reason("BAN_NOT_YET", f"决定日{decided_on}晚于会计日{on}，请按决定书更正", LAW))
    running = parties_queries.flags("PERSON", [person_id], on).get(person_id, [])
    if any(mark.kind == kind and mark.source_no == decision_no.strip() for mark in running):
        reasons.append(Reason("BAN_RUNNING", f"决定书{decision_no.strip()}已经登记，正在限制期内，不必重复登记", LAW))
    if reasons:
        return Decision.refused(reasons)
    found = ban(BanKind(kind), decision_no.strip(), decided_on, policy.book(centre_id, decided_on))
    if found.value is None:
        return Decision.refused(found.reasons)
    flagged = parties.flag(
        by=by, centre_id=centre_id, subject_kind="PERSON", subject_id=person_id, kind=kind, source_no=found.value.decision_no,
        since=found.value.since, until=found.value.until, note=f"{found.value.kind.text}，限制提取", key=f"{key}:flag",
    )  # fmt: skip
    if flagged.value is None:
        return Decision.refused(flagged.reasons)
    return Decision.approved(Banned(flagged.value.flag_id, found.value.kind, found.value.until))


@command("withdrawals.ban")
@cites("条例/41@2026")
def lift_ban(
    *, by: Actor, centre_id: int, person_id: int, flag_id: int, ends_on: date, reason: str, maker: str, on: date, at: datetime, key: str
) -> Decision[Banned]:
    """解除限制提取, or write down the end that another centre has told: the ban is over on `ends_on`. `by` checks what `maker` prepared.

    A ban is never made longer here, and none is taken away for days that have passed.
    Refuses  SAME_PERSON, NO_SUCH_BAN, REASON_MISSING, BAN_ENDS_BEFORE: an end that lies in the past
    """
    reasons = []
    if maker == by.user_id:
        reasons.append(Reason("SAME_PERSON", f"限制提取的经办与复核不能同为{by.name}，请由他人复核"))
    marks = {mark.flag_id: mark for mark in parties_queries.flags("PERSON", [person_id], on).get(person_id, []) if mark.kind in KINDS}
    if flag_id not in marks:
        reasons.append(Reason("NO_SUCH_BAN", "没有这项正在执行的限制提取，请刷新后按现状办理", LAW))
    if not reason.strip():
        reasons.append(Reason("REASON_MISSING", "解除限制提取须写明依据的决定书或者证明，请填写"))
    if ends_on < on:
        reasons.append(Reason("BAN_ENDS_BEFORE", f"解除日{ends_on}早于会计日{on}，已过的日子不能改，请从{on}起解除", LAW))
    if reasons:
        return Decision.refused(reasons)
    lowered = parties.lower_flag(by=by, centre_id=centre_id, flag_id=flag_id, on=ends_on, reason=reason.strip(), key=f"{key}:lower")
    if lowered.value is None:
        return Decision.refused(lowered.reasons)
    return Decision.approved(Banned(flag_id, BanKind(marks[flag_id].kind), ends_on))
