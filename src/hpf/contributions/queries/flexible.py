"""灵活就业协议查询. Card numbers come out masked; lists are paged in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from hpf.accounts.rules.limits import RateBand, check_flexible_rate
from hpf.contributions.models import Agreement
from hpf.contributions.rules.amounts import Limits, amount_due_flexible, check_base
from hpf.contributions.rules.flexible import next_debit_on
from hpf.contributions.rules.states import AgreementState, Frequency
from hpf.db.paging import page_of
from hpf.kernel.decision import Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.policy import queries as policy

DEBIT_DAY = "contribution.flexible_debit_day"


@dataclass(frozen=True, slots=True)
class AgreementView:
    """`month_amount` is what was agreed; what the next debit takes follows from the account's present terms."""

    agreement_no: str
    member_account_id: int
    account_no: str
    base: Money
    month_amount: Money
    frequency: Frequency
    payer_name: str
    card_masked: str
    bank_code: str
    state: AgreementState
    next_month: Month
    failures: int
    signed_on: date
    paused_on: date | None
    state_reason: str
    exited_on: date | None

    @property
    def debit(self) -> Money:
        """What one debit of the card takes."""
        return self.month_amount * self.frequency.months


@dataclass(frozen=True, slots=True)
class FlexibleTerms:
    """What the law and the centre ask of a flexible worker in one month, and the document behind each limit."""

    month: Month
    limits: Limits
    band: RateBand

    def amount(self, base: Money, rate: Rate) -> Money:
        """月缴存额: both halves, carried by one person, rounded once."""
        return amount_due_flexible(base, rate, self.limits.rounding_unit_fen).total

    @property
    def rate_range(self) -> str:
        lowest, highest = self.band.lowest.text, self.band.highest.text
        return lowest if lowest == highest else f"{lowest} 至 {highest}"

    @property
    def laws(self) -> tuple[str, ...]:
        """The documents behind the limits, each once."""
        return tuple(dict.fromkeys((self.limits.floor_law, self.limits.cap_law, self.band.lowest_law, self.band.highest_law)))

    def reasons(self, base: Money, rate: Rate) -> list[Reason]:
        return check_base(base, self.limits) + check_flexible_rate(rate, self.band)


def flexible_terms(centre_id: int, district: str, month: Month) -> FlexibleTerms:
    """The limits of a month. Raises MissingParameter where the centre has enacted none."""
    book = policy.book(centre_id, month.first_day)
    return FlexibleTerms(month, Limits.of(book, district), RateBand.flexible(book))


def debit_day_of_month(centre_id: int, on: date) -> int | None:
    """每月扣款日, where the centre has published one."""
    book = policy.book(centre_id, on)
    return book.whole(DEBIT_DAY) if book.knows(DEBIT_DAY) else None


def next_debit(view: AgreementView, day_of_month: int | None, on: date) -> date | None:
    """下次扣款日 of an agreement that is debited, None where there is no day or nothing is debited."""
    if day_of_month is None or view.state is not AgreementState.ACTIVE:
        return None
    return next_debit_on(view.next_month, day_of_month, on)


def agreement(centre_id: int, agreement_no: str) -> AgreementView | None:
    row = Agreement.objects.filter(centre_id=centre_id, agreement_no=agreement_no).first()
    return _agreement(row) if row else None


def agreements(
    centre_id: int,
    *,
    member_account_id: int | None = None,
    state: AgreementState | str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[AgreementView]:
    """Newest first."""
    found = _found(centre_id, [member_account_id] if member_account_id is not None else None, state)
    return [_agreement(row) for row in found.order_by("-id")[offset : offset + limit]]


def agreements_page(
    centre_id: int,
    *,
    state: AgreementState | str | None = None,
    due_by: Month | None = None,
    due_after: Month | None = None,
    number: str = "",
    member_account_ids: Sequence[int] | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[AgreementView], int]:
    """A page and the number of all, the next to be debited first. Two queries at most.

    `due_by`, `due_after`   those whose next month has come by this one, or comes after it
    `number`                begins with this number of the agreement or of the account
    """
    found = _found(centre_id, member_account_ids, state)
    if due_by is not None:
        found = found.filter(next_month__lte=due_by)
    if due_after is not None:
        found = found.filter(next_month__gt=due_after)
    if number:
        found = found.filter(agreement_no__startswith=number) | found.filter(account_no__startswith=number)
    rows, total = page_of(found.order_by("next_month", "id"), limit, offset)
    return [_agreement(row) for row in rows], total


def _found(centre_id: int, member_account_ids: Sequence[int] | None, state: AgreementState | str | None) -> QuerySet[Agreement]:
    found = Agreement.objects.filter(centre_id=centre_id)
    if member_account_ids is not None:
        found = found.filter(member_account_id__in=list(member_account_ids))
    return found if state is None else found.filter(state=str(state))


def _agreement(row: Agreement) -> AgreementView:
    return AgreementView(
        row.agreement_no, row.member_account_id, row.account_no, row.base_fen, row.month_fen, Frequency(row.frequency), row.payer_name,
        row.card_masked, row.bank_code, AgreementState(row.state), row.next_month, row.failures, row.signed_on, row.paused_on,
        row.state_reason, row.exited_on,
    )  # fmt: skip
