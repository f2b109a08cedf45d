"""两种利率: 上年结转 and 当年归集 at different rates, as before 2016-02-21, through settlement, closing and accrual."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hpf.kernel.actor import Actor
from hpf.kernel.money import Money
from tests.support.days import Centre, at
from tests.support.people import fresh, resident_id

FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)
BY = Actor.system(5, "会计")
PACK = """parameters:
  - key: interest.rate_carried
    label: 上年结转的存款利率
    unit: PERCENT
    values:
      - {{scope: tianshui, since: {since}, value: "1.10", citation: 演示值, confidence: DEMO}}
  - key: interest.rate_current
    label: 当年归集的存款利率
    unit: PERCENT
    values:
      - {{scope: tianshui, since: {since}, value: "0.35", citation: 演示值, confidence: DEMO}}
  - key: interest.method
    label: 职工住房公积金计息方法
    unit: TEXT
    values:
      - {{scope: tianshui, since: {since}, value: "{method}", citation: 演示值, confidence: DEMO}}
"""


@pytest.fixture
def tianshui(own_database, tmp_path):
    """A centre whose rates are 三个月整存整取 for what is carried and 活期 for what is current; by days unless told."""

    def begin(method="DAY_PRODUCT_360", since="2000-01-01"):
        enact(tmp_path, PACK.format(since=since, method=method))
        centre = Centre(5, "620502", FIRST)
        centre.open_centre(FIRST)
        unit = centre.unit("天水市第一中学", rate="12", first_month="2025-07")
        return centre, centre.member(unit, "张三", resident_id(11), "5000.00")

    return begin


def enact(folder: Path, text: str) -> None:
    from hpf.policy.services import load_law

    project = Path(__file__).resolve().parents[3]
    pack = folder / "pack" / "law"
    (pack / "params").mkdir(parents=True, exist_ok=True)
    (pack / "params" / "利率.yaml").write_text(text, encoding="utf-8")
    assert load_law(project / "law", [project / "demo" / "law", pack], at=at(FIRST)).changed


def jump(centre, day):
    centre.close_day(centre.business_day())
    centre.open_day(day)


def settle(centre, year=2025, on=LAST):
    from hpf.closing.services.settlement import settle_interest

    answer = settle_interest(centre_id=5, year=year, dry_run=False, by=BY, at=at(on), key=fresh("settle"))
    assert answer.is_approved, answer.reasons
    return answer.value


def two_buckets(centre, member):
    """10,000.00 carried over, 6,000.00 paid in on 1 December, 2,000.00 withdrawn from what is carried on 10 March."""
    centre.pay(member, "10000.00", FIRST, value_on=date(2025, 6, 30))
    jump(centre, date(2025, 12, 1))
    centre.pay(member, "6000.00", date(2025, 12, 1))
    jump(centre, date(2026, 3, 10))
    centre.pay(member, "-2000.00", date(2026, 3, 10))


@pytest.mark.parametrize(
    ("method", "carried_products", "products", "interest"),
    [
        # carried 10,000.00 x 365 days - 2,000.00 x 113 days; current 6,000.00 x 212 days: 342,400,000 and 127,200,000 fen-days
        # 342,400,000 x 1.10 % / 360 + 127,200,000 x 0.35 % / 360 = 10,462.22 + 1,236.67 = 11,698.89 fen
        ("DAY_PRODUCT_360", 342_400_000, 469_600_000, "116.99"),
        # carried 10,000.00 x 12 months - 2,000.00 x 3; current 6,000.00 x 6: 11,400,000 and 3,600,000 fen-months
        # 11,400,000 x 1.10 % / 12 + 3,600,000 x 0.35 % / 12 = 10,450 + 1,050 = 11,500 fen
        ("MONTH_WEIGHTS", 11_400_000, 15_000_000, "115.00"),
    ],
)
def test_each_bucket_earns_at_its_own_rate(tianshui, method, carried_products, products, interest):
    from hpf.closing.queries.interest import settlement_lines

    centre, member = tianshui(method)
    two_buckets(centre, member)
    jump(centre, LAST)
    assert str(settle(centre).interest) == interest
    with centre.scope():
        (line,) = settlement_lines(5, 2025)
    assert (line.carried_products, line.products) == (carried_products, products)
    view = centre.money(member)
    assert view.balance == view.carried == Money.yuan("14000.00") + Money.yuan(interest)


def test_the_next_year_begins_with_everything_carried(tianshui):
    centre, member = tianshui()
    centre.pay(member, "10000.00", FIRST)
    jump(centre, LAST)
    # current for the whole year: 10,000.00 x 365 x 0.35 % / 360
    assert str(settle(centre).interest) == "35.49"
    jump(centre, date(2027, 6, 30))
    # carried for the whole year: 10,035.49 x 365 x 1.10 % / 360 = 111.923
    assert str(settle(centre, 2026, date(2027, 6, 30)).interest) == "111.92"


@pytest.mark.parametrize(("method", "accrued"), [("DAY_PRODUCT_360", "107.91"), ("MONTH_WEIGHTS", "105.92")])
def test_what_is_accrued_knows_both_buckets(tianshui, method, accrued):
    """To 31 May: 335, 182 and 83 days; 11, 5 and 2 months. Settled on 30 June, the rest is the difference."""
    from hpf.closing.services.interest import accrue

    centre, member = tianshui(method)
    two_buckets(centre, member)
    jump(centre, date(2026, 5, 31))
    owed = accrue(by=BY, centre_id=5, business_on=date(2026, 5, 31), at=at(LAST), key=fresh("accrue"))
    assert str(owed.owed) == accrued
    jump(centre, LAST)
    done = settle(centre)
    assert done.difference == done.interest - owed.owed


@pytest.mark.parametrize(
    ("method", "interest", "accrued"),
    [
        # to 19 April: carried 10,000.00 x 293 - 2,000.00 x 41, current 6,000.00 x 140; accrued to 31 March: 274, 22 and 121 days
        ("DAY_PRODUCT_360", "95.19", "89.44"),
        # April is the tenth month: carried 10,000.00 x 10 - 2,000.00 x 1, current 6,000.00 x 4; to March 9, 0 and 3
        ("MONTH_WEIGHTS", "96.83", "87.75"),
    ],
)
def test_closing_interest_knows_both_buckets(tianshui, method, interest, accrued):
    from hpf.closing.services.interest import accrue

    centre, member = tianshui(method)
    two_buckets(centre, member)
    jump(centre, date(2026, 3, 31))
    accrue(by=BY, centre_id=5, business_on=date(2026, 3, 31), at=at(LAST), key=fresh("accrue"))
    closing_on = date(2026, 4, 20)
    jump(centre, closing_on)
    paid = centre.pay_closing_interest(member, closing_on).value
    assert (str(paid.interest), str(paid.accrued)) == (interest, accrued)
    assert paid.balance == Money.yuan("14000.00") + Money.yuan(interest)


def test_a_late_entry_is_carried_and_brings_what_the_frozen_years_would_have_given(tianshui):
    """1,000.00 of 1 April 2026, found in July 2027: current to 30 June 2026, carried for the year to 30 June 2027."""
    from hpf.closing.services.interest import correct_frozen_years

    centre, member = tianshui()
    jump(centre, LAST)
    settle(centre)
    jump(centre, date(2027, 6, 30))
    settle(centre, 2026, date(2027, 6, 30))
    today = date(2027, 7, 9)
    jump(centre, today)
    centre.pay_in(member, "1000.00", today, date(2026, 4, 1))
    done = correct_frozen_years(by=BY, centre_id=5, business_on=today, at=at(today), key=fresh())
    # 1,000.00 x 91 x 0.35 % / 360 = 0.88; 1,000.88 x 365 x 1.10 % / 360 = 11.16
    assert str(done.interest) == "12.04"
    view = centre.money(member)
    assert (str(view.balance), str(view.carried)) == ("1012.04", "1012.04")


def test_a_booking_of_last_year_can_be_reversed_after_its_year_was_settled(tianshui):
    """30 June has carried over what was current; the red entry takes it from there, and its interest with it."""
    from django.db import transaction

    from hpf.closing.services.interest import correct_frozen_years
    from hpf.ledger.services import reverse

    centre, member = tianshui()
    kept = centre.pay(member, "500.00", FIRST)
    wrong = centre.pay(member, "1000.00", FIRST)
    jump(centre, LAST)
    settle(centre)
    today = date(2026, 7, 9)
    jump(centre, today)
    with centre.scope(), transaction.atomic():
        reverse(wrong, centre_id=5, business_on=today, maker="经办", checker="复核", summary="记错", key=fresh())
    correct_frozen_years(by=BY, centre_id=5, business_on=today, at=at(today), key=fresh())
    # the settlement gave 1,500.00 x 365 x 0.35 % / 360 = 5.32; 500.00 alone would have earned 1.77, and 5.32 - 3.55 stays
    view = centre.money(member)
    assert (str(view.balance), str(view.carried), kept < wrong) == ("501.77", "501.77", True)


LIMITS_OF_2015 = """parameters:
  - key: contribution.base_cap
    label: 缴存基数上限
    unit: YUAN
    values:
      - {scope: tianshui, since: 2015-01-01, until: 2017-01-01, value: "12000.00", citation: 演示值, confidence: DEMO}
  - key: contribution.base_floor
    label: 缴存基数下限
    unit: YUAN
    values:
      - {scope: tianshui, since: 2015-01-01, until: 2017-01-01, value: "1300.00", citation: 演示值, confidence: DEMO}
"""


def test_the_year_in_which_the_rates_became_one_is_computed_in_two_parts(own_database, tmp_path):
    """2015-07-01 to 2016-06-30 by the law's own rates: two rates until 2016-02-20, 1.50 % for everything from then on."""
    enact(tmp_path, LIMITS_OF_2015)
    first, last = date(2015, 7, 1), date(2016, 6, 30)
    centre = Centre(5, "620502", first)
    centre.open_centre(first)
    unit = centre.unit("天水市第二中学", rate="12", first_month="2015-07")
    member = centre.member(unit, "李四", resident_id(12), "5000.00")
    centre.pay(member, "10000.00", first, carried="10000.00")
    jump(centre, date(2015, 10, 1))
    centre.pay(member, "3600.00", date(2015, 10, 1))
    jump(centre, last)
    # 235 days of 10,000.00 at 1.10 % and 143 days of 3,600.00 at 0.35 %, then 131 days of 13,600.00 at 1.50 %
    # 71.805556 + 5.005 + 74.233333 = 151.043889
    assert str(settle(centre, 2015, last).interest) == "151.04"
