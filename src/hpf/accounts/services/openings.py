"""个人开户: one person or a whole unit's people, with the same rules and the same number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from hpf.accounts import queries
from hpf.accounts.models import EmployerAccount
from hpf.accounts.rules.limits import check_base, effective_base, notes_on_base
from hpf.accounts.rules.openings import HeldAccount, OpeningFacts, decide_opening, first_month_due, late_hire
from hpf.accounts.rules.states import EmployerState
from hpf.accounts.services.events import BaseLine, Occasion, record_bases, record_events
from hpf.accounts.services.limits import MonthPolicy, month_policy, rate_reasons
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome, Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.ledger import services as ledger_services
from hpf.parties import queries as parties
from hpf.parties.rules import Series
from hpf.parties.services import NewPerson, enter_persons, list_in_registry, number_rows
from hpf.policy import queries as policy
from hpf.policy.rules import PolicyBook

MEMBERS = 201


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person to open an account for. `first_month` and `rate` only where they differ from the rule and the unit's rates.

    `rate` is a flexible worker's own rate. `another_person` is the clerk's word that somebody of the same name and
    birth date under another document is somebody else.
    """

    person: NewPerson
    base: Money
    hired_on: date
    first_job: bool = False
    first_month: Month | None = None
    rate: Rate | None = None
    another_person: bool = False


@dataclass(frozen=True, slots=True)
class OpenedMember:
    """One line's answer. With outcome APPROVED the reasons are reminders."""

    outcome: Outcome
    account_no: str
    member_account_id: int | None
    person_id: int | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedMembers:
    lines: tuple[OpenedMember, ...]

    @property
    def opened(self) -> int:
        return sum(line.outcome is Outcome.APPROVED for line in self.lines)


@command("accounts.open_member_account")
def open_member_account(
    *, by: Actor, centre_id: int, employer_account_no: str, member: NewMember, on: date, at: datetime, key: str
) -> Decision[OpenedMember]:
    """个人开户 for one person: see `open_member_accounts`."""
    (line,) = _open(Occasion(centre_id, by, on, at, key), employer_account_no, [member])
    if line.outcome is Outcome.APPROVED:
        return Decision.approved(line, line.reasons)
    return Decision.refused(line.reasons) if line.outcome is Outcome.REFUSED else Decision.referred(line.reasons)


@command("accounts.open_member_account")
def open_member_accounts(
    *, by: Actor, centre_id: int, employer_account_no: str, members: Sequence[NewMember], on: date, at: datetime, key: str
) -> OpenedMembers:
    """个人开户 for many people of one unit, each line with its own answer; good lines are opened, others say why not.

    Refuses  a wrong document or base; a person with an open account here (routed to unseal or transfer); a doubled person
    Refers   the same name and birth date under another document of a foreigner
    Locks    nothing: the unique index on a person's open account decides between two openings at once
    Writes   person, account, ledger account (201), base, event, registry; one statement each
    """
    return OpenedMembers(tuple(_open(Occasion(centre_id, by, on, at, key), employer_account_no, members)))


def _open(when: Occasion, employer_account_no: str, members: Sequence[NewMember]) -> list[OpenedMember]:
    account = queries.employer_account(when.centre_id, employer_account_no)
    if account.state in (EmployerState.CLOSED, EmployerState.SEALED):
        state = EmployerState(account.state).text
        closed = Reason("EMPLOYER_NOT_ACTIVE", f"单位账户现为“{state}”，不能为职工开户，请先办理单位启封或开户", ("条例/14",))
        return [_no(Outcome.REFUSED, [closed]) for _ in members]
    book = policy.book(when.centre_id, when.on)
    entered = enter_persons(when.centre_id, [member.person for member in members], when.on)
    answers: list[OpenedMember | None] = []
    seen: set[int] = set()
    for member, entry in zip(members, entered, strict=True):
        reasons = [*entry.reasons, *check_base(member.base), *_rate_reasons(book, account, member)]
        if entry.person_id in seen:
            reasons.append(Reason("DOUBLED_IN_LIST", "同一职工在本次名单中出现两次，已按第一次办理", ("条例/13",)))
        answers.append(_no(Outcome.REFUSED, reasons, entry.person_id) if reasons else None)
        if entry.person_id is not None:
            seen.add(entry.person_id)
    asked = {entry.person_id: member for member, entry, answer in zip(members, entered, answers, strict=True)
             if answer is None and entry.person_id is not None}  # fmt: skip
    opened = _open_for(when, account, book, asked)
    return [answer or opened[entry.person_id or 0] for answer, entry in zip(answers, entered, strict=True)]


