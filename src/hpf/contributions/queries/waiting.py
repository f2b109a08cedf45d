"""待办: whether a centre has anything that the close of its day would have to look at. One query, instead of one a business."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Waiting:
    """Each flag says that there may be something to do; without it there is nothing."""

    lists: bool
    collections: bool
    refunds: bool
    deferrals: bool


def waiting(centre_id: int) -> Waiting:
    """Confirmed lists, ordered collections, refunds that are ordered or may come back, deferrals that were approved."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT 1 FROM contributions_remittance WHERE centre_id = %(centre)s AND state IN ('CONFIRMED', 'PAID')),
                      EXISTS (SELECT 1 FROM contributions_collection WHERE centre_id = %(centre)s AND state = 'ORDERED'),
                      EXISTS (SELECT 1 FROM contributions_refund WHERE centre_id = %(centre)s AND state IN ('ORDERED', 'PAID')),
                      EXISTS (SELECT 1 FROM contributions_deferral
                              WHERE centre_id = %(centre)s AND kind = 'DEFERRAL' AND state IN ('APPROVED', 'ENDED'))""",
            {"centre": centre_id},
        )
        return Waiting(*cursor.fetchone())
