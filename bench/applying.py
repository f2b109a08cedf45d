"""申请到决定: purchase withdrawals from "apply" to the decision and the payment order, with the departments as a real process.

Every department takes 100 ms for every answer. What is measured is what the member waits for: acceptance, the consent, all
rounds of questions over HTTP, the decision, the posting that reserves the money.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from bench import place
from bench.report import Result

GROUND = "PURCHASE"
ACCEPTED_ON = date(2026, 9, 24)
"""A day on which the employer's proof is no longer asked for; the money is ordered on the province's open day."""
CENTRE, APPLICANTS, WARMING, DELAY_MS = 1, 40, 3, 100


def measure_applying(scale: float) -> list[Result]:
    """p95 over APPLICANTS members; AssertionError when a department was not heard or nothing was decided."""
    from django.conf import settings

    from demo.departments.control import start

    running = start(seed=11, key=str(settings.HPF_DEPARTMENTS_KEY))
    try:
        settings.HPF_DEPARTMENTS_URL = running.url
        applicants = _applicants(running.control)
        running.control.delay(DELAY_MS)
        return [_timed(applicants)]
    finally:
        running.kill()


def _applicants(control: Any) -> list[tuple[str, str]]:
    """Contributing members of the centre with their names; the departments know them as buyers of a home, each alone."""
    import os

    from hpf.db.crypto import decrypt
    from hpf.parties.models import ID_NUMBER

    with place.superuser(os.environ["HPF_DATABASE"]) as connection:
        rows = connection.execute(
            """SELECT m.account_no, p.name, p.id_number FROM accounts_memberaccount m JOIN parties_person p ON p.id = m.person_id
               JOIN ledger_account a ON a.id = m.ledger_account_id
               WHERE m.centre_id = %s AND m.state = 'NORMAL' AND m.kind = 'REGULAR' AND p.id_kind = 'RESIDENT_ID' AND a.frozen_fen = 0
                 AND abs(a.balance_fen) > 1000000 AND (SELECT count(DISTINCT l.month) FROM contributions_line l
                     WHERE l.centre_id = m.centre_id AND l.member_account_id = m.id) >= 3
               ORDER BY m.id LIMIT %s""",
            [CENTRE, APPLICANTS + WARMING],
        ).fetchall()
    assert len(rows) == APPLICANTS + WARMING, "量度所需的缴存人不足"
    for _, _, sealed in rows:
        ref = control.person("RESIDENT_ID", decrypt(sealed, ID_NUMBER), place="620102")
        control.facts(
            ref, contract_no=f"HT{ref[1:13]}", house_no=f"FW{ref[1:13]}", price_fen=80_000_000, down_payment_fen=24_000_000, buyers=ref,
            contract_signed_on="2026-03-02", is_presale=False, deal_state="SIGNED", title_no=None, titled_on=None, place_linked=True, children=0,
            minor_children=0, loan_no=None, house_trades_year=0,
        )  # fmt: skip
        control.marry(ref, None)
    return [(account_no, name) for account_no, name, _ in rows]


def _timed(applicants: list[tuple[str, str]]) -> Result:
    from hpf.db.scope import centre_scope
    from hpf.kernel.actor import Actor
    from hpf.ledger import queries as ledger
    from hpf.sharing import queries as sharing
    from hpf.withdrawals import queries as withdrawals
    from hpf.withdrawals.queries.facts import CASE_KIND
    from hpf.withdrawals.rules.states import State
    from hpf.withdrawals.services import Payment, apply, proceed

    member, auto, begun_at = Actor.system(CENTRE, "申请人"), Actor.system(CENTRE, "自动审批"), datetime.now(UTC)
    with centre_scope(CENTRE):
        on = ledger.business_day(CENTRE)
    seconds, states, departments, rounds = [], Counter[str](), set[str](), 0
    for number, (account_no, name) in enumerate(applicants):
        at, key = datetime.now(UTC), f"bench:apply:{begun_at.timestamp()}:{number}"
        begun = time.perf_counter()
        payee = Payment(name, "6222021001112223334", "102100099996")
        applied = apply(by=member, centre_id=CENTRE, account_no=account_no, ground=GROUND, payee=payee, on=ACCEPTED_ON, at=at, key=key)
        assert applied.value is not None, applied.reasons
        moved = proceed(by=auto, centre_id=CENTRE, application_no=applied.value.application_no, business_on=on, at=at, key=f"{key}:go")
        spent = time.perf_counter() - begun
        assert moved.value is not None, moved.reasons
        with centre_scope(CENTRE):
            views = sharing.answers(CENTRE, CASE_KIND, applied.value.application_no)
            decided = withdrawals.decisions(CENTRE, applied.value.application_no)
        assert moved.value.state == State.IN_SETTLEMENT, decided
        assert all(view.status == "ANSWERED" for view in views), [(view.source, view.status, view.reason) for view in views]
        departments |= {view.department for view in views}
        if number >= WARMING:
            seconds.append(spent)
            states[str(moved.value.state)] += 1
            rounds = max(rounds, len(views))
    counted = "、".join(f"{state} {count}" for state, count in states.items())
    note = f"{len(seconds)}件（{counted}），每件至多{rounds}问，涉及{len(departments)}个部门，各延迟{DELAY_MS}毫秒；中位{np.percentile(seconds, 50):.2f}秒"
    return Result("withdrawal.apply", float(np.percentile(seconds, 95)), note=note)
