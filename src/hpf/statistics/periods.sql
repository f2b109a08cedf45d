-- 月度与年度的去重数、时点数: figures that do not add up from days, of one centre at a month end, from published views only.
--
-- Columns: period, measure, dimension, value, amount. The year's figures run from 1 January to this month end.
--
-- centre, month_first, year_first, until   month: its index; low, high: the bases that part low, middle and high income
WITH unit AS MATERIALIZED (
    SELECT a.employer_account_id AS unit, COALESCE(NULLIF(n.nature, ''), 'OTHER') AS nature, a.kind, a.first_month
    FROM accounts_employer_v1 a JOIN parties_employer_nature_v1 n ON n.employer_id = a.employer_id AND n.centre_id = a.centre_id
    WHERE a.centre_id = %(centre)s AND n.since <= %(until)s AND %(until)s < n.until
), unit_state AS MATERIALIZED (
    SELECT DISTINCT ON (unit) unit, state FROM (
        SELECT event_id, employer_account_id AS unit, CASE kind WHEN 'EMPLOYER_OPENED' THEN 'OPENED' WHEN 'EMPLOYER_DEFERRED' THEN 'DEFERRED'
               WHEN 'EMPLOYER_SEALED' THEN 'SEALED' WHEN 'EMPLOYER_CLOSED' THEN 'CLOSED' ELSE 'NORMAL' END AS state
        FROM accounts_event_v1 WHERE centre_id = %(centre)s AND business_on <= %(until)s
          AND kind IN ('EMPLOYER_OPENED', 'EMPLOYER_DEFERRED', 'EMPLOYER_RESTORED', 'EMPLOYER_SEALED', 'EMPLOYER_UNSEALED', 'EMPLOYER_CLOSED')
        UNION ALL
        SELECT min(event_id), employer_account_id, 'NORMAL' FROM accounts_event_v1
        WHERE centre_id = %(centre)s AND business_on <= %(until)s AND kind IN ('OPENED', 'TRANSFERRED_INSIDE')
        GROUP BY employer_account_id) s
    ORDER BY unit, event_id DESC
), member AS MATERIALIZED (
    SELECT s.member, s.unit, s.state, m.ledger_account_id AS account, m.kind, m.first_month, u.nature, us.state AS unit_state, s.opened_on
    FROM (SELECT DISTINCT ON (member_account_id) member_account_id AS member, employer_account_id AS unit,
                 min(business_on) OVER (PARTITION BY member_account_id) AS opened_on,
                 CASE WHEN kind IN ('SEALED', 'INTO_CUSTODY') THEN 'SEALED' WHEN kind IN ('MERGED_INTO', 'CLOSED') THEN 'CLOSED' ELSE 'NORMAL' END AS state
          FROM accounts_event_v1 WHERE centre_id = %(centre)s AND business_on <= %(until)s
            AND kind IN ('OPENED', 'SEALED', 'UNSEALED', 'INTO_CUSTODY', 'TRANSFERRED_INSIDE', 'MERGED_INTO', 'CLOSED')
          ORDER BY member_account_id, event_id DESC) s
    JOIN accounts_member_v1 m ON m.centre_id = %(centre)s AND m.member_account_id = s.member
    JOIN unit u ON u.unit = s.unit LEFT JOIN unit_state us ON us.unit = s.unit
), base AS MATERIALIZED (
    SELECT DISTINCT ON (member_account_id) member_account_id AS member, base_fen, employer_month_fen + member_month_fen AS month_fen
    FROM accounts_base_v1 WHERE centre_id = %(centre)s AND from_month <= %(month)s ORDER BY member_account_id, from_month DESC, base_id DESC
), due AS MATERIALIZED (
    SELECT m.member, m.unit, m.nature, b.month_fen FROM member m JOIN base b ON b.member = m.member
    WHERE m.state = 'NORMAL' AND m.unit_state = 'NORMAL' AND m.kind = 'REGULAR' AND m.first_month <= %(month)s
), booked AS MATERIALIZED (
    SELECT b.booked_on, b.kind, b.member_account_id AS member, b.employer_account_id AS unit, COALESCE(u.nature, 'OTHER') AS nature,
           b.employer_fen + b.member_fen AS fen, b.month
    FROM contributions_booked_v1 b LEFT JOIN unit u ON u.unit = b.employer_account_id
    WHERE b.centre_id = %(centre)s AND b.booked_on BETWEEN %(year_first)s AND %(until)s AND b.kind <> 'SUBSIDY'
), paid AS MATERIALIZED (
    SELECT DISTINCT b.member_account_id AS member, b.employer_account_id AS unit FROM contributions_booked_v1 b
    WHERE b.centre_id = %(centre)s AND b.month = %(month)s AND b.booked_on <= %(until)s AND b.kind IN ('REGULAR', 'FLEXIBLE', 'BACK_FULL') AND b.total_fen > 0
), withdrawing AS MATERIALIZED (
    SELECT DISTINCT l.account_id AS account FROM ledger_leg_v1 l
    WHERE l.centre_id = %(centre)s AND l.subject = 201 AND l.kind = 'WITHDRAWAL' AND l.business_on BETWEEN %(month_first)s AND %(until)s
), withdrawing_by_ground AS (
    SELECT ground, count(DISTINCT account_id) AS persons FROM (
        SELECT a.ground, l.account_id FROM ledger_leg_v1 l
        JOIN withdrawals_application_v1 a ON a.centre_id = l.centre_id AND a.application_no = l.source_no
        WHERE l.centre_id = %(centre)s AND l.subject = 201 AND l.kind IN ('WITHDRAWAL', 'REVERSAL') AND l.source_kind = 'WITHDRAWAL'
          AND l.business_on BETWEEN %(month_first)s AND %(until)s GROUP BY a.ground, l.account_id HAVING sum(l.fen) > 0) w GROUP BY ground
), income AS MATERIALIZED (
    SELECT m.member, m.state, m.opened_on, CASE WHEN b.base_fen < %(low)s THEN 'LOW' WHEN b.base_fen < %(high)s THEN 'MIDDLE' ELSE 'HIGH' END AS level
    FROM member m JOIN base b ON b.member = m.member
), regular AS MATERIALIZED (
    SELECT * FROM booked WHERE kind IN ('REGULAR', 'FLEXIBLE') AND fen > 0
), balance AS MATERIALIZED (
    SELECT m.nature, a.fen FROM member m JOIN LATERAL (SELECT COALESCE(-sum(l.fen), 0)::bigint AS fen FROM ledger_leg_v1 l
        WHERE l.centre_id = %(centre)s AND l.account_id = m.account AND l.business_on <= %(until)s) a ON true
    WHERE m.state <> 'NORMAL'
)
SELECT 'MONTH', 'units_paid', 'ECONOMIC_TYPE', nature, count(DISTINCT unit)::bigint FROM regular WHERE booked_on >= %(month_first)s GROUP BY nature
UNION ALL SELECT 'YEAR', 'units_paid', 'ECONOMIC_TYPE', nature, count(DISTINCT unit) FROM regular GROUP BY nature
UNION ALL SELECT 'MONTH', 'persons_paid', 'ECONOMIC_TYPE', nature, count(DISTINCT member) FROM regular WHERE booked_on >= %(month_first)s GROUP BY nature
UNION ALL SELECT 'YEAR', 'persons_paid', 'ECONOMIC_TYPE', nature, count(DISTINCT member) FROM regular GROUP BY nature
UNION ALL SELECT 'MONTH', 'units_back_paid', 'ECONOMIC_TYPE', nature, count(DISTINCT unit) FROM booked
    WHERE kind LIKE 'BACK%%' AND fen > 0 AND booked_on >= %(month_first)s GROUP BY nature
