"""清册核对: every line against the unit's roster, the registered amounts and the limits of the month.

A line is accepted only when nothing is wrong with it; a list goes on only when nothing is wrong with any line. Each
defect names row, column, value, the rule and the remedy, so that one corrected file is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Final

from hpf.accounts.rules.limits import check_rates
from hpf.contributions.rules.amounts import Limits, check_base, due_fen
from hpf.contributions.rules.lists import WHOLE_LIST, Defect, ListLine, ReadList
from hpf.kernel.decision import Reason, cites
from hpf.kernel.money import Money
from hpf.kernel.period import Month
from hpf.kernel.rate import Rate
from hpf.parties.rules import IdKind, check_identity, mask_id, normalised_name, recognise_identity

NORMAL: Final = "NORMAL"
_STATES: Final = {
    "SEALED": ("PERSON_SEALED", "账户已封存，封存期间不汇缴", "请先办理启封，或从清册中删除此人"),
    "MERGED": ("PERSON_CLOSED", "账户已因合并销户", "请改用合并后保留的个人账号"),
    "TRANSFERRED_OUT": ("PERSON_CLOSED", "账户已转出销户", "请从清册中删除此人"),
    "WITHDRAWN_OUT": ("PERSON_CLOSED", "账户已提取销户", "请从清册中删除此人；重新就业的请先开户"),
}


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One member account of the unit, as `accounts` has it."""

    account_no: str
    member_account_id: int
    name: str
    id_kind: str
    id_blind: bytes | None
    id_masked: str
    state: str
    base_fen: int
    employer_month_fen: int
    member_month_fen: int
    employer_rate: Rate
    member_rate: Rate
    ledger_account_id: int


@dataclass(frozen=True, slots=True)
class RegularTerms:
    """What a regular list is checked against besides the roster.

    `blind` gives the keyed digest of a document number. `deferred` are months that need not be paid before later ones:
    under an approved deferral, or already on their way in a confirmed list. `earliest` is the unit's first month.
    """

    month: Month
    on: date
    paid_through: Month | None
    limits: Limits
    blind: Callable[[str, str], bytes]
    deferred: Set[Month] = frozenset()
    earliest: Month | None = None


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """One person and month, ready to be booked."""

    row: int
    account_no: str
    member_account_id: int
    ledger_account_id: int
    name: str
    month: Month
    base_fen: int
    employer_fen: int
    member_fen: int

    @property
    def total_fen(self) -> int:
        return self.employer_fen + self.member_fen


@dataclass(frozen=True, slots=True)
class Checked:
    """`accepted` are the lines without defect, in the order of the file; `defects` in the order of rows, the list's
    own (row 0) first."""

    accepted: tuple[CheckedLine, ...]
    defects: tuple[Defect, ...]

    @property
    def is_clean(self) -> bool:
        return not self.defects

    @property
    def employer(self) -> Money:
        return Money(sum(line.employer_fen for line in self.accepted))

    @property
    def member(self) -> Money:
        return Money(sum(line.member_fen for line in self.accepted))

    @property
    def total(self) -> Money:
        return self.employer + self.member


@cites("条例/16", "条例/18", "条例/19", "条例/20")
def check_list(read: ReadList, roster: Sequence[RosterEntry], terms: RegularTerms) -> Checked:
    """汇缴清册核对. All NORMAL members of the unit, each with the registered amount of the month, for the next month.

    Facts    roster holds every account of the unit, in whatever state; terms.limits are those of the month
    Refuses  as defects: a month that is not the next, a stranger, a person twice, sealed or closed, another name or
             document, a base or rate that is not registered or outside the limits, an amount off by a fen, a sum that
             does not add up, a member left out
    """
    defects = [*read.defects, *check_list_month(terms)]
    matched = match_lines(read, roster, terms.blind, defects)
    amounts = _Amounts(terms.limits)
    accepted: list[CheckedLine] = []
    for line, entry in matched.found:
        before = len(defects)
        expected = amounts.of(entry)
        _check_state(read, line, entry, defects)
        _check_terms(read, line, entry, terms.limits, defects)
        check_amounts(read, line, expected, lambda e=entry, x=expected: amounts.explain(e, x), defects)  # type: ignore[misc]
        if len(defects) == before:
            accepted.append(
                CheckedLine(
                    line.row,
                    entry.account_no,
                    entry.member_account_id,
                    entry.ledger_account_id,
                    entry.name,
                    terms.month,
                    entry.base_fen,
                    *expected,
                )
            )
    unreadable = read.rows_unreadable
    if unreadable:
        accepted = [line for line in accepted if line.row not in unreadable]
    if read.lines:
        _check_missing(read, roster, matched.named, defects)
    check_totals(read, defects)
    return Checked(tuple(accepted), tuple(sorted(defects, key=lambda each: each.row)))


