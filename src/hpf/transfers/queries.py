"""转移接续查询: letters with their age, what happened to each, what is carried from other cities, the daily comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from hpf.accounts import queries as accounts
from hpf.db.paging import page_of
from hpf.kernel.decision import Reason
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.ledger import queries as ledger
from hpf.parties import queries as parties
from hpf.parties.rules import mask_card, mask_id
from hpf.policy import queries as policy
from hpf.policy.rules import MissingParameter
from hpf.transfers.models import OPEN, Dispatch, Letter, Reconciliation, Step
from hpf.transfers.rules.leaving import LOAN_SETTLED, LOAN_UNSETTLED, Leaver, check_leaving
from hpf.transfers.rules.states import Direction, State

WAITS_DAYS = 15
"""An open letter older than this stands out on every list: the other city, or we, have forgotten it."""


@dataclass(frozen=True, slots=True)
class OtherCentre:
    """A centre outside that can be written to."""

    org_code: str
    name: str


def directory(centre_id: int, on: date) -> list[OtherCentre]:
    """转出地中心名录, as the platform's list was entered; empty where none was: then code and name are typed."""
    try:
        text = policy.book(centre_id, on).text("transfer.directory")
    except MissingParameter:
        return []
    return [OtherCentre(*line.strip().split(" ", 1)) for line in text.split("；") if line.strip()]


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter, masked. `name` is as the letter has it; `trouble` is for a person to solve."""

    transfer_no: str
    letter_no: str
    direction: Direction
    state: State
    state_on: date
    name: str
    id_kind: str
    id_masked: str
    person_id: int | None
    account_no: str
    other_org_code: str
    other_org_name: str
    payee_name: str
    payee_account_masked: str
    principal: Money | None
    interest: Money | None
    amount: Money | None
    opened_on: date | None
    paid_through: Month | None
    six_months: bool | None
    loans: int | None
    loans_ended: bool | None
    fraud: bool | None
    applied_on: date
    maker: str
    proposal: State | None
    checker: str
    words: str
    trouble: str
    cancelling: bool
    payment_no: str
    payment_state: str
    receipt_no: str
    value_on: date | None

    @property
    def is_open(self) -> bool:
        return not self.state.is_final

    def age_days(self, on: date) -> int:
        """How long the letter has been in its state."""
        return (on - self.state_on).days

    def is_old(self, on: date) -> bool:
        return self.is_open and self.age_days(on) > WAITS_DAYS


@dataclass(frozen=True, slots=True)
class StepView:
    state: State
    said_by: str
    words: str
    business_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class DispatchView:
    state: State
    sending: str
    send_seq_no: str
    explanation: str
    ordered_on: date


@dataclass(frozen=True, slots=True)
class CarriedHistory:
    """缴存记录互认: what another city's fund said of the years there; counted for loans, read by withdrawals."""

    letter_no: str
    org_code: str
    org_name: str
    opened_on: date
    paid_through: Month | None
    six_months: bool
    loans: int
    loans_ended: bool
    fraud: bool
    amount: Money
    booked_on: date


@dataclass(frozen=True, slots=True)
class ComparisonView:
    business_on: date
    ours: int
    theirs: int
    differences: tuple[str, ...]
    compared_at: datetime


def letter(centre_id: int, transfer_no: str) -> LetterView | None:
    row = Letter.objects.filter(centre_id=centre_id, transfer_no=transfer_no).first()
    return None if row is None else _view(row)


def letters(
    centre_id: int, *, direction: str = "", state: str = "", text: str = "", limit: int = 50, offset: int = 0
) -> tuple[list[LetterView], int]:
    """Newest first, with the count of all. `state` may be OPEN, TROUBLE, or one state; `text` a number or the beginning of a name."""
    rows = Letter.objects.filter(centre_id=centre_id)
    if direction:
        rows = rows.filter(direction=direction)
    if state == "OPEN":
        rows = rows.filter(state__in=OPEN)
    elif state == "TROUBLE":
        rows = rows.exclude(trouble="")
    elif state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(Q(name__startswith=text) | Q(letter_no=text) | Q(transfer_no=text) | Q(account_no=text))
    shown, total = page_of(rows.order_by("-id"), limit, offset)
    return [_view(row) for row in shown], total


def letters_of_account(centre_id: int, account_no: str) -> list[LetterView]:
    """Newest first, in and out."""
    # Said straight: nearly everybody has none, and building this sentence costs more than answering it.
    sql = "SELECT * FROM transfers_letter WHERE centre_id = %s AND account_no = %s ORDER BY id DESC"
    return [_view(row) for row in Letter.objects.raw(sql, [centre_id, account_no])]


def steps(centre_id: int, transfer_no: str) -> list[StepView]:
    rows: QuerySet[Step] = Step.objects.filter(centre_id=centre_id, letter__transfer_no=transfer_no)
    return [StepView(State(row.state), row.said_by, row.words, row.business_on, row.recorded_at) for row in rows.order_by("id")]


