"""错账调整: what was booked wrongly is taken back by red entries and put right by blue ones, dated back to the first day.

Nothing posted is changed. The whole list: 冲正. Single lines: 红字 and 蓝字 between the persons concerned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.contributions.models import Line, Remittance
from hpf.contributions.rules import refusals
from hpf.contributions.rules.states import RemittanceKind, RemittanceState
from hpf.contributions.services.confirmation import locked
from hpf.contributions.services.facts import last_booked_month, prepaid_ledger
from hpf.contributions.services.numbers import take_number
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.treasury import services as treasury


@dataclass(frozen=True, slots=True)
class CorrectLine:
    """Take `employer` and `member` back from this account's booked line and give them to `to_account_no`.

    Without `to_account_no` the money becomes the unit's prepaid money again.
    """

    account_no: str
    month: Month
    employer: Money
    member: Money
    to_account_no: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """`blue_journal_id` is None when nothing was booked anew."""

    remittance_no: str
    correction_no: str
    red_journal_id: int
    blue_journal_id: int | None
    total: Money


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A booked line and what of it is taken back. `is_whole`: nothing of it is left, the month is free again."""

    line: Line
    employer: Money
    member: Money
    is_whole: bool

    @property
    def total(self) -> Money:
        return self.employer + self.member


@cites("财会字〔1999〕33号/总说明")
@command("contributions.correct_booking")
def correct_booking(
    *,
    by: Actor,
    centre_id: int,
    remittance_no: str,
    lines: tuple[CorrectLine, ...],
    reason: str,
    maker: str,
    business_on: date,
    key: str,
    at: datetime,
) -> Decision[Corrected]:
    """红蓝字调整 of single lines of a booked list. `maker` prepared it, `by` checks it and it is booked.

    The red journal carries the value date of the wrong one, so does the blue: interest comes out as if it had been right.

    Locks    the remittance; the ledger rows of the accounts concerned
    Writes   red and blue journal, a list of kind CORRECTION with the minus and plus lines
    Refuses  MAKER_IS_CHECKER, REASON_MISSING, MORE_THAN_BOOKED, MEMBER_ACCOUNT_NOT_FOUND, BALANCE_TOO_SMALL
    """
    remittance = locked(centre_id, remittance_no)
    if remittance is None:
        return Decision.refused([refusals.no_such_remittance(remittance_no)])
    reasons = _check_correction(remittance, reason, maker, by)
    if remittance.employer_account_id is None:
        reasons = reasons or [refusals.not_an_employers_list(remittance_no)]
    if reasons:
        return Decision.refused(reasons)
    taken, reasons = booked_lines(remittance, [(line.account_no, line.month, line.employer, line.member) for line in lines])
    receivers, unknown = _receivers(centre_id, lines)
    reasons += unknown or check_available(taken)
    if reasons:
        return Decision.refused(reasons)
    total = Money.total(each.total for each in taken)
    account = accounts.employer_account_by_id(centre_id, remittance.employer_account_id)
    between = prepaid_ledger(account)
    value_on = ledger_queries.journal(centre_id, remittance.journal_id).value_on
    red = _draft(remittance, "RED", business_on, value_on, f"红字调整：{reason}", maker, by)
    red_id = ledger.post(
        red,
        [*(Leg(each.line.ledger_account_id, each.total.fen) for each in taken), Leg(between, -total.fen)],
        f"{key}:red",
        carried_first=False,
    )
    given = [(line, receivers[line.to_account_no]) for line in lines if line.to_account_no]
    blue_id = None
    if given:
        blue = _draft(remittance, "BLUE", business_on, value_on, f"蓝字调整：{reason}", maker, by)
        legs = [Leg(receiver.ledger_account_id, -(line.employer + line.member).fen) for line, receiver in given]
        blue_id = ledger.post(blue, [Leg(between, -sum(leg.fen for leg in legs)), *legs], f"{key}:blue")
    correction = write_correction(remittance, taken, red_id, business_on, reason, maker, at)
    Line.objects.bulk_create(
        Line(
            centre_id=centre_id, remittance=correction, row_no=len(taken) + row, member_account_id=receiver.member_account_id,
            account_no=receiver.account_no, ledger_account_id=receiver.ledger_account_id, month=line.month, base_fen=receiver.base,
            employer_fen=line.employer, member_fen=line.member, subsidy_fen=ZERO,
        )
        for row, (line, receiver) in enumerate(given, 1)
    )  # fmt: skip
    return Decision.approved(Corrected(remittance_no, correction.remittance_no, red_id, blue_id, total))


