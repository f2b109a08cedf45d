"""灵活就业扣款: one batch for all agreements that are due; what the bank collected is booked, what it could not is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.contributions.models import Agreement, Collection, CollectionLine, Line, Remittance
from hpf.contributions.rules import refusals
from hpf.contributions.rules.flexible import months_due, pauses
from hpf.contributions.rules.states import AgreementState, CollectionState, Frequency, RemittanceKind, RemittanceState
from hpf.contributions.services.numbers import take_number
from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.treasury import queries as treasury_queries
from hpf.treasury import services as treasury

SOURCE = "FLEXIBLE"


@dataclass(frozen=True, slots=True)
class Collected:
    """A batch on its way to the bank."""

    collection_no: str
    treasury_no: str
    lines: int
    total: Money


@dataclass(frozen=True, slots=True)
class CollectionSettled:
    """`remittance_no` is empty when nothing was collected; `paused` are agreements that stopped after repeated failures."""

    collection_no: str
    remittance_no: str
    booked: int
    failed: int
    total: Money
    paused: tuple[str, ...] = ()


@command("contributions.collect")
def collect(
    *,
    by: Actor,
    centre_id: int,
    month: Month,
    business_on: date,
    key: str,
    at: datetime,
    bank_account_id: int | None = None,
    agreement_nos: tuple[str, ...] | None = None,
) -> Decision[Collected]:
    """批量扣款: debit every active agreement whose next month has come, or those named. Amounts are the accounts' present ones.

    Locks    the agreements in id order; one debit of an agreement at a time (a unique index)
    Refuses  NOTHING_TO_COLLECT
    """
    due = list(
        Agreement.objects.select_for_update()
        .filter(centre_id=centre_id, state=AgreementState.ACTIVE, next_month__lte=month)
        .exclude(id__in=CollectionLine.objects.filter(centre_id=centre_id, state=CollectionState.ORDERED).values("agreement_id"))
        .order_by("id")
    )
    if agreement_nos is not None:
        due = [agreement for agreement in due if agreement.agreement_no in agreement_nos]
    members = accounts.member_accounts(centre_id, [agreement.member_account_id for agreement in due])
    due = [agreement for agreement in due if members[agreement.member_account_id].state == "NORMAL"]
    if not due:
        return Decision.refused([Reason("NOTHING_TO_COLLECT", f"{month.text}没有到期应扣款的缴存协议，无需发起扣款")])
    for agreement in due:
        agreement.base_fen = members[agreement.member_account_id].base
    Agreement.objects.bulk_update(due, ["base_fen"], batch_size=1000)
    collection = Collection(
        centre_id=centre_id, collection_no=take_number(centre_id, business_on), treasury_no="", month=month, line_count=len(due),
        total_fen=ZERO, state=CollectionState.ORDERED, ordered_on=business_on, maker=by.user_id,
    )  # fmt: skip
    lines = [
        _line(centre_id, row, agreement, members[agreement.member_account_id].month_total, month) for row, agreement in enumerate(due, 1)
    ]
    collection.total_fen = Money.total(line.amount_fen for line in lines)
    collection.treasury_no = treasury.order_collection(
        centre_id, source_kind=SOURCE, source_no=collection.collection_no, on=business_on, bank_account_id=bank_account_id,
        summary=f"{month.text}灵活就业缴存",
        lines=[
            treasury.LineToCollect(line.line_no, agreement.agreement_no, agreement.card, agreement.payer_name, line.amount_fen)
            for line, agreement in zip(lines, due, strict=True)
        ],
    )  # fmt: skip
    collection.save()
    for line in lines:
        line.collection = collection
    CollectionLine.objects.bulk_create(lines, batch_size=5000)
    return Decision.approved(Collected(collection.collection_no, collection.treasury_no, len(lines), collection.total_fen))


@command("contributions.settle_collection")
def settle_collection(
    *, by: Actor, centre_id: int, collection_no: str, business_on: date, key: str, at: datetime
) -> Decision[CollectionSettled]:
    """扣款结果入账: the collected lines become one journal and one list; failed ones count against their agreement.

    Locks    the batch, its agreements; the receipt and the ledger rows
    Refuses  COLLECTION_OPEN while the bank has not said its last word; WRONG_STATE once settled
    """
    collection = Collection.objects.select_for_update(of=("self",)).filter(centre_id=centre_id, collection_no=collection_no).first()
    if collection is None:
        return Decision.refused([refusals.not_found("扣款批次", collection_no)])
    if collection.state != CollectionState.ORDERED:
        state = CollectionState(collection.state).label
        return Decision.refused([refusals.state_does_not_allow("扣款批次", collection_no, state, CollectionState.ORDERED.label)])
    told = treasury_queries.collection(centre_id, SOURCE, collection_no)
    if told is None or told.state not in ("DONE", "FAILED"):
        return Decision.refused(
            [Reason("COLLECTION_OPEN", f"扣款批次{collection_no}银行尚未返回最终结果，请待结果返回后入账，不要重复发起")]
        )
    by_no = {line.line_no: line for line in told.lines}
    lines = list(CollectionLine.objects.filter(collection=collection).order_by("line_no"))
    agreements = {row.id: row for row in Agreement.objects.select_for_update().filter(id__in=[line.agreement_id for line in lines])}
    done = [line for line in lines if by_no[line.line_no].state == "DONE"]
    failed = [line for line in lines if by_no[line.line_no].state != "DONE"]
    remittance = _book(collection, done, agreements, told.receipt_no, business_on, by, at, key) if done else None
    paused = _count_failures(failed, agreements, by_no, account_services.Occasion(centre_id, by, business_on, at, key))
    CollectionLine.objects.bulk_update(lines, ["state", "failure"], batch_size=1000)
    Agreement.objects.bulk_update(
        agreements.values(), ["next_month", "failures", "state", "paused_on", "state_reason", "month_fen"], batch_size=1000
    )
    collection.state, collection.remittance = CollectionState.BOOKED if done else CollectionState.FAILED, remittance
    collection.save(update_fields=["state", "remittance"])
    total = Money.total(line.amount_fen for line in done)
    return Decision.approved(
        CollectionSettled(collection_no, remittance.remittance_no if remittance else "", len(done), len(failed), total, paused)
    )


def apply_collections(*, by: Actor, centre_id: int, business_on: date, at: datetime) -> list[CollectionSettled]:
    """Book every batch whose result is final. A story for the day's close, safe to run again."""
    with centre_scope(centre_id):
        ordered = Collection.objects.filter(centre_id=centre_id, state=CollectionState.ORDERED).order_by("id")
        told = {row.collection_no: treasury_queries.collection(centre_id, SOURCE, row.collection_no) for row in ordered}
    settled = []
    for collection_no, view in told.items():
        if view is None or view.state not in ("DONE", "FAILED"):
            continue
        answer = settle_collection(
            by=by,
            centre_id=centre_id,
            collection_no=collection_no,
            business_on=business_on,
            key=f"settle:{collection_no}:{view.state}",
            at=at,
        )
        if answer.value is not None:
            settled.append(answer.value)
    return settled


