"""收下清册: the file is kept, read, checked against the roster and written down with its lines and its defects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from hpf.accounts.queries import EmployerAccountView
from hpf.accounts.rules.states import EmployerState
from hpf.contributions.models import Original, Remittance
from hpf.contributions.rules import refusals
from hpf.contributions.rules.list_check import Checked, CheckedLine
from hpf.contributions.rules.lists import WHOLE_LIST, Defect, ListLine, ReadList, read_list
from hpf.contributions.rules.states import SENT_BY_EMPLOYERS, OriginalKind, RemittanceKind, RemittanceState
from hpf.contributions.services.checking import check
from hpf.contributions.services.confirmation import give_up, locked
from hpf.contributions.services.facts import GOOD_LINES_GO_ON, employer_account, says
from hpf.contributions.services.numbers import take_number
from hpf.contributions.services.originals import keep_original
from hpf.db.command import command, step
from hpf.kernel.actor import Actor
from hpf.kernel.decision import Decision, Reason
from hpf.kernel.money import ZERO, Money
from hpf.kernel.period import Month
from hpf.policy import queries as policy

_MAY_REMIT = {
    RemittanceKind.REGULAR: (EmployerState.OPENED, EmployerState.NORMAL, EmployerState.DEFERRED),
    RemittanceKind.BACK_FULL: (EmployerState.OPENED, EmployerState.NORMAL, EmployerState.DEFERRED, EmployerState.SEALED),
}


@dataclass(frozen=True, slots=True)
class PageLine:
    """One person as typed on a page. None means: as registered."""

    account_no: str
    name: str = ""
    month: Month | None = None
    base: Money | None = None
    employer: Money | None = None
    member: Money | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What a list came to: RECEIVED has defects and waits, CHECKED may be confirmed."""

    remittance_no: str
    state: RemittanceState
    line_count: int
    defect_count: int
    employer: Money
    member: Money
    original_id: int | None
    replaces_no: str

    @property
    def total(self) -> Money:
        return self.employer + self.member


def receive_list(
    *,
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    month: Month,
    filename: str,
    content: bytes,
    key: str,
    at: datetime,
    kind: RemittanceKind = RemittanceKind.REGULAR,
    reason: str = "",
    replaces_no: str = "",
) -> Decision[Received]:
    """上传清册. A story of two commands: keep the file as it came, then read, check and enter it.

    The file is kept also when it cannot be read, or when reading it is killed. Sending the same again with the same key
    gives the same answer.
    """
    kept = keep_original(
        by=by, centre_id=centre_id, kind=OriginalKind.REMITTANCE_LIST, filename=filename, content=content, key=f"{key}:original", at=at
    )  # fmt: skip
    return enter_list(
        by=by, centre_id=centre_id, employer_account_no=employer_account_no, month=month, original_id=kept.original_id, key=key, at=at,
        kind=kind, reason=reason, replaces_no=replaces_no,
    )  # fmt: skip


@command("contributions.receive_list")
def enter_list(
    *,
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    month: Month,
    original_id: int,
    key: str,
    at: datetime,
    kind: RemittanceKind = RemittanceKind.REGULAR,
    reason: str = "",
    replaces_no: str = "",
) -> Decision[Received]:
    """Read a kept original, check every line, write list, lines and defects. The number of queries does not grow with lines.

    Writes   a remittance CHECKED, or RECEIVED with its defects; the list it corrects becomes REPLACED
    Refuses  EMPLOYER_ACCOUNT_*, a list to be replaced that is confirmed or booked; defects are no refusal, they are written
    """
    original = Original.objects.get(centre_id=centre_id, id=original_id)
    read = read_list(original.filename, bytes(original.content))
    return _enter(by, centre_id, employer_account_no, month, RemittanceKind(kind), read, reason, replaces_no, at, original_id, "FILE")


@command("contributions.receive_list")
def prepare_list(
    *,
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    month: Month,
    key: str,
    at: datetime,
    kind: RemittanceKind = RemittanceKind.REGULAR,
    lines: tuple[PageLine, ...] | None = None,
    reason: str = "",
    replaces_no: str = "",
) -> Decision[Received]:
    """按页面或在册人员编制清册: without lines it is everybody of the roster who contributes in that month."""
    read = None if lines is None else _read_page(lines)
    source = "ROSTER" if lines is None else "PAGE"
    return _enter(by, centre_id, employer_account_no, month, RemittanceKind(kind), read, reason, replaces_no, at, None, source)


