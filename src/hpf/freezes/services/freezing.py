"""冻结 续冻 解冻 期满: each a step of the paper that orders it, under the locks of the account's freezes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from hpf.accounts import queries as accounts
from hpf.db.command import step
from hpf.db.crypto import blind_index
from hpf.freezes.models import CourtOrder, Freeze, FreezeEvent
from hpf.freezes.rules.orders import FreezeState, Result
from hpf.freezes.rules.papers import Answer, Paper, failed
from hpf.freezes.rules.terms import check_term, has_ended, last_day
from hpf.freezes.services.numbers import FREEZE, take_number
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.ledger import queries as ledger_queries
from hpf.ledger import services as ledger
from hpf.policy import queries as policy


@dataclass(frozen=True, slots=True)
class Occasion:
    """By which paper, on which day, at which moment, by whom."""

    order: CourtOrder | None
    on: date
    at: datetime
    by: str


def court_blind(court_name: str) -> bytes:
    return blind_index("freezes.court", court_name.strip())


def case_blind(court_name: str, case_no: str) -> bytes:
    return blind_index("freezes.case", f"{court_name.strip()}|{case_no.strip()}")


@step
def place(paper: Paper, account: accounts.MemberAccountView, when: Occasion) -> tuple[Freeze, Answer] | Answer:
    """冻结, behind those that came before it. Refuses FREEZE_TERM_TOO_LONG, TERM_ENDED_ALREADY.

    Locks    the centre's day, shared; the ledger account
    """
    assert when.order is not None
    book = policy.book(account.centre_id, when.on)
    ends_on = paper.ends_on or last_day(when.on, book.whole("freeze.term_deposit_months"))
    reasons = check_term(when.on, ends_on, book.whole("freeze.term_other_rights_months"))
    if reasons:
        return failed(reasons)
    freeze_no = take_number(FREEZE, account.centre_id, when.on)
    placed = ledger.place_freeze(account.ledger_account_id, None if paper.amount is None else paper.amount.fen, freeze_no)
    freeze = Freeze.objects.create(
        centre_id=account.centre_id, freeze_no=freeze_no, order=when.order, account_no=account.account_no, person_id=account.person_id,
        ledger_account_id=account.ledger_account_id, ledger_freeze_id=placed, court_blind=court_blind(paper.court_name),
        case_blind=case_blind(paper.court_name, paper.case_no), ordered_fen=paper.amount, starts_on=when.on, ends_on=ends_on,
    )  # fmt: skip
    kept = kept_now(freeze)
    note(freeze, "PLACED", when, amount=paper.amount, kept=kept)
    return freeze, standing(freeze, Result.DONE if kept else Result.REGISTERED, kept)


@step
def renew(freeze: Freeze, paper: Paper, when: Occasion) -> Answer:
    """继续冻结: before it ends, for another term at most as long; its place in the queue stays."""
    book = policy.book(freeze.centre_id, when.on)
    following = freeze.ends_on
    ends_on = paper.ends_on or last_day(following, book.whole("freeze.term_deposit_months"))
    reasons = check_term(following, ends_on, book.whole("freeze.term_other_rights_months"))
    if not reasons and ends_on <= freeze.ends_on:
        message = f"续冻截止日{ends_on}不晚于现截止日{freeze.ends_on}，未办理，请更正后重新发送"
        reasons.append(Reason("RENEWAL_NOT_LATER", message, "民诉法解释/485"))
    if reasons:
        return failed(reasons)
    freeze.ends_on = ends_on
    freeze.save(update_fields=["ends_on"])
    kept = kept_now(freeze)
    note(freeze, "RENEWED", when, amount=freeze.ordered_fen, kept=kept)
    return standing(freeze, Result.DONE, kept)


@step
def release(freeze: Freeze, paper: Paper, when: Occasion) -> Answer:
    """解除冻结, 解除轮候: all of it, or so much that it names less; the next in the queue keep more at once."""
    if paper.amount is not None and freeze.ordered_fen is None:
        message = f"冻结{freeze.freeze_no}为全部冻结，没有金额可减，未办理，请全部解除后按金额重新冻结"
        return failed([Reason("WHOLE_NOT_LOWERED", message, "民事诉讼法/协助义务")])
    before = kept_now(freeze)
    if paper.amount is None or freeze.ordered_fen is None or paper.amount >= freeze.ordered_fen:
        ledger.lift_freeze(freeze.ledger_freeze_id)
        end(freeze, FreezeState.RELEASED, when.on)
        note(freeze, "RELEASED", when, amount=freeze.ordered_fen, kept=ZERO)
        return replace(standing(freeze, Result.DONE, ZERO), ordered=ZERO)
    freeze.ordered_fen = freeze.ordered_fen - paper.amount
    ledger.lift_freeze(freeze.ledger_freeze_id, freeze.ordered_fen.fen)
    freeze.save(update_fields=["ordered_fen"])
    kept = kept_now(freeze)
    note(freeze, "LOWERED", when, amount=before - kept, kept=kept)
    return standing(freeze, Result.DONE, kept)


@step
def expire(freeze: Freeze, when: Occasion) -> None:
    """期满: without renewal the freeze is without effect; who waits behind it takes over in the same moment."""
    kept = kept_now(freeze)
    ledger.lift_freeze(freeze.ledger_freeze_id)
    end(freeze, FreezeState.EXPIRED, when.on)
    note(freeze, "EXPIRED", when, amount=kept, kept=ZERO)


@step
def locked_on(centre_id: int, ledger_account_id: int, when: Occasion) -> list[Freeze]:
    """The freezes in force on an account, locked, by arrival; those whose term has passed are ended first."""
    found = Freeze.objects.select_for_update().filter(
        centre_id=centre_id, ledger_account_id=ledger_account_id, state=FreezeState.IN_FORCE
    )  # fmt: skip
    rows = list(found.order_by("ledger_freeze_id"))
    for freeze in sorted((f for f in rows if has_ended(f.ends_on, when.on)), key=lambda f: (f.ends_on, f.ledger_freeze_id)):
        expire(freeze, replace(when, order=None))
    return [freeze for freeze in rows if freeze.state == FreezeState.IN_FORCE]


def named(freezes: list[Freeze], paper: Paper, ended: Freeze | None) -> Decision[Freeze]:
    """The freeze a paper is about: by its number, or the only one of the case. `ended` is one of that number that is over."""
    law = "民事诉讼法/协助义务"
    court, case = court_blind(paper.court_name), case_blind(paper.court_name, paper.case_no)
    if paper.freeze_no:
        freeze = next((f for f in freezes if f.freeze_no == paper.freeze_no), None)
        if freeze is None and ended is not None and bytes(ended.court_blind) == court:
            state = FreezeState(ended.state).label
            message = f"冻结{ended.freeze_no}已于{ended.ended_on}{state}，未办理；仍需冻结的请重新发送冻结文书"
            return Decision.refused([Reason("FREEZE_NOT_IN_FORCE", message, "民事执行查封规定/期满")])
        if freeze is None or bytes(freeze.court_blind) != court:
            message = f"此账户没有贵院编号为{paper.freeze_no}的冻结，未办理，请核对冻结号"
            return Decision.refused([Reason("FREEZE_NOT_FOUND", message, law)])
        return Decision.approved(freeze)
    own = [f for f in freezes if bytes(f.case_blind) == case]
    if not own:
        return Decision.refused([Reason("FREEZE_NOT_FOUND", "此账户没有贵院本案在册的冻结，未办理，请核对案号或先行冻结", law)])
    if len(own) > 1:
        numbers = "、".join(f.freeze_no for f in own)
        return Decision.refused([Reason("SEVERAL_FREEZES", f"贵院本案在此账户有{len(own)}笔冻结（{numbers}），未办理，请写明冻结号", law)])
    return Decision.approved(own[0])


def kept_now(freeze: Freeze) -> Money:
    """What the freeze keeps at this moment; zero once it is lifted."""
    return kept_on(freeze.ledger_account_id).get(freeze.ledger_freeze_id, ZERO)


def kept_on(ledger_account_id: int) -> dict[int, Money]:
    return {view.freeze_id: view.kept for view in ledger_queries.freezes_on([ledger_account_id])}


def end(freeze: Freeze, state: FreezeState, on: date) -> None:
    freeze.state, freeze.ended_on = state, on
    freeze.save(update_fields=["state", "ended_on", "ordered_fen"])


def note(freeze: Freeze, kind: str, when: Occasion, *, amount: Money | None, kept: Money, journal_id: int | None = None) -> None:
    FreezeEvent.objects.create(
        centre_id=freeze.centre_id, freeze=freeze, order=when.order, kind=kind, amount_fen=amount, kept_fen=kept, ends_on=freeze.ends_on,
        journal_id=journal_id, on=when.on, at=when.at, by=when.by,
    )  # fmt: skip


def standing(freeze: Freeze, result: Result, kept: Money) -> Answer:
    return Answer(
        result, account_no=freeze.account_no, freeze_no=freeze.freeze_no, ordered=freeze.ordered_fen, whole=freeze.ordered_fen is None,
        kept=kept, starts_on=freeze.starts_on, ends_on=freeze.ends_on,
    )  # fmt: skip
