"""Sign-in, posts, the audit log's chain, maker and checker, machine calls: on real PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.usefixtures("database")

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "Lanzhou#2026"
NINE = datetime(2026, 10, 9, 1, 0, tzinfo=UTC)
LANZHOU, JIAYUGUAN = 1, 2


@pytest.fixture(scope="module")
def system(database):
    from hpf.kernel.actor import Actor

    return Actor.system(LANZHOU)


@pytest.fixture
def user(system):
    """Makes a user of Lanzhou with one role; returns the user's id."""
    from hpf.access import queries, services
    from hpf.access.services.appointments import NewUser

    def make(login, role="COUNTER_CLERK", audience="STAFF", secret=SECRET, **more):
        new = NewUser(login, f"用户{login[:8]}", audience, role, second_factor_secret=secret, **more)
        services.register_users(by=system, centre_id=LANZHOU, users=(new,), password=PASSWORD, at=NINE, key=f"user:{login}")
        return queries.user_id_of(login)

    return make


def test_staff_come_in_by_password_and_code(user):
    from hpf.access import services

    user_id = user("in1")
    first = services.first_factor(login="in1", password=PASSWORD, at=NINE)
    assert first.value == services.FirstFactor(user_id, second_factor=True)
    second = services.second_factor(user_id=user_id, code=services.totp_now(SECRET, NINE), at=NINE)
    assert second.is_approved


def test_a_code_is_good_once(user):
    from hpf.access import services

    user_id, code = user("once"), services.totp_now(SECRET, NINE)
    assert services.second_factor(user_id=user_id, code=code, at=NINE).is_approved
    again = services.second_factor(user_id=user_id, code=code, at=NINE + timedelta(seconds=5))
    assert [r.code for r in again.reasons] == ["CODE_WRONG"]


def test_five_wrong_passwords_lock_and_the_right_one_then_waits(user):
    from hpf.access import services

    user("locked")
    answers = [services.first_factor(login="locked", password="wrong", at=NINE).reasons[0].code for _ in range(5)]
    assert answers == ["SIGN_IN_WRONG"] * 4 + ["USER_LOCKED"]
    assert services.first_factor(login="locked", password=PASSWORD, at=NINE).reasons[0].code == "USER_LOCKED"
    assert services.first_factor(login="locked", password=PASSWORD, at=NINE + timedelta(minutes=15)).is_approved


def test_a_stranger_and_a_wrong_password_hear_the_same(user):
    from hpf.access import services

    user("known")
    stranger = services.first_factor(login="nobody", password="x", at=NINE).reasons
    wrong = services.first_factor(login="known", password="x", at=NINE).reasons
    assert stranger == wrong


def test_a_member_is_found_without_the_number_being_stored(user):
    from django.db import connection

    from hpf.access import queries, services

    number = "620102199001011234"
    user(queries.member_login(number), role="MEMBER", audience="MEMBER", secret=None, person_id=501)
    assert services.first_factor(login=queries.member_login(f" {number} "), password=PASSWORD, at=NINE).is_approved
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_user u WHERE u::text LIKE %s", [f"%{number}%"])
        assert cursor.fetchone() == (0,)


def test_the_second_factor_secret_is_not_readable_in_the_table(user):
    from django.db import connection

    user("sealed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(second_factor_secret, 'escape') FROM access_user WHERE login = 'sealed'")
        assert SECRET not in cursor.fetchone()[0]


def test_a_user_with_permissions_is_one_query(user, queries):
    from hpf.access import queries as access

    user_id = user("one_query")
    queries.clear()
    view = access.user(user_id)
    assert len(queries) == 1
    actor = access.actor(view, LANZHOU)
    assert actor.may("queue.make", LANZHOU)
    assert not actor.may("queue.check", LANZHOU)
    assert not access.actor(view, JIAYUGUAN).may("queue.make", JIAYUGUAN)


