"""死亡提取: heirs and legatees apply at the counter, each with a share, a document and an account of their own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hpf.accounts import queries as accounts
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason, cites
from hpf.parties.rules import check_identity
from hpf.sharing import queries as sharing
from hpf.withdrawals import models
from hpf.withdrawals.rules import Ground
from hpf.withdrawals.rules.facts_of_life import HEIR_PROOFS
from hpf.withdrawals.rules.states import HeirState, State, check_payee_account
from hpf.withdrawals.services.applying import Applied, Payment, check_account, check_statement, no_such, take_in
from hpf.withdrawals.services.recording import Moved, locked, moved, note

HEIRS_MOST = 20
LAW = ("条例/24@2019", "条例/24@2026")


@dataclass(frozen=True, slots=True)
class HeirGiven:
    """One heir as the paper of inheritance names her, with her own bank account."""

    name: str
    id_kind: str
    id_number: str
    account: str
    numerator: int
    denominator: int


@command("withdrawals.apply_for_estate")
@cites("条例/24@2019", "条例/24@2026", "条例/25@2019", "条例/25@2026")
def apply_for_estate(
    *,
    by: Actor,
    centre_id: int,
    account_no: str,
    died_on: date,
    proof: str,
    heirs: tuple[HeirGiven, ...],
    applicant: int,
    on: date,
    at: datetime,
    key: str,
    consents: bool = True,
) -> Decision[Applied]:
    """受理一件死亡提取. `heirs` in the order of the paper; `applicant` is the place, from 1, of who has come; 0 when nobody inherits.

    With `consents` she allows for this one case that the household register be asked whether she is next of kin.
    Writes   application ACCEPTED, its heirs WAITING, the consent, an event
    Refuses  WITHDRAWAL_ACCOUNT_GONE, HEIR_PROOF_UNKNOWN, HEIR_WRONG with the heir's place, HEIR_TWICE, APPLICANT_UNKNOWN, HEIRS_TOO_MANY,
             WITHDRAWAL_RUNNING
    """
    account = accounts.member_account(centre_id, account_no)
    given = [(each, check_identity(each.id_kind, each.id_number, on).normalised) for each in heirs]
    reasons = check_account(account) + _check(given, applicant, proof, on)
    if reasons:
        return Decision.refused(reasons)
    refs = [sharing.reference_for(each.id_kind, number) for each, number in given]
    comes = refs[applicant - 1] if applicant else ""
    said: dict[str, Any] = {
        "died_on": died_on.isoformat(), "heir_proof": proof,
        "heirs": [{"person": ref, "numerator": h.numerator, "denominator": h.denominator} for ref, h in zip(refs, heirs, strict=True)],
    }  # fmt: skip
    if comes:
        said["applicant_ref"] = comes
    reasons = check_statement(Ground.DEATH, said, on, centre_id)
    if reasons:
        return Decision.refused(reasons)
    first = heirs[applicant - 1] if applicant else None
    row = take_in(
        by=by, account=account, ground=Ground.DEATH, payee=Payment(first.name, first.account) if first else Payment("", ""), said=said, asked=None,
        consenting=comes if consents else "", on=on, at=at, key=key,
    )  # fmt: skip
    if isinstance(row, tuple):
        return Decision.refused(row)
    models.Heir.objects.bulk_create(
        models.Heir(
            centre_id=centre_id, application=row, place=place, person_ref=ref, name=heir.name.strip(), id_kind=heir.id_kind, id_number=number,
            payee_account=heir.account.replace(" ", ""), numerator=heir.numerator, denominator=heir.denominator, applies=place == applicant,
        )
        for place, (ref, (heir, number)) in enumerate(zip(refs, given, strict=True), 1)
    )  # fmt: skip
    return Decision.approved(Applied(row.application_no, State.ACCEPTED, row.due_on, row.consent_no))


def _check(given: list[tuple[HeirGiven, str]], applicant: int, proof: str, on: date) -> list[Reason]:
    """Forms only: whether the shares make a whole and whether the proof suffices is the rule's to say."""
    reasons = []
    if proof not in HEIR_PROOFS:
        reasons.append(Reason("HEIR_PROOF_UNKNOWN", f"没有“{proof[:20]}”这种继承证明，请从列出的种类中选择", LAW))
    if len(given) > HEIRS_MOST:
        reasons.append(Reason("HEIRS_TOO_MANY", f"继承人、受遗赠人{len(given)}名，一件申请最多{HEIRS_MOST}名，请由会计人工分付", LAW))
    for place, (heir, _) in enumerate(given, 1):
        reasons += [Reason("HEIR_WRONG", f"第{place}名继承人：{wrong}", LAW) for wrong in _wrong(heir, on)]
    for number, times in Counter((heir.id_kind, number) for heir, number in given).items():
        if times > 1:
            reasons.append(Reason("HEIR_TWICE", f"证件尾号{number[1][-4:]}的继承人填写了{times}次，同一人的份额请合并填写", LAW))
    if given and not 1 <= applicant <= len(given):
        reasons.append(Reason("APPLICANT_UNKNOWN", "没有指明到场申请的是哪一名继承人、受遗赠人，请选择", LAW))
    return reasons


