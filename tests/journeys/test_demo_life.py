"""The small province lives: two centres through their first weeks, by commands, with the simulated bank beside them."""

from __future__ import annotations

from datetime import date

import pytest

from demo.bank.control import start
from demo.province.province import DEMO_SCALE, DEMO_SEED, Province

CENTRES = (5, 13)
LAST = date(2025, 9, 30)


@pytest.fixture(scope="module", autouse=True)
def the_demos_people():
    """Who is ill, married or poor hangs on the departments' key: with the demo's own they are the people of the demo."""
    from django.conf import settings

    from demo.departments.people import DEMO_KEY

    before, settings.HPF_DEPARTMENTS_KEY = settings.HPF_DEPARTMENTS_KEY, DEMO_KEY
    yield
    settings.HPF_DEPARTMENTS_KEY = before


@pytest.fixture(scope="module")
def lived(database, the_demos_people, tmp_path_factory):
    """Tianshui and Linxia from 1 September 2025 to the end of the month, every business day closed."""
    from django.conf import settings

    from demo.life.cast import hire_staff, moment
    from demo.life.founding import found
    from demo.life.story import FIRST_DAY, CentreLife, business_days
    from hpf.jobs.banking import bank_key

    bank = start(str(tmp_path_factory.mktemp("bank") / "book.sqlite"), seed=3, first_day=FIRST_DAY, key=bank_key().decode())
    before, settings.HPF_BANK_URL = settings.HPF_BANK_URL, bank.url + "/"
    try:
        province, lives = Province(DEMO_SEED, DEMO_SCALE), []
        for centre_id in CENTRES:
            centre = province.centre(centre_id)
            cast = hire_staff(centre_id, centre.code, centre.short_name, "Longjin-2026-Test", "JBSWY3DPEHPK3PXP", moment(FIRST_DAY, 8))
            home = found(centre, cast, bank.control, FIRST_DAY, "Longjin-2026-Test")
            lives.append(CentreLife(centre, cast, home, bank.control, DEMO_SEED, strict=True))
        days = business_days(FIRST_DAY, LAST)
        for day in days:
            bank.control.advance_to(day)
            for life in lives:
                life.live(day)
        yield lives, bank.control, days
    finally:
        settings.HPF_BANK_URL = before
        bank.stop()


def test_every_day_is_closed_and_the_next_is_open(lived):
    from hpf.db.scope import centre_scope
    from hpf.ledger import queries as ledger

    for centre_id in CENTRES:
        with centre_scope(centre_id):
            assert ledger.last_closed_day(centre_id) == LAST
            assert ledger.business_day(centre_id) == date(2025, 10, 9)


def test_the_balances_of_the_predecessor_lie_on_the_members_accounts_and_at_the_bank(lived):
    from hpf.db.scope import centre_scope
    from hpf.ledger import queries as ledger

    lives, bank, _ = lived
    for life in lives:
        with centre_scope(life.centre.centre_id):
            subjects = ledger.subject_balances(life.centre.centre_id, LAST)
        assert bank.balance_fen(life.home.fund_account_no) == subjects[10101].fen
        brought = int(life.centre.members.balance_fen[life.centre.members.balance_fen > 0].sum())
        assert -subjects[201].fen > brought


def test_prompt_units_have_paid_september(lived):
    from hpf.accounts import queries as accounts
    from hpf.db.scope import centre_scope
    from hpf.kernel.period import Month

    for life in lived[0]:
        for unit in life.units:
            if unit.unit.habit in ("PROMPT", "ARREARS", "DEFERRAL"):
                with centre_scope(life.centre.centre_id):
                    assert accounts.employer_account(life.centre.centre_id, unit.account_no).paid_through == Month(2025, 9)


def test_no_money_waits_that_has_its_list(lived):
    assert [line for life in lived[0] for line in (*life.refused, *life.left_waiting())] == []


def test_everything_is_proved_from_the_legs_up(lived):
    from hpf.closing.queries.verify import verify

    broken = [check for check in verify(CENTRES) if not check.ok]
    assert broken == []


@pytest.fixture(scope="module")
def planned(lived):
    """The year's plan from the archive, lived by both centres from January to the end of September."""
    from datetime import UTC, datetime

    from demo.life import plan_office
    from demo.life.cast import hire_plan_office
    from demo.life.story import later
    from demo.life.workplan import WorkPlan

    hire_plan_office("Longjin-2026-Test", "JBSWY3DPEHPK3PXP", datetime(2025, 1, 2, tzinfo=UTC))
    archive = plan_office.load_archive(date(2025, 1, 2))
    plan_id = plan_office.make_plan(date(2025, 1, 2), 2025)
    for life in lived[0]:
        part = WorkPlan(life.centre.centre_id, life.centre.code, DEMO_SEED, later, year=2025)
        acts = sorted(((later(day, 0), number, act) for number, (day, act) in enumerate(part.acts())), key=lambda each: each[:2])
        for day, _, act in acts:
            if day <= LAST:
                act(day)
        part.measure(LAST)
    return archive, plan_id


