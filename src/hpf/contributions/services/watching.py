"""断缴监测: the turn of a month looks for open accounts that nobody has paid into for as long as the centre watches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hpf.contributions.models import Lapse, LapseWatch
from hpf.db.command import command
from hpf.db.scope import centre_scope
from hpf.kernel.actor import Actor
from hpf.kernel.period import Month
from hpf.policy import queries as policy

_FIND = """INSERT INTO contributions_lapse (centre_id, member_account_id, last_month)
    SELECT %(centre)s, m.id, p.month
    FROM (SELECT l.member_account_id, max(l.month) AS month
          FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
          WHERE l.centre_id = %(centre)s AND r.booked_on <= %(on)s AND r.kind IN ('REGULAR', 'BACK_FULL', 'FLEXIBLE')
          GROUP BY 1 HAVING max(l.month) < %(before)s) p
    JOIN accounts_memberaccount m ON m.centre_id = %(centre)s AND m.id = p.member_account_id AND m.state = 'NORMAL'"""


@dataclass(frozen=True, slots=True)
class LapsesWatched:
    month: Month
    found: int


def watch_lapses(*, by: Actor, centre_id: int, business_on: date, at: datetime) -> LapsesWatched | None:
    """断缴监测 once a month, at the close of the first business day. A story, safe to run again; None when the month has its list."""
    month = Month.of(business_on)
    with centre_scope(centre_id):
        if LapseWatch.objects.filter(centre_id=centre_id, month__gte=month).exists():
            return None
    return find_lapses(by=by, centre_id=centre_id, business_on=business_on, at=at, key=f"lapses:{month}")


@command("contributions.book")
def find_lapses(*, by: Actor, centre_id: int, business_on: date, at: datetime, key: str) -> LapsesWatched:
    """The centre's list anew: open accounts with a contribution once and none for the watched whole months.

    Locks   the centre's watch
    Writes  the list in place of the former one, and for which month it is
    """
    month = Month.of(business_on)
    before = month + -policy.book(centre_id, business_on).whole("contribution.lapse_watch_months")
    watch, _ = LapseWatch.objects.select_for_update().get_or_create(
        centre_id=centre_id, defaults={"month": month, "before": before, "found": 0, "watched_on": business_on}
    )
    Lapse.objects.filter(centre_id=centre_id).delete()
    with connection.cursor() as cursor:
        cursor.execute(_FIND, {"centre": centre_id, "on": business_on, "before": before.index})
        watch.found = cursor.rowcount
    watch.month, watch.before, watch.watched_on = month, before, business_on
    watch.save()
    return LapsesWatched(month, watch.found)
