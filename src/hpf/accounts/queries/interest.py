"""计息方法 利率 已得利息: by which method and at which rates accounts earn on a day, and what one of them has earned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from hpf.accounts.rules.interest import Method, Rates, Segment, month_of_year, segments
from hpf.kernel.money import Money
from hpf.kernel.period import InterestYear
from hpf.kernel.rate import Rate
from hpf.policy import queries as policy
from hpf.policy.rules import PolicyBook


@dataclass(frozen=True, slots=True)
class Terms:
    """计息方法与利率: by which method and at which rates a centre's accounts earn on a day."""

    method: Method
    carried: Rate
    current: Rate
    digest: str

    @property
    def rates(self) -> Rates:
        return Rates(self.carried, self.current)


@dataclass(frozen=True, slots=True)
class Earning:
    """By which method and in which parts of the interest year, each at its own rates, accounts earn up to a day."""

    year: InterestYear
    terms: Terms
    parts: tuple[Segment, ...]

    @property
    def one_rate(self) -> bool:
        """Both buckets earn the same all the while: true since 2016-07-01. Then the product of the whole balance will do."""
        return all(part.rates == Rates(self.terms.current, self.terms.current) for part in self.parts)

    @property
    def values(self) -> dict[str, Any]:
        """What the SQL twins of the rule want to know."""
        return {
            "year": self.year.year, "by_months": self.terms.method is Method.MONTH_WEIGHTS, "by_bucket": not self.one_rate,
            "rate": self.terms.current.ppm10, "since": [part.since for part in self.parts], "until": [part.until for part in self.parts],
            "first": [0 if part.since == self.year.first_day else month_of_year(self.year, part.since) for part in self.parts],
            "last": [12 if part.until == self.year.next_first_day else month_of_year(self.year, part.until) for part in self.parts],
            "carried": [part.rates.carried.ppm10 for part in self.parts], "current": [part.rates.current.ppm10 for part in self.parts],
        }  # fmt: skip


def terms(centre_id: int, on: date) -> Terms:
    """The centre's method and rates on a day. Raises MissingParameter: there is no default method and no default rate."""
    return terms_of(policy.book(centre_id, on))


def earning(centre_id: int, on: date, *, through: bool = True) -> Earning:
    """What a centre's accounts earn in the interest year of `on`, at the rates known on that day.

    `through`: the day itself earns and the year ends with it, as at a month end and on 30 June; otherwise it is the day an
    account is closed (算头不算尾).
    """
    year, held = InterestYear.of(on), terms(centre_id, on)
    end = on
    if through and (held.method is Method.DAY_PRODUCT_360 or on == year.last_day):
        end = min(on + timedelta(days=1), year.next_first_day)
    parts = segments(year, end, lambda day: held.rates if day >= on else terms(centre_id, day).rates)
    return Earning(year, held, parts)


def terms_of(book: PolicyBook) -> Terms:
    method = Method(book.text("interest.method"))
    return Terms(method, book.rate("interest.rate_carried"), book.rate("interest.rate_current"), book.digest)


def earned_by_bucket(centre_id: int, earning: Earning, *, account_id: int | None = None, posted_through: date | None = None) -> Money:
    """What one account (or all open ones together, rounded once) earned, read leg by leg with each bucket at its rate.

    For years in which the two buckets earn differently. `posted_through` leaves out what was posted later.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT COALESCE(hpf_round_div(sum(weighted), CASE WHEN %(by_months)s THEN 12 ELSE 360 END * 1000000000::numeric), 0)::bigint
               FROM hpf_weighted_legs(%(centre)s, %(year)s, %(by_months)s, %(since)s::date[], %(until)s::date[], %(first)s::integer[],
                                      %(last)s::integer[], %(carried)s::bigint[], %(current)s::bigint[], %(posted_through)s::date, %(account)s::bigint) w
               JOIN ledger_account a ON a.id = w.account_id AND a.bears_interest AND a.closed_on IS NULL AND a.interest_year = %(year)s""",
            {**earning.values, "centre": centre_id, "posted_through": posted_through, "account": account_id},
        )
        return Money(int(cursor.fetchone()[0]))
