"""约定提取的各期: many months decided by the whole rule in one transaction, each an application with its decision."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from hpf.db.arrays import array
from hpf.db.bulk import insert_many
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome, Reason, cites
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.policy import queries as policy
from hpf.treasury import services as treasury
from hpf.withdrawals import models
from hpf.withdrawals.queries import books
from hpf.withdrawals.queries.many import Given, gather, said_of
from hpf.withdrawals.rules import Entitlement, Finding, Ground, instalment_asked
from hpf.withdrawals.rules.instalments import WITHOUT_CONSENT, AgreementState, InstalmentState, is_lacking, is_over
from hpf.withdrawals.rules.reading import Application as Filed
from hpf.withdrawals.rules.states import DecisionKind, State
from hpf.withdrawals.services import consents
from hpf.withdrawals.services.deciding import evidence_taken
from hpf.withdrawals.services.numbers import take_numbers
from hpf.withdrawals.services.paying_many import Payable, pay_decided
from hpf.withdrawals.services.recording import decision_row
from hpf.withdrawals.services.signing import end

GONE = WITHOUT_CONSENT | {"ACCOUNT_GONE", "HOLDER_DIED", "LOAN_PAID_OFF"}
"""Refusals after which no further month can be paid."""


@dataclass(frozen=True, slots=True)
class Due:
    """One month of one agreement whose day has come."""

    agreement_no: str
    month: Month


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the months: how many were paid, refused, left to a person, put off, or stopped by the ledger; `lacking` wait
    for answers of departments."""

    paid: int = 0
    amount: Money = ZERO
    refused: int = 0
    referred: int = 0
    waiting: int = 0
    stopped: int = 0
    lacking: tuple[Due, ...] = ()

    def with_(self, more: Done) -> Done:
        """Both together; what was lacking is not lacking any more."""
        return Done(
            self.paid + more.paid, self.amount + more.amount, self.refused + more.refused, self.referred + more.referred,
            self.waiting + more.waiting, self.stopped + more.stopped,
        )  # fmt: skip


@dataclass
class _Verdict:
    """One month while it is written."""

    given: Given
    finding: Finding
    asked: Money | None
    keys: tuple[str, ...]
    decided: Decision[Entitlement] | None = None
    row: models.Application = field(init=False)

    @property
    def filed(self) -> Filed:
        return Filed(self.given.applicant, self.given.facts, self.asked)

    @property
    def final(self) -> Decision[Entitlement]:
        return self.decided or self.finding.decision


@command("withdrawals.run_agreements")
@cites("甘建金〔2024〕26号/三（一）", "建金管〔2005〕5号/提取", "个人信息保护法/15")
def do_instalments(*, by: Actor, centre_id: int, due: tuple[Due, ...], ask_first: bool, business_on: date, at: datetime, key: str) -> Done:
    """审批到期的各期 and pay them, each by its ground's whole rule as of this day. With `ask_first` a month that only lacks answers is left for
    later in the run; without, it is put off to another day, and after its month has passed left to a person.

    Writes   for each month an application (IN_SETTLEMENT, REFUSED, REFERRED) with its decision, events and evidence, or why it
             waits; journals, payments and the bank's batch of what is approved;
             a closed account ends its agreement, and so does a consent, of the member or of the spouse asked about, that was
             taken back or has ended: its month is refused (个人信息保护法 第十五条)
    Locks    the agreements, in id order, then the evidence among all centres, at last the ledger accounts, in id order
    Again    what is decided stays; ended agreements and decided months are passed over
    Raises   IntegrityError when an application of the same ground came in between; nothing is written then
    """
    todo = _todo(centre_id, due)
    if not todo:
        return Done()
    book = policy.book(centre_id, business_on)
    verdicts: list[_Verdict] = []
    waiting: list[tuple[Given, str]] = []
    lacking: list[Due] = []
    held = consents.held(centre_id, (row for row, _ in todo))
    for given in gather(centre_id, todo, business_on).values():
        if given.underway is not None:
            waiting.append((given, _underway(*given.underway)))
            continue
        finding, asked = instalment_asked(given.agreement, given.applicant, given.facts, book, business_on)
        if missing := consents.against(given, finding, held, at):
            refused: Decision[Entitlement] = Decision.refused((*missing, *_said_no(finding)))
            verdicts.append(_Verdict(given, finding, asked, (), refused))
        elif is_lacking(finding) and not is_over(given.month, Month.of(business_on)):
            if ask_first:
                lacking.append(Due(given.row.agreement_no, given.month))
            else:
                waiting.append((given, finding.decision.reasons[0].message))
        elif is_lacking(finding) and ask_first:
            lacking.append(Due(given.row.agreement_no, given.month))
        else:
            verdicts.append(_Verdict(given, finding, asked, _keys(given, finding)))
    _write(centre_id, verdicts, book.whole("timer.withdrawal_check_workdays"), business_on, at, by)
    _instalments(centre_id, verdicts, waiting, business_on)
    _after(verdicts, business_on, by)
    payables = [verdict for verdict in verdicts if verdict.row.state == State.IN_SETTLEMENT]
    stopped = pay_decided(
        [Payable(verdict.row, verdict.filed, verdict.finding) for verdict in payables],
        centre_id=centre_id, business_on=business_on, at=at, by=by, key=key,
    )  # fmt: skip
    outcomes = [verdict.final.outcome for verdict in verdicts]
    return Done(
        len(payables) - len(stopped), Money.total(each.row.granted_fen or ZERO for each in payables if each.row.application_no not in stopped),
        outcomes.count(Outcome.REFUSED), outcomes.count(Outcome.REFERRED), len(waiting), len(stopped), tuple(lacking),
    )  # fmt: skip


