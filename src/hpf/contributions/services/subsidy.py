"""缴存补贴: public money on top of what people pay themselves. It comes by its own receipt, lies on its own account, and shows
in a person's history as what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.accounts import queries as accounts
from hpf.contributions.models import Grant, Line, Remittance, SubsidyProgram
from hpf.contributions.queries.subsidies import grant_facts
from hpf.contributions.rules import refusals
from hpf.contributions.rules.states import RemittanceKind, RemittanceState
from hpf.contributions.rules.subsidy import GrantLine, check_grant
from hpf.contributions.services.numbers import take_number
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision
from hpf.kernel.money import ZERO, Money
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.ledger.rules import Draft, Leg
from hpf.treasury import services as treasury

SUSPENSE = 21904


@dataclass(frozen=True, slots=True)
class ProgramOpened:
    program_no: str
    ledger_account_id: int


@dataclass(frozen=True, slots=True)
class ProgramFunded:
    program_no: str
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Granted:
    """`remittance_no` is the list whose lines show the grants in people's histories."""

    program_no: str
    remittance_no: str
    members: int
    total: Money
    balance: Money


@command("contributions.open_subsidy_program")
def open_subsidy_program(
    *, by: Actor, centre_id: int, name: str, document_no: str, business_on: date, key: str, at: datetime
) -> Decision[ProgramOpened]:
    """设立补贴项目, on the strength of a document, with an account of its own."""
    if not document_no.strip():
        return Decision.refused([refusals.number_missing("设立补贴项目的依据文号")])
    program = SubsidyProgram.objects.create(
        centre_id=centre_id, program_no=take_number(centre_id, business_on), name=name, document_no=document_no, ledger_account_id=0,
        opened_on=business_on, maker=by.user_id,
    )  # fmt: skip
    program.ledger_account_id = ledger.open_account(centre_id, SUSPENSE, "SUBSIDY", program.id, business_on)
    program.save(update_fields=["ledger_account_id"])
    return Decision.approved(ProgramOpened(program.program_no, program.ledger_account_id))


@command("contributions.fund_subsidy")
def fund_subsidy(
    *, by: Actor, centre_id: int, program_no: str, receipt_no: str, business_on: date, key: str, at: datetime
) -> Decision[ProgramFunded]:
    """补贴资金到账: a receipt becomes the program's money. Refuses a receipt that is unknown, used up or matched elsewhere."""
    program = SubsidyProgram.objects.filter(centre_id=centre_id, program_no=program_no).first()
    if program is None:
        return Decision.refused([refusals.not_found("补贴项目", program_no)])
    used = treasury.use_receipt(centre_id, receipt_no, by_kind="SUBSIDY", by_no=program_no)
    if used.value is None:
        return Decision.refused(used.reasons)
    amount = used.value.remaining
    draft = Draft(
        centre_id=centre_id, kind="SUBSIDY", template="J2", business_on=business_on, value_on=business_on, source_kind="RECEIPT",
        source_no=receipt_no, summary=f"{program.name}资金到账", maker=by.user_id,
    )  # fmt: skip
    ledger.post(draft, [Leg(used.value.ledger_account_id, amount.fen), Leg(program.ledger_account_id, -amount.fen)], f"{key}:fund")
    return Decision.approved(ProgramFunded(program_no, amount, ledger_queries.balance(program.ledger_account_id).balance))


@command("contributions.grant_subsidy")
def grant_subsidy(
    *,
    by: Actor,
    centre_id: int,
    program_no: str,
    lines: tuple[GrantLine, ...],
    business_on: date,
    key: str,
    at: datetime,
    maker: str = "",
) -> Decision[Granted]:
    """发放补贴 to members' accounts, all lines or none. With a `maker`, that person prepared it and `by` checks it.

    Locks    the programme, so that two grants at once see each other; the ledger rows in id order
    Writes   one journal, a list of kind SUBSIDY with the lines
    Refuses  MAKER_IS_CHECKER, MEMBER_ACCOUNT_NOT_FOUND, SUBSIDY_NOT_POSITIVE, SUBSIDY_TWICE for one person and month, SUBSIDY_MONEY_SHORT
    """
    program = SubsidyProgram.objects.select_for_update().filter(centre_id=centre_id, program_no=program_no).first()
    if program is None:
        return Decision.refused([refusals.not_found("补贴项目", program_no)])
    if maker == by.user_id:
        return Decision.refused([refusals.maker_is_checker("补贴发放")])
    members = accounts.member_accounts_by_no(centre_id, [line.account_no for line in lines])
    total = Money.total(line.amount for line in lines)
    reasons = check_grant(lines, grant_facts(centre_id, program_no, program.ledger_account_id, lines))
    if reasons:
        return Decision.refused(reasons)
    draft = Draft(
        centre_id=centre_id, kind="SUBSIDY", template="J2", business_on=business_on, value_on=business_on, source_kind="SUBSIDY_PROGRAM",
        source_no=program_no, summary=f"{program.name}发放", maker=maker or by.user_id, checker=by.user_id if maker else None,
    )  # fmt: skip
    legs = [Leg(members[line.account_no].ledger_account_id, -line.amount.fen) for line in lines]
    journal_id = ledger.post(draft, [Leg(program.ledger_account_id, total.fen), *legs], f"{key}:grant")
    remittance = _remember(program, lines, members, total, journal_id, business_on, maker or by.user_id, by, at)
    Grant.objects.create(
        centre_id=centre_id, program=program, remittance=remittance, total_fen=total, granted_on=business_on, maker=remittance.maker
    )
    balance = ledger_queries.balance(program.ledger_account_id).balance
    return Decision.approved(Granted(program_no, remittance.remittance_no, len(lines), total, balance))


def _remember(
    program: SubsidyProgram,
    lines: tuple[GrantLine, ...],
    members: dict[str, accounts.MemberAccountView],
    total: Money,
    journal_id: int,
    business_on: date,
    maker: str,
    by: Actor,
    at: datetime,
) -> Remittance:
    remittance = Remittance.objects.create(
        centre_id=program.centre_id, remittance_no=take_number(program.centre_id, business_on), kind=RemittanceKind.SUBSIDY,
        month=min(line.month for line in lines), state=RemittanceState.BOOKED, line_count=len(lines), employer_fen=ZERO, member_fen=ZERO,
        subsidy_fen=total, reason=program.name, source="SYSTEM", prepaid_planned_fen=ZERO, prepaid_used_fen=ZERO, overpaid_fen=ZERO,
        journal_id=journal_id, booked_on=business_on, maker=maker, received_at=at, booked_by=by.user_id, booked_at=at,
    )  # fmt: skip
    Line.objects.bulk_create(
        (
            Line(
                centre_id=program.centre_id, remittance=remittance, row_no=row, member_account_id=members[line.account_no].member_account_id,
                account_no=line.account_no, ledger_account_id=members[line.account_no].ledger_account_id, month=line.month,
                base_fen=members[line.account_no].base, employer_fen=ZERO, member_fen=ZERO, subsidy_fen=line.amount,
            )
            for row, line in enumerate(lines, 1)
        ),
        batch_size=5000,
    )  # fmt: skip
    return remittance