@step
def _enter(
    by: Actor,
    centre_id: int,
    employer_account_no: str,
    month: Month,
    kind: RemittanceKind,
    read: ReadList | None,
    reason: str,
    replaces_no: str,
    at: datetime,
    original_id: int | None,
    source: str,
) -> Decision[Received]:
    account = employer_account(centre_id, employer_account_no)
    if account is None:
        return Decision.refused([refusals.no_such_employer_account(employer_account_no)])
    former = _former(centre_id, account, kind, month, replaces_no)
    if isinstance(former, Reason):
        return Decision.refused([former])
    if refused := _check_unit(account, kind):
        return Decision.refused([refused])
    checked = check(account, month, kind, read, reason)
    state = _state(checked, centre_id, month)
    remittance = Remittance.objects.create(
        centre_id=centre_id, remittance_no=take_number(centre_id, at.date()), employer_id=account.employer_id,
        employer_account_id=account.employer_account_id, employer_account_no=account.account_no, kind=kind,
        month=min((line.month for line in checked.accepted), default=month), state=state, line_count=len(checked.accepted),
        defect_count=len(checked.defects), employer_fen=checked.employer, member_fen=checked.member, subsidy_fen=ZERO,
        reason=reason, source=source, original_id=original_id, replaces=former, prepaid_planned_fen=ZERO, prepaid_used_fen=ZERO,
        overpaid_fen=ZERO, maker=by.user_id, received_at=at,
    )  # fmt: skip
    write_lines(remittance, checked.accepted)
    _write_defects(remittance, checked.defects)
    if former is not None:
        give_up(former, RemittanceState.REPLACED, by.user_id, f"已由清册{remittance.remittance_no}更正")
    return Decision.approved(
        Received(
            remittance.remittance_no, state, len(checked.accepted), len(checked.defects), checked.employer, checked.member,
            original_id, former.remittance_no if former else "",
        )
    )  # fmt: skip


def _state(checked: Checked, centre_id: int, month: Month) -> RemittanceState:
    """A list with defects waits as a whole, unless the centre lets the good lines go on and the defects are of single rows."""
    if checked.is_clean:
        return RemittanceState.CHECKED
    whole = any(defect.row == WHOLE_LIST for defect in checked.defects)
    if whole or not checked.accepted or not says(policy.book(centre_id, month.first_day), GOOD_LINES_GO_ON):
        return RemittanceState.RECEIVED
    return RemittanceState.CHECKED


def _check_unit(account: EmployerAccountView, kind: RemittanceKind) -> Reason | None:
    if kind not in SENT_BY_EMPLOYERS:
        return Reason("KIND_NOT_FOR_LISTS", f"“{kind.label}”不能用清册提交，请选择汇缴或三种补缴之一")
    allowed = _MAY_REMIT.get(kind, _MAY_REMIT[RemittanceKind.BACK_FULL])
    if account.state in allowed:
        return None
    return refusals.employer_account_not_open(account.account_no, EmployerState(account.state).text)


def _former(
    centre_id: int, account: EmployerAccountView, kind: RemittanceKind, month: Month, replaces_no: str
) -> Remittance | Reason | None:
    """The list that this one corrects: the named one, or for a regular month the one still waiting."""
    waiting = (RemittanceState.RECEIVED, RemittanceState.CHECKED)
    if replaces_no:
        former = locked(centre_id, replaces_no)
        if former is None or former.employer_account_id != account.employer_account_id:
            return refusals.no_such_remittance(replaces_no)
        if former.state not in waiting:
            return refusals.wrong_state(replaces_no, RemittanceState(former.state).label, "尚未确认")
        return former
    if kind != RemittanceKind.REGULAR:
        return None
    same = Remittance.objects.select_for_update().filter(
        centre_id=centre_id, employer_account_id=account.employer_account_id, kind=kind, month=month, state__in=waiting
    )
    return same.order_by("-id").first()


def _read_page(lines: Sequence[PageLine]) -> ReadList:
    read = tuple(
        ListLine(
            row=row, account_no=line.account_no, name=line.name, base_fen=_fen(line.base), employer_fen=_fen(line.employer),
            member_fen=_fen(line.member), month=line.month, reason=line.reason,
        )
        for row, line in enumerate(lines, 1)
    )  # fmt: skip
    defects = () if read else (Defect(WHOLE_LIST, "", "", "NO_LINES", "清册中没有任何人员", "请填写人员后重新提交"),)
    columns = {"account_no": "个人账号"} | ({"reason": "补缴原因"} if any(line.reason for line in lines) else {})
    return ReadList(read, defects, columns)


def _fen(amount: Money | None) -> int | None:
    return None if amount is None else amount.fen


@step
def write_lines(remittance: Remittance, lines: Sequence[CheckedLine]) -> None:
    """All lines in one statement (row-level security does not allow COPY)."""
    if not lines:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO contributions_line (centre_id, remittance_id, row_no, member_account_id, account_no, ledger_account_id, month,
                   base_fen, employer_fen, member_fen, subsidy_fen, holds_month)
               SELECT %s, %s, u.row_no, u.member, u.no, u.ledger, u.month, u.base, u.employer, u.mine, 0, false
               FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[])
                    AS u(row_no, member, no, ledger, month, base, employer, mine)""",
            [
                remittance.centre_id, remittance.id, [line.row for line in lines], [line.member_account_id for line in lines],
                [line.account_no for line in lines], [line.ledger_account_id for line in lines], [line.month.index for line in lines],
                [line.base_fen for line in lines], [line.employer_fen for line in lines], [line.member_fen for line in lines],
            ],
        )  # fmt: skip


def _write_defects(remittance: Remittance, defects: Sequence[Defect]) -> None:
    if not defects:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO contributions_defect (centre_id, remittance_id, row_no, column_name, value_text, code, message, remedy, law)
               SELECT %s, %s, u.* FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS u""",
            [
                remittance.centre_id, remittance.id, [each.row for each in defects], [each.column for each in defects],
                [each.value for each in defects], [each.code for each in defects], [each.message for each in defects],
                [each.remedy for each in defects], [each.law for each in defects],
            ],
        )  # fmt: skip
