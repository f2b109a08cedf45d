"""专户: opening the fund's bank accounts in the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.ledger.services import open_account
from hpf.treasury.models import BankAccount

SUBJECTS = {10101: "住房公积金活期存款", 10102: "住房公积金定期存款", 10201: "增值收益活期存款", 10202: "增值收益定期存款"}


@dataclass(frozen=True, slots=True)
class BankAccountOpened:
    bank_account_id: int
    ledger_account_id: int


@command("treasury.open_bank_account")
def open_bank_account(
    *,
    by: Actor,
    centre_id: int,
    account_no: str,
    name: str,
    bank_code: str,
    bank_name: str,
    subject: int,
    on: date,
    is_main: bool = True,
    key: str,
) -> Decision[BankAccountOpened]:
    """专户启用. One account number once in a centre, one main account for each subject.

    Writes   the account and its ledger account
    Refuses  a subject that is no bank deposit; a number already in use; a second main account of the subject
    """
    reasons = []
    if subject not in SUBJECTS:
        reasons.append(Reason("NOT_A_DEPOSIT", f"科目{subject}不是银行存款科目，专户只能登记在{'、'.join(map(str, SUBJECTS))}"))
    if BankAccount.objects.filter(centre_id=centre_id, account_no=account_no).exists():
        reasons.append(Reason("ACCOUNT_EXISTS", f"银行账号尾号{account_no[-4:]}已登记，请核对账号"))
    if is_main and BankAccount.objects.filter(centre_id=centre_id, subject=subject, is_main=True).exists():
        reasons.append(Reason("MAIN_EXISTS", f"科目{subject}已有主专户，请登记为非主专户"))
    if reasons:
        return Decision.refused(reasons)
    account = BankAccount.objects.create(
        centre_id=centre_id,
        account_no=account_no,
        name=name,
        bank_code=bank_code,
        bank_name=bank_name,
        subject=subject,
        ledger_account_id=0,
        is_main=is_main,
        opened_on=on,
    )
    account.ledger_account_id = open_account(centre_id, subject, "BANK_ACCOUNT", account.id, on)
    account.save(update_fields=["ledger_account_id"])
    return Decision.approved(BankAccountOpened(account.id, account.ledger_account_id))