def _wrong(heir: HeirGiven, on: date) -> list[str]:
    wrong = []
    if not 1 <= len(heir.name.strip()) <= 50:
        wrong.append("姓名为空或者过长，请填写证件上的姓名")
    identity = check_identity(heir.id_kind, heir.id_number, on)
    if not identity.valid:
        wrong.append(identity.reason)
    if heir.numerator < 1 or heir.denominator < 1 or heir.numerator > heir.denominator or heir.denominator > 10_000:
        wrong.append(f"份额{heir.numerator}/{heir.denominator}不是大于零、不超过一的分数，请按继承证明填写")
    return wrong + [reason.message for reason in check_payee_account(heir.account)]


@command("withdrawals.apply_for_estate")
def correct_heir(
    *, by: Actor, centre_id: int, application_no: str, place: int, name: str, account: str, reason: str, at: datetime, key: str
) -> Decision[Moved]:
    """更正继承人的收款信息 after her payment failed: prepared here, for another person to pass.

    Her document stays: only how the bank knows her is corrected. The other heirs are not touched.
    Locks    the application
    Refuses  NO_SUCH_WITHDRAWAL, HEIR_NOT_FAILED, HEIR_WRONG, PAYEE_ACCOUNT_WRONG, REASON_MISSING
    """
    row, heir = _heir(centre_id, application_no, place)
    if row is None or heir is None:
        return Decision.refused([no_such(application_no)])
    reasons = _failed(heir)
    if not 1 <= len(name.strip()) <= 50:
        reasons.append(Reason("HEIR_WRONG", f"第{place}名继承人：姓名为空或者过长，请填写证件上的姓名", LAW))
    reasons += check_payee_account(account)
    if not reason.strip():
        reasons.append(Reason("REASON_MISSING", "更正收款信息须写明理由，请填写"))
    if reasons:
        return Decision.refused(reasons)
    heir.new_name, heir.new_account, heir.correct_reason = name.strip(), account.replace(" ", ""), reason.strip()[:200]
    heir.corrected_by, heir.corrected_by_name = by.user_id, by.name
    heir.save()
    note(row, at, by, f"提出更正第{place}名继承人的收款信息，待另一人复核：{reason.strip()}")
    return Decision.approved(moved(row))


@command("withdrawals.pass_heir")
def pass_heir(*, by: Actor, centre_id: int, application_no: str, place: int, agrees: bool, at: datetime, key: str) -> Decision[Moved]:
    """复核更正, by another person: agreed, the heir's payment waits to be ordered again; else all stays as it was.

    Locks    the application
    Refuses  NO_SUCH_WITHDRAWAL, HEIR_NOT_FAILED, NOT_CORRECTED, SAME_PERSON
    """
    row, heir = _heir(centre_id, application_no, place)
    if row is None or heir is None:
        return Decision.refused([no_such(application_no)])
    reasons = _failed(heir)
    if heir.new_account is None:
        reasons.append(Reason("NOT_CORRECTED", f"第{place}名继承人没有待复核的更正，请刷新后按现状办理"))
    if heir.corrected_by == by.user_id:
        reasons.append(Reason("SAME_PERSON", f"更正的经办与复核不能同为{by.name}，请由他人复核"))
    if reasons:
        return Decision.refused(reasons)
    if agrees:
        heir.name, heir.payee_account, heir.state = heir.new_name or heir.name, heir.new_account or heir.payee_account, HeirState.WAITING
    heir.new_name = heir.new_account = None
    heir.corrected_by = heir.corrected_by_name = heir.correct_reason = ""
    heir.save()
    note(row, at, by, f"第{place}名继承人的收款信息已更正" if agrees else f"第{place}名继承人的更正已退回")
    return Decision.approved(moved(row))


@step
def _heir(centre_id: int, application_no: str, place: int) -> tuple[models.Application | None, models.Heir | None]:
    row = locked(centre_id, application_no)
    return row, models.Heir.objects.filter(centre_id=centre_id, application=row, place=place).first() if row is not None else None


def _failed(heir: models.Heir) -> list[Reason]:
    if heir.state == HeirState.FAILED:
        return []
    message = f"第{heir.place}名继承人的付款现为“{HeirState(heir.state).text}”，只有付款未成的可以更正收款信息，请刷新后按现状办理"
    return [Reason("HEIR_NOT_FAILED", message)]