def test_administrators_exclude_each_other_and_nobody_appoints_themselves(user, system):
    from hpf.access import queries as access
    from hpf.access import services

    user_id = user("admin1", role="SYSTEM_ADMIN")
    refused = services.appoint(by=system, centre_id=LANZHOU, user_id=user_id, role="AUDIT_ADMIN", at=NINE, key="appoint-1")
    assert [r.code for r in refused.reasons] == ["ROLES_EXCLUDE"]
    refused = services.appoint(by=system, centre_id=LANZHOU, user_id=user_id, role="COUNTER_CLERK", at=NINE, key="appoint-2")
    assert [r.code for r in refused.reasons] == ["ADMINISTRATOR_NO_BUSINESS"]
    own = replace(system, user_id=str(user_id))
    refused = services.appoint(by=own, centre_id=LANZHOU, user_id=user_id, role="SECURITY_ADMIN", at=NINE, key="appoint-3")
    assert [r.code for r in refused.reasons] == ["APPOINTS_SELF"]
    assert [a.role for a in access.user(user_id).appointments] == ["SYSTEM_ADMIN"]


def test_a_dismissed_user_may_do_nothing(user, system):
    from hpf.access import queries as access
    from hpf.access import services

    user_id = user("gone")
    services.dismiss(by=system, centre_id=LANZHOU, user_id=user_id, role="COUNTER_CLERK", at=NINE, key="dismiss-gone")
    assert access.user(user_id).permissions(LANZHOU) == frozenset()


def test_a_changed_password_ends_older_sessions(user):
    from hpf.access import queries as access
    from hpf.access import services

    user_id = user("changes")
    before = access.user(user_id).stamp
    weak = services.change_password(user_id=user_id, old=PASSWORD, new="short", at=NINE, centre_id=LANZHOU)
    assert "PASSWORD_SHORT" in [r.code for r in weak.reasons]
    assert access.user(user_id).stamp == before
    done = services.change_password(user_id=user_id, old=PASSWORD, new="Tianshui#2026", at=NINE + timedelta(hours=1), centre_id=LANZHOU)
    assert done.is_approved
    assert access.user(user_id).stamp != before
    assert services.first_factor(login="changes", password="Tianshui#2026", at=NINE).is_approved


def test_the_audit_log_only_grows(system):
    from django.db import DatabaseError, connection

    from hpf.access import services
    from hpf.db.scope import centre_scope

    services.record(LANZHOU, kind="VIEW", at=NINE, by=system, person_id=7, subject="查看账户")
    for statement in ("UPDATE access_audit SET purpose = 'x'", "DELETE FROM access_audit", "TRUNCATE access_audit"):
        with centre_scope(LANZHOU), connection.cursor() as cursor, pytest.raises(DatabaseError):
            cursor.execute(statement)


def test_a_centre_does_not_see_another_centres_marks(system):
    from hpf.access import queries as access
    from hpf.access import services
    from hpf.db.scope import centre_scope

    services.record(LANZHOU, kind="VIEW", at=NINE, by=system, person_id=8, subject="查看账户")
    with centre_scope(LANZHOU):
        assert len(access.who_looked(LANZHOU, 8)) == 1
    with centre_scope(JIAYUGUAN):
        assert access.who_looked(LANZHOU, 8) == []


@pytest.fixture
def submission(system):
    from hpf.access import services

    def make(key):
        done = services.submit(
            by=replace(system, user_id="7", name="柜员甲"), centre_id=LANZHOU, action="accounts.merge", title="个人并户", subject="张三",
            content={"keep": "1"}, shown=[["保留账户", "1"]], at=NINE, key=key,
        )  # fmt: skip
        return done.submission_no

    return make