def dispatches(centre_id: int, transfer_no: str) -> list[DispatchView]:
    rows = Dispatch.objects.filter(centre_id=centre_id, letter__transfer_no=transfer_no).order_by("id")
    return [DispatchView(State(row.letter_state), row.state, row.send_seq_no, row.explanation, row.ordered_on) for row in rows]


def has_unheard(centre_id: int) -> bool:
    """Whether something sent waits for the platform's answer."""
    return Dispatch.objects.filter(centre_id=centre_id, state__in=["READY", "SENT", "PROCESSING"]).exists()


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The account of ours that a letter asks for, and what is known about it."""

    leaver: Leaver
    person_id: int
    account_no: str


def asked_for(letter: Letter, months_paid: tuple[Month, ...], on: date) -> AskedFor | None:
    """By the document first, then by the number the letter names. None: nobody here, or nothing open."""
    person = parties.find_person(letter.centre_id, letter.id_kind, letter.id_number)
    if person is None:
        return None
    held = [account for account in accounts.accounts_of_person(letter.centre_id, person.person_id) if account.is_open]
    wanted = [account for account in held if account.account_no == letter.account_no] or held
    if not wanted:
        return None
    account = wanted[0]
    money = ledger.balance(account.ledger_account_id)
    flags = [flag.kind for flag in parties.flags("PERSON", [person.person_id], on).get(person.person_id, [])]
    others = Letter.objects.filter(
        centre_id=letter.centre_id, direction=Direction.OUT.value, account_no=account.account_no, state__in=OPEN, person_id=person.person_id
    ).exclude(id=letter.id).exclude(proposal="", payment_no="")  # fmt: skip
    leaver = Leaver(
        person.name, account.state, money.balance, money.available, frozenset(flags), account.opened_on, months_paid,
        sum(kind in (LOAN_UNSETTLED, LOAN_SETTLED) for kind in flags), next((other.letter_no for other in others), ""),
    )  # fmt: skip
    return AskedFor(leaver, person.person_id, account.account_no)


def reasons_against(centre_id: int, transfer_no: str, on: date) -> list[Reason]:
    """What keeps the account of a letter here now, for the page of the person who handles it."""
    row = Letter.objects.get(centre_id=centre_id, transfer_no=transfer_no)
    found = asked_for(row, (), on)
    return check_leaving(found.leaver if found else None, row.name)


def account_asked_for(centre_id: int, transfer_no: str, on: date) -> str:
    """The number of our account that a letter asks for; empty when nobody is found."""
    found = asked_for(Letter.objects.get(centre_id=centre_id, transfer_no=transfer_no), (), on)
    return found.account_no if found else ""


def carried_histories(centre_id: int, person_ids: Sequence[int]) -> dict[int, tuple[CarriedHistory, ...]]:
    """{person: what was carried here from other cities, oldest first}; one query."""
    rows = Letter.objects.filter(
        centre_id=centre_id, person_id__in=list(person_ids), direction=Direction.IN.value, state=State.DONE.value
    ).order_by("id")  # fmt: skip
    found: dict[int, tuple[CarriedHistory, ...]] = {}
    for row in rows:
        if row.person_id is None or row.opened_on is None or row.amount_fen is None:
            continue
        history = CarriedHistory(
            row.letter_no, row.other_org_code, row.other_org_name, row.opened_on, row.paid_through, bool(row.six_months), row.loans or 0,
            bool(row.loans_ended), bool(row.fraud), row.amount_fen, row.state_on,
        )  # fmt: skip
        found[row.person_id] = (*found.get(row.person_id, ()), history)
    return found


def comparison(centre_id: int, on: date) -> ComparisonView | None:
    """The day's comparison with the platform, None when there was none."""
    row = Reconciliation.objects.filter(centre_id=centre_id, business_on=on).first()
    return None if row is None else _comparison(row)


def last_comparison(centre_id: int) -> ComparisonView | None:
    row = Reconciliation.objects.filter(centre_id=centre_id).order_by("-business_on").first()
    return None if row is None else _comparison(row)


def _comparison(row: Reconciliation) -> ComparisonView:
    return ComparisonView(row.business_on, row.ours, row.theirs, tuple(row.differences), row.compared_at)


def _view(row: Letter) -> LetterView:
    return LetterView(
        row.transfer_no, row.letter_no, Direction(row.direction), State(row.state), row.state_on, row.name, row.id_kind, mask_id(row.id_number),
        row.person_id, row.account_no, row.other_org_code, row.other_org_name, row.payee_name, mask_card(row.payee_account or ""),
        row.principal_fen, row.interest_fen, row.amount_fen, row.opened_on, row.paid_through, row.six_months, row.loans, row.loans_ended,
        row.fraud, row.applied_on, row.maker, State(row.proposal) if row.proposal else None, row.checker, row.words, row.trouble, row.cancelling,
        row.payment_no, row.payment_state, row.receipt_no, row.value_on,
    )  # fmt: skip
