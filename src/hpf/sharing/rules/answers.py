"""答复: reading what came back, as small as what was asked, with its expiry; and what two answers cannot both say.

A refusal, a silence and an answer that cannot be trusted are answers of their own kind. None is ever taken for a "no".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from hpf.kernel.decision import cites
from hpf.sharing.rules.catalogue import FIELDS, Service, field_text, fits, service
from hpf.sharing.rules.questions import Question

Value = str | int | bool | None


class Status(StrEnum):
    ANSWERED = "ANSWERED"
    SILENT = "SILENT"
    REFUSED = "REFUSED"
    INVALID = "INVALID"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a department said. `fields` is empty unless ANSWERED; None in a field: the registry holds no such thing.

    `good_until` is the last day on which the answer may be used. `reason` says in Chinese why there are no fields.
    """

    question_no: str
    status: Status
    source: str
    answered_at: datetime
    fields: Mapping[str, Value] = field(default_factory=dict)
    good_until: date | None = None
    code: str = ""
    reason: str = ""


class NotAnAnswer(Exception):
    """What came back may not be used. `code` and the Chinese message say why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def one_record(question_no: str, records: Sequence[Any]) -> Mapping[str, Any]:
    """The record for this question. Sent twice and the same it counts once; sent twice and different it is no answer."""
    own = [record for record in records if isinstance(record, dict) and record.get("question_no") == question_no]
    if not own:
        raise NotAnAnswer("ANSWER_FOR_ANOTHER", f"答复中没有问题{question_no}的内容，已弃用，可稍后重新查询")
    if any(other != own[0] for other in own[1:]):
        raise NotAnAnswer("ANSWER_TWICE_DIFFERENT", f"对问题{question_no}给出了{len(own)}份互不相同的答复，已弃用，请核实后重新查询")
    return own[0]


@cites("个人信息保护法/6", "甘建金〔2024〕26号/五（三）")
def taken(question: Question, record: Mapping[str, Any], answered_at: datetime) -> Answer:
    """The record as an answer: only the fields that were asked, each of its kind, none older than the service allows.

    What was sent beyond the question is dropped unread. Raises NotAnAnswer for a field that is missing or of a wrong
    kind, for a state of the registry that is too old, and for a status there is not.
    """
    offered = service(question.department, question.service)
    assert offered is not None
    if record.get("status") == Status.REFUSED:
        reason = str(record.get("reason") or "未说明原因")[:120]
        return Answer(question.question_no, Status.REFUSED, offered.source, answered_at, code="DEPARTMENT_REFUSED", reason=reason)
    sent = record.get("fields")
    if record.get("status") != Status.ANSWERED or not isinstance(sent, dict):
        raise NotAnAnswer("ANSWER_SHAPE_WRONG", f"{offered.source}的答复格式不符，已弃用，可稍后重新查询")
    missing = [FIELDS[name].label for name in question.fields if name not in sent]
    wrong = [FIELDS[name].label for name in question.fields if name in sent and not fits(FIELDS[name], sent[name])]
    if missing or wrong:
        said = "；".join(
            part for part in (f"缺少{'、'.join(missing)}" if missing else "", f"{'、'.join(wrong)}取值不符" if wrong else "") if part
        )
        raise NotAnAnswer("ANSWER_FIELDS_WRONG", f"{offered.source}的答复{said}，已弃用，请核实后重新查询")
    good_until = _good_until(question, offered, record)
    return Answer(
        question.question_no, Status.ANSWERED, offered.source, answered_at, {name: sent[name] for name in question.fields}, good_until
    )


def _good_until(question: Question, offered: Service, record: Mapping[str, Any]) -> date:
    """The service's days from the state the registry gives, or the department's own last day where that is earlier.

    The days are the fund's: what is told fresh before a holiday belongs to the accounting day it is wanted for, and counts from there.
    """
    state_of, own_end = _day(record.get("as_of")), _day(record.get("good_until"))
    is_fresh = state_of is None or state_of >= question.state_on
    good_until = (question.as_of if is_fresh or state_of is None else state_of) + timedelta(days=offered.days_good)
    if own_end is not None:
        good_until = min(good_until, own_end)
    if good_until < question.as_of:
        raise NotAnAnswer(
            "ANSWER_TOO_OLD", f"{offered.source}给出的是{state_of or own_end}的情况，早于可用期限{offered.days_good}日，已弃用，请重新查询"
        )
    return good_until


def _day(text: object) -> date | None:
    if not isinstance(text, str) or not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAnAnswer("ANSWER_SHAPE_WRONG", "答复中的日期不是日期，已弃用，可稍后重新查询") from None


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of one usable answer: who said what about whom. `terms` are the conditions of the question."""

    question_no: str
    source: str
    subject: str
    name: str
    value: Value
    terms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two facts (or a fact and a statement) that cannot both be true. `message` names both sides in Chinese, `fields` both fields."""

    code: str
    message: str
    question_nos: tuple[str, ...]
    fields: tuple[str, ...] = ()


def contradictions(facts: Iterable[Fact]) -> tuple[Contradiction, ...]:
    """What the departments' answers of one case say against each other, in a fixed order; all of them, not the first."""
    facts = tuple(facts)
    found: list[Contradiction] = []
    for subject in dict.fromkeys(fact.subject for fact in facts):
        found += _of_one(tuple(fact for fact in facts if fact.subject == subject))
    found += _between_spouses(facts)
    return tuple(dict.fromkeys(found))


