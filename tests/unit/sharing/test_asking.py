"""询问与授权: what may be asked, on which ground, and what a consent covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hpf.sharing.rules import CATALOGUE, FIELDS, Ask, Consent, check_ask, covers, new_consent, still_consented

AT = datetime(2026, 10, 9, 2, 0, tzinfo=UTC)
ME, SPOUSE = "P" + "a" * 32, "P" + "b" * 32
RENT = "办理租房提取"
CONSENT = Consent(
    "SQ1", ME, "", ("TITLES.homes_of_person_in_place", "CIVIL.marriage"), RENT, "TQ1", AT - timedelta(hours=1), AT + timedelta(days=30)
)
HOMES = Ask("WITHDRAWAL", "TQ1", "TITLES", "homes_of_person_in_place", RENT, 7, consent_no="SQ1", terms=(("place", "620102"),))


def codes(reasons):
    for reason in reasons:
        assert reason.message.endswith("。") and not reason.message.isascii()
    return [reason.code for reason in reasons]


def test_with_the_persons_consent_the_number_of_homes_may_be_asked():
    assert check_ask(HOMES, ME, CONSENT, AT) == ()


@pytest.mark.parametrize(
    ("ask", "consent", "code"),
    [
        (replace(HOMES, service="everything"), CONSENT, "SERVICE_UNKNOWN"),
        (replace(HOMES, fields=("homes_in_place", "price_fen")), CONSENT, "FIELDS_BEYOND_SERVICE"),
        (replace(HOMES, terms=()), CONSENT, "TERMS_WRONG"),
        (replace(HOMES, terms=(("place", "620102"), ("name", "张三"))), CONSENT, "TERMS_WRONG"),
        (replace(HOMES, purpose=" "), CONSENT, "PURPOSE_OR_CASE_MISSING"),
        (replace(HOMES, consent_no="SQ9"), None, "CONSENT_UNKNOWN"),
        (replace(HOMES, consent_no=""), None, "GROUND_MISSING"),
        (replace(HOMES, consent_no="", article="条例/24"), None, "CONSENT_NEEDED"),
        (HOMES, replace(CONSENT, subject=SPOUSE), "CONSENT_OF_ANOTHER"),
        (HOMES, replace(CONSENT, scope=("CIVIL.marriage",)), "CONSENT_TOO_NARROW"),
        (HOMES, replace(CONSENT, purpose="办理购房提取"), "CONSENT_FOR_OTHER_PURPOSE"),
        (HOMES, replace(CONSENT, case_no="TQ2"), "CONSENT_FOR_OTHER_PURPOSE"),
        (HOMES, replace(CONSENT, withdrawn_at=AT), "CONSENT_WITHDRAWN"),
        (HOMES, replace(CONSENT, ends_at=AT), "CONSENT_ENDED"),
        (HOMES, replace(CONSENT, given_at=AT + timedelta(seconds=1)), "CONSENT_ENDED"),
        (HOMES, replace(CONSENT, recipient="bank"), "CONSENT_OF_ANOTHER"),
    ],
)
def test_what_may_not_be_asked(ask, consent, code):
    assert code in codes(check_ask(ask, ME, consent, AT))


def test_a_question_needs_somebody_it_is_about():
    assert "SUBJECT_MISSING" in codes(check_ask(HOMES, "620102199003070018", CONSENT, AT))


def test_a_death_may_be_asked_by_law_and_an_illness_may_not():
    death = Ask("WITHDRAWAL", "TQ1", "POLICE", "death", "核实缴存人状态", 7, article="条例/24")
    assert check_ask(death, ME, None, AT) == ()
    illness = replace(death, department="MEDICAL", service="illness_cost", terms=(("since", "2026-01-01"),))
    assert codes(check_ask(illness, ME, None, AT)) == ["CONSENT_NEEDED"]
    assert "敏感个人信息" in check_ask(illness, ME, None, AT)[0].message


def test_a_unit_is_asked_about_by_its_code():
    unit = Ask("WITHDRAWAL", "TQ1", "MARKET", "unit", "核实用人单位", None, subject="91620100MA0000001X", article="条例/24")
    assert check_ask(unit, unit.subject, None, AT) == ()


def test_no_sensitive_service_may_be_asked_by_law_alone():
    assert [name for name, service in CATALOGUE.items() if service.sensitive and service.by_law] == []


def test_every_field_of_a_service_is_defined_and_every_defined_field_is_offered():
    offered = {name for service in CATALOGUE.values() for name in service.fields}
    assert offered == FIELDS.keys()


def test_an_open_consent_holds_for_every_case_of_its_purpose():
    assert covers(replace(CONSENT, case_no=""), subject=ME, services=CONSENT.scope, purpose=RENT, case_no="TQ77", at=AT) == ()


def test_a_consent_is_recorded_only_with_person_scope_purpose_and_end():
    good = {
        "subject": ME,
        "recipient": "",
        "scope": ("CIVIL.marriage",),
        "offered": tuple(CATALOGUE),
        "purpose": RENT,
        "given_at": AT,
        "ends_at": AT + timedelta(days=90),
    }
    assert new_consent(**good) == ()
    for wrong, code in (
        ({"subject": ""}, "CONSENT_OF_NOBODY"),
        ({"scope": ()}, "CONSENT_SCOPE_WRONG"),
        ({"scope": ("CIVIL.everything",)}, "CONSENT_SCOPE_WRONG"),
        ({"purpose": ""}, "CONSENT_PURPOSE_MISSING"),
        ({"ends_at": AT}, "CONSENT_END_WRONG"),
        ({"ends_at": AT + timedelta(days=367)}, "CONSENT_END_WRONG"),
    ):
        assert codes(new_consent(**{**good, **wrong})) == [code]


def test_an_answer_that_comes_after_the_withdrawal_is_not_kept():
    withdrawn = replace(CONSENT, withdrawn_at=AT)
    assert still_consented(withdrawn, AT - timedelta(milliseconds=1))
    assert not still_consented(withdrawn, AT)
    assert still_consented(CONSENT, AT)
