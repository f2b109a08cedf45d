"""经办复核的业务: what a maker may prepare, and the one command a checker's approval runs.

The content of a submission is plain text, so that what was prepared can be read years later. The command's key is the
submission's number: approving twice, or again after a crash, does the business once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hpf.accounts import services as accounts
from hpf.contributions import services as contributions
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.treasury import services as treasury
from hpf.withdrawals import services as withdrawals


@dataclass(frozen=True, slots=True)
class Approval:
    """Who checks, what was prepared by whom, on which open day."""

    by: Actor
    centre_id: int
    maker_id: str
    content: Mapping[str, Any]
    on: date
    at: datetime
    key: str

    @property
    def common(self) -> dict[str, Any]:
        return {"by": self.by, "centre_id": self.centre_id, "key": self.key}


def _transfer(it: Approval) -> Decision[Any]:
    said = it.content
    return accounts.transfer_inside(
        account_no=said["account_no"], to_employer_account_no=said["to_employer_account_no"], base=Money.yuan(said["base"]),
        from_month=Month.parse(said["from_month"]), on=it.on, at=it.at, **it.common,
    )  # fmt: skip


def _merge(it: Approval) -> Decision[Any]:
    said = it.content
    return accounts.merge(
        account_nos=tuple(said["account_nos"]), evidence=said.get("evidence", ""), business_on=it.on, at=it.at, **it.common
    )


def _close(it: Approval) -> Decision[Any]:
    said = it.content
    return accounts.close(
        account_no=said["account_no"], final_state=said["final_state"], reason=said["reason"], on=it.on, at=it.at, **it.common
    )


def _change_rates(it: Approval) -> Decision[Any]:
    said = it.content
    return accounts.change_rates(
        employer_account_no=said["employer_account_no"], employer_rate=Rate.of(said["employer_rate"]), member_rate=Rate.of(said["member_rate"]),
        from_month=Month.parse(said["from_month"]), approval_no=said.get("approval_no", ""), on=it.on, at=it.at, **it.common,
    )  # fmt: skip


def _seal_unit(it: Approval) -> Decision[Any]:
    said = it.content
    return accounts.seal_employer_account(
        employer_account_no=said["employer_account_no"], reason=said["reason"], on=it.on, at=it.at, **it.common
    )


def _unseal_unit(it: Approval) -> Decision[Any]:
    return accounts.unseal_employer_account(employer_account_no=it.content["employer_account_no"], on=it.on, at=it.at, **it.common)


def _close_unit(it: Approval) -> Decision[Any]:
    said = it.content
    return contributions.close_unit(
        employer_account_no=said["employer_account_no"], reason=said["reason"], arrears_decision_no=said.get("arrears_decision_no", ""),
        business_on=it.on, at=it.at, **it.common,
    )  # fmt: skip


def _into_custody(it: Approval) -> Decision[Any]:
    """Each account has its own answer: the business is done when one was taken, and the others are named."""
    said = it.content
    taken = accounts.into_custody(
        custody_account_no=said["custody_account_no"], account_nos=tuple(said["account_nos"]), on=it.on, at=it.at, **it.common
    )
    refused = tuple(reason for line in taken.lines for reason in line.reasons)
    return Decision.approved(taken, refused) if taken.taken else Decision.refused(refused)


def _refund_receipt(it: Approval) -> Decision[Any]:
    said = it.content
    return treasury.refund_receipt(receipt_no=said["receipt_no"], maker=it.maker_id, reason=said["reason"], business_on=it.on, **it.common)


def _reverse(it: Approval) -> Decision[Any]:
    said = it.content
    return contributions.reverse_booking(
        remittance_no=said["remittance_no"], reason=said["reason"], maker=it.maker_id, business_on=it.on, at=it.at, **it.common
    )


def _grant_subsidy(it: Approval) -> Decision[Any]:
    said = it.content
    lines = tuple(
        contributions.GrantLine(line["account_no"], Month.parse(line["month"]), Money.yuan(line["amount"])) for line in said["lines"]
    )
    return contributions.grant_subsidy(
        program_no=said["program_no"], lines=lines, maker=it.maker_id, business_on=it.on, at=it.at, **it.common
    )


def _recover_subsidy(it: Approval) -> Decision[Any]:
    said = it.content
    return contributions.recover_subsidy(
        remittance_no=said["remittance_no"], account_no=said["account_no"], month=Month.parse(said["month"]), amount=Money.yuan(said["amount"]),
        reason=said["reason"], maker=it.maker_id, business_on=it.on, at=it.at, **it.common,
    )  # fmt: skip


def _ban(it: Approval) -> Decision[Any]:
    said = it.content
    return withdrawals.ban_person(
        person_id=int(said["person_id"]), kind=said["kind"], decision_no=said["decision_no"], decided_on=date.fromisoformat(said["decided_on"]),
        maker=it.maker_id, on=it.on, at=it.at, **it.common,
    )  # fmt: skip


def _lift_ban(it: Approval) -> Decision[Any]:
    said = it.content
    return withdrawals.lift_ban(
        person_id=int(said["person_id"]), flag_id=int(said["flag_id"]), ends_on=date.fromisoformat(said["ends_on"]), reason=said["reason"],
        maker=it.maker_id, on=it.on, at=it.at, **it.common,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of business in the queue."""

    title: str
    run: Callable[[Approval], Decision[Any]]


ACTIONS: dict[str, Action] = {
    "accounts.transfer_inside": Action("内部转移", _transfer),
    "accounts.merge": Action("个人并户", _merge),
    "accounts.close": Action("个人销户", _close),
    "accounts.change_rates": Action("单位比例变更", _change_rates),
    "accounts.seal_employer_account": Action("单位封存", _seal_unit),
    "accounts.unseal_employer_account": Action("单位启封", _unseal_unit),
    "accounts.close_employer_account": Action("单位销户", _close_unit),
    "accounts.into_custody": Action("转入集中封存", _into_custody),
    "treasury.refund_receipt": Action("暂收款退款", _refund_receipt),
    "contributions.reverse_booking": Action("清册冲正", _reverse),
    "contributions.grant_subsidy": Action("补贴发放", _grant_subsidy),
    "contributions.recover_subsidy": Action("补贴收回", _recover_subsidy),
    "withdrawals.ban_person": Action("限制提取", _ban),
    "withdrawals.lift_ban": Action("解除限制提取", _lift_ban),
}
