"""联系函 as rows: found and locked, moved with a record of who and why, told to the platform through the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from hpf.db.command import step
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import Money
from hpf.outbox import services as outbox
from hpf.parties import queries as parties
from hpf.parties.services import take_running
from hpf.policy import queries as policy
from hpf.policy.rules import MissingParameter
from hpf.transfers.models import Dispatch, Letter, Step
from hpf.transfers.rules.information import Information
from hpf.transfers.rules.states import Direction, State

TO_TELL = "transfers.dispatch"
PLATFORM = "转移接续平台"
LAW = ("银行结算接口标准/转移接续",)


@dataclass(frozen=True, slots=True)
class LetterMoved:
    """Where a letter stands after a command; `payment_no` when money was ordered to be paid."""

    transfer_no: str
    letter_no: str
    state: State
    words: str = ""
    payment_no: str = ""


def moved(letter: Letter) -> Decision[LetterMoved]:
    return Decision.approved(
        LetterMoved(letter.transfer_no, letter.letter_no, State(letter.state), letter.words, letter.payment_no)
    )  # fmt: skip


@step
def locked(centre_id: int, transfer_no: str) -> Letter | None:
    return Letter.objects.select_for_update().filter(centre_id=centre_id, transfer_no=transfer_no).first()


def not_found(transfer_no: str) -> Decision[LetterMoved]:
    return Decision.refused([Reason("NO_SUCH_TRANSFER", f"本中心没有转移业务{transfer_no}，请核对业务号", LAW)])


@step
def new_letter(letter: Letter) -> Letter:
    """Keep it under a number of our own: ZY, the centre, the centre's running count."""
    (running,) = take_running(letter.centre_id, "transfers")
    letter.transfer_no = f"ZY{letter.centre_id:02d}{running:010d}"
    letter.save()
    return letter


@step
def move(letter: Letter, wanted: State, *, said_by: str, words: str, on: date, at: datetime) -> None:
    """The letter's new state with its line in the record. The caller has asked the rules."""
    letter.state, letter.state_on, letter.words = wanted.value, on, words[:500]
    letter.save()
    note(letter, said_by=said_by, words=words, on=on, at=at)


@step
def note(letter: Letter, *, said_by: str, words: str, on: date, at: datetime) -> None:
    Step.objects.create(
        centre_id=letter.centre_id, letter=letter, state=letter.state, said_by=said_by, words=words[:500], business_on=on, recorded_at=at
    )  # fmt: skip


@step
def tell_platform(letter: Letter, state: State, words: str, on: date) -> None:
    """告知平台: to be sent once the transaction has committed. The content is read from the letter when it is sent."""
    row = Dispatch.objects.create(centre_id=letter.centre_id, letter=letter, letter_state=state.value, words=words[:500], ordered_on=on)
    outbox.enqueue(letter.centre_id, TO_TELL, f"{TO_TELL}:{row.id}", {"dispatch_id": row.id})


@dataclass(frozen=True, slots=True)
class OwnCentre:
    """How our centre is called on a letter."""

    org_code: str
    name: str


def own_centre(centre_id: int, on: date) -> OwnCentre | Reason:
    """Our organisation code; a centre that was given none cannot write letters."""
    centre = parties.centre(centre_id)
    code = centre.mohurd_org_code
    if not code:
        try:
            code = policy.book(centre_id, on).text("transfer.org_code")
        except MissingParameter:
            return Reason(
                "ORG_CODE_MISSING",
                f"{centre.name}的机构代码尚未登记，不能收发联系函，请政策管理岗按文件录入",
                ("银行结算接口标准/联系函编号",),
            )
    return OwnCentre(code, centre.name)


def information_of(letter: Letter) -> Information | None:
    """The account information that a letter holds, None while it has none."""
    if letter.amount_fen is None or letter.opened_on is None:
        return None
    return Information(
        letter.name, letter.id_kind, letter.id_number, letter.account_no if letter.direction == Direction.OUT else letter.other_account or "",
        letter.principal_fen or Money(0), letter.interest_fen or Money(0), letter.amount_fen, letter.opened_on, letter.paid_through,
        bool(letter.six_months), letter.loans or 0, bool(letter.loans_ended), bool(letter.fraud),
    )  # fmt: skip


def keep_information(letter: Letter, said: Information) -> None:
    """Write account information into the letter; the caller saves."""
    letter.principal_fen, letter.interest_fen, letter.amount_fen = said.principal, said.interest, said.amount
    letter.opened_on, letter.paid_through, letter.six_months = said.opened_on, said.paid_through, said.six_months
    letter.loans, letter.loans_ended, letter.fraud = said.loans, said.loans_ended, said.fraud
