"""年度基数调整: a unit's file of new bases, kept as it came, read like a list, and handed to accounts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from hpf.accounts import queries as accounts
from hpf.accounts import services as account_services
from hpf.accounts.queries import EmployerAccountView
from hpf.accounts.services import AdjustedBases, DeclaredBase
from hpf.contributions.models import BaseChange, Original
from hpf.contributions.rules import refusals
from hpf.contributions.rules.list_check import match_lines
from hpf.contributions.rules.lists import Defect, ReadList, read_list
from hpf.contributions.rules.states import OriginalKind
from hpf.contributions.services.checking import EVERY_STATE, blind, entries
from hpf.contributions.services.facts import employer_account
from hpf.contributions.services.numbers import take_number
from hpf.contributions.services.originals import keep_original
from hpf.db.command import command
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Outcome
from hpf.kernel.money import Money
from hpf.kernel.period import Month


@dataclass(frozen=True, slots=True)
class BaseListReceived:
    """`changed` lines are in force; lines with a defect are not, and can be sent again in a corrected file."""

    base_change_no: str
    changed: int
    defects: tuple[Defect, ...]
    original_id: int


def adjust_bases_by_file(
    *,
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    from_month: Month,
    filename: str,
    content: bytes,
    business_on: date,
    key: str,
    at: datetime,
) -> Decision[BaseListReceived]:
    """上传年度基数调整表. A story: keep the file, then read it and change what is right."""
    kept = keep_original(
        by=by, centre_id=centre_id, kind=OriginalKind.BASE_LIST, filename=filename, content=content, key=f"{key}:original", at=at
    )
    return enter_bases(
        by=by, centre_id=centre_id, employer_account_no=employer_account_no, from_month=from_month, original_id=kept.original_id,
        business_on=business_on, key=key, at=at,
    )  # fmt: skip


@command("contributions.adjust_bases")
def enter_bases(
    *, by: Actor, centre_id: int, employer_account_no: str, from_month: Month, original_id: int, business_on: date, key: str, at: datetime
) -> Decision[BaseListReceived]:
    """Read a kept file of bases. Rows are matched by account or document number; each row has its own answer.

    Writes   the changed bases through `accounts.adjust_bases`, what was received with its defects
    """
    account = employer_account(centre_id, employer_account_no)
    if account is None:
        return Decision.refused([refusals.no_such_employer_account(employer_account_no)])
    original = Original.objects.get(centre_id=centre_id, id=original_id)
    read = read_list(original.filename, bytes(original.content))
    declared, defects = declared_bases(account, from_month, read)
    changed = 0
    if declared:
        adjusted = account_services.adjust_bases(
            by=by, centre_id=centre_id, employer_account_no=account.account_no, lines=tuple(base for _, base in declared),
            from_month=from_month, on=business_on, at=at, key=f"{key}:bases",
        )  # fmt: skip
        changed = adjusted.changed
        defects += refused_bases(read, declared, adjusted)
    defects.sort(key=lambda defect: defect.row)
    received = BaseChange.objects.create(
        centre_id=centre_id, base_change_no=take_number(centre_id, business_on), employer_account_id=account.employer_account_id,
        employer_account_no=account.account_no, since_month=from_month, original=original, line_count=changed,
        defects=[asdict(defect) for defect in defects], is_applied=changed > 0, maker=by.user_id, received_at=at,
    )  # fmt: skip
    return Decision.approved(BaseListReceived(received.base_change_no, changed, tuple(defects), original_id))


def refused_bases(read: ReadList, declared: list[tuple[int, DeclaredBase]], answered: AdjustedBases) -> list[Defect]:
    """What accounts refused, as defects of the rows."""
    return [
        Defect(row, read.heading("base"), base.base.text, reason.code, reason.message, "", " ".join(reason.law))
        for (row, base), answer in zip(declared, answered.lines, strict=True)
        if answer.outcome is Outcome.REFUSED
        for reason in answer.reasons
    ]


def declared_bases(account: EmployerAccountView, month: Month, read: ReadList) -> tuple[list[tuple[int, DeclaredBase]], list[Defect]]:
    """Row and declared base of every line that means a person of the unit, and the defects of all others."""
    defects = list(read.defects)
    roster = accounts.roster(account.centre_id, account.employer_account_id, month, EVERY_STATE)
    declared = []
    for line, entry in match_lines(read, entries(roster), blind, defects).found:
        if line.row in read.rows_unreadable:
            continue
        if line.base_fen is None:
            defects.append(
                Defect(
                    line.row,
                    read.heading("base"),
                    "",
                    "BASE_MISSING",
                    "没有填写缴存基数",
                    "请填写上一年度月平均工资；本次不调整的请删除此行",
                    "条例/16",
                )
            )
            continue
        declared.append((line.row, DeclaredBase(entry.account_no, Money(line.base_fen))))
    return declared, defects