def _open_for(
    when: Occasion, account: queries.EmployerAccountView, book: PolicyBook, asked: dict[int, NewMember]
) -> dict[int, OpenedMember]:
    """Decide each by what the person holds already, then write all that are approved."""
    if not asked:
        return {}
    facts = _facts(when.centre_id, account.employer_account_id, asked)
    decisions = {person_id: decide_opening(facts[person_id]) for person_id in asked}
    answers = {
        person_id: _no(decision.outcome, decision.reasons, person_id)
        for person_id, decision in decisions.items()
        if not decision.is_approved
    }
    approved = {person_id: member for person_id, member in asked.items() if person_id not in answers}
    lines = _write(when, account, book, approved)
    for person_id, member in approved.items():
        if person_id not in lines:
            answers[person_id] = _no(Outcome.REFUSED, [Reason(
                "OPENED_ALREADY", "该职工刚刚由另一笔业务开户，请刷新后查看，不必重复办理", ("条例/13",)
            )], person_id)  # fmt: skip
            continue
        number, account_id, notes = lines[person_id]
        notes = [*decisions[person_id].reasons, *notes]
        if account.kind == "REGULAR":
            notes += late_hire(member.hired_on, when.on, book.whole("contribution.hire_registration_days"))
        answers[person_id] = OpenedMember(Outcome.APPROVED, number, account_id, person_id, tuple(notes))
    return answers


def _facts(centre_id: int, employer_account_id: int, asked: dict[int, NewMember]) -> dict[int, OpeningFacts]:
    """What is known about each person: open accounts here, likely other identities, centres elsewhere."""
    similar = parties.possible_same_persons(centre_id, list(asked))
    others = {other.person_id for found in similar.values() for other in found}
    accounts = queries.accounts_of_persons(centre_id, [*asked, *others])
    held = {person_id: next((a for a in accounts.get(person_id, []) if a.is_open), None) for person_id in [*asked, *others]}
    names = _unit_names(centre_id, [a.employer_account_id for a in held.values() if a is not None])
    people = parties.persons(list(asked))
    elsewhere = parties.elsewhere_of(centre_id, [(view.id_kind, view.id_blind) for view in people.values()])
    centres = {view.centre_id: view.short_name for view in parties.centres()} if elsewhere else {}
    facts = {}
    for person_id, member in asked.items():
        own, view = held[person_id], people[person_id]
        facts[person_id] = OpeningFacts(
            held=None if own is None else HeldAccount(
                own.account_no, own.state, names[own.employer_account_id], own.employer_account_id == employer_account_id
            ),
            other_identity_accounts=tuple(
                found.account_no for other in similar.get(person_id, []) if (found := held[other.person_id]) is not None
            ),
            other_identity_confirmed=member.another_person,
            elsewhere=tuple(centres[c] for c in elsewhere.get((view.id_kind, view.id_blind), [])),
        )  # fmt: skip
    return facts


def _unit_names(centre_id: int, employer_account_ids: list[int]) -> dict[int, str]:
    if not employer_account_ids:
        return {}
    accounts = queries.employer_accounts_by_id(centre_id, employer_account_ids)
    units = parties.employers_by_id(centre_id, [account.employer_id for account in accounts.values()])
    return {account_id: units[account.employer_id].name for account_id, account in accounts.items()}


_INSERT = """
    INSERT INTO accounts_memberaccount (id, centre_id, account_no, person_id, employer_account_id, kind, state, declared_base_fen,
        base_fen, employer_rate, member_rate, employer_month_fen, member_month_fen, first_month, opened_on, seal_reason,
        close_reason, duplicate)
    SELECT u.id, %s, u.no, u.person, %s, %s, 'NORMAL', u.declared, u.base, u.er, u.mr, u.em, u.mm, u.month, %s, '', '', false
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[],
                %s::bigint[], %s::bigint[]) AS u(id, no, person, month, declared, base, er, mr, em, mm) ORDER BY u.person
    ON CONFLICT (centre_id, person_id) WHERE state IN ('NORMAL', 'SEALED') AND NOT duplicate DO NOTHING
    RETURNING id, person_id"""


