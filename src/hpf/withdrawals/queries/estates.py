"""继承人、受遗赠人 of an application for an estate: shares, documents masked, and each one's payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.kernel.money import Money
from hpf.parties.rules import mask_id
from hpf.sharing import queries as sharing
from hpf.withdrawals import models
from hpf.withdrawals.queries.facts import CASE_KIND, spouse_of
from hpf.withdrawals.rules.states import HeirState


@dataclass(frozen=True, slots=True)
class HeirView:
    place: int
    name: str
    id_kind: str
    id_masked: str
    account_tail: str
    numerator: int
    denominator: int
    applies: bool
    amount: Money | None
    state: HeirState
    payment_no: str
    paid_on: date | None
    outcome: str
    proposed_name: str
    proposed_tail: str
    proposed_by: str
    proposed_by_name: str
    proposed_reason: str

    @property
    def share(self) -> str:
        return f"{self.numerator}/{self.denominator}"


def heirs(centre_id: int, application_no: str) -> list[HeirView]:
    """In the order of the paper of inheritance."""
    rows = models.Heir.objects.filter(centre_id=centre_id, application__application_no=application_no).order_by("place")
    return [
        HeirView(
            row.place, row.name, row.id_kind, mask_id(row.id_number), row.payee_account[-4:], row.numerator, row.denominator, row.applies,
            row.amount_fen, HeirState(row.state), row.payment_no, row.paid_on, row.outcome,
            row.new_name or "", (row.new_account or "")[-4:], row.corrected_by, row.corrected_by_name, row.correct_reason,
        )
        for row in rows
    ]  # fmt: skip


def people_of(centre_id: int, application_no: str) -> dict[str, str]:
    """Who is who in an application, by reference: the holder, her spouse as the registry gave her, the heirs by name."""
    row = models.Application.objects.filter(centre_id=centre_id, application_no=application_no).values_list("id", "person_ref").first()
    if row is None:
        return {}
    spouse = spouse_of(sharing.answers(centre_id, CASE_KIND, application_no), row[1])
    heirs = models.Heir.objects.filter(centre_id=centre_id, application_id=row[0])
    return {**({spouse: "配偶"} if spouse else {}), row[1]: "本人", **{heir.person_ref: heir.name for heir in heirs}}
