"""办理: what a paper orders, done in one transaction, with the answer it gets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from hpf.accounts import queries as accounts
from hpf.accounts.rules.states import MemberState
from hpf.db.command import step
from hpf.freezes.models import CourtOrder, Freeze
from hpf.freezes.rules.accounts import HeldAccount, choose
from hpf.freezes.rules.orders import FREEZING, Action, DocumentKind, OrderState, Result, check_amount, check_paper
from hpf.freezes.rules.papers import AccountFact, Answer, Paper, failed
from hpf.freezes.services import deducting, freezing
from hpf.freezes.services.freezing import Occasion, locked_on
from hpf.kernel.codec import to_plain
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.ledger import queries as ledger_queries
from hpf.parties import queries as parties


def check(paper: Paper, documents: Sequence[DocumentKind]) -> list[Reason]:
    """What stands against the paper as such, before anything is looked up."""
    return check_paper(
        paper.action,
        case_no=paper.case_no,
        ruling_no=paper.ruling_no,
        notice_no=paper.notice_no,
        officers=paper.officers,
        documents=documents,
    ) + check_amount(paper.action, paper.amount, paper.whole)


@step
def serve(order: CourtOrder, paper: Paper, documents: Sequence[DocumentKind], when: Occasion) -> Answer:
    """Do what the paper says, and keep the answer with it. A paper that cannot be served is answered with its reasons.

    Locks    the freezes of the account, then the centre's day, shared, then the ledger account
    """
    reasons = check(paper, documents)
    answer = failed(reasons) if reasons else _act(paper, when, order.centre_id)
    order.state, order.result, order.answered_at = OrderState.ANSWERED, answer.result, when.at
    order.answer = json.dumps(to_plain(answer), ensure_ascii=False)
    order.save()
    return answer


def _act(paper: Paper, when: Occasion, centre_id: int) -> Answer:
    person = parties.find_person(centre_id, paper.id_kind, paper.id_number)
    known = person is not None and person.name == paper.person_name.strip()
    held = accounts.accounts_of_person(centre_id, person.person_id) if person is not None and known else []
    if paper.action is Action.QUERY:
        return _queried(known, held)
    chosen = _chosen(known, held, paper.account_no.strip())
    if chosen.value is None:
        return failed(chosen.reasons)
    account = chosen.value
    freezes = locked_on(centre_id, account.ledger_account_id, when)
    if paper.action in FREEZING:
        placed = freezing.place(paper, account, when)
        if isinstance(placed, Answer) or paper.action is not Action.FREEZE_AND_DEDUCT:
            return placed if isinstance(placed, Answer) else placed[1]
        return _deducted([placed[0]], paper, account, when, placed[1])
    ended = Freeze.objects.filter(centre_id=centre_id, freeze_no=paper.freeze_no, ledger_account_id=account.ledger_account_id).exclude(
        state="IN_FORCE"
    )  # fmt: skip
    found = freezing.named(freezes, paper, ended.first() if paper.freeze_no else None)
    if found.value is None:
        return failed(found.reasons)
    freeze = found.value
    match paper.action:
        case Action.RENEW:
            return freezing.renew(freeze, paper, when)
        case Action.RELEASE | Action.RELEASE_WAITING:
            return freezing.release(freeze, paper, when)
    others = [f for f in freezes if f.id != freeze.id and bytes(f.case_blind) == bytes(freeze.case_blind)]
    return _deducted([freeze, *others], paper, account, when, None)


def _deducted(freezes: list[Freeze], paper: Paper, account: accounts.MemberAccountView, when: Occasion, placed: Answer | None) -> Answer:
    """扣划. When the freeze of the same paper was `placed` and money may not be taken, the freeze stays and the answer says so."""
    reasons = deducting.situation_reasons(paper, account, when.on)
    if not reasons:
        answer = deducting.deduct(freezes, paper, account, when, up_to=placed is not None)
        if placed is None or answer.result is Result.DONE:
            return answer
        return replace(placed, reasons=answer.reasons)
    if placed is None:
        return failed(reasons)
    return replace(placed, result=Result.REGISTERED, reasons=tuple(reasons))


def _chosen(known: bool, held: Sequence[accounts.MemberAccountView], account_no: str) -> Decision[accounts.MemberAccountView]:
    choice = choose(known, [
        HeldAccount(a.account_no, a.is_open, MemberState(a.state).text, str(a.closed_on or "")) for a in held
    ], account_no)  # fmt: skip
    if choice.value is None:
        return Decision.refused(choice.reasons)
    return Decision.approved(next(a for a in held if a.account_no == choice.value.account_no))


def _queried(known: bool, held: Sequence[accounts.MemberAccountView]) -> Answer:
    """查询: every account of the person in this centre, open and closed."""
    if not held:
        return failed(choose(known, [], "").reasons)
    views = ledger_queries.balances([a.ledger_account_id for a in held])
    freezes = ledger_queries.freezes_on([a.ledger_account_id for a in held])
    facts = []
    for account in held:
        own = [f for f in freezes if f.account_id == account.ledger_account_id]
        view = views[account.ledger_account_id]
        facts.append(AccountFact(
            account.account_no, MemberState(account.state).text, account.opened_on, view.balance, view.available,
            Money.total(f.kept for f in own), len(own),
        ))  # fmt: skip
    return Answer(Result.DONE, accounts=tuple(facts))
