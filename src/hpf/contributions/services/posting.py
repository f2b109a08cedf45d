"""入账: the one place where confirmed lists and arrived money become journals, for one list or for many at once.

The facts of all lists are gathered by a handful of queries, each list is decided by the pure rule, each is one journal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.accounts.queries import EmployerAccountView
from hpf.contributions.models import Remittance
from hpf.contributions.queries.deferrals import deferred_months
from hpf.contributions.rules import refusals
from hpf.contributions.rules.money import Split, decide_money
from hpf.contributions.rules.months import check_order, expected_month
from hpf.contributions.rules.states import RemittanceKind, RemittanceState
from hpf.contributions.services.deferral_end import note_repaid
from hpf.contributions.services.facts import ACCEPTANCE, prepaid_ledger, says
from hpf.db.command import step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft
from hpf.policy import queries as policy
from hpf.treasury import services as treasury
from hpf.treasury.queries import ReceiptView


@dataclass(frozen=True, slots=True)
class Booked:
    remittance_no: str
    journal_id: int
    business_on: date
    members: int
    total: Money
    from_receipts: Money
    from_prepaid: Money
    overpaid: Money


@dataclass(frozen=True, slots=True)
class Occasion:
    """By whom, on which accounting day, when, under which key lists are booked."""

    by: Actor
    business_on: date
    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class _Funded:
    """A list whose money is decided."""

    remittance: Remittance
    account: EmployerAccountView
    receipts: Sequence[ReceiptView]
    split: Split
    months: tuple[Month, ...]


class MoneyMoved(Exception):
    """Between looking and using, the money of a receipt was used by another command. Nothing was booked; try again."""


@step
def book_lists(
    centre_id: int,
    remittances: Sequence[Remittance],
    receipts: Mapping[str, Sequence[ReceiptView]],
    use_prepaid: frozenset[str],
    when: Occasion,
) -> dict[str, Decision[Booked]]:
    """Book those of these locked lists whose money is there; the others write down why they wait.

    Lists of one unit must come oldest month first: the months a unit has paid move on from one to the next.
    """
    funded, answers = _decide(centre_id, remittances, receipts, use_prepaid)
    if not funded:
        return answers
    used = _use_receipts(centre_id, funded)
    legs = _credit_columns([each.remittance.id for each in funded])
    for each in funded:
        journal_id = _post(each, used, *legs[each.remittance.id], when)
        _note(each, journal_id, when)
        answers[each.remittance.remittance_no] = Decision.approved(_answer(each, journal_id, when))
    _advance(funded)
    _write([each.remittance for each in funded])
    _note_repaid(centre_id, funded)
    return answers


def _decide(
    centre_id: int, remittances: Sequence[Remittance], receipts: Mapping[str, Sequence[ReceiptView]], use_prepaid: frozenset[str]
) -> tuple[list[_Funded], dict[str, Decision[Booked]]]:
    ids = sorted({each.employer_account_id for each in remittances if each.employer_account_id is not None})
    units = accounts.employer_accounts_by_id(centre_id, ids)
    deferred = deferred_months(centre_id, ids)
    balances = ledger_queries.balances([prepaid_ledger(unit) for unit in units.values()])
    prepaid = {unit.employer_account_id: balances[prepaid_ledger(unit)].available for unit in units.values()}
    paid_through = {unit.employer_account_id: unit.paid_through for unit in units.values()}
    accepted = {month: says(policy.book(centre_id, month.first_day), ACCEPTANCE) for month in {each.month for each in remittances}}
    funded: list[_Funded] = []
    answers: dict[str, Decision[Booked]] = {}
    for remittance in remittances:
        no, unit = remittance.remittance_no, units[remittance.employer_account_id]
        here = unit.employer_account_id
        expected = expected_month(unit.first_month, paid_through[here], deferred[here])
        reasons = _check(remittance, expected, wants_acceptance=accepted[remittance.month])
        if reasons:
            answers[no] = _refused(remittance, reasons)
            continue
        money = receipts.get(no, ())
        total = remittance.employer_fen + remittance.member_fen
        planned = no in use_prepaid or bool(remittance.prepaid_planned_fen)
        split = decide_money(total, [each.remaining for each in money], prepaid[here], use_prepaid=planned)
        if split.value is None:
            answers[no] = _refused(remittance, list(split.reasons))
            continue
        prepaid[here] = prepaid[here] - split.value.from_prepaid + split.value.overpaid
        months: tuple[Month, ...] = ()
        if remittance.kind == RemittanceKind.REGULAR:
            first = unit.first_month if paid_through[here] is None else paid_through[here] + 1
            months = tuple(first.through(remittance.month))
            paid_through[here] = remittance.month
        funded.append(_Funded(remittance, unit, money, split.value, months))
    return funded, answers


def _check(remittance: Remittance, expected: Month, *, wants_acceptance: bool) -> list[Reason]:
    if remittance.state not in (RemittanceState.CONFIRMED, RemittanceState.PAID):
        state, wanted = RemittanceState(remittance.state).label, RemittanceState.CONFIRMED.label
        return [refusals.wrong_state(remittance.remittance_no, state, wanted)]
    if wants_acceptance and not remittance.accepted_by:
        return [refusals.not_accepted(remittance.remittance_no)]
    return check_order(remittance.month, expected) if remittance.kind == RemittanceKind.REGULAR else []


def _refused(remittance: Remittance, reasons: list[Reason]) -> Decision[Booked]:
    if remittance.state == RemittanceState.CONFIRMED:
        wait(remittance, reasons[0])
    return Decision.refused(reasons)


@step
def wait(remittance: Remittance, reason: Reason) -> None:
    """Write on the list why its money could not be booked."""
    if (remittance.waiting_code, remittance.waiting_message) != (reason.code, reason.message):
        remittance.waiting_code, remittance.waiting_message = reason.code, reason.message
        remittance.save(update_fields=["waiting_code", "waiting_message"])


def _credit_columns(remittance_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """{list: (ledger accounts, credits in fen)} in one query: one leg for each person. `rules.postings` says the same
    in words of the law; a test holds the two together.

    Numbers with commas between them, as the ledger takes them: nobody here looks into ten thousand lines.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT remittance_id, string_agg(ledger_account_id::text, ',' ORDER BY row_no), string_agg((-fen)::text, ',' ORDER BY row_no)
               FROM (SELECT remittance_id, ledger_account_id, min(row_no) AS row_no, sum(employer_fen + member_fen)::bigint AS fen
                     FROM contributions_line WHERE remittance_id = ANY(%s) GROUP BY 1, 2) person
               WHERE fen <> 0 GROUP BY 1""",
            [list(remittance_ids)],
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def _use_receipts(centre_id: int, funded: Sequence[_Funded]) -> dict[str, treasury.ReceiptUse]:
    """Lock and mark all receipts; each must still hold what was counted on."""
    counted = {receipt.receipt_no: (each.remittance.remittance_no, receipt.remaining) for each in funded for receipt in each.receipts}
    used = treasury.use_receipts(centre_id, {no: by_no for no, (by_no, _) in counted.items()}, by_kind="REMITTANCE")
    for receipt_no, (_, remaining) in counted.items():
        if remaining and (receipt_no not in used or used[receipt_no].remaining != remaining):
            raise MoneyMoved(f"收款{receipt_no}正在被另一业务使用，本次未记账，请刷新后重试")
    return used


def _post(each: _Funded, used: Mapping[str, treasury.ReceiptUse], account_ids: str, fens: str, when: Occasion) -> int:
    """One journal: receipts and prepaid money on the debit side, one credit for each person.

    J1 in two steps: the bank's money (10101) went to 暂收 (21904) when it arrived, and goes on from there to the members (201).
    """
    remittance, kind = each.remittance, RemittanceKind(each.remittance.kind)
    sources = [(used[receipt.receipt_no].ledger_account_id, receipt.remaining.fen) for receipt in each.receipts if receipt.remaining]
    if prepaid := each.split.from_prepaid.fen - each.split.overpaid.fen:
        sources.append((prepaid_ledger(each.account), prepaid))
    draft = Draft(
        centre_id=remittance.centre_id,
        kind="BACK_PAYMENT" if kind.is_back_payment else "REMITTANCE",
        template="J1",
        business_on=when.business_on,
        value_on=when.business_on,
        source_kind="REMITTANCE_LIST",
        source_no=remittance.remittance_no,
        summary=f"{remittance.month.text}{kind.label} {remittance.employer_account_no}",
        maker=when.by.user_id,
    )
    return ledger.post_columns(
        draft,
        "{" + ",".join([*(str(account) for account, _ in sources), account_ids]) + "}",
        "{" + ",".join([*(str(fen) for _, fen in sources), fens]) + "}",
        f"{when.key}:book:{remittance.remittance_no}",
    )


def _note(each: _Funded, journal_id: int, when: Occasion) -> None:
    """What the journal means for the list and the unit."""
    remittance, split = each.remittance, each.split
    remittance.state, remittance.journal_id, remittance.booked_on = RemittanceState.BOOKED, journal_id, when.business_on
    remittance.receipt_no = " ".join(receipt.receipt_no for receipt in each.receipts)
    remittance.prepaid_used_fen, remittance.overpaid_fen = split.from_prepaid, split.overpaid
    remittance.waiting_code = remittance.waiting_message = ""
    remittance.booked_by, remittance.booked_at = when.by.user_id, when.at


def _answer(each: _Funded, journal_id: int, when: Occasion) -> Booked:
    remittance, split = each.remittance, each.split
    total = remittance.employer_fen + remittance.member_fen
    return Booked(
        remittance.remittance_no, journal_id, when.business_on, remittance.line_count, total,
        split.from_receipts, split.from_prepaid, split.overpaid,
    )  # fmt: skip


def _advance(funded: Sequence[_Funded]) -> None:
    """The units' paid-through months move on, over deferred months too."""
    months: dict[int, tuple[Month, ...]] = {}
    for each in funded:
        if each.months:
            months[each.account.employer_account_id] = months.get(each.account.employer_account_id, ()) + each.months
    account_services.advance_many_paid_through(months)


def _write(booked: Sequence[Remittance]) -> None:
    """State, journal and sources of all booked lists, in one statement."""
    columns = [(each.id, each.journal_id, each.receipt_no, each.prepaid_used_fen.fen, each.overpaid_fen.fen) for each in booked]
    first = booked[0]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE contributions_remittance r SET state = 'BOOKED', journal_id = u.journal, receipt_no = u.receipts,
                   prepaid_used_fen = u.prepaid, overpaid_fen = u.overpaid, booked_on = %s, booked_by = %s, booked_at = %s,
                   waiting_code = '', waiting_message = ''
               FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[]) AS u(id, journal, receipts, prepaid, overpaid)
               WHERE r.id = u.id""",
            [first.booked_on, first.booked_by, first.booked_at, *(list(column) for column in zip(*columns, strict=True))],
        )


def _note_repaid(centre_id: int, funded: Sequence[_Funded]) -> None:
    """A back payment may settle a deferral."""
    for employer_account_id in {each.account.employer_account_id for each in funded if each.remittance.kind == RemittanceKind.BACK_FULL}:
        note_repaid(centre_id, employer_account_id)
