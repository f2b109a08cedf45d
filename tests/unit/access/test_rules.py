"""Sign-in, passwords, appointments, maker and checker, the chain of digests."""

from datetime import UTC, datetime, timedelta

import pytest

from hpf.access.rules import (
    START_OF_CHAIN,
    SignIn,
    advance_failures,
    check_appointment,
    check_checker,
    check_password,
    check_sign_in,
    password_due,
    seal_digest,
    second_factor_step,
    session_over,
)

NINE = datetime(2026, 10, 9, 9, 0, tzinfo=UTC)


def codes(reasons):
    return [reason.code for reason in reasons]


def test_the_fifth_failure_locks_for_a_quarter_of_an_hour():
    failures, locked_until = 0, None
    for _ in range(4):
        failures, locked_until = advance_failures(failures, NINE)
    assert (failures, locked_until) == (4, None)
    assert advance_failures(failures, NINE) == (0, NINE + timedelta(minutes=15))


def test_a_locked_user_reads_how_long_to_wait():
    locked = SignIn(active=True, failures=0, locked_until=NINE + timedelta(minutes=15))
    assert (
        check_sign_in(locked, NINE + timedelta(minutes=4))[0].message == "连续5次登录失败，已锁定，请11分钟后再试，或联系安全管理员解锁。"
    )
    assert check_sign_in(locked, NINE + timedelta(minutes=15)) == ()


def test_a_stopped_user_may_not_even_try():
    assert codes(check_sign_in(SignIn(False, 0, None), NINE)) == ["USER_STOPPED"]


@pytest.mark.parametrize(
    ("password", "audience", "expected"),
    [
        ("Lanzhou#2026", "STAFF", []),
        ("Lan#2026", "STAFF", ["PASSWORD_SHORT"]),
        ("lanzhoucenter1", "STAFF", ["PASSWORD_SIMPLE"]),
        ("lanzhoucenter1", "MEMBER", []),
        ("Lz001#center2026", "STAFF", ["PASSWORD_OWN_NAME"]),
        ("Aa1#Aa1#Aa1#", "STAFF", ["PASSWORD_REPEATS"]),
        ("aaaa", "STAFF", ["PASSWORD_SHORT", "PASSWORD_SIMPLE", "PASSWORD_REPEATS"]),
    ],
)
def test_passwords(password, audience, expected):
    assert codes(check_password(password, login="lz001", name="张三", audience=audience)) == expected


def test_a_staff_password_lasts_ninety_days():
    assert not password_due(NINE - timedelta(days=90), NINE)
    assert password_due(NINE - timedelta(days=91), NINE)
    assert password_due(None, NINE)


def test_a_session_ends_after_half_an_hour_idle_or_twelve_hours_at_most():
    assert not session_over("STAFF", NINE - timedelta(hours=11), NINE - timedelta(minutes=30), NINE)
    assert session_over("STAFF", NINE - timedelta(hours=11), NINE - timedelta(minutes=31), NINE)
    assert session_over("STAFF", NINE - timedelta(hours=13), NINE, NINE)
    assert session_over("MEMBER", NINE - timedelta(hours=1), NINE - timedelta(minutes=21), NINE)


def test_the_three_administrators_exclude_each_other():
    assert codes(check_appointment({"系统管理员": "三员"}, "审计管理员", "三员")) == ["ROLES_EXCLUDE"]


def test_an_administrator_does_no_business():
    assert codes(check_appointment({"系统管理员": "三员"}, "柜员", None)) == ["ADMINISTRATOR_NO_BUSINESS"]
    assert codes(check_appointment({"柜员": None}, "安全管理员", "三员")) == ["ADMINISTRATOR_NO_BUSINESS"]
    assert check_appointment({"柜员": None}, "会计", None) == ()


def test_whoever_made_it_does_not_check_it():
    assert codes(check_checker("7", "7")) == ["MAKER_IS_CHECKER"]
    assert check_checker("7", "8") == ()


def test_one_changed_row_changes_its_digest_and_every_later_one():
    monday = [(1, 1, NINE, "7", "张三")]
    tuesday = [(2, 1, NINE, "8", "李四")]
    first, count = seal_digest(START_OF_CHAIN, monday)
    second, _ = seal_digest(first, tuesday)
    touched, _ = seal_digest(START_OF_CHAIN, [(1, 1, NINE, "7", "王五")])
    assert count == 1
    assert touched != first
    assert seal_digest(touched, tuesday)[0] != second
    assert seal_digest(START_OF_CHAIN, monday) == (first, 1)


def test_a_removed_row_changes_the_digest():
    rows = [(1, "张三"), (2, "李四"), (3, "王五")]
    assert seal_digest(START_OF_CHAIN, rows)[0] != seal_digest(START_OF_CHAIN, rows[:1] + rows[2:])[0]


def test_a_code_belongs_to_its_half_minute():
    assert second_factor_step(NINE) == second_factor_step(NINE + timedelta(seconds=29))
    assert second_factor_step(NINE) + 1 == second_factor_step(NINE + timedelta(seconds=30))
