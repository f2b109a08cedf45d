"""灵活就业协议、扣款批次、补贴项目查询. Card numbers come out masked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.contributions.models import Agreement, Collection, CollectionLine, SubsidyProgram
from hpf.contributions.rules.states import AgreementState, CollectionState, Frequency
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger


@dataclass(frozen=True, slots=True)
class AgreementView:
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
class CollectionView:
    collection_no: str
    treasury_no: str
    month: Month
    line_count: int
    total: Money
    state: CollectionState
    ordered_on: date
    remittance_no: str | None


@dataclass(frozen=True, slots=True)
class CollectionLineView:
    line_no: int
    agreement_no: str
    account_no: str
    first_month: Month
    months: int
    amount: Money
    state: CollectionState
    failure: str


@dataclass(frozen=True, slots=True)
class ProgramView:
    program_no: str
    name: str
    document_no: str
    opened_on: date
    balance: Money


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
    rows = Agreement.objects.filter(centre_id=centre_id)
    if member_account_id is not None:
        rows = rows.filter(member_account_id=member_account_id)
    if state is not None:
        rows = rows.filter(state=str(state))
    return [_agreement(row) for row in rows.order_by("-id")[offset : offset + limit]]


def collections(centre_id: int, *, state: CollectionState | str | None = None, limit: int = 50, offset: int = 0) -> list[CollectionView]:
    """Newest first."""
    rows = Collection.objects.select_related("remittance").filter(centre_id=centre_id)
    if state is not None:
        rows = rows.filter(state=str(state))
    return [
        CollectionView(
            row.collection_no, row.treasury_no, row.month, row.line_count, row.total_fen, CollectionState(row.state), row.ordered_on,
            row.remittance.remittance_no if row.remittance else None,
        )
        for row in rows.order_by("-id")[offset : offset + limit]
    ]  # fmt: skip


def collection_lines(centre_id: int, collection_no: str, *, limit: int = 200, offset: int = 0) -> list[CollectionLineView]:
    rows = CollectionLine.objects.select_related("agreement").filter(centre_id=centre_id, collection__collection_no=collection_no)
    return [
        CollectionLineView(
            row.line_no, row.agreement.agreement_no, row.agreement.account_no, row.first_month, row.months, row.amount_fen,
            CollectionState(row.state), row.failure,
        )
        for row in rows.order_by("line_no")[offset : offset + limit]
    ]  # fmt: skip


def subsidy_programs(centre_id: int) -> list[ProgramView]:
    """Every subsidy program of the centre with the money it still has."""
    rows = list(SubsidyProgram.objects.filter(centre_id=centre_id).order_by("id"))
    balances = ledger.balances([row.ledger_account_id for row in rows])
    return [ProgramView(row.program_no, row.name, row.document_no, row.opened_on, balances[row.ledger_account_id].balance) for row in rows]


def _agreement(row: Agreement) -> AgreementView:
    return AgreementView(
        row.agreement_no, row.member_account_id, row.account_no, row.base_fen, row.month_fen, Frequency(row.frequency), row.payer_name,
        row.card_masked, row.bank_code, AgreementState(row.state), row.next_month, row.failures, row.signed_on, row.paused_on,
        row.state_reason, row.exited_on,
    )  # fmt: skip