def _of_one(facts: tuple[Fact, ...]) -> Iterable[Contradiction]:
    known: dict[str, list[Fact]] = {}
    for fact in facts:
        known.setdefault(fact.name, []).append(fact)
    for same in known.values():
        yield from _said_twice(same)
    one = {name: said[0] for name, said in known.items()}
    for code, first, second, clash in _PAIRS:
        if first in one and second in one and clash(one[first].value, one[second].value):
            yield _against(code, one[first], one[second])
    died = one.get("died_on")
    if died is not None and died.value:
        for name in ("insured_now", "pension_drawing"):
            if name in one and one[name].value is True:
                yield _against("DEAD_AND_ALIVE", died, one[name])


def _said_twice(same: Sequence[Fact]) -> Iterable[Contradiction]:
    """The same field asked under the same conditions, answered differently."""
    for index, first in enumerate(same):
        for second in same[index + 1 :]:
            if first.terms == second.terms and first.value != second.value and first.name not in _OF_A_THING:
                yield _against("SAME_FACT_DIFFERENT", first, second)


_OF_A_THING = frozenset(
    {"house_no", "contract_no", "buyers", "price_fen", "loan_no", "loan_kind", "loan_balance_fen", "paid_off_on", "title_no", "titled_on"}
)
"""Fields of a house, a contract or a loan: two of them may differ because there are two things."""


def _unmarried(state: Value) -> bool:
    return state in ("SINGLE", "DIVORCED", "WIDOWED")


_PAIRS: tuple[tuple[str, str, str, Callable[[Any, Any], bool]], ...] = (
    ("SPOUSE_WITHOUT_MARRIAGE", "marital_state", "spouse_ref", lambda state, spouse: _unmarried(state) and bool(spouse)),
    ("MARRIAGE_WITHOUT_SPOUSE", "marital_state", "spouse_ref", lambda state, spouse: state == "MARRIED" and not spouse),
    (
        "MORE_MINORS_THAN_CHILDREN",
        "children",
        "minor_children",
        lambda all_, minor: all_ is not None and minor is not None and minor > all_,
    ),
    ("PAID_OFF_WITH_BALANCE", "paid_off_on", "loan_balance_fen", lambda day, left: bool(day) and bool(left)),
    ("PENSION_WITHOUT_RETIREMENT", "pension_drawing", "retired_on", lambda drawing, day: drawing is True and day is None),
    ("RENTED_WITHOUT_FILING", "rental_filed", "rent_month_fen", lambda filed, rent: filed is False and bool(rent)),
    ("TITLED_BEFORE_SIGNED", "titled_on", "contract_signed_on", lambda titled, signed: bool(titled) and bool(signed) and titled < signed),
    ("MORE_DOWN_THAN_PRICE", "down_payment_fen", "price_fen", lambda down, price: down is not None and price is not None and down > price),
)


def _between_spouses(facts: Sequence[Fact]) -> Iterable[Contradiction]:
    """My spouse's spouse is me, where both were asked."""
    spouses = {fact.subject: fact for fact in facts if fact.name == "spouse_ref"}
    for subject, said in spouses.items():
        other = spouses.get(str(said.value)) if said.value else None
        if other is not None and other.value != subject:
            yield Contradiction(
                "SPOUSE_OF_ANOTHER", f"{said.source}登记的配偶，其本人登记的配偶不是当事人，两份登记不一致，请当事人到{said.source.split('·')[0]}部门核实。",
                (said.question_no, other.question_no), ("spouse_ref",),
            )  # fmt: skip


def _against(code: str, first: Fact, second: Fact) -> Contradiction:
    one, other = _side(first), _side(second)
    return Contradiction(
        code, f"{one}，而{other}，两者矛盾，请向出具部门核实后再办理。", tuple(dict.fromkeys((first.question_no, second.question_no))),
        tuple(dict.fromkeys((first.name, second.name))),
    )  # fmt: skip


def _side(fact: Fact) -> str:
    return f"{fact.source}答复{FIELDS[fact.name].label}为{field_text(fact.name, fact.value)}"


def unlike_stated(facts: Iterable[Fact], stated: Mapping[str, Value]) -> tuple[Contradiction, ...]:
    """Where the applicant's own statement (field name to value) is not what a department answered. Both are named."""
    return tuple(
        Contradiction(
            "STATED_OTHERWISE",
            f"申请人申报{FIELDS[fact.name].label}为{field_text(fact.name, stated[fact.name])}，而{_side(fact)}，请核实后更正申请或到出具部门更正登记。",
            (fact.question_no,),
            (fact.name,),
        )
        for fact in facts
        if fact.name in stated and stated[fact.name] != fact.value
    )  # fmt: skip
