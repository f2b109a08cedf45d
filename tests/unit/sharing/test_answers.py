"""答复: read as small as asked, with expiry; what cannot both be true is named with both its sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hpf.sharing.rules import (
    Department,
    Fact,
    GroundKind,
    NotAnAnswer,
    Question,
    Status,
    contradictions,
    field_text,
    one_record,
    taken,
    unlike_stated,
)

AT = datetime(2026, 10, 9, 2, 0, tzinfo=UTC)
ME, SPOUSE, STRANGER = ("P" + letter * 32 for letter in "abc")
QUESTION = Question(
    "CX1", Department.CIVIL, "marriage", ME, "WITHDRAWAL", "TQ1", "办理租房提取", GroundKind.CONSENT, "SQ1", ("marital_state", "spouse_ref"),
    date(2026, 10, 9), AT, AT + timedelta(seconds=3),
)  # fmt: skip
MARRIED = {"question_no": "CX1", "status": "ANSWERED", "fields": {"marital_state": "MARRIED", "spouse_ref": SPOUSE}}


def test_an_answer_holds_what_was_asked_and_until_when_it_is_good():
    answer = taken(QUESTION, MARRIED, AT)
    assert (answer.status, answer.source, answer.good_until) == (Status.ANSWERED, "民政·婚姻登记", date(2026, 10, 16))
    assert answer.fields == {"marital_state": "MARRIED", "spouse_ref": SPOUSE}


def test_what_was_sent_beyond_the_question_is_dropped_unread():
    chatty = {**MARRIED, "fields": {**MARRIED["fields"], "spouse_name": "李四", "spouse_id": "620102199003070018"}}
    assert taken(QUESTION, chatty, AT).fields == taken(QUESTION, MARRIED, AT).fields
    only = replace(QUESTION, fields=("marital_state",))
    assert taken(only, MARRIED, AT).fields == {"marital_state": "MARRIED"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fields": {"marital_state": "MARRIED"}}, "ANSWER_FIELDS_WRONG"),
        ({"fields": {"marital_state": "HAPPY", "spouse_ref": SPOUSE}}, "ANSWER_FIELDS_WRONG"),
        ({"fields": {"marital_state": "MARRIED", "spouse_ref": "李四"}}, "ANSWER_FIELDS_WRONG"),
        ({"fields": {"marital_state": True, "spouse_ref": SPOUSE}}, "ANSWER_FIELDS_WRONG"),
        ({"status": "PERHAPS"}, "ANSWER_SHAPE_WRONG"),
        ({"fields": "MARRIED"}, "ANSWER_SHAPE_WRONG"),
        ({"as_of": "yesterday"}, "ANSWER_SHAPE_WRONG"),
        ({"as_of": "2026-10-01"}, "ANSWER_TOO_OLD"),
        ({"good_until": "2026-10-08"}, "ANSWER_TOO_OLD"),
    ],
)
def test_what_is_no_answer_is_never_used(change, code):
    with pytest.raises(NotAnAnswer) as refused:
        taken(QUESTION, {**MARRIED, **change}, AT)
    assert refused.value.code == code


def test_an_answer_given_before_a_holiday_counts_from_the_day_it_is_wanted_for():
    eve = datetime(2026, 9, 30, 12, 0, tzinfo=UTC)
    asked = replace(QUESTION, asked_at=eve, deadline_at=eve + timedelta(seconds=3))
    assert (asked.state_on, asked.as_of) == (date(2026, 9, 30), date(2026, 10, 9))
    assert taken(asked, MARRIED, eve).good_until == date(2026, 10, 16)
    assert taken(asked, {**MARRIED, "as_of": "2026-09-30"}, eve).good_until == date(2026, 10, 16)
    with pytest.raises(NotAnAnswer):
        taken(asked, {**MARRIED, "as_of": "2026-09-25"}, eve)


def test_the_earlier_end_counts():
    assert taken(QUESTION, {**MARRIED, "as_of": "2026-10-02"}, AT).good_until == date(2026, 10, 9)
    assert taken(QUESTION, {**MARRIED, "good_until": "2026-10-10"}, AT).good_until == date(2026, 10, 10)
    assert taken(QUESTION, {**MARRIED, "good_until": "2027-10-10"}, AT).good_until == date(2026, 10, 16)


def test_a_refusal_is_an_answer_without_fields():
    answer = taken(QUESTION, {"question_no": "CX1", "status": "REFUSED", "reason": "系统维护", "fields": MARRIED["fields"]}, AT)
    assert (answer.status, answer.fields, answer.reason) == (Status.REFUSED, {}, "系统维护")


def test_the_same_answer_twice_counts_once_and_two_answers_count_as_none():
    assert one_record("CX1", [MARRIED, dict(MARRIED)]) == MARRIED
    with pytest.raises(NotAnAnswer) as two:
        one_record("CX1", [MARRIED, {**MARRIED, "fields": {"marital_state": "SINGLE", "spouse_ref": None}}])
    assert two.value.code == "ANSWER_TWICE_DIFFERENT"
    with pytest.raises(NotAnAnswer) as other:
        one_record("CX1", [{**MARRIED, "question_no": "CX2"}])
    assert other.value.code == "ANSWER_FOR_ANOTHER"


def fact(name, value, subject=ME, source="民政·婚姻登记", no="CX1", terms=()):
    return Fact(no, source, subject, name, value, terms)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ([fact("marital_state", "SINGLE"), fact("spouse_ref", SPOUSE)], "SPOUSE_WITHOUT_MARRIAGE"),
        ([fact("marital_state", "MARRIED"), fact("spouse_ref", None)], "MARRIAGE_WITHOUT_SPOUSE"),
        ([fact("children", 1), fact("minor_children", 2)], "MORE_MINORS_THAN_CHILDREN"),
        ([fact("paid_off_on", "2026-01-05"), fact("loan_balance_fen", 1)], "PAID_OFF_WITH_BALANCE"),
        ([fact("pension_drawing", True), fact("retired_on", None)], "PENSION_WITHOUT_RETIREMENT"),
        ([fact("rental_filed", False), fact("rent_month_fen", 150_000)], "RENTED_WITHOUT_FILING"),
        ([fact("titled_on", "2026-01-05"), fact("contract_signed_on", "2026-01-06")], "TITLED_BEFORE_SIGNED"),
        ([fact("down_payment_fen", 101), fact("price_fen", 100)], "MORE_DOWN_THAN_PRICE"),
        ([fact("died_on", "2026-01-05"), fact("insured_now", True)], "DEAD_AND_ALIVE"),
        ([fact("died_on", "2026-01-05"), fact("pension_drawing", True), fact("retired_on", "2020-01-01")], "DEAD_AND_ALIVE"),
        ([fact("homes_in_place", 0), fact("homes_in_place", 1, source="房产管理", no="CX2")], "SAME_FACT_DIFFERENT"),
        ([fact("spouse_ref", SPOUSE), fact("spouse_ref", STRANGER, subject=SPOUSE, no="CX2")], "SPOUSE_OF_ANOTHER"),
    ],
)
def test_what_cannot_both_be_true_is_named(facts, code):
    (found,) = contradictions(facts)
    assert found.code == code
    assert "核实" in found.message
    assert set(found.question_nos) <= {"CX1", "CX2"}


@pytest.mark.parametrize(
    "facts",
    [
        [fact("marital_state", "MARRIED"), fact("spouse_ref", SPOUSE), fact("spouse_ref", ME, subject=SPOUSE, no="CX2")],
        [fact("children", 2), fact("minor_children", 2)],
        [fact("paid_off_on", "2026-01-05"), fact("loan_balance_fen", 0)],
        [fact("paid_off_on", None), fact("loan_balance_fen", 5)],
        [fact("titled_on", "2026-01-06"), fact("contract_signed_on", "2026-01-06")],
        [fact("down_payment_fen", 100), fact("price_fen", 100)],
        [fact("died_on", None), fact("insured_now", True)],
        [fact("homes_in_place", 0, terms=(("place", "620102"),)), fact("homes_in_place", 1, no="CX2", terms=(("place", "620103"),))],
        [fact("house_no", "H1"), fact("house_no", "H2", no="CX2")],
        [fact("marital_state", "SINGLE"), fact("spouse_ref", SPOUSE, subject=SPOUSE, no="CX2")],
    ],
)
def test_what_can_be_true_together_is_left_alone(facts):
    assert contradictions(facts) == ()


def test_a_statement_against_an_answer_names_both():
    (found,) = unlike_stated([fact("homes_in_place", 1, source="不动产登记·当地住房套数"), fact("children", 2)], {"homes_in_place": 0})
    assert "申报当地住房套数为0" in found.message and "不动产登记·当地住房套数答复当地住房套数为1" in found.message
    assert unlike_stated([fact("homes_in_place", 0)], {"homes_in_place": 0}) == ()


def test_facts_are_read_in_words_and_references_stay_hidden():
    assert [
        field_text(*pair)
        for pair in (
            ("rental_filed", True),
            ("rent_month_fen", 240_050),
            ("marital_state", "MARRIED"),
            ("spouse_ref", SPOUSE),
            ("died_on", None),
        )
    ] == ["是", "2,400.50元", "已婚", "有", "无"]
    assert field_text("buyers", f"{ME},{SPOUSE}") == "2人"
