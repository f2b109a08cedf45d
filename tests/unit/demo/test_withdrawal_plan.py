"""The story's withdrawals: every ground, every centre, people who fit, and the published structure as near as a hundred people come."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from demo.departments.people import DEMO_KEY
from demo.life.outcome import POINTS_ALLOWED, compared
from demo.life.withdrawal_people import Town
from demo.life.withdrawal_plan import NOT_PAID, plan
from demo.province.province import DEMO_SCALE, DEMO_SEED
from demo.province.published_withdrawals import KINDS, shares
from hpf.withdrawals.rules import Ground

KEY = DEMO_KEY.encode()


@pytest.fixture(scope="module")
def wanted():
    return [each for centre in plan(DEMO_SEED, DEMO_SCALE, KEY).values() for each in centre]


@pytest.fixture(scope="module")
def town():
    return Town.of(DEMO_SEED, DEMO_SCALE, KEY)


def test_every_ground_is_paid_and_every_centre_pays(wanted):
    paid = [each for each in wanted if each.story not in NOT_PAID]
    assert {each.ground for each in paid} == {ground.value for ground in Ground}
    assert {each.centre_id for each in paid} == set(range(1, 17))


def test_every_ground_belongs_to_one_published_kind():
    grounds = [ground for kind in KINDS.values() for ground in kind]
    assert sorted(grounds) == sorted(ground.value for ground in Ground)


def test_what_was_published_is_divided_without_rest():
    found = shares()
    assert abs(sum(share.people_ppm for share in found.values()) - 10**6) <= len(found)
    assert abs(sum(share.amount_ppm for share in found.values()) - 10**6) <= len(found)
    assert found["BUYING"].amount_ppm == 225_000, "the province's own figure"
    assert (found["RENT"].people_ppm, found["ENDING"].amount_ppm) == (226_736, 208_128)
    mean_fen = 24_232_000_000 * 100 // 1_038_500
    assert abs(sum(share.mean_fen * share.people_ppm for share in found.values()) // 10**6 - mean_fen) < 100, "a head takes what one took"


def test_the_shares_by_people_and_by_amount_are_those_published(wanted, town):
    """Whoever takes all is counted at what will nearly lie on the account."""
    account = {(one.centre_id, one.member.row): one for one in town.people}
    paid: dict[str, tuple[int, int]] = {}
    for each in wanted:
        if each.story in NOT_PAID:
            continue
        count, fen = paid.get(each.ground, (0, 0))
        paid[each.ground] = count + 1, fen + (each.asked_fen or account[each.centre_id, each.row].about(each.on))
    found = compared(paid)
    assert [each.kind for each in found if not each.agrees] == [], found
    by_kind = {each.kind: each for each in found}
    assert by_kind["RENOVATION"].count == 1 and by_kind["OTHER"].count >= len(KINDS["OTHER"])
    assert POINTS_ALLOWED == 4


def test_a_share_that_is_off_is_seen(wanted):
    paid = Counter(each.ground for each in wanted if each.story not in NOT_PAID)
    found = compared({ground: (count, count * 1_000_00) for ground, count in paid.items()})
    assert "RENT" in [each.kind for each in found if not each.agrees], "as much for a rent as for a home is not what was published"


def test_there_are_refusals_doubts_overrulings_and_a_payment_that_comes_back(wanted):
    stories = Counter(each.story for each in wanted)
    assert stories["REFUSED"] >= 6 and stories["UNPROVED"] == 1
    assert stories["AGREED"] == 2
    assert all(stories[story] == 1 for story in ("SILENT", "CLEARED", "REVIEWED", "OVERRULED", "BOUNCED", "ESTATE", "SIGNED", "FAILED"))


def test_the_same_seed_gives_the_same_people_and_nobody_twice(wanted):
    plan.cache_clear()
    again = [each for centre in plan(DEMO_SEED, DEMO_SCALE, KEY).values() for each in centre]
    assert again == wanted
    assert len({(each.centre_id, each.row) for each in wanted}) == len(wanted)


def test_people_fit_what_they_ask_for(wanted, town):
    people = {(one.centre_id, one.member.row): one for one in town.people}
    for each in wanted:
        one = people[each.centre_id, each.row]
        if each.story not in ("PAID", "BOUNCED"):
            continue
        match each.ground:
            case "RENT":
                assert town.ask("HOUSING", "rental_filing", one, each.on)["rental_filed"], each
                assert not town.ask("TITLES", "homes_of_person_in_place", one, each.on)["homes_in_place"], each
            case "LOAN_REPAYMENT" if each.fit.home is None:
                assert int(town.ask("CREDIT", "loan", one, each.on)["loan_balance_fen"]) > 0, each
            case "LEAVING":
                assert one.member.sealed_on is not None and each.on >= date(2026, 3, 1), each
            case "RETIREMENT":
                age = (each.on - one.member.born_on).days / 365.25
                assert age >= (51 if one.member.sex == "F" else 56) and each.fit.sealed_as == "RETIRED", each
            case "HARDSHIP":
                assert town.ask("CIVIL", "minimum_income", one, each.on)["minimum_income"], each
            case "DECORATION" | "PROPERTY_FEE":
                assert town.ask("TAX", "invoice", one, each.on)["invoice_kind"] == each.ground and each.on >= date(2026, 9, 20), each