UNION ALL SELECT 'MONTH', 'persons_back_paid', 'ECONOMIC_TYPE', nature, count(DISTINCT member) FROM booked
    WHERE kind LIKE 'BACK%%' AND fen > 0 AND booked_on >= %(month_first)s GROUP BY nature
UNION ALL SELECT 'MONTH', 'persons_due', 'ECONOMIC_TYPE', nature, count(*) FROM due GROUP BY nature
UNION ALL SELECT 'MONTH', 'amount_due', 'ECONOMIC_TYPE', nature, sum(month_fen)::bigint FROM due GROUP BY nature
UNION ALL SELECT 'MONTH', 'persons_unpaid', 'ECONOMIC_TYPE', nature, count(*) FROM due
    WHERE NOT EXISTS (SELECT 1 FROM paid p WHERE p.member = due.member) GROUP BY nature
UNION ALL SELECT 'MONTH', 'units_unpaid', 'ECONOMIC_TYPE', nature, count(DISTINCT unit) FROM due
    WHERE NOT EXISTS (SELECT 1 FROM paid p WHERE p.unit = due.unit) GROUP BY nature
UNION ALL SELECT 'MONTH', 'balance_not_normal', 'ECONOMIC_TYPE', nature, sum(fen)::bigint FROM balance GROUP BY nature HAVING sum(fen) <> 0
UNION ALL SELECT 'MONTH', 'persons_withdrawing', 'ECONOMIC_TYPE', m.nature, count(*) FROM withdrawing w JOIN member m ON m.account = w.account GROUP BY m.nature
UNION ALL SELECT 'MONTH', 'ground_persons', 'WITHDRAWAL_GROUND', ground, persons FROM withdrawing_by_ground
UNION ALL SELECT 'YEAR', 'persons_existing_by_income', 'INCOME_LEVEL', level, count(*) FROM income WHERE state <> 'CLOSED' AND %(low)s > 0 GROUP BY level
UNION ALL SELECT 'MONTH', 'contributed_by_income', 'INCOME_LEVEL', i.level, sum(b.fen)::bigint FROM booked b JOIN income i ON i.member = b.member
    WHERE b.booked_on >= %(month_first)s AND %(low)s > 0 GROUP BY i.level
UNION ALL SELECT 'YEAR', 'persons_opened_by_income', 'INCOME_LEVEL', level, count(*) FROM income WHERE opened_on >= %(year_first)s AND %(low)s > 0 GROUP BY level
UNION ALL SELECT 'YEAR', 'persons_paid_by_income', 'INCOME_LEVEL', i.level, count(DISTINCT i.member) FROM regular r JOIN income i ON i.member = r.member
    WHERE %(low)s > 0 GROUP BY i.level
