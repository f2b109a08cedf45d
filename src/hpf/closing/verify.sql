-- 全面核验: every invariant of one centre's ledger, over everything ever posted.
--
-- centre   year, year_first, year_days, month_firsts: the running interest year, its first day, its days, its months' first days
-- closed   the last closed business day
-- Columns: check, rows looked at, rows that differ, up to twenty of them as JSON [kind, reference, left fen, right fen].
--
-- The legs are added up twice: by account, and by journal and subject, from which journals and days follow (a leg that has
-- another day than its journal shows as JOURNAL_LINES). Two lean passes cost less than one that carries every sum for every
-- grouping. Each sum is exact; that, and not the reading, is what the time goes to (ADR 0015).
WITH by_account AS MATERIALIZED (
    SELECT account_id, sum(fen)::bigint AS fen, sum(carried_fen)::bigint AS carried,
           COALESCE(sum(fen * (value_on - %(year_first)s)) FILTER (WHERE value_on > %(year_first)s), 0) AS days,
           COALESCE(sum(fen * width_bucket(value_on, %(month_firsts)s::date[])) FILTER (WHERE value_on >= %(year_first)s), 0) AS months,
           COALESCE(sum(fen) FILTER (WHERE business_on > %(closed)s), 0)::bigint AS open_fen
    FROM ledger_leg WHERE centre_id = %(centre)s GROUP BY account_id
), by_part AS MATERIALIZED (
    SELECT journal_id, subject, sum(fen)::bigint AS fen, count(*) AS legs, min(business_on) AS first_on, max(business_on) AS last_on,
           COALESCE(sum(fen) FILTER (WHERE fen > 0), 0)::bigint AS debit
    FROM ledger_leg WHERE centre_id = %(centre)s GROUP BY journal_id, subject
), by_journal AS MATERIALIZED (
    SELECT journal_id, sum(fen)::bigint AS fen, sum(legs) AS legs, min(first_on) AS first_on, max(last_on) AS last_on,
           sum(debit)::bigint AS debit, COALESCE(sum(fen) FILTER (WHERE subject = 201), 0)::bigint AS personal
    FROM by_part GROUP BY journal_id
), day AS MATERIALIZED (
    SELECT subject, last_on AS business_on, sum(debit)::bigint AS debit, sum(debit - fen)::bigint AS credit, sum(fen)::bigint AS fen
    FROM by_part GROUP BY subject, last_on
), account AS (
    SELECT a.id, a.subject, a.keeps_balance, a.bears_interest, a.closed_on, a.interest_year, a.balance_fen, a.carried_fen, a.day_products,
           a.month_products, a.normal_side, a.normal_side * COALESCE(s.fen, 0) AS fen, a.normal_side * COALESCE(s.carried, 0) AS carried,
           a.normal_side * COALESCE(s.days, 0) AS days, a.normal_side * COALESCE(s.months, 0) AS months,
           a.normal_side * COALESCE(s.open_fen, 0) AS open_fen
    FROM ledger_account a LEFT JOIN by_account s ON s.account_id = a.id WHERE a.centre_id = %(centre)s
), journal AS (
    SELECT j.id, j.kind, j.template, j.business_on, j.lines, s.fen, s.legs, s.debit, s.personal, s.first_on, s.last_on
    FROM ledger_journal j LEFT JOIN by_journal s ON s.journal_id = j.id WHERE j.centre_id = %(centre)s
), found(check_id, looked_at, kind, reference, left_fen, right_fen) AS (
    SELECT 'JOURNAL_ZERO', NULL::bigint, 'JOURNAL', id::text, COALESCE(fen, 0)::numeric, 0::numeric FROM journal WHERE fen IS DISTINCT FROM 0
    UNION ALL SELECT 'JOURNAL_LINES', NULL, 'JOURNAL', id::text, COALESCE(legs, 0), lines FROM journal
        WHERE legs IS DISTINCT FROM lines OR first_on IS DISTINCT FROM business_on OR last_on IS DISTINCT FROM business_on
    UNION ALL SELECT 'JOURNAL_LINES', NULL, 'JOURNAL', s.journal_id::text, s.legs, 0 FROM by_journal s
        WHERE NOT EXISTS (SELECT 1 FROM ledger_journal j WHERE j.centre_id = %(centre)s AND j.id = s.journal_id)
    UNION ALL SELECT 'BALANCE', NULL, 'ACCOUNT', id::text, balance_fen, fen FROM account WHERE keeps_balance AND balance_fen <> fen
    UNION ALL SELECT 'RUNNING_TOTAL', NULL, 'ACCOUNT', id::text, balance_fen + open_fen, fen FROM account
        WHERE NOT keeps_balance AND balance_fen + open_fen <> fen
    UNION ALL SELECT 'BUCKETS', NULL, 'ACCOUNT', id::text, carried_fen, carried FROM account
        WHERE bears_interest AND (carried_fen <> carried OR carried_fen < 0 OR carried_fen > balance_fen)
    UNION ALL SELECT 'DAY_PRODUCTS', NULL, 'ACCOUNT', id::text, day_products, fen * %(year_days)s - days FROM account
        WHERE bears_interest AND closed_on IS NULL AND interest_year = %(year)s AND day_products <> fen * %(year_days)s - days
    UNION ALL SELECT 'MONTH_PRODUCTS', NULL, 'ACCOUNT', id::text, month_products, fen * 12 - months FROM account
        WHERE bears_interest AND closed_on IS NULL AND interest_year = %(year)s AND month_products <> fen * 12 - months
    UNION ALL SELECT 'INTEREST_YEAR', NULL, 'ACCOUNT', id::text, interest_year, %(year)s FROM account
        WHERE bears_interest AND closed_on IS NULL AND interest_year <> %(year)s
    UNION ALL SELECT 'HELD', NULL, 'ACCOUNT', a.id::text, a.held_fen, COALESCE(h.fen, 0) FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(fen) AS fen FROM ledger_hold WHERE centre_id = %(centre)s AND released_at IS NULL GROUP BY 1) h
            ON h.account_id = a.id WHERE a.centre_id = %(centre)s AND (a.held_fen <> COALESCE(h.fen, 0) OR a.keeps_balance AND a.balance_fen < a.held_fen)
    UNION ALL SELECT 'FROZEN', NULL, 'ACCOUNT', a.id::text, a.frozen_fen, COALESCE(f.fen, 0) FROM ledger_account a
        LEFT JOIN (SELECT account_id, sum(hpf_ordered(fen, taken_fen)) AS fen FROM ledger_freeze WHERE centre_id = %(centre)s AND lifted_at IS NULL GROUP BY 1) f
            ON f.account_id = a.id
        WHERE a.centre_id = %(centre)s AND (a.frozen_fen <> COALESCE(f.fen, 0) OR a.closed_on IS NOT NULL AND a.frozen_fen <> 0)
    UNION ALL SELECT 'FREEZE_ORDERS', NULL, 'FREEZE', COALESCE(o.freeze_no, l.reference), CASE WHEN o.freeze_no IS NULL THEN 0 ELSE hpf_ordered(o.ordered_fen, 0) END,
           COALESCE(l.fen, 0)
        FROM (SELECT freeze_no, ledger_freeze_id, ordered_fen FROM freezes_freeze WHERE centre_id = %(centre)s AND state = 'IN_FORCE') o
        FULL JOIN (SELECT id, reference, hpf_ordered(fen, taken_fen) AS fen FROM ledger_freeze WHERE centre_id = %(centre)s AND lifted_at IS NULL) l
            ON l.id = o.ledger_freeze_id
        WHERE hpf_ordered(o.ordered_fen, 0) IS DISTINCT FROM l.fen OR o.freeze_no IS NULL
    UNION ALL SELECT 'DEDUCTIONS', NULL, 'DEDUCTION', d.deduction_no, d.amount_fen, COALESCE(e.fen, 0) FROM freezes_deduction d
        LEFT JOIN (SELECT order_id, sum(-l.fen) AS fen FROM freezes_event v JOIN ledger_leg l ON l.centre_id = v.centre_id AND l.journal_id = v.journal_id
                   WHERE v.centre_id = %(centre)s AND v.kind = 'DEDUCTED' AND l.centre_id = %(centre)s AND l.subject = 21904 GROUP BY 1) e
            ON e.order_id = d.order_id
        WHERE d.centre_id = %(centre)s AND d.amount_fen <> COALESCE(e.fen, 0)
    UNION ALL SELECT 'SUBJECT', NULL, 'SUBJECT', COALESCE(a.subject, d.subject)::text, COALESCE(a.fen, 0), COALESCE(d.fen, 0)
        FROM (SELECT subject, sum(normal_side * fen) AS fen FROM account GROUP BY 1) a
        FULL JOIN (SELECT subject, sum(fen) AS fen FROM day GROUP BY 1) d ON d.subject = a.subject WHERE COALESCE(a.fen, 0) <> COALESCE(d.fen, 0)
    UNION ALL SELECT 'SNAPSHOT', NULL, 'SUBJECT', COALESCE(k.subject, d.subject) || '@' || COALESCE(k.business_on, d.business_on),
           COALESCE(k.debit_fen - k.credit_fen, 0), COALESCE(d.fen, 0)
        FROM (SELECT * FROM ledger_day WHERE centre_id = %(centre)s) k
        FULL JOIN (SELECT * FROM day WHERE business_on <= %(closed)s) d ON d.subject = k.subject AND d.business_on = k.business_on
        WHERE COALESCE(k.debit_fen, 0) <> COALESCE(d.debit, 0) OR COALESCE(k.credit_fen, 0) <> COALESCE(d.credit, 0)
    UNION ALL SELECT 'SNAPSHOT_CHAIN', NULL, 'SUBJECT', subject || '@' || business_on, opening_fen, was FROM (
        SELECT subject, business_on, opening_fen, lag(closing_fen, 1, 0::bigint) OVER (PARTITION BY subject ORDER BY business_on) AS was
        FROM ledger_day WHERE centre_id = %(centre)s) c WHERE opening_fen <> was
    UNION ALL SELECT 'VOUCHER_NUMBERS', NULL, 'VOUCHER', month || '/' || number, number, place FROM (
        SELECT month, number, row_number() OVER (PARTITION BY month ORDER BY number) AS place FROM ledger_voucher WHERE centre_id = %(centre)s) n
        WHERE number <> place
    UNION ALL SELECT 'VOUCHERS', NULL, 'KIND', COALESCE(v.kind, j.kind) || '/' || COALESCE(v.template, j.template) || '@' || COALESCE(v.business_on, j.business_on),
           COALESCE(v.debit_fen, 0), COALESCE(j.debit, 0)
        FROM (SELECT * FROM ledger_voucher WHERE centre_id = %(centre)s) v
        FULL JOIN (SELECT kind, template, business_on, sum(debit) AS debit, count(*) AS journals FROM journal
                   WHERE business_on <= %(closed)s GROUP BY 1, 2, 3) j
            ON j.kind = v.kind AND j.template = v.template AND j.business_on = v.business_on
        WHERE COALESCE(v.debit_fen, 0) <> COALESCE(j.debit, 0) OR COALESCE(v.journals, 0) <> COALESCE(j.journals, 0)
    UNION ALL SELECT 'REMITTANCE_LINES', NULL, 'REMITTANCE', r.remittance_no, COALESCE(l.fen, 0), COALESCE(-j.personal, 0)
        FROM contributions_remittance r
        LEFT JOIN (SELECT remittance_id, sum(employer_fen + member_fen + subsidy_fen) AS fen FROM contributions_line
                   WHERE centre_id = %(centre)s GROUP BY 1) l ON l.remittance_id = r.id
        LEFT JOIN journal j ON j.id = r.journal_id
        WHERE r.centre_id = %(centre)s AND r.booked_on IS NOT NULL AND COALESCE(l.fen, 0) <> COALESCE(-j.personal, 0)
    UNION ALL SELECT 'CASH_BOOK', NULL, 'BANK_ACCOUNT', COALESCE(c.account_no, a.id::text), COALESCE(c.fen, 0), COALESCE(a.fen, 0)
        FROM (SELECT b.ledger_account_id, b.account_no, COALESCE(sum(e.amount_fen), 0) AS fen FROM treasury_bankaccount b
              LEFT JOIN treasury_cashentry e ON e.bank_account_id = b.id AND e.centre_id = %(centre)s
              WHERE b.centre_id = %(centre)s GROUP BY 1, 2) c
        FULL JOIN (SELECT id, fen FROM account WHERE subject BETWEEN 10100 AND 10299) a ON a.id = c.ledger_account_id
        WHERE COALESCE(c.fen, 0) <> COALESCE(a.fen, 0)
    UNION ALL SELECT 'SETTLEMENT', NULL, 'YEAR', s.year::text, COALESCE(l.fen, 0), COALESCE(j.fen, 0) FROM closing_settlement s
        LEFT JOIN (SELECT year, sum(interest_fen) AS fen, count(*) AS accounts FROM closing_settlementline WHERE centre_id = %(centre)s GROUP BY 1) l
            ON l.year = s.year
        LEFT JOIN (SELECT business_on, -sum(personal) AS fen FROM journal WHERE kind = 'INTEREST_SETTLEMENT' GROUP BY 1) j
            ON j.business_on = make_date(s.year + 1, 6, 30)
        WHERE s.centre_id = %(centre)s AND s.state = 'POSTED'
          AND (COALESCE(l.fen, 0) <> COALESCE(j.fen, 0) OR l.fen <> s.interest_fen OR COALESCE(l.accounts, 0) <> s.accounts)
    UNION ALL SELECT 'MEMBER_ACCOUNTS', NULL, 'ACCOUNT', a.id::text, 1, 0 FROM ledger_account a
        WHERE a.centre_id = %(centre)s AND a.subject = 201 AND NOT EXISTS (SELECT 1 FROM accounts_memberaccount m WHERE m.centre_id = %(centre)s AND m.ledger_account_id = a.id)
), looked(check_id, looked_at) AS (
    SELECT unnest(ARRAY['JOURNAL_ZERO', 'JOURNAL_LINES']), count(*) FROM journal
    UNION ALL SELECT unnest(ARRAY['BALANCE', 'RUNNING_TOTAL', 'HELD', 'FROZEN']), count(*) FROM account
    UNION ALL SELECT unnest(ARRAY['BUCKETS', 'DAY_PRODUCTS', 'MONTH_PRODUCTS', 'INTEREST_YEAR', 'MEMBER_ACCOUNTS']), count(*) FILTER (WHERE bears_interest)
        FROM account
    UNION ALL SELECT 'FREEZE_ORDERS', count(*) FROM freezes_freeze WHERE centre_id = %(centre)s
    UNION ALL SELECT 'DEDUCTIONS', count(*) FROM freezes_deduction WHERE centre_id = %(centre)s
    UNION ALL SELECT 'SUBJECT', count(DISTINCT subject) FROM account
    UNION ALL SELECT unnest(ARRAY['SNAPSHOT', 'SNAPSHOT_CHAIN']), count(*) FROM ledger_day WHERE centre_id = %(centre)s
    UNION ALL SELECT unnest(ARRAY['VOUCHER_NUMBERS', 'VOUCHERS']), count(*) FROM ledger_voucher WHERE centre_id = %(centre)s
    UNION ALL SELECT 'REMITTANCE_LINES', count(*) FROM contributions_remittance WHERE centre_id = %(centre)s AND booked_on IS NOT NULL
    UNION ALL SELECT 'CASH_BOOK', count(*) FROM treasury_bankaccount WHERE centre_id = %(centre)s
    UNION ALL SELECT 'SETTLEMENT', count(*) FROM closing_settlement WHERE centre_id = %(centre)s AND state = 'POSTED'
)
SELECT k.check_id, k.looked_at, COALESCE(f.differ, 0), COALESCE(f.places, '[]'::json)
FROM looked k LEFT JOIN (
    SELECT check_id, count(*) AS differ, json_agg(json_build_array(kind, reference, left_fen, right_fen) ORDER BY place) FILTER (WHERE place <= 20) AS places
    FROM (SELECT *, row_number() OVER (PARTITION BY check_id ORDER BY abs(left_fen - right_fen) DESC, reference) AS place FROM found) r
    GROUP BY check_id) f ON f.check_id = k.check_id
