-- 三账平衡 BAL-1 to BAL-13 without 8 and 9 (those two are the treasury's reconciliation): one row a check, one round trip.
--
-- centre, on   the centre and the day at whose end everything is compared
-- full         false: the last snapshot before the day plus the legs since; true: every leg ever posted, summed again
--
-- Columns: check, left (fen), right (fen), number of places that differ. It reads tables, not published views, so that
-- no view can hide a difference. Running balances are taken back to the end of the day when later legs exist.
WITH known AS (
    SELECT (SELECT max(business_on) FROM ledger_day WHERE centre_id = %(centre)s) AS closed,
           CASE WHEN %(full)s THEN DATE '0001-01-01'
                ELSE COALESCE((SELECT max(business_on) FROM ledger_day WHERE centre_id = %(centre)s AND business_on < %(on)s),
                              DATE '0001-01-01') END AS since
), moved AS MATERIALIZED (
    SELECT l.subject, l.account_id, sum(l.fen)::bigint AS fen, sum(l.carried_fen)::bigint AS carried,
           COALESCE(sum(l.fen) FILTER (WHERE known.closed IS NULL OR l.business_on > known.closed), 0)::bigint AS fen_open
    FROM ledger_leg l, known
    WHERE l.centre_id = %(centre)s AND l.business_on > (SELECT since FROM known) AND l.business_on <= %(on)s
    GROUP BY l.subject, l.account_id
), later AS MATERIALIZED (
    SELECT l.account_id, sum(l.fen)::bigint AS fen, sum(l.carried_fen)::bigint AS carried,
           COALESCE(sum(l.fen) FILTER (WHERE l.business_on <= known.closed), 0)::bigint AS fen_closed
    FROM ledger_leg l, known WHERE l.centre_id = %(centre)s AND l.business_on > %(on)s GROUP BY l.account_id
), subject AS MATERIALIZED (
    SELECT code, sum(fen)::bigint AS fen FROM (
        SELECT d.subject AS code, d.closing_fen AS fen FROM ledger_day d
        WHERE d.centre_id = %(centre)s AND d.business_on = (SELECT since FROM known)
        UNION ALL SELECT subject, fen FROM moved) s GROUP BY code
), account AS MATERIALIZED (
    SELECT a.id, a.subject,
           CASE WHEN a.keeps_balance THEN a.balance_fen - a.normal_side * COALESCE(l.fen, 0)
                ELSE a.balance_fen + a.normal_side * (COALESCE(m.fen_open, 0) - COALESCE(l.fen_closed, 0)) END AS balance,
           a.carried_fen - a.normal_side * COALESCE(l.carried, 0) AS carried, a.normal_side,
           a.normal_side * COALESCE(m.fen, 0) AS moved, a.normal_side * COALESCE(m.carried, 0) AS carried_moved,
           COALESCE(p.employer_account_id, 0) AS unit, CASE WHEN %(full)s THEN NULL ELSE b.employer_account_id END AS unit_before
    FROM ledger_account a LEFT JOIN later l ON l.account_id = a.id LEFT JOIN moved m ON m.account_id = a.id
    LEFT JOIN (SELECT ledger_account_id, employer_account_id FROM accounts_memberaccount WHERE centre_id = %(centre)s) p ON p.ledger_account_id = a.id
    LEFT JOIN (SELECT ledger_account_id, employer_account_id FROM closing_memberunit WHERE centre_id = %(centre)s) b ON b.ledger_account_id = a.id
    WHERE a.centre_id = %(centre)s
), member AS (
    SELECT unit, unit_before, balance, carried, moved, carried_moved FROM account WHERE subject = 201
), unit AS MATERIALIZED (
    -- An account that changed its unit since the last proof takes along what it had then.
    SELECT unit, sum(balance)::bigint AS balance, sum(carried)::bigint AS carried, sum(moved)::bigint AS moved, sum(carried_moved)::bigint AS carried_moved
    FROM (SELECT unit, balance, carried, moved, carried_moved FROM member
          UNION ALL SELECT unit, 0, 0, balance - moved, carried - carried_moved FROM member WHERE unit_before <> unit
          UNION ALL SELECT unit_before, 0, 0, moved - balance, carried_moved - carried FROM member WHERE unit_before <> unit) t
    GROUP BY unit
), unit_pair AS MATERIALIZED (
    SELECT COALESCE(u.unit, p.unit) AS unit, COALESCE(u.balance, 0) AS balance, COALESCE(u.carried, 0) AS carried,
           COALESCE(u.moved, 0) + COALESCE(p.balance_fen, 0) AS proved, COALESCE(u.carried_moved, 0) + COALESCE(p.carried_fen, 0) AS proved_carried
    FROM unit u FULL JOIN (SELECT employer_account_id AS unit, balance_fen, carried_fen FROM closing_unitbalance
                           WHERE centre_id = %(centre)s AND NOT %(full)s AND proved_on <= (SELECT since FROM known)) p ON p.unit = u.unit
), cash AS MATERIALIZED (
    SELECT b.ledger_account_id AS account_id, COALESCE(sum(c.amount_fen), 0)::bigint AS fen
    FROM treasury_bankaccount b LEFT JOIN treasury_cashentry c
        ON c.bank_account_id = b.id AND c.centre_id = %(centre)s AND c.business_on <= %(on)s
    WHERE b.centre_id = %(centre)s GROUP BY b.ledger_account_id
), day_journal AS MATERIALIZED (
    -- Added up before the journals are looked at: a day has many legs to a journal.
    SELECT j.id, j.kind, j.template, l.subject, l.fen, l.debit
    FROM (SELECT journal_id, subject, sum(fen)::bigint AS fen, COALESCE(sum(fen) FILTER (WHERE fen > 0), 0)::bigint AS debit
          FROM ledger_leg WHERE centre_id = %(centre)s AND business_on = %(on)s GROUP BY journal_id, subject) l
    JOIN ledger_journal j ON j.centre_id = %(centre)s AND j.id = l.journal_id AND j.business_on = %(on)s
), voucher_pair AS (
    SELECT COALESCE(v.debit_fen, 0) AS voucher, COALESCE(d.debit, 0) AS journals
    FROM (SELECT kind, template, sum(debit)::bigint AS debit FROM day_journal GROUP BY kind, template) d
    FULL JOIN (SELECT kind, template, debit_fen FROM ledger_voucher WHERE centre_id = %(centre)s AND business_on = %(on)s) v
        ON v.kind = d.kind AND v.template = d.template
    WHERE EXISTS (SELECT 1 FROM ledger_business_day WHERE centre_id = %(centre)s AND business_on = %(on)s AND state = 'CLOSED')
), remittance_pair AS (
    SELECT l.fen AS lines, COALESCE(d.fen, 0) AS legs
    FROM contributions_remittance r
    CROSS JOIN LATERAL (SELECT COALESCE(sum(employer_fen + member_fen + subsidy_fen), 0)::bigint AS fen
                        FROM contributions_line WHERE remittance_id = r.id) l
    LEFT JOIN (SELECT id, -sum(fen)::bigint AS fen FROM day_journal WHERE subject = 201 GROUP BY id) d ON d.id = r.journal_id
    WHERE r.centre_id = %(centre)s AND r.booked_on = %(on)s
), settled AS (
    SELECT COALESCE(sum(l.interest_fen), 0)::bigint AS fen FROM closing_settlementline l
    JOIN closing_settlement s ON s.centre_id = l.centre_id AND s.year = l.year
    WHERE l.centre_id = %(centre)s AND s.state = 'POSTED' AND make_date(s.year + 1, 6, 30) = %(on)s
)
-- 核对
SELECT 'BAL-1' AS check_id, COALESCE(sum(balance), 0)::bigint AS left_fen,
       (SELECT COALESCE(-sum(fen), 0)::bigint FROM subject WHERE code = 201) AS right_fen, 0::bigint AS places FROM account WHERE subject = 201
UNION ALL
SELECT 'BAL-2', COALESCE(sum(balance), 0)::bigint, COALESCE(sum(proved), 0)::bigint, count(*) FILTER (WHERE balance <> proved) FROM unit_pair
UNION ALL
SELECT 'BAL-3', COALESCE(sum(carried), 0)::bigint, COALESCE(sum(proved_carried), 0)::bigint,
       count(*) FILTER (WHERE carried <> proved_carried OR carried < 0 OR carried > balance) FROM unit_pair
UNION ALL
SELECT 'BAL-4', COALESCE(sum(balance), 0)::bigint,
       (SELECT COALESCE(sum(fen), 0)::bigint FROM subject WHERE code BETWEEN 12100 AND 12299), 0 FROM account WHERE subject BETWEEN 12100 AND 12299
UNION ALL
SELECT 'BAL-5', COALESCE(sum(balance), 0)::bigint,
       (SELECT COALESCE(sum(fen), 0)::bigint FROM subject WHERE code BETWEEN 11100 AND 11199), 0 FROM account WHERE subject BETWEEN 11100 AND 11199
UNION ALL
SELECT 'BAL-6', COALESCE(sum(balance), 0)::bigint,
       (SELECT COALESCE(-sum(fen), 0)::bigint FROM subject WHERE code BETWEEN 21900 AND 21999), 0 FROM account WHERE subject BETWEEN 21900 AND 21999
UNION ALL
SELECT 'BAL-7', COALESCE(sum(COALESCE(c.fen, 0)), 0)::bigint, COALESCE(sum(COALESCE(a.balance, 0)), 0)::bigint,
       count(*) FILTER (WHERE COALESCE(c.fen, 0) <> COALESCE(a.balance, 0))
FROM cash c FULL JOIN (SELECT id, balance FROM account WHERE subject BETWEEN 10100 AND 10299) a ON a.id = c.account_id
UNION ALL
SELECT 'BAL-10', COALESCE(sum(voucher), 0)::bigint, COALESCE(sum(journals), 0)::bigint, count(*) FILTER (WHERE voucher <> journals) FROM voucher_pair
UNION ALL
SELECT 'BAL-10', COALESCE(sum(lines), 0)::bigint, COALESCE(sum(legs), 0)::bigint, count(*) FILTER (WHERE lines <> legs) FROM remittance_pair
UNION ALL
SELECT 'BAL-11', COALESCE(sum(s.fen) FILTER (WHERE c.class = '资产'), 0)::bigint,
       COALESCE(-sum(s.fen) FILTER (WHERE c.class <> '资产'), 0)::bigint, 0
FROM subject s JOIN ledger_subject c ON c.code = s.code
UNION ALL
SELECT 'BAL-12', COALESCE(sum(abs(d.closing_fen)), 0)::bigint, COALESCE(sum(abs(COALESCE(s.fen, 0))), 0)::bigint,
       count(*) FILTER (WHERE d.closing_fen <> COALESCE(s.fen, 0))
FROM ledger_day d LEFT JOIN subject s ON s.code = d.subject WHERE d.centre_id = %(centre)s AND d.business_on = %(on)s
UNION ALL
SELECT 'BAL-13', settled.fen, (SELECT COALESCE(-sum(fen), 0)::bigint FROM day_journal WHERE kind = 'INTEREST_SETTLEMENT' AND subject = 201), 0
FROM settled
