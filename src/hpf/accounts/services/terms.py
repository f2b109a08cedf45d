"""灵活就业缴存标准变更: a flexible worker carries both halves at one rate of the person's own, so base and rate change together."""

from __future__ import annotations

from datetime import date, datetime

from hpf.accounts import queries
from hpf.accounts.rules.bases import check_base_month
from hpf.accounts.rules.limits import check_base, effective_base, notes_on_base
from hpf.accounts.services.bases import ChangedBase
from hpf.accounts.services.events import BaseLine, Occasion, record_bases, record_events, set_bases
from hpf.accounts.services.limits import month_policy, rate_reasons
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.policy import queries as policy

NO_EMPLOYER = Rate.of("0")


@command("accounts.change_base")
def change_flexible_terms(
    *, by: Actor, centre_id: int, account_no: str, base: Money, rate: Rate, from_month: Month, on: date, at: datetime, key: str
) -> Decision[ChangedBase]:
    """变更缴存基数和比例 of one flexible account. The base is clamped to the limits of the month; both values are kept.

    Refuses  NOT_FLEXIBLE_ACCOUNT; a base that is none; a rate outside the band of the month; a closed account
    """
    member = queries.member_account(centre_id, account_no)
    account = queries.employer_account_by_id(centre_id, member.employer_account_id)
    if member.kind != "FLEXIBLE":
        message = f"个人账户{account_no}是单位职工账户，比例随单位，基数变更请由单位或在“基数变更”办理"
        return Decision.refused([Reason("NOT_FLEXIBLE_ACCOUNT", message, "条例/49@2026")])
    book = policy.book(centre_id, from_month.first_day)
    reasons = [
        *check_base(base),
        *rate_reasons(book, "FLEXIBLE", NO_EMPLOYER, rate),
        *check_base_month(member.state, from_month, account.paid_through),
    ]
    if reasons:
        return Decision.refused(reasons)
    limits = month_policy(centre_id, from_month, account.district)
    new = BaseLine.of(member.member_account_id, from_month, base, effective_base(base, limits.limits), (NO_EMPLOYER, rate), limits.unit_fen)
    when = Occasion(centre_id, by, on, at, key)
    set_bases([new])
    record_bases(centre_id, "RATES", [new])
    was = {"原缴存基数": member.base.text, "原个人比例": member.member_rate.text}
    record_events(when, "RATES", [(account.employer_account_id, member.member_account_id, was | new.facts)])
    notes = tuple(notes_on_base(base, limits.limits))
    return Decision.approved(ChangedBase(Outcome.APPROVED, account_no, new.base, new.employer_month, new.member_month, notes), notes)