@cites("条例/19")
def check_list_month(terms: RegularTerms) -> list[Defect]:
    """Month by month, no gap: the month after the last one paid, leaving out deferred months, and not one to come."""
    month, paid_through, earliest = terms.month, terms.paid_through, terms.earliest
    if month > Month.of(terms.on):
        message = f"{month.text}尚未到来，汇缴到当前月{Month.of(terms.on).text}为止"
        return [_month_defect("MONTH_IN_FUTURE", month, message, "提前交来的款项请办理预缴，到月再汇缴")]
    if earliest and month < earliest:
        message = f"单位自{earliest.text}起缴存，{month.text}不在缴存范围"
        return [_month_defect("MONTH_BEFORE_FIRST", month, message, f"请从{earliest.text}开始汇缴")]
    last = paid_through or (earliest + -1 if earliest else None)
    if last is None:
        return []
    expected = next_month(last, terms.deferred)
    if paid_through and month <= paid_through:
        message = f"{month.text}已汇缴（已缴至{paid_through.text}）"
        return [_month_defect("MONTH_ALREADY_REMITTED", month, message, f"下一个应汇缴月为{expected.text}；补缴请选择补缴种类")]
    if month < expected:
        message = f"{month.text}在缓缴期内，或已有确认的清册，不再汇缴"
        return [_month_defect("MONTH_NOT_DUE", month, message, f"下一个应汇缴月为{expected.text}")]
    if month > expected:
        message = f"下一个应汇缴月为{expected.text}，清册为{month.text}，中间缺{month - expected}个月"
        return [_month_defect("MONTH_GAP", month, message, f"汇缴应逐月连续，请先汇缴{expected.text}")]
    return []


def next_month(paid_through: Month, excused: Set[Month] = frozenset()) -> Month:
    """The month to be remitted next, passing over excused ones. A unit that never paid stands at the month before its first.

    Example  paid through 2026-05, deferral June to August  ->  2026-09
    """
    month = paid_through + 1
    while month in excused:
        month += 1
    return month


def _month_defect(code: str, month: Month, message: str, remedy: str) -> Defect:
    return Defect(WHOLE_LIST, "汇缴年月", str(month), code, message, remedy, "条例/19")


# --- who is meant --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Matches:
    """`found` are lines with their account; `named` every account that some row means, rightly or not."""

    found: list[tuple[ListLine, RosterEntry]]
    named: Set[str]


def match_lines(read: ReadList, roster: Sequence[RosterEntry], blind: Callable[[str, str], bytes], defects: list[Defect]) -> Matches:
    """Each line with the account it means, by account number or by document number; what cannot be is a defect.

    A person who is there twice is matched by neither row: nobody knows which one is right.
    """
    by_no = {entry.account_no: entry for entry in roster}
    by_blind = {entry.id_blind: entry for entry in roster if entry.id_blind} if "id_number" in read.columns else {}
    first_row: dict[tuple[int, Month | None], int] = {}
    twice: set[int] = set()
    found: list[tuple[ListLine, RosterEntry]] = []
    named: set[str] = set()
    for line in read.lines:
        digest = _digest(line, by_no.get(line.account_no), blind) if line.id_number else None
        if line.account_no:
            entry = by_no.get(line.account_no)
        else:
            entry = by_blind.get(digest) if digest else None
        if entry is None:
            if line.account_no or line.id_number:
                defects.append(_stranger(read, line, by_blind.get(digest) if digest else None))
            continue
        named.add(entry.account_no)
        before = len(defects)
        if line.name and line.name != entry.name and normalised_name(line.name) != normalised_name(entry.name):
            defects.append(_other_name(read, line, entry))
        if digest is not None and entry.id_blind is not None and digest != entry.id_blind:
            defects.append(_other_document(read, line, entry))
        key = (entry.member_account_id, line.month)
        if key in first_row:
            twice |= {line.row, first_row[key]}
            defects.append(_doubled(read, line, entry, first_row[key]))
        first_row.setdefault(key, line.row)
        if len(defects) == before:
            found.append((line, entry))
    return Matches([(line, entry) for line, entry in found if line.row not in twice] if twice else found, named)


def _digest(line: ListLine, entry: RosterEntry | None, blind: Callable[[str, str], bytes]) -> bytes:
    kind = line.id_kind or (entry.id_kind if entry else "") or recognise_identity(line.id_number).kind
    number = line.id_number
    if len(number) == 15 and kind == IdKind.RESIDENT_ID:
        number = check_identity(kind, number).normalised
    return blind(kind, number)