def _write(
    when: Occasion, account: queries.EmployerAccountView, book: PolicyBook, asked: dict[int, NewMember]
) -> dict[int, tuple[str, int, list[Reason]]]:
    """Open the accounts: {person: (number, account, notes)}. Somebody whom another session opened first is left out."""
    if not asked:
        return {}
    policies: dict[Month, MonthPolicy] = {}
    lines: dict[int, BaseLine] = {}
    notes: dict[int, list[Reason]] = {}
    numbers = dict(number_rows(when.centre_id, Series.MEMBER_ACCOUNT, "accounts_memberaccount", len(asked)))
    for (person_id, member), account_id in zip(asked.items(), numbers, strict=True):
        month = _first_month(account, book, member)
        if month not in policies:
            policies[month] = month_policy(when.centre_id, month, account.district)
        limits = policies[month].limits
        rates = _rates(account, member)
        base = effective_base(member.base, limits)
        lines[person_id] = BaseLine.of(account_id, month, member.base, base, rates, policies[month].unit_fen)
        notes[person_id] = notes_on_base(member.base, limits)
    written = _insert(when, account, lines, numbers)
    ledgers = ledger_services.open_accounts(when.centre_id, MEMBERS, "MEMBER_ACCOUNT", list(written.values()), when.on)
    _link_ledger(ledgers)
    kept = [lines[person_id] for person_id in written]
    record_bases(when.centre_id, "OPENED", kept)
    record_events(when, "OPENED", [(account.employer_account_id, line.member_account_id, line.facts) for line in kept])
    list_in_registry(when.centre_id, list(written), when.on)
    if written and account.state == EmployerState.OPENED:
        EmployerAccount.objects.filter(id=account.employer_account_id, state="OPENED").update(state=EmployerState.NORMAL)
    return {person_id: (numbers[account_id], account_id, notes[person_id]) for person_id, account_id in written.items()}


def _insert(when: Occasion, account: queries.EmployerAccountView, lines: dict[int, BaseLine], numbers: dict[int, str]) -> dict[int, int]:
    each = list(lines.values())
    values: list[Any] = [
        when.centre_id, account.employer_account_id, account.kind, when.on,
        [line.member_account_id for line in each],
        [numbers[line.member_account_id] for line in each],
        list(lines),
        [line.from_month.index for line in each],
        [line.declared.fen for line in each], [line.base.fen for line in each],
        [line.employer_rate.percent for line in each], [line.member_rate.percent for line in each],
        [line.employer_month.fen for line in each], [line.member_month.fen for line in each],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return {person_id: account_id for account_id, person_id in cursor.fetchall()}


def _link_ledger(ledgers: dict[int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_memberaccount m SET ledger_account_id = u.ledger FROM unnest(%s::bigint[], %s::bigint[])"
            " AS u(id, ledger) WHERE m.id = u.id",
            [list(ledgers), list(ledgers.values())],
        )


def _first_month(account: queries.EmployerAccountView, book: PolicyBook, member: NewMember) -> Month:
    if member.first_month is not None:
        return member.first_month
    due = first_month_due(member.hired_on, first_job=member.first_job, waiting_months=book.whole("contribution.first_job_waiting_months"))
    return max(due, account.next_month)


def _rates(account: queries.EmployerAccountView, member: NewMember) -> tuple[Rate, Rate]:
    return (Rate.of("0"), member.rate) if member.rate is not None else (account.employer_rate, account.member_rate)


def _rate_reasons(book: PolicyBook, account: queries.EmployerAccountView, member: NewMember) -> list[Reason]:
    if member.rate is None:
        return []
    if account.kind != "FLEXIBLE":
        return [Reason("RATE_OF_EMPLOYER", "在职职工按单位比例缴存，不能另定个人比例", ("条例/18",))]
    return rate_reasons(book, account.kind, Rate.of("0"), member.rate)


def _no(outcome: Outcome, reasons: Sequence[Reason], person_id: int | None = None) -> OpenedMember:
    return OpenedMember(outcome, "", None, person_id, tuple(reasons))
