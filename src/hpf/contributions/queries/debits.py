"""扣款批次查询: batches, their lines, what became of an agreement's debits. Lists are paged in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Count, QuerySet, Sum
from django.db.models.functions import Cast

from hpf.accounts import queries as accounts
from hpf.contributions.models import Agreement, Collection, CollectionLine
from hpf.contributions.rules.flexible import months_due
from hpf.contributions.rules.states import AgreementState, CollectionState, Frequency
from hpf.db.paging import page_of
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.treasury import queries as treasury

SOURCE = "FLEXIBLE"


@dataclass(frozen=True, slots=True)
class CollectionView:
    """`bank_state` is the treasury's word on the batch: not sent, sent, in process, done or failed."""

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
    collection_no: str
    ordered_on: date
    line_no: int
    agreement_no: str
    account_no: str
    first_month: Month
    months: int
    amount: Money
    state: CollectionState
    failure: str

    @property
    def last_month(self) -> Month:
        return self.first_month + (self.months - 1)


@dataclass(frozen=True, slots=True)
class CollectionSums:
    """成功、失败、未定 of one batch."""

    booked: int
    booked_total: Money
    failed: int
    failed_total: Money
    ordered: int


@dataclass(frozen=True, slots=True)
class DueView:
    """What a batch for a month would debit now; `sealed` are agreements whose account is not in the normal state."""

    month: Month
    agreements: int
    total: Money
    under_way: int
    sealed: int


def collection(centre_id: int, collection_no: str) -> CollectionView | None:
    row = Collection.objects.select_related("remittance").filter(centre_id=centre_id, collection_no=collection_no).first()
    return _collection(row) if row else None


def collections(centre_id: int, *, state: CollectionState | str | None = None, limit: int = 50, offset: int = 0) -> list[CollectionView]:
    """Newest first."""
    return collections_page(centre_id, state=state, limit=limit, offset=offset)[0]


def collections_page(
    centre_id: int, *, state: CollectionState | str | None = None, month: Month | None = None, limit: int = 50, offset: int = 0
) -> tuple[list[CollectionView], int]:
    """A page and the number of all, newest first. Two queries at most."""
    rows = Collection.objects.select_related("remittance").filter(centre_id=centre_id)
    if state is not None:
        rows = rows.filter(state=str(state))
    if month is not None:
        rows = rows.filter(month=month)
    shown, total = page_of(rows.order_by("-id"), limit, offset)
    return [_collection(row) for row in shown], total


def collection_lines(centre_id: int, collection_no: str, *, limit: int = 200, offset: int = 0) -> list[CollectionLineView]:
    """Lines in their order."""
    return collection_lines_page(centre_id, collection_no, limit=limit, offset=offset)[0]


def collection_lines_page(
    centre_id: int, collection_no: str, *, state: CollectionState | str | None = None, limit: int = 50, offset: int = 0
) -> tuple[list[CollectionLineView], int]:
    """A page of the lines of a batch and the number of all. Two queries at most."""
    rows = _lines(centre_id).filter(collection__collection_no=collection_no)
    if state is not None:
        rows = rows.filter(state=str(state))
    shown, total = page_of(rows.order_by("line_no"), limit, offset)
    return [_line(row) for row in shown], total


def collection_sums(centre_id: int, collection_no: str) -> CollectionSums:
    """How many lines were booked, failed or wait, and how much. One query."""
    lines = CollectionLine.objects.filter(centre_id=centre_id, collection__collection_no=collection_no)
    found = {
        state: (count, Money(int(fen)))
        for state, count, fen in lines.values_list("state").annotate(lines=Count("id"), fen=Sum(Cast("amount_fen", BigIntegerField())))
    }
    booked, failed, ordered = (
        found.get(state, (0, ZERO)) for state in (CollectionState.BOOKED, CollectionState.FAILED, CollectionState.ORDERED)
    )
    return CollectionSums(*booked, *failed, ordered[0])


def agreement_debits(centre_id: int, agreement_no: str, *, limit: int = 50, offset: int = 0) -> tuple[list[CollectionLineView], int]:
    """The debits of one agreement and their number, newest first. Two queries at most."""
    rows = _lines(centre_id).filter(agreement__agreement_no=agreement_no)
    shown, total = page_of(rows.order_by("-id"), limit, offset)
    return [_line(row) for row in shown], total


def bank_word(centre_id: int, collection_no: str) -> str:
    """What the treasury knows of a batch: READY, SENT, PROCESSING, DONE or FAILED."""
    return treasury.collection_state(centre_id, SOURCE, collection_no) or "READY"


def due(centre_id: int, month: Month) -> DueView:
    """What a batch for this month would debit if it were ordered now, by the same conditions as ordering it. Three queries."""
    rows = list(
        Agreement.objects.filter(centre_id=centre_id, state=AgreementState.ACTIVE, next_month__lte=month).values_list(
            "id", "member_account_id", "next_month", "frequency"
        )
    )
    busy = set(CollectionLine.objects.filter(centre_id=centre_id, state=CollectionState.ORDERED).values_list("agreement_id", flat=True))
    waiting = [row for row in rows if row[0] not in busy]
    members = accounts.member_accounts(centre_id, [row[1] for row in waiting])
    normal = [row for row in waiting if members[row[1]].state == "NORMAL"]
    total = Money.total(members[row[1]].month_total * len(months_due(row[2], Frequency(row[3]), month)) for row in normal)
    return DueView(month, len(normal), total, len(rows) - len(waiting), len(waiting) - len(normal))


def _lines(centre_id: int) -> QuerySet[CollectionLine]:
    return CollectionLine.objects.select_related("agreement", "collection").filter(centre_id=centre_id)


def _collection(row: Collection) -> CollectionView:
    return CollectionView(
        row.collection_no, row.treasury_no, row.month, row.line_count, row.total_fen, CollectionState(row.state), row.ordered_on,
        row.remittance.remittance_no if row.remittance else None,
    )  # fmt: skip


def _line(row: CollectionLine) -> CollectionLineView:
    return CollectionLineView(
        row.collection.collection_no, row.collection.ordered_on, row.line_no, row.agreement.agreement_no, row.agreement.account_no,
        row.first_month, row.months, row.amount_fen, CollectionState(row.state), row.failure,
    )  # fmt: skip
