"""A centre with two units, money booked, one unclear receipt, and somebody of every audience to sign in as."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "Lanzhou#2026"
LANZHOU = 1


class World:
    """The centre, its two units and their people, and a signed-in browser for each login."""

    def __init__(self) -> None:
        from tests.support.contributions import Centre

        self.centre = Centre(LANZHOU, on=date(2026, 8, 3))
        self.centre.begin()
        self.school, self.teachers = self.centre.unit_with_people("兰州市第一中学", 6)
        self.works, self.workers = self.centre.unit_with_people("甘肃陇原机械有限责任公司", 4, rate="8")
        for unit in (self.school, self.works):
            said = self.centre.confirmed(unit)
            self.centre.pay_in(str(said.expected), summary=said.reference)
        self.centre.apply()
        self.unclear = self.centre.pay_in("8888.88", summary="附言不清", payer="不知名商贸公司")
        self._users()

    def _users(self) -> None:
        from hpf.access import queries, services
        from hpf.access.services.appointments import NewUser
        from hpf.kernel.actor import Actor
        from hpf.parties import queries as parties

        with self.centre.scope():
            self.zhang = self.centre.view(self.teachers[0])
            identity = parties.full_identity(self.zhang.person_id)
            schools = self.centre_account(self.school).employer_id
        staff = [
            ("clerk", "COUNTER_CLERK"), ("clerk2", "COUNTER_CLERK"), ("checker", "CHECKER"), ("accountant", "ACCOUNTANT"), ("director", "DIRECTOR"),
            ("system", "SYSTEM_ADMIN"), ("security", "SECURITY_ADMIN"), ("auditor", "AUDIT_ADMIN"),
        ]  # fmt: skip
        users = [NewUser(login, f"某{login}", "STAFF", role, second_factor_secret=SECRET) for login, role in staff]
        users.append(NewUser("operator", "经办人", "EMPLOYER", "EMPLOYER_OPERATOR", employer_id=schools))
        self.zhang_login = queries.member_login(identity.id_number)
        self.zhang_number = identity.id_number
        users.append(NewUser(self.zhang_login, identity.name, "MEMBER", "MEMBER", person_id=self.zhang.person_id))
        at = datetime.now(UTC)
        services.register_users(by=Actor.system(LANZHOU), centre_id=LANZHOU, users=tuple(users), password=PASSWORD, at=at, key="users")
        supervisor = (NewUser("province", "省级监管", "SUPERVISOR", "SUPERVISOR", second_factor_secret=SECRET),)
        services.register_users(by=Actor.system(0), centre_id=0, users=supervisor, password=PASSWORD, at=at, key="users")

    def centre_account(self, account_no: str) -> Any:
        from hpf.accounts import queries

        with self.centre.scope():
            return queries.employer_account(LANZHOU, account_no)

    def browser(self, login: str) -> Any:
        """A fresh browser, signed in; the session is begun as the sign-in pages begin it."""
        from django.contrib.sessions.backends.db import SessionStore
        from django.test import Client
        from django.utils import timezone

        from hpf.access import queries

        user_id = queries.user_id_of(login)
        user = queries.user(user_id)
        client, session, at = Client(), SessionStore(), timezone.localtime().isoformat()
        session.update({
            "user_id": user_id, "appointment_id": user.appointments[0].appointment_id, "centre_name": "兰州住房公积金管理中心",
            "stamp": user.stamp, "began_at": at, "seen_at": at,
        })  # fmt: skip
        session.create()
        client.cookies["sessionid"] = session.session_key
        return client


@pytest.fixture(scope="module")
def world(database: str) -> World:
    return World()