def _said_no(finding: Finding) -> tuple[Reason, ...]:
    return finding.decision.reasons if finding.decision.outcome is Outcome.REFUSED else ()


def _todo(centre_id: int, due: Iterable[Due]) -> list[tuple[models.Agreement, Month]]:
    months = {each.agreement_no: each.month for each in due}
    rows = models.Agreement.objects.select_for_update().filter(
        centre_id=centre_id, agreement_no__in=list(months), state=AgreementState.SIGNED
    )
    found = list(rows.order_by("id"))
    done = set(
        models.Instalment.objects.filter(
            centre_id=centre_id, agreement_id__in=[row.id for row in found], state=InstalmentState.DECIDED
        ).values_list("agreement_id", "month")
    )
    return [(row, months[row.agreement_no]) for row in found if (row.id, months[row.agreement_no]) not in done]


def _underway(application_no: str, state: State) -> str:
    if state is State.FAILED:
        return f"提取申请{application_no}付款未成，请先更正收款账户重新付款或者撤回，本期随后办理"
    return f"提取申请{application_no}（{state.text}）尚未办结，本期待其办结后办理"


def _keys(given: Given, finding: Finding) -> tuple[str, ...]:
    """What the month uses up; for rent always the person's own month beside the couple's."""
    value = finding.decision.value
    if value is None:
        return ()
    own = (books.rent_key(given.row.person_ref, given.month),) if given.row.ground == Ground.RENT else ()
    return tuple(dict.fromkeys((*value.evidence, *own)))


@step
def _write(centre_id: int, verdicts: Sequence[_Verdict], workdays: int, on: date, at: datetime, by: Actor) -> None:
    """Applications, decisions, events, evidence: one statement each. What is approved is written as paid; the ledger has the last word."""
    if not verdicts:
        return
    due_on = policy.workdays().add_workdays(on, workdays)
    for verdict, number in zip(verdicts, take_numbers("TQ", centre_id, on, len(verdicts)), strict=True):
        verdict.row = _application(verdict, number, due_on, on, at, by)
    taken = _use_evidence(centre_id, [verdict for verdict in verdicts if verdict.keys], on)
    for verdict in verdicts:
        if verdict.row.application_no in taken:
            verdict.decided = Decision.refused([evidence_taken()])
        _settle(verdict)
    paid = [verdict.row for verdict in verdicts if verdict.row.state == State.IN_SETTLEMENT]
    for row, payment_no in zip(paid, treasury.take_payment_nos(centre_id, len(paid)), strict=True):
        row.payment_no = payment_no
    insert_many([verdict.row for verdict in verdicts])
    insert_many([
        decision_row(verdict.row, DecisionKind.AUTOMATIC, verdict.filed, verdict.finding, at=at, by=by, decided=verdict.decided)
        for verdict in verdicts
    ])  # fmt: skip
    insert_many([
        models.Event(centre_id=centre_id, application=verdict.row, state=state, happened_at=at, by_name=by.name[:60], note=words)
        for verdict in verdicts
        for state, words in _history(verdict)
    ])  # fmt: skip


def _application(verdict: _Verdict, number: str, due_on: date, on: date, at: datetime, by: Actor) -> models.Application:
    row = verdict.given.row
    return models.Application(
        centre_id=row.centre_id, application_no=number, ground=row.ground, state=State.ACCEPTED, person_id=row.person_id, person_ref=row.person_ref,
        account_no=row.account_no, member_account_id=row.member_account_id, ledger_account_id=row.ledger_account_id, asked_fen=verdict.asked,
        said=json.dumps(said_of(row, verdict.given.month), ensure_ascii=False), payee_name=row.payee_name, payee_account=row.payee_account,
        payee_bank=row.payee_bank, consent_no=row.consent_no, spouse_consent_no=row.spouse_consent_no, channel="SYSTEM", accepted_on=on,
        accepted_at=at, due_on=due_on, applied_by=row.signed_by, decided_at=at, decided_by=by.user_id, decided_by_name=by.name[:60],
    )  # fmt: skip