def test_the_checker_is_somebody_else(submission, system):
    from hpf.access import queries as access
    from hpf.access import services
    from hpf.db.scope import centre_scope

    number = submission("make-1")
    maker = replace(system, user_id="7", name="柜员甲")
    refused = services.settle_submission(by=maker, centre_id=LANZHOU, submission_no=number, refused="", at=NINE, key="check-1")
    assert [r.code for r in refused.reasons] == ["MAKER_IS_CHECKER"]
    with centre_scope(LANZHOU):
        assert access.submission(LANZHOU, number).state == "WAITING"
    checker = replace(system, user_id="8", name="复核乙")
    done = services.settle_submission(by=checker, centre_id=LANZHOU, submission_no=number, refused="", at=NINE, key="check-2")
    assert done.value.state == "APPROVED"


def test_a_return_says_why_and_is_final(submission, system):
    from hpf.access import services

    number = submission("make-2")
    checker = replace(system, user_id="8", name="复核乙")
    silent = services.return_submission(by=checker, centre_id=LANZHOU, submission_no=number, note=" ", at=NINE, key="return-1")
    assert [r.code for r in silent.reasons] == ["NOTE_MISSING"]
    assert services.return_submission(
        by=checker, centre_id=LANZHOU, submission_no=number, note="证件不符", at=NINE, key="return-2"
    ).is_approved
    late = services.settle_submission(by=checker, centre_id=LANZHOU, submission_no=number, refused="", at=NINE, key="check-3")
    assert [r.code for r in late.reasons] == ["SUBMISSION_SETTLED"]


def test_the_database_too_wants_two_people(submission):
    from django.db import DatabaseError, connection

    from hpf.db.scope import centre_scope

    number = submission("make-3")
    with centre_scope(LANZHOU), connection.cursor() as cursor, pytest.raises(DatabaseError, match="access_submission_two_people"):
        cursor.execute("UPDATE access_submission SET checker_id = maker_id WHERE submission_no = %s", [number])


def test_a_machine_call_is_taken_once_and_within_its_quota(system):
    from hpf.access import queries as access
    from hpf.access import services

    services.register_client(
        by=system, centre_id=LANZHOU, client_no="hr-system", name="人事系统", secret="k" * 64,
        permissions=("contributions.receive",), at=NINE, key="client-1", calls_per_minute=2,
    )  # fmt: skip
    client = access.client("hr-system")
    assert client.secret == "k" * 64
    assert services.accept_call(client=client, nonce="a", at=NINE).is_approved
    assert services.accept_call(client=client, nonce="a", at=NINE).reasons[0].code == "CALL_REPLAYED"
    assert services.accept_call(client=client, nonce="b", at=NINE).is_approved
    assert services.accept_call(client=client, nonce="c", at=NINE).reasons[0].code == "QUOTA_SPENT"
    assert services.accept_call(client=client, nonce="c", at=NINE + timedelta(seconds=61)).is_approved


def test_every_role_says_what_it_may_do_in_chinese(database):
    from hpf.access import queries as access

    roles = {role.code: role for role in access.roles()}
    assert roles["CHECKER"].label == "复核"
    assert ("经办复核", "复核通过或退回", "queue.check") in roles["CHECKER"].permissions
    assert not any(permission[1].isascii() for role in roles.values() for permission in role.permissions)
    assert {code for code, role in roles.items() if role.exclusive_group} == {"SYSTEM_ADMIN", "SECURITY_ADMIN", "AUDIT_ADMIN"}


def test_every_command_needs_a_permission_that_people_can_read(database):
    import re

    from hpf.access.services.appointments import ROLES_FILE
    from hpf.access.services.appointments import yaml as reader

    said = reader.safe_load(ROLES_FILE.read_text(encoding="utf-8"))
    named = {code for codes in said["permissions"].values() for code in codes}
    needed = {
        found
        for path in ROLES_FILE.parents[1].rglob("services/**/*.py")
        for found in re.findall(r'@command\("([^"]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert needed - named == set()
    assert {held for role in said["roles"].values() for held in role["permissions"]} - named == set()
