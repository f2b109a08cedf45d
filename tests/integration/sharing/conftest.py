"""兰州 with people of its own, and the real department process beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hpf.kernel.actor import Actor
from tests.support.people import Fund, fresh, resident_id

LANZHOU = 1
RENT = "办理租房提取"
PLACE = "620102"
SCOPE = (
    "CIVIL.marriage",
    "CIVIL.children",
    "TITLES.homes_of_person_in_place",
    "HOUSING.rental_filing",
    "HR.employment",
    "MEDICAL.illness_cost",
)


@dataclass
class World:
    """One centre's people as the tests speak about them."""

    fund: Fund
    departments: Any
    unit: str
    persons: dict[str, tuple[int, str]] = field(default_factory=dict)
    count: int = 0

    @property
    def by(self) -> Actor:
        return self.fund.by

    def person(self, name: str = "王芳", **facts: Any) -> int:
        """A new member, known to the departments with these facts; gives the person's id."""
        self.count += 1
        number = resident_id(self.count * 2 % 1000, born=f"19{70 + self.count % 29}0307")
        account_no = self.fund.member(self.unit, name, number)
        person_id = self.fund.view(account_no).person_id
        ref = self.departments.control.person("RESIDENT_ID", number, place=PLACE, **facts)
        self.persons[ref] = (person_id, number)
        with self.fund.scope():
            from hpf.sharing.queries import reference_of

            assert reference_of(person_id) == ref
        return person_id

    def ref(self, person_id: int) -> str:
        return next(ref for ref, (known, _) in self.persons.items() if known == person_id)

    def number(self, person_id: int) -> str:
        return next(number for known, number in self.persons.values() if known == person_id)

    def consent(self, person_id: int, scope: tuple[str, ...] = SCOPE, **given: Any) -> str:
        from hpf.sharing.services import give_consent

        at = given.pop("at", now())
        given = {"purpose": RENT, "ends_at": at + timedelta(days=30), **given}
        done = give_consent(by=self.by, centre_id=LANZHOU, person_id=person_id, scope=scope, at=at, key=fresh("consent"), **given)
        assert done.value is not None, done.reasons
        return done.value.consent_no

    def withdraw(self, consent_no: str, at: datetime | None = None, person_id: int | None = None) -> Any:
        from hpf.sharing.services import withdraw_consent

        return withdraw_consent(
            by=self.by, centre_id=LANZHOU, consent_no=consent_no, at=at or now(), key=fresh("withdraw"), person_id=person_id
        )

    def ask(self, *asks: Any, key: str = "", **given: Any) -> Any:
        from hpf.sharing.services import ask_all

        given = {"at": now(), "deadline_seconds": 2, **given}
        return ask_all(by=self.by, centre_id=LANZHOU, questions=asks, key=key or fresh("ask"), **given)

    def question(self, department: str, service: str, person_id: int | None, consent_no: str = "", **given: Any) -> Any:
        from hpf.sharing.rules import Ask

        terms = {"homes_of_person_in_place": (("place", PLACE),)}.get(service, ())
        given = {"case_kind": "WITHDRAWAL", "case_no": "TQ-1", "purpose": RENT, "terms": terms, **given}
        return Ask(department=department, service=service, person_id=person_id, consent_no=consent_no, **given)

    def rent_questions(self, person_id: int, consent_no: str, case_no: str = "TQ-1") -> list[Any]:
        asked = (
            ("CIVIL", "marriage"),
            ("CIVIL", "children"),
            ("TITLES", "homes_of_person_in_place"),
            ("HOUSING", "rental_filing"),
            ("HR", "employment"),
        )
        by_consent = [self.question(*each, person_id, consent_no, case_no=case_no) for each in asked]
        return [*by_consent, self.question("NATIONAL", "fraud", person_id, article="条例/41@2026", case_no=case_no)]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def world(database: str) -> Iterator[World]:
    from django.conf import settings

    from demo.departments.control import start

    running = start(seed=5, key="共享测试密钥")
    before = settings.HPF_DEPARTMENTS_URL, settings.HPF_DEPARTMENTS_KEY
    settings.HPF_DEPARTMENTS_URL, settings.HPF_DEPARTMENTS_KEY = running.url, "共享测试密钥"
    fund = Fund(LANZHOU, "620102", date(2026, 8, 3))
    fund.open_day(fund.on)
    yield World(fund, running, fund.unit())
    settings.HPF_DEPARTMENTS_URL, settings.HPF_DEPARTMENTS_KEY = before
    running.kill()


@pytest.fixture(autouse=True)
def no_faults(world: World) -> Iterator[None]:
    """Every test begins with departments that answer and lines that are well."""
    from hpf.sharing.models import Line

    world.departments.control.no_faults()
    world.departments.control.delay(0)
    with world.fund.scope():
        Line.objects.update(failures=0, rests_until=None)
    yield
