"""约定提取一日: 20,000 monthly rent payments of one centre in one run, decided by the whole rule, booked and ordered.

What is compared with the floor is the posting: from decided instalments to journals, legs, payable accounts, balances, payments
and the bank's batch. The floor writes the same journals, legs, payable accounts and balances by one bare statement. The
decisions before it are Python for the most part and are kept with all their facts; their time is printed beside, and not hidden in
the ratio.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from bench import place
from bench.report import Result
from bench.rows import OPEN_DAY

CENTRE, INSTALMENTS, EACH_FEN = 1, 20_000, 80_000
ANSWERS: dict[str, dict[str, Any]] = {
    "NATIONAL.fraud": {"fraud_banned_until": None},
    "TITLES.homes_of_person_in_place": {"homes_in_place": 0},
    "CIVIL.marriage": {"marital_state": "SINGLE", "spouse_ref": None},
    "HOUSING.rental_filing": {
        "rental_filed": True, "rental_kind": "MARKET", "rent_month_fen": 150_000, "rent_since": "2026-01-01", "rent_until": "2027-12-31",
        "contract_no": "ZL62010001",
    },
    "HR.employment": {"wage_month_fen": 800_000},
    "POLICE.household": {"tenant_group": "LOCAL"},
    "CIVIL.children": {"children": 0, "minor_children": 0},
}  # fmt: skip


def measure_rent_run(scale: float) -> list[Result]:
    """Instalments booked and ordered a second, against the floor; AssertionError when fewer than asked for were paid."""
    from bench.work import book_month
    from hpf.kernel.actor import Actor
    from hpf.withdrawals.services import instalments, run_agreements

    count = max(2_000, round(INSTALMENTS * scale))
    book_month(CENTRE)
    _sign(count)
    spent = [0.0]
    begun = time.perf_counter()
    with _timed(instalments, "pay_decided", spent):
        run = run_agreements(by=Actor.system(CENTRE, "约定提取"), centre_id=CENTRE, business_on=OPEN_DAY, at=datetime.now(UTC))
    every = time.perf_counter() - begun
    assert run.paid == count, run
    booked, floor = spent[0], _floor()
    decided = every - booked
    note = (
        f"{count}笔，记账并生成付款批{booked:.2f}秒，底线（同样的凭证、分录、应付户和余额，一条裸语句）{floor:.2f}秒；"
        f"此前逐期按全部规则审批并留存决定{decided:.1f}秒（每期{decided / count * 1e3:.2f}毫秒），全程{every:.1f}秒"
    )
    return [Result("withdrawal.rent_run", count / booked, count / floor, floor / booked, note)]


@contextmanager
def _timed(place_of: Any, name: str, spent: list[float]) -> Iterator[None]:
    """Adds up how long one function takes while this lasts."""
    whole = getattr(place_of, name)

    def run(*given: Any, **more: Any) -> Any:
        begun = time.perf_counter()
        try:
            return whole(*given, **more)
        finally:
            spent[0] += time.perf_counter() - begun

    setattr(place_of, name, run)
    try:
        yield
    finally:
        setattr(place_of, name, whole)


_AGREEMENTS = """
INSERT INTO withdrawals_agreement (centre_id, agreement_no, ground, state, person_id, person_ref, spouse_ref, account_no, member_account_id,
    ledger_account_id, first_month, last_month, day, amount_fen, said, payee_name, payee_account, payee_bank, consent_no, spouse_consent_no, channel,
    signed_on, signed_at, signed_by, signed_by_name, ended_by_name)
SELECT m.centre_id, 'YDBENCH' || m.id, 'RENT', 'SIGNED', m.person_id, 'BENCH' || m.person_id, '', m.account_no, m.id, m.ledger_account_id,
       %(month)s, %(month)s, 15, %(fen)s, %(said)s, %(name)s, %(card)s, '102100099996', '', '', 'MEMBER_WEB', %(on)s, now(), 'member', '本人', ''
FROM accounts_memberaccount m JOIN ledger_account a ON a.id = m.ledger_account_id
WHERE m.centre_id = %(centre)s AND m.state = 'NORMAL' AND m.kind = 'REGULAR' AND a.closed_on IS NULL AND a.frozen_fen = 0 AND a.balance_fen > 2000000
  AND (SELECT count(DISTINCT l.month) FROM contributions_line l JOIN contributions_remittance r ON r.id = l.remittance_id
       WHERE l.centre_id = m.centre_id AND l.member_account_id = m.id AND r.booked_on IS NOT NULL AND l.month >= %(month)s - 4) >= 3
  AND NOT EXISTS (SELECT FROM withdrawals_application w WHERE w.centre_id = m.centre_id AND w.member_account_id = m.id)
