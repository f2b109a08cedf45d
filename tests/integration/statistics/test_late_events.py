"""An account event that is entered after its day was counted."""

from __future__ import annotations

from datetime import date

from tests.support.days import Centre, at
from tests.support.people import fresh, resident_id

MONDAY, TUESDAY, WEDNESDAY = date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 5)


def sealed_persons(centre):
    from django.db import connection

    with centre.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT period_on, amount FROM statistics_fact WHERE measure = 'persons_sealed' AND period = 'DAY' ORDER BY 1")
        return cursor.fetchall()


def test_an_event_entered_late_is_counted_on_its_own_day(own_database):
    from hpf.accounts.services import seal
    from hpf.statistics.services import rebuild

    centre = Centre(12, "621202", MONDAY)
    centre.open_centre(MONDAY)
    unit = centre.unit("陇南市第一中学", rate="12", first_month="2026-08")
    zhang = centre.member(unit, "张三", resident_id(54))
    assert centre.close(MONDAY).closed
    assert centre.close(TUESDAY).closed
    sealed = seal(by=centre.by, centre_id=12, account_no=zhang, reason="LEFT", left_on=MONDAY, on=MONDAY, at=at(WEDNESDAY), key=fresh())
    assert sealed.is_approved
    assert centre.close(WEDNESDAY).closed
    assert sealed_persons(centre) == [(MONDAY, 1)]
    rebuild(12)
    assert sealed_persons(centre) == [(MONDAY, 1)]