@cites("财会字〔1999〕33号/总说明")
@command("contributions.reverse_booking")
def reverse_booking(
    *, by: Actor, centre_id: int, remittance_no: str, reason: str, maker: str, business_on: date, key: str, at: datetime
) -> Decision[Corrected]:
    """冲正 a whole booked list: 当日冲正 on the day it was booked, 红字 later. The money is back where it came from.

    Only the unit's last booked month can be taken back, so that its months stay without a gap.

    Writes   the opposite journal, state REVERSED, a CORRECTION list with minus lines; the unit's paid-through month steps back
    Refuses  MAKER_IS_CHECKER, REASON_MISSING, NOT_LAST_MONTH, CORRECTED_BEFORE, BALANCE_TOO_SMALL when a member's money has gone or is held
    """
    remittance = locked(centre_id, remittance_no)
    if remittance is None:
        return Decision.refused([refusals.no_such_remittance(remittance_no)])
    reasons = _check_correction(remittance, reason, maker, by)
    if reasons:
        return Decision.refused(reasons)
    is_regular = remittance.kind == RemittanceKind.REGULAR
    if is_regular and (last := last_booked_month(centre_id, remittance.employer_account_id)) and last > remittance.month:
        return Decision.refused([_not_last(remittance, last)])
    taken, reasons = booked_lines(remittance, None)
    if Money.total(each.total for each in taken) != remittance.employer_fen + remittance.member_fen:
        reasons.append(_corrected_before(remittance))
    reasons += check_available(taken)
    if reasons:
        return Decision.refused(reasons)
    red_id = ledger.reverse(
        remittance.journal_id, centre_id=centre_id, business_on=business_on, maker=maker, checker=by.user_id,
        summary=f"{remittance_no}冲正：{reason}", key=f"{key}:red",
    )  # fmt: skip
    treasury.unspend(centre_id, red_id)
    correction = write_correction(remittance, taken, red_id, business_on, reason, maker, at)
    remittance.state = RemittanceState.REVERSED
    remittance.save(update_fields=["state"])
    if is_regular:
        account_services.withdraw_paid_through(remittance.employer_account_id, remittance.month)
    return Decision.approved(Corrected(remittance_no, correction.remittance_no, red_id, None, Money.total(each.total for each in taken)))


@step
def booked_lines(remittance: Remittance, wanted: Sequence[tuple[str, Month, Money, Money]] | None) -> tuple[list[TakenBack], list[Reason]]:
    """The lines to take back, none for more than is still booked of it. None wants every line as far as it is still booked."""
    left = _still_booked(remittance)
    lines = {(line.account_no, line.month): line for line in Line.objects.filter(remittance_id=remittance.id).order_by("row_no", "id")}
    if wanted is None:
        wanted = [(no, month, *left[no, month]) for no, month in lines if sum(amount.fen for amount in left[no, month])]
    taken: list[TakenBack] = []
    reasons: list[Reason] = []
    for account_no, month, employer, member in wanted:
        line = lines.get((account_no, month))
        booked = left.get((account_no, month), (ZERO, ZERO))
        if line is None or employer > booked[0] or member > booked[1] or employer + member <= ZERO or min(employer, member) < ZERO:
            reasons.append(refusals.more_than_booked(account_no, month, employer + member, booked[0] + booked[1]))
            continue
        left[account_no, month] = (booked[0] - employer, booked[1] - member)
        taken.append(TakenBack(line, employer, member, left[account_no, month] == (ZERO, ZERO)))
    return taken, reasons


def check_available(taken: Sequence[TakenBack]) -> list[Reason]:
    """Every account must still have the money free: what is held or was withdrawn cannot be taken back."""
    wanted: dict[int, Money] = {}
    account_no: dict[int, str] = {}
    for each in taken:
        wanted[each.line.ledger_account_id] = wanted.get(each.line.ledger_account_id, ZERO) + each.total
        account_no[each.line.ledger_account_id] = each.line.account_no
    balances = ledger_queries.balances(list(wanted))
    return [
        refusals.balance_too_small(account_no[ledger_id], asked)
        for ledger_id, asked in wanted.items()
        if balances[ledger_id].available < asked
    ]