ORDER BY m.id LIMIT %(count)s"""

_QUESTIONS = """
WITH asked AS (
    INSERT INTO sharing_question (centre_id, question_no, batch, line_no, department, service, person_id, subject_ref, case_kind, case_no, purpose,
        ground, ground_no, fields, terms, as_of, asked_by, asked_by_name, asked_at, deadline_at)
    SELECT a.centre_id, 'CXB' || %(n)s || '-' || a.id, 'bench' || a.id, %(n)s, %(department)s, %(service)s, a.person_id, a.person_ref, 'WITHDRAWAL',
           a.agreement_no, '量', 'LAW', '', '[]'::jsonb, %(terms)s, %(on)s, 'bench', 'bench', now(), now() + interval '3 seconds'
    FROM withdrawals_agreement a WHERE a.centre_id = %(centre)s AND a.agreement_no LIKE 'YDBENCH%%' RETURNING id, centre_id)
INSERT INTO sharing_answer (centre_id, question_id, status, code, reason, source, fields, answered_at, good_until, attempts, took_ms)
SELECT centre_id, id, 'ANSWERED', '', '', '量', %(fields)s, %(on)s, %(on)s, 1, 100 FROM asked"""


def _sign(count: int) -> None:
    """Agreements whose month is due today, with what departments have said of each person; by set, outside of what is measured."""
    from hpf.db.crypto import encrypt
    from hpf.kernel.period import Month
    from hpf.sharing.models import FIELDS, TERMS
    from hpf.withdrawals.models.agreements import PAYEE_ACCOUNT, PAYEE_NAME, SAID

    said = json.dumps({"rental_kind": "MARKET", "employer_proof": True}, ensure_ascii=False)
    given = {
        "month": Month.of(OPEN_DAY).index, "fen": EACH_FEN, "on": OPEN_DAY, "centre": CENTRE, "count": count, "said": encrypt(said, SAID),
        "name": encrypt("量度", PAYEE_NAME), "card": encrypt("6222021001112223334", PAYEE_ACCOUNT),
    }  # fmt: skip
    with place.superuser(os.environ["HPF_DATABASE"]) as connection:
        signed = connection.execute(_AGREEMENTS, given).rowcount
        assert signed == count, f"量度所需的缴存人不足：{signed}人"
        for number, (name, fields) in enumerate(ANSWERS.items()):
            department, _, service = name.partition(".")
            answer = {
                "n": number, "department": department, "service": service, "terms": encrypt("[]", TERMS),
                "fields": encrypt(json.dumps(fields, ensure_ascii=False), FIELDS), "on": OPEN_DAY, "centre": CENTRE,
            }  # fmt: skip
            connection.execute(_QUESTIONS, answer)
        for table in ("withdrawals_agreement", "sharing_question", "sharing_answer"):
            connection.execute(f"ANALYZE {table}")


_FLOOR = """
WITH lines AS MATERIALIZED (
    SELECT w.id AS owner, w.ledger_account_id AS account, w.granted_fen AS fen,
           nextval(pg_get_serial_sequence('ledger_account', 'id')) AS to_id, nextval(pg_get_serial_sequence('ledger_journal', 'id')) AS journal
    FROM withdrawals_application w WHERE w.centre_id = %(centre)s AND w.state = 'IN_SETTLEMENT'
      AND EXISTS (SELECT FROM withdrawals_instalment i WHERE i.centre_id = w.centre_id AND i.application_no = w.application_no)),
opened AS (INSERT INTO ledger_account (id, centre_id, subject, owner_kind, owner_id, normal_side, keeps_balance, bears_interest, balance_fen, opened_on)
           OVERRIDING SYSTEM VALUE SELECT to_id, %(centre)s, 21904, 'FLOOR', owner, -1, true, false, fen, %(on)s FROM lines),
heads AS (INSERT INTO ledger_journal (id, centre_id, key, kind, template, business_on, value_on, source_kind, source_no, summary, maker, lines)
          OVERRIDING SYSTEM VALUE
          SELECT journal, %(centre)s, 'floor:' || owner, 'WITHDRAWAL', 'J3', %(on)s, %(on)s, 'BENCH', owner::text, '', 'floor', 2 FROM lines),
legs AS (INSERT INTO ledger_leg (centre_id, journal_id, line_no, subject, account_id, fen, value_on, business_on)
         SELECT %(centre)s, journal, 1, 201, account, fen, %(on)s, %(on)s FROM lines
         UNION ALL SELECT %(centre)s, journal, 2, 21904, to_id, -fen, %(on)s, %(on)s FROM lines)
UPDATE ledger_account a SET balance_fen = a.balance_fen - l.fen, day_products = a.day_products - l.fen, month_products = a.month_products - l.fen,
    carried_fen = least(a.carried_fen, a.balance_fen - l.fen)
FROM lines l WHERE a.id = l.account"""


def _floor() -> float:
    """Taken back afterwards; the middle of three, as the run itself can be measured once only. What a commit costs is in neither: the
    run's own carries the decisions, too."""
    import psycopg

    took, given = list[float](), {"centre": CENTRE, "on": OPEN_DAY}
    with place.superuser(os.environ["HPF_DATABASE"]) as connection:
        for _ in range(3):
            with connection.transaction():
                begun = time.perf_counter()
                connection.execute(_FLOOR, given)
                took.append(time.perf_counter() - begun)
                raise psycopg.Rollback
    return sorted(took)[1]
