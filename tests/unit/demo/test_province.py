"""The made-up province: the same every time, close to what was published, with numbers that pass their own checks."""

from __future__ import annotations

import numpy as np
import pytest

from demo.province import published
from demo.province.people import ID_KINDS, SECONDS
from demo.province.plan import plans
from demo.province.province import DEMO_SCALE, DEMO_SEED, Province
from hpf.parties.rules import check_bank_card, check_identity, check_name, check_phone, check_uscc


@pytest.fixture(scope="module")
def twentieth():
    """A province of a twentieth: enough for every share to show."""
    return list(Province(DEMO_SEED, 0.05))


@pytest.fixture(scope="module")
def small():
    return list(Province(DEMO_SEED, DEMO_SCALE))


def columns(centres, name):
    return np.concatenate([getattr(centre.members, name) for centre in centres])


def contributing(centres):
    return np.isnat(columns(centres, "sealed_on"))


def test_the_same_seed_and_scale_give_the_same_people_and_another_seed_others(small):
    again, other = list(Province(DEMO_SEED, DEMO_SCALE)), list(Province(DEMO_SEED + 1, DEMO_SCALE))
    assert [centre.employers for centre in again] == [centre.employers for centre in small]
    for column in ("id_number", "name", "wage_fen", "balance_fen", "opened_on"):
        assert (columns(again, column) == columns(small, column)).all()
    assert (columns(other, "id_number") != columns(small, "id_number")).any()


def test_a_centre_is_the_same_alone_as_among_the_others(small):
    alone = Province(DEMO_SEED, DEMO_SCALE).centre(13)
    assert alone.employers == small[12].employers
    assert (alone.members.id_number == small[12].members.id_number).all()


def test_the_full_plan_has_the_published_units_members_and_shares():
    figures, whole = published.figures(), plans(1.0, 2)
    assert sum(sum(plan.units) for plan in whole) == figures.contributing_units == 38_229
    assert sum(sum(plan.members) for plan in whole) == figures.contributing_members == 2_068_700
    for index, kind in enumerate(published.unit_kinds()):
        members = sum(plan.members[index] for plan in whole)
        assert abs(members / figures.contributing_members - kind.member_share_ppm / 1e6) < 0.001, kind.label
    lanzhou, provincial = whole[0], whole[-1]
    assert sum(lanzhou.members) + sum(provincial.members) == pytest.approx(734_500, abs=100)
    assert sum(lanzhou.units) + sum(provincial.units) == pytest.approx(16_671, abs=10)


def test_the_mean_contribution_is_the_published_one_within_one_per_cent(twentieth):
    paid = (columns(twentieth, "employer_month_fen") + columns(twentieth, "member_month_fen"))[contributing(twentieth)]
    assert paid.mean() / 100 == pytest.approx(1518.46, rel=0.01)


def test_the_balance_is_the_published_one_within_two_per_cent(twentieth):
    assert columns(twentieth, "balance_fen").sum() / 0.05 == pytest.approx(139_902_000_000_00, rel=0.02)


def test_each_side_is_the_base_times_the_rate_to_whole_yuan_within_the_limits(twentieth):
    for centre in twentieth:
        people = centre.members
        exact = people.base_fen * people.employer_rate.astype(np.int64)
        assert (np.abs(people.employer_month_fen * 100 - exact) <= 5_000).all()
        assert (people.employer_month_fen % 100 == 0).all()
        limits = published.limits(centre.centre_id, np.datetime64("2025-08-31").item())
        assert people.base_fen.max() <= limits.cap_fen
        assert people.base_fen.min() >= min(limits.floor_fen.values())


def test_every_number_of_the_demo_province_passes_the_platforms_own_checks(small):
    for centre in small:
        for unit in centre.employers:
            assert check_uscc(unit.uscc).valid, unit
            assert check_phone(unit.operator_phone) == []
        for row in range(len(centre.members)):
            person = centre.members.one(row)
            check = check_identity(person.id_kind, person.id_number)
            assert check.valid, (person, check.reason)
            assert check.born_on in (None, person.born_on)
            assert check.sex in (None, person.sex)
            assert check_name(person.name) == check_phone(person.phone) == check_bank_card(person.bank_card) == []


def test_no_resident_number_is_given_to_two_people(twentieth):
    numbers, names = columns(twentieth, "id_number"), columns(twentieth, "name")
    _, first, counts = np.unique(numbers, return_index=True, return_counts=True)
    assert counts.max() == 2
    twice = numbers[first[counts == 2]]
    movers = {mover.id_number: mover.name for mover in Province(DEMO_SEED, 0.05).movers}
    assert set(twice) <= set(movers)
    assert all(set(names[numbers == number]) == {movers[number]} for number in twice[:20])


def test_unit_codes_and_names_are_not_given_twice(twentieth):
    codes = [unit.uscc for centre in twentieth for unit in centre.employers]
    assert len(set(codes)) == len(codes)
    for centre in twentieth:
        names = [unit.name for unit in centre.employers]
        assert len(set(names)) == len(names)


def test_people_with_two_accounts_foreigners_and_guests_are_there_even_when_the_province_is_small(small):
    seconds = {SECONDS[code] for code in columns(small, "second")}
    kinds = {ID_KINDS[code] for code in columns(small, "id_kind")}
    assert seconds == set(SECONDS)
    assert kinds == set(ID_KINDS)
    habits = {unit.habit for centre in small for unit in centre.employers}
    assert habits == {"PROMPT", "LATE", "SHORT", "PREPAYING", "ARREARS", "DEFERRAL"}


def test_names_ages_and_dates_hang_together(twentieth):
    born, opened, sealed = (columns(twentieth, name) for name in ("born_on", "opened_on", "sealed_on"))
    assert (opened > born + np.timedelta64(20 * 365, "D")).all()
    left = ~np.isnat(sealed)
    assert (sealed[left] > opened[left]).all()
    linxia, gannan = twentieth[12].members, twentieth[13].members
    ma = np.char.startswith(linxia.name, "马").mean()
    assert ma > 0.15
    tibetan = (gannan.ethnicity == 6).mean()
    assert 0.35 < tibetan < 0.6


def test_a_unit_pays_in_its_own_district_and_its_name_says_so(small):
    lanzhou = small[0]
    assert {unit.district for unit in lanzhou.employers} <= {d.name for d in published.centres()[0].districts}
    for unit in lanzhou.employers:
        assert len(lanzhou.rows_of(unit)) == unit.size
        assert (lanzhou.members.employer[list(lanzhou.rows_of(unit))] == unit.index).all()
