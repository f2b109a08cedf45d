"""核对清册: gather what the pure rules need to check a list, and let them decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

from django.db import connection

from hpf.accounts import queries as accounts
from hpf.accounts.queries import EmployerAccountView, RosterLine
from hpf.contributions.queries.deferrals import deferred_months
from hpf.contributions.rules.amounts import Limits
from hpf.contributions.rules.back_payment import BackTerms, check_back_payment
from hpf.contributions.rules.list_check import Checked, RegularTerms, RosterEntry, check_list
from hpf.contributions.rules.lists import Defect, ListLine, ReadList
from hpf.contributions.rules.states import RemittanceKind
from hpf.contributions.services.facts import confirmed_months
from hpf.db.crypto import blind_index
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.policy import queries as policy

EVERY_STATE = ("NORMAL", "SEALED", "MERGED", "TRANSFERRED_OUT", "WITHDRAWN_OUT")


def check(account: EmployerAccountView, month: Month, kind: RemittanceKind, read: ReadList | None, reason: str) -> Checked:
    """Lines accepted and defects of one list. `read` None is the roster itself."""
    roster = accounts.roster(account.centre_id, account.employer_account_id, month, EVERY_STATE)
    if kind == RemittanceKind.REGULAR:
        return _check_regular(account, month, roster, read)
    return _check_back(account, month, kind, roster, read or _of_roster(roster), reason)


def _check_regular(account: EmployerAccountView, month: Month, roster: list[RosterLine], read: ReadList | None) -> Checked:
    here = account.employer_account_id
    contributing = [line for line in roster if not (line.state == "NORMAL" and line.first_month > month)]
    excused = deferred_months(account.centre_id, [here])[here] | confirmed_months(account.centre_id, here)
    terms = RegularTerms(
        month=month,
        on=ledger.business_day(account.centre_id),
        paid_through=account.paid_through or (None if month <= account.first_month else account.first_month + -1),
        limits=_limits(account)(month),
        blind=blind,
        deferred=excused,
        earliest=account.first_month,
    )
    read, own = _without_other_months(read or _of_roster(contributing), month, roster)
    checked = check_list(read, entries(contributing), terms)
    return Checked(checked.accepted, tuple(sorted((*checked.defects, *own), key=lambda each: each.row))) if own else checked


def _check_back(
    account: EmployerAccountView, month: Month, kind: RemittanceKind, roster: list[RosterLine], read: ReadList, reason: str
) -> Checked:
    on = ledger.business_day(account.centre_id)
    book = policy.book(account.centre_id, on)
    unit = parties.employer(account.centre_id, account.employer_id)
    terms = BackTerms(
        kind=kind,
        month=month,
        reason=reason,
        on=on,
        established_on=unit.established_on,
        earliest=book.month("contribution.back_payment_earliest"),
        earliest_law=book.parameter("contribution.back_payment_earliest").citation,
        limits_of=_limits(account),
        blind=blind,
        booked=_booked(account.centre_id, [line.member_account_id for line in roster]),
    )
    return check_back_payment(_with_bases_of_their_months(account, month, roster, read), entries(roster), terms)


def _without_other_months(read: ReadList, month: Month, roster: Iterable[RosterLine]) -> tuple[ReadList, list[Defect]]:
    """A regular list is for one month and for people who have begun: rows that say otherwise are defects of their own."""
    not_yet = {line.account_no: line for line in roster if line.state == "NORMAL" and line.first_month > month}
    defects: list[Defect] = []
    lines: list[ListLine] = []
    for line in read.lines:
        if line.month is not None and line.month != month:
            message = f"本清册是{month.text}汇缴，此行写的是{line.month.text}"
            defects.append(
                Defect(
                    line.row,
                    read.heading("month"),
                    str(line.month),
                    "MONTH_DIFFERS",
                    message,
                    "请改为同一月份；补以前的月份请用补缴清册",
                    "条例/19",
                )
            )
        if (early := not_yet.get(line.account_no)) is not None:
            message = f"{early.name}自{early.first_month.text}起缴存，{month.text}不缴"
            defects.append(
                Defect(
                    line.row, read.heading("account_no"), line.account_no, "PERSON_NOT_YET", message, "请从本次清册中删除此人", "条例/17"
                )
            )
            continue
        lines.append(replace(line, month=None) if line.month is not None else line)
    return replace(read, lines=tuple(lines)), defects


def _with_bases_of_their_months(account: EmployerAccountView, month: Month, roster: list[RosterLine], read: ReadList) -> ReadList:
    """Lines that state no base take the one in force in the month they make up; one query for each month named."""
    others = {line.month for line in read.lines if line.month is not None and line.month != month and line.base_fen is None}
    if not others:
        return read
    ids = {line.account_no: line.member_account_id for line in roster}
    bases = {each: accounts.bases_of_month(account.centre_id, list(ids.values()), each) for each in others}
    lines = []
    for line in read.lines:
        base = bases.get(line.month, {}).get(ids.get(line.account_no, 0)) if line.month and line.base_fen is None else None
        lines.append(
            replace(
                line, base_fen=base.base.fen, employer_rate=line.employer_rate or base.employer_rate,
                member_rate=line.member_rate or base.member_rate,
            )
            if base
            else line
        )  # fmt: skip
    return replace(read, lines=tuple(lines))


def _of_roster(roster: Iterable[RosterLine]) -> ReadList:
    """The list that the roster itself makes: everybody who contributes."""
    usable = (line for line in roster if line.state == "NORMAL")
    return ReadList(tuple(ListLine(row, line.account_no) for row, line in enumerate(usable, 1)), (), {"account_no": "个人账号"})


def entries(roster: Iterable[RosterLine]) -> list[RosterEntry]:
    """The roster as the rules of lists know it."""
    return [
        RosterEntry(
            line.account_no, line.member_account_id, line.name, line.id_kind, line.id_number_blind, line.id_masked, line.state,
            line.base.fen, line.employer_month.fen, line.member_month.fen, line.employer_rate, line.member_rate, line.ledger_account_id,
        )
        for line in roster
    ]  # fmt: skip


def _limits(account: EmployerAccountView) -> Callable[[Month], Limits]:
    @cache
    def of(month: Month) -> Limits:
        return Limits.of(policy.book(account.centre_id, month.first_day), account.district)

    return of


def blind(kind: str, number: str) -> bytes:
    """The keyed digest by which a document number is compared without being known."""
    return blind_index("id:" + kind, number)


def _booked(centre_id: int, member_account_ids: list[int]) -> dict[tuple[str, Month], tuple[int, int]]:
    """(account number, month) -> (employer, member) in fen booked of these people, corrections included; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT l.account_no, l.month, sum(l.employer_fen)::bigint, sum(l.member_fen)::bigint
               FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
               WHERE r.booked_on IS NOT NULL AND l.centre_id = %s AND l.member_account_id = ANY(%s) GROUP BY 1, 2""",
            [centre_id, member_account_ids],
        )
        return {(row[0], Month.from_index(row[1])): (row[2], row[3]) for row in cursor.fetchall()}