def _line(centre_id: int, row: int, agreement: Agreement, month_amount: Money, month: Month) -> CollectionLine:
    months = months_due(agreement.next_month, Frequency(agreement.frequency), month)
    return CollectionLine(
        centre_id=centre_id, agreement=agreement, line_no=row, first_month=months[0], months=len(months),
        amount_fen=month_amount * len(months), state=CollectionState.ORDERED,
    )  # fmt: skip


def _book(
    collection: Collection,
    done: Sequence[CollectionLine],
    agreements: dict[int, Agreement],
    receipt_no: str | None,
    business_on: date,
    by: Actor,
    at: datetime,
    key: str,
) -> Remittance:
    centre_id, total = collection.centre_id, Money.total(line.amount_fen for line in done)
    used = treasury.use_receipt(centre_id, receipt_no or "", by_kind=SOURCE, by_no=collection.collection_no)
    if used.value is None or used.value.remaining != total:
        raise CollectionMoneyDiffers(f"扣款批次{collection.collection_no}成功{total.text}元，与到账款项不符，请人工核对")
    remittance_no = take_number(centre_id, business_on)
    draft = Draft(
        centre_id=centre_id, kind="REMITTANCE", template="J1", business_on=business_on, value_on=business_on,
        source_kind="REMITTANCE_LIST", source_no=remittance_no, summary=f"{collection.month.text}灵活就业缴存", maker=by.user_id,
    )  # fmt: skip
    legs = [Leg(agreements[line.agreement_id].ledger_account_id, -line.amount_fen.fen) for line in done]
    journal_id = ledger.post(draft, [Leg(used.value.ledger_account_id, total.fen), *legs], f"{key}:book")
    remittance = Remittance.objects.create(
        centre_id=centre_id, remittance_no=remittance_no, kind=RemittanceKind.FLEXIBLE, month=collection.month,
        state=RemittanceState.BOOKED, line_count=len(done), employer_fen=ZERO, member_fen=total, subsidy_fen=ZERO, source="SYSTEM",
        prepaid_planned_fen=ZERO, prepaid_used_fen=ZERO, overpaid_fen=ZERO, receipt_no=receipt_no or "", journal_id=journal_id,
        booked_on=business_on, maker=collection.maker, received_at=at, booked_by=by.user_id, booked_at=at,
    )  # fmt: skip
    rows = []
    for line in done:
        agreement = agreements[line.agreement_id]
        line.state = CollectionState.BOOKED
        agreement.next_month, agreement.failures = line.first_month + line.months, 0
        agreement.month_fen = line.amount_fen.share(1, line.months)
        rows += [(agreement, month) for month in line.first_month.through(line.first_month + (line.months - 1))]
    Line.objects.bulk_create(
        (
            Line(
                centre_id=centre_id, remittance=remittance, row_no=row, member_account_id=agreement.member_account_id,
                account_no=agreement.account_no, ledger_account_id=agreement.ledger_account_id, month=month, base_fen=agreement.base_fen,
                employer_fen=ZERO, member_fen=agreement.month_fen, subsidy_fen=ZERO, holds_month=True,
            )
            for row, (agreement, month) in enumerate(rows, 1)
        ),
        batch_size=5000,
    )  # fmt: skip
    return remittance


class CollectionMoneyDiffers(Exception):
    """What the bank says it collected is not what its receipt brought. Nothing is booked; a person must look."""


def _count_failures(
    failed: Sequence[CollectionLine],
    agreements: dict[int, Agreement],
    by_no: dict[int, treasury_queries.CollectionLineView],
    when: account_services.Occasion,
) -> tuple[str, ...]:
    paused: list[Agreement] = []
    for line in failed:
        agreement = agreements[line.agreement_id]
        line.state, line.failure = CollectionState.FAILED, by_no[line.line_no].explanation
        agreement.failures += 1
        if pauses(agreement.failures):
            agreement.state, agreement.paused_on = AgreementState.PAUSED, when.on
            agreement.state_reason = f"连续{agreement.failures}次扣款失败：{line.failure}"
            paused.append(agreement)
    if paused:
        account_services.record_events(when, "AGREEMENT_PAUSED", [
            (row.employer_account_id, row.member_account_id, {"协议号": row.agreement_no, "原因": row.state_reason}) for row in paused
        ])  # fmt: skip
    return tuple(agreement.agreement_no for agreement in paused)
