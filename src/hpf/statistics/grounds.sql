-- 提取按情形的每日变动: what was withdrawn on each ground on the days [since, until] of one centre, from published views only.
--
-- Columns: measure, day, ground, amount. Counted from the ledger's days: what the bank sent back is a movement of the day on
-- which it came back, so a day counted again later gives what it gave before. Interest paid out on closing is not principal.
--
-- centre, since, until
WITH leg AS MATERIALIZED (
    SELECT l.business_on AS day, l.account_id, l.fen, l.kind, l.template, a.ground
    FROM ledger_leg_v1 l
    JOIN withdrawals_application_v1 a ON a.centre_id = l.centre_id AND a.application_no = CASE l.source_kind WHEN 'WITHDRAWAL' THEN l.source_no WHEN 'LEDGER_ACCOUNT' THEN (
        SELECT o.source_no FROM ledger_leg_v1 o WHERE o.centre_id = l.centre_id AND o.account_id = l.account_id AND o.kind = 'WITHDRAWAL'
          AND o.template = 'J4' AND o.source_kind = 'WITHDRAWAL' AND o.business_on <= l.business_on ORDER BY o.journal_id DESC LIMIT 1) END
    WHERE l.centre_id = %(centre)s AND l.subject = 201 AND l.business_on BETWEEN %(since)s AND %(until)s
      AND l.template IN ('J3', 'J4') AND l.kind IN ('WITHDRAWAL', 'INTEREST_CLOSING', 'REVERSAL')
), moved(measure, day, ground, amount) AS (
    SELECT 'ground_principal', day, ground, fen FROM leg
    -- The closing interest goes in as a credit and out within the payment: both legs together are the principal.
    UNION ALL SELECT 'ground_interest', day, ground, -fen FROM leg WHERE template = 'J4' AND (kind = 'INTEREST_CLOSING' OR kind = 'REVERSAL' AND fen > 0)
    UNION ALL SELECT 'ground_withdrawals', day, ground, sign(fen)::bigint FROM leg WHERE kind = 'WITHDRAWAL' OR kind = 'REVERSAL' AND fen < 0
    UNION ALL SELECT 'ground_persons_first', day, ground, 1 FROM (
        SELECT DISTINCT ON (account_id, ground) account_id, ground, day FROM leg WHERE kind = 'WITHDRAWAL' ORDER BY account_id, ground, day) f
        WHERE NOT EXISTS (SELECT 1 FROM ledger_leg_v1 o JOIN withdrawals_application_v1 a ON a.centre_id = o.centre_id AND a.application_no = o.source_no
                          WHERE o.centre_id = %(centre)s AND o.account_id = f.account_id AND o.kind = 'WITHDRAWAL' AND o.source_kind = 'WITHDRAWAL'
                            AND a.ground = f.ground AND o.business_on < f.day)
)
SELECT measure, day, ground, sum(amount)::bigint FROM moved GROUP BY measure, day, ground HAVING sum(amount) <> 0 ORDER BY day, measure, ground
