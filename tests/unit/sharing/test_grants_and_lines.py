"""供数许可与线路: fields x purpose x case x time with quotas; a department that is silent rests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hpf.sharing.rules import OFFERS, Consent, Grant, Line, Look, after, check_look, is_open, new_grant

AT = datetime(2026, 10, 9, 2, 0, tzinfo=UTC)
ON = date(2026, 10, 9)
ME, OTHER = "P" + "a" * 32, "P" + "b" * 32
LOAN = "审查住房贷款"
GRANT = Grant("XK1", "bank", ("account_state", "months_continuous"), (LOAN,), ("LOAN",), date(2026, 1, 1), date(2027, 1, 1), 100)
LOOK = Look("bank", ME, "LOAN", "DK-1", LOAN, ("months_continuous",), "SQ1")
CONSENT = Consent("SQ1", ME, "bank", ("months_continuous",), LOAN, "DK-1", AT - timedelta(days=1), AT + timedelta(days=1))


def looked(look=LOOK, grant=GRANT, consent=CONSENT, count=0, on=ON):
    found, reasons = check_look(look, [grant], consent, looked_today={"XK1": count}, at=AT, on=on)
    assert (found is None) == bool(reasons)
    return [reason.code for reason in reasons]


def test_a_bank_may_look_within_its_grant_and_the_members_consent():
    assert looked() == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"look": replace(LOOK, client_no="other")}, "GRANT_MISSING"),
        ({"look": replace(LOOK, fields=("months_continuous", "balance_fen"))}, "FIELDS_NOT_GRANTED"),
        ({"look": replace(LOOK, fields=())}, "FIELDS_NOT_GRANTED"),
        ({"look": replace(LOOK, purpose="营销")}, "PURPOSE_NOT_GRANTED"),
        ({"look": replace(LOOK, case_kind="CARD")}, "PURPOSE_NOT_GRANTED"),
        ({"look": replace(LOOK, case_no="")}, "PURPOSE_NOT_GRANTED"),
        ({"on": date(2025, 12, 31)}, "GRANT_NOT_IN_FORCE"),
        ({"on": date(2027, 1, 1)}, "GRANT_NOT_IN_FORCE"),
        ({"grant": replace(GRANT, ended_on=ON)}, "GRANT_NOT_IN_FORCE"),
        ({"count": 100}, "GRANT_QUOTA_SPENT"),
        ({"consent": None}, "CONSENT_NOT_GIVEN"),
        ({"consent": replace(CONSENT, subject=OTHER)}, "CONSENT_OF_ANOTHER"),
        ({"consent": replace(CONSENT, recipient="other")}, "CONSENT_OF_ANOTHER"),
        ({"consent": replace(CONSENT, recipient="")}, "CONSENT_OF_ANOTHER"),
        ({"consent": replace(CONSENT, scope=("balance_fen",))}, "CONSENT_TOO_NARROW"),
        ({"consent": replace(CONSENT, withdrawn_at=AT)}, "CONSENT_WITHDRAWN"),
        ({"consent": replace(CONSENT, case_no="DK-2")}, "CONSENT_FOR_OTHER_PURPOSE"),
    ],
)
def test_what_a_grant_does_not_open(given, code):
    assert code in looked(**given)


@pytest.mark.parametrize("given", [{"on": date(2026, 1, 1)}, {"on": date(2026, 12, 31)}, {"count": 99}])
def test_the_edges_of_a_grant_hold(given):
    assert looked(**given) == []


def test_a_grant_by_law_needs_no_consent_and_keeps_its_other_bounds():
    by_law = replace(GRANT, by_law="条例/31@2026")
    assert looked(grant=by_law, consent=None) == []
    assert looked(grant=by_law, consent=None, count=100) == ["GRANT_QUOTA_SPENT"]


def test_of_two_grants_the_one_that_fits_is_used_and_the_nearer_one_explains():
    narrow = replace(GRANT, grant_no="XK0", fields=("has_account",), purposes=("其他",))
    found, _ = check_look(LOOK, [narrow, GRANT], CONSENT, looked_today={}, at=AT, on=ON)
    assert found is GRANT
    _, reasons = check_look(replace(LOOK, fields=("balance_fen",)), [narrow, GRANT], None, looked_today={}, at=AT, on=ON)
    assert "XK1" in reasons[0].message


def test_a_grant_has_fields_purposes_an_end_and_a_quota():
    good = {
        "fields": tuple(OFFERS)[:2],
        "purposes": (LOAN,),
        "case_kinds": ("LOAN",),
        "since": ON,
        "until": date(2027, 10, 9),
        "calls_per_day": 1,
    }
    assert new_grant(**good) == ()
    for wrong, code in (
        ({"fields": ()}, "GRANT_FIELDS_WRONG"),
        ({"fields": ("id_number",)}, "GRANT_FIELDS_WRONG"),
        ({"purposes": ()}, "GRANT_PURPOSE_MISSING"),
        ({"case_kinds": ("",)}, "GRANT_PURPOSE_MISSING"),
        ({"until": ON}, "GRANT_TERM_WRONG"),
        ({"until": date(2029, 12, 9)}, "GRANT_TERM_WRONG"),
        ({"calls_per_day": 0}, "GRANT_QUOTA_WRONG"),
    ):
        assert [reason.code for reason in new_grant(**{**good, **wrong})] == [code]


def test_a_line_rests_after_five_silences_and_is_tried_again():
    line = Line("CIVIL")
    for _ in range(4):
        line = after(line, reached=False, at=AT)
        assert is_open(line, AT)
    line = after(line, reached=False, at=AT)
    assert not is_open(line, AT + timedelta(seconds=29)) and is_open(line, AT + timedelta(seconds=30))
    again = after(line, reached=False, at=AT + timedelta(seconds=30))
    assert not is_open(again, AT + timedelta(seconds=89)) and is_open(again, AT + timedelta(seconds=90))
    for _ in range(20):
        again = after(again, reached=False, at=AT)
    assert is_open(again, AT + timedelta(minutes=5)) and not is_open(again, AT + timedelta(minutes=4, seconds=59))
    assert after(again, reached=True, at=AT) == Line("CIVIL")
