-- 每日变动: every additive measure of one centre on the days [since, until], as movements, from published views only.
--
-- Columns: measure, day, kind of unit, amount. A stock is the sum of its movements from the first day, so any day can be
-- counted again, alone or together with all others, with the same result.
--
-- centre, since, until   rate_max: the highest allowed rate in per cent, for units above it
WITH unit AS MATERIALIZED (
    SELECT a.employer_account_id AS unit, a.kind, a.opened_on, a.closed_on, greatest(a.employer_rate, a.member_rate) AS rate
    FROM accounts_employer_v1 a WHERE a.centre_id = %(centre)s
), nature AS MATERIALIZED (
    SELECT a.employer_account_id AS unit, COALESCE(NULLIF(n.nature, ''), 'OTHER') AS nature, n.since, n.until
    FROM accounts_employer_v1 a JOIN parties_employer_nature_v1 n ON n.employer_id = a.employer_id AND n.centre_id = a.centre_id
    WHERE a.centre_id = %(centre)s
), shift AS MATERIALIZED (
    SELECT n.unit, n.since AS day, o.nature AS was, n.nature FROM nature n JOIN nature o ON o.unit = n.unit AND o.until = n.since
    WHERE n.since BETWEEN %(since)s AND %(until)s AND n.nature <> o.nature
), day_leg AS MATERIALIZED (
    SELECT l.subject, l.account_id, l.fen, l.business_on AS day, l.kind, l.template, m.member_account_id AS member
    FROM ledger_leg_v1 l LEFT JOIN accounts_member_v1 m ON m.centre_id = %(centre)s AND m.ledger_account_id = l.account_id AND l.subject = 201
    WHERE l.centre_id = %(centre)s AND l.business_on BETWEEN %(since)s AND %(until)s AND (l.subject = 201 OR l.subject IN (21901, 21904))
), touched AS MATERIALIZED (
    SELECT member FROM day_leg WHERE member IS NOT NULL
    UNION SELECT member_account_id FROM accounts_event_v1
          WHERE centre_id = %(centre)s AND business_on BETWEEN %(since)s AND %(until)s AND member_account_id IS NOT NULL
    UNION SELECT e.member_account_id FROM accounts_event_v1 e JOIN shift s ON s.unit = e.employer_account_id
          WHERE e.centre_id = %(centre)s AND e.member_account_id IS NOT NULL
), unit_event AS MATERIALIZED (
    SELECT event_id, kind, employer_account_id AS unit, business_on AS day FROM accounts_event_v1
    WHERE centre_id = %(centre)s AND business_on <= %(until)s AND (member_account_id IS NULL OR kind IN ('OPENED', 'TRANSFERRED_INSIDE'))
), unit_state AS MATERIALIZED (
    SELECT unit, day, event_id, state, lag(state) OVER (PARTITION BY unit ORDER BY event_id) AS was FROM (
        SELECT event_id, unit, day, CASE kind WHEN 'EMPLOYER_OPENED' THEN 'OPENED' WHEN 'EMPLOYER_DEFERRED' THEN 'DEFERRED'
               WHEN 'EMPLOYER_SEALED' THEN 'SEALED' WHEN 'EMPLOYER_CLOSED' THEN 'CLOSED' ELSE 'NORMAL' END AS state
        FROM unit_event WHERE kind IN ('EMPLOYER_OPENED', 'EMPLOYER_DEFERRED', 'EMPLOYER_RESTORED', 'EMPLOYER_SEALED', 'EMPLOYER_UNSEALED', 'EMPLOYER_CLOSED')
        UNION ALL
        SELECT min(event_id), unit, min(day), 'NORMAL' FROM unit_event WHERE kind IN ('OPENED', 'TRANSFERRED_INSIDE') GROUP BY unit) s
), unit_move AS (
    SELECT s.day, n.nature, s.state, s.was FROM unit_state s JOIN nature n ON n.unit = s.unit AND n.since <= s.day AND s.day < n.until
    WHERE s.day >= %(since)s AND s.state IS DISTINCT FROM s.was
), member_state AS MATERIALIZED (
    SELECT member, unit, day, event_id, state, lag(state) OVER w AS was, lag(unit) OVER w AS was_unit,
           COALESCE(lead(day) OVER w, DATE '9999-12-31') AS until FROM (
        SELECT e.event_id, e.member_account_id AS member, e.employer_account_id AS unit, e.business_on AS day,
               CASE WHEN e.kind IN ('SEALED', 'INTO_CUSTODY') THEN 'SEALED' WHEN e.kind IN ('MERGED_INTO', 'CLOSED') THEN 'CLOSED' ELSE 'NORMAL' END AS state
        FROM accounts_event_v1 e JOIN touched t ON t.member = e.member_account_id
        WHERE e.centre_id = %(centre)s AND e.business_on <= %(until)s
          AND e.kind IN ('OPENED', 'SEALED', 'UNSEALED', 'INTO_CUSTODY', 'TRANSFERRED_INSIDE', 'MERGED_INTO', 'CLOSED')) s
    WINDOW w AS (PARTITION BY member ORDER BY event_id)
), member_move AS (
    SELECT s.member, s.day, s.state, s.was, n.nature, w.nature AS was_nature
    FROM member_state s JOIN nature n ON n.unit = s.unit AND n.since <= s.day AND s.day < n.until
    LEFT JOIN nature w ON w.unit = s.was_unit AND w.since <= s.day AND s.day < w.until
    WHERE s.day >= %(since)s
), unit_shift AS (
    SELECT h.*, (SELECT s.state FROM unit_state s WHERE s.unit = h.unit AND s.day < h.day ORDER BY s.event_id DESC LIMIT 1) AS state
    FROM shift h
), member_shift AS (
    SELECT h.day, h.was, h.nature, s.member, s.state FROM shift h
    JOIN (SELECT member, unit, day, until, state FROM member_state) s ON s.unit = h.unit AND s.day < h.day AND h.day <= s.until
), shifted(measure, day, was, nature, amount) AS (
    SELECT 'units_existing', day, was, nature, 1::bigint FROM unit_shift WHERE state <> 'CLOSED'
    UNION ALL SELECT 'units_' || lower(state), day, was, nature, 1 FROM unit_shift WHERE state IN ('NORMAL', 'DEFERRED', 'SEALED')
    UNION ALL SELECT 'units_over_rate', h.day, h.was, h.nature, 1 FROM shift h JOIN unit u ON u.unit = h.unit
        WHERE u.kind = 'REGULAR' AND u.rate > %(rate_max)s AND u.opened_on < h.day AND COALESCE(u.closed_on >= h.day, true)
    UNION ALL SELECT 'persons_existing', day, was, nature, 1 FROM member_shift WHERE state <> 'CLOSED'
    UNION ALL SELECT 'persons_' || lower(state), day, was, nature, 1 FROM member_shift WHERE state <> 'CLOSED'
    UNION ALL SELECT 'balance', h.day, h.was, h.nature, b.fen FROM member_shift h
        JOIN accounts_member_v1 m ON m.centre_id = %(centre)s AND m.member_account_id = h.member
        CROSS JOIN LATERAL (SELECT COALESCE(-sum(fen), 0)::bigint AS fen FROM ledger_leg_v1 l WHERE l.centre_id = %(centre)s
                            AND l.account_id = m.ledger_account_id AND l.business_on < h.day) b
    UNION ALL SELECT 'suspense', h.day, h.was, h.nature, b.fen FROM shift h
        CROSS JOIN LATERAL (SELECT COALESCE(-sum(l.fen), 0)::bigint AS fen FROM ledger_leg_v1 l JOIN ledger_account_v1 a ON a.account_id = l.account_id
                            WHERE l.centre_id = %(centre)s AND a.owner_kind = 'EMPLOYER_ACCOUNT' AND a.owner_id = h.unit
                              AND l.subject IN (21901, 21904) AND l.business_on < h.day) b
), leg AS MATERIALIZED (
    SELECT l.subject, l.account_id, l.fen, l.day, l.kind, l.template, COALESCE(n.nature, 'NONE') AS nature, COALESCE(s.state, 'NORMAL') AS state
    FROM day_leg l LEFT JOIN member_state s ON s.member = l.member AND s.day <= l.day AND l.day < s.until
    LEFT JOIN nature n ON n.unit = s.unit AND n.since <= l.day AND l.day < n.until
), booked AS MATERIALIZED (
    SELECT b.booked_on AS day, b.kind, b.member_account_id AS member, b.employer_fen + b.member_fen AS fen, b.subsidy_fen,
           COALESCE(n.nature, 'OTHER') AS nature
    FROM contributions_booked_v1 b LEFT JOIN nature n ON n.unit = b.employer_account_id AND n.since <= b.booked_on AND b.booked_on < n.until
    WHERE b.centre_id = %(centre)s AND b.booked_on BETWEEN %(since)s AND %(until)s
), suspense AS (
    SELECT day, nature, after, after - moved AS before FROM (
        SELECT l.account_id, l.business_on AS day, 'NONE' AS nature, -sum(l.fen) AS moved,
               -sum(sum(l.fen)) OVER (PARTITION BY l.account_id ORDER BY l.business_on) AS after
        FROM ledger_leg_v1 l JOIN ledger_account_v1 a ON a.account_id = l.account_id
        WHERE l.centre_id = %(centre)s AND l.subject = 21904 AND a.owner_kind = 'RECEIPT' AND l.business_on <= %(until)s
          AND l.account_id IN (SELECT account_id FROM day_leg WHERE subject = 21904)
        GROUP BY l.account_id, l.business_on) d
    WHERE day >= %(since)s
), moved(measure, day, nature, amount) AS (
    SELECT 'units_opened', u.opened_on, n.nature, 1::bigint FROM unit u JOIN nature n ON n.unit = u.unit AND n.since <= u.opened_on AND u.opened_on < n.until
        WHERE u.opened_on BETWEEN %(since)s AND %(until)s
    UNION ALL SELECT measure, day, side.nature, side.sign * amount FROM shifted CROSS JOIN LATERAL (VALUES (was, -1), (nature, 1)) side(nature, sign)
    UNION ALL SELECT 'units_closed', day, nature, 1 FROM unit_move WHERE state = 'CLOSED'
    UNION ALL SELECT 'units_existing', day, nature, CASE WHEN state = 'CLOSED' THEN -1 ELSE 1 END FROM unit_move WHERE state = 'CLOSED' OR was IS NULL
    UNION ALL SELECT 'units_' || lower(state), day, nature, 1 FROM unit_move WHERE state IN ('NORMAL', 'DEFERRED', 'SEALED')
    UNION ALL SELECT 'units_' || lower(was), day, nature, -1 FROM unit_move WHERE was IN ('NORMAL', 'DEFERRED', 'SEALED')
    UNION ALL SELECT 'units_sealings', day, nature, 1 FROM unit_move WHERE state = 'SEALED'
    UNION ALL SELECT 'units_over_rate', u.opened_on, n.nature, 1 FROM unit u JOIN nature n ON n.unit = u.unit AND n.since <= u.opened_on AND u.opened_on < n.until
        WHERE u.kind = 'REGULAR' AND u.rate > %(rate_max)s AND u.opened_on BETWEEN %(since)s AND %(until)s
    UNION ALL SELECT 'units_over_rate', u.closed_on, n.nature, -1 FROM unit u JOIN nature n ON n.unit = u.unit AND n.since <= u.closed_on AND u.closed_on < n.until
        WHERE u.kind = 'REGULAR' AND u.rate > %(rate_max)s AND u.closed_on BETWEEN %(since)s AND %(until)s
    UNION ALL SELECT 'persons_opened', day, nature, 1 FROM member_move WHERE was IS NULL
    UNION ALL SELECT 'persons_closed', day, nature, 1 FROM member_move WHERE state = 'CLOSED'
    UNION ALL SELECT 'persons_existing', day, nature, 1 FROM member_move WHERE state <> 'CLOSED'
    UNION ALL SELECT 'persons_existing', day, was_nature, -1 FROM member_move WHERE was_nature IS NOT NULL
    UNION ALL SELECT 'persons_' || lower(state), day, nature, 1 FROM member_move WHERE state <> 'CLOSED'
    UNION ALL SELECT 'persons_' || lower(was), day, was_nature, -1 FROM member_move WHERE was_nature IS NOT NULL
    UNION ALL SELECT 'persons_sealings', day, nature, 1 FROM member_move WHERE state = 'SEALED' AND was IS DISTINCT FROM 'SEALED'
    UNION ALL SELECT 'contributed', day, nature, fen FROM booked WHERE kind <> 'SUBSIDY'
    UNION ALL SELECT 'subsidised', day, nature, subsidy_fen FROM booked
    UNION ALL SELECT 'back_paid', day, nature, fen FROM booked WHERE kind LIKE 'BACK%%'
    UNION ALL SELECT 'person_months', day, nature, 1 FROM booked WHERE kind IN ('REGULAR', 'FLEXIBLE') AND fen > 0
    UNION ALL SELECT 'persons_first_paid', day, nature, 1 FROM (
        SELECT DISTINCT ON (member) day, nature, member FROM booked WHERE kind <> 'SUBSIDY' AND fen > 0 ORDER BY member, day) f
        WHERE NOT EXISTS (SELECT 1 FROM contributions_booked_v1 o WHERE o.centre_id = %(centre)s AND o.member_account_id = f.member
                          AND o.kind <> 'SUBSIDY' AND o.employer_fen + o.member_fen > 0 AND o.booked_on < f.day)
    UNION ALL SELECT 'persons_first_back_paid', day, nature, 1 FROM (
        SELECT DISTINCT ON (member) day, nature, member FROM booked WHERE kind LIKE 'BACK%%' AND fen > 0 ORDER BY member, day) f
        WHERE NOT EXISTS (SELECT 1 FROM contributions_booked_v1 o WHERE o.centre_id = %(centre)s AND o.member_account_id = f.member
                          AND o.kind LIKE 'BACK%%' AND o.booked_on < f.day)
    UNION ALL SELECT 'balance', day, nature, -fen FROM leg WHERE subject = 201
    UNION ALL SELECT 'interest_credited', day, nature, -fen FROM leg
        WHERE subject = 201 AND (kind IN ('INTEREST_SETTLEMENT', 'INTEREST_CLOSING') OR kind = 'ADJUSTMENT' AND template = 'J18')
    UNION ALL SELECT CASE WHEN state = 'NORMAL' THEN 'interest_credited_normal' ELSE 'interest_credited_other' END, day, nature, -fen
        FROM leg WHERE subject = 201 AND (kind IN ('INTEREST_SETTLEMENT', 'INTEREST_CLOSING') OR kind = 'ADJUSTMENT' AND template = 'J18')
    UNION ALL SELECT 'withdrawn', day, nature, fen FROM leg WHERE subject = 201 AND kind = 'WITHDRAWAL'
    UNION ALL SELECT 'withdrawals', day, nature, 1 FROM leg WHERE subject = 201 AND kind = 'WITHDRAWAL'
    -- Of a journal taken back after the bank failed, the money's leg is a credit and the interest's a debit.
    UNION ALL SELECT 'withdrawn_interest', day, nature, -fen FROM leg
        WHERE subject = 201 AND template = 'J4' AND (kind = 'INTEREST_CLOSING' OR kind = 'REVERSAL' AND fen > 0)
    UNION ALL SELECT m, day, nature, CASE m WHEN 'transfers_in' THEN 1 ELSE -fen END
        FROM leg CROSS JOIN (VALUES ('transfers_in'), ('transferred_in')) v(m) WHERE subject = 201 AND kind = 'TRANSFER_IN'
    UNION ALL SELECT m, day, nature, CASE m WHEN 'transfers_out' THEN sign(fen)::bigint ELSE fen END
        FROM leg CROSS JOIN (VALUES ('transfers_out'), ('transferred_out'), ('transferred_principal')) v(m)
        WHERE subject = 201 AND template = 'J7' AND (kind = 'TRANSFER_OUT' OR kind = 'REVERSAL' AND fen < 0)
    UNION ALL SELECT m, day, nature, CASE m WHEN 'transferred_interest' THEN -fen ELSE fen END
        FROM leg CROSS JOIN (VALUES ('transferred_interest'), ('transferred_principal')) v(m)
        WHERE subject = 201 AND template = 'J7' AND (kind = 'INTEREST_CLOSING' OR kind = 'REVERSAL' AND fen > 0)
    UNION ALL SELECT 'persons_first_withdrawing', day, nature, 1 FROM (
        SELECT DISTINCT ON (account_id) account_id, day, nature FROM leg WHERE subject = 201 AND kind = 'WITHDRAWAL' ORDER BY account_id, day) f
        WHERE NOT EXISTS (SELECT 1 FROM ledger_leg_v1 o WHERE o.centre_id = %(centre)s AND o.account_id = f.account_id AND o.kind = 'WITHDRAWAL'
                          AND o.business_on < f.day)
    UNION ALL SELECT 'balance', v.day, side.nature, side.sign * b.fen FROM member_move v
        JOIN accounts_member_v1 m ON m.centre_id = %(centre)s AND m.member_account_id = v.member
        CROSS JOIN LATERAL (SELECT COALESCE(-sum(fen), 0)::bigint AS fen FROM ledger_leg_v1 l WHERE l.centre_id = %(centre)s
                            AND l.account_id = m.ledger_account_id AND l.business_on < v.day) b
        CROSS JOIN LATERAL (VALUES (v.nature, 1), (v.was_nature, -1)) side(nature, sign) WHERE v.nature <> v.was_nature
    UNION ALL SELECT 'suspense', l.day, COALESCE(n.nature, 'NONE'), -l.fen FROM day_leg l JOIN ledger_account_v1 a ON a.account_id = l.account_id
        LEFT JOIN nature n ON a.owner_kind = 'EMPLOYER_ACCOUNT' AND n.unit = a.owner_id AND n.since <= l.day AND l.day < n.until WHERE l.subject IN (21901, 21904)
    UNION ALL SELECT 'suspense_items', day, nature, CASE WHEN after <> 0 THEN 1 ELSE -1 END FROM suspense WHERE (after <> 0) <> (before <> 0)
)
SELECT measure, day, nature, sum(amount)::bigint FROM moved GROUP BY measure, day, nature HAVING sum(amount) <> 0 ORDER BY day, measure, nature