def test_the_archive_is_ended_and_nothing_in_it_is_invented(planned):
    from hpf.workplan.queries import plans
    from hpf.workplan.queries.tasks import Wanted, occurrence_page
    from hpf.workplan.rules.states import PlanState

    archive = plans.plan(planned[0])
    assert (archive.year, archive.state, archive.number) == (2024, PlanState.CLOSED, "甘建金〔2024〕26号")
    page = occurrence_page(Wanted(plan_id=archive.plan_id), LAST, centre_id=CENTRES[0], limit=500)
    assert {(each.state, each.evidence, each.words) for each in page.lines} == {("OPEN", 0, "")}
    assert plans.coverage(archive.plan_id).uncovered == 0


def test_a_year_of_the_plan_has_every_kind_of_story(planned):
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    lines = [each for centre in CENTRES for each in occurrence_page(Wanted(plan_id=planned[1]), LAST, centre_id=centre, limit=500).lines]
    assert {each.state for each in lines} >= {"OPEN", "REPORTED", "ACCEPTED"}
    assert {each.colour for each in lines} == {"RED", "YELLOW", "GREEN", "GREY"}
    assert [each for each in lines if each.state == "ACCEPTED" and each.reported_on > each.due_on], "somebody was late"
    assert [each for each in lines if each.returns], "the province has returned something"
    assert [each for each in lines if each.moves and each.due_on > each.first_due_on], "a deadline was moved"
    assert all(each.evidence for each in lines if each.state == "ACCEPTED" and not each.is_measured)
    assert all(each.is_met for each in lines if each.state == "ACCEPTED" and each.is_measured)


def test_measured_tasks_agree_with_the_indicators(planned):
    from hpf.statistics.queries import figures
    from hpf.workplan.queries.measures import measures
    from hpf.workplan.queries.tasks import Wanted, occurrence_page

    compared = 0
    indicators = {each.name: each for each in measures() if each.indicator}
    unpaid, opened = indicators["上月未缴单位数"], indicators["本年新增人数"]
    for centre_id in CENTRES:
        for each in occurrence_page(Wanted(plan_id=planned[1], since=LAST, until=LAST), LAST, centre_id=centre_id, limit=500).lines:
            if not each.is_measured:
                continue
            measure, period = (unpaid, "MONTH") if "未缴" in each.title else (opened, "YEAR")
            (figure,) = figures([centre_id], period, LAST, [measure.indicator])
            assert (each.measured_on, each.value) == (LAST, figure.value), each.title
            compared += 1
    assert compared == 2 * len(CENTRES)


def test_the_overdue_rate_is_entered_by_one_and_signed_by_another(planned):
    from hpf.workplan.queries.targets import readings

    entered = [each for each in readings(centre_id=5) if each.source == "ENTERED"]
    assert [str(each.value.normalize()) for each in entered if each.counts] == [
        "0.55",
        "0.54",
        "0.52",
        "0.49",
        "0.47",
        "0.45",
        "0.43",
        "0.41",
        "0.38",
    ]
    assert all(each.signed_by and each.signed_by != each.entered_by for each in entered if each.counts)
    assert [each.refused_reason for each in entered if each.refused_reason] == ["与受委托银行月报不一致，请核对后重填。"]


def test_centres_are_ranked_by_what_they_did(planned):
    from hpf.workplan.queries.ranking import ranking, tallies

    places = {place.centre_id: place for place in ranking(planned[1], LAST)}
    counted = {tally.centre_id: tally for tally in tallies(planned[1], LAST)}
    for centre_id in CENTRES:
        assert places[centre_id].place <= len(CENTRES)
        assert 0 < counted[centre_id].on_time <= counted[centre_id].due
    assert all(counted[other].on_time == 0 for other in range(1, 17) if other not in CENTRES)


def test_reminding_twice_changes_nothing(planned):
    from demo.life.cast import moment
    from hpf.db.scope import centre_scope
    from hpf.kernel.actor import Actor
    from hpf.workplan import services as workplan
    from hpf.workplan.models import Notice

    def told(key):
        given = {"by": Actor.system(5), "centre_id": 5, "on": LAST, "at": moment(LAST)}
        reminded = workplan.remind(**given, key=key)
        with centre_scope(5):
            return reminded, set(Notice.objects.values_list("occurrence__plan_id", "id"))

    _, first = told("once")
    again, second = told("twice")
    assert (again.before, again.due, again.late, again.director, again.province) == (0, 0, 0, 0, 0)
    assert first == second and {plan_id for plan_id, _ in first} == {planned[1]}
