"""数据共享管理: how departments answered, what grants were used for; made and ended by the director's own hand."""

from __future__ import annotations

from datetime import date, timedelta

from tests.support.people import fresh

from .conftest import LANZHOU, World, now
from .test_door import grant, look, register


def test_how_the_departments_answered_is_counted(world: World) -> None:
    from hpf.sharing import queries

    person, since = world.person(), now()
    consent = world.consent(person)
    children, homes = (
        world.question("CIVIL", "children", person, consent),
        world.question("TITLES", "homes_of_person_in_place", person, consent),
    )
    world.ask(children, homes, world.question("MEDICAL", "illness_cost", person))
    world.departments.control.set_faults(
        server_error={"probability": 1, "departments": ["CIVIL"]}, wrong_signature={"probability": 1, "departments": ["TITLES"]}
    )
    world.ask(children, homes)
    with world.fund.scope():
        civil, titles = queries.health(LANZHOU, since)
        assert queries.health(LANZHOU, now()) == []
    assert (civil.name, civil.asked, civil.answered, civil.silent, civil.failures, civil.rests_until) == ("民政", 2, 1, 1, 1, None)
    assert (titles.asked, titles.answered, titles.invalid, titles.refused, titles.failures) == (2, 1, 1, 0, 0)
    assert civil.median_ms is not None and 0 <= civil.median_ms < 2000


def test_a_grants_looks_of_the_day_are_counted(world: World) -> None:
    from hpf.sharing import queries
    from hpf.sharing.services import end_grant

    person = world.person()
    register(world, "counted")
    number = grant(world, "counted", by_law="条例/31@2026")
    for fields in (["account_state"], ["account_state"], ["balance_fen"]):
        look(world, person, client_no="counted", fields=fields)
    today = date.today()
    with world.fund.scope():
        line = queries.grant_lines(LANZHOU, today)[0]
        assert queries.offers(LANZHOU, today) == []
    assert (line.grant.grant_no, line.client_name, line.in_force, line.looked_today, line.refused_today) == (
        number,
        "counted银行",
        True,
        2,
        1,
    )
    end_grant(by=world.by, centre_id=LANZHOU, grant_no=number, on=today, key=fresh("end"))
    with world.fund.scope():
        assert not queries.grant_lines(LANZHOU, today)[0].in_force
        assert queries.grant_lines(LANZHOU, today + timedelta(days=1))[0].looked_today == 0
