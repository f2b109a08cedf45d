"""退回待付与继承: withdrawals whose money waits for another account of the payee, and estates with each heir's payment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, Sum

from hpf.db.paging import page_of
from hpf.kernel.money import ZERO, Money
from hpf.withdrawals import models
from hpf.withdrawals.rules import Ground
from hpf.withdrawals.rules.states import HeirState, State

RETURNED, ESTATES, ALL_ESTATES = "RETURNED", "ESTATES", "ALL_ESTATES"
UNPAID = (HeirState.WAITING, HeirState.FAILED)


@dataclass(frozen=True, slots=True)
class Payout:
    """One application in the list. `amount` is what waits to be paid, or was inherited in all; `since` when it came to where it stands.

    `beside`: the money lies in 21904 because the account has ended. `corrected`: a second person has to look at a correction.
    """

    application_no: str
    ground: Ground
    state: State
    person_id: int
    amount: Money | None
    beside: bool
    outcome: str
    since: datetime | None
    heirs: int
    heirs_paid: int
    corrected: bool


def payouts(centre_id: int, which: str = RETURNED, *, limit: int = 50, offset: int = 0) -> tuple[list[Payout], int]:
    """RETURNED: failed or returned, oldest application first; ESTATES: under way; ALL_ESTATES. And how many there are; four queries at most."""
    those = models.Application.objects.filter(_those(centre_id, which), centre_id=centre_id).order_by("id")
    columns = ("id", "application_no", "ground", "state", "person_id", "granted_fen", "interest_fen", "payable_id", "outcome")
    shown, total = page_of(those.values_list(*columns), limit, offset)
    heirs = _heirs(centre_id, (row[0] for row in shown))
    since = _since(centre_id, (row[0] for row in shown))
    found = []
    for number, application_no, ground, state, person_id, granted, interest, payable_id, outcome in shown:
        mine = heirs.get(number, [])
        waiting = [share for state_of, share, _ in mine if state_of in UNPAID and share is not None]
        amount = Money.total(waiting) if waiting and which == RETURNED else (granted + (interest or ZERO) if granted is not None else None)
        found.append(
            Payout(
                application_no, Ground(ground), State(state), person_id, amount, payable_id is not None, outcome, since.get(number), len(mine),
                sum(state_of == HeirState.PAID for state_of, _, _ in mine), any(corrected for *_, corrected in mine),
            )
        )  # fmt: skip
    return found, total


def waiting_payouts(centre_id: int) -> tuple[int, Money]:
    """How many applications wait for another account, and how much money in all; two queries."""
    failed = models.Application.objects.filter(_those(centre_id, RETURNED), centre_id=centre_id)
    own = failed.exclude(ground=Ground.DEATH).aggregate(granted=Sum("granted_fen"), interest=Sum("interest_fen"))
    shares = models.Heir.objects.filter(centre_id=centre_id, state__in=UNPAID, application__in=failed.filter(ground=Ground.DEATH))
    amount = sum(_fen(each) for each in (*own.values(), shares.aggregate(fen=Sum("amount_fen"))["fen"]))
    return failed.count(), Money(amount)


def _fen(amount: Money | int | None) -> int:
    return amount.fen if isinstance(amount, Money) else amount or 0


def _those(centre_id: int, which: str) -> Q:
    if which == RETURNED:
        return Q(state=State.FAILED)
    under_way = Q(ground=Ground.DEATH, state__in=[state.value for state in State if state.is_open])
    if which == ESTATES:
        return under_way
    return under_way | Q(id__in=models.Heir.objects.filter(centre_id=centre_id).values("application_id"))


def _heirs(centre_id: int, applications: Iterable[int]) -> dict[int, list[tuple[str, Money | None, bool]]]:
    """State, share and whether a correction waits, of each heir; nothing is deciphered."""
    found: dict[int, list[tuple[str, Money | None, bool]]] = {}
    rows = models.Heir.objects.filter(centre_id=centre_id, application_id__in=list(applications)).order_by("place")
    for application_id, state, share, by in rows.values_list("application_id", "state", "amount_fen", "corrected_by"):
        found.setdefault(application_id, []).append((state, share, bool(by)))
    return found


def _since(centre_id: int, applications: Iterable[int]) -> dict[int, datetime]:
    rows = models.Event.objects.filter(centre_id=centre_id, application_id__in=list(applications)).order_by()
    return dict(rows.values_list("application_id").annotate(last=Max("happened_at")))