@step
def write_correction(
    remittance: Remittance, taken: Sequence[TakenBack], journal_id: int, business_on: date, reason: str, maker: str, at: datetime
) -> Remittance:
    """A list of kind CORRECTION whose lines are the minus of what was taken back, so that sums over lines stay true."""
    correction = Remittance.objects.create(
        centre_id=remittance.centre_id, remittance_no=take_number(remittance.centre_id, business_on), employer_id=remittance.employer_id,
        employer_account_id=remittance.employer_account_id, employer_account_no=remittance.employer_account_no,
        kind=RemittanceKind.CORRECTION, month=remittance.month, state=RemittanceState.BOOKED, line_count=len(taken),
        employer_fen=-Money.total(each.employer for each in taken), member_fen=-Money.total(each.member for each in taken),
        subsidy_fen=ZERO, prepaid_planned_fen=ZERO, prepaid_used_fen=ZERO, overpaid_fen=ZERO, reason=reason, source="SYSTEM",
        corrects=remittance, journal_id=journal_id, booked_on=business_on, maker=maker, received_at=at, booked_by=maker, booked_at=at,
    )  # fmt: skip
    whole = [each.line.id for each in taken if each.is_whole]
    Line.objects.filter(centre_id=remittance.centre_id, id__in=whole, holds_month=True).update(holds_month=False)
    Line.objects.bulk_create(
        (
            Line(
                centre_id=remittance.centre_id, remittance=correction, row_no=row, member_account_id=each.line.member_account_id,
                account_no=each.line.account_no, ledger_account_id=each.line.ledger_account_id, month=each.line.month,
                base_fen=each.line.base_fen, employer_fen=-each.employer, member_fen=-each.member, subsidy_fen=ZERO,
            )
            for row, each in enumerate(taken, 1)
        ),
        batch_size=5000,
    )  # fmt: skip
    return correction


def _still_booked(remittance: Remittance) -> dict[tuple[str, Month], tuple[Money, Money]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT l.account_no, l.month, sum(l.employer_fen)::bigint, sum(l.member_fen)::bigint
               FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
               WHERE r.id = %s OR (r.corrects_id = %s AND l.employer_fen + l.member_fen < 0) GROUP BY 1, 2""",
            [remittance.id, remittance.id],
        )
        return {(row[0], Month.from_index(row[1])): (Money(row[2]), Money(row[3])) for row in cursor.fetchall()}


def _receivers(centre_id: int, lines: Sequence[CorrectLine]) -> tuple[dict[str, accounts.MemberAccountView], list[Reason]]:
    wanted = [line.to_account_no for line in lines if line.to_account_no]
    found = accounts.member_accounts_by_no(centre_id, wanted) if wanted else {}
    return found, [refusals.no_such_member(no) for no in wanted if no not in found or found[no].closed_on is not None]


def _check_correction(remittance: Remittance, reason: str, maker: str, by: Actor) -> list[Reason]:
    if remittance.state != RemittanceState.BOOKED or remittance.kind == RemittanceKind.CORRECTION:
        return [refusals.wrong_state(remittance.remittance_no, RemittanceState(remittance.state).label, RemittanceState.BOOKED.label)]
    if remittance.kind == RemittanceKind.SUBSIDY:
        message = f"清册{remittance.remittance_no}是补贴发放，补贴有自己的资金账户，请在补贴发放页按人按月办理收回"
        return [Reason("SUBSIDY_HAS_ITS_OWN_WAY", message)]
    if not reason.strip():
        return [refusals.reason_missing("错账调整")]
    if maker == by.user_id:
        return [refusals.maker_is_checker("错账调整")]
    return []


def _draft(remittance: Remittance, correction: str, business_on: date, value_on: date, summary: str, maker: str, by: Actor) -> Draft:
    return Draft(
        centre_id=remittance.centre_id, kind="ADJUSTMENT", template="J1", business_on=business_on, value_on=value_on,
        source_kind="REMITTANCE_LIST", source_no=remittance.remittance_no, summary=summary, maker=maker, checker=by.user_id,
        correction=correction,
    )  # fmt: skip


def _corrected_before(remittance: Remittance) -> Reason:
    message = f"清册{remittance.remittance_no}已有错账调整或错缴退款，整册冲正会重复扣回，请对其余各行用红蓝字逐笔调整"
    return Reason("CORRECTED_BEFORE", message)


def _not_last(remittance: Remittance, last: Month) -> Reason:
    message = f"该单位已汇缴至{last.text}，只能从最后一个月起逐月冲正，{remittance.month.text}的差错请用红蓝字逐笔调整"
    return Reason("NOT_LAST_MONTH", message)