def _stranger(read: ReadList, line: ListLine, other: RosterEntry | None) -> Defect:
    column, value = _identity_cell(read, line)
    if other is not None:
        message = f"本单位没有个人账号{line.account_no}；按证件号码，{other.name}在本单位的个人账号是{other.account_no}"
        return Defect(line.row, column, value, "PERSON_STRANGER", message, f"请把个人账号改为{other.account_no}", "条例/13")
    if line.id_number:
        checked = check_identity(line.id_kind or recognise_identity(line.id_number).kind, line.id_number)
        if not checked.valid:
            return Defect(line.row, read.heading("id_number"), mask_id(line.id_number), "ID_INVALID", checked.reason, "", "条例/13")
    message = f"{line.name or '此人'}（{value}）不是本单位在册的缴存人"
    return Defect(line.row, column, value, "PERSON_STRANGER", message, "请核对号码；新进人员请先办理开户或转入", "条例/15")


def _other_name(read: ReadList, line: ListLine, entry: RosterEntry) -> Defect:
    message = f"个人账号{entry.account_no}登记的姓名不是“{line.name}”"
    return Defect(
        line.row, read.heading("name"), line.name, "NAME_MISMATCH", message, "请核对账号与姓名是否错行；改名的请先办理信息变更", "条例/13"
    )


def _other_document(read: ReadList, line: ListLine, entry: RosterEntry) -> Defect:
    shown = mask_id(line.id_number)
    checked = check_identity(line.id_kind or entry.id_kind, line.id_number)
    if not checked.valid:
        return Defect(line.row, read.heading("id_number"), shown, "ID_INVALID", checked.reason, "", "条例/13")
    message = f"{entry.name}登记的证件号码是{entry.id_masked}，与填写的{shown}不符"
    return Defect(
        line.row, read.heading("id_number"), shown, "ID_MISMATCH", message, "请核对证件号码；登记有误的请先办理信息变更", "条例/13"
    )


def _doubled(read: ReadList, line: ListLine, entry: RosterEntry, first: int) -> Defect:
    column, value = _identity_cell(read, line)
    message = f"第{first}行和第{line.row}行是同一人：{entry.name}（{entry.account_no}），同一人同一月只能有一行"
    return Defect(line.row, column, value, "PERSON_TWICE", message, "请删除其中一行", "条例/13")


def _identity_cell(read: ReadList, line: ListLine) -> tuple[str, str]:
    if line.account_no:
        return read.heading("account_no"), line.account_no
    return read.heading("id_number"), mask_id(line.id_number)


def _check_state(read: ReadList, line: ListLine, entry: RosterEntry, defects: list[Defect]) -> None:
    column, value = _identity_cell(read, line)
    if entry.state != NORMAL:
        code, message, remedy = _STATES[entry.state]
        defects.append(Defect(line.row, column, value, code, f"{entry.name}的{message}", remedy, "条例/15"))


def _check_missing(read: ReadList, roster: Sequence[RosterEntry], named: Set[str], defects: list[Defect]) -> None:
    """All normal members, every month: a person left out of the list would fall into arrears unseen."""
    for entry in roster:
        if entry.state != NORMAL or entry.account_no in named:
            continue
        message = f"在册缴存人{entry.name}（{entry.account_no}）不在清册中，汇缴须包括全部正常缴存人"
        remedy = "请补上此人；已离职的请先办理封存"
        defects.append(Defect(WHOLE_LIST, read.heading("account_no"), entry.account_no, "PERSON_MISSING", message, remedy, "条例/20"))


# --- how much ------------------------------------------------------------------------------------------------------


class _Amounts:
    """What each person of the roster owes in the month, and how it comes about."""

    def __init__(self, limits: Limits) -> None:
        self.unit = limits.rounding_unit_fen

    def of(self, entry: RosterEntry) -> tuple[int, int]:
        """(employer, member) in fen."""
        return due_fen(entry.base_fen, entry.employer_rate, entry.member_rate, self.unit)

    def explain(self, entry: RosterEntry, expected: tuple[int, int]) -> tuple[str, str]:
        base = Money(entry.base_fen).text
        unit = "元" if self.unit == 100 else f"{Money(self.unit)}元"
        return (
            f"（基数{base}元×{entry.employer_rate.text}，四舍五入到{unit}）",
            f"（基数{base}元×{entry.member_rate.text}，四舍五入到{unit}）",
        )