def _settle(verdict: _Verdict) -> None:
    """The decision's outcome on the application."""
    value = verdict.final.value
    if value is not None:
        verdict.row.state, verdict.row.granted_fen, verdict.row.evidence = State.IN_SETTLEMENT, value.amount, json.dumps(verdict.keys)
    else:
        verdict.row.state = State.REFUSED if verdict.final.outcome is Outcome.REFUSED else State.REFERRED


def _history(verdict: _Verdict) -> Iterator[tuple[State, str]]:
    """The steps an application takes, each with its words."""
    what = f"约定提取{verdict.given.row.agreement_no}{verdict.given.month.text}一期，"
    granted = verdict.row.granted_fen
    if granted is not None:
        yield State.APPROVED, f"{what}准予提取{granted.text}元"
        yield State.IN_SETTLEMENT, f"{granted.text}元已交银行付款"
    elif verdict.row.state == State.REFUSED:
        yield State.REFUSED, f"{what}不予提取，理由见决定"
    else:
        yield State.REFERRED, f"{what}转人工审核，{verdict.row.due_on}前答复"


@step
def _use_evidence(centre_id: int, verdicts: Sequence[_Verdict], on: date) -> set[str]:
    """Put all evidence into the nationwide index; gives the applications of which some was used up by somebody meanwhile."""
    columns = [
        (key, verdict.row.application_no, verdict.row.person_ref, verdict.finding.decision.value.amount.fen)
        for verdict in verdicts
        for key in verdict.keys
        if verdict.finding.decision.value is not None
    ]
    if not columns:
        return set()
    subjects = {subject: books.digest_of(subject) for subject in {books.subject_of(key) for key, *_ in columns}}
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO withdrawals_evidenceuse (centre_id, digest, subject, kind, application_no, person_ref, amount_fen, used_on)
               SELECT %s, d, s, k, n, r, f, %s FROM unnest(%s::bytea[], %s::bytea[], %s::text[], %s::text[], %s::text[], %s::bigint[])
                      AS u(d, s, k, n, r, f) ORDER BY d
               ON CONFLICT (digest) WHERE released_on IS NULL DO NOTHING RETURNING application_no""",
            [
                centre_id, on, array(books.digest_of(key) for key, *_ in columns), array(subjects[books.subject_of(key)] for key, *_ in columns),
                array(key.partition(":")[0] for key, *_ in columns), array(number for _, number, _, _ in columns),
                array(ref for _, _, ref, _ in columns), array(fen for *_, fen in columns),
            ],
        )  # fmt: skip
        kept: dict[str, int] = {}
        for (number,) in cursor.fetchall():
            kept[number] = kept.get(number, 0) + 1
    taken = {verdict.row.application_no for verdict in verdicts if kept.get(verdict.row.application_no, 0) < len(verdict.keys)}
    if taken:
        models.EvidenceUse.objects.filter(centre_id=centre_id, application_no__in=taken, released_on=None).update(released_on=on)
    return taken


@step
def _instalments(centre_id: int, verdicts: Sequence[_Verdict], waiting: Sequence[tuple[Given, str]], on: date) -> None:
    """Each month's own row: once for ever when it is decided, written over while it waits."""
    rows = [
        models.Instalment(
            centre_id=centre_id, agreement=verdict.given.row, month=verdict.given.month, state=InstalmentState.DECIDED,
            application_no=verdict.row.application_no, tried_on=on,
        )
        for verdict in verdicts
    ]  # fmt: skip
    rows += [
        models.Instalment(
            centre_id=centre_id, agreement=given.row, month=given.month, state=InstalmentState.WAITING, reason=reason[:300], tried_on=on
        )
        for given, reason in waiting
    ]
    models.Instalment.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["agreement", "month"], update_fields=["state", "application_no", "reason", "tried_on"]
    )


def _after(verdicts: Sequence[_Verdict], on: date, by: Actor) -> None:
    """What the look at a month tells of its agreement: who the spouse is now; that the account or a consent has gone."""
    for verdict in verdicts:
        row = verdict.given.row
        codes = {reason.code for reason in verdict.final.reasons}
        if codes & GONE and verdict.final.outcome is Outcome.REFUSED:
            end(row, f"{verdict.given.month.text}一期未付：" + "；".join(reason.message for reason in verdict.final.reasons), on, by)
        elif verdict.given.spouse != row.spouse_ref:
            row.spouse_ref = verdict.given.spouse
            row.save(update_fields=["spouse_ref"])
