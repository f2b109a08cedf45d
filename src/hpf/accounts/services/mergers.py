"""合户: two accounts of one person become the older one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hpf.accounts import queries
from hpf.accounts.models import MemberAccount
from hpf.accounts.rules.mergers import MergeFacts, check_merge, movements
from hpf.accounts.rules.states import MemberState
from hpf.accounts.services.events import Occasion, record_events, take_over_bases
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.ledger import queries as ledger
from hpf.ledger import services as ledger_services
from hpf.ledger.rules import Draft, Leg
from hpf.parties.services import strike_from_registry


@dataclass(frozen=True, slots=True)
class Merged:
    """`journal_id` is None when the ended account had neither money nor interest to come."""

    kept_account_no: str
    ended_account_no: str
    amount: Money
    journal_id: int | None


@command("accounts.merge")
def merge(
    *,
    by: Actor,
    centre_id: int,
    account_nos: Sequence[str],
    evidence: str = "",
    checker: str | None = None,
    business_on: date,
    at: datetime,
    key: str,
) -> Decision[Merged]:
    """合户: the account opened first is kept, with its number and its open date; the other ends as 合并销户.

    The ended account's money moves with the value date of every movement of its interest year, so that balance, both
    buckets and the interest to come are, by either method, what they were in sum. When only the ended account is in
    use (正常), the kept one takes its unit, base and rates.

    Locks    both accounts' rows, then both ledger accounts, in id order
    Writes   one journal MERGE (J6) with all legs, both states, bases by month, events on both, the registry
    Refuses  money held on the ended account; two documents without evidence; two accounts both 正常
    Raises   LedgerRefusal when money arrives in between; nothing is then changed, and a repeat ends well
    """
    kept, ended = _locked_pair(centre_id, account_nos)
    balances = ledger.balances([kept.ledger_account_id, ended.ledger_account_id])
    giving, taking = balances[ended.ledger_account_id], balances[kept.ledger_account_id]
    reasons = check_merge(MergeFacts(
        kept_state=kept.state, ended_state=ended.state, same_account=kept.account_no == ended.account_no,
        same_person=kept.person_id == ended.person_id, evidence=evidence, ended_held=giving.held + giving.frozen,
        interest_years=(taking.interest_year, giving.interest_year),
    ))  # fmt: skip
    if kept.state == ended.state == MemberState.NORMAL and kept.employer_account_id != ended.employer_account_id:
        reasons.append(Reason("BOTH_IN_USE", "两个账户都在正常缴存且不在同一单位，请先封存已离职单位的账户再合户", ("条例/13",)))
    if reasons:
        return Decision.refused(reasons)
    journal_id = _move_money(centre_id, kept, ended, giving, by=by, checker=checker, business_on=business_on, key=key)
    ledger_services.close_account(ended.ledger_account_id, business_on)
    _end(kept, ended, business_on)
    if kept.person_id != ended.person_id:
        strike_from_registry(centre_id, [ended.person_id])
    when = Occasion(centre_id, by, business_on, at, key)
    facts = {"金额": giving.balance.text, "其中上年结转": giving.carried.text, "证明材料": evidence}
    record_events(when, "MERGED_INTO", [
        (ended.employer_account_id, ended.member_account_id, {**facts, "保留账号": kept.account_no})
    ])  # fmt: skip
    record_events(when, "MERGED_FROM", [
        (kept.employer_account_id, kept.member_account_id, {**facts, "并入账号": ended.account_no})
    ])  # fmt: skip
    return Decision.approved(Merged(kept.account_no, ended.account_no, giving.balance, journal_id))


def _locked_pair(centre_id: int, account_nos: Sequence[str]) -> tuple[queries.MemberAccountView, queries.MemberAccountView]:
    """The two accounts, older first. Raises NoSuchAccount."""
    first, second = account_nos
    rows = MemberAccount.objects.select_for_update().filter(centre_id=centre_id, account_no__in=[first, second])
    list(rows.order_by("id").values_list("id"))
    pair = [queries.member_account(centre_id, number) for number in (first, second)]
    pair.sort(key=lambda member: (member.opened_on, member.member_account_id))
    return pair[0], pair[1]


def _move_money(
    centre_id: int,
    kept: queries.MemberAccountView,
    ended: queries.MemberAccountView,
    giving: ledger.AccountView,
    *,
    by: Actor,
    checker: str | None,
    business_on: date,
    key: str,
) -> int | None:
    year = giving.interest_year
    if year is None:
        return None
    since = InterestYear(year).first_day
    count = ledger.history_count(ended.ledger_account_id, since, date.max)
    entries = ledger.history(ended.ledger_account_id, since, date.max, limit=count)
    legs = []
    for move in movements(giving.balance, giving.carried, year, [(e.value_on, e.amount, e.carried) for e in entries]):
        legs.append(Leg(ended.ledger_account_id, move.amount.fen, move.carried.fen, move.value_on))
        legs.append(Leg(kept.ledger_account_id, -move.amount.fen, -move.carried.fen, move.value_on))
    if not legs:
        return None
    draft = Draft(
        centre_id=centre_id, kind="MERGE", template="J6", business_on=business_on, value_on=business_on,
        source_kind="MEMBER_ACCOUNT", source_no=ended.account_no, summary=f"合户：{ended.account_no}并入{kept.account_no}",
        maker=by.user_id, checker=checker,
    )  # fmt: skip
    return ledger_services.post(draft, legs, f"{key}:merge")


def _end(kept: queries.MemberAccountView, ended: queries.MemberAccountView, on: date) -> None:
    MemberAccount.objects.filter(id=ended.member_account_id).update(
        state=MemberState.MERGED, closed_on=on, close_reason="MERGED", merged_into_id=kept.member_account_id
    )
    in_use = {} if not (kept.state == MemberState.SEALED and ended.state == MemberState.NORMAL) else {
        "state": MemberState.NORMAL, "sealed_on": None, "seal_reason": "", "employer_account_id": ended.employer_account_id,
        "kind": ended.kind, "declared_base_fen": ended.declared_base, "base_fen": ended.base,
        "employer_rate": ended.employer_rate.percent, "member_rate": ended.member_rate.percent,
        "employer_month_fen": ended.employer_month, "member_month_fen": ended.member_month,
    }  # fmt: skip
    MemberAccount.objects.filter(id=kept.member_account_id).update(duplicate=False, **in_use)
    if in_use:
        take_over_bases(kept.centre_id, ended.member_account_id, kept.member_account_id)