def _check_terms(read: ReadList, line: ListLine, entry: RosterEntry, limits: Limits, defects: list[Defect]) -> None:
    base_fen = entry.base_fen if line.base_fen is None else line.base_fen
    if not limits.floor.fen <= base_fen <= limits.cap.fen:
        base = Money(base_fen)
        defects.extend(reasons_as_defects(line.row, read.heading("base"), str(base), check_base(base, limits)))
    elif base_fen != entry.base_fen:
        message = f"缴存基数填写{Money(base_fen).text}元，登记的是{Money(entry.base_fen).text}元"
        remedy = "汇缴按登记的基数执行；要改基数请先办理基数调整"
        defects.append(Defect(line.row, read.heading("base"), str(Money(base_fen)), "BASE_NOT_REGISTERED", message, remedy, "条例/16"))
    for column, side, rate, registered in (
        ("employer_rate", "单位", line.employer_rate, entry.employer_rate),
        ("member_rate", "个人", line.member_rate, entry.member_rate),
    ):
        if rate is None or rate == registered:
            continue
        heading = read.columns.get(column) or read.heading("both_rates")
        outside = [reason for reason in check_rates(rate, rate, limits.rates) if reason.facts[:1] == (("side", side),)]
        defects.extend(reasons_as_defects(line.row, heading, rate.text, outside))
        if not outside:
            message = f"{side}缴存比例填写{rate.text}，单位登记的是{registered.text}"
            remedy = "汇缴按登记的比例执行；要改比例请先办理缴存比例变更"
            defects.append(Defect(line.row, heading, rate.text, "RATE_NOT_REGISTERED", message, remedy, "条例/18"))


def check_amounts(
    read: ReadList,
    line: ListLine,
    expected: tuple[int, int],
    explain: Callable[[], tuple[str, str]],
    defects: list[Defect],
) -> None:
    """The amounts of the line, where it states any, to the fen."""
    employer_fen, member_fen = expected
    if line.employer_fen is not None and line.employer_fen != employer_fen:
        _wrong_amount(read, line.row, "employer_amount", "单位月缴存额", line.employer_fen, employer_fen, explain()[0], defects)
    if line.member_fen is not None and line.member_fen != member_fen:
        _wrong_amount(read, line.row, "member_amount", "个人月缴存额", line.member_fen, member_fen, explain()[1], defects)
    if line.total_fen is not None and line.total_fen != employer_fen + member_fen:
        shown = f"（单位{Money(employer_fen).text}元加个人{Money(member_fen).text}元）"
        _wrong_amount(read, line.row, "total_amount", "月缴存额合计", line.total_fen, employer_fen + member_fen, shown, defects)


def _wrong_amount(read: ReadList, row: int, column: str, what: str, stated: int, expected: int, why: str, defects: list[Defect]) -> None:
    difference = Money(abs(stated - expected)).text
    message = f"{what}应为{Money(expected).text}元{why}，填写{Money(stated).text}元，相差{difference}元"
    defects.append(
        Defect(row, read.heading(column), str(Money(stated)), "AMOUNT_WRONG", message, f"请改为{Money(expected).text}", "条例/16")
    )


def check_totals(read: ReadList, defects: list[Defect]) -> None:
    """The row 合计 against the lines above it, as written. Several such rows (小计) are not guessed at."""
    if len(read.totals) != 1:
        return
    total = read.totals[0]
    for column, stated, amounts in (
        ("employer_amount", total.employer_fen, [line.employer_fen for line in read.lines]),
        ("member_amount", total.member_fen, [line.member_fen for line in read.lines]),
        ("total_amount", total.total_fen, [line.total_fen for line in read.lines]),
    ):
        if stated is None or any(amount is None for amount in amounts):
            continue
        added = sum(amount for amount in amounts if amount is not None)
        if added != stated:
            message = f"合计行“{read.heading(column)}”为{Money(stated).text}元，各行相加为{Money(added).text}元"
            remedy = "请核对是否有行被改动或漏填，更正后重新上传"
            defects.append(Defect(total.row, read.heading(column), str(Money(stated)), "TOTAL_WRONG", message, remedy, "条例/19"))


def reasons_as_defects(row: int, column: str, value: str, reasons: Iterable[Reason]) -> list[Defect]:
    """Reasons of a rule, placed in a row: the part after the last comma is the remedy."""
    defects = []
    for reason in reasons:
        what, _, remedy = reason.message.rpartition("，")
        defects.append(Defect(row, column, value, reason.code, what or reason.message, remedy if what else "", "、".join(reason.law)))
    return defects
