"""我能提取什么: every ground of one member at once, as the phone's page asks for it, over many members of a full centre."""

from __future__ import annotations

import os
import time

import numpy as np

from bench import place
from bench.report import Result

CENTRE, MEMBERS, WARMING = 1, 200, 5


def measure_menu(scale: float) -> list[Result]:
    """p95 of the query over MEMBERS members spread over the centre, each for the first time."""
    from hpf.accounts import queries as accounts
    from hpf.db.scope import centre_scope
    from hpf.ledger import queries as ledger
    from hpf.withdrawals.queries import what_may_be_withdrawn

    with place.superuser(os.environ["HPF_DATABASE"]) as connection:
        rows = connection.execute(
            """SELECT account_no FROM (SELECT account_no, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS every
                   FROM accounts_memberaccount WHERE centre_id = %s AND state = 'NORMAL') m
               WHERE n %% greatest(1, every / %s) = 0 LIMIT %s""",
            [CENTRE, MEMBERS + WARMING, MEMBERS + WARMING],
        ).fetchall()
    assert len(rows) == MEMBERS + WARMING, "量度所需的缴存人不足"
    milliseconds = []
    with centre_scope(CENTRE):
        on = ledger.business_day(CENTRE)
        for number, (account_no,) in enumerate(rows):
            account = accounts.member_account(CENTRE, account_no)
            begun = time.perf_counter()
            options = what_may_be_withdrawn(CENTRE, account, on)
            spent = (time.perf_counter() - begun) * 1e3
            assert len(options) == 16
            if number >= WARMING:
                milliseconds.append(spent)
    note = f"{len(milliseconds)}人各16种情形；中位{np.percentile(milliseconds, 50):.1f}毫秒"
    return [Result("withdrawal.menu", float(np.percentile(milliseconds, 95)), note=note)]
